"""The statements of one graph as columns of numbers, and their order.

A million statements are sorted by comparing each term once with few others:
subjects and predicates get ranks, rows are sorted by both in one integer, and
objects are compared only where one subject has several for one predicate.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice, pairwise
from operator import add, eq, ne
from typing import NamedTuple

from kg.terms import Term, recase

_PART = 8192
#: The name of the data graph, as `kg.statement` has it.
_NO_GRAPH = Term("")


class Rows(NamedTuple):
    """The statements of one graph: the terms by number, and a column of numbers for each place."""

    terms: Sequence[Term]
    subjects: array[int]
    predicates: array[int]
    objects: array[int]

    def by_text(self, numbers: Iterable[int]) -> list[int]:
        """Return term numbers once each, in the order of the terms' text."""
        return sorted(set(numbers), key=self.terms.__getitem__)

    def ordered(self, subjects: Sequence[int] | None = None, predicates: Sequence[int] | None = None) -> Order:
        """Return the rows by subject, predicate and object.

        Objects come in the order of their text; so do the others, unless their numbers
        are given in another order.
        """
        subjects = self.by_text(self.subjects) if subjects is None else subjects
        predicates = self.by_text(self.predicates) if predicates is None else predicates
        shift = len(predicates).bit_length()
        first = dict(zip(subjects, range(0, len(subjects) << shift, 1 << shift), strict=True))
        then = _ranks(predicates)
        keys = list(map(add, map(first.__getitem__, self.subjects), map(then.__getitem__, self.predicates)))
        rows = sorted(range(len(keys)), key=keys.__getitem__)
        keys.sort()
        self._sort_objects(rows, keys)
        return Order(subjects, predicates, shift, keys, rows)

    def _sort_objects(self, rows: list[int], keys: list[int]) -> None:
        """Sort the rows of each key, which stand together, by the text of their objects."""
        terms, objects = self.terms, self.objects
        # The places whose neighbour to the right has the same subject and predicate.
        places = compress(range(len(keys)), map(eq, keys, islice(keys, 1, None)))
        start = stop = -1
        for place in places:
            if place != stop:
                if stop > start:
                    rows[start : stop + 1] = sorted(rows[start : stop + 1], key=lambda row: terms[objects[row]])
                start = place
            stop = place + 1
        if stop > start:
            rows[start : stop + 1] = sorted(rows[start : stop + 1], key=lambda row: terms[objects[row]])

    def statements(self, graph: str = "") -> Iterator[tuple[Term, Term, Term, str]]:
        """Yield the statements in canonical order, each with the name of a graph."""
        terms, subjects, predicates, objects = self
        for row in self.ordered().rows:
            yield terms[subjects[row]], terms[predicates[row]], terms[objects[row]], graph

    def lines(self, graph: str = "") -> Iterator[str]:
        """Yield the statements in canonical order as N-Triples, or as N-Quads of a graph, many lines at a time."""
        terms, subjects, predicates, objects = self
        end = f" {graph} .\n" if graph else " .\n"
        rows = self.ordered().rows
        for start in range(0, len(rows), _PART):
            yield "".join([
                f"{terms[subjects[row]]} {terms[predicates[row]]} {terms[objects[row]]}{end}"
                for row in rows[start : start + _PART]
            ])  # fmt: skip


class Order(NamedTuple):
    """Rows in an order: `keys[n]` holds the ranks of subject and predicate of the row `rows[n]`.

    A key is ``rank of the subject << shift | rank of the predicate``; a rank is a
    place in `subjects` or `predicates`, which hold term numbers.
    """

    subjects: Sequence[int]
    predicates: Sequence[int]
    shift: int
    keys: list[int]
    rows: list[int]

    def runs(self) -> Iterator[tuple[int, int]]:
        """Yield where the rows of each subject and predicate begin and end."""
        keys = self.keys
        # Where the key of a row is another than that of the row before it.
        begins = compress(range(1, len(keys)), map(ne, keys, islice(keys, 1, None)))
        return pairwise(chain([0], begins, [len(keys)] if keys else []))


def by_graph(terms: Sequence[Term], columns: Sequence[array[int]]) -> Iterator[tuple[Term, Rows]]:
    """Yield the name and the rows of each graph that the fourth column names, in the order of the names."""
    *places, graphs = columns
    names = sorted(set(graphs), key=terms.__getitem__)
    if len(names) < 2:
        yield from ((terms[name], Rows(terms, *places)) for name in names)
        return
    ranks = list(map(_ranks(names).__getitem__, graphs))
    order = sorted(range(len(ranks)), key=ranks.__getitem__)
    sizes, start = Counter(graphs), 0
    for name in names:
        part = order[start : start + sizes[name]]
        start += len(part)
        yield terms[name], Rows(terms, *(array("I", map(column.__getitem__, part)) for column in places))


def consequences(
    columns: Sequence[array[int]],
    sources: array[int],
    steps: Mapping[int, Sequence[Sequence[int]]],
    described: Container[int],
) -> Iterator[tuple[tuple[int, int, int, int], int]]:
    """Yield what follows from rows of the data graph (number 0), with the source of each.

    `steps` holds, for a predicate, those that follow in the same direction and those in the
    other one; the latter only follow for an object in `described`. The columns may grow
    meanwhile: only the rows that they had at first are looked at.
    """
    count = range(len(sources))
    for _, one, predicate, other, graph, source in zip(count, *columns, sources, strict=False):
        if predicate in steps and not graph:
            forward, backward = steps[predicate]
            for found in forward:
                yield (one, found, other, 0), source
            if backward and other in described:
                for found in backward:
                    yield (other, found, one, 0), source


def _ranks(numbers: Sequence[int]) -> dict[int, int]:
    return dict(zip(numbers, range(len(numbers)), strict=True))


class Numbers(dict[str, int]):
    """The number of each term; a new term gets the next one, under its canonical form.

    Every way in goes by `numbers[term]`; `get` asks without adding.
    """

    def __init__(self, terms: list[Term], known: Mapping[str, int] | None = None) -> None:
        super().__init__({_NO_GRAPH: 0} if known is None else known)
        self.terms = terms

    def __missing__(self, term: str) -> int:
        if term[:1] == '"' and term[-1] != '"':
            canonical = recase(term)
            if canonical != term:
                self[term] = number = self[canonical]
                return number
        self[term] = number = len(self.terms)
        self.terms.append(Term(term))
        return number
