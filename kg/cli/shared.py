"""What the commands have in common: options, the worker, and how errors and findings are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack

import click

from kg.errors import KgError
from kg.report import Report, Severity
from kg.text import visible as visible  # noqa: PLC0414 - commands take it from here

if TYPE_CHECKING:
    from kg.limits import Limits
    from kg.pipeline import Job

F = TypeVar("F", bound=Callable[..., Any])
Answer = TypeVar("Answer")
Given = TypeVarTuple("Given")

SOURCES = click.argument("sources", nargs=-1, metavar="[SOURCE]...")


def _stack(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


READING = _stack(
    SOURCES,
    click.option("--base", metavar="IRI", help="Base of the IRIs that are made, in place of glossary.toml's."),
    click.option("--from", "source_format", metavar="FORMAT", help="Format of the sources, in place of their names'."),
    click.option("--lenient", is_flag=True, help="Repair RDF that a strict reader refuses, and tell each repair."),
    click.option(
        "--context",
        "contexts",
        multiple=True,
        metavar="URL=FILE",
        help="File of a JSON-LD context that the sources name; may be given several times.",
    ),
    click.option("--timeout", type=float, metavar="SECONDS", help="Longest time for the job.  [default: 60]"),
    click.option("--max-memory", metavar="SIZE", help="Most memory for the job.  [default: 2GiB]"),
    click.option("--max-bytes", metavar="SIZE", help="Most bytes of one source.  [default: 64MiB]"),
    click.option("--max-depth", type=int, metavar="N", help="Deepest nesting of a source.  [default: 128]"),
    click.option("--max-files", type=int, metavar="N", help="Most pages of a glossary.  [default: 10000]"),
)

AUTH_FILE = click.option(
    "--auth-file",
    metavar="FILE",
    help="File, closed to others, with user = … and password = …, or token = …, for a store.",
)

FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.VIOLATION.value,
    show_default=True,
    help="The least severe finding that makes the exit code 1.",
)


def limits_of(given: dict[str, Any]) -> Limits:
    """Take the caps out of a command's options.

    Raises `UsageError` for a size that cannot be read.
    """
    from kg.limits import Limits, read_size

    made = Limits()
    for name in ("max_memory", "max_bytes"):
        if size := given.pop(name):
            made = made._replace(**{name: read_size(size)})
    for name in ("timeout", "max_files", "max_depth"):
        if (number := given.pop(name, None)) is not None:
            made = made._replace(**{name: number})
    return made


def reading_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return what a command's options say about reading, as fields of a `Job`, and take it out of them.

    Raises `UsageError` for an option that cannot be read.
    """
    contexts = contexts_of(given)
    read = {name: given.pop(name) for name in ("base", "source_format", "lenient")}
    return {**read, "sources": tuple(given.pop("sources")), "contexts": contexts, "limits": limits_of(given)}


def contexts_of(given: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Take the files of contexts out of a command's options: pairs of URL and path.

    Raises `UsageError` for one that is no such pair.
    """
    contexts = []
    for text in given.pop("contexts"):
        url, joint, path = text.rpartition("=")
        if not (joint and url and path):
            from kg.errors import UsageError

            raise UsageError(f"--context {text}: write the URL of the context, =, and the file that holds it")
        contexts.append((url, path))
    return tuple(contexts)


def limited(job: Job, function: Callable[[Unpack[Given]], Answer], *given: *Given, foreign: bool = False) -> Answer:
    """Run the work of a job: in a limited process, or here when only what we ship is read.

    What is `foreign` without being a source, such as a query, is run there, too.
    """
    if not job.sources and not foreign:
        return function(*given)
    from kg.worker import run

    return run(function, *given, limits=job.limits, name=job.sources[0] if job.sources else "the query")


def pour_into(path: str, chunks: Iterator[bytes], shown: str) -> None:
    """Write bytes into a file that somebody else puts in place; `shown` is its name for messages."""
    import os

    from kg.publish.disk import pour, told

    with told(shown):
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        pour(target, chunks, shown)
    finally:
        os.close(target)


class Unpublished(Exception):
    """Nothing is to be put in place."""


class Command(click.Command):
    """A command that shows an error of ours in one line and returns its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"{ctx.command_path}: {visible(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # The reader has gone (`| head`): nothing is left to say, and nobody to say it to.
            import os
            import sys

            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


def show(report: Report, *, quiet_info: bool = True) -> None:
    """Print findings to standard error; information only when it was asked for."""
    shown = [finding for finding in report if finding.severity is not Severity.INFO or not quiet_info]
    for finding in shown:
        style = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}[finding.severity]
        place = f"{finding.location}: " if finding.location else ""
        also = visible("".join(f" (also {place})" for place in finding.also))
        head = click.style(f"{finding.severity.value} {visible(finding.code)}", fg=style)
        click.echo(f"{visible(place)}{head}: {visible(finding.message)}{also}\n    {visible(finding.remedy)}", err=True)


def utf8_stdout() -> Any:
    """Return the binary standard output: what we write is UTF-8 in every locale."""
    import sys

    return sys.stdout.buffer
