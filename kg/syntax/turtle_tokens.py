"""Tokens of the Turtle family with their places: Turtle, TriG, N-Triples, N-Quads.

One expression knows every token of W3C RDF 1.1 Turtle (section 6.5), and what people
write in its place: an IRI with a space, a malformed tag. It is tried at one place
after the other and never goes back over text (all repeats are possessive), so time is
linear whatever the text holds. A second expression passes over a whole statement at
once; nine statements of ten are not worth a closer look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = _BASE + "_0-9"
_SIGN = _START + "\\-\u00b7\u0300-\u036f\u203f\u2040"
_PERCENT = r"%[0-9A-Fa-f]{2}"
_LOCAL_ESCAPE = r"\\[_~.\-!$&'()*+,;=/?#@%]"
_PLX = rf"{_PERCENT}|{_LOCAL_ESCAPE}"
_PREFIX = rf"(?:[{_BASE}][{_SIGN}]*+(?:\.++[{_SIGN}]++)*+)?+"
# A dot belongs to a name only when the name goes on after it.
_DOT = rf"\.++(?=[{_SIGN}:]|{_PLX})"
_LOCAL = rf"(?:[{_START}:]|{_PLX})(?:[{_SIGN}:]++|{_PLX}|{_DOT})*+"
_NAME = rf"{_PREFIX}:(?:{_LOCAL})?+"
_BLANK = rf"_:[{_START}][{_SIGN}]*+(?:\.++[{_SIGN}]++)*+"
_IRI = r"<(?![<])[^<>\r\n]*+>"
_STRING = (
    r'"""(?:[^"\\]++|\\.|""?+(?!"))*+"""'
    r"|'''(?:[^'\\]++|\\.|''?+(?!'))*+'''"
    r'|"(?!"")(?:[^"\\\r\n]++|\\[^\r\n])*+"'
    r"|'(?!'')(?:[^'\\\r\n]++|\\[^\r\n])*+'"
)
#: What a string begins with that may hold line ends.
LONG = ('"""', "'''")
# White space and comments.
GAP = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_NUMBER = r"[+\-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)[eE][+\-]?+[0-9]++|[+\-]?+[0-9]*+\.[0-9]++|[+\-]?+[0-9]++"

#: The kinds are the names of the groups; a literal with its tag or datatype is one token.
TOKEN = re.compile(
    rf"{GAP}(?:"
    rf"(?P<iri>{_IRI})"
    rf"|(?P<blank>{_BLANK})"
    rf"|(?P<name>{_NAME})"
    rf"|(?P<literal>(?P<string>{_STRING})"
    rf"(?:{GAP}(?:(?P<tag>@[\w\-]*+)|\^\^{GAP}(?P<datatype>{_IRI}|{_NAME})))?+)"
    rf"|(?P<number>(?:{_NUMBER}))"
    rf"|(?P<directive>@[A-Za-z]++)"
    rf"|(?P<star><<\(?|\)?>>|\{{\||\|\}}|~)"
    rf"|(?P<sign>[.;,\[\](){{}}])"
    rf"|(?P<word>[A-Za-z]++(?![\w\-]))"
    rf"|(?P<bad>[^\s])"
    rf")",
    re.DOTALL,
)

# An absolute IRI that stands for itself, whatever the base is and a lenient reading mends; and a statement that is one
# line of canonical N-Triples. What is written otherwise is read token by token.
_SAFE = r"[A-Za-z0-9._~/:\-]*+"
_ITSELF = rf"<[A-Za-z][A-Za-z0-9+.\-]*:{_SAFE}(?:#{_SAFE})?+>"
_PLAIN = rf"\"(?:[^\"\\\n]|\\.)*+\"(?:@(?P<tag>[A-Za-z0-9\-]++)|\^\^{_ITSELF})?+"
ITSELF = re.compile(_ITSELF)
LINE = re.compile(rf"\s*+({_ITSELF}) ({_ITSELF}) (?P<object>{_ITSELF}|{_PLAIN})(?: ?\.)?+\s*+\Z")

_WORD_SIGNS = r"""[^\s"'<>#;,.\[\](){}\\@]++|\\."""
_WORD_RUN = rf"(?:{_WORD_SIGNS})(?:{_WORD_SIGNS}|{_DOT})*+"
# What may stand inside a statement, in runs as long as can be. The end of a statement is a
# dot that is in no name and no number; after a tag it is always one.
_INSIDE = (
    r"""(?:[^"'<#.{}@\\]++"""
    rf"|{_STRING}|{_IRI}|<"
    r"|#[^\r\n]*+"
    r"|@[\w\-]*+(?!\.)"
    rf"|\.(?=[0-9])|(?<=[{_SIGN}:])\.++(?=[{_SIGN}:%\\])"
    rf"|\\.(?:{_DOT})?+"
    r"|\{\||(?<=\|)\}"
    r")*+"
)

_HEAD = (
    rf"(?:@[Pp][Rr][Ee][Ff][Ii][Xx](?=[\s#:])|[Pp][Rr][Ee][Ff][Ii][Xx](?=[\s#])){GAP}(?P<prefix>{_PREFIX}):"
    rf"{GAP}(?P<namespace>{_IRI})(?:{GAP}\.)?+"
    rf"|@?+[Bb][Aa][Ss][Ee](?=[\s<#]){GAP}(?P<base>{_IRI})(?:{GAP}\.)?+"
    rf"|@?+[Vv][Ee][Rr][Ss][Ii][Oo][Nn](?=[\s'\"#]){GAP}(?P<version>{_STRING})(?:{GAP}\.)?+"
    r"|(?P<close>\})"
    rf"|(?:[Gg][Rr][Aa][Pp][Hh](?=[\s<#\[]){GAP})?+(?P<graph>(?:{_IRI}|{_WORD_RUN}|\[{GAP}\])?+){GAP}(?P<open>\{{)(?!\|)"
)

#: A directive or a brace of a graph, the gap before it included.
HEAD = re.compile(f"{GAP}(?:{_HEAD})", re.DOTALL)

#: One item at the top of a document or of a graph block: such a head, or a whole statement.
#: A statement ends behind its dot, before the brace that closes its block, or where nothing fits.
ITEM = re.compile(
    rf"{GAP}(?:{_HEAD}"
    rf"|(?P<subject>{_IRI}|{_WORD_RUN})?+{_INSIDE}(?P<end>(?:@[\w\-]*+)?\.|(?=\}})|\Z)"
    r")",
    re.DOTALL,
)


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """Yield the tokens of a stretch of text as matches of `TOKEN`; `lastgroup` is the kind of each.

    The token itself is the group of its kind, the match also holds the gap before it.

    >>> [(found.lastgroup, found[found.lastgroup]) for found in tokens('ex:a a "x"@en. # end')]
    [('name', 'ex:a'), ('word', 'a'), ('literal', '"x"@en'), ('sign', '.')]
    """
    stop = len(text) if end is None else end
    match = TOKEN.match
    found = match(text, start, stop)
    while found:
        yield found
        found = match(text, found.end(), stop)


def items(text: str) -> Iterator[re.Match[str]]:
    """Yield directives, graph braces and whole statements as matches of `ITEM`, without reading them.

    It ends early at the first text that is none of these: a parser refuses such text.

    >>> [found["subject"] for found in items('ex:a ex:p 1.5 . <b> ex:q "a. b" .')][:2]
    ['ex:a', '<b>']
    """
    match = ITEM.match
    found = match(text)
    while found and found.end() > found.start():
        yield found
        found = match(text, found.end())
