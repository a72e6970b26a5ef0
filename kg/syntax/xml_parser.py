"""The parser of XML, expat, as it is used here: what it finds wrong, how much it is fed at once."""

from __future__ import annotations


class XmlProblem(ValueError):
    """What is wrong in a document, the line it stands on and its offset in bytes."""

    def __init__(self, detail: str, line: int, offset: int) -> None:
        super().__init__(detail, line, offset)
        self.detail, self.line, self.offset = detail, line, offset


class TooDeep(XmlProblem):
    """More open elements than allowed."""


def step(length: int) -> int:
    """Return how much of a document to feed at once.

    expat before 2.6 reads a long token from its start whenever it gets more of it, so
    the number of times is bounded, not the size.
    """
    return max(1 << 16, length // 32 + 1)
