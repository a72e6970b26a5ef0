"""`kg validate --online`: the process that reads the sources has no network, so its requests are made outside of it.

First the limited process reads and says what it would ask for; then this one asks, of
public addresses only where a source names them; then the limited process checks with the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from kg.check.online import Answer, Opener, Request
    from kg.dataset import Dataset
    from kg.pipeline import Job
    from kg.report import Report
    from kg.rule.choice import Choice

F = TypeVar("F", bound=Callable[..., Any])

#: What no query can take for an answer with a row.
_NO_ROWS = b'{"results": {"bindings": []}}'


class Online(NamedTuple):
    """What is asked of the Web: a SPARQL endpoint that may link here, and the answers once they are there."""

    endpoint: str | None = None
    answers: Mapping[Request, Answer] = {}


def ONLINE(function: F) -> F:  # noqa: N802 - a stack of options, as READING is
    """Add the options that ask the Web to a command."""
    for option in (
        click.option(
            "--endpoint",
            metavar="URL",
            help="Check what a SPARQL store holds; with --online, one that should link here.",
        ),
        click.option("--online", is_flag=True, help="Look up the links, too; nothing else here uses the network."),
    ):
        function = option(function)
    return function


def online_of(given: dict[str, Any]) -> Online | None:
    """Take what is asked of the Web out of a command's options; None when nothing is.

    Raises `UsageError` for an endpoint without `--online`, or one that is no address.
    """
    from kg.errors import UsageError
    from kg.iri import check_iri

    online, endpoint = given.pop("online"), given.pop("endpoint")
    if endpoint and not online:
        raise UsageError("--endpoint: it is asked only with --online")
    if endpoint and (check_iri(endpoint) or not endpoint.startswith(("http://", "https://"))):
        raise UsageError(f"--endpoint {endpoint}: write an address that begins with http:// or https://")
    return Online(endpoint) if online else None


def requests(job: Job, choice: Choice, online: Online) -> list[Request]:
    """Return what the sources of a job make one ask for, in a fixed order."""
    from kg.check.online import Answer
    from kg.pipeline import read

    asked: list[Request] = []

    def note(request: Request, _: float) -> Answer:
        asked.append(request)
        return Answer(200, _NO_ROWS)

    _check(read(job, evidence=False), choice, online, note)
    return sorted(asked)


def fetched(asked: list[Request]) -> dict[Request, Answer]:
    """Ask, politely, and return the answers."""
    from time import sleep

    from kg.check.online import POLITE, Request, look_up, open_anywhere, open_public

    urls = [request.url for request in asked if request.method == "HEAD"]
    answers = {Request("HEAD", url): answer for url, answer in look_up(urls, open_public).items()}
    for number, request in enumerate(request for request in asked if request.method != "HEAD"):
        if number:
            sleep(POLITE.delay)
        # The endpoint was named by the caller, not by a source: it may be a server of one's own.
        answers[request] = open_anywhere(request, POLITE.timeout)
    return answers


def checked_online(dataset: Dataset, choice: Choice, online: Online) -> Report:
    """Return what the answers tell about a Dataset."""
    from kg.check.online import Answer

    def answer(request: Request, _: float) -> Answer:
        key = request._replace(method="HEAD") if request.method == "GET" else request
        return online.answers.get(key, Answer(0, problem="it was not asked for: the sources have changed since"))

    return _check(dataset, choice, online, answer)


def _check(dataset: Dataset, choice: Choice, online: Online, opener: Opener) -> Report:
    from kg.check.online import POLITE
    from kg.pipeline import check_online

    # Nothing is asked here, so nobody is to be spared.
    return check_online(dataset, choice, opener, online.endpoint, POLITE._replace(delay=0))
