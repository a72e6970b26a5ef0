"""Loads of a large vocabulary into Oxigraph and Virtuoso, beside their own ways in; and loads killed at random.

    python benchmarks/load.py figures --triples 1300000 [--store oxigraph] [--store virtuoso]
    python benchmarks/load.py kills --number 200 [--store …]

The data are EnvThes of the shared folder (KG_SHARED), replicated with renamed IRIs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
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
    with (stores.running_oxigraph(folder) if name == "oxigraph" else stores.running_virtuoso(folder, 170_000)) as store:
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
            urlopen(Request(url, body, headers, method="POST"), timeout=3600).read()
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
                    store, "load", file, "--to", store.url, "--graph", VOCABULARY, "--version", "1", "--json"
                )
                ours_cpu = processor(store.pid) - before
                receipt = json.loads(out)
                verified, _ = timed(store, "verify", "--at", store.url, "--graph", VOCABULARY)
            print(
                f"{name}: {receipt['triples']} statements; own way {own:.1f} s ({own_cpu:.1f} s of its processor); "
                f"kg load, verified {ours:.1f} s ({ours_cpu:.1f} s), {receipt['triples'] / ours:,.0f}/s, "
                f"{ours / own:.2f} times; kg verify {verified:.1f} s; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )


def current(store: stores.Running) -> str:
    return timed(store, "versions", "--at", store.url, "--graph", VOCABULARY)[1]


def kills(name: str, number: int, triples: int, seed: int) -> None:
    """Kill loads of one version after the other at random moments; each is resumed and verified."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "data.nt"
        replicated(whole, triples)
        lines = whole.read_text().splitlines(keepends=True)
        file = Path(scratch) / "version.nt"
        torn = resumed = unhurt = 0
        with running(name, Path(scratch) / "store") as store:
            file.write_text("".join(lines[:100]))
            timed(store, "load", file, "--to", store.url, "--graph", VOCABULARY, "--version", "0")
            seconds = 0.0
            for version in range(1, number + 1):
                file.write_text("".join(lines) + f'<https://e.org/s> <https://e.org/p> "{version}" .\n')
                words = ("load", file, "--to", store.url, "--graph", VOCABULARY, "--version", version, "--piece", "2000")
                if version == 1:
                    seconds, _ = timed(store, *words)
                    continue
                process = kg(store, *words)
                time.sleep(chance.uniform(0, seconds))
                process.kill()
                process.communicate()
                unhurt += process.returncode == 0
                told = current(store)
                marked = re.findall(r"\* (\S+)  (\w+)", told)
                torn += marked not in ([(str(version - 1), "complete")], [(str(version), "complete")])
                timed(store, "verify", "--at", store.url, "--graph", VOCABULARY)  # whatever is current is whole
                _, out = timed(store, *words, "--json")
                resumed += json.loads(out)["state"] == "resumed"
                timed(store, "verify", file, "--at", store.url, "--graph", VOCABULARY)
                timed(store, "unload", "--at", store.url, "--graph", VOCABULARY, "--version", str(version - 1))
        print(f"{name}: {number - 1} loads killed, {torn} torn, {resumed} resumed, {unhurt} done before the kill", flush=True)
        assert not torn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["figures", "kills"])
    parser.add_argument("--store", action="append", choices=["oxigraph", "virtuoso"])
    parser.add_argument("--triples", type=int)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for name in given.store or ["oxigraph", "virtuoso"]:
        if given.what == "figures":
            figures(name, given.triples or 1_300_000, given.rounds)
        else:
            kills(name, given.number, given.triples or 20_000, given.seed)


if __name__ == "__main__":
    main()
