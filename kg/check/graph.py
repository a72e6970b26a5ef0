"""A graph under check: the look-ups that the rules over the whole graph share, made when first asked for.

A million statements pass here, so look-ups are columns and sets of term numbers, over the
statements as they were read: no copy with everything written out is made. A rule
asks for the links of a family (a property and those below it), which finds on asserted
statements what it would find on the expanded ones. Only what goes into a finding becomes a term.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain, compress
from operator import not_
from typing import NamedTuple

from kg.check.ancestry import Ancestry
from kg.check.wording import NAMING, Wording, english_first
from kg.dataset import Dataset
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.rows import Rows
from kg.statement import DATA
from kg.terms import Term
from kg.vocab import FOAF, OWL, RDF, SKOS


class GraphRule(NamedTuple):
    """A rule over the whole graph: the codes of its findings, and what finds them."""

    codes: tuple[str, ...]
    find: Callable[[Checked], Iterator[Finding]]


class Pairs:
    """The statements with one predicate: the term numbers of their subjects and of their objects, side by side."""

    __slots__ = ("objects", "subjects")

    def __init__(self, subjects: Iterable[int], objects: Iterable[int]) -> None:
        self.subjects, self.objects = array("I", subjects), array("I", objects)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.subjects, self.objects, strict=True)

    def __len__(self) -> int:
        return len(self.subjects)


def family(predicate: Term) -> tuple[Term, ...]:
    """Return a property and all below it."""
    return (predicate, *hierarchy().subs(predicate))


class Checked:
    """One Dataset under check; every number is that of a term of `terms`.

    >>> from kg.terms import iri
    >>> from kg.statement import Statement
    >>> a, b = iri("http://e.org/a"), iri("http://e.org/b")
    >>> checked = Checked(Dataset([Statement(a, SKOS.broadMatch, b)]))
    >>> [(checked.terms[one], checked.terms[other]) for one, other in checked.links(SKOS.broader)] == [(a, b)]
    True
    """

    def __init__(self, dataset: Dataset, wanted: Callable[[str], bool] | None = None) -> None:
        self.dataset = dataset
        #: which rules are asked for: one leaves to another what both would tell
        self.wanted = wanted or (lambda _: False)
        self.wording: Wording = _Names(self)
        self._pairs: dict[Term, Pairs] = {}
        self._links: dict[Term, Pairs] = {}

    @cached_property
    def several(self) -> bool:
        """Whether there are other graphs than the data, such as the evidence."""
        return len(self.dataset.graphs()) > 1

    # -- statements ----------------------------------------------------------------

    @cached_property
    def rows(self) -> Rows:
        """The data graph as columns of numbers."""
        return self.dataset.rows()

    @property
    def terms(self) -> list[Term]:
        """The terms by number."""
        return self.rows.terms  # type: ignore[return-value]

    @cached_property
    def _by_predicate(self) -> dict[Term, array[int]]:
        found = _Appending()
        for row, number in enumerate(self.rows.predicates):
            found[number](row)
        terms = self.terms
        return {terms[number]: rows for number, rows in found.rows.items()}

    @property
    def predicates(self) -> Iterable[Term]:
        """The properties that are used."""
        return self._by_predicate.keys()

    def pairs(self, predicate: Term) -> Pairs:
        """Return the statements with one predicate, those with a literal included."""
        found = self._pairs.get(predicate)
        if found is None:
            rows, columns = self._by_predicate.get(predicate, ()), self.rows
            subjects, objects = (map(column.__getitem__, rows) for column in (columns.subjects, columns.objects))
            found = self._pairs[predicate] = Pairs(subjects, objects)
        return found

    def links(self, *predicates: Term) -> Iterator[tuple[int, int]]:
        """Yield subject and object of each statement with one of the predicates or one below them; no literals."""
        names = dict.fromkeys(name for given in predicates for name in family(given))
        return chain.from_iterable(map(self._linked, names))

    def _linked(self, predicate: Term) -> Pairs:
        found = self._links.get(predicate)
        if found is None:
            found, terms = self.pairs(predicate), self.terms
            linking = [terms[number][0] != '"' for number in found.objects]
            if not all(linking):
                found = Pairs(compress(found.subjects, linking), compress(found.objects, linking))
            self._links[predicate] = found
        return found

    def objects(self, predicate: Term) -> dict[int, list[int]]:
        """Return the objects of one predicate by subject."""
        pairs = self.pairs(predicate)
        found = dict(zip(pairs.subjects, [[other] for other in pairs.objects], strict=True))
        if len(found) < len(pairs):
            found = {}
            for one, other in pairs:
                if one in found:
                    found[one].append(other)
                else:
                    found[one] = [other]
        return found

    @cached_property
    def languages(self) -> list[str]:
        """The language tag of each term, by number; empty when it has none."""
        return ["" if term[-1:] in '">' or term[0] != '"' else term[term.rindex("@") + 1 :] for term in self.terms]

    def folded(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return terms without upper case; all are one text meanwhile, in which N-Triples leaves no line end."""
        known = list(set(numbers))
        text = "\n".join(map(self.terms.__getitem__, known))
        return dict(zip(known, text.casefold().split("\n"), strict=True)) if known else {}

    @cached_property
    def aliases(self) -> list[tuple[Term, int, int]]:
        """The alternative and the hidden labels: property, subject and label of each."""
        return [(plain, *pair) for plain in (SKOS.altLabel, SKOS.hiddenLabel) for pair in self.pairs(plain)]

    @cached_property
    def folded_aliases(self) -> dict[int, str]:
        """The alternative and the hidden labels without upper case."""
        return self.folded(label for _, _, label in self.aliases)

    @cached_property
    def folded_labels(self) -> dict[int, str]:
        """The preferred labels without upper case."""
        return self.folded(self.pairs(SKOS.prefLabel).objects)

    # -- kinds ---------------------------------------------------------------------

    @cached_property
    def _types(self) -> dict[Term, set[int]]:
        found: dict[int, set[int]] = {}
        for one, kind in self.pairs(RDF.type):
            if kind in found:
                found[kind].add(one)
            else:
                found[kind] = {one}
        terms = self.terms
        return {terms[kind]: members for kind, members in found.items()}

    def typed(self, kind: Term) -> set[int]:
        """Return what is stated to be of a class itself."""
        return self._types.get(kind, set())

    def instances(self, kind: Term) -> set[int]:
        """Return the members of a class and of those below it."""
        kinds = [self._types[name] for name in family(kind) if name in self._types]
        return kinds[0] if len(kinds) == 1 else set().union(*kinds)

    @cached_property
    def concepts(self) -> set[int]:
        """What is described as a concept."""
        return self.instances(SKOS.Concept)

    @cached_property
    def schemes(self) -> set[int]:
        """What is described as a concept scheme."""
        return self.instances(SKOS.ConceptScheme)

    @cached_property
    def collections(self) -> set[int]:
        """What is described as a collection."""
        return self.instances(SKOS.Collection) | self.instances(SKOS.OrderedCollection)

    @cached_property
    def main(self) -> set[int]:
        """The schemes a dataset is about; the others then hold its candidates."""
        return self.schemes.intersection(self.pairs(FOAF.primaryTopic).objects)

    @cached_property
    def retired(self) -> set[int]:
        """What is deprecated."""
        terms = self.terms
        return {one for one, value in self.pairs(OWL.deprecated) if terms[value].startswith(('"true"', '"1"'))}

    @cached_property
    def tops(self) -> set[tuple[int, int]]:
        """Top concepts, each with its scheme."""
        found = set(self.pairs(SKOS.topConceptOf))
        return found.union((top, scheme) for scheme, top in self.pairs(SKOS.hasTopConcept))

    @cached_property
    def memberships(self) -> dict[int, list[int]]:
        """The schemes of each resource that is in one, in the order they were stated."""
        found = self.objects(SKOS.inScheme)
        for top, scheme in self.tops:
            schemes = found.setdefault(top, [])
            if scheme not in schemes:
                schemes.append(scheme)
        return found

    @cached_property
    def described(self) -> set[int]:
        """What anything is said of, in any graph; that it is linked back is no description."""
        linking = family(SKOS.semanticRelation)
        found = set[int]().union(*(self.pairs(name).subjects for name in self.predicates if name not in linking))
        for name, rows in self.dataset.by_graph() if self.several else ():
            if name != DATA:
                found.update(rows.subjects)
        return found

    # -- relations -----------------------------------------------------------------

    @cached_property
    def ancestry(self) -> Ancestry[int]:
        """The hierarchy, mappings included: each step from below to above."""
        return Ancestry(self._steps(), self.terms.__getitem__)

    def _steps(self) -> Iterator[tuple[int, int]]:
        for name in family(SKOS.broaderTransitive):
            yield from self._linked(name)
        for name in family(SKOS.narrowerTransitive):
            pairs = self._linked(name)
            yield from zip(pairs.objects, pairs.subjects, strict=True)

    @cached_property
    def parents(self) -> dict[int, dict[int, None]]:
        """What stands directly above each resource, itself, texts and mappings left out, in the order it was stated."""
        mappings = family(SKOS.mappingRelation)
        up, down = (
            [pair for name in family(step) if name not in mappings for pair in self._linked(name)]
            for step in (SKOS.broader, SKOS.narrower)
        )
        found: dict[int, dict[int, None]] = {}
        for below, above in chain(up, ((one, other) for other, one in down)):
            if below != above:
                if below in found:
                    found[below][above] = None
                else:
                    found[below] = {above: None}
        return found

    def between(self, one: int, other: int, predicates: Iterable[Term]) -> list[tuple[Term, Term, Term]]:
        """Return the statements between two resources with one of some properties, in either direction."""
        first, second = self.terms[one], self.terms[other]
        both = [row for name in predicates for row in ((first, name, second), (second, name, first))]
        return [row for row in both if row in self.dataset]

    # -- words for findings ----------------------------------------------------------

    def name(self, number: int) -> str:
        """Return a term in words, as `Wording.name`."""
        return self.wording.name(self.terms[number])

    @cached_property
    def labels(self) -> dict[Term, Term]:
        """The label that names each resource of the data, as `Wording.label` chooses it."""
        terms, best = self.terms, dict[int, int]()
        for predicate in reversed(NAMING):
            best |= self._best(self._texts(predicate))
        return dict(zip(map(terms.__getitem__, best), map(terms.__getitem__, best.values()), strict=True))

    def _texts(self, predicate: Term) -> Pairs:
        """Return the statements with one predicate that have a literal."""
        pairs, terms = self.pairs(predicate), self.terms
        mask = [terms[number][0] == '"' for number in pairs.objects]
        return pairs if all(mask) else Pairs(compress(pairs.subjects, mask), compress(pairs.objects, mask))

    def _best(self, pairs: Pairs) -> dict[int, int]:
        """Return the best text of each subject: in English if there is one."""
        terms, languages = self.terms, self.languages
        mask = [languages[number] == "en" for number in pairs.objects]
        english = list(compress(pairs, mask))
        best = dict(english)
        if len(best) < len(english):
            best = {}
            for one, label in english:
                known = best.setdefault(one, label)
                if terms[label] < terms[known]:
                    best[one] = label
        rest: dict[int, int] = {}
        for one, label in compress(pairs, map(not_, mask)):
            if one not in best and rest.setdefault(one, label) != label:
                rest[one] = min(rest[one], label, key=lambda number: english_first(terms[number]))
        return best | rest

    def by_text(self, numbers: Iterable[int]) -> list[int]:
        """Return numbers once each, in the order of the terms' text: findings come in no order of statements."""
        return sorted(set(numbers), key=self.terms.__getitem__)


class _Names(Wording):
    """Words and statements for the terms of one graph: columns are looked through, without an index of the rows."""

    __slots__ = ("_checked", "_firsts", "_values")

    def __init__(self, checked: Checked) -> None:
        super().__init__(checked.dataset)
        self._checked = checked
        self._values: dict[str, dict[int, list[int]]] = {}
        self._firsts: list[dict[int, int]] = []

    def label(self, term: str) -> str | None:
        """Return the label that names a resource."""
        found = self._checked.labels.get(Term(term))
        return found or (super().label(term) if self._checked.several else None)

    def stated(self, subject: str, predicate: str, value: str | None) -> list[tuple[str, ...]]:
        """Return the statements with a subject, a property and a value (None: any), in any graph."""
        if self._checked.several:
            return super().stated(subject, predicate, value)
        if value is not None:
            row = subject, predicate, value
            return [row] if row in self.dataset else []
        values = self._values.get(predicate)
        if values is None:
            values = self._values[predicate] = self._checked.objects(Term(predicate))
        number, names = self.dataset.number(subject), self._checked.terms
        return [(subject, predicate, names[found]) for found in values.get(-1 if number is None else number, ())]

    def naming(self, term: str) -> list[tuple[str, ...]]:
        """Return a statement with a term as its subject, else one with it as its object, in any graph."""
        number = self.dataset.number(term)
        if self._checked.several or number is None:
            return super().naming(term)
        names, subjects, predicates, objects = self._checked.rows
        if not self._firsts:
            rows = range(len(subjects))[::-1]
            self._firsts = [dict(zip(reversed(column), rows, strict=True)) for column in (subjects, objects)]
        row = next((rows[number] for rows in self._firsts if number in rows), None)
        return [] if row is None else [(names[subjects[row]], names[predicates[row]], names[objects[row]])]

    def between(self, one: str, other: str) -> list[tuple[str, ...]]:
        """Return what the data state between two terms, in either direction."""
        ways = [(one, other), (other, one)]
        rows = [(first, name, second) for first, second in ways for name in self._checked.predicates]
        return [row for row in rows if row in self.dataset]


class _Appending(dict[int, "Callable[[int], None]"]):
    """What takes the next row of each predicate: one look-up a row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, array[int]] = {}

    def __missing__(self, number: int) -> Callable[[int], None]:
        rows = self.rows[number] = array("I")
        self[number] = rows.append
        return rows.append
