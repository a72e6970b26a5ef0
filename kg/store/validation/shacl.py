"""SHACL Core in the store: a question for each constraint, whose rows are the results.

`validate(place, shapes)` returns what `kg.check.shacl.validate` returns for the same
data. Each question selects the focus nodes of a shape first, and from them what breaks one
constraint, as sets: none is asked about a single node.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, cast

from kg.check.shacl import Result, Shapes
from kg.store.validation import form
from kg.store.validation.conditions import BY_VALUE, Conditions, others, reaches
from kg.store.validation.expressions import FALSE, TRUE, constant, less, no
from kg.store.validation.form import Constraint, Link, Qualified, Shape, Sources
from kg.store.validation.place import Part, Place
from kg.store.validation.ways import joined, linked, pattern, ways
from kg.terms import Term
from kg.vocab import SH

#: What is of SHACL and not of its Core: it is not run in the store.
NOT_CORE = (SH.sparql, SH.js)


def validate(place: Place, shapes: Shapes, sources: Sources | None = None) -> list[Result]:
    """Validate the graphs of a place against shapes that have passed the guard.

    With `sources`, a property stands for those it follows from, too: what `kg.profile` would
    write out is looked for as it is. Results come in no order that means anything.

    Raises `StoreError` for a store that fails.
    """
    found: list[Result] = []
    for shape in form.parse(shapes, sources):
        # A node that two targets give is looked at once.
        told = Counter[Result]()
        for focus in _foci(shape, Conditions(place.below)):
            told |= Counter(_Shaped(place, shapes, shape, focus).results())
        found += told.elements()
    return found


class Focus(NamedTuple):
    """A pattern that binds ?this to the nodes a shape looks at."""

    where: str

    def share(self, part: Part) -> str:
        """Return the sub-query for a share of the nodes."""
        return f"{{ SELECT DISTINCT ?this WHERE {{ {self.where}{part.of_nodes()} }} }}"


def _foci(shape: Shape, make: Conditions) -> Iterator[Focus]:
    """Yield one pattern for all targets, and one for the nodes that are named: Virtuoso finds none in a union."""
    options = []
    nodes = []
    for target in shape.targets:
        if target.kind == "targetNode":
            nodes.append(constant(target.term))
        elif target.kind == "targetClass":
            options.append(make.typed("?this", target.term))
        else:
            ends = ("?this", make.fresh("a"))
            options.append(
                linked(cast("Link", target.link), *(ends if "Subjects" in target.kind else ends[::-1]), make.fresh)
            )
    if nodes:
        yield Focus(f"VALUES ?this {{ {' '.join(nodes)} }}")
    if options:
        yield Focus(options[0] if len(options) == 1 else " UNION ".join(f"{{ {option} }}" for option in options))


class _Shaped:
    """One shape, for the nodes that a pattern gives."""

    def __init__(self, place: Place, shapes: Shapes, shape: Shape, focus: Focus) -> None:
        self._place, self._shapes, self._shape, self._focus = place, shapes, shape, focus

    def results(self) -> Iterator[Result]:
        """Yield the results of each constraint, and of the property shapes within."""
        if self._shape.deactivated:
            return
        for constraint in self._shape.constraints:
            if constraint.kind == "property":
                yield from self._within(cast("Shape", constraint.value))
            else:
                for text, names in self._questions(constraint):
                    yield from self._answers(constraint, text, names)

    def _within(self, inner: Shape) -> Iterator[Result]:
        """Yield the results of a property shape, whose focus nodes are the values of this one."""
        for way in ways(self._shape.way):
            focus = self._focus
            if way:
                make = Conditions(self._place.below)
                outer = make.fresh("f")
                before = f"{{ SELECT (?this AS {outer}) WHERE {{ {focus.where} }} }}"
                focus = Focus(f"{before} {pattern(way, outer, '?this', make.fresh)}")
            yield from _Shaped(self._place, self._shapes, inner, focus).results()

    def _answers(self, constraint: Constraint, text: _Text, names: tuple[str, ...]) -> Iterator[Result]:
        shape = self._shape
        path = self._shapes.path(shape.term)
        for share in self._place.shares(self._focus.where):
            for row in self._place.rows(text, share):
                found = dict(zip(names, row, strict=True))
                value = found["this"] if names == ("this",) and constraint.kind in BY_VALUE else found.get("value")
                yield Result(
                    shape.term,
                    found["this"] or "",
                    found.get("p") or path,
                    value,
                    constraint.component,
                    shape.severity,
                    shape.messages,
                )

    # -- questions

    def _questions(self, constraint: Constraint) -> Iterator[tuple[_Text, tuple[str, ...]]]:
        """Yield the questions of a constraint, each with the names of its columns."""
        make = Conditions(self._place.below)
        if constraint.kind in BY_VALUE:
            for way in ways(self._shape.way):
                end = "?value" if way else "?this"
                broken = make.value(constraint, end)
                if broken != FALSE:
                    steps = pattern(way, "?this", end, make.fresh) if way else ""
                    yield self._select(f"{steps}{_filter(broken)}", ("this", "value") if way else ("this",))
            return
        special = _SETS.get(constraint.kind)
        if special:
            yield from special(self, make, constraint.value)
            return
        broken = make.among(constraint, self._shape.way, "?this")
        if broken != FALSE:
            yield self._select(_filter(broken), ("this",))

    def _select(self, where: str, names: tuple[str, ...], rest: str = "") -> tuple[_Text, tuple[str, ...]]:
        shown = " ".join(f"?{name}" for name in names)

        def text(part: Part) -> str:
            values = part.of_values() if "value" in names else ""
            distinct = "" if rest else "DISTINCT "
            return f"SELECT {distinct}{shown} {{from}} WHERE {{ {self._focus.share(part)} {where}{values} }}{rest}"

        return text, names

    def _counted(self, make: Conditions, count: int, holds: str | None, most: bool) -> Iterator[_Question]:
        """Select the nodes with more values than `count`, or with fewer, but some."""
        end = make.fresh()
        test = _filter(holds.replace("?end", end)) if holds else ""
        where = f"{joined(self._shape.way, '?this', end, make.fresh)}{test}"
        sign = ">" if most else "<"
        yield self._select(where, ("this",), f" GROUP BY ?this HAVING(COUNT(DISTINCT {end}) {sign} {count})")

    def min_count(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.2.1."""
        count = cast("int", value)
        yield from self._fewer(make, count, None)

    def _fewer(self, make: Conditions, count: int, holds: Qualified | None) -> Iterator[_Question]:
        if count > 0:
            none = make.at_least(1, self._shape.way, "?this", make.fits(holds) if holds else lambda _: TRUE)
            if none != TRUE:
                yield self._select(_filter(no(none)), ("this",))
        if count > 1:
            yield from self._counted(make, count, make.fits(holds)("?end") if holds else None, most=False)

    def max_count(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.2.2."""
        yield from self._more(make, cast("int", value), None)

    def _more(self, make: Conditions, count: int, holds: Qualified | None) -> Iterator[_Question]:
        if count == 0:
            test = make.fits(holds) if holds else lambda _: TRUE
            yield self._select(_filter(make.at_least(1, self._shape.way, "?this", test)), ("this",))
        else:
            yield from self._counted(make, count, make.fits(holds)("?end") if holds else None, most=True)

    def qualified_min(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.7.3."""
        asked = cast("Qualified", value)
        yield from self._fewer(make, asked.number, asked)

    def qualified_max(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.7.3."""
        asked = cast("Qualified", value)
        yield from self._more(make, asked.number, asked)

    def unique_lang(self, make: Conditions, _: object) -> Iterator[_Question]:
        """4.4.5: one result for each language."""
        end, tag = make.fresh(), "?value"
        tagged = f"FILTER(isLiteral({end})) BIND(LCASE(LANG({end})) AS {tag})"
        values = f"{joined(self._shape.way, '?this', end, make.fresh)} {tagged}"
        rest = f" GROUP BY ?this {tag} HAVING(COUNT(DISTINCT {end}) > 1)"
        text, _names = self._select(f'{values} FILTER({tag} != "")', ("this", "value"), rest)
        yield text, ("this", "language")

    def equals(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.5.1: the values on one side only."""
        link = cast("Link", value)
        for way in ways(self._shape.way):
            end = "?value" if way else "?this"
            other = f"EXISTS {{ {linked(link, '?this', end, make.fresh)} }}"
            steps = pattern(way, "?this", end, make.fresh) if way else ""
            if way:
                yield self._select(f"{steps}{_filter(no(other))}", ("this", "value"))
            else:
                yield self._select(f"BIND(?this AS ?value){_filter(no(other))}", ("this", "value"))
        way_there = reaches(make, self._shape.way, "?this", "?value")
        yield self._select(f"{linked(link, '?this', '?value', make.fresh)}{_filter(no(way_there))}", ("this", "value"))

    def disjoint(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.5.2: the values on both sides."""
        link = cast("Link", value)
        for way in ways(self._shape.way):
            if way:
                steps = pattern(way, "?this", "?value", make.fresh)
                yield self._select(f"{steps} {linked(link, '?this', '?value', make.fresh)}", ("this", "value"))
            else:
                yield self._select(
                    f"{linked(link, '?this', '?this', make.fresh)} BIND(?this AS ?value)", ("this", "value")
                )

    def compared(self, sign: str, make: Conditions, value: object) -> Iterator[_Question]:
        """4.5.3 and 4.5.4: each pair of values in the wrong order."""
        link = cast("Link", value)
        for way in ways(self._shape.way):
            if way:
                both = f"{pattern(way, '?this', '?value', make.fresh)} {linked(link, '?this', '?other', make.fresh)}"
                yield self._select(f"{both}{_filter(no(less('?value', '?other', sign)))}", ("this", "value", "other"))

    def closed(self, make: Conditions, value: object) -> Iterator[_Question]:
        """4.8.1."""
        allowed = cast("tuple[Term, ...]", value)
        for way in ways(self._shape.way):
            node = make.fresh() if way else "?this"
            steps = pattern(way, "?this", node, make.fresh) if way else ""
            yield self._select(f"{steps} {node} ?p ?value {others('?p', allowed)}", ("this", "p", "value"))


def _filter(condition: str) -> str:
    return "" if condition == TRUE else f" FILTER({condition})"


_Text = Callable[[Part], str]
_Question = tuple[_Text, tuple[str, ...]]

_SETS: Mapping[str, Callable[[_Shaped, Conditions, object], Iterator[_Question]]] = {
    "minCount": _Shaped.min_count,
    "maxCount": _Shaped.max_count,
    "qualifiedMinCount": _Shaped.qualified_min,
    "qualifiedMaxCount": _Shaped.qualified_max,
    "uniqueLang": _Shaped.unique_lang,
    "equals": _Shaped.equals,
    "disjoint": _Shaped.disjoint,
    "lessThan": lambda shaped, make, value: shaped.compared("<", make, value),
    "lessThanOrEquals": lambda shaped, make, value: shaped.compared("<=", make, value),
    "closed": _Shaped.closed,
}
