"""`kg validate` as a whole process: reading, all shapes, all graph rules, places, report.

    python benchmarks/validation.py VOCABULARY.ttl [BASE] [--large]

The vocabulary is replicated with renamed IRIs and unique literals. Bounds: 100,000
statements in 1.8 s CPU, a million in 18 s and 2 GiB, a growth exponent of 1.1; the graph
rules alone, reading included, a million in 5 s and 450 MiB. `--large` adds ten
million, which have to end on a machine of 24 GiB.

The bounds were set on a machine where a loop over pyoxigraph's parser takes 0.79 s for a
million. So the same loop runs beside, and what it says a run would take there is printed, too.
"""

from __future__ import annotations

import math
import os
import statistics
import sys
import tempfile
from itertools import pairwise

from dataset import BARE, replicated
from measure import Run, python

PROFILES = ("skos", "glossary", "quality", "publication")
_WHOLE = [word for profile in PROFILES for word in ("--profile", profile)]
_ROOM = ("--max-bytes", "64GiB", "--max-memory", "22GiB", "--timeout", "3600", "--report", "json", "-o", os.devnull)
#: Seconds of the bare loop for a million statements where the bounds were set.
_THERE = 0.79
_COMMAND = "from kg.cli import kg; kg()"
_RULES = (
    "import sys\nimport kg.cli\nfrom kg import pipeline\nfrom kg.check import rules\nfrom kg.limits import Limits\n"
    "from kg.rule.choice import Choice\n"
    "read = pipeline.read(pipeline.Job(sources=(sys.argv[1],), limits=Limits(max_bytes=1 << 36)))\n"
    f"for _ in rules.check(read, Choice({PROFILES!r})):\n    pass"
)


def measured(command: list[str]) -> Run:
    """Run a command with its worker and return what both cost; findings are no failure."""
    pid = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(command: list[str], rounds: int) -> Run:
    """Return the medians of some rounds, after an uncounted one."""
    measured(command)
    runs = [measured(command) for _ in range(rounds)]
    return Run(statistics.median(run.cpu for run in runs), statistics.median(run.memory for run in runs))


def main() -> None:
    """Measure and print."""
    given = [word for word in sys.argv[1:] if word != "--large"]
    if not given:
        raise SystemExit(__doc__)
    base = given[1] if len(given) > 1 else None
    sizes = [(100_000, "(bound: 1.8 s)"), (1_000_000, "(bound: 18 s, 2048 MiB)")]
    if "--large" in sys.argv:
        sizes.append((10_000_000, "(bound: 24 GiB)"))
    whole = []
    for size, bound in sizes:
        with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
            replicated(given[0], base, size, file.name)
            rounds = 5 if size < 1_000_000 else 1
            bare = median(python("-c", BARE, file.name), 3 if size <= 1_000_000 else 1).cpu
            print(f"{'bare loop of the parser':26} {size:>12,} statements {bare:8.2f} s", flush=True)
            command = python("-c", _COMMAND, "validate", *_WHOLE, *_ROOM, file.name)
            run = median(command, rounds) if rounds > 1 else measured(command)
            whole.append(run.cpu)
            show("kg validate, all profiles", size, run, bare, bound)
            if size == 1_000_000:
                alone = median(python("-c", _RULES, file.name), 3)
                show("reading and graph rules", size, alone, bare, "(bound: 5 s, 450 MiB)")
    for smaller, larger in pairwise(whole):
        print(f"growth exponent {math.log10(larger / smaller):5.2f}   (bound: 1.10)")


def show(name: str, size: int, run: Run, bare: float, bound: str) -> None:
    """Print one line of figures."""
    ratio = run.cpu / bare
    there = ratio * _THERE * size / 1_000_000
    words = f"{run.cpu:8.2f} s {run.memory:7.0f} MiB {ratio:6.1f} x bare, {there:6.2f} s there   {bound}"
    print(f"{name:26} {size:>12,} statements {words}", flush=True)


if __name__ == "__main__":
    main()
