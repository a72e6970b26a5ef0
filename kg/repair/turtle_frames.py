"""The statements of a text of the Turtle family as blocks: subject, predicates, objects, and the signs between.

Only what is asked for is read closely, as in `kg.syntax.turtle`; every place is a range of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kg.interop import Quad
from kg.syntax.turtle_spelling import graph_name
from kg.syntax.turtle_tokens import TOKEN, items
from kg.syntax.turtle_walk import Problem, Scope, walk
from kg.text import Span

_NONE: frozenset[int] = frozenset()


class Sign:
    """A comma, semicolon or dot behind an object; `text` is what will stand there, behind the blank `lead` if any."""

    __slots__ = ("end", "lead", "start", "text", "was", "wishes")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end, self.was, self.text, self.lead = start, end, text, text, ""
        self.wishes = _NONE

    def becomes(self, text: str, wishes: frozenset[int]) -> None:
        """Put another sign there, or none."""
        self.text, self.wishes = text, self.wishes | wishes


class Cell:
    """An object: its range, its statement, the signs behind it; `gone` are the wishes that take it out."""

    __slots__ = ("gone", "quad", "signs", "span")

    def __init__(self, span: Span, quad: Quad, signs: list[Sign]) -> None:
        self.span, self.quad, self.signs = span, quad, signs
        self.gone = _NONE


class Group(NamedTuple):
    """A predicate with its objects."""

    verb: Span
    predicate: str
    cells: list[Cell]


class Frame:
    """A subject with its predicates: a statement, or what stands in a pair of brackets.

    `start` is where the statement starts, `prefixes` are those in force there, `signs` all
    that stand behind its objects.
    """

    __slots__ = ("graph", "groups", "inner", "prefixes", "signs", "start", "subject")

    def __init__(self, subject: str, graph: str, start: int, *, inner: bool, prefixes: dict[str, str]) -> None:
        self.subject, self.graph, self.start, self.inner, self.prefixes = subject, graph, start, inner, prefixes
        self.groups: list[Group] = []
        self.signs: list[Sign] = []

    def cells(self) -> Iterator[Cell]:
        """Yield its objects in the order of the text."""
        for group in self.groups:
            yield from group.cells


#: Tells by the term of its subject whether a statement is worth reading; a bracket's is empty.
Wanted = Callable[[str], bool]


def frames(text: str, base: str | None, wanted: Wanted) -> Iterator[Frame]:
    """Yield the blocks of a text whose subjects are wanted, those in brackets inside them included."""
    scope, graph = Scope(base), ""
    prefixes: dict[str, str] = {}
    for item in items(text):
        kind = item.lastgroup
        if kind == "end":
            start, end = item.span()
            if wanted(_subject(item["subject"], scope)):
                yield from _read(text, start, end, scope, graph, prefixes)
        elif kind == "namespace":
            scope.declare(item["prefix"], item["namespace"])
            prefixes = dict(scope.prefixes)
        elif kind == "base":
            scope.rebase(item["base"])
        elif kind == "open":
            graph = graph_name(item["graph"], item.start("graph"), scope)
        elif kind == "close":
            graph = ""


def _subject(token: str | None, scope: Scope) -> str:
    if token is None:
        return ""
    return token if token.startswith("_:") else scope.iri(token) or ""


def _read(text: str, start: int, end: int, scope: Scope, graph: str, prefixes: dict[str, str]) -> Iterator[Frame]:
    found: dict[tuple[str, int], Frame] = {}
    first = TOKEN.match(text, start, end)
    begins = first.start(first.lastgroup or 0) if first else start
    try:
        for triple in walk(text, start, end, scope):
            subject, predicate, object_, name, verb, span, depth = triple
            if subject is None or predicate is None or object_ is None or subject.startswith("_:("):
                continue  # a prefix that is not declared, or a cell of a list
            key = subject, depth
            frame = found.get(key)
            if frame is None:
                own = graph if name is None else name
                frame = found[key] = Frame(subject, own, begins, inner=depth > 0, prefixes=prefixes)
            if not frame.groups or frame.groups[-1].verb != verb:
                frame.groups.append(Group(verb, predicate, []))
            signs = list(_signs(text, span.end, end))
            frame.signs += signs
            frame.groups[-1].cells.append(Cell(span, (subject, predicate, object_, frame.graph), signs))
    except Problem:
        # What is no statement of RDF 1.1 is left as it is.
        return
    yield from found.values()


def _signs(text: str, at: int, end: int) -> Iterator[Sign]:
    """Yield the signs behind an object, up to the first that is no semicolon; the graph of N-Quads is passed over."""
    found = TOKEN.match(text, at, end)
    if found and found.lastgroup in {"iri", "blank"}:
        found = TOKEN.match(text, found.end(), end)
    while found and found.lastgroup == "sign" and found["sign"] in ",;.":
        yield Sign(*found.span("sign"), found["sign"])
        if found["sign"] != ";":
            return
        found = TOKEN.match(text, found.end(), end)
