"""Pictures of a Dataset: what the drawings show of it, most specific link first."""

from __future__ import annotations

from collections.abc import Iterator

from kg import terms
from kg.dataset import Dataset
from kg.errors import TooMuch
from kg.formats import WriteOptions
from kg.hierarchy import Hierarchy, hierarchy
from kg.selection import find_concept
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCTERMS, FOAF, KG, PREFIXES, RDF, SKOS
from kg.write.drawing.neighbourhood import Edge, Group, Neighbourhood, Node

#: More neighbourhoods than this make no picture that a person reads.
_MOST = 60

#: Families of links by the SKOS property above them; the first that fits counts.
_FAMILIES = (
    ("hierarchy", (SKOS.broader, SKOS.narrower, SKOS.broaderTransitive, SKOS.narrowerTransitive)),
    ("association", (SKOS.related,)),
    ("attribute", (SKOS.semanticRelation,)),
)
_PLAIN_NAMES = {SKOS.broader: "broader", SKOS.narrower: "narrower", SKOS.related: "related"}


def write_svg(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Draw one concept with its neighbours, or every entry with its own.

    Raises `UnknownName` for a concept that is not there, `TooMuch` when the
    glossary has more entries than a picture can show.
    """
    from kg.write.drawing.svg import draw_svg

    view = _View(dataset)
    centres = [find_concept(dataset, options.concept)] if options.concept else view.centres()
    if len(centres) > _MOST:
        raise TooMuch(f"{len(centres)} entries are too many for one picture; name one with --concept")
    yield draw_svg([view.neighbourhood(centre) for centre in centres], view.title(centres)).encode()


def write_dot(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write all concepts and the links between them, or those of one concept, as a DOT graph.

    Raises `UnknownName` for a concept that is not there.
    """
    from kg.write.drawing.dot import draw_dot

    view = _View(dataset)
    centres = [find_concept(dataset, options.concept)] if options.concept else []
    edges = view.edges(centres)
    named = {key for edge in edges for key in (edge.source, edge.target)}
    nodes = [view.node(term) for term in view.concepts if not centres or terms.iri_text(term) in named]
    yield draw_dot(nodes, edges, view.title(centres)).encode()


def _best(links: list[tuple[Term, bool]]) -> list[tuple[Term, bool]]:
    """Return the links that say most: those of our vocabulary, else of another, else plain SKOS."""
    ours = [link for link in links if link[0] in KG]
    return ours or [link for link in links if link[0] not in SKOS] or links


class _View:
    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.tree: Hierarchy = hierarchy()
        self.concepts = [term for term in dataset.subjects(RDF.type, SKOS.Concept) if terms.is_iri(term)]
        self.known = set(self.concepts)
        self.families: dict[Term, str | None] = {}

    def title(self, centres: list[Term]) -> str:
        primary = next((found.object for found in self.dataset.match(None, FOAF.primaryTopic)), None)
        title = self.dataset.value(primary, DCTERMS.title) if primary else None
        name = terms.lexical(title) if title else "glossary"
        return f"{self.label(centres[0])} in the {name}" if len(centres) == 1 else name

    def centres(self) -> list[Term]:
        """Return the entries; in a Dataset without any, such as RDF from elsewhere, the concepts."""
        entries = self.dataset.subjects(RDF.type, KG.Entry)
        return [term for term in entries if term in self.known] or self.concepts

    def label(self, term: Term) -> str:
        labels = self.dataset.objects(term, SKOS.prefLabel)
        chosen = next((label for label in labels if (terms.language(label) or "en").startswith("en")), None)
        label = chosen or next(iter(labels), None)
        return terms.lexical(label) if label else terms.iri_text(term)

    def node(self, term: Term) -> Node:
        if (term, RDF.type, KG.Entry) in self.dataset:
            kind = "entry"
        elif (term, ADMS.status, ADMS_STATUS.UnderDevelopment) in self.dataset:
            kind = "candidate"
        else:
            kind = "concept"
        return Node(terms.iri_text(term), self.label(term), kind)

    def family(self, predicate: Term) -> str | None:
        if predicate not in self.families:
            above = {predicate, *self.tree.supers(predicate)}
            found = (name for name, tops in _FAMILIES if not above.isdisjoint(tops))
            self.families[predicate] = next(found, None)
        return self.families[predicate]

    def relation(self, predicate: Term) -> str:
        local = terms.iri_text(predicate).replace("#", "/").rpartition("/")[2]
        return _PLAIN_NAMES.get(predicate) or self.tree.label(predicate) or PREFIXES.compress(predicate[1:-1]) or local

    def links(self, centre: Term) -> dict[Term, list[tuple[Term, bool]]]:
        """Return each neighbour with the links to it, `True` for those that leave the centre.

        Of several links that say the same, the most specific one is kept.
        """
        found: dict[Term, list[tuple[Term, bool]]] = {}
        for row in self.dataset.match(centre):
            if row.object in self.known and row.object != centre and self.family(row.predicate):
                found.setdefault(row.object, []).append((row.predicate, True))
        for row in self.dataset.match(None, None, centre):
            if row.subject in self.known and row.subject != centre and self.family(row.predicate):
                found.setdefault(row.subject, []).append((row.predicate, False))
        return {other: self.specific(links) for other, links in found.items()}

    def specific(self, links: list[tuple[Term, bool]]) -> list[tuple[Term, bool]]:
        implied: set[tuple[Term, bool]] = set()
        for predicate, outgoing in sorted(set(links), key=lambda link: (not link[1], link[0])):
            if (predicate, outgoing) in implied:
                continue
            for above in (predicate, *self.tree.supers(predicate)):
                if above != predicate:
                    implied.add((above, outgoing))
                if inverse := self.tree.inverse(above):
                    implied.add((inverse, not outgoing))
        kept: dict[str | None, list[tuple[Term, bool]]] = {}
        for link in sorted(set(links) - implied):
            kept.setdefault(self.family(link[0]), []).append(link)
        return [link for same in kept.values() for link in _best(same)]

    def neighbourhood(self, centre: Term) -> Neighbourhood:
        grouped: dict[tuple[int, str, bool], list[Node]] = {}
        order = [name for name, _ in _FAMILIES]
        for other, links in self.links(centre).items():
            for predicate, outgoing in links:
                family = order.index(self.family(predicate) or order[-1])
                grouped.setdefault((family, self.relation(predicate), outgoing), []).append(self.node(other))
        groups = tuple(
            Group(
                relation, order[family], tuple(sorted(nodes, key=lambda node: (node.label.casefold(), node.key))), out
            )
            for (family, relation, out), nodes in sorted(grouped.items())
        )
        definition = self.dataset.value(centre, SKOS.definition)
        return Neighbourhood(self.node(centre), terms.lexical(definition) if definition else "", groups)

    def edges(self, centres: list[Term]) -> list[Edge]:
        """Return the links between concepts, each once, seen from the end it leaves."""
        made: set[Edge] = set()
        for centre in centres or self.concepts:
            for other, links in self.links(centre).items():
                for predicate, outgoing in links:
                    ends = (centre, other) if outgoing else (other, centre)
                    relation, family = self.relation(predicate), self.family(predicate) or ""
                    made.add(Edge(terms.iri_text(ends[0]), terms.iri_text(ends[1]), relation, family))
        return sorted(made)
