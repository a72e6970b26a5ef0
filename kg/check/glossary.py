"""What this project asks of a glossary as a whole: no circles, labels that tell apart, nothing out of reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import compress, pairwise

from kg import terms
from kg.check.graph import Checked, GraphRule, family
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.rule import finding
from kg.terms import Term
from kg.vocab import DCTERMS, RDF, SKOS, SKOSXL, VANN

#: Links that are followed to find what is not described, besides semantic relations.
LINKS = (
    *(SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept, SKOS.member),
    *(SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel),
    *(DCTERMS.source, DCTERMS.isReplacedBy, DCTERMS.creator, DCTERMS.publisher),
)

#: Links inside a vocabulary.
OWN = frozenset((SKOS.broader, SKOS.narrower, SKOS.related, SKOS.broaderTransitive, SKOS.narrowerTransitive))


def circles(checked: Checked) -> Iterator[Finding]:
    """Nothing stands above itself: SKOS allows it (section 8.6.8), but no tree can show it."""
    wording, names = checked.wording, checked.terms
    up, down = family(SKOS.broaderTransitive), family(SKOS.narrowerTransitive)
    for numbers in checked.ancestry.cycles():
        circle = [names[number] for number in numbers]
        steps = [(below, name, above) for below, above in pairwise(circle) for name in up]
        steps += [(above, name, below) for below, above in pairwise(circle) for name in down]
        places = [step for step in steps if step in checked.dataset]
        location, also = wording.place(*places)
        made = finding("glossary.cycle", location, circle[0], also=also, circle=wording.names(circle, " → "))
        yield made._replace(path=SKOS.broader, value=circle[1])


# -- labels ------------------------------------------------------------------------


def same_label(checked: Checked) -> Iterator[Finding]:
    """No two concepts of a scheme have the same preferred label in a language."""
    shared: dict[int, list[int]] = {}
    concepts, retired, names = checked.concepts, checked.retired, checked.terms
    pairs = checked.pairs(SKOS.prefLabel)
    several = {label for label, count in Counter(pairs.objects).items() if count > 1}
    for concept, label in compress(pairs, map(several.__contains__, pairs.objects)) if several else ():
        if concept in concepts and concept not in retired:
            shared.setdefault(label, []).append(concept)
    for label in checked.by_text(shared):
        groups: dict[int, list[Term]] = {}
        for concept in checked.by_text(shared[label]):
            # Concepts of no scheme count as those of one.
            for scheme in checked.memberships.get(concept) or (-1,):
                groups.setdefault(scheme, []).append(names[concept])
        for group in sorted({tuple(members) for members in groups.values() if len(members) > 1}):
            yield _ambiguous(checked, names[label], group)


def _ambiguous(checked: Checked, label: Term, concepts: tuple[Term, ...]) -> Finding:
    location, also = checked.wording.place(*((concept, SKOS.prefLabel, label) for concept in concepts))
    return finding(
        "glossary.ambiguous-label",
        location,
        concepts[0],
        also=also,
        label=checked.wording.name(label),
        count=len(concepts),
        concepts=", ".join(concepts[:6]),
    )._replace(path=SKOS.prefLabel, value=label)


def alias_clash(checked: Checked) -> Iterator[Finding]:
    """No alias is the preferred label of another concept; letter case does not tell them apart, except in acronyms."""
    names, concepts = checked.terms, checked.concepts
    folded = checked.folded_aliases
    words = set(folded.values())
    known = {label: word for label, word in checked.folded_labels.items() if word in words} if words else {}
    labelled = (pair for pair in checked.pairs(SKOS.prefLabel) if pair[1] in known) if known else ()
    rivals = _Rivals(checked, [(one, label, known[label]) for one, label in labelled if one in concepts])
    for plain, concept, alias in checked.aliases:
        if folded[alias] in rivals.words and concept in concepts:
            first, count = rivals.of(concept, folded[alias], names[alias])
            if first:
                yield _clash(checked, (names[concept], plain, names[alias]), first, count)


#: A concept, by name and by number, with a preferred label.
_Labelled = tuple[Term, int, Term]


class _Rivals:
    """The concepts with a preferred label, by label without case, and among which a reader must tell them apart.

    Many concepts may share a label that is an alias of as many, so those of a scheme are brought into order once.
    """

    def __init__(self, checked: Checked, labelled: Iterable[tuple[int, int, str]]) -> None:
        self._memberships = {} if checked.main else checked.memberships
        #: by label, whether it is of capitals alone, and scheme: -1 for those of none, and in a glossary for all
        self._found: dict[tuple[str, bool, int], list[_Labelled]] = {}
        self._ordered: dict[tuple[str, bool, tuple[int, ...]], dict[int, _Labelled]] = {}
        self.words = set[str]()
        names = checked.terms
        for one, label, word in labelled:
            self.words.add(word)
            entry = names[one], one, names[label]
            for scheme in self._schemes(one):
                self._found.setdefault((word, _is_upper(names[label]), scheme), []).append(entry)

    def _schemes(self, concept: int) -> tuple[int, ...]:
        return tuple(self._memberships.get(concept, (-1,)))

    def of(self, concept: int, word: str, alias: Term) -> tuple[_Labelled | None, int]:
        """Return the first of the other concepts that an alias of a concept is the label of, and how many there are."""
        key = word, _is_upper(alias), self._schemes(concept)
        others = self._ordered.get(key)
        if others is None:
            found = sorted(entry for scheme in key[2] for entry in self._found.get((*key[:2], scheme), ()))
            # Of several labels of one concept the first is told.
            others = self._ordered[key] = {entry[1]: entry for entry in reversed(found)}
        first = next((entry for one, entry in reversed(others.items()) if one != concept), None)
        return first, len(others) - (concept in others)


def _is_upper(label: Term) -> bool:
    return terms.lexical(label).isupper()


def _clash(checked: Checked, alias: tuple[Term, Term, Term], other: _Labelled, count: int) -> Finding:
    location, also = checked.wording.place(alias, (other[0], SKOS.prefLabel, other[2]))
    name, more = checked.wording.name(alias[2]), f" and {count - 1:,} more" if count > 1 else ""
    made = finding("glossary.label-clash", location, alias[0], also=also, label=name, other=f"{other[0]}{more}")
    return made._replace(path=alias[1], value=alias[2])


# -- places ------------------------------------------------------------------------


def out_of_reach(checked: Checked) -> Iterator[Finding]:
    """Each concept of a scheme is below one of its top concepts, or in a collection or below a member of one."""
    wording, names = checked.wording, checked.terms
    topped = {scheme for _, scheme in checked.tops}
    members = set(checked.pairs(SKOS.member).objects)
    reached = checked.ancestry.below((*(top for top, _ in checked.tops), *members))
    inside: dict[int, list[int]] = {}
    for concept, scheme in checked.pairs(SKOS.inScheme):
        if concept in checked.concepts:
            inside.setdefault(scheme, []).append(concept)
    for scheme in checked.by_text(checked.main or checked.schemes):
        concepts = inside.get(scheme, [])
        if concepts and scheme not in topped and members.isdisjoint(concepts):
            place = wording.place((names[scheme], RDF.type, SKOS.ConceptScheme))[0]
            yield finding("glossary.top-missing", place, names[scheme], scheme=checked.name(scheme))
            continue
        for number in checked.by_text(concept for concept in concepts if concept not in reached):
            yield _unreachable(checked, names[number])


def _unreachable(checked: Checked, concept: Term) -> Finding:
    label = checked.labels.get(concept) or '""'
    place = checked.wording.place((concept, SKOS.prefLabel, label), (concept, RDF.type, SKOS.Concept))[0]
    return finding("glossary.unreachable", place, concept, concept=checked.wording.name(concept))


# -- links -------------------------------------------------------------------------


def dangling(checked: Checked) -> Iterator[Finding]:
    """Each link to something of the glossary's own leads to something that is described.

    What stands above, below or beside a concept is the glossary's own, wherever its IRI lies: a concept
    of others is linked by a mapping. Links back are no description.
    """
    bases = tuple(sorted(_bases(checked)))
    known, names = hierarchy(), checked.terms
    # A property of ours says what it leads to, so its shape reports what is not that (`glossary.range`).
    ranged = [predicate for predicate in sorted(known.properties()) if known.range(predicate)]
    described = checked.concepts.union(other for _, other in checked.links(*ranged))
    missing: dict[int, tuple[int, Term]] = {}
    for predicate in dict.fromkeys((*family(SKOS.semanticRelation), *LINKS)):
        pairs = checked.pairs(predicate)
        for one, target in pairs if not described.issuperset(pairs.objects) else ():
            if target in missing and missing[target][1] == predicate:
                # The order of statements says nothing: the first by name is told.
                missing[target] = min(missing[target][0], one, key=names.__getitem__), predicate
            elif target not in described and target not in missing:
                if not (predicate in OWN or names[target].startswith(bases)) or names[target][0] != "<":
                    continue
                if target in checked.described:
                    described.add(target)
                else:
                    missing[target] = one, predicate
    for target in checked.by_text(missing):
        one, predicate = missing[target]
        place = checked.wording.place((names[one], predicate, names[target]))[0]
        made = finding("glossary.link-dangling", place, names[target], target=names[target], subject=checked.name(one))
        yield made._replace(path=predicate)


def _bases(checked: Checked) -> Iterable[str]:
    """Return the beginnings of the terms that are the glossary's own."""
    names = checked.terms
    found = {names[scheme][:-1] for scheme in checked.schemes if names[scheme][-2] in "/#:"}
    for scheme, space in checked.pairs(VANN.preferredNamespaceUri):
        if scheme in checked.schemes:
            text = names[space]
            found.add("<" + (terms.lexical(text) if text[0] == '"' else terms.iri_text(text)))
    return found


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("glossary.cycle",), circles),
    GraphRule(("glossary.ambiguous-label",), same_label),
    GraphRule(("glossary.label-clash",), alias_clash),
    GraphRule(("glossary.top-missing", "glossary.unreachable"), out_of_reach),
    GraphRule(("glossary.link-dangling",), dangling),
)
