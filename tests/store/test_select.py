"""Questions to a store: what is sent, what is made of the answer, what is told of a bad one."""

from __future__ import annotations

import io
import json
import tracemalloc
from urllib.parse import parse_qsl

import pytest

from kg import terms
from kg.errors import StoreError
from kg.query import Answer
from kg.question import Question
from kg.store import auth
from kg.store.protocol import Client
from kg.store.select import fetch, select
from kg.write.results import FORMS, write

JSON = {"Content-Type": "application/sparql-results+json"}
XML = {"Content-Type": "application/sparql-results+xml; charset=utf-8"}
ROWS = "SELECT ?a ?b { ?a ?p ?b }"


def ask(fake, text=ROWS, **more):
    with Client(fake.url, tries=1, timeout=5) as client:
        answer = select(client, fake.url, Question.of(text), **more)
        return answer.columns, answer.truth, list(answer)


def rows(*bindings, **more):
    return json.dumps({"head": {"vars": ["a", "b"]}, **more, "results": {"bindings": list(bindings)}}).encode()


def uri(text):
    return {"type": "uri", "value": text}


def test_the_request_is_that_of_the_protocol(fake) -> None:
    """SPARQL 1.1 Protocol, section 2.1.2: a query by POST with parameters."""
    fake.answer = (200, JSON, rows())
    ask(fake, "SELECT ?a { ?a ?b 'é&+%' }", graphs=["urn:g 1", "urn:g2"], named=["urn:n"])
    (asked,) = fake.asked
    assert (asked.method, asked.target) == ("POST", "/sparql")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["accept"] == "application/sparql-results+json"
    assert parse_qsl(asked.body.decode("ascii"), strict_parsing=True) == [
        ("query", "SELECT ?a { ?a ?b 'é&+%' }"),
        ("default-graph-uri", "urn:g 1"),
        ("default-graph-uri", "urn:g2"),
        ("named-graph-uri", "urn:n"),
    ]


def test_terms_come_as_they_are(fake) -> None:
    values = [
        ({"type": "literal", "value": "01", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
         '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ({"type": "typed-literal", "value": "x", "datatype": "http://www.w3.org/2001/XMLSchema#string"}, '"x"'),
        ({"type": "literal", "value": 'a"\n\\', "xml:lang": "EN-gb"}, '"a\\"\\n\\\\"@en-GB'),
        (uri("urn:é"), "<urn:é>"),
        (uri("urn:a b> <urn:c"), "<urn:a\\u0020b\\u003E\\u0020\\u003Curn:c>"),
        ({"type": "bnode", "value": "b0"}, "_:b0"),
        ({"type": "bnode", "value": "nodeID://b1"}, "_:x6e6f646549443a2f2f6231"),
        (None, None),
    ]  # fmt: skip
    fake.answer = (200, JSON, rows(*({"a": value} for value, _ in values)))
    columns, truth, found = ask(fake)
    assert (columns, truth) == (("a", "b"), None)
    assert found == [(term, None) for _, term in values]


def test_json_in_any_pieces_and_order(fake) -> None:
    whole = rows(
        {"a": uri("urn:1"), "b": {"type": "literal", "value": "ü𝄞"}}, {}, link=["x"], extra={"deep": [1, 2.5e3]}
    )
    wanted = (("a", "b"), None, [("<urn:1>", '"ü𝄞"'), (None, None)])
    fake.answer = (200, JSON, [whole[at : at + 1] for at in range(len(whole))])
    assert ask(fake) == wanted
    told = json.loads(whole)
    fake.answer = (200, JSON, json.dumps({"results": told["results"], "head": told["head"]}).encode())
    assert ask(fake) == wanted


def test_xml_where_a_store_sends_nothing_else(fake) -> None:
    text = """<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">
    <head><variable name="a"/><variable name="b"/><link href="x"/></head><results>
    <result><binding name="b"><literal xml:lang="en-us"> a &amp; b\n</literal></binding>
    <binding name="a"><uri>urn:1</uri></binding></result>
    <result><binding name="a"><bnode>b</bnode></binding></result>
    <result><binding name="a"><literal datatype="urn:d"></literal></binding></result></results></sparql>"""
    fake.answer = (200, XML, [text[at : at + 7].encode() for at in range(0, len(text), 7)])
    found = ask(fake)[2]
    assert found == [("<urn:1>", '" a & b\\n"@en-US'), ("_:b", None), ('""^^<urn:d>', None)]
    fake.answer = (
        200,
        XML,
        b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>',
    )
    assert ask(fake, "ASK {}") == ((), True, [])


@pytest.mark.parametrize("page", [b"no JSON", b"no JSON" * 6_000])
def test_a_store_without_json_is_asked_for_xml(fake, page) -> None:
    text = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>false</boolean></sparql>'
    fake.answer = lambda asked: (200, XML, text) if "xml" in asked.headers["accept"] else (406, {}, page)
    assert ask(fake, "ASK {}") == ((), False, [])
    assert [asked.headers["accept"][-4:] for asked in fake.asked] == ["json", "+xml"]


@pytest.mark.parametrize(("bindings", "truth"), [([], False), ([1], True), ([0], False)])
def test_virtuoso_answers_yes_or_no_with_rows(fake, bindings, truth) -> None:
    cells = [{"__ASK_RETVAL": {"type": "typed-literal", "value": str(value)}} for value in bindings]
    text = {"head": {"link": [], "vars": ["__ASK_RETVAL"]}, "results": {"distinct": False, "bindings": cells}}
    fake.answer = (200, JSON, json.dumps(text).encode())
    assert ask(fake, "ASK {}") == ((), truth, [])


DEEP = b'{"head":' + b"[" * 100_000
SPARQL = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>"), "an HTML page; give the URL of its query endpoint"),
        ((200, {"Content-Type": "text/csv"}, b"a,b\r\n"), "it answered text/csv, .* takes no notice of Accept"),
        ((200, {}, b"{}"), "it answered no media type"),
        ((200, JSON, b""), "its answer cannot be read: it ends early"),
        ((200, JSON, b"{}"), "it holds neither rows nor a yes or no"),
        ((200, JSON, b'{"error": "out of memory"}'), "it holds neither rows nor a yes or no"),
        ((200, JSON, b"<html>"), "its answer cannot be read: it is no such JSON"),
        ((200, JSON, rows({"a": uri("urn:1")})[:-2]), "its answer cannot be read: it ends early"),
        ((200, JSON, rows({"a": uri("urn:1")})[:-9]), "its answer cannot be read: it ends early"),
        ((200, JSON, rows() + b"Exception in thread"), "something follows its end"),
        ((200, JSON, rows({"a": uri("urn:1")})[:-3] + b", java.lang.OutOfMemoryError"), "it ends early"),
        ((200, JSON, rows({"a": {"type": "uri"}})), "one of its terms has no text"),
        ((200, JSON, rows({"a": {"type": "odd", "value": ""}})), "of the unknown type 'odd'"),
        ((200, JSON, rows({"a": {"type": "literal", "value": "", "xml:lang": "a b"}})), "'a b' is no language tag"),
        ((200, JSON, rows({"a": {"type": "triple", "value": {}}})), "triple term of RDF 1.2"),
        ((200, JSON, b'{"head":{"vars":["\xff"]}}'), "it is not UTF-8"),
        ((200, JSON, DEEP), "it is nested too deeply|it ends early"),
        ((200, JSON, b'{"head":{},"boolean":true}'), "it answered a yes or no, not rows"),
        ((200, XML, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "it has a document type"),
        ((200, XML, b"<html xmlns='urn:x'/>"), "it is XML of another kind: html"),
        ((200, XML, b"<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head/>"), "no whole XML"),
        ((200, JSON, rows({"a": {"type": ["x"], "value": ""}})), r"of the unknown type \['x'\]"),
        ((200, JSON, rows({"a": {"type": "x" * 99, "value": ""}})), "of the unknown type 'x{39}…;"),
        ((200, JSON, rows({"a": {"type": "uri", "value": "urn:\ud800"}})), "IRIs holds half a character"),
        ((200, JSON, b'{"head":{"vars":["\\ud800"]}}'), "is no name of a variable"),
        ((200, JSON, b'{"head":{"vars":["a\\"/><x"]}}'), "is no name of a variable"),
        ((200, JSON, b'{"head":{"vars":[""]}}'), "'' is no name of a variable"),
        ((200, XML, SPARQL + b'<variable name="a&quot;/>&lt;x"/></head><results/>'), "is no name of a variable"),
        ((200, XML, b'<?xml version="1.0" encoding="foo"?>' + SPARQL), "in an encoding that is not read"),
        ((200, XML, b'<?xml version="1.0" encoding="shift_jis"?>' + SPARQL), "in an encoding that is not read"),
        ((400, {"Content-Type": "text/plain"}, b"expected\n \x1b[31m}"), r"cannot read it: expected \[31m}; mend"),
        ((400, {"Content-Type": "text/html"}, b"<html>"), "it answered 400 with an HTML page"),
        ((401, {"WWW-Authenticate": "Basic"}, b""), "it answered 401; check user and password"),
        ((404, {}, b""), "it answered 404; check the URL"),
        ((406, {}, b""), "it answered 406; the store cannot answer in a form we read"),
        ((500, {}, b"log"), "it answered 500: log"),
        ((301, {"Location": "http://b.example/"}, b""), "it points to http://b.example/"),
        ((206, {**JSON, "X-SQL-Message": "RC\x1b..."}, rows()), "its time was up .* was whole: RC...; ask"),
        ((200, {**JSON, "X-SQL-State": "S1TAT"}, rows()), "its time was up before the answer was whole; ask"),
        ((200, {**JSON, "Content-Length": "999"}, [rows(), None]), "query: "),
    ],
)  # fmt: skip
def test_a_bad_answer_names_store_step_and_remedy(fake, answer, said) -> None:
    fake.answer = answer
    with pytest.raises(StoreError, match=said) as told:
        ask(fake)
    assert str(told.value).startswith(f"{fake.url}: query: ")
    assert told.value.exit_code == 3 and told.value.remedy


def test_numbers_and_names_that_odd_stores_send(fake) -> None:
    digits = "9" * 5000
    fake.answer = (
        200,
        JSON,
        f'{{"took":{digits},"head":{{"vars":["callret-0","é·"]}},"results":{{"bindings":[]}}}}'.encode(),
    )
    assert ask(fake) == (("callret-0", "é·"), None, [])


@pytest.mark.parametrize(
    "inside", ["<result><binding name='a'><literal>", "<result><binding name='a'><literal a='", "<!--"]
)
def test_one_row_in_xml_has_an_end(fake, monkeypatch, inside) -> None:
    monkeypatch.setattr("kg.read.results_xml.LONGEST", 1 << 20)
    head = SPARQL + b"<variable name='a'/></head><results>"
    row = b"<result><binding name='a'><uri>urn:x</uri></binding></result>"
    fake.answer = (200, XML, head + row * 30_000 + b"</results></sparql>")
    assert len(ask(fake)[2]) == 30_000, "all together may be longer"
    fake.answer = (200, XML, head + row + inside.encode() + b"x" * (3 << 20))
    with pytest.raises(StoreError, match="one of its rows is longer than 1048576 bytes"):
        ask(fake)


def test_rows_before_their_columns_have_an_end(fake, monkeypatch) -> None:
    monkeypatch.setattr("kg.read.results._EARLY", 1 << 16)
    fake.answer = (200, JSON, b'{"results":{"bindings":[' + b"{}," * (1 << 16) + b'{}]},"head":{"vars":[]}}')
    with pytest.raises(StoreError, match="its columns are not told within 65536 signs"):
        ask(fake)


def test_a_graph_that_does_not_end_is_left(fake) -> None:
    fake.answer = (200, {"Content-Type": "application/n-triples"}, b"<urn:a> <urn:b> <urn:c> .\n" * 40_000)
    into = io.BytesIO()
    with Client(fake.url) as client, pytest.raises(StoreError, match="its graph is longer than 128 KiB; ask for less"):
        fetch(client, fake.url, Question.of("CONSTRUCT WHERE { ?a ?b ?c }"), into, most=1 << 17)
    assert len(into.getvalue()) <= 1 << 17


def test_names_of_columns_are_inert_in_xml() -> None:
    text = b"".join(write(Answer(['a"/><x'], [("<urn:x>",)]), "xml"))
    assert b'<variable name="a&quot;/&gt;&lt;x"/>' in text and b"<x" not in text


def test_a_store_that_is_slow_or_away(fake) -> None:
    import time

    fake.answer = lambda _: time.sleep(1) or (200, JSON, rows())
    with Client(fake.url, timeout=0.2) as client, pytest.raises(StoreError, match=r"did not answer within 0.2 s"):
        select(client, fake.url, Question.of(ROWS))
    with Client("http://127.0.0.1:9/", tries=1) as client, pytest.raises(StoreError, match="nothing listens there"):
        select(client, "http://127.0.0.1:9/", Question.of(ROWS))


CAPPED = {**JSON, "X-SPARQL-MaxRows": "10", "Server": "Virtuoso/07.20"}
TEN = rows(*[{"a": uri(f"urn:{number}")} for number in range(10)])


def test_an_answer_that_was_cut_off_is_an_error_after_its_rows(fake) -> None:
    fake.answer = (200, CAPPED, TEN)
    with Client(fake.url) as client:
        answer = select(client, fake.url, Question.of(ROWS))
        pieces = []
        with pytest.raises(StoreError, match=r"it cuts answers off at 10, and 10 rows came; page the query"):
            pieces.extend(write(answer, "csv"))
    assert b"".join(pieces).count(b"urn:") == 10, "what came is given"
    assert len(ask(fake, ROWS + " LIMIT 10")[2]) == 10
    with pytest.raises(StoreError, match="cuts answers off"):
        ask(fake, "SELECT ?a { { SELECT ?a { ?a ?p ?b } LIMIT 10 } ?a ?p ?b } LIMIT 11")


def test_a_number_of_rows_that_looks_like_a_cap_is_doubted(fake) -> None:
    fake.answer = (200, JSON, rows(*[{} for _ in range(1000)]))
    doubts = []
    ask(fake, doubt=doubts.append)
    ask(fake, ROWS + " LIMIT 1000", doubt=doubts.append)
    assert len(doubts) == 1 and "just 1000 rows came, a number that looks like a cap" in doubts[0]


@pytest.mark.parametrize(
    ("server", "triples", "cut", "doubted"),
    [
        ("Virtuoso/7", 10_001, True, 0),
        ("Virtuoso/7", 9_999, False, 0),
        ("Oxigraph", 10_000, False, 1),
        ("x", 7, False, 0),
    ],
)
def test_a_graph_that_was_cut_off(fake, server, triples, cut, doubted) -> None:
    text = b"<urn:a> <urn:b> <urn:c> .\n" * triples
    fake.answer = (200, {"Content-Type": "application/n-triples", "Server": server}, text)
    doubts, into = [], io.BytesIO()
    with Client(fake.url) as client:
        format_, error = fetch(client, fake.url, Question.of("CONSTRUCT WHERE { ?a ?b ?c }"), into, doubt=doubts.append)
    assert (format_.name, error is not None, len(doubts)) == ("ntriples", cut, doubted)
    assert into.getvalue() == text
    assert fake.asked[0].headers["accept"] == "application/n-triples, text/turtle;q=0.7, application/rdf+xml;q=0.3"


def test_an_answer_of_any_size_takes_little_memory(fake) -> None:
    row = json.dumps({"a": uri("urn:" + "x" * 200), "b": {"type": "literal", "value": "y" * 200}}).encode()
    count = 40_000
    head = b'{"head":{"vars":["a","b"]},"results":{"bindings":['
    size = len(head) + count * (len(row) + 1) - 1 + 3
    fake.answer = lambda _: (200, {**JSON, "Content-Length": str(size)}, pieces())

    class pieces(list):  # noqa: N801 - made while it is sent
        def __iter__(self):
            yield head
            for number in range(count):
                yield row + b"," * (number < count - 1)
            yield b"]}}"

    with Client(fake.url) as client:
        tracemalloc.start()
        found = sum(1 for _ in select(client, fake.url, Question.of(ROWS)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert found == count
    assert peak < 2_000_000 < size, f"{peak} bytes for an answer of {size}"


def test_the_connection_is_kept_and_survives_half_read_answers(fake) -> None:
    fake.answer = (200, JSON, TEN)
    with Client(fake.url, tries=1) as client:
        for _ in range(3):
            assert len(list(select(client, fake.url, Question.of(ROWS)))) == 10
        next(iter(select(client, fake.url, Question.of(ROWS))))
        assert len(list(select(client, fake.url, Question.of(ROWS)))) == 10


@pytest.mark.parametrize("form", [name for name in FORMS if name not in {"turtle", "ntriples"}])
def test_every_form_shows_no_control_character_and_every_row(fake, form) -> None:
    fake.answer = (200, JSON, rows({"a": {"type": "literal", "value": "=1\t<&>\"'é"}}, {"b": uri("urn:x")}))
    with Client(fake.url) as client:
        text = b"".join(write(select(client, fake.url, Question.of(ROWS)), form)).decode()
    wanted = {
        "table": "a          b\n---------  -----\n=1\\u0009<&>\"'é\n           urn:x\n(2 rows)\n",
        "csv": 'a,b\r\n"\'=1\t<&>""\'é",\r\n,urn:x\r\n',
        "tsv": '?a\t?b\n"=1\\t<&>\\"\'é"\t\n\t<urn:x>\n',
    }
    if form == "table":
        assert "\t" not in text and text.endswith("(2 rows)\n")
    elif form in wanted:
        assert text == wanted[form]
    else:
        again = select_from(text, form)
        assert list(again) == [('"=1\\t<&>\\"\'é"', None), (None, "<urn:x>")]


def select_from(text, form):
    from kg.read.results import read_json
    from kg.read.results_xml import read_xml

    read = {"json": read_json, "xml": read_xml}[form]
    answer = read(iter([text.encode()]))
    assert isinstance(answer, Answer) and answer.columns == ("a", "b")
    return answer


ATTACKS = [
    'x" } ; DROP ALL #',
    "\\u0022 } #",
    '\\" } #',
    "'''\"\"\"",
    "a\nb\r\tc",
    "\\",
    "é𝄞\u2028",
    "?l $l %s {{}}",
    "--; <>",
]


def test_bound_values_are_inert_in_real_stores(store) -> None:
    url = store.url if store.dialect == "virtuoso" else f"{store.url}/query"
    update = url.replace("/sparql", "/sparql-auth") if store.dialect == "virtuoso" else f"{store.url}/update"
    lines = [f"<urn:ask:{number}> <urn:ask:label> {terms.literal(text)} ." for number, text in enumerate(ATTACKS)]
    with Client(update, auth.found(update, environ=store.environ)) as client:
        text = f"INSERT DATA {{ GRAPH <urn:ask> {{ {' '.join(lines)} }} }}"
        client.request("POST", update, {"Content-Type": "application/sparql-update"}, text.encode(), step="update")
    question = Question.of("SELECT ?s ?l { GRAPH <urn:ask> { ?s <urn:ask:label> ?l } }")
    with Client(url) as client:
        for number, text in enumerate(ATTACKS):
            bound = question.bind({"l": terms.literal(text)})
            assert list(select(client, url, bound)) == [(f"<urn:ask:{number}>", terms.literal(text))], text
        assert len(list(select(client, url, question))) == len(ATTACKS)


def test_virtuoso_cuts_off_and_is_found_out(virtuoso) -> None:
    query = (
        "SELECT ?n { VALUES ?a {" + " ".join(map(str, range(101))) + "} VALUES ?b {" + " ".join(map(str, range(100)))
    )
    query += "} BIND(?a * 100 + ?b AS ?n) }"
    with (
        Client(virtuoso.url) as client,
        pytest.raises(StoreError, match="it cuts answers off at 10000, and 10000 rows came"),
    ):
        list(select(client, virtuoso.url, Question.of(query)))
