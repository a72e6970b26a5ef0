"""TriG (W3C RDF 1.1 TriG): the data as in Turtle, then each named graph in its braces."""

from __future__ import annotations

from collections.abc import Iterator

from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.vocab import EVIDENCE
from kg.write.turtle import Document


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write every graph as TriG; the evidence only where it is asked for.

    A blank node that two graphs share, or that names one, has the same label everywhere.
    """
    named = dataset.labelled()
    graphs = [(name, rows) for name, rows in named.by_graph() if name != EVIDENCE or options.evidence]
    document = Document(named, graphs)
    titles = {name: document.spelling.name(name) for name, _ in graphs if name}
    yield document.spelling.header().encode()
    for name, _ in graphs:
        if name:
            yield f"\n{titles[name]} {{".encode()
        yield from map(str.encode, document.blocks(name, "    " if name else ""))
        if name:
            yield b"}\n"
