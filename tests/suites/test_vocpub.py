"""VocPub's examples against VocPub's own shapes: each is as valid as its name says, on each engine.

What its own tests do (`tests/test_examples.py` of its repository): warnings do not count, except
where the name says so. `02-valid-build` conforms without the rules that they run for it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from kg import pipeline
from kg.dataset import Dataset
from kg.pipeline import Job
from kg.read.rdf import Reading, read_rdf
from kg.report import Finding, Severity

FOLDER = Path(os.environ.get("KG_SHARED") or Path(__file__).parents[3] / "shared") / "data/conf-vocpub-profile"
EXAMPLES = sorted((FOLDER / "examples").glob("*.ttl"))


def validator(name: str) -> str:
    if "GA" in name:
        return "validator.ga.ttl"
    return "validator.multilang.ttl" if "multilang" in name else "validator.ttl"


@cache
def read(example: Path) -> tuple[Dataset, Dataset]:
    own = read_rdf([str(FOLDER / "validators" / validator(example.name))], None, Reading())
    return pipeline.read(Job(sources=(str(example),))), own


def found(example: Path, engine: str) -> list[Finding]:
    dataset, own = read(example)
    report = pipeline.check(dataset, ["skos"], engine=engine, shapes=own)
    return [finding for finding in report if finding.code.startswith(("shapes.", "shacl."))]


@pytest.mark.usefixtures("shared")
def test_all_examples_are_there() -> None:
    assert len(EXAMPLES) == 19
    assert sum("-valid" in example.name for example in EXAMPLES) == 9


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_an_example_is_as_valid_as_its_name(example: Path) -> None:
    report = found(example, "shacl")
    assert report == found(example, "pyshacl")
    threshold = Severity.WARNING if "warnings" in example.name else Severity.VIOLATION
    assert (not any(finding.severity.reaches(threshold) for finding in report)) is ("-valid" in example.name)
    for finding in report:
        assert finding.location and finding.location.line and finding.location.path == str(example)
        assert "validator" in finding.remedy
