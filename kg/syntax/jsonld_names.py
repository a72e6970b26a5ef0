"""The names of JSON-LD: keywords, term definitions, active contexts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kg.iri import check_iri, check_tag

KEYWORDS = frozenset(
    [
        "@base",
        "@container",
        "@context",
        "@default",
        "@direction",
        "@graph",
        "@id",
        "@import",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@prefix",
        "@preserve",
        "@propagate",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
        "@null",
    ]
)


class _Missing:
    """The value of what is not said, where null means something else."""


MISSING = _Missing()


class JsonLdError(ValueError):
    """A document that is not JSON-LD; `code` is the error code of the specification."""

    def __init__(self, code: str, detail: object = "") -> None:
        super().__init__(f"{code}: {detail}" if detail != "" else code)
        self.code, self.detail = code, str(detail)


class Options(NamedTuple):
    """How a document is read; the fields are those of the specification's JsonLdOptions.

    `contexts` holds the documents of remote contexts by URL: nothing is fetched. What
    `iri_problem` and `tag_problem` find wrong becomes no statement.
    """

    base: str | None = None
    mode: str = "json-ld-1.1"
    direction: str | None = None
    expand_context: Any = MISSING
    contexts: Mapping[str, Any] = {}  # never written to
    iri_problem: Callable[[str], str | None] = check_iri
    tag_problem: Callable[[str], str | None] = check_tag

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

    __slots__ = ("base", "direction", "language", "options", "previous", "seen", "terms", "vocab")

    def __init__(self, options: Options) -> None:
        self.options = options
        self.base = options.base
        self.vocab: str | None = None
        self.language: str | None = None
        self.direction: str | None = None
        self.previous: Active | None = None
        self.terms: dict[str, Definition] = {}
        #: names that were expanded before; none are kept while the context is being made
        self.seen: dict[tuple[str, bool, bool], str | None] | None = {}

    def clone(self) -> Active:
        """Return a context that can be changed on its own, until it is finished."""
        made = Active(self.options)
        made.seen = None
        for name in ("base", "vocab", "language", "direction", "previous"):
            setattr(made, name, getattr(self, name))
        made.terms = self.terms.copy()
        return made

    def definition(self, name: str | None) -> Definition:
        """Return the definition of a name; one that stands for nothing when there is none."""
        return self.terms.get(name or "", NOTHING)


def like_keyword(value: str) -> bool:
    """Tell whether a name has the form of a keyword, known or not."""
    return value[:1] == "@" and re.fullmatch("@[A-Za-z]+", value) is not None


def absolute(iri: str) -> bool:
    """Tell whether a text starts as an absolute IRI does (a blank node does not)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", iri) is not None
