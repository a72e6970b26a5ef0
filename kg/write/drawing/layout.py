"""Where everything of a drawing stands: whole pixels, no text of any syntax.

A panel shows one neighbourhood as a mind map. The middle column holds the entry
and its hierarchy, the broader terms above and the narrower ones below; the
other relations stand in frames to the left and right, in the order given, cut
where both sides come out about equally high. A relation with very many
neighbours is spread over several frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.write.drawing.metrics import Wrapped, visible, width, wrap
from kg.write.drawing.neighbourhood import Group, Neighbourhood, Node, drawn_groups, stands_above

WIDTH = 800
MARGIN = 24
CARD_WIDTH = 204
LONE_WIDTH = 420
GUTTER = 46
SIDE_WIDTH = (WIDTH - 2 * MARGIN - CARD_WIDTH - 2 * GUTTER) // 2

TEXT, LINE = 12, 15
HEADING_LINE = 16
CARD_LABEL, CARD_LABEL_LINE = 17, 22
PILL_HEIGHT = 24
_PILL_PAD, _PILL_GAP = 11, 6
_FRAME_PAD, _FRAME_GAP, _SECTION_GAP = 11, 12, 12
_HEADING_GAP = 6
CARD_PAD = 16
_RISE = 34
_PORT_GAP = 17
#: A relation higher than this goes on in another frame.
_TALLEST = 300


class Pill(NamedTuple):
    """The box of a neighbour's label."""

    x: int
    y: int
    width: int
    height: int
    text: Wrapped
    node: Node


class Section(NamedTuple):
    """The pills of one relation under its heading; `note` is what stands after the relation's name."""

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


class Link(NamedTuple):
    """A connector from the card's edge (x1, y1) to a frame's edge (x2, y2)."""

    x1: int
    y1: int
    x2: int
    y2: int
    family: str
    outgoing: bool
    incoming: bool


class Card(NamedTuple):
    """The box of the entry itself."""

    x: int
    y: int
    width: int
    height: int
    label: Wrapped
    description: Wrapped
    neighbourhood: Neighbourhood


class Panel(NamedTuple):
    """One neighbourhood, placed."""

    y: int
    height: int
    card: Card
    frames: tuple[Frame, ...]
    links: tuple[Link, ...]


class _Part(NamedTuple):
    """A relation, or a piece of one, measured for a width but not yet placed."""

    group: Group
    heading: Wrapped
    note: str
    note_below: bool
    rows: tuple[tuple[tuple[Wrapped, Node], ...], ...]
    width: int

    @property
    def top(self) -> int:
        return HEADING_LINE * (len(self.heading.lines) + self.note_below) + _HEADING_GAP

    @property
    def height(self) -> int:
        return self.top + _rows_height(self.rows)


_Rows = Sequence[Sequence[tuple[Wrapped, Node]]]


def shown(node: Node) -> str:
    """Return the label to show for a node: its key where the label shows nothing."""
    return visible(node.label) or visible(node.key) or "(no label)"


def _pill_height(text: Wrapped) -> int:
    return PILL_HEIGHT + LINE * (len(text.lines) - 1)


def _row_height(row: Sequence[tuple[Wrapped, Node]]) -> int:
    return max(_pill_height(text) for text, _ in row)


def _rows_height(rows: _Rows) -> int:
    return sum(map(_row_height, rows)) + _PILL_GAP * (len(rows) - 1)


def _flow(nodes: Sequence[Node], room: int) -> list[list[tuple[Wrapped, Node]]]:
    """Fill rows with pills, as words fill lines."""
    rows: list[list[tuple[Wrapped, Node]]] = []
    left = 0
    for node in nodes:
        text = wrap(shown(node), TEXT, room - 2 * _PILL_PAD, 3)
        needed = text.width + 2 * _PILL_PAD
        if not rows or needed > left:
            rows.append([])
            left = room
        rows[-1].append((text, node))
        left -= needed + _PILL_GAP
    return rows


def _measure(group: Group, frame_width: int, tallest: int) -> list[_Part]:
    """Measure a relation for frames of a width, in pieces of about equally many rows no higher than `tallest`."""
    room = frame_width - 2 * _FRAME_PAD
    rows = _flow(group.nodes, room)
    pieces = min(len(rows), -(-_rows_height(rows) // tallest))
    heading = wrap(visible(group.relation) or "(no name)", TEXT, room, 2, bold=True)
    parts = []
    for piece in range(pieces):
        notes = [] if group.outgoing else ["points here"]
        notes += [f"{piece + 1} of {pieces}"] if pieces > 1 else []
        note = "".join(f" · {note}" for note in notes)
        used = width(heading.lines[-1], TEXT, bold=True) + width(note, TEXT)
        some = rows[piece * len(rows) // pieces : (piece + 1) * len(rows) // pieces]
        kept = tuple(map(tuple, some))
        parts.append(_Part(group, heading, note.removeprefix(" "), bool(note) and used > room, kept, room))
    return parts


def _place_part(part: _Part, x: int, y: int) -> Section:
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


def _frame_height(parts: Sequence[_Part]) -> int:
    return sum(part.height for part in parts) + _SECTION_GAP * (len(parts) - 1) + 2 * _FRAME_PAD - 2


def _place_frame(parts: Sequence[_Part], x: int, y: int) -> Frame:
    sections = []
    top = y + _FRAME_PAD - 2
    for part in parts:
        sections.append(_place_part(part, x + _FRAME_PAD, top))
        top += part.height + _SECTION_GAP
    frame_width = parts[0].width + 2 * _FRAME_PAD
    return Frame(x, y, frame_width, _frame_height(parts), parts[0].group.family, tuple(sections))


def _column_height(parts: Sequence[_Part]) -> int:
    return sum(_frame_height([part]) for part in parts) + _FRAME_GAP * max(0, len(parts) - 1)


def _cut(parts: Sequence[_Part]) -> int:
    """Return how many frames go left so that both sides are about equally high."""
    return min(range(len(parts) + 1), key=lambda n: abs(_column_height(parts[:n]) - _column_height(parts[n:])))


class _Columns(NamedTuple):
    """What goes where in a panel, measured."""

    above: list[_Part]
    below: list[_Part]
    left: list[_Part]
    right: list[_Part]


def _columns(neighbourhood: Neighbourhood) -> _Columns:
    """Decide which column each relation goes to."""
    groups = list(drawn_groups(neighbourhood))
    rest = [group for group in groups if group.family != "hierarchy"]
    stacks: list[list[_Part]] = []
    sides: list[_Part] = []
    for above in (True, False):
        own = [group for group in groups if group.family == "hierarchy" and stands_above(group) == above]
        if not rest:
            stacks.append([part for group in own for part in _measure(group, LONE_WIDTH, 10**6)])
            continue
        stack: list[_Part] = []
        for group in own:
            middle = _measure(group, CARD_WIDTH, _TALLEST)
            if len(middle) == 1 and _frame_height([*stack, *middle]) <= _TALLEST + 40:
                stack += middle
            else:
                sides += _measure(group, SIDE_WIDTH, _TALLEST)
        stacks.append(stack)
    sides += [part for group in rest for part in _measure(group, SIDE_WIDTH, _TALLEST)]
    cut = _cut(sides)
    return _Columns(*stacks, sides[:cut], sides[cut:])


def _ports(card: Card, count: int) -> list[int]:
    """Return the heights at which the connectors of one side leave the card."""
    gap = min(_PORT_GAP * (count - 1), card.height - 28) / (count - 1) if count > 1 else 0
    middle = card.y + card.height / 2
    return [round(middle + gap * (index - (count - 1) / 2)) for index in range(count)]


def _side(parts: Sequence[_Part], x: int, middle: int) -> list[Frame]:
    frames = []
    top = middle - _column_height(parts) // 2
    for part in parts:
        frames.append(_place_frame([part], x, top))
        top += frames[-1].height + _FRAME_GAP
    return frames


def _link(parts: Sequence[_Part], start: tuple[int, int], end: tuple[int, int]) -> Link:
    outgoing = [part.group.outgoing for part in parts]
    return Link(*start, *end, parts[0].group.family, any(outgoing), not all(outgoing))


def _card(neighbourhood: Neighbourhood, card_width: int) -> Card:
    room = card_width - 2 * CARD_PAD
    label = wrap(shown(neighbourhood.center), CARD_LABEL, room, 4, bold=True)
    text = visible(neighbourhood.description)
    description = wrap(text, TEXT, room, 9) if text else Wrapped((), 0, False)
    height = 2 * CARD_PAD - 4 + CARD_LABEL_LINE * len(label.lines)
    height += LINE * len(description.lines) + 6 if text else 0
    return Card(0, 0, card_width, height, label, description, neighbourhood)


def place(neighbourhood: Neighbourhood, y: int) -> Panel:
    """Place one neighbourhood below the height `y`.

    Raises `UnknownName` for a family that is not in the palette (when it is drawn).
    """
    columns = _columns(neighbourhood)
    lone = not (columns.left or columns.right)
    card = _card(neighbourhood, LONE_WIDTH if lone else CARD_WIDTH)
    rises = [_frame_height(stack) + _RISE if stack else 0 for stack in columns[:2]]
    middle_height = rises[0] + card.height + rises[1]
    height = max(middle_height, _column_height(columns.left), _column_height(columns.right))
    used = card.width + (SIDE_WIDTH + GUTTER) * (bool(columns.left) + bool(columns.right))
    left = (WIDTH - used) // 2
    x = left + (SIDE_WIDTH + GUTTER if columns.left else 0)
    top = y + (height - middle_height) // 2
    card = card._replace(x=x, y=top + rises[0])

    frames: list[Frame] = []
    links: list[Link] = []
    centre, bottom = x + card.width // 2, card.y + card.height
    if columns.above:
        frames.append(_place_frame(columns.above, x, top))
        links.append(_link(columns.above, (centre, card.y), (centre, card.y - _RISE)))
    if columns.below:
        frames.append(_place_frame(columns.below, x, bottom + _RISE))
        links.append(_link(columns.below, (centre, bottom), (centre, bottom + _RISE)))
    for parts, frame_x, port_x, end_x in (
        (columns.left, left, x, left + SIDE_WIDTH),
        (columns.right, x + card.width + GUTTER, x + card.width, x + card.width + GUTTER),
    ):
        side = _side(parts, frame_x, y + height // 2)
        for part, frame, port in zip(parts, side, _ports(card, len(parts)), strict=True):
            links.append(_link([part], (port_x, port), (end_x, frame.y + min(frame.height // 2, 40))))
        frames += side
    return Panel(y, height, card, tuple(frames), tuple(links))
