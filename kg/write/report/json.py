"""A report as JSON, for programs: docs/report.schema.json is its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.report import Finding, Fix, Location, Severity
from kg.write.report.shown import Entry, Gone, Shown, counts, help_of, rule_of

#: It goes up when a field changes its meaning or goes away; new fields may come.
VERSION = 1


def write(shown: Shown) -> Iterator[str]:
    """Yield the report, a finding a line, so that two reports can be compared as text."""
    import json
    from importlib.metadata import version

    head = {
        "format": "kgexport-report",
        "version": VERSION,
        "tool": {"name": "kgexport", "version": version("kgexport")},
        "failOn": shown.fail_on.value,
        "conforms": shown.conforms,
        "counts": {severity.value: _count(shown, severity) for severity in Severity},
        "codes": dict(sorted(counts(shown.entries).items())),
    }
    if shown.compared:
        states = [entry.known for entry in shown.entries]
        gone = sum(gone.times for gone in shown.gone)
        head["baseline"] = {"new": states.count(False), "known": states.count(True), "gone": gone}
    yield "{\n"
    for name, value in head.items():
        yield f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)},\n"
    if shown.compared:
        yield from _rows("gone", (_gone(item) for item in shown.gone), json.dumps)
        yield ",\n"
    yield from _rows("findings", (_finding(entry, shown) for entry in shown.entries), json.dumps)
    yield "\n}\n"


def _gone(item: Gone) -> dict[str, Any]:
    known = {"code": item.code, "severity": item.severity, "file": item.file, "message": item.message}
    return {"id": item.name, **known, "count": item.times}


def _rows(name: str, rows: Iterator[dict[str, Any]], dumps: Any) -> Iterator[str]:
    yield f' "{name}": ['
    joint = "\n  "
    for row in rows:
        yield joint + dumps(row, ensure_ascii=False)
        joint = ",\n  "
    yield "]" if joint[0] == "\n" else "\n ]"


def _count(shown: Shown, severity: Severity) -> int:
    return sum(entry.finding.severity is severity for entry in shown.entries)


def _finding(entry: Entry, shown: Shown) -> dict[str, Any]:
    found = entry.finding
    rule = rule_of(found.code)
    fields: dict[str, Any] = {
        "id": entry.name,
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "remedy": found.remedy,
        "help": help_of(found.code) or None,
        "profile": (rule.profile or None) if rule else None,
        "place": place_of(found.location) if found.location else None,
        "also": [place_of(place) for place in found.also] or None,
        **_terms(found),
        "fix": _fix(entry.fix) if entry.fix else None,
    }
    if shown.compared:
        fields["known"] = entry.known
    return {name: value for name, value in fields.items() if value is not None}


def _fix(fix: Fix) -> dict[str, Any]:
    changes = [{"place": place_of(place), "text": text} for place, text in fix.replacements]
    return {"reason": fix.reason, "safe": fix.safe, "changes": changes}


def _terms(found: Finding) -> dict[str, str | None]:
    return {
        "focus": found.focus,
        "path": found.path,
        "value": found.value,
        "component": found.component,
        "shape": found.shape,
    }


def place_of(place: Location) -> dict[str, Any]:
    """Return a place as JSON has it: what is not known is left out."""
    fields = {
        "file": place.path,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {name: value for name, value in fields.items() if value is not None}
