"""How a claims file is spelt: tags, blanks at line ends, rows that stand twice, as ranges of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.iri import canonical_tag, check_tag
from kg.read.claim import COLUMNS
from kg.syntax.turtle_spelling import Better
from kg.text import Source, Span

_OBJECT = COLUMNS.index("object")
_TAG = re.compile(r'\s*"(?:[^"\\]|\\.)*"@([A-Za-z0-9\-]+)\s*')
#: A tab parts cells, so that one at the end of a line is an empty cell.
_TRAILING = re.compile(r" +(?=\r|\n|\Z)")


def _rows(text: str) -> Iterator[Span]:
    """Yield the rows of the table, its head left out."""
    head = False
    source = Source("", text)
    for line in source.lines():
        row = source.slice(line)
        if row.strip() and not row.startswith("#"):
            if head:
                yield line
            head = True


def tags(text: str) -> Iterator[Better]:
    """Yield each language tag of an object that is not in the case of BCP 47, with its place, and as it should be."""
    for row in _rows(text):
        start = row.start
        for number, cell in enumerate(text[row.start : row.end].split("\t")):
            found = _TAG.fullmatch(cell) if number == _OBJECT else None
            if found and check_tag(found[1]) is None and canonical_tag(found[1]) != found[1]:
                yield start + found.start(1), start + found.end(1), canonical_tag(found[1])
            start += len(cell) + 1


def blanks(text: str) -> Iterator[Better]:
    """Yield the blanks at the ends of lines."""
    for gap in _TRAILING.finditer(text):
        yield *gap.span(), ""


def repeats(text: str) -> Iterator[Span]:
    """Yield each row that stands again behind its first place, every cell the same."""
    seen: set[tuple[str, ...]] = set()
    for row in _rows(text):
        cells = [cell.strip() for cell in text[row.start : row.end].split("\t")]
        key = tuple(cells + [""] * (len(COLUMNS) - len(cells)))
        if key in seen:
            yield row
        seen.add(key)
