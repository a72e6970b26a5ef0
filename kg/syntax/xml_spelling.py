"""How an RDF/XML document is spelt: tags, blanks at line ends, namespaces, statements said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.interop import Quad
from kg.iri import canonical_tag
from kg.syntax.turtle_spelling import NAMESPACES, Better
from kg.syntax.xml import everything
from kg.text import Span

_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
#: What stands between pointed brackets, a comment and a section of characters as a whole.
_MARKUP = re.compile(
    r"(?P<other><!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>)"
    rf"|(?P<document><!DOCTYPE(?:[^\[\]>\"']|{_QUOTED}|\[(?:[^\]\"'<]|{_QUOTED}|<!--.*?-->|<)*+\])*+>)"
    rf"|(?P<tag><(?P<close>/?+)(?P<name>[^\s/>\"'<]++)(?:[^>\"'/]|{_QUOTED}|/(?!>))*+(?P<empty>/?+)>)",
    re.DOTALL,
)
_LANG = re.compile(r"""\sxml:lang\s*=\s*(?:"([A-Za-z0-9\-]+)"|'([A-Za-z0-9\-]+)')""")
_LITERAL = re.compile(r"""[\s:]parseType\s*=\s*["'](?!Resource["']|Collection["'])""")
_TRAILING = re.compile(r"[ \t]+(?=\r|\n|\Z)")
_VALUE = re.compile(_QUOTED)
_BROWSED = re.compile("|".join(map(re.escape, NAMESPACES)))


def markup(text: str) -> Iterator[re.Match[str]]:
    """Yield tags, comments and their like outside of literals of XML; the groups say what each is.

    >>> [found.lastgroup for found in markup("<a><!-- b --><c/></a>")]
    ['tag', 'other', 'tag', 'tag']
    """
    inside = 0
    for found in _MARKUP.finditer(text):
        if found["tag"] and inside:
            inside += 0 if found["empty"] else -1 if found["close"] else 1
            if inside:
                continue
        if not inside:
            yield found
        if found["tag"] and not inside and not found["close"] and not found["empty"] and _LITERAL.search(found["tag"]):
            inside = 1


def tags(text: str) -> Iterator[Better]:
    """Yield each language tag that is not in the case of BCP 47, with its place, and as it should be."""
    for found in markup(text):
        for lang in _LANG.finditer(found["tag"] or ""):
            group = 1 if lang[1] else 2
            if canonical_tag(lang[group]) != lang[group]:
                start = found.start("tag")
                yield start + lang.start(group), start + lang.end(group), canonical_tag(lang[group])


def blanks(text: str) -> Iterator[Better]:
    """Yield the blanks at the ends of lines between tags and inside them, those of texts and comments left out."""
    if not _TRAILING.search(text):
        return
    opened, says, waiting = False, False, list[Span]()
    at = 0
    for found in [*markup(text), None]:
        start = len(text) if found is None else found.start()
        waiting.append(Span(at, start))
        says = says or bool(text[at:start].strip()) or (found is not None and found[0].startswith("<![CDATA["))
        at = len(text) if found is None else found.end()
        if found is not None and not found["tag"]:
            continue
        # Between a tag and the one that closes it stands a text, and so it may where there are words.
        if not says and not (opened and found is not None and found["close"]):
            for gap in waiting:
                yield from _line_ends(text, *gap)
        waiting, says = [], False
        if found is not None:
            yield from _in_tag(text, found)
            opened = not found["close"] and not found["empty"]


def _in_tag(text: str, found: re.Match[str]) -> Iterator[Better]:
    at = found.start()
    for value in _VALUE.finditer(text, *found.span()):
        yield from _line_ends(text, at, value.start())
        at = value.end()
    yield from _line_ends(text, at, found.end())


def _line_ends(text: str, start: int, end: int) -> Iterator[Better]:
    for gap in _TRAILING.finditer(text, start, end):
        if gap.end() == len(text) or text[gap.end()] in "\r\n":
            yield *gap.span(), ""


def namespace(text: str) -> Iterator[Better]:
    """Yield the places where a namespace of SKOS is written with https: in attributes and in entities."""
    if not _BROWSED.search(text):
        return
    for found in markup(text):
        if found["tag"] or found["document"]:
            for value in _VALUE.finditer(text, *found.span()):
                if browsed := _BROWSED.match(text, value.start() + 1, value.end()):
                    yield *browsed.span(), NAMESPACES[browsed[0]]


def repeats(text: str, base: str | None = None) -> Iterator[tuple[Quad, Span]]:
    """Yield each statement that stands again behind its first place, with that place."""
    seen: set[tuple[str, str, str]] = set()
    for triple, span in everything(text.encode(), base)[0]:
        if triple in seen:
            yield (*triple, ""), span
        seen.add(triple)
