"""Conditions of SPARQL: whether a node breaks a constraint, or a shape.

Each is an expression of two values, true where the node breaks it: what errors, SHACL
counts as broken, so an expression that can is within COALESCE. Source: W3C SHACL,
section 4, whose subsections the functions follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import cast

from kg import terms
from kg.store.validation.expressions import FALSE, TRUE, all_of, any_of, bounded, constant, less, no, same, sure
from kg.store.validation.form import Constraint, Link, Path, Pattern, Qualified, Shape
from kg.store.validation.lexical import LANG_STRING, form
from kg.store.validation.ways import Fresh, Loop, joined, linked, pattern, some, ways
from kg.terms import Term
from kg.vocab import RDFS, SH

#: Up to so many values are told apart in pairs, more are counted: Virtuoso finds no groups within a disjunction.
_PAIRWISE = 4
#: The classes below a class, itself first; None where they cannot be named.
Classes = Callable[[Term], tuple[Term, ...] | None]


class Conditions:
    """Makes the conditions of one query."""

    def __init__(self, classes: Classes) -> None:
        self._classes, self.fresh = classes, Fresh()

    # -- shapes

    def broken(self, shape: Shape, node: str) -> str:
        """Return whether a node breaks a shape."""
        if shape.deactivated:
            return FALSE
        by_value = [one for one in shape.constraints if one.kind in BY_VALUE]
        found = some(shape.way, node, lambda end: any_of(self.value(one, end) for one in by_value), self.fresh)
        found += [self.among(one, shape.way, node) for one in shape.constraints if one.kind not in BY_VALUE]
        return any_of(found)

    def value(self, constraint: Constraint, node: str) -> str:
        """Return whether a value breaks a constraint that looks at each value alone."""
        return BY_VALUE[constraint.kind](self, constraint.value, node)

    def among(self, constraint: Constraint, way: Path, node: str) -> str:
        """Return whether the values of a node, together, break a constraint."""
        return _AMONG[constraint.kind](self, constraint.value, way, node)

    # -- kinds

    def is_a(self, node: str, kind: Term) -> str:
        """Return whether a node is of a class, or of one below it."""
        return f"EXISTS {{ {self.typed(node, kind)} }}"

    def typed(self, node: str, kind: Term) -> str:
        """Return the pattern of the members of a class."""
        found = self._classes(kind)
        if found is None:
            one, other = self.fresh("k"), self.fresh("k")
            below = f"{one} {RDFS.subClassOf} {other} . {other} {RDFS.subClassOf}* {constant(kind)}"
            return f"{node} a {one} . {{ {below} }} UNION {{ FILTER({one} = {constant(kind)}) }}"
        if len(found) == 1:
            return f"{node} a {constant(found[0])} ."
        one = self.fresh("k")
        return f"{node} a {one} FILTER({one} IN ({', '.join(map(constant, found))}))"

    def datatype(self, kind: object, node: str) -> str:
        """4.1.2: of the datatype, and well-formed."""
        wanted = cast("Term", kind)
        if wanted == LANG_STRING:
            return no(sure(f'(isLiteral({node}) && LANG({node}) != "")'))
        found = [f"isLiteral({node})", f'LANG({node}) = ""', f"DATATYPE({node}) = {constant(wanted)}"]
        text = form(wanted)
        if text:
            found.append(f"REGEX(STR({node}), {constant(terms.literal(f'^{text}$'))})")
        return no(sure(f"({' && '.join(found)})"))

    # -- counting

    def at_least(self, count: int, way: Path, node: str, holds: Callable[[str], str] = lambda _: TRUE) -> str:
        """Return whether a node has so many values that fulfil a condition."""
        if count <= 0:
            return TRUE
        if count == 1:
            return any_of(some(way, node, holds, self.fresh))
        if count <= _PAIRWISE:
            ends = [self.fresh() for _ in range(count)]
            apart = [f"!sameTerm({one}, {other})" for one, other in combinations(ends, 2)]
            reached = " ".join(joined(way, node, end, self.fresh) for end in ends)
            return f"EXISTS {{ {reached}{_filter(all_of([*apart, *map(holds, ends)]))} }}"
        end = self.fresh()
        inner = f"{joined(way, node, end, self.fresh)}{_filter(holds(end))}"
        return (
            f"EXISTS {{ SELECT {node} WHERE {{ {inner} }} GROUP BY {node} HAVING(COUNT(DISTINCT {end}) >= {count}) }}"
        )

    def fits(self, qualified: Qualified) -> Callable[[str], str]:
        """Return the condition under which a value counts."""
        return lambda end: all_of(
            [no(self.broken(qualified.shape, end)), *(self.broken(other, end) for other in qualified.others)]
        )


def _filter(condition: str) -> str:
    return "" if condition == TRUE else f" FILTER({condition})"


# -- one value -----------------------------------------------------------------------------


def _class(make: Conditions, kind: object, node: str) -> str:
    return no(make.is_a(node, cast("Term", kind)))


_NODE_KINDS: Mapping[str, str] = {
    SH.IRI: "isIRI({0})",
    SH.BlankNode: "isBlank({0})",
    SH.Literal: "isLiteral({0})",
    SH.BlankNodeOrIRI: "(!isLiteral({0}))",
    SH.BlankNodeOrLiteral: "(!isIRI({0}))",
    SH.IRIOrLiteral: "(!isBlank({0}))",
}


def _node_kind(_: Conditions, kind: object, node: str) -> str:
    return no(_NODE_KINDS[cast("str", kind)].format(node))


def _bound(sign: str) -> Callable[[Conditions, object, str], str]:
    return lambda _, limit, node: no(bounded(node, sign, cast("Term", limit)))


def _length(sign: str) -> Callable[[Conditions, object, str], str]:
    def test(_: Conditions, value: object, node: str) -> str:
        return no(sure(f"(!isBlank({node}) && STRLEN(STR({node})) {sign} {value})"))

    return test


def _pattern(_: Conditions, value: object, node: str) -> str:
    found = cast("Pattern", value)
    flags = f", {constant(terms.literal(found.flags))}" if found.flags else ""
    return no(sure(f"(!isBlank({node}) && REGEX(STR({node}), {constant(terms.literal(found.text))}{flags}))"))


def _language_in(_: Conditions, value: object, node: str) -> str:
    ranges = [constant(text) for text in cast("tuple[Term, ...]", value)]
    tests = any_of(f"LANGMATCHES(LANG({node}), {text})" for text in ranges)
    return no(sure(f'(isLiteral({node}) && LANG({node}) != "" && {tests})'))


def _in(_: Conditions, value: object, node: str) -> str:
    members = cast("tuple[Term, ...]", value)
    iris = [constant(term) for term in members if term[0] == "<"]
    tests = [sure(f"(isIRI({node}) && {node} IN ({', '.join(iris)}))")] if iris else []
    return no(any_of(tests + [same(node, term) for term in members if term[0] == '"']))


def _not(make: Conditions, value: object, node: str) -> str:
    return no(make.broken(cast("Shape", value), node))


def _node(make: Conditions, value: object, node: str) -> str:
    return make.broken(cast("Shape", value), node)


def _and(make: Conditions, value: object, node: str) -> str:
    return any_of(make.broken(part, node) for part in cast("tuple[Shape, ...]", value))


def _or(make: Conditions, value: object, node: str) -> str:
    return all_of(make.broken(part, node) for part in cast("tuple[Shape, ...]", value))


def _xone(make: Conditions, value: object, node: str) -> str:
    broken = [make.broken(part, node) for part in cast("tuple[Shape, ...]", value)]
    return f"({' + '.join(f'IF({condition}, 0, 1)' for condition in broken)} != 1)" if broken else TRUE


#: Constraints that look at each value alone, and the condition under which it breaks them.
BY_VALUE: Mapping[str, Callable[[Conditions, object, str], str]] = {
    "class": _class,
    "datatype": Conditions.datatype,
    "nodeKind": _node_kind,
    "minExclusive": _bound(">"),
    "minInclusive": _bound(">="),
    "maxExclusive": _bound("<"),
    "maxInclusive": _bound("<="),
    "minLength": _length(">="),
    "maxLength": _length("<="),
    "pattern": _pattern,
    "languageIn": _language_in,
    "in": _in,
    "not": _not,
    "and": _and,
    "or": _or,
    "xone": _xone,
    "node": _node,
    # As a part of another shape; of its own, a property shape has results of its own.
    "property": _node,
}

# -- values together -----------------------------------------------------------------------


def _min_count(make: Conditions, value: object, way: Path, node: str) -> str:
    return no(make.at_least(cast("int", value), way, node))


def _max_count(make: Conditions, value: object, way: Path, node: str) -> str:
    return make.at_least(cast("int", value) + 1, way, node)


def _qualified_min(make: Conditions, value: object, way: Path, node: str) -> str:
    asked = cast("Qualified", value)
    return no(make.at_least(asked.number, way, node, make.fits(asked)))


def _qualified_max(make: Conditions, value: object, way: Path, node: str) -> str:
    asked = cast("Qualified", value)
    return make.at_least(asked.number + 1, way, node, make.fits(asked))


def _unique_lang(make: Conditions, _: object, way: Path, node: str) -> str:
    one, other = make.fresh(), make.fresh()
    tests = f'LANG({one}) != "" && LCASE(LANG({one})) = LCASE(LANG({other})) && !sameTerm({one}, {other})'
    both = f"{joined(way, node, one, make.fresh)} {joined(way, node, other, make.fresh)}"
    return f"EXISTS {{ {both} FILTER({sure(f'({tests})')}) }}"


def _equals(make: Conditions, value: object, way: Path, node: str) -> str:
    link = cast("Link", value)
    missing = some(way, node, lambda end: no(_has(make, link, node, end)), make.fresh)
    end = make.fresh()
    extra = f"EXISTS {{ {linked(link, node, end, make.fresh)} FILTER({no(reaches(make, way, node, end))}) }}"
    return any_of([*missing, extra])


def _has(make: Conditions, link: Link, node: str, end: str) -> str:
    return f"EXISTS {{ {linked(link, node, end, make.fresh)} }}"


def reaches(make: Conditions, way: Path, node: str, end: str) -> str:
    """Return whether a path leads from one node to another."""
    found = [
        f"EXISTS {{ {pattern(one, node, end, make.fresh)} }}" if one else f"sameTerm({node}, {end})"
        for one in ways(way)
    ]
    return any_of(found)


def _disjoint(make: Conditions, value: object, way: Path, node: str) -> str:
    link = cast("Link", value)
    return any_of(some(way, node, lambda end: _has(make, link, node, end), make.fresh))


def _less(sign: str) -> Callable[[Conditions, object, Path, str], str]:
    def test(make: Conditions, value: object, way: Path, node: str) -> str:
        link = cast("Link", value)

        def breaks(end: str) -> str:
            other = make.fresh()
            return f"EXISTS {{ {linked(link, node, other, make.fresh)} FILTER({no(less(end, other, sign))}) }}"

        return any_of(some(way, node, breaks, make.fresh))

    return test


def _has_value(make: Conditions, value: object, way: Path, node: str) -> str:
    term = cast("Term", value)
    found = []
    for one in ways(way):
        if not one:
            found.append(same(node, term))
        elif isinstance(one[-1], Loop):
            # A constant at the end of a path with steps, within a disjunction, misleads Virtuoso.
            end = make.fresh()
            found.append(f"EXISTS {{ {pattern(one, node, end, make.fresh)} FILTER({same(end, term)}) }}")
        else:
            found.append(f"EXISTS {{ {pattern(one, node, constant(term), make.fresh)} }}")
    return no(any_of(found))


def _closed(make: Conditions, value: object, _: Path, node: str) -> str:
    predicate = make.fresh("p")
    return f"EXISTS {{ {node} {predicate} {make.fresh()} {others(predicate, cast('tuple[Term, ...]', value))} }}"


def others(predicate: str, allowed: tuple[Term, ...]) -> str:
    """Return the filter for predicates other than those that are allowed."""
    return f"FILTER({predicate} NOT IN ({', '.join(map(constant, allowed))}))" if allowed else ""


_AMONG: Mapping[str, Callable[[Conditions, object, Path, str], str]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "qualifiedMinCount": _qualified_min,
    "qualifiedMaxCount": _qualified_max,
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less("<"),
    "lessThanOrEquals": _less("<="),
    "hasValue": _has_value,
    "closed": _closed,
}
