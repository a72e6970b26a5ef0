"""HTTP Digest authentication (RFC 7616, and RFC 2069 where the store offers no `qop`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Self
from urllib.parse import urlsplit, urlunsplit

Challenge = tuple[str, Mapping[str, str]]

#: What a store may ask for, the best first.
ALGORITHMS = {"SHA-512-256": "sha512_256", "SHA-256": "sha256", "MD5": "md5"}

TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 - RFC 9110's word
_PARAMETER = rf'({TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({TOKEN}))'
_SCHEME = rf"({TOKEN})(?:\s+[\w\-.~+/]+=*(?=\s*(?:,|$)))?"
_PART = re.compile(rf"[\s,]*+(?:{_PARAMETER}|{_SCHEME})")


def challenges(header: str) -> list[Challenge]:
    """Return what `WWW-Authenticate` offers: schemes in small letters, each with its parameters.

    >>> challenges('Basic realm="a, b", Digest nonce="n", qop="auth"')
    [('basic', {'realm': 'a, b'}), ('digest', {'nonce': 'n', 'qop': 'auth'})]
    """
    found: list[tuple[str, dict[str, str]]] = []
    header, at = _as_sent(header), 0
    while at < len(header) and (part := _PART.match(header, at)):
        at = part.end()
        name, quoted, word, scheme = part.groups()
        if scheme:
            found.append((scheme.lower(), {}))
        elif found:
            found[-1][1][name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else word
    return list(found)


def _as_sent(header: str) -> str:
    """Return the text of a header, which `http.client` takes for Latin-1; what is no UTF-8 stays what it is."""
    try:
        return header.encode("latin-1").decode(errors="surrogateescape")
    except UnicodeEncodeError:
        return header


class Digest:
    """Answers to the challenges of one store; counts its requests, as a nonce wants it."""

    __slots__ = ("_asked", "_count", "_password", "_user")

    def __init__(self, user: str, password: str, asked: Mapping[str, str]) -> None:
        self._user, self._password, self._asked, self._count = user, password, asked, 0

    def __repr__(self) -> str:
        return "<Digest>"

    @classmethod
    def best(cls, user: str, password: str, offered: Sequence[Challenge]) -> Self | None:
        """Return the answer to the strongest Digest that is offered and can be done here; None without one."""
        able = [asked for scheme, asked in offered if scheme == "digest" and "nonce" in asked and _possible(asked)]
        ranks = list(ALGORITHMS)
        able.sort(key=lambda asked: ranks.index(_algorithm(asked)[0]))
        return cls(user, password, able[0]) if able else None

    def challenged(self, method: str, url: str, challenge: str) -> bool:  # noqa: ARG002 - the form of `Auth`
        """Take a new nonce where only the old one is stale."""
        for scheme, asked in challenges(challenge):
            stale = asked.get("stale", "").lower() == "true"
            if scheme == "digest" and stale and "nonce" in asked and _possible(asked):
                self._asked, self._count = asked, 0
                return True
        return False

    def headers(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Mapping[str, str]:  # noqa: ARG002 - the form of `Auth`
        """Return the header that answers the challenge for one request."""
        import secrets

        self._count += 1
        return {"Authorization": self._answer(method, url, f"{self._count:08x}", secrets.token_hex(16))}

    def _answer(self, method: str, url: str, count: str, own: str) -> str:
        asked = self._asked
        name, session = _algorithm(asked)

        def hashed(*parts: str) -> str:
            return hashlib.new(ALGORITHMS[name], _bytes(":".join(parts)), usedforsecurity=False).hexdigest()

        parts = urlsplit(url)
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        realm, nonce = asked.get("realm", ""), asked["nonce"]
        who = hashed(self._user, realm, self._password)
        if session:
            who = hashed(who, nonce, own)
        what = hashed(method, target)
        hide = asked.get("userhash", "").lower() == "true"
        user = hashed(self._user, realm) if hide else self._user
        made = {"username": user, "realm": realm, "nonce": nonce, "uri": target}
        plain = {}
        if "qop" in asked:
            made |= {"response": hashed(who, nonce, count, own, "auth", what), "cnonce": own}
            plain = {"qop": "auth", "nc": count}
        else:
            made["response"] = hashed(who, nonce, what)
            if session:
                made["cnonce"] = own
        if "opaque" in asked:
            made["opaque"] = asked["opaque"]
        if "algorithm" in asked:
            plain["algorithm"] = asked["algorithm"]
        if hide:
            plain["userhash"] = "true"
        return "Digest " + ", ".join([*map(_quoted, made.items()), *(f"{key}={value}" for key, value in plain.items())])


def _quoted(pair: tuple[str, str]) -> str:
    escaped = pair[1].replace("\\", "\\\\").replace('"', '\\"')
    # A header is Latin-1 on the way: its bytes are those of UTF-8 (RFC 7616, section 4).
    return f'{pair[0]}="{_bytes(escaped).decode("latin-1")}"'


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _algorithm(asked: Mapping[str, str]) -> tuple[str, bool]:
    """Return the hash that is asked for, and whether it is that of a session."""
    name = asked.get("algorithm", "MD5").upper()
    return name.removesuffix("-SESS"), name.endswith("-SESS")


def _possible(asked: Mapping[str, str]) -> bool:
    ways = [way.strip().lower() for way in asked.get("qop", "auth").split(",")]
    name = _algorithm(asked)[0]
    return name in ALGORITHMS and ALGORITHMS[name] in hashlib.algorithms_available and "auth" in ways
