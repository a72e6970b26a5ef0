"""RDF/XML is exact or refused: read back by four parsers, refused exactly where XML cannot hold a term."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent.parent))
from strategies import iris, literals, statements, tags, texts

from kg.dataset import Dataset
from kg.errors import SourceError, Unwritable
from kg.formats import WriteOptions, for_name
from kg.limits import Limits
from kg.read.rdfxml import parse
from kg.read.xml_guard import guard
from kg.statement import Statement
from kg.terms import Term, datatype, iri_text, is_literal, lexical, literal

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
KEPT = {RDF + name for name in ("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype",
                                "li", "aboutEach", "aboutEachPrefix", "bagID")}  # fmt: skip
RESERVED = {"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"}


def is_char(sign: str) -> bool:
    """XML 1.0, production 2."""
    code = ord(sign)
    return sign in "\t\n\r" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def is_ncname(name: str) -> bool:
    """Ask an XML parser whether it takes a name, rather than our own expression."""
    if not name or set(name) & set(" \t\r\n<>/='\"&:"):
        return False
    try:
        expat.ParserCreate().ParseFile(io.BytesIO(f"<{name}/>".encode()))
    except expat.ExpatError:
        return False
    return True


def splits(iri: str) -> bool:
    return any(is_ncname(iri[at:]) and iri[:at] not in RESERVED for at in range(1, len(iri)))


def held(row: Statement) -> bool:
    texts_of = [lexical(row.object), datatype(row.object)] if is_literal(row.object) else []
    return (
        splits(iri_text(row.predicate)) and iri_text(row.predicate) not in KEPT and all(map(is_char, "".join(texts_of)))
    )


def written(dataset: Dataset) -> bytes:
    return b"".join(for_name("rdfxml").write(dataset, WriteOptions()))


def by_us(data: bytes) -> Dataset:
    made = Dataset()
    for batch in parse(guard(data, "x.rdf", Limits()), "x.rdf", Limits()):
        for quad in batch:
            made.add(*quad)
    return made


def by_pyoxigraph(data: bytes) -> Dataset:
    made = Dataset()
    made.add_stream(pyoxigraph.parse(data, pyoxigraph.RdfFormat.RDF_XML))
    return made


def by_rdflib(data: bytes) -> Dataset:
    graph = rdflib.Graph()
    graph.parse(data=data, format="xml")
    return Dataset.from_rdflib(graph)


def by_lxml(data: bytes) -> Dataset:
    """Read what our writer writes, and no other RDF/XML, from the tree that libxml2 makes of it."""
    made = Dataset()
    rdf, lang = f"{{{RDF}}}", "{http://www.w3.org/XML/1998/namespace}lang"

    def node(element: Any, attribute: str) -> str:
        name = element.get(rdf + attribute)
        return f"_:{element.get(f'{rdf}nodeID')}" if name is None else f"<{name}>"

    # RDF has IRIs for namespaces where Namespaces in XML 1.0 has URIs; libxml2 says so and goes on when told to.
    parser = etree.XMLParser(recover=True)
    root = etree.fromstring(data, parser)
    assert {entry.type_name for entry in parser.error_log} <= {"WAR_NS_URI"}
    for element in root:
        subject = node(element, "about")
        if element.tag != f"{rdf}Description":
            made.add(subject, f"<{RDF}type>", f"<{element.tag[1:].replace('}', '')}>")
        for child in element:
            predicate = f"<{child.tag[1:].replace('}', '')}>"
            if f"{rdf}resource" in child.attrib or f"{rdf}nodeID" in child.attrib:
                made.add(subject, predicate, node(child, "resource"))
            else:
                made.add(subject, predicate, literal(child.text or "", child.get(lang), child.get(f"{rdf}datatype")))
    return made


READERS = {"lxml": by_lxml, "ours": by_us, "pyoxigraph": by_pyoxigraph, "rdflib": by_rdflib}


@pytest.fixture(autouse=True, scope="module")
def _literals_as_they_are() -> object:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@settings(max_examples=400, deadline=None)
@given(rows=st.lists(statements, max_size=8))
def test_what_xml_holds_reads_back_the_same_and_the_rest_is_refused_by_name(rows: list[Statement]) -> None:
    bad = {row for row in rows if not held(row)}
    if bad:
        with pytest.raises(Unwritable) as refused:
            list(for_name("rdfxml").write(Dataset(rows), WriteOptions()))
        assert refused.value.term in {term for row in bad for term in row}
    good = Dataset(row for row in rows if row not in bad)
    data = written(good)
    for name, read in READERS.items():
        assert read(data) == good, name


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@settings(max_examples=300, deadline=None)
@given(value=literals)
def test_every_literal_is_read_as_it_is_by_everybody(value: Term) -> None:
    row = Statement(Term("<http://example.org/s>"), Term("<http://example.org/p>"), value)
    if held(row):
        data = written(Dataset([row]))
        for name, read in READERS.items():
            assert read(data) == Dataset([row]), name


@settings(max_examples=300, deadline=None)
@given(predicate=iris)
def test_a_predicate_is_written_exactly_where_it_ends_in_an_xml_name(predicate: Term) -> None:
    row = Statement(Term("<http://example.org/s>"), predicate, literal("x"))
    if held(row):
        assert by_us(written(Dataset([row]))) == Dataset([row])
        return
    with pytest.raises(Unwritable) as refused:
        written(Dataset([row]))
    assert refused.value.term == predicate


@given(text=texts, tag=tags)
def test_the_reader_never_fails_otherwise_than_by_a_source_error(text: str, tag: str) -> None:
    data = f'<e:C xmlns:e="http://e/" xmlns:rdf="{RDF}"><e:p xml:lang="{tag}">{text}</e:p></e:C>'.encode()
    try:
        by_us(data)
    except SourceError as refused:
        line = refused.line
    else:
        line = 1
    assert line is not None
