"""Each packaged shape: a graph it passes, one it reports, and the same from both engines."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
from shape_cases import CASES, ranges

import kg
from kg import terms, vocab
from kg.check import shacl
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.rule import RULES
from kg.statement import DATA, Origin
from kg.text import Source, Span
from kg.vocab import EVIDENCE, KG_SHAPES, RDF, RDFS, SH, SKOS, SKOSXL, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[..., Dataset]

SHAPES = "\n".join(vocab.shapes(profile) for profile in shacl.PROFILES)
GRAPHS = (DATA, EVIDENCE)


@pytest.fixture(scope="module")
def axioms() -> Dataset:
    """Give the packaged shapes as one graph."""
    return _graph(SHAPES)


def _graph(turtle: str) -> Dataset:
    data = Dataset()
    data.add_stream(pyoxigraph.parse(turtle.encode(), pyoxigraph.RdfFormat.TURTLE))
    return data


def named(shapes: Dataset) -> dict[str, str]:
    """Return the local name of each shape that can be reported, and its term."""
    found = shapes.subjects(SH.severity)
    assert all(term in KG_SHAPES for term in found)
    return {term[len(KG_SHAPES.base) + 1 : -1]: term for term in found}


def reported(data: Dataset) -> set[str]:
    results = shacl.validate(data, shacl.Shapes(SHAPES), graphs=GRAPHS)
    return {result.shape[len(KG_SHAPES.base) + 1 : -1] for result in results}


# -- the shapes, one by one ----------------------------------------------------------


@pytest.mark.parametrize("shape", sorted(CASES))
def test_a_shape_passes_what_is_right(shape: str, read: Reader) -> None:
    assert shape not in reported(read(CASES[shape][0]))


@pytest.mark.parametrize("shape", sorted(CASES))
def test_a_shape_reports_what_is_wrong(shape: str, read: Reader) -> None:
    assert shape in reported(read(CASES[shape][1]))


def test_every_shape_has_its_two_cases(axioms: Dataset) -> None:
    assert sorted(named(axioms)) == sorted(CASES)


# -- shapes and rules are one ----------------------------------------------------------


def test_every_shape_has_a_rule_of_the_same_severity(axioms: Dataset) -> None:
    told = {name.partition(":")[0]: axioms.value(term, SH.severity) for name, term in named(axioms).items()}
    ruled = {code: f"<{SH.base}{RULES[code].severity.value.title()}>" for code in told}
    assert told == ruled


def test_every_shape_says_what_it_asks_and_where_to_read_on(axioms: Dataset) -> None:
    for name, term in named(axioms).items():
        [message] = axioms.objects(term, SH.message)
        assert terms.language(message) == "en"
        [page] = axioms.objects(term, RDFS.seeAlso)
        assert page.endswith(f"#{name.partition(':')[0]}>")


def test_the_shapes_agree_with_the_ranges_of_the_ontology(axioms: Dataset) -> None:
    shaped = {
        axioms.value(term, SH.path): axioms.value(term, getattr(SH, "class"))
        for name, term in named(axioms).items()
        if name.startswith("glossary.range:")
    }
    assert shaped == dict(ranges())


def test_shapes_of_skos_speak_of_skos_only() -> None:
    data = _graph(vocab.shapes("skos"))
    used = {re.sub(r"[^#/]*>$", "", term)[1:] for term in data.terms() if terms.is_iri(term)}
    spoken = {SKOS.base, SKOSXL.base}
    assert used - spoken == {
        RDF.base,
        RDFS.base,
        SH.base,
        XSD.base,
        KG_SHAPES.base,
        "https://w3id.org/kgexport/findings#",
    }


@pytest.mark.parametrize("profile", shacl.PROFILES)
def test_each_file_of_shapes_stands_alone(profile: str) -> None:
    data = _graph(vocab.shapes(profile))
    assert {found.object for found in data if found.object in KG_SHAPES} <= set(data.subjects())


# -- two engines -------------------------------------------------------------------------


@pytest.fixture
def all_cases(read: Reader) -> Dataset:
    """Give every case in one graph, each with terms of its own."""
    whole = Dataset()
    for number, shape in enumerate(sorted(CASES)):
        for side in (0, 1):
            whole.merge(read(CASES[shape][side], base=f"http://e.org/{number}/{side}/"))
    return whole


def test_both_engines_report_the_same(all_cases: Dataset) -> None:
    fast, reference = (
        Counter(result[:6] for result in shacl.validate(all_cases, shacl.Shapes(SHAPES), engine, GRAPHS))
        for engine in ("shacl", "pyshacl")
    )
    assert {shape[len(KG_SHAPES.base) + 1 : -1] for shape, *_ in fast} == set(CASES)
    assert fast == reference


# -- results as findings -----------------------------------------------------------------


def test_a_finding_stands_where_its_statement_does() -> None:
    data = Dataset()
    data.texts["a.txt"] = Source("a.txt", "warp\nalso: warp\n")
    data.add("<urn:a>", SKOS.prefLabel, '"warp"@en', origin=Origin("a.txt", 0, 4))
    data.add("<urn:a>", SKOS.altLabel, '"warp"@en', origin=Origin("a.txt", 11, 15))
    [found] = shacl.check(data, ["skos"])
    assert found.code == "skos.s13"
    assert found.focus == "<urn:a>"
    assert found.location == data.texts["a.txt"].locate(Span(0, 4))
    assert found.message == "“warp” is a label of “warp” in two ways"


def test_a_missing_property_is_reported_where_the_node_gets_its_type() -> None:
    data = Dataset()
    origin = Origin("claims.tsv", 5, 9)
    data.add("<urn:a>", RDF.type, SKOS.Concept, origin=origin)
    [found] = [found for found in shacl.check(data, ["glossary"]) if found.code == "glossary.label-missing"]
    assert found.location == data.place(origin)
    assert found.message == "<urn:a> has no preferred label"


def test_two_sources_of_one_defect_are_both_named(read: Reader) -> None:
    data = read(':a skos:prefLabel "a"@en .', origin=Origin("one.ttl"))
    data.merge(read(':a skos:prefLabel "b"@en .', origin=Origin("two.ttl")))
    [found] = shacl.check(data, ["skos"])
    assert (found.code, found.location and found.location.path) == ("skos.s14", "one.ttl")
    assert [place.path for place in found.also] == ["two.ttl"]


def test_labels_of_other_languages_are_no_place_of_a_clash(tmp_path: Path) -> None:
    labels = ('"a"@en', '"b"@de', '"x"', '"c"@DE', '"d"@de-AT', '"y"', '"1"^^<urn:t>')
    path = tmp_path / "a.ttl"
    path.write_text("".join(f"<urn:a> {SKOS.prefLabel} {label} .\n" for label in labels))
    [found] = [one for one in kg.validate(kg.load(path), ["skos"]) if one.code == "skos.s14"]
    places = [place.line for place in (found.location, *found.also) if place]
    assert places == [2, 4, 3, 6]


def test_types_of_other_vocabularies_are_no_place_of_a_clash(tmp_path: Path) -> None:
    kinds = ("<urn:T>", SKOS.Concept, "<urn:U>", SKOS.Collection)
    path = tmp_path / "a.ttl"
    path.write_text("".join(f"<urn:a> {RDF.type} {kind} .\n" for kind in kinds))
    [found] = [one for one in kg.validate(kg.load(path), ["skos"]) if one.code == "skos.s37"]
    assert [place.line for place in (found.location, *found.also) if place] == [2, 4]


def test_one_defect_is_one_finding(read: Reader) -> None:
    both_ways = ":a skos:exactMatch :b ; skos:relatedMatch :b . :b skos:exactMatch :a ; skos:relatedMatch :a ."
    assert [found.code for found in shacl.check(read(both_ways), ["skos"])] == ["skos.s46"]
    three_kinds = ':a skos:prefLabel "x"@en ; skos:altLabel "x"@en ; skos:hiddenLabel "x"@en .'
    assert [found.code for found in shacl.check(read(three_kinds), ["skos"])] == ["skos.s13"]


def test_of_a_property_and_one_above_it_the_one_below_is_named(read: Reader) -> None:
    data = read(":a kg:adaptedBy :b ; kg:usesMethod :b . :b a skos:Concept, kg:Task .")
    found = [found.message for found in shacl.check(data, ["glossary"]) if found.code == "glossary.range"]
    assert len(found) == 1
    assert found[0].startswith("kg:adaptedBy of <http://e.org/term/a> leads to <http://e.org/term/b>")
    assert found[0].endswith("a kind of “method”")


def test_a_blank_node_keeps_its_label(read: Reader) -> None:
    data = read("[] a skos:ConceptScheme, skos:Concept .")
    [node] = data.subjects(RDF.type, SKOS.Concept)
    [found] = shacl.check(data, ["skos"])
    assert (found.focus, found.message) == (node, "a blank node is both a concept scheme and a concept")
    assert found.location is not None


def test_a_value_keeps_the_case_of_its_language(read: Reader) -> None:
    data = read(':a skos:prefLabel "x"@en-GB ; skos:altLabel "x"@en-GB .', origin=Origin("x.ttl"))
    [found] = shacl.check(data, ["skos"])
    assert found.location is not None


def test_evidence_is_checked_with_the_data_and_other_graphs_are_not(read: Reader) -> None:
    wrong = ':k a kg:Claim ; rdf:subject :a ; rdf:predicate :p ; rdf:object :b ; kg:basis "page" .'
    [found] = shacl.check(read(f"{EVIDENCE} {{ {wrong} }}"), ["glossary"])
    assert found.code == "evidence.quote-missing"
    assert found.message.startswith("the claim that <http://e.org/term/a> <http://e.org/term/p> <http://e.org/term/b>")
    assert list(shacl.check(read(f":other {{ {wrong} }}"), ["glossary"])) == []


def test_a_clean_graph_and_no_profile_have_no_findings(read: Reader) -> None:
    assert list(shacl.check(read(CASES["skos.s9"][0]), ["skos"])) == []
    assert list(shacl.check(read(CASES["skos.s9"][1]), [])) == []


def test_names_that_do_not_exist_are_wrong_calls() -> None:
    with pytest.raises(UnknownName, match="no profile is called 'skoss'; did you mean 'skos'"):
        list(shacl.check(Dataset(), ["skoss"]))
    with pytest.raises(UnknownName, match="SHACL engine"):
        shacl.validate(Dataset(), shacl.Shapes(SHAPES), engine="topbraid")


def test_a_finding_tells_its_terms(read: Reader) -> None:
    data = read(':a skos:prefLabel "x"@en ; skos:altLabel "x"@en .')
    [found] = shacl.check(data, ["skos"])
    assert found.path == SKOS.prefLabel
    assert (found.value, found.component) == ('"x"@en', "DisjointConstraintComponent")
    assert found.shape == f"{KG_SHAPES.base}skos.s13"


def test_a_shape_that_is_left_out_does_not_run(read: Reader) -> None:
    data = read(CASES["skos.s13"][1])
    assert [found.code for found in shacl.check(data, ["skos"], keep=lambda code: code != "skos.s13")] == []


def test_data_with_the_term_of_the_probe_are_like_others(read: Reader) -> None:
    data = read("_:x <urn:kgexport:probe> :a . _:y <urn:kgexport:probe> _:x . _:y a skos:Concept, skos:ConceptScheme .")
    [found] = shacl.check(data, ["skos"])
    assert (found.code, found.focus) == ("skos.s9", "_:y")
