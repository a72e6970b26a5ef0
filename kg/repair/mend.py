"""One source with its changes: the patched text, read again and compared with what the changes declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib import import_module

from kg.dataset import Dataset
from kg.errors import KgError
from kg.read import archive
from kg.read.gate import STDIN, read_bytes
from kg.read.rdf import Finder
from kg.repair.change import AGAIN, NAMESPACE, Change, Refused
from kg.repair.claims import ClaimsFile
from kg.repair.patch import Edit, applied
from kg.statement import Statement
from kg.syntax.turtle_spelling import renamed
from kg.terms import Term
from kg.text import Source

#: The editor of each format: `edits(text, changes, base, format) -> list[Edit]`, raising `Refused`.
EDITORS: Mapping[str, str] = {
    "turtle": "kg.repair.turtle",
    "trig": "kg.repair.turtle",
    "ntriples": "kg.repair.turtle",
    "nquads": "kg.repair.turtle",
    "rdfxml": "kg.repair.rdfxml",
    "jsonld": "kg.repair.jsonld",
    "claims": "kg.repair.claims",
}
_NOWHERE = "no place in the text can be changed for it"
_UNSOUND = "the changed text would say more or less than meant, so nothing is changed"

Editor = Callable[[str, Sequence[Change], str, str], list[Edit]]


class Mending:
    """A source of RDF that is to be changed; its bytes are read once more.

    Raises `Refused` (with no wish named) for a source that is no plain file or that no editor knows.
    """

    def __init__(self, finder: Finder | ClaimsFile) -> None:
        self.finder, self.path = finder, finder.path
        name = EDITORS.get(finder.format.name)
        if name is None or self.path == STDIN:
            raise Refused({-1: f"{'standard input' if name else finder.format.title} cannot be patched"})
        try:
            self.before = read_bytes(self.path, finder.reading.limits)
        except KgError as error:
            raise Refused({-1: "it lies in an archive, or is no longer there"}) from error
        if archive.is_packed(self.before):
            raise Refused({-1: "it is packed; unpack it to have it patched"})
        self.digest = sha256(self.before).hexdigest()
        try:
            self.source = Source(self.path, self.before.decode("utf-8-sig"), byte_order_mark=_marked(self.before))
        except UnicodeDecodeError as error:
            raise Refused({-1: "it is not UTF-8"}) from error
        self._edit: Editor = import_module(name).edits
        self._old: Dataset | None = None

    def after(self, edits: Sequence[Edit]) -> bytes:
        """Return the bytes with edits."""
        text = applied(self.source.text, edits)
        return Source(self.path, text, byte_order_mark=self.source.byte_order_mark).encode()

    def solve(self, changes: Sequence[Change]) -> tuple[list[Edit], dict[int, str]]:
        """Return the edits that are sound for as many of the wishes as can be, and of the others why they cannot."""
        refused: dict[int, str] = {}
        wishes = list(dict.fromkeys(change.wish for change in changes))
        kept: list[int] = []

        def attempt(numbers: Sequence[int]) -> list[Edit] | None:
            """Make the edits of some wishes; those refused are taken out on the way."""
            asked = {*numbers}
            while wanted := [c for c in changes if c.wish in asked and c.wish not in refused]:
                try:
                    edits = self._edit(self.source.text, wanted, self.finder.base, self.finder.format.name)
                except Refused as refusal:
                    refused.update(refusal.wishes)
                    continue
                return edits if self._sound(edits, wanted) else None
            return []

        waiting, best = [wishes], list[Edit]()
        while waiting:
            part = waiting.pop()
            edits = attempt([*kept, *part])
            if edits is not None:
                best = edits
                kept += [wish for wish in part if wish not in refused]
            elif len(part) == 1:
                refused[part[0]] = _UNSOUND
            else:
                half = len(part) // 2
                waiting += [part[half:], part[:half]]
        made = frozenset().union(*(edit.wishes for edit in best))
        refused.update((wish, _NOWHERE) for wish in kept if wish not in made)
        return best, refused

    def _sound(self, edits: Sequence[Edit], changes: Sequence[Change]) -> bool:
        """Tell whether the changed text says exactly what it should."""
        if self._old is None:
            self._old = self.finder.read(self.before)
        try:
            new = self.finder.read(self.after(edits))
        except KgError:
            return False
        expected = _changed(self._old, changes)
        if expected.keys() == dict.fromkeys(new).keys():
            return True
        if len(expected) != len(new) or not any(term[:2] == "_:" for quad in expected for term in quad):
            return False
        try:
            return Dataset(expected) == new
        except KgError:  # blank nodes that nothing tells apart
            return False


def _changed(old: Dataset, changes: Sequence[Change]) -> dict[Statement, None]:
    """Return the statements that a text should have when changes are made."""
    expected = dict.fromkeys(old)
    if any(change.kind == NAMESPACE for change in changes):
        expected = dict.fromkeys(Statement(*(Term(renamed(term)) for term in quad)) for quad in expected)
    for change in changes:
        if change.old is not None and change.kind != AGAIN:
            expected.pop(Statement(*map(Term, change.old)), None)
    for change in changes:
        if change.new is not None:
            expected[Statement(*map(Term, change.new))] = None
    return expected


def _marked(data: bytes) -> bool:
    return data.startswith(b"\xef\xbb\xbf")
