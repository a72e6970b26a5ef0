"""Repairs that an editor decides: which of two statements that do not go together is the one that is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg import terms
from kg.check.ancestry import Ancestry
from kg.check.graph import family
from kg.repair.change import REPLACE
from kg.repair.facts import Facts, Step, Wish, foci, place_of, quad_of, remove
from kg.report import Finding
from kg.statement import Statement
from kg.terms import Term
from kg.vocab import SKOS, SKOSXL


def redundant(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Remove the direct link to what stands above by way of others."""
    for found in findings:
        lower, upper = found.focus, found.value
        if not lower or not upper:
            continue
        if lower in facts.knots or upper in facts.knots:
            words = f"a circle runs through {facts.name(lower)} or {facts.name(upper)}: open that first"
            yield Wish(found.code, words, (), found.location, safe=False)
            continue
        links = _between(facts, lower, upper, SKOS.broader, SKOS.narrower)
        plain = [link for link in links if link.predicate in (SKOS.broader, SKOS.narrower)]
        if len(plain) < len(links) or not links:
            yield _says_more(facts, found, SKOS.broader)
        else:
            reason = f"{facts.name(lower)} stays below {facts.name(upper)} by way of others"
            yield Wish(found.code, reason, tuple(map(remove, links)), found.location, safe=False)


def _says_more(facts: Facts, found: Finding, predicate: Term) -> Wish:
    ends = " and ".join(facts.name(end) for end in (found.focus, found.value) if end)
    words = f"{ends} are linked by a property that says more than {facts.name(predicate)}"
    return Wish(found.code, words, (), found.location, safe=False)


def _between(
    facts: Facts,
    lower: str,
    upper: str,
    upward: Term = SKOS.broaderTransitive,
    downward: Term = SKOS.narrowerTransitive,
) -> list[Statement]:
    """Return the statements that set one thing above another."""
    up, down = family(upward), family(downward)
    return [link for link in facts.dataset.match(lower, None, upper) if link.predicate in up] + [
        link for link in facts.dataset.match(upper, None, lower) if link.predicate in down
    ]


def two_ways(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Keep a label as the strongest of the kinds it has: preferred, alternative, hidden."""
    kinds = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
    meant: dict[str, set[str | None]] = {}
    for told in findings:
        if told.focus:
            meant.setdefault(told.focus, set()).add(told.value)
    for subject, values in meant.items():
        labels = [found for kind in kinds for found in facts.dataset.match(subject, kind) if found.object in values]
        first: dict[str, Statement] = {}
        for label in labels:
            kept = first.setdefault(label.object, label)
            if kept is not label:
                name, kind = facts.name(label.object), facts.name(kept.predicate)
                reason = f"{name} stays the {kind} of {facts.name(subject)}, and is no {facts.name(label.predicate)}"
                yield Wish(findings[0].code, reason, (remove(label),), place_of(findings, subject), safe=False)
        if len(first) == len(labels):
            words = f"one of the two labels of {facts.name(subject)} follows from a label resource: change that"
            yield Wish(findings[0].code, words, (), place_of(findings, subject), safe=False)


def several_preferred(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Keep the first preferred label of a language, and make the others alternative."""
    for subject in foci(findings):
        place, groups = place_of(findings, subject), dict[str, list[Statement]]()
        for found in facts.dataset.match(subject, SKOS.prefLabel):
            if found.object[0] == '"' and found.object[-1] != ">":  # anything else is no label (S12)
                groups.setdefault((terms.language(found.object) or "").lower(), []).append(found)
        entailed = {form for label in facts.dataset.objects(subject, SKOSXL.prefLabel)
                    for form in facts.dataset.objects(label, SKOSXL.literalForm)}  # fmt: skip
        several = [group for group in groups.values() if len(group) > 1]
        if not several or any(label.object in entailed for group in several for label in group):
            words = f"a preferred label of {facts.name(subject)} follows from a label resource: change that"
            yield Wish(findings[0].code, words, (), place, safe=False)
            continue
        for first, *others in several:
            for other in others:
                yield _made_alternative(facts, findings[0].code, first, other)._replace(location=place)


def _made_alternative(facts: Facts, code: str, first: Statement, other: Statement) -> Wish:
    name = facts.name(other.object)
    if len(facts.dataset.subjects(SKOS.prefLabel, other.object)) > 1:
        return Wish(code, f"{name} is the preferred label of another concept, too: it needs other words", safe=False)
    known = [kind for kind in (SKOS.altLabel, SKOS.hiddenLabel) if facts.has(other.subject, kind, other.object)]
    reason = f"{facts.name(first.object)} stays the preferred label, {name} becomes an alternative one"
    if known:
        return Wish(code, reason, (remove(other),), safe=False)
    return Wish(code, reason, (_renamed(other),), safe=False)


def _renamed(label: Statement) -> Step:
    return REPLACE, quad_of(label), quad_of(label._replace(predicate=SKOS.altLabel))


def circles(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Open each circle of the knots that findings are about at the link that is missed least, until there is none."""
    opened: set[frozenset[str]] = set()
    for focus in sorted(foci(findings)):
        knot = facts.knots.get(focus, frozenset())
        if knot and knot not in opened:
            opened.add(knot)
            yield from _open(facts, findings, {lower: facts.above(lower) for lower in sorted(knot)})


def _open(facts: Facts, findings: Sequence[Finding], above: dict[str, set[str]]) -> Iterator[Wish]:
    """Open the circles among some terms; `above` has what stands directly above each, and loses what goes."""
    topped = {facts.checked.terms[top] for top, _ in facts.checked.tops}
    code, first = findings[0].code, min(above)
    while circle := next(Ancestry((one, up) for one, ups in above.items() for up in sorted(ups)).cycles(), None):
        place = place_of(findings, circle[0]) or place_of(findings, first) or findings[0].location
        ways = [way for way in pairwise(circle) if all(link.predicate in _PLAIN for link in _between(facts, *way))]
        if not ways:
            yield Wish(code, "every link of the circle says more than skos:broader", (), place, safe=False)
            for lower, upper in pairwise(circle):
                above[lower].discard(upper)
            continue
        elsewhere = {lower for lower in circle if not above[lower] <= {*circle}}
        lower, upper = max(ways, key=lambda way: (way[0] in topped, way[0] in elsewhere, circle.index(way[0])))
        why = "is a top concept" if lower in topped else "has another broader concept" if lower in elsewhere else None
        reason = f"{facts.name(lower)} is no longer below {facts.name(upper)}: it {why or 'closes the circle'}"
        yield Wish(code, reason, tuple(map(remove, _between(facts, lower, upper))), place, safe=False)
        above[lower].discard(upper)


_PLAIN = (SKOS.broader, SKOS.narrower, SKOS.broaderTransitive, SKOS.narrowerTransitive)


def related_above(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Remove the association between two that stand one above the other."""
    for found in findings:
        if not found.focus or not found.value:
            continue
        one, other = found.focus, found.value
        both = (*facts.dataset.match(one, SKOS.related, other), *facts.dataset.match(other, SKOS.related, one))
        finer = any(
            link.predicate in family(SKOS.related)[1:]
            for link in (*facts.dataset.match(one, None, other), *facts.dataset.match(other, None, one))
        )
        if finer or not both:
            yield _says_more(facts, found, SKOS.related)
        else:
            reason = f"{facts.name(one)} stands below {facts.name(other)}, so they are not also related"
            yield Wish(found.code, reason, tuple(map(remove, both)), found.location, safe=False)
