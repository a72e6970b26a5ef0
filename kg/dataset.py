"""The hub: every reader fills a `Dataset`, every check and writer takes one.

Terms are interned once; a statement is a row of four term numbers (subject,
predicate, object, graph) and the number of the sources it came from. Rows are
unique: adding a statement again only adds its source.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kg.report import Location, Report
from kg.rows import Numbers, consequences
from kg.statement import DATA, Origin, Statement
from kg.terms import Term
from kg.text import Source, Span

if TYPE_CHECKING:
    import networkx as nx
    import pyoxigraph
    import rdflib

    from kg.query import Result
    from kg.rows import Rows

Row = tuple[str, ...]

# Term numbers are packed by fours into the key of a row.
_BITS = 28


class Dataset:
    """Statements in named graphs, each with the sources it came from.

    >>> from kg.terms import iri, literal
    >>> d = Dataset()
    >>> d.add(iri("http://e.org/a"), iri("http://e.org/p"), literal("x", "EN-gb"))
    True
    >>> [s.nquad for s in d]
    ['<http://e.org/a> <http://e.org/p> "x"@en-GB .']
    """

    def __init__(self, statements: Iterable[Statement] = (), origin: Origin | None = None) -> None:
        # Number 0 is the data graph, so that its rows have the smallest keys.
        self._terms: list[Term] = [DATA]
        self._ids = Numbers(self._terms)
        self._rows: dict[int, int] = {}
        #: subject, predicate, object and graph of each row, as term numbers
        self._columns: tuple[array[int], ...] = (array("I"), array("I"), array("I"), array("I"))
        self._source = array("I")
        self._sources: list[tuple[Origin, ...]] = [()]
        self._source_ids: dict[tuple[Origin, ...], int] = {(): 0}
        self._indexes: dict[int, dict[int, list[int]]] = {}
        self._labelled: Dataset | None = None
        #: the decoded text of each page that was read, by path: what turns an origin into line and column
        self.texts: dict[str, Source] = {}
        #: what finds statements in the files they were read from, by path: asked only when there is something to say
        self.finders: dict[str, Callable[[Iterable[Row]], Mapping[Row, Location]]] = {}
        #: what was found while reading
        self.report = Report()
        for statement in statements:
            self.add(*statement, origin=origin)

    def add(self, subject: str, predicate: str, object: str, graph: str = DATA, origin: Origin | None = None) -> bool:
        """Add one statement and tell whether it was new.

        The terms must be in canonical N-Triples form, as `kg.terms` makes them.
        """
        row = tuple(map(self._ids.__getitem__, (subject, predicate, object, graph)))
        return self._add_row(row, self._source_id((origin,) if origin else ()))

    def add_stream(self, quads: Iterable[Any], origin: Origin | None = None, *, named: bool = False) -> int:
        """Fill from a pyoxigraph parser's stream and return how many statements it held.

        `named` says that the stream may hold named graphs. Language tags, which the
        parser lower-cases, get their BCP 47 case. An error of the parser passes through
        with nothing taken back: fill a fresh Dataset from what may fail.
        """
        from kg.interop import quads_of

        return self.fill(quads_of(quads, named=named), origin)

    def fill(self, batches: Iterable[Sequence[tuple[str, ...]]], origin: Origin | None = None) -> int:
        """Fill from batches of quads in canonical form and return how many they held; otherwise as `add_stream`."""
        number, count = self._source_id((origin,) if origin else ()), 0
        for batch in batches:
            if batch:
                self._add_rows(batch, number)
                count += len(batch)
        return count

    def copy(self, labels: Mapping[str, str] = MappingProxyType({})) -> Dataset:
        """Return a Dataset with the same statements that can be changed on its own, its blank nodes relabelled."""
        made = Dataset()
        made._terms = [Term(labels.get(term, term)) for term in self._terms] if labels else self._terms[:]
        made._ids = Numbers(made._terms, None if labels else self._ids)
        made._ids.update(zip(made._terms, range(len(made._terms)), strict=True))
        made._labelled, made._rows = made if labels else None, self._rows.copy()
        made._columns = tuple(column[:] for column in self._columns)
        made._source, made._sources = self._source[:], self._sources[:]
        made._source_ids = self._source_ids.copy()
        made.texts, made.finders, made.report = self.texts.copy(), self.finders.copy(), Report(self.report)
        return made

    def merge(self, other: Dataset, renamed: Mapping[str, str] = MappingProxyType({})) -> None:
        """Add every statement of another Dataset, with its sources; some terms of it may be renamed."""
        number = [self._ids[renamed.get(term, term)] for term in other._terms]
        for row, source in zip(zip(*other._columns, strict=True), other._source, strict=True):
            self._add_row(tuple(number[term] for term in row), self._source_id(other._sources[source]))
        self.texts.update(other.texts)
        self.finders.update(other.finders)
        self.report.extend(other.report)

    def derive(self, follow: Callable[[Term], Sequence[Sequence[str]]], described: Iterable[str]) -> None:
        """Add what follows from each statement of the data, with the sources of that statement.

        `follow` gives what a predicate implies in its direction, and in the other one for objects in `described`.
        """
        number = self._ids.__getitem__
        implied = {name: follow(self._terms[name]) for name in set(self._columns[1])}
        steps = {name: [list(map(number, side)) for side in sides] for name, sides in implied.items() if any(sides)}
        for row, source in consequences(self._columns, self._source, steps, set(map(number, described))):
            self._add_row(row, source)

    def _source_id(self, origins: tuple[Origin, ...]) -> int:
        number = self._source_ids.setdefault(origins, len(self._sources))
        if number == len(self._sources):
            self._sources.append(origins)
        return number

    def _add_row(self, terms: tuple[int, ...], source: int) -> bool:
        s, p, o, g = terms
        key = ((g << _BITS | p) << _BITS | s) << _BITS | o
        new = len(self._source)
        row = self._rows.setdefault(key, new)
        if row != new:
            self._add_source(row, source)
            return False
        for column, term in zip(self._columns, terms, strict=True):
            column.append(term)
        self._source.append(source)
        for place, index in self._indexes.items():
            index.setdefault(terms[place], []).append(row)
        return True

    def _add_rows(self, quads: Sequence[tuple[str, ...]], source: int) -> None:
        """Add many rows, a column at a time: a million of them pass here."""
        self._indexes.clear()
        number = self._ids.__getitem__
        columns = [list(map(number, terms)) for terms in zip(*quads, strict=True)]
        keys = [((g << _BITS | p) << _BITS | s) << _BITS | o for s, p, o, g in zip(*columns, strict=True)]
        new = len(self._source)
        fresh = list(range(new, new + len(keys)))
        if list(map(self._rows.setdefault, keys, fresh)) != fresh:
            # Some are there already: what was put in comes out again, and each row goes its own way.
            for key in {key for key in keys if self._rows[key] >= new}:
                del self._rows[key]
            for row in zip(*columns, strict=True):
                self._add_row(row, source)
            return
        for column, numbers in zip(self._columns, columns, strict=True):
            column.extend(numbers)
        self._source.extend([source] * len(keys))

    def _add_source(self, row: int, source: int) -> None:
        known = self._source[row]
        if source not in (0, known):
            merged = dict.fromkeys((*self._sources[known], *self._sources[source]))
            self._source[row] = self._source_id(tuple(merged))

    def __len__(self) -> int:
        return len(self._source)

    def __iter__(self) -> Iterator[Statement]:
        return map(self._statement, range(len(self)))

    def __contains__(self, statement: tuple[str, ...]) -> bool:
        return self._row(statement) is not None

    def __eq__(self, other: object) -> bool:
        return self.digest() == other.digest() if isinstance(other, Dataset) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a Dataset changes

    def __repr__(self) -> str:
        return f"<Dataset: {len(self)} statements, {len(self._terms) - 1} terms>"

    def _statement(self, row: int) -> Statement:
        terms = self._terms
        s, p, o, g = self._columns
        return Statement(terms[s[row]], terms[p[row]], terms[o[row]], terms[g[row]])

    def _row(self, statement: tuple[str, ...]) -> int | None:
        get = self._ids.get
        s, p, o = get(statement[0], -1), get(statement[1], -1), get(statement[2], -1)
        g = get(statement[3], -1) if len(statement) > 3 else 0
        if s < 0 or p < 0 or o < 0 or g < 0:
            return None
        return self._rows.get(((g << _BITS | p) << _BITS | s) << _BITS | o)

    def _index(self, place: int) -> dict[int, list[int]]:
        index = self._indexes.get(place)
        if index is None:
            index = self._indexes[place] = {}
            for row, term in enumerate(self._columns[place]):
                index.setdefault(term, []).append(row)
        return index

    def match(
        self,
        subject: str | None = None,
        predicate: str | None = None,
        object: str | None = None,
        graph: str | None = DATA,
    ) -> Iterator[Statement]:
        """Yield the statements with the given terms (None: any; by default the data), in the order they were added."""
        return map(self._statement, self._match(subject, predicate, object, graph))

    def _match(self, *pattern: str | None) -> Iterable[int]:
        wanted: dict[int, int] = {}
        for place, term in enumerate(pattern):
            if term is not None:
                if (number := self._ids.get(term)) is None:
                    return ()
                wanted[place] = number
        rows: Sequence[int] = range(len(self))
        for place in (0, 2, 1):  # few rows need no further index, which takes a while to make of a million
            if place in wanted and len(rows) > 64:
                rows = min(rows, self._index(place).get(wanted[place], ()), key=len)
        tests = [(self._columns[place], number) for place, number in wanted.items()]
        if len(rows) > 64:
            return (row for row in rows if all(column[row] == number for column, number in tests))
        for column, number in tests:
            rows = [row for row in rows if column[row] == number]
        return rows

    def objects(self, subject: str, predicate: str, graph: str | None = DATA) -> list[Term]:
        """Return the objects of a subject and predicate, in canonical order."""
        return sorted(statement.object for statement in self.match(subject, predicate, None, graph))

    def value(self, subject: str, predicate: str, graph: str | None = DATA) -> Term | None:
        """Return the first object of a subject and predicate in canonical order, or None."""
        return min((found.object for found in self.match(subject, predicate, None, graph)), default=None)

    def subjects(self, predicate: str | None = None, object: str | None = None, graph: str | None = DATA) -> list[Term]:
        """Return the distinct subjects of the matching statements, in canonical order."""
        return sorted({statement.subject for statement in self.match(None, predicate, object, graph)})

    def origins(self, statement: tuple[str, ...]) -> tuple[Origin, ...]:
        """Return where a statement came from, in the order the sources were read."""
        row = self._row(statement)
        return () if row is None else self._sources[self._source[row]]

    def locations(self, statement: tuple[str, ...]) -> list[Location]:
        """Return the places a statement was read from: line and column where the text is at hand.

        Where it can be found, the place holds the statement: `kg.check.place` looks for all of them at once.
        """
        quad, origins = (*statement, DATA)[:4], self.origins(statement)
        found = (origin.path in self.finders for origin in origins)
        return [Location(one.path, statement=quad) if to_find else self.place(one)
                for one, to_find in zip(origins, found, strict=True)]  # fmt: skip

    def place(self, origin: Origin) -> Location:
        """Return the place of an origin: line and column where the text is at hand."""
        source = self.texts.get(origin.path)
        return Location(origin.path) if source is None else source.locate(Span(origin.start, origin.end))

    def terms(self) -> Iterator[Term]:
        """Yield every term that occurs, once each, in the order they were first seen."""
        return iter(self._terms[1:])

    def number(self, term: str) -> int | None:
        """Return the number of a term in canonical form, as `rows` has it; None where it does not occur."""
        return self._ids.get(term)

    def graphs(self) -> list[Term]:
        """Return the names of the graphs that hold statements; the data graph comes first."""
        return sorted(self._terms[number] for number in set(self._columns[3]))

    def graph(self, name: str = DATA) -> Graph:
        """Return a read-only view of one graph."""
        return Graph(self, Term(name))

    def rows(self, graph: str = DATA) -> Rows:
        """Return the statements of one graph as columns of term numbers, in the order they were added."""
        from kg.rows import Rows

        *columns, graphs = self._columns
        number = self._ids.get(graph, -1)
        if graphs.count(number) < len(graphs):
            wanted = [name == number for name in graphs]
            columns = [array("I", compress(column, wanted)) for column in columns]
        return Rows(self._terms, *columns)

    def by_graph(self) -> Iterator[tuple[Term, Rows]]:
        """Yield the name of each graph, in order, with its statements as columns."""
        from kg.rows import by_graph

        return by_graph(self._terms, self._columns)

    def labelled(self) -> Dataset:
        """Return this Dataset, or a copy whose blank nodes are named by RDFC-1.0; the copy is made once.

        Raises `LimitError` for blank nodes that cannot be told apart (`kg.canonical.labels`).
        """
        if "_" not in map(itemgetter(0), self.terms()):
            return self
        if self._labelled is None or len(self._labelled) != len(self):
            from kg.canonical import labels

            self._labelled = self.copy(labels(self))
        return self._labelled

    def canonical(self, graph: str | None = None) -> Iterator[Statement]:
        """Yield the statements of one graph, or of all, in canonical order.

        The order is that of the terms' N-Triples text by code point: graph, subject,
        predicate, object. Blank nodes get their canonical labels first (`labelled`).
        """
        dataset = self.labelled()
        for name, rows in dataset.by_graph() if graph is None else ((graph, dataset.rows(graph)),):
            yield from map(Statement._make, rows.statements(name))

    def digest(self, graph: str | None = None) -> str:
        """Return the SHA-256 of the canonical N-Quads, in hexadecimal.

        Language tags are compared case-folded, so their spelling does not matter.
        """
        from kg.canonical import digest

        return digest(self.canonical(graph))

    def to_nquads(self, graph: str | None = None) -> bytes:
        """Return the statements as N-Quads, in the order they were added."""
        return "".join(f"{s.nquad}\n" for s in self.match(graph=graph)).encode()

    def to_store(self) -> pyoxigraph.Store:
        """Make a pyoxigraph Store for SPARQL: a lossy index, see `kg.query`."""
        import pyoxigraph

        store = pyoxigraph.Store()
        store.bulk_load(self.to_nquads(), pyoxigraph.RdfFormat.N_QUADS)
        return store

    def query(self, text: str, bindings: Mapping[str, Term] | None = None) -> Result:
        """Run a SPARQL query; see `kg.query.query`."""
        from kg.query import query

        return query(self, text, bindings)

    def to_networkx(self) -> nx.MultiDiGraph:
        """Make a networkx graph: nodes are described resources with a `label`, edges are keyed by their predicate."""
        from kg.interop import to_networkx

        return to_networkx(self.match())

    def to_rdflib(self) -> rdflib.Dataset:
        """Make an rdflib Dataset; lexical forms stay as they are (`NORMALIZE_LITERALS` off)."""
        from kg.interop import to_rdflib

        return to_rdflib(self)

    @classmethod
    def from_rdflib(cls, graph: rdflib.Graph, path: str = "rdflib") -> Dataset:
        """Make a Dataset from an rdflib Graph or Dataset, with `path` as the source of its statements."""
        from kg.interop import from_rdflib

        return cls((Statement(*map(Term, quad)) for quad in from_rdflib(graph)), Origin(path))


class Graph:
    """A read-only view of one graph of a Dataset."""

    __slots__ = ("dataset", "name")

    def __init__(self, dataset: Dataset, name: Term) -> None:
        self.dataset = dataset
        self.name = name

    def __iter__(self) -> Iterator[Statement]:
        return self.dataset.match(graph=self.name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<Graph {self.name or 'data'}: {len(self)} statements>"

    def match(
        self, subject: str | None = None, predicate: str | None = None, object: str | None = None
    ) -> Iterator[Statement]:
        """Yield the statements of this graph with the given terms; None stands for any."""
        return self.dataset.match(subject, predicate, object, self.name)
