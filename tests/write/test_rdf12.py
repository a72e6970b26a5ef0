"""Evidence in the form of RDF 1.2: a claim reifies its statement as one triple term."""

from __future__ import annotations

import pyoxigraph
import pytest

import kg
from kg import formats
from kg.dataset import Dataset
from kg.errors import UsageError
from kg.pipeline import RDF12, Job, export_dataset
from kg.statement import Statement
from kg.support import as_reifiers
from kg.vocab import EVIDENCE, RDF

CLAIM = "<http://e.org/claim>"
PARTS = (RDF.subject, RDF.predicate, RDF.object)


def claimed(*terms: str) -> Dataset:
    rows = [(CLAIM, part, term, EVIDENCE) for part, term in zip(PARTS, terms, strict=True)]
    return Dataset(Statement(*row) for row in [*rows, (CLAIM, RDF.type, RDF.Statement, EVIDENCE)])


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
def test_every_claim_of_the_shipped_glossary_reifies_its_statement(name: str) -> None:
    dataset = kg.load()
    claims = {
        tuple(str(dataset.value(claim, part, EVIDENCE)) for part in PARTS)
        for claim in dataset.subjects(RDF.type, kg.vocab.KG.Claim, EVIDENCE)
    }
    syntax = pyoxigraph.RdfFormat.from_media_type(formats.for_name(name).media_type)
    data = b"".join(export_dataset(dataset, name, Job(evidence=RDF12)))
    found = list(pyoxigraph.parse(data, syntax))
    triples = [quad.object for quad in found if str(quad.predicate) == RDF.reifies]
    folded = {tuple(term.lower() for term in claim) for claim in claims}
    assert {tuple(str(term).lower() for term in triple) for triple in triples} == folded
    assert not any(str(quad.predicate) in PARTS for quad in found)
    assert not any(str(quad.object) == RDF.Statement for quad in found)


@pytest.mark.parametrize("name", ["jsonld", "rdfxml"])
def test_formats_without_triple_terms_say_so(name: str) -> None:
    with pytest.raises(UsageError, match="--evidence reified"):
        export_dataset(kg.load(), name, Job(evidence=RDF12))


def test_any_literal_passes_and_other_statements_stay() -> None:
    other = Statement("<urn:s>", RDF.subject, "<urn:o>")
    dataset = claimed("<urn:s>", "<urn:p>", '"a )>> \\" b\\n"@en-GB')
    dataset.add(*other)
    made = as_reifiers(dataset)
    assert set(made) == {other, (CLAIM, RDF.reifies, '<<( <urn:s> <urn:p> "a )>> \\" b\\n"@en-GB )>>', EVIDENCE)}
    lines = b"".join(formats.for_name("nquads").write(made, formats.WriteOptions(evidence=True)))
    back = Dataset()
    back.add_stream(pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS), named=True)
    assert {row.graph for row in back} == {"", EVIDENCE}


def test_claims_about_blank_nodes_or_about_two_statements_stay_reified() -> None:
    assert as_reifiers(claimed("_:b", "<urn:p>", "<urn:o>")) == claimed("_:b", "<urn:p>", "<urn:o>")
    two = claimed("<urn:s>", "<urn:p>", "<urn:o>")
    two.add(CLAIM, RDF.object, "<urn:other>", EVIDENCE)
    assert as_reifiers(two) == two
