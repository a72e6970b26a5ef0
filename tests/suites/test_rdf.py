"""The W3C RDF 1.1 suites of Turtle, TriG, N-Triples and N-Quads: each test read, each graph written and read back.

In scope is what the folder has of RDF 1.1 syntax. The snapshot holds no RDF 1.2 and no
community-group tests; its `rdf-mt` tests entailment, which no reader or writer does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
from round_trip import by_pyoxigraph, by_us, declared, kept, rdf_formats, same, written

import kg
from kg.dataset import Dataset
from kg.errors import SourceError
from kg.formats import Format
from kg.vocab import RDF, Namespace

FOLDER = Path(os.environ.get("KG_SHARED") or Path(__file__).parents[3] / "shared") / "data/conf-rdf-tests/rdf/rdf11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
TESTS = "http://www.w3.org/ns/rdftest#"

#: The folder of each suite, the format it tests and how many tests it has.
SUITES = {
    "rdf-turtle": ("turtle", 313),
    "rdf-trig": ("trig", 356),
    "rdf-n-triples": ("ntriples", 70),
    "rdf-n-quads": ("nquads", 87),
}

#: Tests that are not met, by suite and name, each with a reason. There are none.
NOT_MET: dict[str, str] = {}


class Case(NamedTuple):
    """One test of a manifest."""

    suite: str
    name: str
    kind: str
    action: str
    result: str | None
    base: str

    @property
    def id(self) -> str:
        return f"{self.suite}/{self.name}"

    def path(self, address: str) -> str:
        return str(FOLDER / self.suite / address.rpartition("/")[2])


def cases(suite: str) -> list[Case]:
    """Return the tests of a suite in the order of its manifest."""
    path = FOLDER / suite / "manifest.ttl"
    if not path.is_file():
        return []
    made = Dataset()
    address = f"https://w3c.github.io/rdf-tests/rdf/rdf11/{suite}/manifest.ttl"
    made.add_stream(pyoxigraph.parse(path.read_bytes(), pyoxigraph.RdfFormat.TURTLE, base_iri=address))
    [base] = made.objects(f"<{address}>", MF.assumedTestBase) or [f"<{address.removesuffix('manifest.ttl')}>"]
    found, cell = [], made.match(None, MF.entries)
    node = next(row.object for row in cell)
    while node != RDF.nil:
        [test] = made.objects(node, RDF.first)
        [kind] = made.objects(test, RDF.type)
        [action] = made.objects(test, MF.action)
        result = made.value(test, MF.result)
        name = test[1:-1].partition("#")[2]
        found.append(Case(suite, name, kind[1:-1], action[1:-1], result and result[1:-1], base[1:-1]))
        [node] = made.objects(node, RDF.rest)
    return found


ALL = [case for suite in SUITES for case in cases(suite)]


def read(case: Case) -> Dataset:
    """Read what a test is about, as a user would who knows its syntax and its address."""
    address = case.base + case.action.rpartition("/")[2]
    return kg.load(case.path(case.action), format=SUITES[case.suite][0], base=address)


def accepted(case: Case) -> Dataset:
    found = read(case)
    assert found.report.codes() in ([], ["text.nul"])  # a NUL in a text is read, and told
    return found


def evaluated(case: Case) -> Dataset:
    assert case.result
    found, expected = read(case), Dataset()
    syntax = pyoxigraph.RdfFormat.N_TRIPLES if case.result.endswith(".nt") else pyoxigraph.RdfFormat.N_QUADS
    expected.add_stream(pyoxigraph.parse(Path(case.path(case.result)).read_bytes(), syntax), named=True)
    assert found.digest() == expected.digest()
    return found


def refused(case: Case) -> None:
    with pytest.raises(SourceError) as error:
        read(case)
    assert error.value.line is not None


#: What is done with a test of each type; a type that is not here fails. The snapshot has no negative evaluations.
HANDLERS: dict[str, Callable[[Case], Dataset | None]] = {
    TESTS + name: handler
    for names, handler in (
        (("TestTurtleEval", "TestTrigEval"), evaluated),
        (("TestTurtlePositiveSyntax", "TestTrigPositiveSyntax"), accepted),
        (("TestNTriplesPositiveSyntax", "TestNQuadsPositiveSyntax"), accepted),
        (("TestTurtleNegativeSyntax", "TestTrigNegativeSyntax"), refused),
        (("TestNTriplesNegativeSyntax", "TestNQuadsNegativeSyntax"), refused),
        (("TestTurtleNegativeEval", "TestTrigNegativeEval"), refused),
    )
    for name in names
}
POSITIVE = [case for case in ALL if HANDLERS.get(case.kind) in (evaluated, accepted) and case.id not in NOT_MET]


@pytest.mark.parametrize(("suite", "count"), [(suite, count) for suite, (_, count) in SUITES.items()])
def test_the_suite_is_whole(suite: str, count: int, shared: Path) -> None:
    assert sum(case.suite == suite for case in ALL) == count, shared
    assert 100 * sum(name.startswith(f"{suite}/") for name in NOT_MET) <= count


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_the_reader_meets_the_suite(case: Case) -> None:
    if case.id in NOT_MET:
        pytest.xfail(NOT_MET[case.id])
    HANDLERS[case.kind](case)


@pytest.mark.parametrize("item", rdf_formats(), ids=lambda item: item.name)
@pytest.mark.parametrize("suite", SUITES)
def test_every_graph_of_the_suite_is_written_and_read_back(suite: str, item: Format, shared: Path) -> None:
    checked = refusals = 0
    for case in POSITIVE:
        if case.suite == suite:
            graph = read(case)
            data = written(graph, item, declared(graph, item))
            if data is None:
                refusals += 1
                continue
            for parser, parse in (("kg", by_us), ("pyoxigraph", by_pyoxigraph)):
                same(parse(data, item.name), kept(graph, item), data, item, f"{parser}, {case.id}")
            checked += 1
    assert checked > 9 * refusals, shared
