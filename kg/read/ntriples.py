"""N-Triples that need no parser: blocks of lines that are written as we write them are taken as they stand.

What a pattern knows as ground statements in their one spelling is a third of the work of
parsing and writing it anew. Everything else goes through the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import IO

_SIZE = 1 << 18


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file of N-Triples in blocks of whole lines, each statement in one spelling but for language tags.

    Raises `SyntaxError` for what is no N-Triples.
    """
    rest = b""
    while piece := file.read(_SIZE):
        whole, end, rest = (rest + piece).rpartition(b"\n")
        yield from _written(whole + end)
    yield from _written(rest)


def _written(block: bytes) -> Iterator[bytes]:
    if _pattern().fullmatch(block) and _is_text(block):
        yield block
        return
    import pyoxigraph

    syntax = pyoxigraph.RdfFormat.N_TRIPLES
    yield pyoxigraph.serialize(pyoxigraph.parse(block, syntax), format=syntax) or b""


def _is_text(block: bytes) -> bool:
    """Tell whether a block is UTF-8 without the two signs that are written as escapes."""
    try:
        text = block.decode()
    except UnicodeDecodeError:  # the parser says where
        return False
    return text.isascii() or not ("\ufffe" in text or "\uffff" in text)


@cache
def _pattern() -> re.Pattern[bytes]:
    """Return the pattern of lines that the parser would give back as they are; it never goes back over a text.

    IRIs are ASCII and absolute (RFC 3987); language tags are language, script and region
    (RFC 5646); literals hold no control characters but those whose escape is the only one,
    and no datatype that is left out when it is written.
    """
    part = rb"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]++|%[0-9A-Fa-f]{2})*+"
    # Two slashes begin an authority: one that is not of the simplest form is for the parser, as no path begins so.
    host = rb"(?://[A-Za-z0-9.-]*+(?::[0-9]*+)?(?=[/?#>])|(?!//))"
    iri = rb"<[a-z][a-z0-9+.-]*+:" + host + part + rb"(?:#" + part + rb")?>"
    tag = rb"@[A-Za-z]{2,8}+(?:-[A-Za-z]{4}(?![A-Za-z0-9]))?+(?:-(?:[A-Za-z]{2}|[0-9]{3})(?![A-Za-z0-9]))?+"
    left_out = rb"<http://www\.w3\.org/(?:2001/XMLSchema#string|1999/02/22-rdf-syntax-ns#)"
    literal = rb'"(?:[^"\\\x00-\x1f\x7f]++|\\[nr"\\])*+"(?:' + tag + rb"|\^\^(?!" + left_out + rb")" + iri + rb")?"
    return re.compile(rb"(?:" + iri + rb" " + iri + rb" (?:" + iri + rb"|" + literal + rb") \.\n)*+")
