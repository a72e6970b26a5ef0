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

from kg.write.drawing.frames import LINE, TEXT, Frame, Part, frame_height, measure, place_frame, shown
from kg.write.drawing.metrics import Font, Wrapped, visible, wrap
from kg.write.drawing.neighbourhood import Neighbourhood, drawn_groups, stands_above

WIDTH, MARGIN = 800, 20
_MIDDLE, _WIDE_MIDDLE, _GUTTER = 188, 480, 46
_SIDE = (WIDTH - 2 * MARGIN - _MIDDLE - 2 * _GUTTER) // 2
_FRAME_GAP, _RISE = 12, 34

CARD_LABEL, CARD_LABEL_LINE = Font(17, bold=True), 22
CARD_PAD = 14
_CARD_LABEL_LINES, _CARD_LINES, _CARD_GAP = 4, 9, 6

#: A relation higher than this goes on in another frame.
_TALLEST = 300
#: A hierarchy higher than this does not stand in the middle column.
_TALLEST_STACK = 440
#: In a high panel the card keeps so near to the top that it is seen together with the title.
_LOWEST_START = 400
#: The most a gap between frames is widened to make both sides end at the same heights.
_STRETCH = 24
#: What keeping the given order is worth, in pixels of difference between the sides; it is weighed up to so many frames.
_ORDER, _FEW = 30, 24
#: Connectors leave the card this far apart, and meet a frame no nearer than this to its corner.
_PORT_GAP, _CORNER = 17, 18
#: A connector that would climb or fall less than this runs level.
_LEVEL = 7
#: Between card and frame, the room that upright parts of connectors leave free at either end.
_CARD_SIDE, _FRAME_SIDE = 9, 13


class Link(NamedTuple):
    """A connector from the card's edge (x1, y1) to a frame's edge (x2, y2); between them it runs along `lane`."""

    x1: int
    y1: int
    x2: int
    y2: int
    lane: int
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


class _Columns(NamedTuple):
    """What goes where in a panel, measured; `middle` is the width of the middle column."""

    middle: int
    above: list[Part]
    below: list[Part]
    left: list[Part]
    right: list[Part]


def _columns(neighbourhood: Neighbourhood) -> _Columns:
    """Decide which column each relation goes to.

    A hierarchy too large for the middle column goes to the sides with the
    others, or gets a wider middle where there are no others.
    """
    groups = list(drawn_groups(neighbourhood))
    sides = [part for g in groups if g.family != "hierarchy" for part in measure(g, _SIDE, _TALLEST)]
    above = [group for group in groups if stands_above(group)]
    below = [group for group in groups if group.family == "hierarchy" and not stands_above(group)]
    stacks: tuple[list[Part], list[Part]] = ([], [])
    spilled: list[Part] = []
    for stack, own in zip(stacks, (above, below), strict=True):
        for group in own:
            whole = measure(group, _MIDDLE)
            if frame_height([*stack, *whole]) <= _TALLEST_STACK:
                stack.extend(whole)
            else:
                spilled += measure(group, _SIDE, _TALLEST)
    if spilled and not sides:
        wide = [[part for group in own for part in measure(group, _WIDE_MIDDLE)] for own in (above, below)]
        return _Columns(_WIDE_MIDDLE, wide[0], wide[1], [], [])
    left, right = _halve(spilled + sides)
    return _Columns(_MIDDLE, stacks[0], stacks[1], left, right)


def _halve(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """Split frames into two columns of about equal height.

    The first frames go left. Where a later run makes a clearly better half it
    goes left instead, but only among a few whole relations: there, nobody reads
    on from one frame to the next.
    """
    tops = [0]
    for part in parts:
        tops.append(tops[-1] + frame_height([part]) + _FRAME_GAP)
    ends = range(len(tops))
    free = len(parts) <= _FEW and all(part.pieces == 1 for part in parts)
    cuts = [(start, end) for start in (ends if free else (0,)) for end in ends[start:]]

    def cost(cut: tuple[int, int]) -> int:
        return abs(2 * (tops[cut[1]] - tops[cut[0]]) - tops[-1]) + (_ORDER if cut[0] else 0)

    start, end = min(cuts, key=cost)
    return parts[start:end], parts[:start] + parts[end:]


def _column_height(parts: Sequence[Part]) -> int:
    return sum(frame_height([part]) for part in parts) + _FRAME_GAP * max(0, len(parts) - 1)


def _side(parts: Sequence[Part], x: int, y: int, height: int) -> list[Frame]:
    """Place a column of frames: over the whole height where that widens no gap too much, else in its middle."""
    frames = []
    spare, gaps = height - _column_height(parts), len(parts) - 1
    stretch = spare / gaps if gaps > 0 and spare <= _STRETCH * gaps else 0
    top = float(y if stretch else y + spare // 2)
    for part in parts:
        frames.append(place_frame([part], x, round(top)))
        top += frames[-1].height + _FRAME_GAP + stretch
    return frames


def _ports(card: Card, count: int) -> list[int]:
    """Return the heights at which the connectors of one side leave the card."""
    gap = min(_PORT_GAP * (count - 1), card.height - 28) / (count - 1) if count > 1 else 0
    middle = card.y + card.height / 2
    return [round(middle + gap * (index - (count - 1) / 2)) for index in range(count)]


def _link(parts: Sequence[Part], start: tuple[int, int], end: tuple[int, int], lane: int) -> Link:
    outgoing = [part.group.outgoing for part in parts]
    return Link(*start, *end, lane, parts[0].group.family, any(outgoing), not all(outgoing))


def _side_links(parts: Sequence[Part], frames: Sequence[Frame], card: Card, way: int) -> list[Link]:
    """Connect a column of frames with the card; `way` is 1 to the right and -1 to the left.

    No connector crosses another: of those that go the same way up or down, the
    one that goes farther keeps nearer to the card.
    """
    ports = _ports(card, len(parts))
    start = card.x + (card.width if way > 0 else 0)
    end = start + way * _GUTTER
    inner, outer = start + way * _CARD_SIDE, end - way * _FRAME_SIDE
    ends = [min(max(port, f.y + _CORNER), f.y + f.height - _CORNER) for port, f in zip(ports, frames, strict=True)]
    ports = [y2 if abs(y2 - y1) < _LEVEL else y1 for y1, y2 in zip(ports, ends, strict=True)]
    falls = [y2 - y1 for y1, y2 in zip(ports, ends, strict=True)]
    downward = sorted((fall for fall in falls if fall > 0), reverse=True)
    upward = sorted(fall for fall in falls if fall < 0)
    links = []
    for part, y1, y2, fall in zip(parts, ports, ends, falls, strict=True):
        same_way = downward if fall > 0 else upward
        rank = same_way.index(fall) + 1 if fall else 1
        lane = inner + (outer - inner) * rank // (len(same_way) + 1)
        links.append(_link([part], (start, y1), (end, y2), lane))
    return links


def _card(neighbourhood: Neighbourhood, card_width: int) -> Card:
    room = card_width - 2 * CARD_PAD
    label = wrap(shown(neighbourhood.center), CARD_LABEL, room, _CARD_LABEL_LINES)
    height = 2 * CARD_PAD + CARD_LABEL_LINE * len(label.lines) - 4
    description = Wrapped((), 0, shortened=False)
    if text := visible(neighbourhood.description):
        description = wrap(text, TEXT, room, _CARD_LINES)
        height += LINE * len(description.lines) + _CARD_GAP
    return Card(0, 0, card_width, height, label, description, neighbourhood)


def place(neighbourhood: Neighbourhood, y: int) -> Panel:
    """Place one neighbourhood below the height `y`."""
    columns = _columns(neighbourhood)
    card = _card(neighbourhood, columns.middle)
    rises = [frame_height(stack) + _RISE if stack else 0 for stack in (columns.above, columns.below)]
    stack_height = rises[0] + card.height + rises[1]
    height = max(stack_height, _column_height(columns.left), _column_height(columns.right))
    used = card.width + (_SIDE + _GUTTER) * (bool(columns.left) + bool(columns.right))
    left = (WIDTH - used) // 2
    x = left + (_SIDE + _GUTTER if columns.left else 0)
    top = y + min((height - stack_height) // 2, _LOWEST_START)
    card = card._replace(x=x, y=top + rises[0])

    frames: list[Frame] = []
    links: list[Link] = []
    centre, bottom = x + card.width // 2, card.y + card.height
    if columns.above:
        frames.append(place_frame(columns.above, x, top))
        links.append(_link(columns.above, (centre, card.y), (centre, card.y - _RISE), centre))
    if columns.below:
        frames.append(place_frame(columns.below, x, bottom + _RISE))
        links.append(_link(columns.below, (centre, bottom), (centre, bottom + _RISE), centre))
    for parts, frame_x, way in ((columns.left, left, -1), (columns.right, x + card.width + _GUTTER, 1)):
        side = _side(parts, frame_x, y, height)
        frames += side
        links += _side_links(parts, side, card, way)
    return Panel(y, height, card, tuple(frames), tuple(links))
