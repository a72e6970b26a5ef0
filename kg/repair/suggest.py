"""Each finding with what would mend it alone, for reports that programs read: nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kg.dataset import Dataset
from kg.repair.change import Refused
from kg.repair.facts import Facts, Wish
from kg.repair.mend import Mending
from kg.repair.plan import Planner
from kg.repair.wishes import REPAIRS
from kg.report import Finding, Fix, Replacement

#: Told of many statements in one line, it has no repair of its own: that would be all of theirs.
_ONE_BY_ONE = "quality.one-sided"
#: So many characters are read again in all: each repair is tried by itself, on the whole text of its files.
_MOST = 1 << 24


class Suggested(NamedTuple):
    """The repairs that were found to be sound, by finding, and how many more findings were not looked at."""

    fixes: dict[Finding, Fix]
    left: int


def suggested(report: Iterable[Finding], dataset: Dataset, most: int = _MOST) -> Suggested:
    """Return what mends each finding of a report by itself, in the sources of the Dataset they are about.

    Unlike the patches of a plan, which are made together, each is made as if it were the only
    one, so that an editor can apply any of them. A finding that its repair mends in part has none, and
    neither has one that tells of many at once. Repairs are tried in the order of the report until
    `most` characters were read.
    """
    facts, opened = Facts(dataset), dict[str, Mending | Refused]()
    fixes: dict[Finding, Fix] = {}
    read = left = 0
    for found in report:
        repair = REPAIRS.get(found.code)
        if repair is None or (found.code == _ONE_BY_ONE and found.focus is None):
            continue
        wishes = list(repair(facts, [found]))
        if not wishes or not all(wish.steps for wish in wishes):
            continue
        if read > most:
            left += 1
            continue
        planner = Planner(dataset, opened)
        for wish in wishes:
            planner.take(wish)
        if fix := _fix(planner, wishes):
            fixes[found] = fix
        read += planner.size()
    return Suggested(fixes, left)


def _fix(planner: Planner, wishes: list[Wish]) -> Fix | None:
    plan = planner.plan()
    replacements = tuple(
        Replacement(planner.mending(patch.path).source.locate(patch.span), patch.replacement)
        for file in plan.files
        for patch in file.patches
    )
    if plan.proposals or not replacements:
        return None
    reasons = dict.fromkeys(wish.reason for wish in wishes)
    return Fix("; ".join(reasons), all(wish.safe for wish in wishes), replacements)
