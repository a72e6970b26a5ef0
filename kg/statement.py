"""One statement, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kg.terms import Term

#: The name of the graph that holds the data (the default graph of every syntax).
DATA = Term("")


def nquad(quad: Iterable[str]) -> str:
    """Return a quad of terms as a line of N-Quads, without the line end.

    >>> nquad(("<urn:s>", "<urn:p>", '"x"', ""))
    '<urn:s> <urn:p> "x" .'
    """
    subject, predicate, object_, graph = quad
    return f"{subject} {predicate} {object_} {graph} ." if graph else f"{subject} {predicate} {object_} ."


class Origin(NamedTuple):
    """Where a statement comes from: a path and, where the reader knows it, a character range."""

    path: str
    start: int = 0
    end: int = 0


class Statement(NamedTuple):
    """One statement; `graph` is `DATA` or the name of a graph."""

    subject: Term
    predicate: Term
    object: Term
    graph: Term = DATA

    @property
    def nquad(self) -> str:
        """Return the statement as a line of canonical N-Quads, without the line end."""
        return nquad(self)
