"""What a shape and a graph rule both say: on any small graph they find the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import profile
from kg.check import rules, shacl
from kg.check.packaged import AS_GRAPH_RULES
from kg.dataset import Dataset
from kg.rule.choice import Choice
from kg.statement import Statement
from kg.terms import iri
from kg.vocab import ADMS, ADMS_STATUS, DCAT, DCTERMS, FOAF, ISO_THES, RDF, SKOS

NODES = [iri(f"http://e.org/{name}") for name in "abcdef"]
#: Properties for each rule, with what they may lead to.
LINKS = {
    "skos.s27": [
        *(SKOS.broader, SKOS.narrower, SKOS.broaderTransitive, SKOS.narrowMatch, SKOS.broadMatch),
        *(SKOS.related, SKOS.relatedMatch, ISO_THES.broaderGeneric),
    ],
    "skos.s46": [SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch],
    "publication.license-missing": [DCTERMS.license, FOAF.primaryTopic, SKOS.inScheme],
}
KINDS = {
    "skos.s27": [SKOS.Concept],
    "skos.s46": [SKOS.Concept],
    "publication.license-missing": [SKOS.ConceptScheme, DCAT.Dataset, SKOS.Concept],
}


def graphs(code: str) -> st.SearchStrategy[Dataset]:
    links = st.builds(Statement, st.sampled_from(NODES), st.sampled_from(LINKS[code]), st.sampled_from(NODES))
    types = st.builds(Statement, st.sampled_from(NODES), st.just(RDF.type), st.sampled_from(KINDS[code]))
    status = st.builds(Statement, st.sampled_from(NODES), st.just(ADMS.status), st.just(ADMS_STATUS.UnderDevelopment))
    return st.lists(st.one_of(links, links, types, status), max_size=14).map(Dataset)


def test_every_rule_that_has_both_forms_is_here() -> None:
    assert set(LINKS) == AS_GRAPH_RULES


@pytest.mark.parametrize("code", sorted(LINKS))
@given(data=st.data())
def test_both_find_the_same(code: str, data: st.DataObject) -> None:
    graph = data.draw(graphs(code))
    shapes = shacl.Shapes.packaged([code.partition(".")[0]], lambda other: other == code)
    full = profile.apply(graph, profile.FULL)
    results = {frozenset(term for term in (one.focus, one.value) if term) for one in shacl.validate(full, shapes)}
    found = rules.check(graph, Choice(select=(code,)))
    assert {frozenset(term for term in (one.focus, one.value) if term) for one in found} == results
