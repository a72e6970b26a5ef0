"""Turtle for people and diffs (W3C RDF 1.1 Turtle): prefixes, reading order, a value a line.

Lexical forms, language tags and IRIs are written exactly; a short form (`12`, `true`)
is used only where it stands for the same literal to the letter. A blank node that one
statement names stands inside that statement (`kg.write.nest`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.rows import Order, Rows
from kg.statement import DATA
from kg.terms import Term
from kg.vocab import EVIDENCE
from kg.write import order
from kg.write.nest import Nesting, nesting, shared_blanks
from kg.write.spelling import Spelling

_PART = 4096
#: A node or a list that is not longer than this stands on one line.
_LINE = 80
#: A line end and the indentation of the value that a nested node is; no spelling holds the sign.
_BREAK = "\0"
_VALUE = " " * 8


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as Turtle, and the evidence behind it where it is asked for."""
    named = dataset.labelled()
    document = Document(named, [(name, named.rows(name)) for name in (DATA, EVIDENCE)[: 1 + options.evidence]])
    yield document.spelling.header().encode()
    for name in document.graphs:
        yield from map(str.encode, document.blocks(name))


class Document:
    """Some graphs of a Dataset, their terms spelt and the prefixes known; blocks of text are made when asked for.

    The blank nodes of the Dataset have their canonical labels.
    """

    def __init__(self, dataset: Dataset, graphs: Sequence[tuple[Term, Rows]]) -> None:
        self.graphs = dict(graphs)
        self.spelling = Spelling(order.prefixes(dataset), dataset.rows().terms)
        self._nested: dict[Term, Nesting] = {}
        if any(term[:1] == "_" for term in dataset.terms()):
            shared = shared_blanks(self.spelling.terms, graphs)
            self._nested = {name: nesting(rows, shared) for name, rows in graphs}
        for name, rows in graphs:
            self.spelling.spell({*rows.subjects, *rows.objects})
            self.spelling.names(self._verbs(name, rows))

    def _verbs(self, name: Term, rows: Rows) -> set[int]:
        """Return the predicates that are written: not those of cells of lists."""
        nested = self._nested.get(name)
        if nested is None or not nested.lists:
            return set(rows.predicates)
        pairs = zip(rows.subjects, rows.predicates, strict=True)
        return {verb for subject, verb in pairs if subject not in nested.cells and subject not in nested.lists}

    def blocks(self, name: Term, pad: str = "") -> Iterator[str]:
        """Yield the text of one graph, a block a subject, many at a time; lines begin with `pad`."""
        rows = self.graphs[name]
        ordered = order.reading(rows)
        names = self.spelling.names(ordered.predicates)
        nested = self._nested.get(name)
        if nested:
            ordered = _folded(rows, ordered, nested, names, self.spelling.forms)
        forms, subjects, objects = self.spelling.forms, ordered.subjects, rows.objects
        shift, mask = ordered.shift, (1 << ordered.shift) - 1
        first = [f" {name} " for name in names]
        then = [f" ;\n{pad}    {name} " for name in names]
        again = [_comma(name, f",\n{pad}{_VALUE}") for name in names]
        start, last, subject = f"\n{pad}", -1, -1
        for at in range(0, len(ordered.rows), _PART):
            pieces: list[str] = []
            put = pieces.append
            for key, row in zip(ordered.keys[at : at + _PART], ordered.rows[at : at + _PART], strict=True):
                if key == last:
                    put(again[key & mask])
                elif key >> shift == subject:
                    put(then[key & mask])
                else:
                    subject = key >> shift
                    put(f"{start}{forms[subjects[subject]]}{first[key & mask]}")
                    start = f" .\n\n{pad}"
                last = key
                put(forms[objects[row]])
            text = "".join(pieces)
            yield text.replace(_BREAK, f"\n{pad}{_VALUE}") if nested else text
        if ordered.rows:
            yield " .\n"


def _comma(name: str, otherwise: str) -> str:
    """Return what stands between two values: classes share a line."""
    return ", " if name == "a" else otherwise


def _folded(rows: Rows, ordered: Order, nested: Nesting, names: list[str], forms: list[str]) -> Order:
    """Spell each nested node where it is named, and return the order without their rows."""
    shift, mask = ordered.shift, (1 << ordered.shift) - 1
    ranks = {number: rank for rank, number in enumerate(ordered.subjects)}
    for number in nested.bare:
        forms[number] = "[]"
    for number in nested.inside:
        if number in nested.lists:
            forms[number] = _list([forms[element] for element in nested.lists[number]])
            continue
        properties: dict[str, list[str]] = {}
        if number in ranks:
            start, stop = (bisect_left(ordered.keys, ranks[number] + one << shift) for one in (0, 1))
            for key, row in zip(ordered.keys[start:stop], ordered.rows[start:stop], strict=True):
                properties.setdefault(names[key & mask], []).append(forms[rows.objects[row]])
        forms[number] = _node(properties)
    gone = {*nested.inside, *nested.cells}
    kept = [(key, row) for key, row in zip(ordered.keys, ordered.rows, strict=True) if rows.subjects[row] not in gone]
    return ordered._replace(keys=[key for key, _ in kept], rows=[row for _, row in kept])


def _node(properties: dict[str, list[str]]) -> str:
    if not properties:
        return "[]"
    line = " ; ".join(f"{name} {', '.join(values)}" for name, values in properties.items())
    if _fits(line):
        return f"[ {line} ]"
    inner = f"{_BREAK}{_VALUE}"
    parts = []
    for name, values in properties.items():
        joined = _comma(name, f",{inner}").join([value.replace(_BREAK, inner) for value in values])
        parts.append(f"{_BREAK}    {name} {joined}")
    return f"[{' ;'.join(parts)}{_BREAK}]"


def _list(elements: list[str]) -> str:
    line = " ".join(elements)
    if _fits(line):
        return f"( {line} )"
    inner = f"{_BREAK}    "
    return f"({''.join(inner + element.replace(_BREAK, inner) for element in elements)}{_BREAK})"


def _fits(line: str) -> bool:
    return len(line) <= _LINE and _BREAK not in line and "\n" not in line
