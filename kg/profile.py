"""Export profiles: how much of what follows from the asserted statements is written out.

`asserted` holds each statement once, most specific; `full` adds super-properties
and inverses, so that no reasoner is needed; `skos` is plain SKOS, for consumers
that show nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kg import terms
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.hierarchy import hierarchy
from kg.statement import DATA, Statement
from kg.support import evidence_of_others
from kg.terms import Term
from kg.vocab import ADMS, DCAT, DCTERMS, FOAF, KG, OWL, RDF, RDFS, SKOS, SKOSXL, VANN

ASSERTED, FULL, PLAIN = "asserted", "full", "skos"

_PLAIN_CLASSES = (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection, DCAT.Dataset)
_PLAIN_NAMESPACES = (SKOS, DCTERMS, FOAF, OWL, VANN, ADMS)


def apply(dataset: Dataset, profile: str) -> Dataset:
    """Return the Dataset as a profile shows it; the given one is not changed.

    Only the data graph is expanded or thinned; other graphs stay as they are.
    Derived statements have the sources of the statement they follow from.

    Raises `UnknownName` for a profile that does not exist.
    """
    make = PROFILES.get(profile)
    if make is None:
        raise UnknownName("profile", profile, PROFILES)
    return make(dataset)


def _asserted(dataset: Dataset) -> Dataset:
    return dataset


def _full(dataset: Dataset) -> Dataset:
    expanded = dataset.copy()
    # What a glossary says never becomes a statement about a resource it only links to.
    expanded.derive(_consequences, {found.subject for found in dataset.match(None, RDF.type)})
    return expanded


def _derive(dataset: Dataset, statement: Statement, origins: tuple) -> None:  # type: ignore[type-arg]
    for origin in origins or (None,):
        dataset.add(*statement, origin=origin)


_CLOSURES: dict[Term, tuple[tuple[Term, ...], tuple[Term, ...]]] = {}


def _consequences(predicate: Term) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the predicates that follow in the same direction and in the other one.

    The closure runs over super-properties, inverses and symmetry, and ends at SKOS's
    own properties: `skos:broader` is written, `skos:broaderTransitive` is not.
    """
    known = _CLOSURES.get(predicate)
    if known is None:
        tree = hierarchy()
        seen = {(predicate, True)}
        todo = [(predicate, True)]
        while todo:
            current, same = todo.pop()
            found = []
            inverse = tree.inverse(current)
            if inverse:
                found.append((inverse, not same))
            if current not in SKOS or current == SKOS.topConceptOf:
                found += [(parent, same) for parent in tree.parents(current)]
            todo += [step for step in found if step not in seen]
            seen.update(found)
        seen.discard((predicate, True))
        known = _CLOSURES[predicate] = (
            tuple(sorted(term for term, same in seen if same)),
            tuple(sorted(term for term, same in seen if not same)),
        )
    return known


def sources(predicate: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the predicates that a predicate follows from in `full`: in their direction, and in the other one.

    What holds the other way round is written only for a subject that is described.

    >>> SKOS.topConceptOf in sources(SKOS.inScheme)[0], SKOS.narrower in sources(SKOS.broader)[1]
    (True, True)
    """
    tree, asked = hierarchy(), Term(predicate)
    tops = (SKOS.semanticRelation, SKOS.inScheme, SKOS.note, RDFS.label, asked)
    known = {*tree.properties(), *tops, *(below for top in tops for below in tree.subs(top))}
    known |= {other for found in known if (other := tree.inverse(found))}
    same = {found for found in known if asked in _consequences(found)[0]}
    other_way = {found for found in known if asked in _consequences(found)[1]}
    return tuple(sorted(same - {asked})), tuple(sorted(other_way))


def _plain(dataset: Dataset) -> Dataset:
    full = _full(dataset)
    plain = Dataset()
    plain.texts.update(full.texts)
    shown = {found.subject for kind in _PLAIN_CLASSES for found in full.match(None, RDF.type, kind)}
    named = {found.object for found in full.match(None, DCTERMS.publisher)}
    pages = set(full.subjects(RDF.type, KG.Page))

    def is_plain(found: Statement) -> bool:
        if found.predicate == RDF.type:
            return found.object in _PLAIN_CLASSES
        if found.predicate == SKOS.semanticRelation or found.object in pages:
            return False
        if found.subject not in shown and not (found.subject in named and found.predicate in FOAF):
            return False
        return found.predicate == RDFS.seeAlso or any(found.predicate in space for space in _PLAIN_NAMESPACES)

    rows = [found for found in full.match() if is_plain(found)]
    gone = evidence_of_others(full, rows)
    rows += [found for found in full if found.graph != DATA and found.subject not in gone]
    for found in rows:
        _derive(plain, found, full.origins(found))
    for made in (*_related_attributes(full), *_origin_notes(full), *_question_notes(full)):
        plain.add(*made)
    return plain


def _related_attributes(full: Dataset) -> Iterator[Statement]:
    """Show attributes as associations, except where S27 would be broken by it."""
    concepts = set(full.subjects(RDF.type, SKOS.Concept))
    above: dict[Term, set[Term]] = {}

    def ancestors(concept: Term) -> set[Term]:
        if concept not in above:
            found: set[Term] = set()
            todo = [concept]
            while todo:
                for step in full.match(todo.pop(), SKOS.broader):
                    if step.object not in found:
                        found.add(step.object)
                        todo.append(step.object)
            above[concept] = found
        return above[concept]

    for found in full.match(None, SKOS.semanticRelation):
        one, other = found.subject, found.object
        if other in concepts and one != other and other not in ancestors(one) and one not in ancestors(other):
            yield Statement(one, SKOS.related, other)
            yield Statement(other, SKOS.related, one)


def _origin_notes(full: Dataset) -> Iterator[Statement]:
    """Repeat the origin of a word, which sits on its SKOS-XL label, as a history note of the concept."""
    for found in full.match(None, SKOSXL.prefLabel):
        who = [name for agent in full.objects(found.object, KG.coinedBy) for name in full.objects(agent, FOAF.name)]
        year = full.value(found.object, KG.firstAppeared)
        works = [
            title
            for work in full.objects(found.object, KG.firstAppearedIn)
            for title in full.objects(work, DCTERMS.title)
        ]
        words = "".join(
            [
                f" by {' and '.join(map(terms.lexical, who))}" if who else "",
                f" in {terms.lexical(year)}" if year else "",
                f" in “{'”, “'.join(map(terms.lexical, works))}”" if works else "",
            ]
        )
        if words:
            yield Statement(found.subject, SKOS.historyNote, terms.literal(f"Introduced{words}.", "en"))


def _question_notes(full: Dataset) -> Iterator[Statement]:
    """Show a question and its answer as one note."""
    for found in full.match(None, KG.question):
        for question in full.objects(found.object, KG.questionText):
            for answer in full.objects(found.object, KG.answerText):
                words = f"{terms.lexical(question)}\n\n{terms.lexical(answer)}"
                yield Statement(found.subject, SKOS.note, terms.literal(words, terms.language(answer)))


PROFILES: Mapping[str, Callable[[Dataset], Dataset]] = {ASSERTED: _asserted, FULL: _full, PLAIN: _plain}
