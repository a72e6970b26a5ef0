"""Writing sorted, prefixed RDF beside pyoxigraph's unsorted writers, and beside rdflib's.

    python benchmarks/write.py VOCABULARY.ttl [--base IRI] [--sizes 100000,1000000] [--rounds 5]
           [--peers store,list,whole] [--formats turtle,ntriples,jsonld] [--rdflib 100000]

The vocabulary is replicated as in dataset.py. Each figure is the median of pairs of
runs that follow each other. Three peers, from the one that does the same to the one
that does the least:

- store: the step from what is in memory; ours from a Dataset, pyoxigraph's from its own Dataset (both hold
  each statement once);
- list: the same step, pyoxigraph's from a Python list of its triples, which it need not look up;
- whole: the whole process from a Turtle file; pyoxigraph's parser feeds its writer and nothing is held or sorted.

Bounds: Turtle 3 times, N-Triples 1.5 times, compact JSON-LD 4 times; 300 MiB beyond the Dataset.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

from dataset import replicated
from measure import python, run, show_growth

BOUNDS = {"turtle": 3.0, "ntriples": 1.5, "jsonld": 4.0}

_CLOCK = """
import resource, sys, time
from pyoxigraph import Dataset as Store, RdfFormat, parse, serialize
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def timed(step):
    before, start = peak(), time.process_time()
    step()
    print(time.process_time() - start, peak() - before)
path, name = sys.argv[1:]
out = path + ".out"
media = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}[name]
stream = parse(path=path, format=RdfFormat.TURTLE)
"""
_OURS = """
from kg.dataset import Dataset
from kg.formats import WriteOptions, for_name
def write(held):
    with open(out, "wb") as file:
        file.writelines(for_name(name).write(held, WriteOptions()))
held = Dataset()
held.add_stream(stream)
"""
_THEIRS = "write = lambda held: serialize(held, out, format=media)\n"
_RDFLIB = """
import rdflib
rdflib.NORMALIZE_LITERALS = False
held = rdflib.Graph().parse(path, format="turtle")
words = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld"}[name]
write = lambda held: held.serialize(out, format=words)
"""
_STEP = "timed(lambda: write(held))\n"
OURS = _CLOCK + _OURS + _STEP
STORE = _CLOCK + _THEIRS + "held = Store(stream)\n" + _STEP
LIST = _CLOCK + _THEIRS + "held = [quad.triple for quad in stream]\n" + _STEP
RDFLIB = _CLOCK + _RDFLIB + _STEP
OURS_WHOLE = _CLOCK + _OURS + "write(held)\n"
THEIRS_WHOLE = _CLOCK + _THEIRS + "write(stream)\n"


def step(script: str, *arguments: str) -> tuple[float, float]:
    """Run a script and return the CPU seconds and the MiB that it says its step took."""
    said = subprocess.run(python("-c", script, *arguments), check=True, capture_output=True, text=True).stdout
    seconds, memory = map(float, said.split())
    return seconds, memory


def whole(script: str, *arguments: str) -> tuple[float, float]:
    """Run a script and return the CPU seconds and the peak MiB of the whole process."""
    return run(python("-c", script, *arguments))


Measure = Callable[..., tuple[float, float]]


def pairs(measure: Measure, ours: str, peer: str, rounds: int, *arguments: str) -> Iterator[float]:
    """Yield the medians of our seconds and MiB, of the peer's seconds, and of the ratio."""
    found = [(measure(ours, *arguments), measure(peer, *arguments)) for _ in range(rounds)]
    yield statistics.median(one[0] for one, _ in found)
    yield statistics.median(one[1] for one, _ in found)
    yield statistics.median(other[0] for _, other in found)
    yield statistics.median(one[0] / other[0] for one, other in found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vocabulary")
    parser.add_argument("--base")
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--formats", default=",".join(BOUNDS))
    parser.add_argument("--peers", default="store,list,whole")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rdflib", type=int, default=100_000, help="largest size at which rdflib is asked")
    given = parser.parse_args()
    peers = {"store": (step, OURS, STORE), "list": (step, OURS, LIST), "whole": (whole, OURS_WHOLE, THEIRS_WHOLE)}
    seconds: dict[tuple[str, str], dict[int, float]] = {}
    for size in map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "source.ttl")
            replicated(given.vocabulary, given.base, size, source)
            for name in given.formats.split(","):
                for peer in given.peers.split(","):
                    measure, ours, theirs = peers[peer]
                    cpu, memory, other, ratio = pairs(measure, ours, theirs, given.rounds, source, name)
                    show(size, name, peer, cpu, memory, other, ratio)
                    seconds.setdefault((name, peer), {})[size] = cpu
                if size <= given.rdflib:
                    show(size, name, "rdflib", *pairs(step, OURS, RDFLIB, 1, source, name))
    for (name, peer), found in seconds.items():
        show_growth(f"{name} {peer}", found)


def show(size: int, name: str, peer: str, cpu: float, memory: float, other: float, ratio: float) -> None:
    """Print one line of figures."""
    bound = f"bound {BOUNDS[name]}" if peer != "rdflib" else f"{1 / ratio:.1f} times faster"
    print(f"{size:>10,} {name:9} {peer:7} {cpu:7.2f} s {memory:6.0f} MiB   peer {other:7.2f} s   "
          f"ratio {ratio:5.2f}   {bound}", flush=True)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
