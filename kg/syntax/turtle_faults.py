"""The faults of terms in the Turtle family, and the edits that mend them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kg.iri import check_iri
from kg.syntax import mend
from kg.syntax.turtle_walk import Scope
from kg.terms import Term
from kg.text import Span

_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*:"
# RFC 3986, section 4.2: the first part of a relative path has no colon.
_COLON_FIRST = r"<[^/?#]*:"


class Fault(NamedTuple):
    """One thing that is wrong: the code of its rule, its place, what fills the message, how many triples it costs."""

    code: str
    span: Span
    data: Mapping[str, Any]
    lost: int = 1


class Edit(NamedTuple):
    """A range of the text and what stands there instead."""

    start: int
    end: int
    text: str


class Edits:
    """Edits of one text, no two of which overlap."""

    __slots__ = ("_edits",)

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def __bool__(self) -> bool:
        return bool(self._edits)

    def add(self, edit: Edit) -> None:
        """Add an edit."""
        self._edits.append(edit)

    def extend(self, other: Edits) -> None:
        """Add the edits of another stretch of the text."""
        self._edits.extend(other._edits)

    def applied(self, text: str, start: int, end: int) -> str:
        """Return a range of the text with its edits.

        >>> edits = Edits()
        >>> edits.add(Edit(1, 2, "--"))
        >>> edits.applied("abcd", 0, 3)
        'a--c'
        """
        pieces, at = [], start
        for edit in sorted(self._edits, key=lambda edit: edit[:2]):
            if start <= edit.start and edit.end <= end:
                pieces += [text[at : edit.start], edit.text]
                at = edit.end
        return "".join([*pieces, text[at:end]])


class Terms(Scope):
    """A scope that takes note of what is wrong with the terms it resolves."""

    __slots__ = ("_bad", "_known")

    def __init__(self) -> None:
        super().__init__()
        #: why an IRI token cannot be read at all, by token; forgotten when a prefix or the base changes
        self._known: dict[str, str | None] = {}
        self._bad: list[tuple[Span, str]] = []

    def declare(self, prefix: str, token: str) -> None:
        """Declare a prefix for the namespace of an IRI token."""
        super().declare(prefix, token)
        self._known.clear()

    def rebase(self, token: str) -> None:
        """Make the IRI of a token the base."""
        super().rebase(token)
        self._known.clear()

    def taken(self) -> list[tuple[Span, str]]:
        """Return the places of the terms of this statement that cannot be read, with the reasons, and forget them."""
        bad, self._bad = self._bad, []
        return bad

    def hopeless(self, token: str) -> str | None:
        """Say why an IRI token or a prefixed name cannot be read, or return None; a blank node always can."""
        if token[:2] == "_:" or token[0] == "[":
            return None
        if token not in self._known:
            self._known[token] = self._reason(self.iri(token), token)
        return self._known[token]

    def _reason(self, term: Term | None, token: str) -> str | None:
        if term is None:
            return f"the prefix {token.partition(':')[0]}: is not declared"
        text = term[1:-1]
        problem = check_iri(text)
        if problem and not re.match(_SCHEME, text):
            # It is relative: what it comes to is known to those who know the base.
            problem = check_iri(f"urn:{text}")
        if token[0] == "<" and re.match(_COLON_FIRST, token) and not re.match(_SCHEME, mend.iri(token[1:-1])):
            problem = "it has a colon and no scheme before it"
        return None if problem is None else f"{token} is no IRI: {problem}"

    def inspect(self, found: re.Match[str], kind: str, edits: Edits, faults: list[Fault]) -> None:
        """Look at a token: note the edits that mend it, or that nothing does."""
        if kind in {"iri", "name"}:
            self._look_closely(found[kind], found.start(kind), edits, faults)
        elif kind == "literal":
            quoted = found["string"]
            if "\\" in quoted:
                self._escapes(quoted, found.start("string"), edits, faults)
            tag = found["tag"]
            if tag is not None and not mend.well_formed(tag[1:]):
                start, end = found.span("tag")
                mended = mend.tag(tag[1:])
                edits.add(Edit(start, end, f"@{mended}"))
                faults.append(Fault("rdf.turtle-language", Span(start, end), {"written": tag[1:], "mended": mended}))
            if found["datatype"] is not None:
                self._look_closely(found["datatype"], found.start("datatype"), edits, faults)

    def _look_closely(self, token: str, start: int, edits: Edits, faults: list[Fault]) -> None:
        reason = self.hopeless(token)
        if reason is None:
            self.look(token, start, edits, faults)
        else:
            self._bad.append((Span(start, start + len(token)), reason))

    def look(self, token: str, start: int, edits: Edits, faults: list[Fault]) -> None:
        """Mend an IRI token that holds what no IRI may hold; a prefixed name has nothing to mend."""
        if token[0] != "<":
            return
        mended = mend.iri(token[1:-1])
        if mended != mend.spelt(token[1:-1]):
            edits.add(Edit(start, start + len(token), f"<{mended}>"))
            data = {"written": token[1:-1], "mended": mended}
            faults.append(Fault("rdf.turtle-iri", Span(start, start + len(token)), data))

    def _escapes(self, quoted: str, start: int, edits: Edits, faults: list[Fault]) -> None:
        for found in mend.ESCAPE.finditer(quoted):
            mended = mend.escape(found[0])
            if mended != found[0]:
                span = Span(start + found.start(), start + found.end())
                edits.add(Edit(*span, mended))
                faults.append(Fault("rdf.turtle-escape", span, {"written": found[0], "mended": mended}))
