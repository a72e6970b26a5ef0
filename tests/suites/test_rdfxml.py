"""The W3C suite of RDF 1.1 XML Syntax: every test through the reader, every graph through the writer and back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph
import pytest

from kg.dataset import Dataset
from kg.errors import SourceError
from kg.formats import WriteOptions, for_name
from kg.interop import Quad
from kg.limits import Limits
from kg.read.rdfxml import parse
from kg.read.xml_guard import guard
from kg.syntax.xml import locate
from kg.terms import Term, iri_text
from kg.vocab import Namespace

FOLDER = Path(os.environ.get("KG_SHARED") or Path(__file__).parents[3] / "shared") / (
    "data/conf-rdf-tests/rdf/rdf11/rdf-xml"
)
BASE = "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-xml/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
TEST = Namespace("http://www.w3.org/ns/rdftest#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")


def manifest() -> Dataset:
    path = FOLDER / "manifest.ttl"
    made = Dataset()
    if path.is_file():
        made.add_stream(
            pyoxigraph.parse(path.read_bytes(), pyoxigraph.RdfFormat.TURTLE, base_iri=f"{BASE}manifest.ttl")
        )
    return made


MANIFEST = manifest()


def entries() -> list[Term]:
    """Return the tests in the order of the manifest."""
    found = []
    cell = next((row.object for row in MANIFEST.match(None, MF.entries)), RDF.nil)
    while cell != RDF.nil:
        found += MANIFEST.objects(cell, RDF.first)
        cell = MANIFEST.objects(cell, RDF.rest)[0]
    return found


TESTS = entries()


def name(test: Term) -> str:
    return iri_text(test).partition("#")[2]


def file(test: Term, which: Term) -> tuple[str, bytes]:
    address = iri_text(MANIFEST.objects(test, which)[0])
    return address, (FOLDER / address.removeprefix(BASE)).read_bytes()


def read(data: bytes, base: str) -> Dataset:
    limits = Limits()
    return filled(quad for batch in parse(guard(data, "x.rdf", limits), "x.rdf", limits, base) for quad in batch)


def filled(quads: Iterable[Quad]) -> Dataset:
    made = Dataset()
    for quad in quads:
        made.add(*quad)
    return made


def expected(test: Term) -> Dataset:
    made = Dataset()
    made.add_stream(pyoxigraph.parse(file(test, MF.result)[1], pyoxigraph.RdfFormat.N_TRIPLES))
    return made


def evaluation(test: Term) -> bool:
    address, data = file(test, MF.action)
    return read(data, address) == expected(test)


def refusal(test: Term) -> bool:
    address, data = file(test, MF.action)
    with pytest.raises(SourceError) as refused:
        read(data, address)
    return refused.value.line is not None


HANDLERS: dict[Term, Callable[[Term], bool]] = {TEST.TestXMLEval: evaluation, TEST.TestXMLNegativeSyntax: refusal}
EVALUATIONS = [test for test in TESTS if TEST.TestXMLEval in MANIFEST.objects(test, RDF.type)]


def test_the_suite_is_there(shared: Path) -> None:
    assert len(TESTS) == 166, shared


@pytest.mark.parametrize("test", TESTS, ids=name)
def test_the_reader_meets_the_suite(test: Term) -> None:
    (kind,) = MANIFEST.objects(test, RDF.type)
    # A type that no one handles fails here.
    assert HANDLERS[kind](test)


@pytest.mark.parametrize("test", EVALUATIONS, ids=name)
def test_the_writer_gives_the_graph_back(test: Term) -> None:
    graph = expected(test)
    data = b"".join(for_name("rdfxml").write(graph, WriteOptions()))
    assert read(data, "http://example.org/elsewhere") == graph
    again = Dataset()
    again.add_stream(pyoxigraph.parse(data, pyoxigraph.RdfFormat.RDF_XML))
    assert again == graph


@pytest.mark.parametrize("test", EVALUATIONS, ids=name)
def test_every_statement_has_its_place(test: Term) -> None:
    address, data = file(test, MF.action)
    quads = [quad for batch in parse(guard(data, "x", Limits()), "x", Limits(), address) for quad in batch]
    places = locate(data, quads, address)
    assert places.keys() == set(quads)
    text = data.decode("utf-8-sig")
    assert all(text[place.start] == "<" or "=" in text[place.start : place.end] for place in places.values())
