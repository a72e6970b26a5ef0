"""A load into a file of N-Quads: alone with it, verified, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.store.load import Order, Receipt
    from kg.store.prepare import Prepared
    from kg.store.stream import Coming


def into_file(path: str, prepared: Prepared | Coming, order: Order) -> Receipt:
    """Write a new file of N-Quads, verify it, and put it in place of the old one.

    Raises `TargetError` for a file that cannot be written, or that others change meanwhile.
    """
    from kg.cli.shared import pour_into
    from kg.errors import TargetError
    from kg.publish import StagedFile
    from kg.store.file import differences, merged

    with _alone(path):
        before = _state(path)
        receipt, chunks = merged(path, prepared, order)
        if chunks is not None:
            with StagedFile(path) as staged:
                pour_into(staged.path, chunks, path)
                if differences(staged.path, receipt.graph, prepared.sums):
                    raise TargetError(path, "what was written is not what is on the disk; nothing has changed")
                # Not all file systems have locks, and not all programs ask for ours.
                if _state(path) != before:
                    raise TargetError(path, "it has been changed meanwhile; the same command tries again")
    return receipt


@contextmanager
def _alone(path: str) -> Iterator[None]:
    """Let no other load change a file: wait for, and hold, the lock of a file beside it.

    The kernel drops the lock with the process, and `kg.publish` sweeps what a killed one leaves.
    """
    import os
    from hashlib import sha256

    from kg.publish import temporary
    from kg.publish.disk import told

    folder, name = os.path.split(os.path.realpath(path))
    beside = os.path.join(folder, temporary.PREFIX + sha256(os.fsencode(name)).hexdigest()[:16])
    with ExitStack() as stack:
        with told(path):
            while True:
                with suppress(FileExistsError):
                    temporary.new_file(beside)
                with suppress(FileNotFoundError):  # the run before has removed it, or a sweep
                    stack.enter_context(temporary.held(beside))
                    break
        stack.callback(temporary.remove, beside)
        yield


def _state(path: str) -> tuple[int, int, int] | None:
    """Return what tells one state of a file from another; None where there is none."""
    import os

    with suppress(FileNotFoundError):
        found = os.stat(path)
        return found.st_ino, found.st_size, found.st_mtime_ns
    return None
