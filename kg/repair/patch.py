"""Patches as values: a range of a text, what stands there instead, and why; texts with patches; diffs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kg.report import Finding, Location
from kg.text import Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Patch(NamedTuple):
    """One range of a source and what stands there instead; `code` is the rule whose finding it mends.

    The range counts characters of the decoded text, the byte order mark left out. A patch
    that is not `safe` takes a decision that is an editor's.
    """

    path: str
    span: Span
    replacement: str
    code: str
    reason: str
    safe: bool


class Done(NamedTuple):
    """One repair that is in a patched text: its rule, the place in the text as it was, what was done."""

    code: str
    location: Location
    reason: str
    safe: bool


class Proposal(NamedTuple):
    """One repair that is not made: its rule, its place, what could be done, and why it is left to a person."""

    code: str
    location: Location | None
    reason: str
    #: whether `--fix-proposed` would make it
    ready: bool


class Mended(NamedTuple):
    """One source as it was read and as it would be: its bytes, the SHA-256 of those read, patches, repairs."""

    path: str
    digest: str
    before: bytes
    after: bytes
    patches: tuple[Patch, ...]
    done: tuple[Done, ...]


class Plan(NamedTuple):
    """All that would be written, and all that is only proposed; it travels between processes as it is."""

    files: tuple[Mended, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    #: what could not be made soundly: a warning each
    findings: tuple[Finding, ...] = ()


#: A range of a text that goes, with the numbers of the wishes that want it.
Range = tuple[int, int, frozenset[int]]


class Edit(NamedTuple):
    """A patch in the making: it serves the wishes with these numbers."""

    start: int
    end: int
    text: str
    wishes: frozenset[int]


def joined(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits in the order of the text, none over another.

    Deletions that overlap become one, and what changes words inside a longer edit is part of it.
    Raises `ValueError` with their wishes for edits that cannot both be made.

    >>> one, other = Edit(2, 5, "", frozenset([1])), Edit(4, 7, "", frozenset([2]))
    >>> [(edit.start, edit.end, sorted(edit.wishes)) for edit in joined([other, one])]
    [(2, 7, [1, 2])]
    """
    found: list[Edit] = []
    # An insertion comes before a deletion that starts where it stands.
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end > edit.start, -edit.end)):
        last = found[-1] if found else None
        if last is None or edit.start >= last.end:
            found.append(edit)
        elif last.text == "" and (edit.start < edit.end <= last.end or edit.text == ""):
            found[-1] = Edit(last.start, max(last.end, edit.end), "", last.wishes | edit.wishes)
        elif last[:3] == edit[:3] or edit.start < edit.end <= last.end:
            found[-1] = last._replace(wishes=last.wishes | edit.wishes)
        else:
            raise ValueError(last.wishes | edit.wishes)
    return found


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits that are in order and apart, as `joined` gives them.

    >>> applied("abcd", [Edit(1, 2, "--", frozenset())])
    'a--cd'
    """
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def without(text: str, ranges: Collection[Range]) -> Iterator[Edit]:
    """Yield the edits that take ranges of tokens out of a text, with the blanks they leave behind.

    A line of which nothing is left goes; one of which a comment is left keeps it, with its
    indentation. Between what is left of a line one blank stays.
    """
    for start, end, wishes in merged(text, ranges):
        yield Edit(*_tidy(text, start, end), "", wishes)


def merged(text: str, ranges: Collection[Range]) -> list[Range]:
    """Return ranges in order, those joined that only blanks and line ends part."""
    found: list[Range] = []
    for start, end, wishes in sorted(ranges):
        if found and not text[found[-1][1] : start].strip(" \t\r\n"):
            found[-1] = (found[-1][0], max(end, found[-1][1]), found[-1][2] | wishes)
        else:
            found.append((start, end, wishes))
    return found


def _tidy(text: str, start: int, end: int) -> tuple[int, int]:
    before, after = start, end
    while before and text[before - 1] in " \t":
        before -= 1
    while after < len(text) and text[after] in " \t":
        after += 1
    opens = before == 0 or text[before - 1] in "\r\n"
    closes = after == len(text) or text[after] in "\r\n"
    if opens and closes:
        if text[after : after + 2] == "\r\n":
            return before, after + 2
        # The last line has no end of its own to give: it takes that of the line before.
        return (before, after + 1) if after < len(text) else (_line_before(text, before), after)
    if closes:
        return before, end if after == len(text) else after
    if opens or before < start:
        return start, after
    return start, end


def _line_before(text: str, at: int) -> int:
    if text[max(0, at - 2) : at] == "\r\n":
        return at - 2
    return at - 1 if at else at


def diff(files: Iterable[Mended]) -> Iterator[str]:
    """Yield the lines of a unified diff, without their ends, of what would be written."""
    from difflib import unified_diff

    for file in files:
        before, after = (_LINE.findall(data.decode("utf-8-sig")) for data in (file.before, file.after))
        path = file.path.replace("\\", "/").lstrip("/")
        for line in unified_diff(before, after, f"a/{path}", f"b/{path}"):
            yield line.rstrip("\r\n")
            if line[-1:] not in "\r\n":
                yield "\\ No newline at end of file"
