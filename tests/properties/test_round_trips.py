"""What is written is what was there: every RDF writer, read back by two independent parsers."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from strategies import ground, literals, quads, statements, texts

from kg import formats
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.statement import Statement
from kg.terms import datatype, language, lexical, literal, unescape

WRITTEN = [item.name for item in formats.written() if item.iri]
NAMED = [item.name for item in formats.written() if item.iri and item.graphs]


def written(dataset: Dataset, name: str) -> bytes:
    return b"".join(formats.for_name(name).write(dataset, WriteOptions(evidence=True)))


def by_pyoxigraph(data: bytes, name: str) -> Dataset:
    syntax = pyoxigraph.RdfFormat.from_media_type(formats.for_name(name).media_type)
    dataset = Dataset()
    dataset.add_stream(pyoxigraph.parse(data, syntax), named=True)
    return dataset


def by_rdflib(data: bytes, name: str) -> Dataset:
    graph = rdflib.Dataset()
    names = {"turtle": "turtle", "jsonld": "json-ld", "ntriples": "nt", "nquads": "nquads"}
    graph.parse(data=data.decode(), format=names[name])
    return Dataset.from_rdflib(graph)


@pytest.fixture(autouse=True, scope="module")
def _literals_as_they_are() -> object:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=200, deadline=None)
@given(rows=st.lists(statements, max_size=12))
def test_every_format_reads_back_the_same(name: str, rows: list[Statement]) -> None:
    dataset = Dataset(rows)
    assert by_pyoxigraph(written(dataset, name), name) == dataset


@pytest.mark.parametrize("name", NAMED)
@settings(max_examples=200, deadline=None)
@given(rows=st.lists(quads, max_size=12))
def test_formats_with_graphs_keep_them(name: str, rows: list[Statement]) -> None:
    dataset = Dataset(rows)
    assert by_pyoxigraph(written(dataset, name), name) == dataset


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own parsers use what it deprecates
@pytest.mark.parametrize("name", ["turtle", "jsonld"])
@settings(max_examples=100, deadline=None)
@given(value=literals)
def test_rdflib_reads_every_literal_as_it_is(name: str, value: str) -> None:
    dataset = Dataset([Statement("<http://example.org/s>", "<http://example.org/p>", value)])  # type: ignore[arg-type]
    assert by_rdflib(written(dataset, name), name) == dataset


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(ground, max_size=12), seed=st.randoms())
def test_the_order_of_statements_changes_no_byte(rows: list[Statement], seed: object) -> None:
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    for name in WRITTEN:
        assert written(Dataset(rows), name) == written(Dataset(shuffled), name)


@given(text=texts)
def test_a_literal_gives_its_text_back(text: str) -> None:
    assert lexical(literal(text)) == lexical(literal(text, "en-GB")) == text
    assert (language(literal(text, "EN-gb")), datatype(literal(text, datatype="urn:d"))) == ("en-GB", "urn:d")
    assert literal(text) == str(pyoxigraph.Literal(text))
    assert unescape(literal(text)[1:-1]) == text
