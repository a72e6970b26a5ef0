"""Laws of single writers and of terms; whole datasets through every pair of formats are in `test_pairs`."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from round_trip import OPTIONS, by_rdflib, declared, rdf_formats
from strategies import ground, literals, texts

from kg import formats
from kg.dataset import Dataset
from kg.statement import Statement
from kg.terms import Term, datatype, language, lexical, literal, unescape


def written(dataset: Dataset, item: formats.Format) -> bytes:
    return b"".join(item.write(dataset, OPTIONS))


@pytest.mark.parametrize("name", ["turtle", "jsonld"])
@settings(max_examples=100, deadline=None)
@given(value=literals)
def test_rdflib_reads_every_literal_as_it_is(name: str, value: Term) -> None:
    dataset = Dataset([Statement(Term("<http://example.org/s>"), Term("<http://example.org/p>"), value)])
    assert by_rdflib(written(dataset, formats.for_name(name)), name) == dataset


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(ground, max_size=12), seed=st.randoms())
def test_the_order_of_statements_changes_no_byte(rows: list[Statement], seed: object) -> None:
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    for item in rdf_formats():
        wrong = declared(Dataset(rows), item)
        one, other = (Dataset(row for row in order if wrong.isdisjoint(row)) for order in (rows, shuffled))
        assert written(one, item) == written(other, item)


@given(text=texts)
def test_a_literal_gives_its_text_back(text: str) -> None:
    assert lexical(literal(text)) == lexical(literal(text, "en-GB")) == text
    assert (language(literal(text, "EN-gb")), datatype(literal(text, datatype="urn:d"))) == ("en-GB", "urn:d")
    assert literal(text) == str(pyoxigraph.Literal(text))
    assert unescape(literal(text)[1:-1]) == text
