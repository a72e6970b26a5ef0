"""The W3C's tests of the SPARQL 1.1 protocols, as far as they say what a client does.

Each query test is asked by our client of a real store: its query and its dataset must
arrive, whatever way of sending them the test shows, and its answer must come out. Tests
of requests that no client of ours sends are named with the reason.
"""

from __future__ import annotations

import io
import itertools
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

import pyoxigraph
import pytest

from kg.errors import StoreError
from kg.question import Question
from kg.store.dialect import BUILT_IN
from kg.store.protocol import Client
from kg.store.select import fetch, select
from kg.store.session import Server

PREFIXES = """PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX ht: <http://www.w3.org/2011/http#> PREFIX cnt: <http://www.w3.org/2011/content#>
PREFIX ut: <http://www.w3.org/2009/sparql/tests/test-update#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> """

QUERIES = [
    "query_post_form", "query_dataset_default_graphs_get", "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post", "query_dataset_named_graphs_get", "query_dataset_full", "query_multiple_dataset",
    "query_get", "query_content_type_select", "query_content_type_ask", "query_content_type_describe",
    "query_content_type_construct", "query_post_direct",
]  # fmt: skip
UPDATES = {"update_post_form": True, "update_post_direct": False}
REFUSED = ["bad_query_syntax", "bad_update_syntax"]
NEVER_SENT = {
    "update_dataset_default_graph": "our updates name their graphs themselves",
    "update_dataset_default_graphs": "our updates name their graphs themselves",
    "update_dataset_named_graphs": "our updates name their graphs themselves",
    "update_dataset_full": "our updates name their graphs themselves",
    "update_base_uri": "our updates hold absolute IRIs only",
    "bad_query_method": "queries go by POST",
    "bad_multiple_queries": "one request, one query",
    "bad_query_wrong_media_type": "the media type is always that of a form",
    "bad_query_missing_form_type": "the media type is always told",
    "bad_query_missing_direct_type": "the media type is always told",
    "bad_query_non_utf8": "text is always sent as UTF-8",
    "bad_update_get": "updates go by POST",
    "bad_multiple_updates": "one request, one update",
    "bad_update_wrong_media_type": "the media type is that of the dialect",
    "bad_update_missing_form_type": "the media type is always told",
    "bad_update_non_utf8": "text is always sent as UTF-8",
    "bad_update_dataset_conflict": "our updates name their graphs themselves",
}


class Test(NamedTuple):
    """One request of a test: its parameters and the answer that is expected."""

    __test__ = False
    query: str
    graphs: list[str]
    named: list[str]
    truth: bool | None


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "conf-rdf-tests" / "sparql" / "sparql11"


@pytest.fixture(scope="module")
def manifest(folder):
    store = pyoxigraph.Store()
    base = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest"
    store.load(path=folder / "protocol" / "manifest.ttl", format=pyoxigraph.RdfFormat.TURTLE, base_iri=base)
    return store


def requests(manifest, name):
    found = manifest.query(
        PREFIXES + f"""SELECT ?path ?method ?text ?type ?truth WHERE {{
        ?test mf:action/ht:requests/rdf:rest*/rdf:first ?request FILTER(STRENDS(STR(?test), "#{name}"))
        ?request ht:absolutePath ?path ; ht:methodName ?method .
        OPTIONAL {{ ?request ht:body/cnt:chars ?text }} OPTIONAL {{ ?request ht:resp/mf:expectedBoolean ?truth }}
        OPTIONAL {{ ?request ht:headers/rdf:rest*/rdf:first ?header .
          ?header ht:fieldName "content-type" ; ht:fieldValue ?type }} }}"""
    )  # fmt: skip
    return [
        {key: row[key].value if row[key] else None for key in ("path", "method", "text", "type", "truth")}
        for row in found
    ]


def read(request) -> Test:
    """Take the query and the dataset out of a request, in whichever way they are sent."""
    pairs = parse_qsl(urlsplit(request["path"]).query)
    if request["type"] and "urlencoded" in request["type"]:
        pairs += parse_qsl(request["text"])
    elif request["text"]:
        pairs.append(("query", request["text"]))

    def all_of(name):
        return [value for key, value in pairs if key == name]

    truth = None if request["truth"] is None else request["truth"] == "true"
    return Test(all_of("query")[0], all_of("default-graph-uri"), all_of("named-graph-uri"), truth)


def test_every_test_is_run_or_named_with_a_reason(manifest) -> None:
    found = manifest.query(PREFIXES + "SELECT ?t { ?t a mf:ProtocolTest }")
    names = sorted(row["t"].value.rpartition("#")[2] for row in found)
    assert names == sorted([*QUERIES, *UPDATES, *REFUSED, *NEVER_SENT])


@pytest.fixture
def graphs(oxigraph, folder):
    """Put the data of the tests into the store, under the names the tests give them."""
    with Client(oxigraph.url) as client:
        for number in (1, 2, 3):
            name = quote(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf", safe="")
            text = (folder / "protocol" / f"data{number}.nt").read_bytes()
            client.request("PUT", f"{oxigraph.url}/store?graph={name}", {"Content-Type": "application/n-triples"}, text)
    return oxigraph


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_and_its_dataset_arrive_and_its_answer_comes(name, manifest, graphs, fake) -> None:
    (request,) = requests(manifest, name)
    wanted = read(request)
    question, endpoint = Question.of(wanted.query), f"{graphs.url}/query"
    dataset = {"graphs": wanted.graphs, "named": wanted.named}
    fake.answer = (200, {"Content-Type": "text/html"}, b"")
    with Client(fake.url) as client, pytest.raises(StoreError):
        select(client, fake.url, question, **dataset)
    (asked,) = fake.asked
    assert read({"path": asked.target, "text": asked.body.decode(), "type": asked.headers["content-type"],
                 "truth": request["truth"]}) == wanted  # fmt: skip
    with Client(endpoint) as client:
        if question.form in {"SELECT", "ASK"}:
            answer = select(client, endpoint, question, **dataset)
            assert answer.truth == wanted.truth or name == "query_content_type_ask"
            assert (answer.truth is None) == (question.form == "SELECT")
        else:
            format_, cut = fetch(client, endpoint, question, io.BytesIO(), **dataset)
            assert (format_.name, cut) == ("ntriples", None)


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_is_sent_as_the_test_sends_it(name, manifest, fake) -> None:
    first, *rest = sorted(requests(manifest, name), key=lambda request: "ASK" in (request["text"] or ""))
    fake.answer = (204, {}, b"")
    with Server(fake.url, BUILT_IN["generic"]._replace(update_form=UPDATES[name]), lambda: None, 10) as server:
        text = dict(parse_qsl(first["text"]))["update"] if UPDATES[name] else first["text"]
        server.update(text, "update")
    (asked,) = fake.asked
    assert (asked.method, asked.headers["content-type"]) == (first["method"], first["type"])
    assert asked.body.decode() == first["text"] or parse_qsl(asked.body.decode()) == parse_qsl(first["text"])
    assert len(rest) <= 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_store_refuses_is_told(name, manifest, oxigraph) -> None:
    (request,) = requests(manifest, name)
    with Server(oxigraph.url, BUILT_IN["oxigraph"], lambda: None, 10) as server:
        if "update" in name:
            with pytest.raises(StoreError, match="it answered 400") as told:
                server.update(request["text"], "update")
        else:
            # Told as no query before it is sent; asked all the same, the store cannot read it.
            question = Question.of("SELECT " + read(request).query)
            with pytest.raises(StoreError, match="the store cannot read it") as told:
                select(server.client, server.endpoints.query, question)
    assert told.value.exit_code == 3


#: Of the graph-store tests, those of indirect identification: ``?graph=IRI`` is how our loads name a graph.
STEPS = ["put_get_repeat_indirect", "put_delete_get_delete_indirect", "post_get_post_get_indirect"]


def test_a_graph_is_made_added_to_read_and_removed(oxigraph, folder) -> None:
    """What put_get_repeat, post_get_post_get and put_delete_get_delete (indirect) ask, with our requests."""
    text = (folder / "graph-store-protocol" / "manifest-indirect.ttl").read_text()
    assert all(f"gsp:{name} " in text for name in STEPS)
    graph, added = "http://www.example/gsp/person/1", itertools.count(1)
    with Server(oxigraph.url, BUILT_IN["oxigraph"], lambda: None, 10) as server:
        count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        for _ in range(2):
            lines = [b"<urn:a> <urn:p> <urn:b> .\n", f'<urn:a> <urn:n> "{next(added)}" .\n'.encode()]
            server.add(graph, lines, "load")
            server.add(graph, lines, "load")
        assert str(server.rows(count, "count", 1)[0][0]).startswith('"3"')
        for _ in range(2):
            server.update(f"DROP SILENT GRAPH <{graph}>", "unload")
        assert str(server.rows(count, "count", 1)[0][0]).startswith('"0"')
