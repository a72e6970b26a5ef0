"""`kg validate`: read and check, and show what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import FAIL_ON, READING, Command, limited, reading_of, show

if TYPE_CHECKING:
    from kg.pipeline import Job
    from kg.report import Report

_EXAMPLES = """\b
Examples:
  kg validate
  kg validate --profile publication
  kg validate --fail-on warning exports/ai.ttl
"""


@click.command("validate", cls=Command, epilog=_EXAMPLES)
@READING
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice(["skos", "glossary", "publication"]),
    help="Rules to check; may be given several times.  [default: skos, glossary]",
)
@FAIL_ON
@click.option("--verbose", "-v", is_flag=True, help="Show findings that are information, too.")
def validate(**given: Any) -> None:
    """Check glossaries and show each finding with its file and line.

    SOURCE is a page, a directory of pages, RDF, or - for standard input; without one it
    is the glossary that ships with kgexport.

    Exit codes: 0 conforming, 1 findings, 2 wrong use, 3 a source failed.
    """
    from kg.pipeline import CHECKED, Job
    from kg.report import Severity

    job = Job(**reading_of(given))
    report: Report = limited(job, findings, job, given["profiles"] or CHECKED)
    show(report, quiet_info=not given["verbose"])
    click.echo(report.summary())
    if not report.conforms(Severity(given["fail_on"])):
        raise click.exceptions.Exit(1)


def findings(job: Job, profiles: tuple[str, ...]) -> Report:
    """Read and check the sources of a job."""
    from kg.pipeline import check, read

    return check(read(job), profiles)
