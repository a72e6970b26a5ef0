"""Each rule over the graph: a case that it passes, and a change to it that it finds, alone of all rules.

`tests/cases/CODE.pass.ttl` and `CODE.fail.ttl` are laid over `base.ttl`, a glossary without a
finding; the second is the first with one mutation. Their first line names what is found
over all profiles.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph
import pytest

from kg import pipeline, profile
from kg.check import rules, shacl
from kg.check.packaged import AS_GRAPH_RULES
from kg.dataset import Dataset
from kg.rule import PROFILES, RULES
from kg.rule.choice import Choice
from kg.statement import Origin
from kg.vocab import PREFIXES

CASES = Path(__file__).parent.parent / "cases"
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.namespaces.items())
HEAD += "@prefix : <http://e.org/term/> .\n@base <http://e.org/> .\n"
#: Rules that are not about a graph alone: what asks the network has tests of its own.
ELSEWHERE = frozenset({"quality.link-dead", "quality.link-unasked", "quality.in-link"})
#: Rules about what is not written out.
AS_READ = frozenset({"quality.one-sided"})
CODES = sorted(code for code, rule in RULES.items() if rule.profile and code not in ELSEWHERE)


@cache
def text(name: str) -> str:
    return (CASES / f"{name}.ttl").read_text("utf-8")


def laid(name: str) -> Dataset:
    """Read a case over the base."""
    data = Dataset()
    for part in ("base", name) if name != "base" else ("base",):
        stream = pyoxigraph.parse((HEAD + text(part)).encode(), pyoxigraph.RdfFormat.TURTLE)
        data.add_stream(stream, Origin(f"{part}.ttl"))
    return data


def named(name: str) -> list[str]:
    """Return the codes that the first line of a case names."""
    first = text(name).split("\n", 1)[0]
    assert first.startswith("# finds "), f"the first line of {name}.ttl says what it finds"
    codes = first.removeprefix("# finds ").partition(":")[0].split()
    return [] if codes == ["nothing"] else sorted(codes)


def codes(data: Dataset) -> list[str]:
    return pipeline.check(data, PROFILES).codes()


def test_the_base_has_no_finding() -> None:
    assert codes(laid("base")) == []


@pytest.mark.parametrize("code", CODES)
def test_what_a_rule_passes_and_what_it_finds(code: str) -> None:
    for name in (f"{code}.pass", f"{code}.fail"):
        found = list(pipeline.check(laid(name), PROFILES))
        assert sorted(one.code for one in found) == named(name), "\n".join(map(str, found))
    assert named(f"{code}.pass") == [], "what a rule passes, all rules do"
    assert set(named(f"{code}.fail")) == {code}, "one rule alone finds it"


def test_every_case_is_of_a_rule() -> None:
    names = {path.name.removesuffix(".ttl") for path in CASES.glob("*.ttl")} - {"base"}
    assert {name.rpartition(".")[0] for name in names} <= {*CODES, *(f"{code}:{end}" for code in CODES for end in "ab")}


@pytest.mark.parametrize("code", [code for code in CODES if code not in AS_READ])
def test_what_is_written_out_hides_no_defect_and_adds_none(code: str) -> None:
    for name in (f"{code}.pass", f"{code}.fail"):
        data, choice = laid(name), Choice(PROFILES)
        asserted = {(one.code, one.focus, one.value) for one in rules.check(data, choice)}
        full = {(one.code, one.focus, one.value) for one in rules.check(profile.apply(data, profile.FULL), choice)}
        assert asserted == full


@pytest.mark.parametrize("engine", sorted(shacl.ENGINES))
@pytest.mark.parametrize("code", sorted(AS_GRAPH_RULES))
def test_the_shapes_and_the_graph_rules_find_the_same(code: str, engine: str) -> None:
    shapes = shacl.Shapes.packaged([code.partition(".")[0]], lambda other: other == code)
    for path in sorted(CASES.glob(f"{code}.*.ttl" if engine == "pyshacl" else "*.ttl")):
        data = laid(path.name.removesuffix(".ttl"))
        results = shacl.validate(profile.apply(data, profile.FULL), shapes, engine)
        found = rules.check(data, Choice(select=(code,)))
        assert {ends(*one[1:4:2]) for one in results} == {ends(one.focus, one.value) for one in found}, path.name


def ends(focus: str | None, value: str | None) -> frozenset[str]:
    """Return what a finding is between, or about: relations hold both ways."""
    return frozenset(term for term in (focus, value) if term)
