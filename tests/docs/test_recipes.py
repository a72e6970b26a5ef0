"""The recipes of docs/reports.md for build servers: each is well-formed, its lines run, and its files come about.

No server is here, so what it would do is done by hand: the shell lines run one after the other as the
server runs them, those that install left out; what it collects afterwards must be there.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("KG_BIN") or Path(sys.executable).parent)
PAGE = (ROOT / "docs/reports.md").read_text("utf-8").partition("\n## In a build\n")[2]
GOOD = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    "<http://e.org/s> a skos:ConceptScheme ; skos:hasTopConcept <http://e.org/a> .\n"
    '<http://e.org/a> a skos:Concept ; skos:prefLabel "a"@en ; skos:definition "A."@en ;\n'
    "    skos:inScheme <http://e.org/s> ; skos:topConceptOf <http://e.org/s> .\n"
)
BAD = GOOD.replace('"a"@en ;', '"a"@en, "b"@en ;')


class Ran(NamedTuple):
    """A line that was run: its exit code and what it printed."""

    code: int
    told: str


def recipes(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(io.StringIO(text))


@pytest.fixture(params=[GOOD, BAD], ids=["good", "bad"])
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a directory as a server checks it out: a glossary, and the baseline of a good one."""
    (tmp_path / "glossary").mkdir()
    source = tmp_path / "glossary" / "a.ttl"
    source.write_text(GOOD)
    assert run(tmp_path, "kg validate glossary --baseline known.json --update-baseline").code == 0
    source.write_text(request.param)
    return tmp_path


def run(directory: Path, line: str) -> Ran:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(directory / "step-summary"),
    }
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", line.replace(".venv/bin/", "")],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout + done.stderr)


def expected(directory: Path) -> int:
    return 1 if (directory / "glossary" / "a.ttl").read_text() == BAD else 0


def is_install(line: str) -> bool:
    return "pip install kgexport" in line


def test_every_recipe_of_the_page_is_held() -> None:
    assert len(re.findall("^```[a-z]", PAGE, re.MULTILINE)) == len(recipes("yaml")) + len(recipes("groovy")) == 4


def test_github_actions(work: Path) -> None:
    recipe = yaml(recipes("yaml")[0])
    assert set(recipe) == {"name", "on", "permissions", "jobs"}
    assert recipe["permissions"] == {"contents": "read", "security-events": "write"}
    [job] = recipe["jobs"].values()
    steps = job["steps"]
    assert [step["uses"].partition("@")[0] for step in steps if "uses" in step] == [
        "actions/checkout",
        "actions/setup-python",
        "github/codeql-action/upload-sarif",
    ]
    install, validate, summary = (step for step in steps if "run" in step)
    assert is_install(install["run"])
    ran = run(work, validate["run"])
    assert ran.code == expected(work), ran.told
    annotations = [line for line in ran.told.splitlines() if line.startswith("::error ")]
    assert ["file=glossary/a.ttl,line=3," in line for line in annotations] == [True] * expected(work)
    after = steps[steps.index(validate) + 1 :]
    assert all(step["if"] == "always()" for step in after), "what comes after a failure runs all the same"
    assert run(work, summary["run"]).code == 0
    assert (work / "step-summary").read_text("utf-8").startswith("# Validation report\n")
    log = json.loads((work / after[-1]["with"]["sarif_file"]).read_text("utf-8"))
    results = log["runs"][0]["results"]
    assert [one["ruleId"] for one in results if one["baselineState"] == "new"] == ["skos.s14"] * expected(work)


def test_gitlab(work: Path) -> None:
    [job] = yaml(recipes("yaml")[1]).values()
    assert job["image"].startswith("python:3.")
    install, validate = job["script"]
    assert is_install(install)
    assert run(work, validate).code == expected(work)
    kept = job["artifacts"]
    assert kept["when"] == "always"
    assert all((work / path).read_text("utf-8").startswith("<!DOCTYPE html>") for path in kept["paths"])
    suites = ET.parse(work / kept["reports"]["junit"]).getroot()  # noqa: S314 - it is ours
    assert int(suites.get("failures") or 0) == expected(work)


def test_jenkins(work: Path) -> None:
    [recipe] = recipes("groovy")
    assert recipe.count("{") == recipe.count("}") and recipe.count("'") % 2 == 0
    install, validate = re.findall(r"^ *sh '(.*)'$", recipe, re.MULTILINE)
    assert is_install(install)
    assert run(work, validate).code == expected(work)
    [junit] = re.findall(r"^ *junit '(.*)'$", recipe, re.MULTILINE)
    [sarif] = re.findall(r"sarif\(pattern: '(.*)'\)", recipe)
    assert int(ET.parse(work / junit).getroot().get("failures") or 0) == expected(work)  # noqa: S314 - it is ours
    results = json.loads((work / sarif).read_text("utf-8"))["runs"][0]["results"]
    assert sum(one["level"] == "error" for one in results) == expected(work)


def test_pre_commit(work: Path) -> None:
    [repository] = yaml(recipes("yaml")[2])["repos"]
    assert repository["repo"] == "local"
    [hook] = repository["hooks"]
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert (hook["language"], hook["additional_dependencies"]) == ("python", ["kgexport"])
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "glossary/a.ttl") and not re.search(hook["files"], "other/a.ttl")
    assert run(work, hook["entry"]).code == expected(work)


def test_what_cannot_be_read_leaves_no_report(work: Path) -> None:
    (work / "glossary" / "a.ttl").write_text("no Turtle")
    [job] = yaml(recipes("yaml")[1]).values()
    assert run(work, job["script"][1]).code == 3
    assert sorted(path.name for path in work.iterdir()) == ["glossary", "known.json"]
