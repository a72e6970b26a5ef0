"""Cycles and ancestry, against a slow and simple reading of the same graph."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from kg.check import ancestry
from kg.check.ancestry import Ancestry

if TYPE_CHECKING:
    import pytest

EDGES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=14)


def closure(edges: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Return the nodes at least one step above each node."""
    above: dict[str, set[str]] = {node: set() for edge in edges for node in edge}
    for _ in above:
        for low, high in edges:
            above[low] |= {high} | above[high]
    return above


@given(EDGES)
def test_a_pair_is_found_exactly_when_one_stands_above_the_other(edges: list[tuple[str, str]]) -> None:
    above = closure(edges)
    pairs = [(one, other) for one in "abcdefghi" for other in "abcdefghi" if one < other]
    found = {frozenset(pair) for pair in Ancestry(edges).above(pairs)}
    wanted = {
        frozenset((one, other)) for one, other in pairs if other in above.get(one, ()) or one in above.get(other, ())
    }
    assert found == wanted


@given(EDGES)
def test_the_lower_one_of_a_pair_comes_first(edges: list[tuple[str, str]]) -> None:
    above = closure(edges)
    for lower, upper in Ancestry(edges).above([(one, other) for one in "abcd" for other in "efgh"]):
        assert upper in above[lower]


@given(EDGES)
def test_each_knot_gives_one_cycle_of_real_steps(edges: list[tuple[str, str]]) -> None:
    above = closure(edges)
    cycles = list(Ancestry(edges).cycles())
    for cycle in cycles:
        assert cycle[0] == cycle[-1] == min(cycle)
        assert set(pairwise(cycle)) <= set(edges)
        assert len(set(cycle)) == len(cycle) - 1
    in_circles = {node for node, higher in above.items() if node in higher}
    knots = {frozenset({node} | {other for other in above[node] if node in above[other]}) for node in in_circles}
    assert len(cycles) == len(knots)
    assert all(any(set(cycle) <= knot for knot in knots) for cycle in cycles)


@given(EDGES, st.sets(st.sampled_from("abcdefghi")))
def test_below_is_everything_that_leads_up_to_a_start(edges: list[tuple[str, str]], starts: set[str]) -> None:
    above = closure(edges)
    assert Ancestry(edges).below(starts) == starts | {node for node, higher in above.items() if higher & starts}


@given(EDGES)
def test_a_way_up_is_made_of_real_steps(edges: list[tuple[str, str]]) -> None:
    order = Ancestry(edges)
    for lower, higher in closure(edges).items():
        for upper in higher:
            way = order.way(lower, upper)
            assert way is not None
            assert (way[0], way[-1]) == (lower, upper)
            assert set(pairwise(way)) <= set(edges)


def test_a_long_chain_needs_no_recursion_and_many_pairs_no_square() -> None:
    names = [f"n{number:06}" for number in range(30_000)]
    order = Ancestry(pairwise(names))
    pairs = [(names[number], names[-1 - number]) for number in range(len(names) // 2)]
    assert len(list(order.above(pairs))) == len(pairs)
    assert list(order.cycles()) == []
    assert order.way(names[0], names[-1]) is None, "too long to be shown"
    [cycle] = Ancestry([*pairwise(names), (names[-1], names[0])]).cycles()
    assert len(cycle) == len(names) + 1


def test_pairs_are_followed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"n{number:03}" for number in range(40)]
    order = Ancestry(pairwise(names))
    pairs = [(names[low], names[high]) for low in range(40) for high in range(low)]
    whole = sorted(order.above(pairs))
    monkeypatch.setattr(ancestry, "_BATCH", 3)
    assert sorted(order.above(pairs)) == whole
    assert len(whole) == len(pairs)
