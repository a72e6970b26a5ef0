"""Finding 1,000 statements in a file of 50 MB (JSON-LD: 10 MB), beside the parser reading that file once.

    python benchmarks/places.py VOCABULARY.ttl [BASE]

The vocabulary is replicated as in dataset.py and written in each syntax; the statements
are spread evenly over the file. Bound for Turtle: 3 s CPU.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterable

import pyoxigraph
from dataset import replicated

from kg.dataset import Dataset
from kg.formats import Format, WriteOptions, for_name

COUNT = 1000
SIZES = {"turtle": 50_000_000, "ntriples": 50_000_000, "rdfxml": 50_000_000, "jsonld": 10_000_000}


def timed(step: Callable[[], object]) -> float:
    """Return the CPU seconds of a step."""
    start = time.process_time()
    step()
    return time.process_time() - start


def text_of(dataset: Dataset, format_: Format) -> bytes:
    """Write a Dataset."""
    return b"".join(format_.write(dataset, WriteOptions()))


def exhaust(found: Iterable[object]) -> None:
    """Ask for everything there is."""
    for _ in found:
        pass


def main() -> None:
    """Measure and print."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    base = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        replicated(sys.argv[1], base, 700_000, file.name)
        dataset = Dataset()
        dataset.add_stream(pyoxigraph.parse(path=file.name, format=pyoxigraph.RdfFormat.TURTLE))
    rows = list(dataset.canonical())
    for name, size in SIZES.items():
        format_ = for_name(name)
        share = size / len(text_of(Dataset(rows[:50_000]), format_)) * 50_000
        part = Dataset(rows[: int(share)])
        data = text_of(part, format_)
        wanted = [tuple(row) for row in itertools.islice(part, 0, None, max(1, len(part) // COUNT))][:COUNT]
        locate = format_.function("locate")
        assert locate is not None
        found: dict[object, object] = {}
        ours = timed(lambda: found.update(locate(data, wanted, "http://example.org/")))  # noqa: B023 - called at once
        syntax = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
        peer = timed(lambda: exhaust(pyoxigraph.parse(data, syntax)))  # noqa: B023 - called at once
        assert len(found) == len(wanted), f"{name}: {len(found)} of {len(wanted)} found"
        print(
            f"{name:9} {len(part):>9,} statements in {len(data) / 1e6:4.0f} MB: {len(found):,} found in {ours:5.2f} s, "
            f"read by the parser in {peer:5.2f} s, ratio {ours / peer:5.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
