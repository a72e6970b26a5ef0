"""Who asks a store: Basic, Digest, Bearer, or requests signed by a hook.

Secrets come from the environment, from a file that its owner alone may read, or from
netrc; never from the command line. None of them is in a message, a log or a `repr`.

`KG_STORE_USER` and `KG_STORE_PASSWORD` answer the challenge of the store, by Digest
where it offers that; `KG_STORE_TOKEN` is a bearer token; `KG_STORE_SIGN` is a command
that signs each request. `KG_STORE_AUTH` names one way and insists on it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from kg.errors import UnknownName, UsageError
from kg.store.address import checked, origin
from kg.store.protocol import Auth

USER, PASSWORD, TOKEN, SIGN, WAY = (f"KG_STORE_{name}" for name in ("USER", "PASSWORD", "TOKEN", "SIGN", "AUTH"))

#: Entry points of this group are further ways: a name for `KG_STORE_AUTH`, and a function of the URL.
GROUP = "kg.store.auth"
_FIELDS = ("user", "password", "token")
_SAFE_HOSTS = ("localhost", "127.0.0.1", "::1")


class _Secret:
    """A value that no message shows."""

    __slots__ = ("value",)

    def __init__(self, value: str, where: str, encoding: str = "utf-8") -> None:
        self.value = _sound(value, where, encoding)

    def __repr__(self) -> str:
        return "<secret>"


def _sound(value: str, where: str, encoding: str = "utf-8") -> str:
    """Return a value that can be sent.

    Raises `UsageError`, which does not show it, for one that cannot.
    """
    if any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in value):
        raise UsageError(f"{where} holds a control character; a line end at its close is left out")
    try:
        value.encode(encoding)
    except UnicodeEncodeError:
        what = "bytes that are not UTF-8" if encoding == "utf-8" else "a sign that no header can (it is not Latin-1)"
        raise UsageError(f"{where} holds {what}; set it again") from None
    return value


class Basic:
    """Name and password in every request (RFC 7617); `host` is the one they are for, where it is only one."""

    __slots__ = ("_header", "host")

    def __init__(self, user: str, password: str, host: str = "") -> None:
        import base64

        if ":" in user:
            raise UsageError("Basic authentication knows no user with a colon in the name")
        pair = base64.b64encode(f"{_sound(user, USER)}:{_sound(password, PASSWORD)}".encode()).decode()
        self._header, self.host = _Secret(f"Basic {pair}", PASSWORD), host

    def headers(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Mapping[str, str]:  # noqa: ARG002 - the form of `Auth`
        """Return the header that proves it."""
        return {"Authorization": self._header.value}

    def challenged(self, method: str, url: str, challenge: str) -> bool:  # noqa: ARG002 - the form of `Auth`
        """Tell that nothing better can be sent."""
        return False


class Bearer(Basic):
    """A token in every request (RFC 6750)."""

    __slots__ = ()

    def __init__(self, token: str) -> None:
        self._header, self.host = _Secret(f"Bearer {token}", TOKEN, "latin-1"), ""


class Challenged:
    """Name and password, by Digest or Basic, whichever the store asks for; nothing before it asks.

    `host` is the one they are for, where it is only one. What one server asked for is no
    answer to another.
    """

    __slots__ = ("_password", "_taken", "_user", "host", "ways")

    def __init__(self, user: str, password: str, ways: tuple[str, ...] = ("digest", "basic"), host: str = "") -> None:
        self._user, self._password, self.ways = _sound(user, USER), _Secret(password, PASSWORD), ways
        self.host = host
        self._taken: dict[tuple[str, str, int], Auth] = {}

    def headers(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Mapping[str, str]:
        """Return what answers the last challenge."""
        taken = self._taken.get(origin(url))
        return {} if taken is None else taken.headers(method, url, headers, body)

    def challenged(self, method: str, url: str, challenge: str) -> bool:
        """Take the best way that is offered; False where none is, or where it was tried."""
        server = origin(url)
        before = self._taken.pop(server, None)
        if before is not None and before.challenged(method, url, challenge):
            self._taken[server] = before
            return True
        from kg.store.digest import Digest, challenges

        offered = challenges(challenge)
        taken: Auth | None = None
        if "digest" in self.ways:
            taken = Digest.best(self._user, self._password.value, offered)
        if taken is None and "basic" in self.ways and any(scheme == "basic" for scheme, _ in offered):
            taken = Basic(self._user, self._password.value)
        if taken is not None:
            self._taken[server] = taken
        return taken is not None and before is None


class Signed:
    """Requests that a command signs: it reads the request as JSON and prints the headers to add as JSON.

    It gets `method`, `url`, `headers` and `sha256`, the digest of the body in hexadecimal.
    """

    __slots__ = ("_command",)

    def __init__(self, command: str) -> None:
        import shlex

        try:
            self._command = shlex.split(command)
        except ValueError as error:
            raise UsageError(f"{SIGN} cannot be read as a command ({error})") from None
        if not self._command:
            raise UsageError(f"{SIGN} names no command")

    def headers(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Mapping[str, str]:
        """Return the headers that the command prints.

        Raises `UsageError` where it fails; what it says on standard error is shown as it is.
        """
        import hashlib
        import json
        import subprocess

        digest = hashlib.sha256(body or b"").hexdigest()
        asked = json.dumps({"method": method, "url": url, "headers": dict(headers), "sha256": digest})
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
                self._command, input=asked.encode(), stdout=subprocess.PIPE, timeout=60, check=False
            )
        except OSError as error:
            raise UsageError(f"{SIGN}: the command cannot be run ({error.strerror})") from None
        except subprocess.TimeoutExpired:
            raise UsageError(f"{SIGN}: the command did not answer within 60 s") from None
        if done.returncode:
            raise UsageError(f"{SIGN}: the command failed with code {done.returncode}")
        return _signed(done.stdout)

    def challenged(self, method: str, url: str, challenge: str) -> bool:  # noqa: ARG002 - the form of `Auth`
        """Tell that nothing better can be sent."""
        return False


def _signed(printed: bytes) -> dict[str, str]:
    import json
    import re

    from kg.store.digest import TOKEN as WORD

    try:
        made: Any = json.loads(printed)
    except (ValueError, RecursionError):
        made = None
    if not isinstance(made, dict) or not all(isinstance(value, str) for value in made.values()):
        raise UsageError(f"{SIGN}: the command has to print a JSON object of headers, name and text")
    if not all(re.fullmatch(WORD, name) for name in made):
        raise UsageError(f"{SIGN}: the command printed what is no name of a header")
    return {name: _sound(value, f"{SIGN}: a header of the command", "latin-1") for name, value in made.items()}


def found(url: str, path: str | None = None, environ: Mapping[str, str] | None = None) -> Auth | None:
    """Return who asks the store at `url`; None where nothing is said of it.

    The file at `path` goes before the environment (`environ`, by default that of the
    process), which goes before netrc (`NETRC` or `~/.netrc`).

    Raises `UsageError` for a URL that is none or holds a secret, for a file that others can read or that
    cannot be read, and for a way that is not known or lacks its secret.
    """
    url = checked(url)
    environ = os.environ if environ is None else environ
    told = {name: environ[f"KG_STORE_{name.upper()}"] for name in _FIELDS if f"KG_STORE_{name.upper()}" in environ}
    given = _file(path) if path is not None else told
    way = environ.get(WAY, "").lower()
    if not any(given.values()) and path is None and not environ.get(SIGN):
        given = _netrc(url, environ)
    if not way:
        way = "signed" if environ.get(SIGN) and path is None else "bearer" if given.get("token") else ""
        way = way or ("challenge" if given.get("user") or given.get("password") else "")
    if not way:
        return None
    if way in _WAYS:
        return _WAYS[way](given, environ)
    return _entry(way, url)


def _needed(given: Mapping[str, str], *names: str) -> list[str]:
    # A password may be empty, but somebody has to say so.
    missing = [name for name in names if not (given.get(name) or (name == "password" and name in given))]
    if missing:
        variables = " and ".join(f"KG_STORE_{name.upper()}" for name in missing)
        lines = " and ".join(f"{name} = …" for name in missing)
        raise UsageError(f"{variables} (in a file of secrets: {lines}) must be set for this way to authenticate")
    return [given[name] for name in names]


def _by_challenge(*ways: str) -> Callable[[Mapping[str, str], Mapping[str, str]], Auth]:
    def made(given: Mapping[str, str], _: Mapping[str, str]) -> Auth:
        user, password = _needed(given, "user", "password")
        return Challenged(user, password, ways, given.get("host", ""))

    return made


def _at_once(given: Mapping[str, str], _: Mapping[str, str]) -> Auth:
    user, password = _needed(given, "user", "password")
    return Basic(user, password, given.get("host", ""))


_WAYS: Mapping[str, Callable[[Mapping[str, str], Mapping[str, str]], Auth]] = {
    "challenge": _by_challenge("digest", "basic"),
    "digest": _by_challenge("digest"),
    "basic": _at_once,
    "bearer": lambda given, _: Bearer(*_needed(given, "token")),
    "signed": lambda _, environ: Signed(environ.get(SIGN, "")),
}


def _entry(way: str, url: str) -> Auth:
    from importlib.metadata import entry_points

    named = {point.name: point for point in entry_points(group=GROUP)}
    if way not in named:
        raise UnknownName("way to authenticate", way, [*_WAYS, *named])
    made: Auth = named[way].load()(url)
    return made


def _file(path: str) -> dict[str, str]:
    """Read a file of lines such as `user = ann`, `password = …`, `token = …`."""
    try:
        with open(path, encoding="utf-8") as file:
            _private(path, os.fstat(file.fileno()))
            lines = file.read().splitlines()
    except OSError as error:
        raise UsageError(f"{path}: the secrets cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file of secrets is not UTF-8") from None
    given = {}
    for number, line in enumerate(lines, 1):
        name, equals, value = line.partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not equals or name.strip() not in _FIELDS:
            raise UsageError(f"{path}:{number}: write user = …, password = … or token = …, one a line")
        given[name.strip()] = value.strip()
    if not (given.get("user") or given.get("token")):
        raise UsageError(f"{path}: the file holds neither user nor token")
    return given


def _private(path: str, status: os.stat_result) -> None:
    """Refuse a file of secrets that somebody else can read or has written."""
    if os.name != "posix":
        return
    if status.st_mode & 0o077:
        raise UsageError(f"{path}: others can read the secrets in it; chmod 600 closes it")
    if status.st_uid not in {os.geteuid(), 0}:
        raise UsageError(f"{path}: the secrets belong to somebody else; use a file of your own")


def _netrc(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Look a host up in netrc; its name alone counts, as for other programs."""
    path = environ.get("NETRC") or os.path.join(os.path.expanduser("~"), ".netrc")
    if not os.path.isfile(path):
        return {}
    import netrc
    from urllib.parse import urlsplit

    try:
        # `default` is not for us: a secret goes to the host it was written for.
        host = urlsplit(url).hostname or ""
        entry = netrc.netrc(path).hosts.get(host)
        if entry is not None:
            _private(path, os.stat(path))
    except (OSError, UnicodeDecodeError):
        return {}  # a file that other programs may need, and nobody has named here
    except netrc.NetrcParseError as error:
        raise UsageError(f"{path}:{error.lineno}: this is no line of netrc") from None
    return {"user": entry[0], "password": entry[2] or "", "host": host} if entry else {}


def keep_to(url: str, update_url: str, auth: Auth | None) -> None:
    """See that a secret of netrc, which is for one host, does not go to another one with the updates.

    Raises `UsageError` where it would.
    """
    if getattr(auth, "host", "") and origin(url) != origin(update_url):
        reason = f"netrc tells the password of {origin(url)[1]}, and --update-url is at another place"
        raise UsageError(f"{reason}; give what is for both in {USER} and {PASSWORD}, or with --auth-file")


def unprotected(url: str, auth: Auth | None, update_url: str | None = None) -> str | None:
    """Return a warning where a secret would go over the network as it is, with queries or with updates.

    Raises `UsageError` for a URL that is none or holds a secret itself.
    """
    places = [origin(checked(place)) for place in (url, update_url) if place]
    clear = dict.fromkeys(host for scheme, host, _ in places if scheme == "http" and host not in _SAFE_HOSTS)
    if auth is None or isinstance(auth, Signed) or not clear:
        return None
    hosts = " and ".join(clear)
    return f"the secret goes to {hosts} unprotected, since the URL begins with http://; use https://"
