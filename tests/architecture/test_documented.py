"""What is public is written down, and what is written down is there."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from typing import TYPE_CHECKING

import kg
from kg.rule import RULES

if TYPE_CHECKING:
    from pathlib import Path


def headings(page: Path) -> list[str]:
    """Give the second-level headings of a page, without the marks of code."""
    return [line[3:].strip().strip("`") for line in page.read_text("utf-8").splitlines() if line.startswith("## ")]


def test_every_public_name_is_in_the_api_page(root: Path) -> None:
    page = (root / "docs/api.md").read_text("utf-8")
    assert [name for name in kg.__all__ if not re.search(rf"`(kg\.)?{name}\b", page)] == []


def test_the_api_page_names_nothing_that_is_not_there(root: Path) -> None:
    named = set(re.findall(r"`kg\.(\w+)", (root / "docs/api.md").read_text("utf-8")))
    assert {name for name in named if name not in kg.__all__ and not importlib.util.find_spec(f"kg.{name}")} == set()


def test_every_public_name_is_there() -> None:
    assert [name for name in kg.__all__ if not hasattr(kg, name)] == []


def test_every_finding_has_its_heading_and_no_heading_is_left_over(root: Path) -> None:
    found = headings(root / "docs/findings.md")
    assert sorted(found) == sorted(RULES)


def test_every_dependency_has_its_reason(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {requirement.split()[0] for requirement in listed}
    page = (root / "docs/dependencies.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)) == names


def test_the_changelog_has_a_place_for_the_next_change(root: Path) -> None:
    assert "## [Unreleased]" in (root / "CHANGELOG.md").read_text("utf-8").splitlines()
