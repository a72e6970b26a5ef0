"""Colours, dashes and words of a drawing, as tables.

Every text colour has a contrast of at least 4.5 to the ground it stands on
(WCAG 2.2, success criterion 1.4.3), every line at least 3 (1.4.11). The three
hues stay apart for the common kinds of colour blindness; the dashes tell the
families apart without any colour.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.errors import UnknownName

PAPER = "#ffffff"
EDGE_OF_PAPER = "#d5dbe5"
INK = "#1f2937"
MUTED = "#566174"
CARD = "#1f2e52"
CARD_TEXT = "#ffffff"
CARD_SOFT_TEXT = "#d6deef"


class Family(NamedTuple):
    """How one family of relations is drawn, and what the legend says of it."""

    colour: str
    line: str
    tint: str
    dash: str
    meaning: str


class Kind(NamedTuple):
    """How a kind of term is outlined, and what the legend says of it."""

    stroke_width: str
    dash: str
    meaning: str


FAMILIES = {
    "hierarchy": Family("#2c4fa3", "#6581c4", "#ebf0fb", "", "broader, narrower"),
    "association": Family("#9a3d1c", "#bb6f52", "#fcf1ea", "8 5", "related terms"),
    "attribute": Family("#0d6a60", "#3f9186", "#e9f5f2", "1 5", "properties"),
}

KINDS = {
    "entry": Kind("2", "", "has its own page"),
    "concept": Kind("1", "", "defined term"),
    "candidate": Kind("1", "3 2.5", "not yet defined"),
}


def family(name: str) -> Family:
    """Return how a family is drawn.

    Raises `UnknownName` when `FAMILIES` has none of that name.
    """
    if name not in FAMILIES:
        raise UnknownName("family of relations", name, FAMILIES)
    return FAMILIES[name]


def kind(name: str) -> Kind:
    """Return how a kind of term is drawn; an unknown kind is drawn like a concept."""
    return KINDS.get(name, KINDS["concept"])
