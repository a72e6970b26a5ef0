"""What a graph of a store holds, against what it should: by counts and sums, never by reading it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from kg.errors import StoreError
from kg.store import sums
from kg.store.session import Store, number
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
    return number(rows[0][0])


def differences(
    store: Store, graph: str, wanted: Sums, tell: Callable[[int, int], None] = lambda *_: None
) -> list[Difference]:
    """Return what a graph holds otherwise than it should; nothing where all is as it should be.

    Raises `StoreError` for a store that does not answer.
    """
    held, needed = count(store, graph), sums.total(wanted)
    found = measured(store, graph, wanted, tell)
    different = [
        Difference(name, found[name].rows if name in found else 0, part.rows)
        for name, part in sorted(wanted.items())
        if name not in found or found[name][:2] != part[:2]
    ]
    if not different and held != needed:
        different.append(Difference("predicates that should not be there", held - needed, 0))
    return different


def measured(store: Store, graph: str, wanted: Sums, tell: Callable[[int, int], None] = lambda *_: None) -> Sums:
    """Return what a graph holds of some predicates, by queries that run side by side where that is quicker."""
    tasks = list(sums.batches(wanted, store.dialect.verify_rows))
    done = 0

    def run(connection: Store, task: tuple[str, list[str]]) -> Sums:
        kind, names = task
        rows = connection.rows(sums.query(graph, kind, names, connection.dialect.digested), STEP, 3)
        return {str(name): Part(number(rows_), number(sum_), kind) for name, rows_, sum_ in rows if number(rows_)}

    if store.dialect.parallel < 2 or len(tasks) < 2:
        parts = []
        for task in tasks:
            parts.append(run(store, task))
            done += 1
            tell(done, len(tasks))
    else:
        parts = _side_by_side(store, run, tasks, tell)
    return {name: part for found in parts for name, part in found.items()}


def _side_by_side(
    store: Store,
    run: Callable[[Store, tuple[str, list[str]]], Sums],
    tasks: Sequence[tuple[str, list[str]]],
    tell: Callable[[int, int], None],
) -> list[Sums]:
    twins = [store.twin() for _ in range(min(store.dialect.parallel, len(tasks)))]
    try:
        with ThreadPoolExecutor(len(twins)) as pool:
            free = list(twins)

            def take(task: tuple[str, list[str]]) -> Sums:
                twin = free.pop()
                try:
                    return run(twin, task)
                finally:
                    free.append(twin)

            parts = []
            for part in pool.map(take, tasks):
                parts.append(part)
                tell(len(parts), len(tasks))
            return parts
    finally:
        for twin in twins:
            twin.close()


def described(store: Store, graph: str) -> Sums:
    """Return what a graph holds, with nothing known of it before."""
    rows = store.rows(sums.predicates_query(graph), STEP, 2)
    known = {str(name): Part(number(rows_), 0, MIXED) for name, rows_ in rows if name and number(rows_)}
    found = measured(store, graph, known)
    if sums.total(found) != count(store, graph):
        raise StoreError(store.name, STEP, "its answer about the predicates of the graph is not whole", "raise its cap")
    return found


def told(differences_: Sequence[Difference]) -> str:
    """Return differences in a line."""
    shown = "; ".join(str(one) for one in differences_[:5])
    return f"{shown}{' …' if len(differences_) > 5 else ''}"
