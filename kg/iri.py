"""IRIs, prefixes, slugs, language tags: checked and made in one place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

# Of the characters outside ASCII, those that RFC 3987 leaves out of ucschar.
_SIGN = r"[^\x00-\x20\"#<>\[\\\]^`{|}\x7f]"
_IRI = (
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://(?:[^/?#\[\]]*@)?\[[0-9A-Fa-f:.]+\](?::[0-9]*)?(?=[/?#]|$))?{_SIGN}*(?:#{_SIGN}*)?"
)
_NOT_UCS = r"[\x80-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
_AUTHORITY = r"(?:[^@]*@)?(?:\[[^\]]*\]|[^:@]*)(?::[0-9]*)?"
_BAD_ESCAPE = r"%(?![0-9A-Fa-f]{2})"
_LOCAL = r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?"
_TAG = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"
_SIGNS = {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent ", "*": " star "}
_SLUG_BYTES = 100


def check_iri(iri: str) -> str | None:
    """Say what is wrong with an absolute IRI, or return None (RFC 3987, section 2.2).

    >>> check_iri("https://example.org/term/c-sharp")
    >>> check_iri("https://example.org/a b")
    'it has a character that no IRI may hold'
    >>> check_iri("term/a")
    'it has no scheme, so it is not absolute'
    """
    if not re.fullmatch(_IRI, iri) or not (iri.isascii() or _is_ucs(iri)):
        if not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", iri):
            return "it has no scheme, so it is not absolute"
        return "it has a character that no IRI may hold"
    if "%" in iri and re.search(_BAD_ESCAPE, iri):
        return "it has a % that does not start an escape"
    if "@" in iri or "[" in iri or iri.count(":") > 1:
        authority = re.match(r"[^:]*://([^/?#]*)", iri)
        if authority and not re.fullmatch(_AUTHORITY, authority[1]):
            return "its host and port cannot be read"
    return None


def _is_ucs(iri: str) -> bool:
    # The last two code points of a plane are no characters.
    return not re.search(_NOT_UCS, iri) and all(ord(sign) & 0xFFFE != 0xFFFE for sign in iri)


class Prefixes:
    """A map from prefixes to namespaces; the longest namespace wins when compressing.

    >>> names = Prefixes({"ex": "http://e.org/", "term": "http://e.org/term/"})
    >>> names.compress("http://e.org/term/a"), names.expand("ex:b")
    ('term:a', 'http://e.org/b')
    """

    __slots__ = ("_cut", "_marks", "namespaces")

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self.namespaces = dict(namespaces)
        self._cut = {namespace: prefix for prefix, namespace in sorted(self.namespaces.items(), reverse=True)}
        self._marks = [mark for mark in "/#:_-" if any(namespace[-1:] == mark for namespace in self._cut)]

    def compress(self, iri: str) -> str | None:
        """Return the shortest safe prefixed name of an IRI, or None when there is none.

        Only local names that every Turtle reader takes without escapes are used.
        """
        for mark in self._marks:
            # The usual namespace ends at the last mark; try the others only after it.
            at = iri.rfind(mark) + 1
            prefix = self._cut.get(iri[:at])
            if prefix is not None and re.fullmatch(_LOCAL, iri[at:]):
                return f"{prefix}:{iri[at:]}"
        return None

    def expand(self, name: str) -> str | None:
        """Return the IRI of a prefixed name, or None when its prefix is not known."""
        prefix, colon, local = name.partition(":")
        namespace = self.namespaces.get(prefix) if colon else None
        return None if namespace is None else namespace + local


def slug(label: str) -> str:
    """Make an id from a label: lower case, hyphens, the letters of any script.

    Signs that carry meaning are spelt out, so that C++, C# and C stay apart. The
    result is at most 100 bytes long and may be empty for a label without letters.

    >>> slug("C++"), slug("C#"), slug(".NET"), slug("Café crème"), slug("基础 模型")
    ('c-plus-plus', 'c-sharp', 'dot-net', 'cafe-creme', '基础-模型')
    """
    text = unicodedata.normalize("NFC", label).strip()
    if text.startswith(".") and text[1:2].isalnum():
        text = "dot " + text[1:]
    text = "".join(_SIGNS.get(sign, sign) for sign in text).casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    latin = "".join(sign for sign in decomposed if not (unicodedata.combining(sign) and sign < "\u0370"))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", latin))
    made = "-".join(words)
    while len(made.encode()) > _SLUG_BYTES:
        made = made[:-1]
    return made.strip("-")


def unique(name: str, taken: Iterable[str]) -> str:
    """Return the name itself or the name with the first free number.

    >>> unique("faq", ["faq", "faq-2"])
    'faq-3'
    """
    used = set(taken)
    if name not in used:
        return name
    number = 2
    while f"{name}-{number}" in used:
        number += 1
    return f"{name}-{number}"


class MintingPolicy:
    """Where the IRIs of a glossary lie: ``{base}{kind}/{id}``.

    >>> MintingPolicy("https://example.org/g/").mint("term", "c-sharp")
    'https://example.org/g/term/c-sharp'
    >>> MintingPolicy.undecided("gpu").mint("term", "warp")
    'urn:glossary:gpu:term:warp'
    """

    __slots__ = ("base", "separator")

    def __init__(self, base: str, separator: str = "/") -> None:
        self.base = base
        self.separator = separator

    @classmethod
    def undecided(cls, name: str) -> MintingPolicy:
        """Make `urn:` IRIs, for a glossary that has not chosen its base."""
        return cls(f"urn:glossary:{slug(name) or 'unnamed'}:", ":")

    def mint(self, *parts: str) -> str:
        """Return the IRI of a kind and an id."""
        return self.base + self.separator.join(parts)


@lru_cache(maxsize=1024)
def canonical_tag(tag: str) -> str:
    """Return a language tag in the case of BCP 47 (RFC 5646, section 2.1.1).

    >>> canonical_tag("EN-gb"), canonical_tag("zh-hant-tw"), canonical_tag("en-x-AB")
    ('en-GB', 'zh-Hant-TW', 'en-x-ab')
    """
    if "-" not in tag:
        return tag.lower()
    parts = tag.lower().split("-")
    private = False
    for number, part in enumerate(parts[1:], 1):
        private = private or len(parts[number - 1]) == 1
        if private:
            continue
        if len(part) == 2:
            parts[number] = part.upper()
        elif len(part) == 4 and part.isalpha():
            parts[number] = part.title()
    return "-".join(parts)


def check_tag(tag: str) -> str | None:
    """Say what is wrong with the form of a language tag, or return None.

    >>> check_tag("en_US")
    'a tag is letters and digits in parts of 1 to 8, joined by hyphens'
    """
    if re.fullmatch(_TAG, tag):
        return None
    return "a tag is letters and digits in parts of 1 to 8, joined by hyphens"
