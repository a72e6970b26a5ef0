"""What only the Web can tell: links that lead nowhere, and whether anybody links here.

Nothing else in the package opens a connection, and this does only when it is called. It is polite: HEAD where
that is understood, few hosts at once, one request at a time and a pause between them for each host. It is
careful: http and https alone, and no address that is not public, since the links come from somebody's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.check import measure
from kg.check.graph import Checked
from kg.dataset import Dataset
from kg.errors import UsageError
from kg.report import Finding
from kg.rule import finding
from kg.terms import iri_text
from kg.vocab import RDF

#: The rules that are checked here.
CODES = ("quality.link-dead", "quality.link-unasked", "quality.in-link")
#: What a server is told about who asks.
_AGENT = "kgexport (link check)"
#: Answers that say nothing about the link: who may see it, or how often one may ask.
_UNDECIDED = frozenset({401, 402, 403, 407, 408, 425, 429, 451})
#: Answers of a server that does not know HEAD.
_NO_HEAD = frozenset({400, 405, 501})
#: How many concepts one query asks about.
_BATCH = 200


class Request(NamedTuple):
    """One request: the method, the URL, and for POST a body with its media type."""

    method: str
    url: str
    body: bytes = b""
    media_type: str = ""


class Answer(NamedTuple):
    """What came back: the status after redirects and the body of a GET or POST; without a status, the problem."""

    status: int
    body: bytes = b""
    problem: str = ""


Opener = Callable[[Request, float], Answer]


class Manners(NamedTuple):
    """How the Web is asked: seconds to wait for an answer, seconds between two requests to a host, hosts at once."""

    timeout: float = 10.0
    delay: float = 1.0
    hosts: int = 4
    #: how many links are asked for; the others are counted
    most: int = 1000


POLITE = Manners()


def dead_links(dataset: Dataset, opener: Opener | None = None, manners: Manners = POLITE) -> Iterator[Finding]:
    """Yield a finding for each document that a Dataset links to and that cannot be had.

    A document is asked for once, however many terms in it are linked; the classes of things are not. A server
    that wants a password, or less haste, has not said that the link is dead.
    """
    checked = Checked(dataset)
    used = _documents(checked)
    asked = sorted(used)[: manners.most]
    answers = look_up(asked, opener or open_public, manners)
    for url in asked:
        answer = answers[url]
        if problem := _problem(answer):
            rows = sorted(used[url])
            words = {"target": f"<{url}>", "problem": problem}
            yield measure.told(checked, "quality.link-dead", rows[:6], *rows[0], **words)
    if len(used) > len(asked):
        yield finding("quality.link-unasked", count=f"{len(used) - len(asked):,}", most=f"{manners.most:,}")


def missing_in_links(
    dataset: Dataset, endpoint: str, opener: Opener | None = None, manners: Manners = POLITE
) -> Iterator[Finding]:
    """Yield the concepts that nothing at a SPARQL endpoint links to.

    Raises `UsageError` when the endpoint does not answer.
    """
    import json
    from time import sleep

    checked = Checked(dataset)
    named = checked.by_text(one for one in checked.concepts if checked.terms[one].startswith("<http"))
    linked: set[str] = set()
    for start in range(0, len(named), _BATCH):
        if start:
            sleep(manners.delay)
        values = " ".join(checked.terms[one] for one in named[start : start + _BATCH])
        query = f"SELECT DISTINCT ?c WHERE {{ VALUES ?c {{ {values} }} ?s ?p ?c }}"
        request = Request("POST", endpoint, query.encode(), "application/sparql-query")
        answer = (opener or open_public)(request, manners.timeout)
        try:
            rows = json.loads(answer.body)["results"]["bindings"]
            linked.update(f"<{row['c']['value']}>" for row in rows)
        except (ValueError, KeyError, TypeError) as error:
            problem = answer.problem or f"it answers {answer.status}"
            raise UsageError(f"{endpoint} does not answer a SPARQL query: {problem}") from error
    missing = [one for one in named if checked.terms[one] not in linked]
    yield from measure.concepts(checked, "quality.in-link", missing, len(named))


def _documents(checked: Checked) -> dict[str, list[tuple[str, str, str]]]:
    """Return the documents that are linked to, without fragments, each with the statements that link."""
    names, found = checked.terms, dict[str, list[tuple[str, str, str]]]()
    for predicate in checked.predicates:
        if predicate != RDF.type:
            for one, other in checked.pairs(predicate):
                if names[other].startswith(("<http://", "<https://")):
                    url = iri_text(names[other]).partition("#")[0]
                    found.setdefault(url, []).append((names[one], predicate, names[other]))
    return found


def look_up(urls: Sequence[str], opener: Opener, manners: Manners = POLITE) -> dict[str, Answer]:
    """Ask for documents: the hosts side by side, those of one host in a row."""
    from concurrent.futures import ThreadPoolExecutor
    from urllib.parse import urlsplit

    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    with ThreadPoolExecutor(manners.hosts) as pool:
        parts = pool.map(lambda of_host: list(_of_host(of_host, opener, manners)), hosts.values())
        return {url: answer for part in parts for url, answer in part}


def _of_host(urls: Iterable[str], opener: Opener, manners: Manners) -> Iterator[tuple[str, Answer]]:
    from time import sleep

    for number, url in enumerate(urls):
        if number:
            sleep(manners.delay)
        answer = opener(Request("HEAD", url), manners.timeout)
        if answer.status in _NO_HEAD:
            sleep(manners.delay)
            answer = opener(Request("GET", url), manners.timeout)
        yield url, answer


def _problem(answer: Answer) -> str:
    if answer.problem:
        return answer.problem
    dead = answer.status >= 400 and answer.status not in _UNDECIDED
    return f"the server answers {answer.status}" if dead else ""


# -- the way out -------------------------------------------------------------------


def open_public(request: Request, timeout: float) -> Answer:
    """Send a request to a public address of http or https, following redirects to such."""
    return _open(request, timeout, _refusal)


def open_anywhere(request: Request, timeout: float) -> Answer:
    """Send a request as `open_public` does, to private addresses as well: for one's own server."""
    return _open(request, timeout, lambda _: "")


def _open(request: Request, timeout: float, refusal: Callable[[str], str]) -> Answer:
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import HTTPRedirectHandler, build_opener
    from urllib.request import Request as Sent

    class Redirects(HTTPRedirectHandler):
        def redirect_request(self, *given: object) -> Sent | None:
            following = super().redirect_request(*given)  # type: ignore[arg-type]
            if following is not None and (problem := refusal(following.full_url)):
                raise URLError(problem)
            return following

    headers = {"User-Agent": _AGENT, "Accept": "text/turtle, application/rdf+xml;q=0.9, */*;q=0.5"}
    if request.media_type:
        headers |= {"Content-Type": request.media_type, "Accept": "application/sparql-results+json"}
    if problem := refusal(request.url):
        return Answer(0, problem=problem)
    sent = Sent(request.url, request.body or None, headers, method=request.method)  # noqa: S310 - see _refusal
    try:
        with build_opener(Redirects).open(sent, timeout=timeout) as response:
            return Answer(response.status, response.read(_MOST) if request.method == "POST" else b"")
    except HTTPError as error:
        with error:
            return Answer(error.code)
    except URLError as error:
        return Answer(0, problem=f"no answer: {error.reason}")
    except (OSError, HTTPException, ValueError) as error:
        return Answer(0, problem=f"no answer: {str(error) or type(error).__name__}")


#: How much of an answer is read.
_MOST = 16 << 20


def _refusal(url: str) -> str:
    """Say why a URL is not asked for, or return nothing."""
    from ipaddress import ip_address
    from socket import gaierror, getaddrinfo
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        port = parts.port or 80
    except ValueError as error:
        return f"no address: {error}"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"no address of http or https: {url}"
    try:
        found = {str(entry[4][0]) for entry in getaddrinfo(parts.hostname, port)}
    except (gaierror, UnicodeError):
        return f"nobody knows the host {parts.hostname}"
    if not all(ip_address(address.partition("%")[0]).is_global for address in found):
        return f"{parts.hostname} is not a public address, so it is not asked"
    return ""
