"""SPARQL on a Dataset: results with the literals as they were written.

The store that answers is a lossy index: it reads `"01"` as `1` and merges the two.
What it alters is mapped back where the answer can only mean one literal of the
data, and reported where it cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kg import rule, terms
from kg.errors import QueryError, SourceError
from kg.question import Question
from kg.report import Report
from kg.terms import Term

if TYPE_CHECKING:
    import pyoxigraph

Row = tuple[Term | None, ...]


class Queryable(Protocol):
    """What is queried: a Dataset, which stands above this module."""

    def to_store(self) -> pyoxigraph.Store:
        """Make the store that answers."""

    def terms(self) -> Iterator[Term]:
        """Yield every term that occurs."""


#: The columns of a graph.
TRIPLE = ("subject", "predicate", "object")


class Answer:
    """The answer of a query, whose rows go by once: triples where it is a `graph`, a `truth` for ASK."""

    __slots__ = ("columns", "graph", "rows", "truth")

    def __init__(
        self, columns: Sequence[str], rows: Iterable[Row], *, truth: bool | None = None, graph: bool = False
    ) -> None:
        self.columns = tuple(columns)
        self.rows = rows
        self.truth = truth
        self.graph = graph

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


class Result(Answer):
    """The answer of a query, held: rows for SELECT, triples for CONSTRUCT and DESCRIBE, a truth for ASK."""

    __slots__ = ("report",)
    rows: list[Row]

    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[Row],
        report: Report,
        truth: bool | None = None,
        *,
        graph: bool = False,
    ) -> None:
        super().__init__(columns, list(rows), truth=truth, graph=graph)
        self.report = report

    def __repr__(self) -> str:
        return f"<Result: {len(self)} rows of {', '.join(self.columns)}>" if self.truth is None else f"<{self.truth}>"

    def __len__(self) -> int:
        return len(self.rows)

    def values(self) -> list[tuple[str | None, ...]]:
        """Return the rows as plain texts: IRIs without brackets, literals without tag or datatype."""
        return [tuple(None if term is None else plain(term) for term in row) for row in self.rows]


def plain(term: Term) -> str:
    """Return the text of a term: an IRI, a lexical form or a blank-node label."""
    if terms.is_literal(term):
        return terms.lexical(term)
    return terms.iri_text(term) if terms.is_iri(term) else term


def query(dataset: Queryable, text: str, bindings: Mapping[str, Term] | None = None) -> Result:
    """Run a SPARQL query over all graphs of a Dataset; the data are the default graph.

    `bindings` puts terms in the place of variables, safely. SERVICE is refused: the
    data are here. Rows come in the order of the query, or sorted where it orders nothing.

    Raises `QueryError` for a query that cannot be read or is refused.

    >>> from kg.dataset import Dataset
    >>> d = Dataset()
    >>> d.add("<urn:a>", "<urn:p>", '"01"^^<http://www.w3.org/2001/XMLSchema#integer>')
    True
    >>> query(d, "SELECT ?o { ?s ?p ?o }").values()
    [('01',)]
    """
    import pyoxigraph

    question = _local(text)
    found = _run(dataset.to_store(), question.bind(bindings or {}).text)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Result((), (), Report(), bool(found))
    altered = _altered(dataset)
    # A computed value may look like an altered literal, so a query that computes gets nothing mapped back.
    back = {} if question.computes else {form: written[0] for form, written in altered.items() if len(written) == 1}
    shown: set[str] = set()

    def term(value: Any) -> Term | None:
        if value is None:
            return None
        form = str(value)
        if form in altered and form not in back:
            shown.add(form)
        return back.get(form) or _term(form)

    answer = _answer(found, term)
    rows = list(answer)
    if answer.graph or not question.ordered:
        rows.sort(key=_sorting)
    return Result(answer.columns, rows, _told(shown, altered), graph=answer.graph)


def query_store(
    path: str,
    text: str,
    bindings: Mapping[str, Term] | None = None,
    *,
    graphs: Sequence[str] = (),
    named: Sequence[str] = (),
) -> Answer:
    """Run a SPARQL query on a pyoxigraph store in a directory, which is opened for reading only.

    `graphs` are the IRIs of those that are the default graph of the query, `named` those that
    `GRAPH` sees. Where either is told, there is no other: with `named` alone the default graph
    is empty (SPARQL 1.1, section 13.2). Without both, each is as it is in the store. Rows come
    as the store has them.

    Raises `QueryError` for a query that cannot be read or is refused, `SourceError` for a
    directory that is no such store.
    """
    import pyoxigraph

    try:
        store = pyoxigraph.Store.read_only(path)
    except (OSError, RuntimeError) as error:
        raise SourceError(path, f"the store cannot be read ({error})") from error
    chosen: dict[str, Any] = {}
    try:
        if graphs or named:
            chosen["default_graph"] = [pyoxigraph.NamedNode(iri) for iri in graphs]
            chosen["named_graphs"] = [pyoxigraph.NamedNode(iri) for iri in named]
    except ValueError as error:
        raise QueryError(f"a graph is named by an absolute IRI: {error}") from error
    found = _run(store, _local(text).bind(bindings or {}).text, **chosen)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Answer((), (), truth=bool(found))
    return _answer(found, lambda value: None if value is None else _term(str(value)))


def _local(text: str) -> Question:
    question = Question.of(text)
    if question.asks_others:
        raise QueryError("SERVICE would ask another server; load what you need and query it here")
    return question


def _run(store: pyoxigraph.Store, text: str, **chosen: Any) -> Any:
    try:
        return store.query(text, **chosen)
    except SyntaxError as error:
        raise QueryError(f"the query cannot be read: {error}") from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be run: {error}") from error


def _answer(found: Any, term: Callable[[Any], Term | None]) -> Answer:
    import pyoxigraph

    if isinstance(found, pyoxigraph.QueryTriples):
        triples = ((term(row.subject), term(row.predicate), term(row.object)) for row in found)
        return Answer(TRIPLE, triples, graph=True)
    columns = tuple(variable.value for variable in found.variables)
    return Answer(columns, (tuple(term(row[name]) for name in columns) for row in found))


def _term(form: str) -> Term:
    if form.startswith("<<"):
        raise QueryError("the answer holds a triple term of RDF 1.2, which is not written here")
    return Term(terms.recase(form))


def _told(shown: set[str], altered: Mapping[str, list[Term]]) -> Report:
    """Return one finding on the literals of an answer that the store may have altered."""
    report = Report()
    if shown:
        form = min(shown)
        more = f" (and {len(shown) - 1} more like it)" if len(shown) > 1 else ""
        report.add(rule.finding("query.literal-altered", form=form, written=", ".join(altered[form]), more=more))
    return report


def _sorting(row: Row) -> list[str]:
    return [value or "" for value in row]


def _altered(dataset: Queryable) -> dict[str, list[Term]]:
    """Return each form the store gives a literal that is written otherwise, with the written forms."""
    from kg.interop import stored_forms

    forms: dict[str, list[Term]] = {}
    for term, form in stored_forms(dataset.terms()).items():
        forms.setdefault(form, []).append(term)
    return {form: sorted(found) for form, found in forms.items() if found != [form]}
