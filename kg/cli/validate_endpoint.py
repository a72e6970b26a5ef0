"""`kg validate --endpoint`: validate what a store holds, where it lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.dataset import Dataset
    from kg.limits import Limits
    from kg.report import Location, Report
    from kg.rule.choice import Choice

Command = TypeVar("Command", bound=Callable[..., Any])

#: A request takes no longer; one that would is asked in smaller parts.
LONGEST = 60.0

EXAMPLES = """\b
  kg validate --endpoint http://localhost:7878/query --graph https://w3id.org/kgexport/ai/
  kg validate --endpoint http://localhost:7878/query --shapes shapes.ttl
"""


class Endpoint(NamedTuple):
    """What is validated: the graphs of a store, without any what it takes for its default graph."""

    url: str
    graphs: tuple[str, ...] = ()
    dialect: str | None = None
    auth_file: str | None = None
    longest: float = LONGEST


def endpoint_options(command: Command) -> Command:
    """Add the options that name a store to a command."""
    for option in (
        click.option(
            "--request-timeout", type=float, default=LONGEST, show_default=True, help="Seconds a request takes."
        ),
        click.option("--auth-file", metavar="FILE", help="File with user and password, or token, for the store."),
        click.option("--dialect", metavar="NAME", help="Kind of store.  [default: asked]"),
        click.option("--graph", "graphs", multiple=True, metavar="IRI", help="Graph of the store to check."),
        click.option("--endpoint", metavar="URL", help="Check what a SPARQL store holds, in the store."),
    ):
        command = option(command)
    return command


def endpoint_of(given: dict[str, Any]) -> Endpoint | None:
    """Take the options of `endpoint_options` out of what a command was given; None without `--endpoint`.

    Raises `UsageError` for options that mean nothing together.
    """
    from kg.iri import check_iri

    url, graphs, dialect, auth_file, longest = (
        given.pop(name) for name in ("endpoint", "graphs", "dialect", "auth_file", "request_timeout")
    )
    if url is None:
        if graphs:
            raise UsageError("--graph names a graph of a store: give its URL with --endpoint")
        return None
    if given.get("sources"):
        raise UsageError("--endpoint checks what the store holds: leave the sources out")
    for graph in graphs:
        if problem := check_iri(graph):
            raise UsageError(f"--graph {graph}: {problem}")
    return Endpoint(url, tuple(graphs), dialect, auth_file, longest)


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
    from kg.store import auth
    from kg.store.session import connect
    from kg.store.validation import Place, check, left_out

    given = _read(shapes, limits or Limits(), base) if shapes else None
    who = auth.found(endpoint.url, endpoint.auth_file)
    if warning := auth.unprotected(endpoint.url, who):
        click.echo(warning, err=True)
    if unrun := left_out(choice):
        click.echo(f"not run in a store: {', '.join(unrun)}", err=True)
    store = connect(endpoint.url, endpoint.dialect, lambda: who, endpoint.longest)
    try:
        return check(Place(store, endpoint.graphs), choice, given, progress)
    finally:
        store.close()


#: Statements of shapes, each with its place.
Rows = list[tuple[tuple[str, ...], "Location"]]


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
    return [(tuple(row), places.get(row) or Location(paths[0])) for row in shapes.dataset]
