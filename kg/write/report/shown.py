"""What every report is made of: the findings with their names, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kg.report import Finding, Fix, Location, Report, Severity
from kg.rule import RULES, Rule

if TYPE_CHECKING:
    from kg.write.report.excerpt import Excerpts

#: The page that has a heading for each code. It stands here and nowhere else.
FINDINGS = "https://w3id.org/kgexport/docs/findings"
#: The first word of the codes of a user's own shapes, which have one heading there.
OWN = "shapes"


class Entry(NamedTuple):
    """One finding as a report shows it; `known` when the baseline holds it, `fix` what would mend it."""

    name: str
    finding: Finding
    known: bool = False
    fix: Fix | None = None


class Gone(NamedTuple):
    """A finding of the baseline that is no longer found; `times` of several equal ones."""

    name: str
    code: str
    severity: str
    file: str
    message: str
    times: int = 1


class Shown(NamedTuple):
    """What a report is to show, in the order it is shown.

    `fail_on` is the least severity that fails; `compared` tells whether there is a
    baseline, and `gone` what it has and the check has not. `info` asks reports for people
    for findings that are information, too; otherwise they are counted as `hidden`.
    `excerpts` gives lines of the sources, None to do without.
    """

    entries: Sequence[Entry]
    fail_on: Severity = Severity.VIOLATION
    compared: bool = False
    gone: Sequence[Gone] = ()
    info: bool = True
    colour: bool = False
    excerpts: Excerpts | None = None
    hidden: int = 0

    @classmethod
    def of(cls, report: Report, fail_on: Severity = Severity.VIOLATION) -> Shown:
        """Show everything that was found."""
        return cls([Entry(name, finding) for name, finding in report.named()], fail_on)

    def without_info(self) -> Shown:
        """Return the same without information, unless that is asked for or fails."""
        if self.info or self.fail_on is Severity.INFO:
            return self
        kept = [entry for entry in self.entries if entry.known or entry.finding.severity is not Severity.INFO]
        return self._replace(entries=kept, hidden=len(self.entries) - len(kept))

    def new(self) -> list[Entry]:
        """Return the entries that no baseline holds."""
        return [entry for entry in self.entries if not entry.known]

    def summary(self) -> str:
        """Return the counts of what is new in words, what is not shown included."""
        new = self.new()
        words = [summary(new)] if new else []
        if self.hidden:
            words.append(f"{self.hidden} info (--verbose shows {'it' if self.hidden == 1 else 'them'})")
        if self.compared:
            return f"new: {', '.join(words)}" if words else "nothing new"
        return ", ".join(words) or summary(new)

    @property
    def conforms(self) -> bool:
        """Tell whether nothing new is as bad as the threshold or worse."""
        return not any(self.fails(entry) for entry in self.entries)

    def fails(self, entry: Entry) -> bool:
        """Tell whether an entry makes the check fail."""
        return not entry.known and entry.finding.severity.reaches(self.fail_on)


def by_file(entries: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the entries of each file, in the order they come; the name of what has no file is empty."""
    for path, group in groupby(entries, lambda entry: path_of(entry.finding)):
        yield path, list(group)


def path_of(finding: Finding) -> str:
    """Return the path of the file a finding is in, or nothing."""
    return finding.location.path if finding.location else ""


def counts(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how many entries there are of each code, the worst severity first, then the most."""
    found: dict[tuple[int, str], int] = {}
    for entry in entries:
        key = entry.finding.severity.rank, entry.finding.code
        found[key] = found.get(key, 0) + 1
    summed: dict[str, int] = {}
    for (_, code), number in sorted(found.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
        summed[code] = summed.get(code, 0) + number
    return summed


def summary(entries: Iterable[Entry]) -> str:
    """Return the counts by severity in words."""
    return Report(entry.finding for entry in entries).summary()


@cache
def rule_of(code: str) -> Rule | None:
    """Return the rule of a code, None when it is not ours but a user's shape."""
    return RULES.get(code)


def help_of(code: str) -> str:
    """Return the address that explains a code: its heading in docs/findings.md; "" for one that nobody knows.

    >>> help_of("skos.s13").rpartition("/")[2], help_of("shapes.Notation").rpartition("/")[2]
    ('findings#skoss13', 'findings#shapes')
    """
    if rule_of(code):
        return f"{FINDINGS}#{anchor(code)}"
    return f"{FINDINGS}#{anchor(OWN)}" if code.startswith(f"{OWN}.") else ""


@cache
def anchor(heading: str) -> str:
    """Return the anchor that Markdown gives to a heading (as GitHub and its like make it).

    >>> anchor("text.not-utf-8")
    'textnot-utf-8'
    """
    kept = (sign for sign in heading.strip().lower() if sign.isalnum() or sign in " -_")
    return "".join("-" if sign == " " else sign for sign in kept)


def line_and_column(place: Location) -> str:
    """Return line and column in words, or nothing.

    >>> line_and_column(Location("a", 3, 7))
    'line 3, column 7'
    """
    words = [f"line {place.line}"] if place.line else []
    return ", ".join(words + ([f"column {place.column}"] if place.line and place.column else []))
