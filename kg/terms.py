"""RDF terms as text: a term *is* its canonical N-Triples form.

``<http://…>``, ``_:b0``, ``"text"@en``, ``"1"^^<http://…#integer>``. One string
is one term, so terms hash, sort and travel as fast as Python can, and nothing
is normalised on the way. Escapes are those of canonical N-Triples (RDF 1.2
N-Triples, section 4), which is also what pyoxigraph writes.
"""

from __future__ import annotations

import re
from typing import NewType

from kg.iri import canonical_tag

Term = NewType("Term", str)

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_ESCAPES = {
    **{chr(code): f"\\u{code:04X}" for code in [*range(0x20), 0x7F, 0xFFFE, 0xFFFF]},
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_TABLE = str.maketrans(_ESCAPES)
_UNESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def iri(text: str) -> Term:
    """Make the term of an absolute IRI (not checked: see `kg.iri.check_iri`)."""
    return Term(f"<{text}>")


def literal(lexical: str, language: str | None = None, datatype: str | None = None) -> Term:
    """Make a literal; the lexical form is kept exactly, the tag gets its BCP 47 case.

    >>> literal('say "hi"', "EN-gb")
    '"say \\\\"hi\\\\""@en-GB'
    """
    body = f'"{lexical.translate(_TABLE)}"'
    if language:
        return Term(f"{body}@{canonical_tag(language)}")
    if datatype and datatype != XSD_STRING:
        return Term(f"{body}^^<{datatype}>")
    return Term(body)


def is_iri(term: str) -> bool:
    """Tell whether a term is an IRI."""
    return term[0] == "<"


def is_literal(term: str) -> bool:
    """Tell whether a term is a literal."""
    return term[0] == '"'


def is_blank(term: str) -> bool:
    """Tell whether a term is a blank node."""
    return term[0] == "_"


def iri_text(term: str) -> str:
    """Return the IRI of an IRI term, without its angle brackets."""
    return term[1:-1]


def lexical(term: str) -> str:
    """Return the lexical form of a literal.

    >>> lexical(literal("a\\nb", "en")) == "a\\nb"
    True
    """
    body = term[1 : term.rindex('"')]
    return unescape(body) if "\\" in body else body


def language(term: str) -> str | None:
    """Return the language tag of a literal, or None."""
    at = term.rindex('"')
    return term[at + 2 :] if term[at + 1 : at + 2] == "@" else None


def datatype(term: str) -> str:
    """Return the datatype IRI of a literal."""
    rest = term[term.rindex('"') + 1 :]
    if not rest:
        return XSD_STRING
    return LANG_STRING if rest[0] == "@" else rest[3:-1]


def unescape(text: str) -> str:
    r"""Replace the escapes of N-Triples and Turtle by their characters.

    Raises `ValueError` for an escape that is not known or stands for no character.

    >>> unescape(r"a\tb\u00e9")
    'a\tbé'
    """
    if "\\" not in text:
        return text

    def replace(found: re.Match[str]) -> str:
        sign = found[1]
        code = int(sign[1:], 16) if len(sign) > 1 else -1
        made = _UNESCAPES.get(sign) if code < 0 else chr(code) if code <= 0x10FFFF else None
        if made is None or "\ud800" <= made <= "\udfff":
            raise ValueError(f"the escape \\{sign} stands for no character")
        return made

    return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", replace, text)


def recase(term: str) -> str:
    """Return a literal with its language tag in BCP 47 case; any other term as it is."""
    tag = language(term) if term[0] == '"' else None
    canonical = tag and canonical_tag(tag)
    return term if not tag or canonical == tag else f"{term[: -len(tag)]}{canonical}"
