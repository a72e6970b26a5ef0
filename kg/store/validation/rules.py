"""The rules over the whole graph, in the store.

Each rule selects what breaks it as a set, in the store, and `telling` makes the findings.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.report import Finding
from kg.store.validation.hierarchy import Relations, either, leads, share
from kg.store.validation.place import Place
from kg.store.validation.telling import local, told
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import SKOS

# -- the hierarchy -----------------------------------------------------------------


def related_and_above(relations: Relations) -> Iterator[Finding]:
    """S27: pairs that are related, of which one stands above the other."""
    related, step = relations.used(SKOS.related), relations.step
    if not related or not step:
        return
    pairs: set[tuple[Term, Term]] = set()
    for one, other in (("?this", "?value"), ("?value", "?this")):
        fresh = Fresh()
        where = f"?this {either(related)} ?value . FILTER(!isLiteral(?value) && ?this != ?value)"
        above = leads(step, one, other, fresh)
        for row in _selected(relations.place, where, "?this ?value", above):
            if row[0] and row[1]:
                pairs.add((row[0], row[1]) if one == "?this" else (row[1], row[0]))
    between = relations.place.statements(sorted({end for pair in pairs for end in pair}), related)
    kept = [row for row in between if (row[0], row[2]) in pairs or (row[2], row[0]) in pairs]
    yield from told(relations, local("skos.s27").find, [*kept, *relations.above(sorted({low for low, _ in pairs}))])


def circles(relations: Relations) -> Iterator[Finding]:
    """Resources that stand above themselves."""
    step = relations.step
    if not step:
        return
    where = f"?this {step} {Fresh()('a')} ."
    nodes = {
        row[0] for row in _selected(relations.place, where, "?this", leads(step, "?this", "?this", Fresh())) if row[0]
    }
    steps = relations.place.statements(sorted(nodes), [*relations.upward, *relations.downward])
    yield from told(relations, local("glossary.cycle").find, [row for row in steps if row[2] in nodes])


def _selected(place: Place, where: str, names: str, rest: str) -> Iterator[tuple[Term | None, ...]]:
    """Yield the rows of a pattern over a share of what another binds."""
    for first in place.shares(where):
        yield from place.rows(
            lambda part: f"SELECT DISTINCT {names} {{from}} WHERE {{ {share(where, part, names)} {rest} }}", first
        )


# -- mappings ----------------------------------------------------------------------


def exact_and_otherwise(relations: Relations) -> Iterator[Finding]:
    """S46: pairs that match exactly, over any number of steps, and in another way.

    What is selected are pairs of which both match something exactly; the steps between are then followed.
    """
    exact = relations.used(SKOS.exactMatch)
    others = relations.used(SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    if not exact or not others:
        return
    step = either(exact, exact)
    where = f"?this {either(others)} ?value . FILTER(!isLiteral(?value))"
    matched = f"FILTER EXISTS {{ ?this {step} ?one }} FILTER EXISTS {{ ?value {step} ?other }}"
    pairs = set(relations.place.selected(where, "?this ?value", f"{where} {matched}"))
    starts = sorted({one for one, _ in pairs})
    stated = [row for row in relations.place.statements(starts, others) if (row[0], row[2]) in pairs]
    yield from told(relations, local("skos.s46").find, [*stated, *relations.around(starts, exact)])
