"""A user's own shapes: their results as findings, under the names that the shapes have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg import terms
from kg.check.shacl.engine import Result, validate
from kg.check.shacl.findings import detailed, first_property, place
from kg.check.shacl.guard import guarded
from kg.check.shacl.shapes import Shapes
from kg.check.shacl.wording import local, sentence
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.report import Finding, Location, Severity
from kg.statement import Statement
from kg.vocab import RDF, SH

#: Before the name of a shape, in the code of its findings.
PREFIX = "shapes."
_UNNAMED = "unnamed"
# Its messages, and those of components that are not SHACL's, are made for each result: the engine knows them.
_SPARQL = "SPARQLConstraintComponent"


def check(wording: Wording, given: Dataset, engine: str = "shacl") -> Iterator[Finding]:
    """Yield what is to be said of a user's shapes, and what they find in the data graph that `wording` speaks of.

    Raises `SourceError`, with file and line, for shapes that cannot be run.
    """
    shapes = Shapes(dataset=given)
    yield from guarded(shapes)
    yield from told(validate(wording.dataset, shapes, engine), shapes, wording)


def told(given: Iterable[Result], shapes: Shapes, wording: Wording) -> Iterator[Finding]:
    """Yield the findings of results of a user's shapes."""
    results = sorted(set(given), key=_order)
    tell = _Teller(shapes, results)
    for result in results:
        yield tell(wording, result)


def _order(result: Result) -> tuple[str, ...]:
    return tuple(part or "" for part in result[:6])


class _Teller:
    """Makes findings of results."""

    def __init__(self, shapes: Shapes, results: Iterable[Result]) -> None:
        self._shapes = shapes
        self._codes = codes(shapes)
        self._messages: dict[str, str | None] = {}
        self._severities: dict[str, str] = {}
        self._places = self._found({result.shape for result in results})

    def __call__(self, wording: Wording, result: Result) -> Finding:
        shapes = self._shapes
        root = shapes.root(result.shape)
        location, also = place(wording, wording.dataset, result, first_property(result.path))
        own = sentence(wording, shapes, result)
        message = self._message(result)
        where = f"the shape {local(root) if root else 'without a name'}{self._places.get(result.shape, '')}"
        found = Finding(
            self._codes.get(root or "", PREFIX + _UNNAMED),
            self._grade(result),
            message or own,
            f"{own}; {where}" if message else f"see {where}",
            location,
            result.focus,
            also,
        )
        return detailed(found, result, root)

    def _grade(self, result: Result) -> Severity:
        """Return the severity: a property shape that names none has that of the shape it is a property of."""
        if result.shape not in self._severities:
            self._severities[result.shape] = _severity(self._shapes.dataset, result.shape) or result.severity
        return result._replace(severity=self._severities[result.shape]).grade

    def _message(self, result: Result) -> str | None:
        """Return what the shape says: in English, else without a language, else in the first one."""
        if result.component == _SPARQL or "://" in result.component:
            return _line(min(result.messages, default=None))
        if result.shape not in self._messages:
            said = min(self._shapes.dataset.objects(result.shape, SH.message), key=_english_first, default=None)
            self._messages[result.shape] = None if said is None else _line(terms.lexical(said))
        return self._messages[result.shape]

    def _found(self, wanted: set[str]) -> Mapping[str, str]:
        """Return where shapes stand in their files, in words."""
        data = self._shapes.dataset
        ways = {shape: _first(data, shape) for shape in sorted(wanted)}
        places = self._shapes.located(statement for statement in ways.values() if statement)
        known = {shape: places.get(statement) for shape, statement in ways.items() if statement}
        return {shape: f" ({_file(place)})" for shape, place in known.items() if place}


def codes(shapes: Shapes) -> dict[str, str]:
    """Return the code of each shape that has an IRI: its local name, or its IRI where two have the same name."""
    named = {found.subject for found in shapes.dataset.match() if found.subject[0] == "<"}
    by_name: dict[str, list[str]] = {}
    for shape in sorted(named):
        if any(predicate in SH for predicate in {found.predicate for found in shapes.dataset.match(shape)}):
            by_name.setdefault(local(shape), []).append(shape)
    return {
        shape: PREFIX + (name if len(found) == 1 else terms.iri_text(shape))
        for name, found in by_name.items()
        for shape in found
    }


def _first(data: Dataset, shape: str) -> Statement | None:
    """Return the statement by which a shape is looked for in its file."""
    for predicate in (RDF.type, SH.path, None):
        for found in data.match(shape, predicate):
            return found
    return None


def _severity(data: Dataset, shape: str, seen: tuple[str, ...] = ()) -> str | None:
    """Return the severity of a shape: its own, else that on which the shapes with it as a property agree."""
    own = data.value(shape, SH.severity)
    if own or shape in seen:
        return own
    above = {_severity(data, outer, (*seen, shape)) for outer in data.subjects(SH.property, shape)}
    return above.pop() if len(above) == 1 else None


def _file(place: Location) -> str:
    name = place.path.replace("\\", "/").rpartition("/")[2]
    return f"{name}:{place.line}" if place.line else name


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) if text and text.strip() else None


def _english_first(label: str) -> tuple[bool, bool, str]:
    tag = terms.language(label) or ""
    return not (tag == "en" or tag.startswith("en-")), bool(tag), label
