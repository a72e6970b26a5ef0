"""Put files in place all at once or not at all.

`atomic_write` replaces one file, `atomic_set` a set of files in one folder.
Everything is first written and flushed to disk under a temporary name
`.kg-tmp-*` on the same file system; what stood there before is untouched until
the new bytes are complete. What a reader, a kill or a power cut can see on
which platform is said in docs/process.md and at `StagedSet`.

A run that was killed leaves its temporary files behind; the next run in the
same folder removes them, if it can prove that they are nobody's.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from kg.errors import TargetError
from kg.publish import disk, temporary

__all__ = ["StagedFile", "StagedSet", "atomic_set", "atomic_write", "check_name"]

_CLOSED = -1
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def atomic_write(path: str | os.PathLike[str], chunks: Iterable[bytes]) -> None:
    """Write one file so that at any moment it is the old one or the new one, whole.

    An existing file keeps its permissions; a symbolic link stays, and the file
    it leads to is replaced. A device or a named pipe is written to directly.

    Raises `TargetError` when it cannot be written; the old file is then
    untouched and nothing is left beside it. One failure alone comes after the
    replacement: the disk refusing to record the new name for good.
    Whatever `chunks` raises comes through, with the same effect.
    """
    with StagedFile(path) as staged:
        staged.write(chunks)


def atomic_set(directory: str | os.PathLike[str], files: Mapping[str, Iterable[bytes]]) -> None:
    """Put a set of files into a folder, all or none; its other files stay as they are.

    The folder is made if it is missing. Raises `TargetError` when a name or the
    folder will not do or cannot be written; then no file of the set has
    changed (but see `atomic_write` for the one late failure). Whatever the
    chunks raise comes through, with the same effect. `StagedSet` says what
    readers see.
    """
    with StagedSet(directory) as staged:
        for name, chunks in files.items():
            staged.write(name, chunks)


class StagedFile:
    """A file being prepared: leave the `with` block to publish it, raise to drop it.

    `path` is the temporary file. A worker may write there too, before the block
    ends: the parent then publishes what the worker wrote.
    """

    __slots__ = ("_fd", "_lock", "_shown", "_target", "path")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._shown = os.fspath(path)
        self._lock = temporary.NO_LOCK
        with disk.told(self._shown):
            old = disk.look(self._shown, self._shown)
            if old is not None and not stat.S_ISREG(old.st_mode):
                self.path = self._target = self._shown  # unresolved: /dev/stdout leads to a pipe without a path
                self._fd = os.open(self.path, os.O_WRONLY)
                return
            self._target = os.path.realpath(self._shown)
            folder = os.path.dirname(self._target)
            temporary.sweep(folder)
            new = temporary.new_file if old is None else temporary.private_file
            with temporary.held(folder, alone=False):
                self.path, self._lock = temporary.create(folder, new)
            self._fd = _CLOSED
            try:
                if old is not None:
                    disk.dress(self.path, old)
                self._fd = os.open(self.path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
            except BaseException:
                self._drop()
                raise

    def write(self, chunks: Iterable[bytes]) -> None:
        """Append bytes. Raises `TargetError` when the disk takes no more."""
        disk.pour(self._fd, chunks, self._shown)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None and self.path != self._target:
                with disk.told(self._shown):
                    self._publish()
        finally:
            self._drop()

    def _publish(self) -> None:
        disk.sync(self._fd)
        os.close(self._fd)  # Windows replaces closed files only
        self._fd = _CLOSED
        folder = os.path.dirname(self._target)
        with temporary.held(folder, alone=False):
            os.replace(self.path, self._target)
        disk.sync_folder(folder)

    def _drop(self) -> None:
        if self._fd != _CLOSED:
            os.close(self._fd)
        if self.path != self._target:
            temporary.remove(self.path)
        temporary.release(self._lock)
        self._fd, self._lock = _CLOSED, temporary.NO_LOCK


class StagedSet:
    """A set of files being prepared: leave the `with` block to publish it, raise to drop it.

    `path` is the temporary folder, beside the target or, where that cannot be,
    inside it. A worker may write files there too, before the block ends. Files
    that do not change are left alone, with their dates.

    What holds while the set is put in place, and after a kill in that moment:

    - *The folder is new, or at most one file changes*: one rename. A reader
      finds the old set or the new one, on every platform.
    - *Linux, macOS, where the folder holds files only and is no mount point*:
      the folder changes places with a complete copy (of hard links) in one
      step, is brought up to date out of sight, and changes back. A reader by
      path finds the old set or the new one; one who holds the folder open
      from before sees the files change one after the other.
    - *Otherwise* the files are replaced one after the other under a journal. A
      failure puts the old files back; after a kill the next run of ours in
      that folder does. A reader in between can meet a mix.
    """

    __slots__ = ("_lock", "_shown", "_target", "path")

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._shown = os.fspath(directory)
        with disk.told(self._shown):
            self._target = os.path.realpath(self._shown)
            parent = os.path.dirname(self._target)
            temporary.sweep(parent)
            if not os.path.lexists(self._target):
                self.path, self._lock = temporary.create(parent, os.mkdir)
                return
            if not os.path.isdir(self._target):
                raise TargetError(self._shown, "it is a file, not a folder")
            temporary.sweep(self._target)
            with temporary.held(self._target):
                self.path, self._lock = temporary.create(self._target, temporary.private_folder)
                with suppress(OSError):  # a mount point, or a parent that is not ours: then it stays inside
                    outer = os.path.join(parent, os.path.basename(self.path))
                    os.rename(self.path, outer)
                    self.path = outer

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Stage one file of the set.

        Raises `TargetError` when the name is no plain file name, is there
        already, or the disk takes no more.
        """
        shown = os.path.join(self._shown, name)
        check_name(name, shown)
        with disk.told(shown):
            try:
                fd = os.open(os.path.join(self.path, name), disk.NEW | getattr(os, "O_BINARY", 0), 0o666)
            except FileExistsError:
                raise TargetError(shown, "the set has two files of this name") from None
        try:
            disk.pour(fd, chunks, shown)
        finally:
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                with disk.told(self._shown):
                    self._publish(self._checked())
        finally:
            temporary.remove(self.path)
            temporary.release(self._lock)
            self._lock = temporary.NO_LOCK

    def _checked(self) -> list[str]:
        """Return the names of the set, each fit to be put in place and its bytes on the disk."""
        folded: dict[str, str] = {}
        for name in sorted(os.listdir(self.path)):
            shown = os.path.join(self._shown, name)
            check_name(name, shown)
            twin = folded.setdefault(name.casefold(), name)
            if twin != name:
                raise TargetError(shown, f"differs from {twin!r} in capitals only; some systems take them for one file")
            with disk.told(shown), disk.opened(os.path.join(self.path, name), os.O_RDWR) as fd:
                disk.sync(fd)
        disk.sync_folder(self.path)
        return list(folded.values())

    def _publish(self, names: list[str]) -> None:
        if not os.path.lexists(self._target):
            os.rename(self.path, self._target)
            disk.sync_folder(os.path.dirname(self._target))
            return
        with temporary.held(self._target):
            changed = [name for name in names if not self._stands(name)]
            if len(changed) < 2:
                self._replace(changed)
            elif not self._exchange(changed):
                with temporary.journal(self._target, changed):
                    self._replace(changed)

    def _stands(self, name: str) -> bool:
        """Tell whether the file in place has these bytes already; then unstage ours, else make it like the old one."""
        shown, there, staged = (os.path.join(folder, name) for folder in (self._shown, self._target, self.path))
        if os.path.islink(there):
            raise TargetError(shown, "it is a symbolic link; a set consists of plain files")
        with disk.told(shown):
            old = disk.look(there, shown)
            if old is None:
                return False
            if not stat.S_ISREG(old.st_mode):
                raise TargetError(shown, "it is not a plain file")
            if disk.same_bytes(there, staged):
                os.unlink(staged)
                return True
            disk.dress(staged, old)
        return False

    def _replace(self, names: list[str]) -> None:
        for name in names:
            with disk.told(os.path.join(self._shown, name)):
                os.replace(os.path.join(self.path, name), os.path.join(self._target, name))
        disk.sync_folder(self._target)

    def _exchange(self, names: list[str]) -> bool:
        """Change the whole folder at once; False, with nothing done, where that is not possible."""
        target, outer, own, links = self._target, self.path, frozenset(names), dict[str, int]()
        parent = os.path.dirname(target)
        if os.path.dirname(outer) != parent:
            return False
        try:
            disk.dress(outer, os.stat(target))
            _link_others(target, outer, own, links)
            disk.sync_folder(outer)
            disk.swap(outer, target)
        except (OSError, NotImplementedError):
            for name in links:
                os.unlink(os.path.join(outer, name))
            return False
        with suppress(OSError):  # the new set is in place; this is for those who stand in the folder or watch it
            disk.sync_folder(parent)
            _link_in(target, outer, names)
            disk.swap(outer, target)
        _move_others(outer, target, own, links)
        disk.sync_folder(parent)
        return True


def _link_others(folder: str, copy: str, own: frozenset[str], links: dict[str, int]) -> None:
    """Link all files but those of the set into the copy, noting each; a folder in it makes that impossible."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                raise OSError(errno.EISDIR, "a folder", entry.path)
            if entry.name not in own:
                os.link(entry.path, os.path.join(copy, entry.name), follow_symlinks=False)
                links[entry.name] = entry.inode()


def _link_in(source: str, folder: str, names: list[str]) -> None:
    """Replace the files of the set in a folder by links to those in `source`."""
    for name in names:
        spare = os.path.join(folder, temporary.PREFIX + os.urandom(8).hex())
        os.link(os.path.join(source, name), spare)
        os.replace(spare, os.path.join(folder, name))
    disk.sync_folder(folder)


def _move_others(folder: str, target: str, own: frozenset[str], links: dict[str, int]) -> None:
    """Move over what others put into the folder in the moment it stood in the target's place."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name not in own and not temporary.is_ours(name) and os.lstat(path).st_ino != links.get(name):
            os.rename(path, os.path.join(target, name))


def check_name(name: str, shown: str) -> None:
    """Raise `TargetError` unless `name` is a plain file name on every system that may hold the set.

    >>> check_name("glossary.ttl", "out/glossary.ttl")
    >>> check_name("../x", "out/../x")
    Traceback (most recent call last):
    kg.errors.TargetError: out/../x: the file name '../x' contains '/'
    """
    if not name or name in (".", "..") or name.startswith(temporary.PREFIX):
        raise TargetError(shown, f"{name!r} cannot be the name of a file")
    bad = next((mark for mark in name if mark in '/\\:*?"<>|' or mark < " "), None)
    if bad is not None:
        raise TargetError(shown, f"the file name {name!r} contains {bad!r}")
    if name[-1] in ". " or name.partition(".")[0].casefold() in _RESERVED:
        raise TargetError(shown, f"the file name {name!r} is not possible on Windows")
