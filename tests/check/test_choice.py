"""Which rules run and how bad they count: options, glossary.toml, and one over the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg import pipeline
from kg.check.packaged import AS_GRAPH_RULES, FILES, Packaged
from kg.check.rules import MODULES, graph_rules
from kg.errors import UnknownName
from kg.pipeline import Job
from kg.read.config import read_config
from kg.report import Finding, Report, Severity
from kg.rule import INCLUDED, PROFILES, RULES, finding
from kg.rule.choice import DEFAULT, Choice, severities_of
from kg.text import Source
from kg.vocab import shapes

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "Warp\nA warp is a group of threads.\n"
CONFIG = '[glossary]\nbase = "https://e.org/"\n'


def told(text: str) -> tuple[Choice, list[str]]:
    """Read a glossary.toml and give its choice and the findings about it."""
    report = Report()
    choice = read_config(Source("glossary.toml", text), report).choice
    return choice, [f"{one.code} {one.message}" for one in report]


# -- patterns ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (Choice(), {"skos.s13", "glossary.cycle", "page.empty"}),
        (Choice(("skos",)), {"skos.s13", "page.empty"}),
        (Choice(("skos",), ("quality.cluster",)), {"skos.s13", "quality.cluster", "page.empty"}),
        (Choice(select=("quality.c*",)), {"quality.cluster", "page.empty"}),
        (Choice(select=("skos", "quality.")), {"skos.s13", "quality.cluster", "page.empty"}),
        (Choice(ignore=("skos.*", "page.empty")), {"glossary.cycle"}),
        (Choice(select=("skos.s13",), ignore=("skos",)), {"skos.s13", "page.empty"}),
        (Choice(select=("skos",), ignore=("skos.s13",)), {"page.empty"}),
        (Choice(select=("skos.s13",), ignore=("skos.s13",)), {"page.empty"}),
        (Choice(("quality",)), {"skos.s13", "glossary.cycle", "quality.cluster", "page.empty"}),
    ],
)
def test_profiles_select_and_ignore(choice: Choice, wanted: set[str]) -> None:
    codes = {"skos.s13", "glossary.cycle", "quality.cluster", "page.empty"}
    assert {code for code in codes if choice.wanted(code)} == wanted
    assert {code for code in wanted if RULES[code].profile and not choice.concerns(code.partition(".")[0])} == set()


def test_a_rule_of_a_user_is_wanted_unless_it_is_ignored() -> None:
    assert Choice(select=("skos.s13",)).wanted("shapes.mine")
    assert not Choice(ignore=("shapes.mine",)).wanted("shapes.mine")


def test_a_prefix_is_no_part_of_a_word() -> None:
    assert not Choice(select=("skos.s1",)).wanted("skos.s13")
    assert Choice(select=("skos.s1*",)).wanted("skos.s13")


def test_the_longest_pattern_grades() -> None:
    choice = Choice(severities=severities_of(["skos=info", "skos.s13=warning"]))
    assert choice.severity("skos.s13", Severity.VIOLATION) is Severity.WARNING
    assert choice.severity("skos.s14", Severity.VIOLATION) is Severity.INFO
    assert choice.severity("page.empty", Severity.VIOLATION) is Severity.VIOLATION
    for pairs in (["skos.s13=warning", "skos.s13*=info"], ["skos.s13*=info", "skos.s13=warning"]):
        choice = Choice(severities=severities_of(pairs))
        assert choice.severity("skos.s13", Severity.VIOLATION) is Severity.WARNING, "a code before its beginning"


def test_a_report_is_thinned_and_graded() -> None:
    made: list[Finding] = [finding("page.empty"), finding("skos.s9", subject="x"), finding("skos.s6", subject="x")]
    report = Choice(ignore=("skos.s6",), severities={"skos.s9": Severity.INFO}).applied(Report(made))
    assert {(one.code, one.severity.value) for one in report} == {("page.empty", "violation"), ("skos.s9", "info")}


def test_what_is_not_there_is_a_wrong_call() -> None:
    for choice, word in (
        (Choice(("skoss",)), "did you mean 'skos'"),
        (Choice(select=("skos.s999",)), "skos.s999"),
        (Choice(ignore=("nothing.*",)), "nothing"),
        (Choice(ignore=("shapeless",)), "shapeless"),
        (Choice(severities={"skos.cycle": Severity.INFO}), "skos.cycle"),
    ):
        with pytest.raises(UnknownName, match=word):
            choice.checked()
    for pattern in ("shapes", "shapes.", "shapes*", "shapes.Mine", "shapes.http://e.org/s#Mine"):
        assert Choice(ignore=(pattern,)).checked()
    with pytest.raises(UnknownName, match="severity"):
        severities_of(["skos.s13=error"])
    with pytest.raises(ValueError, match="write the code"):
        severities_of(["skos.s13"])


# -- glossary.toml ---------------------------------------------------------------------


def test_glossary_toml_says_the_same_as_the_options() -> None:
    choice, findings = told(
        '[validate]\nprofiles = ["skos", "quality"]\nselect = ["glossary.cycle"]\nignore = ["quality.orphan"]\n'
        '[validate.severity]\n"skos.s13" = "info"\n'
    )
    assert findings == []
    assert choice == Choice(("skos", "quality"), ("glossary.cycle",), ("quality.orphan",), {"skos.s13": Severity.INFO})


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ('profiles = "skos"', "glossary.config-value", "profiles is not a list of texts"),
        ('profiles = ["skoss"]', "glossary.config-value", "profiles names 'skoss', which is not there"),
        ('ignore = ["skos.s999"]', "glossary.config-value", "ignore names 'skos.s999', which is not there"),
        ('severity = { "skos.s13" = "bad" }', "glossary.config-value", "skos.s13 is 'bad'"),
        ('severity = { "skos.s999" = "info" }', "glossary.config-value", "skos.s999 covers no rule"),
        ('severity = "info"', "glossary.config-value", "severity is not a table"),
        ("strict = true", "glossary.config-unknown-key", "nothing reads the key validate.strict"),
    ],
)
def test_what_is_wrong_in_it_is_told_and_the_rest_counts(line: str, code: str, words: str) -> None:
    choice, findings = told(f'[validate]\nselect = ["skos.s13"]\n{line}\n')
    assert [f"{code} glossary.toml: {words}"] == findings
    assert choice == Choice(select=("skos.s13",))


def test_options_come_before_glossary_toml(tmp_path: Path) -> None:
    (tmp_path / "warp.txt").write_text(PAGE, "utf-8")
    (tmp_path / "glossary.toml").write_text(
        CONFIG
        + '[validate]\nprofiles = ["publication"]\nignore = ["publication.version-missing", "page", "glossary"]\n'
        '[validate.severity]\npublication = "info"\n"publication.license-missing" = "warning"\n',
        "utf-8",
    )
    data = pipeline.read(Job((str(tmp_path),)))
    found = {one.code: one.severity for one in pipeline.check(data)}
    assert found["publication.license-missing"] is Severity.WARNING
    assert found["publication.publisher-missing"] is Severity.INFO
    assert "publication.version-missing" not in found
    assert {code.partition(".")[0] for code in found} == {"publication"}
    options = Choice(severities={"publication.license-missing": Severity.VIOLATION})
    assert not pipeline.check(data, options).conforms()
    assert "publication.license-missing" not in pipeline.check(data, ["skos"]).codes()


def test_an_export_warns_of_a_licence_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "warp.txt").write_text(PAGE, "utf-8")
    job = Job((str(tmp_path),))

    def licence(config: str) -> list[Severity]:
        (tmp_path / "glossary.toml").write_text(config, "utf-8")
        written = pipeline.export(job, ["turtle"], lambda _, chunks: b"".join(chunks) and None)
        return [one.severity for one in written.report if one.code == "publication.license-missing"]

    assert licence(CONFIG) == [Severity.WARNING]
    assert licence(CONFIG + 'license = "https://e.org/licence"\n') == []
    assert licence(CONFIG + '[validate]\nignore = ["publication.license-missing"]\n') == []
    assert licence(CONFIG + '[validate.severity]\n"publication.license-missing" = "info"\n') == [Severity.INFO]
    [graded] = [
        one for one in pipeline.check(pipeline.read(job), ["publication"]) if one.code.endswith("license-missing")
    ]
    assert graded.severity is Severity.INFO


# -- tables ------------------------------------------------------------------------------


def test_the_tables_agree() -> None:
    assert {rule.profile for rule in RULES.values()} == {"", *PROFILES}
    assert set(MODULES) == set(PROFILES) >= set(DEFAULT)
    assert {code for codes in INCLUDED.values() for code in codes} <= set(RULES)
    assert set(FILES) <= set(PROFILES)
    assert all(code.startswith(rule.profile) for code, rule in RULES.items())
    assert all(rule.source for rule in RULES.values() if rule.profile == "skos")


def test_every_rule_of_a_profile_has_a_shape_or_a_graph_rule() -> None:
    graph = {code for profile in MODULES for rule in graph_rules(profile) for code in rule.codes}
    assert graph <= set(RULES)
    shaped = {code for name in FILES for code in blocks(name)}
    online = {"quality.link-dead", "quality.link-unasked", "quality.in-link"}
    assert {code for code, rule in RULES.items() if rule.profile} - online <= graph | shaped
    assert graph >= AS_GRAPH_RULES <= shaped


def blocks(name: str) -> set[str]:
    """Give the codes of the shapes of a file, block by block: a block holds one shape that is reported."""
    found = set()
    for block in shapes(name).split("\n\n"):
        made = [line[10:].split(" ", 1)[0] for line in block.split("\n") if line.startswith("kg-shapes:")]
        reported = [code for code in made if code[0].islower()]
        assert not reported or len(made) == 1
        found.update(code.partition(":")[0] for code in reported)
    return found


def test_shapes_that_nobody_wants_are_left_out() -> None:
    packaged = Packaged(Choice(("skos",), ignore=("skos.s13",)))
    assert packaged.files() == ("skos",)
    text = shapes("skos", packaged.keeps)
    assert "kg-shapes:skos.s14 a" in text
    assert "kg-shapes:skos.s13" not in text.replace("findings#skos.s13", "")
    assert "kg-shapes:skos.s27 a" not in text, "a graph rule"
    assert Packaged(Choice(select=("quality.cluster",))).files() == ()
