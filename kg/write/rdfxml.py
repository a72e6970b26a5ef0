"""RDF/XML for people and tools (W3C RDF 1.1 XML Syntax): typed nodes, reading order, a value a line.

XML cannot hold everything that RDF can. What it cannot hold is refused before the
first byte is written:

- control characters other than tab, line feed and carriage return, and U+FFFE and
  U+FFFF, in any text (XML 1.0, section 2.2);
- predicates that do not end in an XML name, such as ``http://e.org/1``, since a
  predicate is the name of an element;
- the predicates that RDF/XML keeps for itself (section 5.1): ``rdf:Description``,
  ``rdf:RDF``, ``rdf:ID``, ``rdf:about``, ``rdf:parseType``, ``rdf:resource``, ``rdf:nodeID``,
  ``rdf:datatype``, ``rdf:li`` and those of former editions;
- triple terms and base directions of RDF 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from kg import terms
from kg.dataset import Dataset
from kg.errors import Unwritable
from kg.formats import WriteOptions
from kg.interop import Quad
from kg.statement import DATA
from kg.syntax.rdfxml_names import DESCRIPTION, LI, NCNAME, NO_NODE, NO_PROPERTY, RDF
from kg.terms import Term
from kg.vocab import EVIDENCE, PREFIXES
from kg.write import order
from kg.write.xml_names import Names, split

_TYPE = f"<{RDF}type>"
#: Characters that no XML 1.0 document can hold, not even as references (section 2.2).
_UNHELD = r"[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
#: References where a parser would change the character, and where an editor might.
_ESCAPES = {sign: f"&#{sign};" for sign in (0xD, *range(0x7F, 0xA0), 0x2028, 0x2029)}
_TEXT = str.maketrans({**_ESCAPES, "&": "&amp;", "<": "&lt;", ">": "&gt;"})
_VALUE = str.maketrans({**_ESCAPES, "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"})
_PLAIN = r"[ !#-%'-;=?-~]*"
#: The names that a stream keeps; when there are more, they are made anew.
_MOST = 20_000
_RANKS = {term: rank for rank, term in enumerate(order.CLASSES)}


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as RDF/XML, and the evidence behind it where it is asked for.

    Raises `Unwritable`, naming the term, for what XML cannot hold; nothing was yielded then.
    """
    writer = _Writer(Names(order.prefixes(dataset).namespaces))
    graphs = (DATA, EVIDENCE) if options.evidence else (DATA,)
    # The namespaces come first and are known last; by then everything that is refused was met.
    nodes = [writer.node(item).encode() for graph in graphs for item in order.resources(dataset, graph)]
    writer.check()
    yield writer.head()
    for node in nodes:
        yield b"\n" + node
    yield b"\n</rdf:RDF>\n" if nodes else b"</rdf:RDF>\n"


def stream(batches: Iterable[Sequence[Quad]], prefixes: Callable[[], Mapping[str, str]] = dict) -> Iterator[bytes]:
    """Yield quads of one graph in the order they come, a node for each run of statements about one resource.

    The first batch tells which namespaces stand at the top; any other is declared by the
    nodes that need it. `prefixes` returns those that the source has declared.

    Raises `Unwritable`, naming the term, for what XML cannot hold, when it comes.
    """
    writer: _Writer | None = None
    for batch in batches:
        if writer is None or len(writer.elements) > _MOST:
            declared = writer.declared if writer else None
            writer = _Writer(Names({**PREFIXES.namespaces, **prefixes(), **(declared or {})}))
            writer.declared = declared
        runs = ((subject, _grouped(rows)) for subject, rows in groupby(batch, key=itemgetter(0)))
        nodes = "".join(["\n" + writer.node((Term(subject), properties)) for subject, properties in runs])
        writer.check()
        if writer.declared is None:
            yield writer.head()
        yield nodes.encode()
    if writer is None:
        yield (writer := _Writer(Names({}))).head()
    yield b"\n</rdf:RDF>\n"


def _grouped(rows: Iterable[Quad]) -> list[tuple[Term, list[Term]]]:
    values: dict[Term, list[Term]] = {}
    for _, predicate, value, _ in rows:
        values.setdefault(Term(predicate), []).append(Term(value))
    return list(values.items())


def _xmlns(prefix: str, space: str) -> str:
    return f'xmlns:{prefix}="{space.translate(_VALUE)}"'


def _rank(term: Term) -> tuple[int, str]:
    return _RANKS.get(term, len(_RANKS)), term


class _Writer:
    def __init__(self, names: Names) -> None:
        self.names = names
        #: what XML cannot hold, and why
        self.refused: dict[str, str] = {}
        #: the namespaces that stand at the top, once it is written
        self.declared: Mapping[str, str] | None = None
        #: the elements of properties
        self.elements: dict[str, str] = {}
        self._types: dict[str, bool] = {}

    def check(self) -> None:
        """Raise `Unwritable` for the first term that XML cannot hold, if one was met."""
        if self.refused:
            term, reason = next(iter(self.refused.items()))
            raise Unwritable("RDF/XML", term, reason, len(self.refused))

    def head(self) -> bytes:
        """Return the beginning of the document, with the namespaces that were used up to now."""
        self.declared = {**self.names.used, "rdf": RDF}
        spaces = "".join(f"\n    {_xmlns(*item)}" for item in sorted(self.declared.items()))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'.encode()

    def node(self, resource: order.Resource) -> str:
        """Return the element of a resource: named by its first type that XML can name."""
        subject, properties = resource
        types = next((values for predicate, values in properties if predicate == _TYPE), [])
        kind = min((value for value in types if self._nameable(value)), key=_rank, default=None)
        name = (self.names.qualified(terms.iri_text(kind)) if kind else None) or "rdf:Description"
        lines: list[str] = []
        for predicate, values in properties:
            element = self.elements.get(predicate) or self._element(predicate)
            lines += [self.value(element, value) for value in values if predicate != _TYPE or value != kind]
        spaces = self._spaces(name, properties) if self.declared is not None else ""
        start = f"  <{name} {self.identity(subject)}{spaces}"
        return "\n".join([f"{start}>", *lines, f"  </{name}>\n"]) if lines else f"{start}/>\n"

    def _spaces(self, name: str, properties: list[tuple[Term, list[Term]]]) -> str:
        """Return the declarations of the namespaces that a node needs and that do not stand at the top."""
        names = (name, *(self.elements[predicate] for predicate, _ in properties))
        used = {name.partition(":")[0] for name in names} - (self.declared or {}).keys()
        return "".join(
            f" {_xmlns(prefix, self.names.used[prefix])}" for prefix in sorted(used & self.names.used.keys())
        )

    def _nameable(self, term: Term) -> bool:
        """Tell whether a type can be the name of a node's element."""
        if term not in self._types:
            text = terms.iri_text(term)
            kept = text in NO_NODE or text == DESCRIPTION
            self._types[term] = terms.is_iri(term) and not kept and split(text) is not None
        return self._types[term]

    def _element(self, predicate: Term) -> str:
        text = terms.iri_text(predicate)
        name = self.names.qualified(text)
        if text in NO_PROPERTY or text == LI:
            self.refused[predicate] = "RDF/XML keeps this name for itself"
        elif name is None:
            self.refused[predicate] = "a predicate becomes the name of an element, and this one does not end in one"
        self.elements[predicate] = name or predicate
        return self.elements[predicate]

    def identity(self, term: Term, attribute: str = "about") -> str:
        """Return the attribute that names a resource."""
        if terms.is_iri(term):
            if term.startswith("<<"):
                self.refused[term] = "a triple term needs RDF 1.2"
            return f'rdf:{attribute}="{self.text(terms.iri_text(term), term, _VALUE)}"'
        label = term[2:]
        # A name of XML's is kept; any other is spelt in a way that no kept one is.
        plain = re.fullmatch(NCNAME, label) and not label.startswith("label-")
        return f'rdf:nodeID="{label if plain else f"label-{label.encode().hex()}"}"'

    def value(self, element: str, term: Term) -> str:
        """Return the property element of a value."""
        if not terms.is_literal(term):
            return f"    <{element} {self.identity(term, 'resource')}/>"
        tag, attribute = terms.language(term), ""
        if tag is not None:
            if "--" in tag:
                self.refused[term] = "a base direction needs RDF 1.2"
            attribute = f' xml:lang="{tag}"'
        elif term[-1] == ">":
            attribute = f' rdf:datatype="{self.text(terms.datatype(term), term, _VALUE)}"'
        return f"    <{element}{attribute}>{self.text(terms.lexical(term), term, _TEXT)}</{element}>"

    def text(self, text: str, term: Term, escapes: dict[int, str]) -> str:
        """Return a text with what XML reads otherwise escaped."""
        if re.fullmatch(_PLAIN, text):
            return text
        if found := re.search(_UNHELD, text):
            self.refused[term] = f"XML has no way to write the character U+{ord(found[0]):04X}"
        return text.translate(escapes)
