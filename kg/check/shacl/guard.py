"""What a user's shapes may not do, and what is wrong with them, with its place: before an engine sees them.

What would run code, ask a server or read a file is refused, and so are shapes that SHACL
calls ill-formed (W3C SHACL, sections 2 and 3.4.3) or leaves undefined (recursion): an
engine that takes them may check nothing, or never end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg import rule, terms
from kg.check.shacl.parameters import ADVANCED, KINDS, NAMES, SINGLE, problem
from kg.check.shacl.shapes import LISTS, NOT_RUN, PARTS, Shapes
from kg.errors import SourceError
from kg.report import Finding, Location
from kg.statement import Statement
from kg.vocab import OWL, PREFIXES, RDF, RDFS, SH

TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_QUERIES = (SH.select, SH.ask, SH.construct, SH.update)
#: What a declared prefix and its namespace may look like.
_DECLARED = {
    SH.prefix: (r"(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?", "a prefix of SPARQL"),
    SH.namespace: (r"[^\x00-\x20<>\"{}|^`\\]*", "the text of an IRI"),
}
_PATHS = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
#: Parts of a path that is written out: one that names the same part again and again doubles with each level.
_MOST_STEPS = 1000
_CLASSES = (RDFS.Class, OWL.Class)
_UNDEFINED = "what conforms to that, SHACL does not say"
_SHAPES = (SH.NodeShape, SH.PropertyShape)
#: Strings, IRIs and comments of SPARQL, where a word is no keyword.
_NO_WORDS = re.compile(
    r"'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|<[^<>\s]*>|#[^\n]*", re.DOTALL
)
_KEYWORD = re.compile(r"(?<![\w:?$@.-])(SERVICE|FROM|LOAD)(?![\w:-])", re.IGNORECASE)


class Fault(NamedTuple):
    """What is wrong, and the statement that shows it."""

    statement: Statement
    reason: str


def guarded(shapes: Shapes) -> Iterator[Finding]:
    """Yield what is to be said of shapes that can be run.

    Raises `SourceError`, with file and line, for those that cannot.
    """
    faults = list(_faults(shapes))
    if faults:
        raise _refusal(shapes, faults)
    told = list(_notices(shapes))
    places = shapes.located(statement for _, statement, _ in told if statement)
    for code, statement, words in told:
        place = places.get(statement) if statement else Location(shapes.name)
        yield rule.finding(code, place, **words)


def _refusal(shapes: Shapes, faults: list[Fault]) -> SourceError:
    places = shapes.located(fault.statement for fault in faults)
    nowhere = Location(shapes.name)

    def order(fault: Fault) -> tuple[str, int, str]:
        place = places.get(fault.statement, nowhere)
        return place.path, place.line or 0, fault.reason

    faults.sort(key=order)
    first = places.get(faults[0].statement, nowhere)
    more = len({fault.reason for fault in faults}) - 1
    return SourceError(first.path, faults[0].reason + (f" (and {more} more such faults)" if more else ""), first.line)


# -- what cannot be run ------------------------------------------------------------------


def _faults(shapes: Shapes) -> Iterator[Fault]:
    yield from _code(shapes)
    faults = list(_lists(shapes))
    yield from faults
    if not faults:
        yield from _paths(shapes)
        yield from _values(shapes)
        yield from _circles(shapes)


def _code(shapes: Shapes) -> Iterator[Fault]:
    """Find what would run code or reach beyond the data."""
    for statement in shapes.dataset.match():
        if any(term.startswith((f"<{SH.base}js", f"<{SH.base}JS")) for term in statement[1:3]):
            yield Fault(statement, "sh:js is not supported: no code of a shapes file is run")
        elif statement.predicate in _QUERIES:
            found = _KEYWORD.search(_NO_WORDS.sub(" ", _unescaped(terms.lexical(statement.object))))
            if found:
                word = found[1].upper()
                yield Fault(statement, f"{word} in a SPARQL constraint is refused: it would reach beyond the data")
        elif statement.predicate in _DECLARED:
            # Engines put both into the text of queries as they are.
            form, what = _DECLARED[statement.predicate]
            if not re.fullmatch(form, terms.lexical(statement.object) if terms.is_literal(statement.object) else ""):
                yield Fault(statement, f"{_name(statement.predicate)} is to be {what}, and not {statement.object}")


def _unescaped(query: str) -> str:
    """Return a query with the characters that it writes by their numbers (SPARQL 1.1, section 19.2)."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5})", lambda one: chr(int(one[1] or one[2], 16)), query)


def _lists(shapes: Shapes) -> Iterator[Fault]:
    """Find lists of shapes, values and paths that fork, do not end, or run in a circle."""
    data = shapes.dataset
    for predicate in (*KINDS["list"], *LISTS, SH.alternativePath, SH.path):
        for found in data.match(None, predicate):
            node, seen = found.object, set[str]()
            is_list = predicate != SH.path or any(data.match(node, RDF.first))
            while is_list and node != RDF.nil:
                if node in seen:
                    yield Fault(found, f"the list of {_name(predicate)} runs in a circle")
                    break
                seen.add(node)
                nexts, firsts = data.objects(node, RDF.rest), data.objects(node, RDF.first)
                if len(nexts) != 1 or len(firsts) != 1:
                    yield Fault(found, f"{_name(predicate)} has no list, or one that is broken")
                    break
                node = nexts[0]


def _paths(shapes: Shapes) -> Iterator[Fault]:
    """Find property shapes without one path, and paths that are none."""
    data = shapes.dataset
    for found in data.match(None, SH.property):
        if not any(data.match(found.object, SH.path)) and any(data.match(found.object)):
            yield Fault(found, f"the property shape {_shown(found.object)} has no sh:path")
    paths: dict[str, Statement] = {}
    for found in data.match(None, SH.path):
        if paths.setdefault(found.subject, found) is not found:
            yield Fault(found, f"{_shown(found.subject)} has more than one sh:path")
        elif wrong := _path(shapes, found.object, (), []):
            yield Fault(found, wrong)


def _path(shapes: Shapes, node: str, above: tuple[str, ...], parts: list[str]) -> str | None:
    """Say what is wrong with a path; `parts` gets all its parts, one that is named twice both times."""
    data = shapes.dataset
    parts.append(node)
    if len(parts) > _MOST_STEPS:
        return f"the path of sh:path is too long: it has more than {_MOST_STEPS:,} parts when it is written out"
    if node[0] == "<" and node != RDF.nil:
        return None
    if node in above:
        return "the path of sh:path runs in a circle"
    if len(above) > 30:
        return "the path of sh:path is nested too deeply"
    if node[0] == '"':
        return f"a path is an IRI or a blank node, and not {node}"
    steps = [found for found in data.match(node) if found.predicate in (*_PATHS, RDF.first)]
    if len(steps) != 1:
        return "sh:path leads to no path: a property, a list of two or more, or one of sh:inversePath and its like"
    [step] = steps
    is_list = step.predicate in {RDF.first, SH.alternativePath}
    inner = shapes.members(node if step.predicate == RDF.first else step.object) if is_list else [step.object]
    if is_list and len(inner) < 2:
        return "a path of several properties needs a list of two or more"
    return next(filter(None, (_path(shapes, part, (*above, node), parts) for part in inner)), None)


def _values(shapes: Shapes) -> Iterator[Fault]:
    """Find parameters with values that they cannot have."""
    first: dict[tuple[str, str], Statement] = {}
    for found in shapes.dataset.match():
        if wrong := problem(found.predicate, found.object):
            yield Fault(found, f"{_name(found.predicate)} {wrong}")
        if found.predicate in SINGLE and first.setdefault(found[:2], found) is not found:
            yield Fault(found, f"{_shown(found.subject)} has {_name(found.predicate)} more than once")


def _circles(shapes: Shapes) -> Iterator[Fault]:
    """Find shapes that are parts of themselves: what conforms to those, SHACL does not say (section 3.4.3)."""
    done: set[str] = set()
    starts = {found.subject for name in (*PARTS, *LISTS) for found in shapes.dataset.match(None, name)}
    for start in sorted(starts):
        way: dict[str, None] = {}
        stack = [(start, iter(shapes.parts(start)))]
        while stack:
            shape, parts = stack[-1]
            way[shape] = None
            for statement, part in parts:
                if part in way:
                    yield Fault(
                        statement, f"the shape {_shown(part)} is a part of itself, which SHACL leaves undefined"
                    )
                elif part not in done:
                    stack.append((part, iter(shapes.parts(part))))
                    break
            else:
                stack.pop()
                del way[shape]
                done.add(shape)


# -- what can be run, and should be known ----------------------------------------------------


def _notices(shapes: Shapes) -> Iterator[tuple[str, Statement | None, dict[str, Any]]]:
    data = shapes.dataset
    for found in data.match(None, OWL.imports):
        yield "shacl.import-ignored", found, {"imported": found.object}
    told: set[str] = set()
    for found in data.match():
        for term in (found.predicate, found.object if found.predicate == RDF.type else ""):
            if term in SH and term not in told and (term in NOT_RUN or not (term in ADVANCED or _local(term) in NAMES)):
                told.add(term)
                yield _about(term, found)
    for predicate in PARTS:
        for found in data.match(None, predicate):
            if not any(data.match(found.object)):
                yield "shacl.shape-missing", found, {"shape": _shown(found.object)}
    if not any(_targeted(shapes)):
        yield "shacl.nothing-checked", None, {}


def _about(term: str, found: Statement) -> tuple[str, Statement, dict[str, Any]]:
    import difflib

    if term in NOT_RUN:
        return "shacl.not-run", found, {"term": _name(term)}
    near = difflib.get_close_matches(_local(term), NAMES, n=1)
    return "shacl.term-unknown", found, {"term": _name(term), "hint": f" (sh:{near[0]}?)" if near else ""}


def _targeted(shapes: Shapes) -> Iterator[str]:
    """Yield the shapes that have a target."""
    data = shapes.dataset
    for predicate in TARGETS:
        yield from data.subjects(predicate)
    for kind in _SHAPES:
        for shape in data.subjects(RDF.type, kind):
            if any((shape, RDF.type, name) in data for name in _CLASSES):
                yield shape


def _local(term: str) -> str:
    return term[len(SH.base) + 1 : -1]


def _name(term: str) -> str:
    return PREFIXES.compress(terms.iri_text(term)) or term


def _shown(term: str) -> str:
    return "without a name" if terms.is_blank(term) else term if terms.is_literal(term) else _name(term)
