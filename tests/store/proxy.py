"""A proxy that fails between us and a store, as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: The faults, and whether one that happens once is not even noticed.
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
    #: Else the body waits for the other side to acknowledge the headers: 40 ms for each request.
    disable_nagle_algorithm = True

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
            asked = self.rfile.read(length)
            status, headers, body = self._forwarded(
                asked.replace(b"!", b"?") if hit and server.fault == "altering" else asked
            )
            if hit and server.fault == "truncated":
                self.send_response(status)
                kind = next((value for name, value in headers if name.lower() == "content-type"), "")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body) + 10))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True
                return
            if hit and server.fault == "count" and b'"count"' in body:
                body = _COUNTED % 7
            if hit and server.fault == "capped" and b'"bindings"' in body:
                headers = [*headers, ("X-SPARQL-MaxRows", "1")]
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 - names of the library

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

    def _rude(self, length):
        self.rfile.read(length)
        return 200, [("Content-Type", "text/csv")], b"p,o\n"

    def _slow(self, _):
        return None

    _truncated = _count = _altering = _capped = _slow


@contextmanager
def between(port: int) -> Iterator[Proxy]:
    """Run a proxy before the store at a port of this machine."""
    made = Proxy(port)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()
