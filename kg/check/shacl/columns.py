"""Packaged shapes about what every concept has, run over columns of numbers.

An engine is given each statement that its shapes can see, as text; of a large vocabulary most
are labels and links. These few shapes are all that see them everywhere, and each is an
operation on sets here. The results are those of an engine, to the last one
(`tests/properties/test_columns.py`); `shapes/` says what they mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from kg.check.graph import Checked
from kg.check.shacl.engine import Result, severity_of
from kg.rule import RULES
from kg.statement import DATA
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, KG, KG_SHAPES, RDFS, SKOS

_RELATIONS = (
    *(SKOS.broader, SKOS.narrower, SKOS.related, SKOS.broaderTransitive, SKOS.narrowerTransitive),
    *(SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, SKOS.semanticRelation),
)
_SCHEME, _COLLECTION = (SKOS.ConceptScheme,), (SKOS.Collection, SKOS.OrderedCollection)

#: Focus and value of each result, by number.
Found = Iterator[tuple[int, int | None]]


class _Form(NamedTuple):
    """What a result of a shape says besides its terms, and what finds those."""

    component: str
    find: Callable[[Checked], Found]
    path: Term | None = None


def _members(checked: Checked, *classes: Term) -> set[int]:
    """Return the SHACL instances of some classes: those below them are the ones that the data name."""
    names, known, waiting = checked.terms, {*classes}, [*classes]
    below: dict[Term, list[Term]] = {}
    for one, other in checked.pairs(RDFS.subClassOf):
        below.setdefault(names[other], []).append(names[one])
    while waiting:
        for found in below.get(waiting.pop(), ()):
            if found not in known:
                known.add(found)
                waiting.append(found)
    return set[int]().union(*map(checked.typed, known))


def _themselves(found: set[int]) -> Found:
    return ((one, one) for one in found)


# -- nodes -------------------------------------------------------------------------


def _ends(checked: Checked, objects: tuple[Term, ...], subjects: tuple[Term, ...]) -> set[int]:
    found = set[int]().union(*(checked.pairs(name).objects for name in objects))
    return found.union(*(checked.pairs(name).subjects for name in subjects))


def _texts(checked: Checked, objects: tuple[Term, ...]) -> Found:
    names = checked.terms
    return _themselves({one for one in _ends(checked, objects, ()) if names[one][0] == '"'})


def _misused(
    checked: Checked,
    objects: tuple[Term, ...],
    subjects: tuple[Term, ...],
    kind: tuple[Term, ...],
    others: tuple[Term, ...],
) -> Found:
    """Find what is used as one kind, is of another, and is not said to be of the first."""
    used = _ends(checked, objects, subjects).intersection(_members(checked, *others))
    return _themselves(used - _members(checked, *kind) if used else used)


def _related(checked: Checked) -> Found:
    """Find what stands in a relation, is a scheme or a collection, and no concept."""
    return _misused(checked, _RELATIONS, _RELATIONS, (SKOS.Concept,), (*_SCHEME, *_COLLECTION))


# -- concepts ----------------------------------------------------------------------


def _without(checked: Checked, predicate: Term) -> Found:
    found = _members(checked, SKOS.Concept).difference(checked.pairs(predicate).subjects)
    return ((one, None) for one in found)


def _undefined(checked: Checked) -> Found:
    found = _members(checked, SKOS.Concept).difference(checked.pairs(SKOS.definition).subjects)
    states = checked.pairs(ADMS.status)
    found -= {one for one, state in states if checked.terms[state] == ADMS_STATUS.UnderDevelopment}
    return _themselves(found - _members(checked, KG.Entry))


# -- labels ------------------------------------------------------------------------


def _values(checked: Checked, predicate: Term, is_bad: Callable[[Term], bool]) -> Found:
    pairs, names = checked.pairs(predicate), checked.terms
    bad = {value for value in set(pairs.objects) if is_bad(names[value])}
    return ((one, value) for one, value in pairs if value in bad)


def _is_no_text(term: Term) -> bool:
    return term[0] != '"' or term[-1] == ">"


def _is_untagged(term: Term) -> bool:
    return term[-1] == '"'


def _shared(checked: Checked, one: Term, others: tuple[Term, ...]) -> Found:
    first = checked.pairs(one)
    for other in others:
        second = checked.pairs(other)
        if both := set(first.objects).intersection(second.objects):
            here, there = ({pair for pair in pairs if pair[1] in both} for pairs in (first, second))
            yield from here & there


def _twice_in_a_language(checked: Checked) -> Found:
    tags = checked.languages
    tagged = Counter((one, tags[label]) for one, label in checked.pairs(SKOS.prefLabel) if tags[label])
    return ((one, None) for (one, _), count in tagged.items() if count > 1)


def _twice_untagged(checked: Checked) -> Found:
    names = checked.terms
    plain = Counter(one for one, label in checked.pairs(SKOS.prefLabel) if _is_untagged(names[label]))
    return ((one, None) for one, count in plain.items() if count > 1)


def _each_label(component: str, is_bad: Callable[[Term], bool]) -> Iterator[tuple[str, _Form]]:
    for part, path in (("", SKOS.prefLabel), (":alt", SKOS.altLabel), (":hidden", SKOS.hiddenLabel)):
        yield part, _Form(component, partial(_values, predicate=path, is_bad=is_bad), path)


def _disjoint(one: Term, *others: Term) -> _Form:
    return _Form("Disjoint", partial(_shared, one=one, others=others), one)


_IN, _TOPPED = ((SKOS.inScheme, SKOS.topConceptOf), (SKOS.hasTopConcept,))
_TOPS, _TOP = ((SKOS.hasTopConcept,), (SKOS.topConceptOf,))

#: The shapes that run so, by name; some say two things.
SHAPES: Mapping[str, tuple[_Form, ...]] = {
    "skos.s4": (
        _Form("NodeKind", partial(_texts, objects=_IN)),
        _Form(
            "Or",
            partial(_misused, objects=_IN, subjects=_TOPPED, kind=_SCHEME, others=(SKOS.Concept, *_COLLECTION)),
        ),
    ),
    "skos.s6": (
        _Form("NodeKind", partial(_texts, objects=_TOPS)),
        _Form(
            "Or",
            partial(_misused, objects=_TOPS, subjects=_TOP, kind=(SKOS.Concept,), others=(*_SCHEME, *_COLLECTION)),
        ),
    ),
    **{f"skos.s12{part}": (form,) for part, form in _each_label("Or", _is_no_text)},
    "skos.s13": (_disjoint(SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel),),
    "skos.s13:alt": (_disjoint(SKOS.altLabel, SKOS.hiddenLabel),),
    "skos.s14": (_Form("UniqueLang", _twice_in_a_language, SKOS.prefLabel),),
    "skos.s14:untagged": (_Form("QualifiedMaxCount", _twice_untagged, SKOS.prefLabel),),
    "skos.s19": (_Form("Or", _related),),
    "skos.s19:text": (_Form("NodeKind", partial(_texts, objects=_RELATIONS)),),
    "glossary.label-missing": (_Form("MinCount", partial(_without, predicate=SKOS.prefLabel), SKOS.prefLabel),),
    **{f"glossary.label-language{part}": (form,) for part, form in _each_label("Not", _is_untagged)},
    "glossary.scheme-missing": (_Form("MinCount", partial(_without, predicate=SKOS.inScheme), SKOS.inScheme),),
    "glossary.concept-undefined": (_Form("Or", _undefined),),
}
#: The codes of those shapes: an engine is not given them.
CODES = frozenset(name.partition(":")[0] for name in SHAPES)


def can_run(checked: Checked) -> bool:
    """Tell whether these shapes can be told so: all is in the data graph, and no text has a base direction."""
    return checked.dataset.graphs() == [DATA] and not any("--" in tag for tag in set(checked.languages))


def results(checked: Checked, keep: Callable[[str], bool]) -> Iterator[Result]:
    """Yield the results of the shapes whose code is to be kept, in no order that means anything."""
    names = checked.terms
    for name, forms in SHAPES.items():
        code = name.partition(":")[0]
        if not keep(code):
            continue
        shape, severity = getattr(KG_SHAPES, name), severity_of(RULES[code].severity)
        for component, find, path in forms:
            for focus, value in find(checked):
                shown = None if value is None else names[value]
                yield Result(shape, names[focus], path, shown, f"{component}ConstraintComponent", severity)
