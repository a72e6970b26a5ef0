"""RDF/XML in: the statements of a guarded document, with the line of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import SourceError
from kg.interop import Quad
from kg.limits import Limits
from kg.statement import DATA
from kg.syntax.rdfxml import TooDeep, XmlProblem, triples


def parse(data: bytes, path: str, limits: Limits, base: str | None = None) -> Iterator[list[Quad]]:
    """Yield the statements of a document that `kg.read.xml_guard` let through, in batches.

    IRIs and language tags must be what pyoxigraph takes, as in every other syntax.

    Raises `SourceError`, with the line, for what is no RDF/XML, and `LimitError` for nodes
    nested deeper than `limits.max_depth`.
    """
    try:
        # A level of nesting is a property and a node in it; the root and a literal come on top.
        for batch in triples([data], base, 2 * limits.max_depth + 2, iri_problem, tag_problem):
            yield [(subject, predicate, object_, DATA) for subject, predicate, object_ in batch]
    except XmlProblem as problem:
        raise SourceError(path, f"not RDF/XML: {problem.detail}", problem.line) from problem
    except TooDeep as problem:
        error = limits.over("max_depth", path)
        error.line = problem.line
        raise error from problem


def iri_problem(text: str) -> str | None:
    """Say what is wrong with an absolute IRI, or return None."""
    import pyoxigraph

    try:
        pyoxigraph.NamedNode(text)
    except ValueError as error:
        return str(error)
    return None


def tag_problem(tag: str) -> str | None:
    """Say what is wrong with a language tag, or return None."""
    import pyoxigraph

    try:
        pyoxigraph.Literal("", language=tag)
    except ValueError as error:
        return str(error)
    return None
