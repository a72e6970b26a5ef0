"""Where a question goes: the URL that takes queries, and the graph of a vocabulary's current version."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from kg import terms
from kg.errors import StoreError
from kg.query import Row
from kg.question import Question
from kg.store import dialect as dialects
from kg.store.catalogue import CURRENT, GRAPH
from kg.store.protocol import Auth

_CURRENT = f"SELECT ?graph {{ GRAPH <{GRAPH}> {{ ?vocabulary <{CURRENT}> ?graph }} }}"


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


def current(ask: Callable[[Question], Iterable[Row]], store: str, vocabulary: str) -> str:
    """Return the IRI of the graph that holds the current version of a vocabulary; `ask` answers a SELECT.

    Raises `StoreError` where the store knows none.
    """
    asked = Question.of(_CURRENT).bind({"vocabulary": f"<{vocabulary}>"})
    found = [row[0] for row in ask(asked) if row[0]]
    if len(found) != 1:
        reason = f"it has {len(found) or 'no'} current version{'s' * (len(found) > 1)} of {vocabulary}"
        raise StoreError(store, "read the catalogue", reason, "kg versions lists what kg load has put there")
    return terms.iri_text(found[0])
