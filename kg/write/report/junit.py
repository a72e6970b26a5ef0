"""JUnit XML, which every build server shows: a suite for each file, a case for each finding.

What reaches the threshold is a failure; what does not, or is in the baseline, passes and
says what it found in its output. There is no time in it and no host, so equal findings
give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.write.report.excerpt import visible
from kg.write.report.shown import Entry, Shown, by_file, help_of, line_and_column

_WHOLE = "the glossary as a whole"


def write(shown: Shown) -> Iterator[str]:
    """Yield the document."""
    failed = sum(shown.fails(entry) for entry in shown.entries)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    number = len(shown.entries) or 1
    yield f'<testsuites name="kgexport" tests="{number}" failures="{failed}" errors="0" time="0">\n'
    if not shown.entries:
        # Build servers take a file without a case for a broken one.
        yield '  <testsuite name="kgexport" tests="1" failures="0" errors="0" skipped="0" time="0">\n'
        yield '    <testcase classname="kgexport" name="no findings" time="0"/>\n  </testsuite>\n'
    for path, entries in by_file(shown.entries):
        failures = sum(shown.fails(entry) for entry in entries)
        yield (
            f'  <testsuite name="{quoted(path or _WHOLE)}" tests="{len(entries)}" failures="{failures}" '
            'errors="0" skipped="0" time="0">\n'
        )
        for entry in entries:
            yield from _case(entry, shown)
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _case(entry: Entry, shown: Shown) -> Iterator[str]:
    finding, place = entry.finding, entry.finding.location
    where = f" ({line_and_column(place)})" if place and place.line else ""
    file = f' file="{quoted(place.path)}"' if place else ""
    line = f' line="{place.line}"' if place and place.line else ""
    name = quoted(f"{finding.code} {entry.name}{where}")
    yield f'    <testcase classname="{quoted(finding.code)}" name="{name}"{file}{line} time="0">\n'
    head = f"{finding.location}: " if finding.location else ""
    words = [f"{head}{finding.message}", *(f"also {other}" for other in finding.also), finding.remedy]
    words += [help_of(finding.code)]
    text = "\n".join(quoted(line) for line in words if line)
    if shown.fails(entry):
        told = f'type="{quoted(finding.severity.value)}" message="{quoted(finding.message)}"'
        yield f"      <failure {told}>{text}</failure>\n"
    else:
        state = "known" if entry.known else finding.severity.value
        yield f"      <system-out>{state}: {text}</system-out>\n"
    yield "    </testcase>\n"


def quoted(text: str) -> str:
    """Return a text as it stands in XML, on one line; what XML cannot hold is spelt out."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
