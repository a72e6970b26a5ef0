"""Round trips: what each RDF format is asked to keep, and the parsers that say whether it did."""

from __future__ import annotations

import logging
import os
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

import pyoxigraph
import rdflib

import kg
from kg import formats
from kg.dataset import Dataset
from kg.errors import Unwritable
from kg.formats import Format, WriteOptions
from kg.statement import DATA
from kg.terms import iri_text, is_literal, language, lexical

# It tells each ill-typed literal with a traceback.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
OPTIONS = WriteOptions(evidence=True)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_KEPT = {RDF + name for name in ("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype",
                                 "li", "aboutEach", "aboutEachPrefix", "bagID")}  # fmt: skip
_NAMESPACES = {"http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/"}
_RDFLIB = {"turtle": "turtle", "trig": "trig", "ntriples": "nt", "nquads": "nquads", "jsonld": "json-ld",
           "rdfxml": "xml"}  # fmt: skip


def rdf_formats() -> list[Format]:
    """Return the formats that hold RDF and are both read and written."""
    return [item for item in formats.written() if item.rdf]


# -- what a dataset needs of a format: an oracle that knows nothing of the writers -----


def needs(dataset: Dataset) -> dict[str, set[str]]:
    """Return the features that a dataset needs, each with the terms that need it."""
    found: dict[str, set[str]] = {}
    for row in dataset:
        for feature, term in _needed(*row):
            found.setdefault(feature, set()).add(term)
    return found


def _needed(subject: str, predicate: str, term: str, graph: str) -> Iterator[tuple[str, str]]:
    if graph != DATA:
        yield "graphs", graph
    if not _ends_in_a_name(iri_text(predicate)):  # type: ignore[arg-type]
        yield "predicates", predicate
    if predicate[1:-1] in _KEPT:
        yield "reserved", predicate
    yield from (("triples", one) for one in (subject, term) if one[:2] == "<<")
    if is_literal(term):
        if not _is_xml_text(lexical(term)):  # type: ignore[arg-type]
            yield "controls", term
        if "--" in (language(term) or ""):  # type: ignore[arg-type]
            yield "directions", term


def _is_xml_text(text: str) -> bool:
    """XML 1.0, production 2."""
    return not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)


def _ends_in_a_name(iri: str) -> bool:
    """Ask an XML parser whether some end of an IRI is a name."""
    return any(_is_name(iri[at:]) and iri[:at] not in _NAMESPACES for at in range(1, len(iri)))


def _is_name(text: str) -> bool:
    if set(text) & set(" \t\r\n<>/='\"&:"):
        return False
    try:
        expat.ParserCreate().Parse(f"<{text}/>".encode(), True)  # noqa: FBT003 - expat names no parameters
    except expat.ExpatError:
        return False
    return True


# -- the parsers -----------------------------------------------------------------


def by_pyoxigraph(data: bytes, name: str) -> Dataset:
    item = formats.for_name(name)
    made = Dataset()
    stream = pyoxigraph.parse(data, pyoxigraph.RdfFormat.from_media_type(item.media_type))
    made.add_stream(stream, named=item.graphs)
    return made


def by_rdflib(data: bytes, name: str) -> Dataset:
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        graph = rdflib.Dataset()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own deprecated calls
            graph.parse(data=data.decode(), format=_RDFLIB[name])
        return Dataset.from_rdflib(graph)
    finally:
        rdflib.NORMALIZE_LITERALS = before


def by_us(data: bytes, name: str) -> Dataset:
    with _file(data) as path:
        return kg.load(path, format=name)


@contextmanager
def _file(data: bytes) -> Iterator[str]:
    number, path = tempfile.mkstemp(prefix="kg-")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        yield path
    finally:
        os.unlink(path)


PARSERS: dict[str, Callable[[bytes, str], Dataset]] = {"pyoxigraph": by_pyoxigraph, "rdflib": by_rdflib}


# -- the trips -------------------------------------------------------------------


class Difference(AssertionError):
    """What went in did not come out, or a refusal is not the declared one."""


def kept(dataset: Dataset, item: Format) -> Dataset:
    """Return the part of a dataset that a format has to keep."""
    return dataset if item.graphs else Dataset(dataset.match(graph=DATA))


def declared(dataset: Dataset, item: Format) -> set[str]:
    """Return the terms of a dataset that the format table says a format refuses."""
    found = needs(kept(dataset, item))
    return {term for feature in item.refuses for term in found.get(feature, ())}


def written(dataset: Dataset, item: Format, wrong: set[str]) -> bytes | None:
    """Write a dataset; None when the format refuses one of the terms that are `wrong` for it.

    Raises `Difference` for any other refusal, and for none where there has to be one.
    """
    try:
        data = b"".join(item.write(dataset, OPTIONS))
    except Unwritable as refusal:
        if refusal.term not in wrong:
            raise Difference(f"{item.name} refuses {refusal.term}, and the table does not say so") from refusal
        return None
    if wrong:
        raise Difference(f"{item.name} writes {min(wrong)!r}, which the table says it refuses\n{data[:1500]!r}")
    return data


def same(found: Dataset, expected: Dataset, data: bytes, item: Format, parser: str) -> None:
    """Raise `Difference`, with what shows it, unless two datasets are the same."""
    if found.digest() != expected.digest():
        ours, theirs = ({row.nquad for row in one.canonical()} for one in (expected, found))
        raise Difference(
            f"{item.name} read by {parser}\nlost: {sorted(ours - theirs)[:3]}\n"
            f"made: {sorted(theirs - ours)[:3]}\ntext: {data[:1500]!r}"
        )


class Trips:
    """Runs round trips and counts them, by pair of formats; a difference raises `Difference`."""

    def __init__(self) -> None:
        self.formats = rdf_formats()
        #: how many trips were exact
        self.exact: Counter[tuple[str, str]] = Counter()
        #: how many ended in the refusal that the table declares
        self.refused: Counter[tuple[str, str]] = Counter()

    def run(self, dataset: Dataset) -> None:
        """Send a dataset through every ordered pair of formats; where one refuses it, also the part that it holds."""
        wrong = {(item.name, graphs): declared(part, item) for item in self.formats
                 for graphs, part in ((True, dataset), (False, Dataset(dataset.match(graph=DATA))))}  # fmt: skip
        self._run(dataset, wrong)
        for item in self.formats:
            terms = wrong[item.name, True]
            if terms:
                self._run(Dataset(row for row in dataset if terms.isdisjoint(row)), None, item.name)

    def _run(self, dataset: Dataset, refusals: dict[tuple[str, bool], set[str]] | None, among: str = "") -> None:
        """Send a dataset through the pairs that have `among` in them, or through all."""
        checked: dict[tuple[str, bytes], str] = {}
        wrong = refusals or {(item.name, graphs): set() for item in self.formats for graphs in (True, False)}
        for first in self.formats:
            data = written(dataset, first, wrong[first.name, True])
            seconds = [second for second in self.formats if among in (first.name, second.name, "")]
            if data is None:
                self.refused.update((first.name, second.name) for second in seconds)
                continue
            between = by_us(data, first.name)
            same(between, kept(dataset, first), data, first, "kg")
            for second in seconds:
                again = written(between, second, wrong[second.name, first.graphs])
                if again is None:
                    self.refused[first.name, second.name] += 1
                    continue
                self._read(again, second, kept(between, second), checked)
                self.exact[first.name, second.name] += 1

    def _read(self, data: bytes, item: Format, expected: Dataset, checked: dict[tuple[str, bytes], str]) -> None:
        """Have each parser read a text; equal bytes are read equal, so each text is given to them once."""
        known = checked.get((item.name, data))
        if known is None:
            for parser, parse in PARSERS.items():
                same(parse(data, item.name), expected, data, item, parser)
            checked[item.name, data] = expected.digest()
        elif known != expected.digest():
            raise Difference(f"{item.name}: two datasets have one text\n{data[:1500]!r}")
