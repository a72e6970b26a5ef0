"""`kg validate --endpoint`: validate what a store holds, where it lies.

`kg.cli.validate` calls it so::

    @ENDPOINT                                    # the options
    endpoint = endpoint_of(given)                # takes them out; None when no store is named
    report = checked_in_store(endpoint, …)       # asks the store, from this process; shapes are read by a worker
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from kg.cli.shared import AUTH_FILE
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.dataset import Dataset
    from kg.limits import Limits
    from kg.report import Location, Report
    from kg.rule.choice import Choice
    from kg.store.endpoint import Place

F = TypeVar("F", bound=Callable[..., Any])

#: A request takes no longer, in seconds; one that would is asked in smaller parts.
LONGEST = 60.0

#: What is said of sources, and means nothing for a store: the option, and what it is when it is not given.
_OF_SOURCES = (
    ("source_format", "--from", None),
    ("lenient", "--lenient", False),
    ("contexts", "--context", ()),
    ("engine", "--engine pyshacl", "shacl"),
    ("fix", "--fix", False),
    ("fix_proposed", "--fix-proposed", False),
    ("show_diff", "--diff", False),
    ("suggest", "--suggest", False),
)


#: The option is of `kg query`, too.
CATALOGUE = click.option(
    "--catalogue", metavar="IRI", help="Graph that tells which version is current.  [default: urn:kgexport:catalogue]"
)


class Endpoint(NamedTuple):
    """What is validated, and the longest time of one request in seconds."""

    place: Place
    longest: float = LONGEST


def ENDPOINT(function: F) -> F:  # noqa: N802 - a stack of options, as READING is
    """Add the options that name a store to a command; `kg.cli.online` has --endpoint itself."""
    for option in (
        click.option(
            "--request-timeout",
            type=click.FloatRange(min=0.1),
            metavar="SECONDS",
            default=LONGEST,
            show_default=True,
            help="With --endpoint: longest time of a request.",
        ),
        AUTH_FILE,
        click.option("--dialect", metavar="NAME", help="Kind of store, where the URL is that of the store."),
        CATALOGUE,
        click.option(
            "--vocabulary", metavar="IRI", help="With --endpoint: the current version of what kg load put there."
        ),
        click.option(
            "--graph",
            "graphs",
            multiple=True,
            metavar="IRI",
            help="With --endpoint: graph to check, in place of the default graph; may be given several times.",
        ),
    ):
        function = option(function)
    return function


def endpoint_of(given: dict[str, Any]) -> Endpoint | None:
    """Take the options that name a store out of what a command was given; None when none is to be validated.

    With `--online` the endpoint is one that should link here, and is left where it is.

    Raises `UsageError` for options that mean nothing together.
    """
    graphs, vocabulary, catalogue, dialect, auth_file, longest = (
        given.pop(name) for name in ("graphs", "vocabulary", "catalogue", "dialect", "auth_file", "request_timeout")
    )
    url = given["endpoint"]
    if url is None or given["online"]:
        named = (
            ("--graph", graphs),
            ("--vocabulary", vocabulary),
            ("--catalogue", catalogue),
            ("--dialect", dialect),
            ("--auth-file", auth_file),
        )
        for option, value in named:
            if value:
                raise UsageError(
                    f"{option} is about a store that is validated: name it with --endpoint, without --online"
                )
        return None
    given["endpoint"] = None
    from kg.store.endpoint import Place

    place = Place(url, tuple(graphs), vocabulary, catalogue, dialect, auth_file)
    _check(given, place)
    return Endpoint(place, longest)


def _check(given: dict[str, Any], place: Place) -> None:
    from kg.iri import check_iri
    from kg.store.address import checked

    checked(place.url)
    if given["sources"]:
        raise UsageError("--endpoint checks what a store holds: leave the sources out")
    for name, option, usual in _OF_SOURCES:
        if given[name] != usual:
            raise UsageError(f"{option} is about sources, and --endpoint checks a store: leave one of them out")
    one = (("--vocabulary", place.vocabulary), ("--catalogue", place.catalogue))
    for option, iri in (*(("--graph", graph) for graph in place.graphs), *one):
        if iri and (problem := check_iri(iri)):
            raise UsageError(f"{option} {iri}: {problem}")
    if place.graphs and place.vocabulary:
        raise UsageError("--vocabulary names the graph of its current version: leave --graph out")


def checked_in_store(
    endpoint: Endpoint,
    choice: Choice,
    shapes: tuple[str, ...] = (),
    limits: Limits | None = None,
    base: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Validate a store and return what was found.

    Files of shapes are read by a worker without network; what they say is asked from here.

    Raises `StoreError` for a store that fails, `SourceError` for shapes that cannot be read or run.
    """
    from kg.limits import Limits
    from kg.store.endpoint import opened
    from kg.store.validation import Place as Part
    from kg.store.validation import Questions, check, unrun

    given = _read(shapes, limits or Limits(), base) if shapes else None
    left_out = unrun(choice)
    for found in left_out:
        # It is information, which a report on a terminal leaves out.
        click.echo(found.message, err=True)
    with opened(endpoint.place, endpoint.longest, _warn) as (client, url, graphs):
        report = check(Part(Questions(client, url), graphs), choice, given, progress)
    report.extend(left_out)
    return report


def _warn(words: str) -> None:
    click.echo(f"warning: {words}", err=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give what tells a person at a terminal what is being looked for, on one line that goes away at the end."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda what: click.echo(f"\r\x1b[Kasking for {what}", err=True, nl=False)
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


#: Statements of shapes, each with its place.
Rows = list[tuple[tuple[str, str, str, str], "Location"]]


def _read(paths: tuple[str, ...], limits: Limits, base: str | None) -> Dataset:
    from kg.dataset import Dataset
    from kg.statement import Origin
    from kg.worker import run

    made = Dataset()
    rows: Rows = run(read_shapes, paths, limits, base, limits=limits, name=paths[0])
    places = dict(rows)
    for row, place in rows:
        made.add(*row, origin=Origin(place.path))
        made.finders[place.path] = lambda asked: {one: places[one] for one in asked if one in places}
    return made


def read_shapes(paths: tuple[str, ...], limits: Limits, base: str | None) -> Rows:
    """Read files of shapes, check that they can be run, and return their statements, each with its place."""
    from kg.check.shacl import Shapes
    from kg.check.shacl.guard import guarded
    from kg.read.rdf import Reading, read_rdf
    from kg.report import Location

    shapes = Shapes(dataset=read_rdf(paths, None, Reading.of(limits, base, lenient=False, contexts=())))
    # What cannot be run is told here, where the files are at hand.
    list(guarded(shapes))
    places = shapes.located(shapes.dataset)
    return [
        ((row.subject, row.predicate, row.object, row.graph), places.get(row) or Location(paths[0]))
        for row in shapes.dataset
    ]
