"""The commands about stores, as a user calls them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import kg as group
from kg.errors import UsageError
from kg.store import catalogue
from kg.store.session import connect

KG = Path(sys.executable).parent / "kg"
_NUMBERS = itertools.count()
HOSTILE = '"} } ; DROP ALL ; # \\" \\\\ <urn:x> }"'


def kg(store, *words, code=0, **more):
    environ = {**os.environ, **getattr(store, "environ", {}), "NO_COLOR": "1", **more}
    done = subprocess.run([KG, *map(str, words)], env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def source(tmp_path):
    def write(count, name="v.nt"):
        lines = [f'<urn:c:{number}> <urn:p:p> "ü {number}"@en .\n' for number in range(count)]
        file = tmp_path / name
        file.write_text("".join(lines) + f"<urn:c:x> <urn:p:p> {HOSTILE} .\n")
        return file

    return write


@pytest.fixture
def vocabulary():
    return f"https://e.org/k{next(_NUMBERS)}"


def test_load_verify_update_unload(store, source, vocabulary):
    at, name = ("--at", store.url), ("--vocabulary", vocabulary)
    file = source(40)
    to = ("--to", store.url, *name)
    assert "would load" in kg(store, "load", file, *to, "--version", "1", "--dry-run")
    assert kg(store, "versions", *at, *name).strip() == vocabulary
    assert "41 statements verified, 41 sent" in kg(store, "load", file, *to, "--version", "1")
    assert "equal" in kg(store, "verify", file, *at, *name)
    other = source(50)
    receipt = json.loads(kg(store, "load", other, *to, "--version", "2", "--diff", "--json"))
    assert (receipt["sent"], receipt["removed"], receipt["triples"]) == (10, 0, 51)
    assert "different: " in kg(store, "verify", other, *at, *name, "--version", "1", code=1)
    assert "* 2  complete  51" in kg(store, "versions", *at, *name)
    assert "current one" in kg(store, "unload", *at, *name, "--version", "2", code=2)
    kg(store, "unload", *at, *name, "--version", "1")
    kg(store, "unload", *at, *name, "--all")
    assert kg(store, "versions", *at, *name).strip() == vocabulary


def test_a_wrong_password_is_told_and_not_shown(virtuoso, source, vocabulary):
    wrong = {"KG_STORE_PASSWORD": "another-s3cret", "KG_DEBUG": "1"}
    shown = kg(virtuoso, "load", source(3), "--to", virtuoso.url, "--vocabulary", vocabulary, code=3, **wrong)
    assert "check user and password" in shown and "s3cret" not in shown


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--to", "http://127.0.0.1:9/"), 3, "nothing listens there"),
        (("--to", "ftp://127.0.0.1/"), 2, "http://"),
        (("--to", "http://ann:secret@127.0.0.1:9/"), 2, "leave name and password out"),
        (("--to", "{folder}/s", "--vocabulary", "urn:x> } DROP ALL #"), 2, "is no IRI"),
        (("--to", "{folder}/s", "--dialect", "oracle"), 0, ""),
        (("--to", "http://127.0.0.1:9/", "--dialect", "oracle"), 2, "no dialect is called"),
        (("--to", "{folder}/none/f.nq"), 3, "f.nq"),
    ],
)
def test_a_wrong_call(tmp_path, source, words, code, told):
    filled = [word.replace("{folder}", str(tmp_path)) for word in words]
    graph = () if "--vocabulary" in filled else ("--vocabulary", "https://e.org/w")
    shown = kg(None, "load", source(3), *filled, *graph, code=code)
    assert told in shown and "secret" not in shown


@pytest.mark.parametrize("target", ["store", "file.nq"])
def test_local_targets(tmp_path, source, vocabulary, target):
    to = tmp_path / target
    kg(None, "load", source(20), "--to", to, "--vocabulary", vocabulary, "--version", "1")
    kg(None, "load", source(30), "--to", to, "--vocabulary", vocabulary, "--version", "2")
    assert "there already" in kg(None, "load", source(30), "--to", to, "--vocabulary", vocabulary, "--version", "2")
    assert "never changes" in kg(
        None, "load", source(31), "--to", to, "--vocabulary", vocabulary, "--version", "1", code=2
    )
    assert "* 2  complete  31" in kg(None, "versions", "--at", to)
    if target == "file.nq":
        lines = to.read_text().splitlines()
        assert sum(line.endswith(f"<{vocabulary}/version/1> .") for line in lines) == 21
        assert sum(line.endswith(f"<{vocabulary}/version/2> .") for line in lines) == 31
    else:
        assert "equal" in kg(None, "verify", "--at", to)


def test_the_bulk_loader_of_virtuoso(virtuoso, source):
    vocabulary = f"https://e.org/it's;$(touch)$LAST;{next(_NUMBERS)}"
    folder = virtuoso.folder / f"bulk's{next(_NUMBERS)}"
    to = ("--to", virtuoso.url, "--vocabulary", vocabulary, "--version", "1")
    printed = kg(virtuoso, "load", source(60), *to, "--bulk", folder).splitlines()
    for line in printed[:2]:
        ready = line.replace("HOST:1111", f"127.0.0.1:{virtuoso.port}")
        ready = ready.replace("PASSWORD", virtuoso.environ["KG_STORE_PASSWORD"])
        subprocess.run(ready, shell=True, check=True, stdout=subprocess.DEVNULL)  # noqa: S602 - as it is printed
    assert printed[-1].startswith("kg load ") and printed[-1].endswith("--adopt")
    file = next(folder.iterdir())
    assert "adopted" in kg(virtuoso, "load", file, *to, "--adopt")
    assert "* 1  complete  61" in kg(virtuoso, "versions", "--at", virtuoso.url, "--vocabulary", vocabulary)


def test_the_next_load_removes_what_a_killed_one_left(source, tmp_path, vocabulary):
    aside = tmp_path / "aside"
    aside.mkdir()
    environ = {**os.environ, "TMPDIR": str(aside)}
    code = (
        "from kg.publish.temporary import scratch\n"
        "with scratch() as folder:\n"
        "    open(folder + '/graph.nt', 'w').close()\n"
        "    print(folder, flush=True)\n"
        "    input()\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    killed, living = (Path(run.stdout.readline().decode().strip()) for run in runs)
    runs[0].kill()
    runs[0].wait()
    try:
        assert (killed / "graph.nt").exists() and killed.parent == aside
        words = (source(3), "--to", tmp_path / "store", "--vocabulary", vocabulary, "--version", "1")
        kg(None, "load", *words, TMPDIR=str(aside))
        assert list(aside.iterdir()) == [living]
        assert (living / "graph.nt").exists()
    finally:
        runs[1].communicate(b"\n")
        runs[0].communicate()
    assert not list(aside.iterdir())


def test_signs_that_would_command_the_terminal_are_shown(source, tmp_path, vocabulary):
    named = ("--to", tmp_path / "store", "--vocabulary", vocabulary, "--version", "1\x1b[31m")
    shown = kg(None, "load", source(3), *named)
    assert "\x1b" not in shown and "loaded: version 1" in shown


@pytest.mark.parametrize("target", ["store", "file.nq"])
def test_a_dry_run_tells_in_json_what_would_be_done_and_does_nothing(tmp_path, source, vocabulary, target):
    to = ("--to", tmp_path / target, "--vocabulary", vocabulary, "--version", "1")
    file = source(3)
    told = json.loads(kg(None, "load", file, *to, "--dry-run", "--json"))
    assert not (tmp_path / target).exists()
    done = json.loads(kg(None, "load", file, *to, "--json"))
    assert told == {"dry_run": True, **done}
    again = json.loads(kg(None, "load", file, *to, "--dry-run", "--json"))
    assert (again["state"], again["sent"]) == ("there already", 0)


def test_a_dry_run_for_a_bulk_loader_writes_nothing(tmp_path, source, vocabulary):
    bulk = tmp_path / "bulk"
    words = ("load", source(3), "--to", tmp_path / "store", "--vocabulary", vocabulary, "--bulk", bulk)
    assert "would write" in kg(None, *words, "--dry-run")
    told = json.loads(kg(None, *words, "--dry-run", "--json"))
    assert not bulk.exists() and not (tmp_path / "store").exists()
    done = json.loads(kg(None, *words, "--json"))
    assert done == {"file": told["file"], "commands": told["commands"]}
    assert [str(path) for path in bulk.iterdir()] == [done["file"]]
    assert kg(None, *words).splitlines() == done["commands"]


def test_verify_goes_on_after_a_vocabulary_whose_load_never_ended(tmp_path, source):
    at = tmp_path / "store"
    for name in ("b", "c"):
        kg(None, "load", source(3), "--to", at, "--vocabulary", f"https://e.org/{name}", "--version", "1")
    with connect(str(at), None, lambda: None, 60) as store:
        for name in ("a", "d"):
            vocabulary = f"https://e.org/{name}"
            entry = catalogue.Entry(catalogue.version_graph(vocabulary, "1"), "1", sent="-", run="-")
            catalogue.begin(store, catalogue.GRAPH, vocabulary, entry)
    del store  # which keeps the directory locked
    shown = kg(None, "verify", "--at", at, code=1)
    assert [line.partition(",")[0] for line in shown.splitlines()] == [
        "equal: <https://e.org/b/version/1>",
        "equal: <https://e.org/c/version/1>",
        "different: https://e.org/a has no current version",
        "different: https://e.org/d has no current version",
    ]
    shown = kg(None, "verify", "--at", at, "--version", "1", code=1)
    assert shown.count("equal: ") == 2 and shown.count("is not loaded whole") == 2
    assert "no current version" in kg(None, "verify", "--at", at, "--vocabulary", "https://e.org/a", code=3)


@pytest.mark.parametrize(
    "words", [("load", "v.nt", "--to", "store"), ("unload", "--at", "store"), ("verify", "--at", "store")]
)
def test_a_version_that_is_no_text_is_a_wrong_call(tmp_path, source, words):
    source(1)
    kg(None, "load", tmp_path / "v.nt", "--to", tmp_path / "store", "--vocabulary", "https://e.org/k", "--version", "1")
    command, *rest = words
    given = [tmp_path / word if word in {"v.nt", "store"} else word for word in rest]
    shown = kg(None, command, *given, "--vocabulary", "https://e.org/k", "--version", "\udcff", code=2)
    assert "is no text in UTF-8" in shown


@pytest.mark.parametrize(
    ("words", "makes", "writes"),
    [
        (("load", "--to"), True, True),
        (("load", "--dry-run", "--to"), True, False),
        (("load", "--bulk", "bulk", "--to"), True, False),
        (("unload", "--vocabulary", "https://e.org/k", "--all", "--at"), False, True),
        (("versions", "--at"), False, False),
        (("verify", "--at"), False, False),
    ],
)
def test_only_what_changes_a_store_opens_it_for_writing(tmp_path, monkeypatch, words, makes, writes):
    asked = []

    def spy(*_, makes, writes, **__):
        asked.append((makes, writes))
        raise UsageError("seen")

    monkeypatch.setattr("kg.store.session.connect", spy)
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(group, [*words, str(tmp_path)])
    assert asked == [(makes, writes)]
