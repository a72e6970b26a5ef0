"""From every RDF format into every other one: the same dataset, or the refusal that the format table declares."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

sys.path.insert(0, str(Path(__file__).parent.parent))
from round_trip import Difference, Trips, declared, needs, rdf_formats, written
from strategies import datasets

from kg import formats, pipeline
from kg.dataset import Dataset
from kg.formats import FEATURES, WriteOptions
from kg.statement import Statement
from kg.terms import Term, literal

TRIPS = 200
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
S, P, O = Term("<http://example.org/s>"), Term("<http://example.org/p>"), Term("<http://example.org/o>")  # noqa: E741
G = Term("<http://example.org/g>")

#: For each feature a statement that needs it.
NEEDY = {
    "graphs": Statement(S, P, O, G),
    "controls": Statement(S, P, literal("a\x01b")),
    "predicates": Statement(S, Term("<http://example.org/1>"), O),
    "reserved": Statement(S, Term(f"<{RDF}li>"), O),
    "triples": Statement(S, P, Term(f"<<( {S} {P} {O} )>>")),
    "directions": Statement(S, P, Term('"x"@en--ltr')),
}


def test_two_hundred_random_datasets_through_every_pair() -> None:
    trips = Trips()

    @settings(max_examples=TRIPS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows=datasets)
    def through(rows: list[Statement]) -> None:
        trips.run(Dataset(rows))

    through()
    assert len(trips.exact) == len(rdf_formats()) ** 2
    assert min(trips.exact.values()) >= TRIPS


@pytest.mark.parametrize("text", ["", "a" * 100_000, "é\r\n" * 33_333, '"\\' * 50_000, " \t ", "]]>&amp;<!--"])
def test_long_and_empty_values_through_every_pair(text: str) -> None:
    trips = Trips()
    values = [literal(text), literal(text, "de-CH-1996"), literal(text, datatype="http://example.org/d")]
    trips.run(Dataset([Statement(S, P, value) for value in values]))
    assert set(trips.exact.values()) == {1}


@pytest.mark.parametrize("tag", ["id", "type", "none", "set", "note", "Entry", "skos"])
def test_a_language_called_like_a_word_of_json_ld_stays_a_language(tag: str) -> None:
    trips = Trips()
    label = Term("<http://www.w3.org/2004/02/skos/core#prefLabel>")
    rows = [
        Statement(S, verb, literal(text, language))
        for verb in (P, label)
        for text, language in (("x", tag), ("y", "en"))
    ]
    trips.run(Dataset(rows))
    trips.run(Dataset(rows[2:3]))
    assert set(trips.exact.values()) == {2}


# -- the table of features is the truth ------------------------------------------


def test_every_feature_has_its_example() -> None:
    assert [feature.name for feature in FEATURES] == list(NEEDY)
    assert {name: set(needs(Dataset([row]))) for name, row in NEEDY.items()} == {name: {name} for name in NEEDY}
    assert {name for item in formats.BUILT_IN for name in item.refuses} <= NEEDY.keys()


@pytest.mark.parametrize("item", rdf_formats(), ids=lambda item: item.name)
@pytest.mark.parametrize("feature", NEEDY)
def test_what_the_table_says_of_a_feature_is_what_happens(item: formats.Format, feature: str) -> None:
    dataset = Dataset([Statement(S, P, O), NEEDY[feature]])
    holds = item.holds(feature)
    data = written(dataset, item, declared(dataset, item))
    assert (data is None) == (holds == "refused")
    codes = [found.code for found in pipeline.left_out(dataset, item)]
    assert codes == (["export.graph-left-out"] if holds == "left out" else [])
    if holds == "left out":
        assert data == b"".join(item.write(Dataset([Statement(S, P, O)]), WriteOptions()))


# -- the judge has teeth -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows", "spoil", "words"),
    [
        ("ntriples", [Statement(S, P, literal("a b"))], lambda data: data.replace(b"a b", b"a  b"), "lost"),
        ("turtle", [Statement(S, P, literal("01"))], lambda data: data.replace(b'"01"', b'"1"'), "lost"),
        ("nquads", [NEEDY["graphs"]], lambda data: data.replace(b" <http://example.org/g>", b""), "lost"),
        ("trig", [Statement(S, P, O)], lambda data: data + b"<urn:s> <urn:p> 1 .\n", "made"),
        ("rdfxml", [NEEDY["controls"]], lambda data: data, "the table does not say so"),
    ],
)
def test_a_writer_that_loses_adds_or_refuses_is_found(
    name: str, rows: list[Statement], spoil: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = formats.for_name(name)
    write = item.write

    class Spoilt(formats.Format):
        def write(self, dataset: Dataset, options: WriteOptions) -> object:
            return [spoil(b"".join(write(dataset, options)))]  # type: ignore[operator]

    spoilt = Spoilt(*item._replace(refuses=()))
    monkeypatch.setattr("round_trip.rdf_formats", lambda: [spoilt])
    with pytest.raises(Difference, match=words):
        Trips().run(Dataset(rows))


def test_a_writer_that_holds_what_it_should_refuse_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    bold = formats.for_name("nquads")._replace(refuses=("controls",))
    monkeypatch.setattr("round_trip.rdf_formats", lambda: [bold])
    with pytest.raises(Difference, match="the table says it refuses"):
        Trips().run(Dataset([NEEDY["controls"]]))
