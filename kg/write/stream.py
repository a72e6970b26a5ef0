"""Writers for statements that go by once: in the order they come, in little memory.

Each takes batches of quads and yields bytes. Statements that follow each other share
what they have in common; nothing is sorted, nothing is held back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from kg.errors import Unwritable
from kg.interop import Quad
from kg.iri import Prefixes, canonical_tag
from kg.vocab import PREFIXES, RDF
from kg.write.spelling import Spelling

#: The spellings that are kept; when there are more, they are made anew.
_MOST = 20_000


def retagged(batch: Iterable[Quad]) -> list[Quad]:
    """Return the quads of a batch with their language tags in BCP 47 case."""
    tags: dict[str, str] = {}
    made = []
    for quad in batch:
        term = quad[2]
        if term[0] == '"' and term[-1] not in '">':
            at = term.rindex('"') + 2
            tag = term[at:]
            known = tags.get(tag)
            if known is None:
                known = tags[tag] = canonical_tag(tag)
            if known != tag:
                quad = (quad[0], quad[1], term[:at] + known, quad[3])  # noqa: PLW2901
        made.append(quad)
    return made


def ntriples(batches: Iterable[list[Quad]]) -> Iterator[bytes]:
    """Yield quads of one graph as N-Triples."""
    for batch in batches:
        yield "".join([f"{s} {p} {o} .\n" for s, p, o, _ in batch]).encode()


def nquads(batches: Iterable[list[Quad]]) -> Iterator[bytes]:
    """Yield quads as N-Quads."""
    for batch in batches:
        yield "".join([f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n" for s, p, o, g in batch]).encode()


def trig(batches: Iterable[list[Quad]], prefixes: Callable[[], Mapping[str, str]] = dict) -> Iterator[bytes]:
    """Yield quads as TriG, which is Turtle as long as they are in the default graph.

    `prefixes` returns those that the source has declared so far; they go before the
    well-known ones, and each is declared where it is first needed.
    """
    writer = _Trig()
    for batch in batches:
        yield writer.batch(batch, prefixes()).encode()
    yield writer.close().encode()


class _Trig:
    """What the next statement can share with the last one."""

    def __init__(self) -> None:
        self.begun = False
        self.declared: dict[str, str] = {}
        self.known: Mapping[str, str] | None = None
        self.spelling = Spelling(PREFIXES, ())
        self.names: dict[str, str] = {}
        self.verbs: dict[str, str] = {}
        self.graph = self.subject = self.predicate = ""

    def batch(self, batch: list[Quad], known: Mapping[str, str]) -> str:
        self.spell(batch, known)
        names, verbs = self.names, self.verbs
        pieces = self.declarations()
        for subject, predicate, object_, graph in batch:
            if graph != self.graph:
                pieces.append(self.close())
                if graph:
                    pieces.append(f"\n{verbs[graph]} {{")
                self.graph = graph
            pad = "    " if graph else ""
            if subject != self.subject:
                end = " .\n\n" if self.subject else "\n"
                pieces.append(f"{end}{pad}{names[subject]} {verbs[predicate]} {names[object_]}")
            elif predicate != self.predicate:
                pieces.append(f" ;\n{pad}    {verbs[predicate]} {names[object_]}")
            else:
                pieces.append(f",\n{pad}        {names[object_]}")
            self.subject, self.predicate = subject, predicate
        self.begun = True
        return "".join(pieces)

    def spell(self, batch: list[Quad], known: Mapping[str, str]) -> None:
        """Spell the terms of a batch that are not spelt yet."""
        if known != self.known or len(self.names) + len(self.verbs) > _MOST:
            self.known, self.names, self.verbs = known, {}, {}
            self.spelling = Spelling(Prefixes({**PREFIXES.namespaces, **known}), ())
        for term in {term for subject, _, object_, _ in batch for term in (subject, object_)} - self.names.keys():
            self.names[term] = self.spelling.spelt(term)
        for term in {term for _, predicate, _, graph in batch for term in (predicate, graph)} - self.verbs.keys():
            self.verbs[term] = self.spelling.name(term, verb=True) if term else ""

    def declarations(self) -> list[str]:
        """Declare the prefixes that were used and are not declared yet."""
        new = {name: base for name, base in self.spelling.used().items() if self.declared.get(name) != base}
        self.declared.update(new)
        before = f"{self.close()}\n" if new and self.begun else ""
        return [before, *(f"@prefix {name}: <{base}> .\n" for name, base in new.items())]

    def close(self) -> str:
        """End the statement, and the graph unless it is the default one."""
        end = (" .\n" if self.subject else "") + ("}\n" if self.graph else "")
        self.graph = self.subject = self.predicate = ""
        return end


def jsonld(batches: Iterable[list[Quad]]) -> Iterator[bytes]:
    """Yield quads as expanded JSON-LD, a node a line for each run of statements about one resource.

    Raises `Unwritable` for what JSON-LD cannot say: a triple as a term, a base direction.
    """
    quads = (quad for batch in batches for quad in batch)
    between = "[\n"
    for graph, inside in groupby(quads, key=lambda quad: quad[3]):
        if graph:
            yield f'{between}{{"@id": "{_id(graph)}", "@graph": ['.encode()
            between = "\n"
        for subject, rows in groupby(inside, key=lambda quad: quad[0]):
            yield f"{between}{_node(subject, rows)}".encode()
            between = ",\n"
        if graph:
            yield b"]}"
    yield b"[]\n" if between == "[\n" else b"\n]\n"


def _node(subject: str, rows: Iterable[Quad]) -> str:
    values: dict[str, list[str]] = {}
    for _, predicate, object_, _ in rows:
        if predicate == RDF.type and object_[0] != '"':
            values.setdefault("@type", []).append(f'"{_id(object_)}"')
        else:
            values.setdefault(predicate[1:-1], []).append(_value(object_))
    parts = (f', "{key}": [{", ".join(texts)}]' for key, texts in values.items())
    return f'{{"@id": "{_id(subject)}"{"".join(parts)}}}'


def _id(term: str) -> str:
    return term if term[0] == "_" else term[1:-1]


def _value(term: str) -> str:
    if term[:2] == "<<":
        raise Unwritable("JSON-LD", term, "it is a triple (RDF 1.2)")
    if term[0] != '"':
        return f'{{"@id": "{_id(term)}"}}'
    at = term.rindex('"') + 1
    # The escapes of canonical N-Triples are those of JSON, so the text stays as it is.
    text, rest = term[:at], term[at:]
    if "--" in rest and rest[0] == "@":
        raise Unwritable("JSON-LD", term, "it has a base direction (RDF 1.2)")
    if not rest:
        return f'{{"@value": {text}}}'
    kind = f'"@language": "{rest[1:]}"' if rest[0] == "@" else f'"@type": "{rest[3:-1]}"'
    return f'{{"@value": {text}, {kind}}}'
