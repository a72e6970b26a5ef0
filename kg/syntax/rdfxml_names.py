"""The names of RDF/XML (W3C RDF 1.1 XML Syntax, section 5.1), and what XML takes for a name."""

from __future__ import annotations

from collections.abc import Callable

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
#: Parts of a name as expat gives it; no XML document can hold this character.
SEPARATOR = "\x01"

_CORE = frozenset(RDF + name for name in ["RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"])
_OLD = frozenset(RDF + name for name in ["aboutEach", "aboutEachPrefix", "bagID"])
DESCRIPTION, LI, ROOT = RDF + "Description", RDF + "li", RDF + "RDF"
#: Names that RDF/XML keeps for itself (section 5.1), by the place where they must not stand.
NO_NODE = _CORE | _OLD | {LI}
NO_PROPERTY = _CORE | _OLD | {DESCRIPTION}
NO_ATTRIBUTE = _OLD | {DESCRIPTION, LI, ROOT}
UNQUALIFIED = {name: RDF + name for name in ["ID", "about", "resource", "parseType", "type"]}
ABOUT, ID, NODE, RESOURCE, PARSE, DATATYPE, TYPE = (
    RDF + name for name in ["about", "ID", "nodeID", "resource", "parseType", "datatype", "type"]
)
LANG, BASE = XML + "lang", XML + "base"
SYNTAX = frozenset([ABOUT, ID, NODE, RESOURCE, PARSE, DATATYPE])
#: Of RDF 1.2, on the root; they change nothing in a document without triple terms.
VERSIONS = frozenset([RDF + "version", "http://www.w3.org/2005/11/itsversion"])

_NAME_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
#: A name without a colon (Namespaces in XML 1.0, section 3).
NCNAME = rf"[{_NAME_START}][{_NAME_START}\-.0-9\xb7\u0300-\u036f\u203f\u2040]*"

#: Says what is wrong with a text, or returns None.
Check = Callable[[str], "str | None"]


class Names(dict[str, str]):
    """The IRI of each name that expat gives: its namespace and local part, or nothing where that is none."""

    def __init__(self, wrong: Check) -> None:
        super().__init__()
        self._wrong = wrong

    def __missing__(self, name: str) -> str:
        parts = name.split(SEPARATOR)
        whole = parts[0] + parts[1] if len(parts) > 1 else ""
        self[name] = found = "" if whole and self._wrong(whole) else whole
        return found
