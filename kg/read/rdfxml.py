"""RDF/XML in: the statements of a guarded document, with the line of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import SourceError
from kg.interop import Quad
from kg.limits import Limits
from kg.report import Report
from kg.statement import DATA
from kg.syntax.rdfxml import triples
from kg.syntax.xml_parser import TooDeep, XmlProblem

#: What `kg.read.xml_repair` repairs.
_REPAIRED = r"is no IRI: (?!.*--base)|is no language tag|invalid character number"


def parse(
    data: bytes,
    path: str,
    limits: Limits,
    base: str | None = None,
    report: Report | None = None,  # noqa: ARG001  # RDF/XML says everything or is refused
) -> Iterator[list[Quad]]:
    """Yield the statements of a document that `kg.read.xml_guard` let through, in batches.

    IRIs and language tags must be what pyoxigraph takes, as in every other syntax.

    Raises `SourceError`, with the line, for what is no RDF/XML, and `LimitError` for nodes
    nested deeper than `limits.max_depth`.
    """
    try:
        # A level of nesting is a property and a node in it; the root and a literal come on top.
        for batch in triples([data], base, 2 * limits.max_depth + 2, iri_problem, tag_problem):
            yield [(subject, predicate, object_, DATA) for subject, predicate, object_ in batch]
    except TooDeep as problem:
        error = limits.over("max_depth", path)
        error.line = problem.line
        raise error from problem
    except XmlProblem as problem:
        # expat does not say which entity it does not know.
        name = re.compile(rb"&[^;\s<&]{1,80};|&").match(data, problem.offset)
        named = f" {name[0].decode(errors='replace')}" if name else ""
        hint = "; --lenient repairs it" if name or re.search(_REPAIRED, problem.detail) else ""
        raise SourceError(path, f"not RDF/XML: {problem.detail}{named}{hint}", problem.line) from problem


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
