"""What is written in place of a term that no strict parser takes: tags, IRIs, escapes.

Each function gives well-formed text back as it is. What it changes stays apart from
everything else: two terms that differ as written differ when mended, save for tags of
characters that no tag can hold. The reasons are in docs/decisions/0011-lenient-turtle.md.
"""

from __future__ import annotations

import re
from functools import cache

_ALPHANUMERIC = "[A-Za-z0-9]"
_SINGLETON = "[0-9A-WYZa-wyz]"
# RFC 5646, section 2.1; the last alternative are the irregular tags of its registry.
_TAG = (
    r"(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"
    r"(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    rf"(?:-(?:{_ALPHANUMERIC}{{5,8}}|[0-9]{_ALPHANUMERIC}{{3}}))*"
    rf"(?:-{_SINGLETON}(?:-{_ALPHANUMERIC}{{2,8}})+)*"
    rf"(?:-x(?:-{_ALPHANUMERIC}{{1,8}})+)?"
    rf"|x(?:-{_ALPHANUMERIC}{{1,8}})+"
    r"|en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de)"
    r"|art-lojban|cel-gaulish|no-(?:bok|nyn)|zh-(?:guoyu|hakka|min|min-nan|xiang))"
    r"(?:--(?:ltr|rtl))?"
)
# RFC 3987, section 2.2: what stands in no part of an IRI; brackets stand in the host only,
# private-use characters in the query only, and only one # opens the fragment.
_NOWHERE = (
    r"%(?![0-9A-Fa-f]{2})|[\x00-\x20\"<>\\^`{|}\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff\[\]#"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "\U000e0000-\U000e0fff"
)
_IN_QUERY = re.compile(f"{_NOWHERE}]")
_IN_PATH = re.compile(f"{_NOWHERE}\ue000-\uf8ff\U000f0000-\U0010ffff]")
_PLAIN_SIGNS = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]++|%[0-9A-Fa-f]{2})*+"
_PLAIN = re.compile(f"{_PLAIN_SIGNS}(?:#{_PLAIN_SIGNS})?+")
_PARTS = re.compile(
    r"((?:[A-Za-z][A-Za-z0-9+.\-]*:)?(?://\[[0-9A-Fa-f:.]*\])?)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)
_IRI_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
#: An escape in a string: two halves of a surrogate pair are one.
ESCAPE = re.compile(
    r"\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL
)
_GOOD_ESCAPE = re.compile(
    r"\\(?:[tbnrf\"'\\]|u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|U(?!0000[Dd][89A-Fa-f])(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4})"
)


@cache
def tag(written: str) -> str:
    """Return a well-formed language tag (RFC 5646, section 2.2.9); a well-formed one as it is.

    What follows the longest well-formed part is kept for private use, so that no two
    tags become one and a search for the language still finds the text.

    >>> tag("en-GB"), tag("es-a"), tag("en_US"), tag("abcdefghijk"), tag("")
    ('en-GB', 'es-x-a', 'en-US', 'x-abcdefgh-ijk', 'und')
    """
    if well_formed(written):
        return written
    words = re.findall("[A-Za-z0-9]+", written)
    parts = [word[at : at + 8] for word in words for at in range(0, len(word), 8)]
    whole = "-".join(parts)
    if well_formed(whole) and parts == words:
        return whole
    # A part that had to be cut is no language.
    whole_words = next((number for number, word in enumerate(words) if len(word) > 8), len(words))
    for number in range(min(whole_words, len(parts) - 1), 0, -1):
        mended = "-".join([*parts[:number], "x", *parts[number:]])
        if well_formed(mended):
            return mended
    return f"x-{whole}" if whole else "und"


@cache
def well_formed(written: str) -> bool:
    """Tell whether a language tag has the form of RFC 5646, a base direction of RDF 1.2 allowed.

    >>> well_formed("zh-Hant-TW"), well_formed("ar--rtl"), well_formed("es-a")
    (True, True, False)
    """
    return re.fullmatch(_TAG, written, re.IGNORECASE) is not None


def iri(written: str) -> str:
    r"""Return the text of an IRI: escapes read, characters that no IRI may hold percent-encoded.

    >>> iri("http://e.org/a b"), iri(r"http://e.org/\u00e9\u003E"), iri("http://e.org/100%")
    ('http://e.org/a%20b', 'http://e.org/é%3E', 'http://e.org/100%25')
    """
    written = spelt(written)
    if _PLAIN.fullmatch(written):
        return written
    parts = _PARTS.fullmatch(written)
    head, path, query, fragment = parts.groups() if parts else ("", written, None, None)
    mended = head + _IN_PATH.sub(_encoded, path)
    if query is not None:
        mended += f"?{_IN_QUERY.sub(_encoded, query)}"
    return mended if fragment is None else f"{mended}#{_IN_PATH.sub(_encoded, fragment)}"


def spelt(written: str) -> str:
    r"""Return an IRI as written, its escapes read.

    >>> spelt(r"http://e.org/\u00e9")
    'http://e.org/é'
    """
    return _IRI_ESCAPE.sub(_character, written) if "\\" in written else written


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return found[0] if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)


def _encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def escape(written: str) -> str:
    r"""Return an escape of a string that every parser reads; a good one as it is.

    A malformed escape is read as the characters it is written with.

    >>> escape(r"\t"), escape(r"\d"), escape(r"\uD800"), escape(r"\uD83D\uDE00")
    ('\\t', '\\\\d', '\\\\uD800', '\\U0001F600')
    """
    if _GOOD_ESCAPE.fullmatch(written):
        return written
    if len(written) == 12:
        high, low = int(written[2:6], 16), int(written[8:], 16)
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00:08X}"
    return f"\\{written}"


def string(written: str) -> str:
    """Return the inside of a quoted string with each malformed escape mended."""
    return ESCAPE.sub(lambda found: escape(found[0]), written)
