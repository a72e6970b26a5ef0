"""Answers of a SPARQL store in XML (SPARQL Query Results XML Format, second edition), read as they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from kg.query import Answer, Row
from kg.read.results import LONGEST, Unreadable, blank, columns_of, iri, literal
from kg.terms import Term

_SPARQL = "http://www.w3.org/2005/sparql-results# "
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
_DEEPEST = 16
#: The parser gets so much at once, and is then asked how far it is.
_PIECE = 1 << 16
_TERMS = ("uri", "bnode", "literal")


def read_xml(pieces: Iterator[bytes]) -> Answer:
    """Read an answer in XML.

    Raises `Unreadable`, at once or when the rows are read, for what is no such answer,
    has a document type, or ends early.
    """
    reader = _Reader()
    fed = _fed(reader, pieces)
    for _ in fed:
        if reader.begun:
            return Answer(reader.columns, _rows(reader, fed))
    if reader.truth is None:
        raise Unreadable("it holds neither rows nor a yes or no")
    return Answer((), iter(()), truth=reader.truth)


def _fed(reader: _Reader, pieces: Iterator[bytes]) -> Iterator[bool]:
    try:
        for piece in pieces:
            for start in range(0, len(piece), _PIECE):
                reader.feed(piece[start : start + _PIECE])
                yield True
        reader.parser.Parse(b"", True)  # noqa: FBT003 - no keyword here
    except expat.ExpatError as error:
        raise Unreadable(f"it is no whole XML (line {error.lineno}: {expat.ErrorString(error.code)})") from None
    except Unreadable:
        raise
    except (LookupError, ValueError):
        raise Unreadable("it is in an encoding that is not read here") from None
    yield True


def _rows(reader: _Reader, fed: Iterator[bool]) -> Iterator[Row]:
    yield from reader.taken()
    for _ in fed:
        yield from reader.taken()


class _Reader:
    """What was read so far."""

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self.truth: bool | None = None
        self.begun = False
        self._rows: list[Row] = []
        self._named: list[str] = []
        self._row: dict[str, Term] = {}
        self._name: str | None = None
        self._text: list[str] = []
        self._given: dict[str, str] = {}
        self._depth = 0
        self._fed = self._told = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, piece: bytes) -> None:
        """Read on; what is between two rows, or within one, must have an end."""
        self._fed += len(piece)
        self.parser.Parse(piece, False)  # noqa: FBT003 - no keyword here
        if self._fed - self._told > LONGEST:
            raise Unreadable(f"one of its rows is longer than {LONGEST} bytes")

    def taken(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def _refuse(self, *_: Any) -> None:
        raise Unreadable("it has a document type, as no such answer has")

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        if self._depth == 1 and name != f"{_SPARQL}sparql":
            raise Unreadable(f"it is XML of another kind: {name.rpartition(' ')[2]}")
        kind = name.removeprefix(_SPARQL)
        if kind == "variable":
            self._named.append(given.get("name", ""))
        elif kind == "results":
            self.begun = True
        elif kind == "result":
            self._row = {}
        elif kind == "binding":
            self._name = given.get("name", "")
        elif kind == "triple":
            raise Unreadable("it holds a triple term of RDF 1.2, which is not read here")
        self._given = given
        self._text.clear()

    def _end(self, name: str) -> None:
        self._depth -= 1
        kind, text = name.removeprefix(_SPARQL), "".join(self._text)
        if kind == "head":
            self.columns = columns_of(self._named)
        elif kind == "boolean":
            if text.strip() not in {"true", "false"}:
                raise Unreadable(f"its boolean is {text.strip()[:40]!r}")
            self.truth = text.strip() == "true"
        elif kind in _TERMS and self._name is not None:
            self._row[self._name] = self._term(kind, text)
        elif kind == "binding":
            self._name = None
        elif kind == "result":
            self._rows.append(tuple(self._row.get(column) for column in self.columns))
            self._told = self.parser.CurrentByteIndex
        self._text.clear()

    def _term(self, kind: str, text: str) -> Term:
        if kind == "uri":
            return iri(text)
        if kind == "bnode":
            return blank(text)
        return literal(text, self._given.get(_LANGUAGE), self._given.get("datatype"))
