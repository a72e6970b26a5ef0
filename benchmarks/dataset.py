"""Reading a Turtle file into a Dataset beside bare iteration of the parser.

    python benchmarks/dataset.py VOCABULARY.ttl [BASE] [SIZE,SIZE…]

The vocabulary is replicated with renamed IRIs and unique literals, so that nothing
is shared between the copies. `load` is what users call: the caps, refusals and checks
of the reader included. `stream` is the Dataset alone, filled from the parser's stream.
Bounds: 100,000 in 0.4 s CPU; a million in 3.4 times bare iteration and 300 MiB. From
100,000 on, time and memory should grow as the statements do.
"""

from __future__ import annotations

import re
import sys
import tempfile

import pyoxigraph
from measure import paired, python, show, show_growth

BARE = "import sys, pyoxigraph as ox\nfor _ in ox.parse(path=sys.argv[1], format=ox.RdfFormat.TURTLE):\n    pass"
STREAM = (
    "import sys, pyoxigraph as ox\nfrom kg.dataset import Dataset\n"
    "Dataset().add_stream(ox.parse(path=sys.argv[1], format=ox.RdfFormat.TURTLE))"
)
LOAD = "import sys, kg\nkg.load(sys.argv[1], limits=kg.Limits(max_bytes=1 << 40))"
BOUNDS = {100_000: "(bound: 400 ms)", 1_000_000: "(bound: 3.40, 300 MiB)"}


def replicated(path: str, base: str | None, count: int, target: str) -> None:
    """Write `count` statements: copies of a vocabulary that share neither resources nor texts."""
    syntax = pyoxigraph.RdfFormat.TURTLE
    lines = [f"{quad.triple} .\n" for quad in pyoxigraph.parse(path=path, format=syntax, base_iri=base)]
    subjects = {line.partition(" ")[0] for line in lines}
    with open(target, "w", encoding="utf-8") as file:
        written = copy = 0
        while written < count:
            file.writelines(_copied(line, subjects, copy) if copy else line for line in lines[: count - written])
            written += len(lines)
            copy += 1


def _copied(line: str, subjects: set[str], copy: int) -> str:
    subject, predicate, value = line[:-3].split(" ", 2)
    if value in subjects and value[0] == "<":
        value = f"{value[:-1]}-{copy}>"
    elif value[0] == '"' and value[-1] != ">":  # a changed number or date would be none, and rdflib says so at length
        value = re.sub(r'"([^"]*)$', rf' {copy}"\1', value)
    return f"{subject[:-1]}-{copy}> {predicate} {value} .\n"


def main() -> None:
    """Measure and print."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    base = sys.argv[2] if len(sys.argv) > 2 else None
    sizes = sys.argv[3] if len(sys.argv) > 3 else "100000,1000000"
    seconds: dict[str, dict[int, float]] = {"load": {}, "stream": {}}
    for count in map(int, sizes.split(",")):
        with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
            replicated(sys.argv[1], base, count, file.name)
            for name, script in (("load", LOAD), ("stream", STREAM)):
                rounds = 5 if count <= 1_000_000 else 1
                figures = paired(python("-c", script, file.name), python("-c", BARE, file.name), rounds)
                show(f"{name}, {count:,} statements", *figures, BOUNDS.get(count, ""))
                seconds[name][count] = figures[0].cpu
    for name, found in seconds.items():
        show_growth(name, found)


if __name__ == "__main__":
    main()
