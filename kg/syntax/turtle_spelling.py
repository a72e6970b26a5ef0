"""How a text of the Turtle family is spelt: tags, blanks at line ends, namespaces, statements said twice.

What is found is a range of the text, with what should stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kg.interop import Quad
from kg.iri import canonical_tag, check_tag
from kg.syntax.turtle_tokens import GAP, LINE, LONG, items, tokens
from kg.syntax.turtle_walk import Problem, Scope, walk
from kg.text import Span

#: A range, and what should stand there.
Better = tuple[int, int, str]

#: Namespaces as people copy them from a browser, and as they are.
NAMESPACES: Mapping[str, str] = {
    "https://www.w3.org/2004/02/skos/core#": "http://www.w3.org/2004/02/skos/core#",
    "https://www.w3.org/2008/05/skos-xl#": "http://www.w3.org/2008/05/skos-xl#",
}
_GAP = re.compile(GAP)
_TAGGED = re.compile(r"""["']@([\w\-]+)""")
_TRAILING = re.compile(r"[ \t]+(?=\r|\n|\Z)")
_BROWSED = re.compile("|".join(f"(?<=<){re.escape(browsed)}" for browsed in NAMESPACES))


def renamed(term: str) -> str:
    """Return a term with the namespace of SKOS as it is.

    >>> renamed("<https://www.w3.org/2004/02/skos/core#broader>")
    '<http://www.w3.org/2004/02/skos/core#broader>'
    """
    at = 0 if term[:1] == "<" else term.rfind('"^^<') + 3
    for browsed, space in NAMESPACES.items() if at != 2 else ():
        if term.startswith(f"<{browsed}", at):
            return term[:at] + term[at:].replace(browsed, space, 1)
    return term


def _near(text: str, places: Sequence[int]) -> Iterator[re.Match[str]]:
    """Yield the directives, braces and statements in which some places lie, given in order."""
    number = 0
    for item in items(text):
        while number < len(places) and places[number] < item.start():
            number += 1
        if number == len(places):
            return
        if places[number] < item.end():
            yield item


def tags(text: str) -> Iterator[Better]:
    """Yield each language tag that is not in the case of BCP 47, with its place, and as it should be."""
    places = [found.start() + 2 for found in _TAGGED.finditer(text) if _in_case(found[1]) != found[1]]
    found, others = _on_lines(text, places)
    for item in _near(text, others):
        for token in tokens(text, *item.span()) if item.lastgroup == "end" else ():
            tag = token["tag"][1:] if token.lastgroup == "literal" and token["tag"] else ""
            if _in_case(tag) != tag:
                found.add((token.start("tag") + 1, token.end("tag"), _in_case(tag)))
    yield from sorted(found)


def _on_lines(text: str, places: Sequence[int]) -> tuple[set[Better], list[int]]:
    """Return the tags among some places that stand on lines of canonical N-Triples, and the places on other lines.

    Such a line is a whole statement wherever it stands, unless it is in a long string.
    """
    if any(quotes in text for quotes in LONG):
        return set(), [*places]
    found, others, end = set[Better](), list[int](), -1
    for place in places:
        if place > end:
            start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            end = len(text) if end < 0 else end
            line = LINE.match(text, start, end)
        if line is None:
            others.append(place)
        elif line.start("tag") == place:
            found.add((place, line.end("tag"), _in_case(line["tag"])))
    return found, others


@lru_cache(maxsize=1024)
def _in_case(tag: str) -> str:
    """Return a tag in its case, a base direction of RDF 1.2 left as it is; what is no tag, too."""
    language, joint, direction = tag.partition("--")
    return tag if check_tag(language) else canonical_tag(language) + joint + direction


def blanks(text: str) -> Iterator[Better]:
    """Yield the blanks at the ends of lines, those inside literals left out."""
    places = [found.start() for found in _TRAILING.finditer(text)]
    end = 0
    for item in _near(text, places):
        at, end = item.span()
        # What stands between two tokens is blanks and comments; a directive has no line end inside a token.
        for found in tokens(text, *item.span()) if item.lastgroup == "end" else ():
            yield from _gaps(text, at, _start(text, found))
            at = found.end()
        yield from _gaps(text, at, end)
    yield from _gaps(text, max(end, len(text.rstrip())), len(text))


def _gaps(text: str, start: int, end: int) -> Iterator[Better]:
    for gap in _TRAILING.finditer(text, start, end):
        if gap.end() == len(text) or text[gap.end()] in "\r\n":
            yield *gap.span(), ""


def _start(text: str, found: re.Match[str]) -> int:
    gap = _GAP.match(text, found.start())
    return gap.end() if gap else found.start()


def namespace(text: str) -> Iterator[Better]:
    """Yield the places where a namespace of SKOS is written with https."""
    places = [found.start() for found in _BROWSED.finditer(text)]
    for item in _near(text, places):
        for group in ("namespace", "base", "graph") if item.lastgroup != "end" else ():
            yield from _browsed(text, *item.span(group))
        for found in tokens(text, *item.span()) if item.lastgroup == "end" else ():
            for group in ("iri", "datatype"):
                yield from _browsed(text, *found.span(group))


def _browsed(text: str, start: int, end: int) -> Iterator[Better]:
    if start >= 0 and (found := _BROWSED.match(text, start + 1, end)):
        yield *found.span(), NAMESPACES[found[0]]


def repeats(text: str, base: str | None = None) -> Iterator[tuple[Quad, Span]]:
    """Yield each statement that stands again behind its first place, with that place; lists are left out.

    A blank node in brackets is called after its place.

    >>> [span.start for _, span in repeats("<urn:a> <urn:b> 1, 2, 1 .")]
    [22]
    """
    seen: set[Quad] = set()
    scope, graph = Scope(base), ""
    for item in items(text):
        kind = item.lastgroup
        if kind == "end":
            try:
                for triple in walk(text, *item.span(), scope):
                    subject, predicate, object_, name = triple[:4]
                    if subject is None or predicate is None or object_ is None or subject.startswith("_:("):
                        continue
                    quad = subject, predicate, object_, graph if name is None else name
                    if quad in seen:
                        yield quad, triple.span
                    seen.add(quad)
            except Problem:
                continue  # of RDF 1.2, or left out by a lenient reading
        elif kind == "namespace":
            scope.declare(item["prefix"], item["namespace"])
        elif kind == "base":
            scope.rebase(item["base"])
        else:
            graph = graph_name(item["graph"], item.start("graph"), scope) if kind == "open" else ""


def graph_name(token: str | None, start: int, scope: Scope) -> str:
    """Return the name of a graph by the token before its brace; one without a name is the default graph."""
    if not token or token[0] == "[":
        return f"_:[{start}" if token else ""
    return token if token.startswith("_:") else scope.iri(token) or ""
