"""What stores make of literals, foretold and then held against the real stores."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.dataset import Dataset
from kg.statement import Statement
from kg.store import auth, verify
from kg.store.load import clear
from kg.store.prepare import prepare
from kg.store.session import connect
from kg.terms import literal

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = itertools.count()

_INTEGERS = (
    *("integer", "int", "long", "short", "byte", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
)
_NUMERALS = (
    *("0", "1", "007", "00", "+1", "-0", "+0", "-3", "-007", "abc", "200", "40000"),
    *("3000000000", "12345678901", "123456789012345678901234567890"),
)
SPELT = {
    **dict.fromkeys(_INTEGERS, _NUMERALS),
    "boolean": ["true", "false", "1", "0", "TRUE"],
    "decimal": ["1.10", "1.0", "1", "-0.50", ".5", "12345.678", "0.00"],
    "double": ["1", "1.0", "1.0E0", "1e3", "0.1", "3.14159265358979", "INF", "NaN", "-INF", "1E-7", "1e20"],
    "float": ["1", "1.0", "1e3", "0.1", "3.14159265358979", "1E-7"],
    "date": ["2011-01-01", "2011-01-01Z", "2011-01-01+02:00"],
    "dateTime": [
        "2011-01-01T00:00:00", "2011-01-01T00:00:00Z", "2011-01-01T00:00:00.000Z", "2011-01-01T02:00:00+02:00",
        "2011-01-01T12:00:00.5", "2011-01-01T00:00:00.123456Z",
    ],
    "time": ["12:00:00", "12:00:00Z", "12:00:00.50"],
    "gYear": ["2011", "2011Z"],
    "gYearMonth": ["2011-05"],
    "duration": ["P12M", "P1Y"],
    "dayTimeDuration": ["PT24H", "P1D"],
    "string": ["x", "", ' a\tb\n\r\\ " é € 𝄞 \u0001 \u007f', "x" * 5000, "é" * 3000, "~~ ~~~"],
    "anyURI": ["http://e.org/a b"],
    "normalizedString": [" a  b "],
    "hexBinary": ["0a"],
    "nonsense": ["1"],
}  # fmt: skip
LITERALS = [literal(text, None, _XSD + kind) for kind, texts in SPELT.items() for text in texts]
LITERALS += [literal("x", tag) for tag in ("en", "EN", "zh-Hant-TW", "de-AT", "x-private")]
LITERALS += [
    literal("x", None, "urn:mine"),
    literal("<b>x</b>", None, "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML"),
]


@pytest.fixture
def opened(store):
    made = connect(store.url, None, lambda: auth.found(store.url, environ=store.environ), 60)
    yield made
    made.close()


def held(opened, statements, tmp_path):
    """Load statements and return what is not as foretold."""
    graph = f"https://e.org/a{next(_NUMBERS)}"
    prepared = prepare(Dataset(statements), opened.dialect.altered, "urn:b:b", str(tmp_path / "graph.nt"))
    with open(prepared.path, "rb") as file:
        opened.add(graph, list(file), "load")
    try:
        return [str(one) for one in verify.differences(opened, graph, prepared.sums)]
    finally:
        clear(opened, graph)


def test_each_literal_is_kept_as_foretold(opened, tmp_path):
    found = [Statement("<urn:s:s>", f"<urn:p:{number}>", term) for number, term in enumerate(LITERALS)]
    wrong = held(opened, found, tmp_path)
    assert [(line, LITERALS[int(line.split(":")[2].split(">")[0])][-80:]) for line in wrong] == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(chosen=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(LITERALS)), max_size=40))
def test_statements_merge_as_foretold(opened, tmp_path, chosen):
    found = [Statement(f"<urn:s:{number}>", "<urn:p:p>", term) for number, term in chosen]
    assert held(opened, found, tmp_path) == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60), max_size=20))
def test_any_text_is_kept(opened, tmp_path, texts):
    found = [Statement("<urn:s:é>", "<urn:p:p>", literal(text, tag)) for text in texts for tag in (None, "en")]
    assert held(opened, found, tmp_path) == []
