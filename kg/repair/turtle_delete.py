"""Taking objects out of a block of Turtle: which tokens go, and which sign stands where then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby

from kg.repair.patch import Range
from kg.repair.turtle_frames import Cell, Frame, Group, Sign
from kg.syntax.turtle_tokens import tokens

_NONE: frozenset[int] = frozenset()


def deletions(text: str, frame: Frame) -> Iterator[Range]:
    """Yield the ranges of what is `gone` from a block, the signs left aside: those are changed in their places.

    What follows the last object that stays, takes over the sign of the last that goes.
    """
    if not any(cell.gone for cell in frame.cells()):
        return
    if all(cell.gone for cell in frame.cells()):
        yield from _whole(text, frame)
        return
    for group in frame.groups:
        if not all(cell.gone for cell in group.cells):
            yield from _objects(text, group)
    yield from _groups(text, frame)


def _whole(text: str, frame: Frame) -> Iterator[Range]:
    wishes = _wishes(list(frame.cells()))
    if frame.inner:
        # Its brackets stay, with nothing in them.
        for group in frame.groups:
            yield (*group.verb, wishes)
            yield from _cells(group.cells, wishes)
            for cell in group.cells:
                _clear(cell.signs, wishes)
        return
    last = frame.groups[-1].cells[-1]
    end = last.signs[-1].end if last.signs else last.span.end
    for found in tokens(text, frame.start, end):
        yield (*found.span(found.lastgroup or 0), wishes)


def _objects(text: str, group: Group) -> Iterator[Range]:
    """Take objects out of a group of which others stay."""
    before: Cell | None = None
    runs = [(gone, list(cells)) for gone, cells in groupby(group.cells, key=lambda cell: bool(cell.gone))]
    for number, (gone, run) in enumerate(runs):
        if not gone:
            before = run[-1]
            continue
        wishes = _wishes(run)
        after = runs[number + 1][1][0] if number + 1 < len(runs) else None
        yield from _cells(run, wishes)
        for cell in run[:-1]:
            _clear(cell.signs, wishes)
        if after is None:
            if before is not None:
                _hand_over(text, before, run[-1], wishes)
        elif before is not None and _leads(text, before.signs, run[0].span.start, run[-1]):
            _clear(before.signs, wishes)
            before.signs = run[-1].signs
        else:
            _clear(run[-1].signs, wishes)
            if before is None:
                yield from _gap(text, group.verb.end, run[-1], after.span.start, wishes)


def _groups(text: str, frame: Frame) -> Iterator[Range]:
    """Take whole groups out of a block in which others stay."""
    before: Group | None = None
    runs = [
        (gone, list(groups))
        for gone, groups in groupby(frame.groups, key=lambda group: all(cell.gone for cell in group.cells))
    ]
    for number, (gone, run) in enumerate(runs):
        if not gone:
            before = run[-1]
            continue
        cells = [cell for group in run for cell in group.cells]
        wishes = _wishes(cells)
        after = runs[number + 1][1][0] if number + 1 < len(runs) else None
        for group in run:
            yield (*group.verb, wishes)
        yield from _cells(cells, wishes)
        for cell in cells[:-1]:
            _clear(cell.signs, wishes)
        stays = None if before is None else [cell for cell in before.cells if not cell.gone][-1]
        if after is None:
            if stays is not None:
                _hand_over(text, stays, cells[-1], wishes)
        elif stays is not None and _leads(text, stays.signs, run[0].verb.start, cells[-1]):
            _clear(stays.signs, wishes)
            stays.signs = cells[-1].signs
        else:
            _clear(cells[-1].signs, wishes)
            if before is None:
                yield from _gap(text, frame.start, cells[-1], after.verb.start, wishes)


def _hand_over(text: str, stays: Cell, last: Cell, wishes: frozenset[int]) -> None:
    """Let an object be the last in place of one that goes."""
    own, mine = last.signs, [sign for sign in stays.signs if sign.text]
    if own and mine and own[0].text == mine[0].text == ";":
        _clear([sign for sign in own if sign.text == ";"], wishes)
        stays.signs = [*mine, *(sign for sign in own if sign.text == ".")]
    elif own and mine and not _broken(text, last.span.end, own[0].start):
        mine[0].becomes(own[0].text, wishes)
        # The new sign is set off as the old one was.
        if text[own[0].start - 1].isspace() and not text[mine[0].start - 1].isspace():
            mine[0].lead = " "
        _clear([*mine[1:], own[0]], wishes)
        stays.signs = [mine[0], *own[1:]]
    else:
        # The dot stands on a line of its own, or a bracket or brace closes: that stays as it is.
        _clear(mine, wishes)
        stays.signs = own


def _leads(text: str, before: Sequence[Sign], start: int, last: Cell) -> bool:
    """Tell whether the sign before what goes belongs to its line, as in texts with the semicolon in front."""
    if not before or _broken(text, before[-1].end, start):
        return False
    return not last.signs or _broken(text, last.span.end, last.signs[0].start)


def _gap(text: str, outer: int, last: Cell, after: int, wishes: frozenset[int]) -> Iterator[Range]:
    """Close the gap up to what comes next, where something before it stays on the line."""
    end = last.signs[-1].end if last.signs else last.span.end
    start = last.span.end
    if not _broken(text, outer, last.span.start) and text[end:after].isspace() and not text[start:end].count("#"):
        yield (end, after, wishes)


def _cells(cells: Sequence[Cell], wishes: frozenset[int]) -> Iterator[Range]:
    for cell in cells:
        yield (*cell.span, wishes)


def _clear(signs: Sequence[Sign], wishes: frozenset[int]) -> None:
    for sign in signs:
        sign.becomes("", wishes)


def _broken(text: str, start: int, end: int) -> bool:
    """Tell whether a line ends in a range."""
    return "\n" in text[start:end] or "\r" in text[start:end]


def _wishes(cells: Sequence[Cell]) -> frozenset[int]:
    return reduce(frozenset.union, (cell.gone for cell in cells), _NONE)
