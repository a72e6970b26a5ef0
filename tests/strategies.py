"""Hypothesis strategies: terms and statements with everything that is nasty about them."""

from __future__ import annotations

import pyoxigraph
from hypothesis import strategies as st

from kg.statement import DATA, Statement
from kg.terms import Term, iri, literal

XSD = "http://www.w3.org/2001/XMLSchema#"
_NASTY = "\t\n\r\f\b\"'\\`<>{}|^&; .,:#@-_/\x00\x01\x1f\x7f\x85\xa0\u2028\u2029\ufeff\u200f\u202e\ufffe\U0001f600é基"

#: Any text RDF can hold: no lone surrogates.
texts = st.text(st.one_of(st.sampled_from(_NASTY), st.characters(exclude_categories=["Cs"])), max_size=20)

_LOCAL = st.text(st.sampled_from("aZ09é基.-_~/#?=%20:(),;'!*"), max_size=8).map(lambda text: text.replace("%", "%25"))


def _is_iri(term: str) -> bool:
    try:
        return bool(pyoxigraph.NamedNode(term[1:-1]))
    except ValueError:
        return False


iris = st.builds(
    lambda base, local: iri(base + local),
    st.sampled_from(
        ["http://example.org/", "http://www.w3.org/2004/02/skos/core#", "https://w3id.org/kgexport/ns#", "urn:x:",
         "http://www.w3.org/2001/XMLSchema#", "skos:", "term:", "https://w3id.org/kgexport/ai/term/"]
    ),
    _LOCAL,
).filter(_is_iri)  # fmt: skip
tags = st.sampled_from(["en", "en-GB", "zh-Hant-TW", "de-1996", "x-private", "sl-IT-nedis"])
datatypes = st.one_of(
    st.sampled_from([XSD + name for name in ("integer", "decimal", "double", "boolean", "string", "date", "gYear")]),
    iris.map(lambda term: term[1:-1]),
)
_LEXICAL = st.one_of(
    texts, st.sampled_from(["1", "01", "+1", "-0", "1.", ".5", "1.10", "1e0", "INF", "NaN", "true", "TRUE", "1 ", ""])
)
literals = st.one_of(
    st.builds(literal, texts),
    st.builds(literal, texts, language=tags),
    st.builds(lambda text, kind: literal(text, datatype=kind), _LEXICAL, datatypes),
).filter(lambda term: not term.endswith("rdf-syntax-ns#langString>"))
blanks = st.sampled_from([Term(f"_:b{number}") for number in range(3)])

resources = st.one_of(iris, blanks)
statements = st.builds(Statement, resources, iris, st.one_of(iris, blanks, literals), st.just(DATA))
ground = st.builds(Statement, iris, iris, st.one_of(iris, literals), st.just(DATA))
quads = st.builds(Statement, resources, iris, st.one_of(iris, blanks, literals), st.one_of(st.just(DATA), iris))
