"""`kg validate`: which rules run, which reports are written where, what fails, and what a baseline changes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.check.shacl import ENGINES
from kg.cli import reporting, validate
from kg.rule import PROFILES
from kg.write.report import REPORTS

PLANTED = Path(__file__).parents[1] / "fixtures/planted/planted.ttl"
CALL = [sys.executable, "-c", "from kg.cli import kg; kg()", "validate"]
QUALITY = ["--profile", "skos", "--profile", "glossary", "--profile", "quality"]
QUALITY += ["--ignore", "quality.one-sided", "--ignore", "quality.out-link"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a directory with the file of seven defects."""
    shutil.copy(PLANTED, tmp_path)
    return tmp_path


def run(folder: Path, *words: str, code: int = 1, environment: dict[str, str] | None = None) -> tuple[str, str]:
    done = subprocess.run(
        [*CALL, *words],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout, done.stderr


def codes(folder: Path, *words: str, code: int = 1) -> list[str]:
    out, _ = run(folder, "planted.ttl", "--report", "json", *words, code=code)
    return sorted({row["code"] for row in json.loads(out)["findings"]})


def test_the_names_in_the_help_are_those_of_the_tables() -> None:
    assert validate.PROFILES == PROFILES
    assert set(validate.ENGINES) == set(ENGINES)
    assert tuple(REPORTS) == reporting.NAMES


def test_help_imports_click_only(tmp_path: Path) -> None:
    call = "import sys\nfrom kg.cli import kg\ntry:\n kg(['validate', '--help'])\n"
    probe = call + "except SystemExit:\n pass\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True
    )
    modules = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()} - set(sys.stdlib_module_names)
    assert modules <= {"click", "kg", "__main__"} | {name for name in modules if name.startswith(("_", "sitecustom"))}


# -- which rules ---------------------------------------------------------------------


def test_profiles_and_rules_are_chosen(folder: Path) -> None:
    skos = ["skos.s13", "skos.s14", "skos.s27"]
    glossary = ["glossary.cycle", "glossary.label-language", "glossary.link-dangling"]
    assert codes(folder) == glossary + skos
    assert codes(folder, "--profile", "skos") == skos
    assert codes(folder, "--select", "skos.s14") == ["skos.s14"]
    assert codes(folder, "--profile", "skos", "--select", "glossary.cycle") == ["glossary.cycle", *skos]
    assert codes(folder, "--ignore", "skos") == glossary
    assert codes(folder, "--ignore", "skos.", "--ignore", "glossary.l*") == ["glossary.cycle"]
    assert codes(folder, "--select", "quality.redundant-broader", code=0) == ["quality.redundant-broader"]


def test_severities_are_chosen(folder: Path) -> None:
    words = ["--select", "skos.s14", "--severity"]
    out, _ = run(folder, "planted.ttl", *words, "skos.s14=warning", code=0)
    assert "warning skos.s14" in out
    run(folder, "planted.ttl", *words, "skos=info", "--fail-on", "warning", code=0)
    run(folder, "planted.ttl", *words, "skos.s14=warning", "--fail-on", "warning", code=1)


def test_the_glossary_says_what_is_checked_and_options_win(tmp_path: Path) -> None:
    pages = PLANTED.parent / "pages"
    shutil.copytree(pages, tmp_path / "pages")
    config = tmp_path / "pages/glossary.toml"
    config.write_text(config.read_text("utf-8") + '\n[validate]\nprofiles = ["skos"]\nignore = ["skos.s13"]\n', "utf-8")
    out, _ = run(tmp_path, "pages", "--report", "json")
    assert list(json.loads(out)["codes"]) == ["skos.s14", "skos.s27"]
    out, _ = run(tmp_path, "pages", "--report", "json", "--select", "glossary.cycle")
    assert list(json.loads(out)["codes"]) == ["glossary.cycle"]


def test_shapes_of_the_user_and_both_engines(folder: Path) -> None:
    (folder / "own.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/shapes#Noted> a sh:NodeShape ; sh:targetClass skos:Concept ;
  sh:property [ sh:path skos:scopeNote ; sh:minCount 1 ; sh:message "say how it is used" ] .
"""
    )
    reports = []
    for engine in ENGINES:
        words = ["--shapes", "own.ttl", "--engine", engine, "--select", "skos.s14", "--report", "json"]
        out, _ = run(folder, "planted.ttl", *words)
        reports.append(json.loads(out))
        own = [row for row in reports[-1]["findings"] if row["code"].startswith("shapes.")]
        assert len(own) == 10
        assert all(row["place"]["line"] for row in own)
    assert reports[0] == reports[1]


LINKS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://127.0.0.1:1/a> a skos:Concept ;
  skos:exactMatch <http://127.0.0.1:2/b> .
<http://127.0.0.1:1/c> a skos:Concept .
"""


def test_links_are_looked_up_only_online_and_never_at_private_addresses(folder: Path) -> None:
    (folder / "links.ttl").write_text(LINKS)
    out, _ = run(folder, "links.ttl", "--profile", "skos", code=0)
    assert out == "no findings\n"
    out, _ = run(folder, "links.ttl", "--profile", "skos", "--online", code=0)
    dead = "<http://127.0.0.1:2/b> cannot be looked up: 127.0.0.1 is not a public address, so it is not asked"
    assert f"links.ttl:3:19: warning quality.link-dead: {dead}\n" in out
    out, _ = run(folder, "links.ttl", "--online", "--profile", "skos", "--ignore", "quality.link-dead", code=0)
    assert out == "no findings\n"
    run(folder, "links.ttl", "--endpoint", "http://127.0.0.1:3/", code=2)
    _, err = run(folder, "links.ttl", "--online", "--endpoint", "no address", code=2)
    assert "write an address" in err
    _, err = run(folder, "links.ttl", "--online", "--endpoint", "http://127.0.0.1:1/", code=2)
    assert "http://127.0.0.1:1/ does not answer a SPARQL query" in err


def test_an_endpoint_tells_what_nobody_links_to(folder: Path) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()
            row = {"c": {"type": "uri", "value": "http://127.0.0.1:1/a"}}
            self.wfile.write(json.dumps({"results": {"bindings": [row]}}).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    (folder / "links.ttl").write_text(LINKS)
    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/"
            words = ["--online", "--endpoint", address, "--select", "skos.s14", "-v", "--report", "json"]
            out, _ = run(folder, "links.ttl", *words, code=0)
        finally:
            server.shutdown()
            thread.join()
    assert len(asked) == 1
    [found] = [row for row in json.loads(out)["findings"] if row["code"] == "quality.in-link"]
    assert (found["focus"], found["place"]["line"]) == ("<http://127.0.0.1:1/c>", 4)


# -- reports --------------------------------------------------------------------------


def test_text_is_the_default_and_goes_to_standard_output(folder: Path) -> None:
    out, err = run(folder, "planted.ttl")
    assert "planted.ttl:39:19: warning glossary.label-language: the label “thread” names no language\n" in out
    assert '     39 |     skos:altLabel "thread" ; # planted' in out
    assert out.endswith("\n4 violations, 2 warnings\n")
    assert err == ""


@pytest.mark.parametrize("name", REPORTS)
def test_each_report_is_written_to_standard_output_and_to_a_file(folder: Path, name: str) -> None:
    out, err = run(folder, "planted.ttl", "--report", name)
    _, told = run(folder, "planted.ttl", "--report", name, "-o", "out")
    text, _ = run(folder, "planted.ttl", "--report", f"{name}=other")
    assert (folder / "out").read_text("utf-8") == (folder / "other").read_text("utf-8") == out
    assert told == "4 violations, 2 warnings\n"
    assert err == ("" if name == "text" else told)
    assert text.endswith(told)


def test_several_reports_at_once(folder: Path) -> None:
    words = ["--report", "sarif=a.sarif", "--report", "junit=b.xml", "--report", "github"]
    out, _ = run(folder, "planted.ttl", *words)
    assert out.startswith("::")
    assert json.loads((folder / "a.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert (folder / "b.xml").read_text("utf-8").startswith("<?xml")
    assert sorted(os.listdir(folder)) == ["a.sarif", "b.xml", "planted.ttl"]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.sarif", "{"),
        ("a.html", "<!DOCTYPE"),
        ("a.md", "# "),
        ("a.ttl", "@prefix"),
        ("a.xml", "<?xml"),
        ("a", "plan"),
    ],
)
def test_the_name_of_the_file_tells_the_report(folder: Path, name: str, start: str) -> None:
    run(folder, "planted.ttl", "-o", name)
    assert (folder / name).read_text("utf-8").startswith(start)


def test_an_old_file_stays_when_the_new_one_cannot_be_made(folder: Path) -> None:
    (folder / "out.json").write_text("old")
    run(folder, "gone.ttl", "-o", "out.json", code=3)
    assert (folder / "out.json").read_text() == "old"
    _, err = run(folder, "planted.ttl", "-o", "no/such/folder.json", code=3)
    assert "folder.json" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--report", "sarf"], "did you mean 'sarif'?"),
        (["--report", "json", "--report", "sarif"], "sarif=FILE"),
        (["--report", "json="], "write the path"),
        (["--report", "json=x", "-o", "x"], "two reports for one file"),
        (["--update-baseline"], "--baseline FILE"),
        (["--update-baseline", "--baseline", "b", "--fix"], "repair first"),
        (["--select", "skos.s99"], "no rule is called 'skos.s99'"),
        (["--severity", "skos.s14"], "write the code, =,"),
        (["--severity", "skos.s14=bad"], "no severity is called 'bad'"),
        (["--compare", "a", "b"], "leave the sources out"),
        (["-o", "./planted.ttl"], "over the source ./planted.ttl"),
        (["--report", "shacl=planted.ttl"], "over the source planted.ttl"),
        (["--shapes", "own.ttl", "-o", "own.ttl"], "over the file of shapes own.ttl"),
        (["--baseline", "known.json", "-o", "known.json"], "over the baseline known.json"),
        (["--suggest"], "--report json or sarif"),
        (["--diff", "--report", "json"], "as in --report json=FILE"),
        (["--engine", "none"], "Invalid value"),
    ],
)
def test_a_wrong_call_reads_and_writes_nothing(folder: Path, words: list[str], said: str) -> None:
    out, err = run(folder, "planted.ttl", *words, code=2)
    assert said in err
    assert out == ""
    assert os.listdir(folder) == ["planted.ttl"]


def test_information_is_shown_when_it_is_asked_for(folder: Path) -> None:
    words = ["planted.ttl", *QUALITY]
    quiet, _ = run(folder, *words)
    full, _ = run(folder, *words, "-v")
    assert "quality.redundant-broader" not in quiet
    assert quiet.endswith("4 violations, 2 warnings, 1 info (--verbose shows it)\n")
    assert "info quality.redundant-broader" in full
    assert full.endswith("4 violations, 2 warnings, 1 info\n")


def test_equal_sources_give_equal_bytes(folder: Path) -> None:
    outs = []
    for seed in ("1", "2"):
        words = [word for name in REPORTS for word in ("--report", f"{name}=out.{name}")]
        run(folder, "planted.ttl", *QUALITY, *words, environment={"PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"})
        outs.append({name: (folder / f"out.{name}").read_bytes() for name in REPORTS})
    assert outs[0] == outs[1]


def test_colour_is_for_a_terminal_that_wants_it(folder: Path) -> None:
    assert "\x1b[31m" in terminal(folder, {"TERM": "xterm"})
    assert "\x1b" not in terminal(folder, {"TERM": "xterm", "NO_COLOR": "1"})
    assert "\x1b" not in terminal(folder, {"TERM": "dumb"})
    assert "\x1b" not in run(folder, "planted.ttl", environment={"TERM": "xterm"})[0]
    diff = ("--diff", "--fix-proposed")
    assert "\x1b[32m+" in terminal(folder, {"TERM": "xterm"}, *diff)
    plain = terminal(folder, {"TERM": "xterm", "NO_COLOR": "1"}, *diff)
    assert "\x1b" not in plain and "\n+" in plain


def terminal(folder: Path, environment: dict[str, str], *words: str) -> str:
    """Run on a terminal and return what it got."""
    pty = pytest.importorskip("pty", reason="terminals are opened in another way here")
    ours, theirs = pty.openpty()
    told = {**{name: value for name, value in os.environ.items() if name != "NO_COLOR"}, **environment}
    call = [*CALL, "planted.ttl", *words]
    with subprocess.Popen(call, cwd=folder, env=told, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        got = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            got += piece
        assert process.wait() == 1
    os.close(ours)
    return got.decode()


# -- baseline ---------------------------------------------------------------------------


def test_only_new_findings_fail(folder: Path) -> None:
    _, err = run(folder, "planted.ttl", "--baseline", "known.json", code=3)
    assert "known.json" in err
    run(folder, "planted.ttl", "--baseline", "known.json", "--update-baseline", code=0)
    first = (folder / "known.json").read_bytes()
    assert b"\n  {" in first
    out, _ = run(folder, "planted.ttl", "--baseline", "known.json", code=0)
    assert out == "in the baseline: 6 still there, not shown; 0 gone\nnothing new\n"

    moved = "# moved\n\n" + PLANTED.read_text("utf-8").replace('altLabel "weft"@en', 'altLabel "woof"@en, "filling"')
    (folder / "planted.ttl").write_text(moved, "utf-8")
    out, _ = run(folder, "planted.ttl", "--baseline", "known.json", code=0)
    assert out.endswith("in the baseline: 5 still there, not shown; 1 gone\nnew: 1 warning\n")
    out, _ = run(folder, "planted.ttl", "--baseline", "known.json", "--fail-on", "warning", code=1)
    assert re.findall(r": (?:violation|warning) (\S+):", out) == ["glossary.label-language"]
    assert (folder / "known.json").read_bytes() == first

    run(folder, "planted.ttl", "--baseline", "known.json", "--update-baseline", code=0)
    run(folder, "planted.ttl", "--baseline", "known.json", "--fail-on", "warning", code=0)


def test_reports_say_what_is_known_and_what_is_gone(folder: Path) -> None:
    run(folder, "planted.ttl", "--baseline", "known.json", "--update-baseline", code=0)
    text = PLANTED.read_text("utf-8").replace('altLabel "weft"@en', 'altLabel "woof"')
    (folder / "planted.ttl").write_text(text, "utf-8")
    words = ["--report", "json=a.json", "--report", "sarif=a.sarif", "--baseline", "known.json"]
    run(folder, "planted.ttl", *words, code=0)
    report: dict[str, Any] = json.loads((folder / "a.json").read_text("utf-8"))
    assert report["baseline"] == {"new": 1, "known": 5, "gone": 1}
    assert [row["code"] for row in report["findings"] if not row["known"]] == ["glossary.label-language"]
    assert [row["code"] for row in report["gone"]] == ["skos.s13"]
    [log] = json.loads((folder / "a.sarif").read_text("utf-8"))["runs"]
    states = sorted(result["baselineState"] for result in log["results"])
    assert states == ["absent", "new", *["unchanged"] * 5]


def test_two_reports_are_compared(folder: Path) -> None:
    run(folder, "planted.ttl", "--report", "json=old.json")
    text = PLANTED.read_text("utf-8").replace('altLabel "weft"@en', 'altLabel "woof"')
    (folder / "planted.ttl").write_text(text, "utf-8")
    run(folder, "planted.ttl", "--baseline", "new.json", "--update-baseline", code=0)
    out, _ = run(folder, "--compare", "old.json", "new.json", code=0)
    assert out == (
        "new: planted.ttl: warning glossary.label-language: the label “woof” names no language\n"
        "gone: planted.ttl: violation skos.s13: “weft” is a label of “weft” in two ways\n"
        "1 new, 1 gone, 5 still there\n"
    )
    run(folder, "--compare", "old.json", "new.json", "--fail-on", "warning", code=1)
    run(folder, "--compare", "new.json", "old.json", code=1)
    _, err = run(folder, "--compare", "old.json", "planted.ttl", code=3)
    assert "not JSON" in err
    _, err = run(folder, "--compare", "old.json", "new.json", "--fix", "--report", "json", code=2)
    assert "leave --report, --fix out" in err


def test_a_message_of_a_baseline_stays_on_its_line(folder: Path) -> None:
    row = {"id": "0" * 16, "code": "skos.s13", "severity": "violation", "file": "a\n::error::x"}
    for name, rows in (("old.json", []), ("new.json", [{**row, "message": "m\n::stop-commands::x"}])):
        (folder / name).write_text(json.dumps({"format": "kgexport-baseline", "version": 1, "findings": rows}))
    out, _ = run(folder, "--compare", "old.json", "new.json")
    assert len(out.splitlines()) == 2


def test_hostile_content_cannot_steer_the_terminal(folder: Path) -> None:
    (folder / "planted.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<urn:x:a> a skos:Concept ; skos:prefLabel "a\\u001B[31m"@en, "\u202eb\x1b[2J\\n::error::x"@en .\n'
    )
    for name in ("text", "github"):
        out, _ = run(folder, "planted.ttl", "--report", name)
        assert {sign for sign in out if not sign.isprintable()} == {"\n"}
        assert all(line.startswith("::") for line in out.splitlines()) or name == "text"
        assert "::error::x" not in out.splitlines()
