"""The quality of labels, notes and notations, in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kg import terms
from kg.check.quality_labels import NAMING, folded_labels
from kg.report import Finding
from kg.store.validation.expressions import constant
from kg.store.validation.hierarchy import Relations, Triple
from kg.store.validation.labels import aliases_of, folded, preferred_of, with_schemes
from kg.store.validation.place import Part
from kg.store.validation.telling import local, told
from kg.terms import Term
from kg.vocab import SKOS

#: Labels that may be empty, or hold white space or signs that nobody sees: rather too many than too few.
_DOUBTFUL = r"^$|^[\s\p{Z}\p{C}]|[\s\p{Z}\p{C}]$|  |[\p{C}\p{Zl}\p{Zp}]"


def flawed(relations: Relations) -> Iterator[Finding]:
    """Labels that are empty, or hold white space that nobody sees, or characters without a sign."""
    naming = relations.used_only(*NAMING)
    if not naming:
        return
    test = f"FILTER(isLiteral(?value) && REGEX(STR(?value), {constant(terms.literal(_DOUBTFUL))}))"
    where = f"?this ?p ?value . FILTER(?p IN ({', '.join(map(constant, naming))})) {test}"
    found = relations.place.selected(where, "?this ?p ?value", where)
    yield from told(relations, local("quality.label-empty").find, ((one, p, label) for one, p, label in found))


def overlaps(relations: Relations) -> Iterator[Finding]:
    """Aliases that several concepts have, and that nobody prefers."""
    rows, first = aliases_of(relations), dict[str, Term]()
    several = {word for one, _, label in rows if first.setdefault(word := folded(label), one) != one}
    if several:
        several.difference_update(folded(label) for _, _, label in preferred_of(relations))
    yield from told(relations, local("quality.label-overlap").find, with_schemes(relations, rows, several))


def _labelled(one: Term | None, predicate: Term | None, label: Term | None) -> list[Triple]:
    return [(one, predicate, label)] if one and predicate and label else []


def near_duplicates(relations: Relations) -> Iterator[Finding]:
    """Preferred labels that hardly differ; SPARQL knows no decomposed characters, so labels are compared here."""
    found = [row for row in preferred_of(relations) if row[2][0] == '"']
    labels = list({label for _, _, label in found})
    keys = dict(zip(labels, folded_labels(labels), strict=True))
    counts = Counter(keys.values())
    several = {key for key, count in counts.items() if count > 1}
    alike = [row for row in found if keys[row[2]] in several]
    state = relations.place.statements({one for one, _, _ in alike}, relations.retiring)
    context = [*relations.memberships(one for one, _, _ in alike), *state]
    yield from told(relations, local("quality.near-duplicate").find, [*alike, *context] if alike else [])


def notations(relations: Relations) -> Iterator[Finding]:
    """Notations of several concepts, and concepts with several of a kind."""
    place, found = relations.place, set[Triple]()
    if not place.uses(SKOS.notation):
        return
    held = f"?c {SKOS.notation} ?this . FILTER(isLiteral(?this)) {relations.concept('?c')}"

    def shared(part: Part) -> str:
        groups = f"SELECT ?this WHERE {{ {held}{part.of_nodes()} }} GROUP BY ?this HAVING(COUNT(DISTINCT ?c) > 1)"
        return f"SELECT DISTINCT ?c ?this {{from}} WHERE {{ {{ {groups} }} {held} }}"

    for first in place.shares(held):
        for one, notation in place.rows(shared, first):
            found.update(_labelled(one, SKOS.notation, notation))
    many = f"?this {SKOS.notation} ?one, ?other . FILTER(!sameTerm(?one, ?other)) {relations.concept()}"
    rows = place.selected(many, "?this ?value", f"?this {SKOS.notation} ?value . FILTER(isLiteral(?value))")
    found |= {(one, SKOS.notation, notation) for one, notation in rows}
    context = relations.memberships(sorted({one for one, _, _ in found})) if found else ()
    yield from told(relations, local("quality.notation-shared").find, [*sorted(found), *context])
