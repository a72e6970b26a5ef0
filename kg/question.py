"""A SPARQL query as text: what can be told of it without a store, and terms put in for its variables.

What is told holds for every dialect, since the query itself is not parsed: only
strings, IRIs, comments and escapes are known (SPARQL 1.1 Query Language, section 19).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from kg import terms
from kg.errors import QueryError

SELECT, ASK, CONSTRUCT, DESCRIBE = FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")

_DEPTH = 100
_COMPUTING = r"\b(?:BIND|AS|VALUES)\b"
_IRI = r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>'
_HIDDEN = re.compile(
    r"'''(?:'{0,2}(?:[^'\\]|\\.))*+'''"
    r'|"""(?:"{0,2}(?:[^"\\]|\\.))*+"""'
    r"|'(?:[^'\\\n\r]|\\.)*+'"
    r'|"(?:[^"\\\n\r]|\\.)*+"'
    rf"|{_IRI}|\#[^\n\r]*+|\\[-_~.!$&'()*+,;=/?\#@%]",
    re.DOTALL,
)
_WORD = r"(?<![\w:?$@.-])(?:{})(?![\w:-])"
_NAME = re.compile(r"[?$](\w+)")
_DATA = re.compile(_WORD.format("VALUES") + r"\s*(?:[?$]\w+|\([^()]*\))\s*\Z", re.IGNORECASE)
_TEMPLATE = re.compile(_WORD.format(CONSTRUCT) + r"\s*\Z", re.IGNORECASE)
_INNER = re.compile(r"\s*" + _WORD.format(SELECT), re.IGNORECASE)
_LIMIT = re.compile(_WORD.format("LIMIT") + r"\s+(\d+)", re.IGNORECASE)

_LITERAL = re.compile(
    r'"((?:[^"\\\n\r]|\\(?:[tbnrf"\'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))*+)"'
    rf"(?:@[A-Za-z]{{1,8}}(?:-[A-Za-z0-9]{{1,8}})*|\^\^({_IRI}))?"
)
_ABSOLUTE = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\\\x00-\x20]*')
#: Only escapes that no store replaces before it reads strings, as some do with `\u` (section 19.2).
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


class Question(NamedTuple):
    """A query: its text, and the same text with all that is no syntax blanked out, sign for sign."""

    text: str
    bare: str

    @classmethod
    def of(cls, text: str) -> Question:
        """Take the text of a query.

        Raises `QueryError` for an escape outside strings and IRIs, and for deep nesting.
        """
        bare = _HIDDEN.sub(_blank, text)
        if "\\" in bare:
            line = bare.count("\n", 0, bare.index("\\")) + 1
            raise QueryError(f"line {line}: a string is not closed, or an escape stands outside of one")
        depth = deepest = 0
        for sign in bare:
            depth += (sign in "{([") - (sign in "})]")
            deepest = max(deepest, depth)
        if deepest > _DEPTH:
            raise QueryError(f"the query is nested {deepest} deep; {_DEPTH} is the most")
        return cls(text, bare)

    @property
    def form(self) -> str:
        """Return the form of the query, one of `FORMS`.

        Raises `QueryError` for an update, and for what is no query.

        >>> Question.of("PREFIX ask: <urn:a#> # SELECT\\nconstruct {} {}").form
        'CONSTRUCT'
        """
        found = re.search(_WORD.format("|".join((*FORMS, *_UPDATES))), self.bare, re.IGNORECASE)
        if found is None:
            raise QueryError(f"this is no query: it has none of the words {', '.join(FORMS)}")
        word = found[0].upper()
        if word in _UPDATES:
            raise QueryError(f"{word} changes data, and a query only reads; kg load and kg unload change a store")
        return word

    @property
    def ordered(self) -> bool:
        """Tell whether the query says in which order its rows come."""
        return re.search(r"\bORDER\s+BY\b", self.bare, re.IGNORECASE) is not None

    @property
    def computes(self) -> bool:
        """Tell whether the query may answer with values that are not in the data."""
        return re.search(_COMPUTING, self.bare, re.IGNORECASE) is not None

    @property
    def asks_others(self) -> bool:
        """Tell whether the query would have another server asked."""
        return re.search(r"\bSERVICE\b", self.bare, re.IGNORECASE) is not None

    @property
    def limit(self) -> int | None:
        """Return the number of rows the whole query limits itself to; None where it does not.

        >>> Question.of("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 5 } }").limit
        >>> Question.of("SELECT * { ?s ?p 'LIMIT 3' } OFFSET 2 LIMIT 7").limit
        7
        """
        found = _LIMIT.search(self.bare, self.bare.rfind("}") + 1)
        return int(found[1]) if found else None

    def bind(self, bindings: Mapping[str, str]) -> Question:
        """Return the query with terms in the place of variables; whatever they hold, they stay terms.

        The terms stand as data (`VALUES`) in every group that names the variable, so that
        filters, aggregates and inner queries see them, and columns keep their names.

        Raises `QueryError` for a variable that the query does not name, and for what is no
        term in N-Triples form.

        >>> Question.of("ASK { ?c skos:prefLabel ?l }").bind({"l": '"} #"@en'}).text
        'ASK { VALUES ?l { "} #"@en } ?c skos:prefLabel ?l }'
        """
        if not bindings:
            return self
        data = {name: f"VALUES ?{name} {{ {spelt(name, term)} }}" for name, term in bindings.items()}
        named = set(_NAME.findall(self.bare))
        for name in data:
            if name not in named:
                raise QueryError(f"--bind {name}: the query has no variable ?{name}")
        put: list[tuple[int, str]] = []
        for start, end, top in _groups(self.bare):
            inside = set(_NAME.findall(self.bare, start, end))
            wanted = " ".join(values for name, values in data.items() if top or name in inside)
            if not wanted:
                continue
            inner = _INNER.match(self.bare, start)
            put.append((start, f" {wanted}{' {' * bool(inner)}"))
            if inner:
                put.append((end, "} "))
        if not any(top for _, _, top in _groups(self.bare)):
            put.append((len(self.text), "\n" + _trailing(bindings)))
        text = self.text
        for at, piece in sorted(put, key=lambda pair: pair[0], reverse=True):
            text = text[:at] + piece + text[at:]
        return Question.of(text)


def _blank(found: re.Match[str]) -> str:
    """Return as many signs that mean nothing; an escape is a part of a name."""
    return "".join("\n" if sign == "\n" else "_" if found[0][0] == "\\" else " " for sign in found[0])


def _groups(bare: str) -> list[tuple[int, int, bool]]:
    """Return where the groups of patterns begin and end within their braces, and whether each is the query's own.

    Data of `VALUES` and the template of a `CONSTRUCT` are no groups. A `CONSTRUCT` without
    a template has a group that takes no `VALUES`, so it is none either.
    """
    short = re.search(_WORD.format(CONSTRUCT) + r"\s*[^\s{]", bare, re.IGNORECASE) is not None
    found: list[tuple[int, int, bool]] = []
    opened: list[tuple[int, bool]] = []
    # What came before a brace, with each gap, which may be a long comment, as one space.
    seen: list[str] = [" "]
    parens = 0
    for at, sign in enumerate(bare):
        if sign in "()":
            parens += 1 if sign == "(" else -1
        elif sign == "{":
            before = "".join(seen[-2000:])
            group = not (_DATA.search(before) or _TEMPLATE.search(before) or (short and not opened))
            opened.append((at + 1, group))
        elif sign == "}" and opened:
            start, group = opened.pop()
            if group:
                found.append((start, at, not opened and parens == 0))
        if not (sign.isspace() and seen[-1] == " "):
            seen.append(" " if sign.isspace() else sign)
    return sorted(found)


def _trailing(bindings: Mapping[str, str]) -> str:
    variables = " ".join(f"?{name}" for name in bindings)
    return f"VALUES ({variables}) {{ ({' '.join(spelt(*pair) for pair in bindings.items())}) }}"


def spelt(name: str, term: str) -> str:
    """Return a term in N-Triples form as SPARQL that every store reads as this term and nothing else.

    Raises `QueryError` for what is no IRI or literal, and for signs that some stores cut text off at.
    """
    try:
        return _spelt(term)
    except ValueError as error:
        reason = f": {error}" if str(error) else ""
        raise QueryError(f'{name}: {term!r} is no term; write it as <IRI>, "text" or "text"@en{reason}') from None


def _spelt(term: str) -> str:
    if term[:1] == "<" and term[-1:] == ">" and len(term) > 1:
        text = terms.unescape(term[1:-1])
        if not _ABSOLUTE.fullmatch(text):
            raise ValueError("the IRI is not absolute, or holds signs that no IRI has")
        return f"<{_sound(text)}>"
    found = _LITERAL.fullmatch(term)
    if found is None:
        raise ValueError
    end = term[found.end(1) + 1 :]
    if found[2] is not None:
        end = f"^^{_spelt(found[2])}"
    return f'"{_sound(terms.unescape(found[1])).translate(_ESCAPES)}"{end}'


def _sound(text: str) -> str:
    for sign in text:
        if sign == "\0" or "\ud800" <= sign <= "\udfff":
            raise ValueError(f"U+{ord(sign):04X} is no sign that a store keeps")
    return text
