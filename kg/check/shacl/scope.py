"""How far shapes see: properties that they only look at from the nodes they are about.

A shape about schemes may name skos:prefLabel, and has nothing to do with the labels of
concepts. Where every mention of a property is the first step from focus nodes, only their
statements with it matter (SHACL, sections 2.1.3, 2.3 and 4.5). Whatever else names it, such as the
rest of a path, a shape for values or a target, makes all its statements matter.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, compress
from typing import NamedTuple

from kg.check.shacl.shapes import Shapes
from kg.rows import Rows
from kg.statement import Statement
from kg.terms import Term
from kg.vocab import OWL, RDF, RDFS, SH

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
#: Constraints that compare with the values of another property of the focus node.
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
#: What tells the classes of any node.
_EVERYWHERE = (RDF.type, RDFS.subClassOf)


class Step(NamedTuple):
    """A step from the focus nodes of a target: along a property, or against it."""

    kind: Term
    of: Term
    forward: bool


def near(shapes: Shapes) -> Mapping[Term, Collection[Step]]:
    """Return the properties that are only looked at from focus nodes, with the steps that do."""
    data = shapes.dataset
    if any(data.subjects(RDF.type, kind) for kind in (RDFS.Class, OWL.Class)):
        return {}  # a shape that is a class is about its members, and says so nowhere else
    walk = _Walk(shapes)
    for kind in _TARGETS:
        for found in data.match(None, kind):
            walk.shape(found.subject, (kind, found.object))
    mentioned: dict[Term, list[Statement]] = {}
    for row in data.match():
        mentioned.setdefault(row.object, []).append(row)
    return {
        term: {step for row in rows for step in walk.steps[row]}
        for term, rows in mentioned.items()
        if term not in _EVERYWHERE and all(row in walk.steps and row not in walk.beyond for row in rows)
    }


def narrowed(graphs: Sequence[Rows], number_of: Callable[[str], int | None], shapes: Shapes) -> list[Rows]:
    """Return the statements of some graphs, taken as one, that shapes can see; `number_of` gives that of a term."""
    seen = shapes.seen
    if seen is None:
        return [*graphs]
    numbers = set(map(number_of, seen))
    graphs = [_kept(rows, bytes(map(numbers.__contains__, rows.predicates))) for rows in graphs]
    focus = _Focus(number_of, graphs)
    ends = {number_of(term): focus.ends(steps) for term, steps in near(shapes).items()}
    return [_kept(rows, bytes(_matters(rows, ends))) for rows in graphs]


def _matters(rows: Rows, ends: Mapping[int | None, tuple[set[int], set[int]]]) -> Iterator[bool]:
    """Tell of each statement whether a shape may come to it; what is only looked at near focus nodes has `ends`."""
    for one, verb, other in zip(rows.subjects, rows.predicates, rows.objects, strict=True):
        yield verb not in ends or one in ends[verb][0] or other in ends[verb][1]


def _kept(rows: Rows, mask: bytes) -> Rows:
    terms, *columns = rows
    return Rows(terms, *(array("I", compress(column, mask)) for column in columns))


class _Focus:
    """The focus nodes of targets, in some graphs taken as one."""

    def __init__(self, number_of: Callable[[str], int | None], graphs: Sequence[Rows]) -> None:
        self._number_of, self._graphs = number_of, graphs
        self._known: dict[tuple[Term, Term], set[int]] = {}

    def ends(self, steps: Collection[Step]) -> tuple[set[int], set[int]]:
        """Return the nodes from which steps go along a property, and those from which they go against it."""
        along, against = (
            [self._nodes(step.kind, step.of) for step in steps if step.forward is forward] for forward in (True, False)
        )
        return set[int]().union(*along), set[int]().union(*against)

    def _nodes(self, kind: Term, of: Term) -> set[int]:
        found = self._known.get((kind, of))
        if found is None:
            found = self._known[kind, of] = set(self._found(kind, of))
        return found

    def _found(self, kind: Term, of: Term) -> Iterator[int]:
        if kind == SH.targetNode:
            return iter(self._numbers(of))
        if kind == SH.targetClass:
            below = list(self._pairs(RDFS.subClassOf))
            classes = self._numbers(of)
            while more := {one for one, other in below if other in classes} - classes:
                classes |= more
            return (one for one, other in self._pairs(RDF.type) if other in classes)
        if kind == SH.targetSubjectsOf:
            return (one for one, _ in self._pairs(of))
        return (other for _, other in self._pairs(of))

    def _pairs(self, predicate: Term) -> Iterator[tuple[int, int]]:
        for rows in self._graphs:
            for verb in self._numbers(predicate):
                yield from compress(zip(rows.subjects, rows.objects, strict=True), map(verb.__eq__, rows.predicates))

    def _numbers(self, term: Term) -> set[int]:
        number = self._number_of(term)
        return set() if number is None else {number}


class _Walk:
    """The mentions of properties that are met on the way through shapes: from focus nodes, and beyond them."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes, self._data = shapes, shapes.dataset
        self._met: set[tuple[Term, tuple[Term, Term] | None]] = set()
        self.steps: dict[Statement, set[Step]] = {}
        self.beyond: set[Statement] = set()

    def shape(self, shape: Term, target: tuple[Term, Term] | None) -> None:
        """Walk through a shape and its parts; without a target it is applied to other nodes than focus nodes."""
        waiting = [(shape, target)]
        while waiting:
            shape, target = found = waiting.pop()
            if found in self._met:
                continue
            self._met.add(found)
            paths = list(self._data.match(shape, SH.path))
            for row, forward in self._mentions(shape, paths):
                if target:
                    self.steps.setdefault(row, set()).add(Step(*target, forward))
                else:
                    self.beyond.add(row)
            # The parts of a property shape are about its values.
            inner = None if paths else target
            waiting += [(part, inner) for _, part in self._shapes.parts(shape)]

    def _mentions(self, shape: Term, paths: list[Statement]) -> Iterator[tuple[Statement, bool]]:
        for row in paths:
            yield from self._first(row)
        for predicate in _PAIRS:
            for row in self._data.match(shape, predicate):
                yield row, True

    def _first(self, row: Statement) -> Iterator[tuple[Statement, bool]]:
        """Yield the mentions that are the first step of a path, and whether they go along the property."""
        waiting, seen = [row], set[Statement]()
        while waiting:
            row = waiting.pop()
            if row in seen:
                continue
            seen.add(row)
            node = row.object
            if node[0] == "<":
                yield row, True
            if row.predicate != SH.alternativePath:
                kinds = (RDF.first, SH.alternativePath, SH.zeroOrOnePath)
                waiting += chain.from_iterable(self._data.match(node, kind) for kind in kinds)
                yield from ((back, False) for back in self._data.match(node, SH.inversePath) if back.object[0] == "<")
            else:
                waiting += self._alternatives(node)

    def _alternatives(self, node: Term) -> Iterator[Statement]:
        seen = set[Term]()
        while node != RDF.nil and node not in seen:
            seen.add(node)
            yield from self._data.match(node, RDF.first)
            node = self._data.value(node, RDF.rest) or RDF.nil
