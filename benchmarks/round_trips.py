"""Run random round trips through every ordered pair of RDF formats: `python benchmarks/round_trips.py 100000`.

A trip A to B reads a dataset back that A's writer wrote, writes it as B, and has two
parsers that are not ours (pyoxigraph; rdflib, which reads XML by expat) say that it is
the same dataset. Bytes that both have read once are not parsed again in one dataset's
trips. A refusal that the format table declares is counted apart and is no trip.
Datasets are drawn from `tests/strategies.py`; the seed is the number of the block.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from round_trip import Difference, Trips
from strategies import datasets

from kg.dataset import Dataset
from kg.statement import Statement

BLOCK = 100


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("trips", type=int, nargs="?", default=100_000, help="how many exact trips to run, at least")
    parser.add_argument("--seed", type=int, default=0, help="the seed of the first block")
    given_ = parser.parse_args(arguments)
    trips, drawn, failures, start = Trips(), 0, list[str](), time.process_time()
    number = given_.seed
    while trips.exact.total() < given_.trips:
        drawn += block(trips, number, failures)
        number += 1
        if number % 5 == 0:
            print(f"{trips.exact.total()} exact, {len(failures)} failures", file=sys.stderr, flush=True)
    least = min(trips.exact, key=trips.exact.__getitem__)
    print(
        f"{trips.exact.total()} round trips of {drawn} datasets through {len(trips.exact)} pairs of formats, "
        f"{len(failures)} failures; {trips.refused.total()} declared refusals; "
        f"least: {trips.exact[least]} from {least[0]} to {least[1]}; {time.process_time() - start:.0f} s CPU"
    )
    print("\n\n".join(failures[:10]))
    return bool(failures)


def block(trips: Trips, number: int, failures: list[str]) -> int:
    """Run one block of datasets; return how many there were."""
    drawn = 0

    @seed(number)
    @settings(
        max_examples=BLOCK,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rows=datasets)
    def run(rows: list[Statement]) -> None:
        nonlocal drawn
        drawn += 1
        try:
            trips.run(Dataset(rows))
        except Difference as difference:
            failures.append(str(difference))
        except Exception as error:  # noqa: BLE001 - whatever a reader or writer raises is a failure to be counted
            failures.append(f"{type(error).__name__}: {error}\n{rows}")

    run()
    return drawn


if __name__ == "__main__":
    sys.exit(main())
