"""Places of statements in RDF/XML, and XML literals in their canonical form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kg.interop import Quad
from kg.syntax.rdfxml import triples
from kg.syntax.xml import locate
from kg.terms import lexical
from kg.text import Source

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DOCUMENT = f"""\ufeff<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY ex "http://e/é">]>
<rdf:RDF xmlns:rdf='{RDF}' xmlns:e="http://e/" xml:base="http://b/">
  <e:C rdf:about="&ex;a" e:note="grün &gt; blau" rdf:type="http://e/D">
    <e:p xml:lang="EN-gb">a 基 <!-- > --> b</e:p>
    <e:q rdf:resource="#x"/>
    <e:r><e:D rdf:ID="y"><e:p/></e:D></e:r>
    <e:list rdf:parseType="Collection"><e:E rdf:about="http://e/1"/></e:list>
    <e:s rdf:parseType="Resource" rdf:ID="st"><e:p>in</e:p></e:s>
    <e:xml rdf:parseType="Literal"><b e:z='1'>x</b></e:xml>
  </e:C>
</rdf:RDF>
"""
A = "<http://e/éa>"


def quads(text: str) -> list[Quad]:
    return [(*triple, "") for batch in triples([text.encode()]) for triple in batch]


def shown(quad: Quad) -> str:
    span = locate(DOCUMENT.encode(), [quad])[quad]
    return DOCUMENT[1:][span.start : span.end]


@pytest.mark.parametrize(
    ("triple", "text"),
    [
        ((A, f"<{RDF}type>", "<http://e/C>"), "<e:C"),
        ((A, f"<{RDF}type>", "<http://e/D>"), 'rdf:type="http://e/D"'),
        ((A, "<http://e/note>", '"grün > blau"'), 'e:note="grün &gt; blau"'),
        ((A, "<http://e/p>", '"a 基  b"@en-GB'), '<e:p xml:lang="EN-gb">a 基 <!-- > --> b</e:p>'),
        ((A, "<http://e/q>", "<http://b/#x>"), '<e:q rdf:resource="#x"/>'),
        ((A, "<http://e/r>", "<http://b/#y>"), "<e:r>"),
        (("<http://b/#y>", "<http://e/p>", '""'), "<e:p/>"),
        (("_:other", f"<{RDF}first>", "<http://e/1>"), '<e:E rdf:about="http://e/1"/>'),
        (("<http://b/#st>", f"<{RDF}predicate>", "<http://e/s>"), '<e:s rdf:parseType="Resource" rdf:ID="st">'),
        (("_:other", "<http://e/p>", '"in"'), "<e:p>in</e:p>"),
        ((A, "<http://e/xml>", f'"<b xmlns:e=\\"http://e/\\" e:z=\\"1\\">x</b>"^^<{RDF}XMLLiteral>'),
         "<e:xml rdf:parseType=\"Literal\"><b e:z='1'>x</b></e:xml>"),
    ],
)  # fmt: skip
def test_a_statement_is_found_where_it_stands(triple: tuple[str, str, str], text: str) -> None:
    assert shown((*triple, "")) == text


def test_every_statement_is_found_in_one_pass() -> None:
    wanted = quads(DOCUMENT)
    assert locate(DOCUMENT.encode(), wanted).keys() == set(wanted)


def test_a_place_is_a_line_and_a_column() -> None:
    quad = (A, "<http://e/q>", "<http://b/#x>", "")
    place = Source("x.rdf", DOCUMENT[1:]).locate(locate(DOCUMENT.encode(), [quad])[quad])
    assert (place.line, place.column, place.end_line, place.end_column) == (6, 5, 6, 29)


def test_what_is_not_there_has_no_place() -> None:
    assert locate(DOCUMENT.encode(), [(A, "<http://e/q>", "<http://b/#z>", "")]) == {}


def test_the_first_of_two_places_counts_and_what_follows_an_error_has_none() -> None:
    text = f'<a:C xmlns:a="http://e/" xmlns:r="{RDF}" r:about="urn:c"><a:p>1</a:p><a:p>1</a:p></a:X><a:p>2</a:p>'
    first, second = (("<urn:c>", "<http://e/p>", f'"{value}"', "") for value in "12")
    assert locate(text.encode(), [first, second]) == {
        first: (text.index("<a:p>"), text.index("<a:p>1</a:p><a:p>") + 12)
    }


def test_unlabelled_nodes_are_found_in_the_order_of_the_document() -> None:
    inner = "".join(f"<a:p r:parseType='Resource'><a:q>{value}</a:q></a:p>" for value in "xyx")
    text = f'<a:C xmlns:a="http://e/" xmlns:r="{RDF}" r:about="urn:c">{inner}</a:C>'
    wanted = [("_:m", "<http://e/q>", '"x"', ""), ("_:n", "<http://e/q>", '"x"', "")]
    places = locate(text.encode(), wanted)
    assert [text[places[quad].start :].count("<a:q>") for quad in wanted] == [3, 1]


# -- XML literals ----------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "p:a", "q:b", "p:ü"])
TEXTS = st.text("ab<>&\"'\r\n\t é基\U0001f600", max_size=6)


def escaped(text: str) -> str:
    return "".join(f"&#{ord(sign)};" if sign in "<>&\"'\r\n\t" else sign for sign in text)


ATTRIBUTES = st.dictionaries(st.sampled_from(["x", "y", "p:x", "q:y"]), TEXTS, max_size=3).map(
    lambda found: "".join(f" {key}='{escaped(value)}'" for key, value in found.items())
)
SCOPES = st.sampled_from(["", ' xmlns="http://d/"', ' xmlns=""', ' xmlns:p="http://p2/"', ' xmlns:q="http://p1/"'])
LEAVES = st.one_of(TEXTS.map(escaped), st.just("<!-- c -->"), st.just("<?p i?>"), st.just("<![CDATA[<x>&]]>"))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda name, attributes, scope, content: f"<{name}{scope}{attributes}>{''.join(content)}</{name}>",
        NAMES, ATTRIBUTES, SCOPES, st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)  # fmt: skip
HEAD = f'<e:C xmlns:e="http://e/" xmlns:rdf="{RDF}" xmlns:p="http://p1/" xmlns:q="http://q1/">'


@given(name=NAMES, attributes=ATTRIBUTES, scope=SCOPES, content=st.lists(TREES, max_size=3))
def test_an_xml_literal_is_the_canonical_xml_of_libxml2(
    name: str, attributes: str, scope: str, content: list[str]
) -> None:
    fragment = f"<{name}{scope}{attributes}>{''.join(content)}</{name}>"
    document = f'{HEAD}<e:p rdf:parseType="Literal">{fragment}</e:p></e:C>'
    literal = next(found for _, _, found, _ in quads(document) if found.endswith("XMLLiteral>"))
    element = etree.fromstring(document)[0][0]
    canonical = etree.tostring(element, method="c14n", exclusive=True, with_comments=True, with_tail=False)
    assert lexical(literal) == canonical.decode()
