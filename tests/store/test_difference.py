"""`--diff` at its caps: a bucket that holds more than a page is not asked for."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256

import pytest

from kg.dataset import Dataset
from kg.statement import Statement
from kg.store import difference, verify
from kg.store.load import Order, load
from kg.store.prepare import prepare
from kg.store.session import Directory

VOCABULARY = "https://e.org/k"


class Capped(Directory):
    """A store that fails on an answer of more than two rows, where one would be cut off, but for those in groups."""

    def __init__(self):
        super().__init__(None)
        self.dialect = self.dialect._replace(rows=2)

    def rows(self, text, step, width):
        found = super().rows(text, step, width)
        assert step != "find the difference" or "GROUP BY" in text or len(found) <= 2
        return found


def crowded():
    """Return numbers of statements of which the digests begin alike: three, and with them those of a change."""
    buckets = defaultdict(list)
    for number in range(100_000):
        mark = sha256(f"urn:s:{number} urn:p:p < urn:o:o".encode()).hexdigest()
        buckets[mark[:3]].append(number)
        if len(buckets[mark[:3]]) == 4:
            return buckets[mark[:3]]
    pytest.fail("no bucket is crowded")
    return []


def test_a_bucket_that_holds_more_than_a_page_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(difference, "_CAPPED", (2, 400))
    *numbers, last = crowded()

    def made(found):
        rows = [Statement(f"<urn:s:{number}>", "<urn:p:p>", "<urn:o:o>") for number in found]
        return prepare(Dataset(rows), "oxigraph", None, str(tmp_path / f"{len(found)}.nt"))

    store = Capped()
    load(store, made(numbers), Order(VOCABULARY, "1"))
    receipt = load(store, made([*numbers, last]), Order(VOCABULARY, "2", diff=True))
    assert (receipt.state, receipt.sent, receipt.removed) == ("loaded", 4, 0)
    assert verify.count(store, receipt.graph) == 4
