"""Which blank nodes are written inside the one statement that names them, as ``[ … ]`` or ``( … )``.

A node may stand inside when one statement of its graph has it as object, no other
graph has it, and no chain of such nodes leads back to it. Of these, the cells of a
list are those that have one `rdf:first` and one `rdf:rest`, nothing else, and lead
to `rdf:nil`. Nothing here recurses: lists and nests may be of any length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from kg.rows import Rows
from kg.terms import Term
from kg.vocab import RDF

#: What is nested deeper gets a label and stands on its own.
_DEEPEST = 8


class Nesting(NamedTuple):
    """The blank nodes of a graph that need no label, as term numbers.

    `inside` holds the nodes that stand inside a statement, the deepest first; a list
    is held by its first cell, whose `lists` entry has the elements. `cells` are all
    cells of these lists but the first; `bare` are subjects that nothing names.
    """

    inside: list[int]
    lists: dict[int, list[int]]
    cells: frozenset[int]
    bare: frozenset[int]


def shared_blanks(terms: Sequence[Term], graphs: Iterable[tuple[Term, Rows]]) -> set[int]:
    """Return the blank nodes that occur in more than one graph, name one, or stand in a term that is a triple."""
    seen: set[int] = set()
    shared: set[int] = set()
    names: set[str] = set()
    for name, rows in graphs:
        here = {number for number in {*rows.subjects, *rows.objects} if terms[number][0] == "_"}
        shared |= here & seen
        seen |= here
        names.add(name)
        for number in set(rows.objects):
            if terms[number][:2] == "<<":
                names.update(terms[number].split(" "))
    return shared | {number for number in seen if terms[number] in names}


def nesting(rows: Rows, shared: Collection[int]) -> Nesting:
    """Find what can be nested in one graph; `shared` nodes cannot."""
    terms, subjects, _, objects = rows
    blank = {number for number in {*subjects, *objects} if terms[number][0] == "_"}
    named = Counter(number for number in objects if number in blank)
    holders = {object_: subject for subject, object_ in zip(subjects, objects, strict=True) if named.get(object_) == 1}
    for number in shared:
        holders.pop(number, None)
    _cut_circles(holders)
    links = _links(rows, holders)
    cells = _cells(links, holders)
    depths = _depths(holders, links, cells)
    followers = {links[cell][1] for cell in cells} & cells
    heads = [number for number in holders if number not in followers]
    lists = {head: _elements(head, links) for head in heads if head in cells}
    inside = sorted(heads, key=lambda number: (-depths[number], number))
    bare = {number for number in subjects if number in blank and number not in named} - set(shared)
    return Nesting(inside, lists, frozenset(followers), frozenset(bare))


def _cut_circles(holders: dict[int, int]) -> None:
    """Take out the nodes that hold each other in a circle."""
    done: set[int] = set()
    for start in list(holders):
        path: dict[int, None] = {}
        number = start
        while number in holders and number not in done and number not in path:
            path[number] = None
            number = holders[number]
        done.update(path)
        if number in path:
            way = list(path)
            for member in way[way.index(number) :]:
                del holders[member]


def _links(rows: Rows, holders: dict[int, int]) -> dict[int, tuple[int, int]]:
    """Return element and rest of each node that has one of each and nothing else; rest is -1 at the end."""
    terms = rows.terms
    parts = {n: terms[n] for n in set(rows.predicates) if terms[n] in (RDF.first, RDF.rest)}
    ends = {n for n in set(rows.objects) if terms[n] == RDF.nil} if parts else set()
    found: dict[int, dict[Term | None, int]] = {}
    broken: set[int] = set()
    for subject, predicate, object_ in zip(rows.subjects, rows.predicates, rows.objects, strict=True) if ends else ():
        if subject in holders:
            part = parts.get(predicate)
            known = found.setdefault(subject, {})
            if part is None or part in known:
                broken.add(subject)
            known[part] = object_
    return {
        number: (known[RDF.first], -1 if known[RDF.rest] in ends else known[RDF.rest])
        for number, known in found.items()
        if len(known) == 2 and number not in broken
    }


def _cells(links: dict[int, tuple[int, int]], holders: dict[int, int]) -> set[int]:
    """Return the cells of well-formed lists: from each end back, as long as cell hangs on cell."""
    cells: set[int] = set()
    for end, (_, rest) in links.items():
        if rest < 0:
            cell = end
            while cell in links and cell not in cells:
                cells.add(cell)
                holder = holders[cell]
                if holder not in links or links[holder][1] != cell:
                    break
                cell = holder
    return cells


def _elements(head: int, links: dict[int, tuple[int, int]]) -> list[int]:
    found = []
    while head >= 0:
        element, head = links[head]
        found.append(element)
    return found


def _depths(holders: dict[int, int], links: dict[int, tuple[int, int]], cells: set[int]) -> dict[int, int]:
    """Return how deep each node stands; what stands too deep is taken out of `holders` and of `cells`."""
    depths: dict[int, int] = {}
    for start in list(holders):
        path = []
        number = start
        while number in holders and number not in depths:
            path.append(number)
            number = holders[number]
        for member in reversed(path):
            holder = holders[member]
            follows = holder in cells and links[holder][1] == member
            depths[member] = depths.get(holder, 0) + (0 if follows else 1)
            if depths[member] > _DEEPEST:
                del holders[member], depths[member]
                cells.discard(member)
    return depths
