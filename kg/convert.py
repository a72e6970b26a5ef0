"""Plain conversion: from one syntax to another, in the order given, unchecked, of any size.

Statements pass through one by one. Sources in JSON-LD and RDF/XML are held in memory,
since they must be judged whole; the cap on a source's size holds for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from kg import formats
from kg.errors import UsageError
from kg.formats import Format
from kg.interop import Quad
from kg.limits import Limits
from kg.read.gate import STDIN
from kg.read.rdf import Reading, read_rdf
from kg.read.stream import Stream, Text
from kg.report import Finding, Location, Report
from kg.rule import finding
from kg.write import rdfxml, stream

PACKED = ".gz"
_ROWS = 2048
#: Graphs that are left out are told one by one up to this many.
_TOLD = 100


class Order(NamedTuple):
    """What is to be converted; it travels to a worker process as it is."""

    source: str
    target_format: str
    source_format: str | None = None
    base: str | None = None
    packed: bool = False
    contexts: tuple[tuple[str, str], ...] = ()
    limits: Limits = Limits()


def target(path: str | None, told: str | None) -> tuple[str, bool]:
    """Return the name of the format to write, and whether to pack it: by `told`, else by the path's ending.

    Raises `UnknownName` when neither tells one, `UsageError` for a format that is no RDF.

    >>> target("physh.nt.gz", None), target(None, "trig")
    (('ntriples', True), ('trig', False))
    """
    packed = path is not None and path.endswith(PACKED)
    if told is None and path is None:
        raise UsageError("name a target with -o, or its format with --to")
    format_ = formats.for_name(told) if told else formats.for_path((path or "").removesuffix(PACKED))
    if not (format_.iri and format_.writer):
        raise UsageError(f"{format_.name} is not written by a plain conversion; kgexport may")
    return format_.name, packed


def convert(order: Order, report: Report) -> Iterator[bytes]:
    """Yield the bytes of the target; what is left out, and other findings, go to the report.

    Raises `SourceError` for what cannot be read, with its line; `Unwritable` for a term
    that the target cannot hold; `LimitError` for more than can be held, where it must be.
    """
    told = formats.for_name(order.source_format) if order.source_format else None
    written = formats.for_name(order.target_format)
    if told is None and order.source == STDIN:
        raise UsageError("standard input has no name that tells its format; name it with --from")
    reading = Reading.of(order.limits, order.base, lenient=False, contexts=order.contexts)
    if told and told.guard:
        pieces = _held(order, told, written, reading, report)
    else:
        pieces = _opened(order, told, written, reading, report)
    yield from _packed(pieces) if order.packed else pieces


def _opened(order: Order, told: Format | None, written: Format, reading: Reading, report: Report) -> Iterator[bytes]:
    with Text(order.source, told, report) as text:
        if text.format.guard:
            yield from _held(order, text.format, written, reading, report)
        else:
            yield from _STREAMS[written.name](_kept(text.quads(order.base), written, order.source, report))


#: The formats that are written as the statements come.
_STREAMS: Mapping[str, Callable[[Stream], Iterator[bytes]]] = {
    "ntriples": lambda found: stream.ntriples(found.batches),
    "nquads": lambda found: stream.nquads(found.batches),
    "turtle": lambda found: stream.trig(found.batches, found.prefixes),
    "trig": lambda found: stream.trig(found.batches, found.prefixes),
    "jsonld": lambda found: stream.jsonld(found.batches),
    "rdfxml": lambda found: rdfxml.stream(found.batches, found.prefixes),
}


def _held(order: Order, told: Format, written: Format, reading: Reading, report: Report) -> Iterator[bytes]:
    """Convert what is held in memory, under the cap on a source's size."""
    dataset = read_rdf([order.source], told, reading)
    report.extend(dataset.report)
    rows = ((row.subject, row.predicate, row.object, row.graph) for row in dataset.labelled())
    batches = iter(lambda: list[Quad](islice(rows, _ROWS)), [])
    return _STREAMS[written.name](_kept(Stream(batches, dict), written, order.source, report))


def _kept(found: Stream, written: Format, source: str, report: Report) -> Stream:
    """Leave out the graphs that a format cannot hold, and tell how many statements that were."""
    tagged = map(stream.retagged, found.batches)
    return found._replace(batches=tagged if written.graphs else _of_one_graph(tagged, written, source, report))


def _of_one_graph(batches: Iterator[list[Quad]], written: Format, source: str, report: Report) -> Iterator[list[Quad]]:
    left: Counter[str] = Counter()
    others = 0
    for batch in batches:
        kept = [quad for quad in batch if not quad[3]]
        if len(kept) < len(batch):
            for quad in batch:
                if quad[3] in left or (quad[3] and len(left) < _TOLD):
                    left[quad[3]] += 1
                else:
                    others += bool(quad[3])
        if kept:
            yield kept
    for graph in sorted(left):
        report.add(_left_out(written, graph, left[graph], source))
    if others:
        report.add(_left_out(written, "and others", others, source))


def _left_out(written: Format, graph: str, count: int, source: str) -> Finding:
    return finding("export.graph-left-out", Location(source), format=written.title, graph=graph, count=count)


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pack with gzip; neither a name nor a time is in it, so that equal text gives equal bytes."""
    import zlib

    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
