"""What a text is, by its first characters: the syntax of RDF it is in, or SPARQL, or neither."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from kg import formats
from kg.errors import UnknownName
from kg.formats import Format
from kg.report import Location
from kg.text import Source, Span

#: As much of a text as is looked at.
HEAD = 1 << 14
SPARQL = "sparql"

_BOM = "\ufeff"
# White space and comments are taken whole (possessive), so that no text can make the patterns slow.
_SPACE = r"(?:\s|#[^\n\r]*+(?:[\n\r]|\Z))*+"
_DIRECTIVE = rf"@?(?:prefix{_SPACE}[^\s<>\"]*+(?<=:)|base|version){_SPACE}(?:<[^<>\"\s]*+>|\"[^\"]*+\"){_SPACE}\.?"
_PROLOGUE = rf"{_SPACE}(?:{_DIRECTIVE}{_SPACE})*+"
_ON_GRAPH = r"\s+(?:SILENT\s+)?(?:<|GRAPH\b|DEFAULT\b|NAMED\b|ALL\b|[\w.-]+:)"
_SPARQL = (
    r"(?:SELECT\s+(?:DISTINCT\s|REDUCED\s)?\s*[?$*(]|(?:CONSTRUCT|ASK)\s*(?:\{|WHERE\b|FROM\b)|DESCRIBE\s+(?:[?$*<]|[\w.-]+:)"
    r"|(?:INSERT|DELETE)\s*(?:\{|DATA\b|WHERE\b)|WITH\s+(?:<|[\w.-]+:)"
    rf"|(?:LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD){_ON_GRAPH})"
)
_XML = r"\s*(?:<\?xml\s|<!DOCTYPE\s|<!--|<(?:[\w.-]+:)?[A-Za-z_][\w.-]*\s[^>]*?xmlns|<rdf:RDF[\s>])"
_RDF_XML = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:RDF")
_JSON = r"\s*(?:\{\s*[\"}]|\[\s*(?:\{|\]\s*\Z))"
_TERM = r"(?:<[^<>\"\s]*>|_:\w[\w.-]*)"
_FIRST = r"(?:<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"\s]*>|_:\w[\w.-]*)"
_LITERAL = r"\"(?:[^\"\\\n]|\\.)*\"(?:@[\w-]+|\^\^<[^<>\"\s]*>)?"
_LINE = rf"{_FIRST}[ \t]*<[^<>\"\s]*>[ \t]*(?:{_TERM}|{_LITERAL})[ \t]*"
_GRAPH = rf"(?:GRAPH\b{_SPACE})?(?:{_TERM}|[\w.-]*:[\w.-]*)?{_SPACE}\{{{_SPACE}(?:<|_:|\[|\}}|[\w.-]*:)"
#: A word of a text, as much of it as is shown.
_WORD = r"@?[A-Za-z]+|\S{1,40}"

#: Syntaxes that a parser of the other kind does not take for its own.
_FAMILIES = {"turtle": "turtle", "ntriples": "turtle", "nquads": "turtle", "trig": "turtle"}


class Told(NamedTuple):
    """The format of a source: what its name says, what its content says (a format's name or `SPARQL`)."""

    named: Format | None
    content: str | None

    @property
    def format(self) -> Format | None:
        """Return the format to read it by; None for what is no RDF."""
        if self.content == SPARQL:
            return None
        return self.named if self.content is None or not self.differs else formats.for_name(self.content)

    @property
    def differs(self) -> bool:
        """Tell whether the content is not what the name says."""
        if self.content is None or self.named is None:
            return self.content is not None
        if self.named.name in ("ntriples", "nquads") and self.content == "turtle":
            return True  # prefixes, which lines do not have
        family = _FAMILIES.get(self.named.name, self.named.name)
        return _FAMILIES.get(self.content, self.content) != family


def tell(name: str, head: bytes) -> Told:
    """Tell the format of a source by the ending of its name and by its content."""
    named = named_format(name)
    content = by_content(head)
    if named is not None and named.name != "turtle" and content == "turtle" and not _has_prologue(head):
        content = named.name if named.name in _FAMILIES else content
    return Told(named, content)


def named_format(name: str) -> Format | None:
    """Return the RDF format that a file name's ending tells; that of a packed file stands before `.gz`.

    >>> named_format("physh.rdf.gz").name, named_format("term.txt")
    ('rdfxml', None)
    """
    stem, ending = os.path.splitext(name)
    try:
        found = formats.for_path(stem if ending.lower() == ".gz" else name)
    except UnknownName:
        return None
    return found if found.rdf else None


def by_content(head: bytes) -> str | None:
    """Tell a syntax by the first bytes of a text: the name of a format, `SPARQL`, or None.

    A text in Turtle's family without prefixes is called by the name of the simplest
    syntax that can hold it.

    >>> by_content(b"# vocabulary\\n@prefix ex: <http://e/> ."), by_content(b"PREFIX e: <http://e/> SELECT * {}")
    ('turtle', 'sparql')
    >>> by_content(b'[{"@id": "http://e/"}]'), by_content(b"Term\\nA word.")
    ('jsonld', None)
    """
    text = _text(head)
    if re.match(_XML, text):
        return "rdfxml" if any(sign in text for sign in _RDF_XML) else None
    if re.match(_JSON, text):
        return "jsonld" if '"@' in text else None
    found = re.match(_PROLOGUE, text, re.IGNORECASE)
    rest = text[found.end() :] if found else text
    if re.match(_SPARQL, rest, re.IGNORECASE):
        return SPARQL
    if re.match(_GRAPH, rest):
        return "trig"
    if _has_prologue(head):
        return "turtle"
    line = re.match(_LINE, rest)
    if line and re.match(_TERM, rest[line.end() :]):
        return "nquads"
    return "turtle" if line or re.match(rf"{_FIRST}\s+<", rest) else None


def place(path: str, head: bytes, content: str | None) -> Location:
    r"""Return where a text shows what `by_content` takes it for: the keyword of a request, else its first word.

    >>> place("a", b"# all\nPREFIX e: <http://e/>\nSELECT * {}", SPARQL)[1:5]
    (3, 1, 3, 7)
    >>> place("a", b"# all\n\n@prefix e: <http://e/> .", "turtle")[1:5]
    (3, 1, 3, 8)
    """
    text = _text(head)
    before = _PROLOGUE if content == SPARQL else _SPACE if content in _FAMILIES else r"\s*"
    found = re.match(f"{before}({_WORD})", text, re.IGNORECASE)
    return Source(path, text).locate(Span(*found.span(1)) if found else Span(0, 0))


def _text(head: bytes) -> str:
    return head[:HEAD].decode("utf-8", "replace").removeprefix(_BOM)


def _has_prologue(head: bytes) -> bool:
    text = _text(head)
    return re.match(rf"{_SPACE}{_DIRECTIVE}", text, re.IGNORECASE) is not None
