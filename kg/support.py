"""Which evidence supports which statements, so that what is left out takes its evidence along."""

from __future__ import annotations

from collections.abc import Iterable

from kg.dataset import Dataset
from kg.statement import DATA, Statement
from kg.terms import Term
from kg.vocab import EVIDENCE, KG, OA, PROV, RDF


def evidence_of_others(dataset: Dataset, statements: Iterable[Statement]) -> set[Term]:
    """Return the claims about other statements, with the spans that only they rest on."""
    rows, gone = set(statements), set[Term]()
    for claim in dataset.subjects(RDF.type, KG.Claim, EVIDENCE):
        parts = (dataset.value(claim, part, EVIDENCE) for part in (RDF.subject, RDF.predicate, RDF.object))
        if Statement(*(part or DATA for part in parts)) not in rows:
            gone.add(claim)
    if gone:
        rests = list(dataset.match(None, PROV.wasDerivedFrom, None, EVIDENCE))
        used = {found.object for found in rests if found.subject not in gone}
        gone.update(found.object for found in rests if found.object not in used)
        gone.update(found.object for found in dataset.match(None, OA.hasSelector, None, EVIDENCE)
                    if found.subject in gone)  # fmt: skip
    return gone
