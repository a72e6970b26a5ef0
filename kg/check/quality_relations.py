"""The quality of single links: said from one side, to itself, within a scheme by mapping, across schemes without."""

from __future__ import annotations

from collections.abc import Iterator

from kg.check import measure
from kg.check.graph import Checked, GraphRule, family
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.terms import Term
from kg.vocab import SKOS

#: The properties with an inverse, and those that are their own (SKOS Reference, S8, S23, S25, S26, S43, S44).
TWO_SIDED = (
    *(SKOS.broader, SKOS.narrower, SKOS.broaderTransitive, SKOS.narrowerTransitive, SKOS.related),
    *(SKOS.topConceptOf, SKOS.hasTopConcept),
    *(SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, SKOS.closeMatch, SKOS.exactMatch),
)

_SHIFT = 32


def missing_inverses(checked: Checked) -> Iterator[tuple[measure.Numbered, Term]]:
    """Yield each statement whose other side is not said, with the property that would say it.

    What the other side is about is described here: nothing is asked of other people's concepts. What
    was read from pages is left out, since a page says a thing once and an export both ways.
    """
    described = checked.concepts | checked.schemes
    for predicate in TWO_SIDED:
        inverse = hierarchy().inverse(predicate)
        pairs = checked.pairs(predicate)
        if inverse is None or not pairs:
            continue
        # Two numbers as one: a million pairs would keep the garbage collector busy.
        said = {other << _SHIFT | one for name in family(inverse) for one, other in checked.pairs(name)}
        for one, other in pairs:
            unsaid = one << _SHIFT | other not in said and other in described and one != other
            if unsaid and not _from_page(checked, one, predicate, other):
                yield (one, predicate, other), inverse


def _from_page(checked: Checked, one: int, predicate: Term, other: int) -> bool:
    dataset, names = checked.dataset, checked.terms
    if not dataset.texts:
        return False
    origins = dataset.origins((names[one], predicate, names[other]))
    return bool(origins) and all(origin.path in dataset.texts for origin in origins)


def one_sided(checked: Checked) -> Iterator[Finding]:
    """Each who reads one of two concepts sees the link: it is said from both sides."""
    found: dict[tuple[Term, Term], list[measure.Numbered]] = {}
    for statement, inverse in missing_inverses(checked):
        found.setdefault((statement[1], inverse), []).append(statement)
    for (predicate, inverse), rows in found.items():
        whole, noun = len(checked.pairs(predicate)), f"statements of {measure.short(predicate)}"
        back = measure.short(inverse)
        yield from measure.statements(checked, "quality.one-sided", rows, whole, noun, inverse=back)


def reflexive(checked: Checked) -> Iterator[Finding]:
    """No concept is related or mapped to itself; one above itself is told by `glossary.cycle`."""
    names = checked.terms
    upward = {*family(SKOS.broaderTransitive), *family(SKOS.narrowerTransitive)}
    for predicate in family(SKOS.semanticRelation):
        if predicate not in upward:
            for one in checked.by_text(one for one, other in checked.pairs(predicate) if one == other):
                row = names[one], predicate, names[one]
                words = {"subject": checked.name(one), "property": measure.short(predicate)}
                yield measure.told(checked, "quality.reflexive", [row], *row, **words)


def mapped_inside(checked: Checked) -> Iterator[Finding]:
    """No mapping property links concepts of one scheme (those of none count as of one)."""
    names, concepts, schemes = checked.terms, checked.concepts, checked.memberships
    found: list[tuple[Term, Term, Term, int, int]] = []
    for predicate in family(SKOS.mappingRelation):
        for one, other in checked.pairs(predicate):
            if one != other and other in concepts and one in concepts:
                first, second = schemes.get(one, ()), schemes.get(other, ())
                if (not first and not second) or not set(first).isdisjoint(second):
                    found.append((names[one], predicate, names[other], one, other))
    done: set[tuple[int, int]] = set()
    for subject, predicate, value, one, other in sorted(found):
        if (other, one) in done:
            # Said from both sides it is one slip.
            continue
        done.add((one, other))
        row = subject, predicate, value
        words = {"subject": checked.name(one), "value": checked.name(other), "property": measure.short(predicate)}
        yield measure.told(checked, "quality.mapping-inside", [row], *row, **words)


def across_schemes(checked: Checked) -> Iterator[Finding]:
    """Concepts of two schemes are linked by mapping properties.

    A scheme beside the one that a dataset is about holds its candidates, and is not another one.
    """
    names = checked.terms
    apart, mappings = checked.main or checked.schemes, set(family(SKOS.mappingRelation))
    if len(apart) < 2:
        return
    schemes, whole = checked.memberships, 0
    if not {scheme for found in schemes.values() for scheme in found} <= apart:
        schemes = {one: [scheme for scheme in found if scheme in apart] for one, found in schemes.items()}
    only = {one: found[0] for one, found in schemes.items() if len(found) == 1}.get
    found: dict[tuple[int, int], measure.Numbered] = {}
    for predicate in family(SKOS.semanticRelation):
        if predicate not in mappings:
            pairs = checked.pairs(predicate)
            whole += len(pairs)
            for one, other in [pair for pair in pairs if only(pair[0]) is None or only(pair[0]) != only(pair[1])]:
                of_one, of_other = schemes.get(one), schemes.get(other)
                if of_one and of_other and set(of_one).isdisjoint(of_other):
                    # Said from both sides it is one slip.
                    pair = min(one, other), max(one, other)
                    if pair not in found or names[one] < names[found[pair][0]]:
                        found[pair] = one, predicate, other
    yield from measure.statements(checked, "quality.across-schemes", found.values(), whole, "links")


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("quality.one-sided",), one_sided),
    GraphRule(("quality.reflexive",), reflexive),
    GraphRule(("quality.mapping-inside",), mapped_inside),
    GraphRule(("quality.across-schemes",), across_schemes),
)
