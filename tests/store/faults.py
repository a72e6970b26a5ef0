"""Faults put into a vocabulary, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kg.dataset import Dataset
from kg.terms import Term, iri, literal
from kg.vocab import OWL, RDF, SKOS, SKOSXL, XSD

Triple = tuple[str, str, str]


class Vocabulary(NamedTuple):
    """What faults are made of."""

    concepts: list[Term]
    broader: dict[Term, Term]
    labels: list[tuple[Term, Term]]


def node(name: str) -> Term:
    return iri(f"http://faults.example/{name}")


def upside_down(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    low = r.choice(sorted(own.broader))
    yield own.broader[low], SKOS.broader, low


def long_circle(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    one, two, three = r.sample(own.concepts, 3)
    yield from ((one, SKOS.broader, two), (three, SKOS.narrower, two), (three, SKOS.broadMatch, one))


def above_itself(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    one = r.choice(own.concepts)
    yield one, SKOS.broader, one


def related_to_above(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    low = r.choice(sorted(own.broader))
    high = own.broader.get(own.broader[low], own.broader[low])
    yield low, r.choice((SKOS.related, SKOS.relatedMatch)), high


def shared_label(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    one, (_other, label) = r.choice(own.concepts), r.choice(own.labels)
    yield one, SKOS.prefLabel, label


def alias_of_another(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    one, (_other, label) = r.choice(own.concepts), r.choice(own.labels)
    yield one, r.choice((SKOS.altLabel, SKOS.hiddenLabel)), label


def two_kinds(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    yield r.choice(own.concepts), RDF.type, r.choice((SKOS.ConceptScheme, SKOS.Collection))


def text_for_link(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    predicate = r.choice((SKOS.broader, SKOS.related, SKOS.inScheme, SKOS.narrower, SKOS.exactMatch))
    yield r.choice(own.concepts), predicate, literal("text", r.choice((None, "en")))


def number_for_label(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    yield r.choice(own.concepts), SKOS.prefLabel, literal("5", None, XSD.base + "integer")


def exact_and_broad(own: Vocabulary, r: random.Random, number: int) -> Iterator[Triple]:
    (one, two), far = r.sample(own.concepts, 2), node(f"far{number}")
    yield from ((one, SKOS.exactMatch, two), (two, SKOS.exactMatch, far), (far, SKOS.broadMatch, one))


def nothing_there(own: Vocabulary, r: random.Random, number: int) -> Iterator[Triple]:
    yield r.choice(own.concepts), r.choice((SKOS.broader, SKOS.related)), node(f"missing{number}")


def broken_list(own: Vocabulary, r: random.Random, number: int) -> Iterator[Triple]:
    one, first, second = node(f"list{number}"), node(f"list{number}/1"), node(f"list{number}/2")
    yield from ((one, RDF.type, SKOS.OrderedCollection), (one, SKOS.memberList, first))
    yield from ((first, RDF.first, r.choice(own.concepts)), (first, RDF.rest, second))
    yield from ((second, RDF.first, literal("x")), (second, RDF.rest, r.choice((RDF.nil, first))))


def label_resource(own: Vocabulary, r: random.Random, number: int) -> Iterator[Triple]:
    one, label = r.choice(own.concepts), node(f"label{number}")
    yield from ((one, r.choice((SKOSXL.prefLabel, SKOSXL.altLabel)), label),)
    yield label, SKOSXL.literalForm, literal(f"label {number}", "en")
    if r.random() < 0.5:
        yield label, RDF.type, SKOSXL.Label


def retired(own: Vocabulary, r: random.Random, _: int) -> Iterator[Triple]:
    yield r.choice(own.concepts), OWL.deprecated, literal("true", None, XSD.base + "boolean")


def odd_signs(own: Vocabulary, r: random.Random, number: int) -> Iterator[Triple]:
    text = f'"}} }} DROP ALL # \\u0022 \\ \n\t {number}'
    yield r.choice(own.concepts), r.choice((SKOS.altLabel, SKOS.prefLabel)), literal(text, r.choice((None, "en")))


FAULTS: tuple[Callable[[Vocabulary, random.Random, int], Iterator[Triple]], ...] = (
    upside_down,
    long_circle,
    above_itself,
    related_to_above,
    shared_label,
    alias_of_another,
    two_kinds,
    text_for_link,
    number_for_label,
    exact_and_broad,
    nothing_there,
    broken_list,
    label_resource,
    retired,
    odd_signs,
)
#: Predicates of which some statements are taken away.
TAKEN = (RDF.type, SKOS.inScheme, SKOS.prefLabel, SKOS.topConceptOf)


def faulty(data: Dataset, seed: int, count: int) -> Dataset:
    """Return a copy of a vocabulary with faults of every kind put in, and some statements taken away."""
    r = random.Random(seed)
    concepts = data.subjects(RDF.type, SKOS.Concept)
    broader = {row.subject: row.object for row in data.match(None, SKOS.broader) if row.object[0] == "<"}
    labels = sorted((row.subject, row.object) for row in data.match(None, SKOS.prefLabel))
    own = Vocabulary([one for one in concepts if one[0] == "<"], broader, labels)
    wanted = {(predicate, one) for predicate in TAKEN for one in r.sample(own.concepts, min(2, len(concepts)))}
    made = Dataset(row for row in data.match() if (row.predicate, row.subject) not in wanted)
    for number in range(count):
        for row in FAULTS[number % len(FAULTS)](own, r, number):
            made.add(*row)
    return made
