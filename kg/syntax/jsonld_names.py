"""The names of JSON-LD: keywords, term definitions, and how relative references are resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

KEYWORDS = frozenset(
    "@base @container @context @default @direction @graph @id @import @included @index @json @language @list @nest "
    "@none @prefix @preserve @propagate @protected @reverse @set @type @value @version @vocab @null".split()
)


class _Missing:
    """The value of what is not said, where null means something else."""


MISSING = _Missing()


class JsonLdError(ValueError):
    """A document that is not JSON-LD; `code` is the error code of the specification."""

    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(f"{code}: {detail}" if detail != "" else code)
        self.code = code


class Options(NamedTuple):
    """How a document is read; the fields are those of the specification's JsonLdOptions.

    `contexts` holds the documents of remote contexts by URL: nothing is fetched.
    """

    base: str | None = None
    mode: str = "json-ld-1.1"
    direction: str | None = None
    expand_context: Any = MISSING
    contexts: Mapping[str, Any] = {}  # noqa: RUF012  # never written to

    @property
    def old(self) -> bool:
        """Tell whether the document is read by the rules of JSON-LD 1.0."""
        return self.mode == "json-ld-1.0"


class Definition(NamedTuple):
    """A term definition; `iri` None is a name that stands for nothing."""

    iri: str | None = None
    prefix: bool = False
    protected: bool = False
    reverse: bool = False
    type: str | None = None
    container: tuple[str, ...] = ()
    language: Any = MISSING
    direction: Any = MISSING
    index_key: str | None = None
    nest: str | None = None
    context: Any = MISSING
    base: str | None = None


NOTHING = Definition()


class Active:
    """An active context."""

    __slots__ = ("base", "direction", "language", "options", "previous", "terms", "vocab")

    def __init__(self, options: Options) -> None:
        self.options = options
        self.base = options.base
        self.vocab: str | None = None
        self.language: str | None = None
        self.direction: str | None = None
        self.previous: Active | None = None
        self.terms: dict[str, Definition] = {}

    def clone(self) -> Active:
        """Return a context that can be changed on its own."""
        made = Active(self.options)
        for name in ("base", "vocab", "language", "direction", "previous"):
            setattr(made, name, getattr(self, name))
        made.terms = self.terms.copy()
        return made

    def definition(self, name: str | None) -> Definition:
        """Return the definition of a name; one that stands for nothing when there is none."""
        return self.terms.get(name or "", NOTHING)


def like_keyword(value: str) -> bool:
    """Tell whether a name has the form of a keyword, known or not."""
    return re.fullmatch("@[A-Za-z]+", value) is not None


def absolute(iri: str) -> bool:
    """Tell whether a text starts as an absolute IRI does (a blank node does not)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", iri) is not None


@lru_cache(maxsize=4096)
def resolve(base: str | None, reference: str) -> str:
    """Resolve a reference against a base (RFC 3986, section 5.2); without a base it stays as it is.

    >>> resolve("http://a/b/c/d;p?q", "../g"), resolve("http://a/b", "x:y"), resolve(None, "g")
    ('http://a/b/g', 'x:y', 'g')
    """
    if base is None or absolute(reference):
        return reference
    scheme, authority, path, query = _parts(base)[:4]
    _, new_authority, new_path, new_query, fragment = _parts(reference)
    if new_authority is not None:
        authority, path, query = new_authority, _without_dots(new_path), new_query
    elif not new_path:
        query = query if new_query is None else new_query
    else:
        query = new_query
        if new_path[0] != "/":
            new_path = f"/{new_path}" if authority is not None and not path else path[: path.rfind("/") + 1] + new_path
        path = _without_dots(new_path)
    pieces: Iterable[tuple[str, str | None]] = (("//", authority), ("", path), ("?", query), ("#", fragment))
    return f"{scheme}:" + "".join(mark + piece for mark, piece in pieces if piece is not None)


def _parts(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    found = re.fullmatch(r"(?:([A-Za-z][^:/?#]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", iri, re.DOTALL)
    if found is None:
        raise JsonLdError("invalid IRI", iri)
    scheme, authority, path, query, fragment = found.groups()
    return scheme, authority, path, query, fragment


def _without_dots(path: str) -> str:
    """Remove the dot segments of a path (RFC 3986, section 5.2.4)."""
    rooted = path[:1] == "/"
    kept: list[str] = []
    *parts, last = path[rooted:].split("/")
    for part in (*parts, last):
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    return "/" * rooted + "/".join(kept) + ("/" if last in (".", "..") and kept else "")
