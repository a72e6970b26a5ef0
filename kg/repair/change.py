"""What a repair wants of one text, whatever its syntax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.interop import Quad

#: Kinds of changes: statements go, come, change; one that is said again goes from all places but the first.
REMOVE, ADD, REPLACE, AGAIN = "remove", "add", "replace", "again"
#: Changes of the whole text: tags in their case, blanks at line ends, the namespace that SKOS never had.
TAGS, BLANKS, NAMESPACE = "tags", "blanks", "namespace"


class Change(NamedTuple):
    """One change of one text for the wish with this number."""

    wish: int
    kind: str
    old: Quad | None = None
    new: Quad | None = None


class Refused(Exception):
    """Wishes that cannot be met in a text, by number, each with the reason."""

    def __init__(self, wishes: Mapping[int, str]) -> None:
        super().__init__(wishes)
        self.wishes = wishes
