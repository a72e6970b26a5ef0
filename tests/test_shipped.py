"""The shipped glossary: complete, evidenced, and the same bytes everywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

import kg
from kg.check.evidence import coverage
from kg.dataset import Dataset
from kg.profile import ASSERTED, FULL, PLAIN, apply
from kg.read.evidence import page_versions
from kg.terms import Term, iri, is_blank, language, lexical
from kg.vocab import ADMS, DCTERMS, EVIDENCE, ISO_THES, KG, RDF, SKOS, SKOSXL

AI = "https://w3id.org/kgexport/ai/"
MODEL = iri(f"{AI}term/foundation-model")
#: What says what kind of thing something is, or what it is called: needed, and no statement about the world.
ADMINISTRATIVE = (RDF.type, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.topConceptOf)


@pytest.fixture(scope="module")
def glossary() -> Dataset:
    return kg.load()


def term(name: str) -> Term:
    return iri(f"{AI}term/{name}")


def claims(glossary: Dataset, basis: str | None = None) -> list[tuple[Term, Term, Term]]:
    found = []
    for claim in glossary.subjects(RDF.type, KG.Claim, EVIDENCE):
        if basis is None or glossary.value(claim, KG.basis, EVIDENCE) == f'"{basis}"':
            parts = [glossary.value(claim, part, EVIDENCE) for part in (RDF.subject, RDF.predicate, RDF.object)]
            found.append((parts[0], parts[1], parts[2]))
    return found  # type: ignore[return-value]


def test_it_conforms(glossary: Dataset) -> None:
    assert kg.validate(glossary).codes() == ["page.section-empty"]


def test_the_licence_is_not_invented_and_the_publication_profile_says_so(glossary: Dataset) -> None:
    report = kg.validate(glossary, ["skos", "glossary", "publication"])
    assert report.codes() == ["page.section-empty", "publication.license-missing"]
    finding = next(finding for finding in report if finding.code == "publication.license-missing")
    assert finding.location and finding.location.path.endswith("glossary.toml")
    rights = glossary.value(iri(f"{AI}dataset"), DCTERMS.rights)
    assert rights and lexical(rights) == "The licence of the page texts was not stated by their owner."


def test_nearly_every_sentence_and_character_is_behind_a_claim(glossary: Dataset) -> None:
    found = coverage(glossary, page_versions(glossary)["foundation-model"])
    assert found.sentences == 24
    assert found.covered >= 23
    assert found.quoted / found.characters >= 0.88


def test_there_are_enough_claims_each_with_words_or_a_source(glossary: Dataset) -> None:
    content = [claim for claim in claims(glossary, "page") if claim[1] not in ADMINISTRATIVE]
    assert len(content) >= 79
    for claim in glossary.subjects(RDF.type, KG.Claim, EVIDENCE):
        basis = glossary.value(claim, KG.basis, EVIDENCE)
        needed = DCTERMS.source if basis == '"curated"' else iri("http://www.w3.org/ns/prov#wasDerivedFrom")
        assert glossary.objects(claim, needed, EVIDENCE), claim


def test_the_origin_is_on_the_label_and_the_numbers_are_curated(glossary: Dataset) -> None:
    label = glossary.value(MODEL, SKOSXL.prefLabel)
    assert label
    crfm, report = iri(f"{AI}agent/stanford-crfm"), glossary.value(label, KG.firstAppearedIn)
    assert glossary.objects(label, KG.coinedBy) == [crfm]
    assert [lexical(year) for year in glossary.objects(label, KG.firstAppeared)] == ["2021"]
    assert report
    title = glossary.value(report, DCTERMS.title)
    assert title and lexical(title) == "On the Opportunities and Risks of Foundation Models"
    numbers = {(subject, lexical(value)) for subject, predicate, value in claims(glossary, "curated")
               if predicate == DCTERMS.identifier}  # fmt: skip
    assert numbers == {(report, "10.48550/arXiv.2108.07258"), (report, "arXiv:2108.07258")}


@pytest.mark.parametrize(
    ("model", "modality"),
    [("gpt", "text"), ("gpt-3", "text"), ("bert", "text"), ("clip", "image"), ("dall-e", "image")],
)
def test_the_five_example_models_have_their_modality(glossary: Dataset, model: str, modality: str) -> None:
    assert (MODEL, KG.exampleModel, term(model)) in glossary
    assert (term(model), RDF.type, KG.AIModel) in glossary
    assert (term(model), KG.modality, term(f"{modality}-modality")) in glossary


def test_what_the_page_does_not_say_is_not_said(glossary: Dataset) -> None:
    """The misreadings that a reader with the page in hand would dispute."""
    labels = {(row.subject, lexical(row.object)) for row in glossary.match() if row.predicate == SKOS.altLabel}
    assert (term("artificial-intelligence"), "AI") not in labels
    for task in ("translation", "question-answering", "summarization", "code-generation"):
        assert (MODEL, KG.adaptableTo, term(task)) not in glossary, "said of a language foundation model"
        assert (term("gpt-3"), KG.adaptableTo, term(task)) in glossary
    instead = [claim for claim in claims(glossary) if claim[1] == KG.considerInstead]
    assert instead == [(MODEL, KG.considerInstead, term("task-specific-model"))]
    (when,) = glossary.objects(MODEL, KG.avoidWhen)
    assert lexical(when).startswith("if your task is"), "the advice is conditional"
    assert (MODEL, KG.usesMethod, term("semi-supervised-learning")) not in glossary, "joined by 'or', of a phase"
    kinds = {found.object for found in glossary.match(term("gpt-3"), ISO_THES.broaderInstantial)}
    assert MODEL in kinds


def test_every_concept_of_the_scheme_has_a_definition_and_is_reached_from_the_top(glossary: Dataset) -> None:
    full = apply(glossary, FULL)
    scheme = iri(AI)
    reached, todo = set(), full.objects(scheme, SKOS.hasTopConcept)
    while todo:
        concept = todo.pop()
        if concept not in reached:
            reached.add(concept)
            todo += full.objects(concept, SKOS.narrower)
    inside = full.subjects(SKOS.inScheme, scheme)
    concepts = [found for found in inside if (found, RDF.type, SKOS.Concept) in full]
    assert len(concepts) == 8
    assert set(concepts) <= reached
    assert all(full.objects(concept, SKOS.definition) for concept in concepts)
    candidates = full.subjects(ADMS.status, iri("http://purl.org/adms/status/UnderDevelopment"))
    assert not set(candidates).intersection(concepts)


def test_we_mint_no_blank_nodes(glossary: Dataset) -> None:
    assert not any(is_blank(found) for found in glossary.terms())


def test_the_page_comes_back_byte_for_byte(glossary: Dataset, root: Path) -> None:
    assert kg.page(glossary, "foundation-model") == (root / "ontology/ai/foundation-model.txt").read_bytes()


def test_the_plain_profile_is_plain_skos_and_keeps_the_integrity_conditions(glossary: Dataset) -> None:
    plain = apply(glossary, PLAIN)
    used = {found.predicate for found in plain.match()}
    assert not any(predicate in space for predicate in used for space in (KG, SKOSXL, ISO_THES))
    assert SKOS.related in used
    notes = {lexical(note) for note in plain.objects(MODEL, SKOS.historyNote)}
    assert any("Stanford Center for Research on Foundation Models" in note and "2021" in note for note in notes)
    assert "skos.s27" not in kg.validate(plain, ["skos"]).codes()
    assert (MODEL, SKOS.related, term("gpt-3")) not in plain, "an example stands below, so it is not related"
    assert (MODEL, SKOS.related, term("text-modality")) in plain, "an attribute is shown as an association"


def test_the_asserted_profile_states_each_thing_once(glossary: Dataset) -> None:
    asserted = apply(glossary, ASSERTED)
    assert (MODEL, KG.exampleModel, term("bert")) in asserted
    assert (term("bert"), SKOS.broader, MODEL) not in asserted
    assert (term("bert"), SKOS.broader, MODEL) in apply(glossary, FULL)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_the_jsonld_is_the_same_statements_for_two_parsers(glossary: Dataset) -> None:
    data = apply(glossary, FULL)
    text = kg.export(glossary, "jsonld")
    by_pyoxigraph = Dataset()
    by_pyoxigraph.add_stream(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.JSON_LD), named=True)
    graph = rdflib.Dataset()
    graph.parse(data=text, format="json-ld")
    wanted = Dataset(data.match())
    assert by_pyoxigraph == wanted
    assert Dataset.from_rdflib(graph) == wanted
    assert not any(language(found) == "" for found in wanted.terms() if found[0] == '"')


def test_a_context_can_be_named_in_place_of_embedding_it(glossary: Dataset, root: Path) -> None:
    import json

    url = "https://w3id.org/kgexport/context.jsonld"
    named = json.loads(kg.export(glossary, "jsonld", context_url=url))
    assert named["@context"] == url
    named["@context"] = json.loads((root / "ontology" / "context.jsonld").read_text())["@context"]
    dataset = Dataset()
    dataset.add_stream(pyoxigraph.parse(json.dumps(named).encode(), pyoxigraph.RdfFormat.JSON_LD), named=True)
    assert dataset == Dataset(apply(glossary, FULL).match())


def _exports(folder: Path, **environment: str) -> bytes:
    command = "import sys; from kg.cli import kgexport; sys.argv[1:] = ['-f', 'all', '-o', 'out']; kgexport()"
    env = {**os.environ, **environment}
    subprocess.run([sys.executable, "-c", command], cwd=folder, env=env, check=True, capture_output=True)
    out = folder / "out"
    data = b"".join(path.name.encode() + path.read_bytes() for path in sorted(out.iterdir()))
    shutil.rmtree(out)
    return data


def test_equal_bytes_over_hash_seeds_locales_and_time_zones(tmp_path: Path) -> None:
    places = [("C", "UTC"), ("C.UTF-8", "Pacific/Auckland")]
    runs = set()
    for seed in range(6):
        (locale, _), (_, zone) = places[seed % 2], places[seed // 2 % 2]
        runs.add(_exports(tmp_path, PYTHONHASHSEED=str(seed), LC_ALL=locale, LANG=locale, TZ=zone))
    assert len(runs) == 1


def test_equal_bytes_over_the_order_of_a_hundred_files(tmp_path: Path) -> None:
    import random

    names = [f"term-{number:03}.txt" for number in range(100)]
    (tmp_path / "glossary.toml").write_text('[glossary]\ntitle = "G"\nbase = "https://example.org/g/"\n')
    for number, name in enumerate(names):
        other = (number * 7) % 100
        text = f"Term {number:03}\nThis is term {number}.\nRelated terms\nTerm {other:03}\nNobody\n"
        (tmp_path / name).write_text(text)
    wanted = None
    for seed in range(4):
        random.Random(seed).shuffle(names)
        dataset = kg.load(*(tmp_path / name for name in names))
        made = [kg.export(dataset, name, evidence=True) for name in ("turtle", "jsonld", "nquads", "dot")]
        wanted = wanted or made
        assert made == wanted
    assert made == [kg.export(kg.load(tmp_path), name, evidence=True) for name in ("turtle", "jsonld", "nquads", "dot")]


def _copy(root: Path, folder: Path) -> Path:
    return Path(shutil.copytree(root / "ontology" / "ai", folder / "ai"))


def test_an_edited_label_changes_two_statements_of_the_main_file(root: Path, tmp_path: Path) -> None:
    folder = _copy(root, tmp_path)
    before = kg.export(kg.load(folder), "turtle").splitlines()
    table = folder / "foundation-model.claims.tsv"
    table.write_text(table.read_text().replace('"foundation model"@en', '"Foundation model"@en', 1))
    after = kg.export(kg.load(folder), "turtle").splitlines()
    assert len(before) == len(after)
    assert len([line for line in before if line not in after]) <= 2


def test_claims_follow_their_quotes_when_the_page_is_edited(root: Path, tmp_path: Path) -> None:
    folder = _copy(root, tmp_path)
    before = kg.load(folder)
    page = folder / "foundation-model.txt"
    page.write_text(page.read_text().replace("The term “foundation", "One word more. The term “foundation", 1))
    after = kg.load(folder)
    assert claims(after) == claims(before), "the IRI of a claim is a hash of what it states"
    assert kg.validate(after).codes() == ["page.section-empty"]
    assert after.digest("") == before.digest(""), "offsets are data of the evidence, not of the glossary"

    page.write_text(page.read_text().replace("broad data that can", "wide data that can", 1))
    report = kg.validate(kg.load(folder))
    lost = [finding for finding in report if finding.code == "claims.quote-lost"]
    assert lost and not report.conforms()
    assert lost[0].location and lost[0].location.path.endswith("foundation-model.claims.tsv")
    assert "wide data" in lost[0].message


def test_a_second_page_needs_no_code(root: Path, tmp_path: Path) -> None:
    folder = _copy(root, tmp_path)
    (folder / "prompt.md").write_text("# Prompt\n\nA prompt is a text given to a model.\n\n## Related terms\n\n"
                                      "- foundation model\n")  # fmt: skip
    dataset = kg.load(folder)
    assert kg.validate(dataset).conforms()
    assert (term("prompt"), SKOS.related, MODEL) in dataset
    assert len(kg.export(dataset, "svg").split("<svg")) == 2
