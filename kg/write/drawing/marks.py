"""The marks of an SVG picture: texts, boxes, connectors, each as lines of XML.

Only presentation attributes are used: no style sheet, no script, nothing from
elsewhere, so that a picture looks the same as a file, in an `<img>` and inside
a page with a strict content policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.write.drawing import palette
from kg.write.drawing.frames import HEADING_LINE, LINE, Frame, Pill, Section
from kg.write.drawing.layout import CARD_LABEL, CARD_LABEL_LINE, CARD_PAD, Card, Link
from kg.write.drawing.metrics import Wrapped, is_bounded, is_right_to_left, is_xml, visible

_ARROW, _ARROW_HALF = 9, 4
#: How far a connector takes to turn upright, and how far it runs level before its end.
_BOW, _STUB = 44, 5


class Box(NamedTuple):
    """A rectangle that a text must not leave."""

    x: int
    y: int
    width: int
    height: int


class Spot(NamedTuple):
    """Where the first line of a text stands (left end or middle of its baseline), and how far below the next."""

    x: int
    y: int
    line: int


def escape(text: str) -> str:
    r"""Return a text for XML content or a quoted attribute; what XML cannot hold becomes U+FFFD.

    Characters without a look of their own (bidi controls and the like) are
    written as references, so that the file shows a reader what it holds.

    >>> escape('<a b="c">&\x00\u202e')
    '&lt;a b=&quot;c&quot;&gt;&amp;�&#x202E;'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    if text.isprintable():
        return text
    held = (sign if is_xml(sign) else "\ufffd" for sign in text)
    return "".join(sign if sign.isprintable() else f"&#x{ord(sign):X};" for sign in held)


def text(words: Wrapped, spot: Spot, attributes: str, box: Box, full: str, note: str = "") -> Iterator[str]:
    """Yield a `<text>`, clipped to `box` where its width is not certain.

    `full` is the tooltip of a text that is shown shortened or cleaned; `note` is
    XML that goes on after the last line.
    """
    if is_right_to_left(words.lines[0]):
        # The end of a right-to-left line is on its left, where the fixed point of our left-aligned lines is.
        attributes += ' direction="rtl"' + ("" if "text-anchor" in attributes else ' text-anchor="end"')
    lines = (
        f'<tspan x="{spot.x}" y="{spot.y + spot.line * row}">{escape(line)}</tspan>'
        for row, line in enumerate(words.lines)
    )
    tooltip = f"<title>{escape(full)}</title>" if words.shortened or visible(full) != full else ""
    mark = f"<text {attributes}>{tooltip}{''.join(lines)}{note}</text>"
    if all(map(is_bounded, words.lines)):
        yield mark
        return
    x, y, width, height = box
    yield f'<svg {_sized(box)} viewBox="{x} {y} {width} {height}">{mark}</svg>'


def _sized(box: Box) -> str:
    return f'x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'


def rule(y: int, x1: int, x2: int) -> str:
    """Return a thin line across the picture."""
    return f'<path d="M{x1} {y}H{x2}" stroke="{palette.EDGE_OF_PAPER}"/>'


def _dashes(pattern: str) -> str:
    """Return the attribute of a dash pattern; none for a solid line."""
    return f' stroke-dasharray="{pattern}"' if pattern else ""


def outline(box: Box, kind: palette.Kind, colour: str) -> str:
    """Return the outline of a term's label."""
    return (
        f'<rect class="label" {_sized(box)} rx="{min(12, box.height // 2)}" fill="{palette.PAPER}"'
        f' stroke="{colour}" stroke-width="{kind.stroke_width}"{_dashes(kind.dash)}/>'
    )


def stroke(path: str, family: palette.Family) -> str:
    """Return a connector's line."""
    return (
        f'<path class="edge" d="{path}" fill="none" stroke="{family.colour}" stroke-width="2"'
        f' stroke-linecap="round"{_dashes(family.dash)}/>'
    )


def _arrowhead(x: int, y: int, dx: int, dy: int, colour: str) -> str:
    """Return an arrowhead with its tip at x, y that points in the direction dx, dy."""
    back_x, back_y = x - _ARROW * dx, y - _ARROW * dy
    wide_x, wide_y = _ARROW_HALF * dy, _ARROW_HALF * dx
    corners = f"L{back_x - wide_x} {back_y - wide_y}L{back_x + wide_x} {back_y + wide_y}"
    return f'<path d="M{x} {y}{corners}Z" fill="{colour}"/>'


def _bend(x1: int, y1: int, x2: int, y2: int, lane: int) -> str:
    """Return a path that leaves and arrives level, and runs upright along the lane in between."""
    if y1 == y2:
        return f"M{x1} {y1}H{x2}"
    bow = min(_BOW, abs(y2 - y1) // 2) * (1 if y2 > y1 else -1)
    stub = x2 + (-_STUB if lane < x2 else _STUB)
    return f"M{x1} {y1}Q{lane} {y1} {lane} {y1 + bow}V{y2 - bow}Q{lane} {y2} {stub} {y2}H{x2}"


def connector(link: Link) -> Iterator[str]:
    """Yield a line between the card and a frame, with an arrowhead at the end it points to."""
    family = palette.family(link.family)
    upright = link.x1 == link.x2
    dx = 0 if upright else 1 if link.x2 > link.x1 else -1
    dy = 0 if not upright else 1 if link.y2 > link.y1 else -1
    # The line stops inside its arrowheads, so that no round cap looks out at the tip.
    start, end = (_ARROW - 2) * link.incoming, (_ARROW - 2) * link.outgoing
    x1, y1, x2, y2 = link.x1 + dx * start, link.y1 + dy * start, link.x2 - dx * end, link.y2 - dy * end
    yield stroke(f"M{x1} {y1}V{y2}" if upright else _bend(x1, y1, x2, y2, link.lane), family)
    if link.outgoing:
        yield _arrowhead(link.x2, link.y2, dx, dy, family.colour)
    if link.incoming:
        yield _arrowhead(link.x1, link.y1, -dx, -dy, family.colour)


def frame(placed: Frame) -> Iterator[str]:
    """Yield a frame with its sections and pills."""
    family = palette.family(placed.family)
    yield f'<rect class="frame" {_sized(Box(*placed[:4]))} rx="10" fill="{family.tint}"/>'
    for section in placed.sections:
        yield from _heading(section, family)
        for pill in section.pills:
            yield from _pill(pill, family)


def _heading(section: Section, family: palette.Family) -> Iterator[str]:
    spot, lines = Spot(section.x, section.y + 12, HEADING_LINE), len(section.heading.lines)
    note = ""
    if section.note and not section.note_below:
        note = f'<tspan dx="4" font-weight="normal">· {section.note}</tspan>'
    style = f'class="relation" font-weight="bold" fill="{family.colour}"'
    box = Box(section.x, section.y, section.width, HEADING_LINE * lines)
    yield from text(section.heading, spot, style, box, section.relation, note)
    if section.note_below:
        yield f'<text x="{spot.x}" y="{spot.y + spot.line * lines}" fill="{family.colour}">{section.note}</text>'


def _pill(pill: Pill, family: palette.Family) -> Iterator[str]:
    box = Box(*pill[:4])
    yield outline(box, palette.kind(pill.node.kind), family.line)
    spot = Spot(pill.x + pill.width // 2, pill.y + 16, LINE)
    yield from text(pill.text, spot, f'text-anchor="middle" fill="{palette.INK}"', box, pill.node.label)


def card(placed: Card) -> Iterator[str]:
    """Yield the card of the entry: its label and the beginning of its definition."""
    box = Box(*placed[:4])
    yield f'<rect class="card" {_sized(box)} rx="12" fill="{palette.CARD}"/>'
    center = placed.neighbourhood.center
    if dash := palette.kind(center.kind).dash:
        inner = Box(box.x + 4, box.y + 4, box.width - 8, box.height - 8)
        yield f'<rect {_sized(inner)} rx="9" fill="none" stroke="{palette.CARD_SOFT_TEXT}"{_dashes(dash)}/>'
    spot = Spot(box.x + box.width // 2, box.y + CARD_PAD + 14, CARD_LABEL_LINE)
    style = f'text-anchor="middle" font-size="{CARD_LABEL.size}" font-weight="bold" fill="{palette.CARD_TEXT}"'
    yield from text(placed.label, spot, style, box, center.label)
    if placed.description.lines:
        spot = Spot(spot.x, spot.y + CARD_LABEL_LINE * len(placed.label.lines), LINE)
        style = f'text-anchor="middle" fill="{palette.CARD_SOFT_TEXT}"'
        yield from text(placed.description, spot, style, box, placed.neighbourhood.description)
