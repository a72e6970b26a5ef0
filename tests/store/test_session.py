"""Stores as they are opened: directories that stay as they are, URLs of each dialect, and the table of the docs."""

from __future__ import annotations

import re

import pytest

from kg.cli.query import Place, answer_store
from kg.errors import QueryError, SourceError, StoreError
from kg.query import query_store
from kg.store.dialect import BUILT_IN, endpoints, graph_url
from kg.store.endpoint import current
from kg.store.session import connect


def opened(path, **how):
    return connect(str(path), None, lambda: None, 5, **how)


@pytest.fixture
def kept(tmp_path):
    """Give the directory of a store that holds one statement."""
    with opened(tmp_path / "kept") as store:
        store.add("urn:g", [b"<urn:a> <urn:b> <urn:c> .\n"], "load")
    return tmp_path / "kept"


def test_a_folder_without_a_store_stays_as_it_is(tmp_path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for how in ({"makes": False}, {"makes": False, "writes": False}):
        with pytest.raises(StoreError, match="open: no store of pyoxigraph is there; check the path"):
            opened(folder, **how)
    with opened(folder, writes=False) as store, opened(tmp_path / "none", writes=False) as other:
        assert [one.rows("SELECT ?s { ?s ?p ?o }", "query", 1) for one in (store, other)] == [[], []]
        assert store.name == str(folder)
    assert not list(folder.iterdir()) and not (tmp_path / "none").exists()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="no store of pyoxigraph is there"):
        opened(folder, writes=False)
    with pytest.raises(StoreError, match="no store of pyoxigraph is there"):
        opened(folder / "letter.txt", makes=False, writes=False)
    assert [file.name for file in folder.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("makes", [True, False])
def test_who_only_reads_changes_nothing(kept, makes) -> None:
    with opened(kept, makes=makes, writes=False) as store, opened(kept, makes=makes, writes=False) as twin:
        for one in (store, twin):
            assert one.rows("SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } }", "query", 1) == [("<urn:a>",)]
        with pytest.raises(StoreError):
            store.update("CLEAR ALL", "update")
    with opened(kept, makes=False) as store:
        store.update("CLEAR ALL", "update")
        assert store.rows("SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } }", "query", 1) == []


def test_named_graphs_alone_leave_the_default_graph_empty(kept) -> None:
    """SPARQL 1.1 Query Language, section 13.2."""
    with opened(kept) as store:
        store.update("INSERT DATA { <urn:d> <urn:b> <urn:c> }", "update")

    def found(text, **chosen):
        return [row[0] for row in query_store(str(kept), text, **chosen)]

    plain, apart = "SELECT ?s { ?s ?p ?o }", "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
    assert (found(plain), found(apart)) == (["<urn:d>"], ["<urn:a>"])
    assert (found(plain, named=["urn:g"]), found(apart, named=["urn:g"])) == ([], ["<urn:a>"])
    assert (found(plain, graphs=["urn:g"]), found(apart, graphs=["urn:g"])) == (["<urn:a>"], [])


def test_a_folder_that_is_no_store_is_told_in_one_sentence(tmp_path) -> None:
    with pytest.raises(SourceError, match=r"the store cannot be read \(.*[^)]\)$"):
        query_store(str(tmp_path), "ASK {}")


@pytest.mark.parametrize(
    ("name", "url", "wanted"),
    [
        ("generic", "http://h/sparql/", ["http://h/sparql/", "http://h/sparql/", ""]),
        ("generic", "http://h/sparql?x=1", ["http://h/sparql?x=1", "http://h/sparql?x=1", ""]),
        ("oxigraph", "http://h/?x=1", ["http://h/query?x=1", "http://h/update?x=1", "http://h/store?x=1"]),
        ("oxigraph", "http://h/a/query/?x=1", ["http://h/a/query/?x=1", "http://h/a/update?x=1", "http://h/a/store?x=1"]),
        ("graphdb", "http://h/repositories/a/", ["http://h/repositories/a/", "http://h/repositories/a/statements",
                                                 "http://h/repositories/a/rdf-graphs/service"]),
        ("neptune", "https://h:8182", ["https://h:8182/sparql"] * 2 + ["https://h:8182/sparql/gsp/"]),
        ("neptune", "https://h:8182/sparql/gsp", ["https://h:8182/sparql"] * 2 + ["https://h:8182/sparql/gsp/"]),
    ],
)  # fmt: skip
def test_the_urls_of_a_store(name, url, wanted) -> None:
    assert list(endpoints(BUILT_IN[name], url)) == wanted


def test_the_url_of_a_graph_keeps_the_query() -> None:
    assert graph_url(BUILT_IN["oxigraph"], "http://h/store", "urn:g#", "no") == "http://h/store?graph=urn%3Ag%23&no"
    assert graph_url(BUILT_IN["oxigraph"], "http://h/store?x=1", "urn:g") == "http://h/store?x=1&graph=urn%3Ag"


def test_the_table_of_the_docs_is_that_of_the_dialects(root) -> None:
    text = (root / "docs" / "stores.md").read_text("utf-8").partition("## Dialects")[2]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in re.findall(r"^\| `.*", text, re.MULTILINE)]
    assert [name for name, *_ in rows] == list(BUILT_IN)
    for name, _, standing, default, fixed in rows:
        dialect = BUILT_IN[name]
        assert standing == ("verified" if dialect.verified else "documented"), name
        assert default.startswith("union") == dialect.union, name
        assert (fixed == "in one step") == dialect.atomic, name


def test_another_catalogue_tells_what_is_current(kept, capsysbinary) -> None:
    said = "<https://e.org/v> <http://www.w3.org/ns/dcat#hasCurrentVersion> <urn:g> ."
    with opened(kept) as store:
        store.update(f"INSERT DATA {{ GRAPH <urn:other> {{ {said} }} }}", "update")
    given = {
        "endpoint": None,
        "auth_file": None,
        "dialect": None,
        "vocabulary": "https://e.org/v",
        "graphs": (),
        "named": (),
    }
    text = "SELECT ?s { ?s ?p ?o }"
    answer_store(str(kept), text, {}, "csv", Place({**given, "catalogue": "urn:other"}))
    assert capsysbinary.readouterr().out == b"s\r\nurn:a\r\n"
    with pytest.raises(StoreError, match=r"no current version of https://e.org/v; .* --catalogue names another"):
        answer_store(str(kept), text, {}, "csv", Place({**given, "catalogue": None}))
    with pytest.raises(QueryError, match=r"catalogue: .* is no term"):
        current(lambda _: [], "store", "https://e.org/v", "urn:x> {} } #")


def test_the_commands_ask_the_catalogue_that_is_named(fake) -> None:
    from click.testing import CliRunner

    from kg.cli import kg

    fake.answer = (
        200,
        {"Content-Type": "application/sparql-results+json"},
        b'{"head":{"vars":["graph"]},"results":{"bindings":[]}}',
    )
    more = ["--endpoint", fake.url, "--vocabulary", "https://e.org/v", "--catalogue", "urn:other"]
    for words in (["query", "-q", "ASK {}"], ["validate"]):
        done = CliRunner().invoke(kg, [*words, *more])
        assert done.exit_code == 3 and "no current version" in done.output, done.output
        assert b"GRAPH+%3Curn%3Aother%3E" in fake.asked.pop().body
        assert not fake.asked
    done = CliRunner().invoke(kg, ["query", "-q", "ASK {}", "--catalogue", "urn:other"])
    assert done.exit_code == 2 and "choose among the graphs of a store" in done.output
    done = CliRunner().invoke(kg, ["validate", "--catalogue", "urn:other"])
    assert done.exit_code == 2 and "name it with --endpoint" in done.output
