"""Reading pages: the fixture with every section, tricky front matter, real pages against a hand-written key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.dataset import Dataset
from kg.limits import Limits
from kg.read.glossary import read_glossary
from kg.read.page import Page, Passage, items, read_page
from kg.report import Report
from kg.syntax.inline import plain
from kg.terms import iri, iri_text, lexical, literal
from kg.text import Source, Span, sentences
from kg.vocab import KG, RDF, SKOS

FIXTURES = Path(__file__).parent.parent / "fixtures"
PAGES = FIXTURES / "pages"


def page_of(path: Path) -> Page:
    source = Source.decode(str(path), path.read_bytes())
    page = read_page(source, Report(), markdown=path.suffix == ".md")
    assert page is not None
    return page


def section(page: Page, name: str) -> Any:
    return next(found for found in page.sections if found.name == name)


def words(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.words for passage in passages]


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_a_page_with_every_section_is_read_whole(ending: str) -> None:
    page = page_of(PAGES / f"complete.{ending}")
    expected = json.loads((PAGES / "complete.expected.json").read_text())
    assert page.title.words == expected["title"]
    assert page.definition and page.definition.words == expected["definition"]
    assert words(section(page, "body").passages) == [expected["definition"], *expected["body"]]
    assert words(tuple(items(section(page, "aliases").passages))) == expected["aliases"]
    assert words(section(page, "why-it-matters").passages) == [expected["why_it_matters"]]
    assert words(section(page, "first-appeared").passages) == [expected["first_appeared"]]
    assert words(section(page, "examples").passages) == expected["examples"]
    assert words(tuple(items(section(page, "related-terms").passages))) == expected["related"]
    assert words(section(page, "see-also").passages) == [link["text"] for link in expected["see_also"]]
    assert words(section(page, "sources").passages) == expected["sources"]
    asked = [{"question": item.question.words, "answer": words(item.answer)} for item in section(page, "faq").questions]
    assert asked == expected["faq"]


@pytest.mark.parametrize("name", ["complete.md", "complete.txt", "front-matter.md"])
def test_every_range_holds_the_words_it_stands_for(name: str) -> None:
    page = page_of(PAGES / name)
    source = page.source
    passages = [page.title, *(passage for found in page.sections for passage in found.passages)]
    passages += [
        piece for found in page.sections for item in found.questions for piece in (item.question, *item.answer)
    ]
    for passage in passages:
        line, column = source.position(passage.span.start)
        assert source.offset(line, column) == passage.span.start
        raw = source.slice(passage.span)
        assert passage.words in (plain(raw, Span(0, len(raw))), " ".join(raw.split()))


def test_front_matter_is_text_to_the_letter() -> None:
    report = Report()
    path = PAGES / "front-matter.md"
    page = read_page(Source.decode("front-matter.md", path.read_bytes()), report, markdown=True)
    expected = json.loads((PAGES / "front-matter.expected.json").read_text())
    assert page is not None
    assert page.title.words == page.label == expected["title"]
    assert words(page.field("aliases")) == [*expected["aliases"], expected["abbreviation"]]
    unknown = {finding.message.split()[3] for finding in report if finding.code == "page.front-matter-key"}
    assert unknown == set(expected["other_keys"])
    assert page.definition and page.definition.words == expected["definition"]
    assert words(section(page, "body").passages) == [expected["definition"], *expected["body"]]
    targets = [link.target for link in page.links]
    assert targets == ["complete.md", *(link["target"] for link in expected["see_also"])]


@pytest.fixture(scope="module")
def gpu(shared: Path) -> Path:
    return shared / "data" / "gl-gpu" / "gpu-glossary"


@pytest.fixture(scope="module")
def gpu_key() -> list[dict[str, Any]]:
    key: list[dict[str, Any]] = json.loads((FIXTURES / "gl-gpu-expected.json").read_text())
    return key


@pytest.fixture(scope="module")
def gpu_dataset(gpu: Path) -> Dataset:
    """All pages, the two that the default list leaves out included."""
    report = Report()
    extra = [str(gpu / name) for name in ("contributors.md", "readme.md")]
    dataset = read_glossary([str(gpu), *extra], report, Limits(), base="https://example.org/gpu/")
    dataset.report.extend(report)
    return dataset


def test_twenty_real_pages_are_read_as_a_librarian_reads_them(gpu: Path, gpu_key: list[dict[str, Any]]) -> None:
    assert len(gpu_key) == 20
    for expected in gpu_key:
        page = page_of(gpu / expected["page"])
        assert page.title.words == expected["title"], expected["page"]
        assert page.label == expected["label"], expected["page"]
        assert words(page.field("aliases")) == expected["alt_labels"], expected["page"]
        assert page.definition is not None, expected["page"]
        assert page.definition.words.startswith(expected["definition"]["starts"]), expected["page"]
        assert page.definition.words.endswith(expected["definition"]["ends"]), expected["page"]
        names = ["body" if found.heading is None else found.heading.words for found in page.sections]
        assert names == [wanted["name"] for wanted in expected["sections"]], expected["page"]
        known = [found.name != "unknown" for found in page.sections]
        assert known == [wanted["known"] for wanted in expected["sections"]], expected["page"]


def test_the_links_of_twenty_real_pages_resolve(gpu_key: list[dict[str, Any]], gpu_dataset: Dataset) -> None:
    wanted = found = 0
    for expected in gpu_key:
        name = expected["page"].removesuffix(".md").rpartition("/")[2]
        concept = iri(f"https://example.org/gpu/term/{name}")
        linked = {iri_text(row.object).rpartition("/")[2] for row in gpu_dataset.match(concept, KG.mentions)}
        own = [target.rpartition("/")[2] for target in expected["links"] if target.rpartition("/")[2] != name]
        wanted += len(own)
        found += len(linked.intersection(own))
        assert linked <= set(own), expected["page"]
    assert found == wanted == 168


def test_little_text_of_the_real_pages_is_in_sections_without_a_rule(gpu: Path, gpu_key: list[dict[str, Any]]) -> None:
    unnamed = total = 0
    for expected in gpu_key:
        for part in page_of(gpu / expected["page"]).sections:
            size = sum(passage.span.end - passage.span.start for passage in part.passages)
            total += size
            unnamed += size * (part.name == "unknown")
    assert unnamed / total <= 0.10


def test_every_real_page_comes_back_from_the_graph(gpu: Path, gpu_dataset: Dataset) -> None:
    import kg

    entries = gpu_dataset.subjects(RDF.type, KG.Entry)
    assert len(entries) == 85
    for path in gpu.rglob("*.md"):
        assert kg.page(gpu_dataset, path.stem.replace("_", "-")) == path.read_bytes()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["complete.md", "complete.txt", "front-matter.md"])
def test_a_page_comes_back_with_its_newlines_and_byte_order_mark(
    tmp_path: Path, name: str, mark: bytes, newline: str
) -> None:
    import kg

    data = mark + (PAGES / name).read_text().replace("\n", newline).encode()
    (tmp_path / name).write_bytes(data)
    dataset = kg.load(tmp_path / name)
    assert kg.page(dataset, Path(name).stem) == data
    # The way through a file keeps it, too.
    (tmp_path / "out.nq").write_text(kg.export(dataset, "nquads", evidence=True), newline="")
    assert kg.page(kg.load(tmp_path / "out.nq"), Path(name).stem) == data


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("What is a CUDA Core?", "CUDA Core"),
        ("What are the NVIDIA GPU Drivers?", "NVIDIA GPU Drivers"),
        ("What does it mean to be compute-bound?", "compute-bound"),
        ("What is?", "What is?"),
        ("Whatever is", "Whatever is"),
        ("Why?", "Why?"),
    ],
)
def test_only_the_frame_of_a_question_falls_off_a_title(title: str, label: str) -> None:
    page = read_page(Source("t.txt", f"{title}\nA definition.\n"), Report(), markdown=False)
    assert page is not None
    assert page.label == label


def test_sections_that_are_empty_or_not_known_are_kept_and_reported() -> None:
    text = "Term\nA definition of it.\nLimitations\nIt does not float.\nRelated terms\nFAQ\nLead text.\nIs it?\n"
    report = Report()
    dataset = _read_text(text, report)
    assert report.codes() == ["glossary.base-missing", "glossary.id-from-name", "page.faq-without-answer",
                              "page.faq-without-question", "page.section-empty", "page.section-unknown"]  # fmt: skip
    notes = {lexical(row.object) for row in dataset.match(None, SKOS.note)}
    assert notes == {"It does not float.", "Lead text."}
    places = {finding.code: str(finding.location) for finding in report}
    assert places["page.section-unknown"].endswith("t.txt:3:1")
    assert places["page.section-empty"].endswith("t.txt:5:1")


def _read_text(text: str, report: Report) -> Dataset:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.txt"
        path.write_text(text, newline="")
        return read_glossary([str(path)], report, Limits())


@pytest.mark.parametrize(
    "text", ["# T\n\nA is a *b*.\n", "---\ntitle: T\n---\n\nA is a *b*.\n", "T\n=\n\nA is a *b*.\n"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_markdown_forms_of_a_title_in_every_newline_style(text: str, newline: str) -> None:
    page = read_page(Source("t.md", text.replace("\n", newline)), Report(), markdown=True)
    assert page is not None
    assert page.title.words == "T"
    assert page.definition and page.definition.words == "A is a b."


def test_what_looks_like_a_heading_inside_code_is_none() -> None:
    text = "# T\n\nA b.\n\n```c\n# FAQ\n[a](b.md)\n```\n\n<!-- ## hidden\n-->\n\n    after\n"
    page = read_page(Source("t.md", text), Report(), markdown=True)
    assert page is not None
    assert [found.name for found in page.sections] == ["body"]
    assert page.links == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("Models (e.g., GPT) differ. See Fig. 3 for more.", 2),
        ("He said “Stop.” Then he left.", 2),
        ("Version 1.5 is out. It works", 2),
        ("no end", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text, Span(0, len(text)))) == count


def test_the_label_of_an_entry_is_its_title_unless_a_claim_says_otherwise() -> None:
    dataset = _read_text("Term\nA definition of it.\n", Report())
    concept = next(iter(dataset.subjects(RDF.type, KG.Entry)))
    assert dataset.objects(concept, SKOS.prefLabel) == [literal("Term", "en")]
