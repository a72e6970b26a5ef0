"""What a graph holds, told by a few numbers that a query computes where the graph lies.

Of each predicate: how many statements, and the sum of a product over them, the *piece* of
the subject times the piece of the object. Over several predicates the sums are added up
times the *weight* of each. A sum knows no order, so it is the same however the graph was
loaded; and one of products may be taken subject by subject, so that a store, which takes
most of its time for looking terms up, does so for a subject once and not once a statement.

A piece is the first nine decimal digits among the first 20 hexadecimal ones of a SHA-256:
SPARQL 1.1 cannot read hexadecimal numbers. Of 20 digits twelve are decimal on average; the
pieces of the few that have less than nine are shorter. One changed subject or object goes
unnoticed once in 10^9 times. The sums are against faults, not against somebody who makes two
graphs alike on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from kg import terms
from kg.terms import Term

#: How much of the hexadecimal text is looked at: the stores take time for each letter they leave out.
WIDTH = 20
DIGITS = 9
LETTERS = b"abcdef"
_INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"

#: From this on weights count up; a weight has four digits.
_WEIGHTS, _WEIGHED = 1_000, 9_000
#: Weights times pieces of so many statements of one subject come to less than 2^63; so do the three sums of `PARTS`,
#: for which numbers are split in two: what is above so much, and the rest.
_MOST = 900_000
_SPLIT = 100_000
#: How many predicates a question names: some stores refuse a longer one.
_NAMED = 500

#: What is hashed of an object: IRI, tagged literal, other literal, or any of them. The stores look a term up anew
#: for each time it is named, so the shortest that fits the objects of a predicate is used.
KINDS = IRI, TAGGED, TYPED, MIXED = "iri", "tagged", "typed", "mixed"
_TAGGED = 'CONCAT("@",LCASE(LANG(?o))," ",STR(?o))'
_TYPED = 'CONCAT("^",STR(DATATYPE(?o))," ",STR(?o))'
_LITERAL = f'IF(LANG(?o)!="",{_TAGGED},{_TYPED})'

#: How often the terms of a statement are looked up for an object of each kind, which is what the time goes into.
_LOOKUPS = {IRI: 2, TAGGED: 3, TYPED: 3, MIXED: 4}

#: A whole statement, as it is hashed to find one among many.
KEY = f'CONCAT(STR(?s)," ",STR(?p)," ",IF(isIRI(?o),CONCAT("< ",STR(?o)),{_LITERAL}))'

#: The parts of the products `?a`·`?t`, added up: with the numbers split in two, none comes over 2^63.
PARTS = "(SUM(?a1*?t1) AS ?x) (SUM(?a1*?t2+?a2*?t1) AS ?y) (SUM(?a2*?t2) AS ?z)"
SPLITTING = " ".join(
    f"BIND(FLOOR(?{name}/{_SPLIT}) AS ?{name}1) BIND(?{name}-?{name}1*{_SPLIT} AS ?{name}2)" for name in "at"
)


class Part(NamedTuple):
    """What a graph holds of one predicate."""

    rows: int
    sum: int
    kind: str = MIXED


Sums = dict[str, Part]


def total(sums: Mapping[str, Part]) -> int:
    """Return how many statements there are."""
    return sum(part.rows for part in sums.values())


def weighted(sums: Mapping[str, Part]) -> int:
    """Return the sums of all predicates, each times its weight."""
    return sum(weight(predicate) * part.sum for predicate, part in sums.items())


def expected(batch: Mapping[str, Part]) -> int:
    """Return what a store should answer to `query`: the weighted sum, of a single predicate without its weight."""
    return weighted(batch) if len(batch) > 1 else sum(part.sum for part in batch.values())


def digest(rows: Mapping[str, int], weighted: int) -> str:
    """Return one text that stands for a whole graph: a SHA-256 in hexadecimal.

    Of the graph are asked the statements of each predicate and the weighted sum.
    """
    lines = (f"{predicate} {count}\n" for predicate, count in sorted(rows.items()))
    return sha256(f"{''.join(lines)}{weighted}\n".encode()).hexdigest()


def digest_of(sums: Mapping[str, Part]) -> str:
    """Return the digest of a graph that the sums are known of."""
    return digest({predicate: part.rows for predicate, part in sums.items()}, weighted(sums))


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


def piece(text: bytes) -> int:
    """Return the piece of a text in UTF-8: an IRI without brackets, or what is hashed of an object.

    >>> piece(b"urn:s"), piece(text_of("<urn:a>").encode())
    (221944613, 550779949)
    """
    # As in `digits`, which is called too often here.
    return int(sha256(text).hexdigest()[:WIDTH].encode().translate(None, LETTERS)[:DIGITS] or b"0")


def digits(hexed: str) -> int:
    """Return the number that the first decimal digits of a hexadecimal text make."""
    return int(hexed[:WIDTH].encode().translate(None, LETTERS)[:DIGITS] or b"0")


def number_of(hexed: str) -> str:
    """Return the expression of SPARQL for the same."""
    return f'{_INTEGER}(CONCAT("0",SUBSTR(REPLACE(SUBSTR({hexed},1,{WIDTH}),"[a-f]+",""),1,{DIGITS})))'


def weight(predicate: str) -> int:
    """Return the weight of a predicate, an IRI in its brackets.

    >>> weight("<urn:p>")
    3393
    """
    return _WEIGHTS + piece(predicate[1:-1].encode()) % _WEIGHED


def of_rows(found: Sequence[Term], columns: Sequence[Sequence[int]]) -> Sums:
    """Sum up statements given as columns of term numbers: subject, predicate, object; all terms are ground."""
    subjects, predicates, objects = columns
    pieces = {number: piece(text_of(found[number]).encode()) for number in set(objects)}
    firsts = {number: piece(found[number][1:-1].encode()) for number in set(subjects)}
    sums = dict.fromkeys(predicates, 0)
    counts = dict.fromkeys(predicates, 0)
    for subject, predicate, object_ in zip(subjects, predicates, objects, strict=True):
        sums[predicate] += firsts[subject] * pieces[object_]
        counts[predicate] += 1
    kinds: dict[int, str] = {}
    marks = {number: kind_of(found[number]) for number in pieces}
    for predicate, object_ in set(zip(predicates, objects, strict=True)):
        if kinds.setdefault(predicate, marks[object_]) != marks[object_]:
            kinds[predicate] = MIXED
    return {found[number]: Part(counts[number], sums[number], kinds[number]) for number in sums}


def count_query(graph: str) -> str:
    """Return the query for how many statements a graph holds."""
    return f"SELECT (COUNT(*) AS ?count) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def rows_query(graph: str) -> str:
    """Return the query for how many statements a graph holds of each predicate."""
    return f"SELECT ?p (COUNT(*) AS ?count) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p"


def query(graph: str, batch: Mapping[str, Part], iri_text: str, digested: str = "{}") -> str:
    """Return the query for what `expected` tells of some predicates, in the three parts that `joined` takes.

    `iri_text` is what is hashed of an IRI, `digested` wraps a text so that the store's
    digest is that of its UTF-8; both are of the dialect. A large predicate is not taken
    subject by subject, which would need memory for all of them.
    """

    def pieced(text: str) -> str:
        return number_of(f"SHA256({digested.replace('{}', text)})")

    kinds = [kind for kind in KINDS if any(part.kind == kind for part in batch.values())]
    first, second = pieced("STR(?s)"), pieced(_text(kinds, iri_text))
    if len(batch) == 1:
        # Virtuoso works forever on some questions with values: there, each predicate is asked for by itself.
        statements = f"GRAPH <{graph}> {{ ?s {next(iter(batch))} ?o }}"
    else:
        values = " ".join(f"({name} {kinds.index(part.kind)} {weight(name)})" for name, part in batch.items())
        statements, second = f"VALUES (?p ?k ?w) {{ {values} }} GRAPH <{graph}> {{ ?s ?p ?o }}", f"?w*{second}"
    if total(batch) > _MOST:
        inner = f"SELECT ({first} AS ?a) ({second} AS ?t) {{ {statements} }}"
        return f"SELECT {PARTS} {{ {{ {inner} }} {SPLITTING} }}"
    inner = f"SELECT ?s (SUM({second}) AS ?t) {{ {statements} }} GROUP BY ?s"
    return f"SELECT {PARTS} {{ {{ {inner} }} BIND({first} AS ?a) {SPLITTING} }}"


def _text(kinds: Sequence[str], iri_text: str) -> str:
    """Return the expression for what is hashed of an object of the `?k`th of some kinds."""
    texts = {IRI: iri_text, TAGGED: _TAGGED, TYPED: _TYPED, MIXED: f'IF(isIRI(?o),CONCAT("< ",STR(?o)),{_LITERAL})'}
    found = texts[kinds[-1]]
    for place in reversed(range(len(kinds) - 1)):
        found = f"IF(?k={place},{texts[kinds[place]]},{found})"
    return found


def joined(x: int, y: int, z: int) -> int:
    """Return the sum that the three parts make."""
    return x * _SPLIT * _SPLIT + y * _SPLIT + z


def batches(sums: Mapping[str, Part], rows: int, side_by_side: int = 1) -> list[dict[str, Part]]:
    """Return the predicates in batches: of about so many statements, alike in work, as many as keep all busy.

    One with more statements than that is a batch by itself, as each is where it is none; a question names only so many.
    """
    large = [{name: part} for name, part in sums.items() if part.rows > min(rows, _MOST)]
    rest = {name: part for name, part in sums.items() if part.rows <= min(rows, _MOST)}
    count = -(-total(rest) // max(rows, 1))
    while True:
        count += -count % side_by_side
        found = _spread(rest, count)
        if all(total(batch) <= _MOST and len(batch) <= _NAMED for batch in found):
            return [batch for batch in [*large, *found] if batch]
        count += 1


def _spread(sums: Mapping[str, Part], count: int) -> list[dict[str, Part]]:
    """Return the predicates in so many batches: the most work first, each to the batch that has least so far."""
    found: list[dict[str, Part]] = [{} for _ in range(count)]
    loads = [0] * count
    work = {name: part.rows * _LOOKUPS[part.kind] for name, part in sums.items()}
    for name in sorted(work, key=lambda name: (-work[name], name)):
        lightest = loads.index(min(loads))
        found[lightest][name] = sums[name]
        loads[lightest] += work[name]
    return found
