"""The editor of RDF/XML: property elements and attributes that go, come or change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from kg import terms
from kg.interop import Quad
from kg.repair.change import AGAIN, BLANKS, NAMESPACE, REPLACE, TAGS, Change, Refused
from kg.repair.patch import Edit, joined, without
from kg.syntax import xml_spelling
from kg.syntax.xml import Node, everything
from kg.text import Span
from kg.vocab import PREFIXES, RDF

_SPELLING = {TAGS: xml_spelling.tags, BLANKS: xml_spelling.blanks, NAMESPACE: xml_spelling.namespace}
_TAG = re.compile(r"<(?P<name>[^\s/>\"'<]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_XMLNS = re.compile(r"""\sxmlns:([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LOCAL = re.compile(r"[A-Za-z_][\w.\-]*\Z")
_WHOLE = re.compile(r"<(?P<name>[^\s/>\"'<]+)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(?P<text>[^<]*)</(?P=name)\s*>")
_INDENT = re.compile(r"\n([ \t]+)<")


def edits(text: str, changes: Sequence[Change], base: str, format_name: str) -> list[Edit]:
    """Return the edits that make changes in a document, in order.

    Raises `Refused` with the wishes that cannot be met here, and why.
    """
    del format_name
    return _Editor(text, base).edits(changes)


class _Editor:
    def __init__(self, text: str, base: str) -> None:
        self.text, self.base = text, base
        self.nodes: dict[str, Node] = {}
        self.spans: dict[Quad, list[Span]] = {}
        found = _INDENT.search(text)
        #: how far an element stands inside the one around it
        self.indent = found[1] if found else "  "
        self.news: dict[Node, list[tuple[str, int]]] = {}
        self.refused: dict[int, str] = {}
        self.spaces = {space or other: prefix for prefix, space, other in _XMLNS.findall(text)}

    def edits(self, changes: Sequence[Change]) -> list[Edit]:
        made = [
            Edit(*better, frozenset([change.wish]))
            for change in changes
            for better in (_SPELLING[change.kind](self.text) if change.kind in _SPELLING else ())
        ]
        stated = [change for change in changes if change.kind not in _SPELLING]
        if stated:
            places, nodes = everything(self.text.encode(), self.base)
            for triple, span in places:
                self.spans.setdefault((*triple, ""), []).append(span)
            for node in nodes:
                self.nodes.setdefault(node.subject, node)
        gone: list[tuple[int, int, frozenset[int]]] = []
        for change in stated:
            replaced = list(self._replace(change)) if change.kind == REPLACE else []
            made += replaced
            if change.old and not replaced:
                gone += [(*span, frozenset([change.wish])) for span in self._ranges(change)]
            if change.new and not replaced:
                self._insert(change.new, change.wish)
        if self.refused:
            raise Refused(self.refused)
        made += [self._inserted(node, news) for node, news in self.news.items()]
        try:
            return joined([*made, *without(self.text, gone)])
        except ValueError as clash:
            (wishes,) = clash.args
            raise Refused({max(wishes): "another repair changes the same words; run it again"}) from clash

    # -- what goes ---------------------------------------------------------------

    def _ranges(self, change: Change) -> list[Span]:
        spans = self.spans.get(change.old, []) if change.old else []
        if change.kind == AGAIN:
            spans = spans[1:]
        found = [self._element(span) for span in spans]
        if not spans and change.kind != AGAIN:
            self.refused[change.wish] = "the statement is not found in the text as it is written there"
        if None in found:
            self.refused[change.wish] = "what would go holds more, or is the name of an element"
        return [span for span in found if span]

    def _element(self, span: Span) -> Span | None:
        """Return the range of the element or attribute that says a statement and nothing else."""
        text = self.text
        if text[span.start] != "<":
            return Span(span.start, span.end)
        if text[span.end - 2 : span.end] == "/>" or re.search(r"</[^<>]*>\Z", text[span.start : span.end]):
            return span
        opened = _TAG.match(text, span.start)
        if opened is None or opened.end() != span.end:
            return None
        closed = re.compile(rf"\s*</{re.escape(opened['name'])}\s*>").match(text, span.end)
        return Span(span.start, closed.end()) if closed else None

    def _replace(self, change: Change) -> Iterator[Edit]:
        """Write another text, or another property of the same namespace, into an element that holds a text."""
        old, new = change.old, change.new
        spans = self.spans.get(old, []) if old else []
        if not (old and new and len(spans) == 1 and old[2][0] == '"' and old[0] == new[0]):
            return
        found = _WHOLE.fullmatch(self.text, *spans[0])
        if found is None:
            return
        wish = frozenset([change.wish])
        if old[1] == new[1] and _rest(old[2]) == _rest(new[2]):
            yield Edit(*found.span("text"), escape(terms.lexical(new[2])), wish)
        elif old[2] == new[2] and _split(old[1])[0] == _split(new[1])[0] and ":" in found["name"]:
            name = f"{found['name'].partition(':')[0]}:{_split(new[1])[1]}"
            start, end = found.span("name")
            yield Edit(start, end, name, wish)
            closing = self.text.rindex("</", start, spans[0].end) + 2
            yield Edit(closing, closing + end - start, name, wish)

    # -- what comes --------------------------------------------------------------

    def _insert(self, quad: Quad, wish: int) -> None:
        """Take note of what a node element is to have."""
        subject, predicate, object_, graph = quad
        node = self.nodes.get(subject)
        space, local = _split(predicate)
        if node is None or graph or not local or object_[0] == "_" or not _TAG.match(self.text, node.start):
            self.refused[wish] = "the text has no element of this subject to put it in"
        else:
            self.news.setdefault(node, []).append((self._spelt(space, local, object_), wish))

    def _inserted(self, node: Node, news: Sequence[tuple[str, int]]) -> Edit:
        """Put elements into a node element: as its last, each on a line where it has lines."""
        opened = _TAG.match(self.text, node.start)
        made, wishes = [one for one, _ in news], frozenset(wish for _, wish in news)
        newline = "\r\n" if "\r\n" in self.text else "\n"
        margin, closing = self._margin(node.start), self._margin(node.close)
        if opened and opened[0].endswith("/>"):
            # It says nothing yet: it is opened up.
            lines = "".join(f"{newline}{margin}{self.indent}{one}" for one in made) + f"{newline}{margin}"
            inner = "".join(made) if margin is None else lines
            return Edit(opened.end() - 2, opened.end(), f">{inner}</{opened['name']}>", wishes)
        if closing is None or opened is None:
            return Edit(node.close, node.close, "".join(made), wishes)
        first = re.compile(r"\s*(?=<)").match(self.text, opened.end())
        inside = self._margin(first.end()) if first else None
        if inside is None or len(inside) <= len(closing):
            inside = closing + self.indent
        at = node.close - len(closing)
        return Edit(at, at, "".join(f"{inside}{one}{newline}" for one in made), wishes)

    def _spelt(self, space: str, local: str, object_: str) -> str:
        """Return a property element."""
        prefix, declared = self.spaces.get(space), ""
        if prefix is None:
            known = {base: name for name, base in PREFIXES.namespaces.items()}
            prefix = known.get(space, "ns")
            declared = f" xmlns:{prefix}={quoteattr(space)}"
        rdf = self.spaces.get(RDF.base, "rdf")
        if object_[0] == "<":
            return f"<{prefix}:{local}{declared} {rdf}:resource={quoteattr(object_[1:-1])}/>"
        tag = terms.language(object_)
        kind = f" xml:lang={quoteattr(tag)}" if tag else ""
        if object_[-1] == ">":
            kind = f" {rdf}:datatype={quoteattr(terms.datatype(object_))}"
        return f"<{prefix}:{local}{declared}{kind}>{escape(terms.lexical(object_))}</{prefix}:{local}>"

    def _margin(self, at: int) -> str | None:
        """Return the blanks before a place that begins its line; None for any other."""
        start = max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1
        before = self.text[start:at]
        return before if not before.strip(" \t") else None


def _rest(literal: str) -> str:
    return literal[literal.rindex('"') :]


def _split(predicate: str) -> tuple[str, str]:
    """Return namespace and XML name of a property; the name is empty where it has none."""
    iri = terms.iri_text(terms.Term(predicate))
    at = max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1
    return iri[:at], iri[at:] if _LOCAL.match(iri, at) else ""
