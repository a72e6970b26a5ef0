"""Large files that go to the store while they are read: the same as over a Dataset, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import formats
from kg.dataset import Dataset
from kg.read.ntriples import blocks
from kg.report import Report
from kg.statement import Statement
from kg.store import sums
from kg.store.prepare import prepare
from kg.store.stream import Coming, OtherWay, digest_of, written
from kg.terms import literal

KG = Path(sys.executable).parent / "kg"
_XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = [
    *("<urn:a:b>", "<http://e.org/é>", "<http://e.org/a%20b#c>", "<http://www.w3.org/2001/XMLSchema#string>"),
    *(
        literal(text, tag)
        for text in ("", "a b", 'say "x" \\ \n\t\u0001', "é𝄞", "_:b", "<< ")
        for tag in (None, "en", "de-AT")
    ),
    *(literal(text, None, _XSD + kind) for text in ("01", "1", "1.10") for kind in ("integer", "decimal", "date")),
]
STATEMENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from(TERMS)), max_size=40)


def lines(found):
    return [f"<urn:s:{s}> <urn:p:{p}> {o} .\n" for s, p, o in found]


@given(found=STATEMENTS, kind=st.sampled_from(["oxigraph", "virtuoso", "unknown"]))
def test_a_stream_comes_to_the_same_as_a_dataset(tmp_path_factory, found, kind):
    folder = tmp_path_factory.mktemp("stream")
    (folder / "v.nt").write_text("".join(lines(found)))
    dataset = Dataset(Statement(*line[:-3].split(" ", 2)) for line in lines(found))
    other = prepare(dataset, kind, "urn:b:b", str(folder / "o.nt"))
    try:
        ready, _ = written(str(folder / "v.nt"), None, None, kind, str(folder / "w.nt"))
    except OtherWay:
        assert any(sign in line for line in lines(found) for sign in (" _:", " <<", '"_:', '"<< ')) or not found
        return
    assert ready.sums == other.sums and sums.digest(ready.sums) == sums.digest(other.sums)
    assert sorted(ready.altered) == sorted(other.altered)
    assert set((folder / "w.nt").read_text().splitlines()) == set((folder / "o.nt").read_text().splitlines())


@given(found=STATEMENTS)
def test_lines_are_taken_as_they_stand_only_where_the_parser_would_write_them_so(tmp_path_factory, found):
    file = tmp_path_factory.mktemp("lines") / "v.nt"
    file.write_text("".join(lines(found)))
    syntax = pyoxigraph.RdfFormat.N_TRIPLES
    with file.open("rb") as opened:
        taken = b"".join(blocks(opened))
    assert (
        taken.lower()
        == (pyoxigraph.serialize(pyoxigraph.parse(file.read_bytes(), syntax), format=syntax) or b"").lower()
    )


@pytest.mark.parametrize(
    "text",
    [
        "<urn:s:s> <urn:p:p> _:b .\n",
        '<urn:s:s> <urn:p:p> "x"\n',
        "<urn:s:s> <urn:p:p> <a b> .\n",
        '<urn:s:s> <urn:p:p> "x"^^<relative> .\n',
        '{"@context": "http://e.org/"}',
    ],
)
def test_what_is_no_stream_of_ground_statements_takes_the_other_way(tmp_path, text):
    source = tmp_path / "v.nt"
    source.write_text('<urn:s:s> <urn:p:p> "first" .\n' * (text[0] == "<") + text)
    with pytest.raises(OtherWay):
        written(str(source), None, None, "oxigraph", str(tmp_path / "w.nt"))


def test_pieces_come_while_the_file_is_written(tmp_path):
    path, first, rest = tmp_path / "w.nt", threading.Event(), threading.Event()
    made = prepare(Dataset([Statement("<urn:s:s>", "<urn:p:p>", "<urn:o:o>")]), "unknown", None, str(tmp_path / "p.nt"))

    def job():
        with path.open("wb", buffering=0) as file:
            file.write(b"1\n2\n3")
            first.set()
            assert rest.wait(10)
            file.write(b"\n4\n5\n")
        return made, Report()

    coming = Coming(str(path), job)
    assert first.wait(10)
    pieces = coming.pieces(2, 0)
    assert next(pieces) == [b"1\n", b"2\n"]
    rest.set()
    assert list(pieces) == [[b"3\n", b"4\n"], [b"5\n"]]
    assert list(coming.pieces(2, 1)) == [[b"3\n", b"4\n"], [b"5\n"]] and list(coming.pieces(2, 2)) == [[b"5\n"]]
    assert coming.wait()[0] is made


def test_the_digest_tells_sources_and_ways_to_read_them_apart(tmp_path):
    one, other = tmp_path / "1.nt", tmp_path / "2.nt"
    one.write_text("x")
    other.write_text("y")
    turtle = formats.for_name("turtle")
    found = [digest_of(str(one), None, None), digest_of(str(other), None, None), digest_of(str(one), turtle, None)]
    assert len({*found, digest_of(str(one), None, "urn:b:b")}) == 4


def test_a_source_that_turns_out_faulty_leaves_nothing_behind(store, tmp_path):
    """The first pieces are in the store when the fault is read."""
    source = tmp_path / "v.nt"
    source.write_text("".join(f'<urn:s:{number}> <urn:p:p> "x" .\n' for number in range(50_000)) + "oops\n")
    vocabulary = "https://e.org/faulty"
    environ = {**os.environ, **store.environ}
    words = [KG, "load", source, "--to", store.url, "--vocabulary", vocabulary, "--version", "1", "--piece", "2000"]
    done = subprocess.run([*map(str, words)], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "v.nt" in done.stderr and "Traceback" not in done.stderr
    listed = [str(KG), "versions", "--at", store.url, "--vocabulary", vocabulary]
    assert subprocess.run(listed, env=environ, capture_output=True, text=True, check=True).stdout.strip() == vocabulary


def test_a_file_with_blank_nodes_is_loaded_the_other_way(store, tmp_path):
    source = tmp_path / "v.nt"
    source.write_text(
        "".join(f'<urn:s:{number}> <urn:p:p> "x" .\n' for number in range(5_000)) + "_:b <urn:p:p> _:b .\n"
    )
    words = [KG, "load", source, "--to", store.url, "--vocabulary", "https://e.org/blank", "--version", "1", "--json"]
    environ = {**os.environ, **store.environ}
    done = subprocess.run(
        [*map(str, words), "--piece", "1000"], env=environ, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["triples"] == 5_001
