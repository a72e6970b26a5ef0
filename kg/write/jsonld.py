"""JSON-LD for people and programs (W3C JSON-LD 1.1): compact with our context, in reading order.

A value goes under a term of the context only where the term says exactly what the
value is; any other value is written out in full under the property's own name. So
expansion gives the same statements back, whatever the data hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from kg import terms, vocab
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.iri import Prefixes
from kg.statement import DATA
from kg.terms import Term
from kg.vocab import RDF
from kg.write import order

#: A map of texts that is not longer than this stands on one line.
_LINE = 100


class Definition(NamedTuple):
    """A term of the context: the property it stands for and what its values are."""

    name: str
    iri: str
    type: str | None
    container: str | None


class Context:
    """A JSON-LD context made of prefixes and terms, as `ontology/context.jsonld` has them."""

    def __init__(self, document: str) -> None:
        self.content: Mapping[str, Any] = json.loads(document)["@context"]
        self.prefixes = {
            name: value
            for name, value in self.content.items()
            if isinstance(value, str) and value[-1] in "/#:" and ":" in value
        }
        names = Prefixes(self.prefixes)
        self.by_iri: dict[str, list[Definition]] = {}
        self.aliases: dict[str, str] = {}
        for name, value in self.content.items():
            if isinstance(value, str) and value.startswith("@"):
                self.aliases[value] = name
            elif not name.startswith("@") and name not in self.prefixes:
                given = {"@id": value} if isinstance(value, str) else value
                kind = given.get("@type")
                made = Definition(
                    name,
                    names.expand(given["@id"]) or given["@id"],
                    kind if kind is None or kind.startswith("@") else names.expand(kind) or kind,
                    given.get("@container"),
                )
                self.by_iri.setdefault(made.iri, []).append(made)

    def alias(self, keyword: str) -> str:
        """Return the name the context gives a keyword."""
        return self.aliases.get(keyword, keyword)


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as compact JSON-LD, other graphs as named graphs inside it."""
    context = Context(vocab.context())
    own = {} if options.context_url else order.own_prefixes(dataset)
    writer = _Writer(context, {name: base for name, base in own.items() if name not in context.content}, dataset)
    nodes = [writer.node(item) for item in order.resources(dataset, DATA)]
    for graph in dataset.graphs():
        if graph not in (DATA, vocab.EVIDENCE) or (graph == vocab.EVIDENCE and options.evidence):
            inside = [writer.node(item) for item in order.resources(dataset, graph)]
            nodes.append({writer.id: writer.name(graph), "@graph": inside})
    head: Any = options.context_url or writer.embedded()
    yield f'{{\n  "@context": {_json(head, 2)},\n  "@graph": ['.encode()
    for number, node in enumerate(nodes):
        yield f"{',' if number else ''}\n    {_json(node, 4)}".encode()
    yield b"\n  ]\n}\n"


class _Writer:
    def __init__(self, context: Context, own: Mapping[str, str], dataset: Dataset) -> None:
        self.context = context
        self.id, self.type = context.alias("@id"), context.alias("@type")
        # A prefix that is the scheme of an IRI in the data would make that IRI expand to another.
        # The IRI of a term is its end: the whole of it, or the datatype of a literal.
        schemes = {term[term.rindex("<") + 1 :].partition(":")[0] for term in dataset.terms() if term[-1] == ">"}
        self.prefixes = {name: base for name, base in {**context.prefixes, **own}.items() if name not in schemes}
        self.compact = Prefixes(self.prefixes)
        self.names: dict[str, str] = {}
        self.used: set[str] = set()

    def embedded(self) -> dict[str, Any]:
        """Return the part of the context that the document uses, in the context's order."""
        needed = {name.partition(":")[0] for name in self.names.values()}
        made: dict[str, Any] = {}
        for name, value in self.context.content.items():
            if name in self.prefixes:
                continue
            if name.startswith("@") or name in self.used or name in self.context.aliases.values():
                made[name] = value
                for part in value.values() if isinstance(value, dict) else (value,):
                    needed.add(part.partition(":")[0])
        kept = {name: base for name, base in sorted(self.prefixes.items()) if name in needed}
        return {**{k: v for k, v in made.items() if k.startswith("@")}, **kept,
                **{k: v for k, v in made.items() if not k.startswith("@")}}  # fmt: skip

    def name(self, term: Term) -> str:
        """Return the compact form of an IRI or the label of a blank node."""
        if terms.is_blank(term):
            return term
        known = self.names.get(term)
        if known is None:
            text = terms.iri_text(term)
            known = self.names[term] = self.compact.compress(text) or text
        return known

    def node(self, resource: order.Resource) -> dict[str, Any]:
        subject, properties = resource
        made: dict[str, Any] = {self.id: self.name(subject)}
        for predicate, values in properties:
            if predicate == RDF.type and all(map(terms.is_iri, values)):
                made[self.type] = _one_or_all([self.class_name(value) for value in values])
                continue
            for value in values:
                self.put(made, predicate, value)
        return {key: _finished(value) for key, value in made.items()}

    def class_name(self, term: Term) -> str:
        for found in self.context.by_iri.get(terms.iri_text(term), ()):
            if found.type is None and found.container is None:
                self.used.add(found.name)
                return found.name
        return self.name(term)

    def put(self, node: dict[str, Any], predicate: Term, value: Term) -> None:
        """Put one value under the term that fits it best."""
        tag = terms.language(value) if terms.is_literal(value) else None
        kind = "@id" if not terms.is_literal(value) else terms.datatype(value)
        known = self.context.by_iri.get(terms.iri_text(predicate), ())
        chosen = next((found for found in known if _fits(found, kind, tag)), None)
        loose = next((found for found in known if found.type is None and found.container != "@language"), None)
        found = chosen or loose
        if found:
            self.used.add(found.name)
        key = found.name if found else self.name(predicate)
        if chosen and chosen.container == "@language":
            node.setdefault(key, _Languages()).setdefault(tag, []).append(terms.lexical(value))
        elif chosen:
            text = terms.lexical(value) if terms.is_literal(value) else self.name(value)
            node.setdefault(key, _Set() if chosen.container == "@set" else []).append(text)
        else:
            full = self.full(value, kind, tag)
            node.setdefault(key, _Set() if found and found.container == "@set" else []).append(full)

    def full(self, value: Term, kind: str, tag: str | None) -> Any:
        """Return a value written out, so that no term needs to say what it is."""
        if kind == "@id":
            return {self.id: self.name(value)}
        if tag is not None:
            return {"@value": terms.lexical(value), "@language": tag}
        if kind == terms.XSD_STRING:
            return {"@value": terms.lexical(value)}
        return {"@value": terms.lexical(value), "@type": self.name(terms.iri(kind))}


class _Set(list[Any]):
    """Values that stay a list, even of one."""


class _Languages(dict[Any, list[str]]):
    """Texts by language tag."""


def _fits(found: Definition, kind: str, tag: str | None) -> bool:
    if found.container == "@language":
        return tag is not None
    if kind == terms.XSD_STRING:
        return found.type in (None, kind)
    return tag is None and found.type == kind


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _finished(value: Any) -> Any:
    if isinstance(value, _Languages):
        return {tag: _one_or_all(texts) for tag, texts in sorted(value.items())}
    return _one_or_all(value) if isinstance(value, list) and not isinstance(value, _Set) else value


def _json(value: Any, indent: int) -> str:
    """Return indented JSON; json's own indenting encoder is not the fast one."""
    if isinstance(value, str):
        return str(quoted(value))
    space = " " * (indent + 2)
    if isinstance(value, dict):
        if all(isinstance(item, str) for item in value.values()):
            line = ", ".join(f"{quoted(key)}: {quoted(item)}" for key, item in value.items())
            if len(line) <= _LINE:
                return f"{{{line}}}"
        inside = f",\n{space}".join(f"{quoted(key)}: {_json(item, indent + 2)}" for key, item in value.items())
        return f"{{\n{space}{inside}\n{' ' * indent}}}"
    inside = f",\n{space}".join(_json(item, indent + 2) for item in value)
    return f"[\n{space}{inside}\n{' ' * indent}]" if value else "[]"
