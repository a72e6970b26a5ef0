"""The terms of SHACL that are known here, and the values that a parameter can have.

Source: W3C SHACL (Recommendation, 20 July 2017), section 4 and appendix C; Advanced
Features (Note, 8 June 2017) for what is not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kg import terms
from kg.terms import Term
from kg.vocab import SH, XSD


def _terms(words: str) -> tuple[Term, ...]:
    return tuple(getattr(SH, word) for word in words.split())


#: Parameters by the kind of their values.
KINDS: Mapping[str, tuple[Term, ...]] = {
    "iri": _terms("targetSubjectsOf targetObjectsOf class datatype equals disjoint lessThan lessThanOrEquals severity"),
    "node": _terms("targetClass property node not qualifiedValueShape"),
    "count": _terms("minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount"),
    "truth": _terms("closed uniqueLang deactivated qualifiedValueShapesDisjoint"),
    "text": _terms("pattern flags"),
    "literal": _terms("minExclusive minInclusive maxExclusive maxInclusive message"),
    "list": _terms("in languageIn ignoredProperties"),
    "kind": _terms("nodeKind"),
}
_KIND_OF: Mapping[str, str] = {term: kind for kind, found in KINDS.items() for term in found}
#: Parameters that a shape has once.
SINGLE = frozenset(
    _terms(
        "datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength"
        " pattern flags languageIn uniqueLang qualifiedValueShape qualifiedMinCount qualifiedMaxCount"
        " qualifiedValueShapesDisjoint closed ignoredProperties in deactivated severity"
    )
)
_NODE_KINDS = _terms("BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral")

#: What the Advanced Features add, which is not run.
ADVANCED = frozenset(
    _terms(
        "rule target expression values Rule TripleRule SPARQLRule Target TargetType SPARQLTarget SPARQLTargetType"
        " Function SPARQLFunction ExpressionConstraintComponent NodeExpression condition construct"
        " returnType update SPARQLUpdateExecutable SPARQLConstructExecutable"
    )
)
#: The local names of every other term.
_NAMES = """
    NodeShape PropertyShape Shape Violation Warning Info Severity NodeKind Parameter Parameterizable Validator
    ConstraintComponent AbstractResult ValidationReport ValidationResult PrefixDeclaration PropertyGroup
    SPARQLConstraint SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable SPARQLAskValidator
    SPARQLSelectValidator ResultAnnotation BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral
    targetNode targetClass targetSubjectsOf targetObjectsOf path inversePath alternativePath zeroOrMorePath
    oneOrMorePath zeroOrOnePath class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive
    maxInclusive minLength maxLength pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals
    not and or xone node property qualifiedValueShape qualifiedMinCount qualifiedMaxCount
    qualifiedValueShapesDisjoint closed ignoredProperties hasValue in severity message deactivated name description
    order group defaultValue sparql select ask prefixes declare prefix namespace parameter optional labelTemplate
    validator nodeValidator propertyValidator resultAnnotation annotationProperty annotationVarName annotationValue
    shapesGraph suggestedShapesGraph entailment shapesGraphWellFormed conforms result detail focusNode resultMessage
    resultPath resultSeverity sourceConstraint sourceConstraintComponent sourceShape value
    nodes intersection union filterShape this subject predicate object groupBy"""
NAMES = frozenset(_NAMES.split())


def problem(parameter: str, value: str) -> str | None:
    """Say what is wrong with the value of a parameter, or return None.

    >>> problem(SH.minCount, '"one"')
    'is to be a number of the type xsd:integer, and not "one"'
    >>> problem(SH.minCount, f'"1"^^{XSD.integer}')
    """
    kind = _KIND_OF.get(parameter)
    if kind is None or _IS[kind](value):
        return _regular(value) if kind == "text" and parameter == SH.pattern else None
    return f"is to be {_WANTED[kind]}, and not {value}"


def _is_typed(value: str, pattern: str, datatype: str) -> bool:
    if not terms.is_literal(value) or terms.datatype(value) != terms.iri_text(datatype):
        return False
    return re.fullmatch(pattern, terms.lexical(value)) is not None


_IS: Mapping[str, Callable[[str], bool]] = {
    "iri": terms.is_iri,
    "node": lambda value: not terms.is_literal(value),
    "count": lambda value: _is_typed(value, r"\+?\d+|-0+", XSD.integer),
    "truth": lambda value: _is_typed(value, "true|false|1|0", XSD.boolean),
    "text": lambda value: _is_typed(value, r"(?s).*", XSD.string),
    "literal": terms.is_literal,
    "list": lambda value: not terms.is_literal(value),
    "kind": lambda value: value in _NODE_KINDS,
}
_WANTED = {
    "iri": "an IRI",
    "node": "an IRI or a blank node",
    "count": "a number of the type xsd:integer",
    "truth": "true or false",
    "text": "a text without a language",
    "literal": "a literal",
    "list": "a list",
    "kind": "sh:IRI, sh:Literal, sh:BlankNode or one of their pairs",
}


def _regular(value: str) -> str | None:
    """Say why a pattern is no regular expression, as far as those of Python and of XPath are the same."""
    pattern = terms.lexical(value)
    if re.search(r"\\[pPiIcC]|-\[", pattern):
        return None  # categories and subtraction, which only XPath has
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        return f"{value} is no regular expression: {error}"
    return None
