"""A graph made ready for a store: ground, as lines of N-Triples, with what the store will make of it.

Runs where the sources are read, in the worker; what it returns travels to the parent.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from kg import terms
from kg.dataset import Dataset
from kg.errors import Unwritable
from kg.statement import DATA
from kg.store import altered, sums
from kg.store.sums import Sums
from kg.terms import Term
from kg.vocab import FOAF, RDF, SKOS

_GENID = "/.well-known/genid/kg-"
_LINES = 8192


class Alteration(NamedTuple):
    """What a store does not keep as it was written: a literal, a language tag, or a statement merged into another."""

    what: str
    written: str
    kept: str
    uses: int


class Prepared(NamedTuple):
    """What is sent to a store (`path`, a file of N-Triples) and what will be found there (`sums`)."""

    path: str
    digest: str
    lines: int
    sums: Sums
    altered: list[Alteration]
    scheme: str | None
    version: str | None
    left_out: dict[str, int]

    def pieces(self, size: int, skip: int) -> Iterator[list[bytes]]:
        """Yield the lines in pieces of so many, without the first `skip` pieces."""
        with open(self.path, "rb") as file:
            for _ in islice(file, skip * size):
                pass
            while piece := list(islice(file, size)):
                yield piece


def prepare(dataset: Dataset, kind: str, base: str | None, path: str) -> Prepared:
    """Write the data graph of a Dataset to `path` and tell what a store of a kind will make of it.

    `kind` is the row of `kg.store.altered`; `base` is the IRI that the names of blank
    nodes are made under.

    Raises `LimitError` for blank nodes that cannot be told apart, `Unwritable` for a triple as a term.
    """
    dataset = dataset.labelled()
    scheme = _scheme(dataset)
    version = _version(dataset, scheme)
    found, *columns = dataset.rows()
    names = [Term(skolem(term, base or scheme or "")) if term[:1] == "_" else term for term in found]
    objects = set(columns[2])
    triple = next((names[number] for number in objects if names[number][:2] == "<<"), None)
    if triple is not None:
        raise Unwritable("A load into a store", triple, "few stores take triples as terms")
    digest, lines = _write(names, columns, path)
    kept = altered.foretold(kind, (names[number] for number in sorted(objects)))
    told = _tags(names, objects, columns[2])
    if kept:
        columns, names, more = _as_kept(names, columns, kept)
        told += more
    left = {str(graph): len(dataset.graph(graph)) for graph in dataset.graphs() if graph != DATA}
    return Prepared(path, digest, lines, sums.of_rows(names, columns), told, scheme, version, left)


def _write(names: list[Term], columns: Sequence[Sequence[int]], path: str) -> tuple[str, int]:
    """Write the statements in the order they came; return the digest of the file and the number of lines."""
    from hashlib import sha256

    subjects, predicates, objects = columns
    hashed, count = sha256(), len(subjects)
    with open(path, "wb") as file:
        for start in range(0, count, _LINES):
            part = slice(start, start + _LINES)
            rows = zip(subjects[part], predicates[part], objects[part], strict=True)
            block = "".join([f"{names[s]} {names[p]} {names[o]} .\n" for s, p, o in rows]).encode()
            hashed.update(block)
            file.write(block)
    return hashed.hexdigest(), count


def _as_kept(
    names: list[Term], columns: list[array[int]], kept: dict[Term, altered.Kept]
) -> tuple[list[array[int]], list[Term], list[Alteration]]:
    """Return the statements as the store will hold them, and what it alters and merges."""
    subjects, predicates, objects = columns
    forms = {number: kept[names[number]] for number in set(objects) if names[number] in kept}
    uses, merged = Counter[int](), Counter[tuple[str, str]]()
    seen: dict[tuple[int, int, object], int] = {}
    keep = array("I")
    for row, (subject, predicate, object_) in enumerate(zip(subjects, predicates, objects, strict=True)):
        form = forms.get(object_)
        if form is not None:
            first = seen.setdefault((subject, predicate, form.value), object_)
            if first != object_:
                merged[names[object_], forms[first].term] += 1
                continue
            uses[object_] += 1
        keep.append(row)
    told = [Alteration("merged", one, into, count) for (one, into), count in sorted(merged.items())]
    made = [Term(forms[number].term) if number in forms else name for number, name in enumerate(names)]
    told += [
        Alteration("literal", names[number], forms[number].term, count)
        for number, count in sorted(uses.items())
        if forms[number].term != names[number]
    ]
    return [array("I", map(column.__getitem__, keep)) for column in columns], made, told


def _tags(names: list[Term], objects: set[int], column: Iterable[int]) -> list[Alteration]:
    """Return the language tags that stores write in small letters."""
    tags = {}
    for number in objects:
        term = names[number]
        if term[0] == '"' and term[-1] not in '">':
            tag = term[term.rindex('"') + 2 :]
            if tag != tag.lower():
                tags[number] = tag
    if not tags:
        return []
    counts = Counter(tags[number] for number in column if number in tags)
    return [Alteration("tag", tag, tag.lower(), count) for tag, count in sorted(counts.items())]


def skolem(label: str, base: str) -> str:
    """Return the IRI that stands for a blank node in a store (RDF 1.1 Concepts, section 3.5).

    >>> skolem("_:c14n0", "https://e.org/ai/")
    '<https://e.org/.well-known/genid/kg-31afcdcb-c14n0>'
    """
    from hashlib import sha256

    scheme, host, *_ = urlsplit(base)
    mark = sha256(base.encode()).hexdigest()[:8]
    place = f"{scheme}://{host}{_GENID}" if scheme in {"http", "https"} and host else "urn:kgexport:genid:"
    return f"<{place}{mark}-{label[2:]}>"


def unskolem(term: str) -> str:
    """Return the blank node that an IRI of ours stands for; any other term as it is.

    >>> unskolem(skolem("_:c14n0", "urn:a")), unskolem("<urn:b>")
    ('_:c14n0', '<urn:b>')
    """
    import re

    found = re.fullmatch(rf"<(?:https?://[^/]+{re.escape(_GENID)}|urn:kgexport:genid:)[0-9a-f]{{8}}-([^>]+)>", term)
    return f"_:{found[1]}" if found else term


def _scheme(dataset: Dataset) -> str | None:
    """Return the scheme that the data are about: the one that says so, else the only one."""
    schemes = dataset.subjects(RDF.type, SKOS.ConceptScheme)
    topics = sorted({found.object for found in dataset.match(None, FOAF.primaryTopic)} & set(schemes))
    chosen = topics or schemes
    return terms.iri_text(chosen[0]) if len(chosen) == 1 and terms.is_iri(chosen[0]) else None


def _version(dataset: Dataset, scheme: str | None) -> str | None:
    """Return the version that the scheme, or what is about it, gives itself."""
    if scheme is None:
        return None
    about = [f"<{scheme}>", *dataset.subjects(FOAF.primaryTopic, f"<{scheme}>")]
    for subject in about:
        for name in ("http://www.w3.org/2002/07/owl#versionInfo", "http://www.w3.org/ns/dcat#version"):
            value = dataset.value(subject, f"<{name}>")
            if value is not None and terms.is_literal(value):
                return terms.lexical(value)
    return None
