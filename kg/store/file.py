"""A file of N-Quads as a store: version graphs and the catalogue, in a new file that replaces the old one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from kg.errors import StoreError, UsageError
from kg.store import catalogue, sums, verify
from kg.store.catalogue import COMPLETE, Entry
from kg.store.load import Order, Receipt, found
from kg.store.prepare import Prepared
from kg.store.session import Directory
from kg.store.stream import Coming
from kg.store.sums import Part
from kg.store.verify import Difference

#: A statement that names its graph, however others space it: subject, predicate, object, graph.
_QUAD = re.compile(
    rb'[ \t]*(<[^>]*>|_:[^ \t<"]+)[ \t]*(<[^>]*>)'
    rb'[ \t]*(<<.*>>|<[^>]*>|_:[^ \t<"]+|"(?:[^"\\]|\\.)*+"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)'
    rb"[ \t]*(<[^>]*>)[ \t]*\.[ \t]*(?:#.*)?[\r\n]*"
)


def known(path: str, graph: str) -> Directory:
    """Return a store in memory that holds the catalogue of a file; one that is not there has none.

    Raises `StoreError` for a file that cannot be read.
    """
    store = Directory(None, path)
    store.add(graph, [b" ".join(parts) + b" .\n" for parts in _statements(path, graph)], "read the catalogue")
    return store


def merged(path: str, prepared: Prepared | Coming, order: Order) -> tuple[Receipt, Iterator[bytes] | None]:
    """Return what a load into a file comes to, and the bytes of the new file; None where the old one is right.

    Raises `UsageError` for a version that is there with other content, `StoreError` for a
    file that cannot be read, or whose graph of the version holds what no load has put there.
    """
    if order.fixed or order.diff or order.adopt:
        raise UsageError("a file is written whole: it takes neither --fixed-graph, nor --diff, nor --adopt")
    store = known(path, order.catalogue)
    there, version, graph, entry = found(store, prepared, order)
    # A graph on its way is there whole when its sums are.
    triples, digest = sums.total(prepared.sums), sums.digest_of(prepared.sums)
    state, sent = "loaded", prepared.lines
    if entry is not None and entry.state == COMPLETE:
        state, sent = "there already" if there.current == graph else "made current", 0
        _check_whole(path, graph, prepared.sums)
    else:
        if entry is None:
            _check_bare(path, graph)
        # Nobody else writes here meanwhile, and equal input gives equal bytes: the run is named by what it brings.
        wanted = Entry(graph, version, sent=prepared.digest, run=prepared.digest)
        catalogue.begin(store, order.catalogue, order.vocabulary, wanted, entry)
        entry = wanted
    done = Entry(graph, digest=digest, triples=triples, run=entry.run)
    receipt = Receipt(path, "nquads", order.vocabulary, graph, version, triples, digest, sent, state, prepared.altered)
    if state == "there already":
        return receipt, None
    catalogue.switch(store, order.catalogue, order.vocabulary, done)
    return receipt, _bytes(path, prepared, graph if sent else "", order.catalogue, store)


def _check_bare(path: str, graph: str) -> None:
    if held := sum(1 for _ in _statements(path, graph)):
        reason = f"<{graph}> holds {held} statements that no load of ours has put there"
        raise StoreError(path, "begin", reason, "give another --version")


def _check_whole(path: str, graph: str, wanted: sums.Sums) -> None:
    if wrong := differences(path, graph, wanted):
        reason = f"<{graph}> was loaded whole and has been changed since: {verify.told(wrong)}"
        raise StoreError(path, verify.STEP, reason, "put the file back as it was, or load it as another --version")


def _bytes(path: str, prepared: Prepared | Coming, graph: str, listed: str, store: Directory) -> Iterator[bytes]:
    replaced = [f"<{name}>".encode() for name in (graph, listed) if name]
    for line in _lines(path):
        if not _parts(line, replaced):
            yield line if line.endswith(b"\n") else line + b"\n"
    if graph:
        end = f" <{graph}> .\n".encode()
        with open(prepared.path, "rb") as file:
            # A stream keeps what its source says twice, and its sums count it once.
            for line in file if prepared.lines == sums.total(prepared.sums) else _once(file):
                yield line[:-3] + end
    yield store.quads(listed)


def differences(path: str, graph: str, wanted: sums.Sums) -> list[Difference]:
    """Return what a graph of a file holds otherwise than it should, as `kg.store.verify.differences` does."""
    held: dict[str, tuple[int, int]] = {}
    for line in _once(b" ".join(parts) for parts in _statements(path, graph)):
        subject, predicate, object_ = line.decode(errors="replace").split(" ", 2)
        try:
            text = sums.text_of(object_)
        except ValueError:  # a blank node, or an escape that is none: not written by us
            text = object_
        rows, total = held.get(predicate, (0, 0))
        product = sums.piece(subject[1:-1].encode()) * sums.piece(text.encode())
        held[predicate] = rows + 1, total + product
    both = {name: (held.get(name, (0, 0)), wanted.get(name, Part(0, 0))[:2]) for name in held.keys() | wanted.keys()}
    return [Difference(name, found[0], told[0]) for name, (found, told) in sorted(both.items()) if found != told]


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out lines that were there before; of each, a digest is kept."""
    from hashlib import sha256

    seen = set[bytes]()
    for line in lines:
        mark = sha256(line).digest()[:16]
        if mark not in seen:
            seen.add(mark)
            yield line


def _statements(path: str, graph: str) -> Iterator[tuple[bytes, ...]]:
    """Yield subject, predicate and object of the statements in a graph of a file."""
    named = [f"<{graph}>".encode()]
    return (parts for line in _lines(path) if (parts := _parts(line, named)))


def _parts(line: bytes, graphs: Collection[bytes]) -> tuple[bytes, ...]:
    """Return subject, predicate and object of a line that is a statement in one of some graphs; else nothing."""
    found = _QUAD.fullmatch(line)
    return found.group(1, 2, 3) if found and found[4] in graphs else ()


def _lines(path: str) -> Iterator[bytes]:
    """Yield the lines of a file; one that is not there has none.

    Raises `StoreError` for a file that cannot be read.
    """
    try:
        with open(path, "rb") as file:
            yield from file
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(path, "open", error.strerror or str(error), "check the path") from error
