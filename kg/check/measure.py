"""How findings about the whole are told: each of a few instances, or one line with their number.

Whether every concept has a note, a German text or a link is a measure of the vocabulary. Where few
fall short, each is worth a line; where thousands do, somebody decided so, and one line says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import Any

from kg.check.graph import Checked
from kg.report import Finding, Location
from kg.rule import finding
from kg.terms import Term, iri_text
from kg.vocab import PREFIXES, RDF, SKOS

#: Up to this many instances are told one by one.
LISTED = 50
#: Of more, so many are named.
SHOWN = 6

#: A statement by numbers: subject, property and object.
Numbered = tuple[int, Term, int]


def short(predicate: str) -> str:
    """Return a property as people write it, even where the data give it a label.

    >>> short(SKOS.broader)
    'skos:broader'
    """
    return PREFIXES.compress(iri_text(predicate)) or predicate


def place_of(checked: Checked, concept: Term) -> Location | None:
    """Return where a concept is described: at its label, or where its type is stated."""
    label = checked.labels.get(concept) or Term('""')
    place = checked.wording.place((concept, SKOS.prefLabel, label), (concept, RDF.type, SKOS.Concept))[0]
    if place is None:
        # A type below that of a concept: to look for it takes an index of all statements.
        place = checked.wording.place(*checked.dataset.match(concept, RDF.type))[0]
    return place


def told(
    checked: Checked,
    code: str,
    rows: Sequence[tuple[str, ...]],
    focus: str | None,
    path: str | None = None,
    value: str | None = None,
    /,
    **words: Any,
) -> Finding:
    """Make the finding about some statements, which stand where it points to."""
    location, also = checked.wording.place(*rows)
    return finding(code, location, focus, also=also, **words)._replace(path=path, value=value)


def concepts(
    checked: Checked, code: str, found: Iterable[int], whole: int, count: int | None = None, **data: Any
) -> Iterator[Finding]:
    """Tell of concepts, each of a few or all at once; `whole` is how many there are to compare with.

    `count` is how many are told of, where only the first of them are known.
    """
    numbers, names = set(found), checked.terms
    count = len(numbers) if count is None else count
    first = nsmallest(LISTED if count <= LISTED else SHOWN, numbers, key=names.__getitem__)
    if count <= LISTED:
        for number in first:
            concept = names[number]
            yield finding(code, place_of(checked, concept), concept, which=checked.name(number), **data)
        return
    places = [place_of(checked, names[number]) for number in first]
    words = ", ".join(map(checked.name, first))
    which = f"{count:,} of {whole:,} concepts, such as {words}"
    yield _summed(code, [place for place in places if place], which, data)


def statements(
    checked: Checked,
    code: str,
    found: Iterable[Numbered],
    whole: int,
    noun: str,
    count: int | None = None,
    **data: Any,
) -> Iterator[Finding]:
    """Tell of statements, each of a few or all at once; otherwise as `concepts`.

    Where all of them have one property, what is told at once has it as its path.
    """
    rows, names, wording = list(found), checked.terms, checked.wording
    count = len(rows) if count is None else count
    terms = ((names[one], predicate, names[other]) for one, predicate, other in rows)
    first = nsmallest(LISTED if count <= LISTED else SHOWN, terms)

    def words_of(row: tuple[Term, Term, Term]) -> str:
        return f"{wording.name(row[0])} {short(row[1])} {wording.name(row[2])}"

    if count <= LISTED:
        for row in first:
            yield told(checked, code, [row], *row, which=words_of(row), **data)
        return
    places = [place for row in first for place in wording.place(row)[:1] if place]
    words = "; ".join(words_of(row) for row in first[:3])
    paths = {predicate for _, predicate, _ in rows}
    made = _summed(code, places, f"{count:,} of {whole:,} {noun}, such as {words}", data)
    yield made._replace(path=paths.pop() if len(paths) == 1 else None)


def _summed(code: str, places: list[Location], which: str, data: dict[str, Any]) -> Finding:
    return finding(code, places[0] if places else None, also=tuple(places[1:]), which=which, **data)
