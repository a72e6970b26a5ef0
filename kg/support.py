"""Which evidence supports which statements: what is left out takes its evidence along, RDF 1.2 has its own form."""

from __future__ import annotations

from collections.abc import Iterable

from kg.dataset import Dataset
from kg.statement import DATA, Statement
from kg.terms import Term
from kg.vocab import EVIDENCE, KG, OA, PROV, RDF

_PARTS = (RDF.subject, RDF.predicate, RDF.object)


def evidence_of_others(dataset: Dataset, statements: Iterable[Statement]) -> set[Term]:
    """Return the claims about other statements, with the spans that only they rest on."""
    rows, gone = set(statements), set[Term]()
    for claim in dataset.subjects(RDF.type, KG.Claim, EVIDENCE):
        parts = (dataset.value(claim, part, EVIDENCE) for part in _PARTS)
        if Statement(*(part or DATA for part in parts)) not in rows:
            gone.add(claim)
    if gone:
        rests = list(dataset.match(None, PROV.wasDerivedFrom, None, EVIDENCE))
        used = {found.object for found in rests if found.subject not in gone}
        gone.update(found.object for found in rests if found.object not in used)
        gone.update(found.object for found in dataset.match(None, OA.hasSelector, None, EVIDENCE)
                    if found.subject in gone)  # fmt: skip
    return gone


def as_reifiers(dataset: Dataset) -> Dataset:
    """Return the statements with the claims in the form of RDF 1.2 (RDF 1.2 Concepts, section 1.5).

    A claim gets `rdf:reifies` with its statement as a triple term, in place of
    rdf:subject, rdf:predicate and rdf:object. A claim about a blank node, or about
    more or less than one statement, stays as it is.
    """
    found: dict[Term, dict[Term, list[Term]]] = {}
    for part in _PARTS:
        for row in dataset.match(None, part, None, EVIDENCE):
            found.setdefault(row.subject, {}).setdefault(part, []).append(row.object)
    whole = {
        claim: Term(f"<<( {' '.join(parts[part][0] for part in _PARTS)} )>>")
        for claim, parts in found.items()
        if len(parts) == 3 and all(len(terms) == 1 and terms[0][0] != "_" for terms in parts.values())
    }
    made = Dataset()
    for row in dataset:
        replaced = row.predicate in _PARTS or (row.predicate, row.object) == (RDF.type, RDF.Statement)
        if not (replaced and row.graph == EVIDENCE and row.subject in whole):
            made.add(*row)
    for claim, triple in whole.items():
        made.add(claim, RDF.reifies, triple, EVIDENCE)
    return made
