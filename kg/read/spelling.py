"""How the sources of RDF are spelt: tags not in their case, blanks at line ends, statements said twice.

It means nothing to a parser and much to a person who compares two versions. The
text is looked at again, for what a quick look finds there; one finding a file says how much.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from kg.dataset import Dataset
from kg.errors import KgError
from kg.interop import Quad
from kg.iri import canonical_tag
from kg.read import claim_spelling, sources
from kg.read.claim import SUFFIX
from kg.read.rdf import Finder
from kg.report import Finding
from kg.rule import finding
from kg.text import Source, Span

#: The module of each syntax: `tags(text)`, `blanks(text)` and `repeats(text, base)`.
_SYNTAXES: Mapping[str, str] = {
    **dict.fromkeys(("turtle", "trig", "ntriples", "nquads"), "kg.syntax.turtle_spelling"),
    "rdfxml": "kg.syntax.xml_spelling",
    "jsonld": "kg.syntax.json_spelling",
}
CODES = ("text.tag-case", "text.trailing-blank", "rdf.repeated", "claims.repeated")
#: A longer text is not looked at: a program wrote it.
LONGEST = 1 << 24
#: What looks like a language tag, by syntax; in JSON-LD any short name may be the key of a map of languages.
_TAGS: Mapping[str, re.Pattern[bytes]] = {
    "rdfxml": re.compile(rb"""xml:lang\s*=\s*["']([A-Za-z0-9\-]+)"""),
    "jsonld": re.compile(rb"""(?:"@language"\s*:\s*)?"([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\""""),
}
_TAG = re.compile(rb"""["']@([A-Za-z0-9\-]+)""")
_BLANKS = (b" \n", b"\t\n", b" \r", b"\t\r")


def check(dataset: Dataset) -> Iterator[Finding]:
    """Yield how the files of a Dataset are spelt amiss: one finding a kind and a file."""
    for path in sorted(dataset.finders):
        finder = dataset.finders[path]
        if isinstance(finder, Finder) and finder.format.name in _SYNTAXES:
            yield from _look(finder)


def check_claims(dataset: Dataset) -> Iterator[Finding]:
    """Yield how the claims files of a Dataset are spelt amiss: one finding a kind and a file."""
    for path in sorted(dataset.texts):
        if path.endswith(SUFFIX):
            yield from _claims(dataset.texts[path])


def _claims(source: Source) -> Iterator[Finding]:
    text = source.text
    yield from _told("text.tag-case", source, [(Span(*found[:2]), found[2]) for found in claim_spelling.tags(text)])
    yield from _told("text.trailing-blank", source, [(Span(*found[:2]), "") for found in claim_spelling.blanks(text)])
    yield from _told("claims.repeated", source, [(row, "") for row in claim_spelling.repeats(text)])


def _look(finder: Finder) -> Iterator[Finding]:
    source = _source(finder)
    if source is None:
        return
    syntax = import_module(_SYNTAXES[finder.format.name])
    text, data = source.text, source.text.encode()
    tag_like = _TAGS.get(finder.format.name, _TAG)
    if any(canonical_tag(tag.decode()) != tag.decode() for tag in set(tag_like.findall(data))):
        yield from _told("text.tag-case", source, [(Span(*found[:2]), found[2]) for found in syntax.tags(text)])
    if any(blank in data for blank in _BLANKS) or data[-1:] in b" \t":
        yield from _told("text.trailing-blank", source, [(Span(*found[:2]), "") for found in syntax.blanks(text)])
    if finder.repeated:
        found = [(span, "") for _, span in repeated(finder)]
        yield from _told("rdf.repeated", source, found)


def _told(code: str, source: Source, found: list[tuple[Span, Any]]) -> Iterator[Finding]:
    if found:
        (first, better), *_ = found
        data = {"written": source.slice(first), "better": better, "count": len(found)}
        yield finding(code, source.locate(first), **data)


def repeated(finder: Finder) -> Iterator[tuple[Quad, Span]]:
    """Yield what stands again in the text of a source, with its place."""
    source = _source(finder)
    if source is not None and finder.format.name in _SYNTAXES:
        yield from import_module(_SYNTAXES[finder.format.name]).repeats(source.text, finder.base)


def _source(finder: Finder) -> Source | None:
    """Return the text of a source again; None when it is gone, or too long to be looked at."""
    if os.path.isfile(finder.path) and os.path.getsize(finder.path) > LONGEST:
        return None
    try:
        text = sources.text(finder.path, finder.reading.limits)
        data = text.data(finder.reading.limits) if text else b""
        return Source(finder.path, data.decode("utf-8-sig")) if text and len(data) <= LONGEST else None
    except (KgError, UnicodeDecodeError):  # it has changed since it was read
        return None
