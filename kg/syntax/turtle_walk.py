"""One statement of the Turtle family, token by token: its triples and where their objects stand.

A machine with a stack of its own (never Python's, so nesting of any depth is no
danger), after the grammar of W3C RDF 1.1 Turtle (section 6.5) and N-Quads. The terms
of RDF 1.2 are known and not read: a statement that has one raises `Foreign`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, NamedTuple

from kg.syntax import mend
from kg.syntax.resolve import resolve
from kg.syntax.turtle_tokens import tokens
from kg.terms import Term, iri, literal, unescape
from kg.text import Span
from kg.vocab import RDF, XSD

_WORDS = {word: literal(word, datatype=f"{XSD.base}boolean") for word in ("true", "false")}
_NAME_ESCAPE = re.compile(r"\\(.)")

# What the machine waits for.
SUBJECT, PREDICATE, OBJECT, AFTER, ITEM, END = range(6)
_WAITS = ("a subject", "a predicate", "an object", "one of , ; . ]", "a value or )", "a dot")
# What may stand where a predicate is awaited: nothing else; "]" in a bracket that was just opened;
# ";" and the end after a semicolon; the end after a subject in brackets that says something.
NOTHING, FRESH, SAID, ALONE = range(4)


class Problem(ValueError):
    """Text that is not of the grammar: `span` is the token at which it shows."""

    def __init__(self, span: Span, reason: str) -> None:
        super().__init__(span, reason)
        self.span, self.reason = span, reason


class Foreign(Problem):
    """A term of RDF 1.2, which is not read here."""


class Triple(NamedTuple):
    """One triple with its places; a term is None where its prefix is not declared.

    `depth` counts the brackets around it; a blank node without a label is called after
    the place of its bracket, as no label can be written.
    """

    subject: str | None
    predicate: str | None
    object: str | None
    graph: str | None
    verb: Span
    span: Span
    depth: int


class Scope:
    """The prefixes and the base in force, which turn tokens into terms.

    >>> scope = Scope("http://e.org/a/")
    >>> scope.declare("ex", "<../b#>")
    >>> scope.iri("ex:c"), scope.iri("<d>"), scope.iri("no:e")
    ('<http://e.org/b#c>', '<http://e.org/a/d>', None)
    """

    __slots__ = ("base", "prefixes")

    def __init__(self, base: str | None = None) -> None:
        self.base = base
        self.prefixes: dict[str, str] = {}

    def declare(self, prefix: str, token: str) -> None:
        """Declare a prefix for the namespace of an IRI token."""
        self.prefixes[prefix] = self._resolved(token)

    def rebase(self, token: str) -> None:
        """Make the IRI of a token the base."""
        self.base = self._resolved(token)

    def iri(self, token: str) -> Term | None:
        """Return the IRI of a token, mended where it is malformed; None for a prefix that is not declared."""
        if token[0] == "<":
            return iri(self._resolved(token))
        prefix, _, local = token.partition(":")
        namespace = self.prefixes.get(prefix)
        if namespace is None:
            return None
        return iri(namespace + (_NAME_ESCAPE.sub(r"\1", local) if "\\" in local else local))

    def _resolved(self, token: str) -> str:
        text = mend.iri(token[1:-1])
        return text if self.base is None else resolve(self.base, text)

    def literal(self, found: re.Match[str]) -> Term | None:
        """Return the literal of a token, a malformed tag mended."""
        quoted, tag, datatype = found["string"], found["tag"], found["datatype"]
        width = 3 if quoted[:3] in {'"""', "'''"} else 1
        body = quoted[width:-width]
        if "\\" in body:
            body = unescape(mend.string(body))
        if tag is not None:
            return literal(body, mend.tag(tag[1:]))
        if datatype is None:
            return literal(body)
        kind = self.iri(datatype)
        return None if kind is None else literal(body, datatype=kind[1:-1])


def walk(text: str, start: int, end: int, scope: Scope) -> Iterator[Triple]:
    """Yield the triples of one statement that stands in a stretch of text.

    Raises `Problem` where the text is not of the grammar, `Foreign` for terms of RDF 1.2.
    """
    machine = Machine(scope)
    for found in tokens(text, start, end):
        done = machine.feed(found)
        # The graph name of N-Quads comes after the object.
        if machine.state != AFTER or done:
            yield from machine.triples
            machine.triples.clear()
        if done:
            machine = Machine(scope)
    yield from machine.triples


class Machine:
    """Takes the tokens of one statement; its `triples` grow as objects are complete."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.state = SUBJECT
        self.triples: list[Triple] = []
        self._subject: str | None = None
        self._predicate: str | None = None
        self._verb = Span(0, 0)
        self._instead = NOTHING
        # Whether this may be a line of N-Quads.
        self._plain = True
        # For each open bracket: where it stands, and the state, subject, predicate and verb outside.
        self._stack: list[tuple[int, int, str | None, str | None, Span]] = []
        # For each open list: its first cell and its latest.
        self._lists: list[tuple[str, str]] = []

    @property
    def complete(self) -> bool:
        """Tell whether the statement could end here."""
        done = self.state in {AFTER, END} or (self.state == PREDICATE and self._instead in {SAID, ALONE})
        return done and not self._stack

    @property
    def waits(self) -> str:
        """Say what is awaited."""
        return _WAITS[self.state]

    def feed(self, found: re.Match[str]) -> bool:
        """Take a token and tell whether it ends the statement.

        Raises `Problem` where the token does not fit, `Foreign` for terms of RDF 1.2.
        """
        kind = found.lastgroup or "bad"
        span = Span(*found.span(kind))
        if kind == "sign":
            if found["sign"] == "." and self.complete:
                return True
            act = self._ACTS.get((found["sign"], self.state))
            if act is None:
                raise self._unexpected(found, span)
            self._plain = False
            act(self, found, span)
            return False
        if kind == "star":
            raise Foreign(span, "a term of RDF 1.2")
        term = self._term(kind, found, span)
        self._plain = self._plain and kind in {"iri", "blank", "literal"}
        if self.state == AFTER and self._plain:
            self.triples[-1] = self.triples[-1]._replace(graph=term)
            self.state = END
        else:
            self._node(term, span, found)
        return False

    def _term(self, kind: str, found: re.Match[str], span: Span) -> str | None:
        written = found[kind]
        if kind in {"iri", "name"}:
            return self.scope.iri(written)
        if kind == "blank" and self.state != PREDICATE:
            return Term(written)
        if kind == "word" and written == "a" and self.state == PREDICATE:
            return RDF.type
        if self.state in {OBJECT, ITEM}:
            if kind == "literal":
                return self.scope.literal(found)
            if kind == "number":
                name = "double" if "e" in written.lower() else "decimal" if "." in written else "integer"
                return literal(written, datatype=XSD.base + name)
            if written in _WORDS:
                return _WORDS[written]
        raise self._unexpected(found, span)

    def _node(self, term: str | None, span: Span, found: re.Match[str]) -> None:
        """Take a complete term: a token, or what stands between brackets."""
        if self.state == SUBJECT:
            self._subject, self.state, self._instead = term, PREDICATE, NOTHING
        elif self.state == PREDICATE:
            self._predicate, self._verb, self.state = term, span, OBJECT
        elif self.state == OBJECT:
            self._emit(self._subject, self._predicate, term, span)
            self.state = AFTER
        elif self.state == ITEM:
            self._append(term, span)
        else:
            raise self._unexpected(found, span)

    def _emit(self, subject: str | None, predicate: str | None, object_: str | None, span: Span) -> None:
        self.triples.append(Triple(subject, predicate, object_, None, self._verb, span, len(self._stack)))

    def _append(self, term: str | None, span: Span) -> None:
        """Add an element to the innermost list: a cell of its own."""
        head, last = self._lists[-1]
        cell = f"_:({span.start}"
        if last:
            self._emit(last, RDF.rest, cell, span)
        self._lists[-1] = (head or cell, cell)
        self._emit(cell, RDF.first, term, span)

    # -- signs ------------------------------------------------------------------

    def _comma(self, _found: re.Match[str], _span: Span) -> None:
        self.state = OBJECT

    def _semicolon(self, found: re.Match[str], span: Span) -> None:
        if self.state == PREDICATE and self._instead != SAID:
            raise self._unexpected(found, span)
        self.state, self._instead = PREDICATE, SAID

    def _open(self, found: re.Match[str], span: Span) -> None:
        self._stack.append((span.start, self.state, self._subject, self._predicate, self._verb))
        if found["sign"] == "(":
            self._lists.append(("", ""))
            self.state = ITEM
        else:
            self._subject, self.state, self._instead = f"_:[{span.start}", PREDICATE, FRESH

    def _close(self, found: re.Match[str], span: Span) -> None:
        if not self._stack or (self.state == PREDICATE and self._instead not in {FRESH, SAID}):
            raise self._unexpected(found, span)
        in_list = self.state == ITEM
        node, alone = (self._list_end(span), NOTHING) if in_list else (self._subject, ALONE)
        if self._instead == FRESH and self.state == PREDICATE:
            alone = NOTHING
        start, self.state, self._subject, self._predicate, self._verb = self._stack.pop()
        self._node(node, Span(start, span.end), found)
        if self.state == PREDICATE:
            # The brackets are the subject; with something said inside they may stand alone.
            self._instead = alone

    def _list_end(self, span: Span) -> str:
        head, last = self._lists.pop()
        if last:
            self._emit(last, RDF.rest, RDF.nil, span)
        return head or RDF.nil

    def _unexpected(self, found: re.Match[str], span: Span) -> Problem:
        token = found[found.lastgroup or 0].strip()
        shown = token if len(token) <= 40 else f"{token[:40]}…"
        return Problem(span, f"{self.waits} is awaited, and there is {shown}")

    #: what a sign does, by the sign and the state
    _ACTS: ClassVar[Mapping[tuple[str, int], Callable[[Machine, re.Match[str], Span], None]]] = {
        (",", AFTER): _comma,
        (";", AFTER): _semicolon,
        (";", PREDICATE): _semicolon,
        ("[", SUBJECT): _open,
        ("[", OBJECT): _open,
        ("[", ITEM): _open,
        ("(", SUBJECT): _open,
        ("(", OBJECT): _open,
        ("(", ITEM): _open,
        ("]", AFTER): _close,
        ("]", PREDICATE): _close,
        (")", ITEM): _close,
    }
