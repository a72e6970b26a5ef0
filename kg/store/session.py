"""One store, spoken to: rows, updates, statements into a graph; a server, or a directory of pyoxigraph."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, Self

from kg import terms
from kg.errors import StoreError
from kg.query import Row
from kg.question import Question
from kg.store import address
from kg.store import dialect as dialects
from kg.store.auth import keep_to
from kg.store.dialect import Dialect
from kg.store.protocol import Answer, Auth, Client
from kg.terms import Term

#: How many times longer than a request a change of a whole graph may take.
_LONG = 20
#: No count or sum has more: the zeros of 1e999999999 would fill the memory.
_DIGITS = 30
#: Answers that do not come from the store itself, or not yet.
_NO_ANSWER = frozenset({401, 408, 425, 429, 502, 503, 504})


class Store(Protocol):
    """A place for graphs that understands SPARQL."""

    name: str
    dialect: Dialect

    def __enter__(self) -> Self:
        """Return this store."""

    def __exit__(self, *_: object) -> None:
        """Let go of it."""

    def rows(self, text: str, step: str, width: int) -> list[Row]:
        """Run a SELECT of so many columns."""

    def update(self, text: str, step: str) -> None:
        """Run an update, whole or not at all as far as the store can."""

    def add(self, graph: str, lines: Sequence[bytes], step: str) -> None:
        """Add statements, as lines of N-Triples, to a named graph."""

    def twin(self) -> Store:
        """Return another connection to the same store, for another thread."""

    def close(self) -> None:
        """Let go of it."""


class _Whole(Client):
    """A client that holds an answer before it hands it on: one that breaks off is asked for again."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None, **told: Any
    ) -> Answer:
        """Send a request; what comes as a stream is there already."""
        answer = super().request(method, url, headers, body, **{**told, "streamed": False})
        return answer._replace(pieces=iter((answer.body,)))


class Server:
    """A store behind HTTP."""

    def __init__(
        self,
        url: str,
        dialect: Dialect,
        auth: Callable[[], Auth | None],
        timeout: float,
        *,
        update_url: str | None = None,
    ) -> None:
        self._given = (url, dialect, auth, timeout)
        self._update_url = update_url
        who = auth()
        self.client = _Whole(url, who, timeout=timeout)
        self.name, self.dialect = self.client.store, dialect
        self.endpoints = dialects.endpoints(dialect, self.name)
        if update_url:
            update = address.checked(update_url)
            keep_to(self.name, update, who)
            self.endpoints = self.endpoints._replace(update=update)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def twin(self) -> Server:
        """Return another connection to the same store."""
        return Server(*self._given, update_url=self._update_url)

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def rows(self, text: str, step: str, width: int) -> list[Row]:
        """Run a SELECT and return its rows."""
        from kg.store.select import select

        try:
            answer = select(self.client, self.endpoints.query, Question.of(text))
            rows = list(answer)
        except StoreError as error:
            raise StoreError(error.store, step, error.reason, error.remedy) from None
        if len(answer.columns) != width:
            reason = f"it answered {len(answer.columns)} columns, and {width} were asked for"
            raise StoreError(self.name, step, reason, "check the URL, or a proxy before the store")
        return rows

    def update(self, text: str, step: str) -> None:
        """Run an update."""
        from urllib.parse import urlencode

        form = self.dialect.update_form
        body = urlencode({"update": text}).encode() if form else text.encode()
        kind = "application/x-www-form-urlencoded" if form else "application/sparql-update"
        longest = self.client.timeout * _LONG
        answer = self.client.request(
            "POST", self.endpoints.update, {"Content-Type": kind}, body, step=step, timeout=longest, brief=True
        )
        done = self.dialect.updated
        if answer.media_type == "text/html" and not (done and done in answer.text):
            remedy = "check the URL of updates, and whether it wants a login"
            raise StoreError(self.name, step, "it answered with an HTML page, as a login does", remedy)

    def add(self, graph: str, lines: Sequence[bytes], step: str) -> None:
        """Add statements by the Graph Store Protocol, or by updates where the store has none."""
        dialect = self.dialect
        if not dialect.graph:
            for start in range(0, len(lines), dialect.insert):
                part = b"".join(lines[start : start + dialect.insert]).decode()
                self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{part}}} }}", step)
            return
        url = dialects.graph_url(dialect, self.endpoints.graph, graph, dialect.graph_options)
        longest = self.client.timeout * max(1, len(lines) / 20_000)
        kind = {"Content-Type": dialect.graph_media_type}
        self.client.request("POST", url, kind, b"".join(lines), step=step, timeout=longest, brief=True)


class Directory:
    """A directory of pyoxigraph, or without a path its memory: the same language without a server."""

    def __init__(self, path: str | None, name: str = "memory", *, writes: bool = True) -> None:
        import pyoxigraph

        self.name, self.dialect = path or name, dialects.named("oxigraph")._replace(parallel=1)
        self._kept = path is not None and writes
        opened = pyoxigraph.Store if writes else pyoxigraph.Store.read_only
        try:
            self._store = opened(path) if path else pyoxigraph.Store()
        except (OSError, RuntimeError) as error:
            words = "another process has it open" if "lock" in str(error).lower() else str(error)
            raise StoreError(self.name, "open", words, "stop the server that uses it, or check the path") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def twin(self) -> Directory:
        """Return the same: it may be used by several threads."""
        return self

    def close(self) -> None:
        """Flush what is in memory to the disk and let go of it."""
        if self._kept:
            self._store.flush()

    def quads(self, graph: str) -> bytes:
        """Return the statements of a graph as N-Quads, in order."""
        import pyoxigraph

        found = self._store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(graph))
        return b"".join(sorted(f"{quad} .\n".encode() for quad in found))

    def rows(self, text: str, step: str, width: int) -> list[Row]:
        """Run a SELECT."""
        with self._told(step):
            found = self._store.query(text)
            return [tuple(_term(row[place]) for place in range(width)) for row in found]  # type: ignore[union-attr]

    def update(self, text: str, step: str) -> None:
        """Run an update."""
        with self._told(step):
            self._store.update(text)

    def add(self, graph: str, lines: Sequence[bytes], step: str) -> None:
        """Load statements."""
        import pyoxigraph

        with self._told(step):
            self._store.bulk_load(b"".join(lines), pyoxigraph.RdfFormat.N_TRIPLES, to_graph=pyoxigraph.NamedNode(graph))

    @contextmanager
    def _told(self, step: str) -> Iterator[None]:
        try:
            yield
        except (OSError, SyntaxError, ValueError, RuntimeError) as error:
            raise StoreError(self.name, step, str(error), "check the disk") from error


def _term(value: object) -> Term | None:
    return None if value is None else Term(str(value))


def connect(
    url: str,
    dialect: str | None,
    auth: Callable[[], Auth | None],
    timeout: float,
    *,
    update_url: str | None = None,
    makes: bool = True,
    writes: bool = True,
) -> Store:
    """Open a store: a server by its URL, or a directory by its path.

    Without a dialect, the store is asked who it is. A directory that is not there is made
    where the caller `makes` and `writes`; one that only tells what it would make gets an
    empty store in memory for it, and one that only reads leaves every directory as it is.

    Raises `UsageError` for what is no URL or holds a secret, `UnknownName` for a dialect that does not
    exist, `StoreError` for a store that does not answer and a directory that holds none.
    """
    if "://" not in url:
        return _directory(url, makes=makes, writes=writes)
    url = address.checked(url)
    found = dialects.named(dialect) if dialect else _detected(url, auth, timeout)
    return Server(url, found, auth, timeout, update_url=update_url)


def _directory(path: str, *, makes: bool, writes: bool) -> Directory:
    # RocksDB fills whatever folder it is shown.
    if (makes and writes) or os.path.isfile(os.path.join(path, "CURRENT")):
        return Directory(path, writes=writes)
    if not os.path.exists(path) or (makes and os.path.isdir(path) and not os.listdir(path)):
        return Directory(None, path)
    raise StoreError(path, "open", "no store of pyoxigraph is there", "check the path; kg load makes a store")


def _detected(url: str, auth: Callable[[], Auth | None], timeout: float) -> Dialect:
    with Client(url, auth(), timeout=timeout) as client:
        # Whatever it answers, its headers tell; only one that wants a password must get it first.
        answer = client.request(
            "GET",
            address.with_query(url, "query=ASK%7B%7D"),
            step="detect",
            brief=True,
            accept=lambda status: status not in _NO_ANSWER,
        )
    return dialects.detect(url, answer.headers)


def number(term: Term | None) -> int:
    """Return the whole number that a literal stands for, all its digits; none is nothing.

    Raises `ValueError` for what is no number.

    >>> number(Term('"11600000000000001"^^<http://www.w3.org/2001/XMLSchema#integer>'))
    11600000000000001
    >>> number(Term('"7.0"')), number(None)
    (7, 0)
    """
    if term is None:
        return 0
    text = terms.lexical(term)
    from decimal import Decimal

    try:
        found = Decimal(text)
        if found.adjusted() <= _DIGITS:
            return int(found)
    except (ArithmeticError, ValueError):
        pass
    raise ValueError(text)


def numbers(store: Store, row: Row, step: str) -> list[int]:
    """Return the numbers of a row.

    Raises `StoreError` where something else came.
    """
    try:
        return [number(term) for term in row]
    except ValueError as error:
        reason = f"it answered {str(error)[:80]!r} where a number was asked for"
        raise StoreError(store.name, step, reason, "check the URL and the dialect (--dialect)") from None


def quoted(text: str) -> str:
    """Return a text as a string of SPARQL, inert whatever it holds.

    >>> quoted('a"} DROP ALL #')
    '"a\\\\"} DROP ALL #"'
    """
    return terms.literal(text)


def values(given: Mapping[str, str]) -> str:
    """Return properties and their texts as the rest of a statement."""
    return " ; ".join(f"<{name}> {quoted(text)}" for name, text in given.items())
