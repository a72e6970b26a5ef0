"""Real stores on loopback, started once for the session and stopped by their process id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError

import pytest

# The proxy and the campaign stand beside the tests.
sys.path.insert(0, str(Path(__file__).parent))

USER, PASSWORD = "dba", "s3cret-of-tests"


class Running(NamedTuple):
    """A store that runs: the URL for `--to`, its dialect, the environment that holds its password, its process."""

    url: str
    dialect: str
    environ: dict[str, str]
    pid: int
    folder: Path
    port: int = 0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def missing(what: str) -> None:
    # Whoever runs the whole check has to have it; .ci/run installs it.
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not on this machine")


def wait_for(url: str, process: subprocess.Popen, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - a URL of ours
                return
        except HTTPError:
            return
        except (URLError, OSError):
            assert process.poll() is None, "the store ended at once"
            time.sleep(0.1)
    pytest.fail("the store did not start")


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def oxigraph_binary() -> str | None:
    beside = Path(sys.executable).parent / "oxigraph"
    return str(beside) if beside.exists() else shutil.which("oxigraph")


@contextmanager
def running_oxigraph(folder: Path) -> Iterator[Running]:
    binary = oxigraph_binary() or missing("the Oxigraph server (PyPI: oxigraph)")
    port = free_port()
    command = [binary, "serve", "-l", folder / "db", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/query?query=ASK%7B%7D", process)
        yield Running(f"http://127.0.0.1:{port}", "oxigraph", {}, process.pid, folder, port)
    finally:
        stop(process)


_INI = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = vt.db
TransactionFile = vt.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = ., {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextmanager
def running_virtuoso(folder: Path, buffers: int = 40_000) -> Iterator[Running]:
    binary = shutil.which("virtuoso-t") or missing("Virtuoso (Debian: virtuoso-opensource-7-bin)")
    sql, http = free_port(), free_port()
    text = _INI.format(folder=folder, sql=sql, http=http, buffers=buffers, dirty=buffers * 3 // 4)
    (folder / "virtuoso.ini").write_text(text)
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    start = [binary, "+foreground", "+configfile", "virtuoso.ini"]
    subprocess.run([*start, "+pwdold", "dba", "+pwddba", PASSWORD], timeout=120, check=False, **quiet)
    process = subprocess.Popen([*start, "+wait"], **quiet)
    try:
        wait_for(f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D", process)
        environ = {"KG_STORE_USER": USER, "KG_STORE_PASSWORD": PASSWORD}
        yield Running(f"http://127.0.0.1:{http}/sparql", "virtuoso", environ, process.pid, folder, sql)
    finally:
        stop(process)


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory) -> Iterator[Running]:
    with running_oxigraph(tmp_path_factory.mktemp("oxigraph")) as running:
        yield running


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory) -> Iterator[Running]:
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        yield running


@pytest.fixture(params=["oxigraph", "virtuoso"])
def store(request) -> Running:
    return request.getfixturevalue(request.param)


class Asked(NamedTuple):
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Fake:
    """A server that answers what a test tells it, and remembers what it was asked.

    `answer` is a function of the request, or the answer: status, headers, body. A body that
    is a list is sent piece by piece; None in it cuts the connection.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer = (200, {"Content-Type": "application/sparql-results+json"}, b'{"head":{},"boolean":true}')
        self.url = ""


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Give a server on loopback whose threads are gone after the test."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    told = Fake()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        #: Else the body waits for the other side to acknowledge the headers: 40 ms for each request.
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            told.asked.append(asked)
            status, headers, text = told.answer(asked) if callable(told.answer) else told.answer
            self.send_response(status)
            for name, value in headers.items():
                for one in value if isinstance(value, list) else [value]:
                    self.send_header(name, one)
            pieces = text if isinstance(text, list) else [text]
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(sum(len(piece) for piece in pieces if piece)))
            self.end_headers()
            for piece in pieces:
                if piece is None:
                    self.close_connection = True
                    return
                self.wfile.write(piece)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/sparql"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
