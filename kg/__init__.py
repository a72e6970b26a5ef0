"""A glossary in, linked data that every consumer accepts out.

>>> import kg
>>> d = kg.load()                       # the shipped glossary; or a page, a directory, RDF
>>> kg.validate(d).conforms()
True
>>> kg.export(d, "turtle").splitlines()[0]
'@prefix adms: <http://www.w3.org/ns/adms#> .'
>>> d.query("ASK { ?c <http://www.w3.org/2004/02/skos/core#prefLabel> 'foundation model'@en }").truth
True

What is public and stable is in `docs/api.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.api import expand, export, load, page, report_as, validate
    from kg.concept import Collection, Concept, Scheme, concepts, find
    from kg.dataset import Dataset, Graph
    from kg.errors import KgError, LimitError, QueryError, SourceError, TargetError, UnknownName, UsageError
    from kg.formats import Format
    from kg.limits import Limits
    from kg.query import Result
    from kg.report import Finding, Location, Report, Severity
    from kg.rule.choice import Choice
    from kg.statement import Origin, Statement

#: Every public name and the module it comes from; a module is imported when a name of it is first used.
_PUBLIC = {
    "expand": "api",
    "export": "api",
    "load": "api",
    "page": "api",
    "report_as": "api",
    "validate": "api",
    "Choice": "rule.choice",
    "Collection": "concept",
    "Concept": "concept",
    "Scheme": "concept",
    "find": "concept",
    "concepts": "concept",
    "Dataset": "dataset",
    "Graph": "dataset",
    "Origin": "statement",
    "Statement": "statement",
    "KgError": "errors",
    "LimitError": "errors",
    "QueryError": "errors",
    "SourceError": "errors",
    "TargetError": "errors",
    "UnknownName": "errors",
    "UsageError": "errors",
    "Format": "formats",
    "Limits": "limits",
    "Finding": "report",
    "Location": "report",
    "Report": "report",
    "Result": "query",
    "Severity": "report",
}

__all__ = [
    "Choice",
    "Collection",
    "Concept",
    "Dataset",
    "Finding",
    "Format",
    "Graph",
    "KgError",
    "LimitError",
    "Limits",
    "Location",
    "Origin",
    "QueryError",
    "Report",
    "Result",
    "Scheme",
    "Severity",
    "SourceError",
    "Statement",
    "TargetError",
    "UnknownName",
    "UsageError",
    "concepts",
    "expand",
    "export",
    "find",
    "load",
    "page",
    "report_as",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("kgexport")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"kg.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
