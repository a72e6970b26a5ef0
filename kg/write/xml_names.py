"""Names that XML can hold: IRIs split into namespace and local name, prefixes, labels of blank nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.syntax.rdfxml_names import NCNAME, RDF

#: Namespaces that XML keeps for itself (Namespaces in XML 1.0, section 3).
_RESERVED = frozenset(["http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"])


class Names:
    """Gives each IRI its qualified name, and each namespace that is used its prefix.

    >>> names = Names({"skos": "http://www.w3.org/2004/02/skos/core#"})
    >>> names.qualified("http://www.w3.org/2004/02/skos/core#note"), names.qualified("http://e.org/2a")
    ('skos:note', 'ns1:a')
    >>> names.qualified("http://e.org/1") is None
    True
    >>> sorted(names.used.items())
    [('ns1', 'http://e.org/2'), ('skos', 'http://www.w3.org/2004/02/skos/core#')]
    """

    __slots__ = ("_count", "_known", "_made", "_prefixes", "used")

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._known = {space: prefix for prefix, space in sorted(prefixes.items(), reverse=True) if _usable(prefix)}
        self._prefixes = frozenset(prefixes)
        self._count = 0
        self._made: dict[str, str | None] = {}
        #: the namespaces in use, by prefix
        self.used: dict[str, str] = {}

    def qualified(self, iri: str) -> str | None:
        """Return the qualified name of an IRI, or None when it does not end in an XML name."""
        if iri not in self._made:
            parts = split(iri)
            self._made[iri] = f"{self._prefix(parts[0])}:{parts[1]}" if parts else None
        return self._made[iri]

    def _prefix(self, space: str) -> str:
        prefix = "rdf" if space == RDF else self._known.get(space)
        if prefix is None:
            while prefix is None or prefix in self._prefixes:
                self._count += 1
                prefix = f"ns{self._count}"
            self._known[space] = prefix
        self.used[prefix] = space
        return prefix


def _usable(prefix: str) -> bool:
    # What starts with xml is XML's own, and rdf is always RDF here.
    return prefix != "rdf" and not prefix.lower().startswith("xml") and re.fullmatch(NCNAME, prefix) is not None


def split(iri: str) -> tuple[str, str] | None:
    """Split an IRI into a namespace and an XML name without a colon, or return None.

    The name starts as far to the left as one can behind the last ``/``, ``#`` or ``:``.

    >>> split("http://e.org/a.b-c"), split("http://e.org/x/2nd"), split("http://e.org/x(1)")
    (('http://e.org/', 'a.b-c'), ('http://e.org/x/2', 'nd'), None)
    """
    mark = max(iri.rfind(sign) for sign in "/#:") + 1
    found = re.compile(f"{NCNAME}$").search(iri, mark)
    while found and (iri[: found.start()] in _RESERVED or not _read_by_all(found[0])):
        found = re.compile(f"{NCNAME}$").search(iri, found.start() + 1)
    return (iri[: found.start()], found[0]) if found else None


def _read_by_all(name: str) -> bool:
    """Tell whether a name is one in every edition: most parsers, expat too, keep to the letters of the fourth.

    >>> _read_by_all("é"), _read_by_all("\u0140")
    (True, False)
    """
    if name.isascii():
        return True
    from xml.parsers import expat

    try:
        expat.ParserCreate().Parse(f"<{name}/>".encode(), True)  # noqa: FBT003 - expat names no parameters
    except expat.ExpatError:
        return False
    return True
