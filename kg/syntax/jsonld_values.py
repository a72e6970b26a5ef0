"""Expanded JSON-LD objects, and what makes them well-formed (JSON-LD 1.1 API, section 5.1.2, steps 15 to 19)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.syntax.jsonld_context import expand_name
from kg.syntax.jsonld_names import MISSING, Active, JsonLdError, absolute
from kg.text import Span

_NO_IRI = r'[\x00-\x20<>"{}|^`\\]'
_VALUE_KEYS = frozenset(["@direction", "@index", "@language", "@type", "@value"])


class Expanded(dict[str, Any]):
    """An expanded object, the range of what it was made of, and those of its types."""

    __slots__ = ("at", "kinds")

    def __init__(self, content: Mapping[str, Any], at: Span | None) -> None:
        super().__init__(content)
        self.at = at
        self.kinds: list[Span | None] = []


def value_of(active: Active, name: str, content: Any, at: Span | None) -> Expanded:
    """Expand a scalar that stands under a property (section 5.3.2)."""
    definition = active.definition(name)
    kind = definition.type
    if kind in ("@id", "@vocab") and isinstance(content, str):
        return Expanded({"@id": expand_name(active, content, vocab=kind == "@vocab", document=True)}, at)
    made = Expanded({"@value": content}, at)
    if kind not in (None, "@id", "@vocab", "@none"):
        made["@type"] = kind
    elif isinstance(content, str):
        language = active.language if definition.language is MISSING else definition.language
        direction = active.direction if definition.direction is MISSING else definition.direction
        if language is not None:
            made["@language"] = language
        if direction is not None:
            made["@direction"] = direction
    return made


def checked_value(made: Expanded) -> Expanded | None:
    """Return a value object, or None when it says nothing; raises `JsonLdError` when it is none."""
    kind, value = made.get("@type"), made["@value"]
    if not made.keys() <= _VALUE_KEYS or (kind is not None and ("@language" in made or "@direction" in made)):
        raise JsonLdError("invalid value object")
    if kind == "@json" and not isinstance(kind, list):
        return made
    if value is None or value == []:
        return None
    if "@language" in made and not isinstance(value, str):
        raise JsonLdError("invalid language-tagged value", value)
    if kind is not None and not (isinstance(kind, str) and absolute(kind) and not re.search(_NO_IRI, kind)):
        raise JsonLdError("invalid typed value", kind)
    return made


def is_node(item: Any) -> bool:
    """Tell whether an expanded item is a node object."""
    return isinstance(item, dict) and not {"@value", "@list", "@set"} & item.keys()


def text_of(value: Any, code: str) -> str:
    """Return a value that must be a text; raises `JsonLdError` with the code when it is none."""
    if not isinstance(value, str):
        raise JsonLdError(code, value)
    return value


def all_of(value: Any) -> list[Any]:
    """Return a value as a list; null is none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
