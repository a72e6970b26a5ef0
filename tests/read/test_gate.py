"""The gate: the same caps and refusals in process as in the worker."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import kg
from kg import LimitError, Limits, SourceError, UsageError

GOOD = "Term\nA term is a word with one meaning.\n"


def test_a_source_over_the_cap_is_refused_in_process(tmp_path: Path) -> None:
    page = tmp_path / "term.txt"
    page.write_text(GOOD * 100)
    with pytest.raises(LimitError, match=r"larger than 1 KiB \(--max-bytes raises the cap\)"):
        kg.load(page, limits=Limits(max_bytes=1024))


def test_too_many_pages_are_refused_in_process(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(GOOD)
    with pytest.raises(LimitError, match="--max-files"):
        kg.load(tmp_path, limits=Limits(max_files=2))


def test_what_is_missing_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        kg.load(tmp_path / "missing.txt")


def test_a_pipe_is_refused_and_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(SourceError, match="no regular file"):
        kg.load(tmp_path / "pipe.txt")


def test_a_bad_base_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "term.txt").write_text(GOOD)
    with pytest.raises(UsageError, match="it has no scheme"):
        kg.load(tmp_path / "term.txt", base="example.org/")


def test_bad_content_is_a_finding_in_process(tmp_path: Path) -> None:
    (tmp_path / "term.txt").write_bytes(b"Term\nA caf\xe9.\n")
    dataset = kg.load(tmp_path / "term.txt", base="https://example.org/")
    assert [str(finding.location) for finding in dataset.report] == [f"{tmp_path}/term.txt:2"]
    assert len(dataset) == 0


@pytest.mark.parametrize("nest", ["[" * 3000, "{a: " * 3000, "- " * 3000])
def test_front_matter_that_nests_without_end_is_no_trouble(tmp_path: Path, nest: str) -> None:
    page = tmp_path / "term.md"
    page.write_text(f"---\ntitle: T\nx: \n  {nest}\n---\n\nA b.\n")
    report = kg.load(page, base="https://example.org/").report
    assert "page.front-matter" in report.codes()


def test_a_file_that_is_not_rdf_is_told_with_its_line(tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> .\n")
    with pytest.raises(SourceError, match=r"data.ttl:2: not Turtle"):
        kg.load(data)


def test_several_rdf_files_keep_their_blank_nodes_apart(tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text(f"_:b <urn:from> '{name}' .")
    dataset = kg.load(tmp_path / "one.ttl", tmp_path / "two.ttl")
    assert len({row.subject for row in dataset}) == 2


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("text-empty.txt", ["page.empty"]),
        ("text-binary.txt", ["text.not-utf-8"]),
        ("text-u2028.txt", ["glossary.id-from-name"]),
    ],
)
def test_hostile_texts_are_told(shared: Path, name: str, codes: list[str]) -> None:
    assert kg.load(shared / "hostile" / name, base="https://example.org/").report.codes() == codes


def test_sections_that_repeat_are_told_and_not_merged(shared: Path) -> None:
    report = kg.load(shared / "hostile" / "text-nested-headings.txt", base="https://example.org/").report
    assert "page.section-empty" in report.codes()


def test_runs_of_white_space_cost_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(f"Title\n\nA{' ' * 200_000}B is it.\nRelated terms\nA{' ' * 200_000}B\n")
    dataset = kg.load(tmp_path / "t.txt", base="https://example.org/")
    assert kg.find(dataset, "t").definitions == ["A B is it."]
