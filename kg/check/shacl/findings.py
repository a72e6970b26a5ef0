"""The results of packaged shapes as findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from kg import rule, terms
from kg.check.shacl.engine import Result, validate
from kg.check.shacl.feed import FEW
from kg.check.shacl.shapes import Shapes
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.hierarchy import hierarchy
from kg.report import Finding, Location
from kg.statement import DATA
from kg.vocab import EVIDENCE, KG_SHAPES, PREFIXES, RDF, SKOS, SKOSXL

_DISJOINT, _UNIQUE = "DisjointConstraintComponent", "UniqueLangConstraintComponent"
_LABELS = "skos.s14"


def packaged(
    dataset: Dataset,
    profiles: Iterable[str],
    engine: str = "shacl",
    wording: Wording | None = None,
    keep: Callable[[str], bool] | None = None,
) -> Iterator[Finding]:
    """Yield what packaged shapes find; one defect is one finding, however many shapes or directions show it.

    What the engine `shacl` would take long over is run over columns; the reference engine runs every shape.
    """
    # What was read has all names and, mostly, the place.
    results = _results(dataset, tuple(profiles), engine, keep or (lambda _: True))
    return told(results, wording or Wording(dataset), dataset)


def told(results: Iterable[Result], wording: Wording, dataset: Dataset) -> Iterator[Finding]:
    """Yield the findings of results; one defect is one finding."""
    seen: set[tuple[str, ...]] = set()
    teller = _Teller(wording, dataset)
    for code, result in sorted([(code_of(result.shape), result) for result in results], key=_order):
        defect = _defect(code, result)
        if defect not in seen:
            seen.add(defect)
            yield teller(code, result)


def _results(dataset: Dataset, profiles: Collection[str], engine: str, keep: Callable[[str], bool]) -> Iterator[Result]:
    graphs, left = (DATA, EVIDENCE), keep
    if engine == "shacl" and len(dataset) > FEW:
        from kg.check.graph import Checked
        from kg.check.shacl import columns

        checked = Checked(dataset)
        if columns.can_run(checked):
            yield from columns.results(checked, lambda code: code.partition(".")[0] in profiles and keep(code))

            def left(code: str) -> bool:
                return code not in columns.CODES and keep(code)

    yield from validate(dataset, Shapes.packaged(profiles, left), engine, graphs)


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
    first, others = wording.place(*wording.between(result.focus, result.value or '""'))
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
    labels = code_of(result.shape) == _LABELS
    for subject, link, value in _choices(result, predicate):
        if value and dataset is not wording.dataset:
            derived = [(subject, link, value, graph) for graph in (DATA, EVIDENCE)]
            known = [place for statement in derived for place in dataset.locations(statement)]
            if known:
                return known[0], tuple(known[1:])
        found = wording.stated(subject, link, value)
        if value is None and (labels or result.component == _UNIQUE):
            # That several are in one language is said of all; those that are show it.
            found = _clashing(found, untagged=labels) or found
        if value is None and link == RDF.type:
            found = [row for row in found if _is_known(row[2])] or found
        location, also = wording.place(*found)
        if location:
            return location, also
    return wording.place(*wording.naming(result.focus))


def _clashing(found: Iterable[tuple[str, ...]], *, untagged: bool) -> list[tuple[str, ...]]:
    """Return the statements whose text is in the language of another one's, those of one language side by side.

    With `untagged`, no language is one, too.
    """
    groups: dict[str, list[tuple[str, ...]]] = {}
    for row in found:
        value = row[2]
        tag = (terms.language(value) or "").lower() if value[0] == '"' else ""
        if value[0] == '"' and value[-1] != ">" and (tag or untagged):
            groups.setdefault(tag, []).append(row)
    return [row for group in groups.values() if len(group) > 1 for row in group]


def _is_known(kind: str) -> bool:
    """Tell whether a class is one of SKOS or below one: of the types of a resource, rules look at these."""
    return kind in SKOS or kind in SKOSXL or bool(hierarchy().supers(kind))


def _choices(result: Result, predicate: str | None) -> Iterator[tuple[str, str, str | None]]:
    focus, value = result.focus, result.value
    inverse = (result.path or "")[:1] == "^"
    if predicate and value and value != focus:
        yield (value, predicate, focus) if inverse else (focus, predicate, value)
    if predicate and not inverse:
        yield focus, predicate, None
    if focus[0] != '"':
        yield focus, RDF.type, None
