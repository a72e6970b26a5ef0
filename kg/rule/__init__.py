"""The rules: every finding's code, severity, message and remedy, as values in tables by theme.

A message is a template filled by `finding`; `docs/findings.md` has a heading for
each code, and the tests hold the two together. A table is imported when one of its
rules is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from kg.errors import UnknownName
from kg.report import Finding, Location, Severity
from kg.rule.model import INFO, VIOLATION, WARNING, Rule

__all__ = ["INCLUDED", "INFO", "PROFILES", "RULES", "VIOLATION", "WARNING", "Rule", "codes_of", "finding"]

#: The profiles that a check can be asked for.
PROFILES = ("skos", "glossary", "quality", "publication")

#: Rules of other profiles that a profile asks for as well.
INCLUDED: Mapping[str, tuple[str, ...]] = {
    # What the qSKOS catalogue asks for and SKOS, or a glossary, asks for anyway: no defect is told under two codes.
    "quality": (
        *("glossary.ambiguous-label", "glossary.cycle", "glossary.label-clash", "glossary.label-language"),
        *("glossary.scheme-missing", "glossary.top-missing", "glossary.unreachable"),
        *("skos.s4", "skos.s6", "skos.s13", "skos.s14", "skos.s19", "skos.s27", "skos.s32", "skos.s46", "skos.s54"),
    ),
}

#: The modules of the tables, with the first words of the codes in each.
_TABLES: Mapping[str, tuple[str, ...]] = {
    "source": ("text", "rdf", "jsonld"),
    "page": ("glossary", "page", "claims"),
    "skos": ("skos",),
    "glossary": ("glossary",),
    "quality": ("quality",),
    "publication": ("publication",),
    "shacl": ("shacl",),
    "evidence": ("evidence",),
    "output": ("export", "query", "store"),
}


class _Rules(Mapping[str, Rule]):
    """All tables as one."""

    def __init__(self) -> None:
        self._found: dict[str, Rule] = {}

    def __getitem__(self, code: str) -> Rule:
        rule = self._found.get(code)
        if rule is None:
            word = code.partition(".")[0]
            tables = (_table(name) for name, words in _TABLES.items() if word in words)
            rule = next((table[code] for table in tables if code in table), None)
            if rule is None:
                raise KeyError(code)
            self._found[code] = rule
        return rule

    def __iter__(self) -> Iterator[str]:
        for name in _TABLES:
            yield from _table(name)

    def __len__(self) -> int:
        return sum(len(_table(name)) for name in _TABLES)


def codes_of(word: str) -> Iterator[str]:
    """Yield the codes that begin with a word; only tables that may have one are read.

    >>> next(codes_of("page"))
    'page.empty'
    """
    for name, words in _TABLES.items():
        if word in words:
            yield from (code for code in _table(name) if code.startswith(word + "."))


def _table(name: str) -> Mapping[str, Rule]:
    rules: Mapping[str, Rule] = import_module(f"kg.rule.{name}").RULES
    return rules


#: Every rule by its code.
RULES: Mapping[str, Rule] = _Rules()


def finding(
    code: str,
    location: Location | None = None,
    focus: str | None = None,
    *,
    severity: Severity | None = None,
    also: tuple[Location, ...] = (),
    **data: object,
) -> Finding:
    """Make the finding of a rule; `data` fills its message and remedy.

    Raises `UnknownName` when no rule has the code, `KeyError` when `data` lacks a field.
    """
    rule = RULES.get(code)
    if rule is None:
        raise UnknownName("rule", code, RULES)
    return Finding(
        code,
        severity or rule.severity,
        rule.message.format_map(data),
        rule.remedy.format_map(data),
        location,
        focus,
        also,
    )
