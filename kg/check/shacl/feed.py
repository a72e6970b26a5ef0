"""What an engine is given of the data: the statements that its shapes can see, as N-Triples."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import chain, repeat

from kg.check.shacl.shapes import Shapes
from kg.dataset import Dataset
from kg.terms import Term
from kg.vocab import XSD

#: So many lines are made at once; a list of a million of them would take as much again as their text.
_LINES = 1 << 16
#: Fewer statements than that are given as they are: to learn what shapes can see costs more.
FEW = 10_000
_DATES = tuple(f"^^{datatype}" for datatype in (XSD.date, XSD.dateTime))
_HUGE_YEAR = r'("-?)(\d{18,})'


class Feed:
    """Some graphs of a Dataset, taken as one, as far as shapes can see them."""

    def __init__(self, dataset: Dataset, graphs: Collection[str], shapes: Shapes) -> None:
        self._graphs = [dataset.rows(graph) for graph in graphs]
        self.terms: Sequence[Term] = self._graphs[0].terms
        #: literals that were given to the engine as others: what they were
        self.tamed: dict[str, Term] = {}
        if len(dataset) > FEW:
            from kg.check.shacl.scope import narrowed

            self._graphs = narrowed(self._graphs, dataset.number, shapes)

    def tame(self) -> None:
        """Give years of so many digits that an engine breaks down over them as shorter ones, as ill typed to it."""
        taken = set(self.terms)
        changed = list(self.terms)
        for number, term in enumerate(self.terms):
            found = re.match(_HUGE_YEAR, term) if term.endswith(_DATES) else None
            if found:
                year = int(found[2][:15])
                while (made := Term(f"{found[1]}{year}{term[found.end() :]}")) in taken:
                    year += 1
                taken.add(made)
                changed[number] = made
                self.tamed[made] = term
        self.terms = changed

    def statements(self) -> Iterator[tuple[Term, Term, Term, Term]]:
        """Yield the statements, all as of one graph."""
        get, name = self.terms.__getitem__, Term("")
        for _, *columns in self._graphs:
            yield from zip(*(map(get, column) for column in columns), repeat(name))

    def text(self) -> str:
        """Return the statements as N-Triples in ASCII, which takes a byte a character wherever it goes."""
        parts = []
        get, space, end = _Shown(self.terms).__getitem__, repeat(" "), repeat(" .\n")
        for _, *columns in self._graphs:
            for start in range(0, len(columns[0]), _LINES):
                s, p, o = (map(get, column[start : start + _LINES]) for column in columns)
                parts.append("".join(chain.from_iterable(zip(s, space, p, space, o, end, strict=False))))
        return "".join(parts)

    @cached_property
    def blanks(self) -> list[Term]:
        """Return the blank nodes in the order in which the text first names them."""
        terms = self.terms
        blank = {number for number, term in enumerate(terms) if term[:1] == "_"}
        found: dict[int, None] = {}
        for _, subjects, _, objects in self._graphs:
            found |= dict.fromkeys(filter(blank.__contains__, chain.from_iterable(zip(subjects, objects, strict=True))))
        return [terms[number] for number in found]


class _Shown(dict[int, str]):
    """The terms that are asked for, in ASCII."""

    def __init__(self, terms: Sequence[Term]) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, number: int) -> str:
        term = self._terms[number]
        shown = self[number] = term if term.isascii() else re.sub(r"[^\x00-\x7f]", _escaped, term)
        return shown


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
