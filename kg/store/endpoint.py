"""Where a question goes: the URL that takes queries, who asks there, and the graph of a current version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from kg import terms
from kg.errors import StoreError
from kg.query import Row
from kg.question import Question, spelt
from kg.store import auth as asking
from kg.store import dialect as dialects
from kg.store.address import checked
from kg.store.catalogue import CURRENT, GRAPH
from kg.store.protocol import Auth, Client


class Place(NamedTuple):
    """What is asked: an endpoint or the root of a store, graphs of it, the current version of a vocabulary."""

    url: str
    graphs: tuple[str, ...] = ()
    vocabulary: str | None = None
    catalogue: str | None = None
    dialect: str | None = None
    auth_file: str | None = None


@contextmanager
def opened(place: Place, timeout: float, warn: Callable[[str], None]) -> Iterator[tuple[Client, str, tuple[str, ...]]]:
    """Give a client, the URL that takes queries, and the graphs to ask there; none are what the store takes for all.

    Raises `UsageError` for what is no URL or holds a secret, `UnknownName` for a dialect that does not
    exist, `StoreError` for a store that does not answer or does not know the vocabulary.
    """
    from kg.store.select import select

    url = checked(place.url)
    who = asking.found(url, place.auth_file)
    if warning := asking.unprotected(url, who):
        warn(warning)
    url = query_url(url, place.dialect, lambda: who, timeout)
    with Client(url, who, timeout=timeout) as client:
        graphs = place.graphs
        if place.vocabulary is not None:
            asked = (client.store, place.vocabulary, place.catalogue)
            graphs = (*graphs, current(lambda question: select(client, url, question), *asked))
        yield client, url, graphs


def query_url(url: str, dialect: str | None, auth: Callable[[], Auth | None], timeout: float) -> str:
    """Return the URL that takes queries: `url` itself, unless that is the root of a store.

    It is one where its dialect is told, or where it has no path; then the store is asked who it is.

    Raises `UnknownName` for a dialect that does not exist, `StoreError` for a store that does not answer.
    """
    if dialect is not None:
        return dialects.endpoints(dialects.named(dialect), url).query
    if urlsplit(url).path not in {"", "/"}:
        return url
    from kg.store.session import Server, connect

    with connect(url, None, auth, timeout) as store:
        return store.endpoints.query if isinstance(store, Server) else url


def current(ask: Callable[[Question], Iterable[Row]], store: str, vocabulary: str, catalogue: str | None = None) -> str:
    """Return the IRI of the graph that holds the current version of a vocabulary; `ask` answers a SELECT.

    Raises `StoreError` where the catalogue knows none, `QueryError` for a catalogue that is no IRI.
    """
    graph = spelt("catalogue", f"<{catalogue or GRAPH}>")
    asked = Question.of(f"SELECT ?graph {{ GRAPH {graph} {{ ?vocabulary <{CURRENT}> ?graph }} }}")
    found = [row[0] for row in ask(asked.bind({"vocabulary": f"<{vocabulary}>"})) if row[0]]
    if len(found) != 1:
        reason = f"it has {len(found) or 'no'} current version{'s' * (len(found) > 1)} of {vocabulary}"
        remedy = "kg versions lists what kg load has put there; --catalogue names another catalogue"
        raise StoreError(store, "read the catalogue", reason, remedy)
    return terms.iri_text(found[0])
