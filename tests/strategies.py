"""Hypothesis strategies: terms and statements with everything that is nasty about them."""

from __future__ import annotations

from itertools import pairwise

import pyoxigraph
from hypothesis import strategies as st

from kg.statement import DATA, Statement
from kg.terms import Term, iri, literal

XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
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
        [
            "http://example.org/",
            "http://www.w3.org/2004/02/skos/core#",
            "https://w3id.org/kgexport/ns#",
            "urn:x:",
            "http://www.w3.org/2001/XMLSchema#",
            "skos:",
            "term:",
            "https://w3id.org/kgexport/ai/term/",
        ]
    ),
    _LOCAL,
).filter(_is_iri)
tags = st.sampled_from(
    ["en", "en-GB", "zh-Hant-TW", "de-1996", "x-private", "sl-IT-nedis", "id", "type", "none", "note"]
)
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

# -- whole datasets ------------------------------------------------------------

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: What RDF's own syntaxes give a meaning of their own, so that a writer may trip over it.
_OWN = [
    iri(RDF + name)
    for name in (
        "type",
        "first",
        "rest",
        "nil",
        "value",
        "_1",
        "_01",
        "li",
        "about",
        "ID",
        "Description",
        "List",
        "subject",
        "XMLLiteral",
    )
]
_ODD = [
    iri(text)
    for text in (
        "http://example.org",
        "http://example.org/a/../b",
        "http://example.org/a?q=1#",
        "a:",
        "x:y:z",
        "http://example.org/%C3%A9",
        "http://EXAMPLE.org/É",
        "urn:uuid:0",
        "http://example.org//",
        "http://example.org/a.",
        "http://example.org/-a",
        "http://example.org/1",
        "mailto:a@b.c",
        "http://[::1]/",
        "http://example.org/\U00010400",
        "http://example.org/a\u0140",
        "http://example.org/\u0140b",
    )
]
#: Datatypes that syntaxes know: ill-typed values stand under them, too.
_KNOWN = [
    RDF + "JSON",
    RDF + "HTML",
    RDF + "XMLLiteral",
    *(XSD + name for name in ("dateTime", "float", "anyURI", "long")),
]
#: A value of 100,000 characters, with what has to be escaped at its ends.
_LONG = ['"' + "a" * 99_998 + "\\", ("é" * 998 + "\r\n") * 100, "&<>" * 33_333 + "]"]

_nodes = st.one_of(iris, blanks, st.sampled_from(_OWN), st.sampled_from(_ODD))
_verbs = st.one_of(iris, iris, st.sampled_from(_OWN), st.sampled_from(_ODD))
_values = st.one_of(
    _nodes,
    literals,
    literals,
    st.builds(lambda text, kind: literal(text, datatype=kind), texts, st.sampled_from(_KNOWN)),
)
_graphs = st.one_of(st.just(DATA), st.just(DATA), iris, blanks)


@st.composite
def _lists(draw: st.DrawFn) -> list[Statement]:
    """Draw an RDF list: well-formed, or with one cell too many, too few, shared, or going round in a circle."""
    name, graph = draw(st.sampled_from("lm")), draw(_graphs)
    elements = draw(st.lists(_values, max_size=4))
    cells = [Term(f"_:{name}{number}") for number in range(len(elements))]
    rows = [Statement(cell, iri(RDF + "first"), element, graph) for cell, element in zip(cells, elements, strict=True)]
    ends = [*cells[1:], draw(st.sampled_from([iri(RDF + "nil"), iri(RDF + "nil"), Term(f"_:{name}0"), Term("_:b0")]))]
    rows += [Statement(cell, iri(RDF + "rest"), rest, graph) for cell, rest in zip(cells, ends, strict=False)]
    rows.append(Statement(draw(_nodes), draw(_verbs), cells[0] if cells else iri(RDF + "nil"), graph))
    if draw(st.booleans()) and cells:
        extra = Statement(draw(st.sampled_from(cells)), draw(_verbs), draw(_values), graph)
        rows.append(draw(st.sampled_from([extra, Statement(draw(_nodes), draw(_verbs), cells[-1], draw(_graphs))])))
    return rows


@st.composite
def _nests(draw: st.DrawFn) -> list[Statement]:
    """Draw a chain of blank nodes, deeper than anybody nests by hand."""
    depth, graph = draw(st.integers(1, 12)), draw(_graphs)
    nodes = [draw(_nodes), *(Term(f"_:n{number}") for number in range(depth))]
    rows = [Statement(above, draw(_verbs), below, graph) for above, below in pairwise(nodes)]
    return [*rows, Statement(nodes[-1], draw(_verbs), draw(_values), graph)]


_long = st.builds(
    lambda subject, predicate, text, tag: [Statement(subject, predicate, literal(text, tag))],
    iris,
    iris,
    st.sampled_from(_LONG),
    st.one_of(st.none(), tags),
)
#: A scheme, and IRIs below it that ask for prefixes of their own: `term:`, one of a language, one no syntax takes.
_schemes = st.lists(
    st.builds(
        lambda kind, predicate, local: Statement(
            iri(f"http://e.org/{kind}/{local}"), predicate, iri(f"http://e.org/{kind}/y")
        ),
        st.sampled_from(["term", "kg", "xml", "ª", "\u0140", "é", "a.b"]),
        _verbs,
        st.sampled_from(["x", "1", "a.", "a/b", "%20"]),
    ),
    min_size=1,
    max_size=3,
).map(lambda rows: [Statement(iri("http://e.org/"), iri(RDF + "type"), iri(SKOS + "ConceptScheme")), *rows])
_loose = st.lists(st.builds(Statement, _nodes, _verbs, _values, _graphs), max_size=6)

#: The statements of a dataset with all of these; one in thirty or so has a value of 100,000 characters.
datasets = st.builds(
    lambda parts: list(dict.fromkeys(row for part in parts for row in part)),
    st.lists(st.one_of(*[_loose] * 24, *[_lists()] * 12, *[_nests()] * 9, *[_schemes] * 6, _long), max_size=3),
)
