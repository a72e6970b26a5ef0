"""The drawings are judged by what a reader gets: the SVG is parsed and measured, the DOT is given to Graphviz."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.errors import UnknownName, UsageError
from kg.write.drawing import palette
from kg.write.drawing.dot import draw_dot, quote_id
from kg.write.drawing.metrics import Font, clusters, is_bounded, visible, width, wrap
from kg.write.drawing.neighbourhood import Edge, Group, Neighbourhood, Node, stands_above
from kg.write.drawing.svg import describe, draw_svg

SVG = "{http://www.w3.org/2000/svg}"


def node(label: str, kind: str = "concept") -> Node:
    return Node(f"https://example.org/{label.replace(' ', '-')}", label, kind)


def group(relation: str, family: str, *labels: str, kind: str = "concept", outgoing: bool = True) -> Group:
    return Group(relation, family, tuple(node(label, kind) for label in labels), outgoing)


FOUNDATION_MODEL = Neighbourhood(
    node("foundation model", "entry"),
    "A foundation model is a large-scale machine learning model trained on broad data that can be adapted to a wide "
    "range of downstream tasks.",
    (
        group("broader", "hierarchy", "machine learning model"),
        group("example model", "hierarchy", "BERT", "CLIP", "DALL-E", "GPT", "GPT-3"),
        group(
            "can be adapted to",
            "attribute",
            "code generation",
            "downstream task",
            "object detection",
            "question answering",
            "sentiment analysis",
            "summarization",
            "translation",
        ),
        group("modality", "attribute", "image", "multimodal", "text"),
        group("trained on", "attribute", "broad data", kind="candidate"),
        group("consider instead", "attribute", "task-specific model", kind="candidate"),
        group(
            "raises concern",
            "association",
            "amplification of societal bias",
            "bias",
            "concentration of power",
            "environmental impact",
            "misuse",
            "safety",
            "systemic risk",
        ),
        group("uses method", "association", "pre-training", "self-supervised learning", "semi-supervised learning"),
        group("training objective", "association", "image reconstruction", "language modeling", kind="candidate"),
        group("adapted by", "association", "fine-tuning", kind="candidate"),
        group("relies on", "association", "learned representation", kind="candidate"),
        group("contrasts with", "association", "task-specific AI", "traditional machine learning model"),
        group("advances field", "association", "artificial intelligence", "computer vision"),
        group("related", "association", "general-purpose AI system", kind="entry"),
        group("contrasts with", "association", "expert system", outgoing=False),
    ),
)

HOSTILE = [
    "<script>alert('x')</script>",
    "]]> <!-- & &amp; &#60; \" ' %s {0}",
    "NUL\x00, VT\x0b, ESC\x1b[31m, DEL\x7f, NEL\x85, \ufffe, \uffff",
    "lone \ud800 surrogate",
    "两个模型之间的关系以及它们在自然语言处理和计算机视觉中的应用与影响",
    "نموذج الأساس (AI)!",
    "מודל בסיס GPT-3",
    "admin\u202egnp.exe\u2066",
    "Z" + "\u0301\u0317" * 40,
    "👩\u200d👩\u200d👧 👍🏽 🇫🇷" * 20,
    "x" * 300,
    "one word after the other " * 12,
    "W" * 18,
    "Щ" * 40,
    "\ufdfd" * 9,
    "",
    " \t\n ",
    "line\nbreak\tand\rreturn\u2028\u2029",
    "back\\slash \\N \\G \\l \\",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
]


def hostile_neighbourhood(outgoing: bool = True) -> Neighbourhood:
    kinds = ["entry", "concept", "candidate", "something else"]
    nodes = tuple(Node(f"k{i}", label, kinds[i % 4]) for i, label in enumerate(HOSTILE))
    groups = [Group(label, "association", (node("x"),), outgoing) for label in HOSTILE]
    families = [Group("every label", family, nodes, not outgoing) for family in palette.FAMILIES]
    return Neighbourhood(Node("k", HOSTILE[10], "candidate"), HOSTILE[11] * 9, (*families, *groups))


def crowd(count: int, family: str = "association") -> Neighbourhood:
    labels = [f"neighbour number {i}" if i % 3 else f"n{i}" for i in range(count)]
    return Neighbourhood(node("hub", "entry"), "In the middle.", (group("knows", family, *labels),))


def many_relations() -> Neighbourhood:
    names = list(palette.FAMILIES)
    groups = [
        group(f"relation {g}", names[g % 3], *[f"term {g}.{i}" for i in range(14)], outgoing=g % 2 == 0)
        for g in range(15)
    ]
    return Neighbourhood(node("hub", "entry"), "", tuple(groups))


PICTURES = {
    "seed": [FOUNDATION_MODEL],
    "no neighbour": [Neighbourhood(node("alone", "candidate"), "", ())],
    "empty groups": [Neighbourhood(node("alone"), "A thing.", (group("related", "association"),))],
    "one neighbour": [crowd(1)],
    "one broader": [Neighbourhood(node("cat"), "", (group("broader", "hierarchy", "animal"),))],
    "two hundred": [crowd(200)],
    "two hundred narrower": [crowd(200, "hierarchy")],
    "two hundred in fifteen relations": [many_relations()],
    "stacked": [FOUNDATION_MODEL, crowd(3), crowd(40, "attribute"), FOUNDATION_MODEL],
    "hostile": [hostile_neighbourhood(), hostile_neighbourhood(outgoing=False)],
    "nothing": [],
}


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def meets(self, other: Box) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


class Text(NamedTuple):
    """A `<text>` as drawn: its lines with the box each needs, and the box that clips it, if any."""

    lines: tuple[tuple[str, Box], ...]
    size: float
    fills: tuple[str, ...]
    clip: Box | None
    element: ET.Element


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg.encode())  # noqa: S314 - it is our own text


def box_of(element: ET.Element) -> Box:
    return Box(*(float(element.attrib[name]) for name in ("x", "y", "width", "height")))


def rects(root: ET.Element, kind: str) -> list[Box]:
    return [box_of(rect) for rect in root.iter(f"{SVG}rect") if rect.get("class") == kind]


def texts(root: ET.Element) -> Iterator[Text]:
    """Resolve what the texts inherit, and reckon the room of each line with the table of widths."""

    def walk(element: ET.Element, size: float, clip: Box | None) -> Iterator[Text]:
        size = float(element.get("font-size", size))
        if element.tag == f"{SVG}svg" and element is not root:
            clip = box_of(element)
            assert element.get("viewBox") == " ".join(element.attrib[n] for n in ("x", "y", "width", "height"))
            assert element.get("overflow", "hidden") == "hidden"
        if element.tag == f"{SVG}text":
            yield read_text(element, size, clip)
        for child in element:
            yield from walk(child, size, clip)

    return walk(root, 16, None)


def read_text(element: ET.Element, size: float, clip: Box | None) -> Text:
    bold = element.get("font-weight") == "bold"
    lines = []
    fills = [element.attrib["fill"]]
    spans = [child for child in element if child.tag == f"{SVG}tspan"]
    for span in spans or [element]:
        fills += [span.attrib["fill"]] if "fill" in span.attrib else []
        if "x" not in span.attrib:
            continue
        words = span.text or ""
        needed = width(words, Font(int(size), bold))
        x, y = float(span.attrib["x"]), float(span.attrib["y"])
        left = x - needed / 2 if element.get("text-anchor") == "middle" else x
        # Letters reach from 0.8 em above the baseline to 0.25 em below.
        lines.append((words, Box(left, y - 0.8 * size, needed, 1.05 * size)))
    return Text(tuple(lines), size, tuple(fills), clip, element)


def outlines(root: ET.Element) -> list[tuple[Box, Text]]:
    """Pair every label's box, and the card, with the texts that follow it."""
    pairs = []
    current: Box | None = None
    found = iter(list(texts(root)))
    for element in root.iter():
        if element.tag == f"{SVG}rect" and element.get("class"):
            current = box_of(element) if element.get("class") in ("label", "card") else None
        elif element.tag == f"{SVG}text":
            text = next(found)
            if current and element.get("class") is None and element.get("text-anchor"):
                pairs.append((current, text))
    return pairs


@pytest.fixture(params=PICTURES, scope="module")
def picture(request: pytest.FixtureRequest) -> ET.Element:
    return parse(draw_svg(PICTURES[request.param], "Terms and their neighbours"))


def check_boxes(root: ET.Element) -> None:
    """Assert what must hold for every picture: no overlap, nothing outside, no text out of its box."""
    paper = Box(*map(float, root.attrib["viewBox"].split()))
    labels = [*rects(root, "label"), *rects(root, "card")]
    frames = rects(root, "frame")
    for one, other in itertools.combinations(sorted(labels, key=lambda box: box.y), 2):
        assert not one.meets(other), (one, other)
    for one, other in itertools.combinations([*frames, *rects(root, "card")], 2):
        assert not one.meets(other), (one, other)
    for box in [*labels, *frames]:
        assert paper.holds(box)
    in_legend = [box for box in rects(root, "label") if (box.width, box.height) == (36, 16)]
    for box in set(rects(root, "label")) - set(in_legend):
        assert sum(frame.holds(box) for frame in frames) == 1
    for text in texts(root):
        for words, room in text.lines:
            assert paper.holds(room) or text.clip, words
    for box, text in outlines(root):
        check_text(box, text)


def check_text(box: Box, text: Text) -> None:
    for words, room in text.lines:
        if text.clip is None:
            assert box.holds(room), (words, room, box)
            assert is_bounded(words)
        else:
            assert box.holds(text.clip)


def test_no_box_overlaps_and_no_text_leaves_its_box(picture: ET.Element) -> None:
    check_boxes(picture)


def test_headings_and_the_legend_keep_clear_of_everything_else(picture: ET.Element) -> None:
    boxes = [*rects(picture, "label"), *rects(picture, "card")]
    for text in texts(picture):
        if text.element.get("class") in ("relation", "legend", "heading"):
            for words, room in text.lines:
                assert not any(room.meets(box) for box in boxes), words


def test_text_is_at_least_11_pixels_at_800_pixels_width(picture: ET.Element) -> None:
    assert picture.attrib["viewBox"].startswith("0 0 800 ")
    assert picture.attrib["width"] == "800"
    assert all(text.size >= 11 for text in texts(picture))


def test_the_picture_has_a_name_and_a_description(picture: ET.Element) -> None:
    title, description = picture[0], picture[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Terms and their neighbours"
    assert description.text


def test_only_inert_elements_and_attributes(picture: ET.Element) -> None:
    allowed = {"svg", "title", "desc", "rect", "path", "text", "tspan"}
    names = set()
    for element in picture.iter():
        assert element.tag.removeprefix(SVG) in allowed
        names |= set(element.attrib)
    assert not {name for name in names if name.startswith("on") or "href" in name or name == "style"}
    assert "url(" not in ET.tostring(picture, encoding="unicode")


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ground(root: ET.Element, until: ET.Element, x: float, y: float) -> str:
    """Return the colour on which an element stands: the last box drawn before it that covers the point."""
    colour = "none"
    for element in root.iter():
        if element is until:
            break
        if element.tag == f"{SVG}rect" and element.get("fill") != "none" and box_of(element).holds(Box(x, y, 0, 0)):
            colour = element.attrib["fill"]
    return colour


@pytest.mark.parametrize("name", ["seed", "no neighbour", "stacked", "nothing"])
def test_texts_and_lines_stand_out_from_their_ground(name: str) -> None:
    root = parse(draw_svg(PICTURES[name], "Terms"))
    for text in texts(root):
        spot = next(span for span in [text.element, *text.element] if "x" in span.attrib)
        colour = ground(root, text.element, float(spot.attrib["x"]), float(spot.attrib["y"]))
        assert all(contrast(fill, colour) >= 4.5 for fill in text.fills), (text, colour)
    for family in palette.FAMILIES.values():
        assert contrast(family.line, palette.PAPER) >= 3
        assert contrast(family.line, family.tint) >= 3
        assert contrast(family.colour, palette.PAPER) >= 3


def test_the_picture_brings_its_own_ground_for_dark_pages(picture: ET.Element) -> None:
    paper = next(element for element in picture.iter(f"{SVG}rect"))
    height = float(picture.attrib["height"])
    assert paper.get("class") == "paper"
    assert box_of(paper) == Box(0.5, 0.5, 799, height - 1)
    assert luminance(paper.attrib["fill"]) == 1


# --- relations -----------------------------------------------------------------------------------


def edges(root: ET.Element) -> list[ET.Element]:
    return [path for path in root.iter(f"{SVG}path") if path.get("class") == "edge"]


def look(path: ET.Element) -> tuple[str | None, str | None]:
    return path.get("stroke"), path.get("stroke-dasharray")


def test_families_differ_in_colour_and_dash_and_the_legend_says_which() -> None:
    root = parse(draw_svg([FOUNDATION_MODEL], ""))
    legend = [text.element for text in texts(root) if text.element.get("class") == "legend"]
    said = {next(iter(element)).text: next(iter(element)).get("fill") for element in legend}
    looks = {(row.colour, row.dash or None) for row in palette.FAMILIES.values()}
    assert len({colour for colour, _ in looks}) == len({dash for _, dash in looks}) == 3
    assert {name: said[name] for name in palette.FAMILIES} == {n: f.colour for n, f in palette.FAMILIES.items()}
    in_legend = edges(root)[-3:]
    assert [look(path) for path in in_legend] == [(f.colour, f.dash or None) for f in palette.FAMILIES.values()]
    assert {look(path) for path in edges(root)[:-3]} == looks
    assert len(edges(root)[:-3]) == len(FOUNDATION_MODEL.groups)


def test_the_legend_shows_only_what_occurs() -> None:
    root = parse(draw_svg([crowd(2)], ""))
    legend = [text.element for text in texts(root) if text.element.get("class") == "legend"]
    assert [next(iter(element)).text for element in legend] == ["association", "concept"]
    assert not [t for t in texts(parse(draw_svg([], ""))) if t.element.get("class") == "legend"]


def test_kinds_of_terms_differ_in_outline() -> None:
    groups = tuple(group(kind, "association", kind, kind=kind) for kind in ("entry", "concept", "candidate", "other"))
    root = parse(draw_svg([Neighbourhood(node("hub"), "", groups)], ""))
    found = [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == "label"]
    drawn = {text.lines[0][0]: box for box, text in outlines(root)}
    style = {
        name: next((r.get("stroke-width"), r.get("stroke-dasharray")) for r in found if box_of(r) == box)
        for name, box in drawn.items()
        if name != "hub"
    }
    assert style["other"] == style["concept"]
    assert len({style[name] for name in ("entry", "concept", "candidate")}) == 3
    assert style["candidate"][1]


def test_every_neighbour_is_drawn_once_for_each_relation() -> None:
    root = parse(draw_svg([FOUNDATION_MODEL], ""))
    drawn = sorted(" ".join(words for words, _ in text.lines) for _, text in outlines(root)[:-2])
    assert drawn == sorted(neighbour.label for g in FOUNDATION_MODEL.groups for neighbour in g.nodes)


def test_broader_stands_above_and_narrower_below() -> None:
    root = parse(draw_svg([FOUNDATION_MODEL], ""))
    place = {" ".join(words for words, _ in text.lines): box for box, text in outlines(root)}
    assert place["machine learning model"].y < place["foundation model"].y < place["GPT-3"].y
    card = place["foundation model"]
    for label in ("machine learning model", "BERT", "GPT-3"):
        assert card.x <= place[label].x
        assert place[label].x + place[label].width <= card.x + card.width


@pytest.mark.parametrize(
    ("relation", "family", "outgoing", "above"),
    [
        ("broader", "hierarchy", True, True),
        ("Broader (generic)", "hierarchy", True, True),
        ("broader", "hierarchy", False, False),
        ("narrower", "hierarchy", True, False),
        ("narrower", "hierarchy", False, True),
        ("is part of", "association", True, False),
        ("part of", "hierarchy", True, True),
    ],
)
def test_which_end_of_a_hierarchy_is_above(relation: str, family: str, outgoing: bool, above: bool) -> None:
    assert stands_above(Group(relation, family, (), outgoing)) is above


def points(path: ET.Element) -> list[tuple[float, float]]:
    """Return points along a path of M, H, V and Q commands."""
    found: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([MHVQ])([-\d. ]+)", path.attrib["d"]):
        numbers = [float(number) for number in rest.split()]
        if command == "M":
            found.append((numbers[0], numbers[1]))
            continue
        x, y = found[-1]
        if command == "H":
            end = control = (numbers[0], y)
        elif command == "V":
            end = control = (x, numbers[0])
        else:
            control, end = (numbers[0], numbers[1]), (numbers[2], numbers[3])
        for step in range(1, 9):
            t = step / 8
            before, between, after = (1 - t) ** 2, 2 * t * (1 - t), t**2
            found.append(
                (
                    before * x + between * control[0] + after * end[0],
                    before * y + between * control[1] + after * end[1],
                )
            )
    return found


def near_edge(box: Box, x: float, y: float, slack: float = 10) -> bool:
    outer = Box(box.x - slack, box.y - slack, box.width + 2 * slack, box.height + 2 * slack)
    return outer.holds(Box(x, y, 0, 0))


def crosses(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return any(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for a, b in itertools.pairwise(one)
        for c, d in itertools.pairwise(other)
    )


@pytest.mark.parametrize("name", ["seed", "one neighbour", "one broader", "two hundred", "hostile"])
def test_connectors_join_card_and_frame_behind_no_box(name: str) -> None:
    root = parse(draw_svg(PICTURES[name][:1], "Terms"))
    (card,), frames = rects(root, "card"), rects(root, "frame")
    legend_top = max(box.y + box.height for box in [card, *frames])
    lines = [points(path) for path in edges(root)]
    lines = [line for line in lines if line[0][1] <= legend_top]
    assert len(lines) == len(frames)
    for line in lines:
        assert near_edge(card, *line[0])
        assert sum(near_edge(frame, *line[-1]) for frame in frames) >= 1
        inside = [point for point in line for box in [card, *frames] if box.holds(Box(*point, 0, 0))]
        assert set(inside) <= {line[0], line[-1]}
    for frame in frames:
        assert any(
            near_edge(frame, *line[-1]) and frame.y < line[-1][1] < frame.y + frame.height for line in lines
        ) or (frame.x == card.x)


@pytest.mark.parametrize("name", ["seed", "hostile", "two hundred narrower", "two hundred in fifteen relations"])
def test_connectors_never_cross(name: str) -> None:
    root = parse(draw_svg(PICTURES[name], ""))
    lines = [points(path) for path in edges(root)]
    assert not any(crosses(one, other) for one, other in itertools.combinations(lines, 2))


def test_links_that_point_here_are_marked() -> None:
    def heads(outgoing: bool) -> list[float]:
        groups = (group("cites", "association", "paper", outgoing=outgoing),)
        root = parse(draw_svg([Neighbourhood(node("hub"), "", groups)], ""))
        (card,) = rects(root, "card")
        tips = re.findall(r'd="M(\d+) \d+L', ET.tostring(root, encoding="unicode"))
        assert any("points here" in "".join(text.element.itertext()) for text in texts(root)) is not outgoing
        return [float(tip) - card.x - card.width for tip in tips]

    assert heads(outgoing=False) == [0]
    assert heads(outgoing=True) == [46]


def test_both_sides_are_about_equally_high() -> None:
    for name in ("seed", "two hundred", "two hundred in fifteen relations"):
        root = parse(draw_svg(PICTURES[name], ""))
        (card,), frames = rects(root, "card"), rects(root, "frame")
        left = sum(box.height for box in frames if box.x + box.width < card.x)
        right = sum(box.height for box in frames if box.x > card.x + card.width)
        assert abs(left - right) <= max(box.height for box in frames)


def test_a_crowd_is_spread_over_numbered_frames_in_order() -> None:
    root = parse(draw_svg([crowd(200)], ""))
    headings = ["".join(t.element.itertext()) for t in texts(root) if t.element.get("class") == "relation"]
    assert headings == [f"knows· {i + 1} of {len(headings)}" for i in range(len(headings))]
    assert len(headings) > 4
    drawn = [text.lines[0][0] for _, text in outlines(root)][:200]
    assert drawn == [neighbour.label for neighbour in crowd(200).groups[0].nodes]


# --- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_inert_and_its_full_text_is_kept(label: str) -> None:
    others = Group(label, "attribute", (Node("other", label, "candidate"),), outgoing=True)
    neighbourhood = Neighbourhood(Node("key", label, "entry"), label, (others,))
    root = parse(draw_svg([neighbourhood], label))
    check_boxes(root)
    shown = visible(label)
    for _, text in outlines(root):
        drawn = "".join(words for words, _ in text.lines).replace(" ", "")
        tooltip = text.element.find(f"{SVG}title")
        if not shown:
            assert drawn in ("key", "other")
        elif drawn != shown.replace(" ", ""):
            assert drawn.endswith("…")
            assert shown.replace(" ", "").startswith(drawn[:-1])
            assert tooltip is not None
        if tooltip is not None:
            assert (tooltip.text or "") == label_as_xml(label)


def label_as_xml(label: str) -> str:
    """Write U+FFFD for what XML 1.0 cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", label)


def test_nothing_hidden_reorders_the_picture_and_the_file_shows_it() -> None:
    svg = draw_svg([Neighbourhood(Node("k", "admin\u202egnp.exe", "entry"), "", ())], "")
    assert "\u202e" not in svg
    assert "&#x202E;" in svg
    assert "admingnp.exe" in svg


def test_right_to_left_labels_get_their_direction() -> None:
    root = parse(draw_svg([Neighbourhood(node("مرحبا (AI)!"), "", (group("relation", "attribute", "שלום"),))], "x"))
    directions = {"".join(t.element.itertext()): t.element.get("direction") for t in texts(root)}
    assert directions["مرحبا (AI)!"] == directions["שלום"] == "rtl"
    assert directions["relation"] is None


LABELS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=40),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=60),
)
NODES = st.builds(Node, st.text(max_size=5), LABELS, st.sampled_from([*palette.KINDS, "other"]))
GROUPS = st.builds(
    Group, LABELS, st.sampled_from(list(palette.FAMILIES)), st.lists(NODES, max_size=25).map(tuple), st.booleans()
)
NEIGHBOURHOODS = st.builds(Neighbourhood, NODES, LABELS, st.lists(GROUPS, max_size=9).map(tuple))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NEIGHBOURHOODS, max_size=3), LABELS)
@example([FOUNDATION_MODEL], "\x00")
def test_any_neighbourhood_gives_a_sound_picture(neighbourhoods: list[Neighbourhood], title: str) -> None:
    check_boxes(parse(draw_svg(neighbourhoods, title)))


# --- the whole file ------------------------------------------------------------------------------


def test_equal_input_gives_equal_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]; import test_drawing as t;"
        "sys.stdout.reconfigure(encoding='utf-8', newline='');"
        "print(*(t.draw_svg(p, n) for n, p in t.PICTURES.items()))"
    )
    here = os.path.dirname(os.path.abspath(__file__))
    paths = [here, os.path.dirname(os.path.dirname(here))]
    runs = {
        subprocess.run(
            [sys.executable, "-c", program, *paths],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(runs) == 1
    assert len(runs.pop()) > 100_000


def test_coordinates_are_whole_pixels() -> None:
    svg = draw_svg(PICTURES["stacked"], "Terms")
    numbers = re.findall(r' (?:x|y|width|height|dx)="([^"]+)"', svg)
    numbers += re.findall(r"-?[\d.]+", " ".join(re.findall(r' d="([^"]+)"', svg)))
    assert {number for number in numbers if not re.fullmatch(r"-?\d+", number)} == {"0.5"}


def test_two_pictures_in_one_page_have_different_ids() -> None:
    ids = [parse(draw_svg([neighbourhood], "T"))[0].get("id") for neighbourhood in (FOUNDATION_MODEL, crowd(1))]
    assert len(set(ids)) == 2


def test_a_wide_title_is_shortened_and_an_empty_one_leaves_no_gap() -> None:
    root = parse(draw_svg([crowd(1)], "title " * 100))
    heading = next(text for text in texts(root) if text.element.get("class") == "heading")
    assert len(heading.lines) == 2
    assert heading.element.findtext(f"{SVG}title") == "title " * 100
    bare = parse(draw_svg([crowd(1)], " "))
    assert bare[0].text == "Neighbourhood of a term"
    assert min(box.y for box in rects(bare, "card")) < 40


def test_the_description_says_what_is_drawn() -> None:
    assert describe(FOUNDATION_MODEL).startswith(
        f"foundation model. {FOUNDATION_MODEL.description} Broader: machine learning model. Example model: BERT, CLIP,"
    )
    assert describe(FOUNDATION_MODEL).endswith("Contrasts with (points here): expert system.")
    assert describe(Neighbourhood(node("x"), "", ())) == "x. No term is linked to it."
    assert parse(draw_svg([], "T"))[1].text == "There is nothing to draw."


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(UnknownName, match=r"asociation.*did you mean 'association'"):
        draw_svg([Neighbourhood(node("x"), "", (group("related", "asociation", "y"),))], "")
    with pytest.raises(UnknownName):
        draw_dot([node("x")], [Edge(node("x").key, node("x").key, "r", "asociation")], "")


# --- widths --------------------------------------------------------------------------------------

# Advances in em, read from the font files: DejaVu Sans, Liberation Sans (the widths of Arial), and their bold faces.
KNOWN = [
    ("Foundation model self-supervised learning", 21.366, 18.844, 24.230, 20.447),
]


@pytest.mark.parametrize(("text", "dejavu", "liberation", "dejavu_bold", "liberation_bold"), KNOWN)
def test_widths_are_upper_bounds_but_not_wasteful(
    text: str, dejavu: float, liberation: float, dejavu_bold: float, liberation_bold: float
) -> None:
    plain, bold = width(text, Font(100)) / 100, width(text, Font(100, bold=True)) / 100
    assert max(dejavu, liberation) <= plain <= 1.05 * dejavu
    assert max(dejavu_bold, liberation_bold) <= bold <= 1.1 * dejavu_bold


def test_ideographs_take_an_em_and_marks_nothing() -> None:
    assert width("模型", Font(12)) == 24
    assert width("한국", Font(10)) == 20
    assert width("e\u0301", Font(100)) == width("e", Font(100)) == width("é", Font(100))


def test_clusters_hold_together() -> None:
    assert clusters("e\u0301x") == ["e\u0301", "x"]
    assert clusters("👩\u200d👩\u200d👧👍🏽🇫🇷🇩🇪") == ["👩\u200d👩\u200d👧", "👍🏽", "🇫🇷", "🇩🇪"]


@settings(max_examples=150, deadline=None)
@given(LABELS.map(visible), st.integers(40, 300), st.integers(1, 5))
def test_wrapped_lines_fit_and_lose_nothing_unless_shortened(text: str, room: int, most: int) -> None:
    wrapped = wrap(text, Font(12), room, most)
    assert 1 <= len(wrapped.lines) <= most
    assert wrapped.width <= room
    for line in wrapped.lines:
        assert width(line, Font(12)) <= room or len(clusters(line.removesuffix("…"))) <= 1
    if not wrapped.shortened:
        assert "".join(wrapped.lines).replace(" ", "") == text.replace(" ", "")
    else:
        assert wrapped.lines[-1].endswith("…")


def test_a_line_breaks_after_hyphens_and_around_ideographs_before_it_tears_words() -> None:
    assert wrap("self-supervised", Font(12), 80, 2).lines == ("self-", "supervised")
    assert wrap("基础模型的例子", Font(12), 50, 3).lines == ("基础模型", "的例子")
    assert wrap("unbelievable", Font(12), 50, 3).lines == ("unbelie", "vable")


def test_a_text_of_any_length_is_measured_in_bounded_time() -> None:
    wrapped = wrap("\u0301" * 10_000_000, Font(12), 100, 3)
    assert wrapped.shortened


# --- DOT -----------------------------------------------------------------------------------------


def test_dot_keeps_the_order_and_the_looks() -> None:
    nodes = [node("b", "entry"), node("a", "candidate"), node("c", "unheard of")]
    links = [Edge(nodes[1].key, nodes[0].key, "broader", "hierarchy"), Edge(nodes[0].key, nodes[2].key, "related")]
    lines = draw_dot(nodes, links, "Some terms").splitlines()
    body = [line.strip() for line in lines if line.startswith('  "')]
    assert [re.findall(r'example\.org/(.)"', line) for line in body] == [["b"], ["a"], ["c"], ["a", "b"], ["b", "c"]]
    assert 'shape="ellipse", style="filled,dashed"' in body[1]
    assert 'shape="box", style="filled,rounded"' in body[2]
    assert 'style="solid"' in body[3]
    assert 'style="dashed"' in body[4]
    assert 'charset="UTF-8"' in lines[1]


def test_dot_identifiers_never_collide() -> None:
    keys = [
        "a",
        "\x00",
        "\\u0000",
        "\\\\u0000",
        "\x01",
        '"',
        '\\"',
        "\\",
        "\\\\",
        "",
        "\ue000" + "1",
        "\U000e0001",
        "\ud800",
    ]
    assert len({quote_id(key) for key in keys}) == len(keys)
    for key in keys:
        assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', quote_id(key)), key
        quote_id(key).encode()


def test_dot_refuses_an_edge_to_nowhere() -> None:
    with pytest.raises(UsageError, match="add the node"):
        draw_dot([node("a")], [Edge(node("a").key, "nowhere", "related")], "")


needs_dot = pytest.mark.skipif(
    shutil.which("dot") is None and not os.environ.get("CI"), reason="Graphviz (the program dot) is not installed"
)


def graphviz(source: str) -> ET.Element:
    done = subprocess.run(["dot", "-Tsvg"], input=source.encode(), check=True, capture_output=True)
    return ET.fromstring(done.stdout)  # noqa: S314 - Graphviz wrote it from our own text


@needs_dot
def test_graphviz_draws_the_whole_neighbourhood() -> None:
    nodes = {FOUNDATION_MODEL.center.key: FOUNDATION_MODEL.center}
    links = []
    for relation in FOUNDATION_MODEL.groups:
        for neighbour in relation.nodes:
            nodes[neighbour.key] = neighbour
            links.append(Edge(FOUNDATION_MODEL.center.key, neighbour.key, relation.relation, relation.family))
    root = graphviz(draw_dot(list(nodes.values()), links, "Neighbours"))
    classes = [element.get("class") for element in root.iter(f"{SVG}g")]
    assert (classes.count("node"), classes.count("edge")) == (len(nodes), len(links))


@needs_dot
@pytest.mark.parametrize("label", HOSTILE)
def test_graphviz_shows_a_hostile_label_exactly(label: str) -> None:
    nodes = [Node(label, label, "entry"), Node(label + "2", "plain", "candidate")]
    root = graphviz(draw_dot(nodes, [Edge(label, label + "2", label)], label))
    node_groups = [g for g in root.iter(f"{SVG}g") if g.get("class") == "node"]
    assert len(node_groups) == 2
    drawn = "".join(text.text or "" for text in node_groups[0].iter(f"{SVG}text"))
    expected = visible(label) or "(no label)"

    def bare(words: str) -> str:
        return "".join(words.split())

    if drawn.endswith("…") and not expected.endswith("…"):
        assert bare(expected).startswith(bare(drawn)[:-1])
    else:
        assert bare(drawn) == bare(expected)
