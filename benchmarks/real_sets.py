"""Publish real vocabularies as sets and have strict parsers read each file back: `python benchmarks/real_sets.py`.

Each source is exported as `kgexport --format all --no-validate` does it, in a process of
its own. Then pyoxigraph reads every RDF file of the set (JSON-LD and RDF/XML too); with
`--rdflib` rdflib reads those of one graph, which takes minutes. A file that is not the
same dataset as the rest, a wrong checksum or a format left out without a word fails. So
does a statement more or less than pyoxigraph reads in the sources, in a second export
that adds nothing (`--profile asserted`).
The vocabularies lie in the folder that KG_SHARED names (default: ../shared).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyoxigraph

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from round_trip import by_pyoxigraph, by_rdflib  # noqa: E402 - it lies among the tests

from kg import formats  # noqa: E402
from kg.dataset import Dataset  # noqa: E402
from kg.write.description import SUMS, listed  # noqa: E402

DATA = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared") / "data"


class Vocabulary(NamedTuple):
    """A published vocabulary: where it lies, and what it takes to read it."""

    name: str
    sources: tuple[str, ...]
    options: tuple[str, ...] = ()
    #: what a lenient reading mends, and what it is read as; the parser is given the mended text
    mended: tuple[bytes, bytes] = (b"", b"")


VOCABULARIES = (
    Vocabulary("shipped glossary", ()),
    Vocabulary("PhySH", ("voc-physh/physh.ttl",)),
    Vocabulary("EnvThes", ("voc-envthes/EnvThes.ttl",)),
    Vocabulary("CGI", ("voc-cgi",)),
    Vocabulary("lobid", ("voc-lobid",)),
    Vocabulary("voc4cat", ("voc-voc4cat/vocabularies",)),
    Vocabulary("ICS chart, lenient", ("voc-ics-chart/chart.ttl",), ("--lenient",), (b"@es-a ", b"@es-x-a ")),
)


class Outcome(NamedTuple):
    """One set: statements in the sources and in each file, the digest of all files, CPU seconds, findings by code."""

    read: int
    statements: int
    digest: str
    readings: int
    seconds: float
    said: Counter[str]


def publish(vocabulary: Vocabulary, folder: Path, *, with_rdflib: bool = False) -> Outcome:
    """Write a set and read it back. Raises `AssertionError` for what is not as it should be."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = export(vocabulary, "--format", "all", "-o", str(folder))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {name: one.digest() for name, one in read_back(folder, with_rdflib)}
    assert len(set(found.values())) == 1, found
    written = {path.suffix[1:] for path in folder.iterdir()}
    for item in formats.written():
        assert item.extensions[0] in written or f"no {item.title} in the set" in told, item.name
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = Counter(re.findall(r"(?:info|warning|violation) ([a-z.-]+): ", told))
    [lines] = folder.glob("*.nt")
    count = lines.read_bytes().count(b"\n")
    return Outcome(asserted(vocabulary, folder), count, next(iter(found.values())), len(found), seconds, said)


def export(vocabulary: Vocabulary, *options: str) -> str:
    """Run the command and return what it told."""
    sources = [str(DATA / source) for source in vocabulary.sources]
    program = str(Path(sys.executable).parent / "kgexport")
    command = [program, *sources, *vocabulary.options, "--no-validate", "--verbose"]
    done = subprocess.run([*command, *options], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def asserted(vocabulary: Vocabulary, folder: Path) -> int:
    """Compare what is written without additions with what pyoxigraph reads in the sources; return the count."""
    if not vocabulary.sources:
        [archive] = folder.glob("*.nt")
        return archive.read_bytes().count(b"\n")
    source = Dataset()
    for path in sorted(files(vocabulary)):
        data = path.read_bytes().replace(*vocabulary.mended) if vocabulary.mended[0] else path.read_bytes()
        syntax = pyoxigraph.RdfFormat.from_media_type(formats.for_path(path.name).media_type)
        source.add_stream(pyoxigraph.parse(data, syntax, base_iri="http://example.org/", rename_blank_nodes=True))
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "all.nt"
        export(vocabulary, "--profile", "asserted", "-o", str(target))
        assert by_pyoxigraph(target.read_bytes(), "ntriples").digest() == source.digest()
    return len(source)


def files(vocabulary: Vocabulary) -> Iterator[Path]:
    for source in vocabulary.sources:
        path = DATA / source
        yield from (found for found in path.rglob("*.ttl")) if path.is_dir() else (path,)


def read_back(folder: Path, with_rdflib: bool) -> Iterator[tuple[str, Dataset]]:
    """Check the list of checksums, and yield each RDF file as the parsers read it."""
    names = listed((folder / SUMS).read_bytes())
    assert set(names) == {path.name for path in folder.iterdir()} - {SUMS}
    assert all(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" in (folder / SUMS).read_text()
               for name in names)  # fmt: skip
    for name in names:
        item = formats.for_path(name)
        if item.iri and not name.endswith(".dcat.ttl"):
            data = (folder / name).read_bytes()
            found = by_pyoxigraph(data, item.name)
            # The archive holds the evidence, too.
            yield name, Dataset(found.match()) if item.archive else found
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
            try:
                found = publish(vocabulary, Path(scratch) / "set", with_rdflib=given.rdflib)
            except (AssertionError, SyntaxError, ValueError) as error:
                failed = True
                print(f"{vocabulary.name}: FAILED: {str(error)[:1000]}", flush=True)
                continue
            print(
                f"{vocabulary.name:18} {found.read:6} statements read, {found.statements:6} in each file; "
                f"{found.readings} readings, digest {found.digest[:12]}; export {found.seconds:4.1f} s CPU; "
                f"told: {', '.join(f'{count} {code}' for code, count in sorted(found.said.items())) or 'nothing'}",
                flush=True,
            )
    return failed


if __name__ == "__main__":
    sys.exit(main())
