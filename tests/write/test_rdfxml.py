"""RDF/XML as it is written: pleasant to read, and clear about what it cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kg
from kg.dataset import Dataset
from kg.errors import KgError, Unwritable
from kg.formats import WriteOptions, for_name
from kg.limits import Limits
from kg.read.rdfxml import parse
from kg.read.xml_guard import guard
from kg.statement import Statement
from kg.terms import Term, iri, literal
from kg.vocab import RDF, SKOS
from kg.write.xml_names import Names

S = iri("http://example.org/s")
P = iri("http://example.org/p")


def written(*rows: tuple[str, ...]) -> str:
    dataset = Dataset(Statement(*map(Term, row)) for row in rows)
    return b"".join(for_name("rdfxml").write(dataset, WriteOptions())).decode()


def read(text: str) -> Dataset:
    made = Dataset()
    for batch in parse(guard(text.encode(), "x.rdf", Limits()), "x.rdf", Limits()):
        for quad in batch:
            made.add(*quad)
    return made


def test_a_concept_is_a_typed_node_with_a_line_a_value() -> None:
    rows = [
        (S, RDF.type, iri("http://example.org/A")),
        (S, RDF.type, SKOS.Concept),
        (S, SKOS.prefLabel, literal("a < b & c", "en-gb")),
        (S, SKOS.broader, iri("http://example.org/?x=1&y=2")),
        (S, SKOS.notation, literal("1", datatype="http://example.org/n")),
        ("_:b", P, S),
    ]
    assert written(*rows) == (
        """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF
    xmlns:ns1="http://example.org/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:skos="http://www.w3.org/2004/02/skos/core#">

  <skos:Concept rdf:about="http://example.org/s">
    <rdf:type rdf:resource="http://example.org/A"/>
    <skos:prefLabel xml:lang="en-GB">a &lt; b &amp; c</skos:prefLabel>
    <skos:notation rdf:datatype="http://example.org/n">1</skos:notation>
    <skos:broader rdf:resource="http://example.org/?x=1&amp;y=2"/>
  </skos:Concept>

  <rdf:Description rdf:nodeID="c14n0">
    <ns1:p rdf:resource="http://example.org/s"/>
  </rdf:Description>

</rdf:RDF>
"""
    )


def test_nothing_at_all_is_a_document_too() -> None:
    assert read(written()) == Dataset()


def test_a_node_that_is_only_a_type_is_an_empty_element() -> None:
    assert '  <skos:Concept rdf:about="http://example.org/s"/>\n' in written((S, RDF.type, SKOS.Concept))


def test_only_the_namespaces_of_names_are_declared() -> None:
    rows = [(S, RDF.type, SKOS.Concept), (S, RDF.type, iri("http://other.example/C")), (S, SKOS.related, P)]
    assert written(*rows).count("xmlns:") == 2


def test_a_prefix_that_is_taken_is_not_made_again() -> None:
    names = Names(
        {"ns1": "http://taken.example/", "xmlx": "http://e.org/", "1a": "http://f.org/", "rdf": "http://g.org/"}
    )
    assert names.qualified("http://e.org/a") == "ns2:a"
    assert names.qualified("http://f.org/a") == "ns3:a"
    assert names.qualified("http://g.org/a") == "ns4:a"
    assert names.qualified("http://taken.example/a") == "ns1:a"


def test_a_type_that_is_no_name_stays_a_property() -> None:
    for kind in ("http://example.org/1", RDF.base + "Description", RDF.base + "li"):
        shown = written((S, RDF.type, iri(kind)))
        assert "<rdf:Description " in shown and f'<rdf:type rdf:resource="{kind}"/>' in shown
        assert read(shown).objects(S, RDF.type) == [iri(kind)]


def test_characters_that_parsers_change_are_references() -> None:
    text = " \ta\r\nb\x85\u2028 "
    shown = written((S, P, literal(text)))
    assert "> \ta&#13;\nb&#133;&#8232; </ns1:p>" in shown
    assert read(shown).objects(S, P) == [literal(text)]


def test_an_xml_literal_is_a_literal_with_a_datatype() -> None:
    term = literal("<b>&amp;</b>", datatype=RDF.base + "XMLLiteral")
    shown = written((S, P, term))
    assert 'rdf:datatype="http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"' in shown and "parseType" not in shown
    assert read(shown).objects(S, P) == [term]


@pytest.mark.parametrize(
    ("predicate", "name"),
    [
        ("http://example.org/a.b-c", "ns1:a.b-c"),
        ("http://example.org/2a", "ns1:a"),
        ("http://example.org/x%20y", "ns1:y"),
        ("urn:x:é", "ns1:é"),
        (SKOS.base + "note", "skos:note"),
        (SKOS.base + "-note", "ns1:note"),
        ("http://www.w3.org/2000/xmlns/foo", "ns1:oo"),
        (RDF.base + "_1", "rdf:_1"),
    ],
)
def test_a_predicate_is_split_at_an_xml_name(predicate: str, name: str) -> None:
    shown = written((S, iri(predicate), literal("x")))
    assert f"    <{name}>x</{name}>\n" in shown
    assert read(shown).objects(S, iri(predicate)) == [literal("x")]


@pytest.mark.parametrize(
    "predicate",
    ["http://example.org/1", "http://example.org/", "http://example.org/a(x)", "http://example.org/a#",
     *(RDF.base + name for name in ("Description", "ID", "about", "li", "RDF", "bagID", "nodeID", "datatype"))],
)  # fmt: skip
def test_a_predicate_that_is_no_element_is_refused_by_name(predicate: str) -> None:
    with pytest.raises(Unwritable, match="RDF/XML cannot hold <http") as refused:
        written((S, P, literal("x")), (S, iri(predicate), literal("x")))
    assert (refused.value.term, refused.value.terms, refused.value.exit_code) == (iri(predicate), 1, 3)
    assert isinstance(refused.value, KgError)


@pytest.mark.parametrize("sign", ["\0", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_hold_is_refused_before_anything_is_written(sign: str) -> None:
    dataset = Dataset([Statement(S, P, literal(f"a{sign}", "en")), Statement(S, P, literal("b"))])
    stream: Iterator[bytes] = for_name("rdfxml").write(dataset, WriteOptions())
    with pytest.raises(Unwritable, match=rf"U\+{ord(sign):04X}"):
        next(stream)


@pytest.mark.parametrize("term", ["<<( <urn:s> <urn:p> <urn:o> )>>", '"x"@ar--rtl'])
def test_terms_of_rdf_1_2_are_refused(term: str) -> None:
    with pytest.raises(Unwritable, match=r"needs RDF 1\.2"):
        written((S, P, term))


def test_several_refusals_are_counted() -> None:
    with pytest.raises(Unwritable, match="and 1 more term"):
        written((S, iri("urn:1"), literal("x")), (S, iri("urn:2"), literal("x")))


def test_the_shipped_glossary_comes_back_with_its_evidence() -> None:
    glossary = kg.load()
    data = b"".join(for_name("rdfxml").write(glossary, WriteOptions(evidence=True)))
    assert read(data.decode()) == Dataset(row._replace(graph=Term("")) for row in glossary)
