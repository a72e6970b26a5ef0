"""What the guard of XML lets through, and what it refuses by name and line, before any parser runs."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.dataset import Dataset
from kg.errors import KgError, LimitError, SourceError
from kg.limits import Limits
from kg.read.rdfxml import parse
from kg.read.xml_guard import guard
from kg.terms import Term, iri, literal

ROOT = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">{}</rdf:RDF>'
LABEL = ROOT.format('\n<rdf:Description rdf:about="http://e/s"><e:p>{}</e:p></rdf:Description>')


def read(data: str | bytes, limits: Limits | None = None, base: str | None = None) -> Dataset:
    limits = limits or Limits()
    made = Dataset()
    raw = guard(data.encode() if isinstance(data, str) else data, "x.rdf", limits)
    for batch in parse(raw, "x.rdf", limits, base):
        for quad in batch:
            made.add(*quad)
    return made


def value(data: str | bytes) -> list[Term]:
    return read(data).objects(iri("http://e/s"), iri("http://e/p"))


def refusal(data: str | bytes) -> str:
    with pytest.raises(SourceError) as refused:
        read(data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a\r\nb\rc&#13;d", "a\nb\nc\rd"),
        ("<![CDATA[a & <b>]]>&amp;", "a & <b>&"),
        ("a<!-- c -->b<?pi x?>c", "abc"),
        ("  ", "  "),
        ("\n<![CDATA[x]]> ", "\nx "),
        ("\x85\u2028", "\x85\u2028"),
    ],
)
def test_text_is_what_xml_says_it_is(content: str, text: str) -> None:
    assert value(LABEL.format(content)) == [literal(text)]


def test_an_empty_language_takes_the_language_away() -> None:
    inner = '<rdf:Description rdf:about="http://e/s" xml:lang="en"><e:p xml:lang="">x</e:p></rdf:Description>'
    assert value(ROOT.format(inner)) == [literal("x")]


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ('<!ENTITY e "x">', "x"),
        ("<!ENTITY e 'a \"b\"'>", 'a "b"'),
        ('<!ENTITY e "&#233;&#x41;">', "éA"),
        ('\n <!-- ]> --> <?p ]> ?>\n<!ELEMENT r ANY>\n<!ENTITY   e\n "1"\n>\n', "1"),
        ('<!ENTITY e "1"><!ENTITY e "2">', "1"),
    ],
)
def test_entities_of_plain_text_are_read(declared: str, text: str) -> None:
    assert value(f"<!DOCTYPE rdf:RDF [{declared}]>{LABEL.format('&e;')}") == [literal(text)]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ('<!DOCTYPE r\nSYSTEM "http://e/x.dtd">', "2: an outside document type"),
        ('<!DOCTYPE r PUBLIC "a" "http://e/x.dtd" [<!ENTITY e "x">]>', "1: an outside document type"),
        ('<!DOCTYPE r [\n\n<!ENTITY e SYSTEM "file:///etc/passwd">]>', "3: the entity e stands outside"),
        ('<!DOCTYPE r [<!ENTITY e PUBLIC "a" "b">]>', "1: the entity e stands outside"),
        ('<!DOCTYPE r [<!ENTITY % p "x"> %p;]>', "1: a parameter entity"),
        ('<!DOCTYPE r [<!ENTITY a "x">\n<!ENTITY b "&a;&a;">]>', "2: the entity b holds a reference"),
        ('<!DOCTYPE r [<!ENTITY a "&#38;b;">]>', "1: the entity a holds a reference"),
        ('<!DOCTYPE r [<!ENTITY a "&#x026;b;">]>', "1: the entity a holds a reference"),
        ("<!DOCTYPE r [<!ENTITY a 'x>]>", "1: a document type that cannot be read"),
        ("<!DOCTYPE r [", "1: a document type that cannot be read"),
    ],
)
def test_what_leads_outside_or_multiplies_is_refused_with_its_line(head: str, reason: str) -> None:
    assert refusal(head + LABEL.format("&e;")).startswith(f"x.rdf:{reason}")


def test_the_number_of_entities_is_bounded() -> None:
    declared = "".join(f'<!ENTITY e{number} "x">' for number in range(257))
    assert "more than 256 entities" in refusal(f"<!DOCTYPE r [{declared}]>{LABEL.format('')}")


@pytest.mark.parametrize("where", ["<e:p>{}</e:p>", '<e:p rdf:resource="http://e/{}"/>'])
def test_growth_is_bounded_in_text_and_in_attributes(where: str) -> None:
    def document(times: int) -> str:
        inner = where.format("&e;" * times)
        return f'<!DOCTYPE r [<!ENTITY e "{"A" * 10_000}">]>' + ROOT.format(
            f'<rdf:Description rdf:about="http://e/s">{inner}</rdf:Description>'
        )

    assert len(value(document(100))[0]) > 1_000_000
    assert "more than 4 times its size" in refusal(document(120))


def test_default_attributes_count_as_growth() -> None:
    head = f'<!DOCTYPE r [<!ATTLIST e:p e:q CDATA "{"A" * 100_000}">]>'
    assert "more than 4 times" in refusal(head + ROOT.format("<e:p/>" * 20))


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("iso-8859-1", "ISO-8859-1"), ("windows-1252", "windows-1252"), ("utf-16", "UTF-16"), ("utf-16-le", "utf-16"),
     ("utf-8-sig", "utf-8"), ("utf-8-sig", ""), ("shift_jis", "Shift_JIS")],
)  # fmt: skip
def test_a_declared_encoding_is_kept(encoding: str, declared: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    text = "テスト" if encoding == "shift_jis" else "é"
    assert value((head + LABEL.format(text)).encode(encoding)) == [literal(text)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<?xml version="1.0" encoding="rot13"?>\n<a/>', "declares the encoding 'rot13'"),
        (b'<?xml version="1.0" encoding="utf-7"?>\n<a/>', "declares the encoding 'utf-7'"),
        ("<a/>".encode("utf-32"), "UTF-32"),
        (b"<a>\n\xe9</a>", "x.rdf:2: not UTF-8: byte 0xe9"),
        ('<?xml version="1.0" encoding="us-ascii"?><a>é</a>'.encode("latin-1"), "not US-ASCII"),
        (LABEL.format("a\0b").encode(), "x.rdf:2: not RDF/XML"),
    ],
)
def test_other_bytes_are_refused_by_name(data: bytes, reason: str) -> None:
    assert reason in refusal(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "x.rdf:1: not RDF/XML: XML: no element found"),
        ("<html/>", "x.rdf:1: not RDF/XML: the element html has no namespace"),
        (LABEL.format("a&nbsp;b"), "x.rdf:2: not RDF/XML: XML: undefined entity &nbsp;"),
        (LABEL.format("&#1;"), "invalid character number"),
        (LABEL.format("]]>"), "x.rdf:2"),
        (LABEL.format("x") * 2, "junk after document element"),
        (LABEL.format("<x:y/>"), "unbound prefix"),
        (LABEL.format("a<e:q/>"), "x.rdf:2: not RDF/XML: text beside an element"),
        (LABEL.format("<e:q/><e:q/>"), "a second value"),
        (ROOT.format("<e:C>\n\ntext</e:C>"), "text where no text may stand"),
        (ROOT.format('<e:C cid="1"/>'), "the attribute cid has no namespace"),
        (ROOT.format('<e:C rdf:about="a"/>'), "--base"),
        (ROOT.format('\n\n<e:C rdf:about="http://e/a b"/>'), "x.rdf:3: not RDF/XML: 'http://e/a b' is no IRI"),
        (ROOT.format('<e:C e:p="x" xml:lang="en_US"/>'), "'en_US' is no language tag"),
        (ROOT.format('<e:C e:p="x" xml:lang="es-a"/>'), "'es-a' is no language tag"),
        (
            ROOT.format('<e:C><e:p rdf:resource="http://e/o" rdf:nodeID="a"/></e:C>'),
            "one of rdf:resource and rdf:nodeID",
        ),
        (ROOT.format('<e:C e:p="x"/>').replace("http://e/", "e"), "makes no IRI"),
        (ROOT.format('<e:C xmlns:f="http://e/p" e:pq="1" f:q="2"/>'), "two attributes that are one property"),
        (ROOT.format('<e:C rdf:about="urn:a" about="urn:b"/>'), "the attribute about has no namespace"),
        (
            ROOT.format('<e:C><e:p rdf:datatype="http://www.w3.org/1999/02/22-rdf-syntax-ns#langString">x</e:p></e:C>'),
            "told by xml:lang",
        ),
        (
            '<rdf:RDF rdf:version="1.2"' + ROOT.format('<e:C><e:p rdf:parseType="Triple"/></e:C>')[8:],
            "triple term of RDF 1.2",
        ),
        ('<rdf:RDF rdf:about="urn:x"' + ROOT.format("")[8:], "may not stand here"),
        ('<rdf:RDF e:p="x"' + ROOT.format("")[8:], "the root has no properties"),
    ],
)
def test_what_is_no_rdf_xml_is_refused_with_its_reason(data: str, reason: str) -> None:
    assert reason in refusal(data)


def test_nesting_is_bounded_and_long_lists_are_not() -> None:
    limits = Limits(max_depth=3)
    deep = ROOT.format("<e:C><e:p>" * 4 + "</e:p></e:C>" * 4)
    with pytest.raises(LimitError, match=r"x\.rdf:1: is nested deeper than 3 levels \(--max-depth"):
        read(deep, limits)
    assert len(read(ROOT.format("<e:C><e:p>" * 3 + "</e:p></e:C>" * 3), limits)) == 6
    flat = '<e:C><e:p rdf:parseType="Collection">' + '<e:D rdf:about="http://e/d"/>' * 5000 + "</e:p></e:C>"
    assert len(read(ROOT.format(flat))) == 10_003


@pytest.mark.parametrize("token", ["<!--{}-->", '<e:p e:q="{}"/>', "<e:p>{}</e:p>", "<?p {}?>"])
def test_a_long_token_takes_linear_time(token: str) -> None:
    data = ROOT.format(f"<e:C>{token.format('x' * 20_000_000)}</e:C>")
    before = time.process_time()
    assert len(read(data)) <= 3
    assert time.process_time() - before < 4


def test_labels_of_blank_nodes_never_meet() -> None:
    inner = '<e:C rdf:nodeID="a."/><e:C rdf:nodeID="é"/><e:C rdf:nodeID="a"/><e:C/>'
    assert len(read(ROOT.format(inner)).subjects()) == 4


HOSTILE = ["xml-bomb-9.rdf", "xml-bomb-6.rdf", "xml-bomb-attr.rdf", "xml-xxe-file.rdf", "xml-xxe-http.rdf",
           "xml-ext-dtd.rdf", "xml-param-entity.rdf", "xml-internal-entities-benign.rdf", "trix-bomb.trix",
           "xml-quadratic", "xml-deep"]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_end_as_they_should(name: str, shared: Path, tmp_path: Path) -> None:
    known = {entry["name"]: entry for entry in json.loads((shared / "hostile/manifest.json").read_text())["inputs"]}
    source = shared / "hostile" / name
    if "generator" in known[name]:
        script = tmp_path / "gen.py"
        script.write_bytes((shared / "hostile/gen.py").read_bytes())
        source = tmp_path / name
        subprocess.run([sys.executable, script, "big", name, source], check=True, capture_output=True, cwd=tmp_path)
    data = source.read_bytes()
    before = time.process_time()
    if known[name]["expected"].startswith("accept"):
        assert len(read(data)) == 2
    else:
        with pytest.raises(KgError, match=r"^x\.rdf:1: "):
            read(data)
    assert time.process_time() - before < 2


def test_single_quoted_entities_of_a_real_file(shared: Path) -> None:
    found = read((shared / "data/broken-skosify/examples/dctype.in.rdf").read_bytes())
    assert len(found) == 113


def test_white_space_beside_a_cdata_section_is_kept(shared: Path) -> None:
    found = read((shared / "data/broken-skosprovider_rdf/tests/data/vlaardingencultuur.rdf").read_bytes())
    (definition,) = (row.object for row in found if row.predicate.endswith("definition>"))
    assert definition.startswith('"\\n        <p xml:lang')


def test_the_serialisations_of_physh_are_one_dataset(shared: Path) -> None:
    import pyoxigraph

    folder = shared / "data/voc-physh"
    turtle = Dataset()
    turtle.add_stream(pyoxigraph.parse((folder / "physh.ttl").read_bytes(), pyoxigraph.RdfFormat.TURTLE))
    assert read(gzip.decompress((folder / "physh.rdf.gz").read_bytes())).digest() == turtle.digest()


def test_an_ontology_of_owl_comes_back(shared: Path) -> None:
    import pyoxigraph

    from kg.formats import WriteOptions, for_name

    data = (shared / "data/voc-aio/aio.owl").read_bytes()
    ontology, theirs = read(data), Dataset()
    theirs.add_stream(pyoxigraph.parse(data, pyoxigraph.RdfFormat.RDF_XML))
    again = read(b"".join(for_name("rdfxml").write(ontology, WriteOptions())))
    assert ontology == theirs == again
