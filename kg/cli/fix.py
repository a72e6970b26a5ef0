"""Options for repairs of `kg validate`: the plan is made in the worker, the files are put in place here.

`kg.cli.validate` calls it so::

    @FIXING                                      # the options
    fixing = fixing_of(given)                    # takes them out; None when no repair is asked for
    plan = planned(dataset, report, fixing)      # in the worker, after the check; can be pickled
    rounds = Rounds(fixing)                      # in the parent
    while rounds.carry_out(plan): ...            # True when something changed, so look again
    rounds.show()                                # what --diff has to say
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from kg.cli.reporting import TEXT, in_colour
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.cli.reporting import Wanted
    from kg.dataset import Dataset
    from kg.repair import Done, Mended, Plan, Proposal
    from kg.report import Finding, Fix, Report

#: Reports that hold repairs: those of `kg.write.report.REPORTS` with `fixes`, here since help imports click only.
HOLDING = ("json", "sarif")

F = TypeVar("F", bound=Callable[..., Any])
Item = TypeVar("Item", bound="Done | Proposal")

#: So often repairs are made: each may bring to light what another one mends.
ROUNDS = 5
#: So many repairs of a rule are told one by one.
LISTED = 20


class Fixing(NamedTuple):
    """What is asked for: whether proposed repairs count too, and whether the files are only compared."""

    proposed: bool
    diff: bool


def FIXING(function: F) -> F:  # noqa: N802 - a stack of options, as READING is
    """Add the options of repairs to a command."""
    for option in (
        click.option(
            "--suggest",
            is_flag=True,
            help=f"Show with each finding what would mend it, in the reports that hold it: {', '.join(HOLDING)}.",
        ),
        click.option("--diff", "show_diff", is_flag=True, help="Show what --fix would change; write nothing."),
        click.option("--fix-proposed", is_flag=True, help="Repair also what an editor should decide."),
        click.option("--fix", is_flag=True, help="Repair the sources where a repair is safe, and check again."),
    ):
        function = option(function)
    return function


def fixing_of(given: dict[str, Any]) -> Fixing | None:
    """Take the options of repairs out of a command's options; None when none was given."""
    fix, proposed, diff = (given.pop(name) for name in ("fix", "fix_proposed", "show_diff"))
    return Fixing(proposed, diff) if fix or proposed or diff else None


def check_shown(wanted: Sequence[Wanted], fixing: Fixing | None) -> None:
    """Refuse a report that would go where the difference goes; that in text is left out without a word.

    Raises `UsageError`.
    """
    for item in wanted:
        if fixing and fixing.diff and item.path is None and item.name != TEXT:
            raise UsageError(f"--diff goes to standard output: give the report a file, as in --report {item.name}=FILE")


def suggested_in(wanted: Sequence[Wanted], given: dict[str, Any]) -> bool:
    """Take `--suggest` out of a command's options and tell whether it was given.

    Raises `UsageError` when none of the reports that are wanted would show it.
    """
    suggest: bool = given.pop("suggest")
    if suggest and not any(item.name in HOLDING for item in wanted):
        raise UsageError(f"--suggest: ask for a report that holds repairs, too: --report {' or '.join(HOLDING)}")
    return suggest


def suggestions(dataset: Dataset, report: Report) -> tuple[Mapping[Finding, Fix], str]:
    """Return what would mend findings, and in words what was left out."""
    from kg.repair import suggested

    found = suggested(report, dataset)
    left = f"--suggest: {found.left:,} more findings may have a repair; --diff shows all" if found.left else ""
    return found.fixes, left


def planned(dataset: Dataset, report: Report, fixing: Fixing) -> Plan:
    """Return what would be repaired in the sources of a Dataset that a check has made a report of."""
    from kg.repair import repairs

    return repairs(report, dataset, proposed=fixing.proposed)


class Rounds:
    """Repairs made one round after the other, until a check finds nothing more to repair.

    With `--diff` nothing is written: `texts` has what the files would be, for the next check to
    read in their place, and `show` tells the difference that all rounds make.
    """

    def __init__(self, fixing: Fixing) -> None:
        self.fixing = fixing
        #: the plans that were carried out
        self.plans: list[Plan] = []
        self._last: Plan | None = None
        #: with --diff: each file as it is and as it would be
        self._files: dict[str, Mended] = {}

    @property
    def texts(self) -> dict[str, bytes]:
        """What files would hold after the rounds so far, by path; nothing where they are written."""
        return {path: file.after for path, file in self._files.items()}

    def carry_out(self, plan: Plan) -> bool:
        """Put the files of a plan in place, or with `--diff` keep them; tell whether it is to be looked again.

        After `ROUNDS` nothing more is done.

        Raises `SourceError` for a file that is no longer what was read, `TargetError` for one
        that cannot be written.
        """
        if not plan.files or len(self.plans) == ROUNDS:
            self._last = plan
            if not self.fixing.diff:
                _tell_left(plan, repaired=bool(self.plans))
            return False
        if self.fixing.diff:
            for file in plan.files:
                before = self._files.get(file.path, file).before
                self._files[file.path] = file._replace(before=before)
        else:
            for file in plan.files:
                _check_unchanged(file)
            for file in plan.files:
                _put(file)
            _tell_made(plan, "repaired")
        self.plans.append(plan)
        return True

    def show(self) -> None:
        """With `--diff`, print the difference to standard output, and what would be repaired to standard error."""
        if not self.fixing.diff or self._last is None:
            return
        from kg.repair import diff

        colour = in_colour()
        for line in diff(file for _, file in sorted(self._files.items())):
            click.echo(_coloured(_shown(line)) if colour else _shown(line))
        for plan in self.plans:
            _tell_made(plan, "would repair")
        _tell_left(self._last, repaired=bool(self.plans))


def visible(text: str) -> str:
    """Return a text on one line with its control characters spelt out, as reports have it."""
    from kg.write.report import excerpt

    return excerpt.visible(text)


def _shown(line: str) -> str:
    return "\t".join(map(visible, line.split("\t")))


def _coloured(line: str) -> str:
    if line.startswith(("+++", "---")):
        return click.style(line, bold=True)
    return click.style(line, fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))


def _tell_made(plan: Plan, verb: str) -> None:
    for file in plan.files:
        for done, more in _few(file.done):
            place, left = visible(str(done.location)), f" (and {more:,} more)" if more else ""
            click.echo(f"{place}: {verb} {done.code}: {visible(done.reason)}{left}", err=True)
    count = sum(len(file.done) for file in plan.files)
    click.echo(f"{verb}: {count} in {len(plan.files)} file{'s' * (len(plan.files) > 1)}", err=True)


def _tell_left(plan: Plan, *, repaired: bool) -> None:
    """Tell what no round repairs; before the last, what is only proposed may still be gone when it is looked again."""
    for finding in plan.findings:
        click.echo(visible(str(finding)), err=True)
    for proposal, more in _few(plan.proposals):
        place = f"{visible(str(proposal.location))}: " if proposal.location else ""
        hint = " (--fix-proposed does it)" if proposal.ready else ""
        hint += f" (and {more:,} more)" if more else ""
        click.echo(f"{place}only proposed {proposal.code}: {visible(proposal.reason)}{hint}", err=True)
    if plan.files:
        left = sum(len(file.done) for file in plan.files)
        click.echo(f"left after {ROUNDS} rounds: {left}; run it again", err=True)
    if plan.proposals:
        click.echo(f"only proposed: {len(plan.proposals)}", err=True)
    elif not repaired:
        click.echo("nothing to repair", err=True)


def _few(items: Sequence[Item]) -> Iterator[tuple[Item, int]]:
    """Yield the first of each code, and with the last of them how many more there are."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item.code] = counts.get(item.code, 0) + 1
    shown: dict[str, int] = {}
    for item in items:
        number = shown[item.code] = shown.get(item.code, 0) + 1
        if number <= LISTED:
            yield item, counts[item.code] - number if number == LISTED else 0


def _check_unchanged(file: Mended) -> None:
    """Refuse to touch anything when a file is no longer what was read."""
    from hashlib import sha256

    from kg.errors import SourceError

    try:
        with open(file.path, "rb") as opened:
            same = sha256(opened.read()).hexdigest() == file.digest
    except OSError as error:
        raise SourceError(file.path, "it can no longer be read; nothing more was repaired") from error
    if not same:
        raise SourceError(file.path, "it has changed since it was read; nothing more was repaired: run it again")


def _put(file: Mended) -> None:
    from kg.publish import StagedFile

    with StagedFile(file.path) as staged:
        staged.write([file.after])
        # As late as can be: an editor may have saved the file while the repairs were made.
        _check_unchanged(file)
