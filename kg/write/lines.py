"""N-Triples and N-Quads, in canonical order: a line a statement (W3C RDF 1.1 N-Triples, N-Quads)."""

from __future__ import annotations

from collections.abc import Iterator

from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.statement import DATA
from kg.vocab import EVIDENCE


def write_ntriples(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as N-Triples, and the evidence behind it where it is asked for."""
    named = dataset.labelled()
    for graph in (DATA, EVIDENCE) if options.evidence else (DATA,):
        yield from map(str.encode, named.rows(graph).lines())


def write_nquads(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write every graph as N-Quads; the evidence only where it is asked for."""
    for graph, rows in dataset.labelled().by_graph():
        if graph != EVIDENCE or options.evidence:
            yield from map(str.encode, rows.lines(graph))
