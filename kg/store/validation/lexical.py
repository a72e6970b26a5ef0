"""What a literal of a datatype looks like, as regular expressions that SPARQL and Python share.

Source: W3C XML Schema 1.1 Part 2, section 3. Stores differ in what they cast, so a
literal is told well-formed by its text; a day that its month does not have is not told.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.vocab import RDF, XSD

_ZONE = "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = "(0[1-9]|1[0-2])"
_DAY = "(0[1-9]|[12][0-9]|3[01])"
_DATE = f"{_YEAR}-(((0[13578]|1[02])-{_DAY})|((0[469]|11)-(0[1-9]|[12][0-9]|30))|(02-(0[1-9]|[12][0-9])))"
_CLOCK = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_REAL = r"([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?|[+-]?INF|NaN)"
_WHOLE = "[+-]?[0-9]+"
_DAYS, _HOURS = "[0-9]+D", r"T([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S)"
_MONTHS = "([0-9]+Y([0-9]+M)?|[0-9]+M)"


def _below(most: str, sign: str) -> str:
    """Return the numbers from nought to `most`, in digits, with leading noughts."""
    options = [f"[0-9]{{1,{len(most) - 1}}}"]
    for place, digit in enumerate(most):
        if digit != "0":
            options.append(f"{most[:place]}[0-{int(digit) - 1}][0-9]{{{len(most) - place - 1}}}")
    return f"{sign}0*({'|'.join([*options, most])})"


def _between(least: str, most: str) -> str:
    return f"({_below(most, '[+]?')}|{_below(least, '-')})"


_FORMS: Mapping[str, str] = {
    "boolean": "(true|false|1|0)",
    "decimal": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "float": _REAL,
    "double": _REAL,
    "integer": _WHOLE,
    "nonNegativeInteger": r"([+]?[0-9]+|-0+)",
    "positiveInteger": "[+]?0*[1-9][0-9]*",
    "nonPositiveInteger": "(-[0-9]+|[+]?0+)",
    "negativeInteger": "-0*[1-9][0-9]*",
    "long": _between("9223372036854775808", "9223372036854775807"),
    "int": _between("2147483648", "2147483647"),
    "short": _between("32768", "32767"),
    "byte": _between("128", "127"),
    "unsignedLong": f"({_below('18446744073709551615', '[+]?')}|-0+)",
    "unsignedInt": f"({_below('4294967295', '[+]?')}|-0+)",
    "unsignedShort": f"({_below('65535', '[+]?')}|-0+)",
    "unsignedByte": f"({_below('255', '[+]?')}|-0+)",
    "date": _DATE + _ZONE,
    "dateTime": f"{_DATE}T{_CLOCK}{_ZONE}",
    "dateTimeStamp": f"{_DATE}T{_CLOCK}{_ZONE.removesuffix('?')}",
    "time": _CLOCK + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "duration": f"-?P({_MONTHS}({_DAYS})?({_HOURS})?|{_DAYS}({_HOURS})?|{_HOURS})",
    "yearMonthDuration": f"-?P{_MONTHS}",
    "dayTimeDuration": f"-?P({_DAYS}({_HOURS})?|{_HOURS})",
    "hexBinary": "([0-9A-Fa-f]{2})*",
    "base64Binary": "(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "language": "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
}

#: Numbers, which can be compared whatever their types.
NUMBERS = frozenset(
    f"<{XSD.base}{name}>" for name in _FORMS if name in {"decimal", "float", "double", "byte"} or "nt" in name.lower()
) | frozenset(f"<{XSD.base}{name}>" for name in ("long", "short", "unsignedLong", "unsignedShort", "unsignedByte"))

LANG_STRING = RDF.langString


def form(datatype: str) -> str | None:
    """Return the expression that the text of a literal matches as a whole, or None for a type without one.

    >>> import re
    >>> byte = form("<http://www.w3.org/2001/XMLSchema#byte>")
    >>> [text for text in ("-128", "+127", "00128", "-129", "128", "0") if re.fullmatch(byte, text)]
    ['-128', '+127', '0']
    """
    return _FORMS.get(datatype[len(XSD.base) + 1 : -1]) if datatype in XSD else None
