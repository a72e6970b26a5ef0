"""Terms of RDF that every parser takes and that still mislead: what an IRI, a literal or a list cannot mean.

Nothing is changed: what is found stays as it is written, in every export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kg import rule, terms
from kg.check.wording import Wording, quoted
from kg.dataset import Dataset
from kg.report import Finding, Location
from kg.text import BIDI
from kg.vocab import RDF, XSD

#: Control characters as canonical N-Triples spells them; tabs and line ends are no surprise in a text.
_CONTROL = re.compile(r"(?<!\\)(?:\\\\)*(\\u00(?:0[0-8BCEFbcef]|1[0-9A-Fa-f]|7F)|\\uFFF[EF]|\\[bf])")
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR, _MONTH, _DAY = r"-?(?:[1-9]\d{3,}|0\d{3})", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DURATION = r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_SIGNED = r"[+-]?\d+"
#: The lexical forms of datatypes (W3C XML Schema 1.1, part 2).
FORMS: Mapping[str, str] = {
    "boolean": "true|false|0|1",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    **dict.fromkeys(("integer", "long", "int", "short", "byte"), _SIGNED),
    **dict.fromkeys(("nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
                    r"\+?\d+|-0+"),
    "positiveInteger": r"\+?0*[1-9]\d*",
    "negativeInteger": r"-0*[1-9]\d*",
    "nonPositiveInteger": r"-\d+|\+?0+",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "duration": _DURATION,
}  # fmt: skip
_SHORT_MONTHS = re.compile(r"(-?\d*)-(02|04|06|09|11)-(29|30|31)")


def check(dataset: Dataset) -> Iterator[Finding]:
    """Yield what misleads in the terms and lists of a Dataset that were read from RDF."""
    wording = Wording(dataset)
    forms = {XSD.base + name: re.compile(form, re.ASCII) for name, form in FORMS.items()}
    for term in dataset.terms():
        if term[0] == '"':
            for code, detail in _literal_problems(term, forms):
                place = _place(wording, term)
                if place is not None:
                    value = quoted(terms.lexical(term))
                    yield rule.finding(code, place, term, value=value, detail=detail)
    yield from _lists(dataset, wording)


def _literal_problems(term: str, forms: Mapping[str, re.Pattern[str]]) -> Iterator[tuple[str, str]]:
    if not term.isascii():
        for sign in BIDI:
            if sign in term:
                yield "text.bidi", f"U+{ord(sign):04X}"
    if "\\" in term and (found := _CONTROL.search(term)):
        yield "rdf.control-character", found[1]
    if term[-1] == ">":
        form = forms.get(terms.datatype(term))
        if form and not is_of(form, terms.lexical(term)):
            yield "rdf.ill-typed", terms.datatype(term).rpartition("#")[2]


def is_of(form: re.Pattern[str], text: str) -> bool:
    """Tell whether a text is of a lexical form; no month has too many days.

    >>> date = re.compile(FORMS["date"])
    >>> is_of(date, "2020-02-29"), is_of(date, "2021-02-29")
    (True, False)
    """
    # White space around a value is collapsed (XML Schema, section 4.3.6).
    words = text.strip(" \t\r\n")
    if form.fullmatch(words) is None:
        return False
    short = _SHORT_MONTHS.match(words)
    return short is None or int(short[3]) <= _days(short[1].strip("-"), short[2])


def _days(year: str, month: str) -> int:
    if month != "02":
        return 30
    last = int(year[-4:] or "0")
    return 29 if last % 4 == 0 and (last % 100 or last % 400 == 0) else 28


def _place(wording: Wording, term: str) -> Location | None:
    """Return a place in RDF where a literal stands; the texts of pages are looked at when they are read."""
    for found in wording.dataset.match(None, None, term, None):
        place = wording.place(found)[0]
        if place is not None and place.path in wording.dataset.finders:
            return place
    return None


def _lists(dataset: Dataset, wording: Wording) -> Iterator[Finding]:
    """Find lists that fork, do not end, or run in a circle."""
    rest: dict[str, str] = {}
    done: set[str] = set()
    for node in sorted({*dataset.subjects(RDF.rest), *dataset.subjects(RDF.first)}):
        nexts, firsts = dataset.objects(node, RDF.rest), dataset.objects(node, RDF.first)
        if len(nexts) == len(firsts) == 1:
            rest[node] = nexts[0]
            continue
        problem = f"has {len(firsts)} first members and {len(nexts)} rests"
        yield _broken(dataset, wording, node, problem)
    for start in rest:
        path: dict[str, None] = {}
        at = start
        while at in rest and at not in done and at not in path:
            path[at] = None
            at = rest[at]
        if at in path:
            yield _broken(dataset, wording, at, "runs in a circle")
        done.update(path)


def _broken(dataset: Dataset, wording: Wording, node: str, problem: str) -> Finding:
    place = wording.place(*dataset.match(node, RDF.first), *dataset.match(node, RDF.rest))[0]
    return rule.finding("rdf.list-broken", place, node, problem=problem)
