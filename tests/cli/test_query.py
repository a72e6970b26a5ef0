"""`kg query`: files, stores in a directory, endpoints; every form; what is told when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph
import pytest

from kg.cli.query import query
from kg.write.results import FORMS, GRAPHS

DATA = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:a> a skos:Concept ; skos:prefLabel "A\\u001b[2J, \\"quoted\\""@en-GB ; skos:broader <urn:b> ; skos:notation 01 .
<urn:b> a skos:Concept ; skos:prefLabel "B" ."""


def run(*arguments: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from kg.cli import kg; kg(prog_name='kg')"
    command = [sys.executable, "-c", code, "query", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


def answered(*arguments: str | Path) -> str:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "data.ttl"
    path.write_text(DATA)
    return path


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "db"
    made = pyoxigraph.Store(str(path))
    made.bulk_load(DATA.encode(), pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode("urn:g"))
    lines = "".join(f'<urn:s{number}> <urn:p> "{number}" .\n' for number in range(3000))
    made.bulk_load(lines.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    made.flush()
    return path


def test_the_forms_are_those_of_the_table() -> None:
    option = next(option for option in query.params if option.name == "form")
    assert tuple(option.type.choices) == tuple(FORMS)
    assert set(GRAPHS) < set(FORMS)


LABELS = "SELECT ?c ?l ?n { ?c skos:prefLabel ?l OPTIONAL { ?c skos:notation ?n } } ORDER BY ?c"


def test_rows_in_every_form(file) -> None:
    table = answered(file, "-q", LABELS)
    assert "\x1b" not in table and "A\\u001b[2J" in table and table.endswith("(2 rows)\n")
    assert answered(file, "-q", LABELS, "--output", "csv").split("\n")[1] == 'urn:a,"A\x1b[2J, ""quoted""",01'
    tsv = answered(file, "-q", LABELS, "--output", "tsv").split("\n")
    assert tsv[1].startswith('<urn:a>\t"A\\u001B[2J, \\"quoted\\""@en-GB\t"01"^^')
    told = json.loads(answered(file, "-q", LABELS, "--output", "json"))
    assert told["results"]["bindings"][0]["l"] == {
        "type": "literal",
        "value": 'A\x1b[2J, "quoted"',
        "xml:lang": "en-GB",
    }
    xml = run(file, "-q", LABELS, "--output", "xml")
    assert xml.returncode == 3 and "it holds a sign that XML has not; choose another format" in xml.stderr
    good = answered(file, "-q", "SELECT ?l { <urn:b> skos:prefLabel ?l }", "--output", "xml")
    assert '<result><binding name="l"><literal>B</literal></binding></result>' in good


@pytest.mark.parametrize(
    ("form", "text"),
    [("table", "yes\n"), ("csv", "true\n"), ("tsv", "true\n"), ("json", '{"head": {}, "boolean": true}\n')],
)
def test_a_yes_in_every_form(file, form, text) -> None:
    assert answered(file, "-q", "ASK { ?c a skos:Concept }", "--output", form) == text
    assert "<boolean>false</boolean>" in answered(file, "-q", "ASK { ?c a <urn:x> }", "--output", "xml")


def test_a_graph_in_turtle_and_as_rows(file) -> None:
    text = "CONSTRUCT { ?c skos:altLabel ?l } { ?c skos:prefLabel ?l }"
    turtle = answered(file, "-q", text, "--output", "turtle")
    assert '<urn:b> skos:altLabel "B" .' in turtle and "@prefix skos:" in turtle
    lines = answered(file, "-q", text, "--output", "ntriples").splitlines()
    assert lines[1] == '<urn:b> <http://www.w3.org/2004/02/skos/core#altLabel> "B" .'
    assert answered(file, "-q", text, "--output", "csv").startswith("subject,predicate,object")
    assert "a skos:Concept" in answered(file, "-q", "DESCRIBE <urn:b>", "--output", "turtle")


def test_rows_are_no_graph(file) -> None:
    done = run(file, "-q", LABELS, "--output", "turtle")
    assert done.returncode == 2 and "turtle holds graphs: ask with CONSTRUCT or DESCRIBE" in done.stderr


@pytest.mark.parametrize("term", ["<urn:b>", "skos:Concept"])
def test_a_term_is_bound(file, term) -> None:
    found = run(file, "-q", "SELECT (COUNT(*) AS ?n) { ?c ?p ?v }", "--bind", f"v={term}", "--output", "csv").stdout
    assert found == "n\n" + {"<urn:b>": "1", "skos:Concept": "2"}[term] + "\n"


@pytest.mark.parametrize(
    "value",
    ['?v="x" } ; DROP ALL #"', "v=<urn:b> } #", "w=<urn:b>", "v=B", "v=nope:x", "v", "v=", 'v="a"@en } UNION {'],
)
def test_what_cannot_be_bound_is_told(file, value) -> None:
    done = run(file, "-q", "SELECT * { ?c ?p ?v }", "--bind", value)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_query_has_a_time_limit_even_without_sources() -> None:
    began = time.monotonic()
    done = run("-q", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "1")
    assert (done.returncode, done.stdout) == (3, "")
    assert "the query: took longer than 1 s (--timeout raises the cap)" in done.stderr
    assert time.monotonic() - began < 20


def test_an_update_is_refused(file) -> None:
    done = run(file, "-q", "INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert done.returncode == 2 and "INSERT changes data, and a query only reads" in done.stderr


def test_a_store_in_a_directory_is_asked_as_it_is(directory) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert answered(directory, "-q", count, "--output", "csv") == "n\n3000\n"
    assert answered(directory, "-q", count, "--graph", "urn:g", "--output", "csv") == "n\n6\n"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert answered(directory, "-q", named, "--output", "csv") == "n\n6\n"
    assert answered(directory, "-q", named, "--named-graph", "urn:x", "--output", "csv") == "n\n0\n"
    assert len(answered(directory, "-q", "SELECT * { ?s ?p ?o }", "--output", "tsv").splitlines()) == 3001
    assert answered(directory, "-q", "ASK { ?s ?p ?v }", "--bind", 'v="7"') == "yes\n"
    assert answered(directory, "-q", "CONSTRUCT WHERE { ?s ?p ?o }", "--output", "turtle").count("<urn:p>") == 3000


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-q", "SELECT * { SERVICE <http://e.org/> {} }"], 2, "SERVICE would ask another server"),
        (["-q", "SELECT nonsense"], 2, "the query cannot be read"),
        (["-q", "ASK {}", "--graph", "relative"], 2, "a graph is named by an absolute IRI"),
        (["other", "-q", "ASK {}"], 2, "is a store: it is asked alone"),
        (["-q", "ASK {}", "--vocabulary", "urn:v"], 3, "it has no current version of urn:v; kg versions lists"),
        (["-q", "ASK {}", "--endpoint", "http://127.0.0.1:9/"], 2, "give sources or --endpoint, not both"),
    ],
)
def test_what_is_wrong_with_a_store_is_told(directory, arguments, code, said) -> None:
    done = run(directory, *arguments)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_directory_that_is_no_whole_store_is_told(tmp_path) -> None:
    (tmp_path / "CURRENT").write_text("nothing")
    done = run(tmp_path, "-q", "ASK {}")
    assert done.returncode == 3 and "the store cannot be read" in done.stderr and "Traceback" not in done.stderr


def test_graphs_are_of_stores(file) -> None:
    done = run(file, "-q", "ASK {}", "--graph", "urn:g")
    assert done.returncode == 2 and "choose among the graphs of a store" in done.stderr


def test_an_endpoint_that_is_away_is_told() -> None:
    done = run("-q", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql", "--timeout", "3")
    assert (done.returncode, done.stdout) == (3, "")
    assert (
        "http://127.0.0.1:9/sparql: query: nothing listens there; start the store, or check host and port"
        in done.stderr
    )


def test_a_password_in_the_url_is_refused_and_not_shown() -> None:
    done = run("-q", "ASK {}", "--endpoint", "http://ann:s3cret@127.0.0.1:9/sparql", KG_DEBUG="1")
    assert done.returncode == 2 and "leave name and password out of the URL" in done.stderr
    assert "s3cret" not in done.stderr + done.stdout
