"""JSON-LD that must not reach a parser does not; what reaches it is read whole, and what is left out is told."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from kg import terms
from kg.dataset import Dataset
from kg.errors import LimitError, SourceError
from kg.limits import Limits
from kg.read.json_guard import guard
from kg.read.jsonld import parse
from kg.report import Report
from kg.syntax.jsonld_names import Options
from kg.terms import iri, literal
from kg.vocab import CONTEXTS, RDF

XSD = "http://www.w3.org/2001/XMLSchema#"


def read(data: bytes | str, report: Report | None = None, **given: Any) -> Dataset:
    raw = data.encode() if isinstance(data, str) else data
    contexts, options, base = given.get("contexts", {}), given.get("options"), given.get("base")
    dataset = Dataset()
    for batch in parse(guard(raw, "x.jsonld", Limits(), contexts), "x.jsonld", Limits(), base, report, options):
        for quad in batch:
            dataset.add(*quad)
    return dataset


def objects(data: str, **given: Any) -> list[str]:
    return sorted(row.object for row in read(data, **given))


REFUSED = sorted(
    ["ctx-file", "ctx-http", "ctx-rel", "import", "scoped", "redirect", "recursive", "endless-chain", "dup-keys", "nan"]
)


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_documents_are_refused_with_their_line(name: str, shared: Path) -> None:
    with pytest.raises(SourceError, match=r"x\.jsonld:1: "):
        read((shared / "hostile" / f"jsonld-{name}.jsonld").read_bytes())


def test_names_of_java_script_are_names_like_others(shared: Path) -> None:
    found = objects((shared / "hostile/jsonld-proto.jsonld").read_text())
    assert found == ['"x"', '"y"', '"z"']


DEEP = {
    "arrays": b'{"@id":"http://a","http://p":' + b"[" * 100_000 + b"1" + b"]" * 100_000 + b"}",
    "nodes": b'{"http://p":' * 20_000 + b"1" + b"}" * 20_000,
    "unclosed": b"[" * 1_000_000,
    "contexts": b'{"@context":' * 5_000 + b"{}" + b"}" * 5_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_refused_at_once(name: str) -> None:
    start = time.process_time()
    with pytest.raises(LimitError, match=r"x\.jsonld:1: is nested deeper than 128 levels \(--max-depth"):
        read(DEEP[name])
    assert time.process_time() - start < 2


def test_no_cap_lets_nesting_break_the_reader() -> None:
    with pytest.raises(SourceError, match="nested deeper than 200 levels"):
        guard(DEEP["nodes"], "x", Limits(max_depth=1_000_000))
    data = b'{"http://p":' * 199 + b'"x"' + b"}" * 199
    rows = parse(guard(data, "x", Limits(max_depth=1000)), "x", Limits(), options=Options(direction="i18n-datatype"))
    assert sum(map(len, rows)) == 199


def test_contexts_without_end_are_refused_at_once() -> None:
    context = [{f"t{name}": f"http://e/{number}/{name}" for name in range(100)} for number in range(2_000)]
    with pytest.raises(SourceError, match="more than 100000 terms"):
        read(json.dumps({"@context": context, "@id": "http://a", "t1": "x"}))


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('{"@id": "http://a",\n"http://p": 1,\n"http://p": 2}', 3, "stands twice"),
        ('{"http://p": 1,\n"\\u0068ttp://p": 2}', 2, "stands twice"),
        ('{"@context": {"a": "http://a",\n"a": "http://b"}}', 2, "stands twice"),
        ('{"http://p":\n[1, NaN]}', 2, "NaN"),
        ('{"http://p":\n-Infinity}', 2, "no JSON"),
        ('{"http://p":\n1e999}', 2, "no double"),
        ('{"http://p":\n1e-999}', 2, "no double"),
        ('{"http://p":\n"\\ud800"}', 2, "surrogate"),
        ('{"http://p":\n"a\tb"}', 2, "control character"),
        ('{"http://p":\n"a\\x"}', 2, "bad escape"),
        ('{"http://p": 1}\n{}', 2, "follows the end"),
        ('{"http://p": 1,\n}', 2, "where a name should be"),
        ('{"http://p":\n01}', 2, "no JSON"),
        ("\n", 2, "ends too early"),
        ('{"http://p": [1}\n', 1, "opened"),
    ],
)
def test_what_is_not_strict_json_is_told_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        read(text)
    assert caught.value.line == line


@pytest.mark.parametrize("data", ['{"a":"é"}'.encode("utf-16"), '{"a":1}'.encode("utf-16-le"), b'{"a":"\xe9"}'])
def test_other_encodings_are_told(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"UTF-16, not UTF-8|not UTF-8: byte 0xe9"):
        read(data)


def test_a_byte_order_mark_is_told_and_passed_over() -> None:
    report = Report()
    assert len(read(b'\xef\xbb\xbf{"@id": "http://a", "http://p": "x"}', report)) == 1
    assert report.codes() == ["rdf.byte-order-mark"]


# -- contexts ----------------------------------------------------------------------------------------

PLAIN_CONTEXT = '{"@context": {"p": "http://e.org/p"}}'
DOCUMENT = '{"@context": "http://c.org/c", "@id": "http://a", "p": "x"}'


def test_a_context_that_is_not_at_hand_is_told_with_the_option_that_brings_it() -> None:
    with pytest.raises(SourceError, match=r"http://c\.org/c is not at hand.*--context http://c\.org/c=FILE"):
        read(DOCUMENT)


@pytest.mark.parametrize("context", [PLAIN_CONTEXT, '{"@context": [{"@version": 1.1, "@import": "i"}]}'])
def test_a_context_that_the_user_names_is_put_in_place(context: str) -> None:
    contexts = {"http://c.org/c": context, "http://c.org/i": PLAIN_CONTEXT}
    assert objects(DOCUMENT, contexts=contexts) == ['"x"']


def test_what_a_named_context_refers_to_must_be_at_hand_too() -> None:
    with pytest.raises(SourceError, match=r"^http://c\.org/c: the context http://c\.org/d is not at hand"):
        read(DOCUMENT, contexts={"http://c.org/c": '{"@context": ["d"]}'})


def test_a_relative_reference_is_looked_up_as_it_stands() -> None:
    document = DOCUMENT.replace("http://c.org/c", "../c.jsonld")
    assert objects(document, contexts={"../c.jsonld": PLAIN_CONTEXT}) == ['"x"']


def test_our_context_is_known_by_its_url() -> None:
    url = next(iter(CONTEXTS))
    (row,) = read(f'{{"@context": "{url}", "id": "http://a", "prefLabel": {{"en": "x"}}}}')
    assert row.predicate == "<http://www.w3.org/2004/02/skos/core#prefLabel>"


def test_a_json_literal_holds_no_context() -> None:
    document = '{"@id": "http://a", "http://p": {"@type": "@json", "@value": {"@context": "http://no"}}}'
    assert objects(document) == [literal('{"@context":"http://no"}', datatype=terms.iri_text(RDF.JSON))]
    with pytest.raises(SourceError, match="http://no is not at hand"):
        read('{"@context": "http://no", "http://p": {"@type": "@json", "@value": 1}}')


def test_a_context_may_come_back_to_itself_where_the_specification_lets_it() -> None:
    context = '{"@context": {"@version": 1.1, "p": {"@id": "http://e.org/p", "@context": "http://c.org/c"}}}'
    document = '{"@context": "http://c.org/c", "@id": "http://a", "p": {"@id": "http://b", "p": "x"}}'
    assert objects(document, contexts={"http://c.org/c": context}) == ['"x"', "<http://b>"]


# -- nothing is lost in silence ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"@id": "http://a",\n"colour": "red"}', "colour"),
        ('{\n"@id": "rel", "http://p": "x"}', "<rel>"),
        ('{"@id": "http://a",\n"http://p": {"@id": "http://e.org/a b"}}', "<http://e.org/a b>"),
        ('{"@id": "http://a",\n"http://p": {"@value": "x", "@language": "en_GB"}}', "@en_GB"),
        ('{"@id": "http://a",\n"http://p": {"@value": "x", "@language": "en", "@direction": "rtl"}}', "@direction rtl"),
        ('{"@id": "http://a",\n"_:p": "x"}', "_:p"),
        ('{"@id": "http://a",\n"http://p p": "x"}', "<http://p p>"),
        ('{"@id": "http://a",\n"@type": "Thing"}', "<Thing>"),
        ('{"@graph": ["x"]}', "x"),
        ('{"@context": {"lab": {"@id": "http://l", "@container": "@language"}},\n"lab": {"e": "x"}}', "@e"),
    ],
)
def test_what_becomes_no_statement_is_told_with_its_place(text: str, what: str) -> None:
    report = Report()
    read(text, report)
    (finding,) = report
    assert (finding.code, finding.message.split(" means")[0]) == ("jsonld.left-out", what)
    assert finding.location is not None and finding.location.line == text.count("\n") + 1


def test_a_name_is_told_once_with_its_count() -> None:
    report = Report()
    read('[{"colour": 1}, {"colour": 2}, {"colour": 3}]', report)
    assert [found.message[-17:] for found in report] == ["3 in the document"]


def test_what_is_no_json_ld_is_told_with_its_line() -> None:
    with pytest.raises(SourceError, match="invalid @id value") as caught:
        read('{"http://p": {\n"@id": 1}}')
    assert caught.value.line == 2


@pytest.mark.parametrize("options", [None, Options(direction="i18n-datatype")], ids=["plain", "expanded by us"])
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1", literal("1", datatype=XSD + "integer")),
        ("1.0", literal("1", datatype=XSD + "integer")),
        ("-0.0", literal("0", datatype=XSD + "integer")),
        ("1e5", literal("100000", datatype=XSD + "integer")),
        ("1.10", literal("1.1E0", datatype=XSD + "double")),
        ("0.1", literal("1.0E-1", datatype=XSD + "double")),
        ("1e21", literal("1.0E21", datatype=XSD + "double")),
        ("9007199254740993", literal("9007199254740993", datatype=XSD + "integer")),
        ("3.141592653589793238", literal("3.141592653589793238E0", datatype=XSD + "double")),
        ('{"@value": 1, "@type": "' + XSD + 'double"}', literal("1.0E0", datatype=XSD + "double")),
        ('{"@value": 1.10, "@type": "http://d"}', literal("1.1E0", datatype="http://d")),
        ("true", literal("true", datatype=XSD + "boolean")),
    ],
)
def test_numbers_keep_all_their_digits(number: str, expected: str, options: Options | None) -> None:
    assert objects(f'{{"@id": "http://a", "http://p": {number}}}', options=options) == [expected]


def test_relative_iris_are_resolved_against_the_base() -> None:
    (row,) = read('{"@id": "#a", "http://p": {"@id": "../b"}}', base="http://e.org/x/y")
    assert (row.subject, row.object) == (iri("http://e.org/x/y#a"), iri("http://e.org/b"))
