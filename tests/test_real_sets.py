"""Real vocabularies published as sets, each file read back by a strict parser: the small ones of the campaign.

`benchmarks/real_sets.py` runs all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "benchmarks")]
from real_sets import VOCABULARIES, publish  # noqa: E402 - it lies among the benchmarks

BY_NAME = {vocabulary.name: vocabulary for vocabulary in VOCABULARIES}


def test_the_shipped_glossary(tmp_path: Path) -> None:
    found = publish(BY_NAME["shipped glossary"], tmp_path / "set")
    assert found.readings == 6 and found.read == found.statements > 500


@pytest.mark.parametrize(
    ("name", "statements", "said"),
    [
        ("voc4cat", 7741, {"export.format-left-out": 1}),
        ("ICS chart, lenient", 12998, {"export.format-left-out": 1, "rdf.turtle-language": 201}),
    ],
)
def test_a_real_vocabulary(name: str, statements: int, said: dict[str, int], tmp_path: Path, shared: Path) -> None:
    assert (shared / "data").is_dir()
    found = publish(BY_NAME[name], tmp_path / "set")
    assert (found.read, found.readings, found.said) == (statements, 6, said)
