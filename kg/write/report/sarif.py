"""SARIF 2.1.0 (OASIS Standard, with errata 01), which code hosts and editors show at the lines of a file.

The id of a finding is its fingerprint, so it stays the same result when lines move.
Columns count Unicode code points, and a range ends before its end column (section 3.30).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kg.report import Fix, Location, Severity
from kg.write.report.excerpt import visible
from kg.write.report.shown import Entry, Gone, Shown, help_of, rule_of

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
#: What an address may hold besides letters and digits (RFC 3986); the rest is percent-encoded.
_SAFE = "/-._~!$&'()*+,;=@"


def write(shown: Shown) -> Iterator[str]:
    """Yield the log: one run, its rules, a result for each finding."""
    import json
    from importlib.metadata import version

    codes = sorted({entry.finding.code for entry in shown.entries} | {gone.code for gone in shown.gone})
    numbers = {code: number for number, code in enumerate(codes)}
    levels = {entry.finding.code: entry.finding.severity for entry in reversed(shown.entries)}
    driver = {
        "name": "kgexport",
        "version": version("kgexport"),
        "informationUri": "https://w3id.org/kgexport/",
        "rules": [_rule(code, levels.get(code, Severity.WARNING)) for code in codes],
    }
    results = [_result(entry, numbers, compared=shown.compared) for entry in shown.entries]
    results += [_absent(gone, numbers) for gone in shown.gone]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str, severity: Severity) -> dict[str, Any]:
    """Describe a rule; of one that is a user's own shape only its code is known."""
    rule = rule_of(code)
    fields: dict[str, Any] = {"id": code}
    if rule:
        fields["shortDescription"] = {"text": _sentence(rule.message)}
        fields["help"] = {"text": _sentence(rule.remedy)}
        if rule.source:
            fields["fullDescription"] = {"text": f"{_sentence(rule.message)} ({rule.source})"}
        if rule.profile:
            fields["properties"] = {"tags": [rule.profile]}
    if address := help_of(code):
        fields["helpUri"] = address
    fields["defaultConfiguration"] = {"level": _LEVELS[rule.severity if rule else severity]}
    return fields


def _sentence(template: str) -> str:
    """Return a template with dots in place of its fields.

    >>> _sentence("the page {page!r} is empty")
    'the page … is empty'
    """
    from string import Formatter

    return "".join(text + ("…" if field is not None else "") for text, field, _, _ in Formatter().parse(template))


def _result(entry: Entry, numbers: dict[str, int], *, compared: bool) -> dict[str, Any]:
    finding = entry.finding
    fields: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": numbers[finding.code],
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message, f"Fix: {finding.remedy}"),
        **_fingerprints(entry.name),
    }
    if finding.location:
        fields["locations"] = [_location(finding.location)]
    if finding.also:
        fields["relatedLocations"] = _related(finding.also)
    if compared:
        fields["baselineState"] = "unchanged" if entry.known else "new"
    if entry.fix:
        fields["fixes"] = [_fix(entry.fix)]
    terms = {"focus": finding.focus, "path": finding.path, "value": finding.value,
             "component": finding.component, "shape": finding.shape}  # fmt: skip
    if any(terms.values()):
        fields["properties"] = {name: term for name, term in terms.items() if term}
    return fields


def _fix(fix: Fix) -> dict[str, Any]:
    """Return a fix (section 3.55): its replacements by file, each a region that goes and the text that comes."""
    changes: dict[str, list[dict[str, Any]]] = {}
    for place, text in fix.replacements:
        replacement: dict[str, Any] = {"deletedRegion": _region(place)}
        if text:
            replacement["insertedContent"] = {"text": text}
        changes.setdefault(place.path, []).append(replacement)
    return {
        "description": _message(fix.reason if fix.safe else f"{fix.reason} (an editor decides)"),
        "artifactChanges": [
            {"artifactLocation": {"uri": address(path)}, "replacements": made} for path, made in changes.items()
        ],
    }


def _message(*sentences: str) -> dict[str, str]:
    # Brackets and backslashes are the links of SARIF's messages (section 3.11.6).
    text = ". ".join(visible(sentence) for sentence in sentences if sentence)
    return {"text": text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")}


def _fingerprints(name: str) -> dict[str, Any]:
    identity, _, number = name.partition("-")
    # The second is the one that GitHub reads.
    return {
        "fingerprints": {"kgexport/v1": name},
        "partialFingerprints": {"primaryLocationLineHash": f"{identity}:{number or 1}"},
    }


def _absent(gone: Gone, numbers: dict[str, int]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "ruleId": gone.code,
        "ruleIndex": numbers[gone.code],
        "level": _LEVELS[Severity(gone.severity)],
        "message": _message(gone.message or "no longer found"),
        **_fingerprints(gone.name),
        "baselineState": "absent",
    }
    if gone.file:
        fields["locations"] = [_location(Location(gone.file))]
    return fields


def _related(places: Sequence[Location]) -> list[dict[str, Any]]:
    return [
        {"id": number, "message": {"text": "also here"}, **_location(place)} for number, place in enumerate(places, 1)
    ]


def _location(place: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": address(place.path)}}
    if place.line:
        physical["region"] = _region(place)
    return {"physicalLocation": physical}


def _region(place: Location) -> dict[str, Any]:
    """Return the region of a place that has a line (section 3.30)."""
    region: dict[str, Any] = {"startLine": place.line}
    if place.column:
        region["startColumn"] = place.column
        region["endLine"] = place.end_line or place.line
        region["endColumn"] = place.end_column or place.column
    return region


def address(path: str) -> str:
    """Return the relative or file address of a path.

    >>> address("a b/ü.ttl"), address("C:\\\\x.ttl"), address("/x.ttl")
    ('a%20b/%C3%BC.ttl', 'file:///C:/x.ttl', 'file:///x.ttl')
    """
    from urllib.parse import quote

    slashed = path.replace("\\", "/")
    if slashed[1:3] == ":/":
        return f"file:///{slashed[:2]}{quote(slashed[2:].encode('utf-8', 'surrogateescape'), safe=_SAFE)}"
    quoted = quote(slashed.encode("utf-8", "surrogateescape"), safe=_SAFE)
    return f"file://{quoted}" if slashed.startswith("/") else quoted
