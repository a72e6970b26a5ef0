"""The gate: every byte that is read comes through here, under caps and refusals."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

from kg import rule
from kg.errors import SourceError
from kg.limits import Limits
from kg.report import Location, Report
from kg.text import BIDI, DecodingProblem, Source, Span

STDIN = "-"
_PIECE = 1 << 16
#: No page has a longer line that a person wrote; the scanners are linear, findings on such a line are no help.
_LONGEST_LINE = 1_000_000


def read_bytes(path: str, limits: Limits) -> bytes:
    """Read a regular file, or standard input for ``-``, up to the cap.

    Raises `SourceError` for what is missing, unreadable or no regular file, and
    `LimitError` for more bytes than `limits.max_bytes`.
    """
    if path == STDIN:
        return _standard_input(limits)
    try:
        with open_file(path) as file:
            return _capped(file.read, path, limits)
    except OSError as error:
        raise SourceError(path, reason(error)) from error


#: What is read in place of files, by path (`instead`).
_instead: dict[str, bytes] = {}


@contextmanager
def instead(texts: Mapping[str, bytes]) -> Iterator[None]:
    """Have these bytes read in place of the files with these paths: to see what changed files would say."""
    _instead.update(texts)
    try:
        yield
    finally:
        _instead.clear()


def open_file(path: str) -> BinaryIO:
    """Open a regular file for reading.

    Raises `SourceError` for what is missing, unreadable or no regular file.
    """
    if path in _instead:
        return io.BytesIO(_instead[path])
    try:
        # Opened without blocking, so that a named pipe cannot hold us up.
        file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb")
    except OSError as error:
        raise SourceError(path, reason(error)) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise SourceError(path, "it is no regular file; name a file, or pipe it in and name it -")
    return file


_read: list[tuple[object, bytes]] = []


def _standard_input(limits: Limits) -> bytes:
    """Read standard input; who asks again gets the same, since it comes only once."""
    stream = sys.stdin.buffer
    if not _read or _read[0][0] is not stream:
        _read[:] = [(stream, _capped(stream.read, STDIN, limits))]
    return _read[0][1]


def _capped(read: Callable[[int], bytes], path: str, limits: Limits) -> bytes:
    pieces, size = [], 0
    while piece := read(_PIECE):
        size += len(piece)
        if size > limits.max_bytes:
            raise limits.over("max_bytes", path)
        pieces.append(piece)
    return b"".join(pieces)


def reason(error: OSError) -> str:
    """Say in plain words why a source could not be read."""
    known = {
        "FileNotFoundError": "there is no such file; check the path",
        "PermissionError": "no permission to read it",
        "IsADirectoryError": "it is a directory",
        "NotADirectoryError": "a part of the path is a file, not a directory",
    }
    return known.get(type(error).__name__, error.strerror or str(error))


def read_text(path: str, limits: Limits, report: Report) -> Source | None:
    """Read and decode a text; what is wrong with its content goes to the report, and None comes back.

    Raises what `read_bytes` raises.
    """
    data = read_bytes(path, limits)
    try:
        source = Source.decode(path, data)
    except DecodingProblem as problem:
        report.add(rule.finding(problem.code, Location(path, problem.line), detail=problem.detail))
        return None
    longest = max((line.end - line.start for line in source.lines()), default=0)
    if longest > _LONGEST_LINE:
        line = next(line for line in source.lines() if line.end - line.start > _LONGEST_LINE)
        report.add(rule.finding("page.line-too-long", source.locate(Span(line.start, line.start)), length=longest))
        return None
    for sign in _hidden(source.text):
        at = source.text.index(sign)
        detail = f"U+{ord(sign):04X}"
        report.add(rule.finding("text.bidi", source.locate(Span(at, at + 1)), detail=detail))
    return source


def _hidden(text: str) -> Iterable[str]:
    return () if text.isascii() else [sign for sign in BIDI if sign in text]
