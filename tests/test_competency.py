"""The 25 questions the shipped glossary must answer, with rows written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.dataset import Dataset
from kg.profile import FULL, apply

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "competency" / "expected.json").read_text())


@pytest.fixture(scope="module")
def glossary() -> Dataset:
    return apply(kg.load(), FULL)


def test_there_are_twenty_five_questions() -> None:
    assert len(EXPECTED) == 25


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_glossary_answers(name: str, glossary: Dataset, root: Path) -> None:
    text = (root / "ontology" / "queries" / f"{name}.rq").read_text()
    result = glossary.query(text)
    wanted = EXPECTED[name]
    assert list(result.columns) == wanted["columns"]
    rows = [[value or "" for value in row] for row in result.values()]
    if wanted["ordered"]:
        assert rows == wanted["rows"]
    else:
        assert sorted(rows) == sorted(wanted["rows"])
