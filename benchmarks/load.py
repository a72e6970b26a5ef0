"""Loads of a large vocabulary into Oxigraph and Virtuoso, beside their own ways in.

    python benchmarks/load.py [--triples 1300000] [--rounds 1] [--store oxigraph] [--store virtuoso] [--diff]

With --diff: a second version, from which every 2,000th statement is gone, by its difference and whole.
The data are EnvThes of the shared folder (KG_SHARED), replicated with renamed IRIs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "store"))
import conftest as stores  # noqa: E402

VOCABULARY = "https://e.org/bench"


def replicated(target: Path, triples: int) -> None:
    """Write so many statements of EnvThes, each copy with IRIs and texts of its own."""
    import pyoxigraph

    shared = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
    parsed = pyoxigraph.parse(
        path=shared / "data/voc-envthes/EnvThes.ttl", format=pyoxigraph.RdfFormat.TURTLE, base_iri="http://e.org/"
    )
    lines = [f"{quad.triple} .\n" for quad in parsed if "_:" not in str(quad)]
    with target.open("w") as file:
        for number in range(triples):
            copy, place = divmod(number, len(lines))
            line = lines[place]
            if copy:
                line = re.sub(r"(envthes\.at/|vocabs\.lter-europe\.net/)", rf"\1r{copy}/", line)
                line = re.sub(r'"((?:@[a-z-]+)?) \.\n$', lambda end, copy=copy: f' {copy}"{end[1]} .\n', line)
            file.write(line)


@contextmanager
def running(name: str, folder: Path):
    folder.mkdir(parents=True)
    with stores.running_oxigraph(folder) if name == "oxigraph" else stores.running_virtuoso(folder, 170_000) as store:
        yield store


def kg(store: stores.Running, *words: str) -> subprocess.Popen:
    command = [str(Path(sys.executable).parent / "kg"), *map(str, words)]
    return subprocess.Popen(command, env={**os.environ, **store.environ}, stdout=subprocess.PIPE, text=True)


def timed(store: stores.Running, *words: str) -> tuple[float, str]:
    start = time.monotonic()
    process = kg(store, *words)
    out, _ = process.communicate()
    assert process.returncode == 0, out
    return time.monotonic() - start, out


def processor(pid: int) -> float:
    """Return the processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def own_way(store: stores.Running, file: Path) -> float:
    """Load a file by the store's own quickest way over the wire or from disk, and return the time."""
    start = time.monotonic()
    if store.dialect == "oxigraph":
        with file.open("rb") as body:
            headers = {"Content-Type": "application/n-triples", "Content-Length": str(file.stat().st_size)}
            url = f"{store.url}/store?graph=https://e.org/own&no_transaction"
            request = Request(url, body, headers, method="POST")  # noqa: S310 - a URL of ours
            urlopen(request, timeout=3600).read()  # noqa: S310 - a URL of ours
        return time.monotonic() - start
    isql = ["isql-vt", f"127.0.0.1:{store.port}", stores.USER, stores.PASSWORD]
    for text in (f"ld_dir('{file.parent}', '{file.name}', 'https://e.org/own');", "rdf_loader_run(); checkpoint;"):
        subprocess.run([*isql, f"exec={text}"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def figures(name: str, triples: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "data.nt"
        replicated(file, triples)
        for number in range(rounds):
            with running(name, Path(scratch) / f"own{number}") as store:
                (store.folder / "data.nt").symlink_to(file) if name == "oxigraph" else os.link(
                    file, store.folder / "data.nt"
                )
                before = processor(store.pid)
                own = own_way(store, store.folder / "data.nt")
                own_cpu = processor(store.pid) - before
            with running(name, Path(scratch) / f"kg{number}") as store:
                before = processor(store.pid)
                ours, out = timed(
                    store, "load", file, "--to", store.url, "--vocabulary", VOCABULARY, "--version", "1", "--json"
                )
                ours_cpu = processor(store.pid) - before
                receipt = json.loads(out)
                verified, _ = timed(store, "verify", "--at", store.url, "--vocabulary", VOCABULARY)
            print(
                f"{name}: {receipt['triples']} statements; own way {own:.1f} s ({own_cpu:.1f} s of its processor); "
                f"kg load, verified {ours:.1f} s ({ours_cpu:.1f} s), {receipt['triples'] / ours:,.0f}/s, "
                f"{ours / own:.2f} times; kg verify {verified:.1f} s; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )


def updates(name: str, triples: int) -> None:
    """Print what a second version takes, by its difference and whole."""
    with tempfile.TemporaryDirectory() as scratch, running(name, Path(scratch) / "store") as store:
        first, second = Path(scratch) / "1.nt", Path(scratch) / "2.nt"
        replicated(first, triples)
        with first.open() as lines, second.open("w") as file:
            file.writelines(line for number, line in enumerate(lines) if number % 2000)
        told = ("--to", store.url, "--vocabulary", VOCABULARY, "--json", "--version")
        timed(store, "load", first, *told, "1")
        by_difference, out = timed(store, "load", second, *told, "2", "--diff")
        whole, _ = timed(store, "load", second, *told, "3")
        print(
            f"{name}: {triples} statements, {first.stat().st_size / 1e6:.0f} MB; --diff {by_difference:.1f} s, "
            f"{json.loads(out)['sent']} sent; whole {whole:.1f} s; load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="append", choices=["oxigraph", "virtuoso"])
    parser.add_argument("--triples", type=int, default=1_300_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--diff", action="store_true")
    given = parser.parse_args()
    for name in given.store or ["oxigraph", "virtuoso"]:
        if given.diff:
            updates(name, given.triples)
        else:
            figures(name, given.triples, given.rounds)


if __name__ == "__main__":
    main()
