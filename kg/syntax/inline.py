"""Inline Markdown: links with their ranges, and the plain words of a passage."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.text import Span

_EMPHASIS = r"(?<![\w\\])[*_]{1,3}(?=\S)|(?<=[^\s\\])[*_]{1,3}(?!\w)"
_MARKS = r"\\.|`+|!?\[|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)?(?:\s+\"[^\"]*\")?\)|\]|<https?://[^<>\s]+>"
_URL = r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]"


class Link(NamedTuple):
    """A link: its whole range, the range of its words, where it leads, whether it is a picture."""

    whole: Span
    words: Span
    target: str
    picture: bool


def links(text: str, span: Span) -> list[Link]:
    """Return the links of a Markdown passage, in the order they begin.

    A link inside the words of a picture counts; code holds no links.
    """
    found: list[Link] = []
    open_brackets: list[tuple[int, int, bool]] = []  # start of the whole, of the words, is it a picture
    marks = re.compile(_MARKS)
    at = span.start
    while match := marks.search(text, at, span.end):
        mark, at = match[0], match.end()
        if mark[0] == "`":
            closing = _code_end(text, at, span.end, len(mark))
            at = closing or at
        elif mark in ("[", "!["):
            open_brackets.append((match.start(), match.end(), mark[0] == "!"))
        elif mark[0] == "<":
            found.append(Link(Span(*match.span()), Span(match.start() + 1, at - 1), mark[1:-1], picture=False))
        elif mark[0] == "]" and open_brackets:
            whole, words, picture = open_brackets.pop()
            if len(mark) > 1:
                target = mark[2:-1].split()[0] if mark[2:-1].split() else ""
                found.append(Link(Span(whole, at), Span(words, match.start()), target, picture))
    return sorted(found)


def _code_end(text: str, at: int, end: int, ticks: int) -> int | None:
    """Return the offset behind the run of exactly `ticks` backticks that closes a code span."""
    for match in re.compile("`+").finditer(text, at, end):
        if len(match[0]) == ticks:
            return match.end()
    return None


def urls(text: str, span: Span) -> list[Span]:
    """Return the ranges of the bare http(s) addresses in a passage."""
    return [Span(*match.span()) for match in re.compile(_URL).finditer(text, span.start, span.end)]


def plain(text: str, span: Span) -> str:
    """Return the words of a Markdown passage: links as their words, no pictures, marks or line ends.

    >>> plain("The [warp](/w) is\\n_fast_.", Span(0, 25))
    'The warp is fast.'
    """
    pieces: list[str] = []
    at = span.start
    for link in _outermost(links(text, span)):
        pieces.append(_unmarked(text[at : link.whole.start]))
        if not link.picture:
            pieces.append(_unmarked(text[link.words.start : link.words.end]))
        at = link.whole.end
    pieces.append(_unmarked(text[at : span.end]))
    return " ".join("".join(pieces).split())


def _outermost(found: list[Link]) -> list[Link]:
    outer: list[Link] = []
    for link in found:
        if not outer or link.whole.start >= outer[-1].whole.end:
            outer.append(link)
    return outer


def _unmarked(text: str) -> str:
    """Remove emphasis and code marks; what stands between backticks stays as it is."""
    parts = re.split(r"(`+)", text)
    words: list[str] = []
    ticks = ""
    for number, part in enumerate(parts):
        if number % 2:
            ticks = "" if ticks == part else ticks or part
        else:
            words.append(part if ticks else re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(_EMPHASIS, "", part)))
    return "".join(words)
