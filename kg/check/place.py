"""Lines and columns for findings about statements, looked for when all findings are known: one pass a file."""

from __future__ import annotations

from collections.abc import Iterator

from kg.dataset import Dataset
from kg.report import Finding, Location, Report


def located(report: Report, dataset: Dataset) -> Report:
    """Return a report whose places have lines and columns, where the files they name still say so.

    `dataset` is what was read. A statement that only follows from others stands where
    one of those between its two terms stands. Without such places nothing is read.
    """
    wanted: dict[str, dict[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {}
    for place in _places(report):
        if place.statement is not None:
            file = wanted.setdefault(place.path, {})
            if place.statement not in file:
                file[place.statement] = tuple(_written(place.statement, place.path, dataset))
    if not wanted:
        return report
    found: dict[Location, Location] = {}
    for path, statements in wanted.items():
        find = dataset.finders.get(path)
        asked = {quad: None for written in statements.values() for quad in written}
        there = find(asked) if find and asked else {}
        for statement, written in statements.items():
            place = next((there[quad] for quad in written if quad in there), Location(path))
            found[Location(path, statement=statement)] = place
    return Report(_replaced(finding, found) for finding in report)


def _places(report: Report) -> Iterator[Location]:
    for finding in report:
        if finding.location:
            yield finding.location
        yield from finding.also


def _written(statement: tuple[str, ...], path: str, dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """Yield a statement of a file, or those of it that it may follow from."""
    if statement in dataset:
        yield statement
        return
    subject, _, object_, graph = statement
    for one, other in ((subject, object_), (object_, subject)):
        for found in dataset.match(one, None, other, graph):
            if any(origin.path == path for origin in dataset.origins(found)):
                yield tuple(found)


def _replaced(finding: Finding, found: dict[Location, Location]) -> Finding:
    places = [finding.location, *finding.also] if finding.location else list(finding.also)
    new = list(dict.fromkeys(found.get(place, place) for place in places))
    if not new or not finding.location:
        return finding._replace(also=tuple(new))
    # A place of which only the file is known says nothing beside one in that file.
    lines = {place.path for place in new if place.line}
    kept = [place for place in new if place.line or place.path not in lines]
    return finding._replace(location=kept[0], also=tuple(kept[1:]))
