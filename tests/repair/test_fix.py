"""`kg validate --fix`, `--diff` and `--fix-proposed`: what is written, what is shown, what stays."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from repairing import HEAD, checked, read

from kg import formats
from kg.cli.fix import Fixing, carry_out
from kg.cli.validate import validate
from kg.errors import SourceError
from kg.read.rdf import Finder, Reading
from kg.repair import Plan, repairs
from kg.repair.change import Change, Refused
from kg.repair.mend import Mending
from kg.repair.patch import Edit, Mended

if TYPE_CHECKING:
    from pathlib import Path

BAD = (
    HEAD
    + """
# What this file is about stays here.
:s a skos:ConceptScheme ; dcterms:title "Colours"@EN .   

:colour a skos:Concept ; # the top one
    skos:prefLabel "colour"@en ;
    skos:definition "What is seen."@en .

:red a skos:Concept ;
    skos:inScheme :s ;
    skos:prefLabel "red "@en ;
    skos:definition "A colour."@en ;
    skos:definition "A colour."@en ;
    skos:broader :colour . # as everybody knows
"""  # noqa: W291
)
GOOD = (
    HEAD
    + """
# What this file is about stays here.
:s a skos:ConceptScheme ; dcterms:title "Colours"@en ; skos:hasTopConcept :colour .

:colour a skos:Concept ; # the top one
    skos:prefLabel "colour"@en ;
    skos:definition "What is seen."@en ;
    skos:inScheme :s ;
    skos:topConceptOf :s ;
    skos:narrower :red .

:red a skos:Concept ;
    skos:inScheme :s ;
    skos:prefLabel "red"@en ;
    skos:definition "A colour."@en ;
    skos:broader :colour . # as everybody knows
"""
)
RULES = ("--select", "skos", "--select", "glossary", "--select", "quality.label-space", "--select", "quality.one-sided")


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(validate, [*RULES, *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "colours.ttl"
    path.write_text(BAD, "utf-8")
    return path


def test_a_faulty_file_is_made_one_that_passes(bad: Path) -> None:
    assert run("--fail-on", "info", bad)[0] == 1
    code, _, told = run("--fix", "--fail-on", "info", bad)
    assert bad.read_text("utf-8") == GOOD
    assert code == 0
    line = BAD.splitlines().index('    skos:prefLabel "red "@en ;') + 1
    assert f"{bad}:{line}:20: repaired quality.label-space: “red” without the white space" in told
    code, _, told = run("--fix", bad)
    assert (code, told.strip()) == (0, "nothing to repair")
    assert bad.read_text("utf-8") == GOOD


def test_a_difference_shows_only_what_would_be_repaired(bad: Path) -> None:
    code, shown, told = run("--diff", bad)
    assert code == 1, "nothing is repaired yet"
    assert bad.read_text("utf-8") == BAD
    expected = unified_diff(BAD.splitlines(), GOOD.splitlines(), lineterm="")
    assert shown.splitlines()[2:] == [*expected][2:]
    assert "would repair" in told
    assert "\n repaired" not in told


def test_what_an_editor_decides_waits_for_a_word(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    text = GOOD + ':red skos:prefLabel "crimson"@en . # or that\n'
    path.write_text(text, "utf-8")
    code, _, told = run("--fix", path)
    assert code == 1
    assert path.read_text("utf-8") == text
    assert "only proposed skos.s14" in told
    assert "(--fix-proposed does it)" in told
    code, _, told = run("--fix-proposed", path)
    assert code == 0
    assert path.read_text("utf-8") == GOOD + ':red skos:altLabel "crimson"@en . # or that\n'


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    one.write_bytes(b"old")
    other.write_bytes(b"saved by an editor")
    from hashlib import sha256

    files = tuple(Mended(str(path), sha256(b"old").hexdigest(), b"old", b"new", (), ()) for path in (one, other))
    with pytest.raises(SourceError, match="has changed since it was read"):
        carry_out(Plan(files), Fixing(proposed=False, diff=False))
    assert (one.read_bytes(), other.read_bytes()) == (b"old", b"saved by an editor")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.ttl", "other.ttl"]


def test_what_one_repair_brings_to_light_is_repaired_too(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "@prefix skos: <https://www.w3.org/2004/02/skos/core#> .\n"
        '<urn:s> a skos:ConceptScheme .\n<urn:a> a skos:Concept ; skos:prefLabel "a "@EN .\n',
        "utf-8",
    )
    run("--fix", path)
    assert path.read_text("utf-8") == (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<urn:s> a skos:ConceptScheme ; skos:hasTopConcept <urn:a> .\n"
        '<urn:a> a skos:Concept ; skos:prefLabel "a"@en ; skos:inScheme <urn:s> ; skos:topConceptOf <urn:s> .\n'
    )
    assert run("--fix", path)[2].strip().startswith(("nothing to repair", f"{path}"))


def test_standard_input_is_not_written_back() -> None:
    finder = Finder("-", formats.for_name("turtle"), Reading())
    with pytest.raises(Refused) as refusal:
        Mending(finder)
    assert refusal.value.wishes == {-1: "standard input cannot be patched"}


def test_an_editor_that_does_more_than_it_says_is_not_trusted(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(text: str, changes: list[Change], *_rest: str) -> list[Edit]:
        at = text.index('    skos:prefLabel "colour"@en ;\n')
        return [Edit(at, text.index("\n", at) + 1, "", frozenset(change.wish for change in changes))]

    monkeypatch.setattr("kg.repair.turtle.edits", careless)
    data = read(bad)
    plan = repairs(checked(data), data)
    assert plan.files == ()
    assert {found.code for found in plan.findings} == {"rdf.unrepaired"}
    assert all("more or less than meant" in proposal.reason for proposal in plan.proposals)


def test_a_repair_of_two_files_is_made_in_both_or_in_neither(tmp_path: Path) -> None:
    import gzip

    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl.gz"
    one.write_text(HEAD + ":a a skos:Concept ; skos:related :b ; skos:broader :b .\n:b a skos:Concept .\n", "utf-8")
    other.write_bytes(gzip.compress((HEAD + ":b skos:related :a .\n").encode()))
    data = read(one, other)
    report = checked(data, ("skos.s27",))
    plan = repairs(report, data, proposed=True)
    assert plan.files == ()
    assert ["packed" in proposal.reason for proposal in plan.proposals] == [True]
    plain = tmp_path / "plain.ttl"
    plain.write_bytes(gzip.decompress(other.read_bytes()))
    data = read(one, plain)
    plan = repairs(checked(data, ("skos.s27",)), data, proposed=True)
    assert [file.after.decode().removeprefix(HEAD) for file in plan.files] == [
        ":a a skos:Concept ; skos:broader :b .\n:b a skos:Concept .\n",
        "",
    ]


def test_a_lenient_reading_is_patched_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text('<urn:a> <urn:p> "x"@en_US , "y"@EN .  \n', "utf-8")
    result = CliRunner().invoke(validate, ["--lenient", "--fix", str(path)])
    assert "rdf.unrepaired" not in result.stderr
    assert path.read_text("utf-8") == '<urn:a> <urn:p> "x"@en_US , "y"@en .\n'
