"""Blank nodes inside other statements: whatever is nested reads back as the same graph."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from round_trip import by_rdflib
from strategies import literals

from kg import formats
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.statement import DATA, Statement
from kg.terms import Term, iri
from kg.vocab import RDF

SYNTAX = {"turtle": pyoxigraph.RdfFormat.TURTLE, "trig": pyoxigraph.RdfFormat.TRIG}
BLANKS = [Term(f"_:n{number}") for number in range(6)]
THING = iri("http://example.org/a")
objects = st.one_of(st.sampled_from([*BLANKS, RDF.nil, THING]), literals)
predicates = st.sampled_from([RDF.first, RDF.rest, RDF.type, iri("http://example.org/p")])
graphs = st.sampled_from([DATA, THING, iri("http://example.org/g"), BLANKS[0]])


@st.composite
def lists(draw: st.DrawFn) -> list[Statement]:
    """A list, whose elements may be lists, hanging on a statement; sometimes one statement too many."""
    rows: list[Statement] = []

    def cells(depth: int) -> Term:
        size = draw(st.integers(0, 3))
        made = [Term(f"_:c{len(rows)}x{number}") for number in range(size)]
        for cell, rest in zip(made, [*made[1:], RDF.nil], strict=False):
            value = cells(depth - 1) if depth and draw(st.booleans()) else draw(objects)
            rows.extend([Statement(cell, RDF.first, value), Statement(cell, RDF.rest, rest)])
        return made[0] if made else RDF.nil

    rows.append(Statement(THING, draw(predicates), cells(2)))
    if draw(st.booleans()):
        known = sorted({row.subject for row in rows})
        rows.append(Statement(draw(st.sampled_from(known)), draw(predicates), draw(st.sampled_from(known))))
    return rows


def written(dataset: Dataset, name: str) -> str:
    return b"".join(formats.for_name(name).write(dataset, WriteOptions())).decode()


def canonical(data: str, syntax: pyoxigraph.RdfFormat) -> set[str]:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(data, syntax))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def check(rows: list[Statement], name: str) -> None:
    before = canonical(written(Dataset(rows), "nquads"), pyoxigraph.RdfFormat.N_QUADS)
    text = written(Dataset(rows), name)
    assert canonical(text, SYNTAX[name]) == before
    renamed = {blank: Term(f"_:{name}") for blank, name in zip(BLANKS, "zyxwvu", strict=True)}
    others = [Statement(*(renamed.get(term, term) for term in row)) for row in reversed(rows)]
    assert written(Dataset(others), name) == text, "labels and order change no byte"


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(
        st.builds(Statement, st.sampled_from([*BLANKS, THING]), predicates, objects, st.just(DATA)), max_size=12
    )
)
def test_any_graph_of_blank_nodes_reads_back(rows: list[Statement]) -> None:
    check(rows, "turtle")


@settings(max_examples=300, deadline=None)
@given(rows=lists())
def test_lists_read_back_whatever_hangs_on_them(rows: list[Statement]) -> None:
    check(rows, "turtle")


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.builds(Statement, st.sampled_from([*BLANKS, THING]), predicates, objects, graphs), max_size=12))
def test_blank_nodes_in_several_graphs_read_back(rows: list[Statement]) -> None:
    check(rows, "trig")


@settings(max_examples=100, deadline=None)
@given(rows=lists())
def test_rdflib_reads_nests_and_lists_with_as_many_statements(rows: list[Statement]) -> None:
    dataset = Dataset(rows)
    for name in ("turtle", "trig"):
        assert len(by_rdflib(written(dataset, name).encode(), name)) == len(dataset)
