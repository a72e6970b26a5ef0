"""Which of the packaged shapes run for a choice of rules."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rule import codes_of
from kg.rule.choice import Choice

#: The files of shapes, with the first words of the codes in each.
FILES: Mapping[str, tuple[str, ...]] = {
    "skos": ("skos",),
    "glossary": ("glossary", "evidence"),
    "publication": ("publication",),
}

#: Conditions that the shapes say for everybody, and that run as graph rules here: engines take too long over them.
AS_GRAPH_RULES = frozenset({"skos.s27", "skos.s46", "publication.license-missing"})


class Packaged:
    """The shapes of a choice: the files with any, and whether a code of theirs is to be checked."""

    __slots__ = ("choice",)

    def __init__(self, choice: Choice) -> None:
        self.choice = choice

    def keeps(self, code: str) -> bool:
        """Tell whether the shapes of a rule are to run."""
        return code not in AS_GRAPH_RULES and self.choice.wanted(code)

    def files(self) -> tuple[str, ...]:
        """Return the names of the files that hold a shape to run.

        >>> Packaged(Choice(("skos",), ("publication.license-missing",))).files()
        ('skos',)
        """
        return tuple(name for name, words in FILES.items() if any(map(self._any, words)))

    def _any(self, word: str) -> bool:
        return self.choice.concerns(word) and any(map(self.keeps, codes_of(word)))
