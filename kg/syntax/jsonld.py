"""From JSON-LD to statements and back to their places (JSON-LD 1.1 API, section 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import zip_longest
from typing import Any

from kg import terms, vocab
from kg.interop import Quad
from kg.syntax.json import Places, read
from kg.syntax.jsonld_expand import Expander
from kg.syntax.jsonld_names import Options
from kg.syntax.jsonld_values import Expanded
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
    content: Any,
    options: Options,
    places: Places | None = None,
    left_out: LeftOut | None = None,
    visit: Callable[[Span | None], None] | None = None,
) -> Iterator[tuple[Quad, Span | None]]:
    """Yield the statements of a JSON-LD document with their places, repeats included.

    Labels of blank nodes are those of the text; unlabelled ones get names that the
    text does not use. What JSON-LD leaves out of the RDF is told to `left_out`; `visit`
    is told where expansion has got to.

    Raises `JsonLdError` for content that is not JSON-LD.
    """
    tell = left_out or (lambda _name, _span: None)
    expanded = Expander(options, places, tell, visit).document(content)
    emitter = _Emitter(options, tell)
    for item in expanded:
        emitter.node(item, "")
    return emitter.renamed()


def locate(data: str | bytes, statements: Iterable[Quad], base: str | None = None) -> dict[Quad, Span]:
    """Return where statements stand in a JSON-LD text: the range of the value, or of the name it stands under.

    Contexts must be in the text, packaged, or the `contexts` of a guarded text. One pass
    serves all statements; one that is said twice is found where it is said first. Blank nodes are found by the labels
    the text gives them; statements with other labels get the places that are equal but for them, in the order of the
    text.

    Raises `kg.syntax.json.JsonProblem` or `JsonLdError` for text that is not JSON-LD.
    """
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    wanted = set(statements)
    content, places = read(text)
    found: dict[Quad, Span] = {}
    alike: dict[Quad, list[Span]] = {_blanked(quad): [] for quad in wanted if _blanked(quad) != quad}
    contexts = {**packaged_contexts(), **getattr(data, "contexts", {})}
    for quad, at in quads(content, Options(base=base, contexts=contexts), places):
        if at is not None and quad in wanted:
            found.setdefault(quad, at)
        elif at is not None and alike and (spans := alike.get(_blanked(quad))) is not None:
            spans.append(at)
    given: dict[Quad, int] = {}
    for quad in sorted(wanted - found.keys()):
        if spans := alike.get(_blanked(quad)):
            number = given[_blanked(quad)] = given.get(_blanked(quad), -1) + 1
            found[quad] = spans[min(number, len(spans) - 1)]
    return found


def _blanked(quad: Quad) -> Quad:
    """Return a statement with every blank node the same."""
    subject, predicate, object_, graph = ("_:" if term[:2] == "_:" else term for term in quad)
    return subject, predicate, object_, graph


class _Emitter:
    def __init__(self, options: Options, tell: LeftOut) -> None:
        self.options, self.tell = options, tell
        self.found: list[tuple[Quad, Span | None]] = []
        #: each label of the text as it is written; the unlabelled nodes are numbers until all labels are known
        self.labels: dict[str, str] = {}
        self.fresh = 0
        #: the term of each IRI; None for what is none
        self.iris: dict[str, str | None] = {}

    def renamed(self) -> Iterator[tuple[Quad, Span | None]]:
        """Yield what was found, the unlabelled blank nodes named."""
        names: dict[str, str] = {}
        number = 0
        for fresh in range(1, self.fresh + 1):
            while f"_:b{number}" in self.labels:
                number += 1
            names[f"_: {fresh}"] = f"_:b{number}"
            number += 1
        name = names.get
        for (subject, predicate, object_, graph), at in self.found:
            yield (name(subject, subject), predicate, name(object_, object_), name(graph, graph)), at

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
            if name not in self.iris:
                self.iris[name] = terms.iri(name) if self.options.iri_problem(name) is None else None
            if self.iris[name] is not None:
                return self.iris[name]
        self.tell(f"<{name}>", at)
        return None

    def node(self, node: Expanded, graph: str) -> str | None:
        """Emit a node with all that hangs on it and return its term."""
        subject = self.resource(node["@id"], node.at) if "@id" in node else self.blank()
        for name, values in node.items():
            if name in _PARTS:
                _PARTS[name](self, node, subject, values, graph)
            elif name[0] != "@":
                term = self.predicate(name, values[0].at if values else node.at)
                for item in values:
                    self.put(subject, term, self.object(item, graph), graph, item.at)
        return subject

    def types(self, node: Expanded, subject: str | None, values: list[Any], graph: str) -> None:
        """Emit the types of a node."""
        for value, at in zip_longest(values, node.kinds[: len(values)]):
            self.put(subject, RDF.type, self.resource(value, at), graph, at)

    def inner(self, _node: Expanded, subject: str | None, values: list[Any], _graph: str) -> None:
        """Emit the graph that a node names."""
        for item in values:
            if subject is not None:
                self.node(item, subject)

    def included(self, _node: Expanded, _subject: str | None, values: list[Any], graph: str) -> None:
        """Emit the nodes that stand inside another without belonging to it."""
        for item in values:
            self.node(item, graph)

    def reversed(self, node: Expanded, subject: str | None, values: dict[str, list[Any]], graph: str) -> None:
        """Emit the nodes whose value this one is."""
        for name, items in values.items():
            term = self.predicate(name, node.at)
            for item in items:
                self.put(self.node(item, graph), term, subject, graph, item.at)

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
        if kind is not None and self.options.iri_problem(kind):
            self.tell(f"^^<{kind}>", item.at)
            return None
        if tag is not None and self.options.tag_problem(tag):
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


_PARTS: dict[str, Callable[[_Emitter, Expanded, str | None, Any, str], None]] = {
    "@type": _Emitter.types,
    "@graph": _Emitter.inner,
    "@included": _Emitter.included,
    "@reverse": _Emitter.reversed,
}


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
