"""What the tests of repairs share: a file is checked, repaired in place, and checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg import pipeline
from kg.dataset import Dataset
from kg.repair import Plan, repairs
from kg.rule import PROFILES
from kg.rule.choice import Choice
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from kg.report import Report

HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.namespaces.items())
HEAD += "@prefix : <http://e.org/term/> .\n@base <http://e.org/> .\n"


class Repaired(NamedTuple):
    """A file before and after, the plan that made it so, and what is found in both."""

    before: bytes
    after: bytes
    plan: Plan
    found: list[str]
    left: list[str]
    said: set[tuple[str, ...]]
    says: set[tuple[str, ...]]

    @property
    def text(self) -> str:
        """The new text."""
        return self.after.decode("utf-8-sig")


def read(*paths: Path, base: str | None = None) -> Dataset:
    return pipeline.read(pipeline.Job(tuple(map(str, paths)), base=base))


def checked(data: Dataset, select: tuple[str, ...] = ()) -> Report:
    return pipeline.check(data, Choice(() if select else PROFILES, select))


def repaired(path: Path, *, proposed: bool = True, select: tuple[str, ...] = (), base: str | None = None) -> Repaired:
    """Repair a file in place."""
    before, data = path.read_bytes(), read(path, base=base)
    report = checked(data, select)
    plan = repairs(report, data, proposed=proposed)
    for file in plan.files:
        assert file.before == before
        path.write_bytes(file.after)
    again = read(path, base=base)
    left = checked(again, select)
    return Repaired(
        before,
        path.read_bytes(),
        plan,
        report.codes(),
        left.codes(),
        {tuple(row) for row in data},
        {tuple(row) for row in again},
    )
