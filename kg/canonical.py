"""Identity of a set of statements: canonical labels of blank nodes, digest.

The labels are those of RDFC-1.0 (W3C RDF Dataset Canonicalization, section 4).
Most blank nodes are told apart by the statements around them alone; those that
are not are told apart by what is around their neighbours, and so on, which can
take for ever in graphs made to hurt. So that part is counted and has a limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import LimitError
from kg.interop import Quad
from kg.statement import nquad

if TYPE_CHECKING:
    from collections.abc import Generator

#: Steps that telling alike blank nodes apart may take: for any graph, and more for each blank node (about a second).
_STEPS = 400_000
_STEPS_EACH = 50

#: The places of a quad that can hold a blank node, by the names that RDFC-1.0 gives them (section 4.7).
_PLACES = ((0, "s"), (2, "o"), (3, "g"))


def relabelled(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads with their blank nodes named as RDFC-1.0 names them.

    Raises `LimitError` where `labels` does.

    >>> list(relabelled([("_:x", "<urn:p>", "_:y", "")]))
    [('_:c14n1', '<urn:p>', '_:c14n0', '')]
    """
    rows = list(quads)
    named = labels(rows)
    for subject, predicate, object_, graph in rows:
        yield named.get(subject, subject), predicate, named.get(object_, object_), named.get(graph, graph)


def labels(quads: Iterable[Quad]) -> dict[str, str]:
    """Return the canonical label of each blank node of some quads, by the label it has there.

    Language tags are taken case-folded, so their spelling changes no label.

    Raises `LimitError` for a graph whose blank nodes are so much alike that telling them
    apart would take too long.

    >>> labels([("_:x", "<urn:p>", '"1"', ""), ("<urn:s>", "<urn:p>", '"1"', "")])
    {'_:x': '_:c14n0'}
    """
    around: dict[str, list[Quad]] = {}
    for quad in quads:
        subject, _, object_, graph = quad
        if "_" in (subject[0], object_[0], graph[:1]):
            folded = case_folded(quad)
            for node in {subject, object_, graph}:
                if node[:1] == "_":
                    around.setdefault(node, []).append(folded)
    return _Labelling(around).run() if around else {}


def digest(quads: Iterable[Quad]) -> str:
    """Return the SHA-256 of the sorted N-Quads, language tags case-folded, in hexadecimal."""
    from hashlib import sha256

    lines = sorted(nquad(case_folded(quad)) for quad in quads)
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def case_folded(quad: Quad) -> Quad:
    """Return a quad with its language tag, where it has one, in small letters."""
    subject, predicate, term, graph = quad
    if term[0] != '"' or term[-1] in '">':
        return subject, predicate, term, graph
    at = term.rindex('"')
    return subject, predicate, term[:at] + term[at:].lower(), graph


class _Issuer(dict[str, str]):
    """Gives each node a name when it first asks (RDFC-1.0, section 4.5)."""

    def __init__(self, prefix: str, known: dict[str, str] | None = None) -> None:
        super().__init__(known or {})
        self.prefix = prefix

    def __missing__(self, node: str) -> str:
        name = self[node] = f"{self.prefix}{len(self)}"
        return name

    def copied(self) -> _Issuer:
        return _Issuer(self.prefix, self)


class _Told(NamedTuple):
    """What telling a node from others gave: its hash, and the names given on the way."""

    hash: str
    issuer: _Issuer


if TYPE_CHECKING:
    #: A run of the recursive part: it asks for others of its kind and is sent what they gave.
    _Run = Generator[tuple[str, _Issuer], Any, _Told]
    _Walk = Generator[tuple[str, _Issuer], Any, tuple[str, _Issuer]]


class _Labelling:
    """One run of RDFC-1.0 over the quads around each blank node."""

    def __init__(self, around: dict[str, list[Quad]]) -> None:
        self.around = around
        self.canonical = _Issuer("_:c14n")
        self.first = {node: _first_degree(node, found) for node, found in around.items()}
        self.left = _STEPS + _STEPS_EACH * len(around)

    def run(self) -> dict[str, str]:
        """Return the canonical label of each node (section 4.4.3)."""
        groups: dict[str, list[str]] = {}
        for node, found in self.first.items():
            groups.setdefault(found, []).append(node)
        for found in sorted(groups):
            if len(groups[found]) == 1:
                self.canonical[groups[found][0]]
        for found in sorted(groups):
            told = []
            for node in groups[found]:
                if node not in self.canonical:
                    issuer = _Issuer("_:b")
                    issuer[node]
                    told.append(self._tell(node, issuer))
            for result in self._in_order(told):
                for node in result.issuer:
                    self.canonical[node]
        return self.canonical

    def _in_order(self, told: list[_Told]) -> list[_Told]:
        """Sort by hash; equal ones by their quads, since the hashes miss which place of a quad a node itself has."""
        hashes = [result.hash for result in told]
        if len(set(hashes)) == len(told):
            return sorted(told, key=lambda result: result.hash)
        return sorted(told, key=lambda result: (result.hash, self._form(result.issuer)))

    def _form(self, issuer: _Issuer) -> list[str]:
        """Return the quads around the nodes of an issuer, with all names that are known."""
        known = {**issuer, **self.canonical}
        quads = dict.fromkeys(quad for node in issuer for quad in self.around[node])
        self._spend(len(quads))
        return sorted(nquad(known.get(term, "_:z") if term[:1] == "_" else term for term in quad) for quad in quads)

    def _tell(self, node: str, issuer: _Issuer) -> _Told:
        """Run the recursive part without recursion: a long chain of nodes is as deep as it is long."""
        runs = [self._n_degree(node, issuer)]
        told: Any = None
        while runs:
            try:
                request = runs[-1].send(told)
            except StopIteration as stop:
                runs.pop()
                told = stop.value
            else:
                runs.append(self._n_degree(*request))
                told = None  # a run that starts takes nothing
        result: _Told = told
        return result

    def _n_degree(self, node: str, issuer: _Issuer) -> _Run:
        """Tell a node by the ways that lead on from it (section 4.8)."""
        data = []
        related = self._related(node, issuer)
        for found in sorted(related):
            best, best_issuer = "", issuer
            for order in self._orders(node, list(related[found]), issuer):
                path, copy = yield from self._path(order, issuer, best)
                if path and (not best or path < best):
                    best, best_issuer = path, copy
            data.append(found + best)
            issuer = best_issuer
        return _Told(_hash("".join(data)), issuer)

    def _path(self, order: Sequence[str], issuer: _Issuer, best: str) -> _Walk:
        """Follow one order of alike neighbours; no path comes back as soon as it is worse than the best one."""
        copy, path, unknown = issuer.copied(), "", []
        self._spend(len(order) + len(copy) // 16)
        for node in order:
            if node in self.canonical:
                path += self.canonical[node]
            else:
                if node not in copy:
                    unknown.append(node)
                path += copy[node]
            if _worse(path, best):
                return "", copy
        for node in unknown:
            told: _Told = yield node, copy
            path += f"{copy[node]}<{told.hash}>"
            copy = told.issuer
            if _worse(path, best):
                return "", copy
        return path, copy

    def _related(self, node: str, issuer: _Issuer) -> dict[str, dict[str, None]]:
        """Group the neighbours of a node by all that is known of them (section 4.7)."""
        related: dict[str, dict[str, None]] = {}
        self._spend(len(self.around[node]))
        for quad in self.around[node]:
            for place, letter in _PLACES:
                other = quad[place]
                if other[:1] == "_" and other != node:
                    name = self.canonical.get(other) or issuer.get(other) or self.first[other]
                    found = _hash(letter + ("" if letter == "g" else quad[1]) + name)
                    related.setdefault(found, {})[other] = None
        return related

    def _orders(self, node: str, alike: list[str], issuer: _Issuer) -> Iterable[Sequence[str]]:
        """Return the orders to try; nodes that have no other neighbour than this one all go the same way."""
        if len(alike) > 1 and all(self._is_leaf(one, node, issuer) for one in alike):
            return (alike,)
        return permutations(alike)

    def _is_leaf(self, node: str, above: str, issuer: _Issuer) -> bool:
        if node in self.canonical or node in issuer:
            return False
        self._spend(len(self.around[node]))
        near = {quad[place] for quad in self.around[node] for place, _ in _PLACES}
        return all(term[:1] != "_" or term in (node, above) for term in near)

    def _spend(self, steps: int) -> None:
        self.left -= steps + 1
        if self.left < 0:
            reason = f"its {len(self.around)} blank nodes are too symmetric: too many of them are alike"
            raise LimitError("the graph", f"{reason}; give some of them IRIs")


def _worse(path: str, best: str) -> bool:
    return bool(best) and len(path) >= len(best) and path > best


def _first_degree(node: str, quads: list[Quad]) -> str:
    """Return the hash of the quads around a node, itself and other blank nodes apart from their labels (4.6)."""
    lines = []
    for quad in quads:
        parts = ["_:a" if term == node else "_:z" if term[:1] == "_" else term for term in quad]
        lines.append(nquad(parts) + "\n")
    return _hash("".join(sorted(lines)))


def _hash(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()
