"""JSON with places: one linear pass, no recursion, every value with its range.

Ranges count characters of the decoded text. Reading is strict (RFC 8259): no
duplicate names, no NaN, no lone surrogates, one value a text.
"""

from __future__ import annotations

import re
from typing import Any

from kg.text import Span

#: Where the values of each object and array stand, by the id of the container: by name or number; a name's own
#: range is under ``("key", name)``.
Places = dict[int, dict[Any, Span]]

_TOKEN = re.compile(
    r"[ \t\n\r]*(?:(?P<string>\"[^\"\\\x00-\x1f]*(?:\\.[^\"\\\x00-\x1f]*)*\")|(?P<mark>[{}\[\],:])"
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9A-Za-z.+\-])"
    r"|(?P<word>true|false|null)\b)"
)
_WORDS = {"true": True, "false": False, "null": None}
_SHOWN = 20


class JsonProblem(ValueError):
    """Text that is not JSON; `offset` is the character where reading stopped."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason, offset)
        self.reason, self.offset = reason, offset


def read(text: str) -> tuple[Any, Places]:
    """Read JSON into dicts, lists, strings, bools, None and `Decimal`s, with the place of each value.

    Raises `JsonProblem` where the text is not strict JSON.

    >>> content, places = read('{"a": [1, "x"]}')
    >>> content, places[id(content["a"])][1]
    ({'a': [Decimal('1'), 'x']}, Span(start=10, end=13))
    """
    reader = _Reader(text)
    at = 0
    while reader.open:
        at = reader.step(at)
    if rest := re.compile(r"[ \t\n\r]*([^ \t\n\r])").match(text, at):
        raise JsonProblem("something follows the end of the document", rest.start(1))
    del reader.places[id(reader.root)]
    return reader.root[0], reader.places


class _Reader:
    """The state between two tokens: the open containers, the name that waits for its value, what may come next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: list[Any] = []
        self.places: Places = {id(self.root): {}}
        #: each open container, the offset of its start, and the name it stands under in the one around it
        self.open: list[tuple[Any, int, str]] = [(self.root, 0, "")]
        self.key = ""
        self.wanted = "value"

    def step(self, at: int) -> int:
        """Take one token and return where it ends."""
        found = _TOKEN.match(self.text, at)
        if found is None:
            rest = re.compile(r"[ \t\n\r]*(\"|[^\s\"{}\[\],:]{1,20}|.?)", re.DOTALL).match(self.text, at)
            shown, start = (rest[1], rest.start(1)) if rest else ("", at)
            raise JsonProblem(_NO_TOKEN.get(shown, f"{shown!r} is no JSON"), start)
        kind = found.lastgroup or ""
        start, end = found.span(kind)
        if kind == "mark":
            self.mark(found[kind], start)
        elif kind == "string" and self.wanted in ("name", "name or '}'"):
            self.name(found[kind], start)
        else:
            self.expect("value", "value or ']'", found[kind], start)
            self.put(self.scalar(kind, found[kind], start), Span(start, end))
        return end

    def expect(self, wanted: str, other: str, shown: str, start: int) -> None:
        """Refuse a token that may not stand here."""
        if self.wanted not in (wanted, other):
            raise JsonProblem(f"{shown[:_SHOWN]} where a {self.wanted} should be", start)

    def mark(self, mark: str, start: int) -> None:
        """Take a bracket, a comma or a colon."""
        if mark in "{[":
            self.expect("value", "value or ']'", mark, start)
            made: Any = {} if mark == "{" else []
            self.places[id(made)] = {}
            self.open.append((made, start, self.key))
            self.wanted = "name or '}'" if mark == "{" else "value or ']'"
        elif mark == ":":
            self.expect("colon", "", mark, start)
            self.wanted = "value"
        elif mark == ",":
            self.expect("comma", "", mark, start)
            self.wanted = "name" if isinstance(self.open[-1][0], dict) else "value"
        else:
            made, begun, key = self.open[-1]
            self.expect("comma", "name or '}'" if mark == "}" else "value or ']'", mark, start)
            if isinstance(made, dict) != (mark == "}"):
                raise JsonProblem(f"{mark} closes what {'{' if isinstance(made, dict) else '['} opened", start)
            self.open.pop()
            self.key = key
            self.put(made, Span(begun, start + 1))

    def name(self, token: str, start: int) -> None:
        """Take the name of an entry."""
        self.key = self.string(token, start)
        around = self.open[-1][0]
        if self.key in around:
            raise JsonProblem(f"the name {self.key!r} stands twice in one object", start)
        self.places[id(around)]["key", self.key] = Span(start, start + len(token))
        self.wanted = "colon"

    def put(self, value: Any, span: Span) -> None:
        """Put a finished value where it belongs."""
        around = self.open[-1][0]
        if isinstance(around, dict):
            around[self.key] = value
            self.places[id(around)][self.key] = span
        else:
            self.places[id(around)][len(around)] = span
            around.append(value)
        self.wanted = "comma"
        if around is self.root:
            self.open.pop()

    def scalar(self, kind: str, token: str, start: int) -> Any:
        """Return the value of a token."""
        if kind == "string":
            return self.string(token, start)
        if kind == "word":
            return _WORDS[token]
        if not holds(token):
            raise JsonProblem(f"no double holds the number {token[:_SHOWN]}", start)
        from decimal import Decimal

        return Decimal(token)

    def string(self, token: str, start: int) -> str:
        """Return the text of a string token."""
        if "\\" not in token:
            return token[1:-1]
        import json

        try:
            text: str = json.loads(token)
            text.encode()
        except json.JSONDecodeError as error:
            raise JsonProblem(f"a bad escape: {token[error.pos : error.pos + 6]}", start + error.pos) from error
        except UnicodeEncodeError as error:
            raise JsonProblem("half of a surrogate pair, which is no character", start) from error
        return text


_NO_TOKEN = {"": "the text ends too early", '"': "a string that does not end, or holds a control character"}


def holds(number: str) -> bool:
    """Tell whether a JSON number lies in the range of a double: neither over it nor rounded to nothing.

    >>> holds("1.10"), holds("1e400"), holds("1e-400"), holds("0e5")
    (True, False, False, True)
    """
    value = float(number)
    return abs(value) != float("inf") and (value != 0 or not re.match(r"-?[0.]*[1-9]", number))
