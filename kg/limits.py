"""Caps on one job: what the reading gate and the worker process both keep to."""

from __future__ import annotations

from typing import NamedTuple

from kg.errors import LimitError, UsageError

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
_UNITS = {"": 1, "b": 1, "k": KIB, "m": MIB, "g": GIB}


class Limits(NamedTuple):
    """How much one job may use; each field is the option of the same name.

    `max_memory` and `max_bytes` (of one source) are in bytes, `timeout` is in
    seconds of wall clock, `max_depth` counts levels of nesting.

    >>> Limits().over("timeout", "page.txt").reason
    'took longer than 60 s (--timeout raises the cap)'
    >>> Limits(max_bytes=1500).over("max_bytes", "page.txt").reason
    'is larger than 1500 bytes (--max-bytes raises the cap)'
    """

    max_memory: int = 2 * GIB
    timeout: float = 60.0
    max_bytes: int = 64 * MIB
    max_files: int = 10_000
    max_depth: int = 128

    def over(self, cap: str, path: str) -> LimitError:
        """Return the error that says `path` went over the cap of that name."""
        value = getattr(self, cap)
        shown = spell_size(value) if cap in ("max_memory", "max_bytes") else f"{value:g}" if cap == "timeout" else value
        return LimitError(path, f"{_SENTENCES[cap].format(shown)} (--{cap.replace('_', '-')} raises the cap)")


_SENTENCES = {
    "max_memory": "needs more than {} of memory",
    "timeout": "took longer than {} s",
    "max_bytes": "is larger than {}",
    "max_files": "holds more than {} files",
    "max_depth": "is nested deeper than {} levels",
}


def read_size(text: str) -> int:
    """Read a size such as `64MiB`, `2G`, `1.5 GB` or `1000` as bytes; the units are powers of 1024.

    Raises `UsageError` when it is not a positive size.

    >>> read_size("64MiB"), read_size("1.5 g"), read_size("1000")
    (67108864, 1610612736, 1000)
    """
    number = text.strip().lower().removesuffix("ib").removesuffix("b").rstrip()
    unit = number[-1:] if number[-1:].isalpha() else ""
    try:
        size = int(float(number.removesuffix(unit)) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError) as error:
        raise UsageError(f"{text!r} is not a size; write a number of bytes, or one with KiB, MiB or GiB") from error
    if size <= 0:
        raise UsageError(f"{text!r} is not a size: it must be more than nothing")
    return size


def spell_size(size: int) -> str:
    """Spell a number of bytes in the largest unit that keeps it whole.

    >>> spell_size(2 * 1024**3), spell_size(1536 * 1024**2), spell_size(1001)
    ('2 GiB', '1536 MiB', '1001 bytes')
    """
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} bytes"
