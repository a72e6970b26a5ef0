"""What a graph of a store holds, against what it should: by counts and sums, never by reading it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from kg.errors import StoreError
from kg.store import sums
from kg.store.session import Store, numbers
from kg.store.sums import MIXED, Part, Sums

STEP = "verify"


class Difference(NamedTuple):
    """A predicate of which a graph holds something else: how many statements, and how many there should be."""

    predicate: str
    found: int
    wanted: int

    def __str__(self) -> str:
        if self.found != self.wanted:
            return f"{self.predicate}: {self.found} statements in place of {self.wanted}"
        return f"{self.predicate}: {self.found} statements, as many as there should be, of which some differ"


def count(store: Store, graph: str) -> int:
    """Return how many statements a graph holds."""
    rows = store.rows(sums.count_query(graph), STEP, 1)
    if len(rows) != 1 or rows[0][0] is None:
        raise StoreError(store.name, STEP, "it does not tell how many statements there are", "check the dialect")
    return numbers(store, rows[0], STEP)[0]


def differences(
    store: Store, graph: str, wanted: Sums, tell: Callable[[int, int], None] = lambda *_: None
) -> list[Difference]:
    """Return what a graph holds otherwise than it should; nothing where all is as it should be.

    Raises `StoreError` for a store that does not answer.
    """
    held, found = measured(store, graph, wanted, tell)
    different = [
        Difference(name, found[name].rows if name in found else 0, part.rows)
        for name, part in sorted(wanted.items())
        if name not in found or found[name][:2] != part[:2]
    ]
    if not different and held != sums.total(wanted):
        different.append(Difference("predicates that should not be there", held - sums.total(wanted), 0))
    return different


def measured(
    store: Store, graph: str, wanted: Sums, tell: Callable[[int, int], None] = lambda *_: None
) -> tuple[int, Sums]:
    """Return how many statements a graph holds, and what it holds of some predicates.

    The queries run side by side where that is quicker.
    """
    found: Sums = {}
    held = 0

    def part(connection: Store, kind: str, names: list[str]) -> None:
        text = sums.query(graph, kind, names, connection.dialect.iri_text, connection.dialect.digested)
        rows = connection.rows(text, STEP, 3)
        for name, *told in rows:
            count_, sum_ = numbers(connection, tuple(told), STEP)
            if count_:
                found[str(name)] = Part(count_, sum_, kind)

    def whole(connection: Store) -> None:
        nonlocal held
        held = count(connection, graph)

    jobs = [partial(part, kind=kind, names=names) for kind, names in sums.batches(wanted, store.dialect.verify_rows)]
    for done, _ in enumerate(_side_by_side(store, [*jobs, whole]), 1):
        tell(done, len(jobs) + 1)
    return held, found


def _side_by_side(store: Store, jobs: Sequence[Callable[[Store], None]]) -> Iterator[None]:
    """Run jobs over as many connections as the dialect bears."""
    if min(store.dialect.parallel, len(jobs)) < 2:
        for job in jobs:
            yield job(store)
        return
    free = [store.twin() for _ in range(store.dialect.parallel)]

    def run(job: Callable[[Store], None]) -> None:
        twin = free.pop()
        try:
            job(twin)
        finally:
            free.append(twin)

    try:
        with ThreadPoolExecutor(len(free)) as pool:
            yield from pool.map(run, jobs)
    finally:
        for twin in free:
            twin.close()


def described(store: Store, graph: str) -> Sums:
    """Return what a graph holds, with nothing known of it before."""
    rows = store.rows(sums.predicates_query(graph), STEP, 2)
    known = {str(row[0]): Part(numbers(store, row[1:], STEP)[0], 0, MIXED) for row in rows if row[0]}
    held, found = measured(store, graph, known)
    if sums.total(found) != held:
        raise StoreError(store.name, STEP, "its answer about the predicates of the graph is not whole", "raise its cap")
    return found


def told(differences_: Sequence[Difference]) -> str:
    """Return differences in a line."""
    shown = "; ".join(str(one) for one in differences_[:5])
    return f"{shown}{' …' if len(differences_) > 5 else ''}"
