"""Front matter: a YAML mapping of texts and lists of texts, each with its range.

Every scalar is text (`NO` is Norway, `1.10` is not a number). Anchors, aliases
and tags are refused: they are how YAML expands without bound or runs code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kg.text import Source, Span

#: No front matter that a person writes nests deeper; the parser takes quadratic time on what does.
_DEEPEST = 32


class Value(NamedTuple):
    """A text and where it stands in the page."""

    text: str
    span: Span


class Entry(NamedTuple):
    """One key of the front matter with its values; `nested` when they are more than a list of texts."""

    key: Value
    values: tuple[Value, ...]
    nested: bool = False


class YamlProblem(ValueError):
    """YAML that cannot be read or is refused; `offset` is its place in the page."""

    def __init__(self, detail: str, offset: int) -> None:
        super().__init__(detail, offset)
        self.detail, self.offset = detail, offset


def read_mapping(source: Source, span: Span) -> list[Entry]:
    """Read a mapping in block or flow style.

    Raises `YamlProblem` for broken YAML, for anything but a mapping, for a key that
    stands twice, and for anchors, aliases and tags.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    _refuse_nesting(source.slice(span), span.start)
    events = _guarded(YAML(typ="safe", pure=True).parse(source.slice(span)), span.start)
    try:
        return list(_entries(events, span.start))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblem(str(error.problem or error.context), span.start + (mark.index if mark else 0)) from error
    except (YAMLError, RecursionError) as error:
        raise YamlProblem(str(error).partition("\n")[0], span.start) from error


def _refuse_nesting(text: str, base: int) -> None:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "[{") - (sign in "]}")
        if depth > _DEEPEST:
            raise YamlProblem(f"it is nested deeper than {_DEEPEST} levels", base + at)


def _guarded(events: Iterator[Any], base: int) -> Iterator[Any]:
    from ruamel.yaml import events as kinds

    for event in events:
        at = base + event.start_mark.index
        if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None):
            raise YamlProblem("anchors and aliases are refused", at)
        if getattr(event, "ctag", None) is not None and getattr(event, "tag", None) not in (None, "!"):
            raise YamlProblem("tags are refused", at)
        if not isinstance(event, (kinds.StreamStartEvent, kinds.DocumentStartEvent)):
            yield event


def _entries(events: Iterator[Any], base: int) -> Iterator[Entry]:
    from ruamel.yaml import events as kinds

    first = next(events, None)
    if first is None or isinstance(first, (kinds.StreamEndEvent, kinds.DocumentEndEvent)):
        return
    if not isinstance(first, kinds.MappingStartEvent):
        raise YamlProblem("it is not a mapping of keys to values", base + first.start_mark.index)
    seen: set[str] = set()
    for event in events:
        if isinstance(event, kinds.MappingEndEvent):
            return
        if not isinstance(event, kinds.ScalarEvent):
            raise YamlProblem("a key must be a text", base + event.start_mark.index)
        key = _value(event, base)
        if key.text in seen:
            raise YamlProblem(f"the key {key.text!r} stands twice", key.span.start)
        seen.add(key.text)
        values, nested = _values(events, base)
        yield Entry(key, tuple(values), nested)


def _values(events: Iterator[Any], base: int) -> tuple[list[Value], bool]:
    """Read the node behind a key; texts of deeper nodes are all taken, and the nesting is told."""
    from ruamel.yaml import events as kinds

    values: list[Value] = []
    depth = deepest = 0
    for event in events:
        if isinstance(event, kinds.ScalarEvent):
            if event.value or event.style:
                values.append(_value(event, base))
        elif isinstance(event, (kinds.SequenceStartEvent, kinds.MappingStartEvent)):
            depth += 1
            deepest = max(deepest, depth + isinstance(event, kinds.MappingStartEvent))
            if depth > _DEEPEST:
                raise YamlProblem(f"it is nested deeper than {_DEEPEST} levels", base + event.start_mark.index)
        else:
            depth -= 1
        if depth == 0:
            break
    return values, deepest > 1


def _value(event: Any, base: int) -> Value:
    return Value(event.value, Span(base + event.start_mark.index, base + event.end_mark.index))
