"""SHACL behind one narrow adapter: text in, results as values; and the packaged shapes as findings.

An engine takes a data graph and shapes graphs as text and returns results; which engine
runs is a value in a table. A shape's local name is the code of its finding (what follows
a colon tells parts of one rule apart), and the words of the finding are ours: `kg.rule`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from kg import terms, vocab
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.hierarchy import hierarchy
from kg.report import Finding, Severity
from kg.rule import finding
from kg.statement import DATA, Statement
from kg.vocab import EVIDENCE, KG_SHAPES, PREFIXES, RDF

#: The shapes files in the order they are applied.
PROFILES = ("skos", "glossary", "publication")

# Engines rename blank nodes, so they go in as IRIs that hold their label.
_BLANK = "<urn:kgexport:blank:"
_DISJOINT = "DisjointConstraintComponent"


class Result(NamedTuple):
    """One result of an engine; terms and path are in N-Triples form, `shape` and `component` are names.

    `path` is None for a constraint on the node itself, and in SPARQL's syntax where it is no
    single property.
    """

    shape: str
    severity: Severity
    focus: str
    path: str | None
    value: str | None
    component: str
    message: str | None

    @property
    def code(self) -> str:
        """Return the code of the rule: the shape's local name up to a colon, or its IRI when it is not ours."""
        return self.shape.removeprefix(KG_SHAPES.base).partition(":")[0] if _is_ours(self.shape) else self.shape


def _is_ours(shape: str) -> bool:
    return shape.startswith(KG_SHAPES.base)


# -- engines -----------------------------------------------------------------------


def _shacl(data: str, shapes: tuple[str, ...]) -> list[Result]:
    """Run the engine `shacl` (PyPI), in Rust."""
    return [_from_shacl(found) for found in _compiled(shapes).validate_text(data, format="ntriples").results]


@cache
def _compiled(shapes: tuple[str, ...]) -> Any:
    import shacl

    return shacl.Shapes.from_text("\n".join(shapes))


def _from_shacl(found: Any) -> Result:
    return Result(
        (found.root_shape or "<>")[1:-1],
        Severity[found.severity.upper()],
        terms.recase(found.focus_node),
        found.path,
        None if found.value is None else terms.recase(found.value),
        found.component,
        found.message,
    )


#: What each engine is called, and how it is run.
ENGINES: Mapping[str, Callable[[str, tuple[str, ...]], list[Result]]] = {"shacl": _shacl}


def validate(data: str, shapes: Sequence[str], engine: str = "shacl") -> list[Result]:
    """Validate a data graph in N-Triples against shapes graphs in Turtle, taken together.

    The shapes are compiled once for each set of them. Results come in no order that means
    anything; blank nodes of the data come back under other labels.

    Raises `UnknownName` for an engine that does not exist, and the engine's `ValueError`
    for text that cannot be parsed.
    """
    run = ENGINES.get(engine)
    if run is None:
        raise UnknownName("SHACL engine", engine, ENGINES)
    return run(data, tuple(shapes))


# -- the packaged shapes -----------------------------------------------------------


def check(dataset: Dataset, profiles: Iterable[str] = PROFILES, engine: str = "shacl") -> Iterator[Finding]:
    """Yield what the packaged shapes find in the data graph, with the evidence graph beside it.

    The Dataset should be one that the profile `full` has expanded: shapes do not infer.
    One defect is one finding, however many shapes or directions show it.

    Raises `UnknownName` for a profile or an engine that does not exist.
    """
    shapes = [vocab.shapes(profile) for profile in dict.fromkeys(profiles)]
    if not shapes:
        return
    seen: set[tuple[str, ...]] = set()
    wording = Wording(dataset)
    for result in sorted(map(_with_blanks, validate(as_ntriples(dataset), shapes, engine)), key=_order):
        defect = _defect(result)
        if defect not in seen:
            seen.add(defect)
            yield _finding(wording, result)


def as_ntriples(dataset: Dataset) -> str:
    """Return the data and the evidence as one graph in N-Triples, its blank nodes as IRIs."""
    wanted = (DATA, EVIDENCE)
    if any(term[0] == "_" for term in dataset.terms()):
        rows = (statement for statement in dataset if statement[3] in wanted)
        return "".join([f"{_named(s)} {p} {_named(o)} .\n" for s, p, o, _ in rows])
    return dataset.to_ntriples(wanted)


def _named(term: str) -> str:
    return f"{_BLANK}{term[2:]}>" if term[0] == "_" else term


def _unnamed(term: str) -> str:
    return f"_:{term[len(_BLANK) : -1]}" if term.startswith(_BLANK) else term


def _with_blanks(result: Result) -> Result:
    return result._replace(focus=_unnamed(result.focus), value=result.value and _unnamed(result.value))


def _order(result: Result) -> tuple[str, str, str, int, str]:
    """Sort by rule and place; of a property and one below it, the one below comes first."""
    path = result.path or ""
    return result.code, result.focus, result.value or "", -len(hierarchy().supers(path)), path


def _defect(result: Result) -> tuple[str, ...]:
    """Return what tells one defect from another."""
    if result.component == _DISJOINT and result.value:
        # Relations that hold both ways clash both ways.
        return result.code, *sorted((result.focus, result.value))
    return result.code, result.focus, result.value or ""


def _finding(wording: Wording, result: Result) -> Finding:
    predicate = _predicate(result.path)
    kind = hierarchy().range(predicate) if predicate else None
    location, also = wording.place(*_statements(wording.dataset, result, predicate))
    return finding(
        result.code,
        location,
        result.focus,
        also=also,
        subject=wording.name(result.focus),
        property=(PREFIXES.compress(terms.iri_text(predicate)) or predicate) if predicate else "",
        value=wording.name(result.value) if result.value else "",
        kind=(hierarchy().label(kind) or wording.name(kind)) if kind else "",
    )


def _predicate(path: str | None) -> str | None:
    """Return the first property of a path.

    >>> _predicate("(<http://e.org/a>/<http://e.org/b>)")
    '<http://e.org/a>'
    """
    found = re.search("<[^>]*>", path or "")
    return found[0] if found else None


def _statements(dataset: Dataset, result: Result, predicate: str | None) -> list[Statement]:
    """Return the statements that show the defect best: the narrowest choice that has a place."""
    focus, value = result.focus, result.value
    choices: list[tuple[str | None, str | None, str | None]] = []
    if predicate and value and value != focus:
        choices.append((focus, predicate, value))
    if predicate:
        choices.append((focus, predicate, None))
    if focus[0] != '"':
        choices += [(focus, RDF.type, None), (focus, None, None)]
    choices.append((None, None, focus))
    for choice in choices:
        found = list(dataset.match(*choice, graph=None))
        if any(dataset.origins(statement) for statement in found):
            # A list of everything said of a node is no place: its first statement stands for it.
            return found if choice[1] else found[:1]
    return []
