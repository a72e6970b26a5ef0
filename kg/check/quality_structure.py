"""The quality of the hierarchy and of schemes: clusters, orphans, links said twice, tops that are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import eq

from kg.check import measure
from kg.check.ancestry import Ancestry
from kg.check.graph import Checked, GraphRule, family
from kg.report import Finding
from kg.rule import finding
from kg.terms import Term
from kg.vocab import RDF, SKOS

#: Links between concepts of two schemes, which say nothing of the hierarchy of one.
_MAPPINGS = frozenset(family(SKOS.mappingRelation))


def clusters(checked: Checked) -> Iterator[Finding]:
    """All concepts of a scheme hang together by semantic relations (weakly connected components)."""
    concepts = checked.concepts
    leader = _components(checked)
    members: dict[int, list[int]] = {}
    for concept in leader.keys() & concepts:
        for scheme in checked.memberships.get(concept) or (-1,):
            members.setdefault(scheme, []).append(concept)
    names = checked.terms
    for scheme in sorted(members, key=lambda number: names[number] if number >= 0 else ""):
        counts = Counter(leader[concept] for concept in members[scheme])
        # One that is linked to other vocabularies alone is no cluster of this one.
        sizes = Counter({cluster: count for cluster, count in counts.items() if count > 1})
        if len(sizes) > 1:
            yield _clustered(checked, scheme, sizes, [(leader[concept], concept) for concept in members[scheme]])


def _components(checked: Checked) -> dict[int, int]:
    """Return a number that stands for the cluster of each linked resource (union by halving paths)."""
    leader: dict[int, int] = {}
    # Most links are of the hierarchy, and said from both sides: there each is taken once.
    upward = {*family(SKOS.broader), *family(SKOS.narrower)} - _MAPPINGS
    beside = [pair for name in family(SKOS.semanticRelation) if name not in upward for pair in checked.pairs(name)]
    # What is linked to once, and is not ours, joins nothing.
    ends = Counter(other for _, other in beside)
    concepts, terms = checked.concepts, checked.terms
    joining = (
        (one, other) for one, other in beside if (other in concepts or ends[other] > 1) and terms[other][0] != '"'
    )
    for one, other in chain(((below, above) for below, all_ in checked.parents.items() for above in all_), joining):
        if one != other:
            first, second = leader.setdefault(one, one), leader.setdefault(other, other)
            while first != leader[first]:
                leader[first] = first = leader[leader[first]]
            while second != leader[second]:
                leader[second] = second = leader[leader[second]]
            leader[first] = second
    for node in leader:
        root = node
        while root != leader[root]:
            root = leader[root]
        leader[node] = root
    return leader


def _clustered(checked: Checked, scheme: int, sizes: Counter[int], members: list[tuple[int, int]]) -> Finding:
    names = checked.terms
    first: dict[int, Term] = {}
    for cluster, concept in members:
        if cluster not in sizes:
            continue
        first[cluster] = min(first.get(cluster, names[concept]), names[concept])
    told = sorted(sizes, key=lambda cluster: (-sizes[cluster], first[cluster]))
    words = ", ".join(f"{sizes[cluster]:,} with {checked.wording.name(first[cluster])}" for cluster in told[:6])
    more = f" and {len(told) - 6:,} more" if len(told) > 6 else ""
    # The largest is the vocabulary, and the others are what hangs loose.
    places = [place for cluster in told[1:7] if (place := measure.place_of(checked, first[cluster]))]
    word = f"the scheme {checked.name(scheme)}" if scheme >= 0 else "what is in no scheme"
    return finding(
        "quality.cluster",
        places[0] if places else None,
        names[scheme] if scheme >= 0 else None,
        also=tuple(places[1:]),
        scheme=word,
        count=f"{len(sizes):,}",
        clusters=words + more,
    )


def orphans(checked: Checked) -> Iterator[Finding]:
    """Each concept stands in a semantic relation to another.

    One that is neither on top nor in a collection of a scheme that has such is told by `glossary.unreachable`.
    """
    found = set(checked.concepts)
    for predicate in family(SKOS.semanticRelation):
        pairs = checked.pairs(predicate)
        if any(map(eq, pairs.subjects, pairs.objects)):
            linked = {end for pair in pairs if pair[0] != pair[1] for end in pair}
            found -= linked
        else:
            found.difference_update(pairs.subjects, pairs.objects)
    if found:
        found -= _out_of_reach(checked, found)
    yield from measure.concepts(checked, "quality.orphan", found, len(checked.concepts))


def _out_of_reach(checked: Checked, orphans: set[int]) -> set[int]:
    tops = {top for top, _ in checked.tops}
    members = set(checked.pairs(SKOS.member).objects)
    arranged = {scheme for _, scheme in checked.tops}
    held = members & checked.concepts
    arranged.update(scheme for one, scheme in checked.pairs(SKOS.inScheme) if one in held)
    arranged &= checked.main or checked.schemes
    inside = {one for one, scheme in checked.pairs(SKOS.inScheme) if one in orphans and scheme in arranged}
    return inside - tops - members


def valueless(checked: Checked) -> Iterator[Finding]:
    """Siblings are not also related: that they are near to each other is said by what stands above them.

    A property below skos:related says why they are associated, so it has a value of its own.
    """
    parents, names = checked.parents, checked.terms
    found: dict[tuple[int, int], int] = {}
    for predicate in (SKOS.related, SKOS.relatedMatch):
        for one, other in checked.pairs(predicate):
            if one != other and one in parents and other in parents:
                common = parents[one].keys() & parents[other].keys()
                if common:
                    pair = (one, other) if names[one] < names[other] else (other, one)
                    found[pair] = min(common, key=names.__getitem__)
    for one, other in sorted(found, key=lambda pair: (names[pair[0]], names[pair[1]])):
        rows = checked.between(one, other, (SKOS.related, SKOS.relatedMatch))
        words = {"subject": checked.name(one), "value": checked.name(other), "parent": checked.name(found[one, other])}
        code, path = "quality.valueless-association", SKOS.related
        yield measure.told(checked, code, rows, names[one], path, names[other], **words)


def redundant(checked: Checked) -> Iterator[Finding]:
    """Each concept stands directly below another, or by way of a third, but not both (circles are told as such)."""
    parents = checked.parents
    several = {child: list(above) for child, above in parents.items() if len(above) > 1}
    pairs = {(one, other) for above in several.values() for one in above for other in above if one != other}
    if not pairs:
        return
    order = Ancestry(_steps_above(parents, several), checked.terms.__getitem__)
    higher: dict[int, set[int]] = {}
    for low, high in order.above(pairs):
        if not order.knotted(low, high):
            higher.setdefault(low, set()).add(high)
    found: dict[tuple[int, int], int] = {}
    names = checked.terms
    for child, above in several.items():
        for middle in above:
            for high in higher.get(middle, ()):
                if high in parents[child] and not order.knotted(child, middle) and not order.knotted(child, high):
                    found[child, high] = min(found.get((child, high), middle), middle, key=names.__getitem__)
    steps = (*family(SKOS.broader), *family(SKOS.narrower))
    for child, high in sorted(found, key=lambda pair: (names[pair[0]], names[pair[1]])):
        rows = checked.between(child, high, steps)
        data = {"subject": checked.name(child), "value": checked.name(high), "way": checked.name(found[child, high])}
        code, path = "quality.redundant-broader", SKOS.broader
        yield measure.told(checked, code, rows, names[child], path, names[high], **data)


def _steps_above(parents: Mapping[int, Iterable[int]], starts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the steps of the part of a hierarchy that stands above some nodes."""
    waiting = list(starts)
    seen = set(waiting)
    while waiting:
        below = waiting.pop()
        for above in parents.get(below, ()):
            yield below, above
            if above not in seen:
                seen.add(above)
                waiting.append(above)


def solely_transitive(checked: Checked) -> Iterator[Finding]:
    """Concepts that are linked by broaderTransitive are linked by a chain of broader."""
    stated = [
        (predicate, one, other)
        for predicate in (SKOS.broaderTransitive, SKOS.narrowerTransitive)
        for one, other in checked.pairs(predicate)
        if one != other
    ]
    if not stated:
        return
    names = checked.terms
    steps = [*checked.links(SKOS.broader), *((below, above) for above, below in checked.links(SKOS.narrower))]
    order = Ancestry(steps, names.__getitem__)
    upward = {(one, other) if name == SKOS.broaderTransitive else (other, one) for name, one, other in stated}
    held = set(order.above(upward))
    # Inside a circle each stands above the other, and only one of the two is told.
    held |= {(high, low) for low, high in held if order.knotted(low, high)}
    for name, one, other in sorted(stated, key=lambda found: (names[found[1]], names[found[2]], found[0])):
        pair = (one, other) if name == SKOS.broaderTransitive else (other, one)
        if pair not in held:
            held.add(pair)
            row = names[one], name, names[other]
            words = {"subject": checked.name(one), "value": checked.name(other), "property": measure.short(name)}
            yield measure.told(checked, "quality.solely-transitive", [row], *row, **words)


def raised_tops(checked: Checked) -> Iterator[Finding]:
    """No top concept of a scheme has something above it there; what is in no scheme counts as there."""
    parents, names = checked.parents, checked.terms
    found = sorted(checked.tops, key=lambda pair: (names[pair[0]], names[pair[1]]))
    for top, scheme in found:
        inside = [
            parent
            for parent in checked.by_text(parents.get(top, ()))
            if scheme in checked.memberships.get(parent, (scheme,)) and parent != top
        ]
        if inside:
            statements = checked.between(top, inside[0], (*family(SKOS.broader), *family(SKOS.narrower)))
            topped = ((names[top], SKOS.topConceptOf, names[scheme]), (names[scheme], SKOS.hasTopConcept, names[top]))
            words = {"subject": checked.name(top), "scheme": checked.name(scheme), "value": checked.name(inside[0])}
            ends = names[top], SKOS.broader, names[inside[0]]
            yield measure.told(checked, "quality.top-with-broader", [*statements, *topped], *ends, **words)


def without_tops(checked: Checked) -> Iterator[Finding]:
    """Each scheme of concepts has top concepts; one without collections, too, is told by `glossary.top-missing`."""
    topped = {scheme for _, scheme in checked.tops}
    members = set(checked.pairs(SKOS.member).objects)
    held = {scheme for one, scheme in checked.pairs(SKOS.inScheme) if one in members and one in checked.concepts}
    for scheme in checked.by_text(((checked.main or checked.schemes) & held) - topped):
        place = checked.wording.place((checked.terms[scheme], RDF.type, SKOS.ConceptScheme))[0]
        yield finding("quality.top-missing", place, checked.terms[scheme], scheme=checked.name(scheme))


def several_schemes(checked: Checked) -> Iterator[Finding]:
    """Each concept is in one scheme."""
    found = [one for one in checked.concepts if len(checked.memberships.get(one, ())) > 1]
    yield from measure.concepts(checked, "quality.several-schemes", found, len(checked.concepts))


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("quality.cluster",), clusters),
    GraphRule(("quality.orphan",), orphans),
    GraphRule(("quality.valueless-association",), valueless),
    GraphRule(("quality.redundant-broader",), redundant),
    GraphRule(("quality.solely-transitive",), solely_transitive),
    GraphRule(("quality.top-with-broader",), raised_tops),
    GraphRule(("quality.top-missing",), without_tops),
    GraphRule(("quality.several-schemes",), several_schemes),
)
