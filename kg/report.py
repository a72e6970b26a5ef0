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


class Replacement(NamedTuple):
    """A range of a source and what is to stand there; a range that ends where it begins is a place to insert."""

    place: Location
    text: str


class Fix(NamedTuple):
    """What would mend a finding by itself: in words, and as replacements, in order, none over another.

    One that is not `safe` takes a decision that is an editor's.
    """

    reason: str
    safe: bool
    replacements: tuple[Replacement, ...]


class Finding(NamedTuple):
    """One thing that is wrong, where it is, and what to do about it.

    `focus` is the term (N-Triples form) the finding is about, where there is one;
    `also` holds further places, for a defect that lies in two sources. Of a rule over the
    graph, `path` is the property (a term, or a path in SPARQL's syntax) and `value` the term
    that is wrong, `component` the name of SHACL's constraint component and `shape` the IRI
    of the shape, without brackets. Who makes a finding adds them by `_replace`, since the
    words of a message may have the same names.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    location: Location | None = None
    focus: str | None = None
    also: tuple[Location, ...] = ()
    path: str | None = None
    value: str | None = None
    component: str | None = None
    shape: str | None = None

    @property
    def id(self) -> str:
        """Return a name that the finding keeps when lines move: 16 hexadecimal digits.

        It is made of the code, the terms and the name of the file (not its directory), and where
        there is no term, of the message without its numbers; a blank node counts as any other.
        Findings of one report may share it: `Report.named` tells them apart.

        >>> from kg.report import Finding, Location, Severity
        >>> one = Finding("page.empty", Severity.VIOLATION, "empty", "write", Location("a/x.txt", 3))
        >>> one.id == one._replace(location=Location("b/x.txt", 7)).id, len(one.id)
        (True, 16)
        """
        from hashlib import sha256

        told = [self.focus, self.path, self.value]
        words = "" if any(told) else "".join(sign for sign in self.message if not sign.isdigit())
        file = self.location.path.replace("\\", "/").rpartition("/")[2] if self.location else ""
        parts = [self.code, *("_:" if term and term[:2] == "_:" else term or "" for term in told), file, words]
        return sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]

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

    def named(self) -> Iterator[tuple[str, Finding]]:
        """Yield each finding in order with a name of its own: its id, and of equal ones a number from the second on.

        >>> twice = [Finding("page.empty", Severity.VIOLATION, "empty", "write", Location("x", at)) for at in (1, 2)]
        >>> [name[16:] for name, _ in Report(twice).named()]
        ['', '-2']
        """
        seen: dict[str, int] = {}
        for finding in self:
            name = finding.id
            number = seen[name] = seen.get(name, 0) + 1
            yield (name if number == 1 else f"{name}-{number}"), finding

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
