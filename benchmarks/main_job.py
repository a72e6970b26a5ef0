"""The main job beside a bare pyoxigraph parse and serialise of the same statements.

    python benchmarks/main_job.py

Bounds: at most 5 times the bare work, at most 100 ms CPU on an idle core.
"""

from __future__ import annotations

import os
import sys
import tempfile

from measure import paired, python, show

BARE = (
    "import sys, pyoxigraph as ox;"
    "sys.stdout.buffer.write(ox.serialize(ox.parse(path=sys.argv[1], format=ox.RdfFormat.TURTLE),"
    " format=ox.RdfFormat.JSON_LD))"
)


def main() -> None:
    """Measure and print."""
    import kg

    ours = [os.path.join(os.path.dirname(sys.executable), "kgexport"), "--format", "jsonld"]
    with tempfile.NamedTemporaryFile("w", suffix=".ttl", encoding="utf-8") as file:
        file.write(kg.export(kg.load(), "turtle"))
        file.flush()
        show("kgexport --format jsonld, shipped glossary", *paired(ours, python("-c", BARE, file.name)),
             "(bound: 5.00, 100 ms)")  # fmt: skip
    show("kgexport --help", *paired([ours[0], "--help"], python("-c", "import click")), "(peer: import click)")


if __name__ == "__main__":
    main()
