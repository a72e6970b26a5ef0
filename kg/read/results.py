"""Answers of a SPARQL store, read as they come: SPARQL 1.1 Query Results JSON Format.

Rows are read one by one, in plain Python: what a store sends is nobody's friend, and an
answer may be longer than the memory. Terms are taken as they are written.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from kg import terms
from kg.query import Answer, Row
from kg.terms import Term

#: A row, or whatever else stands in the place of one, is not longer.
LONGEST = 1 << 26
#: Rows that come before the columns are held, and so much of them at most.
_EARLY = 1 << 24
_SHOWN = 40
_SPACE = re.compile(r"[ \t\n\r]*")
#: VARNAME of SPARQL 1.1 (section 19.8), and the hyphen of the names that Virtuoso gives: `callret-0`.
_FIRST = (
    "0-9A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VARIABLE = re.compile(f"[{_FIRST}][{_FIRST}\u00b7\u0300-\u036f\u203f\u2040-]*")
_NO_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class Unreadable(ValueError):
    """An answer that is not what it says it is."""


def iri(text: str) -> Term:
    """Make the term of an IRI; signs that no IRI has are escaped, so that it stays one term.

    Raises `Unreadable` for one with half a character, which is no text.

    >>> print(iri("urn:a b>"))
    <urn:a\\u0020b\\u003E>
    """
    if not _is_text(text):
        raise Unreadable("one of its IRIs holds half a character")
    return terms.iri(_NO_IRI.sub(lambda sign: f"\\u{ord(sign[0]):04X}", text))


def read_json(pieces: Iterator[bytes]) -> Answer:
    """Read an answer in JSON.

    Raises `Unreadable`, at once or when the rows are read, for what is no such answer or
    ends early.
    """
    text = _Text(pieces)
    with _understood():
        columns: tuple[str, ...] | None = None
        early: list[Any] = []
        for key in text.members():
            if key == "head":
                columns = _columns(text.value())
            elif key == "boolean":
                truth = text.value()
                if not isinstance(truth, bool):
                    raise Unreadable(f"its boolean is {_shown(truth)}")
                text.finish()
                return Answer((), iter(()), truth=truth)
            elif key != "results":
                text.value()
            elif columns is not None:
                return Answer(columns, _rows(text, columns))
            else:
                for binding in _bindings(text):
                    early.append(binding)
                    if text.taken > _EARLY:
                        raise Unreadable(f"its columns are not told within {_EARLY} signs")
        if columns is None:
            raise Unreadable("it holds neither rows nor a yes or no")
        return Answer(columns, (_row(binding, columns) for binding in early))


def _columns(head: Any) -> tuple[str, ...]:
    names = head.get("vars", []) if isinstance(head, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Unreadable("its head names no variables")
    return columns_of(names)


def columns_of(names: list[str]) -> tuple[str, ...]:
    """Return the columns of an answer.

    Raises `Unreadable` where one is no name of a variable: it would go into other formats as it is.
    """
    for name in names:
        if not _VARIABLE.fullmatch(name):
            raise Unreadable(f"{_shown(name)} is no name of a variable")
    return tuple(names)


def _shown(value: Any) -> str:
    """Return the beginning of a value, for a message."""
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def _rows(text: _Text, columns: tuple[str, ...]) -> Iterator[Row]:
    with _understood():
        for binding in _bindings(text):
            yield _row(binding, columns)
        text.finish()


def _bindings(text: _Text) -> Iterator[Any]:
    for key in text.members():
        if key == "bindings":
            yield from text.items()
        else:
            text.value()


def _row(binding: Any, columns: tuple[str, ...]) -> Row:
    if not isinstance(binding, dict):
        raise Unreadable("one of its rows is no object")
    return tuple(_term(binding[name]) if name in binding else None for name in columns)


def _term(value: Any) -> Term | None:
    if value is None:  # some stores write an unbound variable so
        return None
    kind, text = (value.get("type"), value.get("value")) if isinstance(value, dict) else (None, None)
    if kind == "triple":
        raise Unreadable("it holds a triple term of RDF 1.2, which is not read here")
    if not isinstance(text, str):
        raise Unreadable("one of its terms has no text")
    if kind == "uri":
        return iri(text)
    if kind == "bnode":
        return blank(text)
    if kind not in ("literal", "typed-literal"):
        raise Unreadable(f"one of its terms is of the unknown type {_shown(kind)}")
    tag, datatype = value.get("xml:lang"), value.get("datatype")
    if "its:dir" in value:
        raise Unreadable("it holds a base direction of RDF 1.2, which is not read here")
    return literal(text, tag, datatype)


def blank(label: str) -> Term:
    """Make the term of a blank node; a label that is none in N-Triples is spelt out.

    >>> blank("nodeID://b1"), blank("b0")
    ('_:x6e6f646549443a2f2f6231', '_:b0')
    """
    label = label.removeprefix("_:")
    plain = re.fullmatch(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", label, re.ASCII)
    return Term(f"_:{label if plain else 'x' + label.encode('utf-8', 'surrogatepass').hex()}")


def literal(text: str, tag: Any, datatype: Any) -> Term:
    """Make a literal of what a store says of it."""
    if tag and not (isinstance(tag, str) and re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", tag)):
        raise Unreadable(f"{_shown(tag)} is no language tag")
    if datatype is not None and not isinstance(datatype, str):
        raise Unreadable(f"{_shown(datatype)} is no datatype")
    kind = terms.iri_text(iri(datatype)) if datatype and datatype != terms.LANG_STRING else None
    return terms.literal(_whole(text), tag or None, kind)


def _whole(text: str) -> str:
    """Return a text in which no half of a character stands alone."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text


class _understood:  # noqa: N801 - reads as a sentence after `with`
    """Make one kind of error of all that can be wrong with an answer."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, json.JSONDecodeError):
            raise Unreadable(f"it is no JSON ({error.msg}, after {error.pos} more signs)") from None
        if isinstance(error, UnicodeDecodeError):
            raise Unreadable("it is not UTF-8") from None
        if isinstance(error, RecursionError):
            raise Unreadable("it is nested too deeply") from None


class _Text:
    """JSON text that comes in pieces, and a place in it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        # No number means anything here, and an integer of thousands of digits is an error of its own.
        self._scan = json.JSONDecoder(parse_int=float).raw_decode
        self._text, self._at, self._ended, self._gone = "", 0, False, 0

    @property
    def taken(self) -> int:
        """Return how many signs were taken."""
        return self._gone + self._at

    def _more(self) -> bool:
        """Take the next piece; False at the end of the answer."""
        if self._ended:
            return False
        # As much again as is left: what does not fit is not looked at from its start too often.
        wanted, taken = max(1, len(self._text) - self._at), []
        while wanted > 0 and not self._ended:
            piece = next(self._pieces, None)
            self._ended = piece is None
            taken.append(self._decode(piece or b"", final=self._ended))
            wanted -= len(taken[-1])
        self._gone += self._at
        self._text, self._at = self._text[self._at :] + "".join(taken), 0
        if len(self._text) > LONGEST:
            raise Unreadable(f"one of its rows is longer than {LONGEST} signs")
        return True

    def sign(self) -> str:
        """Return the next sign that is no space, which stays; "" at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """Take the next sign, which has to be one of `wanted`."""
        sign = self.sign()
        if not sign:
            raise Unreadable("it ends early")
        if sign not in wanted:
            raise Unreadable(f"it is no such JSON: {' or '.join(wanted)} is missing")
        self._at += 1
        return sign

    def value(self) -> Any:
        """Take the next value, whole."""
        self.sign()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    if len(self._text) - self._at < 1 or self._text[-1] not in "]}":
                        raise Unreadable("it ends early") from None
                    raise
                continue
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def members(self) -> Iterator[str]:
        """Take an object: yield each key, whose value is then taken by the caller."""
        self.take("{")
        if self.sign() == "}":
            self.take("}")
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise Unreadable("it is no such JSON: a key is no text")
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def items(self) -> Iterator[Any]:
        """Take an array, item by item."""
        self.take("[")
        if self.sign() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def finish(self) -> None:
        """Take what closes the answer."""
        while self.sign() == ",":
            self.take(",")
            self.value()
            self.take(":")
            self.value()
        self.take("}")
        if self.sign():
            raise Unreadable("something follows its end")
