"""`kgexport`, which is also `kg export`: read, check, write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import FAIL_ON, READING, Command, Unpublished, limited, pour_into, reading_of, show, utf8_stdout

if TYPE_CHECKING:
    from kg.limits import Limits
    from kg.pipeline import Job, Written
    from kg.report import Severity

ALL = "all"

_EXAMPLES = """\b
Examples:
  kgexport --format jsonld
  kgexport --format turtle --profile skos --no-candidates
  kgexport --format all -o out
  kgexport --concept foundation-model -o foundation-model.svg
"""


@click.command("kgexport", cls=Command, epilog=_EXAMPLES)
@READING
@click.option(
    "--format",
    "-f",
    "format_name",
    metavar="NAME",
    shell_complete=lambda _ctx, _param, typed: [n for n in _format_names() if n.startswith(typed)],
    help="Format to write, or all.  [default: from -o, else jsonld]",
)
@click.option("--output", "-o", type=click.Path(), metavar="PATH", help="File to write, or directory for all.")
@click.option(
    "--check", "check_dir", type=click.Path(), metavar="DIR", help="Fail when DIR is not what would be written."
)
@click.option(
    "--profile",
    type=click.Choice(["asserted", "full", "skos"]),
    default="full",
    show_default=True,
    help="What is written of what follows from the glossary.",
)
@click.option(
    "--evidence",
    type=click.Choice(["none", "reified", "rdf12"]),
    default="none",
    show_default=True,
    help="Whether, and in which form, the words each statement rests on are written too.",
)
@click.option("--candidates/--no-candidates", default=True, help="Whether terms without an entry are written.")
@click.option("--concept", metavar="ID", help="Write one concept, by IRI or id.")
@click.option("--branch", metavar="ID", help="Write one concept and all below it.")
@click.option("--lang", "languages", multiple=True, metavar="TAG", help="Write texts of these languages only.")
@click.option(
    "--jsonld-form",
    type=click.Choice(["compact", "expanded", "framed"]),
    default="compact",
    show_default=True,
    help="How JSON-LD is written; framed puts labels and questions inside their concept.",
)
@click.option("--jsonld-context", metavar="FILE", help="Write JSON-LD with the context of a file in place of ours.")
@click.option("--context-url", metavar="URL", help="Name the JSON-LD context in place of embedding it.")
@click.option("--no-validate", "validate", flag_value=False, default=True, help="Write without checking.")
@FAIL_ON
@click.option("--verbose", "-v", is_flag=True, help="Show findings that are information, too.")
def export(**given: Any) -> None:
    """Read glossaries, check them, and write them as linked data.

    SOURCE is a page, a directory of pages, RDF, or - for standard input; without one it
    is the glossary that ships with kgexport. Data go to standard output or to -o,
    findings to standard error. A finding at the threshold stops the export.

    Exit codes: 0 done and conforming, 1 findings, 2 wrong use, 3 a source or target failed.
    """  # fmt: skip
    verbose = given.pop("verbose")
    name, output, check_dir = given.pop("format_name"), given.pop("output"), given.pop("check_dir")
    job = _job(given)
    if check_dir is not None:
        written = _compare(job, check_dir)
    elif name == ALL:
        if output is None:
            raise click.UsageError("--format all writes several files: name a directory with -o")
        written = _write_set(job, output)
    else:
        written = _write_one(job, name or _told_by(output), output)
    show(written.report, quiet_info=not verbose)
    if not written.done:
        click.echo(f"nothing was written: {written.report.summary()}", err=True)
    if not written.done or not written.report.conforms(job.fail_on):
        raise click.exceptions.Exit(1)


def _format_names() -> list[str]:
    from kg.formats import written

    return [ALL, *(item.name for item in written())]


def _job(given: dict[str, Any]) -> Job:
    from kg.pipeline import Job
    from kg.report import Severity

    reading = reading_of(given)
    if given["jsonld_context"] is not None:
        given["jsonld_context"] = _context(given["jsonld_context"], reading["limits"])
    given["languages"] = tuple(given["languages"])
    return Job(**{**given, **reading, "fail_on": Severity(given["fail_on"])})


def _context(path: str, limits: Limits) -> str:
    from kg.errors import SourceError
    from kg.read.gate import read_bytes

    try:
        return read_bytes(path, limits).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(path, "not UTF-8; save the file as UTF-8") from error


def _told_by(output: str | None) -> str:
    if output is None:
        return "jsonld"
    from kg.formats import for_path

    return for_path(output).name


def _write_one(job: Job, name: str, output: str | None) -> Written:
    from kg.formats import for_writing

    for_writing(name)  # a wrong name is told before anything is read or staged
    if output is None:
        return _to_stdout(job, name)
    from kg.publish import StagedFile

    with suppress(Unpublished), StagedFile(output) as staged:
        written: Written = limited(job, write_file, job, name, staged.path, output)
        if not written.done:
            raise Unpublished
    return written


def _write_set(job: Job, output: str) -> Written:
    import os

    from kg.publish import StagedSet

    before = _listed(output)
    with suppress(Unpublished), StagedSet(output) as staged:
        written: Written = limited(job, write_directory, job, staged.path, output)
        if not written.done:
            raise Unpublished
        now = os.listdir(staged.path)
    if written.done:
        _tell_surplus(written, output, before, now)
    return written


def _listed(directory: str) -> list[str]:
    """Return the files that an earlier set in a directory had, by its own list."""
    import os

    from kg.write.description import SUMS, listed

    try:
        with open(os.path.join(directory, SUMS), "rb") as file:
            return listed(file.read())
    except OSError:  # no set was here; that the directory will not do is told when it is written
        return []


def _tell_surplus(
    written: Written, directory: str, before: list[str], now: list[str], severity: Severity | None = None
) -> None:
    import os

    from kg.report import Location
    from kg.rule import finding

    for name in sorted({*before} - {*now}):
        path = os.path.join(directory, name)
        if os.path.lexists(path):
            written.report.add(finding("export.surplus", Location(path), severity=severity))


def _to_stdout(job: Job, name: str) -> Written:
    """Write to standard output, once all is known to be well."""
    if not job.sources:
        from kg.pipeline import export as run

        pieces: list[bytes] = []
        written = run(job, [name], lambda _, chunks: pieces.extend(chunks))
        utf8_stdout().write(b"".join(pieces))
        return written
    import shutil
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="kg-") as spool:
        written = limited(job, write_file, job, name, spool.name, spool.name)
        shutil.copyfileobj(spool, utf8_stdout())
    return written


def _compare(job: Job, directory: str) -> Written:
    """Write the set aside and compare it with a directory, byte by byte."""
    import os
    import tempfile

    from kg.report import Location, Severity
    from kg.rule import finding

    with tempfile.TemporaryDirectory(prefix="kg-") as aside:
        written: Written = limited(job, write_directory, job, aside, aside)
        if written.done:
            _tell_surplus(written, directory, _listed(directory), os.listdir(aside), Severity.VIOLATION)
        for name in sorted(os.listdir(aside)):
            place = Location(os.path.join(directory, name))
            with open(os.path.join(aside, name), "rb") as file:
                fresh = file.read().split(b"\n")
            if not os.path.isfile(place.path):
                written.report.add(finding("export.missing", place))
                continue
            with open(place.path, "rb") as file:
                there = file.read().split(b"\n")
            if there != fresh:
                pairs = enumerate(zip(there, fresh, strict=False), 1)
                line = next((number for number, (old, new) in pairs if old != new), min(len(there), len(fresh)))
                written.report.add(finding("export.stale", place._replace(line=line)))
    return written


def write_file(job: Job, name: str, path: str, shown: str) -> Written:
    """Export one format into a file that somebody else puts in place; `shown` is its name for messages."""
    from kg.pipeline import export as run

    return run(job, [name], lambda _, chunks: pour_into(path, chunks, shown))


def write_directory(job: Job, directory: str, shown: str) -> Written:
    """Export every format into a directory that somebody else puts in place."""
    import os

    from kg.pipeline import export_set as run

    def write(name: str, chunks: Iterator[bytes]) -> None:
        pour_into(os.path.join(directory, name), chunks, os.path.join(shown, name))

    return run(job, write)
