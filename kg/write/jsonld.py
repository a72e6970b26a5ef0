"""JSON-LD for people and programs (W3C JSON-LD 1.1), in reading order, one node at a time.

Three forms. *Compact* uses the words of a context: ours, or the user's. *Expanded*
uses none. *Framed* is compact with what belongs to a resource inside it: each
resource holds, at its first mention, what has its IRI with a fragment (its labels, its
questions), which is the frame ``{"@embed": "@once"}`` bound to one resource. All
three say the same statements; chains of rdf:first and rdf:rest stay plain nodes, so
that a shared or damaged list is what it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring as quoted
from typing import Any

from kg import terms
from kg.dataset import Dataset
from kg.errors import UnknownName, Unwritable
from kg.formats import WriteOptions
from kg.statement import DATA
from kg.syntax.jsonld_names import Active, Options
from kg.terms import Term
from kg.vocab import EVIDENCE, KG, RDF, SKOS
from kg.write import order
from kg.write.compaction import LINK, Compaction, Plan
from kg.write.words import words_of

COMPACT, EXPANDED, FRAMED = FORMS = ("compact", "expanded", "framed")

#: The classes whose members are framed: what belongs to them is written inside them.
FRAMES = frozenset([SKOS.Concept, SKOS.Collection, SKOS.OrderedCollection, KG.Entry, KG.PageVersion, KG.Claim])

#: An object of texts that is not longer than this stands on one line.
_LINE = 100
_PIECE = 1 << 16
#: How deep resources stand inside each other; what would be deeper stands on its own.
_DEEPEST = 8
_RDF_TYPE = RDF.type
_DIRECTED = re.compile('".*--(?:ltr|rtl)', re.DOTALL).fullmatch
_VALUE, _GRAPH = quoted("@value"), quoted("@graph")

Properties = list[tuple[Term, list[Term]]]
Made = dict[str, Any]


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as JSON-LD, other graphs as named graphs inside it; `options.jsonld_form` says how.

    Raises `UnknownName` for another form, `UsageError` for a context that cannot be
    read or by which an IRI of the data would become another, `Unwritable` for what only
    RDF 1.2 has.
    """
    if options.jsonld_form not in FORMS:
        raise UnknownName("form of JSON-LD", options.jsonld_form, FORMS)
    if new := sorted(filter(_only_rdf_12, dataset.terms())):
        reason = "a triple term needs RDF 1.2" if new[0][0] == "<" else "a base direction needs RDF 1.2"
        raise Unwritable("JSON-LD", new[0], reason, len(new))
    named = dataset.labelled()
    graphs = [name for name in named.graphs() if name not in (DATA, EVIDENCE) or (name and options.evidence)]
    if options.jsonld_form == EXPANDED:
        nodes = _Nodes(Compaction(Active(Options())), expanded=True)
        return _gathered(_around("[", _parts(nodes, named, graphs, 2), "\n]\n"))
    words = words_of(named, options)
    nodes = _Nodes(words.compaction, framed=options.jsonld_form == FRAMED)
    # The context comes first and is known last: it holds the words that were used.
    body = list(_gathered(_parts(nodes, named, graphs, 4)))
    start = f'{{\n  "@context": {layout(tokens(words.head()), 2)},\n  "@graph": ['
    return iter([start.encode(), *body, b"\n  ]\n}\n"])


def _only_rdf_12(term: str) -> bool:
    return term[:2] == "<<" or (term[-1] not in '">' and _DIRECTED(term) is not None)


def _around(start: str, parts: Iterator[str], end: str) -> Iterator[str]:
    yield start
    yield from parts
    yield end


def _parts(nodes: _Nodes, dataset: Dataset, graphs: list[Term], indent: int) -> Iterator[str]:
    """Yield the nodes of the data, then each other graph as a node that holds its own."""
    line, comma = f"\n{' ' * indent}", ""
    for text in nodes.texts(dataset, DATA, indent):
        yield f"{comma}{line}{text}"
        comma = ","
    for graph in graphs:
        yield f"{comma}{line}{{{line}  {nodes.words.id}: {nodes.words.name(graph)},{line}  {_GRAPH}: ["
        comma = ""
        for text in nodes.texts(dataset, graph, indent + 4):
            yield f"{comma}{line}    {text}"
            comma = ","
        yield f"{line}  ]{line}}}"


def _gathered(pieces: Iterator[str]) -> Iterator[bytes]:
    """Yield pieces of a size that is worth a write."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()


class _Nodes:
    """The nodes of a document in some words: dicts, lists and tokens of JSON, laid out."""

    def __init__(self, words: Compaction, *, expanded: bool = False, framed: bool = False) -> None:
        self.words, self.expanded, self.framed = words, expanded, framed
        self.plans: dict[Term, dict[str, Plan]] = {}

    def plan(self, predicate: Term, kind: str) -> Plan:
        """Return how values of a kind are written under a property."""
        plans = self.plans.setdefault(predicate, {})
        plan = plans.get(kind)
        if plan is None:
            plan = self.words.plan(predicate, kind)
            plans[kind] = plan = _in_full(plan) if self.expanded else plan
        return plan

    def texts(self, dataset: Dataset, graph: Term, indent: int) -> Iterator[str]:
        """Yield the text of each node of a graph."""
        found = order.resources(dataset, graph)
        if not self.framed:
            for subject, properties in found:
                yield self.flat(subject, properties, indent)
            return
        for (subject, properties), inside in _trees(found):
            yield layout(self.node(subject, properties, inside, _DEEPEST), indent)
            # What no other mentions stands on its own.
            while inside:
                rest = next(iter(inside))
                yield layout(self.node(rest, inside.pop(rest), inside, _DEEPEST), indent)

    def flat(self, subject: Term, properties: Properties, indent: int) -> str:
        """Return the text of a node with nothing inside it: what `node` and `layout` make, sooner.

        A key belongs to one property, so each property is laid out by itself; most have one value.
        """
        name, plain = self.words.name, True
        parts = [f"{self.words.id}: {name(subject)}"]
        for predicate, values in properties:
            if len(values) == 1 and predicate != _RDF_TYPE:
                value = values[0]
                at = value.rindex('"') + 1 if value[0] == '"' else 0
                kind = value[at:] if at else LINK
                key, many, tag, rest = self.plans.get(predicate, {}).get(kind) or self.plan(predicate, kind)
                if rest is None and not many:
                    text = value[:at] if at else name(value)
                    if tag is None:
                        parts.append(f"{key}: {text}")
                        continue
                    if len(tag) + len(text) + 2 <= _LINE:
                        parts.append(f"{key}: {{{tag}: {text}}}")
                        plain = False
                        continue
            made: Made = {}
            self.put(made, predicate, values, {}, 0)
            for key, item in made.items():
                plain = plain and type(item) is list and len(item) == 1 and type(item[0]) is str
                parts.append(f"{key}: {layout(item, indent + 2)}")
        line = ", ".join(parts) if plain else ""
        margin = "\n" + " " * indent
        return f"{{{line}}}" if plain and len(line) <= _LINE else f"{{{margin}  {f',{margin}  '.join(parts)}{margin}}}"

    def node(self, subject: Term, properties: Properties, inside: dict[Term, Properties], depth: int) -> Made:
        """Return one node; what is `inside` is taken out of there and put in at its first mention."""
        made: Made = {self.words.id: self.words.name(subject)}
        for predicate, values in properties:
            self.put(made, predicate, values, inside, depth)
        return made

    def put(self, made: Made, predicate: Term, values: list[Term], inside: dict[Term, Properties], depth: int) -> None:
        """Put a property with its values into a node."""
        words, name = self.words, self.words.name
        if predicate == _RDF_TYPE and all(map(terms.is_iri, values)):
            made[words.type] = (_Set if self.expanded else list)(map(words.class_name, values))
            return
        plans = self.plans.get(predicate) or self.plans.setdefault(predicate, {})
        for value in values:
            at = value.rindex('"') + 1 if value[0] == '"' else 0
            kind = value[at:] if at else LINK
            key, many, tag, rest = plans.get(kind) or self.plan(predicate, kind)
            item: Any
            if tag is not None:
                if key not in made:
                    made[key] = {}
                made[key].setdefault(tag, []).append(value[:at])
                continue
            if at:
                item = value[:at] if rest is None else {_VALUE: value[:at], **rest}
            elif depth and value in inside:
                item = self.node(value, inside.pop(value), inside, depth - 1)
            else:
                item = name(value) if rest is None else {words.id: name(value)}
            if key in made:
                made[key].append(item)
            else:
                made[key] = _Set([item]) if many else [item]


def _in_full(plan: Plan) -> Plan:
    """Return the plan of the expanded form: every value an object, every property an array."""
    return plan._replace(many=True, rest=plan.rest or {})


class _Set(list[Any]):
    """Values that stay an array, even of one."""


def _trees(resources: Iterable[order.Resource]) -> Iterator[tuple[order.Resource, dict[Term, Properties]]]:
    """Yield each resource with those that belong to it: its fragments, if it is of a class of `FRAMES`."""
    root: order.Resource | None = None
    owner, inside = "", dict[Term, Properties]()
    for resource in resources:
        subject, properties = resource
        if root is not None and subject.startswith(owner):
            inside[subject] = properties
            continue
        if root is not None:
            yield root, inside
        root, owner, inside = resource, f"{subject[:-1]}#", {}
        if subject[0] == "_" or not any(p == RDF.type and not FRAMES.isdisjoint(v) for p, v in properties):
            yield root, inside
            root = None
    if root is not None:
        yield root, inside


def tokens(value: Any) -> Any:
    """Return JSON content as dicts, lists and tokens."""
    if isinstance(value, dict):
        return {quoted(name): tokens(item) for name, item in value.items()}
    if isinstance(value, list):
        return _Set(map(tokens, value))
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def layout(value: Any, indent: int) -> str:
    """Return the text of dicts, lists and tokens; an array of one that is no set is written as its value."""
    if isinstance(value, str):
        return value
    space = f",\n{' ' * (indent + 2)}"
    if isinstance(value, list):
        if len(value) == 1 and type(value) is list:
            return layout(value[0], indent)
        inside = space.join([item if type(item) is str else layout(item, indent + 2) for item in value])
        return f"[{space[1:]}{inside}\n{' ' * indent}]" if value else "[]"
    parts = []
    plain = True
    for name, item in value.items():
        only = item[0] if type(item) is list and len(item) == 1 else item
        if type(only) is str:
            parts.append(f"{name}: {only}")
        else:
            plain = False
            parts.append(f"{name}: {layout(only, indent + 2)}")
    if plain:
        line = ", ".join(parts)
        if len(line) <= _LINE:
            return f"{{{line}}}"
    return f"{{{space[1:]}{space.join(parts)}\n{' ' * indent}}}"
