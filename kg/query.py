"""SPARQL on a Dataset: results with the literals as they were written.

The store that answers is a lossy index: it reads `"01"` as `1` and merges the two.
What it alters is mapped back where the answer can only mean one literal of the
data, and reported where it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kg import rule, terms
from kg.errors import QueryError
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


_DEPTH = 100
_COMPUTING = r"\b(?:BIND|AS|VALUES)\b"
_STRINGS = r"'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|<[^<>\s]*>|#[^\n]*"


class Result:
    """The answer of a query: rows for SELECT, triples for CONSTRUCT and DESCRIBE, a truth for ASK."""

    __slots__ = ("columns", "report", "rows", "truth")

    def __init__(self, columns: Sequence[str], rows: Iterable[Row], report: Report, truth: bool | None = None) -> None:
        self.columns = tuple(columns)
        self.rows = list(rows)
        self.report = report
        self.truth = truth

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

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
    import re

    import pyoxigraph

    bare = re.sub(_STRINGS, " ", text, flags=re.DOTALL)
    _refuse(bare)
    store = dataset.to_store()
    try:
        found = store.query(text + _values(bindings or {}))
    except SyntaxError as error:
        raise QueryError(f"the query cannot be read: {error}") from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be run: {error}") from error
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Result((), (), Report(), bool(found))
    altered = _altered(dataset)
    computing = re.search(_COMPUTING, bare, re.IGNORECASE) is not None
    # A computed value may look like an altered literal, so a query that computes gets nothing mapped back.
    back = {} if computing else {form: written[0] for form, written in altered.items() if len(written) == 1}
    shown: set[str] = set()

    def term(value: Any) -> Term | None:
        if value is None:
            return None
        form = str(value)
        if form in altered and form not in back:
            shown.add(form)
        return back.get(form, Term(terms.recase(form)))

    if isinstance(found, pyoxigraph.QueryTriples):
        columns: tuple[str, ...] = ("subject", "predicate", "object")
        rows: list[Row] = [(term(row.subject), term(row.predicate), term(row.object)) for row in found]
        ordered = False
    else:
        columns = tuple(variable.value for variable in found.variables)
        rows = [tuple(term(row[name]) for name in columns) for row in found]
        ordered = re.search(r"\bORDER\s+BY\b", bare, re.IGNORECASE) is not None
    if not ordered:
        rows.sort(key=_sorting)
    return Result(columns, rows, _told(shown, altered))


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


def _refuse(bare: str) -> None:
    import re

    if re.search(r"\bSERVICE\b", bare, re.IGNORECASE):
        raise QueryError("SERVICE would ask another server; load what you need and query it here")
    depth = deepest = 0
    for sign in bare:
        depth += (sign in "{([") - (sign in "})]")
        deepest = max(deepest, depth)
    if deepest > _DEPTH:
        raise QueryError(f"the query is nested {deepest} deep; {_DEPTH} is the most")


def _values(bindings: Mapping[str, Term]) -> str:
    """Return the clause that binds variables to terms, for the end of a query (SPARQL 1.1, section 10.2)."""
    import re

    import pyoxigraph

    for name, term in bindings.items():
        line = f"<urn:s> <urn:p> {term} .".encode()
        try:
            (row,) = pyoxigraph.parse(line, pyoxigraph.RdfFormat.N_TRIPLES)
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"{name}: {term} is no term in N-Triples form") from error
        if str(row.object) != term or not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise QueryError(f"{name}: {term} is no term in N-Triples form, or {name} is no variable")
    if not bindings:
        return ""
    return f"\nVALUES ({' '.join(f'?{name}' for name in bindings)}) {{ ({' '.join(bindings.values())}) }}"


def _altered(dataset: Queryable) -> dict[str, list[Term]]:
    """Return each form the store gives a literal that is written otherwise, with the written forms.

    A store of nothing but the typed literals shows what it makes of each.
    """
    import pyoxigraph

    typed = [term for term in dataset.terms() if term[0] == '"' and term[-1] == ">"]
    store = pyoxigraph.Store()
    lines = "".join(f"<urn:s> <urn:{number}> {term} .\n" for number, term in enumerate(typed))
    store.bulk_load(lines.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    forms: dict[str, list[Term]] = {}
    for quad in store:
        forms.setdefault(str(quad.object), []).append(typed[int(quad.predicate.value[4:])])
    return {form: sorted(found) for form, found in forms.items() if found != [form]}
