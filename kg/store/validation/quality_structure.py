"""The quality of the hierarchy and of schemes, in the store."""

from __future__ import annotations

from collections.abc import Iterator

from kg.check.graph import family
from kg.check.wording import Wording
from kg.report import Finding
from kg.rule import finding
from kg.store.validation.hierarchy import Relations, Triple, either
from kg.store.validation.telling import local, names_of, told
from kg.terms import Term
from kg.vocab import SKOS


def clusters(relations: Relations) -> Iterator[Finding]:
    """Parts of a scheme that no relation joins."""
    links = [*_inside(relations), *(row for name in _beside(relations) for row in relations.stated(name))]
    linked = {end for one, _, other in links if one != other for end in (one, other)}
    found = [*links, *(row for row in relations.types if row[0] in linked)]
    for name in (SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept):
        found += (row for row in relations.stated(name) if row[2 if name == SKOS.hasTopConcept else 0] in linked)
    yield from told(relations, local("quality.cluster").find, found)


def _inside(relations: Relations) -> list[Triple]:
    """Return every step of the hierarchy, mappings left out."""
    names = (*relations.inside(SKOS.broader), *relations.inside(SKOS.narrower))
    return [row for name in names for row in relations.stated(name)]


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
    yield from told(relations, local("quality.redundant-broader").find, _inside(relations))


def solely_transitive(relations: Relations) -> Iterator[Finding]:
    """Concepts that are linked by broaderTransitive, and by no chain of broader."""
    links = [row for name in (SKOS.broaderTransitive, SKOS.narrowerTransitive) for row in relations.stated(name)]
    if links:
        yield from told(relations, local("quality.solely-transitive").find, [*links, *relations.steps])


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
