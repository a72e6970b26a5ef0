"""The relations of a vocabulary in the store: which properties say them, and what stands above what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from kg.check.graph import family
from kg.store.validation.expressions import constant
from kg.store.validation.place import Part, Place, named
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import ADMS, FOAF, OWL, RDF, SKOS

Triple = tuple[Term, Term, Term]
_BEGINNING = 400


def either(predicates: Iterable[str], back: Iterable[str] = ()) -> str:
    """Return a path of one step by any of some properties, or back by any of others; empty without any."""
    options = [*map(constant, predicates), *(f"^{constant(name)}" for name in back)]
    return options[0] if len(options) == 1 else f"({'|'.join(options)})" if options else ""


class Relations:
    """The properties of one place that are used, by what they mean."""

    def __init__(self, place: Place, wanted: Callable[[str], bool] = lambda _: True) -> None:
        self.place, self.wanted = place, wanted
        self._kinds: dict[Term, list[Term]] = {}
        self._stated: dict[Term, list[Triple]] = {}

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
        """Return those of a class, and of those that our ontology places below it, that have a member."""
        if kind not in self._kinds:
            used = [name for name in family(kind) if self.place.ask("?s", f"?s a {constant(name)}", "LIMIT 1")]
            self._kinds[kind] = used or [kind]
        return self._kinds[kind]

    def typed(self, node: str, kind: Term, fresh: Fresh) -> str:
        """Return the pattern of the members of a class as our ontology has it."""
        kinds = self.kinds(kind)
        if len(kinds) == 1:
            return f"{node} a {constant(kinds[0])} ."
        one = fresh("k")
        return f"{node} a {one} . FILTER({one} IN ({', '.join(map(constant, kinds))}))"

    def concept(self, node: str = "?this") -> str:
        """Return the pattern of concepts."""
        return self.typed(node, SKOS.Concept, Fresh("kind"))

    def links(self, *predicates: Term) -> str:
        """Return the path of one step by some properties, or by those below them; empty where none is used."""
        return either(self.used(*predicates))

    @cached_property
    def parent(self) -> str:
        """One step up inside a vocabulary, as a path; mappings are none."""
        return either(self.inside(SKOS.broader), self.inside(SKOS.narrower))

    def inside(self, predicate: Term) -> list[Term]:
        """Return those of a property and those below it that a statement has, and that are no mappings."""
        return [name for name in self.used(predicate) if name not in family(SKOS.mappingRelation)]

    @cached_property
    def concepts(self) -> int:
        """How many concepts there are."""
        return self.place.count(self.concept())

    @cached_property
    def beginning(self) -> list[Term]:
        """The first concepts by name, those with a name."""
        return [one for (one,) in self.place.first(_BEGINNING, self.concept()) if one[0] == "<"]

    @cached_property
    def schemes(self) -> set[Term]:
        """The schemes: those that a dataset is about, or all."""
        found = {scheme for (scheme,) in self.place.selected(self.typed("?this", SKOS.ConceptScheme, Fresh()))}
        return {scheme for _, _, scheme in self.main if scheme in found} or found

    @property
    def topping(self) -> list[str]:
        """The patterns of schemes with a top concept."""
        patterns = {SKOS.hasTopConcept: "?this {} ?top .", SKOS.topConceptOf: "?top {} ?this ."}
        return [patterns[name].format(name) for name in self.used_only(*patterns)]

    @cached_property
    def arranged(self) -> set[Term]:
        """Those schemes that have a top concept, or a concept that is in a collection."""
        found = {one for pattern in self.topping for (one,) in self.place.selected(pattern)}
        for name in self.used_only(SKOS.member):
            held = f"?any {name} ?c . ?c {SKOS.inScheme} ?this . {self.concept('?c')}"
            found.update(one for (one,) in self.place.selected(held))
        return found & self.schemes

    @cached_property
    def main(self) -> set[Triple]:
        """What says which scheme a dataset is about."""
        if not self.place.uses(FOAF.primaryTopic):
            return set()
        where = f"?x {FOAF.primaryTopic} ?this . {self.typed('?this', SKOS.ConceptScheme, Fresh())}"
        return {(one, FOAF.primaryTopic, scheme) for one, scheme in self.place.selected(where, "?x ?this", where)}

    @cached_property
    def retiring(self) -> list[Term]:
        """The properties that say that something is deprecated."""
        return self.used_only(OWL.deprecated, ADMS.status)

    # -- pieces of the data

    @cached_property
    def steps(self) -> list[Triple]:
        """Every step of the hierarchy, mappings included.

        Ways of any length are followed here: stores take minutes for them, or leave some out with no word of it.
        """
        return [row for name in (*self.upward, *self.downward) for row in self.stated(name)]

    @cached_property
    def types(self) -> list[Triple]:
        """That each concept is one."""
        return [(one, RDF.type, SKOS.Concept) for (one,) in self.place.selected(self.concept()) if one[0] == "<"]

    def stated(self, predicate: Term) -> list[Triple]:
        """Return all statements with a predicate, blank nodes left out: two answers give one of them two names.

        They are fetched once, so it is a predicate that several rules look into.
        """
        if predicate not in self._stated:
            link = f"?this {predicate} ?value ."

            def text(part: Part) -> str:
                return f"SELECT ?this ?value {{from}} WHERE {{ {link}{part.of_nodes()}{part.of_values()} }}"

            used = self.place.whole(link) if self.place.uses(predicate) else ()
            rows = dict.fromkeys(row for first in used for row in self.place.rows(text, first))
            pairs = ((one, other) for one, other in rows if one and other and "_" not in (one[0], other[0]))
            self._stated[predicate] = [(one, predicate, other) for one, other in pairs]
        return self._stated[predicate]

    def memberships(self, concepts: Iterable[str]) -> Iterator[Triple]:
        """Yield that some resources are concepts, and in which schemes they are."""
        known = list(dict.fromkeys(concepts))
        yield from self.typed_among(known)
        yield from self.place.statements(known, self.used_only(SKOS.inScheme, SKOS.topConceptOf))
        yield from self.place.statements(known, self.used_only(SKOS.hasTopConcept), inverse=True)
        for one, predicate, scheme in self.main:
            yield from ((one, predicate, scheme), (scheme, RDF.type, SKOS.ConceptScheme))

    def typed_among(self, known: Sequence[str]) -> Iterator[Triple]:
        """Yield which of some resources are concepts."""
        kinds = set(self.kinds(SKOS.Concept))
        for one, _, kind in self.place.statements(known, [RDF.type]):
            if kind in kinds:
                yield one, RDF.type, kind

    def around(self, starts: Iterable[str], predicates: Sequence[Term]) -> Iterator[Triple]:
        """Yield every statement on the ways from some resources by some properties, in either direction."""
        edge = list(dict.fromkeys(starts))
        seen = set(edge)
        while edge:
            found = [
                row for inverse in (False, True) for row in self.place.statements(edge, predicates, inverse=inverse)
            ]
            yield from found
            edge = [end for s, _, o in found for end in (s, o) if end[0] == "<" and end not in seen]
            edge = list(dict.fromkeys(edge))
            seen.update(edge)


def share(where: str, part: Part, names: str = "?this", by: str = "?this") -> str:
    """Return the sub-query for a share of what a pattern binds."""
    return f"{{ SELECT DISTINCT {names} WHERE {{ {where}{part.of_nodes(by)} }} }}"


__all__ = ["Relations", "either", "named", "share"]
