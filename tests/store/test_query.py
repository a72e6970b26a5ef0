"""`kg query --endpoint` from end to end, on real stores and on ones that behave badly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.parse import parse_qs

import pytest

JSON = {"Content-Type": "application/sparql-results+json"}
SECRET = "s3cret-of-a-test"  # noqa: S105 - one of a test


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    code = "from kg.cli import kg; kg(prog_name='kg')"
    command = [sys.executable, "-c", code, "query", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


def test_rows_and_graphs_of_a_real_store(store) -> None:
    rows = run(
        "--endpoint",
        store.url,
        "-q",
        "SELECT ?x { VALUES ?x { 'ü' 2 } } ORDER BY ?x",
        "--output",
        "tsv",
        **store.environ,
    )
    assert rows.returncode == 0, rows.stderr
    assert sorted(rows.stdout.splitlines()) == ['"2"^^<http://www.w3.org/2001/XMLSchema#integer>', '"ü"', "?x"]
    text = "CONSTRUCT { <urn:a> skos:prefLabel ?x } { VALUES ?x { 'ü'@de } }"
    graph = run("--endpoint", store.url, "-q", text, "--output", "turtle", **store.environ)
    assert graph.returncode == 0, graph.stderr
    assert '<urn:a> skos:prefLabel "ü"@de .' in graph.stdout
    assert run("--endpoint", store.url, "-q", "ASK {}", **store.environ).stdout == "yes\n"
    wrong = run("--endpoint", store.url, "-q", "SELECT nonsense", **store.environ)
    assert (wrong.returncode, wrong.stdout) == (3, "") and "query: the store cannot read it: " in wrong.stderr


def test_a_wrong_password_is_told_and_no_secret_shown(virtuoso) -> None:
    url = virtuoso.url.replace("/sparql", "/sparql-auth")
    done = run("--endpoint", url, "-q", "ASK {}", KG_STORE_USER="dba", KG_STORE_PASSWORD=SECRET, KG_DEBUG="1")
    assert (done.returncode, done.stdout) == (3, "")
    assert "it answered 401" in done.stderr and "check user and password" in done.stderr
    assert SECRET not in done.stderr


def test_a_bound_value_and_the_dataset_are_sent(fake) -> None:
    fake.answer = (200, JSON, b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')
    asked = ["-q", "SELECT ?s { ?s ?p ?v }", "--bind", 'v="} ; DROP ALL #"@en']
    done = run("--endpoint", fake.url, *asked, "--graph", "urn:g", "--named-graph", "urn:n")
    assert (done.returncode, done.stderr) == (0, "")
    sent = parse_qs(fake.asked[0].body.decode())
    assert sent["query"][0].endswith('SELECT ?s { VALUES ?v { "} ; DROP ALL #"@en } ?s ?p ?v }')
    assert (sent["default-graph-uri"], sent["named-graph-uri"]) == (["urn:g"], ["urn:n"])


def test_rows_that_came_before_the_end_are_printed(fake) -> None:
    rows = [{"s": {"type": "uri", "value": f"urn:{number}"}} for number in range(5)]
    text = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": rows}}).encode()
    fake.answer = (200, {**JSON, "Content-Length": str(len(text))}, [text[:-60], None])
    for form in ("csv", "tsv", "table"):
        done = run("--endpoint", fake.url, "-q", "SELECT ?s { ?s ?p ?o }", "--output", form)
        assert done.returncode == 3 and done.stdout.count("urn:") == 3
        assert "Traceback" not in done.stderr and f"{fake.url}: query: " in done.stderr


def test_a_graph_that_cannot_be_read_names_the_store(fake) -> None:
    fake.answer = (200, {"Content-Type": "text/turtle"}, b"<urn:a> <urn:b> .\n")
    done = run("--endpoint", fake.url, "-q", "DESCRIBE <urn:a>", "--output", "turtle")
    assert done.returncode == 3 and f"{fake.url}: query: its graph cannot be read: line 1: " in done.stderr
    assert "/tmp" not in done.stderr  # noqa: S108 - the name of the file aside says nothing to anybody


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_a_graph_in_each_syntax(fake, media_type) -> None:
    texts = {
        "text/turtle": "@prefix e: <urn:> . e:a e:b [ e:c 'd'@en-gb ] .",
        "application/n-triples": '<urn:a> <urn:b> _:x .\n_:x <urn:c> "d"@en-gb .\n',
        "application/rdf+xml": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">
            <rdf:Description rdf:about="urn:a"><e:b rdf:parseType="Resource"><e:c xml:lang="en-gb">d</e:c></e:b>
            </rdf:Description></rdf:RDF>""",
    }
    fake.answer = (200, {"Content-Type": media_type}, texts[media_type].encode())
    done = run("--endpoint", fake.url, "-q", "DESCRIBE <urn:a>", "--output", "ntriples")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 2 and '"d"@en-GB' in done.stdout


def test_a_secret_over_plain_http_to_another_host_is_warned_of() -> None:
    done = run("--endpoint", "http://store.invalid/sparql", "-q", "ASK {}", KG_STORE_TOKEN=SECRET)
    assert done.returncode == 3 and "warning: the secret goes to store.invalid unprotected" in done.stderr
    assert "there is no host of that name" in done.stderr and SECRET not in done.stderr


def test_a_slow_store_is_told_with_the_option_of_this_command(fake) -> None:
    import time

    fake.answer = lambda _: time.sleep(1.5) or (200, JSON, b"{}")
    done = run("--endpoint", fake.url, "-q", "ASK {}", "--timeout", "0.5")
    assert done.returncode == 3 and "it did not answer within 0.5 s; raise --timeout; ask again" in done.stderr


def test_what_kg_load_put_there_is_asked_by_its_name(store) -> None:
    code = "from kg.cli import kg; kg(prog_name='kg')"
    vocabulary, environ = "https://w3id.org/kgexport/ai/", {**os.environ, **store.environ}
    for version in ("1", "2"):
        words = ["load", "--to", store.url, "--vocabulary", vocabulary, "--version", version]
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
        assert done.returncode == 0, done.stderr
    url = store.url.replace("/sparql", "/sparql-auth")
    asked = ["--endpoint", url, "--vocabulary", vocabulary, "--name", "cq05", "--output", "csv"]
    found = run(*asked, **store.environ)
    assert found.returncode == 0, found.stderr
    assert sorted(found.stdout.split()) == ["BERT", "CLIP", "DALL-E", "GPT", "GPT-3", "model"]
    away = run("--endpoint", url, "--vocabulary", "https://e.org/none> } #", "-q", "ASK {}", **store.environ)
    assert away.returncode == 2 and "is no term" in away.stderr


def test_a_store_cannot_steer_the_terminal(fake) -> None:
    for answer in (
        (200, {"Content-Type": "text/\x1b[2J"}, b""),
        (302, {"Location": "http://e.org/\x1b[2J"}, b""),
        (400, {}, b"\x1b[2J\xc2\x9b2J"),
        (206, {**JSON, "X-SQL-Message": "\x1b[2J"}, b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'),
    ):
        fake.answer = answer
        done = run("--endpoint", fake.url, "-q", "SELECT ?s { ?s ?p ?o }")
        assert done.returncode == 3 and "\x1b" not in done.stderr + done.stdout and "\x9b" not in done.stderr
