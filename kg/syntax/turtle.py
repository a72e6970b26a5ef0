"""Where statements stand in Turtle, TriG, N-Triples and N-Quads.

The text is passed over statement by statement; only those with a subject that is asked
for are read. Nothing here runs unless a place is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import accumulate, compress

from kg.interop import Quad
from kg.syntax.turtle_tokens import ITSELF, LINE, LONG, items
from kg.syntax.turtle_walk import Problem, Scope, walk
from kg.terms import language
from kg.text import Span

_ANY_BLANK = "_:"
#: So many statements are looked for line by line first, since large files mostly have one on a line.
MANY = 500
#: So many characters are cut into lines at once.
_PIECE = 1 << 22


def locate(data: bytes, statements: Collection[Quad], base: str | None = None) -> dict[Quad, Span]:
    """Return where each of the statements stands: the range of its object, which is what a person edits.

    Ranges count the characters of the decoded text, the byte order mark left out. An
    object in brackets ranges from bracket to bracket; a statement that stands there
    several times has its first place; one that does not stand there has none. `base`
    is what relative IRIs are resolved against. What a lenient reading mends is found
    where it stands, as it is mended.

    A blank node's label in the text is looked for first. One that is not there, since the
    node has no label or was renamed, is nobody's: the statements that are equal but for
    such nodes get the places that are equal but for them, in the order of the text.

    >>> text = b'@prefix ex: <http://e.org/> . ex:a ex:p 1, "x"@EN .'
    >>> locate(text, [("<http://e.org/a>", "<http://e.org/p>", '"x"@en', "")])
    {('<http://e.org/a>', '<http://e.org/p>', '"x"@en', ''): Span(start=43, end=49)}
    """
    text = data.decode("utf-8-sig")
    wanted = _Wanted(statements)
    if len(statements) >= MANY:
        wanted.look_at_lines(text)
        if wanted.settled():
            return wanted.places()
    scope, graph = Scope(base), ""
    for item in items(text):
        kind = item.lastgroup
        if kind == "end":
            start, end = item.span()
            if wanted.may_stand_in(item["subject"], text, start, end, scope):
                wanted.look_at(text, start, end, scope, graph)
                if wanted.settled():
                    break
        elif kind == "namespace":
            scope.declare(item["prefix"], item["namespace"])
        elif kind == "base":
            scope.rebase(item["base"])
        elif kind == "open":
            graph = _graph(item["graph"], item.start("graph"), scope)
        else:
            graph = ""
    return wanted.places()


def _graph(token: str, start: int, scope: Scope) -> str:
    if not token or token[0] == "[":
        return f"{_ANY_BLANK}[{start}" if token else ""
    return token if token.startswith(_ANY_BLANK) else scope.iri(token) or ""


def _blanked(quad: Iterable[str]) -> tuple[str, ...]:
    """Return a quad with every blank node the same."""
    return tuple(_ANY_BLANK if term.startswith(_ANY_BLANK) else term for term in quad)


def _lower_tag(term: str) -> str:
    """Return a literal with its language tag as many write it."""
    tag = language(term) if term[0] == '"' else None
    return term if tag is None else term[: -len(tag)] + tag.lower()


class _Wanted:
    """The statements that are looked for, and the places found so far."""

    def __init__(self, statements: Collection[Quad]) -> None:
        self.found: dict[Quad, Span] = {}
        self.ground = {quad for quad in statements if _ANY_BLANK not in _blanked(quad)}
        self.blank = [quad for quad in statements if quad not in self.ground]
        # Where a statement with blank nodes may stand, by what is not blank in it.
        self.candidates: dict[tuple[str, ...], list[tuple[Quad, Span]]] = {_blanked(quad): [] for quad in self.blank}
        # How many statements of each subject are still looked for.
        self.subjects = Counter(quad[0] for quad in dict.fromkeys(statements) if not quad[0].startswith(_ANY_BLANK))
        # The subjects and properties of what is looked for, unless that has blank nodes, which may be any.
        self.links = {quad[:2] for quad in self.ground} if not self.blank else set()
        self.blank_subject = any(quad[0].startswith(_ANY_BLANK) for quad in self.blank)

    def look_at_lines(self, text: str) -> None:
        """Note the statements that stand on a line of their own, as canonical N-Triples has them.

        Such a line is a whole statement wherever it stands, unless it is in a long string or in
        the block of a graph: a text that may have those is not looked at.
        """
        if any(quotes in text for quotes in LONG):
            return
        ground = [quad for quad in self.ground if not quad[3]]
        wanted = {f"{s} {p} {_lower_tag(o)} .": (s, p, o, g) for s, p, o, g in ground}
        wanted |= {f"{s} {p} {o} .": (s, p, o, g) for s, p, o, g in ground}
        found: list[tuple[str, int]] = []
        start = 0
        while start < len(text):
            stop = text.find("\n", start + _PIECE) + 1 or len(text)
            lines = text[start:stop].split("\n")
            if text.find("{", start, stop) >= 0 and any("{" in line and not LINE.match(line) for line in lines):
                return
            # Where each line begins, less the line ends before it; a million of them pass here.
            if hits := list(compress(range(len(lines)), map(wanted.__contains__, lines))):
                begins = list(accumulate(map(len, lines), initial=start))
                found += [(lines[number], begins[number] + number) for number in hits]
            start = stop
        for line, begin in found:
            quad = wanted[line]
            self._note(quad, Span(begin + len(quad[0]) + len(quad[1]) + 2, begin + len(line) - 2))

    def may_stand_in(self, subject: str | None, text: str, start: int, end: int, scope: Scope) -> bool:
        """Tell whether a statement with this subject is worth reading."""
        if subject is None or subject.startswith(_ANY_BLANK):
            # "()" is rdf:nil, the one IRI that is written in brackets.
            return self.blank_subject or (subject is None and bool(self.subjects) and text.find("(", start, end) >= 0)
        if subject in self.subjects:
            return True
        if not ITSELF.fullmatch(subject) and scope.iri(subject) in self.subjects:
            return True
        return self.blank_subject and (text.find("[", start, end) >= 0 or text.find("(", start, end) >= 0)

    def look_at(self, text: str, start: int, end: int, scope: Scope, graph: str) -> None:
        """Read a statement and note the places of what is looked for."""
        if self.links and self._is_plain(text, start, end, graph):
            return
        try:
            for triple in walk(text, start, end, scope):
                subject, predicate, object_, name = triple[:4]
                if subject is None or predicate is None or object_ is None:
                    continue  # its prefix is not declared
                quad = subject, predicate, object_, graph if name is None else name
                if quad in self.ground:
                    self._note(quad, triple.span)
                    if not self.blank and subject not in self.subjects:
                        return  # nothing more is asked of it
                elif self.blank and (places := self.candidates.get(_blanked(quad))) is not None:
                    places.append((quad, triple.span))
        except Problem:
            # A strict parser has refused this statement, or it is of RDF 1.2: what stands before counts.
            return

    def _is_plain(self, text: str, start: int, end: int, graph: str) -> bool:
        """Tell whether a statement is so plain that it is read here, or that nothing looked for can stand in it."""
        plain = LINE.match(text[start:end])
        if plain is None:
            return False
        subject, predicate, object_ = plain.group(1, 2, "object")
        if (subject, predicate) not in self.links:
            return True
        quad = subject, predicate, object_, graph
        if quad not in self.ground:
            return False  # spelt in another way, or another statement
        self._note(quad, Span(start + plain.start("object"), start + plain.end("object")))
        return True

    def _note(self, quad: Quad, span: Span) -> None:
        """Note the first place of a statement."""
        if quad not in self.found:
            self.found[quad] = span
            self._count_down(quad[0])

    def _count_down(self, subject: str) -> None:
        """Note that one more statement of a subject is found."""
        self.subjects[subject] -= 1
        if not self.subjects[subject]:
            del self.subjects[subject]

    def settled(self) -> bool:
        """Tell whether nothing more can be learnt."""
        return not self.blank and len(self.found) == len(self.ground)

    def places(self) -> dict[Quad, Span]:
        """Return the places, those of blank nodes given out."""
        left: dict[tuple[str, ...], list[Quad]] = {}
        for quad in sorted(self.blank):
            places = self.candidates[_blanked(quad)]
            exact = next((number for number, (other, _) in enumerate(places) if other == quad), None)
            if exact is None:
                left.setdefault(_blanked(quad), []).append(quad)
            else:
                self.found[quad] = places[exact][1]
        taken = set(self.found.values())
        for key, quads in left.items():
            spans = [span for _, span in self.candidates[key]]
            free = [span for span in spans if span not in taken] or spans
            for number, quad in enumerate(quads[: len(quads) if free else 0]):
                self.found[quad] = free[min(number, len(free) - 1)]
        return self.found
