"""Temporary files and folders that a later run can tell from those still in use.

Each is locked by the run that made it, through the file or folder itself, and
the kernel drops the lock with the process: what is not locked is nobody's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from kg.publish import disk

PREFIX = ".kg-tmp-"
UNDO = "-undo"
NO_LOCK = -1
_TOKEN = 16


def is_ours(name: str) -> bool:
    """Tell whether a name is one that `create` makes.

    >>> is_ours(".kg-tmp-00112233aabbccdd"), is_ours(".kg-tmp-mine")
    (True, False)
    """
    token = name.removeprefix(PREFIX).removesuffix(UNDO)
    return name.startswith(PREFIX) and len(token) == _TOKEN and set(token) <= set("0123456789abcdef")


def create(folder: str, make: Callable[[str], None]) -> tuple[str, int]:
    """Make a temporary file or folder and lock it; return its path and the lock."""
    while True:
        path = os.path.join(folder, PREFIX + os.urandom(_TOKEN // 2).hex())
        make(path)
        try:
            lock = _lock(path, _OWN)
        except BaseException:
            remove(path)
            raise
        if lock is not None:  # else it was swept in the moment before
            return path, lock


def new_file(path: str) -> None:
    """Make an empty file with the permissions of a new file."""
    with disk.opened(path, disk.NEW):
        pass


def private_file(path: str) -> None:
    """Make an empty file that nobody else can read."""
    with disk.opened(path, disk.NEW, 0o600):
        pass


def private_folder(path: str) -> None:
    """Make an empty folder that nobody else can enter."""
    os.mkdir(path, 0o700)


_OWN, _TRY, _SHARE = range(3)


def _lock(path: str, how: int) -> int | None:
    """Lock what stands at `path`: the lock, None if it is another's or gone, `NO_LOCK` where there are no locks."""
    try:
        import fcntl
    except ImportError:
        return NO_LOCK
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except PermissionError:  # a folder that may be written but not read
        return NO_LOCK
    try:
        fcntl.flock(fd, (fcntl.LOCK_EX, fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_SH)[how])
        if os.path.samestat(os.lstat(path), os.fstat(fd)):
            return fd
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:  # a file system without locks
        os.close(fd)
        return NO_LOCK
    os.close(fd)
    return None


@contextmanager
def held(folder: str, *, alone: bool = True) -> Iterator[None]:
    """Keep the folder from being exchanged by another run meanwhile; `alone`, from any change by ours."""
    while (lock := _lock(folder, _OWN if alone else _SHARE)) is None:
        os.stat(folder)  # another run had it out of sight for a moment; or it is gone
    try:
        yield
    finally:
        release(lock)


def release(lock: int) -> None:
    """Give a lock back."""
    if lock != NO_LOCK:
        os.close(lock)


def remove(path: str) -> None:
    """Remove a temporary file, or a temporary folder of files; it is no harm if it stays or is gone."""
    with suppress(OSError):
        if not os.path.isdir(path):
            os.unlink(path)
            return
        for name in os.listdir(path):
            os.unlink(os.path.join(path, name))
        os.rmdir(path)


def sweep(folder: str) -> None:
    """Remove what killed runs of this user left in `folder`, and undo a set they left half in place."""
    if os.name == "nt":  # no lock would tell
        return
    try:
        names = sorted(filter(is_ours, os.listdir(folder)))
    except OSError:  # it may be written but not listed; that it is missing is said by the next step
        return
    for name in names:
        path = os.path.join(folder, name)
        with suppress(FileNotFoundError):
            found = os.lstat(path)
            if found.st_uid == os.getuid() and (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
                _sweep_one(folder, path)


def _sweep_one(folder: str, path: str) -> None:
    lock = _lock(path, _TRY)
    if lock is None or lock == NO_LOCK:
        return
    try:
        if path.endswith(UNDO):
            with held(folder):
                put_back(folder, path)
        else:
            remove(path)
    finally:
        release(lock)


@contextmanager
def scratch() -> Iterator[str]:
    """Give a private folder among the temporary files of the machine, for files only; those of killed runs go first."""
    from tempfile import gettempdir

    sweep(gettempdir())
    path, lock = create(gettempdir(), private_folder)
    try:
        yield path
    finally:
        remove(path)
        release(lock)


@contextmanager
def journal(folder: str, names: list[str]) -> Iterator[None]:
    """Put the old files of those names back if the block fails; if the run is killed, the next `sweep` does.

    The journal is a folder: `=name` is the old file, `-name` says that there was none.
    """
    path, lock = create(folder, private_folder)
    try:
        for name in names:
            _keep(os.path.join(folder, name), path, name)
        disk.sync_folder(path)
        os.rename(path, path + UNDO)  # from here on it counts
        disk.sync_folder(folder)
        try:
            yield
            os.rename(path + UNDO, path)  # from here on it does not
        except BaseException:
            if os.path.lexists(path + UNDO):
                put_back(folder, path + UNDO)
            raise
        disk.sync_folder(folder)
    finally:
        remove(path)
        release(lock)


def _keep(path: str, journal: str, name: str) -> None:
    if not os.path.lexists(path):
        private_file(os.path.join(journal, "-" + name))
        return
    try:
        os.link(path, os.path.join(journal, "=" + name))
    except OSError:  # a file system without hard links
        disk.copy(path, os.path.join(journal, "=" + name))


def put_back(folder: str, journal: str) -> None:
    """Restore the old files from a journal, unless one of the new ones has been changed since."""
    written = os.stat(journal).st_mtime_ns
    placed = []
    for entry in sorted(os.listdir(journal)):
        path, kept = os.path.join(folder, entry[1:]), os.path.join(journal, entry)
        if os.path.lexists(path) and not os.path.samestat(os.lstat(path), os.lstat(kept)):
            placed.append((kept, path, entry[0] == "="))
    if all(os.lstat(path).st_mtime_ns <= written for _, path, _ in placed):
        for kept, path, existed in placed:
            if existed:
                os.replace(kept, path)
            else:
                os.unlink(path)
        disk.sync_folder(folder)
    remove(journal)
