"""The rules over the whole graph, by profile, and the run of those that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from kg.check.graph import Checked, GraphRule
from kg.dataset import Dataset
from kg.report import Finding
from kg.rule.choice import Choice

#: The modules with the rules of each profile, in the order they run; each has a table `GRAPH_RULES`.
MODULES: Mapping[str, tuple[str, ...]] = {
    "skos": ("kg.check.skos",),
    "glossary": ("kg.check.glossary",),
    "quality": (
        "kg.check.quality_labels",
        "kg.check.quality_languages",
        "kg.check.quality_structure",
        "kg.check.quality_relations",
        "kg.check.quality_links",
    ),
    "publication": ("kg.check.publication",),
}


def graph_rules(profile: str) -> Iterator[GraphRule]:
    """Yield the rules of a profile."""
    for name in MODULES[profile]:
        yield from import_module(name).GRAPH_RULES


def check(dataset: Dataset, choice: Choice | None = None, checked: Checked | None = None) -> Iterator[Finding]:
    """Yield what the graph rules that are asked for find in the data graph.

    It takes asserted statements as well as expanded ones, and finds the same. `checked` holds
    look-ups of the Dataset that others use as well.

    >>> from kg.statement import Statement
    >>> from kg.vocab import SKOS
    >>> from kg.terms import iri
    >>> a, b = iri("http://e.org/a"), iri("http://e.org/b")
    >>> data = Dataset([Statement(a, SKOS.broader, b), Statement(b, SKOS.related, a)])
    >>> [found.code for found in check(data, Choice(("skos",)))]
    ['skos.s27']
    """
    choice = choice or Choice()
    checked = checked or Checked(dataset, choice.wanted)
    for profile in MODULES:
        if choice.concerns(profile):
            for rule in graph_rules(profile):
                if any(map(choice.wanted, rule.codes)):
                    yield from (found for found in rule.find(checked) if choice.wanted(found.code))
