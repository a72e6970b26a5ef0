"""What readers see while a store changes: what a dialect says of itself, held against the real thing."""

from __future__ import annotations

import itertools
import threading

import pytest

from kg.dataset import Dataset
from kg.statement import Statement
from kg.store import auth, catalogue, verify
from kg.store.load import Order, load
from kg.store.prepare import prepare
from kg.store.session import connect

import os
SIZE = int(os.environ.get('SIZE','2000'))
_NUMBERS = itertools.count()


@pytest.fixture
def opened(store):
    made = connect(store.url, None, lambda: auth.found(store.url, environ=store.environ), 60)
    yield made
    made.close()


def seen_by_readers(opened, query, change, width):
    """Return what a reader that asks again and again sees while something changes."""
    seen, stop, faults = set(), threading.Event(), []

    def read():
        twin = opened.twin()
        try:
            while not stop.is_set():
                seen.add(tuple(sorted(twin.rows(query, "read", width))))
        except Exception as error:  # noqa: BLE001 - told by the test
            faults.append(error)
        finally:
            twin.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        change()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not faults
    return seen


def test_readers_of_the_catalogue_see_one_current_version_or_the_other(opened):
    vocabulary = f"https://e.org/r{next(_NUMBERS)}"
    graphs = [catalogue.version_graph(vocabulary, name) for name in "12"]
    for graph, name in zip(graphs, "12", strict=True):
        catalogue.begin(opened, catalogue.GRAPH, vocabulary, catalogue.Entry(graph, name))
    catalogue.switch(opened, catalogue.GRAPH, vocabulary, graphs[0])

    def change():
        for number in range(30):
            catalogue.switch(opened, catalogue.GRAPH, vocabulary, graphs[number % 2])

    query = f"SELECT ?g {{ GRAPH <{catalogue.GRAPH}> {{ <{vocabulary}> <{catalogue.CURRENT}> ?g }} }}"
    assert seen_by_readers(opened, query, change, 1) <= {((f"<{graph}>",),) for graph in graphs}


def test_readers_of_a_fixed_graph_see_a_mixture_only_where_the_table_says_so(opened, tmp_path):
    """Each statement says of which version it is: whoever sees both has seen a mixture."""
    vocabulary = f"https://e.org/r{next(_NUMBERS)}"
    fixed = f"{vocabulary}/fixed"

    def of(version):
        found = [Statement(f"<urn:c:{number}>", "<urn:p:of>", f'"{version}"') for number in range(SIZE)]
        return prepare(Dataset(found), opened.dialect.altered, "urn:b:b", str(tmp_path / f"{version}.nt"))

    versions = {name: of(name) for name in "12"}
    load(opened, versions["1"], Order(vocabulary, "1", fixed, visible=True))

    def change():
        for name in "2121":
            load(opened, versions[name], Order(vocabulary, name, fixed, visible=True))

    query = f"SELECT ?o (COUNT(*) AS ?n) {{ GRAPH <{fixed}> {{ ?s <urn:p:of> ?o }} }} GROUP BY ?o"
    seen = {tuple((o, verify.number(n)) for o, n in rows) for rows in seen_by_readers(opened, query, change, 2)}
    whole = {((f'"{name}"', SIZE),) for name in "12"}
    if opened.dialect.atomic:
        assert seen <= whole
    else:
        # Were it atomic, the table would be too strict; this is why the option is asked for.
        assert seen - whole
