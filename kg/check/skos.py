"""The conditions of SKOS over the whole graph: S27, S46, what SKOS-XL labels and ordered lists entail.

What SHACL Core cannot say, or no engine says at a fair price on a large graph; the others are
shapes in `shapes/skos.ttl`. Each rule runs in about linear time. Sub-properties count (those of
SKOS, of ISO 25964, of the glossary vocabulary, and mapping properties).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from kg.check.graph import Checked, GraphRule, family
from kg.check.labels import label_resources
from kg.report import Finding
from kg.rule import finding
from kg.vocab import RDF, SKOS


def related_and_above(checked: Checked) -> Iterator[Finding]:
    """S27: no concept is related to one that stands above or below it."""
    terms = checked.terms
    # In a circle each stands above the other: which is told first must not depend on the order of statements.
    pairs = {(one, other) if terms[one] < terms[other] else (other, one) for one, other in checked.links(SKOS.related)}
    if not pairs:
        return
    order, wording = checked.ancestry, checked.wording
    hierarchical = (*family(SKOS.broaderTransitive), *family(SKOS.narrowerTransitive))
    found = [(terms[lower], terms[upper], lower, upper) for lower, upper in order.above(pairs)]
    itself = {one for one, other in pairs if one == other}
    found += [(terms[one], terms[one], one, one) for one in (itself & order.circular() if itself else ())]
    for lower, upper, *numbers in sorted(found):
        way = [terms[node] for node in order.way(*numbers) or []]
        steps = wording.statements(lower, hierarchical, upper)
        location, also = wording.place(*wording.statements(lower, family(SKOS.related), upper), *steps)
        yield finding(
            "skos.s27",
            location,
            lower,
            also=also,
            lower=wording.name(lower),
            upper=wording.name(upper),
            way=f" by way of {wording.names(way[1:-1])}" if len(way) > 2 else "",
        )._replace(path=SKOS.related, value=upper)


# -- mappings ----------------------------------------------------------------------


def exact_and_otherwise(checked: Checked) -> Iterator[Finding]:
    """S46: what matches exactly, over any number of steps and in either direction, matches in no other way."""
    groups = _groups(checked.links(SKOS.exactMatch))
    if not groups:
        return
    clashes: dict[tuple[str, str], str] = {}
    terms, wording = checked.terms, checked.wording
    for predicate in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
        for one, other in checked.links(predicate):
            if one in groups and groups[one] == groups.get(other):
                first, second = sorted((terms[one], terms[other]))
                clashes.setdefault((first, second), predicate)
    exact = family(SKOS.exactMatch)
    others = [*family(SKOS.broadMatch), *family(SKOS.narrowMatch), *family(SKOS.relatedMatch)]
    for (subject, value), stated in sorted(clashes.items()):
        location, also = wording.place(
            *wording.statements(subject, others, value), *wording.statements(subject, exact, value)
        )
        yield finding(
            "skos.s46", location, subject, also=also, subject=wording.name(subject), value=wording.name(value)
        )._replace(path=stated, value=value)


def _groups(links: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Return one number for all that are linked with each other, directly or not (union and find)."""
    above: dict[int, int] = {}

    def top(node: int) -> int:
        root = above.setdefault(node, node)
        while above[root] != root:
            root = above[root]
        while above[node] != root:
            above[node], node = root, above[node]
        return root

    for one, other in links:
        above[top(one)] = top(other)
    return {node: top(node) for node in list(above)}


# -- ordered collections -------------------------------------------------------------


def unstated_members(checked: Checked) -> Iterator[Finding]:
    """S36: what stands in the list of an ordered collection is a member of it; what is entailed may be left unsaid."""
    if not checked.pairs(SKOS.memberList):
        return
    first, rest = checked.objects(RDF.first), checked.objects(RDF.rest)
    members, wording, terms = checked.objects(SKOS.member), checked.wording, checked.terms
    for collection, heads in sorted(checked.objects(SKOS.memberList).items(), key=lambda pair: terms[pair[0]]):
        listed = chain.from_iterable(first.get(node, ()) for node in _nodes(heads, rest))
        missing = list(dict.fromkeys(listed))
        stated = set(members.get(collection, ()))
        missing = [node for node in missing if node not in stated]
        if missing:
            subject = terms[collection]
            location, also = wording.place(*((subject, SKOS.memberList, terms[head]) for head in heads))
            yield finding(
                "skos.s36",
                location,
                subject,
                also=also,
                subject=wording.name(subject),
                count=len(missing),
                members=wording.names([terms[node] for node in missing]),
            )._replace(path=SKOS.member)


def _nodes(heads: Iterable[int], rest: Mapping[int, Iterable[int]]) -> Iterator[int]:
    """Yield the nodes of lists, once each: a list may run in a circle."""
    waiting, seen = list(heads)[::-1], set[int]()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            yield node
            waiting.extend(rest.get(node, ()))


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("skos.s27",), related_and_above),
    GraphRule(("skos.s46",), exact_and_otherwise),
    GraphRule(("skos.s36",), unstated_members),
    GraphRule(("skos.s13", "skos.s14", "skos.s55", "skos.s56", "skos.s57"), label_resources),
)
