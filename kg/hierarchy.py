"""Which property stands above, below and against which: the ontology's axioms as look-ups.

The axioms of SKOS (SKOS Reference, S7, S8, S11, S17, S21–S26, S39–S44) and of ISO 25964
are a small table here; those of the glossary vocabulary are read from the packaged ontology.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from kg.terms import Term, language, lexical
from kg.vocab import ISO_THES, KG, OWL, RDF, RDFS, SKOS, ontology

_SUB_PROPERTIES = (
    (SKOS.semanticRelation, (SKOS.broaderTransitive, SKOS.narrowerTransitive, SKOS.related, SKOS.mappingRelation)),
    (SKOS.broaderTransitive, (SKOS.broader,)),
    (SKOS.narrowerTransitive, (SKOS.narrower,)),
    (SKOS.broader, (SKOS.broadMatch, ISO_THES.broaderGeneric, ISO_THES.broaderInstantial, ISO_THES.broaderPartitive)),
    (
        SKOS.narrower,
        (SKOS.narrowMatch, ISO_THES.narrowerGeneric, ISO_THES.narrowerInstantial, ISO_THES.narrowerPartitive),
    ),
    (SKOS.related, (SKOS.relatedMatch,)),
    (SKOS.mappingRelation, (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)),
    (SKOS.closeMatch, (SKOS.exactMatch,)),
    (SKOS.inScheme, (SKOS.topConceptOf,)),
    (RDFS.label, (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)),
    (
        SKOS.note,
        (SKOS.changeNote, SKOS.definition, SKOS.editorialNote, SKOS.example, SKOS.historyNote, SKOS.scopeNote),
    ),
)
_INVERSES = (
    (SKOS.broader, SKOS.narrower),
    (SKOS.broaderTransitive, SKOS.narrowerTransitive),
    (SKOS.broadMatch, SKOS.narrowMatch),
    (SKOS.topConceptOf, SKOS.hasTopConcept),
    (ISO_THES.broaderGeneric, ISO_THES.narrowerGeneric),
    (ISO_THES.broaderInstantial, ISO_THES.narrowerInstantial),
    (ISO_THES.broaderPartitive, ISO_THES.narrowerPartitive),
)
_SYMMETRIC = (SKOS.related, SKOS.relatedMatch, SKOS.closeMatch, SKOS.exactMatch)

_PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)
_AXIOMS = (RDFS.subPropertyOf, RDFS.subClassOf, OWL.inverseOf, RDFS.label, RDFS.range, RDF.type, KG.facetLabel)


class Hierarchy:
    """Properties and classes with what the axioms say of them.

    `axioms` are statements; those with a predicate that says nothing here are passed over.

    >>> from kg.vocab import SKOS
    >>> known = Hierarchy()
    >>> known.supers(SKOS.broader) == (SKOS.broaderTransitive, SKOS.semanticRelation)
    True
    >>> known.inverse(SKOS.broader) == SKOS.narrower, known.symmetric(SKOS.related)
    (True, True)
    """

    __slots__ = ("_above", "_below", "_facet", "_inverse", "_label", "_properties", "_range", "_symmetric")

    def __init__(self, axioms: Iterable[tuple[str, str, str]] = ()) -> None:
        self._above: dict[str, set[Term]] = {}
        self._below: dict[str, set[Term]] = {}
        self._inverse: dict[str, Term] = {}
        self._symmetric: set[str] = set(_SYMMETRIC)
        self._properties: set[Term] = set()
        self._label: dict[str, dict[str, str]] = {}
        self._facet: dict[Term, Term] = {}
        self._range: dict[str, Term] = {}
        for above, belows in _SUB_PROPERTIES:
            for below in belows:
                self._order(below, above)
        for one, other in _INVERSES:
            self._oppose(one, other)
        for subject, predicate, object_ in axioms:
            self._add(Term(subject), predicate, Term(object_))

    def _add(self, subject: Term, predicate: str, object_: Term) -> None:
        if predicate in (RDFS.subPropertyOf, RDFS.subClassOf):
            self._order(subject, object_)
        elif predicate == OWL.inverseOf:
            self._oppose(subject, object_)
        elif predicate == RDF.type:
            if object_ == OWL.SymmetricProperty:
                self._symmetric.add(subject)
            elif object_ in _PROPERTY_KINDS:
                self._properties.add(subject)
        elif predicate == RDFS.range:
            self._range[subject] = object_
        elif predicate == KG.facetLabel:
            self._facet[subject] = object_
        elif predicate == RDFS.label and object_[0] == '"':
            self._label.setdefault(subject, {})[language(object_) or ""] = lexical(object_)

    def _order(self, below: Term, above: Term) -> None:
        if below != above:
            self._above.setdefault(below, set()).add(above)
            self._below.setdefault(above, set()).add(below)

    def _oppose(self, one: Term, other: Term) -> None:
        self._inverse[one] = other
        self._inverse[other] = one

    def parents(self, term: str) -> tuple[Term, ...]:
        """Return the properties (or classes) directly above a property (or class), sorted."""
        return tuple(sorted(self._above.get(term, ())))

    def supers(self, term: str) -> tuple[Term, ...]:
        """Return all properties (or classes) above a property (or class), sorted, without itself."""
        return _closure(term, self._above)

    def subs(self, term: str) -> tuple[Term, ...]:
        """Return all properties (or classes) below a property (or class), sorted, without itself."""
        return _closure(term, self._below)

    def facets(self) -> list[tuple[Term, Term]]:
        """Return each class whose members make a facet, with the facet's label, sorted by class."""
        return sorted(self._facet.items())

    def properties(self) -> frozenset[Term]:
        """Return the properties that the ontology declares."""
        return frozenset(self._properties)

    def inverse(self, predicate: str) -> Term | None:
        """Return the declared inverse of a property: itself for a symmetric one, None without one."""
        return Term(predicate) if predicate in self._symmetric else self._inverse.get(predicate)

    def range(self, predicate: str) -> Term | None:
        """Return the class that a property leads to, or None when none is declared."""
        return self._range.get(predicate)

    def symmetric(self, predicate: str) -> bool:
        """Tell whether a property holds in both directions."""
        return predicate in self._symmetric

    def label(self, term: str, tag: str = "en") -> str | None:
        """Return the ontology's label of a term in a language, or without a language, or None."""
        labels = self._label.get(term, {})
        return labels.get(tag) or labels.get("")


def _closure(term: str, step: dict[str, set[Term]]) -> tuple[Term, ...]:
    found: set[Term] = set()
    waiting = list(step.get(term, ()))
    while waiting:
        other = waiting.pop()
        if other not in found and other != term:
            found.add(other)
            waiting.extend(step.get(other, ()))
    return tuple(sorted(found))


@cache
def hierarchy() -> Hierarchy:
    """Return the hierarchy of the packaged ontology, read once."""
    return Hierarchy(_packaged_axioms())


def _packaged_axioms() -> Iterator[tuple[str, str, str]]:
    import pyoxigraph

    from kg.interop import quads_of

    for batch in quads_of(pyoxigraph.parse(ontology().encode(), pyoxigraph.RdfFormat.TURTLE)):
        for subject, predicate, object_, _ in batch:
            if predicate in _AXIOMS:
                yield subject, predicate, object_
