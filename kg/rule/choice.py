"""Which rules are asked for, and how bad their findings count: profiles, codes, severities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kg.errors import UnknownName
from kg.report import Report, Severity
from kg.rule import INCLUDED, PROFILES, RULES

#: The profiles that are checked when nothing is chosen.
DEFAULT = ("skos", "glossary")


class Choice(NamedTuple):
    """What somebody asks of a check.

    `profiles` and `select` together say which rules run: those of the profiles, and those whose
    code one of `select` covers; without either, the profiles `DEFAULT`. `ignore` takes
    rules out again. A pattern is a code, or the beginning of codes: `skos`, `skos.` and `skos.*`
    cover all of that word, `quality.label*` what begins so. Where `select` and `ignore` both cover a code the
    longer pattern counts, and of equal ones `ignore`. `severities` grades findings anew, by
    pattern, the longest one counting. What reading tells has no profile and is always asked for.

    >>> Choice(("skos",), ignore=("skos.s27",)).wanted("skos.s27")
    False
    >>> Choice(select=("quality.cycle",)).wanted("skos.s13")
    False
    >>> Choice(select=("skos.s13",), ignore=("skos.*",)).wanted("skos.s13")
    True
    """

    profiles: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = {}

    @property
    def named(self) -> tuple[str, ...]:
        """Return the profiles that are asked for whole."""
        return self.profiles or (() if self.select else DEFAULT)

    def over(self, other: Choice) -> Choice:
        """Return this choice with what it leaves open taken from another one; it wins where both speak.

        Profiles and `select` are one question; what to ignore adds up.

        >>> options, file = Choice(ignore=("skos.s6",)), Choice(("quality",), ignore=("quality.cycle",))
        >>> options.over(file)[:3]
        (('quality',), (), ('skos.s6', 'quality.cycle'))
        """
        chosen = self if self.profiles or self.select else other
        ignore = tuple(dict.fromkeys((*self.ignore, *other.ignore)))
        return Choice(chosen.profiles, chosen.select, ignore, {**other.severities, **self.severities})

    def wanted(self, code: str) -> bool:
        """Tell whether a rule is asked for; one that is not ours (a user's shape) is, unless it is ignored."""
        ignored, selected = _longest(self.ignore, code), _longest(self.select, code)
        if ignored >= 0 and ignored >= selected:
            return False
        rule = RULES.get(code)
        if selected >= 0 or rule is None or not rule.profile:
            return True
        return rule.profile in self.named or any(code in INCLUDED.get(name, ()) for name in self.named)

    def concerns(self, word: str) -> bool:
        """Tell whether a rule may be asked for whose code begins with a word; no table is read for it.

        >>> Choice(("skos",)).concerns("quality"), Choice(select=("quality.cycle",)).concerns("quality")
        (False, True)
        """
        start = word + "."
        if word in self.named:
            return True
        if any(
            (code.rstrip("*") + ".").startswith(start) or start.startswith(code.rstrip("*")) for code in self.select
        ):
            return True
        return any(code.startswith(start) for name in self.named for code in INCLUDED.get(name, ()))

    def severity(self, code: str, usual: Severity) -> Severity:
        """Return how bad a finding of a rule counts."""
        covering = [pattern for pattern in self.severities if _covers(pattern, code)]
        # Of patterns of one length the code itself counts.
        longest = max(covering, key=lambda pattern: (len(pattern.rstrip("*")), pattern == code), default="")
        return self.severities[longest] if covering else usual

    def applied(self, report: Report) -> Report:
        """Return a report without what is not asked for, graded as is asked for."""
        wanted: dict[str, bool] = {}
        found = []
        for finding in report:
            if finding.code not in wanted:
                wanted[finding.code] = self.wanted(finding.code)
            if wanted[finding.code]:
                severity = self.severity(finding.code, finding.severity) if self.severities else finding.severity
                found.append(finding if severity is finding.severity else finding._replace(severity=severity))
        return Report(found)

    def checked(self) -> Choice:
        """Return the choice when all that it names is there.

        Raises `UnknownName` for a profile that does not exist, and for a pattern that covers no rule.
        """
        for profile in self.profiles:
            if profile not in PROFILES:
                raise UnknownName("profile", profile, PROFILES)
        for pattern in (*self.select, *self.ignore, *self.severities):
            if not is_known(pattern):
                raise UnknownName("rule", pattern, RULES)
        return self


def is_known(pattern: str) -> bool:
    """Tell whether a pattern covers a rule; one of a user's shapes may, which nobody knows before they are read."""
    own = pattern.partition(".")[0].rstrip("*") == "shapes"
    return own or any(_covers(pattern, code) for code in RULES)


def severities_of(pairs: Iterable[str]) -> dict[str, Severity]:
    """Return severities by pattern, from texts such as ``skos.s36=warning``.

    Raises `UnknownName` for a severity that does not exist, `ValueError` for a text without `=`.
    """
    found = {}
    for pair in pairs:
        pattern, joint, word = pair.rpartition("=")
        if not joint or not pattern:
            raise ValueError(f"{pair}: write the code, =, and violation, warning or info")
        if word not in (known := [severity.value for severity in Severity]):
            raise UnknownName("severity", word, known)
        found[pattern] = Severity(word)
    return found


def _covers(pattern: str, code: str) -> bool:
    if pattern[-1:] in (".", "*"):
        return code.startswith(pattern.rstrip("*"))
    return code == pattern or code.startswith(pattern + ".")


def _longest(patterns: Iterable[str], code: str) -> int:
    """Return the length of the longest pattern that covers a code, or -1."""
    return max((len(pattern.rstrip("*")) for pattern in patterns if _covers(pattern, code)), default=-1)
