"""The engine pySHACL: slow, widely used, the reference that the other is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from kg import terms
from kg.check.shacl.engine import Result
from kg.check.shacl.feed import Feed
from kg.check.shacl.shapes import Shapes
from kg.check.shacl.typing import LET_PASS, ill_typed
from kg.dataset import Dataset
from kg.errors import SourceError
from kg.interop import to_rdflib
from kg.statement import Statement
from kg.vocab import RDF, SH, XSD

#: What stands for a value that is of its type and that Python has none for.
_BEYOND = {"date": date.max, "dateTime": datetime.max, "time": time.max}  # noqa: DTZ901 - such is one without a zone
_TRUE = f'"true"^^{XSD.boolean}'


def run(feed: Feed, shapes: Shapes) -> list[Result]:
    """Validate and return the results.

    Raises `SourceError` for shapes that the engine refuses.
    """
    with _silence():
        return _run(feed, shapes)


def _run(feed: Feed, shapes: Shapes) -> list[Result]:
    import pyshacl

    data = to_rdflib(feed.statements()).default_graph
    graph = to_rdflib(row for row in shapes.run() if not _misread(row)).default_graph
    _settle(data)
    try:
        # Nothing is inferred, so the data need no copy of their own.
        _, report, words = pyshacl.validate(data, shacl_graph=graph, inplace=True, inference="none")
    except (RecursionError, MemoryError):
        raise
    except Exception as error:  # of many names: the engine's own, rdflib's, and those of what neither foresaw
        raise _refusal(error, shapes.name) from error
    if not hasattr(report, "subjects"):
        raise _refusal(words, shapes.name)
    found = Dataset.from_rdflib(report)
    known = {row.subject for row in shapes.run() if row.predicate == RDF.type} | _reports(feed)
    # What a result names may bring its own statements along, reports among them.
    [made] = [node for node in found.subjects(SH.conforms) if node not in known]
    return [_result(found, node, shapes) for node in found.objects(made, SH.result)]


def _settle(graph: Any) -> None:
    """Have each literal say of itself whether it is of its type, as `typing` has it."""
    for node in set(graph.objects()):
        datatype = getattr(node, "datatype", None)
        if datatype is None:
            continue
        if ill_typed(str(node), str(datatype)):
            node._value, node._ill_typed = None, True  # noqa: SLF001 - rdflib has no other way to say so
        elif str(datatype) in LET_PASS:
            node._ill_typed = False  # noqa: SLF001 - the same
        elif node.value is None and (known := _BEYOND.get(str(datatype).removeprefix(XSD.base))):
            # The end of a day, and years that Python does not know.
            node._value, node._ill_typed = known, False  # noqa: SLF001 - the same


def _refusal(reason: object, name: str) -> SourceError:
    words = " ".join(str(reason).split()) or type(reason).__name__
    return SourceError(name, f"pySHACL refuses the shapes, or what they ask of these data: {words[:300]}")


@contextmanager
def _silence() -> Iterator[None]:
    """Keep rdflib from telling of each literal that is not of its type, traceback included: shapes look for those."""
    import logging
    import warnings

    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


def _misread(row: Statement) -> bool:
    """Tell whether pySHACL takes for true what is another literal: the suite's test uniqueLang-002."""
    return row.predicate == SH.uniqueLang and row.object != _TRUE


def _reports(feed: Feed) -> set[str]:
    return {row[0] for row in feed.statements() if row[1] == SH.conforms}


def _result(report: Dataset, node: str, shapes: Shapes) -> Result:
    def said(predicate: str) -> str:
        return report.value(node, predicate) or ""

    shape, path, value = said(SH.sourceShape), said(SH.resultPath) or None, report.value(node, SH.value)
    if path and path[0] == "_":
        path = shapes.path(shape)
    return Result(
        shape,
        terms.recase(said(SH.focusNode)),
        path,
        None if value is None else terms.recase(value),
        terms.iri_text(said(SH.sourceConstraintComponent)).removeprefix(SH.base),
        said(SH.resultSeverity),
        tuple(terms.lexical(message) for message in report.objects(node, SH.resultMessage)),
    )
