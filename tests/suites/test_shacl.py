"""The W3C SHACL core suite, through the adapter, on each engine: every result compared, one by one."""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest

from kg.check.shacl import ENGINES, Result, Shapes, validate
from kg.dataset import Dataset
from kg.terms import iri_text, lexical
from kg.vocab import RDF, SH, Namespace

SHARED = Path(os.environ.get("KG_SHARED") or Path(__file__).parents[3] / "shared")
FOLDER = SHARED / "data/conf-data-shapes/data-shapes-test-suite/tests"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

#: How many tests the snapshot of the suite has.
TESTS = 98

#: Tests whose results differ, by engine and test, each with a reason. There are none.
NOT_MET: dict[tuple[str, str], str] = {}

#: A result without its messages: shape, focus, path, value, component, severity.
Row = tuple[str | None, ...]


class Case(NamedTuple):
    """One test: its file, its node, the files of data and shapes, and what the node says is found."""

    path: Path
    node: str
    data: Path
    shapes: Path
    report: str

    @property
    def id(self) -> str:
        return str(self.path.relative_to(FOLDER).with_suffix(""))


@cache
def graph(path: Path) -> Dataset:
    made = Dataset()
    base = path.as_uri()
    made.add_stream(pyoxigraph.parse(path.read_bytes(), pyoxigraph.RdfFormat.TURTLE, base_iri=base))
    return made


def cases(path: Path) -> list[Case]:
    """Return the tests of a manifest and of those it includes; a test of an unknown type fails."""
    if not path.is_file():
        return []
    made = graph(path)
    found = []
    for included in made.match(None, MF.include):
        found += cases(local(included.object))
    for entries in made.match(None, MF.entries):
        for node in Shapes(dataset=made).members(entries.object):
            assert made.objects(node, RDF.type) == [SHT.Validate]
            [action], [report] = made.objects(node, MF.action), made.objects(node, MF.result)
            [data], [shapes] = made.objects(action, SHT.dataGraph), made.objects(action, SHT.shapesGraph)
            found.append(Case(path, node, local(data), local(shapes), report))
    return found


def local(term: str) -> Path:
    return Path(iri_text(term).removeprefix("file://"))


ALL = cases(FOLDER / "core/manifest.ttl")


def expected(case: Case) -> Counter[Row]:
    made = graph(case.path)
    paths = Shapes(dataset=made)
    rows: Counter[Row] = Counter()
    for result in made.objects(case.report, SH.result):
        path, component = made.value(result, SH.resultPath), made.value(result, SH.sourceConstraintComponent)
        rows[
            shown(made.value(result, SH.sourceShape), case),
            shown(made.value(result, SH.focusNode), case),
            path and paths.spelt(path),
            shown(made.value(result, SH.value), case),
            component and component[1:-1].removeprefix(SH.base),
            made.value(result, SH.resultSeverity),
        ] += 1
    return rows


def shown(term: str | None, case: Case) -> str | None:
    """Return a term; where test, data and shapes are several files, no label of a blank node is the same in two."""
    several = {case.path, case.data, case.shapes} != {case.path}
    return "_:" if term and term[0] == "_" and several else term


def got(result: Result, case: Case) -> Row:
    terms = (shown(result.shape, case), shown(result.focus, case), result.path, shown(result.value, case))
    return (*terms, result.component, result.severity)


@pytest.mark.usefixtures("shared")
def test_the_suite_is_whole() -> None:
    assert len(ALL) == TESTS


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_core(case: Case, engine: str) -> None:
    found = validate(graph(case.data), Shapes(dataset=graph(case.shapes)), engine)
    made = graph(case.path)
    same = Counter(got(result, case) for result in found) == expected(case)
    conforms = [lexical(term) for term in made.objects(case.report, SH.conforms)]
    assert conforms in (["true"], ["1"]) if not found else conforms in (["false"], ["0"])
    assert same is ((engine, case.id) not in NOT_MET)
    messages = [
        (made.value(result, SH.focusNode), lexical(message))
        for result in made.objects(case.report, SH.result)
        for message in made.objects(result, SH.resultMessage)
    ]
    for focus, message in messages:
        assert any(result.focus == focus and message in result.messages for result in found)
