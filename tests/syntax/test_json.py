"""Statements of JSON-LD are found where they stand, whatever stands for them."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from strategies import ground, texts

import kg
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.read.json_guard import guard
from kg.statement import Statement
from kg.syntax.json import JsonProblem, read
from kg.syntax.jsonld import locate
from kg.terms import iri, literal
from kg.vocab import RDF
from kg.write.jsonld import FORMS, write

EX = "http://e.org/"
TEXT = """{
  "@context": {
    "ex": "http://e.org/", "id": "@id", "type": "@type",
    "label": {"@id": "ex:label", "@container": "@language"},
    "link": {"@id": "ex:link", "@type": "@id"},
    "back": {"@reverse": "ex:link"},
    "age": {"@id": "ex:age", "@type": "http://www.w3.org/2001/XMLSchema#byte"}
  },
  "@graph": [
    {"id": "ex:a", "type": "ex:C", "label": {"en": ["one", "two"], "de": "ein\\u0073"}, "age": "7"},
    {"link": ["ex:x", {"id": "ex:y", "ex:p": {"@value": "deep"}}], "id": "ex:b", "http://e.org/n": 1.50,
     "ex:list": {"@list": ["in a list"]}},
    {"id": "ex:g", "@graph": [{"id": "ex:c", "ex:p": true}]},
    {"id": "ex:d", "back": {"id": "ex:e"}},
    {"id": "_:mine", "ex:p": "of a blank node"}
  ]
}
"""
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "graph", "shown"),
    [
        ("a", RDF.type, iri(EX + "C"), "", '"ex:C"'),
        ("a", "label", literal("one", "en"), "", '"one"'),
        ("a", "label", literal("two", "en"), "", '"two"'),
        ("a", "label", literal("eins", "de"), "", '"ein\\u0073"'),
        ("a", "age", literal("7", datatype=XSD + "byte"), "", '"7"'),
        ("b", "link", iri(EX + "x"), "", '"ex:x"'),
        ("b", "link", iri(EX + "y"), "", '"ex:y"'),
        ("y", "p", literal("deep"), "", '"deep"'),
        ("b", "n", literal("1.5E0", datatype=XSD + "double"), "", "1.50"),
        ("c", "p", literal("true", datatype=XSD + "boolean"), iri(EX + "g"), "true"),
        ("e", "link", iri(EX + "d"), "", '"ex:e"'),
    ],
)
def test_a_statement_is_found_at_its_value(subject: str, predicate: str, value: str, graph: str, shown: str) -> None:
    name = predicate if predicate[0] == "<" else iri(EX + predicate)
    quad = (iri(EX + subject), name, value, graph)
    (span,) = locate(TEXT, [quad]).values()
    assert TEXT[span.start : span.end] == shown


def test_blank_nodes_are_found_by_the_labels_of_the_text() -> None:
    quad = ("_:mine", iri(EX + "p"), literal("of a blank node"), "")
    assert list(locate(TEXT.encode(), [quad])) == [quad]


def test_what_is_not_there_is_not_found() -> None:
    assert locate(TEXT, [(iri(EX + "a"), iri(EX + "p"), literal("x"), "")]) == {}


def test_a_byte_order_mark_counts_for_nothing() -> None:
    quad = (iri(EX + "a"), iri(EX + "p"), literal("x"), "")
    text = '{"@id": "http://e.org/a", "http://e.org/p": "x"}'
    assert locate(b"\xef\xbb\xbf" + text.encode(), [quad]) == locate(text, [quad])


def test_contexts_that_the_user_names_serve_too() -> None:
    from kg.limits import Limits

    data = b'{"@context": "http://c", "@id": "http://e.org/a", "p": {"@id": "x:y"}}'
    contexts = {"http://c": '{"@context": {"@version": 1.1, "p": {"@id": "http://e.org/p", "@context": {}}}}'}
    quad = (iri(EX + "a"), iri(EX + "p"), "<x:y>", "")
    assert list(locate(guard(data, "x", Limits(), contexts), [quad])) == [quad]


@pytest.mark.parametrize("form", FORMS)
def test_every_statement_of_the_glossary_is_found_in_every_form(form: str) -> None:
    glossary = kg.load()
    data = b"".join(write(glossary, WriteOptions(evidence=True, jsonld_form=form)))
    assert set(locate(data, map(tuple, glossary))) == set(map(tuple, glossary))


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ground, max_size=6))
def test_whatever_is_written_is_found(form: str, rows: list[Statement]) -> None:
    dataset = Dataset(rows)
    data = b"".join(write(dataset, WriteOptions(jsonld_form=form)))
    assert set(locate(data, map(tuple, dataset))) == set(map(tuple, dataset))


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=20,
)


@given(value=VALUES, indent=st.sampled_from([None, 2]), ascii_=st.booleans())
def test_json_is_read_as_the_standard_library_reads_it(value: object, indent: int | None, ascii_: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    found, places = read(text)
    assert found == json.loads(text, parse_float=Decimal)
    if isinstance(found, list):
        for number, item in enumerate(found):
            span = places[id(found)][number]
            assert read(text[span.start : span.end])[0] == item


@given(text=st.text(st.sampled_from('{}[],:"\\ \n0e.-1truefalsnu\ud800\x00é'), max_size=30))
def test_only_what_is_json_is_read(text: str) -> None:
    def refused(word: str) -> None:
        raise ValueError(word)

    try:
        json.loads(text, parse_constant=refused)
    except ValueError:
        with pytest.raises(JsonProblem) as caught:
            read(text)
        assert 0 <= caught.value.offset <= len(text)
        return
    try:
        read(text)
    except JsonProblem as problem:
        stricter = re.search("twice|surrogate|double", problem.reason)
    else:
        stricter = re.search("", "")
    assert stricter


def test_deep_nesting_needs_no_stack() -> None:
    found, _ = read("[" * 50_000 + "]" * 50_000)
    assert isinstance(found, list)
    del found


def test_places_agree_with_what_an_independent_parser_reads() -> None:
    rows = Dataset()
    rows.add_stream(pyoxigraph.parse(TEXT, pyoxigraph.RdfFormat.JSON_LD), named=True)
    named = [tuple(row) for row in rows if not any(term[:1] == "_" for term in row)]
    assert set(locate(TEXT, named)) == set(named)
