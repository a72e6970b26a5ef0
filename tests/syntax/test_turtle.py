"""Places of statements in Turtle, TriG, N-Triples and N-Quads, against texts of three writers."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from strategies import ground, iris, literals, quads, statements

from kg import formats, interop
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.interop import Quad
from kg.statement import Statement
from kg.syntax.turtle import MANY, locate
from kg.syntax.turtle_tokens import items, tokens
from kg.terms import recase

DOCUMENT = """\ufeff@prefix ex: <http://e.org/> . # é . ex:a ex:p "no" .
@prefix e.x: <sub/> .
@base <http://e.org/dir/> .
ex:a ex:p 1 , -.5 , 1.e3 , true , "a \\"b\\". c"@EN-gb , '''long
é 'x' ''' ; a ex:T ;
    ex:q <../up#\\u00e9> , e.x:s.t , ex:a\\,b , ex:%2F .
_:x.y ex:p _:z .
[ ex:p ( 1 [ ex:q "in" ] ) ] .
() ex:p ( ) .
ex:a ex:p 1 .
PREFIX ex: <http://other.org/>
ex:a ex:p "other"@en.ex:b ex:p 'b'.
"""
TEXT = DOCUMENT[1:]
XSD = "http://www.w3.org/2001/XMLSchema#"
EX, OTHER = "http://e.org/", "http://other.org/"


def shown(subject: str, predicate: str, object_: str, graph: str = "", text: str = DOCUMENT) -> str:
    quad = (subject, predicate, object_, graph)
    span = locate(text.encode(), [quad], "http://e.org/base")[quad]
    return text.removeprefix("\ufeff")[span.start : span.end]


@pytest.mark.parametrize(
    ("predicate", "object_", "there"),
    [
        ("p", f'"1"^^<{XSD}integer>', "1"),
        ("p", f'"-.5"^^<{XSD}decimal>', "-.5"),
        ("p", f'"1.e3"^^<{XSD}double>', "1.e3"),
        ("p", f'"true"^^<{XSD}boolean>', "true"),
        ("p", '"a \\"b\\". c"@en-GB', '"a \\"b\\". c"@EN-gb'),
        ("p", "\"long\\né 'x' \"", "'''long\né 'x' '''"),
        ("q", f"<{EX}up#é>", "<../up#\\u00e9>"),
        ("q", f"<{EX}sub/s.t>", "e.x:s.t"),
        ("q", f"<{EX}a,b>", "ex:a\\,b"),
        ("q", f"<{EX}%2F>", "ex:%2F"),
    ],
)
def test_each_form_of_an_object_is_found(predicate: str, object_: str, there: str) -> None:
    assert shown(f"<{EX}a>", f"<{EX}{predicate}>", object_) == there


def test_the_first_place_of_several_counts() -> None:
    quad = (f"<{EX}a>", f"<{EX}p>", f'"1"^^<{XSD}integer>', "")
    assert locate(DOCUMENT.encode(), [quad])[quad].start == TEXT.index("1 , -.5")


def test_prefixes_hold_from_where_they_are_declared() -> None:
    assert shown(f"<{OTHER}a>", f"<{OTHER}p>", '"other"@en') == '"other"@en'
    assert shown(f"<{OTHER}b>", f"<{OTHER}p>", '"b"') == "'b'"


def test_what_does_not_stand_there_has_no_place() -> None:
    assert locate(DOCUMENT.encode(), [(f"<{EX}a>", f"<{EX}p>", '"no"', "")]) == {}


def test_blank_nodes_are_found_by_label_or_by_what_is_said_of_them() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    assert shown("_:x.y", f"<{EX}p>", "_:z") == "_:z"
    assert shown("_:any", f"<{EX}q>", '"in"') == '"in"'
    assert shown("_:any", f"<{EX}p>", "_:other") == "_:z"
    assert shown("_:any", f"<{rdf}first>", f'"1"^^<{XSD}integer>') == "1"
    assert shown("_:any", f"<{rdf}first>", "_:other") == '[ ex:q "in" ]'
    assert shown(f"<{rdf}nil>", f"<{EX}p>", f"<{rdf}nil>") == "( )"


def test_equal_statements_of_nodes_without_labels_share_the_places_out() -> None:
    text = "[ <urn:p> 1 ] <urn:q> [ <urn:p> 1 ] . [ <urn:p> 1 ] ."
    wanted = [(f"_:b{number}", "<urn:p>", f'"1"^^<{XSD}integer>', "") for number in range(4)]
    found = locate(text.encode(), wanted)
    assert [found[quad].start for quad in wanted] == [10, 32, 48, 48]


def test_graphs_are_told_apart() -> None:
    text = "GRAPH <urn:g> { <urn:a> <urn:p> 'g' . } <urn:h> {<urn:a> <urn:p> 'h'} { <urn:a> <urn:p> 'd' }"
    for name, value in (("<urn:g>", "g"), ("<urn:h>", "h"), ("", "d")):
        assert shown("<urn:a>", "<urn:p>", f'"{value}"', name, text) == f"'{value}'"
        assert locate(text.encode(), [("<urn:a>", "<urn:p>", f'"{value}"', "<urn:no>")]) == {}
    lines = '<urn:a> <urn:p> "x" <urn:g> .\n<urn:a> <urn:p> "x" .\n'
    assert locate(lines.encode(), [("<urn:a>", "<urn:p>", '"x"', "")])["<urn:a>", "<urn:p>", '"x"', ""].start == 46


def test_what_is_mended_is_found_where_it_stands() -> None:
    text = "<urn:a> <urn:p> 'x'@es-a , <urn:a b> ."
    assert shown("<urn:a>", "<urn:p>", '"x"@es-x-a', text=text) == "'x'@es-a"
    assert shown("<urn:a>", "<urn:p>", "<urn:a%20b>", text=text) == "<urn:a b>"


def test_statements_of_rdf_12_do_not_hide_others() -> None:
    text = "<urn:a> <urn:p> 1 {| <urn:q> 2 |} . << <urn:a> <urn:p> 1 >> <urn:q> 3 . <urn:b> <urn:p> 'x' ."
    assert shown("<urn:b>", "<urn:p>", '"x"', text=text) == "'x'"


def by_parser(text: bytes, name: str) -> list[Quad]:
    syntax = pyoxigraph.RdfFormat.from_media_type(formats.for_name(name).media_type)
    rows = [row for batch in interop.quads_of(pyoxigraph.parse(text, syntax), named=True) for row in batch]
    return [(s, p, recase(o), g) for s, p, o, g in rows]


def assert_all_found(text: bytes, name: str) -> None:
    """Every statement without blank nodes is found, and what stands there is its object."""
    rows = by_parser(text, name)
    found = locate(text, rows)
    decoded = text.decode()
    head = "".join(f"{item[0]} " for item in items(decoded) if item.lastgroup == "namespace")
    for quad in rows:
        span = found[quad]
        if "_:" in (quad[0][:2], quad[2][:2], quad[3][:2]):
            continue
        there = decoded[span.start : span.end]
        (row,) = by_parser(f"{head} <urn:s> <urn:p> {there} .".encode(), "turtle")
        assert row[2] == quad[2]
    assert len({found[quad] for quad in rows}) == len(set(rows))


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
@settings(max_examples=100, deadline=None)
@given(rows=st.lists(statements, max_size=8))
def test_all_is_found_in_what_we_write(name: str, rows: list[Statement]) -> None:
    assert_all_found(b"".join(formats.for_name(name).write(Dataset(rows), WriteOptions())), name)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(quads, max_size=8))
def test_all_is_found_in_graphs(rows: list[Statement]) -> None:
    for name in ("trig", "nquads"):
        assert_all_found(b"".join(formats.for_name(name).write(Dataset(rows), WriteOptions(evidence=True))), name)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(statements, max_size=8))
def test_all_is_found_in_what_pyoxigraph_writes(rows: list[Statement]) -> None:
    lines = "".join(f"{row.nquad}\n" for row in rows).encode()
    parsed = list(pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS))
    prefixes = {"ex": "http://example.org/", "": "urn:x:"}
    for name in ("turtle", "trig"):
        syntax = pyoxigraph.RdfFormat.from_media_type(formats.for_name(name).media_type)
        assert_all_found(pyoxigraph.serialize(parsed, format=syntax, prefixes=prefixes) or b"", name)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore:Serializing weird:UserWarning")
@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ground, max_size=8))
def test_all_is_found_in_what_rdflib_writes(rows: list[Statement]) -> None:
    graph = rdflib.Graph()
    graph.bind("ex", "http://example.org/")
    for triple in interop.to_rdflib(rows).default_graph:
        graph.add(triple)
    text = graph.serialize(format="turtle").encode()
    try:
        by_parser(text, "turtle")
    except SyntaxError:
        return  # its writer makes Turtle that is none, of odd booleans and names that end in a dot
    assert_all_found(text, "turtle")


@given(text=st.text(st.sampled_from("ab:.\"'<>@{}[](),;#\\ \n\t_-1%é^"), max_size=60))
def test_tokens_cover_a_text_and_items_its_tokens(text: str) -> None:
    ends = [found.end() for found in tokens(text)]
    assert ends == sorted(set(ends))
    assert all(found.end() <= len(text) for found in items(text))


@given(subject=iris, value=literals)
def test_a_statement_ends_at_its_dot(subject: str, value: str) -> None:
    text = f"{subject} <urn:p> {value}.{subject} <urn:q> 1.5 ."
    assert [item["subject"] for item in items(text)][:2] == [subject, subject]


def test_places_in_a_real_vocabulary(shared: Path) -> None:
    data = (shared / "data" / "voc-envthes" / "EnvThes.ttl").read_bytes()
    stream = pyoxigraph.parse(data, pyoxigraph.RdfFormat.TURTLE, base_iri="http://b/")
    rows = [(s, p, recase(o), g) for batch in interop.quads_of(stream) for s, p, o, g in batch]
    assert len(locate(data, rows, "http://b/")) == len(set(rows)) == 60861


# -- many at once, line by line --------------------------------------------------------


def many(ending: str = "") -> tuple[list[str], list[Quad]]:
    """Give lines of N-Triples, and what they say."""
    rows: list[Quad] = [
        (f"<http://e.org/{number}>", "<http://e.org/p>", value, "")
        for number in range(MANY)
        for value in (f'"{{a}} {number}"@zh-TW', f"<http://e.org/{number + 1}>")
    ]
    return [f"{s} {p} {o.replace('TW', 'tw')} .{ending}" for s, p, o, _ in rows], rows


@pytest.mark.parametrize("ending", ["", "\r", " # so"])
def test_many_statements_have_the_places_that_each_has(ending: str) -> None:
    lines, rows = many(ending)
    text = "\n".join(["# {", *lines, "<http://e.org/1> <http://e.org/q> 7 ."]).encode()
    last: Quad = ("<http://e.org/1>", "<http://e.org/q>", f'"7"^^<{XSD}integer>', "")
    found = locate(text, [*rows, last])
    assert len(found) == len(rows) + 1
    for quad in (*rows[:6], *rows[-6:], last):
        assert locate(text, [quad]) == {quad: found[quad]}
        assert text.decode()[found[quad].start : found[quad].end].upper() in (quad[2].upper(), "7")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<http://e.org/x> <http://e.org/p> """', '""" .'),
        ("<http://e.org/g> {", "}"),
        ("GRAPH <http://e.org/g>\n{", "}"),
    ],
)
def test_a_line_in_a_long_string_or_a_graph_is_no_statement_of_the_data(before: str, after: str) -> None:
    lines, rows = many()
    text = "\n".join([before, lines[0], after, *lines]).encode()
    found = locate(text, rows)
    assert found[rows[0]].start > text.index(after.encode(), 40)
    assert len(found) == len(rows)
