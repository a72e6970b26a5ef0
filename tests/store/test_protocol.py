"""HTTP that goes wrong: servers that never end, URLs that are none, secrets that come back."""

from __future__ import annotations

import contextlib
import socket
import time
from threading import Event, Thread

import pytest
from click.testing import CliRunner

from kg.cli import kg
from kg.errors import StoreError, UsageError
from kg.question import Question
from kg.store import auth
from kg.store.address import checked
from kg.store.dialect import BUILT_IN
from kg.store.protocol import BEGINNING, Client, shown_url
from kg.store.select import select
from kg.store.session import Server, connect, number
from kg.terms import Term

SECRET = "s3cret-of-a-test"  # noqa: S105 - one of a test
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

#: What comes at once, and what then comes again and again.
ENDLESS = {
    "a header": (HEAD + b"X: ", b"x"),
    "leave to go on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "trailers": (CHUNKED + b"1\r\n{\r\n0\r\n", b"X: x\r\n"),
    "the size of a chunk": (CHUNKED, b"0"),
    "rows": (CHUNKED, b"1\r\n \r\n"),
}


@pytest.fixture
def endless(request):
    """Give the URL of a server that goes on as long as it is listened to, but for three seconds at most."""
    first, again = ENDLESS[request.param]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = Event()

        def serve() -> None:
            with contextlib.suppress(OSError):
                taken, _ = listening.accept()
                with taken:
                    taken.recv(1 << 16)
                    taken.sendall(first)
                    end = time.monotonic() + 3
                    while time.monotonic() < end and not ended.wait(0.01):
                        taken.sendall(again)

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        ended.set()
        thread.join()


@pytest.mark.parametrize("endless", ENDLESS, indirect=True)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_server_that_goes_on_for_ever_is_left(endless, streamed) -> None:
    began = time.monotonic()
    with Client(endless, timeout=0.2) as client, pytest.raises(StoreError, match=r"did not answer within 0.2 s"):
        list(client.request("GET", endless, streamed=streamed).pieces)
    assert time.monotonic() - began < 2


def test_a_store_that_takes_nothing_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with Client(url, timeout=0.2) as client, pytest.raises(StoreError, match=r"did not answer within 0.2 s"):
            client.request("POST", url, {}, b"x" * (1 << 24))


def test_who_pauses_takes_nothing_from_the_time_of_the_store(fake) -> None:
    row = b'{"s":{"type":"uri","value":"urn:x"}}'
    text = b'{"head":{"vars":["s"]},"results":{"bindings":[' + b",".join([row] * 60_000) + b"]}}"
    fake.answer = (200, {"Content-Type": "application/sparql-results+json"}, text)
    with Client(fake.url, timeout=0.5) as client:
        rows = iter(select(client, fake.url, Question.of("SELECT ?s { ?s ?p ?o }")))
        next(rows)
        time.sleep(0.7)
        assert sum(1 for _ in rows) == 59_999


@pytest.mark.parametrize(
    "asked", ["Mon, 01 Jan 2024 00:00:00 +9999999999999999999", "Mon, 01 Jan 0001 00:00:00 -0000", "9" * 400, "\xb2"]
)
def test_an_odd_pause_is_none(fake, asked) -> None:
    fake.answer = lambda _: (503 if len(fake.asked) == 1 else 200, {"Retry-After": asked}, b"")
    with Client(fake.url, wait=lambda _: None) as client:
        assert client.request("GET", fake.url).status == 200


def test_of_a_refusal_only_the_beginning_is_kept(fake) -> None:
    fake.answer = (500, {}, b"x" * (8 * BEGINNING))
    with Client(fake.url, tries=1) as client:
        answer = client.request("GET", fake.url, accept=lambda _: True)
        assert len(answer.body) < 2 * BEGINNING
        fake.answer = (200, {}, b"y" * (8 * BEGINNING))
        assert len(client.request("POST", fake.url, {}, b"", brief=True).body) < 2 * BEGINNING


@pytest.mark.parametrize("environ", [{"KG_STORE_TOKEN": SECRET}, {"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": SECRET}])
def test_an_answer_that_repeats_the_proof_is_shown_without_it(fake, environ) -> None:
    def answer(asked):
        told = asked.headers.get("authorization", "")
        return 500 if told else 401, {"WWW-Authenticate": "Basic realm=x"}, f"you sent '{told}' ({told[7:]})".encode()

    fake.answer = answer
    who = auth.found(fake.url, environ=environ)
    with Client(fake.url, who, tries=1) as client, pytest.raises(StoreError, match="500: you sent '…'") as told:
        client.request("GET", fake.url)
    sent = fake.asked[-1].headers["authorization"]
    assert sent not in str(told.value) and sent.split()[1] not in str(told.value)


#: Each holds a secret, where a reader of URLs may not see one.
SECRETIVE = [
    f"http://ann:{SECRET}@localhost:1/",
    f"http://ann:{SECRET}/x@localhost:1/",
    f"http://ann:x/{SECRET}@localhost:1/",
    f"http://ann:{SECRET}^@localhost:1/",
    f"http://ann:{SECRET}?x@localhost:1/",
    f"http://ann:{SECRET}#x@localhost:1/",
    f"ftp://ann:{SECRET}@localhost:1/",
    f"http://ann:{SECRET}/",
]
CALLS = [
    ("versions", "--at"),
    ("verify", "--at"),
    ("load", "--dialect", "fuseki", "--bulk", "d", "--to"),
    ("query", "-q", "ASK {}", "--endpoint"),
    ("validate", "--endpoint"),
]


def called(*words: str):
    done = CliRunner().invoke(kg, list(words))
    assert done.exit_code == 2 and isinstance(done.exception, SystemExit), (done.output, done.exception)
    return done.output


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_a_url_with_a_secret_is_refused_and_not_shown(call, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in SECRETIVE:
        assert SECRET not in called(*call, url), url
    assert not list(tmp_path.iterdir())


def test_a_url_is_shown_without_what_may_be_a_secret() -> None:
    assert shown_url("http://ann:a/b@c@e.org/x?y=a@b") == "http://e.org/x?y=a@b"
    assert shown_url("/a/path@x") == "/a/path@x"


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
@pytest.mark.parametrize(
    "url", ["http://[::1", "http://a..b/", "http://h:x/", "http://h:99999/", "http:///x", "x://h/"]
)
def test_what_is_no_url_is_told(call, url, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "http://" in called(*call, url)


def test_a_path_that_is_not_ascii_is_sent_as_an_iri_is(fake) -> None:
    url = fake.url + "é ü?x=ö#y"
    with connect(url, "generic", lambda: None, 5) as store:
        store.update("CLEAR ALL", "update")
    assert fake.asked[0].target == "/sparql%C3%A9%20%C3%BC?x=%C3%B6"
    with pytest.raises(UsageError, match="cannot be read"):
        checked("http://e.org/\udce9")


def test_a_url_with_a_query_keeps_it_when_the_store_is_asked_who_it_is(fake) -> None:
    connect(f"{fake.url}?x=1", None, lambda: None, 5).close()
    assert fake.asked[0].target == "/sparql?x=1&query=ASK%7B%7D"


def test_a_page_of_a_login_is_no_update(fake) -> None:
    fake.answer = (200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>Log in</html>")
    for name in ("generic", "blazegraph"):
        with (
            Server(fake.url, BUILT_IN[name], lambda: None, 5) as store,
            pytest.raises(StoreError, match="HTML page, as a login does; check the URL of updates"),
        ):
            store.update("CLEAR ALL", "update")
    fake.answer = (200, {"Content-Type": "text/html"}, b"<html><p>COMMIT: totalElapsed=6ms</p></html>")
    with Server(fake.url, BUILT_IN["blazegraph"], lambda: None, 5) as store:
        store.update("CLEAR ALL", "update")


@pytest.mark.parametrize("text", ["1e999999999", "9" * 5000, "NaN", "INF", "", "x", "1e31"])
def test_what_is_no_count_is_refused_at_once(text) -> None:
    with pytest.raises(ValueError, match=r".*"):
        number(Term(f'"{text}"'))


def test_a_very_small_number_is_none() -> None:
    assert number(Term('"1e-999999999"')) == 0


def test_a_password_of_netrc_does_not_go_to_another_place(fake, tmp_path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login ann password {SECRET}\n")
    netrc.chmod(0o600)
    for way in ({}, {"KG_STORE_AUTH": "basic"}):
        who = auth.found(fake.url, environ={"NETRC": str(netrc), **way})
        for elsewhere in ("http://e.org/update", "https://127.0.0.1/", "http://127.0.0.1:9/"):
            with pytest.raises(UsageError, match=r"netrc tells the password of 127\.0\.0\.1") as told:
                connect(fake.url, "generic", lambda who=who: who, 5, update_url=elsewhere)
            assert SECRET not in str(told.value)
        connect(fake.url, "generic", lambda who=who: who, 5, update_url=fake.url + "/update").close()
    given = auth.found(fake.url, environ={"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": SECRET})
    connect(fake.url, "generic", lambda: given, 5, update_url="http://e.org/update").close()
    with pytest.raises(UsageError, match="leave name and password out"):
        connect(fake.url, "generic", lambda: None, 5, update_url=f"http://ann:{SECRET}@e.org/")


def test_updates_in_the_clear_are_warned_of_and_asked_for_apart() -> None:
    who = auth.found("https://e.org/", environ={"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": SECRET})
    assert auth.unprotected("https://e.org/", who) is None
    assert "goes to u.org unprotected" in str(auth.unprotected("https://e.org/", who, "http://u.org/"))
    assert who.challenged("GET", "https://e.org/", "Basic realm=x")
    assert who.headers("GET", "https://e.org/x", {}, None)
    assert not who.headers("GET", "https://u.org/", {}, None), "nothing before that server asks"
    assert who.challenged("GET", "https://u.org/", "Basic realm=x")
