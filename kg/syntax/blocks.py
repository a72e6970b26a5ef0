"""Blocks of a page: the lines of plain text or Markdown as headings, paragraphs, items and code.

The scanner goes over the lines once and never back, so it is linear in any
input. It knows the block forms that glossary pages use (CommonMark 0.31,
sections 4 and 5): both kinds of heading, fenced code, list items, comments;
everything else is a paragraph, and no character is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.text import Source, Span, trim

HEADING, PARAGRAPH, ITEM, CODE, COMMENT = "heading", "paragraph", "item", "code", "comment"

_BULLETS = ("- ", "* ", "+ ", "• ", "– ")
_FENCES = ("```", "~~~")


class Block(NamedTuple):
    """One block; `span` covers its text without markers, `whole` with them."""

    kind: str
    span: Span
    whole: Span
    level: int = 0


def front_matter(source: Source) -> tuple[Span, int] | None:
    """Return the span of the YAML between ``---`` lines at the top, and the offset behind it.

    None when the page does not start with one or does not close it.
    """
    lines = source.lines()
    if not lines or source.slice(lines[0]).rstrip() != "---":
        return None
    for number, line in enumerate(lines[1:], 1):
        if source.slice(line).rstrip() in ("---", "..."):
            after = lines[number + 1].start if number + 1 < len(lines) else len(source.text)
            return Span(lines[1].start, line.start), after
    return None


def text_blocks(source: Source) -> list[Block]:
    """Split plain text: each line that is not blank is a paragraph or a list item."""
    blocks = []
    for line in source.lines():
        span = trim(source.text, line)
        if span.start < span.end:
            inner = _after_bullet(source.text, span)
            blocks.append(Block(PARAGRAPH if inner == span else ITEM, inner, line))
    return blocks


def markdown_blocks(source: Source, start: int = 0) -> list[Block]:
    """Split Markdown from an offset on."""
    return list(_Scanner(source, start).blocks())


class _Scanner:
    """The state of one pass: the block that is open, and where it began."""

    def __init__(self, source: Source, start: int) -> None:
        self.source = source
        self.text = source.text
        self.lines = [line for line in source.lines() if line.start >= start]
        self.open: tuple[str, int, int] | None = None  # kind, start of the whole, start of the text
        self.end = start

    def blocks(self) -> Iterator[Block]:
        until: str | None = None  # what closes the fence or comment we are in
        for line in self.lines:
            span = trim(self.text, line)
            words = self.source.slice(span)
            if until is not None:
                self.end = line.end
                if words.startswith(until) if until in _FENCES else until in words:
                    until = None
                    yield from self.close()
            elif words.startswith(_FENCES):
                yield from self.close()
                self.begin(CODE, line, line)
                until = words[:3]
            elif words.startswith("<!--"):
                yield from self.close()
                self.begin(COMMENT, line, line)
                until = "-->"
                if until in words:
                    until = None
                    yield from self.close()
            else:
                yield from self.prose(line, span, words)
        yield from self.close()

    def prose(self, line: Span, span: Span, words: str) -> Iterator[Block]:
        level = _atx_level(words)
        inner = _after_bullet(self.text, span)
        if not words:
            yield from self.close()
        elif level:
            yield from self.close()
            yield Block(HEADING, _heading_text(self.text, span, level), line, level)
        elif self.open and self.open[0] == PARAGRAPH and set(words) in ({"="}, {"-"}):
            _, whole, start = self.open
            self.open = None
            yield Block(
                HEADING, trim(self.text, Span(start, self.end)), Span(whole, line.end), "=-".index(words[0]) + 1
            )
        elif set(words.replace(" ", "")) in ({"-"}, {"*"}, {"_"}) and len(words) >= 3:
            yield from self.close()  # a thematic break holds no text
        elif inner != span:
            yield from self.close()
            self.begin(ITEM, line, inner)
        elif self.open:
            self.end = line.end
        else:
            self.begin(PARAGRAPH, line, span)

    def begin(self, kind: str, whole: Span, inner: Span) -> None:
        self.open = (kind, whole.start, inner.start)
        self.end = whole.end

    def close(self) -> Iterator[Block]:
        if self.open:
            kind, whole, start = self.open
            self.open = None
            yield Block(kind, trim(self.text, Span(start, self.end)), Span(whole, self.end))


def _atx_level(words: str) -> int:
    level = len(words) - len(words.lstrip("#")) if words[:1] == "#" else 0
    return level if 1 <= level <= 6 and words[level : level + 1] in ("", " ", "\t") else 0


def _heading_text(text: str, span: Span, level: int) -> Span:
    inner = trim(text, Span(span.start + level, span.end))
    end = inner.end
    while end > inner.start and text[end - 1] == "#":
        end -= 1
    closed = end == inner.start or (end < inner.end and text[end - 1].isspace())
    return trim(text, Span(inner.start, end)) if closed else inner


def _after_bullet(text: str, span: Span) -> Span:
    """Return the span behind a list marker, or the span itself when there is none."""
    if text.startswith(_BULLETS, span.start):
        return trim(text, Span(span.start + 1, span.end))
    digits = span.start
    while digits < min(span.end, span.start + 9) and text[digits].isdigit():
        digits += 1
    if digits > span.start and text[digits : digits + 2] in (". ", ") "):
        return trim(text, Span(digits + 1, span.end))
    return span
