"""Putting statements into a block of Turtle, in the style of what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg import terms
from kg.iri import Prefixes
from kg.repair.patch import Edit, Range, merged
from kg.repair.turtle_frames import Cell, Frame, Group
from kg.vocab import RDF

_LINE_END = re.compile(r"\r\n|\r|\n|\Z")
_COMMENT = re.compile(r"[ \t]*[,;.]?[ \t]*#")
_INDENT = "    "
_LONGEST = 120


class New(NamedTuple):
    """A predicate and an object that a block is to have, for the wishes with these numbers."""

    predicate: str
    object: str
    wishes: frozenset[int]


def spelt(term: str, prefixes: Mapping[str, str], *, verb: bool = False) -> str:
    """Return a term as Turtle with the prefixes in force; an IRI that none fits is written in full.

    >>> spelt("<http://e.org/a>", {"ex": "http://e.org/"}), spelt('"1"^^<urn:t>', {})
    ('ex:a', '"1"^^<urn:t>')
    """
    if verb and term == RDF.type:
        return "a"
    if term[0] == "<":
        return Prefixes(prefixes).compress(term[1:-1]) or term
    if term[0] == '"' and term[-1] == ">":
        kind = terms.datatype(term)
        return term[: term.rindex('"') + 1] + "^^" + spelt(f"<{kind}>", prefixes)
    return term


class Inserter:
    """Inserts into the blocks of one text, of which some ranges go."""

    def __init__(self, text: str, gone: Sequence[Range]) -> None:
        self.text = text
        self.gone = {start: end for start, end, _ in merged(text, gone)}

    # -- into a block ------------------------------------------------------------

    def insert(self, frame: Frame, news: Sequence[New]) -> Iterator[Edit]:
        """Yield the edits that give a block more predicates and objects, of which some stay; signs may change."""
        groups = {group.predicate: group for group in frame.groups if any(not cell.gone for cell in group.cells)}
        fresh: dict[str, list[New]] = {}
        known: dict[str, list[New]] = {}
        for new in news:
            (known if new.predicate in groups else fresh).setdefault(new.predicate, []).append(new)
        for predicate, objects in known.items():
            yield self._into_group(frame, groups[predicate], objects)
        if fresh:
            yield from self._behind(frame, fresh)

    def _into_group(self, frame: Frame, group: Group, news: Sequence[New]) -> Edit:
        stay = [cell for cell in group.cells if not cell.gone]
        last = stay[-1]
        lines = len(stay) > 1 and self._broken(stay[-2].span.end, last.span.start)
        between = self._newline(last.span.start) + self._margin(last.span.start) if lines else " "
        joint = (" ," if self.text[last.span.end : last.span.end + 1].isspace() else ",") + between
        objects = [spelt(new.object, frame.prefixes) for new in news]
        wishes = frozenset().union(*(new.wishes for new in news))
        if _COMMENT.match(self.text, last.span.end):
            # The comment is about the object before it.
            return Edit(last.span.start, last.span.start, "".join(made + joint for made in objects), wishes)
        return Edit(last.span.end, last.span.end, "".join(joint + made for made in objects), wishes)

    def _behind(self, frame: Frame, fresh: Mapping[str, Sequence[New]]) -> Iterator[Edit]:
        """Put predicates behind the last one that stays."""
        wishes = frozenset().union(*(new.wishes for news in fresh.values() for new in news))
        last = [cell for cell in frame.cells() if not cell.gone][-1]
        signs = [sign for sign in last.signs if sign.text]
        margin = self._own_line(frame)
        made = [
            self._filled(
                spelt(predicate, frame.prefixes, verb=True),
                [spelt(new.object, frame.prefixes) for new in news],
                None if margin is None else self._newline(last.span.end) + margin.replace(";", " ") + _INDENT,
            )
            for predicate, news in fresh.items()
        ]
        if signs and signs[0].text == ";":
            yield from self._after_semicolon(last, made, margin, wishes)
        elif margin is None:
            yield Edit(last.span.end, last.span.end, "".join(f" ; {one}" for one in made), wishes)
        elif signs and not self._broken(last.span.end, signs[0].start):
            yield from self._before_dot(last, made, margin, wishes)
        else:
            yield from self._before_end(last, made, margin, wishes)

    @staticmethod
    def _filled(verb: str, objects: Sequence[str], newline: str | None) -> str:
        """Return a predicate with its objects, on several lines where one would be too long."""
        lines, line = list[str](), verb
        for number, one in enumerate(objects):
            piece = one + "," * (number + 1 < len(objects))
            if newline is not None and len(newline) + len(line) + len(piece) > _LONGEST and line != verb:
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}"
        return (newline or " ").join([*lines, line])

    def _after_semicolon(
        self, last: Cell, made: Sequence[str], margin: str | None, wishes: frozenset[int]
    ) -> Iterator[Edit]:
        """Go on behind a semicolon that ends the block."""
        at = [sign for sign in last.signs if sign.text == ";"][-1].end
        if margin is None:
            yield Edit(at, at, "".join(f" {one} ;" for one in made), wishes)
            return
        margin = margin.rstrip("; \t") if ";" in margin else margin
        end = self._free(at)
        at = at if end is None else end
        yield Edit(at, at, "".join(f"{self._newline(at)}{margin}{one} ;" for one in made), wishes)

    def _before_dot(self, last: Cell, made: Sequence[str], margin: str, wishes: frozenset[int]) -> Iterator[Edit]:
        """Go on where the dot stands on the line of the last object."""
        dot = next(sign for sign in last.signs if sign.text)
        joint = " ;" if self.text[dot.start - 1].isspace() or dot.lead else ";"
        end = self._free(dot.end)
        lines = self._lines(made, margin, joint, dot.end)
        if end is None or not self._comment(dot.end):
            yield Edit(last.span.end, last.span.end, f"{'' if ';' in margin else joint}{lines}", wishes)
            return
        # A comment behind the dot stays with its line.
        if ";" in margin:
            dot.becomes("", wishes)
        else:
            dot.becomes(";", wishes)
        yield Edit(end, end, f"{lines}{joint.replace(';', '.')}", wishes)

    def _before_end(self, last: Cell, made: Sequence[str], margin: str, wishes: frozenset[int]) -> Iterator[Edit]:
        """Go on where the dot, bracket or brace that ends the block stands on a line of its own."""
        end = self._free(last.span.end)
        lines = self._lines(made, margin, " ;", last.span.end)
        if end is None:
            yield Edit(last.span.end, last.span.end, "".join(f" ; {one}" for one in made), wishes)
            return
        if ";" not in margin:
            yield Edit(last.span.end, last.span.end, " ;", wishes)
        yield Edit(end, end, lines, wishes)

    def _lines(self, made: Sequence[str], margin: str, joint: str, at: int) -> str:
        newline = self._newline(at)
        if ";" in margin:
            return "".join(f"{newline}{margin}{one}" for one in made)
        return joint.join(f"{newline}{margin}{one}" for one in made)

    def _own_line(self, frame: Frame) -> str | None:
        """Return what stands before each predicate on its line: blanks, or blanks and a semicolon; None on one line."""
        found = None
        for group in frame.groups:
            before = self.text[self._line_start(group.verb.start) : group.verb.start]
            if not before.replace(";", "", 1).strip(" \t") and not any(cell.gone for cell in group.cells[:1]):
                found = before
        if found is None:
            inside = self.text[frame.start : [cell for cell in frame.cells() if not cell.gone][-1].span.end]
            return _INDENT if "\n" in inside and not self._quoted(frame) else None
        return found

    def _quoted(self, frame: Frame) -> bool:
        """Tell whether line ends stand only inside its literals."""
        return any("\n" in self.text[cell.span.start : cell.span.end] for cell in frame.cells())

    # -- whole statements --------------------------------------------------------

    def state(self, frame: Frame, news: Sequence[New], *, full: bool) -> Iterator[Edit]:
        """Yield the edits that put statements of their own behind that of a block, one each line."""
        last = list(frame.cells())[-1]
        if not last.signs:
            yield from self.insert(frame, news)
            return
        prefixes = {} if full else frame.prefixes
        wishes = frozenset().union(*(new.wishes for new in news))
        graph = f" {frame.graph}" if full and frame.graph else ""
        first = TOKEN_END.match(self.text, frame.start)
        subject = first[0] if first and not full else frame.subject
        made = [
            f"{subject} {new.predicate if full else spelt(new.predicate, prefixes, verb=True)} "
            f"{spelt(new.object, prefixes)}{graph} ."
            for new in news
        ]
        end = self._free(last.signs[-1].end)
        if last.gone:
            # The line goes: what comes stands in its place.
            newline = self._newline(frame.start)
            yield Edit(frame.start, frame.start, "".join(one + newline for one in made), wishes)
        elif end is None:
            at = last.signs[-1].end
            yield Edit(at, at, "".join(f" {one}" for one in made), wishes)
        else:
            margin = self._margin(frame.start)
            yield Edit(end, end, "".join(f"{self._newline(end)}{margin}{one}" for one in made), wishes)

    # -- the text around ---------------------------------------------------------

    def _free(self, at: int) -> int | None:
        """Return where the line ends when only blanks, a comment or what goes follow on it; else None."""
        text = self.text
        while True:
            while at < len(text) and text[at] in " \t":
                at += 1
            if at in self.gone:
                at = self.gone[at]
                continue
            break
        if at < len(text) and text[at] not in "\r\n#":
            return None
        found = _LINE_END.search(text, at)
        return found.start() if found else len(text)

    def _comment(self, at: int) -> bool:
        return "#" in self.text[at : self._free(at) or at]

    def _broken(self, start: int, end: int) -> bool:
        return "\n" in self.text[start:end] or "\r" in self.text[start:end]

    def _line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def _margin(self, at: int) -> str:
        """Return the blanks that begin the line of a place."""
        start = self._line_start(at)
        found = re.compile(r"[ \t]*").match(self.text, start)
        return found[0] if found else ""

    def _newline(self, at: int) -> str:
        """Return the line end that is in use at a place: that of its line, or of the line before."""
        found = _LINE_END.search(self.text, at)
        if found and found[0]:
            return found[0]
        before = self.text.rstrip(" \t")[:at]
        return "\r\n" if "\r\n" in before else "\r" if "\r" in before and "\n" not in before else "\n"


#: A subject as it is written.
TOKEN_END = re.compile(r"<[^>]*>|[^\s<>\"'#;,\[\](){}]+")
