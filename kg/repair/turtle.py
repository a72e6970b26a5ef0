"""The editor of Turtle, TriG, N-Triples and N-Quads: changes of statements as edits of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.interop import Quad
from kg.repair.change import ADD, AGAIN, BLANKS, NAMESPACE, REMOVE, REPLACE, TAGS, Change, Refused
from kg.repair.patch import Edit, Range, joined, without
from kg.repair.turtle_delete import deletions
from kg.repair.turtle_frames import Cell, Frame, Group, frames
from kg.repair.turtle_insert import Inserter, New, spelt
from kg.syntax import turtle_spelling
from kg.vocab import RDF

_LINES = frozenset(["ntriples", "nquads"])
_SPELLING = {TAGS: turtle_spelling.tags, BLANKS: turtle_spelling.blanks, NAMESPACE: turtle_spelling.namespace}


def edits(text: str, changes: Sequence[Change], base: str, format_name: str) -> list[Edit]:
    """Return the edits that make changes in a text, in order.

    Raises `Refused` with the wishes that cannot be met here, and why.
    """
    return _Editor(text, base, lines=format_name in _LINES).edits(changes)


class _Editor:
    def __init__(self, text: str, base: str, *, lines: bool) -> None:
        self.text, self.base, self.lines = text, base, lines
        self.frames: list[Frame] = []
        #: the statements about each subject of each graph
        self.about: dict[tuple[str, str], list[Frame]] = {}
        self.places: dict[Quad, list[tuple[Frame, Group, Cell]]] = {}
        self.made: list[Edit] = []

    def edits(self, changes: Sequence[Change]) -> list[Edit]:
        made = [
            Edit(*better, frozenset([change.wish]))
            for change in changes
            for better in (_SPELLING[change.kind](self.text) if change.kind in _SPELLING else ())
        ]
        stated = [change for change in changes if change.kind in {REMOVE, ADD, REPLACE, AGAIN}]
        if stated:
            self._read(stated)
            news = list(self._take_out(stated))
            made += self._edited(news)
        try:
            return joined([*made, *self.made])
        except ValueError as clash:
            (wishes,) = clash.args
            raise Refused({max(wishes): "another repair changes the same words; run it again"}) from clash

    def _read(self, changes: Sequence[Change]) -> None:
        subjects = {quad[0] for change in changes for quad in (change.old, change.new) if quad}
        everywhere = any(subject.startswith("_:[") for subject in subjects)
        self.frames = list(frames(self.text, self.base, lambda subject: everywhere or subject in subjects))
        for frame in self.frames:
            if not frame.inner:
                self.about.setdefault((frame.subject, frame.graph), []).append(frame)
            for group in frame.groups:
                for cell in group.cells:
                    self.places.setdefault(cell.quad, []).append((frame, group, cell))

    # -- what goes ---------------------------------------------------------------

    def _take_out(self, changes: Sequence[Change]) -> Iterator[tuple[Quad, int]]:
        """Mark what goes, replace what can be replaced in its place; yield what is to be inserted."""
        refused: dict[int, str] = {}
        for change in changes:
            places = self.places.get(change.old, []) if change.old else []
            replaced = bool(places) and change.kind == REPLACE and self._replace(*places[0], change)
            gone = places[1:] if replaced or change.kind == AGAIN else places
            if change.old and not places:
                refused[change.wish] = "the statement is not found in the text as it is written there"
            elif any(self.text[cell.span.start] in "[(" for _, _, cell in gone):
                refused[change.wish] = "what would go holds more in brackets"
            for _, _, cell in gone:
                cell.gone |= {change.wish}
            if change.new is not None and not replaced:
                yield change.new, change.wish
        if refused:
            raise Refused(refused)

    def _replace(self, frame: Frame, group: Group, cell: Cell, change: Change) -> bool:
        """Write another predicate or another object in the place of one, if nothing else hangs on it."""
        old, new = change.old, change.new
        if old is None or new is None or cell.gone or (old[0], old[3]) != (new[0], new[3]):
            return False
        wish = frozenset([change.wish])
        prefixes = {} if self.lines else frame.prefixes
        if old[1] == new[1]:
            self.made.append(Edit(*cell.span, spelt(new[2], prefixes), wish))
            return True
        if old[2] == new[2] and len(group.cells) == 1:
            self.made.append(Edit(*group.verb, spelt(new[1], prefixes, verb=not self.lines), wish))
            return True
        return False

    # -- the edits ---------------------------------------------------------------

    def _edited(self, news: Sequence[tuple[Quad, int]]) -> Iterator[Edit]:
        gone: list[Range] = []
        for frame in self.frames:
            gone += deletions(self.text, frame)
        cleared = [sign for frame in self.frames for sign in frame.signs if not sign.text]
        inserter = Inserter(self.text, [*gone, *((sign.start, sign.end, sign.wishes) for sign in cleared)])
        yield from self._inserted(news, inserter)
        for frame in self.frames:
            for sign in frame.signs:
                if not sign.text:
                    gone.append((sign.start, sign.end, sign.wishes))
                elif sign.text != sign.was:
                    yield Edit(sign.start, sign.end, sign.lead + sign.text, sign.wishes)
        yield from without(self.text, gone)

    def _inserted(self, news: Sequence[tuple[Quad, int]], inserter: Inserter) -> Iterator[Edit]:
        wanted: dict[int, tuple[Frame, dict[tuple[str, str], frozenset[int]]]] = {}
        refused: dict[int, str] = {}
        for (subject, predicate, object_, graph), wish in news:
            frame = self._home(subject, predicate, graph)
            if frame is None:
                refused[wish] = "the text has no block of this subject to put it in"
                continue
            known = wanted.setdefault(id(frame), (frame, {}))[1]
            known[predicate, object_] = known.get((predicate, object_), frozenset()) | {wish}
        if refused:
            raise Refused(refused)
        for frame, made in wanted.values():
            new = [New(predicate, object_, wishes) for (predicate, object_), wishes in made.items()]
            if self._by_statement(frame):
                yield from inserter.state(frame, new, full=self.lines)
            else:
                yield from inserter.insert(frame, new)

    def _home(self, subject: str, predicate: str, graph: str) -> Frame | None:
        """Return the block that a statement fits into best: with its predicate, else with a type, else the largest."""
        known = self.about.get((subject, graph), [])
        found = [frame for frame in known if any(not cell.gone for cell in frame.cells())]
        if self.lines and not found:
            found = known
        if self.lines or (found and self._by_statement(found[0])):
            same = [frame for frame in found if frame.groups[0].predicate == predicate]
            return (same or found)[-1] if found else None

        def fit(frame: Frame) -> tuple[bool, bool, int]:
            predicates = {group.predicate for group in frame.groups if any(not cell.gone for cell in group.cells)}
            return predicate in predicates, RDF.type in predicates, len(predicates)

        return max(found, key=fit, default=None)

    def _by_statement(self, frame: Frame) -> bool:
        """Tell whether the text states one thing of a subject after the other."""
        if self.lines:
            return True
        same = self.about[frame.subject, frame.graph]
        single = [other for other in same if len(list(other.cells())) == 1]
        return len(same) > 2 and len(single) == len(same)
