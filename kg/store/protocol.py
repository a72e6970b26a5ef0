"""HTTP to a store: one small client with time-outs, retries and plain errors.

Every request of ours may be sent twice with the same effect (sets of ground
statements, updates that reach a state), so what fails on the way is sent again.
Nothing is sent to another host than the one in the URL: a redirection is an
error that names the new place, so no password travels where it was not meant to.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple, NoReturn, Protocol, Self
from urllib.parse import urlsplit, urlunsplit

from kg.errors import StoreError
from kg.store.address import checked
from kg.store.deadline import Deadline, connect

#: Answers that may be better the next time, and how many tries each is worth.
RETRIED: Mapping[int, int] = {408: 5, 425: 5, 429: 5, 500: 2, 502: 5, 503: 5, 504: 3}

_PIECE = 1 << 16
#: An answer longer than this is not held in memory; of one that tells no more than how it went, only the beginning.
LIMIT, BEGINNING = 1 << 30, 1 << 20
_LONGEST_WAIT = 60.0
_SHOWN = 300


class Answer(NamedTuple):
    """What a store answered; the names of headers are in small letters."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    #: the body of an answer that was asked for as a stream, in pieces
    pieces: Iterator[bytes] = iter(())

    @property
    def media_type(self) -> str:
        """Return the media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")


class Auth(Protocol):
    """Who asks: adds what proves it to a request (`kg.store.auth`)."""

    def headers(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Mapping[str, str]:
        """Return the headers to add; `body` is None where there is none."""

    def challenged(self, method: str, url: str, challenge: str) -> bool:
        """Take the `WWW-Authenticate` of an answer 401, and tell whether to try once more."""


class Client:
    """Requests to one store, over one connection that is kept open.

    `store` is its name in messages; `timeout` is the longest time of one request in
    seconds; `wait` sleeps between tries.

    Raises `UsageError` for what is no URL, or one with a secret in it.
    """

    def __init__(
        self,
        store: str,
        auth: Auth | None = None,
        *,
        timeout: float = 60.0,
        tries: int = 5,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.store, self.auth, self.timeout, self.tries, self._wait = checked(store), auth, timeout, tries, wait
        self._connection: HTTPConnection | None = None
        self._host = ("", "")
        #: what proved who asks, in the last request: an answer may repeat it
        self._proof: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        step: str = "request",
        timeout: float | None = None,
        brief: bool = False,
        accept: Callable[[int], bool] = lambda status: 200 <= status < 300,
        streamed: bool = False,
    ) -> Answer:
        """Send a request, again where that may help, and return the answer.

        `step` names what is being done, for messages; `accept` tells which answers are
        none of an error. Of a `brief` answer only the beginning is kept. The body of a
        `streamed` one comes in `pieces`, however long it is, and is read before the next
        request, or let go of by `close`; where it breaks off, that is an error.

        Raises `StoreError` for a store that cannot be reached, is too slow, or refuses.
        """
        longest = timeout or self.timeout
        challenged = False
        tried = 0
        while True:
            tried += 1
            try:
                answer = self._send(
                    method, url, dict(headers or {}), body, Deadline(longest), accept if streamed else None, brief=brief
                )
            except (OSError, HTTPException) as error:
                self.close()
                if tried >= self.tries or not _may_pass(error):
                    self._give_up(error, step, longest)
                self._wait(_backoff(tried))
                continue
            if accept(answer.status):
                return answer._replace(pieces=self._told(answer.pieces, step, longest)) if streamed else answer
            if answer.status == 401 and self.auth is not None and not challenged:
                challenged = True
                if self.auth.challenged(method, url, answer.headers.get("www-authenticate", "")):
                    tried -= 1
                    continue
            if tried >= min(self.tries, RETRIED.get(answer.status, 0)):
                self.refuse(answer, step)
            self._wait(_asked_wait(answer) or _backoff(tried))

    def _send(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        deadline: Deadline,
        streamed: Callable[[int], bool] | None,
        *,
        brief: bool,
    ) -> Answer:
        parts = urlsplit(url)
        headers.setdefault("User-Agent", "kgexport")
        headers["Accept-Encoding"] = "identity"
        if self.auth is not None:
            proof = self.auth.headers(method, url, headers, body)
            headers.update(proof)
            self._proof = tuple(value for name, value in proof.items() if _proves(name, value))
        connection = self._connected(parts.scheme, parts.netloc, deadline)
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        try:
            connection.request(method, target, body, headers)
        except (BrokenPipeError, ConnectionResetError):
            # Who refuses early stops listening: the reason may have come already.
            response = _early_answer(connection)
            if response is None:
                raise
            answer = self._read(response, url, deadline, brief=True)
            self.close()
            return answer
        response = connection.getresponse()
        if streamed is not None and streamed(response.status):
            return Answer(url, response.status, _named(response), b"", self._pieces(response, deadline))
        return self._read(response, url, deadline, brief=brief or not 200 <= response.status < 300)

    def _read(self, response: HTTPResponse, url: str, deadline: Deadline, *, brief: bool) -> Answer:
        pieces, size = [], 0
        for piece in self._pieces(response, deadline):
            pieces.append(piece)
            size += len(piece)
            if size > (BEGINNING if brief else LIMIT):
                self.close()
                if brief:
                    break
                raise _TooLongError(f"its answer is longer than {LIMIT} bytes")
        return Answer(url, response.status, _named(response), b"".join(pieces))

    def _pieces(self, response: HTTPResponse, deadline: Deadline) -> Iterator[bytes]:
        while piece := response.read1(_PIECE):
            given = time.monotonic()
            yield piece
            # Who pauses with what came, as a pager does, takes nothing from the time of the store.
            deadline.put_off(time.monotonic() - given)
        if response.length:
            raise ConnectionResetError("its answer ended early")
        # `read1` leaves a whole response open, and the connection would take it for unread.
        response.close()
        if response.will_close:
            self.close()

    def _told(self, pieces: Iterable[bytes], step: str, timeout: float) -> Iterator[bytes]:
        """Yield the pieces of a streamed answer; what was seen of it cannot be asked for again."""
        whole, connection = False, self._connection
        try:
            yield from pieces
            whole = True
        except (OSError, HTTPException) as error:
            self._give_up(error, step, timeout)
        finally:
            if not whole and connection is self._connection:  # the rest of the answer is in it
                self.close()

    def _connected(self, scheme: str, host: str, deadline: Deadline) -> HTTPConnection:
        if self._connection is None or self._host != (scheme, host):
            self.close()
            if scheme == "https":
                from http.client import HTTPSConnection as Connection
            else:
                Connection = HTTPConnection  # type: ignore[misc,assignment]  # noqa: N806
            self._connection = Connection(host)
            self._host = (scheme, host)
        connect(self._connection, deadline)
        return self._connection

    def _give_up(self, error: Exception, step: str, timeout: float) -> NoReturn:
        reason, remedy = explained(error, timeout)
        raise StoreError(self.store, step, reason, remedy) from None

    def refuse(self, answer: Answer, step: str) -> NoReturn:
        """Raise the error for an answer that is a refusal."""
        remedy = _REMEDIES.get(answer.status, "the store's log may say more")
        if 300 <= answer.status < 400:
            place = shown_url(answer.headers.get("location", "another place"))
            raise StoreError(self.store, step, f"it points to {place}", "give that URL if you trust it")
        words = self.excerpt(answer.text) if answer.media_type != "text/html" else "an HTML page"
        raise StoreError(self.store, step, f"it answered {answer.status}{': ' * bool(words)}{words}", remedy)

    def excerpt(self, text: str) -> str:
        """Return the beginning of what a store said on one line, for a message, without what proves who asked."""
        for secret in (*self._proof, *(value.rpartition(" ")[2] for value in self._proof)):
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", text) if secret else text
        line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[:4000]).split())
        return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


class _TooLongError(HTTPException):
    """An answer that would not fit."""


_REMEDIES = {
    400: "the dialect may be the wrong one (--dialect)",
    401: "check user and password (KG_STORE_USER and KG_STORE_PASSWORD, or --auth-file)",
    403: "the user needs the right to write there",
    404: "check the URL: there is no such endpoint",
    405: "check the URL and the dialect (--dialect): this is no endpoint for it",
    406: "the store cannot answer in a form we read",
    413: "make the pieces smaller (--piece)",
    415: "the store does not take this format; check the dialect (--dialect)",
    429: "it asks for a pause; try again later",
    500: "the store's log may say more; the same command goes on where this one stopped",
    502: "the server in front of the store does not reach it",
    503: "it is busy or starting; the same command goes on where this one stopped",
    504: "raise the time limit of the server in front of the store",
    507: "the store is full: make room; the same command goes on where this one stopped",
}


def _named(response: HTTPResponse) -> dict[str, str]:
    """Return the headers by their names in small letters; those of one name are one list."""
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return headers


def explained(error: Exception, timeout: float) -> tuple[str, str]:
    """Return what a failed connection means, and what to do about it."""
    import socket
    import ssl

    resume = "the same command goes on where this one stopped"
    if isinstance(error, _TooLongError):
        return str(error), "ask for less, or page it"
    if isinstance(error, TimeoutError):
        return f"it did not answer within {timeout:g} s", f"raise --request-timeout or make --piece smaller; {resume}"
    if isinstance(error, ssl.SSLCertVerificationError):
        remedy = "SSL_CERT_FILE names the file of a trusted one"
        return f"its certificate is not trusted ({error.verify_message})", remedy
    if isinstance(error, ssl.SSLError):
        return f"no secure connection: {error.reason or error}", "check whether it is http:// or https://"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there", "start the store, or check host and port"
    if isinstance(error, socket.gaierror):
        return "there is no host of that name", "check the URL"
    if isinstance(error, HTTPException) and not isinstance(error, ConnectionError):
        return f"it does not speak HTTP as it should ({type(error).__name__})", f"check host and port; {resume}"
    words = error.strerror if isinstance(error, OSError) and error.strerror else error
    return f"the connection broke ({words})", resume


def _proves(name: str, value: str) -> bool:
    """Tell whether a header that was added proves who asks; what a command added beside it may be short and plain."""
    return name.lower() == "authorization" or len(value) >= 16


def shown_url(url: str) -> str:
    """Return a URL without a name and password it may hold, whatever signs the password has.

    >>> shown_url("http://ann:sec/ret@e.org/store?x=a@b")
    'http://e.org/store?x=a@b'
    """
    return re.sub(r"(?<=://)[^?#]*@", "", url, count=1)


def _may_pass(error: Exception) -> bool:
    """Tell whether a failure may be over at the next try."""
    import socket
    import ssl

    return not isinstance(error, ssl.SSLError | socket.gaierror | _TooLongError | TimeoutError)


def _backoff(tried: int) -> float:
    return min(0.25 * float(1 << (tried - 1)), _LONGEST_WAIT)


def _asked_wait(answer: Answer) -> float:
    """Return how long the store asks us to wait (RFC 9110, section 10.2.3), at most a minute."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked), _LONGEST_WAIT)
    from email.utils import parsedate_to_datetime

    try:
        left = parsedate_to_datetime(asked).timestamp() - time.time()
    except (ValueError, TypeError, ArithmeticError, LookupError):  # whatever an odd date is to the parser
        return 0.0
    return max(0.0, min(left, _LONGEST_WAIT))


def _early_answer(connection: HTTPConnection) -> HTTPResponse | None:
    try:
        return connection.getresponse()
    except (OSError, HTTPException):
        return None
