"""Write a graph of terms in the DOT language of Graphviz, as UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.errors import UsageError
from kg.write.drawing import palette
from kg.write.drawing.frames import TEXT, shown
from kg.write.drawing.metrics import is_xml, visible, wrap
from kg.write.drawing.neighbourhood import Edge, Node

_ROOM = 190


class _Look(NamedTuple):
    shape: str
    style: str
    fill: str
    text: str


_KINDS = {
    "entry": _Look("box", "filled,rounded,bold", palette.CARD, palette.CARD_TEXT),
    "concept": _Look("box", "filled,rounded", palette.PAPER, palette.INK),
    "candidate": _Look("ellipse", "filled,dashed", palette.PAPER, palette.INK),
}
_LINES = {"hierarchy": "solid", "association": "dashed", "attribute": "dotted"}


def quote_id(key: str) -> str:
    r"""Return a key as a quoted DOT identifier; different keys give different identifiers.

    Only `"` and the backslash mean something inside the quotes. What cannot
    stand in a file, or cuts one short, is written as ``\uXXXX`` or
    ``\UXXXXXXXX``, which DOT keeps as it is.

    >>> print(quote_id('say "x"\\ \x00'))
    "say \"x\"\\ \u0000"
    """
    body = key.replace("\\", "\\\\").replace('"', '\\"')
    if not body.isprintable():
        body = "".join(sign if sign.isprintable() else _code(sign) for sign in body)
    return f'"{body}"'


def _code(sign: str) -> str:
    return f"\\u{ord(sign):04X}" if sign <= "\uffff" else f"\\U{ord(sign):08X}"


def quote_label(lines: Sequence[str]) -> str:
    r"""Return lines of text as a quoted DOT label that shows exactly them.

    Backslash sequences (`\N`, `\G`, `\l` …) and character entities are otherwise
    replaced by Graphviz.

    >>> print(quote_label(["AT&amp;T", r"\N"]))
    "AT&amp;amp;T\n\\N"
    """
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join("".join(sign if is_xml(sign) else "\ufffd" for sign in line) for line in escaped) + '"'


def draw_dot(nodes: Sequence[Node], edges: Sequence[Edge], title: str) -> str:
    """Write nodes and edges, in the order given, as a directed graph.

    The kind of a term is its shape and fill, the family of a relation its colour
    and line style; relation names label the edges.

    Raises `UsageError` when an edge ends at a key that no node has, `UnknownName`
    when its family is not in the palette.
    """
    keys = {node.key for node in nodes}
    for edge in edges:
        for key in (edge.source, edge.target):
            if key not in keys:
                raise UsageError(
                    f"an edge {edge.relation!r} ends at {key!r}, which is not among the nodes: add the node"
                )
    return "\n".join([*_opening(title), *map(_node, nodes), *map(_edge, edges), "}", ""])


def _opening(title: str) -> Iterator[str]:
    yield "digraph {"
    yield f'  graph [charset="UTF-8", label={quote_label([visible(title)])}, labelloc="t", fontname="sans-serif",'
    yield f'    fontsize="18", fontcolor="{palette.INK}", bgcolor="{palette.PAPER}", rankdir="LR", ranksep="1"];'
    yield '  node [fontname="sans-serif", fontsize="12", margin="0.15,0.07", height="0.3"];'
    yield '  edge [fontname="sans-serif", fontsize="11"];'


def _node(node: Node) -> str:
    look = _KINDS.get(node.kind, _KINDS["concept"])
    words = wrap(shown(node), TEXT, _ROOM, 3)
    tooltip = f", tooltip={quote_label([visible(node.label)])}" if words.shortened else ""
    return (
        f'  {quote_id(node.key)} [label={quote_label(words.lines)}{tooltip}, shape="{look.shape}",'
        f' style="{look.style}", color="{palette.CARD}", fillcolor="{look.fill}", fontcolor="{look.text}"];'
    )


def _edge(edge: Edge) -> str:
    colour = palette.family(edge.family).colour
    words = wrap(visible(edge.relation), TEXT, _ROOM, 2)
    return (
        f"  {quote_id(edge.source)} -> {quote_id(edge.target)} [label={quote_label(words.lines)},"
        f' color="{colour}", fontcolor="{colour}", style="{_LINES[edge.family]}"];'
    )
