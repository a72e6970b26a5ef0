"""A vocabulary into a store: a new graph, verified there, and then made current in one update.

Until that update nobody who follows the catalogue sees anything of it. Everything may
be done twice: after a kill the same command goes on where the last one stopped. Of two
loads of one version at once the later takes it over, and the other ends with an error.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from kg.errors import KgError, StoreError, UsageError
from kg.store import catalogue, sums, verify
from kg.store.catalogue import COMPLETE, LOADING, Entry, Vocabulary
from kg.store.prepare import Alteration, Prepared
from kg.store.session import Store
from kg.store.stream import Coming

#: A small piece is written down with others: at most so many statements are sent again after a kill.
_NOTED = 20_000


class Order(NamedTuple):
    """What is to be loaded where: the IRI of the vocabulary, a version, and a graph to keep like the current one."""

    vocabulary: str
    version: str | None = None
    fixed: str | None = None
    visible: bool = False
    take_over: bool = False
    diff: bool = False
    piece: int | None = None
    adopt: bool = False
    catalogue: str = catalogue.GRAPH


class Receipt(NamedTuple):
    """What a load came to: `sent` statements travelled, `skipped` were there already."""

    store: str
    dialect: str
    vocabulary: str
    graph: str
    version: str
    triples: int
    digest: str
    sent: int
    state: str
    altered: list[Alteration]
    fixed: str | None = None
    removed: int = 0


Tell = Callable[[str, int, int], None]


class Found(NamedTuple):
    """What the catalogue says of a vocabulary, and of the version that is to be loaded."""

    known: Vocabulary
    version: str
    graph: str
    entry: Entry | None


def named_version(prepared: Prepared | Coming, order: Order) -> str:
    """Return the name of a version: what was told, else what the sources say, else the beginning of their digest."""
    return order.version or prepared.version or sums.digest_of(prepared.sums)[:16]


def found(store: Store, prepared: Prepared | Coming, order: Order) -> Found:
    """Return what the catalogue says of the version that is to be loaded.

    Raises `UsageError` for one that is there, whole, with other content; `StoreError` for a
    catalogue that contradicts itself.
    """
    known = catalogue.head(store, order.catalogue, order.vocabulary)
    version = named_version(prepared, order)
    graph = catalogue.version_graph(order.vocabulary, version)
    entry = catalogue.entry(store, order.catalogue, graph)
    if entry and entry.state == COMPLETE and entry.digest != sums.digest_of(prepared.sums):
        raise UsageError(f"version {version} is there with other content, and a version never changes; give another")
    if known.current == graph and (entry is None or entry.state != COMPLETE):
        reason = f"its catalogue has <{graph}> as current, and does not say that it is whole"
        raise StoreError(store.name, "read the catalogue", reason, "try again; else make another version current")
    return Found(known, version, graph, entry)


def load(store: Store, prepared: Prepared | Coming, order: Order, tell: Tell = lambda *_: None) -> Receipt:
    """Load a prepared graph as a version of a vocabulary and make it the current one.

    `tell` gets the step, how much of it is done, and how much there is.

    Raises `StoreError` for a store that refuses, fails, or does not hold what it should in
    the end; `UsageError` for a version that is there with other content, or a fixed graph
    that readers would see half changed; `OtherWay` for a graph on its way that does not come.
    """
    _refuse(store, order)
    known, version, graph, entry = found(store, prepared, order)
    complete = entry is not None and entry.state == COMPLETE
    if order.fixed:
        _check_fixed(store, order, known, graph)
    sent, removed, state = 0, 0, "there already"
    run = entry.run if entry and complete else secrets.token_hex(8)
    if not complete:
        wanted = Entry(graph, version, sent=prepared.digest, run=run)
        sent, removed, state = _brought(store, prepared, order, wanted, entry, known, tell)
    elif wrong := verify.differences(store, graph, prepared.sums, _telling(tell)):
        _damaged(store, graph, wrong)
    triples, digest = sums.total(prepared.sums), sums.digest_of(prepared.sums)
    if known.current != graph or not complete:
        done = Entry(graph, digest=digest, triples=triples, run=run)
        catalogue.switch(store, order.catalogue, order.vocabulary, done)
        state = "made current" if complete else state
    if order.fixed:
        bring_up_to_date(store, order, graph, prepared.sums, tell)
    return Receipt(
        store.name, store.dialect.name, order.vocabulary, graph, version, triples, digest,
        sent, state, prepared.altered, order.fixed, removed,
    )  # fmt: skip


def foretold(store: Store, prepared: Prepared | Coming, order: Order) -> Iterator[str]:
    """Yield, in lines, what a load would do; nothing is changed in the store.

    Raises as `load` does for what it would refuse before it sends anything.
    """
    _refuse(store, order)
    known, _, graph, entry = found(store, prepared, order)
    if order.fixed:
        _check_fixed(store, order, known, graph)
    if entry is None and not order.adopt:
        _check_bare(store, graph)
    size = order.piece or store.dialect.piece
    pieces = -(-prepared.lines // size)
    yield f"would load into {store.name} ({store.dialect.name}), graph <{graph}>"
    if entry is None:
        yield f"  {prepared.lines} statements in {pieces} request{'s' * (pieces != 1)}"
    else:
        yield f"  it is there: {entry.state}, {entry.progress} of {pieces} pieces written down"
    yield f"  {sums.total(prepared.sums)} statements there afterwards, digest {sums.digest_of(prepared.sums)}"
    yield f"  current is {f'<{known.current}>' if known.current else 'none'}, and would be that graph"
    if order.fixed:
        yield f"  <{order.fixed}> would be made equal to it in one request"
    for one in prepared.altered:
        yield f"  {one.what} {one.written} would be {'merged into' if one.what == 'merged' else 'kept as'} {one.kept}"


def _refuse(store: Store, order: Order) -> None:
    if order.fixed and not store.dialect.atomic and not order.visible:
        reason = f"{store.dialect.title} may show readers of {order.fixed} a mixture while it changes"
        remedy = "let them follow the catalogue instead, or accept it with --allow-visible-update"
        raise UsageError(f"{store.name}: {reason}; {remedy}")


def _brought(
    store: Store,
    prepared: Prepared | Coming,
    order: Order,
    wanted: Entry,
    entry: Entry | None,
    known: Vocabulary,
    tell: Tell,
) -> tuple[int, int, str]:
    """Bring the statements into the graph of the version and verify them."""
    size = order.piece or store.dialect.piece
    wanted = wanted._replace(sent=f"{wanted.sent[:32]}-{size}")
    if entry is None and order.adopt:
        return _adopted(store, prepared, order, wanted, tell)
    wanted, resumed = _begun(store, order, wanted, entry)
    try:
        different = None
        if order.diff and not resumed and known.current:
            from kg.store.difference import send_difference

            different = send_difference(store, prepared, known.current, wanted.graph, tell)
        sent, removed = different or (send(store, prepared, order, wanted, size, tell), 0)
        wrong = verify.differences(store, wanted.graph, prepared.sums, _telling(tell))
    except StoreError:
        raise
    except KgError:
        # The source is at fault: what was sent of it is of no use.
        _undo(store, order, wanted)
        raise
    if wrong and (entry is not None or order.diff):
        # What was there before, or came late of a load that was killed, may be what is wrong: once more, from nothing.
        wanted, _ = _begun(store, order, wanted, wanted._replace(state=""))
        sent += send(store, prepared, order, wanted, size, tell)
        wrong = verify.differences(store, wanted.graph, prepared.sums, _telling(tell))
    if wrong:
        catalogue.check_own(store, order.catalogue, wanted)
        _undo(store, order, wanted)
        reason = f"it does not hold what was sent: {verify.told(wrong)}"
        remedy = "nothing has changed for readers; a dialect that alters literals otherwise is a cause (--dialect)"
        raise StoreError(store.name, verify.STEP, reason, remedy)
    return sent, removed, "resumed" if resumed else "loaded"


def _begun(store: Store, order: Order, wanted: Entry, entry: Entry | None) -> tuple[Entry, bool]:
    """Take a version into our hands, empty but for pieces of the same that have arrived; tell whether there are any."""
    if entry is None:
        _check_bare(store, wanted.graph)
        catalogue.begin(store, order.catalogue, order.vocabulary, wanted)
        return wanted, False
    resumed = (entry.state, entry.sent) == (LOADING, wanted.sent)
    wanted = wanted._replace(progress=entry.progress if resumed else 0)
    catalogue.begin(store, order.catalogue, order.vocabulary, wanted, entry)
    if not resumed:
        catalogue.empty(store, order.catalogue, wanted)
    return wanted, resumed


def _check_bare(store: Store, graph: str) -> None:
    if held := verify.count(store, graph):
        reason = f"<{graph}> holds {held} statements that no load of ours has put there"
        raise StoreError(store.name, "begin", reason, "give another --version, or --adopt it")


def _adopted(
    store: Store, prepared: Prepared | Coming, order: Order, wanted: Entry, tell: Tell
) -> tuple[int, int, str]:
    """Take a graph that a bulk loader has filled, if it holds what it should."""
    if wrong := verify.differences(store, wanted.graph, prepared.sums, _telling(tell)):
        reason = f"<{wanted.graph}> does not hold what the sources do: {verify.told(wrong)}"
        raise StoreError(store.name, verify.STEP, reason, "load it again; nothing has changed for readers")
    catalogue.begin(store, order.catalogue, order.vocabulary, wanted)
    return 0, 0, "adopted"


def send(store: Store, prepared: Prepared | Coming, order: Order, wanted: Entry, size: int, tell: Tell) -> int:
    """Send the pieces after those that have arrived, and return how many statements that were.

    Raises `StoreError` where another load has taken the version over.
    """
    skip = wanted.progress
    sent, noted, done = 0, 0, skip * size
    for place, rows in enumerate(_sending(store, wanted.graph, prepared.pieces(size, skip)), skip + 1):
        sent += rows
        noted += rows
        done += rows
        tell("load", done, prepared.lines)
        if noted >= _NOTED:
            catalogue.advance(store, order.catalogue, wanted, place)
            noted = 0
    return sent


def _sending(store: Store, graph: str, pieces: Iterator[list[bytes]]) -> Iterator[int]:
    """Send pieces over several connections where the store can take that; yield the size of each, in their order."""
    if store.dialect.parallel < 2:
        for piece in pieces:
            store.add(graph, piece, "load")
            yield len(piece)
        return
    with store.twin() as one, store.twin() as other, ThreadPoolExecutor(2) as pool:
        # The connection of the store itself is the caller's, who uses it meanwhile.
        free = [one, other]

        def add(piece: list[bytes]) -> int:
            connection = free.pop()
            try:
                connection.add(graph, piece, "load")
            finally:
                free.append(connection)
            return len(piece)

        waiting: list[Future[int]] = []
        for piece in pieces:
            waiting.append(pool.submit(add, piece))
            if len(waiting) == 2:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


def clear(store: Store, graph: str) -> None:
    """Remove a graph; one that is not there is none."""
    store.update(f"CLEAR SILENT GRAPH <{graph}>", "remove")


def _undo(store: Store, order: Order, wanted: Entry) -> None:
    catalogue.empty(store, order.catalogue, wanted)
    catalogue.forget(store, order.catalogue, wanted)


def _damaged(store: Store, graph: str, wrong: list[verify.Difference]) -> None:
    reason = f"<{graph}> was loaded whole and has been changed since: {verify.told(wrong)}"
    raise StoreError(store.name, verify.STEP, reason, "remove that version with kg unload and load it again")


def _check_fixed(store: Store, order: Order, known: Vocabulary, graph: str) -> None:
    """Refuse a fixed graph that something else has its place in.

    Raises `UsageError` for the catalogue and for versions, `StoreError` for what is not ours.
    """
    fixed = order.fixed or ""
    owners = catalogue.owners(store, order.catalogue, fixed)
    version = catalogue.entry(store, order.catalogue, fixed) is not None
    if fixed in {order.catalogue, graph} or version:
        what = "the catalogue" if fixed == order.catalogue else "a version, which never changes"
        raise UsageError(f"<{fixed}> is {what}; give another fixed graph")
    if order.take_over or (fixed in known.fixed and owners <= {order.vocabulary}):
        return
    if others := sorted(owners - {order.vocabulary}):
        reason = f"<{fixed}> is the fixed graph of {others[0]}"
    elif held := verify.count(store, fixed):
        reason = f"<{fixed}> holds {held} statements, and the catalogue does not say that they are ours"
    else:
        return
    raise StoreError(store.name, "begin", reason, "give another graph, or let it be replaced with --take-over")


def bring_up_to_date(store: Store, order: Order, graph: str, wanted: sums.Sums, tell: Tell) -> None:
    """Make the fixed graph equal to a version, in one request that the store computes, and verify it."""
    fixed = order.fixed or ""
    catalogue.note_fixed(store, order.catalogue, order.vocabulary, fixed)
    if not verify.holds(store, fixed, wanted):
        tell("fixed graph", 0, 1)
        store.update(update_text(fixed, graph), "bring the fixed graph up to date")
        tell("fixed graph", 1, 1)
        if wrong := verify.differences(store, fixed, wanted, _telling(tell)):
            reason = f"<{fixed}> is not what it should be: {verify.told(wrong)}"
            remedy = "the new version is current already; the same command tries the fixed graph again"
            raise StoreError(store.name, "bring the fixed graph up to date", reason, remedy)


def update_text(fixed: str, graph: str) -> str:
    """Return the update that makes one graph equal to another, touching only what differs."""
    return (
        f"DELETE {{ GRAPH <{fixed}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{fixed}> {{ ?a ?b ?c }} }} WHERE {{ "
        f"{{ GRAPH <{fixed}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} }} UNION "
        f"{{ GRAPH <{graph}> {{ ?a ?b ?c }} FILTER NOT EXISTS {{ GRAPH <{fixed}> {{ ?a ?b ?c }} }} }} }}"
    )


def _telling(tell: Tell) -> Callable[[int, int], None]:
    return lambda done, whole: tell(verify.STEP, done, whole)


def progress(write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> Tell:
    """Return what tells a person how far a load is: rate and remaining time."""
    began: dict[str, float] = {}

    def tell(step: str, done: int, whole: int) -> None:
        start = began.setdefault(step, clock())
        spent = clock() - start
        rate = f", {done / spent:,.0f}/s" if done and spent > 0 else ""
        left = f", {(whole - done) * spent / done:,.0f} s left" if rate and whole else ""
        write(f"{step}: {done:,}{f' of {whole:,}' * bool(whole)}{rate}{left}")

    return tell
