"""The SHACL stage alone, on two engines, with the same shapes, data and results; and their long comparison.

    python benchmarks/engines.py VOCABULARY.ttl [BASE]
    python benchmarks/engines.py --campaign MUTANTS [SEED] DATA

The stage begins with a Dataset and ends with results as values; reading is not in it. The
vocabulary is replicated to 100,000 statements with renamed IRIs and unique literals.
Bound: pySHACL takes 18 times as much CPU, with the same results.

A campaign makes so many mutants of real vocabularies (`tests/mutants.py`), in the folder DATA, and stops
at the first result that only one engine has.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from dataset import replicated

from kg import pipeline, profile
from kg.check.packaged import Packaged
from kg.check.shacl import PROFILES, Shapes, validate
from kg.dataset import Dataset
from kg.limits import Limits
from kg.rule.choice import Choice
from kg.statement import DATA
from kg.vocab import EVIDENCE

#: Statements, and rounds of the fast engine for each of the other.
SIZE, ROUNDS = 100_000, 3


def packaged() -> Shapes:
    """Give the shapes that a check of all profiles runs."""
    kept = Packaged(Choice(PROFILES))
    return Shapes.packaged(kept.files(), kept.keeps)


def timed(data: Dataset, shapes: Shapes, engine: str) -> tuple[float, Counter[tuple[object, ...]]]:
    """Return the CPU seconds of a stage and its results."""
    start = time.process_time()
    found = validate(data, shapes, engine, (DATA, EVIDENCE))
    return time.process_time() - start, Counter(result[:6] for result in found)


def compare(vocabulary: str, base: str | None) -> None:
    """Measure both engines in turn and print the ratio."""
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        replicated(vocabulary, base, SIZE, file.name)
        read = pipeline.read(pipeline.Job(sources=(file.name,), limits=Limits(max_bytes=1 << 30)))
    data, shapes = profile.apply(read, profile.FULL), packaged()
    timed(data, shapes, "shacl")
    rounds = []
    for _ in range(ROUNDS):
        fast, found = timed(data, shapes, "shacl")
        slow, expected = timed(data, shapes, "pyshacl")
        if found != expected:
            raise SystemExit(f"the engines differ: {found - expected} {expected - found}")
        rounds.append((slow / fast, fast, slow))
    ratio, fast, slow = sorted(rounds)[ROUNDS // 2]
    print(f"SHACL stage, {len(data):,} statements, {found.total():,} results, the same on both engines")
    print(f"shacl {fast:7.2f} s   pyshacl {slow:7.2f} s   ratio {ratio:5.1f}   (bound: 18)")


def campaign(count: int, seed: int, folder: str) -> None:
    """Compare the engines on mutants."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from mutants import Mutants, vocabularies

    mutants, results = Mutants(vocabularies(Path(folder)), seed), 0
    while mutants.made < count:
        data, shapes = mutants.graph(min(70, count - mutants.made)), Shapes.packaged(PROFILES)
        (_, fast), (_, reference) = timed(data, shapes, "shacl"), timed(data, shapes, "pyshacl")
        if fast != reference:
            raise SystemExit(f"seed {seed}, up to mutant {mutants.made}: {fast - reference} {reference - fast}")
        results += fast.total()
    print(f"{count:,} mutants from seed {seed}: {results:,} results, the same on both engines")


def main() -> None:
    """Measure and print."""
    given = sys.argv[1:]
    if not given:
        raise SystemExit(__doc__)
    if given[0] == "--campaign":
        seed = int(given[2]) if len(given) > 3 else 1
        campaign(int(given[1]), seed, given[-1])
    else:
        compare(given[0], given[1] if len(given) > 1 else None)


if __name__ == "__main__":
    main()
