"""How much room a text takes, without a font at hand.

A viewer's sans-serif is not known when the picture is written. The table below
holds the larger advance of DejaVu Sans and Liberation Sans (the metrics of
Arial) for every character, in hundredths of an em and rounded up, so a text is
never wider than what it says, in either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_BY_ADVANCE = {
    28: "ijl",
    32: "I ,.",
    34: "/:;\\|",
    36: "f",
    37: "-",
    38: "ľ",
    40: "()[]t",
    42: "r!",
    46: '"',
    50: "*J`",
    53: "sz",
    55: "c",
    58: "kL?_",
    60: "vxy",
    62: "aeoFT",
    64: "bdghnpqu$0123456789{}",
    69: "ABEKPSVXYZ",
    74: "CRU",
    78: "DGHN&",
    79: "OQ",
    84: "w#+<=>^~ωϖϣы",
    87: "Mŉ",
    96: "%фю",
    99: "mWæшщжњљĦϢ¼½¾",
    102: "@Æ©®—―…←→",
    110: "ŒœЊШЖЮЉ",
    119: "Щ",
    135: "‰",
}
_ADVANCE = {sign: advance for advance, signs in _BY_ADVANCE.items() for sign in signs}
#: What bold letters are wider by, and bold wide letters.
_BOLDER, _MUCH_BOLDER, _BROAD_LETTER = 10, 14, 87
_BY_CATEGORY = {"Ll": 76, "Lu": 92, "Mn": 0, "Me": 0, "Cf": 0}
_OTHER, _WIDE, _HORN = 88, 100, 14
#: What is often wider than its em: Devanagari to Sinhala, Thai to Myanmar, Khmer, Arabic phrases in one sign, emoji.
_BROAD = (
    (0x0900, 0x0DFF, 115),
    (0x0E00, 0x109F, 100),
    (0x1780, 0x17FF, 115),
    (0xFDF0, 0xFDFD, 400),
    (0x1F000, 0x1FAFF, 140),
)
#: Ranges, ends included, whose advances are bounded: Latin, Greek, Cyrillic, punctuation, and Chinese to Korean.
_BOUNDED = (
    (0x20, 0x7E),
    (0xA1, 0x17F),
    (0x370, 0x45F),
    (0x2010, 0x2027),
    (0x3001, 0x3029),
    (0x3041, 0x3096),
    (0x309B, 0x30FF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
)

#: Invisible characters that reorder or hide their surroundings; a drawing shows the text without them.
_UNSEEN = frozenset(
    map(chr, (0xAD, 0x61C, 0x180E, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF))
)
_JOINER = "\u200d"
#: No label shows more characters than this: a text of any length is measured in a bounded time.
_LONGEST = 1000


class Font(NamedTuple):
    """A size in pixels, and whether the letters are bold; the family is always the viewer's sans-serif."""

    size: int
    bold: bool = False


class Wrapped(NamedTuple):
    """A text in lines: the width of the longest in pixels, and whether some text was left out."""

    lines: tuple[str, ...]
    width: int
    shortened: bool


def is_xml(sign: str) -> bool:
    """Tell whether XML 1.0 can hold a character (production 2, `Char`)."""
    return (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff") or sign in "\t\n\r"


def visible(text: str) -> str:
    r"""Return a text as a picture shows it: white space as single spaces, nothing that hides or reorders.

    What XML cannot hold, and the control characters it can, become U+FFFD.

    >>> visible("a\x00b\n c\u202e")
    'a�b c'
    """
    if not text.isprintable():
        text = " ".join(text.split())
        text = "".join("\ufffd" if not is_xml(s) or "\x7f" <= s <= "\x9f" else s for s in text if s not in _UNSEEN)
    return " ".join(text.split())


def is_bounded(text: str) -> bool:
    """Tell whether the table bounds the width of every character, whatever the order.

    For anything else the width is a fair estimate, and the drawing clips the text to its box.
    """
    return text.isascii() or all(any(low <= ord(s) <= high for low, high in _BOUNDED) for s in text)


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter with a direction is written from right to left (UAX 9, rule P2)."""
    if text.isascii():
        return False
    from unicodedata import bidirectional

    classes = (bidirectional(sign) for sign in text)
    return next((found in ("R", "AL") for found in classes if found in ("L", "R", "AL")), False)


def _advance(sign: str) -> int:
    known = _ADVANCE.get(sign)
    if known is not None:
        return known
    import unicodedata

    category = unicodedata.category(sign)
    base = unicodedata.normalize("NFD", sign)[0]
    if base in _ADVANCE:
        # The horn of Vietnamese letters stands beside them, every other mark above or below.
        return _ADVANCE[base] + (_HORN if sign in "ƠƯỚỜỞỠỢỨỪỬỮỰ" else 0)
    if category not in _BY_CATEGORY:
        if unicodedata.east_asian_width(sign) in "WF":
            known = _WIDE
        known = next((advance for low, high, advance in _BROAD if low <= ord(sign) <= high), known)
    return _BY_CATEGORY.get(category, _OTHER) if known is None else known


def width(text: str, font: Font) -> int:
    """Return an upper bound of the width of a text, in whole pixels.

    >>> width("model", Font(12)), width("model", Font(12, bold=True)), width("模型", Font(12))
    (38, 45, 24)
    """
    advances = list(map(_advance, text))
    hundredths = sum(advances)
    if font.bold:
        hundredths += sum(_MUCH_BOLDER if advance >= _BROAD_LETTER else _BOLDER for advance in advances if advance)
    return -(-hundredths * font.size // 100)


def clusters(text: str) -> list[str]:
    """Split a text where a reader would: marks, joiners and skin tones stay with their letter.

    A small part of UAX 29: enough never to tear an accent, an emoji or a flag apart.

    >>> clusters("e\u0301a")
    ['e\u0301', 'a']
    """
    if text.isascii():
        return list(text)
    from unicodedata import category

    found: list[str] = []
    for sign in text:
        last = found[-1] if found else ""
        flags = "\U0001f1e6" <= sign <= "\U0001f1ff" and len(last) == 1 and "\U0001f1e6" <= last <= "\U0001f1ff"
        clings = sign == _JOINER or category(sign)[0] == "M" or "\U0001f3fb" <= sign <= "\U0001f3ff"
        if last and (clings or flags or last.endswith(_JOINER)):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _pieces(word: str) -> Iterator[str]:
    """Yield the parts of a word between which a line may end: after a hyphen or slash, around an ideograph."""
    part = ""
    for cluster in clusters(word):
        ideograph = _advance(cluster[0]) >= _WIDE and cluster[0] >= "\u2e80"
        if ideograph and part:
            yield part
            part = ""
        part += cluster
        if ideograph or cluster in "-/":
            yield part
            part = ""
    if part:
        yield part


def _break(text: str, font: Font, room: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        gap = " "
        for piece in _pieces(word):
            joined = lines[-1] + gap + piece if lines[-1] else piece
            gap = ""
            if width(joined, font) <= room:
                lines[-1] = joined
            elif width(piece, font) <= room:
                lines.append(piece)
            else:
                lines.extend(_force(piece, font, room))
    return [line for line in lines if line] or [""]


def _force(piece: str, font: Font, room: int) -> Iterator[str]:
    """Yield the lines of a word that is longer than a line."""
    line = ""
    for cluster in clusters(piece):
        if line and width(line + cluster, font) > room:
            yield line
            line = ""
        line += cluster
    yield line


def _shorten(line: str, font: Font, room: int) -> str:
    kept = clusters(line)
    while kept and width("".join(kept) + "…", font) > room:
        kept.pop()
    return "".join(kept).rstrip(" ,;:-") + "…"


def wrap(text: str, font: Font, room: int, most: int) -> Wrapped:
    """Break a text into at most `most` lines of at most `room` pixels, about equally long.

    What does not fit is left out and marked by an ellipsis.

    >>> wrap("traditional machine learning model", Font(12), 200, 3).lines
    ('traditional machine', 'learning model')
    >>> wrap("traditional machine learning model", Font(12), 90, 2)
    Wrapped(lines=('traditional', 'machine…'), width=65, shortened=True)
    """
    cut = text[:_LONGEST]
    lines = _break(cut, font, room)
    shortened = len(lines) > most or len(cut) < len(text)
    if shortened:
        last = min(most, len(lines)) - 1
        lines = [*lines[:last], _shorten(lines[last], font, room)]
    elif len(lines) > 1:
        lines = _balance(cut, font, room, lines)
    return Wrapped(tuple(lines), min(room, max(width(line, font) for line in lines)), shortened)


def _balance(text: str, font: Font, room: int, lines: list[str]) -> list[str]:
    """Return the lines of the narrowest block that needs no more lines and tears no further word apart."""
    widest = max(width(piece, font) for word in text.split(" ") for piece in _pieces(word))
    low, high = min(room, max(widest, room // 2)), room
    while low < high:
        middle = (low + high) // 2
        if len(_break(text, font, middle)) == len(lines):
            high = middle
        else:
            low = middle + 1
    return _break(text, font, high)
