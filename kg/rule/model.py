"""What a rule is."""

from __future__ import annotations

from typing import NamedTuple

from kg.report import Severity

VIOLATION, WARNING, INFO = Severity.VIOLATION, Severity.WARNING, Severity.INFO


class Rule(NamedTuple):
    """One rule: what it says, how bad that is, and what to do about it.

    `profile` is the profile that it belongs to, empty for what is always told, most of it
    from reading. `source` names the section of the specification or the paper it follows.
    """

    severity: Severity
    message: str
    remedy: str
    profile: str = ""
    source: str = ""
