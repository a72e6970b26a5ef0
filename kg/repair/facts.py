"""What repairs are made of: a wish, the statements it changes, and what it asks of a Dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kg.check.graph import Checked, family
from kg.dataset import Dataset
from kg.interop import Quad
from kg.repair.change import ADD, REMOVE
from kg.report import Finding, Location
from kg.statement import DATA, Statement
from kg.terms import Term
from kg.vocab import RDF, SKOS

#: A kind of change with the statement that goes, and the one that comes.
Step = tuple[str, Quad | None, Quad | None]


class Wish(NamedTuple):
    """One repair: what it changes, and why. Without steps it is only said.

    `path` is the file that it concerns as a whole; statements know their own.
    """

    code: str
    reason: str
    steps: tuple[Step, ...] = ()
    location: Location | None = None
    safe: bool = True
    path: str | None = None


class Facts:
    """What repairs ask of a Dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.checked = Checked(dataset)
        #: the statements that repairs made so far take out
        self.gone: set[Quad] = set()
        #: and those they put in
        self.come: set[Quad] = set()

    def name(self, term: str) -> str:
        """Return a term in words."""
        return self.checked.wording.name(term)

    @cached_property
    def described(self) -> set[str]:
        """What has a type here."""
        names = self.checked.terms
        return {names[number] for number in self.checked.pairs(RDF.type).subjects}

    @cached_property
    def schemes(self) -> list[Term]:
        """The schemes described here, in order."""
        return sorted(self.checked.terms[number] for number in self.checked.schemes)

    @cached_property
    def knots(self) -> dict[str, frozenset[str]]:
        """What stands above itself, each with all that it stands above and below at once."""
        names, found = self.checked.terms, dict[str, frozenset[str]]()
        for knot in self.checked.ancestry.knots():
            members = frozenset(names[number] for number in knot)
            found |= dict.fromkeys(members, members)
        return found

    def above(self, term: str) -> set[str]:
        """Return what stands directly above something."""
        up, down = family(SKOS.broaderTransitive), family(SKOS.narrowerTransitive)
        said = self.dataset.match(term), self.dataset.match(None, None, term)
        return {link.object for link in said[0] if link.predicate in up and link.object[0] != '"'} | {
            link.subject for link in said[1] if link.predicate in down
        }

    def has(self, subject: str, predicate: str, object_: str) -> bool:
        """Tell whether the data state something."""
        return (subject, predicate, object_) in self.dataset


Repair = Callable[[Facts, Sequence[Finding]], Iterator[Wish]]


def add(subject: str, predicate: str, object_: str) -> Step:
    """Return the step that states something in the data."""
    return ADD, None, (subject, predicate, object_, DATA)


def remove(statement: Statement) -> Step:
    """Return the step that takes a statement out."""
    return REMOVE, quad_of(statement), None


def quad_of(statement: Statement) -> Quad:
    """Return a statement as its four terms."""
    return statement.subject, statement.predicate, statement.object, statement.graph


def foci(findings: Iterable[Finding]) -> list[str]:
    """Return what findings are about, once each, in their order."""
    return list(dict.fromkeys(found.focus for found in findings if found.focus))


def place_of(findings: Iterable[Finding], focus: str) -> Location | None:
    """Return the place of the first finding about something."""
    return next((found.location for found in findings if found.focus == focus), None)
