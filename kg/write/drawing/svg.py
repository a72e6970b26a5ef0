"""Write neighbourhoods as one SVG picture; equal input gives equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.write.drawing import palette
from kg.write.drawing.frames import LINE, TEXT, shown
from kg.write.drawing.layout import MARGIN, WIDTH, Panel, place
from kg.write.drawing.legend import legend
from kg.write.drawing.marks import Box, Spot, card, connector, escape, frame, rule, text
from kg.write.drawing.metrics import Font, visible, width, wrap
from kg.write.drawing.neighbourhood import Neighbourhood, drawn_groups

_TITLE, _TITLE_LINE, _AFTER_TITLE = Font(18, bold=True), 24, 16
_PANEL_GAP = 48
_FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
_NOTHING = "There is nothing to draw."
_ALONE = "No term is linked to it."


def draw_svg(neighbourhoods: Sequence[Neighbourhood], title: str) -> str:
    """Draw entries among their neighbours, one below the other, 800 pixels wide.

    Each entry is a card; its relations are frames of labelled boxes around it,
    broader terms above and narrower ones below, joined to it by lines whose
    colour and dash tell the family of the relation (`kg.write.drawing.palette`);
    a legend says which. The accessible name is `title`, the accessible
    description says in words what is drawn.

    Raises `UnknownName` when a group's family is not in the palette.
    """
    body: list[str] = []
    y = MARGIN
    heading = wrap(visible(title), _TITLE, WIDTH - 2 * MARGIN, 2)
    if heading.lines[0]:
        style = f'class="heading" font-size="{_TITLE.size}" font-weight="bold" fill="{palette.INK}"'
        box = Box(MARGIN, y - 4, WIDTH - 2 * MARGIN, _TITLE_LINE * len(heading.lines))
        body += text(heading, Spot(MARGIN, y + 14, _TITLE_LINE), style, box, title)
        y += _TITLE_LINE * len(heading.lines) + _AFTER_TITLE
    panels: list[Panel] = []
    for neighbourhood in neighbourhoods:
        if panels:
            body.append(rule(y + _PANEL_GAP // 2, MARGIN, WIDTH - MARGIN))
            y += _PANEL_GAP
        panel = place(neighbourhood, y)
        panels.append(panel)
        body += _panel(panel)
        y += panel.height
        if not panel.frames:
            y += 2 * LINE
            body.append(_remark(_ALONE, (WIDTH - width(_ALONE, TEXT)) // 2, y - LINE // 2))
    if not panels:
        y += LINE
        body.append(_remark(_NOTHING, MARGIN, y))
    marks, y = legend(panels, y + MARGIN)
    return "\n".join([*_opening(neighbourhoods, title, y + MARGIN), *body, *marks, "</svg>", ""])


def _panel(panel: Panel) -> Iterator[str]:
    # Lines first: should one ever pass behind a box, the box stays readable.
    for link in panel.links:
        yield from connector(link)
    for placed in panel.frames:
        yield from frame(placed)
    yield from card(panel.card)


def _remark(words: str, x: int, y: int) -> str:
    return f'<text x="{x}" y="{y}" fill="{palette.MUTED}">{words}</text>'


def _opening(neighbourhoods: Sequence[Neighbourhood], title: str, height: int) -> Iterator[str]:
    from zlib import crc32

    name = visible(title) or "Neighbourhood of a term"
    description = " ".join(map(describe, neighbourhoods)) or _NOTHING
    # Several pictures may stand in one page, where an id may occur only once.
    mark = f"kg-{crc32(f'{name} {description}'.encode()):08x}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-labelledby="{mark}-title {mark}-desc" font-family="{_FONT}" font-size="{TEXT.size}">'
    )
    yield f'<title id="{mark}-title">{escape(name)}</title>'
    yield f'<desc id="{mark}-desc">{escape(description)}</desc>'
    yield (
        f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"'
        f' fill="{palette.PAPER}" stroke="{palette.EDGE_OF_PAPER}"/>'
    )


def describe(neighbourhood: Neighbourhood) -> str:
    """Say in words what the picture of a neighbourhood shows.

    >>> from kg.write.drawing.neighbourhood import Group, Node
    >>> fields = Group("advances", "association", (Node("cv", "computer vision", "candidate"),), outgoing=True)
    >>> describe(Neighbourhood(Node("fm", "foundation model", "entry"), "", (fields,)))
    'foundation model. Advances: computer vision.'
    """
    sentences = [shown(neighbourhood.center), visible(neighbourhood.description).removesuffix(".")]
    groups = list(drawn_groups(neighbourhood))
    for group in groups:
        name = (visible(group.relation) or "(no name)") + ("" if group.outgoing else " (points here)")
        sentences.append(f"{name[0].upper()}{name[1:]}: {', '.join(map(shown, group.nodes))}")
    if not groups:
        sentences.append(_ALONE.removesuffix("."))
    return " ".join(f"{sentence}." for sentence in sentences if sentence)
