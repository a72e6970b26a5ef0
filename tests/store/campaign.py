"""Loads that are killed at random moments, and loads through a proxy that fails: the old version or the new one.

    python tests/store/campaign.py [--kills 200] [--faults 44] [--store oxigraph] [--store virtuoso] [--seed 1]

After each kill and each fault the version that is current has to be whole, and the same
command has to end what was begun. The suite runs a few of each (`test_campaign.py`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from conftest import Running, running_oxigraph, running_virtuoso
from proxy import FAULTS, between

from kg.dataset import Dataset
from kg.errors import StoreError
from kg.statement import Statement
from kg.store import auth, catalogue, verify
from kg.store.load import Order, load
from kg.store.prepare import Prepared, prepare
from kg.store.session import Store, connect
from kg.store.unload import unload

KG = Path(sys.executable).parent / "kg"
TRIPLES, PIECE = 6_000, 500
_NUMBERS = itertools.count()


def opened(store: Running, url: str | None = None) -> Store:
    return connect(url or store.url, None, lambda: auth.found(store.url, environ=store.environ), 60)


def content(version: int, kind: str, path: Path) -> Prepared:
    """Write down a version whose statements all name it, so that a mixture of two shows."""
    found = [Statement(f"<urn:c:{place}>", f"<urn:p:{place % 7}>", f'"{version}"@en') for place in range(TRIPLES)]
    return prepare(Dataset(found), kind, "urn:b:b", str(path))


def current(at: Store, vocabulary: str, wanted: dict[str, Prepared]) -> str:
    """Return the version that is current; it is whole, and no other than one of those."""
    known = catalogue.read(at, catalogue.GRAPH, vocabulary)
    assert known.current is not None
    entry = known.versions[known.current]
    assert entry.state == catalogue.COMPLETE and entry.version in wanted
    assert not verify.differences(at, known.current, wanted[entry.version].sums)
    return entry.version


def killed(store: Running, number: int, seed: int, folder: Path) -> Counter[str]:
    """Kill so many loads with SIGKILL, one version after the other, and end each; return what became of them."""
    chance, vocabulary = random.Random(seed), f"https://e.org/killed{next(_NUMBERS)}"
    # What a killed load leaves in the folder of temporary files goes with ours.
    environ, became = {**os.environ, **store.environ, "TMPDIR": str(folder)}, Counter[str]()
    with opened(store) as at:
        kind, seconds, before = at.dialect.altered, 0.0, None
        for version in range(number + 1):
            path = folder / f"{version % 2}.nt"
            wanted = content(version, kind, path)
            command = [KG, "load", path, "--to", store.url, "--vocabulary", vocabulary, "--piece", str(PIECE)]
            command = [str(word) for word in (*command, "--version", version, "--json")]
            if before is not None:
                process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
                time.sleep(chance.uniform(0.1, 1.05) * seconds)
                process.kill()
                became["done before the kill"] += process.wait() == 0
                seen = current(at, vocabulary, before | {str(version): wanted})
                became["the new one was current" if seen == str(version) else "the old one was current"] += 1
            start = time.monotonic()
            done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
            seconds = time.monotonic() - start
            if before is not None:
                became[f"then {json.loads(done.stdout)['state']}"] += 1
            assert current(at, vocabulary, {str(version): wanted}) == str(version)
            if before is not None:
                list(unload(at, catalogue.GRAPH, vocabulary, str(version - 1)))
            before = {str(version): wanted}
        list(unload(at, catalogue.GRAPH, vocabulary, None))
    return became


def faulted(store: Running, number: int, seed: int, folder: Path) -> Counter[str]:
    """Load so many versions, each through a fault at a random request, and end each; return what became of them."""
    chance, vocabulary = random.Random(seed), f"https://e.org/faulted{next(_NUMBERS)}"
    became = Counter[str]()
    port = int(store.url.split(":")[2].split("/")[0])
    with between(port) as proxy, opened(store, store.url.replace(str(port), str(proxy.server_port))) as at:
        at.client._wait = proxy.waits.append  # noqa: SLF001 - nobody waits here
        at.dialect = at.dialect._replace(parallel=1)
        before = {"0": content(0, at.dialect.altered, folder / "0.nt")}
        load(at, before["0"], Order(vocabulary, "0"))
        for version in range(1, number + 1):
            wanted = {str(version): content(version, at.dialect.altered, folder / f"{version}.nt")}
            order = Order(vocabulary, str(version), piece=PIECE)
            fault = [*FAULTS][version % len(FAULTS)]
            at.client.timeout = 1 if fault == "slow" else 60
            proxy.plan(fault, chance.randrange(30), times=chance.choice((1, 3, 99)))
            try:
                load(at, wanted[str(version)], order)
                became["not noticed"] += 1
            except StoreError as error:
                became[f"told: {fault}" if error.store and error.step and error.remedy else "not told well"] += 1
            proxy.plan(None, 0)
            at.client.timeout = 60
            current(at, vocabulary, before | wanted)
            load(at, wanted[str(version)], order)
            assert current(at, vocabulary, wanted) == str(version)
            list(unload(at, catalogue.GRAPH, vocabulary, str(version - 1)))
            before = wanted
        list(unload(at, catalogue.GRAPH, vocabulary, None))
    return became


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="append", choices=["oxigraph", "virtuoso"])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--faults", type=int, default=44)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for name in given.store or ["oxigraph", "virtuoso"]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "store").mkdir()
            starts = running_oxigraph if name == "oxigraph" else running_virtuoso
            with starts(folder / "store") as store:
                for what, run, number in (("kills", killed, given.kills), ("faults", faulted, given.faults)):
                    start = time.monotonic()
                    became = sorted(run(store, number, given.seed, folder).items())
                    words = ", ".join(f"{word} {count}" for word, count in became)
                    print(
                        f"{name}: {number} {what} in {time.monotonic() - start:.0f} s, none torn: {words}", flush=True
                    )


if __name__ == "__main__":
    main()
