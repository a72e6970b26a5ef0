"""`kg validate`: read and check, report what was found, and repair it where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, TypeVarTuple, Unpack

import click

from kg.cli.fix import FIXING, Fixing, Rounds, check_shown, fixing_of, planned, suggested_in, suggestions
from kg.cli.online import ONLINE, Online, checked_online, fetched, online_of, requests
from kg.cli.reporting import REPORTING, TEXT, Wanted, check_apart, in_colour, put, rendered, wanted_of
from kg.cli.shared import FAIL_ON, READING, Command, limits_of, reading_of
from kg.cli.validate_endpoint import ENDPOINT, checked_in_store, endpoint_of, progress
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.check.baseline import Known
    from kg.check.online import Request
    from kg.cli.validate_endpoint import Endpoint
    from kg.dataset import Dataset
    from kg.pipeline import Job
    from kg.repair import Plan
    from kg.report import Finding, Fix, Report, Severity
    from kg.rule.choice import Choice

Made = TypeVar("Made")
Given = TypeVarTuple("Given")

#: The profiles of `kg.rule` and the engines of `kg.check.shacl`, here since help imports click only.
PROFILES = ("skos", "glossary", "quality", "publication")
ENGINES = ("shacl", "pyshacl")

#: Options that mean nothing beside --compare, by their names here.
_NOT_COMPARED = {
    "profiles": "--profile",
    "select": "--select",
    "ignore": "--ignore",
    "severities": "--severity",
    "shapes": "--shapes",
    "online": "--online",
    "endpoint": "--endpoint",
    "output": "--output",
    "reports": "--report",
    "baseline": "--baseline",
    "update": "--update-baseline",
    "fix": "--fix",
    "fix_proposed": "--fix-proposed",
    "show_diff": "--diff",
    "suggest": "--suggest",
}

_EXAMPLES = """\b
Examples:
  kg validate
  kg validate --profile publication --severity publication.license-missing=warning
  kg validate --fail-on warning exports/ai.ttl
  kg validate --select skos.s14 --select quality exports/ai.ttl
  kg validate --report sarif -o findings.sarif exports/ai.ttl
"""


class Asked(NamedTuple):
    """All that a check is told; it travels to a worker process as it is."""

    job: Job
    choice: Choice
    fail_on: Severity
    wanted: tuple[Wanted, ...]
    shapes: tuple[str, ...] = ()
    engine: str = ENGINES[0]
    baseline: str | None = None
    update: bool = False
    verbose: bool = False
    colour: bool = False
    fixing: Fixing | None = None
    suggest: bool = False
    online: Online | None = None
    #: what is read in place of files, by path: how repairs would leave them
    texts: Mapping[str, bytes] = {}
    endpoint: Endpoint | None = None


class Answer(NamedTuple):
    """What a check came to: the reports in the order they were asked for, and the text of a new baseline."""

    contents: list[bytes]
    summary: str
    conforms: bool
    baseline: str | None = None
    plan: Plan | None = None


@click.command("validate", cls=Command, epilog=_EXAMPLES)
@READING
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice(PROFILES),
    help="Rules to check; may be given several times.  [default: skos, glossary]",
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODE",
    help="Check this rule, or all that begin so; without --profile, only these.",
)
@click.option("--ignore", multiple=True, metavar="CODE", help="Do not check this rule, or none that begin so.")
@click.option("--severity", "severities", multiple=True, metavar="CODE=LEVEL", help="Count a rule as bad as this.")
@click.option("--shapes", multiple=True, metavar="FILE", help="SHACL shapes of yours to check, too.")
@click.option("--engine", type=click.Choice(ENGINES), default=ENGINES[0], show_default=True, help="What runs shapes.")
@ONLINE
@ENDPOINT
@FAIL_ON
@REPORTING
@click.option("--baseline", metavar="FILE", help="Findings that are known: only new ones fail.")
@click.option("--update-baseline", "update", is_flag=True, help="Make what is found now the baseline.")
@click.option(
    "--compare", nargs=2, metavar="OLD NEW", help="Compare two reports in JSON, or baselines; read no source."
)
@FIXING
@click.option("--verbose", "-v", is_flag=True, help="Show findings that are information, too.")
def validate(**given: Any) -> None:
    """Check glossaries and show each finding with its file and line.

    SOURCE is a page, a directory of pages, RDF, or - for standard input; without one it
    is the glossary that ships with kgexport. With --endpoint it is what a SPARQL store
    holds, checked in the store. The report goes to standard output or to -o.

    Exit codes: 0 conforming, 1 findings, 2 wrong use, 3 a source or target failed.
    """
    from kg.report import Severity

    compared = given.pop("compare")
    given["fail_on"] = fail_on = Severity(given["fail_on"])
    if compared:
        from kg.cli.compare import compare

        if given["sources"]:
            raise UsageError("--compare reads two reports and no source: leave the sources out")
        if left := [option for name, option in _NOT_COMPARED.items() if given[name]]:
            raise UsageError(f"--compare reads two reports and prints what differs: leave {', '.join(left)} out")
        compare(compared, limits_of(given), fail_on)
        return
    asked = _asked(given)
    if asked.endpoint:
        _finish(asked, _run_in_store(asked, asked.endpoint))
        return
    if asked.online:
        job = asked.job
        wishes: list[Request] = _limited(asked, requests, job, asked.choice, asked.online)
        asked = asked._replace(online=asked.online._replace(answers=fetched(wishes)))
    answer = _run(asked)
    if asked.fixing:
        asked, answer = _repaired(asked, asked.fixing, answer)
    _finish(asked, answer)


def _repaired(asked: Asked, fixing: Fixing, answer: Answer) -> tuple[Asked, Answer]:
    """Repair until nothing changes, and return what is left to do; with `--diff`, as if nothing had been repaired."""
    rounds, last = Rounds(fixing), answer
    while last.plan is not None and rounds.carry_out(last.plan):
        # A repair may bring to light what was hidden: it is looked again, and repaired again.
        last = _run(asked._replace(texts=rounds.texts))
    rounds.show()
    if not fixing.diff:
        return asked, last
    # The files are as they were, and the difference is what standard output is for.
    kept = [place for place, item in enumerate(asked.wanted) if item.path is not None]
    asked = asked._replace(wanted=tuple(asked.wanted[place] for place in kept))
    return asked, answer._replace(contents=[answer.contents[place] for place in kept])


def _asked(given: dict[str, Any]) -> Asked:
    from kg.pipeline import Job

    if given["update"] and not given["baseline"]:
        raise UsageError("--update-baseline: name the file with --baseline FILE")
    given["shapes"], endpoint = tuple(given["shapes"]), endpoint_of(given)
    choice, wanted, fixing, online = _choice(given), wanted_of(given), fixing_of(given), online_of(given)
    check_shown(wanted, fixing)
    given["suggest"] = suggested_in(wanted, given)
    if fixing and given["update"]:
        raise UsageError("--update-baseline: repair first, and update the baseline with what is left")
    job = Job(**reading_of(given))
    check_apart(wanted, {"source": job.sources, "file of shapes": given["shapes"], "baseline": [given["baseline"]]})
    return Asked(
        job, choice, wanted=wanted, fixing=fixing, online=online, endpoint=endpoint, colour=in_colour(), **given
    )


def _choice(given: dict[str, Any]) -> Choice:
    from kg.rule.choice import Choice, severities_of

    profiles, select, ignore = (tuple(given.pop(name)) for name in ("profiles", "select", "ignore"))
    try:
        severities = severities_of(given.pop("severities"))
    except ValueError as error:
        raise UsageError(f"--severity {error}") from error
    return Choice(profiles, select, ignore, severities).checked()


def _run(asked: Asked) -> Answer:
    return _limited(asked, checked, asked)


def _limited(asked: Asked, function: Callable[[Unpack[Given]], Made], *given: *Given) -> Made:
    """Call a function in a limited process, or here when only what we ship is read."""
    paths = (*asked.job.sources, *asked.shapes)
    if not paths:
        return function(*given)
    from kg.worker import run

    return run(function, *given, limits=asked.job.limits, name=_named(asked))


def _named(asked: Asked) -> str:
    """Return what a check that is stopped was about: with shapes, it is they that most often take too long."""
    source = asked.job.sources[0] if asked.job.sources else "the shipped glossary"
    return f"{asked.shapes[0]}, checked on {source}" if asked.shapes else source


def checked(asked: Asked) -> Answer:
    """Read, check, and write the reports that are asked for."""
    from kg.read.gate import instead

    with instead(asked.texts):
        return _checked(asked)


def _checked(asked: Asked) -> Answer:
    from kg.pipeline import check, read

    dataset = read(asked.job)
    report = check(dataset, asked.choice, engine=asked.engine, shapes=_shapes(asked))
    if asked.online:
        report.extend(checked_online(dataset, asked.choice, asked.online))
    answer = reported(asked, report, suggestions(dataset, report) if asked.suggest else None)
    return answer._replace(plan=planned(dataset, report, asked.fixing)) if asked.fixing else answer


def _run_in_store(asked: Asked, endpoint: Endpoint) -> Answer:
    """Ask the store, from here; what is read from files, the baseline included, is read behind the walls."""
    job = asked.job
    with progress() as tell:
        report = checked_in_store(endpoint, asked.choice, asked.shapes, job.limits, job.base, tell)
    return _limited(asked, reported, asked, report)


def reported(asked: Asked, report: Report, suggested: tuple[Mapping[Finding, Fix], str] | None = None) -> Answer:
    """Write the reports that are asked for, with the repairs that are suggested for findings."""
    from kg.check import baseline
    from kg.write.report.excerpt import Excerpts
    from kg.write.report.shown import Entry, Gone, Shown

    known: set[str] = set()
    gone: list[Known] = []
    there = _baseline(asked)
    if there is not None:
        known, gone = baseline.split(report, there)
    fixes, left = suggested or ({}, "")
    shown = Shown(
        [Entry(name, finding, name in known, fixes.get(finding)) for name, finding in report.named()],
        asked.fail_on,
        there is not None,
        [Gone(*item) for item in gone],
        asked.verbose,
        asked.colour,
        Excerpts(asked.job.limits),
    )
    return Answer(
        rendered(shown, asked.wanted),
        "\n".join(filter(None, [left, shown.without_info().summary()])),
        shown.conforms or asked.update,
        baseline.write(report) if asked.update else None,
    )


def _shapes(asked: Asked) -> Dataset | None:
    """Read a user's shapes, all files together."""
    if not asked.shapes:
        return None
    from kg.read.rdf import Reading, read_rdf

    job = asked.job
    return read_rdf(asked.shapes, None, Reading.of(job.limits, job.base, lenient=False, contexts=job.contexts))


def _baseline(asked: Asked) -> dict[str, Known] | None:
    """Read the baseline; one that is about to be written need not be there."""
    import os

    if asked.baseline is None or (asked.update and not os.path.exists(asked.baseline)):
        return None
    from kg.cli.compare import known_in

    return known_in(asked.baseline, asked.job.limits)


def _finish(asked: Asked, answer: Answer) -> None:
    """Put everything in place and end with the exit code."""
    if answer.baseline is not None and asked.baseline is not None:
        from kg.publish import atomic_write

        atomic_write(asked.baseline, [answer.baseline.encode()])
    put(asked.wanted, answer.contents)
    if Wanted(TEXT) not in asked.wanted:
        click.echo(answer.summary, err=True)
    if not answer.conforms:
        raise click.exceptions.Exit(1)
