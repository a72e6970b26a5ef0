"""What a graph of a store holds, against what it should: by counts and sums, never by reading it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from kg.errors import StoreError
from kg.store import sums
from kg.store.session import Store, numbers
from kg.store.sums import Part, Sums

STEP = "verify"

_T = TypeVar("_T")
Tell = Callable[[int, int], None]


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


def holds(store: Store, graph: str, wanted: Sums) -> bool:
    """Tell whether a graph holds what it should.

    Raises `StoreError` for a store that does not answer.
    """
    held, wrong = _compared(store, graph, wanted)
    return held == sums.total(wanted) and not wrong


def differences(store: Store, graph: str, wanted: Sums, tell: Tell = lambda *_: None) -> list[Difference]:
    """Return what a graph holds otherwise than it should; nothing where all is as it should be.

    Predicates of which it holds more or fewer statements are named; where there are none of
    these, those of which it holds others.

    Raises `StoreError` for a store that does not answer.
    """
    held, wrong = _compared(store, graph, wanted, tell)
    if held == sums.total(wanted) and not wrong:
        return []
    found, should = _rows(store, graph), {name: part.rows for name, part in wanted.items()}
    names = [name for name in found.keys() | should.keys() if found.get(name) != should.get(name)]
    names = names or [name for batch in wrong for name in _narrowed(store, graph, batch)]
    return [Difference(name, found.get(name, 0), should.get(name, 0)) for name in sorted(names)]


def described(store: Store, graph: str) -> tuple[int, str]:
    """Return how many statements a graph holds and its digest, with nothing known of it before.

    Raises `StoreError` for a store that does not answer.
    """
    held = _rows(store, graph)
    known = {name: Part(count, 0) for name, count in held.items()}
    batches = sums.batches(known, store.dialect.verify_rows, store.dialect.parallel)
    found = list(_side_by_side(store, [partial(_measured, graph=graph, batch=batch) for batch in batches]))
    weights = [1 if len(batch) > 1 else sums.weight(*batch) for batch in batches]
    weighted = sum(weight * sum_ for weight, sum_ in zip(weights, found, strict=True))
    return sum(held.values()), sums.digest(held, weighted)


def _compared(store: Store, graph: str, wanted: Sums, tell: Tell = lambda *_: None) -> tuple[int, list[Sums]]:
    """Return how many statements a graph holds, and the batches of predicates that it does not hold as wanted."""
    held = 0
    wrong: list[Sums] = []

    def whole(connection: Store) -> None:
        nonlocal held
        held = count(connection, graph)

    def compare(connection: Store, batch: Sums) -> None:
        if _measured(connection, graph, batch) != sums.expected(batch):
            wrong.append(batch)

    batches = sums.batches(wanted, store.dialect.verify_rows, store.dialect.parallel)
    jobs: list[Callable[[Store], None]] = [whole, *(partial(compare, batch=batch) for batch in batches)]
    for done, _ in enumerate(_side_by_side(store, jobs), 1):
        tell(done, len(jobs))
    return held, wrong


def _rows(store: Store, graph: str) -> dict[str, int]:
    """Return how many statements of each predicate a graph holds.

    Raises `StoreError` where the answer does not tell all, as one under a cap.
    """
    answer = store.rows(sums.rows_query(graph), STEP, 2)
    held = {str(row[0]): numbers(store, row[1:], STEP)[0] for row in answer if row[0]}
    if sum(held.values()) != count(store, graph):
        raise StoreError(store.name, STEP, "its answer about the predicates of the graph is not whole", "raise its cap")
    return held


def _measured(store: Store, graph: str, batch: Sums) -> int:
    """Return what a graph holds of some predicates, as `kg.store.sums.expected` tells it."""
    rows = store.rows(sums.query(graph, batch, store.dialect.iri_text, store.dialect.digested), STEP, 3)
    return sums.joined(*numbers(store, rows[0], STEP)) if rows else 0


def _narrowed(store: Store, graph: str, batch: Sums) -> list[str]:
    """Return the predicates that make a batch differ from what is wanted, asking for ever smaller batches."""
    if len(batch) == 1:
        return list(batch)
    names = list(batch)
    middle = len(names) // 2
    halves = [{name: batch[name] for name in half} for half in (names[:middle], names[middle:])]
    wrong = [half for half in halves if _measured(store, graph, half) != sums.expected(half)]
    # Where neither half is wrong, the graph has changed meanwhile: what was seen stays said.
    return [name for half in wrong for name in _narrowed(store, graph, half)] or names


def _side_by_side(store: Store, jobs: Sequence[Callable[[Store], _T]]) -> Iterator[_T]:
    """Run jobs over as many connections as the dialect bears; yield what they return, in their order."""
    if min(store.dialect.parallel, len(jobs)) < 2:
        for job in jobs:
            yield job(store)
        return
    free = [store.twin() for _ in range(store.dialect.parallel)]

    def run(job: Callable[[Store], _T]) -> _T:
        twin = free.pop()
        try:
            return job(twin)
        finally:
            free.append(twin)

    try:
        with ThreadPoolExecutor(len(free)) as pool:
            yield from pool.map(run, jobs)
    finally:
        for twin in free:
            twin.close()


def told(differences_: Sequence[Difference]) -> str:
    """Return differences in a line."""
    shown = "; ".join(str(one) for one in differences_[:5])
    return f"{shown}{' …' if len(differences_) > 5 else ''}"
