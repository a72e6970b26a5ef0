"""The data where they lie: questions to a store, in parts that are small enough for it.

A part is a share of the nodes looked at, told by the beginning of a digest of their
names, so no list of nodes travels and every engine agrees on the shares. An answer
that reaches the row limit, and a question that takes too long, is asked again in
four smaller parts.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from kg.errors import StoreError
from kg.query import Row
from kg.question import Question
from kg.store.protocol import Client
from kg.store.session import number
from kg.store.validation.expressions import constant
from kg.terms import Term
from kg.vocab import RDFS

STEP = "validate"
#: So many rows are asked for in one answer, or as many as the store gives.
_ROWS = (100_000, 10_000)
#: What even a small graph has many of: pairs of its first statements, as many as make the most rows.
_PAIRS = " ".join(f"{{ SELECT {name} WHERE {{ {name} {name}1 {name}2 }} LIMIT 317 }}" for name in ("?a", "?b"))
#: With fewer there would be no end of requests.
_FEWEST = 100
#: So many nodes at most are looked at in one request.
SHARE = 200_000
#: A part is told by digits to the base of four, two for one of a digest.
_DIGITS, _HEXADECIMAL = "0123", "0123456789abcdef"
_DEEPEST = 8
#: A part that fails is divided so often: what is wrong is then not its size.
_TRIED = 4
#: So many terms are named in one request.
_NAMED = 400


class Asks(Protocol):
    """What answers SELECT: a store of `kg.store.session`."""

    name: str

    def rows(self, text: str, step: str, width: int) -> list[Row]:
        """Run a SELECT of so many columns and return its rows."""


class Questions:
    """What answers SELECT: the URL of an endpoint, as it is given."""

    def __init__(self, client: Client, url: str) -> None:
        self.name, self._client, self._url = client.store, client, url

    def rows(self, text: str, step: str, width: int) -> list[Row]:
        """Send a SELECT and return its rows."""
        from kg.store.select import select

        answer = select(self._client, self._url, Question.of(text))
        rows = list(answer)
        if len(answer.columns) != width:
            reason = f"it answered {len(answer.columns)} columns, and {width} were asked for"
            raise StoreError(self.name, step, reason, "check the URL, or a proxy before the store")
        return rows


class Part(NamedTuple):
    """The nodes, and the values, whose names have digests that begin so."""

    nodes: str = ""
    values: str = ""

    def test(self, name: str, digits: str) -> str:
        """Return the filter for the terms of a share.

        >>> Part().test("?a", "0123")
        ' FILTER(STRSTARTS(MD5(COALESCE(STR(?a), "_")), "1b"))'
        >>> Part().test("?a", "1")
        ' FILTER(SUBSTR(MD5(COALESCE(STR(?a), "_")), 1, 1) IN ("4", "5", "6", "7"))'
        """
        if not digits:
            return ""
        digest, pairs = f'MD5(COALESCE(STR({name}), "_"))', range(0, len(digits) - 1, 2)
        whole = "".join(_HEXADECIMAL[int(digits[at : at + 2], 4)] for at in pairs)
        tests = [f'STRSTARTS({digest}, "{whole}")'] if whole else []
        if len(digits) % 2:
            first = int(digits[-1]) * 4
            among = ", ".join(f'"{digit}"' for digit in _HEXADECIMAL[first : first + 4])
            tests.append(f"SUBSTR({digest}, {len(whole) + 1}, 1) IN ({among})")
        return f" FILTER({' && '.join(tests)})"

    def of(self, where: str, names: str = "?this") -> str:
        """Return the sub-query for the share of what a pattern binds."""
        return f"{{ SELECT DISTINCT {names} WHERE {{ {where}{self.of_nodes()} }} }}"

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

    def __init__(self, store: Asks, graphs: Sequence[str] = ()) -> None:
        self.store, self.graphs, self.times = store, tuple(graphs), Times()
        self._from = " ".join(f"FROM {constant(f'<{graph}>')}" for graph in graphs)
        self._limit: int | None = None
        self._below: dict[Term, tuple[Term, ...] | None] = {}
        self._counts: dict[str, int] = {}
        self._used: dict[str, bool] = {}
        self._has_classes: bool | None = None

    # -- single requests

    def ask(self, select: str, where: str, rest: str = "") -> list[Row]:
        """Send one SELECT over the graphs."""
        return self._sent(f"SELECT {select} {self._from} WHERE {{ {where} }} {rest}".strip())

    @property
    def limit(self) -> int:
        """Return how many rows an answer holds at most: one row less is an answer that is surely whole.

        Raises `StoreError` for a store whose limit is too low to be of use.
        """
        if self._limit is None:
            self._limit = next(filter(self._gives, _ROWS), 0) or self._found()
            if self._limit < _FEWEST:
                reason = f"it gives {self._limit} rows at most"
                raise StoreError(self.store.name, STEP, reason, f"raise its limit of rows to {_FEWEST} at least")
        return self._limit

    def begin(self) -> None:
        """Ask for anything at all.

        Raises `StoreError` where there is no statement: the name of the graph is wrong, and nothing would be checked.
        """
        if not self.ask("?s", "?s ?p ?o", "LIMIT 1"):
            where = self._from.replace("FROM ", "") or "its default graph"
            remedy = "check the IRI of the graph; kg versions lists what kg load has put there"
            raise StoreError(self.store.name, STEP, f"there is no statement in {where}", remedy)

    def _gives(self, rows: int) -> bool:
        """Tell whether an answer of so many rows comes whole, or there are not so many."""
        try:
            found = len(self.ask("(1 AS ?n)", _PAIRS, f"LIMIT {rows}"))
        except StoreError:
            # One that says that it cuts answers off: fewer are asked for. What else is wrong will show again.
            return False
        return found == rows or found == self._there(rows)

    def _found(self) -> int:
        found = len(self.ask("(1 AS ?n)", _PAIRS, f"LIMIT {_ROWS[-1]}"))
        return found if found < self._there(_ROWS[-1]) else _ROWS[-1]

    def _there(self, most: int) -> int:
        [(count,)] = self.ask("(COUNT(*) AS ?n)", f"{{ SELECT ?a ?b WHERE {{ {_PAIRS} }} LIMIT {most} }}")
        return number(count)

    def rows(self, text: Text, first: Part | None = None) -> Iterator[Row]:
        """Yield the rows of a question, in as many parts as it takes.

        `text` gives the query of a part without its LIMIT, FROM as `{from}`.

        Raises `StoreError` where the smallest part fails, too, or is cut off.
        """
        for found in self._pages(text, first or Part(), self.limit):
            yield from found

    def _pages(self, text: Text, part: Part, limit: int, *, enough: bool = False) -> Iterator[list[Row]]:
        """Yield the answers about the parts of a part; `enough` says that more rows than the limit are not wanted."""
        asked, smaller = text(part), part.smaller()
        if smaller and text(smaller[0]) == asked:
            # No row can be told apart any more by what the query is divided by.
            smaller = None
        try:
            found = self._sent(f"{asked.replace('{from}', self._from, 1)} LIMIT {limit}")
        except StoreError:
            if smaller is None or len(part.nodes) > _TRIED:
                raise
        else:
            if enough or len(found) < limit:
                yield found
                return
            if smaller is None:
                reason = f"it gives {limit} rows at most, and there are more of one kind"
                raise StoreError(self.store.name, STEP, reason, "raise its limit of rows")
        for one in smaller:
            yield from self._pages(text, one, limit, enough=enough)

    def _sent(self, text: str) -> list[Row]:
        start = time.monotonic()
        try:
            return self.store.rows(text, STEP, _width(text[len("SELECT ") : text.index(" WHERE ")]))
        finally:
            self.times.add(time.monotonic() - start, text)

    # -- sets

    def selected(self, where: str, names: str = "?this", rest: str = "") -> Iterator[tuple[Term, ...]]:
        """Yield distinct rows of a pattern that binds ?this, with the rest of it, each variable bound."""
        divided = "?value" in names

        def text(part: Part) -> str:
            values = part.of_values() if divided else ""
            return f"SELECT DISTINCT {names} {{from}} WHERE {{ {part.of(where)} {rest}{values} }}"

        for first in self.shares(where):
            for row in self.rows(text, first):
                if None not in row:
                    yield tuple(term for term in row if term)

    def count(self, where: str, names: str = "?this", rest: str = "") -> int:
        """Return how many distinct rows there are."""

        def text(part: Part) -> str:
            rows = f"SELECT DISTINCT {names} WHERE {{ {part.of(where)} {rest} }}"
            return f"SELECT (COUNT(*) AS ?n) {{from}} WHERE {{ {{ {rows} }} }}"

        return sum(number(row[0]) for first in self.shares(where) for row in self.rows(text, first))

    def first(self, most: int, where: str, names: str = "?this", rest: str = "") -> list[tuple[Term, ...]]:
        """Return the first rows, in the order of their terms in N-Triples; all are resources."""
        order = " ".join(f'isBlank({name}) CONCAT(STR({name}), ">")' for name in names.split())

        def text(part: Part) -> str:
            rows = f"SELECT DISTINCT {names} WHERE {{ {part.of(where)} {rest} }}"
            return f"SELECT {names} {{from}} WHERE {{ {{ {rows} }} }} ORDER BY {order}"

        found: list[tuple[Term, ...]] = []
        for share in self.shares(where):
            for rows in self._pages(text, share, most, enough=True):
                found += [tuple(term for term in row if term) for row in rows]
        return sorted(found)[:most]

    def shares(self, where: str) -> list[Part]:
        """Return the parts in which the nodes of a pattern, which binds ?this, are few enough."""
        if where not in self._counts:
            [(count,)] = self.ask("(COUNT(DISTINCT ?this) AS ?n)", where)
            self._counts[where] = number(count)
        return _divided(self._counts[where], SHARE)

    def whole(self, where: str) -> list[Part]:
        """Return the parts in which the rows of a pattern, which binds ?this, mostly come in one answer each."""
        [(count,)] = self.ask("(COUNT(*) AS ?n)", where)
        # Parts differ in size, and one that is cut off is asked for in vain.
        return _divided(number(count), min(self.limit * 3 // 4, SHARE))

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


def _divided(size: int, most: int) -> list[Part]:
    """Return parts of which each holds so many at most, if they are even; none of nothing.

    >>> [len(_divided(size, 10)) for size in (0, 1, 10, 11, 161)]
    [0, 1, 1, 4, 64]
    """
    parts = [Part()] if size else []
    while size > most * len(parts) and parts:
        parts = [smaller for part in parts for smaller in part.smaller() or ()]
    return parts


def _width(select: str) -> int:
    """Return how many columns a SELECT has, by what stands before its pattern."""
    columns = re.sub(r"\(.*? AS (\?\w+)\)", r"\1", select).split("FROM", 1)[0]
    return len(re.findall(r"\?\w+", columns))


def named(terms: Iterable[str]) -> Iterator[str]:
    """Yield the names of some IRIs, for so many requests as they need."""
    names = [constant(term) for term in dict.fromkeys(terms) if term[0] == "<"]
    for start in range(0, len(names), _NAMED):
        yield " ".join(names[start : start + _NAMED])
