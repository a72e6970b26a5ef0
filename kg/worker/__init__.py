"""Run one function in a child process that is closed in, and supervise it.

Native parsers answer hostile sources by aborting the process, or never. So
whatever reads an untrusted source does it here: a child with a cap on memory
and time, without a network, whose end is always an answer, an error of
`kg.errors`, or one plain sentence. docs/process.md says what holds where.

The child shares standard input, output and error with its parent: what a job
prints appears at once. A job that writes files writes them under the temporary
path of a `kg.publish.StagedFile` or `StagedSet` of the parent, which puts them
in place once the job has ended well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, TypeVarTuple, Unpack

from kg.errors import KgError, LimitError, UsageError
from kg.limits import Limits, spell_size
from kg.worker import child, walls
from kg.worker.walls import Walls

__all__ = ["Walls", "WorkerError", "run", "walls_here"]

Answer = TypeVar("Answer")
Given = TypeVarTuple("Given")

_DEFAULTS = Limits()
_BLOCK = 1 << 20
_NOISE = 1 << 16
_LONGEST = 10**8  # seconds; about three years
_OUT_OF_MEMORY = (b"memory allocation of", b"out of memory", b"bad_alloc", b"Cannot allocate memory")


class WorkerError(KgError):
    """The job failed in a way that nobody foresaw: a fault of this program.

    `details` is the traceback; it is part of the message when the environment
    variable `KG_DEBUG` is set.
    """

    def __init__(self, name: str, reason: str, details: str = "") -> None:
        super().__init__(name, reason, details)
        self.name, self.reason, self.details = name, reason, details

    def __str__(self) -> str:
        if self.details and os.environ.get("KG_DEBUG"):
            return f"{self.name}: {self.reason}\n{self.details}"
        return f"{self.name}: {self.reason}"


def run(
    function: Callable[[Unpack[Given]], Answer],
    *given: *Given,
    limits: Limits = _DEFAULTS,
    name: str = "the job",
) -> Answer:
    """Call `function(*given)` in a limited child process and return what it returns.

    `function` stands at the top level of a module; arguments and answer can be
    pickled. `name` is the source that is read, for the messages. The child is
    gone when this returns, however it returns (Ctrl-C, too).

    Raises
    ------
    KgError
        The one that the function raised, as it was.
    LimitError
        More memory or time than `limits` allows, or the process died of the
        source (native code that aborted, for example); it names the option to raise.
    WorkerError
        Anything else that ended the job; one line.
    BrokenPipeError
        The reader of standard output went away.

    """
    if not 0 < limits.timeout < _LONGEST or limits.max_memory <= 0:
        raise UsageError("--timeout and --max-memory must be more than nothing, and --timeout less than three years")
    import pickle

    child.flush()  # or the child would print it again
    message = (_forked if _can_fork() else _spawned)(function, given, limits, name)
    kind, content = message[:1], memoryview(message)[child.HEAD :]
    if kind == child.MEMORY:
        raise limits.over("max_memory", name)
    try:
        value = pickle.loads(content)  # noqa: S301 - written by our own child
    except Exception as error:
        raise WorkerError(name, f"its answer cannot be read ({type(error).__name__}: {error})") from error
    if kind == child.ERROR:
        raise value
    if kind == child.FAULT:
        raise WorkerError(name, *value)
    return value  # type: ignore[no-any-return]


def walls_here() -> Walls:
    """Tell which walls stand around a worker on this machine, by asking one."""
    return run(_standing)


def _standing() -> Walls:
    return walls.standing


def _can_fork() -> bool:
    """Tell whether a fork is safe: it copies one thread only, so there must be one only."""
    # Elsewhere than on Linux the threads of native code cannot be counted, and Apple's libraries bear no fork.
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def _forked(function: Callable[..., object], given: tuple[object, ...], limits: Limits, name: str) -> bytes | bytearray:
    """Run the job in a fork; return its message."""
    import signal

    (answer, answer_end), (noise, noise_end) = os.pipe(), os.pipe()
    # No Ctrl-C between the birth of the child and the block that ends it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    parent = os.getpid()
    try:
        pid = os.fork()
    except OSError as error:
        for end in (answer, answer_end, noise, noise_end):
            os.close(end)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise WorkerError(name, f"no process could be started for it ({error.strerror})") from error
    if pid == 0:
        child.live((function, given, limits, name, parent), (answer, noise), (answer_end, noise_end), before)
    code: int | None = None
    try:
        os.close(answer_end)
        os.close(noise_end)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        message, heard, code = _listen(pid, answer, noise, limits, name)
    finally:
        if code is None:
            _end(pid)
        os.close(answer)
        os.close(noise)
    if heard and os.environ.get("KG_DEBUG"):
        sys.stderr.write(heard.decode(errors="replace"))
    if not child.is_whole(message):
        raise _explain(code, heard, limits, name)
    return message


def _listen(pid: int, answer: int, noise: int, limits: Limits, name: str) -> tuple[bytearray, bytearray, int]:
    """Return the message of the child, what native code printed, and how the child ended."""
    import select
    import time

    deadline = time.monotonic() + limits.timeout
    heard = {answer: bytearray(), noise: bytearray()}
    poll = select.poll()
    for end in (answer, noise):
        poll.register(end, select.POLLIN)
    open_ends = {answer, noise}
    while answer in open_ends:
        left = deadline - time.monotonic()
        if left <= 0:
            raise limits.over("timeout", name)
        for end, _ in poll.poll(left * 1000 + 1):
            block = os.read(end, _BLOCK)
            heard[end] += block
            if not block:
                poll.unregister(end)
                open_ends.remove(end)
        del heard[noise][:-_NOISE]
        if len(heard[answer]) > limits.max_memory:
            raise limits.over("max_memory", name)
    pause = 0.0002
    while (status := _ended(pid)) is None:
        if time.monotonic() > deadline:
            raise limits.over("timeout", name)
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
    return heard[answer], heard[noise], status


def _ended(pid: int) -> int | None:
    """Return the exit code of a child, or minus the signal it died of; None while it lives."""
    try:
        gone, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # whoever started us has the system bury our children
        return 0
    return os.waitstatus_to_exitcode(status) if gone else None


def _end(pid: int) -> None:
    """Kill a child and wait until it is gone."""
    import signal

    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _spawned(function: Callable[..., object], given: tuple[object, ...], limits: Limits, name: str) -> bytes:
    """Run the job in a fresh Python, where a fork is not safe or not there; return its message."""
    import multiprocessing
    import threading
    import time

    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    job = (sender, function, given, limits, name, os.getpid())
    process = context.Process(target=child.live_spawned, args=job, daemon=True)
    deadline = time.monotonic() + limits.timeout
    try:
        try:
            process.start()
        except Exception as error:  # what cannot be pickled has many names
            raise WorkerError(name, f"no process could be started for it ({error})") from error
        finally:
            sender.close()
        timer = threading.Timer(limits.timeout, process.kill)
        timer.start()
        try:
            message = receiver.recv_bytes()
        except EOFError:
            message = b""
        timer.cancel()
        process.join(max(0.0, deadline - time.monotonic()))
        late = time.monotonic() >= deadline
    finally:
        receiver.close()
        if process.pid is not None:
            process.kill()
            process.join()
    if late:
        raise limits.over("timeout", name)
    if not child.is_whole(message):
        raise _explain(process.exitcode or 0, b"", limits, name)
    return message


def _explain(code: int, noise: bytes | bytearray, limits: Limits, name: str) -> KgError:
    """Return the error for a child that ended without an answer."""
    import signal

    if code >= 0:
        return WorkerError(name, f"the process that worked on it ended without an answer (exit code {code})")
    died_of = -code
    if died_of in (signal.SIGALRM, signal.SIGXCPU):
        return limits.over("timeout", name)
    if any(sign in noise for sign in _OUT_OF_MEMORY):
        return limits.over("max_memory", name)
    if died_of == signal.SIGKILL:
        return LimitError(name, "the system killed the process that worked on it, most likely for want of memory")
    size = spell_size(limits.max_memory)
    reason = f"the native code that worked on it broke down ({signal.strsignal(died_of)})"
    advice = f"most often it is nested too deeply, or needs more than {size} of memory (--max-memory raises the cap)"
    return LimitError(name, f"{reason}: {advice}")
