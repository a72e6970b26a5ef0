"""`kg query`: SPARQL on files, on stores in a directory and on endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

import click

from kg.cli.shared import AUTH_FILE, READING, Command, limited, reading_of, show, utf8_stdout
from kg.cli.validate_endpoint import CATALOGUE

if TYPE_CHECKING:
    from kg.errors import StoreError
    from kg.limits import Limits
    from kg.pipeline import Job
    from kg.query import Answer
    from kg.question import Question
    from kg.report import Report
    from kg.terms import Term

_EXAMPLES = """\b
Examples:
  kg query --name cq05
  kg query -q 'SELECT ?label { ?c skos:topConceptOf ?s ; skos:prefLabel ?label }'
  kg query -q 'DESCRIBE ?c { ?c skos:prefLabel ?label }' --bind 'label="BERT"@en' --output turtle
  kg query --list
"""
#: Those of `kg.write.results.FORMS`, named here so that the help needs nothing of it.
_FORMS = ("table", "csv", "tsv", "json", "xml", "turtle", "ntriples")


class Place:
    """Where a query is asked, other than in the sources: graphs, and an endpoint with who asks it."""

    __slots__ = ("auth_file", "catalogue", "dialect", "endpoint", "graphs", "named", "vocabulary")

    def __init__(self, given: dict[str, Any]) -> None:
        self.endpoint: str | None = given.pop("endpoint")
        self.auth_file: str | None = given.pop("auth_file")
        self.dialect: str | None = given.pop("dialect")
        self.vocabulary: str | None = given.pop("vocabulary")
        self.catalogue: str | None = given.pop("catalogue")
        self.graphs: tuple[str, ...] = given.pop("graphs")
        self.named: tuple[str, ...] = given.pop("named")


@click.command("query", cls=Command, epilog=_EXAMPLES)
@READING
@click.option("--query", "-q", "text", metavar="SPARQL", help="The query; the usual prefixes are known.")
@click.option("--file", "path", type=click.Path(), metavar="FILE", help="File that holds the query.")
@click.option("--name", metavar="NAME", help="A stored query.")
@click.option("--list", "listed", is_flag=True, help="List the stored queries and exit.")
@click.option(
    "--bind",
    "bindings",
    multiple=True,
    metavar="VAR=TERM",
    help='Put a term for a variable: <IRI>, "text"@en, or a name such as skos:Concept.',
)
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint in place of sources.")
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI",
    help="Graph of a store to ask, in place of its default graph; may be given several times.",
)
@click.option(
    "--named-graph",
    "named",
    multiple=True,
    metavar="IRI",
    help="Graph of a store that GRAPH sees beside it; may be given several times.",
)
@click.option("--vocabulary", metavar="IRI", help="Ask the current version of what kg load put into a store.")
@CATALOGUE
@click.option("--dialect", metavar="NAME", help="Kind of store at the endpoint, where its URL is that of the store.")
@AUTH_FILE
@click.option(
    "--output",
    "form",
    type=click.Choice(_FORMS),
    default="table",
    show_default=True,
    help="How the answer is written.",
)
def query(**given: Any) -> None:
    """Ask glossaries in SPARQL; the data are the default graph, the evidence is a named one.

    Glossaries and RDF are queried in the profile full, so that typed links answer as
    SKOS links. A store, which is an endpoint or a directory that pyoxigraph made, is
    queried as it is; its answers are written as they come.

    Exit codes: 0 done, 2 wrong use (the query cannot be read, too), 3 a source or store failed.
    """  # fmt: skip
    if given["listed"]:
        for name, about in stored():
            click.echo(f"{name}  {about}")
        return
    from kg.question import FORMS, Question

    text = _text(given["text"], given["path"], given["name"])
    bindings, form, place = _bindings(given["bindings"]), given["form"], Place(given)
    question = Question.of(text).bind(bindings)
    asked = question.form
    if form in {"turtle", "ntriples"} and asked in FORMS[:2]:
        raise click.UsageError(f"{form} holds graphs: ask with CONSTRUCT or DESCRIBE, or choose another --output")
    from kg.pipeline import Job

    job = Job(**reading_of(given))
    if place.endpoint is not None:
        if job.sources:
            raise click.UsageError("give sources or --endpoint, not both")
        from kg.errors import StoreError
        from kg.store.select import of_a_query

        try:
            _remote(job, place, question, form)
        except StoreError as error:
            raise of_a_query(error) from None
    elif _is_store(job.sources):
        limited(job, answer_store, job.sources[0], text, bindings, form, place)
    elif place.graphs or place.named or place.vocabulary or place.catalogue:
        raise click.UsageError(
            "--graph, --named-graph, --vocabulary and --catalogue choose among the graphs of a store"
        )
    else:
        # A query of the user's own may take forever: it runs under the caps, as sources do.
        report = limited(job, answer, job, text, bindings, form, foreign=given["name"] is None)
        show(report, quiet_info=False)


def answer(job: Job, text: str, bindings: dict[str, Any], form: str) -> Report:
    """Read the sources of a job, run a query on them, and print the answer."""
    from kg.pipeline import read
    from kg.profile import FULL, apply

    result = apply(read(job), FULL).query(text, bindings)
    _print(result, form)
    return result.report


def answer_store(path: str, text: str, bindings: dict[str, Any], form: str, place: Place) -> None:
    """Run a query on a store in a directory, and print the answer."""
    from kg.query import query_store

    graphs = place.graphs
    if place.vocabulary is not None:
        from kg.store.endpoint import current

        asked = (path, place.vocabulary, place.catalogue)
        graphs = (*graphs, current(lambda question: query_store(path, question.text), *asked))
    _print(query_store(path, text, bindings, graphs=graphs, named=place.named), form)


def answer_graph(path: str, name: str, form: str, store: str, limits: Limits) -> None:
    """Print the graph that an endpoint answered, whose text is in a file."""
    from kg.convert import Order, convert
    from kg.errors import SourceError, StoreError
    from kg.query import TRIPLE, Answer
    from kg.report import Report

    pieces = convert(Order(path, "ntriples", source_format=name, limits=limits), Report())
    try:
        _print(Answer(TRIPLE, (row for piece in pieces for row in _triples(piece)), graph=True), form)
    except SourceError as error:
        line = f"line {error.line}: " if error.line else ""
        raise StoreError(store, "query", f"its graph cannot be read: {line}{error.reason}") from None


def _triples(ntriples: bytes) -> Iterator[tuple[Term, Term, Term]]:
    from kg.terms import Term

    for line in ntriples.decode().split("\n")[:-1]:
        subject, predicate, rest = map(Term, line.split(" ", 2))
        yield subject, predicate, Term(rest[:-2])


def _print(found: Answer, form: str) -> None:
    from kg.write.results import write

    _pour(write(found, form), utf8_stdout())


def _pour(pieces: Iterable[bytes], out: IO[bytes]) -> None:
    try:
        for piece in pieces:
            out.write(piece)
    finally:
        # What came before an error is the user's; the error is told after it.
        out.flush()


def _remote(job: Job, place: Place, question: Question, form: str) -> None:
    from kg.question import FORMS
    from kg.store import endpoint, select

    asked = endpoint.Place(
        str(place.endpoint), place.graphs, place.vocabulary, place.catalogue, place.dialect, place.auth_file
    )
    with endpoint.opened(asked, job.limits.timeout, _doubt) as (client, url, graphs):
        more: dict[str, Any] = {"graphs": graphs, "named": place.named, "doubt": _doubt}
        if question.form in FORMS[:2]:
            _print(select.select(client, url, question, **more), form)
            return
        from kg.publish.temporary import scratch

        with scratch() as folder, open(f"{folder}/graph", "wb") as spool:
            cut: StoreError | None
            told, cut = select.fetch(client, url, question, spool, most=job.limits.max_bytes, **more)
            # What a parser in native code reads, it reads behind the walls.
            limited(job, answer_graph, spool.name, told.name, form, client.store, job.limits, foreign=True)
        if cut is not None:
            raise cut


def _doubt(words: str) -> None:
    click.echo(f"warning: {words}", err=True)


def _is_store(sources: tuple[str, ...]) -> bool:
    """Tell whether the source is the directory of a pyoxigraph store (RocksDB)."""
    import os

    found = [source for source in sources if os.path.isfile(os.path.join(source, "CURRENT"))]
    if found and len(sources) > 1:
        raise click.UsageError(f"{found[0]} is a store: it is asked alone")
    return bool(found)


def stored() -> list[tuple[str, str]]:
    """Return the stored queries: name and question, the first line of each."""
    import os

    from kg.vocab import queries

    found = []
    for file in sorted(os.listdir(queries())):
        with open(os.path.join(queries(), file), encoding="utf-8") as lines:
            found.append((os.path.splitext(file)[0], lines.readline().lstrip("# ").strip()))
    return found


def _text(text: str | None, path: str | None, name: str | None) -> str:
    import os

    from kg.errors import SourceError, UnknownName
    from kg.vocab import PREFIXES, queries

    if [text, path, name].count(None) != 2:
        raise click.UsageError("give the query with one of --query, --file or --name")
    if name is not None:
        known = [known for known, _ in stored()]
        if name not in known:
            raise UnknownName("stored query", name, known)
        path = os.path.join(queries(), f"{name}.rq")
    if path is not None:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(path, str(error)) from error
    # On one line with the query, so that the lines of an error are those of the query.
    prefixes = "".join(f"PREFIX {known}: <{base}> " for known, base in PREFIXES.namespaces.items())
    return prefixes + str(text)


def _bindings(given: tuple[str, ...]) -> dict[str, Any]:
    from kg.vocab import PREFIXES

    made = {}
    for item in given:
        variable, equals, term = item.partition("=")
        if term and term[0] not in '<"':
            full = PREFIXES.expand(term)
            term = f"<{full}>" if full else ""
        if not equals or not term:
            raise click.UsageError(f'--bind {item}: write VAR=TERM, with TERM as <IRI>, "text"@en or skos:Concept')
        made[variable.lstrip("?$")] = term
    return made
