"""Validation in the store beside local validation: one vocabulary of a million statements, all rules of all profiles.

    python benchmarks/validate_in_store.py VOCABULARY.ttl [BASE] [--store oxigraph] [--store virtuoso] [--size 1000000]

The vocabulary is replicated with renamed IRIs and unique literals, and faults are put in.
Bounds: ten minutes on each store, no request over 60 s, findings equal.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
from dataset import replicated

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "store")]
import conftest as stores  # noqa: E402
from faults import faulty  # noqa: E402

from kg import pipeline  # noqa: E402
from kg.dataset import Dataset  # noqa: E402
from kg.rule import PROFILES  # noqa: E402
from kg.rule.choice import Choice  # noqa: E402
from kg.store import auth  # noqa: E402
from kg.store.session import connect  # noqa: E402
from kg.store.validation import Place, check  # noqa: E402

GRAPH, CHOICE = "https://e.org/bench", Choice(PROFILES)
#: Buffers of 8 KiB for Virtuoso: 1.4 GB, as its documentation has it for a machine of 2 GB.
_BUFFERS = 170_000


def told(finding) -> tuple:
    """Return a finding without its places, which a store does not know."""
    return (
        finding.code,
        finding.severity,
        finding.message,
        finding.focus,
        finding.path,
        finding.value,
        finding.component,
    )


def data(path: str, base: str | None, size: int) -> Dataset:
    """Return so many statements, some of them faulty, as a store holds them: without files, IRIs for blank nodes."""
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        replicated(path, base, size, file.name)
        read = Dataset()
        stream = pyoxigraph.parse(path=file.name, format=pyoxigraph.RdfFormat.TURTLE)
        read.add_stream(quad for quad in stream if "_:" not in f"{quad.subject} {quad.object}"[:2])
    return faulty(read, 1, 300)


@contextmanager
def filled(name: str, folder: Path, made: Dataset):
    """Give a connection to a new store that holds the data."""
    starts = stores.running_oxigraph(folder) if name == "oxigraph" else stores.running_virtuoso(folder, _BUFFERS)
    with starts as running:
        who = auth.found(running.url, None, running.environ)
        with connect(running.url, running.dialect, lambda: who, 60) as server:
            lines = [f"{row.subject} {row.predicate} {row.object} .\n".encode() for row in made]
            for start in range(0, len(lines), 20_000):
                server.add(GRAPH, lines[start : start + 20_000], "load")
            yield server


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vocabulary")
    parser.add_argument("base", nargs="?")
    parser.add_argument("--store", action="append", choices=["oxigraph", "virtuoso"])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--verbose", action="store_true", help="Tell how long each rule takes, and what differs.")
    given = parser.parse_args()
    made = data(given.vocabulary, given.base, given.size)
    start = time.monotonic()
    local = Counter(map(told, pipeline.check(made, CHOICE)))
    seconds = time.monotonic() - start
    print(f"local: {len(made):,} statements, {sum(local.values()):,} findings, {seconds:.1f} s", flush=True)
    for name in given.store or ["oxigraph", "virtuoso"]:
        with tempfile.TemporaryDirectory() as folder, filled(name, Path(folder), made) as server:
            place = Place(server, (GRAPH,))
            clock = [time.monotonic(), "start", 0.0]

            def progress(what: str, clock: list = clock, place: Place = place) -> None:
                if given.verbose:
                    now = time.monotonic()
                    print(f"  {clock[1]}: {now - clock[0]:.1f} s, {place.times.count} requests so far", flush=True)
                    clock[:2] = now, what

            start = time.monotonic()
            found = Counter(map(told, check(place, CHOICE, progress=progress)))
            whole, times = time.monotonic() - start, place.times
            progress("")
            print(
                f"{name}: {sum(found.values()):,} findings, {sum((found - local).values())} of them not local, "
                f"{sum((local - found).values())} local ones missing; {whole:.1f} s (bound: 600 s), "
                f"{times.count:,} requests, the longest {times.longest:.1f} s (bound: 60 s)",
                flush=True,
            )
            if given.verbose:
                print(f"  longest: {times.slowest[:1500]}")
                for row in sorted(map(str, (found - local) + (local - found)))[:20]:
                    print("  differs:", row)


if __name__ == "__main__":
    main()
