"""Selections: what is left out is left out whole, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg import selection
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.statement import Statement
from kg.terms import iri, language, literal
from kg.vocab import KG, RDF, SKOS

TERM = "https://w3id.org/kgexport/ai/term/"


@pytest.fixture(scope="module")
def glossary() -> Dataset:
    return kg.load()


def test_without_candidates_no_statement_names_one(glossary: Dataset) -> None:
    thinned = selection.without_candidates(glossary)
    concepts = {found.label() for found in kg.concepts(thinned)}
    assert concepts == {"BERT", "CLIP", "DALL-E", "GPT", "GPT-3", "foundation model", "machine learning model",
                        "traditional machine learning model"}  # fmt: skip
    assert not any("pre-training>" in row.nquad for row in thinned.match())
    assert [found.subject for found in thinned.match(None, RDF.type, SKOS.Collection)] == [
        iri("https://w3id.org/kgexport/ai/facet/ai-models")
    ]
    assert kg.validate(thinned).conforms()


def test_one_concept_brings_its_label_questions_and_header(glossary: Dataset) -> None:
    part = selection.concept(glossary, "foundation-model")
    assert {row.subject for row in part.match(None, KG.questionText)} == {
        row.object for row in glossary.match(iri(TERM + "foundation-model"), KG.question)
    }
    assert list(part.match(iri(TERM + "bert"))) == []
    assert list(part.match(iri("https://w3id.org/kgexport/ai/"), RDF.type))


def test_a_branch_is_a_concept_and_all_below_it(glossary: Dataset) -> None:
    part = selection.branch(glossary, TERM + "language-foundation-model")
    assert {found.label() for found in kg.concepts(part)} == {"language foundation model", "GPT-3"}


def test_a_language_keeps_its_regional_forms_and_texts_without_a_tag() -> None:
    subject = iri("http://e.org/a")
    texts = [
        literal("colour", "en-GB"),
        literal("color", "en"),
        literal("Farbe", "de"),
        literal("x"),
        literal("e", "eng"),
    ]
    dataset = Dataset(Statement(subject, SKOS.prefLabel, text) for text in texts)
    kept = {language(row.object) for row in selection.languages(dataset, ["EN"])}
    assert kept == {"en-GB", "en", None}


def test_concepts_with_hash_iris_are_found_and_kept_apart() -> None:
    one, two = iri("http://e.org/v#one"), iri("http://e.org/v#two")
    dataset = Dataset(Statement(term, RDF.type, SKOS.Concept) for term in (one, two))
    assert [row.subject for row in selection.concept(dataset, "one")] == [one]


def test_an_unknown_concept_is_told_with_the_nearest(glossary: Dataset) -> None:
    with pytest.raises(UnknownName, match="did you mean 'foundation-model'"):
        selection.concept(glossary, "foundation-models")


@pytest.mark.parametrize("words", [["--no-candidates"], ["--concept", "bert"], ["--branch", "gpt-3"], ["--lang", "de"]])
def test_the_command_selects(words: list[str], tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import kgexport

    out = tmp_path / "out.ttl"
    result = CliRunner().invoke(kgexport, [*words, "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert b'"question answering"@en' not in out.read_bytes()
