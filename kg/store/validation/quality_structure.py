"""The quality of the hierarchy and of schemes, in the store."""

from __future__ import annotations

from collections.abc import Iterator

from kg.check.graph import family
from kg.check.wording import Wording
from kg.report import Finding
from kg.rule import finding
from kg.store.validation.hierarchy import Relations, Triple, either, leads
from kg.store.validation.telling import local, names_of, told
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import RDF, SKOS


def clusters(relations: Relations) -> Iterator[Finding]:
    """Parts of a scheme that no relation joins; SPARQL follows no links of both directions at once, so links travel."""
    concepts = {(one, RDF.type, SKOS.Concept) for (one,) in relations.place.selected(relations.concept())}
    links = [
        (one, SKOS.broader, other)
        for name in relations.inside(SKOS.broader)
        for one, _, other in relations.stated(name)
    ]
    links += [
        (one, SKOS.broader, other)
        for name in relations.inside(SKOS.narrower)
        for other, _, one in relations.stated(name)
    ]
    links += [
        (one, SKOS.semanticRelation, other) for name in _beside(relations) for one, _, other in relations.stated(name)
    ]
    found = {row for row in links if row[0][0] != '"' and row[2][0] != '"' and row[0] != row[2]}
    linked = {end for one, _, other in found for end in (one, other)}
    found.update(row for row in concepts if row[0] in linked)
    for name in (SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept):
        found.update(row for row in relations.stated(name) if row[2 if name == SKOS.hasTopConcept else 0] in linked)
    yield from told(relations, local("quality.cluster").find, found)


def _beside(relations: Relations) -> list[Term]:
    """Return the relations that are not of the hierarchy of one vocabulary."""
    mappings = family(SKOS.mappingRelation)
    upward = {*family(SKOS.broader), *family(SKOS.narrower)}.difference(mappings)
    return [name for name in relations.used(SKOS.semanticRelation) if name not in upward]


def valueless(relations: Relations) -> Iterator[Finding]:
    """Related siblings."""
    related, parent = either(relations.used_only(SKOS.related, SKOS.relatedMatch)), relations.parent
    if not related or not parent:
        return
    where = f"?this {related} ?value . FILTER(!sameTerm(?this, ?value))"
    siblings = f"{where} ?this {parent} ?above . ?value {parent} ?above ."
    apart = "FILTER(!sameTerm(?this, ?above) && !sameTerm(?value, ?above))"
    found: dict[Triple, None] = {}
    for one, other, above in relations.place.selected(where, "?this ?value ?above", f"{siblings} {apart}"):
        found[one, SKOS.related, other] = None
        found |= dict.fromkeys((child, SKOS.broader, above) for child in (one, other))
    yield from told(relations, local("quality.valueless-association").find, found)


def redundant(relations: Relations) -> Iterator[Finding]:
    """Concepts that stand directly below another one, and by way of a third, too."""
    parent = relations.parent
    if not parent:
        return
    two = f"?this {parent} ?middle . ?this {parent} ?high . FILTER(!sameTerm(?middle, ?high))"
    far = f"{two} FILTER(!sameTerm(?this, ?middle) && !sameTerm(?this, ?high))"
    found = relations.place.selected(two, "?this", f"{far} {leads(parent, '?middle', '?high', Fresh())}")
    starts = sorted(one for (one,) in found)
    ways = relations.followed(starts, relations.inside(SKOS.broader), relations.inside(SKOS.narrower))
    yield from told(relations, local("quality.redundant-broader").find, ways)


def solely_transitive(relations: Relations) -> Iterator[Finding]:
    """Concepts that are linked by broaderTransitive, and by no chain of broader."""
    step = either(relations.used(SKOS.broader), relations.used(SKOS.narrower))
    found: list[Triple] = []
    for predicate in relations.used_only(SKOS.broaderTransitive, SKOS.narrowerTransitive):
        link = f"?this {predicate} ?value . FILTER(!sameTerm(?this, ?value))"
        ends = ("?this", "?value") if predicate == SKOS.broaderTransitive else ("?value", "?this")
        lacking = f"FILTER NOT EXISTS {{ {leads(step, *ends, Fresh())} }}" if step else ""
        rows = relations.place.selected(link, "?this ?value", f"{link} {lacking}")
        found += [(one, predicate, other) for one, other in rows]
    yield from told(relations, local("quality.solely-transitive").find, found)


def raised_tops(relations: Relations) -> Iterator[Finding]:
    """Top concepts with something above them in their scheme."""
    tops = either(relations.used_only(SKOS.topConceptOf), relations.used_only(SKOS.hasTopConcept))
    parent, member = relations.parent, relations.membership
    if not tops or not parent:
        return
    below = f"?this {tops} ?scheme . ?this {parent} ?above . FILTER(!sameTerm(?this, ?above))"
    inside = f"FILTER(EXISTS {{ ?above {member} ?scheme }} || !EXISTS {{ ?above {member} ?any }})"
    found: dict[Triple, None] = {}
    for top, scheme, above in relations.place.selected(below, "?this ?scheme ?above", f"{below} {inside}"):
        found |= {(top, SKOS.topConceptOf, scheme): None, (top, SKOS.broader, above): None}
        found[above, SKOS.inScheme, scheme] = None
    yield from told(relations, local("quality.top-with-broader").find, found)


def without_tops(relations: Relations) -> Iterator[Finding]:
    """Schemes with collections and without top concepts."""
    topped = {scheme for pattern in relations.topping for (scheme,) in relations.place.selected(pattern)}
    found = relations.arranged - topped
    words = Wording(names_of(relations.place, found))
    for scheme in sorted(found):
        yield finding("quality.top-missing", None, scheme, scheme=words.name(scheme))
