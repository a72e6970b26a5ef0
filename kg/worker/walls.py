"""What a worker process cannot do, whatever its source says: the walls around it.

The process puts them up around itself, before it looks at the source; none can
be taken down again. Each call here is for the worker process alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from kg.errors import SourceError
from kg.limits import Limits

_SOCKETS = ("connect", "bind", "sendto", "sendmsg", "getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyaddr")
_LOCAL_FAMILY = 1  # AF_UNIX
_NETWORK_EVENTS = {f"socket.{call}" for call in _SOCKETS}
_PROGRAM_EVENTS = {
    "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.startfile/2", "os.system",
    "pty.spawn", "subprocess.Popen", "webbrowser.open",
}  # fmt: skip

# The kernel's name of an architecture, and its numbers for socket, execve, execveat; io_uring_setup is 425 on all.
_CALLS = {
    "x86_64": (0xC000003E, (41, 59, 322)),
    "aarch64": (0xC00000B7, (198, 221, 281)),
    "riscv64": (0xC00000F3, (198, 221, 281)),
}
_IO_URING = 425
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class Walls(NamedTuple):
    """Which walls stand on this machine.

    `memory`, `processor` and `clock` say whether the kernel itself ends a
    worker that goes over; `network` names what keeps native code from the
    network ("system calls", "namespace", or "" where only Python code is kept
    from it); `orphans` says whether a worker dies with its parent.
    """

    memory: bool = False
    processor: bool = False
    clock: bool = False
    network: str = ""
    orphans: bool = False


standing = Walls()  # around this process


def put_up(limits: Limits, name: str, parent: int) -> Walls:
    """Close this process in and tell which walls stand.

    `name` is the source that is being read, for the messages; `parent` is the
    id of the process that supervises this one.
    """
    memory, processor = _cap(limits)
    clock = _set_alarm(limits.timeout)
    network, orphans = "", False
    if sys.platform == "linux":
        orphans = _die_with(parent)
        network = "system calls" if _refuse_calls() else "namespace" if _leave_network() else ""
        _prctl(_PR_SET_DUMPABLE, 0)  # no crash reporter writes gigabytes when the memory runs out
    sys.addaudithook(_refusal(name))
    return Walls(memory, processor, clock, network, orphans)


def _cap(limits: Limits) -> tuple[bool, bool]:
    """Cap memory and processor time; tell which cap holds."""
    try:
        import resource
    except ImportError:  # Windows
        return False, False
    _lower(resource.RLIMIT_CORE, 0)
    # Time on all cores; only who has lost its supervisor gets that far.
    _lower(resource.RLIMIT_CPU, int(limits.timeout * (os.cpu_count() or 1)) + 2)
    if sys.platform != "linux":  # macOS takes the number and does nothing
        return False, True
    with open("/proc/self/statm", encoding="utf-8") as statm:
        mapped = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    _lower(resource.RLIMIT_AS, mapped + limits.max_memory)
    return True, True


def _lower(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _set_alarm(timeout: float) -> bool:
    """Have the kernel end this process a little after its time, should the parent not do so."""
    import signal

    if not hasattr(signal, "setitimer"):
        return False
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, timeout + 1)
    return True


def _prctl(option: int, *arguments: int) -> bool:
    import ctypes

    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, *padded) == 0)


def _die_with(parent: int) -> bool:
    """Have the kernel kill this process when its parent ends."""
    held = _prctl(_PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:  # it ended before that call
        os._exit(1)
    return held


def _refuse_calls() -> bool:
    """Have the kernel refuse new sockets and new programs to this process (seccomp).

    Needs no privilege and holds inside containers too; False where the kernel
    or the machine's architecture does not offer it.
    """
    known = _CALLS.get(os.uname().machine)
    if known is None or sys.maxsize < 1 << 32:  # a 32-bit Python has other numbers
        return False
    import ctypes
    import struct

    architecture, calls = known
    refused = (*calls, _IO_URING)
    # Classic BPF: (code, jump if true, jump if false, value); jumps count from the next line.
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    lines = [(load, 0, 0, 4), (equal, 0, len(refused) + 3, architecture), (load, 0, 0, 0)]
    lines.append((at_least, len(refused) + 1, 0, 0x40000000))  # the x32 way to make the same calls
    lines += [(equal, len(refused) - place, 0, call) for place, call in enumerate(refused)]
    lines += [(answer, 0, 0, 0x7FFF0000), (answer, 0, 0, 0x00050000 | 13)]  # allow; or fail with EACCES
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(lines), ctypes.addressof(code)))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(_PR_SET_SECCOMP, 2, ctypes.addressof(program))


def _leave_network() -> bool:
    """Move this process into a network namespace of its own, which has no way out."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWNET) == 0:  # the administrator may at once
        return True
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    with suppress(OSError):  # stay who we are, where we may; files are ours in any case
        for file, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{file}", "w", encoding="utf-8") as map_file:
                map_file.write(line)
    return True


def _refusal(name: str) -> Callable[[str, tuple[object, ...]], None]:
    """Return the audit hook: it refuses in plain words what Python code tries."""
    programs, network = frozenset(_PROGRAM_EVENTS), frozenset(_NETWORK_EVENTS)

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in network or (event == "socket.__new__" and arguments[1] != _LOCAL_FAMILY):
            place = next((f" {part!r}" for part in reversed(arguments) if isinstance(part, (str, bytes, tuple))), "")
            raise SourceError(name, f"it led to a connection ({event}{place}); the network is closed to it")
        if event in programs:
            raise SourceError(name, f"it led to another program ({event}); none may be started")

    return refuse
