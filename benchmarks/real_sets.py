"""Publish real vocabularies as sets and have strict parsers read each file back: `python benchmarks/real_sets.py`.

Each source is exported as `kgexport --format all --no-validate` does it, in a process of
its own. Then pyoxigraph reads every RDF file of the set (JSON-LD and RDF/XML too), and
rdflib the N-Triples, Turtle and RDF/XML ones with `--rdflib`, which takes minutes. A file that is not
the same dataset as the rest, a wrong checksum or a format left out without a word fails.
The vocabularies lie in the folder that KG_SHARED names (default: ../shared).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from round_trip import by_pyoxigraph, by_rdflib  # noqa: E402 - it lies among the tests

from kg import formats  # noqa: E402
from kg.write.description import SUMS, listed  # noqa: E402

DATA = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared") / "data"


class Vocabulary(NamedTuple):
    """A published vocabulary: where it lies, and what it takes to read it."""

    name: str
    sources: tuple[str, ...]
    options: tuple[str, ...] = ()


VOCABULARIES = (
    Vocabulary("shipped glossary", ()),
    Vocabulary("PhySH", ("voc-physh/physh.ttl",)),
    Vocabulary("EnvThes", ("voc-envthes/EnvThes.ttl",)),
    Vocabulary("CGI", ("voc-cgi",)),
    Vocabulary("lobid", ("voc-lobid",)),
    Vocabulary("voc4cat", ("voc-voc4cat/vocabularies",)),
    Vocabulary("ICS chart, lenient", ("voc-ics-chart/chart.ttl",), ("--lenient",)),
)


class Outcome(NamedTuple):
    """One set: how many statements, the digest of all its files, CPU seconds of the export, findings by code."""

    statements: int
    digest: str
    files: int
    seconds: float
    said: tuple[str, ...]


def publish(vocabulary: Vocabulary, folder: Path, *, with_rdflib: bool = False) -> Outcome:
    """Write a set and read it back. Raises `AssertionError` for what is not as it should be."""
    sources = [str(DATA / source) for source in vocabulary.sources]
    command = [str(Path(sys.executable).parent / "kgexport"), *sources, *vocabulary.options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*command, "--no-validate", "--format", "all", "-o", str(folder)],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    digests, sizes = dict[str, str](), dict[str, int]()
    for name, found in read_back(folder, with_rdflib):
        digests[name], sizes[name] = found.digest(""), len(list(found.match()))
    assert len(set(digests.values())) == 1, digests
    said = tuple(line for line in done.stderr.splitlines() if not line.startswith(" "))
    written = {path.suffix[1:] for path in folder.iterdir()}
    missing = [item for item in formats.written() if item.extensions[0] not in written]
    assert all(any(f"no {item.title} in the set" in line for line in said) for item in missing), missing
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Outcome(next(iter(sizes.values())), next(iter(digests.values())), len(digests), seconds, said)


def read_back(folder: Path, with_rdflib: bool) -> Iterator[tuple[str, object]]:
    """Check the list of checksums, and yield each RDF file as the parsers read it."""
    names = listed((folder / SUMS).read_bytes())
    assert set(names) == {path.name for path in folder.iterdir()} - {SUMS}
    assert all(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" in (folder / SUMS).read_text()
               for name in names)  # fmt: skip
    for name in names:
        item = formats.for_path(name)
        if item.iri and not name.endswith(".dcat.ttl"):
            data = (folder / name).read_bytes()
            yield name, by_pyoxigraph(data, item.name)
            if with_rdflib and not item.graphs:
                yield f"{name} (rdflib)", by_rdflib(data, item.name)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rdflib", action="store_true", help="have rdflib read them, too")
    parser.add_argument("--only", help="the vocabulary whose name has these letters")
    given = parser.parse_args(arguments)
    failed = False
    for vocabulary in VOCABULARIES:
        if given.only and given.only not in vocabulary.name:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            start = time.perf_counter()
            try:
                found = publish(vocabulary, Path(scratch) / "set", with_rdflib=given.rdflib)
            except (AssertionError, SyntaxError, ValueError) as error:
                failed = True
                print(f"{vocabulary.name}: FAILED: {str(error)[:1000]}", flush=True)
                continue
            print(
                f"{vocabulary.name:20} {found.statements:7} statements  {found.files} readings, one digest "
                f"{found.digest[:12]}  export {found.seconds:5.1f} s CPU  all {time.perf_counter() - start:5.1f} s",
                flush=True,
            )
            for line in sorted({line.partition(": ")[2][:110] for line in found.said})[:3]:
                print(f"    {line}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
