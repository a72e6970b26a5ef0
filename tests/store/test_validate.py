"""Validation in the store finds what local validation finds: on real data, on faulty data, in the W3C suite."""

from __future__ import annotations

import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

# The rules and shapes of local validation, with which everything here is compared.
pytest.importorskip("kg.check.shacl.engine", reason="local validation is not a package yet")

from faults import faulty
from kg.check.shacl import Result, Shapes, validate as validate_locally
from kg.dataset import Dataset
from kg.errors import StoreError
from kg.pipeline import Job, check as check_locally, read
from kg.report import Finding
from kg.rule.choice import Choice
from kg.store import auth
from kg.store.session import Server, connect
from kg.store.validation import Place, check, validate
from kg.store.validation.place import Part
from kg.terms import iri, literal
from kg.vocab import RDF, SH, SKOS

PROFILES = ("skos", "glossary", "publication")


@pytest.fixture
def opened(store) -> Iterator[Server]:
    """Give a connection to each store."""
    who = auth.found(store.url, None, store.environ)
    with connect(store.url, store.dialect, lambda: who, 60) as server:
        yield server


@pytest.fixture
def put(opened: Server, request) -> Callable[..., Place]:
    """Give what puts a Dataset into a graph of the store."""
    graph = f"urn:validate:{abs(hash(request.node.name))}"

    def load(data: Dataset) -> Place:
        opened.update(f"CLEAR SILENT GRAPH <{graph}>" if opened.dialect.name == "oxigraph" else f"CLEAR GRAPH <{graph}>", "clear")
        lines = [f"{s} {p} {o} .\n".encode() for s, p, o, _ in data.match()]
        for start in range(0, len(lines), 20_000):
            opened.add(graph, lines[start : start + 20_000], "load")
        return Place(opened, (graph,))

    return load


def seen(finding: Finding) -> tuple[str | None, ...]:
    """Return a finding without its places, which a store does not know; blank nodes have no name."""
    terms = [term and ("_:" if term[:2] == "_:" else term) for term in (finding.focus, finding.path, finding.value)]
    return (finding.code, finding.severity.value, finding.message, *terms, finding.component, finding.shape)


def both(data: Dataset, place: Place) -> tuple[Counter, Counter]:
    choice = Choice(PROFILES, ignore=("quality",))
    ours = Counter(seen(found) for found in check(place, choice.checked()))
    theirs = Counter(seen(found) for found in check_locally(data, choice))
    return ours, theirs


def equal(data: Dataset, place: Place) -> None:
    ours, theirs = both(data, place)
    assert sorted(map(str, (ours - theirs))) == sorted(map(str, (theirs - ours)))
    assert ours
