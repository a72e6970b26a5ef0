"""Dialects that no test here runs for real: the requests of their documentation, replayed.

A transcript holds, for one dialect, the public pages it follows, what they say, and the
requests that make it up with answers. A server plays the store; what our client sends
must be these requests. `verified` in the table of dialects stays for real stores.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from kg.store import auth
from kg.store.dialect import BUILT_IN
from kg.store.session import Server

TRANSCRIPTS = {
    path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "transcripts").glob("*.json")
}
SIGNER = 'import json,sys; print(json.dumps({"X-Signed": json.load(sys.stdin)["method"]}))'


def test_every_dialect_is_verified_or_documented() -> None:
    assert set(TRANSCRIPTS) == {name for name, dialect in BUILT_IN.items() if not dialect.verified}
    for name, transcript in TRANSCRIPTS.items():
        assert transcript["dialect"] == name and transcript["says"]
        assert all(page.startswith("https://") for page in transcript["documentation"])
        assert [step["do"] for step in transcript["steps"] if "again" not in step] == ["query", "update", "add"]


@pytest.mark.parametrize("name", sorted(TRANSCRIPTS))
def test_the_requests_are_those_of_the_documentation(name, fake) -> None:
    transcript = TRANSCRIPTS[name]
    steps = transcript["steps"]
    left = iter([step["response"] for step in steps])

    def answer(_):
        told = next(left)
        text = told["body"] if isinstance(told["body"], str) else json.dumps(told["body"])
        return told["status"], told["headers"], text.encode()

    fake.answer = answer
    environ = {
        key: value.replace("{signer}", f"{sys.executable} -c '{SIGNER}'")
        for key, value in transcript["environ"].items()
    }
    url = fake.url.removesuffix("/sparql") + transcript["root"]
    with Server(url, BUILT_IN[name], lambda: auth.found(url, environ={"NETRC": "/none", **environ}), 10) as server:
        for step in steps:
            if "again" in step:
                continue
            if step["do"] == "query":
                assert server.rows(step["text"], "query", 1) == [("<urn:s>",)]
            elif step["do"] == "update":
                server.update(step["text"], "update")
            else:
                server.add(step["graph"], step["lines"].encode().splitlines(keepends=True), "load")
    assert len(fake.asked) == len(steps)
    for asked, step in zip(fake.asked, steps, strict=True):
        wanted = step["request"]
        assert (asked.method, asked.target) == (wanted["method"], wanted["target"])
        assert {**asked.headers, **wanted.get("headers", {})} == asked.headers
        assert not set(wanted.get("without", [])) & set(asked.headers)
        if "form" in wanted:
            assert [list(pair) for pair in parse_qsl(asked.body.decode(), strict_parsing=True)] == wanted["form"]
        else:
            assert asked.body.decode() == wanted["body"]
