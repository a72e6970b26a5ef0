"""Annotations of GitHub Actions: workflow commands, one a line, that the runner shows at the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator

from kg.report import Finding, Severity
from kg.write.report.excerpt import visible
from kg.write.report.shown import Shown

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(shown: Shown) -> Iterator[str]:
    """Yield a workflow command for each finding that no baseline holds."""
    for entry in shown.new():
        yield _command(entry.finding)


def _command(finding: Finding) -> str:
    fields: dict[str, object] = {}
    if place := finding.location:
        fields["file"] = place.path
        if place.line:
            fields["line"] = place.line
            fields["endLine"] = place.end_line or place.line
            # Columns mean something within one line only; the last one is the last character's.
            if place.column and place.end_line in (None, place.line):
                fields["col"] = place.column
                fields["endColumn"] = max(place.column, (place.end_column or place.column) - 1)
    fields["title"] = finding.code
    told = ",".join(f"{name}={_property(str(value))}" for name, value in fields.items())
    also = "".join(f"; also {other}" for other in finding.also)
    return f"::{_COMMANDS[finding.severity]} {told}::{_data(f'{finding.message}{also} – {finding.remedy}')}\n"


def _data(text: str) -> str:
    """Escape the message of a command; a line that starts with `::` would be one of its own."""
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
