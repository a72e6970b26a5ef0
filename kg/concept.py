"""Views for programs: a concept, a scheme, a collection, read off the Dataset when asked."""

from __future__ import annotations

from collections.abc import Iterator

from kg import selection, terms
from kg.dataset import Dataset
from kg.hierarchy import hierarchy
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCTERMS, RDF, SKOS


class Resource:
    """A resource of a Dataset; two views of the same resource are equal."""

    __slots__ = ("dataset", "term")

    def __init__(self, dataset: Dataset, term: Term) -> None:
        self.dataset = dataset
        self.term = term

    @property
    def iri(self) -> str:
        """Return the IRI, without brackets."""
        return terms.iri_text(self.term)

    def texts(self, predicate: Term, language: str | None = None) -> list[str]:
        """Return the texts of a property, in one language or in all; sub-properties count."""
        found: set[str] = set()
        for known in (predicate, *hierarchy().subs(predicate)):
            for value in self.dataset.objects(self.term, known):
                if terms.is_literal(value) and language in (None, terms.language(value)):
                    found.add(terms.lexical(value))
        return sorted(found)

    def resources(self, predicate: Term) -> list[Term]:
        """Return what the resource is linked to; sub-properties and inverses count."""
        tree = hierarchy()
        found: set[Term] = set()
        for known in (predicate, *tree.subs(predicate)):
            found.update(term for term in self.dataset.objects(self.term, known) if not terms.is_literal(term))
            if inverse := tree.inverse(known):
                found.update(self.dataset.subjects(inverse, self.term))
        return sorted(found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resource) and (self.term, id(self.dataset)) == (other.term, id(other.dataset))

    def __hash__(self) -> int:
        return hash(self.term)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.iri}>"


class Concept(Resource):
    """A concept: its labels, texts and links, as the Dataset has them and implies them.

    >>> import kg
    >>> model = kg.find(kg.load(), "foundation-model")
    >>> model.label(), [example.label() for example in model.narrower][:2]
    ('foundation model', ['BERT', 'CLIP'])
    """

    __slots__ = ()

    def label(self, language: str = "en") -> str:
        """Return the preferred label in a language, else in any, else the IRI."""
        labels = self.texts(SKOS.prefLabel, language) or self.texts(SKOS.prefLabel)
        return labels[0] if labels else self.iri

    @property
    def alt_labels(self) -> list[str]:
        """Return the alternative labels of all languages."""
        return self.texts(SKOS.altLabel)

    @property
    def definitions(self) -> list[str]:
        """Return the definitions of all languages; a term may have several."""
        return self.texts(SKOS.definition)

    @property
    def notes(self) -> list[str]:
        """Return every note, of whatever kind."""
        return self.texts(SKOS.note)

    @property
    def broader(self) -> list[Concept]:
        """Return the concepts directly above."""
        return self._concepts(SKOS.broader)

    @property
    def narrower(self) -> list[Concept]:
        """Return the concepts directly below."""
        return self._concepts(SKOS.narrower)

    @property
    def related(self) -> list[Concept]:
        """Return the associated concepts."""
        return self._concepts(SKOS.related)

    @property
    def schemes(self) -> list[Scheme]:
        """Return the schemes the concept is in."""
        return [Scheme(self.dataset, term) for term in self.resources(SKOS.inScheme)]

    @property
    def is_candidate(self) -> bool:
        """Tell whether the concept is a term that is mentioned and has no entry yet."""
        return (self.term, ADMS.status, ADMS_STATUS.UnderDevelopment) in self.dataset

    def _concepts(self, predicate: Term) -> list[Concept]:
        return [Concept(self.dataset, term) for term in self.resources(predicate)]


class Scheme(Resource):
    """A concept scheme: its title and its concepts."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """Return the title, else the IRI."""
        return next(iter(self.texts(DCTERMS.title)), self.iri)

    @property
    def top_concepts(self) -> list[Concept]:
        """Return the concepts nothing stands above."""
        return [Concept(self.dataset, term) for term in self.resources(SKOS.hasTopConcept)]

    def __iter__(self) -> Iterator[Concept]:
        found = {row.subject for row in self.dataset.match(None, SKOS.inScheme, self.term)}
        concepts = found.intersection(self.dataset.subjects(RDF.type, SKOS.Concept))
        return (Concept(self.dataset, term) for term in sorted(concepts))


class Collection(Resource):
    """A collection of concepts, such as a facet."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Concept]:
        return (Concept(self.dataset, term) for term in self.resources(SKOS.member))


def find(dataset: Dataset, name: str) -> Concept:
    """Return the concept with an IRI or an id.

    Raises `UnknownName` when the Dataset has no such concept.
    """
    return Concept(dataset, selection.find_concept(dataset, name))


def concepts(dataset: Dataset) -> list[Concept]:
    """Return all concepts, in canonical order."""
    return [Concept(dataset, term) for term in dataset.subjects(RDF.type, SKOS.Concept) if terms.is_iri(term)]
