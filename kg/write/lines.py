"""N-Triples and N-Quads, in canonical order: a line a statement (W3C RDF 1.1 N-Triples, N-Quads)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.statement import DATA
from kg.vocab import EVIDENCE

_LINES = 4096


def write_ntriples(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as N-Triples, and the evidence behind it where it is asked for."""
    for graph in (DATA, EVIDENCE) if options.evidence else (DATA,):
        lines = (statement._replace(graph=DATA).nquad for statement in dataset.canonical(graph))
        yield from _pieces(lines)


def write_nquads(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write every graph as N-Quads; the evidence only where it is asked for."""
    for graph in dataset.graphs():
        if graph != EVIDENCE or options.evidence:
            yield from _pieces(statement.nquad for statement in dataset.canonical(graph))


def _pieces(lines: Iterator[str]) -> Iterator[bytes]:
    while batch := list(islice(lines, _LINES)):
        yield "".join(f"{line}\n" for line in batch).encode()
