"""Each packaged shape: a graph it passes, one it reports, and the same from both engines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from kg import terms, vocab
from kg.check import shacl
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.hierarchy import hierarchy
from kg.report import Severity
from kg.rule import RULES
from kg.statement import Origin, Statement
from kg.text import Source, Span
from kg.vocab import EVIDENCE, KG, KG_SHAPES, OWL, RDF, RDFS, SH, SKOS, SKOSXL, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Reader = Callable[..., Dataset]

CLAIM = "rdf:subject :a ; rdf:predicate skos:broader ; rdf:object :b"
FROM_PAGE = 'kg:basis "page" ; prov:wasDerivedFrom :span'
SPAN = ":span a oa:SpecificResource ; oa:hasSource :page ; oa:hasSelector :selector ."
SELECTOR = ':selector oa:exact "words" ; oa:start 3 ; oa:end 8 .'
ENTRY = 'a skos:Concept, kg:Entry ; skos:prefLabel "a"@en ; skos:inScheme :scheme'
LABEL = 'a skosxl:Label ; skosxl:literalForm "a"@en'
CANDIDATE = "adms:status adms-status:UnderDevelopment ."
DATASET = "a dcat:Dataset ; foaf:primaryTopic :scheme"

#: What each shape passes, and what it reports.
CASES: dict[str, tuple[str, str]] = {
    "skos.s4": (":a skos:inScheme :s . :s a skos:ConceptScheme .", ":a skos:inScheme :s . :s a skos:Concept ."),
    "skos.s6": (":s skos:hasTopConcept :a .", ":a skos:topConceptOf :s . :a a skos:Collection ."),
    "skos.s9": (":s a skos:ConceptScheme . :a a skos:Concept .", ":s a skos:ConceptScheme, skos:Concept ."),
    "skos.s12": (':a skos:prefLabel "a"@en, "b" .', ":a skos:prefLabel :b ."),
    "skos.s12:alt": (':a skos:altLabel "a"@en, "b" .', ":a skos:altLabel 7 ."),
    "skos.s12:hidden": (':a skos:hiddenLabel "a"@en, "b" .', ':a skos:hiddenLabel "<b>a</b>"^^rdf:HTML .'),
    "skos.s13": (
        ':a skos:prefLabel "a"@en ; skos:altLabel "a"@de, "A"@en .',
        ':a skos:prefLabel "a"@en-GB ; skos:altLabel "a"@EN-gb .',
    ),
    "skos.s13:alt": (
        ':a skos:altLabel "a"@en ; skos:hiddenLabel "aa"@en . :b skos:hiddenLabel "a"@en .',
        ':a skos:altLabel "a"@en ; skos:hiddenLabel "a"@en .',
    ),
    "skos.s14": (':a skos:prefLabel "a"@en, "a"@de, "a" .', ':a skos:prefLabel "a"@en-GB, "b"@EN-gb .'),
    "skos.s14:untagged": (':a skos:prefLabel "a", "a"@en .', ':a skos:prefLabel "a", "b" .'),
    "skos.s19": (":a skos:broader :b . :b a skos:Concept .", ":a skos:related :c . :c a skos:Collection ."),
    "skos.s31": (":c skos:member :a . :c a skos:Collection .", ":c skos:member :a . :c a skos:Concept ."),
    "skos.s32": (":c skos:member :a, :b . :b a skos:Collection .", ":c skos:member :s . :s a skos:ConceptScheme ."),
    "skos.s35": (":c skos:memberList (:a :b) .", ":c skos:memberList (:a), (:b) ."),
    "skos.s37": (":c a skos:Collection .", ":c a skos:OrderedCollection, skos:Concept ."),
    "skos.s46": (":a skos:exactMatch :b ; skos:broadMatch :c .", ":a skos:exactMatch :b ; skos:narrowMatch :b ."),
    "skos.s48": (f":l {LABEL} .", f":l {LABEL} . :l a skos:Concept ."),
    "skos.s51": (f":l {LABEL} .", ":l a skosxl:Label ; skosxl:literalForm :a ."),
    "skos.s52": (f":l {LABEL} .", f':l {LABEL}, "b"@en .'),
    "skos.s54": (f":a skosxl:prefLabel :l . :l {LABEL} .", ':a skosxl:altLabel "a"@en .'),
    "skos.s58": (
        ":a skosxl:prefLabel :l ; skosxl:altLabel :m .",
        ":a skosxl:prefLabel :l ; skosxl:hiddenLabel :l .",
    ),
    "skos.s58:alt": (
        ":a skosxl:hiddenLabel :l ; skosxl:altLabel :m .",
        ":a skosxl:altLabel :l ; skosxl:hiddenLabel :l .",
    ),
    "glossary.label-missing": (
        ':a a skos:Concept ; skos:prefLabel "a"@en .',
        ':a a skos:Concept ; rdfs:label "a"@en .',
    ),
    "glossary.label-language": (':a skos:prefLabel "a"@en .', ':a skos:prefLabel "a" .'),
    "glossary.label-language:alt": (':a skos:altLabel "a"@en .', ':a skos:altLabel "a" .'),
    "glossary.label-language:hidden": (':a skos:hiddenLabel "a"@en .', ':a skos:hiddenLabel "a" .'),
    "glossary.scheme-missing": (":a a skos:Concept ; skos:inScheme :s .", ":a a skos:Concept ."),
    "glossary.definition-missing": (f':a {ENTRY} ; skos:definition "A."@en, "B."@en .', f":a {ENTRY} ."),
    "glossary.page-missing": (
        f":a {ENTRY} ; dcterms:source :p, <http://o.org/book> . :p a kg:Page .",
        f":a {ENTRY} ; dcterms:source <http://o.org/book> .",
    ),
    "glossary.concept-undefined": (
        ':a a skos:Concept, kg:Entry . :b a skos:Concept ; skos:definition "B."@en . :c a skos:Concept ; ' + CANDIDATE,
        ":a a skos:Concept ; adms:status adms-status:Completed .",
    ),
    "glossary.status": (":a adms:status adms-status:Deprecated .", ':a adms:status "draft" .'),
    "glossary.candidate-published": (
        f":d foaf:primaryTopic :s . :a skos:inScheme :s . :b skos:inScheme :candidates ; {CANDIDATE}",
        f":d foaf:primaryTopic :s . :b skos:inScheme :s ; {CANDIDATE}",
    ),
    "glossary.origin-subject": (f":l {LABEL} ; kg:coinedBy :x .", ':a a skos:Concept ; kg:firstAppeared "2021" .'),
    "glossary.origin-agent": (':l kg:coinedBy :x . :x foaf:name "X" .', ':l kg:coinedBy :x . :x foaf:nick "X" .'),
    "glossary.origin-work": (':l kg:firstAppearedIn :w . :w dcterms:title "W"@en .', ":l kg:firstAppearedIn :w ."),
    "glossary.origin-year": (
        ':l kg:firstAppeared "2021"^^xsd:gYear .',
        ':l kg:firstAppeared "2021"^^xsd:gYear, "2022"^^xsd:gYear .',
    ),
    "evidence.statement:subject": (f":k a kg:Claim ; {CLAIM} .", ":k a kg:Claim ; rdf:predicate :p ; rdf:object :b ."),
    "evidence.statement:predicate": (f":k a kg:Claim ; {CLAIM} .", f":k a kg:Claim ; {CLAIM} ; rdf:predicate :p ."),
    "evidence.statement:object": (f":k a kg:Claim ; {CLAIM} .", ":k a kg:Claim ; rdf:subject :a ."),
    "evidence.basis": (f":k a kg:Claim ; {FROM_PAGE} .", ':k a kg:Claim ; kg:basis "rumour" .'),
    "evidence.quote-missing": (
        f':k a kg:Claim ; {FROM_PAGE} . {SPAN} :m a kg:Claim ; kg:basis "curated" .',
        ':k a kg:Claim ; kg:basis "page" .',
    ),
    "evidence.source-missing": (
        ':k a kg:Claim ; kg:basis "page" . :m a kg:Claim ; kg:basis "curated" ; dcterms:source :w .',
        ':k a kg:Claim ; kg:basis "curated" .',
    ),
    "evidence.selector": (SPAN + SELECTOR, ":span a oa:SpecificResource ; oa:hasSelector :selector ." + SELECTOR),
    "evidence.selector:exact": (SPAN + SELECTOR, SPAN + ":selector oa:start 3 ; oa:end 8 ."),
    "evidence.selector:start": (SPAN + SELECTOR, SPAN + ':selector oa:exact "words" ; oa:end 8 .'),
    "evidence.selector:end": (SPAN + SELECTOR, SPAN + SELECTOR + ":selector oa:end 9 ."),
    "publication.title-missing": (
        ':s a skos:ConceptScheme ; dcterms:title "S"@en .',
        ':s a skos:ConceptScheme ; rdfs:label "S"@en .',
    ),
    "publication.topic-missing": (f":d {DATASET} . :scheme a skos:ConceptScheme .", f":d {DATASET} ."),
    "publication.description-missing": (f':d {DATASET} ; dcterms:description "D."@en .', f":d {DATASET} ."),
    "publication.license-missing": (f":d {DATASET} ; dcterms:license <http://o.org/l> .", f":d {DATASET} ."),
    "publication.license-form": (f":d {DATASET} ; dcterms:license <http://o.org/l> .", ':d dcterms:license "MIT" .'),
    "publication.publisher-missing": (f":d {DATASET} ; dcterms:publisher :x .", f":d {DATASET} ."),
    "publication.publisher-name": (
        ':d dcterms:publisher :x . :x foaf:name "X" .',
        ":d dcterms:publisher :x .",
    ),
    "publication.version-missing": (
        f':d {DATASET} ; owl:versionInfo "1" .',
        f':d {DATASET} ; owl:versionInfo "1", "2" .',
    ),
    "publication.language-missing": (f':d {DATASET} ; dcterms:language "en" .', f":d {DATASET} ."),
    "publication.date-form": (
        f':d {DATASET} ; dcterms:created "2026-11-23"^^xsd:date, "2026"^^xsd:gYear .',
        f':d {DATASET} ; dcterms:created "23.11.2026" .',
    ),
    "publication.date-form:modified": (
        f':d {DATASET} ; dcterms:modified "2026-11-23T12:00:00Z"^^xsd:dateTime .',
        f':d {DATASET} ; dcterms:modified "2026-13-45"^^xsd:date .',
    ),
    "publication.date-form:issued": (
        f':d {DATASET} ; dcterms:issued "2026-11"^^xsd:gYearMonth .',
        f":d {DATASET} ; dcterms:issued 2026 .",
    ),
}


def _ranges() -> Iterator[tuple[str, str]]:
    """Yield each property of ours that leads from a concept to a concept or a question, and to what."""
    known = hierarchy()
    for predicate in sorted(known.properties()):
        kind = known.range(predicate)
        if kind and (kind == SKOS.Concept or kind in KG):
            yield predicate, kind


for _predicate, _kind in _ranges():
    CASES[f"glossary.range:{_predicate[len(KG.base) + 1 : -1]}"] = (
        f":a {_predicate} :b . :b a {_kind} .",
        f":a {_predicate} :b . :b a {SKOS.Collection} .",
    )

SHAPES = [vocab.shapes(profile) for profile in shacl.PROFILES]


@pytest.fixture(scope="module")
def axioms() -> Dataset:
    """Give the packaged shapes as one graph."""
    return _graph("\n".join(SHAPES))


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
    results = shacl.validate(shacl.as_ntriples(data), SHAPES)
    return {result.shape.removeprefix(KG_SHAPES.base) for result in results}


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


def test_every_rule_of_the_graph_has_a_shape_or_a_check(axioms: Dataset, root: Path) -> None:
    made = {name.partition(":")[0] for name in named(axioms)}
    for module in ("skos", "evidence"):
        made |= set(re.findall(r'finding\(\s*"([\w.-]+)"', (root / f"kg/check/{module}.py").read_text("utf-8")))
    ruled = {code for code in RULES if code.startswith(("skos.", "evidence.", "publication."))}
    assert ruled - made == set()
    assert made - set(RULES) == set()


def test_the_shapes_agree_with_the_ranges_of_the_ontology(axioms: Dataset) -> None:
    shaped = {
        axioms.value(term, SH.path): axioms.value(term, getattr(SH, "class"))
        for name, term in named(axioms).items()
        if name.startswith("glossary.range:")
    }
    assert shaped == dict(_ranges())


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


def test_both_engines_report_the_same(all_cases: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyshacl
    import rdflib

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    data = shacl.as_ntriples(all_cases)
    fast = {(found.shape, found.focus, found.value and found.value.lower()) for found in shacl.validate(data, SHAPES)}
    shapes = rdflib.Graph().parse(data="\n".join(SHAPES), format="turtle")
    _, report, _ = pyshacl.validate(rdflib.Graph().parse(data=data, format="nt"), shacl_graph=shapes)
    space = rdflib.Namespace(SH.base)
    reference = set()
    for result in report.subjects(rdflib.RDF.type, space.ValidationResult):
        value = report.value(result, space.value)
        focus = report.value(result, space.focusNode)
        reference.add((str(report.value(result, space.sourceShape)), focus.n3(), value and value.n3().lower()))
    assert {shape.removeprefix(KG_SHAPES.base) for shape, _, _ in fast} == set(CASES)
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
    with pytest.raises(UnknownName, match="no packaged shapes file is called 'skoss'; did you mean 'skos'"):
        list(shacl.check(Dataset(), ["skoss"]))
    with pytest.raises(UnknownName, match="SHACL engine"):
        shacl.validate("", SHAPES, engine="topbraid")


def test_a_shape_that_is_not_ours_is_named_by_its_iri() -> None:
    shape = f"<urn:s> a <{SH.base}NodeShape> ; <{SH.base}targetNode> <urn:a> ; <{SH.base}class> <urn:C> ."
    [found] = shacl.validate("", [shape])
    assert (found.code, found.severity, found.path) == ("urn:s", Severity.VIOLATION, None)


def test_the_data_an_engine_gets_are_plain_n_triples() -> None:
    data = Dataset([Statement(*quad) for quad in (("_:x", RDF.type, OWL.Thing, ""), ("<urn:a>", "<urn:p>", "_:x", ""))])
    assert shacl.as_ntriples(data).splitlines() == [
        f"<urn:kgexport:blank:x> {RDF.type} {OWL.Thing} .",
        "<urn:a> <urn:p> <urn:kgexport:blank:x> .",
    ]
