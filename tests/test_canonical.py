"""Canonical labels of blank nodes: those of RDFC-1.0, the same for every order and labelling, with a work limit."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from strategies import statements

from kg import canonical
from kg.canonical import labels, nquad, relabelled
from kg.dataset import Dataset
from kg.errors import LimitError
from kg.interop import Quad, quads_of

P, Q = "<http://e.org/p>", "<http://e.org/q>"
NODES = [f"_:n{number}" for number in range(6)]

nodes = st.sampled_from(NODES)
triples = st.tuples(
    nodes | st.just("<http://e.org/s>"),
    st.sampled_from([P, P, Q]),
    nodes | nodes | st.sampled_from(["<http://e.org/o>", '"x"@en']),
    st.sampled_from(["", "<http://e.org/g>"]),
)
graphs_too = st.tuples(nodes, st.just(P), nodes, st.sampled_from(["", *NODES[:3]]))


def by_pyoxigraph(rows: list[Quad]) -> set[Quad]:
    text = "".join(f"{nquad(row)}\n" for row in rows).encode()
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return {quad for batch in quads_of(dataset, named=True) for quad in batch}


def shuffled(rows: list[Quad], seed: int) -> list[Quad]:
    """Give the same graph under other labels, in another order."""
    chance = random.Random(seed)
    found = sorted({term for row in rows for term in row if term[:1] == "_"})
    new = dict(zip(found, chance.sample([f"_:z{n}" for n in range(len(found))], len(found)), strict=True))
    moved = [tuple(new.get(term, term) for term in row) for row in rows]
    return chance.sample(moved, len(moved))  # type: ignore[return-value]


@settings(max_examples=400, deadline=None)
@given(rows=st.lists(triples, unique=True, min_size=1, max_size=9))
def test_the_labels_are_those_of_another_implementation(rows: list[Quad]) -> None:
    assert set(relabelled(rows)) == by_pyoxigraph(rows)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(statements, unique=True, max_size=12))
def test_they_are_with_any_terms(rows: list[Quad]) -> None:
    ours = {canonical.case_folded(row) for row in relabelled(rows)}
    assert ours == {canonical.case_folded(row) for row in by_pyoxigraph(rows)}


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.one_of(triples, graphs_too), unique=True, min_size=1, max_size=8), seed=st.integers(0, 99))
def test_neither_labels_nor_order_change_anything(rows: list[Quad], seed: int) -> None:
    assert set(relabelled(rows)) == set(relabelled(shuffled(rows, seed)))


def test_a_tie_that_the_hashes_do_not_see_is_decided_by_the_quads() -> None:
    # Both graph names have the same hash in RDFC-1.0, and only one of the objects is said something of.
    rows = [("_:a", P, "_:x", "_:b"), ("_:b", P, "_:y", "_:a"), ("_:c", P, "_:x", "")]
    assert len({frozenset(relabelled(shuffled(rows, seed))) for seed in range(30)}) == 1


def test_the_spelling_of_a_language_tag_changes_no_label() -> None:
    rows = [("_:a", P, '"x"@en-GB', ""), ("_:b", P, '"x"@en-US', "")]
    lower = [(s, p, o.lower(), g) for s, p, o, g in rows]
    assert labels(rows) == labels(lower)


def ring(size: int) -> list[Quad]:
    return [(f"_:r{n}", P, f"_:r{(n + 1) % size}", "") for n in range(size)]


def clique(size: int) -> list[Quad]:
    return [(f"_:c{n}", P, f"_:c{m}", "") for n in range(size) for m in range(size) if n != m]


@pytest.mark.parametrize("size", [8, 10, 12, 30])
def test_a_graph_made_to_hurt_is_refused_in_plain_words(size: int) -> None:
    start = time.process_time()
    with pytest.raises(LimitError, match=f"its {size} blank nodes are too symmetric"):
        labels(clique(size))
    assert time.process_time() - start < 5


def test_a_long_chain_of_alike_nodes_does_not_overflow_the_stack() -> None:
    with pytest.raises(LimitError):
        labels(ring(5000))
    assert len(labels(ring(40))) == 40


def test_alike_leaves_of_one_node_cost_nothing() -> None:
    rows: list[Quad] = [("_:hub", P, f"_:leaf{n}", "") for n in range(200)]
    assert set(relabelled(rows)) == set(relabelled(shuffled(rows, 1)))
    assert len(labels(rows)) == 201


def test_ordinary_blank_nodes_are_quick() -> None:
    rows: list[Quad] = []
    for n in range(2000):
        rows += [(f"<http://e.org/{n}>", P, f"_:b{n}", ""), (f"_:b{n}", Q, '"n"', "")]
    start = time.process_time()
    found = labels(rows)
    assert time.process_time() - start < 1
    assert sorted(found.values()) == sorted(f"_:c14n{n}" for n in range(2000))


def test_shuffled_lines_with_blank_nodes_give_one_digest() -> None:
    rows: list[Quad] = []
    for n in range(10_000):
        rows += [(f"<http://e.org/{n}>", P, f"_:b{n}", ""), (f"_:b{n}", Q, f'"{n % 100}"', ""),
                 (f"_:b{n}", P, f"_:c{n}", ""),
                 (f"_:c{n}", Q, f'"{n % 7}"@en', "")]  # fmt: skip
    digests = {Dataset.digest(_dataset(rows if seed is None else shuffled(rows, seed))) for seed in (None, 1, 2)}
    assert len(digests) == 1


def _dataset(rows: list[Quad]) -> Dataset:
    dataset = Dataset()
    dataset.fill([rows])
    return dataset
