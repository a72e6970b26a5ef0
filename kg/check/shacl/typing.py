"""Which literals are of their datatype: one answer for all engines.

SHACL's `sh:datatype` rejects an ill-typed literal (section 4.1.2). The engine `shacl` knows
the forms and ranges of the types here; rdflib, on which pySHACL stands, takes a date for a
date and time and ٣ for an integer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from kg.check.lexical import FORMS, is_of
from kg.vocab import XSD

_DIGITS = (63, 31, 15, 7)
_SIGNED, _UNSIGNED = ("long", "int", "short", "byte"), ("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")
#: The integers of a type that has a least and a greatest one.
_RANGES: Mapping[str, tuple[int, int]] = {
    **{name: (-(2**bits), 2**bits - 1) for name, bits in zip(_SIGNED, _DIGITS, strict=True)},
    **{name: (0, 2 ** (bits + 1) - 1) for name, bits in zip(_UNSIGNED, _DIGITS, strict=True)},
}
#: Types with a year, and about the last one that `shacl` counts (XML Schema asks for four digits of it).
_DATES, _LAST = (XSD.base + "date", XSD.base + "dateTime"), 5_000_000_000_000
#: Types whose forms no engine needs to know (they are not among SPARQL's), and `shacl` does not.
_UNKNOWN = ("gYear", "gYearMonth", "gMonthDay")
#: The same, of which rdflib knows some.
LET_PASS = frozenset(XSD.base + name for name in ("hexBinary", "base64Binary", "dayTimeDuration", "yearMonthDuration"))


@cache
def _form(datatype: str) -> re.Pattern[str] | None:
    name = datatype.removeprefix(XSD.base)
    return re.compile(FORMS[name], re.ASCII) if name in FORMS and name not in _UNKNOWN else None


def _is_far(year: str) -> bool:
    return len(year) > 13 or int(year) > _LAST


def ill_typed(lexical: str, datatype: str) -> bool:
    """Tell whether a literal is not of its datatype, as far as engines have to know the type.

    >>> ill_typed("2020-02-28", XSD.base + "dateTime"), ill_typed("300", XSD.base + "byte"), ill_typed("x", "urn:t")
    (True, True, False)
    """
    form = _form(datatype)
    if form is None:
        return False
    if lexical != lexical.strip() or not is_of(form, lexical):
        return True
    if datatype in _DATES and len(lexical) > 16 and _is_far(lexical.lstrip("-").partition("-")[0]):
        return True
    least, greatest = _RANGES.get(datatype.removeprefix(XSD.base), (None, None))
    if least is None or greatest is None:
        return False
    # Numbers of thousands of digits are not worked out.
    return len(lexical.lstrip("+-0")) > 20 or not least <= int(lexical) <= greatest
