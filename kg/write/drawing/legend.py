"""The legend of a picture: only what occurs in it, in the order of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.write.drawing import palette
from kg.write.drawing.layout import MARGIN, WIDTH, Panel
from kg.write.drawing.marks import Box, outline, rule, stroke

_SAMPLE, _SAMPLE_GAP, _ROW = 36, 8, 24
_COLUMN = (WIDTH - 2 * MARGIN) // 3


class _Item(NamedTuple):
    name: str
    meaning: str
    family: palette.Family | None
    kind: palette.Kind | None


def _items(panels: Sequence[Panel]) -> Iterator[list[_Item]]:
    frames = [frame for panel in panels for frame in panel.frames]
    families = {frame.family for frame in frames}
    kinds = {
        pill.node.kind if pill.node.kind in palette.KINDS else "concept"
        for frame in frames
        for section in frame.sections
        for pill in section.pills
    }
    yield [_Item(name, row.meaning, row, None) for name, row in palette.FAMILIES.items() if name in families]
    yield [_Item(name, row.meaning, None, row) for name, row in palette.KINDS.items() if name in kinds]


def legend(panels: Sequence[Panel], y: int) -> tuple[list[str], int]:
    """Return the legend of some panels as lines of XML, and the height at which it ends.

    Lines stand for the families of relations, boxes for the kinds of terms.
    """
    marks: list[str] = []
    rows = [row for row in _items(panels) if row]
    if not rows:
        return marks, y
    marks.append(rule(y, MARGIN, WIDTH - MARGIN))
    y += 16
    for row in rows:
        for column, item in enumerate(row):
            marks += _item(item, MARGIN + column * _COLUMN, y)
        y += _ROW
    return marks, y - 6


def _item(item: _Item, x: int, y: int) -> Iterator[str]:
    if item.family:
        yield stroke(f"M{x} {y + 8}H{x + _SAMPLE}", item.family)
    if item.kind:
        yield outline(Box(x, y, _SAMPLE, 16), item.kind, palette.INK)
    colour = item.family.colour if item.family else palette.INK
    yield (
        f'<text class="legend" x="{x + _SAMPLE + _SAMPLE_GAP}" y="{y + 12}" fill="{palette.MUTED}">'
        f'<tspan font-weight="bold" fill="{colour}">{item.name}</tspan> {item.meaning}</text>'
    )
