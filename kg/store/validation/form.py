"""The intermediate form of shapes: SHACL Core as values, between the graph it is written in and the queries it becomes.

Nothing here knows of SPARQL or of a store, and nothing after this knows how shapes are
written in RDF. Source: W3C SHACL (Recommendation, 20 July 2017), sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kg import terms
from kg.terms import Term
from kg.vocab import OWL, RDF, RDFS, SH

if TYPE_CHECKING:
    from kg.check.shacl import Shapes

# -- paths -------------------------------------------------------------------------------


class Link(NamedTuple):
    """One property; `also` are those it follows from, `back` those it follows from the other way round."""

    predicate: str
    also: tuple[Term, ...] = ()
    back: tuple[Term, ...] = ()


class Inverse(NamedTuple):
    """A path against its direction."""

    part: Path


class Chain(NamedTuple):
    """Paths one after the other; without any, it leads from a node to itself."""

    parts: tuple[Path, ...]


class Choice(NamedTuple):
    """One of several paths."""

    options: tuple[Path, ...]


class Repeat(NamedTuple):
    """A path at least so often (0 or 1), and once at most or any number of times."""

    part: Path
    least: int
    many: bool


Path = Link | Inverse | Chain | Choice | Repeat

#: The path of a node shape.
SELF = Chain(())

# -- shapes ------------------------------------------------------------------------------


class Target(NamedTuple):
    """What a shape looks at: `kind` is the local name of SHACL's property, `targetClass` for an implicit one."""

    kind: str
    term: Term
    link: Link | None = None


class Constraint(NamedTuple):
    """One constraint: the local name of its parameter, and its value as `_VALUES` reads it."""

    kind: str
    value: object

    @property
    def component(self) -> str:
        """Return the local name of SHACL's constraint component.

        >>> Constraint("minCount", 1).component
        'MinCountConstraintComponent'
        """
        return f"{self.kind[0].upper()}{self.kind[1:]}ConstraintComponent"


class Pattern(NamedTuple):
    """A regular expression and its flags."""

    text: str
    flags: str


class Qualified(NamedTuple):
    """So many values conform to a shape, and to none of the shapes beside it."""

    shape: Shape
    number: int
    others: tuple[Shape, ...]


class Shape(NamedTuple):
    """A shape with all its parts; SHACL leaves shapes undefined that are parts of themselves."""

    term: Term
    path: Path | None
    severity: str
    messages: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    targets: tuple[Target, ...]
    deactivated: bool

    @property
    def way(self) -> Path:
        """Return the path to the value nodes, for a node shape the one that leads nowhere else."""
        return SELF if self.path is None else self.path


#: What a property follows from: in its direction, and in the other one.
Sources = Callable[[str], tuple[tuple[Term, ...], tuple[Term, ...]]]

_TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_KINDS = (RDFS.Class, OWL.Class)


def parse(shapes: Shapes, sources: Sources | None = None) -> list[Shape]:
    """Return the shapes that have a target, in the order of their terms.

    `shapes` must have passed `kg.check.shacl.guard`: lists end, paths are paths, and
    no shape is a part of itself. With `sources`, a property stands for those it follows from, too.
    """
    return _Parser(shapes, sources or (lambda _: ((), ()))).targeted()


class _Parser:
    def __init__(self, shapes: Shapes, sources: Sources) -> None:
        self._shapes, self._data, self._sources = shapes, shapes.dataset, sources
        self._made: dict[str, Shape] = {}

    def targeted(self) -> list[Shape]:
        data = self._data
        found = {row.subject for kind in _TARGETS for row in data.match(None, getattr(SH, kind))}
        for kind in (SH.NodeShape, SH.PropertyShape):
            found |= {one for one in data.subjects(RDF.type, kind) if self._is_class(one)}
        return [shape for shape in map(self.shape, sorted(found)) if not shape.deactivated]

    def _is_class(self, term: str) -> bool:
        return any((term, RDF.type, kind) in self._data for kind in _KINDS)

    def shape(self, term: Term) -> Shape:
        made = self._made.get(term)
        if made is None:
            data = self._data
            path = data.value(term, SH.path)
            made = self._made[term] = Shape(
                term,
                None if path is None else self.path(path),
                data.value(term, SH.severity) or SH.Violation,
                tuple(terms.lexical(text) for text in data.objects(term, SH.message)),
                tuple(self._constraints(term, path is not None)),
                tuple(self._targets(term)),
                any(_is_true(value) for value in data.objects(term, SH.deactivated)),
            )
        return made

    def _targets(self, term: Term) -> Iterator[Target]:
        for kind in _TARGETS:
            for found in self._data.objects(term, getattr(SH, kind)):
                yield Target(kind, found, self._link(found) if kind.endswith("Of") else None)
        if term[0] == "<" and self._is_class(term):
            yield Target("targetClass", term)

    # -- paths

    def _link(self, predicate: Term) -> Link:
        return Link(predicate, *self._sources(predicate))

    def path(self, node: Term) -> Path:
        """Return a path; its nodes have passed the guard."""
        data = self._data
        if node[0] == "<" and node != RDF.nil:
            return self._link(node)
        if data.value(node, RDF.first) is not None:
            return Chain(tuple(map(self.path, self._shapes.members(node))))
        for predicate, make in _PATHS.items():
            inner = data.value(node, predicate)
            if inner is not None:
                return make(self.path(inner))
        options = data.value(node, SH.alternativePath) or RDF.nil
        return Choice(tuple(map(self.path, self._shapes.members(options))))

    # -- constraints

    def _constraints(self, term: Term, has_path: bool) -> Iterator[Constraint]:
        for kind, read in _VALUES.items():
            if has_path or kind not in _OF_PATHS:
                for value in self._data.objects(term, getattr(SH, kind)):
                    yield Constraint(kind, read(self, term, value))
        if any(map(_is_true, self._data.objects(term, SH.closed))):
            yield Constraint("closed", self._allowed(term))
        # The literal `1` asks for nothing here (test uniqueLang-002 of the W3C).
        if has_path and any(terms.lexical(value) == "true" for value in self._data.objects(term, SH.uniqueLang)):
            yield Constraint("uniqueLang", None)
        if has_path:
            yield from self._qualified(term)

    def pattern(self, term: Term, value: Term) -> Pattern:
        flags = self._data.value(term, SH.flags)
        return Pattern(terms.lexical(value), terms.lexical(flags) if flags else "")

    def members(self, _: Term, value: Term) -> tuple[Term, ...]:
        return tuple(self._shapes.members(value))

    def part(self, _: Term, value: Term) -> Shape:
        return self.shape(value)

    def parts(self, _: Term, value: Term) -> tuple[Shape, ...]:
        return tuple(map(self.shape, self._shapes.members(value)))

    def link(self, _: Term, value: Term) -> Link:
        return self._link(value)

    def _allowed(self, term: Term) -> tuple[Term, ...]:
        """Return the predicates that a closed shape lets pass."""
        data = self._data
        found = {path for inner in data.objects(term, SH.property) for path in data.objects(inner, SH.path)}
        for ignored in data.objects(term, SH.ignoredProperties):
            found.update(self._shapes.members(ignored))
        return tuple(sorted(path for path in found if path[0] == "<"))

    def _qualified(self, term: Term) -> Iterator[Constraint]:
        data = self._data
        apart = any(map(_is_true, data.objects(term, SH.qualifiedValueShapesDisjoint)))
        for value in data.objects(term, SH.qualifiedValueShape):
            others = tuple(map(self.shape, self._siblings(term, value))) if apart else ()
            for kind in ("qualifiedMinCount", "qualifiedMaxCount"):
                for count in data.objects(term, getattr(SH, kind)):
                    yield Constraint(kind, Qualified(self.shape(value), int(terms.lexical(count)), others))

    def _siblings(self, term: Term, own: Term) -> list[Term]:
        """Return the qualified shapes of the properties beside a property (section 4.7.3)."""
        data = self._data
        beside = {inner for outer in data.subjects(SH.property, term) for inner in data.objects(outer, SH.property)}
        found = {shape for inner in beside for shape in data.objects(inner, SH.qualifiedValueShape)}
        return sorted(found - {own})


def _is_true(term: str) -> bool:
    return terms.lexical(term) in {"true", "1"}


def _term(_: _Parser, __: Term, value: Term) -> Term:
    return value


def _count(_: _Parser, __: Term, value: Term) -> int:
    return int(terms.lexical(value))


_PATHS: Mapping[Term, Callable[[Path], Path]] = {
    SH.inversePath: Inverse,
    SH.zeroOrMorePath: lambda part: Repeat(part, 0, many=True),
    SH.oneOrMorePath: lambda part: Repeat(part, 1, many=True),
    SH.zeroOrOnePath: lambda part: Repeat(part, 0, many=False),
}

#: How the value of each parameter is read; the others need more than one.
_VALUES: Mapping[str, Callable[[_Parser, Term, Term], object]] = {
    "class": _term,
    "datatype": _term,
    "nodeKind": _term,
    "minCount": _count,
    "maxCount": _count,
    "minExclusive": _term,
    "minInclusive": _term,
    "maxExclusive": _term,
    "maxInclusive": _term,
    "minLength": _count,
    "maxLength": _count,
    "pattern": _Parser.pattern,
    "languageIn": _Parser.members,
    "equals": _Parser.link,
    "disjoint": _Parser.link,
    "lessThan": _Parser.link,
    "lessThanOrEquals": _Parser.link,
    "not": _Parser.part,
    "and": _Parser.parts,
    "or": _Parser.parts,
    "xone": _Parser.parts,
    "node": _Parser.part,
    "property": _Parser.part,
    "hasValue": _term,
    "in": _Parser.members,
}

#: Constraints that only property shapes have.
_OF_PATHS = frozenset(["minCount", "maxCount", "lessThan", "lessThanOrEquals"])
