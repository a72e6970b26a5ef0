"""Files are put in place whole or not at all: through kills, failing calls, full disks, and several runs at once.

`KG_TRIALS` is the number of kill -9 trials per writer (100 unless told).
"""

from __future__ import annotations

import errno
import fcntl
import os
import random
import resource
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import KgError, TargetError
from kg.publish import StagedFile, StagedSet, atomic_set, atomic_write, check_name, disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TRIALS = int(os.environ.get("KG_TRIALS", "100"))
OLD = {"a.ttl": b"old a\n" * 9000, "b.nt": b"old b\n", "c.svg": b"same in both\n"}
NEW = {"a.ttl": b"new a\n" * 20000, "b.nt": b"new b, longer\n" * 30000, "c.svg": b"same in both\n", "d.jsonld": b"{}\n"}
NOBODY = 65534


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    atomic_set(folder, {name: pieces(content) for name, content in files.items()})


def pieces(content: bytes, size: int = 50_000) -> Iterator[bytes]:
    yield from (content[start : start + size] for start in range(0, len(content), size))


def files_of(folder: Path) -> dict[str, bytes]:
    """Give the plain files of a folder, temporary ones apart."""
    paths = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".kg-tmp-"))
    return {path.name: path.read_bytes() for path in sorted(paths)}


def leftovers(*folders: Path) -> list[str]:
    return sorted(str(path) for folder in folders for path in folder.glob(".kg-tmp-*"))


def in_child(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> int:
    """Do `work` in a fork and give how it ended: 0 well, 3 with an error of ours, minus the signal that killed it."""
    pid = os.fork()
    if pid == 0:
        code = 70
        with suppress(BaseException):
            before()
            try:
                work()
                code = 0
            except KgError:
                code = 3
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def unprivileged() -> None:
    """Become somebody whom permissions bind."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the old set, in a folder that anybody may enter."""
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    made = tmp_path / "out"
    made.mkdir()
    for name, content in OLD.items():
        (made / name).write_bytes(content)
    return made


# Faults and kills at every call

CALLS = ("open", "write", "fsync", "replace", "rename", "mkdir", "link", "unlink", "rmdir", "chmod", "listdir", "lstat")


@contextmanager
def at_call(number: int, happen: Callable[[str], None]) -> Iterator[list[str]]:
    """Make something happen before the numbered call to the system; give the names of the calls made."""
    made: list[str] = []

    def wrap(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **options: object) -> object:
            made.append(name)
            if len(made) == number:
                happen(name)
            return call(*arguments, **options)

        return wrapped

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, wrap(name, getattr(os, name)))
        patch.setattr(disk, "swap", wrap("swap", disk.swap))
        yield made


def count_calls(work: Callable[[], object]) -> int:
    with at_call(0, print) as made:
        work()
    return len(made)


def fail(code: int) -> Callable[[str], None]:
    def happen(_: str) -> None:
        raise OSError(code, os.strerror(code))

    return happen


def die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def reset(folder: Path, *, nested: bool) -> None:
    for name, content in {**OLD, "d.jsonld": None, "others.txt": b"not ours\n"}.items():
        (folder / name).unlink(missing_ok=True)
        if content is not None:
            (folder / name).write_bytes(content)
    if nested:
        (folder / "nested").mkdir(exist_ok=True)


def is_one_set(folder: Path) -> bool:
    found = files_of(folder)
    assert found.pop("others.txt") == b"not ours\n"
    assert found in (OLD, NEW), {name: content[:5] for name, content in found.items()}
    return found == NEW


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINVAL])
@pytest.mark.parametrize("nested", [False, True], ids=["exchange", "journal"])
def test_a_set_survives_a_failure_of_any_call(folder: Path, code: int, nested: bool) -> None:
    reset(folder, nested=nested)
    calls = count_calls(lambda: put(folder, NEW))
    assert calls > 30
    outcomes = set()
    for number in range(1, calls + 1):
        reset(folder, nested=nested)
        error = None
        with at_call(number, fail(code)):
            try:
                put(folder, NEW)
            except TargetError as raised:
                error = raised
        new = is_one_set(folder)
        assert new or error, f"call {number} failed unnoticed"
        outcomes.add((new, error is None))
        atomic_write(folder / "next", [])  # a run in the folder, and one beside it
        atomic_write(folder.parent / "next", [])
        (folder / "next").unlink()
        assert is_one_set(folder) == new
        assert leftovers(folder, folder.parent) == []
    assert {(True, True), (False, False)} <= outcomes


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_file_survives_a_failure_of_any_call(folder: Path, code: int) -> None:
    target = folder / "a.ttl"
    for number in range(1, count_calls(lambda: atomic_write(target, pieces(NEW["a.ttl"]))) + 1):
        target.write_bytes(OLD["a.ttl"])
        error = None
        with at_call(number, fail(code)) as calls:
            try:
                atomic_write(target, pieces(NEW["a.ttl"]))
            except TargetError as raised:
                error = raised
        assert (
            target.read_bytes() == NEW["a.ttl"] if error is None or "replace" in calls[: number - 1] else OLD["a.ttl"]
        )
        atomic_write(target, [])
        assert leftovers(folder) == []


@pytest.mark.parametrize("nested", [False, True], ids=["exchange", "journal"])
def test_a_kill_before_any_call_leaves_one_set(folder: Path, nested: bool) -> None:
    reset(folder, nested=nested)
    calls = count_calls(lambda: put(folder, NEW))
    seen = set()
    for number in range(1, calls + 1):
        reset(folder, nested=nested)

        def work(number: int = number) -> None:
            with at_call(number, die):
                put(folder, NEW)

        assert in_child(work) == -signal.SIGKILL
        if nested:
            atomic_write(folder / "others.txt", [b"not ours\n"])  # the next run, whatever it writes, undoes the half
        seen.add(is_one_set(folder))
        put(folder, {"next": b""})
        (folder / "next").unlink()
        is_one_set(folder)
        assert leftovers(folder, folder.parent) == []
    assert seen == {False, True}


def kill_trials(work: Callable[[], object], check: Callable[[], bool], reset: Callable[[], None]) -> dict[bool, int]:
    """Kill `work` at random moments; give how often the old and the new stood there afterwards."""
    durations = []
    for _ in range(5):
        reset()
        started = time.perf_counter()
        assert in_child(work) == 0
        durations.append(time.perf_counter() - started)
    chance = random.Random(2)
    seen = {False: 0, True: 0}
    for _ in range(TRIALS):
        reset()
        pid = os.fork()
        if pid == 0:
            with suppress(BaseException):
                work()
            os._exit(0)
        time.sleep(chance.uniform(0, 1.15 * sorted(durations)[2]))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        seen[check()] += 1
    return seen


def test_a_set_survives_kills_at_random_moments(folder: Path) -> None:
    seen = kill_trials(lambda: put(folder, NEW), lambda: is_one_set(folder), lambda: reset(folder, nested=False))
    assert min(seen.values()) > 0, seen
    put(folder, NEW)
    assert leftovers(folder, folder.parent) == []


def test_a_file_survives_kills_at_random_moments(folder: Path) -> None:
    target = folder / "a.ttl"

    def check() -> bool:
        found = target.read_bytes()
        assert found in (OLD["a.ttl"], NEW["a.ttl"])
        return found == NEW["a.ttl"]

    seen = kill_trials(
        lambda: atomic_write(target, pieces(NEW["a.ttl"], 1000)), check, lambda: reset(folder, nested=False)
    )
    assert min(seen.values()) > 0, seen
    atomic_write(target, [b"done"])
    assert leftovers(folder) == []


# Readers and other runs


def test_a_reader_by_path_meets_one_set_while_others_are_put_in_place(folder: Path) -> None:
    names = ("a", "b", "c")

    def work() -> None:
        for generation in range(150):
            put(folder, dict.fromkeys(names, b"%d" % generation))

    put(folder, dict.fromkeys(names, b"-1"))
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            work()
            os._exit(0)
        os._exit(1)
    whole = 0
    while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
        first, second, third, again = ((folder / name).read_bytes() for name in (*names, names[0]))
        if first == again:  # the same set before and after: then in between, too
            assert (second, third) == (first, first)
            whole += 1
    assert ended[1] == 0
    assert whole > 50
    assert {(folder / name).read_bytes() for name in names} == {b"149"}


def test_two_runs_into_one_folder_leave_the_set_of_one(folder: Path) -> None:
    def writer(mark: bytes) -> int:
        pid = os.fork()
        if pid == 0:
            with suppress(BaseException):
                for _ in range(40):
                    put(folder, {"a": mark, "b": mark, mark.decode(): mark})
                    atomic_write(folder / "c.svg", [OLD["c.svg"]])
                os._exit(0)
            os._exit(1)
        return pid

    writers = [writer(mark) for mark in (b"x", b"y")]
    assert [os.waitpid(pid, 0)[1] for pid in writers] == [0, 0]
    found = files_of(folder)
    assert found["a"] == found["b"]
    assert (found["x"], found["y"]) == (b"x", b"y")
    assert {name: found[name] for name in OLD} == OLD
    assert leftovers(folder, folder.parent) == []


def test_leftovers_of_the_living_and_of_others_stay(folder: Path) -> None:
    (folder / ".kg-tmp-mine").write_bytes(b"somebody's own")
    (folder / ".kg-tmp-0123456789abcdef").write_bytes(b"of a killed run")
    (folder / ".kg-tmp-00000000000000ff").mkdir()
    (folder / ".kg-tmp-00000000000000ff" / "a").write_bytes(b"of a killed run")
    with StagedFile(folder / "a.ttl") as living:
        living.write([b"new"])
        put(folder, {"b.nt": b"1", "c.svg": b"2"})
        assert leftovers(folder) == sorted([str(folder / ".kg-tmp-mine"), str(living.path)])
    assert (folder / "a.ttl").read_bytes() == b"new"
    assert leftovers(folder) == [str(folder / ".kg-tmp-mine")]


def test_a_link_among_the_leftovers_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_bytes(b"")
    (folder / ".kg-tmp-0123456789abcdef").symlink_to(tmp_path / "precious")
    put(folder, {"b.nt": b"1", "c.svg": b"2"})
    assert (tmp_path / "precious" / "file").exists()


def test_what_somebody_changed_after_a_kill_is_not_put_back(folder: Path) -> None:
    (folder / "nested").mkdir()
    replaced = 0

    def die_half_way() -> None:
        def replace(source: str, target: str, call: Callable[..., None] = os.replace) -> None:
            nonlocal replaced
            replaced += 1
            if replaced == 2:
                die("replace")
            call(source, target)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", replace)
            put(folder, NEW)

    assert in_child(die_half_way) == -signal.SIGKILL
    assert (folder / "a.ttl").read_bytes() == NEW["a.ttl"]
    assert (folder / "b.nt").read_bytes() == OLD["b.nt"]
    time.sleep(0.02)  # the clock of the file system ticks in steps
    (folder / "a.ttl").write_bytes(b"by hand")
    put(folder, {"z": b""})
    assert (folder / "a.ttl").read_bytes() == b"by hand"
    assert leftovers(folder, folder.parent) == []


# What is kept


def test_a_set_leaves_the_rest_of_the_folder_alone(folder: Path) -> None:
    (folder / "notes.txt").write_bytes(b"mine")
    (folder / "notes.txt").chmod(0o640)
    (folder / "link").symlink_to("nowhere")
    (folder / "a.ttl").chmod(0o600)
    folder.chmod(0o750)
    before = {path.name: path.lstat() for path in folder.iterdir()}
    inode = folder.stat().st_ino
    put(folder, NEW)
    assert files_of(folder) == {**NEW, "notes.txt": b"mine"}
    after = {path.name: path.lstat() for path in folder.iterdir()}
    for name in ("notes.txt", "link", "c.svg"):  # c.svg is of the set, but the same
        assert (after[name].st_ino, after[name].st_mtime_ns, after[name].st_mode) == (
            before[name].st_ino,
            before[name].st_mtime_ns,
            before[name].st_mode,
        )
        assert after[name].st_nlink == 1
    assert stat.S_IMODE(after["a.ttl"].st_mode) == 0o600
    assert (folder.stat().st_ino, stat.S_IMODE(folder.stat().st_mode)) == (inode, 0o750)


def test_a_set_can_be_put_where_one_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    atomic_set(".", {name: [content] for name, content in NEW.items()})
    assert os.listdir(".")
    assert files_of(folder) == NEW


def test_a_set_goes_through_a_link_to_a_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    put(tmp_path / "link", NEW)
    assert (tmp_path / "link").is_symlink()
    assert files_of(folder) == NEW


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    put(tmp_path / "made", NEW)
    assert files_of(tmp_path / "made") == NEW
    umask = os.umask(0o022)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o777 & ~umask
    assert leftovers(tmp_path, tmp_path / "made") == []


def test_a_folder_that_came_up_meanwhile_is_kept(tmp_path: Path) -> None:
    with StagedSet(tmp_path / "made") as staged:
        staged.write("a", [b"1"])
        staged.write("b", [b"2"])
        (tmp_path / "made").mkdir()
        (tmp_path / "made" / "theirs").write_bytes(b"3")
    assert files_of(tmp_path / "made") == {"a": b"1", "b": b"2", "theirs": b"3"}


def test_an_empty_set_and_an_empty_file(tmp_path: Path) -> None:
    atomic_set(tmp_path / "made", {})
    atomic_write(tmp_path / "file", [])
    assert files_of(tmp_path) == {"file": b""}
    assert files_of(tmp_path / "made") == {}


def test_a_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        atomic_write(tmp_path / "file", [b"1"])
        assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
        (tmp_path / "file").chmod(0o604)
        atomic_write(str(tmp_path / "file"), [b"2"])
        assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o604
    finally:
        os.umask(umask)


def test_a_private_file_is_private_while_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "file").chmod(0o600)
    with StagedFile(tmp_path / "file") as staged:
        assert stat.S_IMODE(os.stat(staged.path).st_mode) == 0o600


@pytest.mark.skipif(os.getuid() != 0, reason="only the administrator may give files away")
def test_the_administrator_leaves_a_file_to_its_owner(folder: Path) -> None:
    os.chown(folder / "a.ttl", NOBODY, NOBODY)
    put(folder, NEW)
    assert (folder / "a.ttl").stat().st_uid == NOBODY
    atomic_write(folder / "a.ttl", [b""])
    assert (folder / "a.ttl").stat().st_uid == NOBODY


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "real").mkdir()
    if exists:
        (tmp_path / "real" / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real/file")
    atomic_write(tmp_path / "link", [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "file").read_bytes() == b"new"


def test_devices_and_pipes_are_written_to_directly(tmp_path: Path) -> None:
    atomic_write("/dev/null", [b"gone"])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    atomic_write(tmp_path / "pipe", [b"through"])
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_standard_output_has_a_name_too(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from kg.publish import atomic_write; atomic_write('/dev/stdout', [b'through'])"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"through"
    with (tmp_path / "file").open("wb") as file:
        subprocess.run(command, stdout=file, check=True)
    assert (tmp_path / "file").read_bytes() == b"through"


def test_a_worker_writes_and_its_parent_publishes(folder: Path) -> None:
    with StagedSet(folder) as staged:
        assert in_child(lambda: [staged.write(name, [content]) for name, content in NEW.items()]) == 0
        assert files_of(folder) == OLD
    assert files_of(folder) == NEW
    with StagedFile(folder / "a.ttl") as file:
        assert in_child(lambda: Path(file.path).write_bytes(b"by the worker")) == 0
    assert (folder / "a.ttl").read_bytes() == b"by the worker"


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
    atomic_write(tmp_path / "file", pieces(OLD["a.ttl"]))
    monkeypatch.undo()
    assert (tmp_path / "file").read_bytes() == OLD["a.ttl"]


# What is refused


@pytest.mark.parametrize(
    "failure", [ValueError("in the writer"), OSError(errno.ENOENT, "a source"), KeyboardInterrupt()]
)
def test_a_failing_writer_changes_nothing(folder: Path, failure: BaseException) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x" * 1_000_000
        raise failure

    with pytest.raises(type(failure)) as raised:
        atomic_write(folder / "a.ttl", chunks())
    assert raised.value is failure
    with pytest.raises(type(failure)):
        atomic_set(folder, {"a.ttl": [b"new"], "b.nt": chunks()})
    assert files_of(folder) == OLD
    assert leftovers(folder, folder.parent) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "it is a folder, not a file"),
        ("missing/file", "there is no such folder"),
        ("a.ttl/file", "a part of the path is a file, not a folder"),
        ("missing/", "there is no such folder"),
        ("x" * 300, "the name is too long"),
        ("nul\0", "embedded null byte"),
        ("socket", "it is not a plain file"),
    ],
)
def test_a_file_that_cannot_be_written_is_told(folder: Path, path: str, reason: str) -> None:
    os.mknod(folder / "socket", stat.S_IFSOCK | 0o600)
    with pytest.raises(TargetError) as raised:
        atomic_write(f"{folder}/{path}", [b""])
    assert (raised.value.path, raised.value.reason) == (f"{folder}/{path}", reason)
    assert files_of(folder) == OLD


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a.ttl", "it is a file, not a folder"),
        ("missing/set", "there is no such folder"),
        ("a.ttl/set", "a part of the path is a file, not a folder"),
    ],
)
def test_a_set_that_cannot_be_put_in_place_is_told(folder: Path, path: str, reason: str) -> None:
    with pytest.raises(TargetError) as raised:
        put(folder / path, NEW)
    assert raised.value.reason == reason
    assert files_of(folder) == OLD


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "/x",
        "a\\b",
        "C:x",
        "nul\0",
        "a\nb",
        "aux.ttl",
        "NUL",
        "x.",
        "x ",
        ".kg-tmp-x",
        "x?",
    ],
)
def test_a_name_that_is_not_a_plain_one_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(TargetError, match="name"):
        atomic_set(folder, {"a.ttl": [b"new"], name: [b"bad"]})
    with pytest.raises(TargetError):
        check_name(name, name)
    assert files_of(folder) == OLD


def test_names_that_some_systems_take_for_one_are_refused(folder: Path) -> None:
    with pytest.raises(TargetError, match="capitals"):
        put(folder, {"x.ttl": b"1", "X.TTL": b"2"})
    with StagedSet(folder) as staged:
        staged.write("c.svg", [b"new"])
        with pytest.raises(TargetError, match="two files"):
            staged.write("c.svg", [b"newer"])
    assert (folder / "c.svg").read_bytes() == b"new"
    put(folder, OLD)
    assert files_of(folder) == OLD


@pytest.mark.parametrize("kind", ["symlink", "folder", "fifo", "staged link"])
def test_a_member_that_is_no_plain_file_is_refused(folder: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "elsewhere").write_bytes(b"elsewhere")
    if kind == "symlink":
        (folder / "d.jsonld").symlink_to(tmp_path / "elsewhere")
    elif kind == "folder":
        (folder / "d.jsonld").mkdir()
    elif kind == "fifo":
        os.mkfifo(folder / "d.jsonld")
    staged = StagedSet(folder)
    for name, content in NEW.items():
        staged.write(name, [content])
    if kind == "staged link":
        (Path(staged.path) / "e").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TargetError), staged:
        pass
    assert {name: (folder / name).read_bytes() for name in OLD} == OLD
    assert (tmp_path / "elsewhere").read_bytes() == b"elsewhere"
    assert leftovers(folder, tmp_path) == []


def test_a_folder_without_permission_is_told(folder: Path) -> None:
    folder.chmod(0o555)
    for work in (lambda: put(folder, NEW), lambda: atomic_write(folder / "a.ttl", [b""])):
        assert in_child(work, unprivileged) == 3
    folder.chmod(0o755)
    assert files_of(folder) == OLD


def test_a_file_without_permission_is_told(folder: Path) -> None:
    folder.chmod(0o777)
    for path in folder.iterdir():
        path.chmod(0o444)
    for work in (lambda: put(folder, NEW), lambda: atomic_write(folder / "a.ttl", [b""])):
        assert in_child(work, unprivileged) == 3
    assert files_of(folder) == OLD
    assert leftovers(folder, folder.parent) == []


@pytest.mark.parametrize("parent_mode", [0o755, 0o777])
def test_a_set_needs_no_permission_beside_its_folder(folder: Path, parent_mode: int) -> None:
    folder.chmod(0o777)
    folder.parent.chmod(parent_mode)
    for path in folder.iterdir():
        path.chmod(0o666)
    assert in_child(lambda: put(folder, NEW), unprivileged) == 0
    assert files_of(folder) == NEW
    assert leftovers(folder, folder.parent) == []


def test_a_file_larger_than_allowed_is_told(folder: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    for work in (lambda: put(folder, NEW), lambda: atomic_write(folder / "b.nt", pieces(NEW["b.nt"]))):
        assert in_child(work, small) == 3
    assert files_of(folder) == OLD
    assert leftovers(folder, folder.parent) == []


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a folder that is a disk of its own, of one megabyte, with the old set."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        put(folder, OLD)
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told(small_disk: Path) -> None:
    large = {"a.ttl": b"x" * 400_000, "b.nt": b"y" * 700_000}
    with pytest.raises(TargetError, match="the disk is full"):
        put(small_disk, large)
    with pytest.raises(TargetError, match="the disk is full"):
        atomic_write(small_disk / "a.ttl", [b"x" * 1_100_000])
    assert files_of(small_disk) == OLD
    assert leftovers(small_disk, small_disk.parent) == []


def test_a_set_goes_into_a_mount_point(small_disk: Path) -> None:
    smaller = {**NEW, "b.nt": b"new b"}
    put(small_disk, smaller)
    assert files_of(small_disk) == smaller
    assert leftovers(small_disk, small_disk.parent) == []


# Systems that lack something


def test_without_an_exchange_of_paths_the_journal_serves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "swap", lambda *_: fail(errno.ENOSYS)(""))
    (folder / "notes.txt").write_bytes(b"mine")
    put(folder, NEW)
    assert files_of(folder) == {**NEW, "notes.txt": b"mine"}
    assert leftovers(folder, folder.parent) == []


def test_without_hard_links_the_journal_copies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", lambda *_, **__: fail(errno.EPERM)(""))
    put(folder, NEW)
    assert files_of(folder) == NEW
    reset(folder, nested=False)
    replace, calls = os.replace, []

    def third_fails(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 3:
            fail(errno.EBUSY)("")
        replace(source, target)

    monkeypatch.setattr(os, "replace", third_fails)
    with pytest.raises(TargetError, match=r"d.jsonld: Device or resource busy"):
        put(folder, NEW)
    assert files_of(folder) == {**OLD, "others.txt": b"not ours\n"}
    assert leftovers(folder, folder.parent) == []


def test_without_locks_nothing_is_swept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: fail(errno.ENOLCK)(""))
    stale = folder / ".kg-tmp-0123456789abcdef"
    stale.write_bytes(b"whose?")
    put(folder, NEW)
    atomic_write(folder / "a.ttl", [b""])
    assert leftovers(folder, folder.parent) == [str(stale)]
