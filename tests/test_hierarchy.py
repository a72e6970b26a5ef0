"""Properties above, below and against each other."""

from __future__ import annotations

from kg.hierarchy import Hierarchy, hierarchy
from kg.vocab import ISO_THES, KG, OWL, RDF, RDFS, SKOS


def test_what_stands_above_and_below() -> None:
    known = hierarchy()
    assert known.parents(KG.deploymentRisk) == (KG.concern,)
    assert known.supers(KG.deploymentRisk) == (SKOS.related, SKOS.semanticRelation, KG.concern)
    assert {KG.adaptedBy, KG.usesMethod, SKOS.relatedMatch} <= set(known.subs(SKOS.related))
    assert KG.modality not in known.subs(SKOS.related)
    assert known.supers("<urn:unknown>") == known.subs("<urn:unknown>") == known.parents("<urn:unknown>") == ()


def test_the_axioms_of_skos_need_no_file() -> None:
    known = Hierarchy()
    assert known.supers(SKOS.exactMatch) == (SKOS.closeMatch, SKOS.mappingRelation, SKOS.semanticRelation)
    assert known.supers(SKOS.broadMatch) == (
        SKOS.broader,
        SKOS.broaderTransitive,
        SKOS.mappingRelation,
        SKOS.semanticRelation,
    )
    assert known.parents(SKOS.topConceptOf) == (SKOS.inScheme,)
    assert known.inverse(SKOS.narrowMatch) == SKOS.broadMatch
    assert known.inverse(ISO_THES.narrowerPartitive) == ISO_THES.broaderPartitive
    assert [known.symmetric(term) for term in (SKOS.exactMatch, SKOS.related, SKOS.broader)] == [True, True, False]
    assert known.inverse(SKOS.related) == SKOS.related
    assert known.inverse(SKOS.prefLabel) is None


def test_no_association_stands_in_the_hierarchy() -> None:
    known = hierarchy()
    steps = {*known.subs(SKOS.broaderTransitive), *known.subs(SKOS.narrowerTransitive)}
    assert not steps & set(known.subs(SKOS.related))
    assert KG.exampleModel in steps


def test_the_inverse_of_a_step_is_a_step_the_other_way() -> None:
    known = hierarchy()
    for up in known.subs(SKOS.broaderTransitive):
        assert known.inverse(up) in known.subs(SKOS.narrowerTransitive)


def test_names_ranges_and_facets_of_the_ontology() -> None:
    known = hierarchy()
    assert known.label(KG.exampleModel) == "example model"
    assert known.label(KG.exampleModel, "fr") is None
    assert known.label("<urn:unknown>") is None
    assert known.range(KG.exampleModel) == KG.AIModel
    assert known.range(KG.benefit) is None
    assert KG.exampleModel in known.properties()
    assert SKOS.broader not in known.properties()
    assert (KG.Modality, '"modalities"@en') in known.facets()
    assert [kind for kind, _ in known.facets()] == sorted(kind for kind, _ in known.facets())


def test_axioms_of_ones_own() -> None:
    known = Hierarchy(
        [
            ("<urn:partOf>", RDFS.subPropertyOf, SKOS.broader),
            ("<urn:partOf>", OWL.inverseOf, "<urn:hasPart>"),
            ("<urn:near>", RDF.type, OWL.SymmetricProperty),
            ("<urn:near>", RDFS.label, '"near"'),
            ("<urn:near>", RDFS.subPropertyOf, "<urn:near>"),
            ("<urn:a>", RDFS.subPropertyOf, "<urn:b>"),
            ("<urn:b>", RDFS.subPropertyOf, "<urn:a>"),
        ]
    )
    assert "<urn:partOf>" in known.subs(SKOS.broaderTransitive)
    assert known.inverse("<urn:hasPart>") == "<urn:partOf>"
    assert known.symmetric("<urn:near>")
    assert known.label("<urn:near>") == "near"
    assert known.supers("<urn:near>") == ()
    assert known.supers("<urn:a>") == ("<urn:b>",)


def test_it_is_read_once() -> None:
    assert hierarchy() is hierarchy()
