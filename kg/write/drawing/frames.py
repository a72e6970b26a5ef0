"""Relations as frames of pills: measured first, placed once their column is known.

A pill is the box of one label, a section the pills of one relation under its
heading, a frame the tinted box around the sections that share a connector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.write.drawing.metrics import Font, Wrapped, is_right_to_left, visible, width, wrap
from kg.write.drawing.neighbourhood import Group, Node

TEXT, LINE = Font(12), 15
HEADING, HEADING_LINE = Font(12, bold=True), 16
_HEADING_GAP = 5
_PILL_HEIGHT, _PILL_PAD, _PILL_GAP = 23, 10, 5
_PILL_LINES = 3
_PAD, _SECTION_GAP = 10, 12


class Pill(NamedTuple):
    """The box of a neighbour's label."""

    x: int
    y: int
    width: int
    height: int
    text: Wrapped
    node: Node


class Section(NamedTuple):
    """The pills of one relation under its heading; `note` stands after the heading, or on a line of its own."""

    x: int
    y: int
    width: int
    heading: Wrapped
    note: str
    note_below: bool
    relation: str
    pills: tuple[Pill, ...]


class Frame(NamedTuple):
    """The tinted box around the sections that share one connector."""

    x: int
    y: int
    width: int
    height: int
    family: str
    sections: tuple[Section, ...]


_Row = tuple[tuple[Wrapped, Node], ...]


class Part(NamedTuple):
    """A relation, or one of the pieces it is cut into, measured for a width but not yet placed."""

    group: Group
    pieces: int
    heading: Wrapped
    note: str
    note_below: bool
    rows: tuple[_Row, ...]
    width: int

    @property
    def top(self) -> int:
        """The height of the heading and of the gap below it."""
        return HEADING_LINE * (len(self.heading.lines) + self.note_below) + _HEADING_GAP

    @property
    def height(self) -> int:
        """The height of heading and pills."""
        return self.top + _rows_height(self.rows)


def shown(node: Node) -> str:
    """Return the label to show for a node: its key where the label shows nothing."""
    return visible(node.label) or visible(node.key) or "(no label)"


def _pill_height(text: Wrapped) -> int:
    return _PILL_HEIGHT + LINE * (len(text.lines) - 1)


def _row_height(row: _Row) -> int:
    return max(_pill_height(text) for text, _ in row)


def _rows_height(rows: Sequence[_Row]) -> int:
    return sum(map(_row_height, rows)) + _PILL_GAP * (len(rows) - 1)


def _flow(nodes: Sequence[Node], room: int) -> list[_Row]:
    """Fill rows with pills, as words fill lines."""
    rows: list[_Row] = []
    left = 0
    for node in nodes:
        text = wrap(shown(node), TEXT, room - 2 * _PILL_PAD, _PILL_LINES)
        needed = text.width + 2 * _PILL_PAD
        if not rows or needed > left:
            rows.append(())
            left = room
        rows[-1] += ((text, node),)
        left -= needed + _PILL_GAP
    return rows


def measure(group: Group, frame_width: int, tallest: int | None = None) -> list[Part]:
    """Measure a relation for a frame of a width.

    With `tallest` it is cut into as many pieces, of about equally many rows, as
    make none much higher than that.
    """
    room = frame_width - 2 * _PAD
    rows = _flow(group.nodes, room)
    pieces = min(len(rows), -(-_rows_height(rows) // tallest)) if tallest else 1
    heading = wrap(visible(group.relation) or "(no name)", HEADING, room, 2)
    parts = []
    for piece in range(pieces):
        notes = [] if group.outgoing else ["points here"]
        notes += [f"{piece + 1} of {pieces}"] if pieces > 1 else []
        note = " · ".join(notes)
        used = width(heading.lines[-1], HEADING) + width(f" · {note}", TEXT)
        below = bool(note) and (used > room or is_right_to_left(heading.lines[0]))
        kept = tuple(rows[piece * len(rows) // pieces : (piece + 1) * len(rows) // pieces])
        parts.append(Part(group, pieces, heading, note, below, kept, room))
    return parts


def frame_height(parts: Sequence[Part]) -> int:
    """Return the height of a frame around some sections."""
    return sum(part.height for part in parts) + _SECTION_GAP * (len(parts) - 1) + 2 * _PAD - 2


def place_frame(parts: Sequence[Part], x: int, y: int) -> Frame:
    """Place a frame around some sections of one family and width."""
    sections = []
    # A heading has some air above its letters: less padding there looks even.
    top = y + _PAD - 2
    for part in parts:
        sections.append(_place_section(part, x + _PAD, top))
        top += part.height + _SECTION_GAP
    return Frame(x, y, parts[0].width + 2 * _PAD, frame_height(parts), parts[0].group.family, tuple(sections))


def _place_section(part: Part, x: int, y: int) -> Section:
    pills = []
    top = y + part.top
    for row in part.rows:
        left, height = x, _row_height(row)
        for text, node in row:
            own = _pill_height(text)
            pills.append(Pill(left, top + (height - own) // 2, text.width + 2 * _PILL_PAD, own, text, node))
            left += text.width + 2 * _PILL_PAD + _PILL_GAP
        top += height + _PILL_GAP
    relation = part.group.relation
    return Section(x, y, part.width, part.heading, part.note, part.note_below, relation, tuple(pills))
