"""A proxy that fails between us and the store: the old version or the new one, never half, and the next run ends it."""

from __future__ import annotations

import itertools
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.dataset import Dataset
from kg.errors import StoreError
from kg.statement import Statement
from kg.store import auth, catalogue, verify
from kg.store.load import Order, load
from kg.store.prepare import prepare
from kg.store.session import connect

_NUMBERS = itertools.count()
_COUNTED = b'{"head":{"vars":["count"]},"results":{"bindings":[{"count":{"type":"literal","value":"%d"}}]}}'
_HTML = b"<html><body>Please log in</body></html>"


class Proxy(ThreadingHTTPServer):
    """Passes requests on to a store, except those that `fault` names by their number."""

    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port, self.fault, self.at, self.times, self.seen, self.waits = port, None, 0, 0, 0, []

    def plan(self, fault, at, times=1):
        self.fault, self.at, self.times, self.seen = fault, at, times, 0

    def handle_error(self, request, client_address):
        """Say nothing of connections that were broken on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _pass(self):
        length = int(self.headers.get("Content-Length") or 0)
        server = self.server
        number, server.seen = server.seen, server.seen + 1
        hit = server.fault and server.at <= number < server.at + server.times
        if hit and (answer := getattr(self, f"_{server.fault}")(length)) is not None:
            status, headers, body = answer
        else:
            if hit and server.fault == "slow":
                time.sleep(3)
            status, headers, body = self._forwarded(self.rfile.read(length))
            if hit and server.fault == "truncated":
                self.send_response(status)
                self.send_header("Content-Type", dict(headers).get("content-type") or dict(headers).get("Content-Type", ""))
                self.send_header("Content-Length", str(len(body) + 10))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True
                return
            if hit and server.fault == "count" and b'"count"' in body:
                body = _COUNTED % 7
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _pass

    def _forwarded(self, body):
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        found = answer.status, answer.getheaders(), answer.read()
        connection.close()
        return found

    def _refuse(self, _):
        self.close_connection = True
        self.connection.close()
        raise ConnectionAbortedError

    def _reset(self, length):
        self.rfile.read(length // 2)
        return self._refuse(length)

    def _lost(self, length):
        """Do it, and lose the answer."""
        self._forwarded(self.rfile.read(length))
        return self._refuse(length)

    def _error(self, length):
        self.rfile.read(length)
        return 500, [("Content-Type", "text/plain")], b"Virtuoso 40001 Error: deadlock"

    def _busy(self, length):
        self.rfile.read(length)
        return 503, [("Retry-After", "7")], b"busy"

    def _full(self, length):
        self.rfile.read(length)
        return 507, [("Content-Type", "text/plain")], b"No space left on device"

    def _html(self, length):
        self.rfile.read(length)
        return 200, [("Content-Type", "text/html")], _HTML

    def _liar(self, length):
        self.rfile.read(length)
        return 200, [("Content-Type", "text/plain")], b"ERROR: out of memory"

    def _slow(self, _):
        return None

    _truncated = _count = _slow


@pytest.fixture
def proxy(store):
    made = Proxy(int(store.url.split(":")[2].split("/")[0]))
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def opened(store, proxy):
    url = store.url.replace(str(proxy.port), str(proxy.server_port))
    made = connect(url, None, lambda: auth.found(url, environ=store.environ), 60)
    made.client._wait = proxy.waits.append
    made.dialect = made.dialect._replace(parallel=1)
    yield made
    made.close()


def ready(tmp_path, kind, count, text="x"):
    found = [
        Statement(f"<urn:c:{number}>", "<urn:p:p>", f'"{text} é {number}"@en') for number in range(count)
    ]
    return prepare(Dataset(found), kind, "urn:b:b", str(tmp_path / f"{next(_NUMBERS)}.nt"))


#: What each fault does when it goes on for ever, and whether it passes when it happens once.
FAULTS = {
    "refuse": True,
    "reset": True,
    "lost": True,
    "error": True,
    "busy": True,
    "truncated": True,
    "full": False,
    "html": False,
    "liar": False,
    "count": False,
    "slow": True,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_the_old_version_or_the_new_one(opened, proxy, fault, tmp_path):
    vocabulary = f"https://e.org/f{next(_NUMBERS)}"
    kind = opened.dialect.altered
    old, new = ready(tmp_path, kind, 50), ready(tmp_path, kind, 900, "y")
    load(opened, old, Order(vocabulary, "0"))
    version = 0
    # 14 requests or so make up a load: the fault strikes at each in turn, for good.
    for at in range(0, 14, 3):
        version += 1
        order = Order(vocabulary, str(version), piece=300)
        if fault == "slow":
            opened.client.timeout = 1
        proxy.plan(fault, at, times=99)
        failed = None
        try:
            load(opened, new, order)
        except StoreError as error:
            failed = error
        proxy.plan(None, 0)
        opened.client.timeout = 60
        known = catalogue.read(opened, catalogue.GRAPH, vocabulary)
        current = known.versions[known.current]
        assert current.state == catalogue.COMPLETE
        wanted = old if current.version == "0" else new
        assert not verify.differences(opened, known.current, wanted.sums)
        if failed is not None:
            assert opened.client.store in str(failed) and failed.step and failed.exit_code == 3
        load(opened, new, order)
        assert catalogue.read(opened, catalogue.GRAPH, vocabulary).current.endswith(f"/{version}")
        assert not verify.differences(opened, catalogue.version_graph(vocabulary, str(version)), new.sums)


@pytest.mark.parametrize("fault", [name for name, passes in FAULTS.items() if passes and name != "slow"])
def test_a_fault_that_passes_is_not_noticed(opened, proxy, fault, tmp_path):
    vocabulary = f"https://e.org/f{next(_NUMBERS)}"
    prepared = ready(tmp_path, opened.dialect.altered, 40)
    for at in range(8):
        proxy.plan(fault, at)
        load(opened, prepared, Order(vocabulary, str(at)))
        proxy.plan(None, 0)
    assert proxy.waits
    if fault == "busy":
        assert set(proxy.waits) == {7.0}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("html", "HTML page"),
        ("full", "make room"),
        ("busy", "busy or starting"),
        ("error", "deadlock"),
        ("refuse", "connection broke"),
    ],
)
def test_a_message_names_store_step_and_remedy(opened, proxy, fault, words):
    proxy.plan(fault, 0, times=99)
    with pytest.raises(StoreError) as caught:
        verify.count(opened, "urn:x:x")
    assert words in str(caught.value)
    assert caught.value.store == opened.name and caught.value.step == "verify" and caught.value.remedy
    assert "s3cret" not in str(caught.value)
