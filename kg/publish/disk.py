"""What the operating system does for us, and its failures in plain words."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from kg.errors import TargetError

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_BINARY = getattr(os, "O_BINARY", 0)
_BLOCK = 1 << 18
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "it is larger than a file may be here",
    errno.EACCES: "no permission to write here",
    errno.EPERM: "no permission to write here",
    errno.EROFS: "the file system is read-only",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "it is a folder, not a file",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "its symbolic links go round in a circle",
    errno.EPIPE: "the reader has closed it",
    errno.EIO: "the disk reports a fault",
}


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Turn a failure of the system into a `TargetError` in plain words."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise TargetError(shown, reason) from error
    except ValueError as error:  # a NUL in the path
        raise TargetError(shown, str(error)) from error


def look(path: str, shown: str) -> os.stat_result | None:
    """Return what stands at `path`, None if nothing; raise `TargetError` for what must not be replaced."""
    try:
        old = os.stat(path)
    except FileNotFoundError:
        if shown.endswith(("/", os.sep)):
            raise TargetError(shown, "there is no such folder") from None
        return None
    if stat.S_ISDIR(old.st_mode):
        raise TargetError(shown, "it is a folder, not a file")
    if not (stat.S_ISREG(old.st_mode) or stat.S_ISCHR(old.st_mode) or stat.S_ISFIFO(old.st_mode)):
        raise TargetError(shown, "it is not a plain file")
    if not os.access(path, os.W_OK):
        # A rename would not ask; but who took the write permission away meant something by it.
        raise PermissionError(errno.EACCES, "read-only", path)
    return old


@contextmanager
def opened(path: str, flags: int, mode: int = 0o666) -> Iterator[int]:
    """Open a file, or a folder, as a descriptor; links are not followed."""
    fd = os.open(path, flags | _BINARY | getattr(os, "O_NOFOLLOW", 0), mode)
    try:
        yield fd
    finally:
        os.close(fd)


def pour(fd: int, chunks: Iterable[bytes], shown: str) -> None:
    """Write all bytes, in blocks; an error of `chunks` itself is not ours to explain."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        if len(waiting) >= _BLOCK:
            _write(fd, waiting, shown)
            waiting = bytearray()
    _write(fd, waiting, shown)


def _write(fd: int, data: bytearray, shown: str) -> None:
    with told(shown):
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]


def copy(path: str, new: str) -> None:
    """Copy a file for good: bytes, owner where we may, permissions, dates."""
    old = os.stat(path)
    with opened(path, os.O_RDONLY) as source, opened(new, NEW, 0o600) as fd:
        pour(fd, iter(lambda: os.read(source, _BLOCK), b""), path)
        sync(fd)
    dress(new, old)
    os.utime(new, ns=(old.st_atime_ns, old.st_mtime_ns))


def same_bytes(one: str, other: str) -> bool:
    """Tell whether two files hold the same bytes."""
    with opened(one, os.O_RDONLY) as first, opened(other, os.O_RDONLY) as second:
        if os.fstat(first).st_size != os.fstat(second).st_size:
            return False
        while block := os.read(first, _BLOCK):
            if block != os.read(second, _BLOCK):
                return False
        return True


def dress(path: str, old: os.stat_result) -> None:
    """Give a staged file or folder the owner, where we may, and the permissions of the one it replaces."""
    new = os.stat(path)
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(PermissionError):  # only the administrator gives files away; else it is ours, as from any editor
            os.chown(path, old.st_uid, old.st_gid)
    if stat.S_IMODE(new.st_mode) != stat.S_IMODE(old.st_mode):
        os.chmod(path, stat.S_IMODE(old.st_mode))


def sync(fd: int) -> None:
    """Have the disk itself hold the bytes before going on."""
    if sys.platform == "darwin":  # there, fsync() leaves them in the drive's cache
        import fcntl

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fsync(fd)


def sync_folder(path: str) -> None:
    """Have the disk hold the names in a folder; some file systems have no such call, Windows has none."""
    if os.name == "nt":
        return
    with opened(path, os.O_RDONLY) as fd:
        try:
            os.fsync(fd)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise


def swap(one: str, other: str) -> None:
    """Exchange two paths in one step. Raises OSError where system or file system cannot."""
    import ctypes

    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            failed = libc.renamex_np(os.fsencode(one), os.fsencode(other), 2)  # RENAME_SWAP
        else:
            failed = libc.renameat2(-100, os.fsencode(one), -100, os.fsencode(other), 2)  # AT_FDCWD, RENAME_EXCHANGE
    except (AttributeError, TypeError) as error:  # another libc; Windows
        raise OSError(errno.ENOSYS, "no exchange of paths here") from error
    if failed:
        raise OSError(ctypes.get_errno(), "no exchange of paths here", one)
