"""The sums that stand for a graph: what a store computes is what is computed here, and every change is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import terms
from kg.dataset import Dataset
from kg.statement import Statement
from kg.store import auth, sums, verify
from kg.store.prepare import prepare
from kg.store.session import Directory, connect, numbers
from kg.store.sums import MIXED, Part
from kg.terms import Term

GRAPH = "urn:g:g"
TEXTS = ("", "a", "é𝄞", 'say "x" \\ \n', "x" * 40)
OBJECTS = [
    *("<urn:o:1>", "<urn:o:2>", "<http://e.org/%C3%A9#a>"),
    *(terms.literal(text, tag) for text in TEXTS for tag in (None, "en", "de-at")),
    *(terms.literal(text, None, "urn:d:d") for text in TEXTS),
]
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.sampled_from(OBJECTS)), min_size=1, max_size=30)


def statements(rows):
    return [Statement(Term(f"<urn:s:{s}>"), Term(f"<urn:p:{p}>"), Term(o)) for s, p, o in dict.fromkeys(rows)]


def summed(found) -> sums.Sums:
    table, *columns = Dataset(found).rows()
    return sums.of_rows(table, columns)


def held(found) -> Directory:
    store = Directory(None)
    store.add(GRAPH, [f"{s} {p} {o} .\n".encode() for s, p, o, *_ in found], "load")
    return store


@pytest.fixture
def opened(store):
    with connect(store.url, None, lambda: auth.found(store.url, environ=store.environ), 60) as made:
        yield made


@given(rows=ROWS, batch=st.integers(1, 40), most=st.sampled_from([1, 5, 900_000]), beside=st.integers(1, 3))
def test_a_store_computes_what_is_computed_here(rows, batch, most, beside):
    """In whatever batches, and where predicates are too large to be taken subject by subject."""
    found = statements(rows)
    wanted, store = summed(found), held(found)
    store.dialect = store.dialect._replace(verify_rows=batch, parallel=beside)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sums, "_MOST", most)
        assert verify.holds(store, GRAPH, wanted)
        assert verify.described(store, GRAPH) == (len(found), sums.digest_of(wanted))


@given(rows=ROWS, other=ROWS)
def test_what_differs_is_seen_and_named(rows, other):
    one, two = statements(rows), statements(other)
    store = held(two)
    different = verify.differences(store, GRAPH, summed(one))
    assert verify.holds(store, GRAPH, summed(one)) == (set(one) == set(two)) == (not different)
    assert (verify.described(store, GRAPH)[1] == sums.digest_of(summed(one))) == (set(one) == set(two))
    # Counts that differ are enough to be told; others are looked for only where there are none.
    wrong = {predicate for _, predicate, *_ in set(one) ^ set(two)}
    assert {told.predicate for told in different} <= wrong
    assert all(told.wanted == sum(p == told.predicate for _, p, *_ in one) for told in different)


def test_statements_that_have_exchanged_their_predicates_are_seen():
    """The counts of both are as before."""
    right = statements([("a", "x", "<urn:o:1>"), ("b", "y", "<urn:o:2>")])
    wrong = statements([("a", "y", "<urn:o:1>"), ("b", "x", "<urn:o:2>")])
    assert {told.predicate for told in verify.differences(held(wrong), GRAPH, summed(right))} == {
        "<urn:p:x>",
        "<urn:p:y>",
    }
    assert verify.described(held(wrong), GRAPH)[1] != sums.digest_of(summed(right))


def test_a_graph_that_changes_meanwhile_is_not_taken_for_right():
    """Where the batch was wrong, and each half of it is right when it is asked for."""
    found = statements([("a", "x", "<urn:o:1>"), ("b", "y", "<urn:o:2>")])
    store, asked = held(found), []
    rows = store.rows

    def changing(text, step, width):
        if width == 3 and not asked:
            asked.append(text)
            return [(Term('"1"'),) * 3]
        return rows(text, step, width)

    store.rows = changing
    assert len(verify.differences(store, GRAPH, summed(found))) == 2


@given(
    parts=st.dictionaries(
        st.integers(0, 99).map("<urn:p:{}>".format),
        st.builds(Part, st.integers(1, 2_000_000), st.just(0), st.sampled_from(sums.KINDS)),
    ),
    rows=st.sampled_from([0, 1_000, 300_000, 700_000]),
    beside=st.integers(1, 3),
)
def test_batches_hold_every_predicate_once_and_none_too_much(parts, rows, beside):
    batches = sums.batches(parts, rows, beside)
    assert sorted(name for batch in batches for name in batch) == sorted(parts)
    # With more statements of one subject its sum could come over 2^63.
    assert all(sums.total(batch) <= 900_000 for batch in batches if len(batch) > 1)


def test_no_question_names_thousands_of_predicates():
    parts = {f"<urn:p:{number}>": Part(number % 7 + 1, 0) for number in range(2_600)}
    batches = sums.batches(parts, 700_000, 2)
    assert sum(map(len, batches)) == 2_600 and max(map(len, batches)) <= 500


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (999_999_999, 8_999_999_999_999_999_999),
        (0, 0),
        (99_999, 100_000),
        (100_000, 99_999),
        (1, 9_007_199_254_740_993),
    ],
)
def test_a_product_is_exact_as_large_as_it_may_be(opened, first, second):
    inner = f"SELECT ({first} AS ?a) ({second} AS ?t) {{ }}"
    text = f"SELECT {sums.PARTS} {{ {{ {inner} }} {sums.SPLITTING} }}"
    (row,) = opened.rows(text, "verify", 3)
    assert sums.joined(*numbers(opened, row, "verify")) == first * second


@pytest.mark.parametrize("objects", [["<urn:o:1>"], ['"x"@en'], ['"x"'], ["<urn:o:1>", '"x"@en', '"x"']])
@pytest.mark.parametrize("most", [1, 900_000])
def test_a_graph_with_a_single_predicate(opened, objects, most, monkeypatch, tmp_path):
    """Virtuoso works forever on values in a single row."""
    monkeypatch.setattr(sums, "_MOST", most)
    rows = [(number, "p", object_) for number in range(50) for object_ in objects]
    ready = prepare(Dataset(statements(rows)), opened.dialect.altered, "urn:b:b", str(tmp_path / "g.nt"))
    graph = f"urn:single:{len(objects)}:{sums.kind_of(objects[0])}:{most}"
    opened.add(graph, [line for piece in ready.pieces(1000, 0) for line in piece], "load")
    assert len(ready.sums) == 1 and next(iter(ready.sums.values())).kind == (
        MIXED if len(objects) > 1 else sums.kind_of(objects[0])
    )
    assert verify.holds(opened, graph, ready.sums)
    assert verify.described(opened, graph) == (len(rows), sums.digest_of(ready.sums))
