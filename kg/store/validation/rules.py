"""The rules over the whole graph, in the store.

Each rule selects what breaks it as a set, in the store, and `telling` makes the findings.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.report import Finding
from kg.store.validation.hierarchy import Relations, either
from kg.store.validation.telling import local, told
from kg.vocab import SKOS

# -- the hierarchy -----------------------------------------------------------------


def related_and_above(relations: Relations) -> Iterator[Finding]:
    """S27: pairs that are related, of which one stands above the other."""
    related = [row for name in relations.used(SKOS.related) for row in relations.stated(name)]
    if related:
        yield from told(relations, local("skos.s27").find, [*related, *relations.steps])


def circles(relations: Relations) -> Iterator[Finding]:
    """Resources that stand above themselves."""
    yield from told(relations, local("glossary.cycle").find, relations.steps)


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
