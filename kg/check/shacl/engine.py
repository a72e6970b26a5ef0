"""The adapter: one table of engines, one form of result."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import import_module
from typing import NamedTuple

from kg.check.shacl.feed import Feed
from kg.check.shacl.shapes import Shapes
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.report import Severity
from kg.statement import DATA
from kg.terms import Term
from kg.vocab import SH


class Result(NamedTuple):
    """One result of an engine.

    All are terms in N-Triples form, with the labels that blank nodes have in the data and in
    the shapes, except: `path` is a term or, where it is more than one property, in SPARQL's
    syntax (None for a constraint on the node itself); `component` is the name of SHACL's
    constraint component, or the IRI of another one; `messages` are texts.
    """

    shape: str
    focus: str
    path: str | None
    value: str | None
    component: str
    severity: str
    messages: tuple[str, ...] = ()

    @property
    def grade(self) -> Severity:
        """Return the severity as ours; one that SHACL does not name counts as a violation."""
        return _GRADES.get(Term(self.severity), Severity.VIOLATION)


_GRADES: Mapping[Term, Severity] = {SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}


def severity_of(grade: Severity) -> Term:
    """Return the severity of SHACL that a grade of ours is.

    >>> severity_of(Severity.WARNING)
    '<http://www.w3.org/ns/shacl#Warning>'
    """
    return next((term for term, known in _GRADES.items() if known is grade), SH.Violation)


#: What each engine is called, and the module that runs it.
ENGINES: Mapping[str, str] = {"shacl": "kg.check.shacl.native", "pyshacl": "kg.check.shacl.reference"}


def validate(data: Dataset, shapes: Shapes, engine: str = "shacl", graphs: Collection[str] = (DATA,)) -> list[Result]:
    """Validate some graphs of a Dataset, taken as one, against shapes.

    Results come in no order that means anything. Nothing is inferred, nothing is fetched,
    and rules of shapes are not run.

    Raises `UnknownName` for an engine that does not exist, and `SourceError` for shapes that
    it refuses.
    """
    module = ENGINES.get(engine)
    if module is None:
        raise UnknownName("SHACL engine", engine, ENGINES)
    found: list[Result] = import_module(module).run(Feed(data, graphs, shapes), shapes)
    return found
