"""Which reports a command writes, and where: one to standard output or -o, others to files of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from kg.cli.shared import utf8_stdout
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.write.report.shown import Shown

F = TypeVar("F", bound=Callable[..., Any])

#: The names of `kg.write.report.REPORTS`, here since help imports click only.
NAMES = ("text", "json", "sarif", "github", "junit", "shacl", "markdown", "html")
TEXT = NAMES[0]


class Wanted(NamedTuple):
    """A report that is asked for; without a path it goes to standard output."""

    name: str
    path: str | None = None


def REPORTING(function: F) -> F:  # noqa: N802 - a stack of options, as READING is
    """Add the options that name reports to a command."""
    for option in (
        click.option(
            "--output", "-o", type=click.Path(), metavar="PATH", help="File for the report, in place of stdout."
        ),
        click.option(
            "--report",
            "reports",
            multiple=True,
            metavar="FORMAT[=PATH]",
            help=f"Form of the report: {', '.join(NAMES[:-1])} or {NAMES[-1]}; with a path, one more, to a file. "
            " [default: from -o, else text]",
        ),
    ):
        function = option(function)
    return function


def wanted_of(given: dict[str, Any]) -> tuple[Wanted, ...]:
    """Take the reports out of a command's options; the one of standard output or -o comes first.

    Raises `UsageError` for a name that does not exist, two reports for standard output, and
    two for one file.
    """
    output: str | None = given.pop("output")
    main: Wanted | None = None
    others = []
    for text in given.pop("reports"):
        name, joint, path = text.partition("=")
        _check(name)
        if joint:
            if not path:
                raise UsageError(f"--report {text}: write the path of the file after =")
            others.append(Wanted(name, path))
        elif main:
            raise UsageError(f"--report {name}: give it a file, as in {name}=FILE; {main.name} goes to standard output")
        else:
            main = Wanted(name, output)
    found = (main or Wanted(_told_by(output), output), *others)
    paths = [os.path.abspath(item.path) for item in found if item.path is not None]
    if twice := [path for path in paths if paths.count(path) > 1]:
        raise UsageError(f"two reports for one file, {twice[0]}: name another one")
    return found


def check_apart(wanted: Sequence[Wanted], read: Mapping[str, Iterable[str | None]]) -> None:
    """Refuse to write a report over what is read; `read` has paths by what they are.

    Raises `UsageError`.
    """
    there = {os.path.realpath(path): what for what, paths in read.items() for path in paths if path}
    for item in wanted:
        what = there.get(os.path.realpath(item.path)) if item.path is not None else None
        if what is not None:
            raise UsageError(f"the report would be written over the {what} {item.path}: name another file")


def _check(name: str) -> None:
    if name not in NAMES:
        from kg.errors import UnknownName

        raise UnknownName("report", name, NAMES)


def _told_by(output: str | None) -> str:
    """Return the report that a file name's extension tells; text where it tells none."""
    if output is None:
        return TEXT
    from kg.write.report import REPORTS

    ending = os.path.splitext(output)[1][1:].lower()
    return next((name for name, kind in REPORTS.items() if kind.extension == ending), TEXT)


def in_colour() -> bool:
    """Tell whether standard output is a terminal that wants colour (no-color.org)."""
    import sys

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def rendered(shown: Shown, wanted: Sequence[Wanted]) -> list[bytes]:
    """Return the bytes of each report; colour is for the terminal only."""
    from kg.write.report import write

    plain = shown._replace(colour=False)
    return [b"".join(write(item.name, shown if item.path is None else plain)) for item in wanted]


def put(wanted: Sequence[Wanted], contents: Sequence[bytes]) -> None:
    """Put the files in place, each whole or not at all, then write to standard output.

    Raises `TargetError` for a file that cannot be written.
    """
    from kg.publish import atomic_write

    for item, content in zip(wanted, contents, strict=True):
        if item.path is not None:
            atomic_write(item.path, [content])
    for item, content in zip(wanted, contents, strict=True):
        if item.path is None:
            stream = utf8_stdout()
            stream.write(content)
            stream.flush()
