"""What a drawing shows: an entry and the terms it is linked to, as plain values.

Nothing here knows the Dataset, SVG or DOT, so that any graph can be drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

# A relation whose name begins so points up from the narrower term: it decides which end of a hierarchy stands on top.
_UPWARD = ("broader", "is a", "kind of", "part of", "instance of", "example of")


class Node(NamedTuple):
    """A term: its IRI or other key, its label, and what it is in the glossary.

    `kind` is `"entry"` (a term with a page of its own), `"concept"` (a defined
    term) or `"candidate"` (a term that is mentioned but not yet defined). Any
    other kind is drawn like a concept.
    """

    key: str
    label: str
    kind: str


class Edge(NamedTuple):
    """A link from one node's key to another's; `relation` is its readable name."""

    source: str
    target: str
    relation: str
    family: str = "association"


class Group(NamedTuple):
    """The neighbours that one relation links, in one direction.

    `family` is a name of `kg.write.drawing.palette.FAMILIES`; `outgoing` tells
    whether the links lead from the centre to the nodes or the other way.
    """

    relation: str
    family: str
    nodes: tuple[Node, ...]
    outgoing: bool


class Neighbourhood(NamedTuple):
    """An entry, its definition, and its neighbours in groups, in the order to be drawn."""

    center: Node
    description: str
    groups: tuple[Group, ...]


def stands_above(group: Group) -> bool:
    """Tell whether a group holds what is broader than the centre.

    A hierarchy has two names for each link (broader, narrower) and two ends to
    look from, so both count:

    >>> stands_above(Group("broader", "hierarchy", (), outgoing=True))
    True
    >>> stands_above(Group("example model", "hierarchy", (), outgoing=True))
    False
    >>> stands_above(Group("example model", "hierarchy", (), outgoing=False))
    True
    """
    if group.family != "hierarchy":
        return False
    return group.relation.casefold().startswith(_UPWARD) == group.outgoing


def drawn_groups(neighbourhood: Neighbourhood) -> Iterator[Group]:
    """Yield the groups that have somebody to draw."""
    return (group for group in neighbourhood.groups if group.nodes)
