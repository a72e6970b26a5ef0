"""What stores make of literals: foretold by rules, one function for each kind of store.

A function takes a term in canonical N-Triples form and returns it as the store will
give it back, with the *value* under which the store keeps it: two objects of one subject
and predicate with the same value are one statement there. The rules of Oxigraph are
Oxigraph's own; those of Virtuoso were measured (version 7.2.5) and are tested against it.
Language tags need no rule: they are compared in small letters everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from kg import terms
from kg.interop import stored_forms
from kg.terms import Term

_XSD = "http://www.w3.org/2001/XMLSchema#"


class Kept(NamedTuple):
    """What a store keeps of a literal."""

    term: str
    value: object


def foretold(kind: str, found: Iterable[Term]) -> dict[Term, Kept]:
    """Return what becomes of the typed literals among some terms, where it is not what it was or may merge."""
    typed = [term for term in found if term[0] == '"' and term[-1] == ">"]
    return _RULES[kind](typed) if typed else {}


def may_alter(kind: str, datatype: str) -> bool:
    """Tell whether a store of a kind may alter literals of a datatype, or merge them."""
    return _ALTERED[kind](datatype)


def _oxigraph(typed: list[Term]) -> dict[Term, Kept]:
    forms = stored_forms(typed)
    altered = {form for term, form in forms.items() if form != term}
    # A literal that another becomes may merge with it, though it stays as it is.
    return {term: Kept(form, form) for term, form in forms.items() if form in altered}


def _as_written(_: list[Term]) -> dict[Term, Kept]:
    return {}


def _virtuoso(typed: list[Term]) -> dict[Term, Kept]:
    kept = {}
    for term in typed:
        kind = terms.datatype(term).removeprefix(_XSD)
        rule = _VIRTUOSO.get(kind)
        if rule is not None:
            text, datatype, value = rule(terms.lexical(term), kind)
            kept[term] = Kept(terms.literal(text, None, datatype if ":" in datatype else _XSD + datatype), value)
    return kept


_Rule = Callable[[str, str], tuple[str, str, object]]


def _boolean(text: str, kind: str) -> tuple[str, str, object]:
    known = {"true": True, "1": True, "false": False, "0": False}.get(text)
    return (text, kind, ("text", kind, text)) if known is None else (str(known).lower(), kind, ("number", int(known)))


def _integer(text: str, kind: str) -> tuple[str, str, object]:
    import re

    pattern, low, high = _INTEGERS[kind]
    found = re.match(pattern, text)
    number = int(found[1]) if found else 0
    if found is None and kind in _NOUGHTS and not re.match(r"\s*[+-]?[0-9]", text):
        return "0", kind, ("number", 0)
    if found is None or not low <= number < high:
        return text, kind, ("text", kind, text)
    if kind == "integer" and not -(1 << 31) <= number < 1 << 31:
        return str(number), "decimal", ("number", number)
    if kind == "unsignedInt" and number >= 1 << 31:
        number -= 1 << 32
    return str(number), kind, ("number", number)


def _decimal(text: str, kind: str) -> tuple[str, str, object]:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text)
    except InvalidOperation:
        return text, kind, ("text", kind, text)
    exact = format(number, "f")
    short = exact.rstrip("0").rstrip(".") if "." in exact else exact
    return ("0" if short in {"-0", ""} else short), kind, ("number", float(number))


def _double(text: str, kind: str) -> tuple[str, str, object]:
    import struct

    try:
        number = float(text.replace("INF", "inf"))
        if kind == "float":
            (number,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        number = float("-inf" if text.startswith("-") else "inf")
    except ValueError:
        return text, kind, ("text", kind, text)
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - what is no number
        return text if "INF" in text or "NaN" in text else format(number, ""), kind, ("text", kind, text)
    return format(number, ".16g"), kind, ("number", number)


def _date_time(text: str, kind: str) -> tuple[str, str, object]:
    import re

    found = re.fullmatch(r"(-?\d{4,}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?", text)
    if found is None:
        return text, kind, ("text", kind, text)
    day, clock, fraction, zone = found.groups("")
    digits = fraction.rstrip("0")
    if digits:
        digits = "." + (digits.ljust(3, "0") if len(digits) <= 3 else digits.ljust(6, "0"))
    made = f"{day}T{clock or '00:00:00'}{digits}{zone}"
    return made, kind, _instant(made, kind)


def _instant(text: str, kind: str) -> object:
    """Return the moment a date and time stand for: two spellings of it are one value."""
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ("text", kind, text)
    return ("moment", moment.timestamp()) if moment.tzinfo else ("local", moment.isoformat())


def _date(text: str, kind: str) -> tuple[str, str, object]:
    plain = len(text) == 10
    return text, kind, ("local", f"{text}T00:00:00") if plain else ("text", kind, text)


def _time(text: str, kind: str) -> tuple[str, str, object]:
    import re

    found = re.fullmatch(r"(\d\d:\d\d:\d\d)\.(\d+)(.*)", text)
    if found is None:
        return text, kind, ("text", kind, text)
    digits = found[2].rstrip("0")
    digits = "." + (digits.ljust(3, "0") if len(digits) <= 3 else digits.ljust(6, "0")) if digits else ""
    made = f"{found[1]}{digits}{found[3]}"
    return made, kind, ("text", kind, made)


def _year(text: str, kind: str) -> tuple[str, str, object]:
    import re

    found = re.fullmatch(r"0*(\d{4,})", text)
    made = found[1] if found else text
    return made, kind, ("local", f"{made}-01-01T00:00:00") if found else ("text", kind, made)


def _duration(text: str, kind: str) -> tuple[str, str, object]:
    import re

    found = re.fullmatch(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    if found is None:
        return text, kind, ("text", kind, text)
    sign, *parts = found.groups("0")
    years, months, days, hours, minutes, seconds = map(int, parts)
    span = years * 12 + months or ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    span = -span if sign == "-" else span
    return str(span), kind, ("number", span)


def _geometry(text: str, _: str) -> tuple[str, str, object]:
    virtuoso = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
    return text, virtuoso, ("text", virtuoso, text)


#: The types for which what is no number becomes 0.
_NOUGHTS = frozenset({"integer", "nonNegativeInteger", "positiveInteger"})
_SIGNED, _PLUS, _EVER = r"([+-]?[0-9]+)$", r"(\+?[0-9]+)$", 1 << 1000
#: What Virtuoso keeps as a number of each type: how it is spelt, from which on, below which.
_INTEGERS: Mapping[str, tuple[str, int, int]] = {
    "integer": (r"\s*([+-]?[0-9]+)", -_EVER, _EVER),
    "long": (_SIGNED, -(1 << 63), 1 << 63),
    "int": (_SIGNED, -(1 << 31), 1 << 31),
    "short": (_SIGNED, -(1 << 15), 1 << 15),
    "byte": (_SIGNED, -(1 << 7), 1 << 7),
    "nonNegativeInteger": (r"\s*(\+?[0-9]+)", 0, _EVER),
    "positiveInteger": (r"\s*(\+[0-9]+|0*[1-9][0-9]*)", 0, _EVER),
    "nonPositiveInteger": (r"(-[0-9]+|0+)$", -_EVER, 1),
    "negativeInteger": (r"(-0*[1-9][0-9]*)$", -_EVER, 0),
    "unsignedLong": (_PLUS, 0, 1 << 63),
    "unsignedInt": (_PLUS, 0, 1 << 32),
    "unsignedShort": (_PLUS, 0, 1 << 16),
    "unsignedByte": (_PLUS, 0, 1 << 8),
}
_VIRTUOSO: Mapping[str, _Rule] = {
    **dict.fromkeys(_INTEGERS, _integer),
    "boolean": _boolean,
    "decimal": _decimal,
    "double": _double,
    "float": _double,
    "dateTime": _date_time,
    "date": _date,
    "time": _time,
    "gYear": _year,
    "duration": _duration,
    "dayTimeDuration": _duration,
    "yearMonthDuration": _duration,
    "http://www.opengis.net/ont/geosparql#wktLiteral": _geometry,
}
_RULES: Mapping[str, Callable[[list[Term]], dict[Term, Kept]]] = {
    "oxigraph": _oxigraph,
    "virtuoso": _virtuoso,
    "unknown": _as_written,
}
_ALTERED: Mapping[str, Callable[[str], bool]] = {
    "oxigraph": lambda datatype: datatype.startswith(_XSD),
    "virtuoso": lambda datatype: datatype.removeprefix(_XSD) in _VIRTUOSO,
    "unknown": lambda _: False,
}
