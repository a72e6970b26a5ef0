"""The hub: interning, sources, order, identity, and the edges to rdflib and SPARQL."""

from __future__ import annotations

import random
import subprocess
import sys

import pyoxigraph
import pytest

from kg.dataset import Dataset
from kg.statement import DATA, Origin, Statement
from kg.terms import iri, literal

A, B, P, Q = (iri(f"http://example.org/{name}") for name in "abpq")
ONE, TWO = Origin("one.ttl"), Origin("two.ttl")
XSD = "http://www.w3.org/2001/XMLSchema#"


def parsed(turtle: str, origin: Origin | None = None) -> Dataset:
    dataset = Dataset()
    dataset.add_stream(pyoxigraph.parse(turtle.encode(), pyoxigraph.RdfFormat.TURTLE), origin)
    return dataset


def test_a_statement_is_kept_once_with_every_source() -> None:
    dataset = Dataset()
    assert dataset.add(A, P, B, origin=ONE)
    assert not dataset.add(A, P, B, origin=TWO)
    assert not dataset.add(A, P, B, origin=ONE)
    assert len(dataset) == 1
    assert dataset.origins((A, P, B)) == (ONE, TWO)


def test_the_same_triple_in_two_graphs_is_two_statements() -> None:
    dataset = Dataset([Statement(A, P, B), Statement(A, P, B, Q)])
    assert len(dataset) == 2
    assert dataset.graphs() == [DATA, Q]
    assert [len(dataset.graph(name)) for name in dataset.graphs()] == [1, 1]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [((A, None, None), 3), ((None, P, None), 3), ((None, None, B), 2), ((A, P, B), 1), ((A, Q, A), 0), ((), 4)],
)
def test_match_finds_what_has_the_given_terms(pattern: tuple[str | None, ...], count: int) -> None:
    rows = [(A, P, B), (A, P, A), (A, Q, B), (B, P, A)]
    dataset = Dataset(Statement(*row) for row in rows)
    assert len(list(dataset.match(*pattern))) == count
    dataset.add(iri("http://example.org/new"), P, literal("late"))
    assert len(list(dataset.match(None, P))) == 4, "an index must not miss what is added after it was made"


def test_lexical_forms_and_iris_stay_as_written() -> None:
    written = f'<http://e/é%41> <http://e/p> "01"^^<http://e/int>, "1.10"^^<{XSD}decimal>, "a\\tb\\u0000"@en .'
    forms = {statement.object for statement in parsed(written)}
    assert forms == {literal("01", datatype="http://e/int"), literal("1.10", datatype=XSD + "decimal"),
                     literal("a\tb\0", "en")}  # fmt: skip


def test_language_tags_get_their_canonical_case_and_compare_without_case() -> None:
    dataset = parsed('<urn:a> <urn:p> "x"@ZH-hant-tw, "y"@EN-gb .')
    assert {found.object for found in dataset} == {'"x"@zh-Hant-TW', '"y"@en-GB'}
    assert dataset == parsed('<urn:a> <urn:p> "x"@zh-HANT-TW, "y"@en-GB .')


def test_the_canonical_order_and_digest_do_not_depend_on_the_order_of_adding() -> None:
    rows = [Statement(iri(f"http://e/{n % 7}"), iri(f"http://e/p{n % 3}"), literal(str(n))) for n in range(100)]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert list(Dataset(rows).canonical()) == list(Dataset(shuffled).canonical())
    assert Dataset(rows).digest() == Dataset(shuffled).digest()
    assert Dataset(rows).digest() != Dataset(rows[1:]).digest()


def test_blank_nodes_with_other_labels_make_the_same_dataset() -> None:
    assert parsed("_:x <urn:p> [ <urn:q> 1 ] .") == parsed("_:other <urn:p> _:y . _:y <urn:q> 1 .")
    assert parsed("_:x <urn:p> _:x .") != parsed("_:x <urn:p> _:y .")


def test_named_graphs_come_through_the_stream() -> None:
    text = b'<urn:a> <urn:p> "a b > ." <urn:g> .\n<urn:a> <urn:p> "x y"@en .\n<urn:a> <urn:p> _:b <urn:g> .\n'
    dataset = Dataset()
    assert dataset.add_stream(pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_QUADS), named=True) == 3
    assert Statement(iri("urn:a"), iri("urn:p"), literal("a b > ."), iri("urn:g")) in dataset
    assert Statement(iri("urn:a"), iri("urn:p"), literal("x y", "en")) in dataset


def test_merging_keeps_the_sources() -> None:
    one, two = Dataset([Statement(A, P, B)], ONE), Dataset([Statement(A, P, B), Statement(B, P, A)], TWO)
    one.merge(two)
    assert one.origins((A, P, B)) == (ONE, TWO)
    assert one.origins((B, P, A)) == (TWO,)


def test_rdflib_and_back_is_the_same_dataset() -> None:
    dataset = parsed(f'<urn:a> <urn:p> "01"^^<{XSD}integer>, "x"@en-GB, "", "1"^^<{XSD}boolean>, _:b .')
    dataset.add(A, P, B, Q)
    assert Dataset.from_rdflib(dataset.to_rdflib()) == dataset


def test_what_is_no_rdf_does_not_come_in_from_rdflib() -> None:
    import rdflib

    graph = rdflib.Graph()
    graph.add((rdflib.Literal("subject"), rdflib.URIRef("urn:p"), rdflib.URIRef("urn:o")))
    with pytest.raises(ValueError, match="not RDF"):
        Dataset.from_rdflib(graph)


def test_a_query_gives_literals_as_they_were_written() -> None:
    dataset = parsed(f'<urn:a> <urn:p> "01"^^<{XSD}integer> ; <urn:q> "x"@en-GB .')
    assert dataset.query("SELECT ?o { ?s ?p ?o }").values() == [("01",), ("x",)]
    assert [row[0] for row in dataset.query("SELECT ?o { ?s <urn:q> ?o }")] == ['"x"@en-GB']


def test_a_query_reports_the_literals_that_the_store_merges() -> None:
    dataset = parsed(f'<urn:a> <urn:p> "01"^^<{XSD}integer>, "1"^^<{XSD}integer> .')
    result = dataset.query("SELECT ?o { ?s ?p ?o }")
    assert result.report.codes() == ["query.literal-altered"]
    assert len(dataset) == 2, "the data themselves keep both"


def test_a_computed_value_is_not_taken_for_a_written_one() -> None:
    dataset = parsed(f'<urn:a> <urn:p> "01"^^<{XSD}integer> .')
    result = dataset.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert result.values() == [("1",)]


@pytest.mark.parametrize(
    "text", ["SELECT ?s {", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "{" * 3000, "DROP ALL"]
)
def test_a_query_that_cannot_run_is_refused(text: str) -> None:
    from kg.errors import QueryError

    with pytest.raises(QueryError):
        parsed("<urn:a> <urn:p> 1 .").query(text)


def test_bindings_cannot_be_used_to_inject() -> None:
    dataset = parsed('<urn:a> <urn:p> "} DROP ALL" . <urn:b> <urn:p> "x" .')
    found = dataset.query("SELECT ?s ?o { ?s <urn:p> ?o }", {"o": literal("} DROP ALL")})
    assert found.values() == [("urn:a", "} DROP ALL")]


def test_the_order_of_statements_does_not_hang_on_the_hash_seed() -> None:
    code = "import kg; d = kg.load(); print(d.digest(), kg.export(d, 'turtle')[:9999], kg.export(d, 'dot')[:9999])"
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                       env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}).stdout
        for seed in ("0", "1", "12345")
    }  # fmt: skip
    assert len(runs) == 1
