"""`kg validate --fix`, `--diff`, `--fix-proposed`: the options, the plan made in the worker, the files put in place.

`kg.cli.validate` calls it so::

    @FIXING                                      # the options
    fixing = fixing_of(given)                    # takes them out; None when no repair is asked for
    plan = planned(dataset, report, fixing)      # in the worker, after the check; can be pickled
    while carry_out(plan, fixing, rounds): ...   # in the parent: True when files changed, so look again
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from kg.cli.shared import visible

if TYPE_CHECKING:
    from kg.dataset import Dataset
    from kg.repair import Done, Mended, Plan, Proposal
    from kg.report import Report

F = TypeVar("F", bound=Callable[..., Any])
Item = TypeVar("Item", bound="Done | Proposal")

#: So often a repair may bring to light what another one mends.
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


def planned(dataset: Dataset, report: Report, fixing: Fixing) -> Plan:
    """Return what would be repaired in the sources of a Dataset that a check has made a report of."""
    from kg.repair import repairs

    return repairs(report, dataset, proposed=fixing.proposed)


def carry_out(plan: Plan, fixing: Fixing, rounds: int = 0) -> bool:
    """Show a plan and put its files in place; tell whether any has changed, so that it is looked again.

    `rounds` is how often that was done before; after `ROUNDS` nothing more is written. With `--diff` the
    difference goes to standard output and nothing is written.

    Raises `SourceError` for a file that is no longer what was read, `TargetError` for one
    that cannot be written.
    """
    writes = bool(plan.files) and not fixing.diff and rounds < ROUNDS
    if fixing.diff:
        from kg.repair import diff

        for line in diff(plan.files):
            click.echo(_coloured(_shown(line)))
    elif writes:
        for file in plan.files:
            _check_unchanged(file)
        for file in plan.files:
            _put(file)
    _tell(plan, fixing, rounds, last=not writes)
    return writes


def _shown(line: str) -> str:
    return "\t".join(map(visible, line.split("\t")))


def _coloured(line: str) -> str:
    if line.startswith(("+++", "---")):
        return click.style(line, bold=True)
    return click.style(line, fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))


def _tell(plan: Plan, fixing: Fixing, rounds: int, *, last: bool) -> None:
    verb = "would repair" if fixing.diff else "repaired"
    files = plan.files if fixing.diff or not last else ()
    for file in files:
        for done, more in _few(file.done):
            place, left = visible(str(done.location)), f" (and {more:,} more)" if more else ""
            click.echo(f"{place}: {verb} {done.code}: {visible(done.reason)}{left}", err=True)
    if count := sum(len(file.done) for file in files):
        click.echo(f"{verb}: {count} in {len(files)} file{'s' * (len(files) > 1)}", err=True)
    if not last:
        # What is only proposed may be gone when it is looked again.
        return
    for finding in plan.findings:
        click.echo(visible(str(finding)), err=True)
    for proposal, more in _few(plan.proposals):
        place = f"{visible(str(proposal.location))}: " if proposal.location else ""
        hint = " (--fix-proposed does it)" if proposal.ready else ""
        hint += f" (and {more:,} more)" if more else ""
        click.echo(f"{place}only proposed {proposal.code}: {visible(proposal.reason)}{hint}", err=True)
    if plan.proposals:
        click.echo(f"only proposed: {len(plan.proposals)}", err=True)
    elif not count and not rounds:
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
