"""A worker ends with an answer or one plain sentence, whatever happens in it, and its parent never hangs."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import pickle
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING, NoReturn

import pytest

from kg.errors import KgError, LimitError, SourceError, TargetError, UnknownName, UsageError
from kg.limits import GIB, MIB, Limits, read_size, spell_size
from kg.worker import WorkerError, run, walls, walls_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUICK = Limits(timeout=0.5)
SMALL = Limits(max_memory=256 * MIB)


def children() -> list[str]:
    """Give the processes, zombies too, that are children of this one."""
    with open(f"/proc/{os.getpid()}/task/{os.getpid()}/children", encoding="ascii") as listed:
        return listed.read().split()


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Fail when a test leaves a process or an open file behind."""
    files = os.listdir("/proc/self/fd")
    yield
    assert children() == []
    assert len(os.listdir("/proc/self/fd")) == len(files)


# Answers and errors


def add(one: int, other: int) -> int:
    return one + other


def large(size: int) -> bytes:
    return b"x" * size


def unpicklable() -> object:
    return lambda: None


def test_the_answer_comes_back() -> None:
    assert run(add, 1, 2) == 3
    assert run(large, 50_000_000) == b"x" * 50_000_000
    assert run(os.getpid) != os.getpid()


@pytest.mark.parametrize(
    "error",
    [
        SourceError("page.txt", "is no page", 3),
        LimitError("page.txt", "is too long"),
        TargetError("out", "the disk is full"),
        UnknownName("format", "turtel", ["turtle"]),
        UsageError("so not"),
        BrokenPipeError(32, "Broken pipe"),
    ],
)
def test_errors_that_are_meant_for_the_user_come_through(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        run(throw, error)
    assert type(raised.value) is type(error)
    assert str(raised.value) == str(error)
    assert vars(raised.value) == vars(error)


def throw(error: BaseException) -> NoReturn:
    raise error


class Awkward(KgError):
    """An error that cannot be read back."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def throw_awkward() -> NoReturn:
    raise Awkward("one", "other")


def throw_multiline() -> NoReturn:
    raise ValueError("first\nsecond")


def leave() -> NoReturn:
    sys.exit(3)


def leave_at_once() -> NoReturn:
    os._exit(0)


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (throw_multiline, "unexpected ValueError: first second (a fault of this program; KG_DEBUG=1 shows more)"),
        (throw_awkward, "unexpected Awkward: oneother (a fault of this program; KG_DEBUG=1 shows more)"),
        (leave, "unexpected SystemExit: 3 (a fault of this program; KG_DEBUG=1 shows more)"),
        (leave_at_once, "the process that worked on it ended without an answer (exit code 0)"),
    ],
)
def test_anything_else_is_one_line(work: Callable[[], object], reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_DEBUG", raising=False)
    with pytest.raises(WorkerError) as raised:
        run(work, name="page.txt")
    assert str(raised.value) == f"page.txt: {reason}"
    assert raised.value.exit_code == 3


def test_the_traceback_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError) as raised:
        run(throw_multiline)
    assert "in throw_multiline" in raised.value.details
    monkeypatch.setenv("KG_DEBUG", "1")
    assert "in throw_multiline" in str(raised.value)


def test_an_answer_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(WorkerError, match="unexpected"):
        run(unpicklable)


def test_an_answer_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle, "loads", lambda _: throw(ValueError("bad")))
    with pytest.raises(WorkerError, match="its answer cannot be read"):
        run(add, 1, 2)


def test_too_deep_a_source_is_told() -> None:
    with pytest.raises(LimitError, match=r"page\.txt: it is nested too deeply"):
        run(recurse, name="page.txt")


# Caps


def spin() -> None:
    while True:
        pass


def spin_in_native_code() -> None:
    ctypes.CDLL(None).pause()


def stop_oneself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def fill_python() -> int:
    return len(bytearray(10 * GIB))


def fill_slowly() -> int:
    held = []
    while True:
        held.append("x" * MIB)


def fill_natively() -> None:
    faulthandler.disable()
    from pyoxigraph import Store

    store = Store()
    doubled = "".join(f"BIND(CONCAT(?x{number}, ?x{number}) AS ?x{number + 1}) " for number in range(40))
    list(store.query(f'SELECT ?x40 {{ BIND("{"x" * 1000}" AS ?x0) {doubled} }}'))


def abort() -> None:
    faulthandler.disable()  # pytest's: it would print where
    os.abort()


def crash() -> None:
    faulthandler.disable()
    ctypes.string_at(0)


def crash_by_nesting() -> None:
    faulthandler.disable()
    from pyoxigraph import Store

    Store().query("SELECT * WHERE " + "{" * 30000 + "}" * 30000)


def die_of(number: int) -> None:
    os.kill(os.getpid(), number)


def close_all_and_stay() -> None:
    os.closerange(3, 100)
    spin()


@pytest.mark.parametrize("work", [spin, spin_in_native_code, stop_oneself, close_all_and_stay])
def test_time_is_capped(work: Callable[[], object]) -> None:
    started = time.monotonic()
    with pytest.raises(LimitError) as raised:
        run(work, limits=QUICK, name="page.txt")
    assert str(raised.value) == "page.txt: took longer than 0.5 s (--timeout raises the cap)"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("number", [signal.SIGALRM, signal.SIGXCPU])
def test_the_kernels_own_clocks_count_as_time(number: int) -> None:
    with pytest.raises(LimitError, match="--timeout"):
        run(die_of, number)


@pytest.mark.parametrize("work", [fill_python, fill_slowly, fill_natively])
def test_memory_is_capped(work: Callable[[], object], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LimitError) as raised:
        run(work, limits=SMALL, name="page.txt")
    assert str(raised.value) == "page.txt: needs more than 256 MiB of memory (--max-memory raises the cap)"
    assert capfd.readouterr() == ("", "")


def test_an_answer_larger_than_the_memory_is_refused() -> None:
    with pytest.raises(LimitError, match="--max-memory"):
        run(send_endlessly, {int(end) for end in os.listdir("/proc/self/fd")}, limits=SMALL)


def send_endlessly(not_ours: set[int]) -> None:
    # Native code gone wild: it writes into every pipe of the worker.
    for end in set(range(3, 50)) - not_ours:
        try:
            if stat.S_ISFIFO(os.fstat(end).st_mode):
                for _ in range(300):
                    os.write(end, bytes(MIB))
        except OSError:
            continue


@pytest.mark.parametrize(
    ("work", "given", "words"),
    [
        (abort, (), "Aborted"),
        (crash, (), "Segmentation fault"),
        (crash_by_nesting, (), "Segmentation fault"),
        (die_of, (signal.SIGRTMIN + 1,), "Real-time signal 1"),
        (die_of, (signal.SIGKILL,), "the system killed the process"),
    ],
)
def test_a_crash_is_told(
    work: Callable[..., object], given: tuple[object, ...], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LimitError) as raised:
        run(work, *given, name="page.txt")
    assert str(raised.value).startswith("page.txt: ")
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")


def test_no_core_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LimitError):
        run(abort)
    assert list(tmp_path.iterdir()) == []


def test_the_memory_of_the_parent_does_not_count() -> None:
    held = bytearray(300 * MIB)
    assert run(large, 10, limits=SMALL) == large(10)
    assert len(held) == 300 * MIB


def test_lower_caps_of_the_system_stay() -> None:
    script = "import resource; resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))"
    done = python(script + "\nfrom kg.worker import run\nprint(run(max, 1, 2))")
    assert (done.stdout, done.stderr) == ("2\n", "")


@pytest.mark.parametrize("limits", [Limits(timeout=0), Limits(timeout=float("inf")), Limits(max_memory=0)])
def test_senseless_limits_are_refused(limits: Limits) -> None:
    with pytest.raises(UsageError):
        run(add, 1, 2, limits=limits)


def test_sizes_are_read_and_spelled() -> None:
    assert [read_size(text) for text in ("1", "64 MiB", "2g", "1.5GB", "3KB")] == [
        1,
        64 * MIB,
        2 * GIB,
        3 * GIB // 2,
        3072,
    ]
    for text in ("", "x", "-1", "0", "5 TB", "MiB", "nan", "inf", "1e400"):
        with pytest.raises(UsageError, match="size"):
            read_size(text)
    assert Limits().over("max_files", "folder").reason == "holds more than 10000 files (--max-files raises the cap)"
    assert spell_size(read_size("7 KiB")) == "7 KiB"


# The network


def connect(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")


def send_datagram(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", port))


def fetch(port: int) -> None:
    from urllib.request import urlopen

    urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def look_up(_: int) -> None:
    socket.getaddrinfo("localhost", 80)


def start_program(_: int) -> None:
    subprocess.run(["true"], check=True)


def start_shell(_: int) -> None:
    os.system("true")  # noqa: S605


def fork(_: int) -> None:
    os.fork()


def connect_natively(port: int) -> str:
    """Connect as native code does, of which Python hears nothing: give the error number."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    return os.strerror(ctypes.get_errno()) if ctypes.get_errno() else f"a socket, to {port}"


def execute_natively() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None))
    return os.strerror(ctypes.get_errno())


def ask_service(port: int) -> None:
    from pyoxigraph import Store

    list(Store().query(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))


CANARY = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    connection, _ = server.accept()
    print("somebody came", flush=True)
    connection.close()
"""


@pytest.fixture
def canary() -> Iterator[tuple[int, Callable[[], int]]]:
    """Give the port of a server and a function that counts who came; a process, for a thread would forbid the fork."""
    server = subprocess.Popen([sys.executable, "-c", CANARY], stdout=subprocess.PIPE)
    assert server.stdout is not None
    port = int(server.stdout.readline())

    def came() -> int:
        assert server.stdout is not None
        time.sleep(0.1)
        os.set_blocking(server.stdout.fileno(), False)
        return (server.stdout.read() or b"").count(b"somebody")

    yield port, came
    server.kill()
    server.communicate()


def test_the_canary_sings(canary: tuple[int, Callable[[], int]]) -> None:
    port, came = canary
    connect(port)
    assert came() == 1


@pytest.mark.parametrize("work", [connect, send_datagram, fetch, look_up])
def test_python_reaches_no_network(work: Callable[[int], object], canary: tuple[int, Callable[[], int]]) -> None:
    port, came = canary
    with pytest.raises(
        SourceError, match=r"page\.txt: it led to a connection \(socket\..*; the network is closed to it"
    ):
        run(work, port, name="page.txt")
    assert came() == 0


@pytest.mark.parametrize("work", [start_program, start_shell, fork])
def test_no_program_is_started(work: Callable[[int], object]) -> None:
    with pytest.raises(SourceError, match=r"page\.txt: it led to another program"):
        run(work, 0, name="page.txt")


def test_native_code_reaches_no_network(canary: tuple[int, Callable[[], int]]) -> None:
    port, came = canary
    wall = walls_here().network
    if not wall:
        pytest.skip("neither seccomp nor a network namespace here: only Python code is kept from the network")
    with pytest.raises(WorkerError):
        run(ask_service, port)
    assert came() == 0, wall
    if wall == "system calls":
        assert run(connect_natively, port) == "Permission denied"
        assert run(execute_natively) == "Permission denied"


def test_a_namespace_serves_where_calls_cannot_be_refused(
    canary: tuple[int, Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls, "_refuse_calls", lambda: False)
    port, came = canary
    if walls_here().network != "namespace":
        pytest.skip("no namespace of users or networks may be made here")
    with pytest.raises(WorkerError):
        run(ask_service, port)
    assert came() == 0
    assert run(os.getuid) == os.getuid()


@pytest.mark.skipif(os.getuid() != 0, reason="only the administrator can become somebody else")
@pytest.mark.parametrize("refuse", [True, False], ids=["system calls", "namespace"])
def test_the_walls_need_no_privilege(refuse: bool, canary: tuple[int, Callable[[], int]]) -> None:
    port, came = canary
    script = f"""
        # All modules first: this Python may lie where only the administrator may read.
        import ctypes, os, pickle, resource, select, signal, struct, time, traceback
        from kg.worker import run, walls, walls_here
        from pyoxigraph import Store
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
        if not {refuse}:
            walls._refuse_calls = lambda: False
        def ask():
            list(Store().query("SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))
        print(walls_here().network, run(os.getuid))
        try:
            run(ask)
        except Exception as error:
            print(type(error).__name__)
    """
    done = python(script)
    if not refuse and done.stdout.startswith(" "):
        pytest.skip("no namespace of users may be made here")
    assert done.stdout == f"{'system calls' if refuse else 'namespace'} 65534\nWorkerError\n"
    assert came() == 0


def test_what_stands_here_is_told() -> None:
    here = walls_here()
    assert here.memory
    assert here.processor
    assert here.clock
    assert here.orphans
    assert here.network in ("system calls", "namespace", "")
    assert walls.standing == walls.Walls(), "around the parent there are none"


# Output, and the ways a parent can go


def python(script: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a script in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        **options,
    )


def test_output_appears_once_and_in_order() -> None:
    done = python("""
        import os, sys
        from kg.worker import run
        def job():
            print("of the job")
            print("message of the job", file=sys.stderr)
            os.write(2, b"noise of native code")
        sys.stdout.write("before, ")
        sys.stderr.write("message before, ")
        run(job)
        print("after")
    """)
    assert done.stdout == "before, of the job\nafter\n"
    assert done.stderr == "message before, message of the job\n"


def test_noise_of_native_code_is_there_for_who_asks() -> None:
    script = "import os\nfrom kg.worker import run\nrun(os.write, 2, b'noise')"
    assert python(script, env={**os.environ, "KG_DEBUG": "1"}).stderr == "noise"
    assert python(script, env={name: value for name, value in os.environ.items() if name != "KG_DEBUG"}).stderr == ""


def test_a_closed_standard_error_is_no_harm() -> None:
    done = python("import os\nos.close(2)\nfrom kg.worker import run\nprint(run(max, 1, 2))")
    assert (done.returncode, done.stdout) == (0, "2\n")


def test_a_reader_who_leaves_ends_the_job() -> None:
    script = """
        from kg.worker import run
        def job():
            for _ in range(100000):
                print("line")
        try:
            run(job)
        except BrokenPipeError:
            import os
            os._exit(42)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 42


PARENT = """
from kg.worker import run
import os, signal, sys, time
# Whoever runs the tests in the background has us ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
def job():
    print(os.getpid(), flush=True)
    while True:
        time.sleep(1)
try:
    run(job)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def is_gone(pid: int, within: float = 10) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":  # dead; whoever adopted it is to bury it
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_dies_with_its_parent(number: int) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.send_signal(number)
        assert is_gone(worker)


@pytest.mark.parametrize("whole_group", [True, False], ids=["as a terminal does", "the parent alone"])
def test_an_interrupt_ends_both(whole_group: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        time.sleep(0.05)
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
        assert process.stdout.read() == b"interrupted\n"
        assert process.wait(10) == 0
        assert is_gone(worker)


def test_a_parent_whose_children_the_system_buries_gets_its_answer() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert run(add, 1, 2) == 3
        with pytest.raises(WorkerError, match="without an answer"):
            run(abort)
        with pytest.raises(LimitError, match="--timeout"):
            run(spin, limits=QUICK)
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_handlers_of_the_parent_do_not_work_in_the_worker() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with pytest.raises(LimitError, match="Terminated"):
            run(die_of, signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


# Where a fork is not safe or not there


@pytest.fixture
def second_thread() -> Iterator[None]:
    """Have a thread that waits, so that a fork would copy half a process."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    yield
    end.set()
    thread.join()
    if sys.platform == "linux":  # the helper of `multiprocessing` stays as long as its parent, by design
        from multiprocessing import resource_tracker

        resource_tracker._resource_tracker._stop()  # noqa: SLF001 - it has no public end


@pytest.mark.usefixtures("second_thread")
def test_beside_threads_a_fresh_python_does_the_job(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(max, 1, 2) == 2
    assert run(bytes, 50_000_000) == bytes(50_000_000)
    with pytest.raises(WorkerError, match="unexpected ValueError"):
        run(int, "x")
    with pytest.raises(LimitError, match="took longer"):
        run(time.sleep, 30, limits=Limits(timeout=1))
    with pytest.raises(LimitError, match=r"broke down \(Aborted\)"):
        run(os.abort)
    with pytest.raises(LimitError, match="--max-memory"):
        run(bytes, 10 * GIB, limits=SMALL)
    with pytest.raises(WorkerError, match="without an answer"):
        run(os._exit, 0)
    with pytest.raises(SourceError, match="the network is closed"):
        run(socket.create_connection, ("127.0.0.1", 9))
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("second_thread")
def test_a_fresh_python_has_the_same_walls() -> None:
    here = walls_here()
    assert here.memory
    assert here.orphans
    assert here.network in ("system calls", "namespace", "")


@pytest.mark.usefixtures("second_thread")
def test_a_job_that_cannot_be_sent_to_a_fresh_python_is_told() -> None:
    with pytest.raises(WorkerError, match="no process could be started"):
        run(lambda: None)


def test_a_fork_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with pytest.raises(WorkerError, match="no process could be started for it"):
        run(add, 1, 2)
