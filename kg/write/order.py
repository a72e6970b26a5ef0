"""The reading order: which resource comes first, which of its properties, which prefixes help.

The order hangs on classes and IRIs alone, never on a label, so that an edited
label changes its own line and moves nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from itertools import compress, islice

from kg.dataset import Dataset
from kg.iri import Prefixes
from kg.rows import Order, Rows
from kg.statement import DATA
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
    RDF.reifies,
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


def reading(rows: Rows) -> Order:
    """Return the rows of a graph in reading order.

    What belongs to a resource (a fragment of its IRI: labels, questions) follows it.
    """
    return rows.ordered(subjects(rows), predicates(rows))


def resources(dataset: Dataset, graph: str = DATA) -> Iterator[Resource]:
    """Yield each subject of a graph with its properties and their values, in reading order."""
    rows = dataset.labelled().rows(graph)
    terms, objects, order = rows.terms, rows.objects, reading(rows)
    mask = (1 << order.shift) - 1
    subject, keys = -1, order.keys
    properties: list[tuple[Term, list[Term]]] = []
    values = list(map(terms.__getitem__, map(objects.__getitem__, order.rows)))
    for start, stop in order.runs():
        key = keys[start]
        if key >> order.shift != subject:
            if properties:
                yield terms[order.subjects[subject]], properties
            subject, properties = key >> order.shift, []
        properties.append((terms[order.predicates[key & mask]], values[start:stop]))
    if properties:
        yield terms[order.subjects[subject]], properties


def subjects(rows: Rows) -> list[int]:
    """Return the numbers of the subjects in reading order."""
    terms, numbers = rows.terms, set(rows.subjects)
    ranks, last = _class_ranks(rows), len(CLASSES)
    groups: list[list[int]] = [[] for _ in range(last + 1)]
    owners = {terms[number] for number in numbers} if any("#" in terms[number] for number in numbers) else set()
    for number in numbers:
        groups[ranks.get(_owner(terms[number], owners), last)].append(number)

    def key(number: int) -> str:
        # An IRI is no beginning of another, up to its bracket: so one text compares as owner and fragment would.
        owner = _owner(terms[number], owners)
        return f"{owner}{terms[number]}" if owner != terms[number] else owner

    in_order = key if owners else terms.__getitem__
    return [number for group in groups for number in sorted(group, key=in_order)]


def _owner(term: Term, owners: Collection[str]) -> str:
    """Return what a resource belongs to: the owner of its fragment, or itself."""
    if owners and "#" in term and (owner := f"{term[: term.index('#')]}>") in owners:
        return owner
    return term


def _class_ranks(rows: Rows) -> dict[str, int]:
    """Return the rank of each subject that has a class of `CLASSES`."""
    last = len(CLASSES)
    ranks: dict[str, int] = {}
    for subject, kind in _typed(rows):
        rank = _CLASS_RANK.get(kind, last)
        if rank < ranks.get(subject, last):
            ranks[subject] = rank
    return ranks


def _typed(rows: Rows) -> Iterator[tuple[Term, Term]]:
    """Yield each subject that has a class, with the class."""
    terms, subjects, predicates, objects = rows
    for kind in set(predicates):
        if terms[kind] == RDF.type:
            typed = compress(zip(subjects, objects, strict=True), map(kind.__eq__, predicates))
            yield from ((terms[subject], terms[object_]) for subject, object_ in typed)


def predicates(rows: Rows) -> list[int]:
    """Return the numbers of the predicates in reading order."""
    terms = rows.terms
    return sorted(set(rows.predicates), key=lambda number: _PROPERTY_RANK.get(terms[number], terms[number]))


def own_prefixes(dataset: Dataset) -> dict[str, str]:
    """Return prefixes for the namespaces below the dataset's schemes, such as `term` and `agent`."""
    schemes = (subject for subject, kind in _typed(dataset.rows()) if kind == SKOS.ConceptScheme)
    starts = sorted(scheme[:-1] for scheme in set(schemes) if scheme.endswith("/>"))
    least = min((start.count("/") for start in starts), default=0)
    below = sorted(term for term in dataset.terms() if term.startswith(tuple(starts)) and term.count("/") > least)
    found: dict[str, str] = {}
    for start in starts:
        for term in islice(below, bisect_left(below, start), None):
            if not term.startswith(start):
                break
            kind, slash, local = term[len(start) : -1].partition("/")
            if slash and local and kind.isascii() and kind.isalpha():  # a prefix in every syntax
                found.setdefault(kind, f"{start[1:]}{kind}/")
    return {name: found[name] for name in sorted(found) if name not in PREFIXES.namespaces}


def prefixes(dataset: Dataset) -> Prefixes:
    """Return the known prefixes and the dataset's own."""
    return Prefixes({**PREFIXES.namespaces, **own_prefixes(dataset)})
