"""JSON-LD in every form and by any context says what the data say, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner
from hypothesis import event, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from strategies import XSD, ground, quads

import kg
from kg.cli import kgexport
from kg.dataset import Dataset
from kg.errors import UnknownName, Unwritable, UsageError
from kg.formats import WriteOptions
from kg.limits import Limits
from kg.read.json_guard import guard
from kg.read.jsonld import parse
from kg.report import Report
from kg.statement import Statement
from kg.syntax.jsonld_names import Options
from kg.terms import iri, literal
from kg.write.jsonld import FORMS, write

EX = "http://example.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"


def written(dataset: Dataset, **given: Any) -> bytes:
    return b"".join(write(dataset, WriteOptions(evidence=True, **given)))


def by_pyoxigraph(data: bytes) -> Dataset:
    dataset = Dataset()
    dataset.add_stream(pyoxigraph.parse(data, pyoxigraph.RdfFormat.JSON_LD), named=True)
    return dataset


def by_us(data: bytes, options: Options | None = None) -> Dataset:
    report, dataset = Report(), Dataset()
    for batch in parse(guard(data, "x", Limits(max_depth=200)), "x", Limits(), None, report, options):
        for quad in batch:
            dataset.add(*quad)
    assert report.codes() == []
    return dataset


def by_rdflib(data: bytes) -> Dataset:
    graph = rdflib.Dataset()
    graph.parse(data=data.decode(), format="json-ld")
    return Dataset.from_rdflib(graph)


@pytest.fixture(autouse=True, scope="module")
def _literals_as_they_are() -> object:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


# -- contexts with everything in them -------------------------------------------------------------

NAMES = st.sampled_from(
    ["a", "b", "c", "ex", "skos", "http", "urn", "en", "none", "id", "type", "xsd", "term", "label", "ex:a", "skos:p",
     "http://example.org/a", "@type", "", "a/b"]
)  # fmt: skip
IRIS = st.sampled_from(
    [EX, EX + "a", EX + "b", SKOS, SKOS + "prefLabel", "ex:a", "skos:a", "urn:x:", "urn:x:a", "@id", "@type", "@none",
     "@graph", "@value", "@language", "@set", "@list", "a", "b", XSD, "https://w3id.org/kgexport/ns#", "@nest"]
)  # fmt: skip
CONTAINERS = st.sampled_from(
    [None, "@set", "@list", "@language", "@index", "@id", "@type", "@graph", ["@set"], ["@language", "@set"],
     ["@graph", "@id"], ["@index", "@set"], ["@graph", "@set"]]
)  # fmt: skip
PLAIN = {
    "@type": st.sampled_from(["@id", "@vocab", "@json", "@none", XSD + "integer", XSD + "string", "xsd:date", "ex:a"]),
    "@container": CONTAINERS,
    "@language": st.sampled_from([None, "en", "EN-gb", "de-1996"]),
    "@direction": st.sampled_from([None, "ltr", "rtl"]),
    "@protected": st.booleans(),
    "@prefix": st.booleans(),
    "@index": st.sampled_from(["ex:a", EX + "a"]),
    "@nest": st.just("@nest"),
    "@context": st.sampled_from([None, {}, {"a": EX + "other"}, {"@vocab": EX}, {"@language": "fr"}]),
}
TERMS = st.one_of(
    IRIS,
    st.none(),
    st.fixed_dictionaries({}, optional={"@id": IRIS, **PLAIN}),
    st.fixed_dictionaries({"@id": IRIS}, optional={"@type": PLAIN["@type"], "@container": CONTAINERS}),
    st.fixed_dictionaries({"@reverse": IRIS}, optional={"@container": CONTAINERS}),
)
MAPS = st.builds(
    lambda keywords, names: {**keywords, **names},
    st.fixed_dictionaries(
        {},
        optional={
            "@vocab": st.sampled_from([EX, SKOS, "", "urn:x:", "a", None, "http://example.org/vocab/"]),
            "@base": st.sampled_from([EX, "http://other.example/x/y", "rel", None]),
            "@language": st.sampled_from(["en", "de-1996", None]),
            "@direction": st.sampled_from(["ltr", None]),
            "@version": st.just(1.1),
            "@protected": st.booleans(),
            "@propagate": st.sampled_from([True, True, True, False]),
        },
    ),
    st.dictionaries(NAMES, TERMS, max_size=6),
)
ANY_CONTEXT = st.one_of(MAPS, st.lists(MAPS, max_size=2), st.none())


@settings(max_examples=400, deadline=None)
@given(rows=st.lists(quads, max_size=6), context=ANY_CONTEXT, form=st.sampled_from(["compact", "framed"]))
def test_by_any_context_the_data_come_back_or_it_is_refused(rows: list[Statement], context: Any, form: str) -> None:
    dataset = Dataset(rows)
    try:
        data = written(dataset, jsonld_form=form, context=json.dumps({"@context": context}))
    except UsageError as refusal:
        event(str(refusal)[:40])
        return
    event("written")
    assert by_us(data) == dataset
    assert by_us(data, Options(mode="json-ld-1.1", direction="i18n-datatype")) == dataset


#: Terms of a context that take values of every kind, and values that nearly fit.
FITTING = {
    "@version": 1.1, "@vocab": EX, "@language": "en",
    "ex": EX, "xsd": XSD, "id": "@id", "type": "@type",
    "link": {"@id": "ex:p", "@type": "@id"}, "word": {"@id": "ex:p", "@type": "@vocab"},
    "number": {"@id": "ex:p", "@type": "xsd:integer", "@container": "@set"},
    "texts": {"@id": "ex:p", "@container": ["@language", "@set"]}, "none": {"@id": "ex:p", "@language": None},
    "german": {"@id": "ex:p", "@language": "de-1996"}, "list": {"@id": "ex:p", "@container": "@list"},
    "index": {"@id": "ex:p", "@container": "@index"}, "back": {"@reverse": "ex:p"},
    "json": {"@id": "ex:q", "@type": "@json"}, "graph": {"@id": "ex:q", "@container": "@graph"},
    "scoped": {"@id": "ex:q", "@context": {"@vocab": "urn:x:"}}, "Kind": {"@id": "ex:C", "@context": {"p": "urn:x:"}},
}  # fmt: skip
VALUES = st.sampled_from(
    [iri(EX + "a"), iri(EX + "C"), "_:b0", literal("x"), literal("x", "en"), literal("x", "EN"),
     literal("x", "de-1996"),
     literal("x", "x-private"), literal("1", datatype=XSD + "integer"), literal("1", datatype=XSD + "int"),
     literal("[1, 2]", datatype="http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"), literal("true", datatype=EX + "d")]
)  # fmt: skip
FITTED = st.lists(
    st.builds(
        Statement,
        st.sampled_from([iri(EX + "s"), "_:b0", iri(EX + "s#1"), iri(EX + "s#2")]),
        st.sampled_from([iri(EX + "p"), iri(EX + "q"), iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")]),
        VALUES,
        st.sampled_from(["", iri(EX + "g")]),
    ),
    max_size=8,
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=200, deadline=None)
@given(rows=FITTED, drop=st.sets(st.sampled_from(sorted(FITTING))))
def test_a_term_takes_a_value_only_where_it_says_what_the_value_is(
    form: str, rows: list[Statement], drop: set[str]
) -> None:
    context = {name: value for name, value in FITTING.items() if name not in drop}
    if not {"ex", "xsd", "@vocab"} <= context.keys():
        context = {**FITTING, "@language": context.get("@language")}
    dataset = Dataset(rows)
    data = written(dataset, jsonld_form=form, context=json.dumps({"@context": context}))
    assert by_us(data) == dataset
    assert by_pyoxigraph(data) == dataset


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=200, deadline=None)
@given(rows=st.lists(quads, max_size=12))
def test_every_form_reads_back_the_same(form: str, rows: list[Statement]) -> None:
    dataset = Dataset(rows)
    data = written(dataset, jsonld_form=form)
    assert by_pyoxigraph(data) == dataset
    assert by_us(data) == dataset
    assert by_us(data, Options(direction="i18n-datatype")) == dataset


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own parser uses what it deprecates
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ground, max_size=6))
def test_rdflib_reads_every_form_the_same(form: str, rows: list[Statement]) -> None:
    dataset = Dataset(rows)
    assert by_rdflib(written(dataset, jsonld_form=form)) == dataset


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=50, deadline=None)
@given(rows=st.lists(ground, max_size=12), chance=st.randoms())
def test_the_order_of_statements_changes_no_byte(form: str, rows: list[Statement], chance: Any) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert written(Dataset(rows), jsonld_form=form) == written(Dataset(shuffled), jsonld_form=form)


# -- the forms ------------------------------------------------------------------------------------


def test_framed_holds_what_belongs_to_a_concept_inside_it() -> None:
    glossary = kg.load()
    framed = json.loads(written(glossary, jsonld_form="framed"))
    nodes = {node["id"]: node for node in framed["@graph"]}
    model = nodes["term:foundation-model"]
    questions = [node for node in model["question"] if isinstance(node, dict)]
    assert questions and all("questionText" in node for node in questions)
    assert not [name for name in nodes if name.startswith("term:foundation-model#")]
    assert by_pyoxigraph(written(glossary, jsonld_form="framed")) == glossary


def test_framed_keeps_rings_and_what_nobody_mentions() -> None:
    concept, rdf_type = iri(SKOS + "Concept"), iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    own, next_ = iri(EX + "p"), iri(EX + "next")
    parts = [iri(f"{EX}c#{number}") for number in range(40)]
    rows = [(iri(EX + "c"), rdf_type, concept, ""), (iri(EX + "c"), own, parts[0], "")]
    rows += [(part, next_, parts[(number + 1) % 30], "") for number, part in enumerate(parts)]
    dataset = Dataset(Statement(*row) for row in rows)
    data = written(dataset, jsonld_form="framed")
    assert by_pyoxigraph(data) == by_us(data) == dataset
    assert data.count(b'"http://example.org/c#0"') == 2, "once as a node, once where the ring closes"


def test_expanded_has_no_context_and_no_short_names() -> None:
    expanded = json.loads(written(kg.load(), jsonld_form="expanded"))
    assert isinstance(expanded, list)
    names = {name for node in expanded for name in node}
    assert all(name.startswith(("@", "http")) for name in names)
    assert all(isinstance(node[name], list) for node in expanded for name in node if name != "@id")


def test_a_context_of_the_user_gives_its_words() -> None:
    context = {"@vocab": SKOS, "uri": "@id", "label": {"@id": "prefLabel", "@language": "en"}, "s": EX}
    dataset = Dataset([Statement(iri(EX + "a"), iri(SKOS + "prefLabel"), literal("x", "en")),
                       Statement(iri(EX + "a"), iri(SKOS + "note"), literal("y"))])  # fmt: skip
    found = json.loads(written(dataset, context=json.dumps({"@context": context})))
    assert found["@context"] == context
    assert found["@graph"] == [{"uri": "s:a", "label": "x", "note": "y"}]


def test_our_context_by_its_url_is_known_to_the_reader() -> None:
    from kg.vocab import CONTEXTS

    glossary = kg.load()
    data = written(glossary, context_url=next(iter(CONTEXTS)))
    assert by_us(data) == glossary


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ("[]", "without @context"),
        ("{", "not JSON"),
        ('{"@context": "http://example.org/c"}', "loading remote context failed: http://example.org/c"),
        ('{"@context": {"a": "b"}}', "invalid IRI mapping"),
        ('{"@context": {"@propagate": false}}', "@propagate"),
        ('{"@context": {"http": "urn:x:", "http://example.org/a": "urn:y"}}', "http://example.org/a"),
    ],
)
def test_a_context_that_would_change_the_data_is_refused(context: str, told: str) -> None:
    dataset = Dataset([Statement(iri(EX + "a"), iri(EX + "a"), literal("x"))])
    with pytest.raises(UsageError, match=told):
        written(dataset, context=context)


def test_a_form_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownName, match="did you mean 'framed'"):
        written(Dataset(), jsonld_form="frame")


def test_a_scheme_of_the_data_is_no_prefix() -> None:
    dataset = Dataset([Statement(iri("skos:a"), iri(SKOS + "prefLabel"), literal("x", "en")),
                       Statement(iri("skos:a"), iri(SKOS + "notation"), literal("1"))])  # fmt: skip
    data = written(dataset)
    assert by_pyoxigraph(data) == dataset
    assert b'"prefLabel": {"en": "x"}' in data


def test_the_command_writes_each_form_and_takes_a_context(tmp_path: Path) -> None:
    context = tmp_path / "context.jsonld"
    context.write_text(json.dumps({"@context": {"@vocab": SKOS, "uri": "@id"}}))

    def run(*arguments: str) -> bytes:
        done = CliRunner().invoke(kgexport, ["--format", "jsonld", *arguments])
        assert done.exit_code == 0, done.stderr
        return done.stdout_bytes

    glossary = kg.load()
    assert json.loads(run("--jsonld-context", str(context)))["@context"] == {"@vocab": SKOS, "uri": "@id"}
    for form in FORMS:
        assert run("--jsonld-form", form).decode() == kg.export(glossary, "jsonld", jsonld_form=form)
    missing = CliRunner().invoke(kgexport, ["--format", "jsonld", "--jsonld-context", str(tmp_path / "no")])
    assert missing.exit_code == 3 and "no such file" in missing.stderr


@pytest.mark.parametrize("term", ['"x"@en--ltr', "<<( <urn:a> <urn:b> <urn:c> )>>"])
@pytest.mark.parametrize("form", FORMS)
def test_what_only_rdf_1_2_has_is_refused_before_the_first_byte(form: str, term: str) -> None:
    dataset = Dataset([Statement(iri(EX + "a"), iri(EX + "p"), term)])  # type: ignore[arg-type]
    with pytest.raises(Unwritable, match=r"needs RDF 1\.2"):
        write(dataset, WriteOptions(jsonld_form=form))
