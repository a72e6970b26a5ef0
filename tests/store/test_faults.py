"""A proxy that fails between us and the store: the old version or the new one, never half, and the next run ends it."""

from __future__ import annotations

import itertools

import pytest
from proxy import FAULTS, between

from kg.dataset import Dataset
from kg.errors import StoreError
from kg.statement import Statement
from kg.store import auth, catalogue, verify
from kg.store.load import Order, load
from kg.store.prepare import prepare
from kg.store.session import connect

_NUMBERS = itertools.count()


@pytest.fixture
def proxy(store):
    with between(int(store.url.split(":")[2].split("/")[0])) as made:
        yield made


@pytest.fixture
def opened(store, proxy):
    url = store.url.replace(str(proxy.port), str(proxy.server_port))
    made = connect(url, None, lambda: auth.found(url, environ=store.environ), 60)
    made.client._wait = proxy.waits.append  # noqa: SLF001 - nobody waits in a test
    made.dialect = made.dialect._replace(parallel=1)
    yield made
    made.close()


def ready(tmp_path, kind, count, text="x"):
    found = [Statement(f"<urn:c:{number}>", "<urn:p:p>", f'"{text} é {number}"@en') for number in range(count)]
    return prepare(Dataset(found), kind, "urn:b:b", str(tmp_path / f"{next(_NUMBERS)}.nt"))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_leaves_the_old_version_or_the_new_one(opened, proxy, fault, tmp_path):
    vocabulary = f"https://e.org/f{next(_NUMBERS)}"
    kind = opened.dialect.altered
    old, new = ready(tmp_path, kind, 50), ready(tmp_path, kind, 900, "y")
    load(opened, old, Order(vocabulary, "0"))
    # 18 requests or so make up a load: the fault strikes at some of them in turn, for good.
    for version, at in enumerate(range(0, 18, 4), 1):
        order = Order(vocabulary, str(version), piece=300)
        if fault == "slow":
            opened.client.timeout = 1
        proxy.plan(fault, at, times=99)
        failed = None
        try:
            load(opened, new, order)
        except StoreError as error:
            failed = error
        proxy.plan(None, 0)
        opened.client.timeout = 60
        known = catalogue.read(opened, catalogue.GRAPH, vocabulary)
        current = known.versions[known.current]
        assert current.state == catalogue.COMPLETE
        wanted = old if current.version == "0" else new
        assert not verify.differences(opened, known.current, wanted.sums)
        if failed is not None:
            assert opened.client.store in str(failed) and failed.step and failed.exit_code == 3
        load(opened, new, order)
        assert catalogue.read(opened, catalogue.GRAPH, vocabulary).current.endswith(f"/{version}")
        assert not verify.differences(opened, catalogue.version_graph(vocabulary, str(version)), new.sums)


@pytest.mark.parametrize("fault", [name for name, passes in FAULTS.items() if passes and name != "slow"])
def test_a_fault_that_passes_is_not_noticed(opened, proxy, fault, tmp_path):
    vocabulary = f"https://e.org/f{next(_NUMBERS)}"
    prepared = ready(tmp_path, opened.dialect.altered, 40)
    for at in range(8):
        proxy.plan(fault, at)
        load(opened, prepared, Order(vocabulary, str(at)))
        proxy.plan(None, 0)
    assert proxy.waits
    if fault == "busy":
        assert set(proxy.waits) == {7.0}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("html", "HTML page"),
        ("full", "make room"),
        ("busy", "busy or starting"),
        ("error", "deadlock"),
        ("refuse", "connection broke"),
    ],
)
def test_a_message_names_store_step_and_remedy(opened, proxy, fault, words):
    proxy.plan(fault, 0, times=99)
    with pytest.raises(StoreError) as caught:
        verify.count(opened, "urn:x:x")
    assert words in str(caught.value)
    assert caught.value.store == opened.name and caught.value.step == "verify" and caught.value.remedy
    assert "s3cret" not in str(caught.value)
