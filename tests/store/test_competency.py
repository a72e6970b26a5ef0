"""The stored questions, asked of real stores that hold the shipped glossary: the same answers as from files."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

import kg
from kg import terms
from kg.profile import FULL, apply
from kg.query import plain
from kg.question import Question
from kg.statement import DATA
from kg.store import auth
from kg.store.protocol import Client
from kg.store.select import select
from kg.vocab import EVIDENCE, queries

EXPECTED = json.loads((Path(__file__).parents[1] / "competency" / "expected.json").read_text())
GRAPH = "https://e.org/questions/1"


@pytest.fixture(scope="module")
def loaded():
    return set()


@pytest.fixture
def endpoint(store, loaded):
    """Give the endpoint of a store with the glossary in one graph and its evidence in another."""
    virtuoso = store.dialect == "virtuoso"
    if store.url not in loaded:
        full = apply(kg.load(), FULL)
        base = store.url.replace("/sparql", "/sparql-graph-crud-auth") if virtuoso else f"{store.url}/store"
        with Client(base, auth.found(base, environ=store.environ)) as client:
            for name, graph in ((GRAPH, DATA), (terms.iri_text(EVIDENCE), EVIDENCE)):
                lines = (f"{found.subject} {found.predicate} {found.object} .\n" for found in full.graph(graph))
                url = f"{base}?graph={quote(name, safe='')}"
                client.request("PUT", url, {"Content-Type": "text/turtle"}, "".join(lines).encode())
        loaded.add(store.url)
    return store.url if virtuoso else f"{store.url}/query"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_store_answers_as_the_files_do(name, endpoint) -> None:
    text = (Path(queries()) / f"{name}.rq").read_text()
    with Client(endpoint) as client:
        named = [terms.iri_text(EVIDENCE)]
        answer = select(client, endpoint, Question.of(text), graphs=[GRAPH], named=named)
        rows = [[plain(term) if term else "" for term in row] for row in answer]
    wanted = EXPECTED[name]
    assert list(answer.columns) == wanted["columns"]
    assert rows == wanted["rows"] if wanted["ordered"] else sorted(rows) == sorted(wanted["rows"])
