"""Loads into real stores: verified there, whole or not at all."""

from __future__ import annotations

import itertools

import pytest

from kg.dataset import Dataset
from kg.errors import StoreError, UnknownName, UsageError
from kg.statement import Statement
from kg.store import auth, catalogue, sums, verify
from kg.store.load import Order, clear, foretold, load
from kg.store.prepare import prepare
from kg.store.session import connect, numbers
from kg.store.unload import unload
from kg.terms import Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = itertools.count()


@pytest.fixture
def vocabulary() -> str:
    return f"https://e.org/v{next(_NUMBERS)}"


@pytest.fixture
def opened(store):
    made = connect(store.url, None, lambda: auth.found(store.url, environ=store.environ), 60)
    assert made.dialect.name == store.dialect
    yield made
    made.close()


def statements(count=50):
    for number in range(count):
        subject = f"<https://e.org/c{number}>"
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#prefLabel>", f'"Grün {number} €𝄞\\n"@de-AT')
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#notation>", f'"0{number}"^^<{_XSD}integer>')
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#note>", f'"say \\"{number}\\" \\\\ \\u0001"')
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#broader>", "<https://e.org/ü>")
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#note>", "_:b" + str(number))
        yield Statement("_:b" + str(number), "<https://e.org/p>", f'"{number}"')


def made(tmp_path, kind, found):
    return prepare(Dataset(found), kind, "https://e.org/base", str(tmp_path / f"{next(_NUMBERS)}.nt"))


def test_a_load_is_verified_current_and_idempotent(opened, vocabulary, tmp_path):
    ready = made(tmp_path, opened.dialect.altered, statements())
    receipt = load(opened, ready, Order(vocabulary, "1"))
    assert receipt.state == "loaded"
    assert receipt.triples == verify.count(opened, receipt.graph) == 300
    assert {alteration.what for alteration in receipt.altered} == {"tag", "literal"}
    again = load(opened, ready, Order(vocabulary, "1"))
    assert (again.state, again.sent) == ("there already", 0)
    second = load(opened, made(tmp_path, opened.dialect.altered, statements(60)), Order(vocabulary, "2"))
    known = catalogue.read(opened, catalogue.GRAPH, vocabulary)
    assert known.current == second.graph and len(known.versions) == 2
    back = load(opened, ready, Order(vocabulary, "1"))
    assert back.state == "made current"
    assert catalogue.read(opened, catalogue.GRAPH, vocabulary).current == receipt.graph


def test_a_version_never_changes(opened, vocabulary, tmp_path):
    load(opened, made(tmp_path, opened.dialect.altered, statements(5)), Order(vocabulary, "1"))
    with pytest.raises(UsageError, match="never changes"):
        load(opened, made(tmp_path, opened.dialect.altered, statements(6)), Order(vocabulary, "1"))


def test_a_changed_literal_is_found_out(opened, vocabulary, tmp_path):
    ready = made(tmp_path, opened.dialect.altered, statements(20))
    receipt = load(opened, ready, Order(vocabulary, "1"))
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    opened.update(
        f'DELETE DATA {{ GRAPH <{receipt.graph}> {{ <https://e.org/c3> {label} "Grün 3 €𝄞\\n"@de-AT }} }} ;'
        f'INSERT DATA {{ GRAPH <{receipt.graph}> {{ <https://e.org/c3> {label} "Grun 3 €𝄞\\n"@de-AT }} }}',
        "tamper",
    )
    (difference,) = verify.differences(opened, receipt.graph, ready.sums)
    assert difference.predicate == label and difference.found == difference.wanted == 20
    with pytest.raises(StoreError, match="changed since"):
        load(opened, ready, Order(vocabulary, "1"))


def test_a_load_goes_on_where_it_stopped(opened, vocabulary, tmp_path):
    ready = made(tmp_path, opened.dialect.altered, statements(5000))
    load(opened, made(tmp_path, opened.dialect.altered, statements(3)), Order(vocabulary, "0"))
    opened.dialect = opened.dialect._replace(parallel=1)
    add, calls = opened.add, []

    def failing(graph, lines, step):
        calls.append(len(lines))
        if len(calls) == 3:
            raise KeyboardInterrupt
        add(graph, lines, step)

    opened.add = failing
    order = Order(vocabulary, "1", piece=10_000)
    with pytest.raises(KeyboardInterrupt):
        load(opened, ready, order)
    known = catalogue.read(opened, catalogue.GRAPH, vocabulary)
    assert known.current == catalogue.version_graph(vocabulary, "0")
    assert known.versions[catalogue.version_graph(vocabulary, "1")].state == catalogue.LOADING
    opened.add = add
    receipt = load(opened, ready, order)
    assert receipt.state == "resumed" and receipt.sent == len(list(statements(5000))) - 10_000 * 2


def test_what_stands_half_loaded_and_is_wrong_is_loaded_anew(opened, vocabulary, tmp_path):
    ready = made(tmp_path, opened.dialect.altered, statements(20))
    graph = catalogue.version_graph(vocabulary, "1")
    size = opened.dialect.piece
    entry = catalogue.Entry(graph, "1", "", "", 0, "")
    entry = entry._replace(digest=sums.digest_of(ready.sums), triples=1, sent=f"{ready.digest[:32]}-{size}")
    catalogue.begin(opened, catalogue.GRAPH, vocabulary, entry)
    catalogue.advance(opened, catalogue.GRAPH, entry, 1)
    receipt = load(opened, ready, Order(vocabulary, "1"))
    assert receipt.state == "resumed" and receipt.triples == verify.count(opened, graph)


def ground(numbers):
    for number in numbers:
        subject = f"<https://e.org/c{number}>"
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#prefLabel>", f'"Grün {number} €"@de-AT')
        yield Statement(subject, "<http://www.w3.org/2004/02/skos/core#notation>", f'"0{number}"^^<{_XSD}integer>')


def test_only_the_difference_is_sent(opened, vocabulary, tmp_path):
    kind = opened.dialect.altered
    load(opened, made(tmp_path, kind, ground(range(3000))), Order(vocabulary, "1"))
    changed = [*ground(range(10, 3005)), *ground(["11"])]
    receipt = load(opened, made(tmp_path, kind, changed), Order(vocabulary, "2", diff=True))
    assert (receipt.state, receipt.sent, receipt.removed) == ("loaded", 10, 20)
    assert receipt.triples == 2 * 2995


def test_a_foreign_graph_is_left_alone(opened, vocabulary, tmp_path):
    graph = catalogue.version_graph(vocabulary, "1")
    opened.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:a:s> <urn:a:p> <urn:a:o> }} }}", "prepare")
    with pytest.raises(StoreError, match="no load of ours"):
        load(opened, made(tmp_path, opened.dialect.altered, statements(3)), Order(vocabulary, "1"))
    assert verify.count(opened, graph) == 1
    clear(opened, graph)


def test_the_fixed_graph_follows(opened, vocabulary, tmp_path):
    kind, fixed = opened.dialect.altered, f"{vocabulary}/fixed"
    first, second = made(tmp_path, kind, statements(30)), made(tmp_path, kind, statements(33))
    if not opened.dialect.atomic:
        with pytest.raises(UsageError, match="--allow-visible-update"):
            load(opened, first, Order(vocabulary, "1", fixed))
    load(opened, first, Order(vocabulary, "1", fixed, visible=True))
    assert not verify.differences(opened, fixed, first.sums)
    load(opened, second, Order(vocabulary, "2", fixed, visible=True))
    assert not verify.differences(opened, fixed, second.sums)
    with pytest.raises(StoreError, match="--take-over"):
        load(opened, first, Order(f"{vocabulary}x", "1", fixed, visible=True))


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_sums_keep_all_their_digits_and_what_is_no_number_is_told(opened):
    # Above 2^53 a float would round it.
    assert numbers(opened, (Term(f'"11600000000000001"^^<{_XSD}integer>'), Term('"3.0"'), None), "verify") == [
        11600000000000001,
        3,
        0,
    ]
    for odd in ('"many"', '"NaN"', '"INF"'):
        with pytest.raises(StoreError, match="where a number was asked for"):
            numbers(opened, (Term(odd),), "verify")


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_a_catalogue_with_a_number_that_is_none(opened, vocabulary, tmp_path):
    receipt = load(opened, made(tmp_path, "oxigraph", statements(2)), Order(vocabulary, "1"))
    size = f"<{receipt.graph}> <{catalogue.TRIPLES}>"
    opened.update(f"DELETE WHERE {{ GRAPH <{catalogue.GRAPH}> {{ {size} ?old }} }}", "break")
    opened.update(f'INSERT DATA {{ GRAPH <{catalogue.GRAPH}> {{ {size} "a few" }} }}', "break")
    with pytest.raises(StoreError, match="no number where one should be"):
        catalogue.read(opened, catalogue.GRAPH, vocabulary)
    opened.update(f"DELETE WHERE {{ GRAPH <{catalogue.GRAPH}> {{ <{receipt.graph}> ?p ?o }} }}", "mend")


# -- two at once, and stores that do not do what they say ----------------------------


def after_sending(opened, change):
    """Let something else happen when the first load has sent all, and before it verifies."""
    add = opened.add

    def then(graph, lines, step):
        add(graph, lines, step)
        change()

    opened.dialect = opened.dialect._replace(parallel=1)
    opened.add = then


def test_of_two_loads_of_a_version_the_second_stands_and_the_first_takes_nothing_away(opened, vocabulary, tmp_path):
    kind = opened.dialect.altered
    mine, other = made(tmp_path, kind, statements(20)), made(tmp_path, kind, statements(30))
    with opened.twin() as twin:
        after_sending(opened, lambda: load(twin, other, Order(vocabulary, "1")))
        with pytest.raises(StoreError, match="another load of version 1 has begun"):
            load(opened, mine, Order(vocabulary, "1"))
        known = catalogue.read(twin, catalogue.GRAPH, vocabulary)
        assert known.versions[known.current].state == catalogue.COMPLETE
        assert not verify.differences(twin, known.current, other.sums)


def test_a_version_that_is_unloaded_while_it_is_loaded_does_not_become_current(opened, vocabulary, tmp_path):
    ready = made(tmp_path, opened.dialect.altered, statements(20))
    with opened.twin() as twin:
        after_sending(opened, lambda: list(unload(twin, catalogue.GRAPH, vocabulary, "1")))
        with pytest.raises(StoreError):
            load(opened, ready, Order(vocabulary, "1"))
        assert catalogue.read(twin, catalogue.GRAPH, vocabulary).current is None


def test_the_current_version_is_not_unloaded_alone(opened, vocabulary, tmp_path):
    receipt = load(opened, made(tmp_path, opened.dialect.altered, statements(2)), Order(vocabulary, "1"))
    with pytest.raises(UsageError, match="is the current one"):
        list(unload(opened, catalogue.GRAPH, vocabulary, "1"))
    assert verify.count(opened, receipt.graph) == receipt.triples
    assert list(unload(opened, catalogue.GRAPH, vocabulary, None)) == [receipt.graph]
    with pytest.raises(UnknownName):
        list(unload(opened, catalogue.GRAPH, vocabulary, None))


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_updates_that_change_nothing_are_found_out(opened, vocabulary, tmp_path):
    opened.update = lambda *_: None
    with pytest.raises(StoreError, match="does not hold what was written"):
        load(opened, made(tmp_path, "oxigraph", statements(2)), Order(vocabulary, "1"))


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_a_version_that_does_not_become_current_is_found_out(opened, vocabulary, tmp_path):
    update = opened.update
    opened.update = lambda text, step: None if step == "make it current" else update(text, step)
    with pytest.raises(StoreError, match=r"does not say that .* is current"):
        load(opened, made(tmp_path, "oxigraph", statements(2)), Order(vocabulary, "1"))


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_a_catalogue_that_is_cut_off_is_no_half_loaded_version(opened, vocabulary, tmp_path):
    ready = made(tmp_path, "oxigraph", statements(2))
    receipt = load(opened, ready, Order(vocabulary, "1"))
    rows = opened.rows
    for most in range(1, 8):
        opened.rows = lambda text, step, width, most=most: rows(text, step, width)[:most]
        with pytest.raises(StoreError, match="not whole"):
            load(opened, ready, Order(vocabulary, "1"))
        with pytest.raises(StoreError, match=r"not whole|rows"):
            catalogue.read(opened, catalogue.GRAPH, vocabulary)
    opened.rows = rows
    assert verify.count(opened, receipt.graph) == receipt.triples


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_pieces_side_by_side_do_not_share_the_connection_that_writes_the_catalogue(opened, vocabulary, tmp_path):
    def shared(*_):
        raise AssertionError("two threads would use one connection")

    opened.add = shared
    assert load(opened, made(tmp_path, "oxigraph", statements(50)), Order(vocabulary, "1", piece=50)).sent == 300


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_a_fixed_graph_has_one_owner_and_is_nothing_else(opened, vocabulary, tmp_path):
    ready = made(tmp_path, "oxigraph", statements(3))
    graph, fixed, other = load(opened, ready, Order(vocabulary, "1")).graph, f"{vocabulary}/fixed", f"{vocabulary}x"
    for taken in (catalogue.GRAPH, graph, catalogue.version_graph(other, "1")):
        with pytest.raises(UsageError, match=r"never changes|the catalogue"):
            load(opened, ready, Order(other, "1", taken, take_over=True))
    # One that is equal already is noted, too.
    opened.update(f"COPY GRAPH <{graph}> TO GRAPH <{fixed}>", "prepare")
    load(opened, ready, Order(vocabulary, "1", fixed, take_over=True))
    load(opened, made(tmp_path, "oxigraph", statements(4)), Order(vocabulary, "2", fixed))
    with pytest.raises(StoreError, match="is the fixed graph of"):
        load(opened, ready, Order(other, "1", fixed))
    load(opened, ready, Order(other, "1", fixed, take_over=True))
    list(unload(opened, catalogue.GRAPH, vocabulary, None))
    assert verify.count(opened, fixed) == sums.total(ready.sums)


@pytest.mark.parametrize("store", ["oxigraph"], indirect=True)
def test_a_dry_run_refuses_what_the_load_would(opened, vocabulary, tmp_path):
    graph = catalogue.version_graph(vocabulary, "1")
    opened.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:a:s> <urn:a:p> <urn:a:o> }} }}", "prepare")
    with pytest.raises(StoreError, match="no load of ours"):
        list(foretold(opened, made(tmp_path, "oxigraph", statements(3)), Order(vocabulary, "1")))
