"""What is wrong with *content*: findings, each with a code, a place and a remedy.

A finding never stops anything by itself. The codes, their severities, messages
and remedies are values in the table of `kg.rule`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Severity(enum.Enum):
    """How bad a finding is; the words are those of SHACL (`sh:Violation` …)."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for the worst."""
        return _RANKS[self]

    def reaches(self, threshold: Severity) -> bool:
        """Tell whether this severity is at least as bad as `threshold`.

        >>> Severity.VIOLATION.reaches(Severity.WARNING)
        True
        """
        return self.rank <= threshold.rank


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Location(NamedTuple):
    """A place in a source; lines and columns count from 1, columns in characters.

    A `statement` (a quad of terms) stands there until it is looked for in the source.
    """

    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    statement: tuple[str, ...] | None = None

    def __str__(self) -> str:
        parts = [self.path, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


class Finding(NamedTuple):
    """One thing that is wrong, where it is, and what to do about it.

    `focus` is the term (N-Triples form) the finding is about, where there is one;
    `also` holds further places, for a defect that lies in two sources.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    location: Location | None = None
    focus: str | None = None
    also: tuple[Location, ...] = ()

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        also = "".join(f" (also {other})" for other in self.also)
        return f"{place}{self.severity.value} {self.code}: {self.message}{also}"

    @property
    def order(self) -> tuple[str, int, int, int, str, str]:
        """Return the key findings are shown by: place first, then severity and code."""
        place = self.location or Location("")
        return (place.path, place.line or 0, place.column or 0, self.severity.rank, self.code, self.message)


class Report:
    """An ordered collection of findings; equal findings are kept once.

    >>> from kg.report import Finding, Report, Severity
    >>> report = Report([Finding("page.title-missing", Severity.VIOLATION, "no title", "add one")])
    >>> report.conforms(), len(report)
    (False, 1)
    """

    __slots__ = ("_findings",)

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._findings: dict[Finding, None] = dict.fromkeys(findings)

    def add(self, finding: Finding) -> None:
        """Add one finding; adding an equal one again changes nothing."""
        self._findings[finding] = None

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add several findings."""
        for finding in findings:
            self._findings[finding] = None

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._findings, key=lambda finding: finding.order))

    def __len__(self) -> int:
        return len(self._findings)

    def __repr__(self) -> str:
        return f"<Report: {self.summary()}>"

    def conforms(self, threshold: Severity = Severity.VIOLATION) -> bool:
        """Tell whether no finding is as bad as `threshold` or worse."""
        return not any(finding.severity.reaches(threshold) for finding in self._findings)

    def codes(self) -> list[str]:
        """Return the codes of all findings, sorted, with repeats."""
        return sorted(finding.code for finding in self._findings)

    def summary(self) -> str:
        """Return the counts in words, worst first.

        >>> Report().summary()
        'no findings'
        """
        counts = dict.fromkeys(Severity, 0)
        for finding in self._findings:
            counts[finding.severity] += 1
        words = [
            f"{number} {severity.value}{'s' if number > 1 and severity is not Severity.INFO else ''}"
            for severity, number in counts.items()
            if number
        ]
        return ", ".join(words) or "no findings"

    def text(self) -> str:
        """Return the report for people: a line a finding, its remedy below it, then the counts."""
        lines = []
        for finding in self:
            lines.append(str(finding))
            lines.append(f"    {finding.remedy}")
        lines.append(self.summary())
        return "\n".join(lines) + "\n"
