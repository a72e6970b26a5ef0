"""The results of packaged shapes as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kg import rule, terms
from kg.check.shacl.engine import Result, validate
from kg.check.shacl.shapes import Shapes
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.hierarchy import hierarchy
from kg.report import Finding, Location
from kg.statement import DATA, Statement
from kg.vocab import EVIDENCE, KG_SHAPES, PREFIXES, RDF, SKOS, SKOSXL

_DISJOINT, _UNIQUE = "DisjointConstraintComponent", "UniqueLangConstraintComponent"
_LABELS = "skos.s14"


def packaged(dataset: Dataset, shapes: Shapes, engine: str = "shacl", read: Dataset | None = None) -> Iterator[Finding]:
    """Yield what packaged shapes find; one defect is one finding, however many shapes or directions show it."""
    results = validate(dataset, shapes, engine, (DATA, EVIDENCE))
    seen: set[tuple[str, ...]] = set()
    # What was read has all names and, mostly, the place; other checks have its indexes made already.
    teller = _Teller(Wording(dataset if read is None else read), dataset)
    for code, result in sorted([(code_of(result.shape), result) for result in results], key=_order):
        defect = _defect(code, result)
        if defect not in seen:
            seen.add(defect)
            yield teller(code, result)


@cache
def code_of(shape: str) -> str:
    """Return the code of a packaged shape: its local name up to a colon.

    >>> code_of("<https://w3id.org/kgexport/shapes#skos.s13:alt>")
    'skos.s13'
    """
    return terms.iri_text(shape).removeprefix(KG_SHAPES.base).partition(":")[0]


def _order(found: tuple[str, Result]) -> tuple[str | int, ...]:
    """Sort by rule and place; of a property and one below it, the one below comes first.

    Results come in no order, and of those that show one defect the first is told, so nothing is left to chance.
    """
    code, result = found
    path = result.path or ""
    above = -len(hierarchy().supers(path))
    return code, result.focus, result.value or "", above, path, result.component, result.shape, result.severity


def _defect(code: str, result: Result) -> tuple[str, ...]:
    """Return what tells one defect from another."""
    if result.component == _DISJOINT and result.value:
        # Relations that hold both ways clash both ways.
        return code, *sorted((result.focus, result.value))
    return code, result.focus, result.value or ""


class _Teller:
    """Makes findings of the results of packaged shapes."""

    def __init__(self, wording: Wording, dataset: Dataset) -> None:
        self._wording, self._dataset = wording, dataset

    def __call__(self, code: str, result: Result) -> Finding:
        wording = self._wording
        predicate = first_property(result.path)
        kind = hierarchy().range(predicate) if predicate else None
        location, also = place(wording, self._dataset, result, predicate)
        if location and result.component == _DISJOINT:
            also = _both_sides(wording, result, location, also)
        found = rule.finding(
            code,
            location,
            result.focus,
            also=also,
            subject=wording.name(result.focus),
            property=(PREFIXES.compress(terms.iri_text(predicate)) or predicate) if predicate else "",
            value=wording.name(result.value) if result.value else "",
            kind=(hierarchy().label(kind) or wording.name(kind)) if kind else "",
        )
        return detailed(found, result, result.shape)


def _both_sides(
    wording: Wording, result: Result, location: Location, also: tuple[Location, ...]
) -> tuple[Location, ...]:
    """Return the other places of a clash, which has two sides: what else is stated between its two terms."""
    read, focus, value = wording.dataset, result.focus, result.value or ""
    stated = [*read.match(focus, None, value), *(read.match(value, None, focus) if value[:1] != '"' else ())]
    first, others = wording.place(*stated)
    return tuple(dict.fromkeys(at for at in (*also, first, *others) if at and at != location))


def detailed(found: Finding, result: Result, shape: str | None) -> Finding:
    """Return a finding that tells the terms of a result."""
    return found._replace(
        path=result.path,
        value=result.value,
        component=result.component,
        shape=terms.iri_text(shape) if shape else None,
    )


def first_property(path: str | None) -> str | None:
    """Return the first property of a path.

    >>> first_property("(<http://e.org/a>/<http://e.org/b>)")
    '<http://e.org/a>'
    """
    if path and path[0] == "<" and path[-1] == ">":
        return path
    found = re.search("<[^>]*>", path or "")
    return found[0] if found else None


def place(
    wording: Wording, dataset: Dataset, result: Result, predicate: str | None
) -> tuple[Location | None, tuple[Location, ...]]:
    """Return where the defect shows best: the narrowest choice of statements that has a place.

    What was read is looked at, and `dataset` for a value that only follows from it.
    """
    read, labels = wording.dataset, code_of(result.shape) == _LABELS
    for subject, wanted, value in _choices(result, predicate):
        if subject and wanted and value and dataset is not read:
            derived = [(subject, wanted, value, graph) for graph in (DATA, EVIDENCE)]
            known = [place for statement in derived for place in dataset.locations(statement)]
            if known:
                return known[0], tuple(known[1:])
        found = list(read.match(subject, wanted, value, graph=None))
        if value is None and (labels or result.component == _UNIQUE):
            # That several are in one language is said of all; those that are show it.
            found = _clashing(found, untagged=labels) or found
        if wanted == RDF.type and value is None:
            found = [one for one in found if _is_known(one.object)] or found
        # A list of everything said of a node is no place: its first statement stands for it.
        location, also = wording.place(*(found if wanted else found[:1]))
        if location:
            return location, also
    return None, ()


def _clashing(found: list[Statement], *, untagged: bool) -> list[Statement]:
    """Return the statements whose text is in the language of another one's, those of one language side by side.

    With `untagged`, no language is one, too.
    """
    groups: dict[str, list[Statement]] = {}
    for statement in found:
        tag = (terms.language(statement.object) or "").lower()
        if (tag or untagged) and statement.object[0] == '"' and statement.object[-1] != ">":
            groups.setdefault(tag, []).append(statement)
    return [statement for group in groups.values() if len(group) > 1 for statement in group]


def _is_known(kind: str) -> bool:
    """Tell whether a class is one of SKOS or below one: of the types of a resource, rules look at these."""
    return kind in SKOS or kind in SKOSXL or bool(hierarchy().supers(kind))


def _choices(result: Result, predicate: str | None) -> Iterator[tuple[str | None, str | None, str | None]]:
    focus, value = result.focus, result.value
    inverse = (result.path or "")[:1] == "^"
    if predicate and value and value != focus:
        yield (value, predicate, focus) if inverse else (focus, predicate, value)
    if predicate and not inverse:
        yield focus, predicate, None
    if focus[0] != '"':
        yield focus, RDF.type, None
        yield focus, None, None
    yield None, None, focus
