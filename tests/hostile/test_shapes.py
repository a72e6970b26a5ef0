"""Shapes made to hurt (../shared/hostile), given with --shapes: refused, told or stopped, and nothing is fetched.

The commands run as a user runs them. The test holds each input to what the manifest
expects; where the end is another on one of the engines, the table says why.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_hostile import _SONG, Canary, canary, manifest, prepared, run

from kg.check.shacl import ENGINES

__all__ = ["canary", "manifest"]

DATA = (
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://ex.org/g/> .\n"
    ':a skos:prefLabel "a"@en ;\n'
    f'    skos:broader :b ;\n    skos:note "{"a" * 40}!" .\n:b skos:broader :a .\n'
    + "".join(f":n{number} :p{number} :a .\n" for number in range(300))
)
#: Seconds that a check may take here.
CAP = 3


class Outcome(NamedTuple):
    """How a check with the shapes ends: exit code, words in what is printed, codes of findings."""

    code: int
    said: tuple[str, ...]
    codes: tuple[str, ...] = ()


def refused(*said: str) -> Outcome:
    return Outcome(3, said)


STOPPED = refused(f"took longer than {CAP} s (--timeout raises the cap)")
OUTCOMES = {
    # Only what they import would check anything, so that they check nothing is a violation beside the notice.
    "shacl-imports-http.ttl": Outcome(1, (":8:",), ("shacl.import-ignored", "shacl.nothing-checked")),
    "shacl-imports-file.ttl": Outcome(1, (":8:",), ("shacl.import-ignored", "shacl.nothing-checked")),
    "shacl-js.ttl": refused(":8: ", "sh:js is not supported"),
    "shacl-service.ttl": refused(":9: ", "SERVICE in a SPARQL constraint is refused"),
    "shacl-from-file.ttl": refused(":8: ", "FROM in a SPARQL constraint is refused"),
    "shacl-redos.ttl": STOPPED,
    "shacl-recursive.ttl": refused(":8: ", "is a part of itself"),
    "shacl-cyclic-path.ttl": refused(":8: ", "the path of sh:path runs in a circle"),
    "shacl-cyclic-list.ttl": refused(":8: ", "the list of sh:in runs in a circle"),
    "shacl-infinite-rule.ttl": Outcome(0, (":8:",), ("shacl.not-run",)),
    "shacl-cartesian.ttl": STOPPED,
}
#: Ends that are better on one engine: this one's regular expressions take linear time.
BETTER = {("shacl-redos.ttl", "shacl"): Outcome(1, ("does not match ^(a+)+$",), ("shapes.S",))}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.ttl"
    path.write_text(DATA)
    return path


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", OUTCOMES)
def test_it_ends_as_it_should(
    name: str,
    engine: str,
    data: Path,
    manifest: dict[str, dict[str, str]],
    shared: Path,
    tmp_path: Path,
    canary: Canary,
) -> None:
    outcome = BETTER.get((name, engine), OUTCOMES[name])
    path = prepared(manifest[name], shared, tmp_path, canary)
    options = ("--profile", "skos", "--engine", engine, "--shapes", path, "--timeout", str(CAP))
    ran = run(tmp_path, "kg", "validate", *options, data)
    assert ran.code == outcome.code, ran.told + ran.out
    printed = ran.told + ran.out
    assert [said for said in outcome.said if said not in printed] == []
    assert "Traceback" not in printed and "a fault of this program" not in printed
    if outcome.code == 3:
        assert len(ran.told.splitlines()) == 1
        assert name in ran.told
        assert outcome is not STOPPED or (f"{name}, checked on " in ran.told and data.name in ran.told)
    for code in outcome.codes:
        assert f" {code}: " in printed
    # A check that is stopped has used all of its time on one core; the others none to speak of.
    assert ran.seconds < (CAP + 2 if outcome is STOPPED else 3)
    assert ran.memory < (1024 if outcome is STOPPED else 200)
    assert canary.requests == []
    assert _SONG not in printed


@pytest.mark.parametrize("engine", ENGINES)
def test_data_cannot_switch_shapes_off(
    engine: str,
    manifest: dict[str, dict[str, str]],
    shared: Path,
    tmp_path: Path,
    canary: Canary,
) -> None:
    path = prepared(manifest["shacl-self-disable.ttl"], shared, tmp_path, canary)
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "<http://ex.org/myShape> sh:targetClass skos:Concept ;\n"
        "    sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] .\n"
    )
    ran = run(tmp_path, "kg", "validate", "--profile", "skos", "--engine", engine, "--shapes", own, path)
    assert (ran.code, " shapes.myShape: " in ran.out) == (1, True)


def test_every_input_of_this_kind_is_told(
    manifest: dict[str, dict[str, str]],
) -> None:
    assert {name for name, found in manifest.items() if found["kind"] == "shapes"} == set(OUTCOMES)
