"""A report for people: file by file, each finding with its line of the source and a caret under the range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.report import Severity
from kg.write.report.excerpt import Excerpt, visible, width
from kg.write.report.shown import Entry, Shown, by_file, counts, help_of, summary

_COLOURS = {Severity.VIOLATION: "31", Severity.WARNING: "33", Severity.INFO: "34"}
_BOLD, _DIM = "1", "2"


def write(shown: Shown) -> Iterator[str]:
    """Yield the report; what a baseline knows is counted, not shown."""
    new = shown.new()
    groups = list(by_file(new))
    for path, entries in groups:
        if len(groups) > 1:
            yield _styled(f"{visible(path) or 'the glossary as a whole'}: {summary(entries)}", _BOLD, shown) + "\n"
        for entry in entries:
            yield "".join(f"{line}\n" for line in _finding(entry, shown))
        yield "\n"
    if new:
        yield from (f"{line}\n" for line in _counts(new, shown))
    yield from (f"{line}\n" for line in _compared(shown))
    yield shown.summary() + "\n"


def _finding(entry: Entry, shown: Shown) -> Iterator[str]:
    """Yield the lines of one finding, the first in the form that editors and terminals make a link of."""
    finding = entry.finding
    place = f"{visible(str(finding.location))}: " if finding.location else ""
    colour = _COLOURS[finding.severity]
    head = _styled(f"{finding.severity.value} {visible(finding.code)}", colour, shown)
    yield f"{place}{head}: {visible(finding.message)}"
    found = shown.excerpts.of(finding.location) if shown.excerpts else None
    if found:
        yield from _lines(found, colour, shown)
    for other in finding.also:
        yield f"    also {visible(str(other))}"
    yield f"    {visible(finding.remedy)}"


def _lines(found: Excerpt, colour: str, shown: Shown) -> Iterator[str]:
    number = str(found.line)
    margin = " " * (4 + max(0, 3 - len(number)))
    bar = _styled("|", _DIM, shown)
    text = f"{found.before}{_styled(found.marked, colour, shown)}{found.after}".rstrip()
    yield f"{margin}{_styled(number, _DIM, shown)} {bar} {text}"
    if found.marked or found.more:
        under = " " * width(found.before) + _styled("^" * max(1, width(found.marked)), colour, shown)
        more = f" to line {found.more}" if found.more else ""
        yield f"{margin}{' ' * len(number)} {bar} {under}{more}"


def _counts(entries: Sequence[Entry], shown: Shown) -> Iterator[str]:
    """Yield how many there are of each code, with the address that explains it."""
    numbers = counts(entries)
    most, longest = max(map(len, map(str, numbers.values()))), max(map(len, numbers))
    for code, number in numbers.items():
        address = _styled(visible(help_of(code)), _DIM, shown)
        yield f"{number:>{most}}  {visible(code):<{longest}}  {address}".rstrip()


def _compared(shown: Shown) -> Iterator[str]:
    if not shown.compared:
        return
    known = sum(entry.known for entry in shown.entries)
    gone = sum(gone.times for gone in shown.gone)
    yield f"in the baseline: {known} still there, not shown; {gone} gone"


def _styled(text: str, code: str, shown: Shown) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if shown.colour and text else text
