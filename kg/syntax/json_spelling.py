"""How a JSON-LD document is spelt: tags, blanks at line ends, namespaces, statements said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg import terms
from kg.interop import Quad
from kg.iri import canonical_tag, check_tag
from kg.syntax.json import JsonProblem, Places, read
from kg.syntax.jsonld import packaged_contexts, quads
from kg.syntax.jsonld_names import JsonLdError, Options
from kg.syntax.turtle_spelling import NAMESPACES, Better
from kg.text import Span

_TRAILING = re.compile(r"[ \t]+(?=\r|\n|\Z)")
_BROWSED = re.compile("|".join(f'(?<="){re.escape(browsed)}' for browsed in NAMESPACES))


class Spot(NamedTuple):
    """Where a value stands: the object or array around it, and its name or number there."""

    around: Any
    key: Any


class Document:
    """A JSON-LD text: its content, the places in it, and the statements with the spots of their values.

    Raises `ValueError` for what is no JSON-LD, or names a context that is not at hand.
    """

    def __init__(self, text: str, base: str | None = None) -> None:
        self.text = text
        self.content, self.places = read(text)
        self.spots = dict(_spots(self.content, self.places))
        #: the spot of each object and array itself
        self.around = {id(spot.around[spot.key]): spot for spot in self.spots.values()}
        options = Options(base=base, contexts=packaged_contexts())
        try:
            self.stated = list(quads(self.content, options, self.places))
        except JsonLdError as error:
            raise ValueError(str(error)) from error


def _spots(content: Any, places: Places) -> Iterator[tuple[Span, Spot]]:
    waiting = [content]
    while waiting:
        around = waiting.pop()
        for key in around if isinstance(around, dict) else range(len(around)):
            yield places[id(around)][key], Spot(around, key)
            if isinstance(around[key], (dict, list)):
                waiting.append(around[key])


def tags(text: str) -> Iterator[Better]:
    """Yield each language tag that is not in the case of BCP 47, with its place, and as it should be."""
    document = _document(text)
    if document is None:
        return
    found: dict[Span, str] = {}
    for span, spot in document.spots.items():
        value = spot.around[spot.key]
        if spot.key == "@language" and isinstance(value, str) and check_tag(value) is None:
            found[Span(span.start + 1, span.end - 1)] = value
    for quad, at in document.stated:
        tag = terms.language(quad[2]) if quad[2][0] == '"' else None
        map_ = document.spots.get(at) if tag and at else None
        if map_ and isinstance(map_.around, list):
            map_ = document.around.get(id(map_.around))
        if map_ and tag and isinstance(map_.key, str) and map_.key[0] != "@" and map_.key.lower() == tag.lower():
            key = document.places[id(map_.around)]["key", map_.key]
            if canonical_tag(map_.key) not in map_.around:
                found[Span(key.start + 1, key.end - 1)] = map_.key
    for span, tag in sorted(found.items()):
        if text[span.start : span.end] == tag != canonical_tag(tag):
            yield *span, canonical_tag(tag)


def blanks(text: str) -> Iterator[Better]:
    """Yield the blanks at the ends of lines: no string of JSON goes over a line."""
    for gap in _TRAILING.finditer(text):
        yield *gap.span(), ""


def namespace(text: str) -> Iterator[Better]:
    """Yield the places where a namespace of SKOS begins a string, written with https."""
    for found in _BROWSED.finditer(text):
        yield *found.span(), NAMESPACES[found[0]]


def repeats(text: str, base: str | None = None) -> Iterator[tuple[Quad, Span]]:
    """Yield each statement that stands again behind its first place, with that place."""
    document = _document(text, base)
    seen: set[Quad] = set()
    for quad, at in document.stated if document else ():
        if quad in seen and at is not None:
            yield quad, at
        seen.add(quad)


def _document(text: str, base: str | None = None) -> Document | None:
    try:
        return Document(text, base)
    except (JsonProblem, ValueError, RecursionError):  # it names a context that is not at hand
        return None
