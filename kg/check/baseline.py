"""A baseline: the findings that were there before, so that only new ones fail.

It is a JSON file that a person can read and compare: a line for each finding, in the
order of files and codes, with the id that tells whether it is the same (`Finding.id`
survives moved lines), and how many equal ones there are. A report as JSON can be used in
its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kg.errors import SourceError
from kg.report import Finding, Report, Severity

_FORMATS = ("kgexport-baseline", "kgexport-report")
VERSION = 1
_REMEDY = "write it anew with --update-baseline"
_SEVERITIES = tuple(severity.value for severity in Severity)


class Known(NamedTuple):
    """What a baseline holds of equal findings: their id, their number, and words for people."""

    id: str
    code: str
    severity: str
    file: str
    message: str
    times: int = 1


class Difference(NamedTuple):
    """Two sets of findings compared; each list in the order of the set it is of."""

    new: list[Known]
    gone: list[Known]
    still: list[Known]


Baseline = Mapping[str, Known]


def of(report: Report) -> dict[str, Known]:
    """Return what a baseline holds of a report, by id."""
    found: dict[str, Known] = {}
    for finding in report:
        _count(found, _known(finding))
    return found


def _known(finding: Finding) -> Known:
    path = finding.location.path if finding.location else ""
    return Known(finding.id, finding.code, finding.severity.value, _name(path), finding.message)


def _name(path: str) -> str:
    # The directory is no part of the id, and differs from one machine to the next.
    return path.replace("\\", "/").rpartition("/")[2]


def _count(found: dict[str, Known], item: Known) -> None:
    before = found.get(item.id)
    found[item.id] = item if before is None else before._replace(times=before.times + item.times)


def write(report: Report) -> str:
    """Return the text of a baseline that knows every finding of a report.

    >>> from kg.report import Location
    >>> one = Finding("page.empty", Severity.VIOLATION, "the page is empty", "write", Location("a/x.txt", 1))
    >>> print(write(Report([one])), end="")
    {
     "format": "kgexport-baseline",
     "version": 1,
     "counts": {"violation": 1, "warning": 0, "info": 0},
     "findings": [
      {"id": "...", "code": "page.empty", "severity": "violation", "file": "x.txt", "message": "the page is empty"}
     ]
    }
    """
    import json

    items = sorted(of(report).values(), key=lambda item: (item.file, item.code, item.message, item.id))
    counts = dict.fromkeys((severity.value for severity in Severity), 0)
    for item in items:
        counts[item.severity] += item.times
    rows = [json.dumps(_row(item), ensure_ascii=False) for item in items]
    listed = "[" + ",".join(f"\n  {row}" for row in rows) + ("\n ]" if rows else "]")
    return (
        f'{{\n "format": "{_FORMATS[0]}",\n "version": {VERSION},\n "counts": {json.dumps(counts)},\n'
        f' "findings": {listed}\n}}\n'
    )


def _row(item: Known) -> dict[str, Any]:
    row: dict[str, Any] = {**item._asdict(), "count": item.times}
    del row["times"]
    if item.times == 1:
        del row["count"]
    return row


def read(text: str, path: str) -> dict[str, Known]:
    """Read a baseline, or a report as JSON; `path` is its name for the messages.

    Raises `SourceError` for what is neither.
    """
    import json

    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(path, f"not JSON ({error}); {_REMEDY}") from error
    if not isinstance(content, dict) or content.get("format") not in _FORMATS:
        raise SourceError(path, f"neither a baseline nor a report of kg validate as JSON; {_REMEDY}")
    if content.get("version") != VERSION:
        raise SourceError(path, f"written by another version of kgexport; {_REMEDY}")
    rows = content.get("findings")
    found: dict[str, Known] = {}
    for row in rows if isinstance(rows, list) else [None]:
        _count(found, _read_row(row, path, is_report=content["format"] == _FORMATS[1]))
    return found


def _read_row(row: object, path: str, *, is_report: bool) -> Known:
    if isinstance(row, dict):
        number = row.get("count", 1)
        name, code, severity, message = (row.get(key) for key in ("id", "code", "severity", "message"))
        place = row.get("place") if is_report else row
        file = place.get("file", "") if isinstance(place, dict) else ""
        words = (name, code, message, file)
        if severity in _SEVERITIES and isinstance(number, int) and number > 0:
            name, code, message, file = (word if isinstance(word, str) else "" for word in words)
            if name and code:
                # A report numbers equal findings.
                return Known(name.partition("-")[0], code, str(severity), _name(file), message, number)
    raise SourceError(path, f"a finding in it has no id, code or severity; {_REMEDY}")


def split(report: Report, baseline: Baseline) -> tuple[set[str], list[Known]]:
    """Tell what of a report a baseline knows, and what of the baseline is gone.

    The first are names as `Report.named` gives them. Of several equal findings the first
    in order are the known ones, as many as the baseline has.
    """
    left = {name: item.times for name, item in baseline.items()}
    known = set()
    for name, finding in report.named():
        if left.get(finding.id, 0):
            left[finding.id] -= 1
            known.add(name)
    return known, [baseline[name]._replace(times=number) for name, number in left.items() if number]


def compare(old: Baseline, new: Baseline) -> Difference:
    """Compare two sets of findings: what is new, what is gone, and what is still there."""
    return Difference(list(_beyond(new, old)), list(_beyond(old, new)), [
        item._replace(times=min(item.times, old[item.id].times)) for item in new.values() if item.id in old
    ])  # fmt: skip


def _beyond(one: Baseline, other: Baseline) -> Iterable[Known]:
    for item in one.values():
        more = item.times - (other[item.id].times if item.id in other else 0)
        if more > 0:
            yield item._replace(times=more)
