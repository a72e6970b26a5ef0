"""`kg validate --compare OLD NEW`: what a change of the sources has done to the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.check.baseline import Known
    from kg.limits import Limits


def known_in(path: str, limits: Limits) -> dict[str, Known]:
    """Read a baseline, or a report in JSON.

    Raises `SourceError` for what cannot be read or is neither.
    """
    from kg.check.baseline import read
    from kg.errors import SourceError
    from kg.read.gate import read_bytes

    try:
        return read(read_bytes(path, limits).decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        raise SourceError(path, "not UTF-8, so neither a baseline nor a report in JSON") from error


def compare(paths: Sequence[str], limits: Limits, fail_on: Severity) -> None:
    """Print what is new in the second set of findings and what is gone of the first.

    It ends with exit code 1 when something new reaches the threshold.
    """
    from kg.check.baseline import compare as compared
    from kg.write.report.excerpt import visible

    old, new = (known_in(path, limits) for path in paths)
    difference = compared(old, new)
    for word, items in (("new", difference.new), ("gone", difference.gone)):
        for item in items:
            times = f" ({item.times} times)" if item.times > 1 else ""
            place = f"{item.file}: " if item.file else ""
            click.echo(visible(f"{word}: {place}{item.severity} {item.code}: {item.message}{times}"))
    counts = [sum(item.times for item in items) for items in difference]
    click.echo(f"{counts[0]} new, {counts[1]} gone, {counts[2]} still there")
    if any(Severity(item.severity).reaches(fail_on) for item in difference.new):
        raise click.exceptions.Exit(1)
