"""Rules over the whole graph: SKOS S27, circles, labels that clash, concepts out of reach.

What SHACL Core cannot say, or no engine says at a fair price on a large graph. Each
rule runs over the data graph in about linear time. Sub-properties count (those of
SKOS, of ISO 25964, of the glossary vocabulary, and mapping properties), so the rules
find the same on asserted statements as on a graph with everything written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from kg import terms
from kg.check.ancestry import Ancestry
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.rule import finding
from kg.statement import Statement
from kg.terms import Term
from kg.vocab import DCTERMS, FOAF, OWL, RDF, SKOS, SKOSXL, VANN

_LABELS = (
    (SKOSXL.prefLabel, SKOS.prefLabel),
    (SKOSXL.altLabel, SKOS.altLabel),
    (SKOSXL.hiddenLabel, SKOS.hiddenLabel),
)
_TRUE = terms.literal("true", datatype="http://www.w3.org/2001/XMLSchema#boolean")
#: Links that are followed to find what is not described, besides semantic relations.
_LINKS = (
    *(SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept, SKOS.member),
    *(SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel),
    *(DCTERMS.source, DCTERMS.isReplacedBy, DCTERMS.creator, DCTERMS.publisher),
)


class _Checked:
    """One Dataset under check, with what several rules ask of it."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.wording = Wording(dataset)
        self.upward = _family(SKOS.broaderTransitive)
        self.downward = _family(SKOS.narrowerTransitive)
        self.ancestry = Ancestry(self._steps())
        self.concepts = self._instances(SKOS.Concept)
        #: the scheme a dataset is about; the others then hold its candidates
        self.main = {found.object for found in dataset.match(None, FOAF.primaryTopic)} & self.schemes()

    def _steps(self) -> Iterator[tuple[str, str]]:
        """Yield each step of the hierarchy as (below, above)."""
        for found in self.links(self.upward):
            yield found.subject, found.object
        for found in self.links(self.downward):
            yield found.object, found.subject

    def links(self, predicates: Iterable[str]) -> Iterator[Statement]:
        """Yield the data's statements with one of the predicates, those with a literal left out."""
        for predicate in predicates:
            for found in self.dataset.match(None, predicate):
                if found.object[0] != '"':
                    yield found

    def _instances(self, kind: str) -> set[Term]:
        kinds = {kind, *hierarchy().subs(kind)}
        return {found.subject for found in self.dataset.match(None, RDF.type) if found.object in kinds}

    def schemes(self) -> set[Term]:
        """Return the schemes that are described here."""
        return self._instances(SKOS.ConceptScheme)

    def schemes_of(self, concept: str) -> set[Term]:
        """Return the schemes a concept is in."""
        dataset = self.dataset
        found = {link.object for name in (SKOS.inScheme, SKOS.topConceptOf) for link in dataset.match(concept, name)}
        return found | {link.subject for link in dataset.match(None, SKOS.hasTopConcept, concept)}

    def together(self, one: str, other: str) -> bool:
        """Tell whether two concepts are of one glossary, so that a reader must tell their labels apart."""
        first, second = self.schemes_of(one), self.schemes_of(other)
        return bool(first & second) or bool(self.main) or not (first or second)


def _family(predicate: Term) -> tuple[Term, ...]:
    return (predicate, *hierarchy().subs(predicate))


# -- SKOS conditions -------------------------------------------------------------


def related_and_above(checked: _Checked) -> Iterator[Finding]:
    """S27: no concept is related to one that stands above or below it."""
    family = _family(SKOS.related)
    pairs = {(min(found.subject, found.object), max(found.subject, found.object)) for found in checked.links(family)}
    order, wording = checked.ancestry, checked.wording
    for lower, upper in sorted(order.above(pairs)):
        way = order.way(lower, upper) or []
        steps = wording.statements(lower, (*checked.upward, *checked.downward), upper)
        location, also = wording.place(*wording.statements(lower, family, upper), *steps)
        yield finding(
            "skos.s27",
            location,
            lower,
            also=also,
            lower=wording.name(lower),
            upper=wording.name(upper),
            way=f" by way of {wording.names(way[1:-1])}" if len(way) > 2 else "",
        )


# -- rules of ours ---------------------------------------------------------------


def circles(checked: _Checked) -> Iterator[Finding]:
    """Nothing stands above itself: SKOS allows it (section 8.6.8), but no tree can show it."""
    wording = checked.wording
    for circle in checked.ancestry.cycles():
        steps = pairwise(circle)
        places = [place for one, other in steps for place in _step(checked, one, other)]
        location, also = wording.place(*places)
        yield finding("glossary.cycle", location, circle[0], also=also, circle=wording.names(circle, " → "))


def _step(checked: _Checked, below: str, above: str) -> list[Statement]:
    up = [found for found in checked.dataset.match(below, None, above) if found.predicate in checked.upward]
    return up + [found for found in checked.dataset.match(above, None, below) if found.predicate in checked.downward]


def same_label(checked: _Checked) -> Iterator[Finding]:
    """No two concepts of a scheme have the same preferred label in a language."""
    first: dict[Term, Term] = {}
    shared: dict[Term, list[Term]] = {}
    retired = {found.subject for found in checked.dataset.match(None, OWL.deprecated, _TRUE)}
    for found in checked.dataset.match(None, SKOS.prefLabel):
        concept, label = found.subject, found.object
        if concept in checked.concepts and concept not in retired and first.setdefault(label, concept) != concept:
            shared.setdefault(label, [first[label]]).append(concept)
    for label, concepts in sorted(shared.items()):
        groups: dict[Term, list[Term]] = {}
        for concept in sorted(concepts):
            # Concepts of no scheme count as those of one.
            for scheme in checked.schemes_of(concept) or {Term("")}:
                groups.setdefault(scheme, []).append(concept)
        for group in sorted({tuple(members) for members in groups.values() if len(members) > 1}):
            places = checked.wording.place(*((concept, SKOS.prefLabel, label) for concept in group))
            yield finding(
                "glossary.ambiguous-label",
                places[0],
                group[0],
                also=places[1],
                label=checked.wording.name(label),
                count=len(group),
                concepts=", ".join(group[:6]),
            )


def alias_clash(checked: _Checked) -> Iterator[Finding]:
    """No alias is the preferred label of another concept; letter case does not tell them apart, except in acronyms."""
    preferred: dict[str, list[Statement]] = {}
    for found in checked.dataset.match(None, SKOS.prefLabel):
        if found.subject in checked.concepts:
            preferred.setdefault(found.object.casefold(), []).append(found)
    for predicate in (SKOS.altLabel, SKOS.hiddenLabel):
        for alias in checked.dataset.match(None, predicate):
            for label in preferred.get(alias.object.casefold(), ()):
                if (
                    label.subject != alias.subject
                    and alias.subject in checked.concepts
                    and terms.lexical(alias.object).isupper() == terms.lexical(label.object).isupper()
                    and checked.together(alias.subject, label.subject)
                ):
                    yield _clash(checked, alias, label)


def _clash(checked: _Checked, alias: Statement, label: Statement) -> Finding:
    location, also = checked.wording.place(alias, label)
    return finding(
        "glossary.label-clash",
        location,
        alias.subject,
        also=also,
        label=checked.wording.name(alias.object),
        other=label.subject,
    )


def out_of_reach(checked: _Checked) -> Iterator[Finding]:
    """Each concept of a scheme is below one of its top concepts, or in a collection or below a member of one."""
    dataset, wording = checked.dataset, checked.wording
    schemes = checked.main or checked.schemes()
    tops = {(found.subject, found.object) for found in dataset.match(None, SKOS.topConceptOf)}
    tops |= {(found.object, found.subject) for found in dataset.match(None, SKOS.hasTopConcept)}
    topped = {scheme for _, scheme in tops}
    members = {found.object for found in dataset.match(None, SKOS.member)}
    reached = checked.ancestry.below((*(top for top, _ in tops), *members))
    for scheme in sorted(schemes):
        inside = [found.subject for found in dataset.match(None, SKOS.inScheme, scheme)]
        concepts = sorted(checked.concepts.intersection(inside))
        if concepts and scheme not in topped and not members.intersection(concepts):
            place = wording.place((scheme, RDF.type, SKOS.ConceptScheme))[0]
            yield finding("glossary.top-missing", place, scheme, scheme=wording.name(scheme))
            continue
        for concept in concepts:
            if concept not in reached:
                place = wording.place((concept, SKOS.prefLabel, _label(checked, concept)), _typed(concept))[0]
                yield finding("glossary.unreachable", place, concept, concept=wording.name(concept))


def _label(checked: _Checked, concept: str) -> Term:
    return checked.dataset.value(concept, SKOS.prefLabel) or Term('""')


def _typed(concept: str) -> tuple[str, str, str]:
    return concept, RDF.type, SKOS.Concept


def label_forms(checked: _Checked) -> Iterator[Finding]:
    """S55 to S57: what a SKOS-XL label says is also a plain label of its concept."""
    dataset, wording = checked.dataset, checked.wording
    for resource, plain in _LABELS:
        for link in checked.links((resource,)):
            for form in dataset.match(link.object, SKOSXL.literalForm):
                if (link.subject, plain, form.object) not in dataset:
                    location, also = wording.place(form, link, *dataset.match(link.subject, plain))
                    yield finding(
                        "glossary.label-form",
                        location,
                        link.subject,
                        also=also,
                        subject=wording.name(link.subject),
                        property=wording.name(plain),
                        value=wording.name(form.object),
                    )


def dangling(checked: _Checked) -> Iterator[Finding]:
    """Each link to something of the glossary's own leads to something that is described."""
    bases = tuple(sorted(_bases(checked)))
    if not bases:
        return
    known = hierarchy()
    # A property of ours says what it leads to, so its shape reports what is not that (`glossary.range`).
    ranged = [predicate for predicate in sorted(known.properties()) if known.range(predicate)]
    described = checked.concepts | {found.object for found in checked.links(ranged)}
    predicates = dict.fromkeys((*_family(SKOS.semanticRelation), *_LINKS))
    missing: dict[Term, Statement] = {}
    for found in checked.links(predicates):
        target = found.object
        if target in described or target in missing or not target.startswith(bases):
            continue
        if next(checked.dataset.match(target, graph=None), None):
            described.add(target)
        else:
            missing[target] = found
    for target, found in sorted(missing.items()):
        location = checked.wording.place(found)[0]
        yield finding(
            "glossary.link-dangling", location, target, target=target, subject=checked.wording.name(found.subject)
        )


def _bases(checked: _Checked) -> Iterator[str]:
    """Yield the beginnings of the terms that are the glossary's own."""
    for scheme in checked.schemes():
        if scheme[-2] in "/#:":
            yield scheme[:-1]
        for space in checked.dataset.objects(scheme, VANN.preferredNamespaceUri):
            yield "<" + (terms.lexical(space) if space[0] == '"' else terms.iri_text(space))


#: The rules of each profile, in the order they run.
GRAPH_RULES: Mapping[str, tuple[Callable[[_Checked], Iterator[Finding]], ...]] = {
    "skos": (related_and_above,),
    "glossary": (circles, same_label, alias_clash, label_forms, out_of_reach, dangling),
}


def check(dataset: Dataset, profiles: Iterable[str] = ("skos", "glossary")) -> Iterator[Finding]:
    """Yield what the graph rules of the given profiles find in the data graph.

    A profile without graph rules adds none (the names are checked where its shapes are read).

    >>> from kg.terms import iri
    >>> a, b = iri("http://e.org/a"), iri("http://e.org/b")
    >>> [f.code for f in check(Dataset([Statement(a, SKOS.broader, b), Statement(b, SKOS.related, a)]))]
    ['skos.s27']
    """
    checked = _Checked(dataset)
    for profile in dict.fromkeys(profiles):
        for rule in GRAPH_RULES.get(profile, ()):
            yield from rule(checked)
