"""The nodes of a JSON-LD document in the words of a context, and how they are laid out.

A node is made of dicts, lists and tokens of JSON, and then laid out; one with nothing
inside it is made as text at once (`Nodes.flat`), to the same characters.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from kg import terms
from kg.dataset import Dataset
from kg.rows import Rows
from kg.terms import Term
from kg.vocab import KG, RDF, SKOS
from kg.write import order
from kg.write.compaction import LINK, Compaction, Plan

#: The classes whose members are framed: what belongs to them is written inside them.
FRAMES = frozenset([SKOS.Concept, SKOS.Collection, SKOS.OrderedCollection, KG.Entry, KG.PageVersion, KG.Claim])

#: An object of texts that is not longer than this stands on one line.
_LINE = 100
#: How deep resources stand inside each other; what would be deeper stands on its own.
_DEEPEST = 8
_RDF_TYPE = RDF.type
_VALUE = quoted("@value")

Properties = list[tuple[Term, list[Term]]]
Made = dict[str, Any]


class _Frame(NamedTuple):
    """What stands around a single value: on one line if it has up to `room` characters, else on several.

    `plain` says that nothing stands around it but its key.
    """

    head: str
    tail: str
    room: int
    tall_head: str
    tall_tail: str
    plain: bool


class Nodes:
    """The nodes of a document in some words: dicts, lists and tokens of JSON, laid out."""

    def __init__(self, words: Compaction, *, expanded: bool = False, framed: bool = False) -> None:
        self.words, self.expanded, self.framed = words, expanded, framed
        self.plans: dict[Term, dict[str, Plan]] = {}
        self.typed: dict[tuple[Term, ...], tuple[list[str], bool]] = {}

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
        if not self.framed:
            yield from self.flat(dataset.rows(graph), indent)
            return
        for (subject, properties), inside in _trees(order.resources(dataset, graph)):
            yield layout(self.node(subject, properties, inside, _DEEPEST), indent)
            # What no other mentions stands on its own.
            while inside:
                rest = next(iter(inside))
                yield layout(self.node(rest, inside.pop(rest), inside, _DEEPEST), indent)

    def flat(self, rows: Rows, indent: int) -> Iterator[str]:
        """Yield the text of each node of a graph with nothing inside it: what `node` and `layout` make, sooner.

        Nodes are made in the order in which the statements came, since what came together lies together in memory.
        """
        came = list(dict.fromkeys(rows.subjects))
        made = dict(zip(came, self._flat(rows, came, indent), strict=True))
        yield from map(made.pop, order.subjects(rows))

    def _flat(self, rows: Rows, subjects: list[int], indent: int) -> Iterator[str]:
        """Yield the text of each subject's node.

        A key belongs to one property, so each property is laid out by itself. Most have one value:
        it is put into the frame that the values of its kind share.
        """
        terms, name, ordered = rows.terms, self.words.name, rows.ordered(subjects, order.predicates(rows))
        shift, mask = ordered.shift, (1 << ordered.shift) - 1
        predicates = [terms[number] for number in ordered.predicates]
        frames: list[dict[str, _Frame]] = [{} for _ in predicates]
        # By number, since a large table of texts is slow to look into.
        objects, references = list(map(rows.objects.__getitem__, ordered.rows)), [""] * len(terms)
        subject, plain, parts = -1, True, list[str]()
        for start, stop in ordered.runs():
            key = ordered.keys[start]
            if key >> shift != subject:
                if parts:
                    yield _laid(parts, plain, indent)
                subject, plain = key >> shift, True
                parts = [f"{self.words.id}: {name(terms[ordered.subjects[subject]])}"]
            predicate = predicates[key & mask]
            if stop - start > 1 or predicate == _RDF_TYPE:
                laid, simple = self.property(predicate, [terms[number] for number in objects[start:stop]], indent)
                parts += laid
                plain = plain and simple
                continue
            number = objects[start]
            value = terms[number]
            at = value.rindex('"') + 1 if value[0] == '"' else 0
            kind = value[at:] if at else LINK
            frame = frames[key & mask].get(kind)
            if frame is None:
                frame = frames[key & mask][kind] = self.frame(predicate, kind, indent)
            head, tail, room, tall_head, tall_tail, simple = frame
            text = value[:at] if at else references[number]
            if not text:
                text = references[number] = name(value)
            parts.append(f"{head}{text}{tail}" if len(text) <= room else f"{tall_head}{text}{tall_tail}")
            plain = plain and simple
        if parts:
            yield _laid(parts, plain, indent)

    def property(self, predicate: Term, values: list[Term], indent: int) -> tuple[list[str], bool]:
        """Return the keys of a property with their values as text, and whether each value is a single token."""
        classes = (predicate, *values) if predicate == _RDF_TYPE else ()
        if classes in self.typed:
            return self.typed[classes]
        made: Made = {}
        self.put(made, predicate, values, {}, 0)
        laid = [f"{key}: {layout(item, indent + 2)}" for key, item in made.items()]
        found = laid, all(type(item) is list and len(item) == 1 and type(item[0]) is str for item in made.values())
        if classes:
            self.typed[classes] = found
        return found

    def frame(self, predicate: Term, kind: str, indent: int) -> _Frame:
        """Return what stands around a single value of a kind, found with a value that no token holds."""
        key, many, tag, rest = self.plan(predicate, kind)
        name = tag or (self.words.id if kind == LINK else _VALUE)
        outside = None if tag is None and rest is None else {name: "", **(rest or {})}

        def around(text: str) -> list[str]:
            item = text if outside is None else {**outside, name: text}
            return f"{key}: {layout(_Set([item]) if many else item, indent + 2)}".split(text)

        beside = sum(len(word) + len(other) + 4 for word, other in (outside or {}).items()) - 2
        room = sys.maxsize if outside is None else _LINE - beside
        (head, tail), (tall_head, tall_tail) = around("\0"), around("\0" * (_LINE + 1))
        return _Frame(head, tail, room, tall_head, tall_tail, plain=not many and outside is None)

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


def _laid(parts: list[str], plain: bool, indent: int) -> str:
    """Return a node of which each key is laid out: on one line where that is short and each value is a token."""
    line = ", ".join(parts) if plain else ""
    margin = "\n" + " " * indent
    return f"{{{line}}}" if plain and len(line) <= _LINE else f"{{{margin}  {f',{margin}  '.join(parts)}{margin}}}"


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
