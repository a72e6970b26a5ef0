"""The rules over the whole graph: each with graphs it passes and graphs it reports."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from kg import profile
from kg.check import rules
from kg.dataset import Dataset
from kg.report import Severity
from kg.rule.choice import Choice
from kg.statement import Origin
from kg.text import Source
from kg.vocab import SKOS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.report import Finding

    Reader = Callable[..., Dataset]

SCHEME = ':s a skos:ConceptScheme ; vann:preferredNamespaceUri "http://e.org/term/" ; skos:hasTopConcept :top . '
TOP = SCHEME + ':top a skos:Concept ; skos:inScheme :s ; skos:prefLabel "top"@en . '
#: A concept in its place, a concept called x, one in another scheme.
IN = "a skos:Concept ; skos:inScheme :s ; skos:broader :top"
X = f':a {IN} ; skos:prefLabel "x"@en . '
OTHER = "a skos:Concept ; skos:inScheme :t"

XL = ':l skosxl:literalForm "x"@en .'

#: Rule, name of the case, graph, how many findings of the rule it has.
CASES = [
    ("skos.s27", "associated cousins", ":a skos:broader :x . :b skos:broader :x . :a skos:related :b .", 0),
    ("skos.s27", "a node with itself", ":a skos:broader :x ; skos:related :a .", 0),
    ("skos.s27", "a node of a circle with itself", ":a skos:broader :b ; skos:related :a . :b skos:broader :a .", 1),
    ("skos.s27", "parent", ":a skos:broader :b ; skos:related :b .", 1),
    ("skos.s27", "parent, told from above", ":b skos:narrower :a . :b skos:related :a .", 1),
    ("skos.s27", "told both ways", ":a skos:broader :b ; skos:related :b . :b skos:narrower :a ; skos:related :a .", 1),
    ("skos.s27", "grandparent", ":a skos:broader :b . :c skos:narrower :b . :c skos:related :a .", 1),
    ("skos.s27", "given transitively", ":a skos:broaderTransitive :c ; skos:related :c .", 1),
    ("skos.s27", "a mapping above", ":a skos:broadMatch :b ; skos:relatedMatch :b .", 1),
    ("skos.s27", "an example that is associated", ":a kg:exampleModel :b ; kg:contrastsWith :b .", 1),
    ("skos.s27", "an attribute is no association", ":a kg:exampleModel :b . :b kg:trainedOn :a .", 0),
    ("skos.s27", "ISO 25964 below", ":a iso-thes:narrowerPartitive :b . :b skos:related :a .", 1),
    ("skos.s27", "inside a circle", ":a skos:broader :b . :b skos:broader :a . :a skos:related :b .", 1),
    ("skos.s27", "a matching concept is not the same one", ":a skos:exactMatch :b . :b skos:related :a .", 0),
    ("glossary.cycle", "a lattice", ":a skos:broader :b, :c . :b skos:broader :d . :c skos:broader :d .", 0),
    ("glossary.cycle", "both directions of one step", ":a skos:broader :b . :b skos:narrower :a .", 0),
    ("glossary.cycle", "two", ":a skos:broader :b . :a skos:narrower :b .", 1),
    ("glossary.cycle", "itself", ":a skos:broader :a .", 1),
    ("glossary.cycle", "by three properties",
     ":c kg:exampleModel :a ; skos:broadMatch :d . :d iso-thes:broaderPartitive :a .", 1),
    ("glossary.cycle", "two circles", ":a skos:broader :b . :b skos:broader :a . :c skos:broader :c .", 2),
    ("glossary.ambiguous-label", "other language", X + f':b {IN} ; skos:prefLabel "x"@de .', 0),
    ("glossary.ambiguous-label", "same", X + f':b {IN} ; skos:prefLabel "x"@EN .', 1),
    ("glossary.ambiguous-label", "a facet is no concept",
     X + ':f a skos:Collection ; skos:prefLabel "x"@en .', 0),
    ("glossary.ambiguous-label", "other scheme",
     X + f':b {OTHER} ; skos:prefLabel "x"@en .', 0),
    ("glossary.ambiguous-label", "retired",
     X + f':b {IN} ; skos:prefLabel "x"@en ; owl:deprecated true .', 0),
    ("glossary.ambiguous-label", "without a scheme",
     ':a a skos:Concept ; skos:prefLabel "x"@en . :b a kg:Task ; skos:prefLabel "x"@en .', 1),
    ("glossary.label-clash", "own label", f':a {IN} ; skos:prefLabel "x"@en ; skos:altLabel "x"@en .', 0),
    ("glossary.label-clash", "same", X + f':b {IN} ; skos:altLabel "x"@en .', 1),
    ("glossary.label-clash", "hidden", X + f':b {IN} ; skos:hiddenLabel "x"@en .', 1),
    ("glossary.label-clash", "letter case",
     f':a {IN} ; skos:prefLabel "warp"@en . :b {IN} ; skos:altLabel "Warp"@en .', 1),
    ("glossary.label-clash", "an acronym", f':a {IN} ; skos:prefLabel "it"@en . :b {IN} ; skos:altLabel "IT"@en .', 0),
    ("glossary.label-clash", "other language", X + f':b {IN} ; skos:altLabel "x"@fr .', 0),
    ("glossary.label-clash", "other scheme",
     X + f':b {OTHER} ; skos:altLabel "x"@en .', 0),
    ("glossary.label-clash", "a candidate of the same glossary",
     f':d foaf:primaryTopic :s . :a {IN} ; skos:altLabel "x"@en . :b {OTHER} ; skos:prefLabel "x"@en .', 1),
    ("skos.s46", "three mappings that agree", ":a skos:exactMatch :b ; skos:closeMatch :b ; skos:broadMatch :c .", 0),
    ("skos.s46", "straight", ":a skos:exactMatch :b ; skos:narrowMatch :b .", 1),
    ("skos.s46", "told from the other side", ":a skos:exactMatch :b . :b skos:relatedMatch :a .", 1),
    ("skos.s46", "told both ways", ":a skos:exactMatch :b ; skos:broadMatch :b . :b skos:narrowMatch :a .", 1),
    ("skos.s46", "by way of a third", ":a skos:exactMatch :b . :c skos:exactMatch :b . :a skos:relatedMatch :c .", 1),
    ("skos.s46", "close is not exact", ":a skos:closeMatch :b ; skos:broadMatch :b .", 0),
    ("skos.s36", "all stated", ":c skos:memberList (:a :b) ; skos:member :b, :a .", 0),
    ("skos.s36", "several unstated", ":c skos:memberList (:a :b) .", 1),
    ("skos.s36", "a list in a circle", ":c skos:memberList :l . :l rdf:first :a ; rdf:rest :l .", 1),
    ("skos.s36", "an empty list", ":c skos:memberList () .", 0),
    ("skos.s13", "stated, so the shapes tell it", ':a skos:prefLabel "x" ; skos:altLabel "x" .', 0),
    ("skos.s13", "one is entailed", f':a skosxl:prefLabel :l ; skos:altLabel "x"@en . {XL}', 1),
    ("skos.s13", "both are", f':a skosxl:altLabel :l ; skosxl:hiddenLabel :m . {XL} :m skosxl:literalForm "x"@EN .', 1),
    ("skos.s13", "another language", f':a skosxl:prefLabel :l ; skos:altLabel "x" . {XL}', 0),
    ("skos.s13", "another concept", f':a skosxl:prefLabel :l . :b skos:altLabel "x"@en . {XL}', 0),
    ("skos.s14", "stated, so the shapes tell it", f':a skos:prefLabel "x"@en, "y"@en ; skosxl:prefLabel :l . {XL}', 0),
    ("skos.s14", "one is entailed", f':a skosxl:prefLabel :l ; skos:prefLabel "y"@EN . {XL}', 1),
    ("skos.s14", "both are", f':a skosxl:prefLabel :l, :m . {XL} :m skosxl:literalForm "y"@en .', 1),
    ("skos.s14", "the same",
     f':a skosxl:prefLabel :l, :m ; skos:prefLabel "x"@en . {XL} :m skosxl:literalForm "x"@en .', 0),
    ("skos.s14", "no language is one",
     ':a skosxl:prefLabel :l ; skos:prefLabel "y" . :l skosxl:literalForm "x" .', 1),
    ("skos.s55", "stated", f':a skosxl:prefLabel :l ; skos:prefLabel "x"@en . {XL}', 0),
    ("skos.s55", "unsaid", f':a skosxl:prefLabel :l ; skos:prefLabel "x"@de . {XL}', 1),
    ("skos.s55", "would clash, which is told", f':a skosxl:prefLabel :l ; skos:prefLabel "y"@en . {XL}', 0),
    ("skos.s55", "a label without a form", ":a skosxl:prefLabel :l .", 0),
    ("skos.s56", "unsaid", f":a skosxl:altLabel :l . {XL}", 1),
    ("skos.s56", "stated", f':a skosxl:altLabel :l ; skos:altLabel "x"@en . {XL}', 0),
    ("skos.s57", "unsaid", f":a skosxl:hiddenLabel :l . {XL}", 1),
    ("skos.s57", "stated", f':a skosxl:hiddenLabel :l ; skos:hiddenLabel "x"@en . {XL}', 0),
    ("glossary.unreachable", "below the top", f":a {IN} . :b a skos:Concept ; skos:inScheme :s ; skos:broader :a .", 0),
    ("glossary.unreachable", "told from above", ":b a skos:Concept ; skos:inScheme :s . :top skos:narrower :b .", 0),
    ("glossary.unreachable", "in a facet", ":b a skos:Concept ; skos:inScheme :s . :f skos:member :b .", 0),
    ("glossary.unreachable", "below one of a facet",
     ":b a skos:Concept ; skos:inScheme :s ; skos:broader :c . :f skos:member :c .", 0),
    ("glossary.unreachable", "loose", ":b a skos:Concept ; skos:inScheme :s ; skos:related :top .", 1),
    ("glossary.unreachable", "above the top", ":b a skos:Concept ; skos:inScheme :s ; skos:narrower :top .", 1),
    ("glossary.unreachable", "a candidate needs no place",
     f":d foaf:primaryTopic :s . :t a skos:ConceptScheme . :b {OTHER} .", 0),
    ("glossary.top-missing", "one top concept", f":a {IN} .", 0),
    ("glossary.top-missing", "a facet", f":t a skos:ConceptScheme . :b {OTHER} . :f skos:member :b .", 0),
    ("glossary.top-missing", "none", f":t a skos:ConceptScheme . :b {OTHER} .", 1),
    ("glossary.top-missing", "an empty scheme", ":t a skos:ConceptScheme .", 0),
    ("glossary.link-dangling", "described", f":a {IN} .", 0),
    ("glossary.link-dangling", "a slip", f":a {IN} ; skos:related :typo . :b {IN} ; skos:broader :typo .", 1),
    ("glossary.link-dangling", "elsewhere", f":a {IN} ; skos:broadMatch <http://o.org/x> .", 0),
    ("glossary.link-dangling", "replaced by nothing", f":a {IN} ; dcterms:isReplacedBy :gone .", 1),
    ("glossary.link-dangling", "the shape of its property reports it", f":a {IN} ; kg:modality :typo .", 0),
    ("glossary.link-dangling", "described as evidence only",
     f':a {IN} ; dcterms:source :page . kg:evidence {{ :page dcterms:title "P"@en . }}', 0),
]  # fmt: skip


def found(data: Dataset, code: str) -> list[Finding]:
    return list(rules.check(data, Choice(select=(code,))))


@pytest.mark.parametrize(("code", "name", "graph", "number"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_rule(code: str, name: str, graph: str, number: int, read: Reader) -> None:
    data = read(TOP + graph)
    assert len(found(data, code)) == number, name
    # Writing out what follows neither hides a defect nor adds one.
    assert len(found(profile.apply(data, "full"), code)) == number, name


def test_every_rule_has_a_graph_it_passes_and_one_it_reports() -> None:
    graph_rules = [
        code for profile in ("skos", "glossary") for rule in rules.graph_rules(profile) for code in rule.codes
    ]
    assert set(graph_rules) == {case[0] for case in CASES}
    for code in graph_rules:
        assert {min(1, case[3]) for case in CASES if case[0] == code} == {0, 1}


def test_s27_names_the_way_and_both_places(read: Reader) -> None:
    data = Dataset()
    data.texts["a.txt"] = Source("a.txt", "one\ntwo\nthree\n")
    for row, (subject, predicate, object_) in enumerate(
        [("<urn:a>", SKOS.broader, "<urn:b>"), ("<urn:b>", SKOS.related, "<urn:a>")]
    ):
        data.add(subject, predicate, object_, origin=Origin("a.txt", row * 4, row * 4 + 3))
    data.add("<urn:a>", SKOS.prefLabel, '"cat"@en')
    [one] = found(data, "skos.s27")
    assert one.severity is Severity.VIOLATION
    assert one.focus == "<urn:a>"
    assert [place and place[:3] for place in (one.location, *one.also)] == [("a.txt", 2, 1), ("a.txt", 1, 1)]
    assert one.message == "“cat” is related to <urn:b>, which also stands above it"
    far = read(':a skos:broader :b . :b skos:broader :c . :c skos:related :a . :b skos:prefLabel "middle"@en .')
    assert found(far, "skos.s27")[0].message.endswith("which also stands above it by way of “middle”")


def test_a_circle_is_told_from_its_first_member_on(read: Reader) -> None:
    labels = " . ".join(f':{name} skos:prefLabel "{name}"@en' for name in "abc")
    data = read(f":b skos:broader :c . :c skos:broader :a . :b skos:narrower :a . {labels} .")
    [one] = found(data, "glossary.cycle")
    assert one.message == "the hierarchy runs in a circle: “a” → “b” → “c” → “a”"
    assert one.focus == "<http://e.org/term/a>"
    assert one.location is not None


def test_a_long_circle_names_only_its_beginning(read: Reader) -> None:
    ring = " ".join(f":n{number:02} skos:broader :n{(number + 1) % 40:02} ." for number in range(40))
    [one] = found(read(ring), "glossary.cycle")
    assert one.message.endswith(" and 35 more")
    assert one.message.count("→") == 5


def test_an_alias_that_several_prefer_is_told_once(read: Reader) -> None:
    several = " ".join(f':n{at} {IN} ; skos:prefLabel "x"@en, "X"@en .' for at in range(3))
    data = read(TOP + several + f' :b {IN} ; skos:altLabel "x"@en . :n0 skos:hiddenLabel "x"@en .')
    by_subject = {one.focus: one for one in found(data, "glossary.label-clash")}
    assert {focus: one.message for focus, one in by_subject.items()} == {
        "<http://e.org/term/b>": "the alias “x” is the label of another entry, <http://e.org/term/n0> and 2 more",
        "<http://e.org/term/n0>": "the alias “x” is the label of another entry, <http://e.org/term/n1> and 1 more",
    }
    assert by_subject["<http://e.org/term/n0>"].path == SKOS.hiddenLabel


def test_an_alias_clashes_within_its_schemes(read: Reader) -> None:
    x = 'a skos:Concept ; skos:prefLabel "x"@en ; skos:inScheme'
    data = read(
        f":n1 {x} :t . :n2 {x} :s . :n3 {x} :t, :s . :n4 {x} :u . :n5 a skos:Concept ; skos:prefLabel 'x'@en ."
        " :a a skos:Concept ; skos:altLabel 'x'@en ; skos:inScheme :s, :t ."
        " :b a skos:Concept ; skos:altLabel 'x'@en ; skos:inScheme :s . :c a skos:Concept ; skos:altLabel 'x'@en ."
        " :d a skos:Concept ; skos:altLabel 'x'@en ; skos:inScheme :v ."
    )
    told = {one.focus: one.message.rpartition("/")[2] for one in found(data, "glossary.label-clash")}
    assert told == {
        "<http://e.org/term/a>": "n1> and 2 more",
        "<http://e.org/term/b>": "n2> and 1 more",
        "<http://e.org/term/c>": "n5>",
    }


def test_a_label_and_an_alias_of_a_thousand_concepts_each_take_no_million_steps(read: Reader) -> None:
    rows = [f':n{at} {IN} ; skos:prefLabel "x"@en . :a{at} {IN} ; skos:altLabel "x"@en .' for at in range(3000)]
    data = read(" ".join(rows))
    start = time.process_time()
    assert len(found(data, "glossary.label-clash")) == 3000
    assert time.process_time() - start < 5


def test_a_profile_runs_its_own_rules_only(read: Reader) -> None:
    data = read(":a a skos:Concept ; skos:broader :a, :b . :b a skos:Concept ; skos:related :a .")
    assert [one.code for one in rules.check(data, Choice(("skos",)))] == ["skos.s27"]
    assert [one.code for one in rules.check(data, Choice(("glossary",)))] == ["glossary.cycle"]
    assert list(rules.check(data, Choice(("publication",)))) == []


def test_a_rule_that_nobody_wants_is_not_run(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: object) -> list[Finding]:
        raise AssertionError

    from kg.check import skos
    from kg.check.graph import GraphRule

    monkeypatch.setattr(skos, "GRAPH_RULES", (GraphRule(("skos.s27",), never),))
    data = read(":a skos:broader :b . :b skos:related :a .")
    assert list(rules.check(data, Choice(("skos",), ignore=("skos.s27",)))) == []
    with pytest.raises(AssertionError):
        list(rules.check(data, Choice(("skos",))))


def test_the_order_of_statements_changes_nothing(read: Reader) -> None:
    graph = [
        ":a skos:broader :b .", ":b skos:broader :c .", ":c skos:broader :a .", ":a skos:related :c .",
        ":x skos:broader :y .", ":y skos:broader :x .", ':a skos:prefLabel "p"@en .', ':b skos:prefLabel "p"@en .',
        ":a a skos:Concept .", ":b a skos:Concept .", ':x skos:altLabel "p"@en .', ":x a skos:Concept .",
    ]  # fmt: skip
    messages = [[(*one[:2], one.message) for one in rules.check(read(" ".join(way)))] for way in (graph, graph[::-1])]
    assert sorted(messages[0]) == sorted(messages[1])
