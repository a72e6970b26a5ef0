"""Expressions of SPARQL that are true or false, and never an error.

Constants are compared by `=` and by their type, which all stores do alike; `sameTerm`
with a constant is never true on Virtuoso.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from kg import terms
from kg.question import spelt
from kg.store.validation.lexical import NUMBERS
from kg.vocab import XSD

TRUE, FALSE = "true", "false"


def any_of(conditions: Iterable[str]) -> str:
    """Join conditions of which one has to hold.

    >>> any_of(["?a", "false"]), any_of([]), any_of(["?a", "true"])
    ('?a', 'false', 'true')
    """
    found = [condition for condition in dict.fromkeys(conditions) if condition != FALSE]
    if TRUE in found:
        return TRUE
    return FALSE if not found else found[0] if len(found) == 1 else f"({' || '.join(found)})"


def all_of(conditions: Iterable[str]) -> str:
    """Join conditions that all have to hold."""
    found = [condition for condition in dict.fromkeys(conditions) if condition != TRUE]
    if FALSE in found:
        return FALSE
    return TRUE if not found else found[0] if len(found) == 1 else f"({' && '.join(found)})"


def no(condition: str) -> str:
    """Turn a condition round."""
    return {TRUE: FALSE, FALSE: TRUE}.get(condition) or f"(!{condition})"


def sure(condition: str) -> str:
    """Make an expression false where it errors."""
    return f"COALESCE({condition}, {FALSE})"


def constant(term: str) -> str:
    r"""Return a term of the shapes, or of an answer, so that it is a term of a query and nothing else.

    Raises `QueryError` for a blank node, and for what is no term.

    >>> constant(r'"\\u0022"') == r'"\\\u00750022"'
    True
    """
    text = spelt("a term", term)
    # Escapes of code points may be replaced before strings are read (SPARQL 1.1, section 19.2).
    return text.replace("\\\\u", "\\\\\\u0075").replace("\\\\U", "\\\\\\u0055")


def same(node: str, term: str) -> str:
    """Compare a node with a constant."""
    equal = f"{node} = {constant(term)}"
    if term[0] == "<":
        return sure(equal)
    if terms.language(term):
        return sure(f'(isLiteral({node}) && LANG({node}) != "" && {equal})')
    return sure(f'(isLiteral({node}) && LANG({node}) = "" && DATATYPE({node}) = <{terms.datatype(term)}> && {equal})')


def less(one: str, other: str, sign: str) -> str:
    """Return whether one value is less than another; values that cannot be compared are not."""
    alike = f"((isNumeric({one}) && isNumeric({other})) || DATATYPE({one}) = DATATYPE({other}))"
    return sure(f"(isLiteral({one}) && isLiteral({other}) && {alike} && {one} {sign} {other})")


def bounded(node: str, sign: str, limit: str) -> str:
    """Return whether a value lies on one side of a limit; a value that cannot be compared with it does not.

    A moment with a time zone and one without are less than each other only when they are
    so in every zone (XML Schema 1.1 Part 2, section 3.3.7), so the limit is moved by 14 hours
    for those: what zone a store takes for granted is not asked.
    """
    kind = f"<{terms.datatype(limit)}>"
    alike = f"isNumeric({node})" if kind in NUMBERS else f"DATATYPE({node}) = {kind}"
    test = f"{node} {sign} {constant(limit)}"
    if kind == XSD.dateTime and (moved := _moved(terms.lexical(limit), later=sign[0] == ">")):
        zoned = re.search(_ZONE, terms.lexical(limit)) is not None
        has_zone = f"REGEX(STR({node}), {constant(terms.literal(_ZONE))})"
        other = f"{node} {sign} {constant(terms.literal(moved, None, terms.iri_text(kind)))}"
        test = f"IF({has_zone}, {test if zoned else other}, {other if zoned else test})"
    return sure(f"(isLiteral({node}) && {alike} && {test})")


_ZONE = "(Z|[+-][0-9][0-9]:[0-9][0-9])$"


def _moved(text: str, *, later: bool) -> str | None:
    """Return a moment as one with a time zone where it has none, or without where it has one, to be on the safe side.

    >>> _moved("2002-10-10T12:00:00", later=True), _moved("2002-10-10T12:00:00-05:00", later=False)
    ('2002-10-10T12:00:00-14:00', '2002-10-10T03:00:00')
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return f"{text}{'-' if later else '+'}14:00"
    shift = timedelta(hours=14 if later else -14)
    return ((moment - (moment.utcoffset() or timedelta())).replace(tzinfo=None) + shift).isoformat()
