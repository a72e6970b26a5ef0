"""The life of a worker process: close itself in, work, answer, end.

The answer is one message: its kind in one byte, the length of the rest in
eight, and a pickle. Nothing else may leave the process as an answer.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from kg.errors import KgError, LimitError
from kg.limits import Limits
from kg.worker import walls

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

RESULT, ERROR, FAULT, MEMORY = b"r", b"e", b"f", b"m"
HEAD = 9


def is_whole(message: bytes | bytearray) -> bool:
    """Tell whether a message arrived as it was sent."""
    return len(message) >= HEAD and len(message) == HEAD + int.from_bytes(message[1:HEAD], "big")


def flush() -> None:
    """Write out what Python still holds of standard output and error."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def live(
    job: tuple[Callable[..., object], tuple[object, ...], Limits, str, int],
    theirs: tuple[int, int],
    ours: tuple[int, int],
    mask: set[int],
) -> NoReturn:
    """Live as a fork: work, answer, end. `theirs` and `ours` are the ends of the pipes for answer and noise."""
    code = 1
    try:
        import signal

        for end in theirs:
            os.close(end)
        answer, noise = ours
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, who ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        _hush(noise)
        rest = memoryview(_work(*job))
        while rest:
            rest = rest[os.write(answer, rest) :]
        code = 0
    finally:
        os._exit(code)


def live_spawned(
    sender: Connection,
    function: Callable[..., object],
    given: tuple[object, ...],
    limits: Limits,
    name: str,
    parent: int,
) -> None:
    """Live as the child in a fresh Python."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not os.environ.get("KG_DEBUG"):
        _hush(os.open(os.devnull, os.O_WRONLY))
    sender.send_bytes(_work(function, given, limits, name, parent))


def _hush(noise: int) -> None:
    """Send what native code prints on standard error elsewhere; Python's own messages still appear."""
    try:
        real = sys.stderr.fileno() == 2
        own = os.dup(2)
    except (AttributeError, OSError, ValueError):  # no standard error, or a stand-in for it
        return
    os.dup2(noise, 2)
    if real:
        sys.stderr = open(own, "w", 1, sys.stderr.encoding, sys.stderr.errors)  # noqa: SIM115 - for good
    else:
        os.close(own)


def _work(function: Callable[..., object], given: tuple[object, ...], limits: Limits, name: str, parent: int) -> bytes:
    """Do the job behind the walls; return the message for the parent."""
    import pickle

    try:
        try:
            walls.standing = walls.put_up(limits, name, parent)
            value = function(*given)
            flush()
            kind, content = RESULT, pickle.dumps(value, -1)
        except MemoryError:
            raise
        except RecursionError:
            kind, content = ERROR, pickle.dumps(LimitError(name, "it is nested too deeply to be read"))
        except BaseException as error:  # whatever it is, the parent is told
            if isinstance(error, OSError) and error.errno == errno.ENOMEM:
                raise MemoryError from error
            kind, content = _describe(error)
    except MemoryError:
        kind, content = MEMORY, b""
    return kind + len(content).to_bytes(HEAD - 1, "big") + content


def _describe(error: BaseException) -> tuple[bytes, bytes]:
    """Pickle an error: as it is when it is meant for the user, else as a line and its traceback."""
    import pickle

    if isinstance(error, (KgError, BrokenPipeError)):
        with suppress(Exception):  # one that cannot be pickled, or not be read back
            content = pickle.dumps(error, -1)
            pickle.loads(content)  # noqa: S301 - written two lines above
            return ERROR, content
    import traceback

    text = " ".join(str(error).split())[:300]
    reason = (
        f"unexpected {type(error).__name__}{': ' * bool(text)}{text} (a fault of this program; KG_DEBUG=1 shows more)"
    )
    details = "".join(traceback.format_exception(error)).rstrip()
    return FAULT, pickle.dumps((reason, details), -1)
