"""Lines of the sources, fit to be shown: one line, the range in it told apart, nothing in it that steers a terminal."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from kg.errors import KgError
from kg.limits import Limits
from kg.read import sources
from kg.report import Location
from kg.text import Source

#: How many columns of a long line are shown before the range, in it, and altogether.
_BEFORE, _MARKED, _WIDEST = 40, 80, 120
_TAB = 4
_CUT = "…"


class Excerpt(NamedTuple):
    """A line of a source in three parts, of which the second is the range; with no range, all is in the first.

    `more` is the number of the last line of a range that goes on.
    """

    line: int
    before: str
    marked: str
    after: str
    more: int | None = None


class Excerpts:
    """Reads sources again to show lines of them; the latest is kept, since findings come file by file."""

    __slots__ = ("_latest", "_limits", "_path")

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._path: str | None = None
        self._latest: Source | None = None

    def of(self, place: Location | None) -> Excerpt | None:
        """Return the line of a place, or None where there is none (any more)."""
        if place is None or not place.line:
            return None
        if place.path != self._path:
            self._path, self._latest = place.path, self._read(place.path)
        if self._latest is None:
            return None
        starts, text = self._latest.line_starts, self._latest.text
        if place.line > len(starts):
            return None
        end = starts[place.line] if place.line < len(starts) else len(text)
        return excerpt(text[starts[place.line - 1] : end].rstrip("\r\n"), place)

    def _read(self, path: str) -> Source | None:
        try:
            found = sources.text(path, self._limits)
            data = found.data(self._limits) if found else None
        except KgError:
            return None  # it was there when it was checked; a report does without it now
        return None if data is None else Source(path, data.decode("utf-8-sig", "replace"))


def excerpt(line: str, place: Location) -> Excerpt:
    """Return a line as it is shown: tabs as spaces, control characters spelt out, a long line cut round the range.

    >>> excerpt("\\ta b", Location("x", 1, 2, 1, 3))
    Excerpt(line=1, before='    ', marked='a', after=' b', more=None)
    """
    number = place.line or 1
    if not place.column or place.column > len(line) + 1:
        whole, _ = _spelt(line[: _WIDEST * 2], 0)
        return Excerpt(number, _cut(whole, _WIDEST) if len(line) <= _WIDEST * 2 else whole[:_WIDEST] + _CUT, "", "")
    start = place.column - 1
    goes_on = place.end_line is not None and place.end_line > number
    end = len(line.rstrip()) if goes_on else place.end_column - 1 if place.end_column else start + 1
    end = min(max(end, start), len(line))
    first = max(0, start - _BEFORE) if len(line) > _WIDEST else 0
    before, at = _spelt(line[first:start], 0)
    before = _CUT + before if first else before
    marked, at = _spelt(line[start : min(end, start + _MARKED)], at + bool(first))
    if end - start > _MARKED:
        return Excerpt(number, before, marked + _CUT, "", place.end_line if goes_on else None)
    room = max(_WIDEST - at, 0)
    after, _ = _spelt(line[end : end + room], at)
    return Excerpt(number, before, marked, after + (_CUT if len(line) > end + room else ""),
                   place.end_line if goes_on else None)  # fmt: skip


def _cut(text: str, width_: int) -> str:
    return text if len(text) <= width_ else text[:width_] + _CUT


def _spelt(text: str, at: int) -> tuple[str, int]:
    """Spell a text that starts at a column of the terminal; return it and the column it ends at."""
    if text.isascii() and text.isprintable():
        return text, at + len(text)
    pieces = []
    for sign in text:
        piece = " " * (_TAB - at % _TAB) if sign == "\t" else visible(sign)
        pieces.append(piece)
        at += width(piece)
    return "".join(pieces), at


def visible(text: str) -> str:
    r"""Return a text on one line with its control characters spelt out: content must not steer what shows it.

    Spaces of every width stay, and what joins letters (U+200C, U+200D): neither does harm.

    >>> print(visible("a\x1b[31mb"), visible("a\nb"))
    a\u001b[31mb a\u000ab
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or _is_harmless(sign) else _spell(sign) for sign in text)


def _is_harmless(sign: str) -> bool:
    return sign in "\u200c\u200d" or unicodedata.category(sign) == "Zs"


def _spell(sign: str) -> str:
    if "\udc80" <= sign <= "\udcff":
        return f"\\x{ord(sign) - 0xDC00:02x}"  # a byte of a file name that is no text
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode TR 11; marks that combine take none).

    >>> width("abc"), width("基礎"), width("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(_sign_width(sign) for sign in text)


def _sign_width(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
