"""The editor of claims files: tags in their case, no blanks at line ends, each row once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from kg import terms
from kg.dataset import Dataset
from kg.iri import MintingPolicy
from kg.limits import Limits
from kg.read import claim_spelling
from kg.read.claim import SUFFIX, read_claims
from kg.repair.change import AGAIN, BLANKS, TAGS, Change
from kg.repair.patch import Edit, Range, joined, without
from kg.report import Report
from kg.text import Source

_SPELLING = {TAGS: claim_spelling.tags, BLANKS: claim_spelling.blanks}


def edits(text: str, changes: Sequence[Change], base: str, format_name: str) -> list[Edit]:
    """Return the edits that make changes in a claims file, in order."""
    del base, format_name
    made: list[Edit] = []
    gone: list[Range] = []
    for change in changes:
        wish = frozenset([change.wish])
        made += [Edit(*better, wish) for better in (_SPELLING[change.kind](text) if change.kind in _SPELLING else ())]
        gone += [(*row, wish) for row in (claim_spelling.repeats(text) if change.kind == AGAIN else ())]
    # Each row goes with its line: two that follow each other are not joined first.
    return joined([*made, *(edit for one in gone for edit in without(text, [one]))])


class _Kind(NamedTuple):
    name: str = "claims"
    title: str = "claims file"


class _Reading(NamedTuple):
    limits: Limits = Limits()


class ClaimsFile:
    """A claims file as something that can be read again, as a `kg.read.rdf.Finder` is."""

    __slots__ = ("path",)

    base, format, reading = "", _Kind(), _Reading()

    def __init__(self, path: str) -> None:
        self.path = path

    @staticmethod
    def known(path: str) -> bool:
        """Tell whether a path is that of a claims file."""
        return path.endswith(SUFFIX)

    def read(self, data: bytes) -> Dataset:
        """Return the claims as statements; what a row says beside its statement names its graph."""
        source = Source(self.path, data.decode("utf-8-sig"))
        found = Dataset()
        report = Report()
        claims = read_claims(source, MintingPolicy("urn:kg:"), _AnyProperty(), report)
        # Rows that cannot be read, and the entry of the file, have to stay as they are.
        said = [claims.entry or "", *sorted(f"{one.code} {one.message}" for one in report)]
        for row in claims.rows:
            beside = sha256("\x1f".join([row.status, row.quote, row.context, row.source or "", row.by]).encode())
            found.add(*row.statement, terms.iri(f"urn:kg:{beside.hexdigest()}"))
        found.add(terms.iri("urn:kg:file"), terms.iri("urn:kg:says"), terms.literal("\n".join(said)))
        return found


class _AnyProperty(frozenset[str]):
    """A set of properties that holds every one: what a claim may use was told when the file was read."""

    def __contains__(self, _term: object) -> bool:
        return True
