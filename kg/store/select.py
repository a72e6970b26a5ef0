"""Questions to a store, by the SPARQL 1.1 Protocol: one request, and the answer as it comes.

An answer that the store has cut off is an error, told when the rows it sent are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

from kg.errors import StoreError
from kg.formats import Format, for_name
from kg.limits import spell_size
from kg.query import Answer, Row, plain
from kg.question import ASK, SELECT, Question
from kg.read.results import Unreadable, read_json
from kg.store import protocol
from kg.store.protocol import Client

STEP = "query"
#: One form at a time, the second where the store has not the first: some stores choose badly from a list
#: (Blazegraph's REST_API page advises against one).
ROWS = ("application/sparql-results+json", "application/sparql-results+xml")
GRAPH = "application/n-triples, text/turtle;q=0.7, application/rdf+xml;q=0.3"


def _xml(pieces: Iterator[bytes]) -> Answer:
    from kg.read.results_xml import read_xml

    return read_xml(pieces)


#: What rows are read from, by media type. The general types are what some stores send instead.
_READERS: Mapping[str, Callable[[Iterator[bytes]], Answer]] = {
    "application/sparql-results+json": read_json,
    "application/json": read_json,
    "application/sparql-results+xml": _xml,
    "application/xml": _xml,
    "text/xml": _xml,
}
_GRAPHS = {
    "application/n-triples": "ntriples",
    "text/plain": "ntriples",
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/rdf+xml": "rdfxml",
}

#: The header in which a store tells that it stopped after so many rows (Virtuoso: `ResultSetMaxRows`).
#: It comes with rows only: a graph that Virtuoso cuts off has one triple more than the cap, and no word of it.
_CAP = "x-sparql-maxrows"
#: The header of an answer that is not whole, since the time was up (Virtuoso: "anytime" queries).
_PARTIAL = "x-sql-state"
#: Numbers of rows that are caps more often than chance.
_ROUND = frozenset(digit * 10**zeros for digit in (1, 2, 5) for zeros in range(3, 8))
_DOUBT = "{}: just {} {} came, a number that looks like a cap; count them to be sure"
#: The column in which Virtuoso before version 8 answers yes (a row) or no (none), in place of a truth.
_TRUTH = ("__ASK_RETVAL",)


def select(
    client: Client,
    endpoint: str,
    question: Question,
    *,
    graphs: Sequence[str] = (),
    named: Sequence[str] = (),
    doubt: Callable[[str], None] = lambda _: None,
) -> Answer:
    """Send a SELECT or ASK and return its answer, whose rows come as they are read.

    `graphs` are the IRIs that make up the default graph, `named` those that `GRAPH` sees. Told of
    either, a store shows no other (SPARQL 1.1, section 13.2); without both, each is what it takes
    for it. `doubt` is told in words where the number
    of rows looks like a cap that the store does not tell of.

    Raises `StoreError`, at once or when the rows are read, for a store that refuses or fails,
    answers something else, or has cut the answer off.
    """
    first, other = ROWS
    told = _sent(client, endpoint, question, first, graphs, named, also=406)
    if told.status == 406:
        client.close()
        told = _sent(client, endpoint, question, other, graphs, named)
    read = _READERS.get(told.media_type)
    if read is None:
        raise _unexpected(client, told, "SPARQL results in JSON or XML")
    try:
        answer = read(told.pieces)
    except Unreadable as error:
        raise _broken(client, error) from None
    if question.form == ASK and answer.columns == _TRUTH:
        answer = Answer((), (), truth=any(row[0] is not None and plain(row[0]) not in {"0", "false"} for row in answer))
    if (question.form == ASK) != (answer.truth is not None):
        wanted, came = ("a yes or no", "rows") if question.form == ASK else ("rows", "a yes or no")
        raise StoreError(client.store, STEP, f"it answered {came}, not {wanted}", "check the URL of the endpoint")
    return Answer(answer.columns, _whole(client, told, question, answer, doubt), truth=answer.truth)


def fetch(
    client: Client,
    endpoint: str,
    question: Question,
    into: IO[bytes],
    *,
    most: int = protocol.LIMIT,
    graphs: Sequence[str] = (),
    named: Sequence[str] = (),
    doubt: Callable[[str], None] = lambda _: None,
) -> tuple[Format, StoreError | None]:
    """Send a CONSTRUCT or DESCRIBE, put the text of the graph, of `most` bytes, into a file, and return its format.

    With it comes the error to raise when the graph was made use of: that it was cut off.

    Raises `StoreError` for a store that refuses or fails, answers something else, or does not end.
    """
    told = _sent(client, endpoint, question, GRAPH, graphs, named)
    name = _GRAPHS.get(told.media_type)
    if name is None:
        raise _unexpected(client, told, "a graph in N-Triples, Turtle or RDF/XML")
    lines = size = 0
    for piece in told.pieces:
        size += len(piece)
        if size > most:
            reason = f"its graph is longer than {spell_size(most)}"
            raise StoreError(client.store, STEP, reason, "ask for less, or raise --max-bytes")
        into.write(piece)
        lines += piece.count(b"\n")
    into.flush()
    cut = _partial(client, told)
    if name == "ntriples" and cut is None and not _limited(question, lines):
        if "virtuoso" in told.headers.get("server", "").lower() and lines - 1 in _ROUND:
            cut = _capped(client, f"{lines} triples", str(lines - 1))
        elif lines in _ROUND:
            doubt(_DOUBT.format(client.store, lines, "triples"))
    return for_name(name), cut


def _sent(
    client: Client,
    endpoint: str,
    question: Question,
    accept: str,
    graphs: Sequence[str],
    named: Sequence[str],
    *,
    also: int = 400,
) -> protocol.Answer:
    from urllib.parse import urlencode

    fields = [("query", question.text)]
    fields += [("default-graph-uri", iri) for iri in graphs]
    fields += [("named-graph-uri", iri) for iri in named]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
    told = client.request(
        "POST",
        endpoint,
        headers,
        urlencode(fields).encode(),
        step=STEP,
        streamed=True,
        accept=lambda status: 200 <= status < 300 or status in {400, also},
    )
    if told.status == 400:
        words = client.excerpt(_beginning(told))
        what = "the store cannot read it" if told.media_type != "text/html" else "it answered 400 with an HTML page"
        raise StoreError(client.store, STEP, f"{what}: {words}", "mend the query, or check the URL of the endpoint")
    return told


def of_a_query(error: StoreError) -> StoreError:
    """Return an error with the remedies of a single query, which has no state and one time limit."""
    import re

    remedy = re.sub("raise --request-timeout[^;]*", "raise --timeout", error.remedy)
    remedy = remedy.replace("the same command goes on where this one stopped", "ask again")
    return StoreError(error.store, error.step, error.reason, remedy)


def _beginning(told: protocol.Answer) -> str:
    taken = b""
    for piece in told.pieces:
        taken += piece
        if len(taken) > 1 << 14:
            break
    return taken.decode("utf-8", "replace")


def _unexpected(client: Client, told: protocol.Answer, wanted: str) -> StoreError:
    if "html" in told.media_type:
        remedy = "give the URL of its query endpoint, often …/query or …/sparql, and check whether it wants a login"
        return StoreError(client.store, STEP, "it answered with an HTML page", remedy)
    came = told.media_type or "no media type"
    remedy = "it takes no notice of Accept: check the URL of the endpoint, or a proxy before it"
    return StoreError(client.store, STEP, f"it answered {came}, and {wanted} was asked for", remedy)


def _broken(client: Client, error: Unreadable) -> StoreError:
    remedy = "the store's log may say more; a time limit of its own is a common cause"
    return StoreError(client.store, STEP, f"its answer cannot be read: {error}", remedy)


def _whole(
    client: Client, told: protocol.Answer, question: Question, answer: Answer, doubt: Callable[[str], None]
) -> Iterator[Row]:
    """Yield the rows, and tell in the end when there should have been more."""
    count = 0
    try:
        for row in answer:
            count += 1
            yield row
    except Unreadable as error:
        raise _broken(client, error) from None
    if (cut := _partial(client, told)) is not None:
        raise cut
    if question.form == SELECT and not _limited(question, count):
        cap = told.headers.get(_CAP, "")
        if cap.isascii() and cap.isdigit() and count >= int(cap):
            raise _capped(client, f"{count} rows", cap)
        if count in _ROUND:
            doubt(_DOUBT.format(client.store, count, "rows"))


def _limited(question: Question, count: int) -> bool:
    """Tell whether the query itself is why no more came."""
    return question.limit is not None and question.limit <= count


def _partial(client: Client, told: protocol.Answer) -> StoreError | None:
    """Return the error for an answer that is not whole since the time was up."""
    if told.status == 206 or _PARTIAL in told.headers:
        words = "".join(filter(str.isprintable, told.headers.get("x-sql-message", "")))[:200]
        reason = f"its time was up before the answer was whole{': ' * bool(words)}{words}"
        return StoreError(client.store, STEP, reason, "ask for less, or raise the time limit of the store")
    return None


def _capped(client: Client, came: str, cap: str) -> StoreError:
    # No store tells whether there was more, and whoever relies on the answer must not take it for whole.
    remedy = "page the query with ORDER BY, LIMIT and OFFSET, or raise the cap (Virtuoso: ResultSetMaxRows)"
    return StoreError(client.store, STEP, f"it cuts answers off at {cap}, and {came} came", remedy)
