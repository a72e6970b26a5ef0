"""`kg validate --endpoint`, as a user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KG = Path(sys.executable).parent / "kg"
EXPORT = Path(__file__).parents[2] / "exports"
GRAPH = "https://w3id.org/kgexport/ai/version/command"


def kg(*words: object, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "NO_COLOR": "1", **more}
    done = subprocess.run([KG, *map(str, words)], env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def loaded(store) -> str:
    """Give the URL that takes queries, of a store that holds the shipped glossary."""
    kg("load", "--to", store.url, "--version", "command", **store.environ)
    return f"{store.url}/query" if store.dialect == "oxigraph" else store.url


def test_the_shipped_glossary_is_told_in_the_store_as_it_is_here(loaded) -> None:
    profiles = [word for name in ("skos", "glossary", "quality", "publication") for word in ("--profile", name)]
    here = json.loads(kg("validate", *profiles, "--report", "json", code=1).stdout)
    there = kg("validate", "--endpoint", loaded, "--graph", GRAPH, *profiles, "--report", "json", code=1)
    found = json.loads(there.stdout)
    assert "not run in a store: quality.in-link, quality.link-dead, quality.link-unasked" in there.stderr

    told = [one["message"] for one in found["findings"] if one["code"] == "store.not-run"]
    assert told == ["not run in a store: quality.in-link, quality.link-dead, quality.link-unasked"]

    def shown(report: dict) -> set:
        return {(one["code"], one["message"]) for one in report["findings"]}

    assert ("publication.license-missing", "“AI glossary” has no licence, so nobody may reuse it") in shown(found)
    # What is stated only once is told of what an export does not write out.
    assert {one for one in shown(here) if one[0].startswith(("skos", "publication"))} == {
        one for one in shown(found) if one[0].startswith(("skos", "publication"))
    }


def test_reports_severities_baseline_and_exit_codes_are_those_of_local_validation(loaded, tmp_path) -> None:
    at = ("validate", "--endpoint", loaded, "--graph", GRAPH, "--profile", "publication")
    assert "publication.license-missing" in kg(*at, code=1).stdout
    kg(*at, "--ignore", "publication.license-missing")
    kg(*at, "--severity", "publication.license-missing=info")
    kg(*at, "--baseline", tmp_path / "known.json", "--update-baseline")
    kg(*at, "--baseline", tmp_path / "known.json")
    kg(*at, "--report", "sarif", "-o", tmp_path / "found.sarif", code=1)
    assert json.loads((tmp_path / "found.sarif").read_text())["runs"]


def test_shapes_of_ones_own(loaded, tmp_path) -> None:
    shapes = tmp_path / "own.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<http://e.org/Short> a sh:NodeShape ; sh:targetClass skos:Concept ;\n"
        '  sh:property [ sh:path skos:prefLabel ; sh:maxLength 3 ; sh:message "too long" ] .\n'
    )
    at = ("validate", "--endpoint", loaded, "--graph", GRAPH, "--select", "shapes", "--shapes", shapes)
    done = kg(*at, code=1)
    assert "shapes.Short" in done.stdout
    assert "too long" in done.stdout
    shapes.write_text("<urn:x> <http://www.w3.org/ns/shacl#path> ( ")
    assert "own.ttl" in kg(*at, code=3).stderr


def test_the_current_version_of_a_vocabulary(store) -> None:
    kg("load", "--to", store.url, "--version", "command", **store.environ)
    url = f"{store.url}/query" if store.dialect == "oxigraph" else store.url
    at = ("validate", "--endpoint", url, "--profile", "skos")
    kg(*at, "--vocabulary", "https://w3id.org/kgexport/ai/")
    assert "no current version" in kg(*at, "--vocabulary", "https://e.org/none", code=3).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--endpoint", "file:///etc/passwd"), "http"),
        (("--endpoint", "http://localhost:1/", "some.ttl"), "leave the sources out"),
        (("--endpoint", "http://localhost:1/", "--fix"), "--fix is about sources"),
        (("--endpoint", "http://localhost:1/", "--diff"), "--diff is about sources"),
        (("--endpoint", "http://localhost:1/", "--engine", "pyshacl"), "--engine pyshacl is about sources"),
        (("--endpoint", "http://localhost:1/", "--lenient"), "--lenient is about sources"),
        (("--endpoint", "http://localhost:1/", "--from", "turtle"), "--from is about sources"),
        (("--endpoint", "http://localhost:1/", "--graph", "no iri"), "--graph no iri"),
        (("--endpoint", "http://localhost:1/", "--graph", "urn:a:b", "--vocabulary", "urn:a:b"), "leave --graph out"),
        (("--graph", "urn:a:b"), "name it with --endpoint"),
        (("--vocabulary", "urn:a:b", "--online"), "name it with --endpoint"),
    ],
)
def test_what_makes_no_sense_is_refused(words, said) -> None:
    assert said in kg("validate", *words, code=2).stderr


def test_an_empty_graph_is_no_pass(loaded) -> None:
    done = kg("validate", "--endpoint", loaded, "--graph", "urn:not:there", code=3)
    assert "there is no statement in <urn:not:there>" in done.stderr


def test_a_store_that_does_not_answer(fake) -> None:
    fake.answer = (404, {"Content-Type": "text/html"}, b"<html>")
    assert "404" in kg("validate", "--endpoint", fake.url, code=3).stderr
