"""Short sentences for results of shapes that bring none of their own, one for each constraint component."""

from __future__ import annotations

from collections.abc import Mapping

from kg import terms
from kg.check.shacl.engine import Result
from kg.check.shacl.shapes import Shapes
from kg.check.wording import Wording
from kg.vocab import PREFIXES, SH

#: By the component's name without its ending: the parameter that says more, and the sentence.
#: `{it}` is the value, or the focus node of a shape that has no path.
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "MinCount": ("minCount", "{focus} has too few values of {path}: at least {given}"),
    "MaxCount": ("maxCount", "{focus} has too many values of {path}: at most {given}"),
    "Class": ("class", "{it} is no {given}"),
    "Datatype": ("datatype", "{it} is not of the datatype {given}"),
    "NodeKind": ("nodeKind", "{it} is not of the kind {given}"),
    "MinExclusive": ("minExclusive", "{it} is not more than {given}"),
    "MinInclusive": ("minInclusive", "{it} is less than {given}"),
    "MaxExclusive": ("maxExclusive", "{it} is not less than {given}"),
    "MaxInclusive": ("maxInclusive", "{it} is more than {given}"),
    "MinLength": ("minLength", "{it} is shorter than {given} characters"),
    "MaxLength": ("maxLength", "{it} is longer than {given} characters"),
    "Pattern": ("pattern", "{it} does not match {given}"),
    "LanguageIn": ("languageIn", "{it} is in none of the languages {given}"),
    "UniqueLang": ("", "{focus} has more than one value of {path} in one language"),
    "Equals": ("equals", "{it} is not on both sides: {path} and {given} should have the same values"),
    "Disjoint": ("disjoint", "{it} is also a value of {given}"),
    "LessThan": ("lessThan", "{it} is not less than each value of {given}"),
    "LessThanOrEquals": ("lessThanOrEquals", "{it} is more than a value of {given}"),
    "Not": ("not", "{it} is what it should not be: {given}"),
    "And": ("and", "{it} does not conform to all of {given}"),
    "Or": ("or", "{it} conforms to none of {given}"),
    "Xone": ("xone", "{it} does not conform to exactly one of {given}"),
    "Node": ("node", "{it} does not conform to {given}"),
    "QualifiedValueShape": ("qualifiedValueShape", "{focus} has a wrong number of values of {path} like {given}"),
    "QualifiedMinCount": ("qualifiedMinCount", "{focus} has too few values of {path} that conform: at least {given}"),
    "QualifiedMaxCount": ("qualifiedMaxCount", "{focus} has too many values of {path} that conform: at most {given}"),
    "Closed": ("", "{focus} has {path}, which its shape does not allow"),
    "HasValue": ("hasValue", "{focus} lacks the value {given}{of}"),
    "In": ("in", "{it} is none of {given}"),
    "SPARQL": ("", "{it} is reported by a SPARQL constraint"),
}
_OTHER = ("", "{it} violates the constraint {component}")
_SHAPES = frozenset(["and", "node", "not", "or", "qualifiedValueShape", "xone"])
_LONGEST = 200


def sentence(wording: Wording, shapes: Shapes, result: Result) -> str:
    """Say what is wrong, with labels in place of IRIs."""
    name = result.component.removesuffix("ConstraintComponent")
    parameter, words = _SENTENCES.get(name, _OTHER)
    path = spelt(result.path or "")
    told = words.format(
        focus=wording.name(result.focus),
        it=wording.name(result.value or result.focus),
        path=path or "the node itself",
        of=f" of {path}" if path else "",
        given=_given(shapes, result.shape, parameter) if parameter else "",
        component=name.rpartition("#")[2].rpartition("/")[2] or name,
    )
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1] + "…"


def spelt(path: str) -> str:
    """Return a path with its IRIs compressed, where a prefix is known.

    >>> spelt("(<http://www.w3.org/2004/02/skos/core#broader>/^<http://e.org/a>)")
    '(skos:broader/^<http://e.org/a>)'
    """
    import re

    return re.sub("<([^>]*)>", lambda found: PREFIXES.compress(found[1]) or found[0], path)


def _given(shapes: Shapes, shape: str, parameter: str) -> str:
    """Return the values of a parameter in words; the members of a list one by one."""
    found = []
    for value in shapes.dataset.objects(shape, getattr(SH, parameter)):
        members = shapes.members(value) if value[0] != '"' else []
        found += [_shown(member, parameter in _SHAPES) for member in members or [value]]
    return ", ".join(dict.fromkeys(found)) or "what its shape asks for"


def _shown(term: str, is_shape: bool) -> str:
    if terms.is_literal(term):
        return terms.lexical(term)
    if terms.is_blank(term):
        return "an unnamed shape"
    return PREFIXES.compress(terms.iri_text(term)) or (local(term) if is_shape else term)


def local(iri: str) -> str:
    """Return the local name of an IRI, or the IRI when it has none.

    >>> local("<http://e.org/shapes#Label>"), local("<urn:x:y>")
    ('Label', 'y')
    """
    text = terms.iri_text(iri)
    return text[max(text.rfind(mark) for mark in "#/:") + 1 :] or text
