"""Seven defects that other tools find in part and place nowhere: each is found once, at its line, in RDF and in pages.

A line of the sources is marked with the code of the finding that has to name it; a defect
that lies in two lines has two marks, and the finding names both.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import kg
from kg.check.place import located
from kg.report import Finding, Location, Report
from kg.rule.choice import Choice

PLANTED = Path(__file__).parent / "fixtures/planted"
CODES = {
    "skos.s14",  # two preferred labels in one language
    "skos.s13",  # an alternative label that is the preferred one
    "glossary.label-language",  # an alternative label without a language
    "skos.s27",  # related, and broader
    "glossary.cycle",  # a circle of two
    "glossary.link-dangling",  # related to what nothing describes
    "quality.redundant-broader",  # below a concept, and directly below what stands above that
}
#: What is true of a small glossary and no defect: nothing in it is linked from both sides, or to the outside.
PLAIN = ("quality.one-sided", "quality.out-link")
#: A page has no place for a mark: this one has its title again among its other names.
UNMARKED = {("skos.s13", "weft.txt", 1), ("skos.s13", "weft.txt", 5)}

Marks = set[tuple[str, str, int]]


def marked(source: Path) -> Marks:
    found = set()
    for path in sorted(source.iterdir()) if source.is_dir() else [source]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found |= {(code, path.name, number) for code in re.findall(r"planted: (\S+)", line)}
    return found


def check(source: Path) -> list[Finding]:
    report = kg.validate(kg.load(source), Choice(("skos", "glossary", "quality"), ignore=PLAIN))
    return list(report)


def named(found: list[Finding]) -> Marks:
    places = [(finding.code, place) for finding in found for place in (finding.location, *finding.also) if place]
    return {(code, Path(place.path).name, place.line or 0) for code, place in places}


@pytest.mark.parametrize(("source", "unmarked"), [("planted.ttl", set()), ("pages", UNMARKED)])
def test_each_defect_is_found_once_at_its_line(source: str, unmarked: Marks) -> None:
    path = PLANTED / source
    found = check(path)
    assert Counter(finding.code for finding in found) == dict.fromkeys(CODES, 1)
    assert named(found) == marked(path) | unmarked


@pytest.mark.parametrize("format", ["turtle", "jsonld", "rdfxml", "ntriples", "nquads", "trig"])
@pytest.mark.parametrize("packed", [False, True])
def test_each_defect_is_found_once_in_every_syntax(format: str, packed: bool, tmp_path: Path) -> None:
    import gzip

    from kg import formats

    data = kg.export(kg.load(PLANTED / "planted.ttl"), format, profile="asserted").encode()
    path = tmp_path / f"planted.{formats.for_name(format).extensions[0]}{'.gz' * packed}"
    path.write_bytes(gzip.compress(data) if packed else data)
    found = check(path)
    assert Counter(finding.code for finding in found) == dict.fromkeys(CODES, 1)
    lines = data.decode().splitlines()
    for finding in found:
        assert finding.location
        assert finding.location.line
        assert finding.location.column
        # What the range covers is the label or the link that is wrong.
        place = finding.location
        covered = lines[place.line - 1][place.column - 1 :]
        word = {"skos.s14": "warp", "skos.s13": "weft", "glossary.label-language": "thread", "skos.s27": "cloth",
                "glossary.cycle": "knit", "glossary.link-dangling": "bobbin"}.get(finding.code, "textile")  # fmt: skip
        assert word in covered, (finding.code, covered)


def test_a_defect_across_two_files_names_both(tmp_path: Path) -> None:
    text = (PLANTED / "planted.ttl").read_text("utf-8")
    prefixes = "".join(line + "\n" for line in text.splitlines() if line.startswith("@prefix"))
    (tmp_path / "a.ttl").write_text(text.replace("    skos:related t:cloth .", "    skos:scopeNote 'x'@en ."), "utf-8")
    (tmp_path / "b.ttl").write_text(f"{prefixes}\nt:felt skos:related t:cloth .\n", "utf-8")
    found = [finding for finding in check(tmp_path) if finding.code == "skos.s27"]
    assert [named(found)] == [{("skos.s27", "b.ttl", 5), ("skos.s27", "a.ttl", 47)}]


def test_a_statement_that_two_files_make_names_both(tmp_path: Path) -> None:
    line = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n{}<urn:x:a> skos:related <urn:x:a> .\n"
    (tmp_path / "a.ttl").write_text(line.format(""))
    (tmp_path / "b.ttl").write_text(line.format("\n"))
    data = kg.load(tmp_path)
    [statement] = data
    first, *others = data.locations(statement)
    finding = kg.Finding("x", kg.Severity.INFO, "m", "r", first, also=tuple(others))
    [placed] = located(Report([finding]), data)
    assert named([placed]) == {("x", "a.ttl", 2), ("x", "b.ttl", 3)}


def test_a_statement_that_only_follows_stands_where_its_reason_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    head = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix kg: <https://w3id.org/kgexport/ns#> .\n"
    path.write_text(f"{head}<urn:x:a> a skos:Concept .\n<urn:x:b> a skos:Concept ; kg:contrastsWith <urn:x:a> .\n")
    data = kg.expand(kg.load(path))
    follows = ("<urn:x:a>", "<http://www.w3.org/2004/02/skos/core#related>", "<urn:x:b>", "")
    assert follows in data
    finding = kg.Finding("x", kg.Severity.INFO, "m", "r", data.locations(follows)[0])
    [placed] = located(Report([finding]), kg.load(path))
    assert placed.location == Location(str(path), 4, 45, 4, 54)


def test_no_file_is_read_again_when_there_is_nothing_to_place(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<urn:x:a> <urn:x:b> <urn:x:c> .\n")
    data = kg.load(path)

    def find(_: object) -> dict[tuple[str, ...], Location]:
        raise AssertionError("the file was read again")

    data.finders[str(path)] = find
    elsewhere = kg.Finding("x", kg.Severity.INFO, "m", "r", Location("page.txt", 1, 1))
    assert len(located(Report([elsewhere]), data)) == 1
