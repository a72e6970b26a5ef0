"""The marks of an SVG picture: texts, boxes, connectors, each as lines of XML.

Only presentation attributes are used: no style sheet, no script, nothing from
elsewhere, so that a picture looks the same as a file, in an `<img>` and inside
a page with a strict content policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.write.drawing import palette
from kg.write.drawing.layout import (
    CARD_LABEL,
    CARD_LABEL_LINE,
    CARD_PAD,
    HEADING_LINE,
    LINE,
    Card,
    Frame,
    Link,
    Pill,
    Section,
)
from kg.write.drawing.metrics import Wrapped, is_bounded, is_right_to_left, is_xml

_ARROW, _ARROW_HALF = 9, 4


class Box(NamedTuple):
    """A rectangle that a text must not leave."""

    x: int
    y: int
    width: int
    height: int


def escape(text: str) -> str:
    """Return a text for XML content or a quoted attribute; what XML cannot hold becomes U+FFFD.

    Characters without a look of their own (bidi controls and the like) are
    written as references, so that the file shows a reader what it holds.

    >>> escape('<a b="c">&\\x00')
    '&lt;a b=&quot;c&quot;&gt;&amp;\ufffd'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    if text.isprintable():
        return text
    held = (sign if is_xml(sign) else "\ufffd" for sign in text)
    return "".join(sign if sign.isprintable() else f"&#x{ord(sign):X};" for sign in held)


def text(words: Wrapped, x: int, y: int, line: int, attributes: str, box: Box, full: str = "", note: str = "") -> Iterator[str]:
    """Yield a `<text>` with its first baseline at `y`, clipped to `box` where its width is not certain.

    `full` is the tooltip of a text that is shown shortened; `note` is XML that goes on after the last line.
    """
    if is_right_to_left(words.lines[0]):
        # The end of a right-to-left line is on its left, where the fixed point of our left-aligned lines is.
        attributes += ' direction="rtl"' + ("" if "text-anchor" in attributes else ' text-anchor="end"')
    spans = "".join(f'<tspan x="{x}" y="{y + line * row}">{escape(part)}</tspan>' for row, part in enumerate(words.lines))
    tooltip = f"<title>{escape(full)}</title>" if words.shortened else ""
    mark = f"<text {attributes}>{tooltip}{spans}{note}</text>"
    if all(map(is_bounded, words.lines)):
        yield mark
        return
    left, top, width, height = box
    yield f'<svg x="{left}" y="{top}" width="{width}" height="{height}" viewBox="{left} {top} {width} {height}">{mark}</svg>'


def rule(y: int, x1: int, x2: int) -> str:
    """Return a thin line across the picture."""
    return f'<path d="M{x1} {y}H{x2}" stroke="{palette.EDGE_OF_PAPER}"/>'


def dashes(pattern: str) -> str:
    """Return the attributes of a dash pattern; none for a solid line."""
    return f' stroke-dasharray="{pattern}"' if pattern else ""


def outline(box: Box, kind: palette.Kind, colour: str) -> str:
    """Return the outline of a term's label."""
    x, y, width, height = box
    return (
        f'<rect class="label" x="{x}" y="{y}" width="{width}" height="{height}" rx="{min(12, height // 2)}"'
        f' fill="{palette.PAPER}" stroke="{colour}" stroke-width="{kind.stroke_width}"{dashes(kind.dash)}/>'
    )


def stroke(path: str, family: palette.Family) -> str:
    """Return a connector's line."""
    return (
        f'<path class="edge" d="{path}" fill="none" stroke="{family.colour}" stroke-width="2"'
        f' stroke-linecap="round"{dashes(family.dash)}/>'
    )


def _head(x: int, y: int, dx: int, dy: int, colour: str) -> str:
    """Return an arrowhead with its tip at x, y that points in the direction dx, dy."""
    back_x, back_y = x - _ARROW * dx, y - _ARROW * dy
    wide_x, wide_y = _ARROW_HALF * dy, _ARROW_HALF * dx
    return f'<path d="M{x} {y}L{back_x - wide_x} {back_y - wide_y}L{back_x + wide_x} {back_y + wide_y}Z" fill="{colour}"/>'


def connector(link: Link) -> Iterator[str]:
    """Yield a line from the card to a frame, with an arrowhead at the end it points to."""
    family = palette.family(link.family)
    upright = link.x1 == link.x2
    dx = 0 if upright else 1 if link.x2 > link.x1 else -1
    dy = 0 if not upright else 1 if link.y2 > link.y1 else -1
    # The line stops inside its arrowheads, so that no round cap looks out at the tip.
    start, end = (_ARROW - 2) * link.incoming, (_ARROW - 2) * link.outgoing
    x1, y1, x2, y2 = link.x1 + dx * start, link.y1 + dy * start, link.x2 - dx * end, link.y2 - dy * end
    middle = (link.x1 + link.x2) // 2
    yield stroke(f"M{x1} {y1}V{y2}" if upright else f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}", family)
    if link.outgoing:
        yield _head(link.x2, link.y2, dx, dy, family.colour)
    if link.incoming:
        yield _head(link.x1, link.y1, -dx, -dy, family.colour)


def frame(placed: Frame) -> Iterator[str]:
    """Yield a frame with its sections and pills."""
    family = palette.family(placed.family)
    yield (
        f'<rect class="frame" x="{placed.x}" y="{placed.y}" width="{placed.width}" height="{placed.height}" rx="10"'
        f' fill="{family.tint}" stroke="{family.line}"/>'
    )
    for section in placed.sections:
        yield _section_heading(section, family)
        for pill in section.pills:
            yield from _pill(pill, family)


def _section_heading(section: Section, family: palette.Family) -> str:
    x, y, lines = section.x, section.y + 12, len(section.heading.lines)
    note = ""
    if section.note:
        place = f' x="{x}" y="{y + HEADING_LINE * lines}"' if section.note_below else ' dx="4"'
        note = f'<tspan{place} font-weight="normal">{section.note}</tspan>'
    box = Box(x, section.y, section.width, HEADING_LINE * (lines + section.note_below))
    style = f'class="relation" font-weight="bold" fill="{family.colour}"'
    return "".join(text(section.heading, x, y, HEADING_LINE, style, box, section.relation, note))


def _pill(pill: Pill, family: palette.Family) -> Iterator[str]:
    box = Box(pill.x, pill.y, pill.width, pill.height)
    yield outline(box, palette.kind(pill.node.kind), family.colour)
    style = f'text-anchor="middle" fill="{palette.INK}"'
    yield from text(pill.text, pill.x + pill.width // 2, pill.y + 16, LINE, style, box, pill.node.label)


def card(placed: Card) -> Iterator[str]:
    """Yield the card of the entry: its label and the beginning of its definition."""
    kind = palette.kind(placed.neighbourhood.center.kind)
    yield (
        f'<rect class="card" x="{placed.x}" y="{placed.y}" width="{placed.width}" height="{placed.height}" rx="12"'
        f' fill="{palette.CARD}"/>'
    )
    if kind.dash:
        yield (
            f'<rect x="{placed.x + 4}" y="{placed.y + 4}" width="{placed.width - 8}" height="{placed.height - 8}" rx="9"'
            f' fill="none" stroke="{palette.CARD_SOFT_TEXT}"{dashes(kind.dash)}/>'
        )
    centre, y = placed.x + placed.width // 2, placed.y + CARD_PAD + 14
    box = Box(*placed[:4])
    style = f'text-anchor="middle" font-size="{CARD_LABEL}" font-weight="bold" fill="{palette.CARD_TEXT}"'
    yield from text(placed.label, centre, y, CARD_LABEL_LINE, style, box, placed.neighbourhood.center.label)
    if placed.description.lines:
        y += CARD_LABEL_LINE * len(placed.label.lines)
        style = f'text-anchor="middle" fill="{palette.CARD_SOFT_TEXT}"'
        yield from text(placed.description, centre, y, LINE, style, box, placed.neighbourhood.description)
