"""References resolved against a base (RFC 3986, section 5.2)."""

from __future__ import annotations

import re


def resolve(base: str | None, reference: str) -> str:
    """Return the IRI that a reference means; an absolute one, or one without a base, stays as it is.

    >>> resolve("http://a/b/c/d;p?q", "../g"), resolve("http://a", "g"), resolve("http://a/b#c", "#d")
    ('http://a/b/g', 'http://a/g', 'http://a/b#d')
    """
    scheme, authority, path, query, fragment = _split(reference)
    if base is None or scheme is not None:
        return reference
    scheme, base_authority, base_path, base_query, _ = _split(base)
    if authority is not None:
        path = _without_dots(path)
    else:
        authority = base_authority
        if not path:
            path, query = base_path, base_query if query is None else query
        elif path[0] == "/":
            path = _without_dots(path)
        elif authority is not None and not base_path:
            path = _without_dots(f"/{path}")
        else:
            path = _without_dots(base_path[: base_path.rfind("/") + 1] + path)
    whole = "" if scheme is None else f"{scheme}:"
    for mark, part in (("//", authority), ("", path), ("?", query), ("#", fragment)):
        whole += "" if part is None else mark + part
    return whole


def _split(text: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    text, hash_, fragment = text.partition("#")
    text, mark, query = text.partition("?")
    found = re.match(r"([A-Za-z][A-Za-z0-9+.\-]*):", text)
    scheme, text = (found[1], text[found.end() :]) if found else (None, text)
    authority = None
    if text.startswith("//"):
        authority, slash, text = text[2:].partition("/")
        text = slash + text
    return scheme, authority, text, query if mark else None, fragment if hash_ else None


def _without_dots(path: str) -> str:
    """Remove the dot segments of a path (section 5.2.4)."""
    root = "/" * path.startswith("/")
    parts = path[len(root) :].split("/")
    kept: list[str] = []
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    # What ends in a dot segment is a directory.
    return root + "/".join(kept) + ("/" if kept and parts[-1] in {".", ".."} else "")
