"""A query as text: its form, and terms put in for variables that stay terms whatever they hold."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import terms
from kg.dataset import Dataset
from kg.errors import QueryError
from kg.question import Question

DATA = b"""
<urn:a> <urn:broader> <urn:p> . <urn:b> <urn:broader> <urn:p> . <urn:c> <urn:broader> <urn:q> .
<urn:p> <urn:broader> <urn:t> . <urn:a> <urn:label> "A"@en . <urn:b> <urn:label> "B" . <urn:c> <urn:label> "C" .
<urn:a> <urn:n> 1 . <urn:b> <urn:n> 2 . <urn:c> <urn:n> 3 .
GRAPH <urn:g> { <urn:a> <urn:broader> <urn:p> . <urn:z> <urn:broader> <urn:q> }
"""

QUERIES = [
    "SELECT ?c { ?c <urn:broader> ?v }",
    "SELECT (COUNT(*) AS ?n) { ?c <urn:broader> ?v }",
    "SELECT ?c (COUNT(*) AS ?n) WHERE { ?c <urn:broader> $v } GROUP BY ?c HAVING (COUNT(*) > 0)",
    "SELECT ?c { { ?c <urn:n> ?n FILTER(EXISTS { ?c <urn:broader> ?v }) } UNION { ?v <urn:broader> ?c } }",
    "SELECT ?c ?p { ?c <urn:n> ?n OPTIONAL { ?c <urn:broader> ?p FILTER(?p = ?v) } }",
    "SELECT ?c { ?c <urn:n> ?n MINUS { ?c <urn:broader> ?v } }",
    "SELECT ?c { ?c <urn:n> ?n FILTER NOT EXISTS { ?c <urn:broader> ?v } }",
    "SELECT ?c { { ?c <urn:broader> ?p FILTER(?p = ?v) } }",
    "SELECT ?n { { SELECT (COUNT(?c) AS ?n) { ?c <urn:broader> ?v } } }",
    "SELECT ?n { SELECT (COUNT(?c) AS ?n) { ?c <urn:broader> ?v } }",
    "SELECT ?c { ?c <urn:broader>/<urn:broader>? ?v }",
    "SELECT ?c ?x { ?c <urn:broader> ?v BIND(?v AS ?x) }",
    "SELECT ?c { { BIND(?v AS ?w) } ?c <urn:broader> ?w }",
    "SELECT (EXISTS { ?v <urn:broader> ?z } AS ?e) { ?c <urn:broader> ?v }",
    "SELECT ?c { VALUES ?c { <urn:a> <urn:c> } ?c <urn:broader> ?v } ORDER BY ?c LIMIT 4",
    "SELECT ?c { VALUES (?c ?k) { (<urn:a> 1) (<urn:c> UNDEF) } ?c <urn:broader> ?v } VALUES ?k { 1 }",
    "SELECT ?c { GRAPH ?g { ?c <urn:broader> ?v } }",
    "PREFIX select: <urn:> SELECT ?c { ?c select:broader ?v } # { ?v",
    "ASK { <urn:c> <urn:broader> ?v }",
    "CONSTRUCT { ?c <urn:x> ?v } WHERE { ?c <urn:broader> ?v }",
    "CONSTRUCT WHERE { ?c <urn:broader> ?v }",
    "DESCRIBE ?c { ?c <urn:broader> ?v }",
]


@pytest.fixture(scope="module")
def store():
    made = pyoxigraph.Store()
    made.load(DATA, pyoxigraph.RdfFormat.TRIG)
    return made


def answered(store, text):
    found = store.query(text)
    return bool(found) if isinstance(found, pyoxigraph.QueryBoolean) else sorted(map(str, found))


@pytest.mark.parametrize("query", QUERIES)
def test_a_bound_query_answers_as_if_the_term_stood_there(query, store) -> None:
    bound = Question.of(query).bind({"v": "<urn:p>"}).text
    wanted = answered(store, re.sub(r"[?$]v\b", "<urn:p>", query))
    assert answered(store, bound) == wanted
    assert wanted != answered(store, query), "the query says nothing of what is bound"


def test_a_bound_variable_keeps_its_column_and_is_described(store) -> None:
    bound = Question.of("SELECT ?v ?c { ?c <urn:broader> ?v }").bind({"v": "<urn:q>"}).text
    assert [row["v"].value for row in store.query(bound)] == ["urn:q"]
    grouped = Question.of("SELECT ?v (COUNT(*) AS ?n) { ?c <urn:broader> ?v } GROUP BY ?v").bind({"v": "<urn:p>"}).text
    assert [row["n"].value for row in store.query(grouped)] == ["2"]
    assert answered(store, Question.of("DESCRIBE ?v").bind({"v": "<urn:p>"}).text) == ["<urn:p> <urn:broader> <urn:t>"]


ATTACKS = [
    'x" } ; DROP ALL #',
    '"} UNION { ?s ?p ?o } #',
    "'''\"\"\" } }",
    "\\",
    '\\" } #',
    "\\u0022 } #",
    "\u0022 } #",
    "a\nb\r\tc",
    "?v $v {v} ${v} %s {{}}",
    "> } <urn:x",
    "\u2028\u202e𝄞é",
    "<!-- ]]> --> ; --",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_looks_like_sparql_stays_text(text) -> None:
    data = Dataset()
    label = terms.literal(text, "en")
    data.add("<urn:this>", "<urn:label>", label)
    data.add("<urn:other>", "<urn:label>", '"other"')
    found = data.query("SELECT ?s ?l { ?s <urn:label> ?l }", {"l": label})
    assert list(found) == [("<urn:this>", label)]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_is_found_and_nothing_else(text: str) -> None:
    store = pyoxigraph.Store()
    store.add(
        pyoxigraph.Quad(pyoxigraph.NamedNode("urn:this"), pyoxigraph.NamedNode("urn:p"), pyoxigraph.Literal(text))
    )
    store.add(
        pyoxigraph.Quad(pyoxigraph.NamedNode("urn:no"), pyoxigraph.NamedNode("urn:p"), pyoxigraph.Literal(text + "!"))
    )
    question = Question.of("SELECT ?s { ?s <urn:p> ?l }").bind({"l": terms.literal(text)})
    assert [row["s"].value for row in store.query(question.text)] == ["urn:this"]


@pytest.mark.parametrize(
    "term",
    [
        "x", "?v", "_:b0", '"a', '"a"b"', '"a"@', '"a"@en_US', '"a"@en }', '"a"^^<b>', '"a"^^xsd:date', "<relative>",
        "<urn:a> . <urn:b>", "<urn:a b>", "<urn:a>b>", "<urn:a\\u003E>", "<urn:{}>",
        '"a\nb"', '"a\\u0000"', '"\\ud800"',
        "<urn:a\\u0000>", '"a" } #', "<>", '""""a""""', "<<( <urn:a> <urn:b> <urn:c> )>>", "",
    ],
)  # fmt: skip
def test_what_is_no_term_is_refused(term) -> None:
    with pytest.raises(QueryError, match=r"is no term|is no sign"):
        Question.of("ASK { ?s ?p ?v }").bind({"v": term})


@pytest.mark.parametrize("name", ["w", "v }", "", "V"])
def test_a_variable_that_the_query_has_not_is_told(name) -> None:
    with pytest.raises(QueryError, match="has no variable"):
        Question.of("ASK { ?s ?p ?v } # ?w").bind({name: "<urn:a>"})


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", "SELECT"),
        ("PREFIX select: <urn:construct> ASK { select:ask ?ask 'SELECT' }", "ASK"),
        ("# SELECT\nBASE <urn:SELECT> DESCRIBE <urn:x>", "DESCRIBE"),
        ('CONSTRUCT { ?s ?p """SELECT""" } {}', "CONSTRUCT"),
    ],
)
def test_the_form_is_told(text, form) -> None:
    assert Question.of(text).form == form


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA {}",
        "prefix a: <urn:> DELETE WHERE {}",
        "CLEAR ALL",
        "LOAD <urn:x>",
        "WITH <urn:g> INSERT {} WHERE {}",
    ],
)
def test_an_update_is_no_question(text) -> None:
    with pytest.raises(QueryError, match="changes data"):
        _ = Question.of(text).form


@pytest.mark.parametrize(
    "text",
    [
        r"PREFIX ex: <urn:> SELECT * { ?s ex:a\' SERVICE <http://e.org/> { ?a ?b ?c } ?s ex:b\' ?d }",
        "SELECT * { ?s ?p 'it''s' SERVICE <http://e.org/> {} }",
        "SELECT * { ?s ?p '''a'b''' SERVICE <http://e.org/> {} }",
        "SELECT * { FILTER(?a<?b) SERVICE <http://e.org/> {} FILTER(?c>?d) }",
    ],
)
def test_service_cannot_be_hidden(text) -> None:
    with pytest.raises(QueryError, match="SERVICE would ask another server"):
        Dataset().query(text)


def test_escapes_outside_of_strings_are_refused() -> None:
    with pytest.raises(QueryError, match="line 2: a string is not closed, or an escape"):
        Question.of("SELECT * {\n \\u0053ERVICE <http://e.org/> {} }")
    assert not Question.of("SELECT * { ?s ?p 'SERVICE', \"\\u0053ERVICE\" }").asks_others


@pytest.mark.parametrize("length", [10, 250, 2_500])
def test_a_comment_between_a_brace_and_its_word_changes_nothing(length) -> None:
    note = f"# {'x' * length}\n"
    text = f"SELECT * {{ {note} SELECT ?v {{ ?s ?p ?v }} }}"
    bound = Question.of(text).bind({"v": "<urn:a>"}).text
    assert bound.count("VALUES ?v { <urn:a> }") == 2 and " {" + f" {note} SELECT" in bound
    data = f"SELECT * {{ VALUES ?v {note} {{ <urn:a> }} ?s ?p ?v }}"
    assert Question.of(data).bind({"v": "<urn:a>"}).text.count("VALUES") == 2
    graph = f"CONSTRUCT {note} {{ ?s ?p ?v }} {{ ?s ?p ?v }}"
    assert Question.of(graph).bind({"v": "<urn:a>"}).text.count("VALUES") == 1
