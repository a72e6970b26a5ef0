"""What a graph holds, told by a few numbers that a query computes where the graph lies.

For each predicate: how many statements, and the sum of a piece of the SHA-256 of each.
A sum knows no order, so it is the same however the graph was loaded. A piece is the
first eleven decimal digits among the first 24 hexadecimal ones: SPARQL 1.1 cannot read
hexadecimal numbers, and ninety million pieces add up to less than 2^63. Of 24 digits
fifteen are decimal on average; the pieces of the few that have less than eleven are shorter.

One changed statement goes unnoticed once in 10^11 times. The sums are against faults,
not against somebody who makes two graphs alike on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg import terms
from kg.terms import Term

#: How much of the hexadecimal text is looked at: the stores take time for each letter they leave out.
WIDTH = 24
DIGITS = 11
LETTERS = b"abcdef"
_INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"

#: What is hashed of an object: IRI, tagged literal, other literal, or any of them. The stores look a term up anew
#: for each time it is named, so the shortest that fits the objects of a predicate is used.
KINDS = IRI, TAGGED, TYPED, MIXED = "iri", "tagged", "typed", "mixed"
_TAGGED = 'CONCAT("@",LCASE(LANG(?o))," ",STR(?o))'
_TYPED = 'CONCAT("^",STR(DATATYPE(?o))," ",STR(?o))'
_TEXTS: Mapping[str, str] = {
    TAGGED: _TAGGED,
    TYPED: _TYPED,
    MIXED: f'IF(isIRI(?o),CONCAT("< ",STR(?o)),IF(LANG(?o)!="",{_TAGGED},{_TYPED}))',
}

#: A whole statement, as it is hashed to find one among many.
KEY = f'CONCAT(STR(?s)," ",STR(?p)," ",{_TEXTS[MIXED]})'


class Part(NamedTuple):
    """What a graph holds of one predicate."""

    rows: int
    sum: int
    kind: str = MIXED


Sums = dict[str, Part]


def total(sums: Sums) -> int:
    """Return how many statements there are."""
    return sum(part.rows for part in sums.values())


def digest(sums: Sums) -> str:
    """Return one text that stands for the whole graph: a SHA-256 in hexadecimal."""
    from hashlib import sha256

    lines = (f"{predicate} {part.rows} {part.sum}\n" for predicate, part in sorted(sums.items()))
    return sha256("".join(lines).encode()).hexdigest()


def kind_of(term: str) -> str:
    """Return the kind of an object."""
    return IRI if term[0] == "<" else TYPED if term[-1] in '">' else TAGGED


def text_of(term: str) -> str:
    """Return what is hashed of an object.

    >>> text_of('"x"@en-GB'), text_of("<urn:a>")
    ('@en-gb x', '< urn:a')
    """
    if term[0] == "<":
        return f"< {term[1:-1]}"
    tag = terms.language(term)
    if tag is not None:
        return f"@{tag.lower()} {terms.lexical(term)}"
    return f"^{terms.datatype(term)} {terms.lexical(term)}"


def piece(subject: str, text: str) -> int:
    """Return the piece of one statement; the subject is an IRI without brackets.

    >>> piece("urn:s", text_of("<urn:a>"))
    51778195889
    """
    from hashlib import sha256

    return digits(sha256(f"{subject} {text}".encode()).hexdigest())


def digits(hexed: str) -> int:
    """Return the number that the first decimal digits of a hexadecimal text make."""
    return int(hexed[:WIDTH].encode().translate(None, LETTERS)[:DIGITS] or b"0")


def number_of(hexed: str) -> str:
    """Return the expression of SPARQL for the same."""
    return f'{_INTEGER}(CONCAT("0",SUBSTR(REPLACE(SUBSTR({hexed},1,{WIDTH}),"[a-f]+",""),1,{DIGITS})))'


def of_rows(found: Sequence[Term], columns: Sequence[Sequence[int]]) -> Sums:
    """Sum up statements given as columns of term numbers: subject, predicate, object; all terms are ground."""
    from hashlib import sha256

    subjects, predicates, objects = columns
    texts: dict[int, str] = {number: text_of(found[number]) for number in set(objects)}
    names = {number: found[number][1:-1] for number in set(subjects)}
    sums = dict.fromkeys(predicates, 0)
    counts = dict.fromkeys(predicates, 0)
    for subject, predicate, object_ in zip(subjects, predicates, objects, strict=True):
        hexed = sha256(f"{names[subject]} {texts[object_]}".encode()).hexdigest()
        sums[predicate] += int(hexed[:WIDTH].encode().translate(None, LETTERS)[:DIGITS] or b"0")
        counts[predicate] += 1
    kinds: dict[int, str] = {}
    marks = {number: kind_of(found[number]) for number in texts}
    for predicate, object_ in set(zip(predicates, objects, strict=True)):
        if kinds.setdefault(predicate, marks[object_]) != marks[object_]:
            kinds[predicate] = MIXED
    return {found[number]: Part(counts[number], sums[number], kinds[number]) for number in sums}


def count_query(graph: str) -> str:
    """Return the query for how many statements a graph holds."""
    return f"SELECT (COUNT(*) AS ?count) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def predicates_query(graph: str) -> str:
    """Return the query for how many statements a graph holds of each predicate."""
    return f"SELECT ?p (COUNT(*) AS ?count) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p"


def query(graph: str, kind: str, predicates: Iterable[str], iri_text: str, digested: str = "{}") -> str:
    """Return the query for the parts of some predicates.

    `iri_text` is what is hashed of an IRI, `digested` wraps a text so that the store's
    digest is that of its UTF-8; both are of the dialect.
    """
    text = f'CONCAT(STR(?s)," ",{_TEXTS.get(kind, iri_text)})'
    hashed = f"SHA256({digested.replace('{}', text)})"
    return (
        f"SELECT ?p (COUNT(*) AS ?count) (SUM({number_of(hashed)}) AS ?sum) "
        f"{{ VALUES ?p {{ {' '.join(predicates)} }} GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p"
    )


def batches(sums: Sums, rows: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the predicates of each kind in batches of at most so many statements, the largest first."""
    for kind in KINDS:
        batch: list[str] = []
        size = 0
        members = sorted((name for name, part in sums.items() if part.kind == kind), key=lambda name: -sums[name].rows)
        for name in members:
            if batch and (size + sums[name].rows > rows or len(batch) >= 500):
                yield kind, batch
                batch, size = [], 0
            batch.append(name)
            size += sums[name].rows
        if batch:
            yield kind, batch
