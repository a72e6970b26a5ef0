"""What was selected in the store, told in the words of local validation.

What was selected, with the statements that show it, makes a small Dataset, and the rule of
`kg.check` makes its findings of that. It runs twice: once to see which resources it names,
and, when their names were fetched, to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kg.check.graph import Checked, GraphRule
from kg.check.wording import NAMING, Wording
from kg.dataset import Dataset
from kg.report import Finding
from kg.store.validation.expressions import constant
from kg.store.validation.hierarchy import Relations, Triple
from kg.store.validation.place import Part, Place, named
from kg.vocab import SKOS

#: What makes findings of what is checked.
Tells = Callable[[Checked], Iterator[Finding]]


def told(relations: Relations, tells: Tells, statements: Iterable[Triple]) -> Iterator[Finding]:
    """Yield what is found in some statements, with the names that the store has for their terms."""
    small = Dataset()
    for row in statements:
        small.add(*row)
    if not len(small):
        return
    checked = Checked(small, relations.wanted)
    checked.wording = noting = _Noting(small)
    for _ in tells(checked):
        pass
    checked.wording = Wording(names_of(relations.place, noting.noted))
    yield from tells(checked)


class _Noting(Wording):
    """Words without names, which notes what is named."""

    __slots__ = ("noted",)

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset)
        self.noted: set[str] = set()

    def label(self, term: str) -> str | None:
        """Note a resource."""
        self.noted.add(term)
        return None


def local(code: str) -> GraphRule:
    """Return the rule of `kg.check` for a code."""
    from kg.check.rules import graph_rules

    profile = code.partition(".")[0]
    return next(rule for rule in graph_rules(profile) if code in rule.codes)


def names_of(place: Place, resources: Iterable[str]) -> Dataset:
    """Return the labels that name some resources: an English one if there is one, as `Wording` chooses it."""
    small = Dataset()
    left = {term for term in resources if term[0] == "<"}
    left = _english(place, small, left)
    for predicate in NAMING:
        if left and place.uses(predicate):
            for s, p, o in place.statements(sorted(left), [predicate]):
                small.add(s, p, o)
            left -= set(small.subjects(predicate))
    return small


def _english(place: Place, small: Dataset, wanted: set[str]) -> set[str]:
    """Add the English preferred labels, which most have, and return what has none."""
    for names in named(sorted(wanted)):
        where = f'VALUES ?s {{ {names} }} ?s {constant(SKOS.prefLabel)} ?o FILTER(LANG(?o) = "en")'

        def text(part: Part, where: str = where) -> str:
            return f"SELECT DISTINCT ?s ?o {{from}} WHERE {{ {where}{part.of_nodes('?s')}{part.of_values('?o')} }}"

        for s, o in place.rows(text):
            if s and o:
                small.add(s, SKOS.prefLabel, o)
    return wanted - set(small.subjects(SKOS.prefLabel))
