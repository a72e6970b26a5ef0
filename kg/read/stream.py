"""RDF that goes by once, of any size: the statements of one source in the order they stand there.

The text is read, unpacked and parsed piece by piece. What must be held to be judged
(JSON-LD, RDF/XML) is read elsewhere (`kg.read.rdf`), under the cap on a source's size.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, Self

from kg import rule
from kg.errors import SourceError
from kg.formats import Format
from kg.interop import Quad, quads_of
from kg.limits import MIB
from kg.read import archive, sniff
from kg.read.gate import STDIN, open_file, reason
from kg.read.rdf import refusal
from kg.report import Location, Report

_PIECE = 1 << 16
#: Statements in one block of lines.
_BLOCK = 4096
_BOM = b"\xef\xbb\xbf"
#: As in `kg.read.archive`: a text that says something does not pack smaller.
_RATIO, _SPARE = 100, MIB

#: The label that the parser makes up for a node without one; a source may hold a label like it.
_MADE = r"_:[a-f][0-9a-f]{15,31}"
_LONGEST = 40
#: What we make of it, and what becomes of a label of the source that looks like ours.
_OURS = r"_:g[0-9]+x*"


class Text:
    """One source, opened: its first bytes, its format, and its statements, once."""

    def __init__(self, path: str, told: Format | None, report: Report) -> None:
        self.path = path
        self._raw = _Bytes(path)
        self._file = io.BufferedReader(self._raw, _PIECE)
        try:
            head = self._head(report)
            self.format = told or self._told(head, report)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _head(self, report: Report) -> bytes:
        """Return the first bytes; what is no text is refused, a byte order mark skipped."""
        head = self._file.peek(_PIECE)
        if archive.is_packed(head):
            raise SourceError(self.path, "an archive of files, or one in another; unpack it, and convert each text")
        if head.startswith(_BOM):
            self._file.read(len(_BOM))
            report.add(rule.finding("rdf.byte-order-mark", Location(self.path, 1)))
        return head

    def _told(self, head: bytes, report: Report) -> Format:
        found = sniff.tell(self.path, head[: sniff.HEAD])
        if found.format is None:
            what = "a SPARQL request, no data" if found.content == sniff.SPARQL else "its format is not to be told"
            raise SourceError(self.path, f"{what}; name its format with --from")
        if found.named is not None and found.differs:
            place = sniff.place(self.path, head, found.content)
            report.add(rule.finding("rdf.format-differs", place, named=found.named.title, found=found.format.title))
        return found.format

    def quads(self, base: str | None) -> Stream:
        """Return the statements in batches.

        Raises `SourceError`, with the line, for text that is not of the format.
        """
        import pyoxigraph

        syntax = pyoxigraph.RdfFormat.from_media_type(self.format.media_type)
        parser = pyoxigraph.parse(self._file, syntax, base_iri=base)
        batches = self._batches(parser)
        labelled = self.format.name in ("ntriples", "nquads")
        return Stream(batches if labelled else _relabelled(batches, self._raw), lambda: parser.prefixes)

    def blocks(self, base: str | None) -> Iterator[bytes]:
        """Return the statements of a format without graphs as N-Triples, in blocks of lines, tags in small letters.

        Raises `SourceError`, with the line, for text that is not of the format.
        """
        import pyoxigraph

        syntax = pyoxigraph.RdfFormat.from_media_type(self.format.media_type)
        parser = iter(pyoxigraph.parse(self._file, syntax, base_iri=base))
        try:
            while block := pyoxigraph.serialize(islice(parser, _BLOCK), format=pyoxigraph.RdfFormat.N_TRIPLES):
                yield block
        except (SyntaxError, ValueError) as error:
            raise refusal(error, self.path, self.format, lenient=True) from error

    def lines(self) -> Iterator[bytes]:
        """Return N-Triples in blocks of lines, each statement in one spelling but for its language tag.

        Raises `SourceError`, with the reason, for text that is not of the format.
        """
        from kg.read.ntriples import blocks

        try:
            yield from blocks(self._file)
        except (SyntaxError, ValueError) as error:
            raise refusal(error, self.path, self.format, lenient=True) from error

    def _batches(self, parser: object) -> Iterator[list[Quad]]:
        try:
            yield from quads_of(parser, named=self.format.graphs)  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            # Repairs need the whole text; who wants them exports.
            raise refusal(error, self.path, self.format, lenient=True) from error


class Stream(NamedTuple):
    """Statements in batches, and the prefixes that their source has declared so far."""

    batches: Iterator[list[Quad]]
    prefixes: Callable[[], Mapping[str, str]]


class _Bytes(io.RawIOBase):
    """The bytes of a source, unpacked; `looks_made` says that a label stands there that a parser could have made."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.looks_made = False
        self._file = sys.stdin.buffer if path == STDIN else open_file(path)
        self._pieces = self._unpacked()
        self._left = memoryview(b"")
        self._tail = b""
        self._label = re.compile(_MADE.encode())

    def close(self) -> None:
        """Close the source, but not standard input."""
        if self.path != STDIN:
            self._file.close()
        super().close()

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, target: Any) -> int:
        """Fill a buffer and return how many bytes were put there; none at the end."""
        if not self._left:
            piece = next(self._pieces, b"")
            if not self.looks_made and self._label.search(self._tail + piece):
                self.looks_made = True
            self._tail = (self._tail + piece)[-_LONGEST:]
            self._left = memoryview(piece)
        view = memoryview(target)
        size = min(len(view), len(self._left))
        view[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def _read(self) -> bytes:
        try:
            return self._file.read(_PIECE)
        except OSError as error:
            raise SourceError(self.path, reason(error)) from error

    def _unpacked(self) -> Iterator[bytes]:
        piece = self._read()
        if piece.startswith(archive.GZIP):
            yield from self._gunzipped(piece)
            return
        while piece:
            yield piece
            piece = self._read()

    def _gunzipped(self, packed: bytes) -> Iterator[bytes]:
        """Unpack gzip, of one part or several, as `kg.read.archive.gunzip` does."""
        import zlib

        taken, given = len(packed), 0
        while packed:
            unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            while not unpacker.eof:
                try:
                    piece = unpacker.decompress(packed, _PIECE)
                except zlib.error as error:
                    raise SourceError(self.path, f"not gzip, or damaged ({error}); fetch or pack it again") from error
                packed = unpacker.unconsumed_tail
                if piece:
                    given += len(piece)
                    if given > taken * _RATIO + _SPARE:
                        reason_ = f"unpacks to more than {_RATIO} times its size"
                        raise SourceError(self.path, f"{reason_}; unpack it yourself if you trust it")
                    yield piece
                elif not packed and not unpacker.eof:
                    packed = self._read()
                    taken += len(packed)
                    if not packed:
                        raise SourceError(self.path, "the gzip data are cut off; fetch or pack it again")
            packed = unpacker.unused_data.lstrip(b"\0")
            while not packed and (piece := self._read()):
                taken += len(piece)
                packed = piece.lstrip(b"\0")


def _relabelled(batches: Iterator[list[Quad]], raw: _Bytes) -> Iterator[list[Quad]]:
    labels = _Labels(raw)
    for batch in batches:
        yield [labels.quad(quad) if _has_label(*quad) else quad for quad in batch]


def _has_label(subject: str, _: str, object_: str, graph: str) -> bool:
    return subject[0] == "_" or object_[0] == "_" or graph[:1] == "_" or object_[:2] == "<<"


class _Labels:
    """Labels for nodes without one, the same each time; the parser makes up others each time.

    Such a node is named in one statement of the source alone, with what is nested in it.
    So its label is forgotten when the subjects have gone on by two resources that have a
    name: any number of nodes takes little memory.
    """

    def __init__(self, raw: _Bytes) -> None:
        self._raw = raw
        self._made = re.compile(_MADE).fullmatch
        self._ours = re.compile(_OURS).fullmatch
        self._count = 0
        self._now: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._subject = ""

    def quad(self, quad: Quad) -> Quad:
        """Return a quad with its final labels."""
        subject, predicate, object_, graph = quad
        if subject != self._subject and not (subject[0] == "_" and self._made(subject)):
            self._subject = subject
            if not self._raw.looks_made:
                self._now, self._before = {}, self._now
        return self._term(subject), predicate, self._term(object_), self._term(graph)

    def _term(self, term: str) -> str:
        if term[:1] == "_":
            return self._label(term)
        if term[:2] == "<<":
            parts = r'"(?:[^"\\]|\\.)*+"|(?<= )_:[^ ]+(?= )'
            return re.sub(parts, lambda found: self._term(found[0]), term)
        return term

    def _label(self, label: str) -> str:
        if not self._made(label):
            return f"{label}x" if self._ours(label) else label
        known = self._now.get(label) or self._before.get(label)
        if known is None:
            known = f"_:g{self._count}"
            self._count += 1
        self._now[label] = known
        return known
