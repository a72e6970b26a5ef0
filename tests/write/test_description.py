"""The published set: its files, the description that names them all, and checksums that other tools check."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner

import kg
from kg import formats, pipeline
from kg.cli import kgexport
from kg.dataset import Dataset
from kg.formats import for_name
from kg.pipeline import Job
from kg.statement import Statement
from kg.terms import Term, iri, lexical, literal
from kg.vocab import DCAT, DCTERMS, FOAF, OWL, RDF, SKOS, SPDX, VOID
from kg.write.description import SUMS, File, describe, listed

ADDRESS = "https://example.org/published/"
GLOSSARY = Term("<https://w3id.org/kgexport/ai/dataset>")
SCHEME = Term("<http://example.org/scheme/>")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sets") / "ai"
    done = CliRunner().invoke(kgexport, ["--format", "all", "-o", str(target)])
    assert done.exit_code == 0, done.output
    return target


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "set"))


def described(data: bytes) -> Dataset:
    made = Dataset()
    made.add_stream(pyoxigraph.parse(data, pyoxigraph.RdfFormat.TURTLE, base_iri=f"{ADDRESS}ai.dcat.ttl"))
    return made


def check(folder: Path) -> tuple[int, str]:
    """Compare a set; of what is said, the warning is left out that the shipped glossary has no licence."""
    done = CliRunner().invoke(kgexport, ["--check", str(folder)])
    lines = done.output.splitlines(keepends=True)
    told = next(number for number, line in enumerate(lines) if "warning publication.license-missing" in line)
    return done.exit_code, "".join(lines[:told] + lines[told + 2 :])


def test_the_set_is_every_format_the_description_and_the_checksums(folder: Path) -> None:
    files = {f"ai.{item.extensions[0]}" for item in formats.written()}
    assert {path.name for path in folder.iterdir()} == files | {"ai.dcat.ttl", SUMS}
    assert {oct(path.stat().st_mode & 0o111) for path in folder.iterdir()} == {"0o0"}, "data are no programs"


def test_sha256sum_checks_the_set(copied: Path) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    done = subprocess.run(command, cwd=copied, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.count(": OK\n") == len(list(copied.iterdir())) - 1
    with (copied / "ai.ttl").open("a") as file:
        file.write("# more\n")
    done = subprocess.run(command, cwd=copied, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1 and "ai.ttl: FAILED\n" in done.stdout


def test_each_file_is_a_distribution_with_its_type_size_and_digest(folder: Path) -> None:
    about = described((folder / "ai.dcat.ttl").read_bytes())
    assert about.objects(GLOSSARY, RDF.type) == sorted([DCAT.Dataset, VOID.Dataset])
    found = {}
    for one in about.objects(GLOSSARY, DCAT.distribution):
        [address] = about.objects(one, DCAT.downloadURL)
        [kind] = about.objects(one, DCAT.mediaType)
        [size] = about.objects(one, DCAT.byteSize)
        [checksum] = about.objects(one, SPDX.checksum)
        assert about.objects(one, RDF.type) == [DCAT.Distribution]
        assert about.objects(one, DCTERMS.rights) == about.objects(GLOSSARY, DCTERMS.rights) != []
        assert about.objects(checksum, SPDX.algorithm) == [SPDX.checksumAlgorithm_sha256]
        [value] = about.objects(checksum, SPDX.checksumValue)
        found[address] = (kind, lexical(size), lexical(value))
    assert found == {
        iri(f"{ADDRESS}ai.{item.extensions[0]}"): (
            iri(f"https://www.iana.org/assignments/media-types/{item.media_type}"),
            str(len(data)),
            hashlib.sha256(data).hexdigest(),
        )
        for item in formats.written()
        for data in [(folder / f"ai.{item.extensions[0]}").read_bytes()]
    }
    dumps = {iri(f"{ADDRESS}ai.{item.extensions[0]}") for item in formats.written() if item.iri}
    assert set(about.objects(GLOSSARY, VOID.dataDump)) == dumps


def test_the_counts_are_those_of_the_file(folder: Path) -> None:
    about = described((folder / "ai.dcat.ttl").read_bytes())
    data = kg.load(folder / "ai.nt")
    counts = {
        VOID.triples: len(data),
        VOID.distinctSubjects: len({row.subject for row in data}),
        VOID.distinctObjects: len({row.object for row in data}),
        VOID.properties: len({row.predicate for row in data}),
        VOID.classes: len({row.object for row in data.match(None, RDF.type)}),
        VOID.entities: len({row.subject for row in data if row.subject.startswith("<https://w3id.org/kgexport/ai/")}),
    }
    assert {name: int(lexical(about.objects(GLOSSARY, name)[0])) for name in counts} == counts
    assert about.objects(GLOSSARY, VOID.uriSpace) == [literal("https://w3id.org/kgexport/ai/")]
    [example] = about.objects(GLOSSARY, VOID.exampleResource)
    assert SKOS.Concept in data.objects(example, RDF.type)
    assert iri(SKOS.base) in about.objects(GLOSSARY, VOID.vocabulary)
    for predicate in (DCTERMS.title, DCTERMS.publisher, FOAF.primaryTopic, OWL.versionInfo):
        assert about.objects(GLOSSARY, predicate) == data.objects(GLOSSARY, predicate) != []


def test_the_description_has_no_blank_node(folder: Path) -> None:
    text = (folder / "ai.dcat.ttl").read_text("utf-8")
    assert "_:" not in text and "[" not in text


@pytest.mark.parametrize(
    ("rows", "subject", "title"),
    [
        ([], "<#dataset>", '"words"'),
        ([Statement(SCHEME, RDF.type, SKOS.ConceptScheme)], "<#dataset>", '"words"'),
        ([Statement(SCHEME, RDF.type, SKOS.ConceptScheme), Statement(SCHEME, SKOS.prefLabel, literal("L", "en"))],
         "<#dataset>", '"L"@en'),
        ([Statement(Term("_:b"), RDF.type, DCAT.Dataset)], "<#dataset>", '"words"'),
        ([Statement(Term("<urn:d>"), RDF.type, DCAT.Dataset), Statement(Term("<urn:d>"), DCTERMS.title, literal("D"))],
         "<urn:d>", '"D"'),
    ],
)  # fmt: skip
def test_without_a_dataset_the_scheme_is_described_and_without_a_title_the_name(
    rows: list[Statement], subject: str, title: str
) -> None:
    text = b"".join(describe(Dataset(rows), "words", [File("words.ttl", for_name("turtle"), 3, "00")])).decode()
    assert f"{subject} a void:Dataset, dcat:Dataset ;\n    dcterms:title {title} " in text
    assert ("foaf:primaryTopic <http://example.org/scheme/>" in text) == any(row.subject == SCHEME for row in rows)
    pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.TURTLE, base_iri=ADDRESS)


def test_equal_statements_make_equal_bytes() -> None:
    rows = list(kg.load())
    files = [File("ai.ttl", for_name("turtle"), 1, "0" * 64)]
    texts = {b"".join(describe(Dataset(order), "ai", files)) for order in (rows, rows[::-1], sorted(rows))}
    assert len(texts) == 1


# -- what is left out of a set, and what is left over ------------------------------


def test_a_format_that_cannot_hold_the_data_is_left_out_and_told(tmp_path: Path) -> None:
    source = tmp_path / "s.nt"
    source.write_text('<http://e.org/s> <http://e.org/1> "x" .\n')
    target = tmp_path / "out"
    words = [str(source), "--no-validate", "--format", "all", "-o", str(target)]
    done = CliRunner().invoke(kgexport, words)
    assert done.exit_code == 0
    assert "export.format-left-out: no RDF/XML in the set: RDF/XML cannot hold <http://e.org/1>" in done.output
    names = {path.name for path in target.iterdir()}
    assert "glossary.rdf" not in names and {"glossary.ttl", "glossary.dcat.ttl", SUMS} <= names
    assert set(listed((target / SUMS).read_bytes())) == names - {SUMS}
    assert "glossary.rdf" not in (target / "glossary.dcat.ttl").read_text()


def test_too_many_entries_for_a_picture_leave_out_the_picture_alone(tmp_path: Path) -> None:
    source = tmp_path / "s.nt"
    lines = [f"<http://e.org/{n}> <{p}> {o} .\n" for n in range(61)
             for p, o in ((RDF.type[1:-1], SKOS.Concept), (SKOS.prefLabel[1:-1], f'"{n}"@en'))]  # fmt: skip
    source.write_text("".join(lines))
    written: list[str] = []
    report = pipeline.export_set(
        Job((str(source),), validate=False),
        lambda name, chunks: written.append(name) or b"".join(chunks),  # type: ignore[func-returns-value]
    ).report
    assert report.codes() == ["export.format-left-out"]
    assert "glossary.svg" not in written and "glossary.dot" in written


def test_check_covers_description_checksums_and_what_is_left_over(copied: Path) -> None:
    assert check(copied) == (0, "")
    (copied / "ai.dcat.ttl").write_text("")
    (copied / SUMS).unlink()
    code, said = check(copied)
    assert code == 1 and "ai.dcat.ttl:1: violation export.stale" in said and f"{SUMS}: violation export.missing" in said


def test_what_an_earlier_set_had_and_this_one_has_not_is_told(copied: Path) -> None:
    (copied / "old.ttl").write_text("")
    (copied / "mine.txt").write_text("no file of a set")
    with (copied / SUMS).open("a") as file:
        file.write(f"{'0' * 64}  old.ttl\n{'0' * 64}  gone.ttl\n{'0' * 64}  ../up.ttl\n")
    code, said = check(copied)
    assert code == 1 and said.count("export.surplus") == 1 and "old.ttl: violation export.surplus" in said
    done = CliRunner().invoke(kgexport, ["--format", "all", "-o", str(copied)])
    assert done.exit_code == 0 and "old.ttl: warning export.surplus" in done.output
    assert check(copied) == (0, "") and (copied / "old.ttl").exists(), "what is not ours any more is not removed"
