"""A file of N-Quads as a target: what others wrote stays, what was written is looked at, two loads lose nothing."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from kg.cli import nquads
from kg.dataset import Dataset
from kg.errors import StoreError, TargetError
from kg.publish import temporary
from kg.report import Report
from kg.statement import Statement
from kg.store import sums
from kg.store.file import differences
from kg.store.load import Order
from kg.store.prepare import prepare
from kg.store.stream import Coming, written

VOCABULARY = "https://e.org/k"
GRAPH = f"<{VOCABULARY}/version/1>"
ORDER = Order(VOCABULARY, "1")


@pytest.fixture
def made(tmp_path):
    def make(text="x"):
        found = [Statement("<urn:s:s>", "<urn:p:p>", f'"{text} {number}"@en') for number in range(3)]
        return prepare(Dataset(found), "unknown", None, str(tmp_path / f"{text}.nt"))

    return make


@pytest.mark.parametrize(
    "line",
    [
        f"<urn:s:a> <urn:p:a> <urn:o:a> {GRAPH} .\n",
        f"_:a\t<urn:p:a>\t_:b\t{GRAPH}.\r\n",
        f'<urn:s:a> <urn:p:a> "\\" {GRAPH} ."@en {GRAPH} . # why\n',
        f'<urn:s:a> <urn:p:a> "1"^^<urn:d:d> {GRAPH} .',
    ],
)
def test_foreign_statements_in_the_graph_of_the_version_are_refused(tmp_path, made, line):
    file = tmp_path / "f.nq"
    file.write_bytes(line.encode())
    with pytest.raises(StoreError, match="holds 1 statements that no load of ours has put there"):
        nquads.into_file(str(file), made(), ORDER)
    assert file.read_bytes() == line.encode()


def test_what_only_looks_like_the_graph_stays(tmp_path, made):
    lines = [
        f"<urn:s:a> <urn:p:a> {GRAPH} .\n",
        f"# <urn:s:a> <urn:p:a> <urn:o:a> {GRAPH} .\n",
        f'<urn:s:a> <urn:p:a> " {GRAPH} ." .\n',
        f"<urn:s:a> <urn:p:a> <urn:o:a> <urn:g:g> . # {GRAPH} .\n",
    ]
    file = tmp_path / "f.nq"
    file.write_text("".join(lines))
    receipt = nquads.into_file(str(file), made(), ORDER)
    assert (receipt.state, receipt.sent) == ("loaded", 3)
    assert file.read_text().startswith("".join(lines))
    assert nquads.into_file(str(file), made(), ORDER).state == "there already"


def test_of_two_loads_at_once_none_is_lost(tmp_path, made, monkeypatch):
    file, both = tmp_path / "f.nq", threading.Barrier(2)
    found = {version: made(version) for version in ("1", "2")}
    state = nquads._state  # noqa: SLF001 - the moment before the old file is read

    def slow(path):
        # Without a lock both would have read the old file by now.
        try:
            both.wait(0.2)
        except threading.BrokenBarrierError:
            both.reset()
        return state(path)

    monkeypatch.setattr(nquads, "_state", slow)
    receipts = {}

    def run(version):
        receipts[version] = nquads.into_file(str(file), found[version], Order(VOCABULARY, version)).state

    threads = [threading.Thread(target=run, args=(version,)) for version in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert receipts == {"1": "loaded", "2": "loaded"}
    for version, prepared in found.items():
        assert not differences(str(file), f"{VOCABULARY}/version/{version}", prepared.sums)
    assert not [name for name in os.listdir(tmp_path) if name.startswith(temporary.PREFIX)]


def test_a_file_that_others_change_meanwhile_is_not_replaced(tmp_path, made, monkeypatch):
    file = tmp_path / "f.nq"
    monkeypatch.setattr("kg.store.file.differences", lambda *_: file.write_text("theirs\n") and [])
    with pytest.raises(TargetError, match="changed meanwhile"):
        nquads.into_file(str(file), made(), ORDER)
    assert file.read_text() == "theirs\n"


@pytest.mark.parametrize(
    ("old", "new"), [(b'"x 1"@en', b'"y 1"@en'), (b'"x 1"@en', b"_:b"), (b'"x 1"@en', b'"\xff"'), (b'"x 1"', b'"\\q"')]
)
def test_a_file_that_was_changed_since_is_told(tmp_path, made, old, new):
    file = tmp_path / "f.nq"
    nquads.into_file(str(file), made(), ORDER)
    file.write_bytes(file.read_bytes().replace(old, new))
    before = file.read_bytes()
    with pytest.raises(StoreError, match="was loaded whole and has been changed since: <urn:p:p>: 3 statements"):
        nquads.into_file(str(file), made(), ORDER)
    assert file.read_bytes() == before


def test_a_statement_that_the_source_says_twice_is_written_once(tmp_path):
    source, file = tmp_path / "v.nt", tmp_path / "f.nq"
    source.write_text("<urn:s:a> <urn:p:a> <urn:o:a> .\n" * 3 + "<urn:s:b> <urn:p:a> <urn:o:a> .\n")
    path = str(tmp_path / "w.nt")
    coming = Coming(path, lambda: written(str(source), None, None, "unknown", path))
    receipt = nquads.into_file(str(file), coming, ORDER)
    assert (receipt.state, receipt.triples) == ("loaded", 2)
    assert file.read_text().count(f" {GRAPH} .\n") == 2
    assert nquads.into_file(str(file), coming, ORDER).state == "there already"


def test_a_line_that_stands_there_twice_is_one_statement(tmp_path, made):
    file, prepared = tmp_path / "f.nq", made()
    lines = [line[:-2] + f"{GRAPH} .\n" for line in Path(prepared.path).read_text().splitlines(keepends=True)]
    file.write_text("".join(lines * 2))
    assert not differences(str(file), GRAPH[1:-1], prepared.sums)
    assert differences(str(file), GRAPH[1:-1], {**prepared.sums, "<urn:p:b>": sums.Part(1, 1)})


def test_a_wrong_order_is_refused_before_the_source_is_read(tmp_path):
    path, never = str(tmp_path / "w.nt"), threading.Event()

    def job():
        assert never.wait(10)
        return None, Report()

    coming = Coming(path, job)
    try:
        with pytest.raises(Exception, match="neither --fixed-graph"):
            nquads.into_file(str(tmp_path / "f.nq"), coming, ORDER._replace(fixed="urn:f:f"))
    finally:
        never.set()
        coming.end()
