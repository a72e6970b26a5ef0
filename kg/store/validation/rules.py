"""The rules over the whole graph, in the store.

Each rule selects what breaks it as a set, in the store. What was selected, with the
statements that show it, makes a small Dataset, and the rule of `kg.check` makes its findings
of that: so both say the same. Two rules say what was selected themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kg.check.graph import Checked, GraphRule
from kg.check.wording import NAMING
from kg.dataset import Dataset
from kg.report import Finding
from kg.statement import DATA
from kg.store.validation.hierarchy import Relations, Triple, either, leads, share
from kg.store.validation.place import Place
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import SKOS


class StoreRule(NamedTuple):
    """A rule in the store: the codes of its findings, and what finds them."""

    codes: tuple[str, ...]
    find: Callable[[Relations], Iterator[Finding]]


def told(relations: Relations, rule: GraphRule, statements: Iterable[Triple]) -> Iterator[Finding]:
    """Yield what a rule of `kg.check` finds in some statements, with the names that the store has for their terms."""
    small = Dataset()
    for s, p, o in statements:
        small.add(s, p, o, DATA)
    if not len(small):
        return
    resources = {term for row in small for term in (row.subject, row.object)}
    for s, p, o in relations.place.statements(sorted(resources), NAMING):
        if (s, p, o) not in small:
            small.add(s, p, o, DATA)
    yield from rule.find(Checked(small, lambda code: code in rule.codes))


def local(code: str) -> GraphRule:
    """Return the rule of `kg.check` for a code."""
    from kg.check.rules import graph_rules

    profile = code.partition(".")[0]
    return next(rule for rule in graph_rules(profile) if code in rule.codes)


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
    yield from told(relations, local("skos.s27"), [*kept, *relations.above(sorted({low for low, _ in pairs}))])


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
    yield from told(relations, local("glossary.cycle"), [row for row in steps if row[2] in nodes])


def _selected(place: Place, where: str, names: str, rest: str) -> Iterator[tuple[Term | None, ...]]:
    """Yield the rows of a pattern over a share of what another binds."""
    for first in place.shares(where):
        yield from place.rows(
            lambda part: f"SELECT DISTINCT {names} {{from}} WHERE {{ {share(where, part, names)} {rest} }}", first
        )


# -- mappings ----------------------------------------------------------------------


def exact_and_otherwise(relations: Relations) -> Iterator[Finding]:
    """S46: pairs that match exactly, over any number of steps, and in another way."""
    exact = relations.used(SKOS.exactMatch)
    others = relations.used(SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
    if not exact or not others:
        return
    where = f"?this {either(others)} ?value . FILTER(!isLiteral(?value))"
    way = leads(either(exact, exact), "?this", "?value", Fresh())
    pairs = {(row[0], row[1]) for row in _selected(relations.place, where, "?this ?value", way) if row[0] and row[1]}
    stated = relations.place.statements(sorted({one for one, _ in pairs}), others)
    kept = [row for row in stated if (row[0], row[2]) in pairs]
    ways = relations.around(sorted({one for one, _ in pairs}), exact)
    yield from told(relations, local("skos.s46"), [*kept, *ways])
