"""Packed sources: gzip and zip, unpacked in memory, piece by piece, under caps.

Nothing is ever written to the disk, so a member's name can only mislead; a name
that would mislead a program that unpacks the archive is refused all the same.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.limits import MIB, Limits

if TYPE_CHECKING:
    import zipfile

#: The first bytes of each kind of archive.
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
#: What is shown between an archive's path and a member's name.
MEMBER = "!"

_PIECE = 1 << 16
#: No text that says something packs that small; what is small anyhow may do better.
_RATIO, _SPARE = 100, MIB


def is_packed(head: bytes) -> bool:
    """Tell whether bytes are the start of an archive that is read."""
    return head.startswith((GZIP, ZIP, _EMPTY_ZIP))


def gunzip(data: bytes, path: str, limits: Limits) -> bytes:
    """Unpack gzip, of one part or several.

    Raises `SourceError` for damaged or truncated data, another archive inside, or more
    than 100 times the packed size, and `LimitError` over `limits.max_bytes`.
    """
    import zlib

    cap = _Cap(path, len(data), limits)
    pieces: list[bytes] = []
    rest = data
    while rest:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not unpacker.eof:
            try:
                pieces.append(unpacker.decompress(rest, _PIECE))
            except zlib.error as error:
                raise SourceError(path, f"not gzip, or damaged ({error}); fetch or pack it again") from error
            cap.count(len(pieces[-1]))
            rest = unpacker.unconsumed_tail
            if not rest and not pieces[-1] and not unpacker.eof:
                raise SourceError(path, "the gzip data are cut off; fetch or pack it again")
        rest = unpacker.unused_data.lstrip(b"\0")
    return _not_nested(b"".join(pieces), path)


def members(data: bytes, path: str, limits: Limits) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the name of each file in a zip archive and the function that unpacks it.

    All names are checked before the first comes. The caps count what was unpacked from
    the whole archive.

    Raises `SourceError` for a name that leads elsewhere or stands twice, a link, an
    encrypted or damaged archive, one in another, or one of more than 100 times its
    size, and `LimitError` over `limits.max_files` and `limits.max_bytes`.
    """
    import io
    import zipfile

    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise SourceError(path, f"not zip, or damaged ({error}); fetch or pack it again") from error
    with archive:
        found = archive.infolist()
        if len(found) > limits.max_files:
            raise limits.over("max_files", path)
        _check_names(found, path)
        cap = _Cap(path, len(data), limits)
        for info in found:
            if not info.is_dir():
                yield info.filename, partial(_unpack, archive, info, path, cap)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, cap: _Cap) -> bytes:
    import zipfile
    import zlib

    shown = f"{path}{MEMBER}{info.filename}"
    pieces: list[bytes] = []
    try:
        with archive.open(info) as file:
            while piece := file.read(_PIECE):
                cap.count(len(piece))
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise SourceError(shown, f"cannot be unpacked ({error}); pack the archive again") from error
    return _not_nested(b"".join(pieces), shown)


class _Cap:
    """Counts what was unpacked from one archive and stops it at the caps."""

    def __init__(self, path: str, packed: int, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self.most = packed * _RATIO + _SPARE
        self.size = 0

    def count(self, size: int) -> None:
        self.size += size
        if self.size > self.most:
            reason = f"unpacks to more than {_RATIO} times its size, as archives made to fill a memory do"
            raise SourceError(self.path, f"{reason}; unpack it yourself if you trust it")
        if self.size > self.limits.max_bytes:
            raise self.limits.over("max_bytes", self.path)


def _not_nested(data: bytes, path: str) -> bytes:
    if is_packed(data):
        raise SourceError(path, "holds an archive in an archive; unpack the outer one")
    return data


def _check_names(found: list[zipfile.ZipInfo], path: str) -> None:
    """Refuse names that lead out of the archive, that a file system would mix up, and what is no file."""
    seen: dict[str, str] = {}
    for info in found:
        name = info.orig_filename
        problem = _problem(name, info.external_attr >> 16)
        if info.flag_bits & 1:
            problem = "is encrypted"
        folded = name.casefold().rstrip("/")
        if folded in seen:
            problem = problem or f"stands there twice (as {seen[folded]!r}, too)"
        seen[folded] = name
        if problem:
            raise SourceError(path, f"the member {name!r} {problem}; pack the archive again without it")


def _problem(name: str, mode: int) -> str | None:
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device, no file"
    if name.startswith("/") or name[1:2] == ":":
        return "has an absolute path"
    if "\\" in name:
        return "has a backslash in its name"
    if ".." in name.split("/"):
        return "leads out of the archive"
    return None if name.isprintable() else "has control characters in its name"
