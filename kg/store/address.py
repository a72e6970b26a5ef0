"""The URL of a store: checked once, in one form, and never shown where it may hold a secret."""

from __future__ import annotations

from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from kg.errors import UsageError

_PORTS = {"http": 80, "https": 443}
#: What stands in a path or query as it is; any other sign goes as its UTF-8 (RFC 3987, section 3.1).
_SAFE = "/%:!$&'()*+,;=?~"


def checked(url: str) -> str:
    """Return the URL of a store as it is sent: in ASCII, without a fragment.

    Raises `UsageError`, which does not show it, for what is none, and for one with an `@`:
    where a password holds `/` or `?`, nobody can tell where it ends.

    >>> checked("http://bücher.example:8080/é?a=b#c")
    'http://xn--bcher-kva.example:8080/%C3%A9?a=b'
    """
    if "@" in url.partition("://")[2]:
        raise UsageError(
            "leave name and password out of the URL of a store; docs/authentication.md says where they go; an @ that "
            "belongs to the path is written %40"
        )
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
        path, query = quote(parts.path, _SAFE), quote(parts.query, _SAFE)
    except ValueError:  # that of an encoding is one, too
        raise UsageError(
            "the URL of a store cannot be read: write it as http://HOST:PORT/PATH, with HOST a name or an address, and "
            "one of IPv6 in brackets"
        ) from None
    if parts.scheme not in _PORTS or not host or " " in host or not host.isprintable():
        raise UsageError("a store has a URL that begins with http:// or https:// and names a host")
    netloc = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, netloc if port is None else f"{netloc}:{port}", path, query, ""))


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a checked URL.

    >>> origin("https://e.org/sparql")
    ('https', 'e.org', 443)
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]


def with_path(url: str, path: str) -> str:
    """Return a URL with another path, and what follows the path left as it is."""
    parts: SplitResult = urlsplit(url)
    return urlunsplit(parts._replace(path=path))


def with_query(url: str, query: str) -> str:
    """Return a URL with more in its query.

    >>> with_query("http://e.org/sparql?x=1", "query=ASK%7B%7D")
    'http://e.org/sparql?x=1&query=ASK%7B%7D'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))
