"""One case for each fault that was found by use: the name says what went wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.terms import iri, lexical, unescape
from kg.vocab import EVIDENCE, KG, RDF, SKOS

CONFIG = '[glossary]\ntitle = "G"\nbase = "https://example.org/g/"\n'
TABLE = "# entry: term\nstatus\tsubject\tpredicate\tobject\tquote\tcontext\tsource\tby\tnote\n"
TERM = iri("https://example.org/g/term/term")


def glossary(folder: Path, rows: str = "", config: str = CONFIG, text: str = "Term\nA term is one word.\n") -> Path:
    (folder / "glossary.toml").write_text(config)
    (folder / "term.txt").write_text(text)
    (folder / "term.claims.tsv").write_text(TABLE + rows)
    return folder


def run(*words: str | Path, command: str = "kg") -> subprocess.CompletedProcess[str]:
    code = f"from kg.cli import {command}; {command}()"
    return subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "row",
    [
        'accepted\tterm\tskos:note\t"x"@en\tone word\t\t\tAnn Smith\t',
        'accepted\tterm\tskos:note\t"\\q"@en\tone word\t\t\tann\t',
        'accepted\tterm\tskos:note\t"\\u12"@en\tone word\t\t\tann\t',
        'accepted\tterm\tskos:note\t"\\uD800"@en\tone word\t\t\tann\t',
        "accepted\tterm\tskos:broader\tkg:a b\tone word\t\t\tann\t",
        'accepted\tterm\tskos:note\t"x"^^xsd:a b\tone word\t\t\tann\t',
    ],
)
def test_a_cell_that_makes_no_term_is_a_finding_and_no_fault_of_ours(tmp_path: Path, row: str) -> None:
    report = kg.validate(kg.load(glossary(tmp_path, row + "\n")))
    assert [(finding.code, finding.location and finding.location.line) for finding in report] == [("claims.token", 3)]


def test_a_name_as_the_id_of_a_person_is_a_finding(tmp_path: Path) -> None:
    report = kg.load(glossary(tmp_path, config=CONFIG + '[people]\n"Ann Smith" = "Ann Smith"\n')).report
    (found,) = report
    assert (found.code, found.location and found.location.line) == ("glossary.config-value", 5)


def test_a_section_right_behind_the_title_is_no_definition(tmp_path: Path) -> None:
    dataset = kg.load(glossary(tmp_path, text="Term\nRelated terms\nWeft\n"))
    assert "glossary.definition-missing" in kg.validate(dataset).codes()
    assert dataset.value(TERM, SKOS.related) == iri("https://example.org/g/term/weft")


def test_a_statement_that_is_quoted_and_curated_is_the_pages(tmp_path: Path) -> None:
    start = 'accepted\tterm\tskos:note\t"x"@en\t'
    rows = f"{start}\t\tagent:ann\tann\t\n{start}one word\t\t\tann\t\n"
    dataset = kg.load(glossary(tmp_path, rows))
    assert kg.validate(dataset).codes() == []
    claim = next(row.subject for row in dataset.match(None, RDF.object, '"x"@en', EVIDENCE))
    assert [lexical(basis) for basis in dataset.objects(claim, KG.basis, EVIDENCE)] == ["page"]


def test_trailing_cells_that_an_editor_stripped_are_empty_cells(tmp_path: Path) -> None:
    rows = 'accepted\tterm\tskos:note\t"x"@en\tone word\t\t\tann\n'
    assert kg.validate(kg.load(glossary(tmp_path, rows))).codes() == []


@pytest.mark.parametrize("evidence", ["none", "reified"])
def test_the_plain_profile_validates_when_it_is_read_back(tmp_path: Path, evidence: str) -> None:
    out = tmp_path / "out.nq"
    assert run("--profile", "skos", "--evidence", evidence, "-o", out, command="kgexport").returncode == 0
    report = kg.validate(kg.load(out))
    assert report.conforms()
    # The notes that only this profile has follow from claims; no claim states them.
    assert set(report.codes()) <= {"evidence.missing"}


def test_a_query_reports_only_the_literals_of_its_answer_in_one_finding() -> None:
    dataset = kg.expand(kg.load())
    assert dataset.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").report.codes() == []
    assert len(dataset.query("SELECT (?o AS ?x) { GRAPH ?g { ?s ?p ?o } }").report) == 1


def test_a_variable_that_is_not_shown_can_be_bound() -> None:
    result = run("query", "-q", "SELECT ?l { ?c skos:prefLabel ?l }", "--bind",
                 "c=<https://w3id.org/kgexport/ai/term/bert>")  # fmt: skip
    assert result.stdout.splitlines()[2] == "BERT"


@pytest.mark.parametrize("term", ['"a" . <urn:x', "<urn:a> } #", '"a"@en } DELETE'])
def test_what_is_bound_is_one_term_and_nothing_behind_it(term: str) -> None:
    result = run("query", "-q", "SELECT ?l { ?c skos:prefLabel ?l }", "--bind", f"c={term}")
    assert (result.returncode, "is no term" in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(("form", "text"), [("csv", "true\n"), ("tsv", "true\n"), ("table", "yes\n")])
def test_the_answer_of_ask_is_written_in_every_form(form: str, text: str) -> None:
    assert run("query", "-q", "ASK { ?s a skos:Concept }", "--output", form).stdout == text


def test_no_cell_of_a_table_becomes_a_formula(tmp_path: Path) -> None:
    out = tmp_path / "x.ttl"
    out.write_text('<urn:a> <urn:p> "=1+1", "-1", "@x", "+4.5", "-x" .')
    cells = run("query", out, "-q", "SELECT ?o { ?s ?p ?o }", "--output", "csv").stdout.splitlines()
    assert cells == ["o", "+4.5", "-1", "'-x", "'=1+1", "'@x"]


def test_the_line_of_a_query_that_cannot_be_read_is_its_own() -> None:
    assert "error at 2:" in run("query", "-q", "SELECT *\n{ ?s ?p }").stderr


def test_publication_findings_name_the_line_of_the_config() -> None:
    report = kg.validate(kg.load(), ["publication"])
    (found,) = [finding for finding in report if finding.code == "publication.license-missing"]
    assert found.location and found.location.line == 1


def test_one_concept_brings_its_publisher_and_no_scheme_of_others() -> None:
    text = kg.export(kg.load(), "turtle", concept="bert")
    assert "kgexport contributors" in text
    assert "Candidate terms" not in text


def test_an_escape_that_stands_for_no_character_is_an_error() -> None:
    for text in (r"\q", r"\u12", r"\uD800", r"\U00110000"):
        with pytest.raises(ValueError, match="stands for no character"):
            unescape(text)


def test_the_files_of_a_set_are_no_programs(tmp_path: Path) -> None:
    assert run("--format", "all", "-o", tmp_path / "out", command="kgexport").returncode == 0
    assert not any(file.stat().st_mode & 0o111 for file in (tmp_path / "out").iterdir())


def test_a_prefix_is_one_that_turtle_allows(tmp_path: Path) -> None:
    source = tmp_path / "x.ttl"
    source.write_text(f"<http://e.org/> a {SKOS.ConceptScheme} . <http://e.org/ª/x> <http://e.org/ª/p> 1 .")
    out = tmp_path / "out.ttl"
    out.write_text(kg.export(kg.load(source), "turtle"))
    assert kg.load(out) == kg.load(source)
