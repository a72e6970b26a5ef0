"""Validation in the store finds what local validation finds: on real data, on faulty data, in the W3C suite."""

from __future__ import annotations

import importlib.util
import itertools
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph
import pytest
from faults import faulty

from kg.check.shacl import Shapes
from kg.dataset import Dataset
from kg.errors import StoreError
from kg.pipeline import Job, read
from kg.pipeline import check as check_locally
from kg.report import Finding, Severity
from kg.rule import PROFILES
from kg.rule.choice import Choice
from kg.store import auth
from kg.store.session import Server, connect
from kg.store.validation import Place, Questions, check, left_out, unrun, validate
from kg.store.validation.findings import RULES as IN_STORE
from kg.terms import iri, literal
from kg.vocab import PREFIXES, RDF, SH, SKOS

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("KG_SHARED") or HERE.parents[2] / "shared")
CASES = HERE.parent / "cases"
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.namespaces.items())
HEAD += "@prefix : <http://e.org/term/> .\n@base <http://e.org/> .\n"
ALL = Choice(PROFILES)
_NUMBERS = itertools.count()


def _suite():
    """Give the cases of the W3C SHACL suite, which another test reads."""
    spec = importlib.util.spec_from_file_location("w3c_shacl", HERE.parent / "suites" / "test_shacl.py")
    made = importlib.util.module_from_spec(spec)
    sys.modules["w3c_shacl"] = made
    spec.loader.exec_module(made)
    return made


W3C = _suite()


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def opened(request) -> Iterator[Server]:
    """Give a connection to each store."""
    running = request.getfixturevalue(request.param)
    who = auth.found(running.url, None, running.environ)
    with connect(running.url, running.dialect, lambda: who, 60) as server:
        yield server


@pytest.fixture
def put(opened: Server) -> Callable[[Dataset], Place]:
    """Give what puts a Dataset into a new graph of the store."""

    def load(data: Dataset) -> Place:
        graph = f"urn:validate:{next(_NUMBERS)}"
        lines = [f"{s} {p} {o} .\n".encode() for s, p, o, _ in data.match()]
        for start in range(0, len(lines), 20_000):
            opened.add(graph, lines[start : start + 20_000], "load")
        return Place(opened, (graph,))

    return load


def unnamed(term: str | None) -> str | None:
    """Return a term; blank nodes have no name that a store keeps."""
    return term and ("_:" if term[:2] == "_:" else term)


def seen(finding: Finding) -> tuple[str | None, ...]:
    """Return a finding without its places, which a store does not know."""
    ends = finding.path, unnamed(finding.focus), unnamed(finding.value)
    return (finding.code, finding.severity.value, finding.message, *ends, finding.component, finding.shape)


def equal(data: Dataset, place: Place, shapes: Dataset | None = None, choice: Choice = ALL) -> Counter[str]:
    """Compare both ways and return how many findings each code has."""
    ours = Counter(seen(found) for found in check(place, choice, shapes))
    theirs = Counter(seen(found) for found in check_locally(data, choice, shapes=shapes))
    assert sorted(map(str, (ours - theirs).elements())) == sorted(map(str, (theirs - ours).elements()))
    return Counter(one[0] for one in ours.elements())


def parsed(*texts: str) -> Dataset:
    data = Dataset()
    for text in texts:
        data.add_stream(pyoxigraph.parse((HEAD + text).encode(), pyoxigraph.RdfFormat.TURTLE))
    return Dataset(data.match())


def vocabulary(path: str) -> Dataset:
    file = SHARED / "data" / path
    if not file.exists():
        pytest.skip("the shared data are not beside the checkout")
    return Dataset(read(Job(sources=(str(file),)), evidence=False).match())


# -- every rule --------------------------------------------------------------------


def test_every_rule_that_local_validation_runs_runs_in_a_store() -> None:
    from kg.check.rules import MODULES, graph_rules

    assert {found.codes[0] for name in MODULES for found in graph_rules(name)} == set(IN_STORE)
    assert left_out(ALL) == ["quality.in-link", "quality.link-dead", "quality.link-unasked"]
    assert left_out(Choice(select=("skos", "rdf.ill-typed", "evidence"))) == [
        *("evidence.missing", "evidence.not-in-page", "evidence.unstated", "rdf.ill-typed")
    ]
    assert left_out(Choice(select=("store",))) == []


def test_what_does_not_run_in_a_store_is_a_finding() -> None:
    [one] = unrun(ALL)
    assert (one.code, one.severity) == ("store.not-run", Severity.INFO)
    assert one.message == "not run in a store: quality.in-link, quality.link-dead, quality.link-unasked"
    [one] = unrun(ALL._replace(severities={"store.not-run": Severity.WARNING}))
    assert one.severity is Severity.WARNING
    assert not list(unrun(ALL._replace(ignore=("store",)))) and not list(unrun(Choice(("skos",))))


NAMES = sorted(path.name.removesuffix(".ttl") for path in CASES.glob("*.ttl") if path.name != "base.ttl")


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_told_in_the_store_as_it_is_here(put, name: str) -> None:
    # Only the rule in question is asked: all of them are, of real data with faults, below.
    rule, _, kind = name.rpartition(".")
    data = parsed(*((CASES / file).read_text("utf-8") for file in ("base.ttl", f"{name}.ttl")))
    found = equal(data, put(data), choice=Choice(select=(rule,)))
    assert rule in found or kind == "pass"


# -- real data, as they are and with faults ----------------------------------------

REAL = (
    "voc-cgi/vocabularies/earthresourceml/DepositModel.ttl",
    "voc-dpv/2.3/ai/ai.ttl",
    "voc-mlso/ontology/Taxonomies/mlso_ml_task_types.ttl",
    "broken-vocexcel/tests/data/eg-invalid.ttl",
    "voc-cgi/vocabularies/geosciml/stratigraphicrank.ttl",
)


@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize("path", REAL)
def test_real_data_are_told_in_the_store_as_they_are_here(put, path: str, seed: int | None) -> None:
    data = vocabulary(path)
    data = data if seed is None else faulty(data, seed, 45)
    found = equal(data, put(data))
    assert len(found) > (15 if seed else 1)


def test_a_large_vocabulary_is_told_in_the_store_as_it_is_here(put) -> None:
    data = faulty(vocabulary("voc-envthes/EnvThes.ttl"), 3, 60)
    assert equal(data, put(data))["skos.s27"]


def test_what_many_have_in_common_is_told_in_the_store_as_it_is_here(put) -> None:
    kind, languages = "a skos:Concept ; skos:inScheme :s", ("de", "fr", "it")
    rows = [f':n{at} {kind} ; skos:prefLabel "xy"@en . :a{at} {kind} ; skos:altLabel "Xy"@en .' for at in range(60)]
    # The speakers of one language are not among the first of the concepts, and those of another are.
    rows += [f':z{at:03} {kind} ; skos:prefLabel "z {at}"@{languages[at < 20]}, "{at}"@en .' for at in range(450)]
    rows += [f':{name} skos:note "a"@{languages[2]} .' for name in ("a1", "a2", "z003", "z444")]
    rows += [f":{name}{at} skos:broader :n0 ." for at in range(60) for name in "an" if (name, at) != ("n", 0)]
    data = parsed(":s a skos:ConceptScheme ; skos:hasTopConcept :n0 .", *rows)
    told = equal(data, put(data))
    assert told["glossary.label-clash"] == 60
    assert (told["quality.one-sided"], told["quality.language-coverage"]) == (2, 3)


def test_shapes_of_ones_own_are_told_in_the_store_as_they_are_here(put) -> None:
    shapes = parsed("""
        :S a sh:NodeShape ; sh:targetClass skos:Concept ; sh:message "too long"@en ;
           sh:property [ sh:path skos:prefLabel ; sh:maxLength 12 ; sh:severity sh:Warning ; sh:uniqueLang true ] ;
           sh:property [ sh:path ( skos:broader skos:prefLabel ) ; sh:minCount 2 ] ;
           sh:not [ sh:path [ sh:inversePath skos:broader ] ; sh:minCount 3 ] .
    """)
    data = faulty(vocabulary("voc-dpv/2.3/ai/ai.ttl"), 4, 30)
    assert equal(data, put(data), shapes)["shapes.S"] > 100


# -- the W3C suite -----------------------------------------------------------------

#: Tests whose results differ, by store, each with the reason.
DIFFERS: dict[tuple[str, str], str] = {
    **{
        (store, test): reason
        for store in ("oxigraph", "virtuoso")
        for test, reason in (
            ("core/node/maxExclusive-001", "the store writes 4.0 as 4"),
            ("core/node/minExclusive-001", "the store writes 4.0 as 4"),
            ("core/property/property-001", "a node that two nodes lead to is told once"),
        )
    },
    ("oxigraph", "core/property/datatype-ill-formed"): "the store holds what is no byte as an integer",
    ("virtuoso", "core/complex/shacl-shacl"): "the store refuses a condition so deep: an error, not a pass",
    ("virtuoso", "core/node/datatype-001"): "the store refuses an ill-typed literal in a query: an error, not a pass",
    ("virtuoso", "core/node/datatype-002"): "the store loses the language of a literal that is a target itself",
    ("virtuoso", "core/node/languageIn-001"): "the store loses the language of a literal that is a target itself",
    ("virtuoso", "core/misc/severity-002"): "the store writes true as 1",
    ("virtuoso", "core/node/nodeKind-001"): "the store writes true as 1",
    ("virtuoso", "core/property/or-001"): "the store writes true as 1",
    ("virtuoso", "core/property/datatype-001"): "the store writes a day as a moment when it is typed as one",
}


@pytest.mark.parametrize("case", W3C.ALL, ids=lambda case: case.id)
def test_w3c_core(put, opened: Server, case) -> None:
    def blank(counted) -> Counter:
        made: Counter = Counter()
        for (shape, focus, path, value, *rest), number in counted.items():
            made[(unnamed(shape), unnamed(focus), path, unnamed(value), *rest)] += number
        return made

    place = put(W3C.graph(case.data))
    try:
        found = blank(Counter(W3C.got(one, case) for one in validate(place, Shapes(dataset=W3C.graph(case.shapes)))))
    except StoreError:
        found = None
    assert (found == blank(W3C.expected(case))) is ((opened.dialect.name, case.id) not in DIFFERS)


# -- what must not go wrong ----------------------------------------------------------

HOSTILE = "\"} } DROP ALL # \\ \n ' ?x $y {{ LIMIT 0"


def test_terms_and_labels_with_syntax_of_sparql_are_inert(put) -> None:
    odd = iri("http://e.org/a'()$?x;.*DROP%7DALL")
    data = parsed((CASES / "base.ttl").read_text("utf-8"))
    for number, text in enumerate((HOSTILE, HOSTILE + "2")):
        one = iri(f"http://e.org/'()$?x;.*DROP%7D{number}")
        data.add(one, RDF.type, SKOS.Concept)
        data.add(one, SKOS.prefLabel, literal(HOSTILE, "en"))
        data.add(one, SKOS.altLabel, literal(text))
        data.add(one, SKOS.broader, odd)
    shapes = Dataset()
    shape = iri("http://e.org/shapes#S")
    for row in ((RDF.type, SH.NodeShape), (SH.targetClass, SKOS.Concept), (SH.targetNode, odd), (SH.hasValue, odd)):
        shapes.add(shape, *row)
    part = iri("http://e.org/shapes#P")
    shapes.add(shape, SH.property, part)
    rows = ((SH.path, SKOS.altLabel), (SH.hasValue, literal(HOSTILE)), (SH.pattern, literal("[}] [}] DROP.*[{][{]")))
    for row in rows:
        shapes.add(part, *row)
    found = equal(data, put(data), shapes)
    assert found["glossary.ambiguous-label"] == 1
    assert found["shapes.S"]


class Cut:
    """A store that gives so many rows at most, and does not say so."""

    def __init__(self, store: Server, rows: int) -> None:
        self.name, self.rows_, self._store = store.name, rows, store
        self.cut = 0

    def rows(self, text: str, step: str, width: int):
        found = self._store.rows(text, step, width)
        self.cut += len(found) > self.rows_
        return found[: self.rows_]


def test_a_store_that_cuts_answers_off_is_asked_in_parts(put, opened: Server) -> None:
    data = faulty(vocabulary("voc-cgi/vocabularies/geosciml/stratigraphicrank.ttl"), 5, 30)
    whole = put(data)
    cut = Cut(opened, 120)
    place = Place(cut, whole.graphs)
    assert place.limit == 120
    choice = Choice(("skos", "quality"))
    assert Counter(map(seen, check(place, choice))) == Counter(map(seen, check(whole, choice)))
    assert cut.cut


def test_a_store_that_gives_next_to_nothing_is_an_error(put, opened: Server) -> None:
    data = vocabulary("voc-cgi/vocabularies/geosciml/stratigraphicrank.ttl")
    with pytest.raises(StoreError, match="50 rows at most"):
        check(Place(Cut(opened, 50), put(data).graphs), ALL)


def test_rows_that_cannot_be_divided_are_an_error(put, opened: Server) -> None:
    data = Dataset()
    for number in range(150):
        data.add(iri("http://e.org/one"), SKOS.related, iri(f"http://e.org/{number}"))
    place = Place(Cut(opened, 120), put(data).graphs)
    with pytest.raises(StoreError, match="more of one kind"):
        list(place.selected(f"?this {SKOS.related} ?any .", "?this ?other", f"?this {SKOS.related} ?other ."))
    rows = place.selected(f"?this {SKOS.related} ?any .", "?this ?value", f"?this {SKOS.related} ?value .")
    assert len(set(rows)) == 150


def test_an_empty_graph_is_no_pass(opened: Server) -> None:
    with pytest.raises(StoreError, match="no statement in <urn:nothing:here>"):
        check(Place(opened, ("urn:nothing:here",)), ALL)


def test_a_url_is_asked_as_it_is_given(oxigraph) -> None:
    from kg.store.protocol import Client

    with Client(oxigraph.url) as client, pytest.raises(StoreError, match="no statement in <urn:nothing:here>"):
        check(Place(Questions(client, f"{oxigraph.url}/query"), ("urn:nothing:here",)), ALL)
