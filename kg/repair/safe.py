"""Repairs that take no decision: what follows from the data is stated, what means nothing goes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from kg import terms
from kg.check.quality_relations import missing_inverses
from kg.hierarchy import hierarchy
from kg.repair.change import NAMESPACE, REMOVE, REPLACE
from kg.repair.facts import Facts, Repair, Wish, add
from kg.report import Finding, Location
from kg.statement import DATA
from kg.syntax.turtle_spelling import NAMESPACES
from kg.terms import Term
from kg.vocab import SKOS


def inverses(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """State the inverse of each relation between things that are described here."""
    places = {(found.focus, found.path, found.value): found.location for found in findings if found.focus}
    summed = {found.path for found in findings if not found.focus}
    for subject, predicate, object_ in (*places, *(_one_sided(facts, summed) if summed else ())):
        inverse = hierarchy().inverse(predicate) if predicate else None
        if subject and object_ and inverse and (subject, predicate, object_, DATA) not in facts.gone:
            reason = f"{facts.name(object_)} {facts.name(inverse)} {facts.name(subject)} is stated too"
            place = places.get((subject, predicate, object_))
            yield Wish(findings[0].code, reason, (add(object_, inverse, subject),), place)


def _one_sided(facts: Facts, predicates: Container[str | None]) -> Iterator[tuple[str, str, str]]:
    """Yield the statements with some properties whose inverse is missing, where one finding tells of many."""
    names = facts.checked.terms
    for (one, predicate, other), _ in missing_inverses(facts.checked):
        if predicate in predicates:
            yield names[one], predicate, names[other]


def scheme(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Put concepts into the one scheme there is."""
    for found in findings:
        if found.focus is None or found.focus not in facts.described:
            continue
        if len(facts.schemes) == 1:
            only = facts.schemes[0]
            reason = f"{facts.name(found.focus)} is in the one scheme there is, {facts.name(only)}"
            yield Wish(found.code, reason, (add(found.focus, SKOS.inScheme, only),), found.location)
        else:
            many = f"{len(facts.schemes)} schemes are" if facts.schemes else "no scheme is"
            words = f"{facts.name(found.focus)} needs a scheme, and {many} described here"
            yield Wish(found.code, words, (), found.location)


def tops(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Make the concepts of a scheme that stand below none its top concepts."""
    checked = facts.checked
    below = {one for one, _ in checked.links(SKOS.broaderTransitive)}
    below |= {other for _, other in checked.links(SKOS.narrowerTransitive)}
    names = checked.terms
    roots_of: dict[str, set[str]] = {}
    for concept, inside in checked.pairs(SKOS.inScheme):
        roots_of.setdefault(names[inside], set()).add(names[concept])
    for subject, predicate, object_, _ in facts.come:
        if predicate == SKOS.inScheme:
            roots_of.setdefault(object_, set()).add(subject)
    roots_among = {names[concept] for concept in checked.concepts - below}
    for found in findings:
        roots = sorted(roots_of.get(found.focus or "", set()) & roots_among)
        if found.focus is None or not roots:
            yield Wish(found.code, "every concept has a broader one, so none is plainly on top", (), found.location)
            continue
        for root in roots:
            reason = f"{facts.name(root)} has no broader concept, so it is a top concept of {facts.name(found.focus)}"
            steps = [add(root, SKOS.topConceptOf, found.focus)]
            if found.focus in facts.described:
                steps.append(add(found.focus, SKOS.hasTopConcept, root))
            yield Wish(found.code, reason, tuple(steps), found.location)


def plain_labels(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """State the plain label that a label resource entails."""
    for found in findings:
        if found.focus and found.path and found.value:
            label = facts.name(found.value)
            reason = f"{facts.name(found.focus)} has the plain label {label}, as its label resource says"
            yield Wish(found.code, reason, (add(found.focus, found.path, found.value),), found.location)


def spaces(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Take white space out of labels that nobody sees: around them, and all but one space between words."""
    plain = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
    for found in findings:
        subject, predicate, value = found.focus, found.path, found.value
        if not subject or not predicate or not value:
            continue
        made = _respaced(value)
        old, new = (subject, predicate, value, DATA), (subject, predicate, made, DATA)
        others = [facts.name(other) for other in plain if other != predicate and facts.has(subject, other, made)]
        if predicate in plain and others:
            words = f"without the white space it is the {others[0]} of {facts.name(subject)} too: one of them goes"
            yield Wish(found.code, words, (), found.location)
        elif facts.has(subject, predicate, made):
            reason = f"{facts.name(value)} stands there without the white space too"
            yield Wish(found.code, reason, ((REMOVE, old, None),), found.location)
        else:
            reason = f"{facts.name(value)} without the white space"
            yield Wish(found.code, reason, ((REPLACE, old, new),), found.location)


def _respaced(value: str) -> Term:
    """Return a label without the white space that means nothing; between words, a space that does not break stays."""
    end = value.rindex('"') + 1
    return Term(terms.literal(re.sub("[\\t\\n\\r ]+", " ", terms.lexical(value).strip())) + value[end:])


def whole_text(kind: str, reason: str) -> Repair:
    """Make the repair that goes through the text of each file that findings name."""

    def repair(_facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
        for found in findings:
            if found.location:
                steps = ((kind, None, None),)
                yield Wish(found.code, reason, steps, found.location, path=found.location.path)

    return repair


def namespaces(facts: Facts, findings: Sequence[Finding]) -> Iterator[Wish]:
    """Write the namespaces of SKOS with http where a file has them with https."""
    written = {term for found in findings for term in NAMESPACES if term in f"{found.message} {found.value}"}
    paths: dict[str, Location | None] = {}
    for statement in facts.dataset.match() if written else ():
        if any(term.startswith(tuple(f"<{space}" for space in written)) for term in statement):
            for origin in facts.dataset.origins(statement):
                paths.setdefault(origin.path, Location(origin.path))
    for path in sorted(paths):
        reason = "the namespace of SKOS begins with http, not https"
        yield Wish(findings[0].code, reason, ((NAMESPACE, None, None),), paths[path], path=path)
