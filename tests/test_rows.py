"""Statements as columns: filled in batches, put in order without comparing more than is needed."""

from __future__ import annotations

import random

from kg.dataset import Dataset
from kg.statement import Origin, Statement

A, B, P, Q = "<urn:a>", "<urn:b>", "<urn:p>", "<urn:q>"


def test_what_comes_twice_in_a_batch_or_in_two_is_kept_once_with_every_source() -> None:
    dataset = Dataset()
    dataset.fill([[(A, P, B, ""), (B, P, A, "")]], Origin("one"))
    dataset.fill([[(A, Q, B, ""), (A, P, B, ""), (B, Q, B, ""), (A, Q, B, "")], [(B, Q, B, "")]], Origin("two"))
    dataset.fill([[(B, Q, A, ""), (B, Q, B, Q)]], Origin("three"))
    rows = [(A, P, B, ""), (B, P, A, ""), (A, Q, B, ""), (B, Q, B, ""), (B, Q, A, ""), (B, Q, B, Q)]
    assert list(dataset) == rows
    sources = [[origin.path for origin in dataset.origins(row)] for row in rows]
    assert sources == [["one", "two"], ["one"], ["two"], ["two"], ["three"], ["three"]]
    assert all(row in dataset for row in rows)


def test_rows_are_put_in_the_order_of_their_text() -> None:
    chance = random.Random(1)
    words = ["<urn:a>", "<urn:a!>", "<urn:ab>", '"a"', '"a"@en', '"a"@en-GB', '"a b"', "_:b1", "_:b10", "<urn:é>"]
    nodes = [word for word in words if word[0] == "<"]
    made = {(chance.choice(nodes), chance.choice(nodes), chance.choice(words[:7])) for _ in range(150)}
    dataset = Dataset(Statement(*row) for row in chance.sample(sorted(made), len(made)))
    assert [row[:3] for row in dataset.rows().statements()] == sorted(made)
    lines = "".join(dataset.rows().lines()).splitlines()
    assert lines == sorted(lines), "lines of N-Triples come in the same order"


def test_an_order_may_be_given() -> None:
    dataset = Dataset([Statement(A, P, B), Statement(A, Q, B), Statement(B, P, A), Statement(B, P, '"x"')])
    rows = dataset.rows()
    number = {term: place for place, term in enumerate(rows.terms)}
    order = rows.ordered([number[B], number[A]], [number[Q], number[P]])
    assert [rows.terms[rows.objects[row]] for row in order.rows] == ['"x"', A, B, B]
    assert [order.subjects[key >> order.shift] for key in order.keys] == [number[B], number[B], number[A], number[A]]


def test_each_graph_gets_its_rows() -> None:
    dataset = Dataset([Statement(A, P, B, Q), Statement(A, P, A), Statement(B, P, A, P), Statement(B, P, B, Q)])
    found = {name: list(rows.statements(name)) for name, rows in dataset.by_graph()}
    assert found == {name: sorted(dataset.match(graph=name)) for name in dataset.graphs()}
    assert list(found) == ["", P, Q]
    assert list(dataset.rows(Q).statements(Q)) == found[Q]
    assert list(dataset.rows("<urn:none>").statements()) == []
    assert list(Dataset().by_graph()) == []
