"""A graph of shapes: what an engine reads of it, and what a result's shape says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from kg import vocab
from kg.dataset import Dataset
from kg.interop import packaged_quads
from kg.report import Location
from kg.statement import DATA, Statement
from kg.terms import Term
from kg.vocab import RDF, RDFS, SH

#: Parameters by which a shape is a part of another.
PARTS = (SH.property, SH.node, getattr(SH, "not"), SH.qualifiedValueShape)
#: The same, for lists of shapes.
LISTS = (getattr(SH, "and"), getattr(SH, "or"), SH.xone)
#: What is not run; the engines are not shown it, so that they agree.
NOT_RUN = (SH.rule, SH.target, SH.expression, SH.values)
_SEES_ALL = (SH.closed, SH.sparql, SH.select, SH.ask, SH.validator, SH.nodeValidator, SH.propertyValidator)
_SUFFIXES = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_DEEPEST = 50


class Shapes:
    """A shapes graph, either as the text of packaged files or as a Dataset."""

    def __init__(self, text: str | None = None, dataset: Dataset | None = None) -> None:
        self._text, self._given = text, dataset
        self._paths: dict[str, str | None] = {}
        self._roots: dict[str, str | None] = {}

    @classmethod
    def packaged(cls, names: Iterable[str], keep: Callable[[str], bool] | None = None) -> Shapes:
        """Return packaged shapes files, taken together; `keep` as `kg.vocab.shapes` has it.

        Raises `UnknownName` for a file that does not exist.
        """
        return cls("\n".join([vocab.shapes(name, keep) for name in names]))

    @cached_property
    def name(self) -> str:
        """Return what the shapes are called in messages: their first file."""
        origins = (self.dataset.origins(row) for row in self.dataset.match()) if self._given is not None else ()
        return next((found[0].path for found in origins if found), "the shapes")

    @cached_property
    def dataset(self) -> Dataset:
        """Return the shapes as a Dataset; those of packaged files are parsed when they are asked for."""
        if self._given is not None:
            return self._given
        made = Dataset()
        made.fill(packaged_quads(self._text or ""))
        return made

    @cached_property
    def text(self) -> str:
        """Return the shapes as Turtle, without what is not run."""
        if self._text is not None:
            return self._text
        return "".join([f"{s} {p} {o} .\n" for s, p, o, _ in self.run()])

    def run(self) -> Iterator[Statement]:
        """Yield the statements that engines are given."""
        return (statement for statement in self.dataset.match() if statement.predicate not in NOT_RUN)

    @cached_property
    def blanks(self) -> list[Term]:
        """Return the blank nodes in the order in which the text first names them; none are known of packaged files."""
        if self._text is not None:
            return []
        named = (term for s, _, o, _ in self.run() for term in (s, o) if term[:1] == "_")
        return list(dict.fromkeys(named))

    @cached_property
    def seen(self) -> frozenset[str] | None:
        """Return the predicates that the shapes can see, or None when that may be every one.

        SHACL Core reaches data by the predicates that targets, paths and pairs of
        properties name, and by the classes of a node; all of these are objects in the
        shapes graph. A closed shape, and a SPARQL constraint, may look at any.
        """
        used = {statement.predicate for statement in self.dataset.match()}
        known = all(predicate in SH or predicate not in self._parameters for predicate in used)
        if used.intersection(_SEES_ALL) or not known:
            return None
        return frozenset({*(row.object for row in self.dataset.match()), RDF.type, RDFS.subClassOf})

    @cached_property
    def _parameters(self) -> frozenset[str]:
        """Return the parameters of constraint components that the shapes graph declares itself."""
        return frozenset(
            path.object
            for found in self.dataset.match(None, SH.parameter)
            for path in self.dataset.match(found.object, SH.path)
        )

    # -- what a result's shape says -----------------------------------------------------

    def path(self, shape: str) -> str | None:
        """Return the path of a property shape in SPARQL's syntax, None for a node shape."""
        if shape not in self._paths:
            node = self.dataset.value(shape, SH.path)
            self._paths[shape] = None if node is None else self.spelt(node)
        return self._paths[shape]

    def spelt(self, node: str, depth: int = 0) -> str:
        """Return a path in SPARQL's syntax."""
        if (node[0] == "<" and node != RDF.nil) or depth > _DEEPEST:
            return node
        if self.dataset.value(node, RDF.first):
            return "(" + "/".join(self.spelt(part, depth + 1) for part in self.members(node)) + ")"
        found = next(self.dataset.match(node, SH.alternativePath), None)
        if found:
            return "(" + "|".join(self.spelt(part, depth + 1) for part in self.members(found.object)) + ")"
        for predicate, suffix in _SUFFIXES.items():
            for inner in self.dataset.objects(node, predicate):
                return f"{self._atom(inner, depth)}{suffix}"
        for inner in self.dataset.objects(node, SH.inversePath):
            return f"^{self._atom(inner, depth)}"
        return node

    def _atom(self, node: str, depth: int) -> str:
        words = self.spelt(node, depth + 1)
        return words if words[0] in "<(" and words[-1] in ">)" else f"({words})"

    def members(self, node: str) -> list[Term]:
        """Return the members of a list, up to where it ends or begins to repeat."""
        found: list[Term] = []
        seen: set[str] = set()
        while node != RDF.nil and node not in seen:
            seen.add(node)
            found += self.dataset.objects(node, RDF.first)[:1]
            node = self.dataset.value(node, RDF.rest) or RDF.nil
        return found

    def parts(self, shape: str) -> Iterator[tuple[Statement, Term]]:
        """Yield the shapes that a shape is made of, each with the statement that says so."""
        for predicate in PARTS:
            for found in self.dataset.match(shape, predicate):
                yield found, found.object
        for predicate in LISTS:
            for found in self.dataset.match(shape, predicate):
                for member in self.members(found.object):
                    yield found, member

    def root(self, shape: str) -> str | None:
        """Return the nearest shape with an IRI, from a shape outwards: itself, if it has one."""
        if shape[0] == "<":
            return shape
        if shape not in self._roots:
            self._roots[shape] = self._nearest(shape)
        return self._roots[shape]

    def _nearest(self, shape: str) -> str | None:
        todo, seen = [shape], {shape}
        while todo:
            inner = todo.pop(0)
            for found in self.dataset.match(None, None, inner):
                # A member of a list leads to the list, and that to the shape.
                if found.predicate in (*PARTS, *LISTS, RDF.first, RDF.rest) and found.subject not in seen:
                    if found.subject[0] == "<":
                        return found.subject
                    seen.add(found.subject)
                    todo.append(found.subject)
        return None

    def located(self, statements: Iterable[Statement]) -> dict[Statement, Location]:
        """Return where statements stand in the files of shapes, with their lines where they can be found."""
        places: dict[Statement, Location] = {}
        files: dict[str, list[tuple[str, ...]]] = {}
        for statement in statements:
            for origin in self.dataset.origins(statement)[:1]:
                places[statement] = Location(origin.path)
                files.setdefault(origin.path, []).append((*statement[:3], DATA))
        for path, wanted in files.items():
            find = self.dataset.finders.get(path)
            for quad, place in (find(wanted) if find else {}).items():
                places[Statement(*map(Term, quad))] = place
        return places
