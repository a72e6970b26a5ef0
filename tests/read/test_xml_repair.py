"""What --lenient repairs in RDF/XML: each repair a finding with its place, and nothing else touched."""

from __future__ import annotations

import time

import pytest

from kg.dataset import Dataset
from kg.errors import SourceError
from kg.limits import Limits
from kg.read.rdfxml import parse
from kg.read.xml_guard import guard
from kg.read.xml_repair import repaired
from kg.report import Report

HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'


def lenient(inner: str, before: str = "") -> tuple[list[str], list[tuple[str, str]]]:
    """Give the values read, and code and place of each finding."""
    report, made, limits = Report(), Dataset(), Limits()
    data = repaired(f"{before}{HEAD}{inner}\n</rdf:RDF>".encode(), "x.rdf", report)
    for batch in parse(guard(data, "x.rdf", limits), "x.rdf", limits):
        for quad in batch:
            made.add(*quad)
    return sorted(f"{row.subject} {row.object}" for row in made), [
        (found.code, str(found.location)) for found in report
    ]


@pytest.mark.parametrize(
    ("inner", "read", "found"),
    [
        (
            '<rdf:Description rdf:about="http://e/a b" e:p="x"/>',
            '<http://e/a%20b> "x"',
            [("rdf.xml-iri", "x.rdf:2:29:2:39")],
        ),
        (
            '<rdf:Description rdf:about="\nhttp://e/a " e:p="x"/>',
            '<http://e/a> "x"',
            [("rdf.xml-iri", "x.rdf:2:29:3:12")],
        ),
        (
            '<rdf:Description rdf:about="http://e/?a=1&b=2" e:p="x"/>',
            '<http://e/?a=1&b=2> "x"',
            [("rdf.xml-reference", "x.rdf:2:42:2:43")],
        ),
        (
            '<rdf:Description about="http://e/100%" e:p="x"/>',
            '<http://e/100%25> "x"',
            [("rdf.xml-iri", "x.rdf:2:25:2:38")],
        ),
        (
            '<rdf:Description rdf:about="urn:a" xml:lang="en_US" e:p="x"/>',
            '<urn:a> "x"@en-US',
            [("rdf.xml-language", "x.rdf:2:46:2:51")],
        ),
        (
            '<rdf:Description rdf:about="urn:a" e:p="a&nbsp;b"/>',
            '<urn:a> "a\xa0b"',
            [("rdf.xml-reference", "x.rdf:2:42:2:48")],
        ),
        (
            '<rdf:Description rdf:about="urn:a"><e:p>R & D</e:p></rdf:Description>',
            '<urn:a> "R & D"',
            [("rdf.xml-reference", "x.rdf:2:43:2:44")],
        ),
        (
            '<rdf:Description rdf:about="urn:a"><e:p>&QUOT;&LT;&none;</e:p></rdf:Description>',
            '<urn:a> "\\"<&none;"',
            [("rdf.xml-reference", f"x.rdf:2:{column}") for column in ("41:2:47", "47:2:51", "51:2:57")],
        ),
        (
            '<rdf:Description rdf:about="urn:a"><e:p>\x0b&#1;</e:p></rdf:Description>',
            '<urn:a> "\ufffd\ufffd"',
            [("rdf.xml-character", "x.rdf:2:41:2:42"), ("rdf.xml-character", "x.rdf:2:42:2:46")],
        ),
    ],
)
def test_a_fault_is_repaired_and_said(inner: str, read: str, found: list[tuple[str, str]]) -> None:
    values, findings = lenient(inner)
    assert values == [read]
    assert [code for code, _ in findings] == [code for code, _ in found]
    assert [place for _, place in findings] == [":".join(place.split(":")[:3]) for _, place in found]


def test_declared_entities_stay_and_the_places_count_from_the_top() -> None:
    before = '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY ex "http://e/é">]>\n'
    values, findings = lenient('<rdf:Description rdf:about="&ex;a b" e:p="x"/>', before)
    assert values == ['<http://e/éa%20b> "x"']
    assert findings == [("rdf.xml-iri", "x.rdf:4:29")]


@pytest.mark.parametrize(
    "inner",
    [
        '<rdf:Description rdf:about="urn:a" e:p="a b" e:about="a b" e:datatype="{x}"/>',
        "<rdf:Description rdf:about='urn:a&amp;b'><!-- a & b --><e:p><![CDATA[R & D]]>&#233;</e:p></rdf:Description>",
        '<rdf:Description rdf:about="urn:a" xml:lang="" e:p="x"/>',
    ],
)
def test_what_is_right_is_not_touched(inner: str) -> None:
    data = f"{HEAD}{inner}</rdf:RDF>".encode()
    report = Report()
    assert repaired(data, "x.rdf", report) == data and len(report) == 0


def test_a_bomb_is_refused_before_it_is_repaired() -> None:
    with pytest.raises(SourceError, match="holds a reference"):
        repaired(b'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><r/>', "x.rdf", Report())


@pytest.mark.parametrize("piece", ["<", "<!--", '<a "', "<![CDATA[", "<?", "<a x=", "<a b", "<!DOCTYPE r [<!--", "]>"])
def test_broken_markup_takes_linear_time(piece: str) -> None:
    data = (piece * 50_000).encode()
    before = time.process_time()
    try:
        repaired(data, "x.rdf", Report())
    except SourceError as refused:
        assert refused.line == 1  # noqa: PT017  # either end is right; what counts is the time
    assert time.process_time() - before < 2
