"""A file of N-Quads as a store: version graphs and the catalogue, in a new file that replaces the old one."""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import StoreError, UsageError
from kg.store import catalogue, sums
from kg.store.catalogue import COMPLETE, Entry
from kg.store.load import Order, Receipt, found
from kg.store.prepare import Prepared
from kg.store.session import Directory
from kg.store.stream import Coming


def known(path: str, graph: str) -> Directory:
    """Return a store in memory that holds the catalogue of a file; one that is not there has none.

    Raises `StoreError` for a file that cannot be read.
    """
    store, end = Directory(None), f" <{graph}> .\n".encode()
    try:
        with open(path, "rb") as file:
            lines = [line[: -len(end)] + b" .\n" for line in file if line.endswith(end)]
    except FileNotFoundError:
        return store
    except OSError as error:
        raise StoreError(path, "open", error.strerror or str(error), "check the path") from error
    store.add(graph, lines, "read the catalogue")
    return store


def merged(path: str, prepared: Prepared | Coming, order: Order) -> tuple[Receipt, Iterator[bytes] | None]:
    """Return what a load into a file comes to, and the bytes of the new file; None where the old one is right.

    Raises `UsageError` for a version that is there with other content, `StoreError` for a
    file that cannot be read.
    """
    if order.fixed or order.diff or order.adopt:
        raise UsageError("a file is written whole: it takes neither --fixed-graph, nor --diff, nor --adopt")
    store = known(path, order.catalogue)
    there, version, graph, entry = found(store, prepared, order)
    digest = sums.digest(prepared.sums)
    state, sent = "there already", 0
    if entry is None or entry.state != COMPLETE:
        catalogue.begin(store, order.catalogue, order.vocabulary, Entry(graph, version, sent=prepared.digest))
        state, sent = "loaded", prepared.lines
    elif there.current != graph:
        state = "made current"
    done = Entry(graph, digest=digest, triples=sums.total(prepared.sums))
    catalogue.switch(store, order.catalogue, order.vocabulary, done)
    told = (order.vocabulary, graph, version, sums.total(prepared.sums), digest)
    receipt = Receipt(path, "nquads", *told, sent, state, prepared.altered)
    if state == "there already":
        return receipt, None
    return receipt, _bytes(path, prepared, graph if sent else "", order.catalogue, store)


def _bytes(path: str, prepared: Prepared | Coming, graph: str, listed: str, store: Directory) -> Iterator[bytes]:
    ends = tuple(f" <{name}> .\n".encode() for name in (graph, listed) if name)
    try:
        with open(path, "rb") as file:
            for line in file:
                if not line.endswith(ends):
                    yield line if line.endswith(b"\n") else line + b"\n"
    except FileNotFoundError:
        pass
    if graph:
        end = f" <{graph}> .\n".encode()
        with open(prepared.path, "rb") as file:
            for line in file:
                yield line[:-3] + end
    yield store.quads(listed)


def differences(path: str, graph: str, wanted: sums.Sums) -> bool:
    """Tell whether a graph of a file holds something else than it should."""
    end = f" <{graph}> .\n".encode()
    held: dict[str, tuple[int, int]] = {}
    with open(path, "rb") as file:
        for line in file:
            if line.endswith(end):
                subject, predicate, object_ = line[: -len(end)].decode().split(" ", 2)
                rows, total = held.get(predicate, (0, 0))
                held[predicate] = rows + 1, total + sums.piece(subject[1:-1], sums.text_of(object_))
    return held != {name: part[:2] for name, part in wanted.items()}
