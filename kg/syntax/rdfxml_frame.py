"""The open elements of an RDF/XML document."""

from __future__ import annotations

# What an open element is: the document, rdf:RDF, a node, a property by its content.
DOCUMENT, LIST_OF_NODES, NODE_ELEMENT, PROPERTY, COLLECTION, EMPTY = range(6)


class Frame:
    """An open element; `text` is a list only where a literal may stand."""

    text: list[str] | None = None
    datatype = object = reified = subject = predicate = ""
    count = at = 0

    def __init__(self, kind: int, base: str | None, lang: str) -> None:
        self.kind, self.base, self.lang = kind, base, lang
