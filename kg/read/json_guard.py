"""What of a JSON text may reach a parser: strict JSON of bounded depth whose contexts are all at hand.

Most documents are plain: one context of prefixes and terms at the top, or none. Of
those one linear pass makes sure that pyoxigraph reads every statement in them, and
pyoxigraph reads them. All others go through our own expansion (`kg.syntax.jsonld`),
which follows the specification and tells what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from kg.errors import SourceError
from kg.limits import Limits
from kg.read.json_plain import NotPlain, plain
from kg.syntax.json import JsonProblem, holds, read
from kg.syntax.jsonld import packaged_contexts
from kg.syntax.resolve import resolve

#: A stretch of a document that cuts no string in two.
_STRETCH = re.compile(rb'(?:[^"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"){1,20000}+', re.DOTALL)
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))
_DEPTH = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_CONTEXT = re.compile(r'"@context"[ \t\n\r]*:[ \t\n\r]*')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"{\0", b"[\0", b"\0{", b"\0[")
#: Contexts with more terms than this describe no data; they are there to hurt.
_MOST_TERMS = 100_000
#: Expansion follows the nesting with the stack of the interpreter, whatever --max-depth says.
_DEEPEST = 200


class Guarded(bytes):
    """A document that may be parsed: its bytes, the contexts it names, and whether pyoxigraph reads it as it is."""

    contexts: Mapping[str, Any]
    plain: bool
    #: whether a byte order mark stood before it
    marked: bool


def guard(
    data: bytes, path: str, limits: Limits, contexts: Mapping[str, str] | None = None, base: str | None = None
) -> Guarded:
    """Return a JSON-LD document as it may be parsed; a context it names by URL is put in its place.

    `contexts` are the texts of remote contexts by URL, besides the packaged ones; a
    relative reference is looked up as it stands, and resolved against `base`. Nothing
    is fetched and no file is opened. A byte order mark is taken off; `kg.read.jsonld.parse` tells it.

    Raises `SourceError`, with the line, for bytes that are not UTF-8, for text that is
    not strict JSON (repeated names, NaN, numbers no double holds, half characters) and
    for a context that is not at hand; `LimitError` for nesting over `limits.max_depth`.
    """
    marked = data.startswith(_BOM)
    data = data.removeprefix(_BOM)
    text = _decoded(data, path)
    _check_depth(data, path, limits)
    _check_json(text, path)
    known = _Contexts(path, contexts or {}, base)
    try:
        places = list(_contexts(text, path))
        known.gather(text, places)
        made = Guarded(plain(text, places, known.documents).encode())
        made.plain = True
    except NotPlain:
        made = Guarded(data)
        made.plain = False
    made.contexts, made.marked = known.documents, marked
    return made


def _decoded(data: bytes, path: str) -> str:
    if data[:2] in _UTF_16:
        raise SourceError(path, "UTF-16, not UTF-8; save the file as UTF-8", 1)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(path, f"not UTF-8: byte 0x{data[error.start]:02x}; save the file as UTF-8", line) from error


def _check_depth(data: bytes, path: str, limits: Limits) -> None:
    """Refuse nesting over the cap, without following it."""
    deepest = min(limits.max_depth, _DEEPEST)
    at = depth = 0
    while (found := _STRETCH.match(data, at)) and depth <= deepest:
        brackets = _STRINGS.sub(b"", found[0]).translate(None, _OTHERS)
        levels = list(accumulate(map(_DEPTH.__getitem__, brackets), initial=depth))
        at, depth = found.end(), max(levels) if max(levels) > deepest else levels[-1]
    if depth <= deepest:
        return
    depth = 0
    for found in _BRACKETS.finditer(data):
        depth += _DEPTH.get(found[0][0], 0)
        if depth > deepest:
            line = data.count(b"\n", 0, found.start()) + 1
            if deepest < limits.max_depth:
                raise SourceError(path, f"is nested deeper than {deepest} levels, and no deeper is read", line)
            error = limits.over("max_depth", path)
            error.line = line
            raise error


def _check_json(text: str, path: str) -> None:
    """Refuse what is not strict JSON; the quick parser looks first, the one that knows places only on trouble."""
    import json

    checked: set[tuple[str, ...]] = set()

    def unique(pairs: list[tuple[str, Any]]) -> None:
        names = tuple([name for name, _ in pairs])
        if names not in checked:
            if len(set(names)) < len(names):
                raise ValueError(names)
            checked.add(names)

    try:
        json.loads(text, object_pairs_hook=unique, parse_constant=_refuse, parse_float=_number, parse_int=_number)
        if not _SURROGATE.search(text):
            return
    except ValueError:
        pass  # told below, with its place
    try:
        read(text)
    except JsonProblem as problem:
        line = text.count("\n", 0, problem.offset) + 1
        raise SourceError(path, f"not JSON: {problem.reason}", line) from problem


def _refuse(word: str) -> None:
    raise ValueError(word)


def _number(token: str) -> None:
    if not holds(token):
        raise ValueError(token)


def _contexts(text: str, path: str) -> Iterator[tuple[int, int, Any]]:
    """Yield start, end and value of every @context entry.

    A quotation mark inside a string has a backslash before it, so what is found is a name.
    """
    import json
    from decimal import Decimal

    terms = 0

    def counted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal terms
        terms += len(pairs)
        if terms > _MOST_TERMS:
            raise SourceError(path, f"its contexts hold more than {_MOST_TERMS} terms", 1)
        return dict(pairs)

    decoder = json.JSONDecoder(object_pairs_hook=counted, parse_float=Decimal, parse_int=Decimal)
    for found in _CONTEXT.finditer(text):
        value, end = decoder.raw_decode(text, found.end())
        yield found.end(), end, value


class _Contexts:
    """The remote contexts of a document: each is known, or the document is refused."""

    def __init__(self, path: str, given: Mapping[str, str], base: str | None) -> None:
        self.path, self.given, self.base = path, given, base
        self.documents: dict[str, Any] = {}

    def gather(self, text: str, places: list[tuple[int, int, Any]]) -> None:
        """Find every reference to a context, in the text and in the contexts themselves."""
        for start, _, value in places:
            for reference in references(value):
                # What a JSON literal holds is no context; only expansion knows which is one.
                if self.add(reference, self.base) is None and '"@json"' not in text:
                    line = text.count("\n", 0, start) + 1
                    raise SourceError(self.path, refusal(reference), line)

    def add(self, reference: str, base: str | None) -> Any:
        """Return the document of a reference, with what it refers to; None when it is not at hand."""
        url = resolve(base, reference)
        if url in self.documents:
            return self.documents[url]
        text = self.given.get(url, self.given.get(reference))
        document = packaged_contexts().get(url) if text is None else self.parsed(url, text)
        if document is None:
            return None
        self.documents[url] = document
        for inner in references(document):
            if self.add(inner, url) is None:
                raise SourceError(url, refusal(resolve(url, inner)))
        return document

    def parsed(self, url: str, text: str) -> Any:
        """Return the content of a context document."""
        try:
            return read(text.removeprefix("\ufeff"))[0]
        except JsonProblem as problem:
            line = text.count("\n", 0, problem.offset) + 1
            raise SourceError(url, f"not JSON: {problem.reason}", line) from problem


def refusal(reference: str) -> str:
    """Say that a context is not at hand, and what to do."""
    return f"the context {reference} is not at hand, and nothing is fetched; name its file: --context {reference}=FILE"


def references(value: Any) -> Iterator[str]:
    """Yield the references to other contexts in a context or a context document.

    >>> list(references(["http://e.org/a", {"@import": "b", "t": {"@id": "x:y", "@context": "c"}}]))
    ['http://e.org/a', 'b', 'c']
    """
    todo = [value]
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, dict):
            if isinstance(value.get("@import"), str):
                yield value["@import"]
            inner = [item["@context"] for item in value.values() if isinstance(item, dict) and "@context" in item]
            todo.extend(reversed([*([value["@context"]] if "@context" in value else []), *inner]))
