"""What is repaired in RDF/XML that no strict parser takes, each repair said with its place."""

from __future__ import annotations

import re

from kg import rule
from kg.read.xml_guard import document_type, in_utf8
from kg.report import Report
from kg.syntax import mend
from kg.syntax.rdfxml_names import RDF
from kg.text import Source, Span

_SPACE = "[ \t\r\n]"
_QUOTED = "\"[^\"]*+\"|'[^']*+'"
#: What is passed over; tags; the text between them; a sign that begins nothing.
_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)|<\?(?:.*?\?>|.*)"
    rf"|(?P<tag></?+[^\s<>\"'/!?][^<>\"']*+(?:(?:{_QUOTED})[^<>\"']*+)*+>)"
    r"|(?P<text>[^<]++)|<",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"(?P<name>[^\s=<>\"'/]++)(?P<between>{_SPACE}*+={_SPACE}*+)(?P<value>{_QUOTED})")
#: A reference, a bare ampersand, a character that XML forbids.
_DOUBTFUL = re.compile(
    r"&(?:(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z_:][\w.\-:]*);)?|[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)
_FORBIDDEN = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"(&[^;\s]*;)")
_IRIS = frozenset(["about", "resource", "datatype"])
_PREFIX = re.compile(rf"xmlns:([^\s=]+){_SPACE}*=\s*[\"']{re.escape(RDF)}[\"']")
_PREDEFINED = frozenset(["amp", "lt", "gt", "quot", "apos"])


def repaired(data: bytes, path: str, report: Report) -> bytes:
    """Return a document with the faults repaired that real files have; each repair is a finding.

    Repaired are IRIs with characters that no IRI may hold, malformed language tags,
    references to entities that no one declared, and characters that XML forbids. A
    document type is never repaired: it goes through the guard as it is.

    Raises `SourceError` for bytes that are no text, and for what the guard refuses in
    a document type.
    """
    source = Source(path, in_utf8(data, path).decode())
    raw = source.text.encode()
    declared, end = document_type(raw, path)
    body = len(raw[:end].decode())
    known = _PREDEFINED | {name.decode() for name in declared}
    return (source.text[:body] + _Repair(source, report, known).whole(body)).encode()


class _Repair:
    """Repairs one document, in which the entities `known` are declared."""

    def __init__(self, source: Source, report: Report, known: frozenset[str]) -> None:
        self.source, self.report, self.known = source, report, known
        #: under which RDF's own attributes may stand
        self.prefixes = {"rdf", *_PREFIX.findall(source.text)}

    def whole(self, start: int) -> str:
        """Return the text from `start` on, repaired."""
        pieces = []
        for token in _TOKEN.finditer(self.source.text, start):
            if token["tag"]:
                pieces.append(self.tag(token[0], token.start()))
            elif token["text"]:
                pieces.append(self.characters(token[0], token.start()))
            else:
                pieces.append(token[0])
        return "".join(pieces)

    def say(self, code: str, at: int, length: int, written: str = "", mended: str = "") -> None:
        """Report a repair at its place in the source."""
        place = self.source.locate(Span(at, at + length))
        self.report.add(rule.finding(code, place, written=written, mended=mended))

    def tag(self, tag: str, at: int) -> str:
        """Return a tag with its attributes repaired."""
        pieces, last = [], 0
        for found in _ATTRIBUTE.finditer(tag):
            quote, value, place = found["value"][0], found["value"][1:-1], at + found.start("value") + 1
            prefix, colon, local = found["name"].rpartition(":")
            value = self.characters(value, place)
            if found["name"] == "xml:base" or (local in _IRIS and (prefix in self.prefixes or not colon)):
                value = self.iri(value, place)
            elif found["name"] == "xml:lang":
                value = self.language(value, place)
            pieces += [tag[last : found.start("value")], quote, value, quote]
            last = found.end()
        return "".join([*pieces, tag[last:]])

    def iri(self, value: str, at: int) -> str:
        """Return an IRI reference with what no IRI may hold percent-encoded, and no space around it."""
        pieces = _REFERENCE.split(value.strip(" \t\r\n"))
        # Every second piece is a reference, whose end would be taken for a part of the IRI.
        pieces[::2] = [mend.iri(piece) for piece in pieces[::2]]
        made = "".join(pieces)
        if made == value:
            return value
        self.say("rdf.xml-iri", at, len(value), written=value, mended=made)
        return made

    def language(self, value: str, at: int) -> str:
        """Return a language tag that is well-formed; an empty one says that there is none."""
        made = mend.tag(value) if value else value
        if made == value:
            return value
        self.say("rdf.xml-language", at, len(value), written=value, mended=made)
        return made

    def characters(self, text: str, at: int) -> str:
        """Return text with undeclared references and forbidden characters replaced."""

        def replace(found: re.Match[str]) -> str:
            whole, name = found[0], found[1]
            made = self.character(whole, name)
            if made != whole:
                code = "rdf.xml-character" if whole[0] != "&" or (name or "")[:1] == "#" else "rdf.xml-reference"
                shown = whole if whole[0] == "&" else f"U+{ord(whole):04X}"
                self.say(code, at + found.start(), len(whole), written=shown, mended=made)
            return made

        return _DOUBTFUL.sub(replace, text)

    def character(self, whole: str, name: str | None) -> str:
        """Return what stands for a reference, a bare ampersand or a forbidden character."""
        if whole[0] != "&":
            return "\ufffd"
        if not name:
            return "&amp;"
        if name[0] == "#":
            code = int(f"0{name[1:]}", 16) if name[1] == "x" else int(name[1:])
            return "\ufffd" if code > 0x10FFFF or _FORBIDDEN.match(chr(code)) else whole
        if name in self.known:
            return whole
        from html import escape
        from html.entities import html5

        return escape(html5.get(f"{name};", whole))
