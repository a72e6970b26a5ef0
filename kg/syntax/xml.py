"""Places in RDF/XML: where in a document a statement stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.interop import Quad
from kg.syntax.rdfxml import Triple, Walker
from kg.syntax.rdfxml_frame import NODE_ELEMENT, Frame
from kg.syntax.rdfxml_names import RDF
from kg.syntax.xml_parser import XmlProblem, step
from kg.text import Span

_BYTE_BOM = b"\xef\xbb\xbf"
_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>")
_ELEMENT = re.compile(rb"<[^ \t\r\n/>]+")
_TYPE = f"<{RDF}type>"
_BLANK = "_:"


def locate(data: bytes, statements: Iterable[Quad], base: str | None = None) -> dict[Quad, Span]:
    """Return the range of each statement in the text of an RDF/XML document, in one pass.

    A literal's range is its element, any other value's is the tag that names it, and
    that of a property attribute is the attribute. A statement that stands twice gets
    its first place. Blank nodes without a label in the document are found by the order
    of what is otherwise equal. Behind the first error of the syntax nothing is found.

    The document is in UTF-8; a byte order mark is not counted.

    >>> text = '<e:C xmlns:e="http://e/" e:p="v" r:about="urn:c" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    >>> quad = ("<urn:c>", "<http://e/p>", '"v"', "")
    >>> span = locate(text.encode(), [quad])[quad]
    >>> text[span.start : span.end]
    'e:p="v"'
    """
    data = data.removeprefix(_BYTE_BOM)
    placer = _Placer(data, statements, base)
    try:
        size = step(len(data))
        for at in range(0, len(data), size):
            placer.feed(data[at : at + size], last=False)
            if not placer.wanted:
                break
        else:
            placer.feed(b"", last=True)
    except XmlProblem:
        # What is wrong there was said when the document was read; this looks for the rest.
        pass
    return _in_characters(data, placer.found)


def _in_characters(data: bytes, found: dict[Quad, tuple[int, int]]) -> dict[Quad, Span]:
    """Turn ranges of bytes into ranges of characters, decoding what lies between them once."""
    if data.isascii():
        return {quad: Span(*place) for quad, place in found.items()}
    offsets: dict[int, int] = {}
    last = characters = 0
    for at in sorted({offset for place in found.values() for offset in place}):
        characters += len(data[last:at].decode())
        offsets[at] = characters
        last = at
    return {quad: Span(offsets[start], offsets[end]) for quad, (start, end) in found.items()}


class _Placer(Walker):
    """A walker that keeps no statement but the places of those that are wanted."""

    def __init__(self, data: bytes, statements: Iterable[Quad], base: str | None) -> None:
        # A place may be asked for a term that was repaired; here nothing is judged.
        super().__init__(base, iri=_anything, tag=_anything)
        self.placing = True
        self.data = data
        self.wanted: dict[Triple, list[Quad]] = {}
        self.found: dict[Quad, tuple[int, int]] = {}
        for quad in statements:
            subject, predicate, object_ = (_unlabelled(term) for term in quad[:3])
            self.wanted.setdefault((subject, predicate, object_), []).append(quad)
        self._stating: Frame | None = None
        self._whole = self._attribute = False

    def end(self, name: str) -> None:
        frame = self._stack[-1]
        self._whole = not frame.object
        super().end(name)
        self._whole = False

    def _stated(self, frame: Frame, object_: str = "") -> None:
        self._stating = frame
        super()._stated(frame, object_)
        self._stating = None

    def emit(self, subject: str, predicate: str, object_: str) -> None:
        key = _unlabelled(subject), predicate, _unlabelled(object_)
        waiting = self.wanted.get(key)
        if waiting is None:
            return
        exact = [quad for quad in waiting if quad[:3] == (subject, predicate, object_)]
        quad = exact[0] if exact else waiting[0]
        self.found[quad] = self._place(predicate)
        waiting.remove(quad)
        if not waiting:
            del self.wanted[key]

    def _properties(self, frame: Frame, attributes: dict[str, str], refused: Iterable[str]) -> None:
        self._attribute = True
        super()._properties(frame, attributes, refused)
        self._attribute = False

    def _place(self, predicate: str) -> tuple[int, int]:
        here = self.parser.CurrentByteIndex
        start = self._stating.at if self._stating else here
        opened = _TAG.match(self.data, start)
        end = opened.end() if opened else start
        if self._whole and self.data[end - 2 : end] != b"/>" and (closed := _TAG.match(self.data, here)):
            return start, closed.end()
        if self._stating:
            return start, end
        if not self._attribute:
            # The type of a typed node is the name of its element; a member of a collection is its tag.
            name = _ELEMENT.match(self.data, start) if predicate == _TYPE else None
            return name.span() if name else (start, end)
        local = re.escape(re.split("[/#:]", predicate[1:-1])[-1].encode())
        attribute = rb"[ \t\r\n]((?:[^ \t\r\n=:\"']+:)?" + local + rb"[ \t\r\n]*=[ \t\r\n]*(?:\"[^\"]*\"|'[^']*'))"
        found = re.compile(attribute).search(self.data, start, end)
        return found.span(1) if found else (start, end)


def _anything(_text: str) -> None:
    return None


def _unlabelled(term: str) -> str:
    return _BLANK if term[0] == "_" else term


class Place(NamedTuple):
    """A statement with the range where it stands, as `locate` gives it."""

    triple: Triple
    span: Span


class Node(NamedTuple):
    """A node element: its subject, where its tag starts, and where the tag that closes it does."""

    subject: str
    start: int
    close: int


def everything(data: bytes, base: str | None = None) -> tuple[list[Place], list[Node]]:
    """Return the place of every statement of an RDF/XML document, repeats included, and its node elements.

    Blank nodes have labels of their own. Ranges are those of `locate`; behind the first error nothing is found.
    """
    data = data.removeprefix(_BYTE_BOM)
    recorder = _Recorder(data, [], base)
    try:
        size = step(len(data))
        for at in range(0, len(data), size):
            recorder.feed(data[at : at + size], last=False)
        recorder.feed(b"", last=True)
    except XmlProblem:
        pass
    ends = {number: place for number, (_, place) in enumerate(recorder.places)}
    ends |= {-1 - number: (start, close) for number, (_, start, close) in enumerate(recorder.nodes)}
    spans = _numbered(data, ends)
    places = [Place(triple, spans[number]) for number, (triple, _) in enumerate(recorder.places)]
    nodes = [Node(subject, *spans[-1 - number]) for number, (subject, _, _) in enumerate(recorder.nodes)]
    return places, nodes


def _numbered(data: bytes, places: dict[int, tuple[int, int]]) -> dict[int, Span]:
    quads = {("", "", "", str(number)): place for number, place in places.items()}
    return {int(quad[3]): span for quad, span in _in_characters(data, quads).items()}


class _Recorder(_Placer):
    """A walker that keeps every place, and the node elements."""

    def __init__(self, data: bytes, statements: Iterable[Quad], base: str | None) -> None:
        super().__init__(data, statements, base)
        self.places: list[tuple[Triple, tuple[int, int]]] = []
        self.nodes: list[tuple[str, int, int]] = []

    def emit(self, subject: str, predicate: str, object_: str) -> None:
        self.places.append(((subject, predicate, object_), self._place(predicate)))

    def end(self, name: str) -> None:
        frame = self._stack[-1]
        if frame.kind == NODE_ELEMENT:
            self.nodes.append((frame.subject, frame.at, self.parser.CurrentByteIndex))
        super().end(name)
