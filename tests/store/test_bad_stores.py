"""Stores that are away, full, closed or odd: one line that names store, step and remedy, and the old version intact."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from proxy import between

KG = Path(sys.executable).parent / "kg"
_NUMBERS = itertools.count()
#: What looks like SPARQL, in the id of a term and in its label.
LINE = '<urn:c:\');DROP%20ALL;(#1> <urn:p:p> "} } ; DROP ALL ; # \\" \\\\ ?x <urn:x> }!"@en .\n'


def kg(environ, *words, code=0):
    environ = {**os.environ, **environ, "NO_COLOR": "1"}
    done = subprocess.run([KG, *map(str, words)], env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr and "s3cret" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def begun(store, tmp_path):
    """Give the call that loads a second version beside a first one, which has to stay."""
    vocabulary = f"https://e.org/bad{next(_NUMBERS)}"
    file = tmp_path / "v.nt"
    file.write_text(LINE)
    named = ("--vocabulary", vocabulary)
    kg(store.environ, "load", file, "--to", store.url, *named, "--version", "1")
    file.write_text(LINE + '<urn:c:2> <urn:p:p> "two!"@en .\n')

    def load(url, **environ):
        words = ("load", file, "--to", url, *named, "--version", "2")
        return kg({**store.environ, **environ}, *words, code=3)

    yield load
    kept = kg(store.environ, "versions", "--at", store.url, *named)
    assert "* 1  complete  1  " in kept
    assert "equal: " in kg(store.environ, "verify", "--at", store.url, *named)


#: The fault, the request from which on it strikes, the step and the remedy in the message.
FAULTS = {
    "full": (3, "No space left on device; the store is full: make room"),
    "html": (1, "it answered with an HTML page; give the URL of its query endpoint"),
    "altering": (
        0,
        "verify: it does not hold what was sent: <urn:p:p>: 2 statements, as many as there should be, of which",
    ),
    "capped": (1, "it cuts answers off at 1, and "),
    "rude": (1, "it answered text/csv, and SPARQL results in JSON or XML was asked for; it takes no notice of Accept"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_that_fails(begun, store, fault):
    at, words = FAULTS[fault]
    port = int(store.url.split(":")[2].split("/")[0])
    with between(port) as proxy:
        url = store.url.replace(str(port), str(proxy.server_port))
        proxy.plan(fault, at, times=10_000)
        shown = begun(url)
    assert shown.startswith(f"kg load: {url}: ") and words in shown and "; " in shown


def test_a_store_that_is_away(begun):
    assert "http://127.0.0.1:9: detect: nothing listens there; start the store" in begun("http://127.0.0.1:9")
    assert "detect: there is no host of that name; check the URL" in begun("http://store.invalid/sparql")


@pytest.mark.parametrize("store", ["virtuoso"], indirect=True)
def test_a_wrong_password(begun, store):
    shown = begun(store.url, KG_STORE_PASSWORD="another-s3cret", KG_DEBUG="1")  # noqa: S106 - a wrong one
    assert "it answered 401" in shown and "check user and password" in shown


def test_syntax_of_sparql_in_names_is_inert(store, tmp_path):
    vocabulary = f"https://e.org/inert{next(_NUMBERS)}"
    file, version = tmp_path / "v.nt", '1" } ; DROP ALL ; #'
    file.write_text(LINE)
    named = ("--vocabulary", vocabulary)
    for catalogue in ((), ("--diff",)):
        kg(
            store.environ,
            "load",
            file,
            "--to",
            store.url,
            *named,
            "--version",
            version + "x" * len(catalogue),
            *catalogue,
        )
    assert f"{version}  complete  1  <{vocabulary}/version/1%22%20%7D" in kg(
        store.environ, "versions", "--at", store.url, *named
    )
    assert "equal: " in kg(store.environ, "verify", file, "--at", store.url, *named)
    refused = ("load", file, "--to", store.url, "--vocabulary", "urn:x> } DROP ALL #", "--version", "1")
    assert "is no IRI" in kg(store.environ, *refused, code=2)
