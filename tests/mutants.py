"""Mutants of real vocabularies: a concept with its neighbours, renamed, a fault grafted on and two things altered.

The same seed makes the same mutants. Each has terms of its own, so many can be checked as one graph.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyoxigraph

sys.path.insert(0, str(Path(__file__).parent))
from shape_cases import CASES

from kg import terms
from kg.dataset import Dataset
from kg.read.rdf import Reading, read_rdf
from kg.statement import Statement
from kg.terms import Term
from kg.vocab import DCTERMS, PREFIXES, RDF, SKOS, SKOSXL, XSD

#: Small vocabularies and parts of large ones, in the folder of real data.
VOCABULARIES = (
    "voc-cgi/vocabularies/geosciml/simplelithology.ttl",
    "voc-cgi/vocabularies/geosciml/stratigraphicrank.ttl",
    "voc-yso-samples/tests/test-vocab-data/yso.ttl",
    "voc-yso-samples/tests/test-vocab-data/xl.ttl",
    "voc-yso-samples/tests/test-vocab-data/cycle.ttl",
    "voc-yso-samples/tests/test-vocab-data/groups.ttl",
    "voc-yso-samples/tests/test-vocab-data/test-rdf-list.ttl",
    "voc-yso-samples/tests/test-vocab-data/test-qualified-notation.ttl",
    "broken-voc4cat-tool",
    "conf-vocpub-profile/examples/14-valid-suni-all-props.ttl",
)
_GRAFT = "http://e.org/graft/"
_HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.namespaces.items())
_PREDICATES = (
    *(SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.broader, SKOS.narrower, SKOS.related, SKOS.exactMatch),
    *(SKOS.broadMatch, SKOS.relatedMatch, SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept, SKOS.member),
    *(SKOS.memberList, SKOS.notation, SKOS.definition, SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.literalForm),
    *(DCTERMS.license, DCTERMS.created, DCTERMS.modified, DCTERMS.title),
)
_CLASSES = (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection, SKOSXL.Label)
_TEXTS = ("", " a", "a\nb\t", 'say "a"', "back\\slash", "Größe", "基础 𝔸", "\u0007", "\u0301a", "e\u0301")
_TAGS = ("en", "EN", "en-GB", "EN-gb", "de-AT", "zh-Hant", "x-klingon")
_KINDS = ("string", "integer", "decimal", "boolean", "date", "dateTime", "gYear", "anyURI", "double")
_VALUES = ("1", "01", "1.10", "true", "0", "2020-02-30", "2020-02-28", "2020-02-28T10:00:00Z", "2021", "INF", "a b")

Rows = list[Statement]


def vocabularies(data: Path) -> list[Dataset]:
    """Read the vocabularies; `data` is the folder of real data."""
    read = []
    for name in VOCABULARIES:
        path = data / name
        files = sorted(map(str, path.rglob("*.ttl"))) if path.is_dir() else [str(path)]
        read.append(read_rdf(files, None, Reading(base="http://e.org/base/", lenient=True)))
    return read


class Mutants:
    """Makes mutants of some vocabularies."""

    def __init__(self, read: Sequence[Dataset], seed: int, grafts: Sequence[str] = tuple(sorted(CASES))) -> None:
        self._chance = random.Random(seed)
        self._grafts = grafts
        self._read = [(data, _described(data)) for data in read]
        self.made = 0

    def graph(self, count: int) -> Dataset:
        """Return the next mutants, all in one graph."""
        whole = Dataset()
        for _ in range(count):
            for statement in self.mutant():
                whole.add(*statement)
        return whole

    def mutant(self) -> Rows:
        """Return the next mutant."""
        chance, number = self._chance, self.made
        self.made += 1
        data, described = self._read[number % len(self._read)]
        rows = list(dict.fromkeys(_around(data, chance.choice(described), chance)))
        subjects = {row.subject for row in rows}
        rows = [_renamed(row, subjects, f"-m{number}") for row in rows]
        graft = self._grafted(number, sorted({row.subject for row in rows}))
        for _ in range(2):
            rows = chance.choice(_MUTATIONS)(rows, chance)
        return rows + graft

    def _grafted(self, number: int, subjects: list[Term]) -> Rows:
        """Return the fault that the next shape reports: on names of its own, then on those of the vocabulary."""
        if not self._grafts:
            return []
        chance = self._chance
        text = CASES[self._grafts[number % len(self._grafts)]][1]
        turtle = f"{_HEAD}@prefix : <{_GRAFT}> .\n{text}".encode()
        rows = Dataset()
        rows.add_stream(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE))
        own = sorted({term for row in rows for term in (row.subject, row.object) if _is_own(term)})
        real = number >= len(self._grafts)
        names = {term: _suffixed(term, f"-m{number}") for term in own}
        for term in own:
            if real and term[0] == "<" and chance.random() < 0.6:
                names[term] = chance.choice(subjects)
        made = [Statement(names.get(s, s), p, names.get(o, o)) for s, p, o, _ in rows]
        return [row for row in made if row.subject[0] != '"']


def _is_own(term: str) -> bool:
    return term.startswith(f"<{_GRAFT}") or term[0] == "_"


def _suffixed(term: Term, suffix: str) -> Term:
    return Term(f"{term[:-1]}{suffix}>" if term[0] == "<" else term + suffix)


def _described(data: Dataset) -> list[Term]:
    return data.subjects(RDF.type, SKOS.Concept) or data.subjects()


def _around(data: Dataset, concept: Term, chance: random.Random) -> Iterator[Statement]:
    """Yield what is said of a concept, of some of what it names, and of the schemes and lists there."""
    about = list(data.match(concept))[:40]
    yield from about
    named = [row.object for row in about if row.object[0] != '"' and row.predicate != RDF.type]
    for other in chance.sample(named, min(4, len(named))):
        yield from list(data.match(other))[:15]
    yield from list(data.match(None, None, concept))[:5]


def _renamed(row: Statement, subjects: set[Term], suffix: str) -> Statement:
    subject, predicate, value, _ = row
    own = value in subjects or value[0] == "_"
    return Statement(_suffixed(subject, suffix), predicate, _suffixed(value, suffix) if own else value)


# -- what is altered ------------------------------------------------------------------


def _dropped(rows: Rows, chance: random.Random) -> Rows:
    gone = chance.choice(rows)
    return [row for row in rows if row is not gone]


def _other_object(rows: Rows, chance: random.Random) -> Rows:
    row, other = chance.choice(rows), chance.choice(rows)
    return [*rows, row._replace(object=other.object)]


def _other_predicate(rows: Rows, chance: random.Random) -> Rows:
    return [*rows, chance.choice(rows)._replace(predicate=chance.choice(_PREDICATES))]


def _turned(rows: Rows, chance: random.Random) -> Rows:
    row = chance.choice(rows)
    return rows if row.object[0] == '"' else [*rows, row._replace(subject=row.object, object=row.subject)]


def _typed(rows: Rows, chance: random.Random) -> Rows:
    return [*rows, chance.choice(rows)._replace(predicate=RDF.type, object=chance.choice(_CLASSES))]


def _texted(rows: Rows, chance: random.Random) -> Rows:
    """Say something else, in a language, in none, or as a value of a type that it may not be of."""
    row, way = chance.choice(rows), chance.randrange(3)
    if way == 0:
        made = terms.literal(chance.choice(_TEXTS), chance.choice(_TAGS))
    elif way == 1:
        made = terms.literal(chance.choice(_TEXTS))
    else:
        made = terms.literal(chance.choice(_VALUES), datatype=f"{XSD.base}{chance.choice(_KINDS)}")
    predicate = chance.choice(_PREDICATES) if row.predicate == RDF.type else row.predicate
    return [*rows, row._replace(predicate=predicate, object=made)]


def _retagged(rows: Rows, chance: random.Random) -> Rows:
    """Say the same again with another language tag."""
    told = [row for row in rows if terms.is_literal(row.object)]
    if not told:
        return rows
    row = chance.choice(told)
    tag = chance.choice((*_TAGS, None))
    return [*rows, row._replace(object=terms.literal(terms.lexical(row.object), tag))]


def _blanked(rows: Rows, chance: random.Random) -> Rows:
    """Put a blank node in the place of a name, wherever it stands."""
    old = chance.choice(rows).subject
    new = Term("_:x" + "".join(sign for sign in old if sign.isascii() and sign.isalnum())[-30:])
    return [
        Statement(new if row.subject == old else row.subject, row.predicate, new if row.object == old else row.object)
        for row in rows
    ]


_MUTATIONS: tuple[Callable[[Rows, random.Random], Rows], ...] = (
    *(_dropped, _other_object, _other_predicate, _turned, _typed, _texted, _texted, _retagged, _blanked),
)
