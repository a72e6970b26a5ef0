"""Who is above whom in a hierarchy: cycles, and ancestry of many pairs at once.

Everything here runs in time close to linear and without recursion, so that a
chain of a hundred thousand concepts is as safe as a flat list.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)

#: Ancestry of this many upper ends is followed at once, as the bits of one number.
_BATCH = 4096
#: How many nodes are looked at for the way between two nodes before it is left out.
_LOOK = 2000


class Ancestry(Generic[Node]):
    """A directed graph from each node to the nodes above it; `key` gives what nodes are ordered by.

    >>> order = Ancestry([("cat", "animal"), ("animal", "thing")])
    >>> list(order.above([("thing", "cat"), ("cat", "dog")]))
    [('cat', 'thing')]
    >>> order.way("cat", "thing")
    ['cat', 'animal', 'thing']
    """

    __slots__ = ("_component", "_key", "_names", "_numbers", "_order", "_parents")

    def __init__(self, edges: Iterable[tuple[Node, Node]], key: Callable[[Node], Any] | None = None) -> None:
        steps = dict.fromkeys(edges)
        names = list(dict.fromkeys(chain.from_iterable(steps)))
        numbers = dict(zip(names, range(len(names)), strict=True))
        parents: list[list[int]] = [[] for _ in names]
        for below, above in steps:
            parents[numbers[below]].append(numbers[above])
        self._numbers, self._names, self._parents = numbers, names, parents
        self._key: Callable[[Node], Any] = key or _itself
        self._order, self._component = _components(parents)

    def cycles(self) -> Iterator[list[Node]]:
        """Yield one cycle of each knot of nodes that stand above themselves.

        A cycle starts at its first name in sorted order and is the shortest through it.
        """
        firsts = (min((self._names[node] for node in knot), key=self._key) for knot in self._knots())
        for name in sorted(firsts, key=self._key):
            first = self._numbers[name]
            yield [self._names[node] for node in self._walk(first, first, inside=self._component[first])]

    def circular(self) -> set[Node]:
        """Return the nodes that stand above themselves.

        >>> sorted(Ancestry([("a", "b"), ("b", "a"), ("c", "a"), ("d", "d")]).circular())
        ['a', 'b', 'd']
        """
        return {self._names[node] for knot in self._knots() for node in knot}

    def knots(self) -> list[set[Node]]:
        """Return the sets of nodes that all stand above each other, themselves included.

        >>> order = Ancestry([("a", "b"), ("b", "a"), ("c", "a"), ("d", "d")])
        >>> [sorted(knot) for knot in order.knots()]
        [['a', 'b'], ['d']]
        """
        return [{self._names[node] for node in knot} for knot in self._knots()]

    def _knots(self) -> Iterable[list[int]]:
        """Return the components that hold a cycle, each with its nodes."""
        knots: dict[int, list[int]] = {}
        previous = -1
        for node in self._order:
            number = self._component[node]
            if number == previous or node in self._parents[node]:
                knots.setdefault(number, [])
            previous = number
        for node in self._order if knots else ():
            if self._component[node] in knots:
                knots[self._component[node]].append(node)
        return knots.values()

    def above(self, pairs: Iterable[tuple[Node, Node]]) -> Iterator[tuple[Node, Node]]:
        """Yield each pair of which one node is above the other, as (lower, upper).

        A pair is dropped when a node is not in the hierarchy; nodes of one cycle are
        above each other, and a node is not above itself.
        """
        waiting: dict[int, list[tuple[int, int]]] = {}
        component = self._component
        found = list(self._oriented(pairs))
        first, last = self._ranges() if found else ([], [])
        for low, high in found:
            if component[low] == component[high]:
                yield self._names[low], self._names[high]
            elif first[component[high]] <= last[component[low]] <= last[component[high]]:
                waiting.setdefault(component[high], []).append((low, high))
        uppers = sorted(waiting)
        for start in range(0, len(uppers), _BATCH):
            batch = uppers[start : start + _BATCH]
            reached = self._reached(batch)
            for bit, upper in enumerate(batch):
                for low, high in waiting[upper]:
                    if reached[self._component[low]] >> bit & 1:
                        yield self._names[low], self._names[high]

    def _oriented(self, pairs: Iterable[tuple[Node, Node]]) -> Iterator[tuple[int, int]]:
        """Yield the pairs whose nodes are known and two, the one that may be lower first."""
        numbers, component = self._numbers, self._component
        for one, other in pairs:
            low, high = numbers.get(one), numbers.get(other)
            if low is not None and high is not None and low != high:
                yield (high, low) if component[high] > component[low] else (low, high)

    def _ranges(self) -> tuple[list[int], list[int]]:
        """Return, for each component, the first and last number of the range that holds all below it.

        Numbers are given on the way back from a walk down, so that what is below is
        numbered before what is above. In a tree a number in the range is below; where a
        node has several parents it may not be, which is why this only sorts pairs out
        (GRAIL, Yildirim, Chaoji and Zaki 2010).
        """
        component = self._component
        children: list[list[int]] = [[] for _ in range(max(component, default=-1) + 1)]
        for node, parents in enumerate(self._parents):
            for parent in parents:
                if component[parent] != component[node]:
                    children[component[parent]].append(component[node])
        first, last = [0] * len(children), [-1] * len(children)
        clock = 0
        # Components above have smaller numbers, so every walk starts at the top.
        for root in range(len(children)):
            work = [root] if last[root] < 0 else []
            while work:
                knot = work[-1]
                below = [child for child in children[knot] if last[child] < 0]
                if below:
                    work += below
                    continue
                work.pop()
                if last[knot] < 0:
                    first[knot] = min((first[child] for child in children[knot]), default=clock)
                    last[knot] = clock
                    clock += 1
        return first, last

    def _reached(self, uppers: Sequence[int]) -> list[int]:
        """Return, for each component, the bits of those of `uppers` it reaches or is."""
        reached = [0] * len(self._order)
        for bit, upper in enumerate(uppers):
            reached[upper] = 1 << bit
        component, parents = self._component, self._parents
        for node in self._order:
            bits = reached[component[node]]
            for parent in parents[node]:
                bits |= reached[component[parent]]
            reached[component[node]] = bits
        return reached

    def knotted(self, one: Node, other: Node) -> bool:
        """Tell whether two nodes stand above each other, or are one.

        >>> Ancestry([("cat", "animal"), ("animal", "cat")]).knotted("cat", "animal")
        True
        """
        first, second = self._numbers.get(one, -1), self._numbers.get(other, -1)
        return one == other or (first >= 0 and second >= 0 and self._component[first] == self._component[second])

    def below(self, starts: Iterable[Node]) -> set[Node]:
        """Return the given names and all names below one of them.

        >>> sorted(Ancestry([("cat", "animal"), ("animal", "thing")]).below(["animal", "dog"]))
        ['animal', 'cat', 'dog']
        """
        found = set(starts)
        waiting = [self._numbers[name] for name in found if name in self._numbers]
        children: list[list[int]] = [[] for _ in self._parents]
        for child, parents in enumerate(self._parents):
            for parent in parents:
                children[parent].append(child)
        while waiting:
            for child in children[waiting.pop()]:
                if self._names[child] not in found:
                    found.add(self._names[child])
                    waiting.append(child)
        return found

    def way(self, lower: Node, upper: Node) -> list[Node] | None:
        """Return a shortest way up from one node to another, or None where it would be dear to find."""
        found = self._walk(self._numbers[lower], self._numbers[upper], limit=_LOOK)
        return [self._names[node] for node in found] or None

    def _walk(self, start: int, end: int, inside: int | None = None, limit: int | None = None) -> list[int]:
        """Return a shortest way of at least one step, nearest names first; empty when there is none."""
        came: dict[int, int] = {}
        edge = [start]
        while edge and (limit is None or len(came) < limit):
            following = []
            for node in edge:
                for parent in sorted(self._parents[node], key=lambda other: self._key(self._names[other])):
                    if parent in came or (inside is not None and self._component[parent] != inside):
                        continue
                    came[parent] = node
                    if parent == end:
                        return _back(came, start, end)
                    following.append(parent)
            edge = following
        return []


def _itself(node: Node) -> Node:
    return node


def _back(came: dict[int, int], start: int, end: int) -> list[int]:
    way = [end]
    while True:
        way.append(came[way[-1]])
        if way[-1] == start:
            return way[::-1]


def _components(parents: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Return the nodes grouped by strongly connected component, and each node's component.

    Components are numbered so that those above come first (Tarjan 1972, with a
    stack of its own in place of recursion).
    """
    count = len(parents)
    found, low = [-1] * count, [0] * count
    component = [-1] * count
    order: list[int] = []
    stack: list[int] = []
    clock = components = 0
    for root in range(count):
        if found[root] >= 0:
            continue
        work = [(root, iter(parents[root]))]
        found[root] = low[root] = clock
        clock += 1
        stack.append(root)
        while work:
            node, rest = work[-1]
            for parent in rest:
                if found[parent] < 0:
                    found[parent] = low[parent] = clock
                    clock += 1
                    stack.append(parent)
                    work.append((parent, iter(parents[parent])))
                    break
                if component[parent] < 0:
                    low[node] = min(low[node], found[parent])
            else:
                work.pop()
                if work:
                    under = work[-1][0]
                    low[under] = min(low[under], low[node])
                if low[node] == found[node]:
                    while component[node] < 0:
                        member = stack.pop()
                        component[member] = components
                        order.append(member)
                    components += 1
    return order, component
