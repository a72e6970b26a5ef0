"""One deadline for a request: no wait for the other side outlasts it, however busily that side talks."""

from __future__ import annotations

import io
import time
from http.client import HTTPConnection
from socket import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK = 1 << 18


class Deadline:
    """When a request has to be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return how many seconds are left.

        Raises `TimeoutError` where none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def put_off(self, seconds: float) -> None:
        """Leave out time that was not spent waiting for the other side."""
        self._end += seconds


def connect(connection: HTTPConnection, deadline: Deadline) -> None:
    """Open a connection, or take the one that is open, for a request that has to be over by then."""
    sock: Any = connection.sock
    if sock is None:
        connection.timeout = deadline.left()
        connection.connect()
        connection.sock = Timed(connection.sock, deadline)
    else:
        sock.deadline = deadline


class Timed:
    """A connected socket, as far as `http.client` uses one; `deadline` bounds all that it waits for.

    A time-out of a socket bounds one call, and whoever sends a byte now and then keeps the
    calls coming.
    """

    def __init__(self, sock: socket, deadline: Deadline) -> None:
        self.sock, self.deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        """Send bytes."""
        view = memoryview(data)
        for start in range(0, len(view), _BLOCK):
            self.sock.settimeout(self.deadline.left())
            self.sock.sendall(view[start : start + _BLOCK])

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - the form of a socket
        """Return what reads the answer."""
        return io.BufferedReader(_Reading(self))

    def close(self) -> None:
        """Close it; an answer that is being read keeps it open until it is closed, too."""
        self.sock.close()


class _Reading(io.RawIOBase):
    """The bytes that come from a socket."""

    def __init__(self, timed: Timed) -> None:
        super().__init__()
        self._timed, self._raw = timed, timed.sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int | None:
        self._timed.sock.settimeout(self._timed.deadline.left())
        return self._raw.readinto(into)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()
