"""What must not reach a parser of the Turtle family, looked for while the text goes by, piece by piece.

Nesting that only a text made to hurt has is refused: brackets opened and opened, and
none closed. What the parser takes and a reader wants to know of is remembered.
"""

from __future__ import annotations

import io
import re
from typing import Any, BinaryIO

from kg.errors import LimitError
from kg.limits import Limits

_PIECE = 1 << 18
_OTHERS = bytes(set(range(256)) - set(b"[]()"))
_BOM = b"\xef\xbb\xbf"


class Guarded(io.RawIOBase):
    """A text on its way to a parser, without the byte order mark that it may begin with.

    Reading raises `LimitError` for more bytes than `limits.max_bytes`, and for more than
    `limits.max_depth` brackets that are opened in a row.
    """

    def __init__(self, file: BinaryIO, path: str, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self._file, self._left = file, memoryview(b"")
        self._size, self._opened, self._end = 0, b"", b""
        self._deep = re.compile(rb"[\[(]{%d}" % (limits.max_depth + 1))
        #: whether a NUL was met, and the beginning of a triple that stands as a term
        self.has_nul = self.has_quoted = False

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()

    def readinto(self, target: Any) -> int:
        """Fill a buffer and return how many bytes were put there; none at the end."""
        if not self._left:
            self._left = memoryview(self._next())
        view = memoryview(target)
        size = min(len(view), len(self._left))
        view[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def _next(self) -> bytes:
        piece = self._file.read(_PIECE)
        if not self._size and piece.startswith(_BOM):
            piece = piece[len(_BOM) :] or self._file.read(_PIECE)
        self._size += len(piece)
        if self._size > self.limits.max_bytes:
            raise self.limits.over("max_bytes", self.path)
        self.has_nul = self.has_nul or b"\0" in piece
        self.has_quoted = self.has_quoted or b"<<" in piece or (self._end + piece[:1]) == b"<<"
        self._end = piece[-1:]
        brackets = self._opened + piece.translate(None, _OTHERS)
        if len(brackets) > self.limits.max_depth:
            if self._deep.search(brackets):
                raise self._too_deep()
            # What is open at the end of a piece may go on in the next.
            closed = max(brackets.rfind(b"]"), brackets.rfind(b")"))
            brackets = brackets[closed + 1 :]
        self._opened = brackets
        return piece

    def _too_deep(self) -> LimitError:
        error = self.limits.over("max_depth", self.path)
        self._file.seek(0)
        data = self._file.read(self._size)
        found = re.search(rb"(?:[\[(][^\[\]()]*+){%d}" % (self.limits.max_depth + 1), data)
        error.line = data.count(b"\n", 0, found.end()) + 1 if found else None
        return error
