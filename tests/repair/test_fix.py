"""`kg validate --fix`, `--diff` and `--fix-proposed`: what is written, what is shown, what stays."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from repairing import HEAD, checked, read

from kg import formats
from kg.cli.fix import Fixing, Rounds
from kg.cli.validate import validate
from kg.errors import SourceError
from kg.read.rdf import Finder, Reading
from kg.repair import Plan, repairs
from kg.repair.change import Change, Refused
from kg.repair.mend import Mending
from kg.repair.patch import Done, Edit, Mended
from kg.report import Location

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
        Rounds(Fixing(proposed=False, diff=False)).carry_out(Plan(files))
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


#: Repairs of the second round and of the third: what is https is seen as SKOS only when it is http.
HIDDEN = (
    "@prefix skos: <https://www.w3.org/2004/02/skos/core#> .\n"
    '<urn:s> a skos:ConceptScheme .\n<urn:a> a skos:Concept ; skos:prefLabel "a "@EN, "b"@en .\n'
)


def repairs_of(told: str) -> list[str]:
    return [line for line in told.splitlines() if "repair" in line or "proposed" in line]


@pytest.mark.parametrize("option", ["--fix", "--fix-proposed"])
@pytest.mark.parametrize("text", [BAD, GOOD, HIDDEN], ids=["bad", "good", "hidden"])
def test_a_difference_is_exactly_what_all_rounds_write(text: str, option: str, tmp_path: Path) -> None:
    path, copy = tmp_path / "a.ttl", tmp_path / "copy" / "a.ttl"
    copy.parent.mkdir()
    for place in (path, copy):
        place.write_text(text, "utf-8")
    before = path.stat().st_mtime_ns
    code, shown, told = run(option, "--diff", path)
    assert (path.read_text("utf-8"), path.stat().st_mtime_ns) == (text, before), "nothing is written"
    _, _, done = run(option, copy)
    after = copy.read_text("utf-8")
    expected = unified_diff(text.splitlines(), after.splitlines(), lineterm="")
    assert shown.splitlines()[2:] == [*expected][2:]
    told = told.replace(str(path), str(copy)).replace("would repair", "repaired")
    assert repairs_of(told) == repairs_of(done), "each repair is told as --fix tells it"
    assert code == run(path)[0], "the sources are as they were, and so is the exit code"


def test_a_difference_of_several_files_is_what_is_written(tmp_path: Path) -> None:
    scheme, concepts = tmp_path / "z.ttl", tmp_path / "a.ttl"
    scheme.write_text(HIDDEN.splitlines()[0] + "\n<urn:s> a skos:ConceptScheme .\n", "utf-8")
    concepts.write_text(HIDDEN.replace("<urn:s> a skos:ConceptScheme .\n", ""), "utf-8")
    texts = {path: path.read_text("utf-8") for path in (concepts, scheme)}
    _, shown, _ = run("--diff", scheme, concepts)
    assert {path: path.read_text("utf-8") for path in texts} == texts
    run("--fix", scheme, concepts)
    expected = [
        line
        for path, text in texts.items()
        for line in unified_diff(
            text.splitlines(),
            path.read_text("utf-8").splitlines(),
            f"a/{str(path).lstrip('/')}",
            f"b/{str(path).lstrip('/')}",
            lineterm="",
        )
    ]
    assert shown.splitlines() == expected
    assert "hasTopConcept" in shown


def test_what_comes_back_is_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rounds = Rounds(Fixing(proposed=False, diff=True))
    path = str(tmp_path / "a.ttl")
    there, back = (Mended(path, "", *texts, (), ()) for texts in ((b"a\n", b"b\n"), (b"b\n", b"a\n")))
    assert rounds.carry_out(Plan((there,)))
    assert rounds.texts == {path: b"b\n"}
    assert rounds.carry_out(Plan((back,)))
    assert not rounds.carry_out(Plan())
    rounds.show()
    assert capsys.readouterr().out == ""


def test_repairs_that_go_on_and_on_are_ended_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rounds = Rounds(Fixing(proposed=False, diff=True))
    done = Done("x", Location("a.ttl"), "so", safe=True)
    plan = Plan((Mended(str(tmp_path / "a.ttl"), "", b"a", b"b", (), (done,)),))
    assert [rounds.carry_out(plan) for _ in range(6)] == [True] * 5 + [False]
    rounds.show()
    assert "left after 5 rounds: 1; run it again" in capsys.readouterr().err


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
