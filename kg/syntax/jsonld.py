"""From JSON-LD to statements (JSON-LD 1.1 API, section 8): what expansion made, as quads with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from kg import terms, vocab
from kg.interop import Quad
from kg.iri import check_iri, check_tag
from kg.syntax.json import Places
from kg.syntax.jsonld_expand import Expanded, Expander
from kg.syntax.jsonld_names import JsonLdError, Options
from kg.text import Span
from kg.vocab import RDF, XSD

#: What is told of each thing that becomes no statement: what it is, and where.
LeftOut = Callable[[str, Span | None], None]

_LABEL = re.compile(r"_:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
_I18N = "https://www.w3.org/ns/i18n#"
_DOUBLE = terms.iri_text(XSD.double)
_INTEGER = terms.iri_text(XSD.integer)
_JSON = terms.iri_text(RDF.JSON)
#: From here on a number without a fraction is written as a double (section 8.2.2, step 10).
_LARGE = Decimal("1e21")


@cache
def packaged_contexts() -> dict[str, Any]:
    """Return the documents of the contexts that ship with the package, by URL."""
    import json

    return {url: json.loads(vocab.packaged_context(url)) for url in vocab.CONTEXTS}


def quads(
    content: Any, options: Options, places: Places | None = None, left_out: LeftOut | None = None
) -> Iterator[tuple[Quad, Span | None]]:
    """Yield the statements of a JSON-LD document with their places, repeats included.

    Labels of blank nodes are those of the text; unlabelled ones get names that the
    text does not use. What JSON-LD leaves out of the RDF is told to `left_out`.

    Raises `JsonLdError` for content that is not JSON-LD.
    """
    tell = left_out or (lambda _name, _span: None)
    expanded = Expander(options, places, tell).document(content)
    emitter = _Emitter(options, tell)
    for item in expanded:
        emitter.node(item, "")
    return emitter.renamed()


class _Emitter:
    def __init__(self, options: Options, tell: LeftOut) -> None:
        self.options, self.tell = options, tell
        self.found: list[tuple[Quad, Span | None]] = []
        #: each label of the text as it is written; the unlabelled nodes are numbers until all labels are known
        self.labels: dict[str, str] = {}
        self.fresh = 0

    def renamed(self) -> Iterator[tuple[Quad, Span | None]]:
        """Yield what was found, the unlabelled blank nodes named."""
        taken = set(self.labels)
        names: dict[str, str] = {}
        number = 0
        for quad, at in self.found:
            for term in quad:
                if term[:3] == "_: " and term not in names:
                    while f"_:b{number}" in taken:
                        number += 1
                    names[term] = f"_:b{number}"
                    number += 1
            subject, predicate, object_, graph = quad
            yield (names.get(subject, subject), predicate, names.get(object_, object_), names.get(graph, graph)), at

    def blank(self) -> str:
        self.fresh += 1
        return f"_: {self.fresh}"

    def resource(self, name: Any, at: Span | None) -> str | None:
        """Return the term of an IRI or a blank node; None when it is neither."""
        if isinstance(name, str):
            if name.startswith("_:"):
                if name not in self.labels:
                    self.labels[name] = name if _LABEL.fullmatch(name) else self.blank()
                return self.labels[name]
            if check_iri(name) is None:
                return terms.iri(name)
        self.tell(f"<{name}>", at)
        return None

    def node(self, node: Expanded, graph: str) -> str | None:
        """Emit a node with all that hangs on it and return its term."""
        subject = self.resource(node["@id"], node.at) if "@id" in node else self.blank()
        for name, values in node.items():
            if name == "@type":
                for value in values:
                    self.put(subject, RDF.type, self.resource(value, node.at), graph, node.at)
            elif name == "@graph":
                for item in values:
                    if subject is not None:
                        self.node(item, subject)
            elif name == "@included":
                for item in values:
                    self.node(item, graph)
            elif name == "@reverse":
                for predicate, items in values.items():
                    term = self.predicate(predicate, node.at)
                    for item in items:
                        self.put(self.node(item, graph), term, subject, graph, item.at)
            elif name[0] != "@":
                term = self.predicate(name, node.at)
                for item in values:
                    self.put(subject, term, self.object(item, graph), graph, item.at)
        return subject

    def put(self, subject: str | None, predicate: str | None, value: str | None, graph: str, at: Span | None) -> None:
        """Emit a statement, if all its terms are there."""
        if subject is not None and predicate is not None and value is not None:
            self.found.append(((subject, predicate, value, graph), at))

    def predicate(self, name: str, at: Span | None) -> str | None:
        """Return the term of a property; a blank node is none (generalized RDF is no RDF)."""
        if name.startswith("_:"):
            self.tell(name, at)
            return None
        return self.resource(name, at)

    def object(self, item: Expanded, graph: str) -> str | None:
        """Return the term of a value, emitting what hangs on it."""
        if "@value" in item:
            return self.literal(item, graph)
        if "@list" in item:
            return self.list(item, graph)
        return self.node(item, graph)

    def list(self, item: Expanded, graph: str) -> str:
        """Emit a chain of rdf:first and rdf:rest and return its head."""
        values = item["@list"]
        cells = [self.blank() for _ in values]
        for cell, rest, value in zip(cells, [*cells[1:], RDF.nil], values, strict=False):
            self.put(cell, RDF.first, self.object(value, graph), graph, value.at)
            self.put(cell, RDF.rest, rest, graph, value.at)
        return cells[0] if cells else RDF.nil

    def literal(self, item: Expanded, graph: str) -> str | None:
        """Return the term of a value object (section 8.2.2)."""
        value, kind, tag = item["@value"], item.get("@type"), item.get("@language")
        if kind == "@json":
            return terms.literal(canonical_json(value), datatype=_JSON)
        if kind is not None and check_iri(kind):
            self.tell(f"^^<{kind}>", item.at)
            return None
        if tag is not None and check_tag(tag):
            self.tell(f"@{tag}", item.at)
            return None
        if isinstance(value, bool):
            return terms.literal("true" if value else "false", datatype=kind or terms.iri_text(XSD.boolean))
        if isinstance(value, Decimal):
            return _number(value, kind)
        if "@direction" in item:
            return self.directed(value, tag, item["@direction"], graph, item.at)
        return terms.literal(value, tag, kind)

    def directed(self, value: str, tag: str | None, direction: str, graph: str, at: Span | None) -> str:
        """Return a text with its base direction in the form the options ask for; without one it is left out."""
        if self.options.direction == "i18n-datatype":
            return terms.literal(value, datatype=f"{_I18N}{(tag or '').lower()}_{direction}")
        if self.options.direction == "compound-literal":
            subject = self.blank()
            parts = {RDF.value: value, RDF.language: tag and tag.lower(), RDF.direction: direction}
            for predicate, part in parts.items():
                if part is not None:
                    self.put(subject, predicate, terms.literal(part), graph, at)
            return subject
        self.tell(f"@direction {direction}", at)
        return terms.literal(value, tag)


def _number(value: Decimal, kind: str | None) -> str:
    """Return a number in canonical form: an integer, or a double where it has a fraction or is large.

    All digits are kept: the form is that of xsd:double, the value may be closer than a double gets.
    """
    whole = value == value.to_integral_value() and abs(value) < _LARGE
    if whole and kind != _DOUBLE:
        return terms.literal(str(int(value)), datatype=kind or _INTEGER)
    digits = "".join(map(str, value.as_tuple().digits)).lstrip("0")
    if not digits:
        return terms.literal("0.0E0", datatype=kind or _DOUBLE)
    fraction = digits[1:].rstrip("0") or "0"
    text = f"{'-' * (value < 0)}{digits[0]}.{fraction}E{value.adjusted()}"
    return terms.literal(text, datatype=kind or _DOUBLE)


def canonical_json(value: Any) -> str:
    """Return JSON in the form of RFC 8785: no white space, names in UTF-16 order, numbers as ECMAScript writes them.

    >>> canonical_json({"b": [Decimal("1.50"), None], "a": Decimal("1e21")})
    '{"a":1e+21,"b":[1.5,null]}'
    """
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return f"{{{','.join(f'{_quoted(name)}:{canonical_json(value[name])}' for name in names)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical_json, value))}]"
    if isinstance(value, str):
        return _quoted(value)
    return _WORDS[value] if value is None or isinstance(value, bool) else _ecmascript(value)


_WORDS = {None: "null", True: "true", False: "false"}


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _ecmascript(value: Decimal) -> str:
    """Return a number as ECMAScript's Number::toString does; whole numbers keep all their digits."""
    number = float(value)
    if value == value.to_integral_value() and abs(value) < _LARGE:
        return str(int(value))
    mantissa, _, exponent = f"{number!r}e0".partition("e")
    power = int(exponent.removesuffix("e0"))
    if "e" not in repr(number) or -7 < power < 0:
        return _plain(number)
    return f"{mantissa.removesuffix('.0')}e{power:+d}"


def _plain(number: float) -> str:
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def refused(error: JsonLdError) -> str:
    """Say what is wrong with a document in one line."""
    return " ".join(str(error).split())[:300]
