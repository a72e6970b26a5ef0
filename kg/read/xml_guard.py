"""What must not reach an XML parser: entity bombs, outside documents, text of an unknown encoding.

A document type may declare entities of plain text, as OWL editors write them; whatever
multiplies or leads outside is refused by name and line, before any parser runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from kg.errors import SourceError
from kg.limits import MIB, Limits

_MOST_ENTITIES = 256
#: How far references may blow a document up: this many times its size, and a little more for small ones.
_GROWTH, _SPARE = 4, MIB

_BYTE_BOM = b"\xef\xbb\xbf"
#: The first bytes of a document in UTF-16, with a byte order mark and without (XML 1.0, appendix F).
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_DECLARATION = rb"<\?xml[ \t\r\n][^>?]*?encoding[ \t\r\n]*=[ \t\r\n]*[\"']([A-Za-z][A-Za-z0-9._\-]*)[\"']"
_UTF8 = frozenset(["utf-8", "utf8", "us-ascii", "ascii"])
#: Encodings that Python decodes without side effects, as XML names them.
_ENCODINGS = r"iso[-_]?8859-\d{1,2}|windows-\d{3,4}|latin-?1|koi8-[ru]|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5"

_SPACE = rb"[ \t\r\n]+"
_SKIPPED = rb"[ \t\r\n]+|<!--.*?-->|<\?.*?\?>"
_NAME = rb"[^ \t\r\n\"'<>&%;#\[\]]+"
_QUOTED = rb"\"[^\"]*\"|'[^']*'"
_DOCTYPE = rb"<!DOCTYPE" + _SPACE + _NAME + rb"[ \t\r\n]*"
_ENTITY = rb"<!ENTITY" + _SPACE + rb"(" + _NAME + rb")" + _SPACE + rb"(" + _QUOTED + rb")[ \t\r\n]*>"
_OUTSIDE = rb"<!ENTITY" + _SPACE + rb"(" + _NAME + rb")" + _SPACE + rb"(?:SYSTEM|PUBLIC)"
_OTHER = rb"<!(ELEMENT|ATTLIST|NOTATION)" + _SPACE + rb"(?:[^>\"']|" + _QUOTED + rb")*>"
#: References that bring one character each; &#38; would bring a new reference.
_PLAIN = rb"&(?:#(?!0*38;)[0-9]{1,7}|#x(?!0*26;)[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);"
_REFERENCE = rb"&(" + _NAME + rb");"


def guard(data: bytes, path: str, limits: Limits, contexts: Mapping[str, str] | None = None) -> bytes:  # noqa: ARG001
    """Return a document in UTF-8 that an XML parser may read; its lines stay where they are.

    Raises `SourceError`, with the line, for an encoding that is not known or not kept,
    an outside document type or entity, a parameter entity, an entity that holds a
    reference, more than 256 entities, and references that grow the document to more
    than four times its size and 1 MiB.
    """
    data = in_utf8(data, path)
    declared, _ = document_type(data, path)
    if declared:
        _bound(data, path, declared)
    return data


def in_utf8(data: bytes, path: str) -> bytes:
    """Return a document in UTF-8, decoded as it declares (XML 1.0, section 4.3.3).

    Raises `SourceError` for an encoding that is not known, or for bytes that are not of it.
    """
    if data[:4] in (b"\0\0\xfe\xff", b"\xff\xfe\0\0"):
        raise SourceError(path, "the document is in UTF-32; save it as UTF-8", 1)
    wide = _UTF16.get(data[:2])
    if wide is None and data.startswith(_BYTE_BOM):
        data, declared = data[3:], "utf-8"
    elif wide is None:
        found = re.match(_DECLARATION, data)
        declared = found[1].decode().lower() if found else "utf-8"
    else:
        declared = wide
    if wide is None and declared not in _UTF8 and not re.fullmatch(_ENCODINGS, declared):
        raise SourceError(path, f"the document declares the encoding {declared!r}; save it as UTF-8", 1)
    try:
        text = data.decode("utf-8" if declared in _UTF8 else declared)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(path, f"not {declared.upper()}: byte 0x{data[error.start]:02x}; save it as UTF-8",
                          line) from error  # fmt: skip
    except LookupError as error:
        raise SourceError(path, f"the encoding {declared!r} is not known; save it as UTF-8", 1) from error
    if declared in _UTF8:
        return data
    made = text.removeprefix("\ufeff").encode()
    return re.sub(_DECLARATION, lambda found: found[0].replace(found[1], b"UTF-8"), made, count=1)


def document_type(data: bytes, path: str) -> tuple[dict[bytes, int], int]:
    """Return the entities that a document declares, with the length of each, and where its body starts.

    The length of default attributes is given under the name ``<``, as each element may
    bring them. What leads outside is refused, see `guard`.
    """
    at = prolog_end(data)
    declared: dict[bytes, int] = {}
    found = re.compile(_DOCTYPE).match(data, at)
    if found is None:
        return declared, at
    at = found.end()
    if data[at : at + 6] in (b"SYSTEM", b"PUBLIC"):
        _refuse(data, path, at, "an outside document type, which is not fetched; remove it from <!DOCTYPE>")
    if data[at : at + 1] != b"[":
        return declared, at
    at += 1
    while data[at : at + 1] != b"]":
        at = _declaration(data, path, at, declared)
    return declared, at + 1


def _declaration(data: bytes, path: str, at: int, declared: dict[bytes, int]) -> int:
    """Read one declaration of the internal subset and return where it ends."""
    skipped = prolog_end(data, at)
    if skipped > at:
        return skipped
    if found := re.compile(_ENTITY, re.DOTALL).match(data, at):
        name, value = found[1], found[2][1:-1]
        if b"&" in re.sub(_PLAIN, b"", value):
            _refuse(data, path, at, f"the entity {name.decode()} holds a reference: it could grow without bound")
        declared[name] = max(len(value), declared.get(name, 0))
        if len(declared) > _MOST_ENTITIES:
            _refuse(data, path, at, f"more than {_MOST_ENTITIES} entities")
        return found.end()
    if found := re.compile(_OTHER).match(data, at):
        if found[1] == b"ATTLIST":
            declared[b"<"] = declared.get(b"<", 0) + len(found[0])
        return found.end()
    if re.compile(rb"%|<!ENTITY" + _SPACE + rb"%").match(data, at):
        _refuse(data, path, at, "a parameter entity, which no RDF document needs; write the entities out")
    if found := re.compile(_OUTSIDE).match(data, at):
        _refuse(data, path, at, f"the entity {found[1].decode()} stands outside the document; nothing is fetched")
    return _refuse(data, path, at, "a document type that cannot be read")


def prolog_end(data: bytes, at: int = 0) -> int:
    """Return the place behind white space, comments and processing instructions."""
    skipped = re.compile(_SKIPPED, re.DOTALL)
    while found := skipped.match(data, at):
        at = found.end()
    return at


def _bound(data: bytes, path: str, declared: Mapping[bytes, int]) -> None:
    left = _GROWTH * len(data) + _SPARE
    left -= declared.get(b"<", 0) * data.count(b"<")
    at = 0
    for found in re.compile(_REFERENCE).finditer(data) if left >= 0 else ():
        left -= declared.get(found[1], 0)
        at = found.start()
        if left < 0:
            break
    if left < 0:
        _refuse(data, path, at, f"its entities grow it to more than {_GROWTH} times its size")


def _refuse(data: bytes, path: str, at: int, reason: str) -> NoReturn:
    raise SourceError(path, reason, data.count(b"\n", 0, at) + 1)
