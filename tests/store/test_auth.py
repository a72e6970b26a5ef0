"""Who asks a store: the right proof, and a secret that nothing shows."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import traceback

import pytest

from kg.errors import KgError, StoreError, UnknownName, UsageError
from kg.store import auth
from kg.store.digest import Digest, challenges
from kg.store.protocol import Client

SECRET = "s3cret-ünd-§lang"  # noqa: S105 - one of a test
USER = {"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": SECRET}
REALM = 'Digest realm="a \\"b\\", c", nonce="{nonce}", opaque="o", qop="auth,auth-int", algorithm={algorithm}'


def ask(fake, who):
    with Client(fake.url, who, tries=1) as client:
        return client.request("POST", f"{fake.url}?a=b", {}, b"query", step="query")


def fields(header):
    return {
        name: quoted or word for name, quoted, word in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^",]+))', header)
    }


class DigestServer:
    """Checks an answer as RFC 7616 says; a nonce is stale after `lives` uses."""

    def __init__(self, algorithm="MD5", lives=99, header=REALM) -> None:
        self.algorithm, self.lives, self.header, self.nonce, self.counts = algorithm, lives, header, 0, []

    def __call__(self, asked):
        sent = fields(asked.headers.get("authorization", ""))
        if not sent:
            return self.refuse()
        assert sent["nonce"] == f"n{self.nonce}" and sent["opaque"] == "o"
        self.counts.append(int(sent["nc"], 16))
        if self.counts[-1] > self.lives:
            return self.refuse(", stale=true")
        name = self.algorithm.removesuffix("-sess").replace("-", "").lower().replace("sha512256", "sha512_256")

        def hashed(*parts):
            return hashlib.new(name, ":".join(parts).encode()).hexdigest()

        who = hashed("ann", 'a "b", c', SECRET)
        if self.algorithm.endswith("-sess"):
            who = hashed(who, sent["nonce"], sent["cnonce"])
        what = hashed(asked.method, asked.target)
        right = hashed(who, sent["nonce"], sent["nc"], sent["cnonce"], "auth", what)
        assert (sent["uri"], sent["qop"]) == (asked.target, "auth")
        return (200, {}, b"") if sent["response"] == right else self.refuse()

    def refuse(self, more=""):
        self.nonce += 1
        header = self.header.format(nonce=f"n{self.nonce}", algorithm=self.algorithm)
        return 401, {"WWW-Authenticate": ['Basic realm="x"', header + more]}, b""


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess"])
def test_digest_answers_the_challenge_and_counts(fake, algorithm) -> None:
    fake.answer = server = DigestServer(algorithm)
    with Client(fake.url, auth.found(fake.url, environ=USER), tries=1) as client:
        for _ in range(3):
            client.request("POST", f"{fake.url}?a=b%20c", {}, b"x", step="query")
    assert server.counts == [1, 2, 3]
    assert len(fake.asked) == 4, "only the first request is asked for a password"


def test_a_stale_nonce_is_replaced(fake) -> None:
    fake.answer = server = DigestServer(lives=2)
    with Client(fake.url, auth.found(fake.url, environ=USER), tries=1) as client:
        for _ in range(5):
            client.request("GET", fake.url, step="query")
    assert server.counts == [1, 2, 3, 1, 2, 3, 1]


def test_the_body_is_sent_again_after_a_challenge(fake) -> None:
    fake.answer = DigestServer()
    with Client(fake.url, auth.found(fake.url, environ=USER), tries=1) as client:
        client.request("POST", fake.url, {}, b"one two", step="query")
    assert [asked.body for asked in fake.asked] == [b"one two"] * 2


def test_a_wrong_password_is_tried_once_and_told(fake) -> None:
    fake.answer = DigestServer()
    with pytest.raises(StoreError, match=r"query: it answered 401; check user and password") as told:
        ask(fake, auth.found(fake.url, environ={**USER, "KG_STORE_PASSWORD": "wrong-secret"}))
    assert told.value.exit_code == 3
    assert len(fake.asked) == 2
    assert "wrong-secret" not in str(told.value)


def test_digest_without_qop_is_that_of_rfc_2069() -> None:
    # The example of RFC 2617, section 3.5, with the response that RFC 2069 makes of it.
    asked = {"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093"}
    made = Digest("Mufasa", "Circle Of Life", asked).headers("GET", "http://www.nowhere.org/dir/index.html", {}, None)
    assert fields(made["Authorization"])["response"] == "670fd8c2df070c60b045671b8b24ff02"


def test_the_example_of_rfc_7616(monkeypatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    wanted = {
        "MD5": "8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    }
    for algorithm, response in wanted.items():
        asked = {"realm": "http-auth@example.org", "qop": "auth, auth-int", "algorithm": algorithm,
                 "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                 "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"}  # fmt: skip
        digest = Digest("Mufasa", "Circle of Life", asked)
        made = digest.headers("GET", "http://www.example.org/dir/index.html", {}, None)["Authorization"]
        assert fields(made)["response"] == response


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_realm_that_is_not_ascii_is_that_of_the_store_byte_by_byte(encoding) -> None:
    realm = "Büro".encode(encoding)
    # As `http.client` gives it.
    offered = challenges(f'Digest realm="{realm.decode("latin-1")}", nonce="n"')
    digest = Digest.best("ann", SECRET, offered)
    sent = digest.headers("GET", "http://e.org/", {}, None)["Authorization"].encode("latin-1")
    assert b'realm="' + realm + b'"' in sent

    def hashed(text):
        return hashlib.md5(text).hexdigest().encode()  # noqa: S324 - that of the standard

    wanted = hashed(hashed(b"ann:" + realm + b":" + SECRET.encode()) + b":n:" + hashed(b"GET:/"))
    assert b'response="' + wanted + b'"' in sent


def test_the_strongest_is_taken_and_none_that_cannot_be_done() -> None:
    offered = challenges(
        'Negotiate abc==, Digest realm="a", nonce="1", algorithm=MD5, Digest realm="a", nonce="2", algorithm=SHA-256, '
        'Digest realm="a", nonce="3", algorithm=SHA3, Digest realm="a", nonce="4", qop="auth-int", Basic realm=z'
    )
    assert [scheme for scheme, _ in offered] == ["negotiate", "digest", "digest", "digest", "digest", "basic"]
    best = Digest.best("u", "p", offered)
    assert best is not None and 'nonce="2"' in best.headers("GET", "http://e.org/", {}, None)["Authorization"]
    assert Digest.best("u", "p", offered[3:]) is None


@pytest.mark.parametrize(
    "header", ["", ",,,", "Digest", 'Digest nonce="', 'Digest realm="x"', "=,=", "\t" * 60000 + "x="]
)
def test_an_odd_challenge_is_no_reason_to_hang(header) -> None:
    assert auth.Challenged("u", "p").challenged("GET", "http://e.org/", header) is False


def test_basic_waits_until_it_is_asked_for(fake) -> None:
    def answer(asked):
        known = asked.headers.get("authorization") == "Basic YW5uOnMzY3JldC3DvG5kLcKnbGFuZw=="
        return (200, {}, b"") if known else (401, {"WWW-Authenticate": 'Basic realm="x", charset="UTF-8"'}, b"")

    fake.answer = answer
    ask(fake, auth.found(fake.url, environ=USER))
    assert len(fake.asked) == 2
    ask(fake, auth.found(fake.url, environ={**USER, "KG_STORE_AUTH": "basic"}))
    assert len(fake.asked) == 3, "insisted on, it is sent at once"


def test_digest_that_is_insisted_on_never_becomes_basic(fake) -> None:
    fake.answer = (401, {"WWW-Authenticate": 'Basic realm="x"'}, b"")
    with pytest.raises(StoreError, match="401"):
        ask(fake, auth.found(fake.url, environ={**USER, "KG_STORE_AUTH": "digest"}))
    assert [asked.headers.get("authorization") for asked in fake.asked] == [None]


def test_a_token_is_a_bearer(fake) -> None:
    ask(fake, auth.found(fake.url, environ={"KG_STORE_TOKEN": "abc"}))
    assert fake.asked[0].headers["authorization"] == "Bearer abc"


SIGNER = """
import json, sys
asked = json.load(sys.stdin)
print(json.dumps({"X-Signed": asked["method"] + " " + asked["url"] + " " + str(asked["sha256"])}))
"""


def signer(tmp_path, code=SIGNER):
    path = tmp_path / "sign it.py"
    path.write_text(code)
    return {"KG_STORE_SIGN": f"{sys.executable} '{path}'"}


def test_a_command_signs_requests(fake, tmp_path) -> None:
    who = auth.found(fake.url, environ=signer(tmp_path))
    ask(fake, who)
    assert fake.asked[0].headers["x-signed"] == f"POST {fake.url}?a=b {hashlib.sha256(b'query').hexdigest()}"
    with Client(fake.url, who) as client:
        client.request("GET", fake.url, step="query")
    assert fake.asked[1].headers["x-signed"].split()[2] == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('no json')", "has to print a JSON object"),
        ("print('[1]')", "has to print a JSON object"),
        ("print('{\"a\": 1}')", "has to print a JSON object"),
        ('print(\'{"a": "b\\\\nc: d"}\')', "holds a control character"),
        ('print(\'{"a": "\\\\u20ac"}\')', "a header of the command holds a sign that no header can"),
        ('print(\'{"\\\\u00e9": "b"}\')', "no name of a header"),
        ('print(\'{"a b": "c"}\')', "no name of a header"),
        ("import sys; sys.exit(4)", "failed with code 4"),
    ],
)
def test_a_command_that_cannot_sign_is_told(fake, tmp_path, code, said) -> None:
    with pytest.raises(UsageError, match=said):
        ask(fake, auth.found(fake.url, environ=signer(tmp_path, code)))
    assert fake.asked == []


def test_an_entry_point_is_a_way(fake, monkeypatch) -> None:
    class Point:
        name = "own"

        def load(self):
            return lambda url: auth.Bearer(url[-3:])

    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [Point()] if group == auth.GROUP else [])
    ask(fake, auth.found(fake.url, environ={"KG_STORE_AUTH": "own"}))
    assert fake.asked[0].headers["authorization"] == "Bearer rql"
    with pytest.raises(UnknownName, match="no way to authenticate is called 'owm'; did you mean 'own'"):
        auth.found(fake.url, environ={"KG_STORE_AUTH": "owm"})


def file(tmp_path, text, mode=0o600):
    path = tmp_path / "secrets"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_a_file_goes_before_the_environment(fake, tmp_path) -> None:
    path = file(tmp_path, f"# mine\nuser = bob\npassword = {SECRET} = x\n")
    who = auth.found(fake.url, path, {**USER, "KG_STORE_SIGN": "false", "KG_STORE_AUTH": "basic"})
    ask(fake, who)
    import base64

    sent = base64.b64decode(fake.asked[0].headers["authorization"].removeprefix("Basic ")).decode()
    assert sent == f"bob:{SECRET} = x"


@pytest.mark.skipif(os.name != "posix", reason="the modes of files are those of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_reach_is_refused(tmp_path, mode) -> None:
    path = file(tmp_path, f"token = {SECRET}", mode)
    with pytest.raises(UsageError, match="others can read the secrets in it; chmod 600") as told:
        auth.found("http://e.org/", path, {})
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("text", ["", "# nothing\n", f"pasword = {SECRET}\n", f"{SECRET}\n", "token = a\x07b\n"])
def test_a_file_that_is_none_is_told_without_what_it_holds(tmp_path, text) -> None:
    with pytest.raises(UsageError) as told:
        auth.found("http://e.org/", file(tmp_path, text), {})
    assert SECRET not in str(told.value)


def test_netrc_is_for_its_host_alone(fake, tmp_path) -> None:
    path = file(tmp_path, f"machine 127.0.0.1 login ann password {SECRET}\ndefault login x password y\n")
    assert isinstance(auth.found(fake.url, environ={"NETRC": path}), auth.Challenged)
    assert auth.found("http://elsewhere.example/", environ={"NETRC": path}) is None
    (tmp_path / "secrets").chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        auth.found(fake.url, environ={"NETRC": path})


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"KG_STORE_PASSWORD": SECRET}, "KG_STORE_USER"),
        ({"KG_STORE_USER": "ann"}, "KG_STORE_PASSWORD"),
        ({"KG_STORE_AUTH": "basic", "KG_STORE_USER": "ann"}, "KG_STORE_PASSWORD"),
        ({"KG_STORE_AUTH": "digest", "KG_STORE_PASSWORD": SECRET}, "KG_STORE_USER"),
    ],
)
def test_half_of_what_proves_who_asks_is_told(environ, missing) -> None:
    with pytest.raises(UsageError, match=f"{missing} .*must be set"):
        auth.found("http://e.org/", environ=environ)
    assert auth.found("http://e.org/", environ={"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": ""})


def test_half_of_a_file_is_told(tmp_path) -> None:
    with pytest.raises(UsageError, match="neither user nor token"):
        auth.found("http://e.org/", file(tmp_path, f"password = {SECRET}\n"), {})
    with pytest.raises(UsageError, match=r"password = …\) must be set"):
        auth.found("http://e.org/", file(tmp_path, "user = ann\n"), {})


@pytest.mark.parametrize(
    "environ",
    [
        {"KG_STORE_TOKEN": "tok€n"},
        {"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": "\udce9"},
        {"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": "\udce9", "KG_STORE_AUTH": "basic"},
        {"KG_STORE_USER": "\udce9", "KG_STORE_PASSWORD": "x", "KG_STORE_AUTH": "digest"},
        {"KG_STORE_USER": "a\r\nX-Evil: 1", "KG_STORE_PASSWORD": "x"},
    ],
)
def test_a_secret_that_cannot_be_sent_is_told_and_not_shown(environ) -> None:
    with pytest.raises(UsageError, match=r"^KG_STORE_\w+ holds ") as told:
        auth.found("http://e.org/", environ=environ)
    assert "tok" not in str(told.value)


def test_a_password_may_hold_any_text() -> None:
    who = auth.found("http://e.org/", environ={**USER, "KG_STORE_PASSWORD": "€", "KG_STORE_AUTH": "basic"})
    assert who.headers("GET", "http://e.org/", {}, None)["Authorization"] == "Basic YW5uOuKCrA=="


def test_what_is_loaded_is_signed_with_its_digest(fake, tmp_path) -> None:
    from kg.store.dialect import BUILT_IN
    from kg.store.session import Server

    fake.answer = (204, {}, b"")
    lines = [b"<urn:a> <urn:b> <urn:c> .\n"] * 2_000
    with Server(fake.url, BUILT_IN["neptune"], lambda: auth.found(fake.url, environ=signer(tmp_path)), 5) as store:
        store.add("urn:g", lines, "load")
    (asked,) = fake.asked
    assert asked.headers["x-signed"].split()[2] == hashlib.sha256(asked.body).hexdigest()
    assert asked.body == b"".join(lines)


def test_nothing_is_found_where_nothing_is_said(tmp_path) -> None:
    assert auth.found("http://e.org/", environ={"NETRC": str(tmp_path / "none")}) is None


@pytest.mark.parametrize(
    "environ",
    [{"KG_STORE_AUTH": "bearer"}, {"KG_STORE_AUTH": "basic"}, {"KG_STORE_AUTH": "signed"}, {"KG_STORE_SIGN": "'"},
     {"KG_STORE_TOKEN": "a\r\nX-Evil: 1"}, {"KG_STORE_AUTH": "basic", "KG_STORE_USER": "a:b"}],
)  # fmt: skip
def test_what_cannot_work_is_told_before_anything_is_sent(environ, tmp_path) -> None:
    with pytest.raises(UsageError):
        auth.found("http://e.org/", environ={**environ, "NETRC": str(tmp_path / "none")})


@pytest.mark.parametrize(
    "environ",
    [USER, {**USER, "KG_STORE_AUTH": "basic"}, {**USER, "KG_STORE_AUTH": "digest"}, {"KG_STORE_TOKEN": SECRET}],
)
def test_a_secret_is_in_no_message_repr_or_traceback(fake, environ) -> None:
    fake.answer = (401, {"WWW-Authenticate": ['Basic realm="x"', REALM.format(nonce="n", algorithm="MD5")]}, b"no")
    who = auth.found(fake.url, environ=environ)
    try:
        ask(fake, who)
    except KgError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    parts = [who, *(getattr(who, name, None) for name in ("_header", "_password", "_taken", "_user"))]
    shown += " ".join(map(repr, parts))
    proof = [asked.headers.get("authorization", "") for asked in fake.asked]
    for secret in (SECRET, *(word.split()[-1] for word in proof if word)):
        assert secret not in shown


def test_a_secret_in_the_clear_is_warned_of() -> None:
    who = auth.found("http://e.org/", environ={"KG_STORE_TOKEN": "x"})
    assert "goes to e.org unprotected" in str(auth.unprotected("http://e.org/sparql", who))
    for url in ("https://e.org/", "http://localhost:7878/", "http://127.0.0.1/", "http://[::1]:80/"):
        assert auth.unprotected(url, who) is None
    assert auth.unprotected("http://e.org/", None) is None


def test_a_redirection_takes_no_secret_along(fake) -> None:
    fake.answer = (302, {"Location": "http://elsewhere.example/sparql"}, b"")
    with pytest.raises(StoreError, match=r"points to http://elsewhere.example/sparql; give that URL"):
        ask(fake, auth.found(fake.url, environ={"KG_STORE_TOKEN": "x"}))
    assert len(fake.asked) == 1


def test_the_real_thing(virtuoso) -> None:
    url = virtuoso.url.replace("/sparql", "/sparql-auth")
    with Client(url, auth.found(url, environ=virtuoso.environ)) as client:
        body = b"INSERT DATA { GRAPH <urn:auth> { <urn:a> <urn:b> 1 } }"
        for _ in range(2):
            answer = client.request("POST", url, {"Content-Type": "application/sparql-update"}, body, step="update")
            assert answer.status == 200
    wrong = {**virtuoso.environ, "KG_STORE_PASSWORD": "wrong"}
    with Client(url, auth.found(url, environ=wrong)) as client, pytest.raises(StoreError, match="401"):
        client.request("POST", url, {"Content-Type": "application/sparql-update"}, body, step="update")


def test_signed_headers_are_json(tmp_path) -> None:
    made = auth.Signed(signer(tmp_path)["KG_STORE_SIGN"]).headers("GET", "http://e.org/", {"A": "b"}, None)
    assert json.loads(json.dumps(made)) == made
