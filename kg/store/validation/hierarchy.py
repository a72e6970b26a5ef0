"""The relations of a vocabulary in the store: which properties say them, and what stands above what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from kg.check.graph import family
from kg.store.validation.expressions import constant
from kg.store.validation.place import Part, Place, named
from kg.store.validation.ways import Fresh, looped
from kg.terms import Term
from kg.vocab import SKOS

Triple = tuple[Term, Term, Term]


def either(predicates: Iterable[str], back: Iterable[str] = ()) -> str:
    """Return a path of one step by any of some properties, or back by any of others; empty without any."""
    options = [*map(constant, predicates), *(f"^{constant(name)}" for name in back)]
    return options[0] if len(options) == 1 else f"({'|'.join(options)})" if options else ""


class Relations:
    """The properties of one place that are used, by what they mean."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def used(self, *predicates: Term) -> list[Term]:
        """Return those of some properties, and of those below them, that a statement has."""
        names = dict.fromkeys(name for given in predicates for name in family(given))
        return [name for name in names if self.place.uses(name)]

    @cached_property
    def upward(self) -> list[Term]:
        """The properties from below to above, mappings included."""
        return self.used(SKOS.broaderTransitive)

    @cached_property
    def downward(self) -> list[Term]:
        """The properties from above to below."""
        return self.used(SKOS.narrowerTransitive)

    @property
    def step(self) -> str:
        """One step up, as a path; empty where nothing stands above anything."""
        return either(self.upward, self.downward)

    @cached_property
    def membership(self) -> str:
        """The path from a concept to its schemes."""
        return either(self.used_only(SKOS.inScheme, SKOS.topConceptOf), self.used_only(SKOS.hasTopConcept))

    @cached_property
    def entrance(self) -> str:
        """The path from a top concept to its scheme, and from a member to its collection."""
        return either(self.used_only(SKOS.topConceptOf), self.used_only(SKOS.hasTopConcept, SKOS.member))

    def used_only(self, *predicates: Term) -> list[Term]:
        """Return those of some properties that a statement has."""
        return [name for name in predicates if self.place.uses(name)]

    def kinds(self, kind: Term) -> list[Term]:
        """Return a class and those that our ontology places below it."""
        return list(family(kind))

    def typed(self, node: str, kind: Term, fresh: Fresh) -> str:
        """Return the pattern of the members of a class as our ontology has it."""
        kinds = self.kinds(kind)
        if len(kinds) == 1:
            return f"{node} a {constant(kinds[0])} ."
        one = fresh("k")
        return f"{node} a {one} . FILTER({one} IN ({', '.join(map(constant, kinds))}))"

    # -- pieces of the data

    def above(self, starts: Iterable[str]) -> Iterator[Triple]:
        """Yield every step on the ways up from some resources."""
        yield from self._followed(starts, self.upward, self.downward)

    def around(self, starts: Iterable[str], predicates: Sequence[Term]) -> Iterator[Triple]:
        """Yield every statement on the ways from some resources by some properties, in either direction."""
        yield from self._followed(starts, predicates, predicates)

    def _followed(self, starts: Iterable[str], along: Sequence[Term], back: Sequence[Term]) -> Iterator[Triple]:
        edge = list(dict.fromkeys(starts))
        seen = set(edge)
        while edge:
            found = [*self.place.statements(edge, along), *self.place.statements(edge, back, inverse=True)]
            yield from found
            edge = [end for s, _, o in found for end in (s, o) if end[0] == "<" and end not in seen]
            edge = list(dict.fromkeys(edge))
            seen.update(edge)


def leads(step: str, one: str, other: str, fresh: Fresh) -> str:
    """Return the pattern of ways of one step or more."""
    return looped(step, one, other, fresh)


def share(where: str, part: Part, names: str = "?this", by: str = "?this") -> str:
    """Return the sub-query for a share of what a pattern binds."""
    return f"{{ SELECT DISTINCT {names} WHERE {{ {where}{part.of_nodes(by)} }} }}"


__all__ = ["Relations", "either", "leads", "named", "share"]
