"""Real vocabularies against an independent count of their defects, and the small test vocabularies of Skosmos.

The counts stand in the README of the folder of real data, by plain SPARQL. Where a rule counts in another way,
`docs/answer-key.md` says why, and both counts are checked here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import pytest

import kg
from kg import pipeline
from kg.rule.choice import Choice
from kg.vocab import SKOS

if TYPE_CHECKING:
    from kg.dataset import Dataset
    from kg.report import Report


class Vocabulary(NamedTuple):
    files: tuple[str, ...]
    #: what our rules count in another way
    ours: Mapping[str, int] = MappingProxyType({})


#: The sets, as the key has them: which files are merged.
VOCABULARIES = {
    # Its five facets are top concepts, and so in their scheme (SKOS Reference, S7).
    "PhySH": Vocabulary(("voc-physh/physh.ttl",), {"no inScheme": 3842}),
    "CGI": Vocabulary(("voc-cgi/**/*.ttl",)),
    "EnvThes": Vocabulary(("voc-envthes/EnvThes.ttl",)),
    "lobid": Vocabulary(("voc-lobid/**/*.ttl",)),
    "voc4cat": Vocabulary(("voc-voc4cat/**/*.ttl",)),
    # Eleven of the statements lead to a concept of another file, whose other side is not ours to say.
    "DPV 2.3 dpv+ai": Vocabulary(
        ("voc-dpv/2.3/dpv/dpv.ttl", "voc-dpv/2.3/ai/ai.ttl"), {"broader without inverse narrower": 1318}
    ),
    "ICS chart (lenient)": Vocabulary(("voc-ics-chart/chart.ttl",)),
}
#: What the columns of the key count, in SPARQL.
COLUMNS = {
    "distinct triples": "?s ?p ?o",
    "S14": "?c skos:prefLabel ?one, ?other FILTER (lang(?one) = lang(?other) && str(?one) < str(?other))",
    "S13": "?c skos:prefLabel ?label ; skos:altLabel ?label",
    "related+broader": "?c skos:related ?o ; skos:broader ?o",
    "no prefLabel": "?c a skos:Concept FILTER NOT EXISTS { ?c skos:prefLabel ?label }",
    "no inScheme": "?c a skos:Concept FILTER NOT EXISTS { ?c skos:inScheme ?scheme }",
    "dangling broader": "SELECT DISTINCT ?o { ?c skos:broader ?o FILTER NOT EXISTS { ?o a ?type } }",
    "broader without inverse narrower": "?c skos:broader ?o FILTER NOT EXISTS { ?o skos:narrower ?c }",
}
#: The rules that count them.
CODES = {
    "S14": "skos.s14",
    "S13": "skos.s13",
    "related+broader": "skos.s27",
    "no prefLabel": "glossary.label-missing",
    "no inScheme": "glossary.scheme-missing",
    "dangling broader": "glossary.link-dangling",
    "broader without inverse narrower": "quality.one-sided",
}


def loaded(shared: Path, name: str) -> Dataset:
    files = sorted(file for pattern in VOCABULARIES[name].files for file in (shared / "data").glob(pattern))
    return kg.load(*files, lenient=True)


def key(shared: Path) -> dict[str, dict[str, int]]:
    """Read the table."""
    text = (shared / "data" / "README.md").read_text("utf-8")
    rows = [line.strip("| \n").split("|") for line in text.splitlines() if line.startswith("| ")]
    start = next(at for at, row in enumerate(rows) if row[0].strip() == "vocabulary" and len(row) == 9)
    head, *body = ([cell.strip() for cell in row] for row in rows[start : start + 8])
    return {
        row[0]: {name: int(cell.replace(",", "")) for name, cell in zip(head[1:], row[1:], strict=True)} for row in body
    }


def counted(data: Dataset) -> dict[str, int]:
    """Count by plain SPARQL."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.bulk_load(data.to_nquads(""), pyoxigraph.RdfFormat.N_TRIPLES)
    found = {}
    for name, pattern in COLUMNS.items():
        inner = pattern if pattern.startswith("SELECT") else f"SELECT * {{ {pattern} }}"
        query = f"PREFIX skos: <{SKOS.base}> SELECT (COUNT(*) AS ?n) {{ {{ {inner} }} }}"
        [row] = store.query(query)
        found[name] = int(row["n"].value)
    return found


def checked(data: Dataset) -> dict[str, int]:
    """Count the findings of the rules."""
    report = pipeline.check(data, choice=Choice(select=tuple(CODES.values())))
    found = Counter(one.code for one in report)
    found["glossary.link-dangling"] = sum(
        one.path == SKOS.broader for one in report if one.code == "glossary.link-dangling"
    )
    found["quality.one-sided"] = one_sided(report)
    return {name: found[code] for name, code in CODES.items()}


def one_sided(report: Report) -> int:
    """Return how many statements of skos:broader are told: each in a line, or all in one with their number."""
    told = [one for one in report if one.code == "quality.one-sided"]
    summed = (
        re.search("by skos:narrower: ([0-9,]+) of [0-9,]+ statements of skos:broader,", one.message) for one in told
    )
    single = sum(one.path == SKOS.broader and one.focus is not None for one in told)
    return single + sum(int(one[1].replace(",", "")) for one in summed if one)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_key_is_met(name: str, shared: Path) -> None:
    data, expected = loaded(shared, name), key(shared)[name]
    assert counted(data) == expected, "what plain SPARQL counts"
    ours = {column: number for column, number in (expected | dict(VOCABULARIES[name].ours)).items() if column in CODES}
    assert checked(data) == ours, "what the rules count"


def test_the_page_about_the_key_shows_both_counts(root: Path, shared: Path) -> None:
    page = (root / "docs" / "answer-key.md").read_text("utf-8")
    for name, row in key(shared).items():
        for column, number in VOCABULARIES[name].ours.items():
            assert f"{number:,}" in page and f"{row[column]:,}" in page
    for column, code in CODES.items():
        assert f"`{code}`" in page and column in page


def s14_rows(root: Path) -> list[tuple[list[str], int, int]]:
    """Read the table of what S14 comes to for sets of files of the ICS chart."""
    page = (root / "docs" / "answer-key.md").read_text("utf-8").partition("\n## S14 in the ICS chart\n")[2]
    rows = re.findall(r"^\| (.+) \| ([0-9,]+) \| ([0-9,]+) \|$", page, re.MULTILINE)
    return [(re.findall("`(.*?)`", files), int(a.replace(",", "")), int(b.replace(",", ""))) for files, a, b in rows]


def test_how_often_s14_is_broken_depends_on_the_files_that_are_merged(root: Path, shared: Path) -> None:
    folder = shared / "data/voc-ics-chart"
    rows = s14_rows(root)
    assert [files for files, *_ in rows][::3] == [["chart.ttl"], []], "the file of the key, and the whole folder"
    assert rows[0][1] == key(shared)["ICS chart (lenient)"]["S14"] == 0
    for files, pairs, concepts in rows:
        data = kg.load(*(folder / file for file in files or [""]), lenient=True)
        assert counted(data)["S14"] == pairs
        report = pipeline.check(data, choice=Choice(select=("skos.s14",)))
        told = [found for found in report if found.code == "skos.s14"]
        assert len(told) == concepts
        assert all(len({place.path for place in (found.location, *found.also) if place}) > 1 for found in told)


def test_the_facts_beside_the_key(shared: Path) -> None:
    ics = kg.load(shared / "data/voc-ics-chart/chart.ttl", lenient=True)
    assert Counter(one.code for one in ics.report)["rdf.turtle-language"] == 201
    cgi = pipeline.check(loaded(shared, "CGI"), choice=Choice(select=("quality.language-tag",)))
    [tag] = [one for one in cgi if one.code == "quality.language-tag"]
    assert tag.message.startswith("us is no registered language tag")


# -- the test vocabularies of Skosmos ------------------------------------------------

#: What is planted in each: the code, the local name of the concept (or nothing), how often.
SKOSMOS = {
    "cycle": {"glossary.cycle": ["ta2", "ta3"]},
    "dup": {"glossary.ambiguous-label": ["d1", "d3"]},
    "nolang": {"glossary.label-language": ["no1", "no2", "no3"]},
}


@pytest.mark.parametrize("name", SKOSMOS)
def test_what_is_planted_is_found(name: str, shared: Path) -> None:
    report = pipeline.check(skosmos(shared, name), ("skos", "glossary", "quality"))
    for code, names in SKOSMOS[name].items():
        told = [one for one in report if one.code == code]
        assert [(one.focus or "").strip("<>").rpartition("/")[2].rpartition("#")[2] for one in told] == names
        assert all(one.location and one.location.line for one in told)


def skosmos(shared: Path, name: str) -> Dataset:
    return kg.load(shared / f"data/voc-yso-samples/tests/test-vocab-data/{name}.ttl")


@pytest.mark.parametrize(
    "name", ["xl", "subtag", "multiple-schemes", "test-rdf-list", "altlabel", "groups", "collation"]
)
def test_what_is_right_has_no_finding_of_skos(name: str, shared: Path) -> None:
    codes = pipeline.check(skosmos(shared, name), ("skos",)).codes()
    assert not [code for code in codes if code.startswith("skos.")]


def test_several_preferred_labels_in_one_language(shared: Path) -> None:
    report = pipeline.check(skosmos(shared, "test-hierarchy"), ("skos",))
    assert [(one.code, one.location.line) for one in report if one.code == "skos.s14" and one.location] == [
        ("skos.s14", 143)
    ]


def test_concepts_in_several_schemes(shared: Path) -> None:
    report = pipeline.check(skosmos(shared, "test-concept-schemes"), choice=Choice(select=("quality.several-schemes",)))
    assert report.codes().count("quality.several-schemes") == 4
