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
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.report import Finding, Location, Report
from kg.rule.choice import Choice
from kg.store.validation.hierarchy import Relations
from kg.store.validation.place import Place
from kg.store.validation.shacl import NOT_CORE, validate
from kg.store.validation.telling import names_of
from kg.terms import Term

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
    "quality.label-empty": ("quality_labels", "flawed"),
    "quality.label-overlap": ("quality_labels", "overlaps"),
    "quality.near-duplicate": ("quality_labels", "near_duplicates"),
    "quality.notation-shared": ("quality_labels", "notations"),
    "quality.undocumented": ("quality_measures", "undocumented"),
    "quality.language-tag": ("quality_links", "tags"),
    "quality.note-language": ("quality_links", "untagged_notes"),
    "quality.language-coverage": ("quality_measures", "coverage"),
    "quality.cluster": ("quality_structure", "clusters"),
    "quality.orphan": ("quality_measures", "orphans"),
    "quality.valueless-association": ("quality_structure", "valueless"),
    "quality.redundant-broader": ("quality_structure", "redundant"),
    "quality.solely-transitive": ("quality_structure", "solely_transitive"),
    "quality.top-with-broader": ("quality_structure", "raised_tops"),
    "quality.top-missing": ("quality_structure", "without_tops"),
    "quality.several-schemes": ("quality_measures", "several_schemes"),
    "quality.one-sided": ("quality_links", "one_sided"),
    "quality.reflexive": ("quality_links", "reflexive"),
    "quality.mapping-inside": ("quality_links", "mapped_inside"),
    "quality.across-schemes": ("quality_links", "across_schemes"),
    "quality.skos-namespace": ("quality_links", "skos_terms"),
    "quality.http-iri": ("quality_measures", "unreadable_iris"),
    "quality.out-link": ("quality_measures", "without_out_links"),
    "quality.label-for-iri": ("quality_links", "labels_for_iris"),
    "quality.deprecated": ("quality_measures", "unreplaced"),
    "publication.license-missing": ("reach", "unlicensed"),
}

#: What the packaged shapes ask of evidence: it is told in a store, where its graph is given, too.
_EVIDENCE = frozenset(
    f"evidence.{name}" for name in ("basis", "quote-missing", "selector", "source-missing", "statement")
)


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
    place.begin()
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
    """Return the codes that a choice asks for and that do not run in a store, sorted.

    Those are the rules that ask the Web, and those about files and pages when they are named.
    """
    from kg.check.online import CODES

    named = tuple(pattern.rstrip(".*") for pattern in choice.select)
    apart = {code for code in rule.RULES if not rule.RULES[code].profile and code.startswith(named)}
    apart -= {"store.not-run", *_EVIDENCE}
    return sorted(code for code in apart.union(CODES) if choice.wanted(code))


def unrun(choice: Choice) -> Report:
    """Return the finding that names what a choice asks for and does not run in a store; empty where all of it runs."""
    codes = left_out(choice)
    return choice.applied(Report([rule.finding("store.not-run", codes=", ".join(codes))] if codes else []))


def _graph_rules(place: Place, choice: Choice, progress: Callable[[str], None]) -> Iterator[Finding]:
    from kg.check.rules import MODULES, graph_rules

    relations = Relations(place, choice.wanted)
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
    small = names_of(place, _resources(results))
    return packaged.told(results, Wording(small), small)


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
    results = validate(place, shapes)
    yield from own.told(results, shapes, Wording(names_of(place, _resources(results))))


def _resources(results: Iterable[Result]) -> set[str]:
    """Return what results name."""
    return {term for result in results for term in (result.focus, result.value) if term}
