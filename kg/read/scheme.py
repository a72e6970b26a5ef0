"""The scheme: header, top concepts, candidates and facets, from what the entries state."""

from __future__ import annotations

from kg import terms
from kg.dataset import Dataset
from kg.iri import MintingPolicy, slug
from kg.read.claim import label_iri
from kg.read.config import Config, key_span
from kg.statement import Origin
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCAT, DCTERMS, FOAF, ISO_THES, KG, OWL, RDF, SKOS, SKOSXL, VANN, XSD

_PLACES = (
    SKOS.broader,
    SKOS.topConceptOf,
    KG.exampleModelOf,
    ISO_THES.broaderGeneric,
    ISO_THES.broaderInstantial,
    ISO_THES.broaderPartitive,
)
_INVERSE_PLACES = (SKOS.narrower, KG.exampleModel)


class SchemeWriter:
    """Writes what no page says of itself: the scheme, and the place of each concept in it."""

    def __init__(self, dataset: Dataset, policy: MintingPolicy, config: Config, config_path: str) -> None:
        self.dataset, self.policy, self.config = dataset, policy, config
        self.path = config_path
        self.origin = self.line("glossary")
        self.scheme = terms.iri(policy.base)
        self.candidates = terms.iri(policy.mint("candidates"))

    def write(self) -> None:
        """State header, places, facets and labels; call it when all entries are written."""
        self.header()
        self.places()
        self.facets()
        self.label_forms()
        for name, words in self.config.people.items():
            self.add(terms.iri(self.policy.mint("agent", name)), FOAF.name, terms.literal(words))

    def line(self, key: str) -> Origin:
        """Return the line of the config that names a key or a table."""
        source = self.dataset.texts.get(self.path)
        return Origin(self.path, *key_span(source, key)) if source else Origin(self.path)

    def add(self, subject: Term, predicate: Term, object_: Term, key: str = "") -> None:
        """State one thing, with the config, or the line of one of its keys, as its source."""
        self.dataset.add(subject, predicate, object_, origin=self.line(key) if key else self.origin)

    def text(self, words: str) -> Term:
        """Make a literal in the language of the glossary."""
        return terms.literal(words, self.config.language)

    def header(self) -> None:
        """State scheme and dataset: the scheme lasts, the dataset has versions, rights and a publisher."""
        config, scheme, dataset = self.config, self.scheme, terms.iri(self.policy.mint("dataset"))
        title = self.text(config.title or "Glossary without a title")
        for resource, kind in ((scheme, SKOS.ConceptScheme), (dataset, DCAT.Dataset)):
            self.add(resource, RDF.type, kind)
            self.add(resource, DCTERMS.title, title, "title")
            if config.description:
                self.add(resource, DCTERMS.description, self.text(config.description), "description")
        self.add(dataset, FOAF.primaryTopic, scheme)
        self.add(scheme, VANN.preferredNamespaceUri, terms.literal(self.policy.mint("term", "")))
        date = terms.iri_text(XSD.date)
        for given, predicate, value in (
            (config.language, DCTERMS.language, terms.literal(config.language)),
            (config.version, OWL.versionInfo, terms.literal(config.version)),
            (config.created, DCTERMS.created, terms.literal(config.created, datatype=date)),
            (config.modified, DCTERMS.modified, terms.literal(config.modified, datatype=date)),
            (config.rights, DCTERMS.rights, self.text(config.rights)),
            (config.license, DCTERMS.license, terms.iri(config.license)),
        ):
            if given:
                self.add(dataset, predicate, value)
        if config.publisher:
            publisher = terms.iri(self.policy.mint("agent", slug(config.publisher) or "publisher"))
            self.add(dataset, DCTERMS.publisher, publisher)
            self.add(publisher, FOAF.name, terms.literal(config.publisher))

    def places(self) -> None:
        """Put each concept into the scheme when it has a definition and a place, else among the candidates."""
        data = self.dataset
        placed = {found.subject for place in _PLACES for found in data.match(None, place)}
        placed |= {found.object for place in _INVERSE_PLACES for found in data.match(None, place)}
        entries = set(data.subjects(RDF.type, KG.Entry))
        any_candidate = False
        for concept in data.subjects(RDF.type, SKOS.Concept):
            defined = next(data.match(concept, SKOS.definition), None) is not None
            if concept in entries and concept not in placed:
                self.add(concept, SKOS.topConceptOf, self.scheme)
            if concept in entries or (defined and concept in placed):
                self.add(concept, SKOS.inScheme, self.scheme)
            else:
                any_candidate = True
                self.add(concept, SKOS.inScheme, self.candidates)
                self.add(concept, ADMS.status, ADMS_STATUS.UnderDevelopment)
        if any_candidate:
            self.add(self.candidates, RDF.type, SKOS.ConceptScheme)
            self.add(self.candidates, DCTERMS.title, self.text("Candidate terms: mentioned, not yet entries"))

    def facets(self) -> None:
        """Gather the concepts of each kind in a collection, named as the ontology names it."""
        from kg.hierarchy import hierarchy

        for kind, label in hierarchy().facets():
            members = self.dataset.subjects(RDF.type, kind)
            if not members:
                continue
            facet = terms.iri(self.policy.mint("facet", slug(terms.lexical(label))))
            self.add(facet, RDF.type, SKOS.Collection)
            self.add(facet, SKOS.prefLabel, label)
            self.add(facet, SKOS.inScheme, self.scheme)
            for member in members:
                self.add(facet, SKOS.member, member)

    def label_forms(self) -> None:
        """Give each SKOS-XL label the form of the plain label it stands for (SKOS S55)."""
        for found in list(self.dataset.match(None, SKOSXL.prefLabel)):
            for label in self.dataset.objects(found.subject, SKOS.prefLabel):
                if label_iri(found.subject, terms.language(label) or "") == found.object:
                    self.add(found.object, SKOSXL.literalForm, label)
