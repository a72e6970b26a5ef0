"""The reading order: which resource comes first, which of its properties, which prefixes help.

The order hangs on classes and IRIs alone, never on a label, so that an edited
label changes its own line and moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from kg.dataset import Dataset
from kg.iri import Prefixes
from kg.statement import DATA, Statement
from kg.terms import Term
from kg.vocab import (
    ADMS,
    DCAT,
    DCTERMS,
    FOAF,
    ISO_THES,
    KG,
    OA,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SKOS,
    SKOSXL,
)

#: Classes in the order their members are written; the first that fits counts.
CLASSES = (
    OWL.Ontology,
    SKOS.ConceptScheme,
    DCAT.Dataset,
    SKOS.Collection,
    SKOS.OrderedCollection,
    KG.Entry,
    SKOS.Concept,
    KG.PageVersion,
    KG.Claim,
)

#: Properties in the order they are written; the others follow by IRI.
PROPERTIES = (
    RDF.type,
    RDFS.label,
    DCTERMS.title,
    DCTERMS.description,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.hiddenLabel,
    SKOSXL.prefLabel,
    SKOSXL.literalForm,
    SKOS.notation,
    FOAF.name,
    SKOS.definition,
    SKOS.scopeNote,
    KG.whyItMatters,
    KG.characteristic,
    KG.benefit,
    KG.drawback,
    KG.useWhen,
    KG.avoidWhen,
    SKOS.example,
    SKOS.historyNote,
    SKOS.note,
    KG.coinedBy,
    KG.firstAppeared,
    KG.firstAppearedIn,
    KG.questionText,
    KG.answerText,
    RDF.subject,
    RDF.predicate,
    RDF.object,
    KG.basis,
    SKOS.broader,
    KG.exampleModelOf,
    ISO_THES.broaderGeneric,
    ISO_THES.broaderInstantial,
    SKOS.narrower,
    KG.exampleModel,
    SKOS.related,
    SKOS.semanticRelation,
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.hasTopConcept,
    SKOS.member,
    ADMS.status,
    DCTERMS.source,
    PROV.wasDerivedFrom,
    OA.exact,
    OA.prefix,
    OA.suffix,
    OA.start,
    OA.end,
)

_CLASS_RANK = {term: rank for rank, term in enumerate(CLASSES)}
_PROPERTY_RANK = {term: f"{rank:03}" for rank, term in enumerate(PROPERTIES)}

Resource = tuple[Term, list[tuple[Term, list[Term]]]]


def resources(dataset: Dataset, graph: str = DATA) -> list[Resource]:
    """Return each subject of a graph with its properties and their values, in reading order.

    What belongs to a resource (a fragment of its IRI: labels, questions) follows it.
    """
    found: dict[Term, list[Statement]] = {
        subject: list(group) for subject, group in groupby(dataset.canonical(graph), key=lambda row: row.subject)
    }
    ranks = {subject: _rank(rows) for subject, rows in found.items()}

    def key(subject: Term) -> tuple[int, str, bool, str]:
        owner, hash_, _ = subject.partition("#")
        owned = bool(hash_) and Term(f"{owner}>") in ranks
        whole = Term(f"{owner}>") if owned else subject
        return ranks[whole], whole, owned, subject

    return [(subject, _properties(found[subject])) for subject in sorted(found, key=key)]


def _rank(rows: Iterable[Statement]) -> int:
    last = len(CLASSES)
    return min((_CLASS_RANK.get(row.object, last) for row in rows if row.predicate == RDF.type), default=last)


def _properties(rows: Iterable[Statement]) -> list[tuple[Term, list[Term]]]:
    grouped: dict[Term, list[Term]] = {}
    for row in rows:
        grouped.setdefault(row.predicate, []).append(row.object)
    return sorted(grouped.items(), key=lambda item: _PROPERTY_RANK.get(item[0], item[0]))


def own_prefixes(dataset: Dataset) -> dict[str, str]:
    """Return prefixes for the namespaces below the dataset's schemes, such as `term` and `agent`."""
    schemes = [term[1:-1] for term in dataset.subjects(RDF.type, SKOS.ConceptScheme) if term.endswith("/>")]
    found: dict[str, str] = {}
    for scheme in schemes:
        start = f"<{scheme}"
        for term in dataset.terms():
            if term.startswith(start):
                kind, slash, local = term[len(start) : -1].partition("/")
                if slash and local and kind.isascii() and kind.isalpha():
                    found.setdefault(kind, f"{scheme}{kind}/")
    return {name: base for name, base in found.items() if name not in PREFIXES.namespaces}


def prefixes(dataset: Dataset) -> Prefixes:
    """Return the known prefixes and the dataset's own."""
    return Prefixes({**PREFIXES.namespaces, **own_prefixes(dataset)})
