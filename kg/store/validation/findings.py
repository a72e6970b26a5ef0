"""Validation in the store as findings: the same, in the same words, as those of `kg.pipeline.check`.

What stays different is that a store knows no files: findings have no place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module

from kg import profile, rule
from kg.check.packaged import Packaged
from kg.check.shacl import Result, Shapes
from kg.check.shacl import findings as packaged
from kg.check.wording import NAMING, Wording
from kg.dataset import Dataset
from kg.report import Finding, Location, Report
from kg.rule.choice import Choice
from kg.store.validation.expressions import constant
from kg.store.validation.hierarchy import Relations
from kg.store.validation.place import Part, Place, named
from kg.store.validation.shacl import NOT_CORE, validate
from kg.terms import Term
from kg.vocab import SKOS

#: The rules over the whole graph that run in a store: the first code of each, its module and its function.
RULES: Mapping[str, tuple[str, str]] = {
    "skos.s27": ("rules", "related_and_above"),
    "skos.s46": ("rules", "exact_and_otherwise"),
    "skos.s36": ("labels", "unstated_members"),
    "skos.s13": ("labels", "label_resources"),
    "glossary.cycle": ("rules", "circles"),
    "glossary.ambiguous-label": ("labels", "same_label"),
    "glossary.label-clash": ("labels", "alias_clash"),
    "glossary.top-missing": ("reach", "out_of_reach"),
    "glossary.link-dangling": ("reach", "dangling"),
    "publication.license-missing": ("reach", "unlicensed"),
}


def check(
    place: Place,
    choice: Choice,
    shapes: Dataset | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Validate the graphs of a place by the rules of a choice, and by a user's own shapes.

    A typed link counts as the SKOS link that it implies, for our own rules; a user's
    shapes see what the store holds. `progress` is told what is being looked for.

    Raises `StoreError` for a store that fails, and `SourceError`, with file and line, for shapes that cannot be run.
    """
    report = Report()
    report.extend(_graph_rules(place, choice, progress))
    wanted = Packaged(choice)
    files = wanted.files()
    if files:
        progress("packaged shapes")
        report.extend(_packaged(place, Shapes.packaged(files, wanted.keeps)))
    if shapes is not None:
        progress("shapes")
        report.extend(_own(place, Shapes(dataset=shapes)))
    return choice.applied(report)


def left_out(choice: Choice) -> list[str]:
    """Return the codes that a choice asks for and that do not run in a store, sorted."""
    from kg.check.rules import MODULES, graph_rules

    there = {
        code for name in MODULES for found in graph_rules(name) for code in found.codes if RULES.get(found.codes[0])
    }
    asked = {code for name in MODULES for found in graph_rules(name) for code in found.codes if choice.wanted(code)}
    return sorted(asked - there)


def _graph_rules(place: Place, choice: Choice, progress: Callable[[str], None]) -> Iterator[Finding]:
    from kg.check.rules import MODULES, graph_rules

    relations = Relations(place)
    for name in MODULES:
        for found in graph_rules(name):
            run = RULES.get(found.codes[0])
            if run and any(map(choice.wanted, found.codes)):
                progress(found.codes[0])
                module = import_module(f"kg.store.validation.{run[0]}")
                yield from (one for one in getattr(module, run[1])(relations) if choice.wanted(one.code))


def _packaged(place: Place, shapes: Shapes) -> Iterator[Finding]:
    """Yield what packaged shapes find, as `kg.check.shacl.findings.packaged` does."""

    @cache
    def sources(predicate: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        same, back = (tuple(filter(place.uses, side)) for side in profile.sources(predicate))
        return same, back

    results = validate(place, shapes, sources)
    small = names_of(place, results)
    teller, seen = packaged._Teller(Wording(small), small), set()  # noqa: SLF001
    for code, result in sorted([(packaged.code_of(one), one) for one in results], key=packaged._order):  # noqa: SLF001
        defect = packaged._defect(code, result)  # noqa: SLF001
        if defect not in seen:
            seen.add(defect)
            yield teller(code, result)


def _own(place: Place, shapes: Shapes) -> Iterator[Finding]:
    """Yield what is to be said of a user's shapes, and what they find, as `kg.check.shacl.own` does."""
    from kg.check.shacl import own
    from kg.check.shacl.guard import guarded

    yield from guarded(shapes)
    for term in NOT_CORE:
        for found in shapes.dataset.match(None, term):
            where = shapes.located([found]).get(found) or Location(shapes.name)
            yield rule.finding("shacl.not-run", where, term=f"sh:{term.rpartition('#')[2][:-1]}")
            break
    results = sorted(set(validate(place, shapes)), key=own._order)  # noqa: SLF001
    wording, tell = Wording(names_of(place, results)), own._Teller(shapes, results)  # noqa: SLF001
    for result in results:
        yield tell(wording, result)


def names_of(place: Place, results: Iterable[Result]) -> Dataset:
    """Return the label that names each resource of some results: English if there is one, as `Wording` chooses it."""
    small = Dataset()
    left = {term for result in results for term in (result.focus, result.value) if term and term[0] == "<"}
    left = _english(place, small, left)
    for predicate in NAMING:
        if left and place.uses(predicate):
            for s, p, o in place.statements(sorted(left), [predicate]):
                small.add(s, p, o)
            left -= set(small.subjects(predicate))
    return small


def _english(place: Place, small: Dataset, wanted: set[str]) -> set[str]:
    """Add the English preferred labels, which most have, and return what has none."""
    for names in named(sorted(wanted)):
        where = f'VALUES ?s {{ {names} }} ?s {constant(SKOS.prefLabel)} ?o FILTER(LANG(?o) = "en")'

        def text(part: Part, where: str = where) -> str:
            return f"SELECT DISTINCT ?s ?o {{from}} WHERE {{ {where}{part.of_nodes('?s')}{part.of_values('?o')} }}"

        for s, o in place.rows(text):
            if s and o:
                small.add(s, SKOS.prefLabel, o)
    return wanted - set(small.subjects(SKOS.prefLabel))
