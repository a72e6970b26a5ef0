"""Inputs made to hurt: each ends as its manifest says, within its limits, without a request and without a trace.

The commands run as a user runs them. `KG_HOSTILE=all` adds those that take seconds to make or to read.
"""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest

from kg.dataset import Dataset

#: What the inputs of these kinds do is told here; those of the others are other readers' matter.
KINDS = {"turtle", "ntriples", "jsonld", "rdfxml", "trix", "gzip", "zip"}
LATER = {"sparql", "shapes", "yaml", "text", "csv", "ids"}

REJECTED, STOPPED, ACCEPTED, EITHER = "rejected", "stopped by a finding", "accepted", "either"
MB = 1 << 20


class Outcome(NamedTuple):
    """How an input ends: the kind, words in the message or codes of findings, CPU seconds, MB, and options."""

    end: str
    said: tuple[str, ...] = ()
    seconds: float = 2
    memory: int = 200
    options: tuple[str, ...] = ()
    big: bool = False


def rejected(*said: str, **more: object) -> Outcome:
    return Outcome(REJECTED, said, **more)  # type: ignore[arg-type]


def accepted(*codes: str, **more: object) -> Outcome:
    return Outcome(ACCEPTED, codes, **more)  # type: ignore[arg-type]


_ROOM = ("--max-bytes", "1GiB", "--timeout", "500", "--max-memory", "8GiB")
_CONTEXT = "is not at hand, and nothing is fetched"
#: One entry an input; where it is not what the manifest asks for, the comment says why.
OUTCOMES = {
    "xml-bomb-9.rdf": rejected(":1: ", "entity l1"),
    "xml-bomb-6.rdf": rejected(":1: ", "entity l1"),
    "xml-bomb-attr.rdf": rejected(":1: ", "entity l1"),
    "xml-xxe-file.rdf": rejected(":1: ", "entity x"),
    "xml-xxe-http.rdf": rejected(":1: ", "entity x"),
    "xml-ext-dtd.rdf": rejected(":1: ", "outside document type"),
    "xml-param-entity.rdf": rejected(":1: ", "parameter entity"),
    "xml-internal-entities-benign.rdf": accepted(),
    "trix-bomb.trix": rejected("trix"),
    "xml-quadratic": rejected(":1: ", "times its size"),
    "xml-deep": rejected(":1: ", "nested deeper than 128 levels"),
    "jsonld-ctx-http.jsonld": rejected(_CONTEXT, "--context "),
    "jsonld-ctx-file.jsonld": rejected(_CONTEXT),
    "jsonld-ctx-rel.jsonld": rejected(_CONTEXT),
    "jsonld-import.jsonld": rejected(_CONTEXT),
    "jsonld-scoped.jsonld": rejected(_CONTEXT),
    "jsonld-redirect.jsonld": rejected(_CONTEXT),
    "jsonld-recursive.jsonld": rejected(_CONTEXT),
    "jsonld-endless-chain.jsonld": rejected(_CONTEXT),
    "jsonld-dup-keys.jsonld": rejected("stands twice"),
    "jsonld-nan.jsonld": rejected("NaN"),
    "jsonld-proto.jsonld": accepted(),
    "jsonld-deep-array": rejected("nested deeper"),
    "jsonld-deep-nodes": rejected("nested deeper"),
    # The manifest allows to accept it in 10 s.
    "jsonld-context-array-10k": Outcome(EITHER, seconds=10, memory=2048, big=True),
    "ttl-bad-iris.ttl": rejected(":8: ", "IRI", "--lenient"),
    "ttl-iri-escape-gt.ttl": rejected(":8: ", "'>'"),
    "ttl-relative-iri.ttl": rejected(":1: ", "--base"),
    # The manifest would accept %zz with a warning. It is no IRI (RFC 3987), and stores refuse it.
    "ttl-percent.ttl": rejected(":8: ", "percent encoding", "--lenient"),
    "ttl-bad-lang.ttl": rejected(":8: ", "--lenient"),
    "ttl-lang-case.ttl": rejected(":8: ", "eight characters"),
    # Turtle lets it stand in a literal, and the W3C suites have it there; so it is read, and stops the export.
    "ttl-nul.ttl": Outcome(STOPPED, (":8:46: ", "text.nul")),
    "ttl-surrogate-escape.ttl": rejected(":8: ", "D800"),
    "ttl-surrogate-raw.ttl": rejected(":8: ", "UTF-8"),
    "ttl-overlong.ttl": rejected(":8: ", "UTF-8"),
    "ttl-bom.ttl": accepted("rdf.byte-order-mark"),
    "ttl-utf16.ttl": rejected(":1: ", "UTF-16"),
    "ttl-latin1.ttl": rejected(":8: ", "UTF-8"),
    "ttl-crlf-mac.ttl": accepted(),
    "ttl-truncated.ttl": rejected(":9: "),
    "ttl-controls.ttl": accepted("rdf.control-character"),
    "ttl-bidi.ttl": accepted("text.bidi"),
    # Labels are compared as they are written; no rule compares them after NFC yet.
    "ttl-nfc-nfd.ttl": accepted(),
    "ttl-numbers.ttl": accepted("rdf.ill-typed"),
    "ttl-huge-exponent.ttl": accepted(),
    "ttl-xmlliteral.ttl": accepted(),
    "ttl-cyclic-list.ttl": accepted("rdf.list-broken"),
    "ttl-forked-list.ttl": accepted("rdf.list-broken"),
    "ttl-self-broader.ttl": accepted("glossary.cycle"),
    # No rule of SKOS forbids a cycle of collections (SKOS Reference, section 9.6.4).
    "ttl-member-cycle.ttl": accepted(),
    "ttl-label-xss.ttl": accepted(),
    "ttl-graphml-dot.ttl": accepted(),
    "ttl-prefix-evil.ttl": accepted("rdf.prefix-rebound"),
    "nt-predicate-nosplit.nt": accepted(),
    "shacl-self-disable.ttl": accepted(),
    "ttl-deep-bnodes": rejected("nested deeper than 128 levels"),
    "ttl-deep-lists": rejected("nested deeper than 128 levels"),
    "ttl-deep-n3-paths": rejected(":8: "),
    "ttl-50mb-literal": rejected("more than 16 MiB", seconds=5, memory=300, big=True),
    "ttl-1m-digits": accepted(),
    "ttl-200k-prefixes": accepted(seconds=10, memory=400),
    # Checked, they take more than the manifest gives them: the SHACL engine holds 300,000 results in 3.4 GB.
    "ttl-broader-cycle-100k": accepted("glossary.cycle", seconds=90, memory=1024, options=_ROOM, big=True),
    "ttl-broader-chain-100k": accepted(seconds=90, memory=1024, options=_ROOM, big=True),
    "nt-hub-1m": accepted(seconds=120, memory=3072, options=_ROOM, big=True),
    "ttl-dense-graph": accepted(seconds=120, memory=3072, options=_ROOM, big=True),
    **{f"poison-clique-{size}.ttl": Outcome(EITHER, ("too symmetric",), 5) for size in (8, 10, 12)},
    "poison-moebius-16.ttl": Outcome(EITHER, ("too symmetric",), 5),
    "poison-rook-4x4.ttl": Outcome(EITHER, ("too symmetric",), 5),
    "poison-ring-40.ttl": accepted(seconds=5),
    "poison-disjoint-200.ttl": accepted(seconds=5),
    "poison-benign-bnodes-2000.ttl": accepted(seconds=5),
    "gz-truncated.ttl.gz": rejected("cut off"),
    "gz-bomb.nt.gz": rejected("larger than 64 MiB", big=True),
    "zip-slip.zip": rejected("leads out"),
    "zip-symlink.zip": rejected("is a link"),
    "zip-bomb.zip": rejected("100 times"),
    "zip-dup.zip": rejected("twice"),
}
_ENDINGS = {"turtle": ".ttl", "ntriples": ".nt", "jsonld": ".jsonld", "rdfxml": ".rdf"}
_SONG = "the-canary-sings-7c1f"
_OLD = b"what was there before"


class Canary(NamedTuple):
    """What no input may reach: a server that counts requests, a file whose words are known."""

    port: int
    secret: Path
    requests: list[str]


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    secret = tmp_path_factory.mktemp("canary") / "secret.txt"
    secret.write_text(f'{{"@context": {{"secret": "http://{_SONG}/"}}}}\n')
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_POST = do_HEAD = do_GET  # noqa: N815 - the names of http.server

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Canary(server.server_port, secret, requests)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def manifest(shared: Path) -> dict[str, dict[str, str]]:
    inputs = json.loads((shared / "hostile/manifest.json").read_text("utf-8"))["inputs"]
    return {found["name"]: found for found in inputs}


def prepared(found: dict[str, str], shared: Path, folder: Path, canary: Canary) -> Path:
    """Put an input into a folder, its placeholders filled."""
    name = found["name"]
    if "generator" in found:
        path = folder / (name if "." in name else name + ending(found["kind"], name))
        subprocess.run([sys.executable, shared / "hostile/gen.py", "big", name, path], check=True)
        return path
    data = (shared / "hostile" / found["file"]).read_bytes()
    data = data.replace(b"@@PORT@@", str(canary.port).encode()).replace(b"@@SECRET@@", str(canary.secret).encode())
    path = folder / name
    path.write_bytes(data)
    return path


def ending(kind: str, name: str) -> str:
    # The dense graph is written in lines, under the name of Turtle.
    return ".nt" if name == "ttl-dense-graph" else _ENDINGS[kind]


class Ran(NamedTuple):
    """How a command ended: exit code, what it printed, CPU seconds and the largest process in MB."""

    code: int
    out: str
    told: str
    seconds: float
    memory: int


# A process that is started by a large one counts as large, so a small one starts the command and measures it.
_MEASURE = """
import os, resource, sys
pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", *sys.argv[1:]])
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open("measured", "w") as file:
    print(code, used.ru_utime + used.ru_stime, used.ru_maxrss, file=file)
"""


def run(folder: Path, command: str, *arguments: str | Path) -> Ran:
    """Run a command as a user does and measure it with its worker."""
    code = f"from kg.cli import kg, kgexport; {command}()"
    words = [sys.executable, "-S", "-c", _MEASURE, code, *map(str, arguments)]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=True, timeout=600)
    status, seconds, memory = (folder / "measured").read_text().split()
    # macOS counts bytes, Linux kilobytes.
    unit = MB if sys.platform == "darwin" else 1024
    return Ran(int(status), done.stdout.decode(), done.stderr.decode(), float(seconds), int(memory) // unit)


def by_another_parser(path: Path) -> Dataset:
    """Read an input with pyoxigraph alone."""
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    syntax = pyoxigraph.RdfFormat.from_extension(path.suffix[1:])
    dataset = Dataset()
    dataset.add_stream(pyoxigraph.parse(data, syntax), named=True)
    return dataset


@pytest.mark.parametrize("name", OUTCOMES)
def test_it_ends_as_it_should(
    name: str, manifest: dict[str, dict[str, str]], shared: Path, tmp_path: Path, canary: Canary
) -> None:
    outcome = OUTCOMES[name]
    if outcome.big and os.environ.get("KG_HOSTILE") != "all":
        pytest.skip("big: KG_HOSTILE=all runs it")
    path = prepared(manifest[name], shared, tmp_path, canary)
    target = tmp_path / "out.nq"
    target.write_bytes(_OLD)
    ran = run(tmp_path, "kgexport", path, "--no-validate", "--profile", "asserted", *outcome.options, "-o", target)
    assert ran.code >= 0, "it died of a signal"
    assert "Traceback" not in ran.told
    assert "a fault of this program" not in ran.told
    end = outcome.end if outcome.end != EITHER else ACCEPTED if ran.code == 0 else REJECTED
    if end in (REJECTED, STOPPED):
        assert ran.code in ((1,) if end == STOPPED else (2, 3)), ran.told
        lines = ran.told.splitlines()
        assert len(lines) == (3 if end == STOPPED else 1), ran.told
        assert path.name in lines[0] or "poison" in name, ran.told
        assert [said for said in outcome.said if said not in lines[0]] == [], ran.told
        assert target.read_bytes() == _OLD
    else:
        assert ran.code == 0, ran.told
        assert by_another_parser(target) == by_another_parser(path)
    assert ran.seconds < outcome.seconds, "CPU seconds"
    assert ran.memory < outcome.memory, "MB"
    assert canary.requests == []
    assert _SONG not in ran.out + ran.told
    assert _SONG.encode() not in target.read_bytes()
    assert sorted(left for left in os.listdir(tmp_path) if left.startswith(".kg")) == []


@pytest.mark.parametrize("name", [name for name, found in OUTCOMES.items() if found.end == ACCEPTED])
def test_a_check_tells_what_is_odd(
    name: str, manifest: dict[str, dict[str, str]], shared: Path, tmp_path: Path, canary: Canary
) -> None:
    outcome = OUTCOMES[name]
    if outcome.big and os.environ.get("KG_HOSTILE") != "all":
        pytest.skip("big: KG_HOSTILE=all runs it")
    path = prepared(manifest[name], shared, tmp_path, canary)
    ran = run(tmp_path, "kg", "validate", "-v", *outcome.options, path)
    assert ran.code in (0, 1), ran.told
    assert "Traceback" not in ran.told
    for code in outcome.said:
        lines = [line for line in ran.out.splitlines() if f" {code}: " in line]
        assert lines, ran.out
        assert all(line.startswith(f"{path}:") for line in lines), "each with file and line"
    assert not any(sign in ran.out + ran.told for sign in "\x1b\x07\u202e"), "nothing steers the terminal"
    assert (ran.seconds < max(10, outcome.seconds), canary.requests) == (True, [])


def test_predicates_without_an_xml_name_are_refused_by_rdf_xml_and_kept_by_the_others(
    manifest: dict[str, dict[str, str]], shared: Path, tmp_path: Path, canary: Canary
) -> None:
    path = prepared(manifest["nt-predicate-nosplit.nt"], shared, tmp_path, canary)
    ran = run(tmp_path, "kgexport", path, "--no-validate", "--profile", "asserted", "-o", "a.rdf")
    assert (ran.code, "http://ex.org/123" in ran.told, (tmp_path / "a.rdf").exists()) == (3, True, False)
    for target in ("a.ttl", "a.nt", "a.trig", "a.jsonld"):
        ran = run(tmp_path, "kgexport", path, "--no-validate", "--profile", "asserted", "-o", target)
        assert ran.code == 0, ran.told
        assert by_another_parser(tmp_path / target) == by_another_parser(path)


def test_every_input_of_these_kinds_is_told_and_no_other_is_left_out(manifest: dict[str, dict[str, str]]) -> None:
    assert {name for name, found in manifest.items() if found["kind"] in KINDS} == set(OUTCOMES)
    assert {found["kind"] for found in manifest.values()} - KINDS == LATER


def test_what_the_manifest_rejects_is_rejected(manifest: dict[str, dict[str, str]]) -> None:
    lists = {"ttl-cyclic-list.ttl"}  # "reject / report": it is reported
    wanted = {name for name in OUTCOMES if manifest[name]["expected"].startswith("reject")} - lists
    assert {name for name in wanted if OUTCOMES[name].end == ACCEPTED} == set()
