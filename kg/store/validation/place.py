"""The data where they lie: questions to a store, in parts that are small enough for it.

A part is a share of the nodes looked at, told by the beginning of a digest of their
names, so no list of nodes travels and every engine agrees on the shares. An answer
that reaches the row limit, and a question that takes too long, is asked again in
sixteen smaller parts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from kg.errors import StoreError
from kg.query import Row
from kg.store.session import number
from kg.store.validation.expressions import constant
from kg.terms import Term
from kg.vocab import RDFS

STEP = "validate"
#: No store that is known gives fewer rows; one that does is found out by `Place.limit`.
_ROWS = 10_000
#: So many nodes at most are looked at in one request.
SHARE = 200_000
_DIGITS = "0123456789abcdef"
_DEEPEST = 4
#: So many terms are named in one request.
_NAMED = 200


class Asks(Protocol):
    """What answers SELECT: a store of `kg.store.session`."""

    name: str

    def rows(self, text: str, step: str) -> list[Row]:
        """Run a SELECT and return its rows."""


class Part(NamedTuple):
    """The nodes, and the values, whose names have digests that begin so."""

    nodes: str = ""
    values: str = ""

    def test(self, name: str, digits: str) -> str:
        """Return the filter for the terms of a share."""
        return f' FILTER(STRSTARTS(MD5(COALESCE(STR({name}), "_")), "{digits}"))' if digits else ""

    def of_nodes(self, name: str = "?this") -> str:
        """Return the filter for the nodes of this part."""
        return self.test(name, self.nodes)

    def of_values(self, name: str = "?value") -> str:
        """Return the filter for the values of this part."""
        return self.test(name, self.values)

    def smaller(self) -> list[Part] | None:
        """Return the parts that make up this one, or None where there are none smaller."""
        if len(self.nodes) < _DEEPEST:
            return [Part(self.nodes + digit) for digit in _DIGITS]
        if len(self.values) < _DEEPEST:
            return [Part(self.nodes, self.values + digit) for digit in _DIGITS]
        return None


#: The text of a question about one part.
Text = Callable[[Part], str]


class Times:
    """How long requests took, for the report and for whoever measures."""

    def __init__(self) -> None:
        self.count, self.longest, self.total, self.slowest = 0, 0.0, 0.0, ""

    def add(self, seconds: float, text: str) -> None:
        """Count one request."""
        self.count += 1
        self.total += seconds
        if seconds > self.longest:
            self.longest, self.slowest = seconds, text


class Place:
    """Some graphs of a store, taken as one; without any, what the store takes for its default graph."""

    def __init__(
        self, store: Asks, graphs: Sequence[str] = (), progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self.store, self.times, self._progress = store, Times(), progress
        self._from = " ".join(f"FROM {constant(f'<{graph}>')}" for graph in graphs)
        self._limit: int | None = None
        self._below: dict[Term, tuple[Term, ...] | None] = {}
        self._counts: dict[str, int] = {}
        self._used: dict[str, bool] = {}
        self._has_classes: bool | None = None

    # -- single requests

    def ask(self, select: str, where: str, rest: str = "") -> list[Row]:
        """Send one SELECT over the graphs."""
        text = f"SELECT {select} {self._from} WHERE {{ {where} }} {rest}".strip()
        start = time.monotonic()
        try:
            return self.store.rows(text, STEP)
        finally:
            self.times.add(time.monotonic() - start, text)

    @property
    def limit(self) -> int:
        """Return how many rows an answer holds at most: one row less is an answer that is surely whole.

        Raises `StoreError` for a store whose limit is too low to be of use.
        """
        if self._limit is None:
            found = len(self.ask("?s", "?s ?p ?o", f"LIMIT {_ROWS}"))
            self._limit = _ROWS
            if found < _ROWS:
                [(count,)] = self.ask("(COUNT(*) AS ?n)", f"{{ SELECT ?s WHERE {{ ?s ?p ?o }} LIMIT {_ROWS} }}")
                if number(count) > found:
                    self._limit = found
            if self._limit < 100 and found < _ROWS and number(count) > found:
                raise StoreError(self.store.name, STEP, f"it gives {found} rows at most", "raise its limit of rows")
        return self._limit

    def rows(self, text: Text, first: Part | None = None) -> Iterator[Row]:
        """Yield the rows of a question, in as many parts as it takes.

        `text` gives the query of a part without its LIMIT, FROM as `{from}`.

        Raises `StoreError` where the smallest part fails, too.
        """
        first = first or Part()
        limit, smaller = self.limit, first.smaller()
        start = time.monotonic()
        asked = text(first).replace("{from}", self._from, 1) + f" LIMIT {limit}"
        try:
            found = self.store.rows(asked, STEP)
        except StoreError:
            if smaller is None or len(first.nodes) > 2:
                raise
            found = None
        finally:
            self.times.add(time.monotonic() - start, asked)
        if found is not None and (len(found) < limit or smaller is None):
            yield from found
            return
        for part in smaller or ():
            yield from self.rows(text, part)

    def shares(self, where: str) -> list[Part]:
        """Return the parts in which the nodes of a pattern, which binds ?this, are few enough."""
        if where not in self._counts:
            [(count,)] = self.ask("(COUNT(DISTINCT ?this) AS ?n)", where)
            self._counts[where] = number(count)
        parts, size = [Part()], self._counts[where]
        while size > SHARE:
            parts = [smaller for part in parts for smaller in part.smaller() or ()]
            size //= 16
        return parts if self._counts[where] else []

    def uses(self, predicate: str) -> bool:
        """Tell whether any statement has a predicate."""
        if predicate not in self._used:
            self._used[predicate] = bool(self.ask("?s", f"?s {constant(predicate)} ?o", "LIMIT 1"))
        return self._used[predicate]

    # -- classes

    def below(self, kind: Term) -> tuple[Term, ...] | None:
        """Return a class and those below it; None where they are too many, or have no names."""
        if kind not in self._below:
            if self._has_classes is None:
                self._has_classes = bool(self.ask("?a", f"?a {RDFS.subClassOf} ?b", "LIMIT 1"))
            self._below[kind] = self._closed(kind) if self._has_classes else (kind,)
        return self._below[kind]

    def _closed(self, kind: Term) -> tuple[Term, ...] | None:
        found, edge = {kind: None}, [kind]
        while edge:
            following: list[Term] = []
            for names in named(edge):
                for (below,) in self.ask("DISTINCT ?c", f"VALUES ?k {{ {names} }} ?c {RDFS.subClassOf} ?k"):
                    if below is None or below[0] != "<" or len(found) > _NAMED:
                        return None
                    if below not in found:
                        found[below] = None
                        following.append(below)
            edge = following
        return tuple(found)

    # -- pieces of the data

    def statements(
        self, resources: Iterable[str], predicates: Sequence[str], *, inverse: bool = False
    ) -> Iterator[tuple[Term, Term, Term]]:
        """Yield the statements about some resources, or those that lead to them, with some predicates.

        Resources without a name are passed over.
        """
        if not predicates:
            return
        wanted = ", ".join(map(constant, predicates))
        start, end = ("?o", "?s") if inverse else ("?s", "?o")
        for names in named(resources):
            where = f"VALUES {start} {{ {names} }} ?s ?p ?o FILTER(?p IN ({wanted}))"

            def text(part: Part, where: str = where) -> str:
                shares = part.of_nodes(start) + part.of_values(end)
                return f"SELECT DISTINCT ?s ?p ?o {{from}} WHERE {{ {where}{shares} }}"

            for s, p, o in self.rows(text):
                if s and p and o:
                    yield s, p, o


def named(terms: Iterable[str]) -> Iterator[str]:
    """Yield the names of some IRIs, for so many requests as they need."""
    names = [constant(term) for term in dict.fromkeys(terms) if term[0] == "<"]
    for start in range(0, len(names), _NAMED):
        yield " ".join(names[start : start + _NAMED])
