"""Decoded text that knows where everything in it stands.

Offsets count Unicode characters of the decoded text as it stands: the byte
order mark is not part of it, and CRLF counts as two. Lines and columns count
from 1; a line ends at LF, CRLF or a lone CR (old Mac), never at U+2028 or NEL.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from kg.report import Location

BOM = "\ufeff"
#: Characters that change the reading order without being seen (Unicode TR 9, 2.1 to 2.4).
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BYTE_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SENTENCE_END = r"[.!?]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[A-Z0-9À-ÖØ-Þ])"
_ABBREVIATIONS = ("e.g.", "i.e.", "etc.", "cf.", "vs.", "fig.", "no.", "dr.", "mr.", "mrs.", "st.", "al.")


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Tell whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end


class DecodingProblem(ValueError):
    """Bytes that are not the text they should be; `code` names the rule, `offset` the byte."""

    def __init__(self, code: str, detail: str, line: int = 1) -> None:
        super().__init__(code, detail, line)
        self.code, self.detail, self.line = code, detail, line


class Source:
    """One decoded text with its path.

    >>> page = Source("term.txt", "Term\\r\\nA definition.")
    >>> page.position(6), page.newline
    ((2, 1), 'CRLF')
    """

    __slots__ = ("_folded", "_starts", "byte_order_mark", "path", "text")

    def __init__(self, path: str, text: str, *, byte_order_mark: bool = False) -> None:
        self.path = path
        self.text = text
        self.byte_order_mark = byte_order_mark
        self._starts: list[int] | None = None
        self._folded: tuple[str, list[int]] | None = None

    @classmethod
    def decode(cls, path: str, data: bytes) -> Source:
        """Decode bytes strictly as UTF-8, with or without a byte order mark.

        Raises `DecodingProblem` for UTF-16, for bytes that are not UTF-8, and for NUL.
        """
        if data[:2] in _UTF16_BOMS:
            raise DecodingProblem("text.utf-16", "the file starts with a UTF-16 byte order mark")
        marked = data.startswith(_BYTE_BOM)
        try:
            text = data[3:].decode() if marked else data.decode()
        except UnicodeDecodeError as error:
            at = error.start + 3 * marked
            raise DecodingProblem("text.not-utf-8", f"byte 0x{data[at]:02x}", data.count(b"\n", 0, at) + 1) from error
        nul = text.find("\0")
        if nul >= 0:
            raise DecodingProblem("text.nul", "a NUL character", text.count("\n", 0, nul) + 1)
        return cls(path, text, byte_order_mark=marked)

    def encode(self) -> bytes:
        """Return the bytes this source was decoded from."""
        return (_BYTE_BOM if self.byte_order_mark else b"") + self.text.encode()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal."""
        from hashlib import sha256

        return sha256(self.encode()).hexdigest()

    @property
    def newline(self) -> str:
        """Name the line ends in use: LF, CRLF, CR, mixed or none."""
        crlf = self.text.count("\r\n")
        counts = {"CRLF": crlf, "LF": self.text.count("\n") - crlf, "CR": self.text.count("\r") - crlf}
        used = [name for name, number in counts.items() if number]
        return used[0] if len(used) == 1 else "mixed" if used else "none"

    @property
    def line_starts(self) -> list[int]:
        """Return the offset at which each line starts."""
        if self._starts is None:
            ends = r"\r\n?|\n" if "\r" in self.text else "\n"
            self._starts = [0, *(found.end() for found in re.finditer(ends, self.text))]
        return self._starts

    def lines(self) -> list[Span]:
        """Return the span of each line without its line end."""
        text, starts = self.text, self.line_starts
        spans = []
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else len(text)
            while end > start and text[end - 1] in "\r\n":
                end -= 1
            spans.append(Span(start, end))
        return spans

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a line and column: the inverse of `position`."""
        return self.line_starts[line - 1] + column - 1

    def locate(self, span: Span) -> Location:
        """Return the place of a span for a finding."""
        return Location(self.path, *self.position(span.start), *self.position(span.end))

    def locate_all(self, spans: Iterable[Span]) -> list[Location]:
        """Return the places of spans, as `locate` does; of many in a large text, without a list of its lines."""
        spans = list(spans)
        if self._starts is not None or "\r" in self.text:
            return [self.locate(span) for span in spans]
        places: dict[int, tuple[int, int]] = {}
        line, last = 1, 0
        for offset in sorted({offset for span in spans for offset in span}):
            line += self.text.count("\n", last, offset)
            last = offset
            places[offset] = line, offset - self.text.rfind("\n", 0, offset)
        return [Location(self.path, *places[span.start], *places[span.end]) for span in spans]

    def slice(self, span: Span) -> str:
        """Return the characters of a span, exactly."""
        return self.text[span.start : span.end]

    def find(self, quote: str, within: Span | None = None) -> list[Span]:
        """Return every place where `quote` stands, runs of white space counting as one space.

        Overlapping occurrences count.
        """
        quote = " ".join(quote.split())
        if not quote:
            return []
        low, high = within or Span(0, len(self.text))
        if " " not in quote:
            return [Span(at, at + len(quote)) for at in _occurrences(self.text, quote, low, high)]
        folded, offsets = self._fold()
        if within:
            low, high = bisect_left(offsets, low), bisect_left(offsets, high)
        last = len(quote) - 1
        return [Span(offsets[at], offsets[at + last] + 1) for at in _occurrences(folded, quote, low, high)]

    def _fold(self) -> tuple[str, list[int]]:
        """Return the text with each white-space run as one space, and the offset of each of its characters."""
        if self._folded is None:
            pieces: list[str] = []
            offsets: list[int] = []
            for found in re.finditer(r"\s+|\S+", self.text):
                if found[0].isspace():
                    pieces.append(" ")
                    offsets.append(found.start())
                else:
                    pieces.append(found[0])
                    offsets.extend(range(found.start(), found.end()))
            self._folded = "".join(pieces), offsets
        return self._folded


def _occurrences(text: str, quote: str, low: int, high: int) -> list[int]:
    found = []
    at = text.find(quote, low, high)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1, high)
    return found


def trim(text: str, span: Span) -> Span:
    """Return the span without white space at either end.

    >>> trim(" a b ", Span(0, 5))
    Span(start=1, end=4)
    """
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def sentences(text: str, span: Span) -> list[Span]:
    """Split a span into sentences.

    A sentence ends at ``. ! ?`` (closing quotes and brackets included) when white
    space and a capital or a digit follow, unless the word is a known abbreviation.

    >>> [s.end for s in sentences("One (e.g. X). Two.", Span(0, 18))]
    [13, 18]
    """
    found = []
    start = span.start
    for match in re.compile(_SENTENCE_END).finditer(text, span.start, span.end):
        word = text[max(start, match.end() - 5) : match.end()].lower()
        if word.endswith(_ABBREVIATIONS):
            continue
        found.append(trim(text, Span(start, match.end())))
        start = match.end()
    rest = trim(text, Span(start, span.end))
    return [sentence for sentence in [*found, rest] if sentence.start < sentence.end]


def visible(text: str) -> str:
    """Return a text with its control characters spelt out: content must not steer the terminal.

    >>> visible("a\\x1b[2Jb")
    'a\\\\u001b[2Jb'
    """
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in text)
