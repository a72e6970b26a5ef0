"""The two SHACL engines on mutants of real vocabularies: every result the same, as multisets.

A suite that both pass hides what they do with real data. A longer campaign, with other
seeds: `python benchmarks/engines.py --campaign MUTANTS`.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
from mutants import Mutants, vocabularies
from shape_cases import CASES

from kg.check.graph import Checked
from kg.check.lexical import FORMS
from kg.check.shacl import ENGINES, PROFILES, Shapes, columns, feed, validate
from kg.check.shacl.feed import Feed
from kg.check.shacl.typing import ill_typed
from kg.dataset import Dataset
from kg.statement import DATA, Statement
from kg.terms import lexical, literal
from kg.vocab import EVIDENCE, KG_SHAPES, RDF, RDFS, SH, SKOS, XSD

SEED = 20261124
#: Two mutants for each packaged shape, and some more; they are checked in graphs of so many.
MUTANTS, AT_ONCE = 2 * len(CASES) + 40, 70

#: Where the engines differ: pySHACL orders values of all types, and SHACL those that SPARQL can compare.
COMPARING = {
    f"{name}ConstraintComponent"
    for name in ("MinExclusive", "MinInclusive", "MaxExclusive", "MaxInclusive", "LessThan", "LessThanOrEquals")
}
#: Properties whose values the shapes of all components compare.
COMPARED = ("created", "modified", "Label", "note", "definition", "notation")
#: Faults that make the components fire which real data rarely do.
LABELS = ("skos.s13", "skos.s14")
#: The components of SHACL Core that fire on the mutants, and a SPARQL constraint.
FIRING = """And Class Closed Datatype Disjoint Equals HasValue In LanguageIn LessThan LessThanOrEquals MaxCount
    MaxExclusive MaxInclusive MaxLength MinCount MinExclusive MinInclusive MinLength Node NodeKind Not Or Pattern
    QualifiedMaxCount QualifiedMinCount SPARQL UniqueLang Xone"""

#: Lexical forms of one type or another, of none, and of those that are nearly one.
FORMS_OF_ALL = """1 01 -1 +1 -0 1.0 1.10 .5 5. 1e3 1E+3 INF -INF +INF NaN true false True 0 abc 2020-02-28 2020-02-30
    2020-02-28Z 2020-02-28+01:00 2020-13-01 20200228 2020-02-28T10:00:00 2020-02-28T10:00:00Z 12021-01-01 -0044-03-15
    2020-02-28T10:00:00.5+14:00 2020-02-28T24:00:00 2020-02-28T25:00:00 2020-02-28T10:00 10:00:00 10:00 24:00:00 2021 21
    -0044 0000 12021 2021-11 2021-13 --11-23 --02-30 ---05 --11 P1Y P1DT2H PT P P1Y2M3DT4H5M6.7S -P1D 127 128 -129 300
    70000 4294967296 9223372036854775808 18446744073709551616 1234567890123-01-01 9234567890123-01-01 http://e.org/ ://
    0a 0g QUJD QUI= en-US \u0661"""
LEXICAL = (*FORMS_OF_ALL.split(), "", " 1 ", "a b", "2020-02-28 10:00:00")

COMPONENTS = Path(__file__).parent.parent / "fixtures/shapes/components.ttl"


def results(data: Dataset, shapes: Shapes, engine: str) -> Counter[tuple[object, ...]]:
    """Return focus, path, value, component, source shape and severity of each result."""
    return Counter(found[:6] for found in validate(data, shapes, engine))


@pytest.fixture(scope="module")
def read(shared: Path) -> list[Dataset]:
    return vocabularies(shared / "data")


def test_packaged_shapes(read: list[Dataset]) -> None:
    mutants, fired = Mutants(read, SEED), set[str]()
    while mutants.made < MUTANTS:
        data = mutants.graph(min(AT_ONCE, MUTANTS - mutants.made))
        shapes = Shapes.packaged(PROFILES)
        fast, reference = (results(data, shapes, engine) for engine in ("shacl", "pyshacl"))
        assert fast == reference
        fired |= {shape[len(KG_SHAPES.base) + 1 : -1] for shape, *_ in fast}
    assert MUTANTS >= 200
    assert fired == set(CASES)


def test_every_component(read: list[Dataset]) -> None:
    shapes = Shapes(dataset=Dataset())
    shapes.dataset.add_stream(pyoxigraph.parse(COMPONENTS.read_bytes(), pyoxigraph.RdfFormat.TURTLE))
    data = Dataset(row for row in Mutants(read, SEED, LABELS).graph(60) if not _is_compared_blank(row))
    fast, reference = (results(data, shapes, engine) for engine in ("shacl", "pyshacl"))
    assert reference - fast == Counter()
    assert {component for *_, component, _ in fast - reference} <= COMPARING
    assert {str(component).removesuffix("ConstraintComponent") for *_, component, _ in fast} >= set(FIRING.split())


def test_a_value_of_another_type_is_not_in_a_range() -> None:
    """Show what pySHACL passes: SHACL has a result where the comparison `does not return true` (section 4.3)."""
    shapes = Shapes(dataset=graph(":S sh:targetSubjectsOf :p ; sh:path :p ; sh:maxInclusive 100 ."))
    data = graph(':a :p 7 . :b :p "2020-01-01"^^xsd:date . :c :p 101 .')
    found = {engine: {row[1][-2:-1] for row in results(data, shapes, engine)} for engine in ("shacl", "pyshacl")}
    assert found == {"shacl": {"b", "c"}, "pyshacl": {"c"}}


def test_what_shapes_cannot_see_changes_nothing(read: list[Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    data, shapes = Mutants(read, SEED).graph(AT_ONCE), Shapes.packaged(PROFILES)
    whole = Feed(data, (DATA,), shapes).text()
    expected = results(data, shapes, "shacl")
    monkeypatch.setattr(feed, "FEW", 0)
    part = Feed(data, (DATA,), shapes).text()
    assert 0 < len(part) < len(whole) * 0.9
    assert set(part.splitlines()) < set(whole.splitlines())
    assert results(data, shapes, "shacl") == expected
    closed = Shapes(dataset=graph(":S sh:targetSubjectsOf :p ; sh:closed true ."))
    assert Feed(data, (DATA,), closed).text() == whole


#: What a shape about schemes may say of labels, and whether the labels of other nodes matter to it.
LOOKS = {
    "sh:path skos:prefLabel ; sh:minCount 9": False,
    "sh:property [ sh:path skos:prefLabel ; sh:minCount 9 ]": False,
    "sh:not [ sh:and ( [ sh:path skos:prefLabel ; sh:maxCount 9 ] ) ]": False,
    "sh:path [ sh:alternativePath ( skos:prefLabel skos:note ) ] ; sh:minCount 9": False,
    "sh:path skos:note ; sh:equals skos:prefLabel": False,
    "sh:path ( skos:prefLabel skos:note ) ; sh:minCount 1": False,
    "sh:path ( IN skos:prefLabel ) ; sh:maxCount 0": True,
    "sh:path IN ; sh:property [ sh:path skos:prefLabel ; sh:maxCount 0 ]": True,
    "sh:path ( [ sh:zeroOrOnePath IN ] skos:prefLabel ) ; sh:maxCount 0": True,
    "sh:path [ sh:oneOrMorePath [ sh:alternativePath ( IN skos:prefLabel ) ] ] ; sh:maxCount 0": True,
    "sh:path IN ; sh:node :N . :N sh:path skos:broader ; sh:node [ sh:path skos:prefLabel ; sh:maxCount 0 ]": True,
    ":p 0 . :N sh:targetSubjectsOf skos:prefLabel ; sh:path skos:note ; sh:minCount 1": True,
    ":p 0 . :N sh:targetObjectsOf skos:prefLabel ; sh:not [ sh:nodeKind sh:Literal ]": True,
    ":p 0 . skos:Concept a sh:NodeShape, rdfs:Class ; sh:property [ sh:path skos:prefLabel ; sh:maxCount 0 ]": True,
}


@pytest.mark.parametrize("words", LOOKS)
def test_labels_matter_where_a_shape_sees_them(
    words: str, read: list[Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    turtle = f":S sh:targetClass skos:ConceptScheme ; {words.replace('IN', '[ sh:inversePath skos:inScheme ]')} ."
    data, shapes = Mutants(read, SEED).graph(AT_ONCE), Shapes(dataset=graph(turtle))
    expected = results(data, shapes, "shacl")
    monkeypatch.setattr(feed, "FEW", 0)
    assert results(data, shapes, "shacl") == expected != Counter()
    given = Feed(data, (DATA,), shapes).text().count(SKOS.prefLabel)
    assert (given == len(list(data.match(None, SKOS.prefLabel)))) is LOOKS[words]


def test_types_matter_everywhere(read: list[Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ":S sh:targetClass skos:ConceptScheme ; sh:path rdf:type ; sh:maxCount 0 ."
    values = ":N sh:targetClass skos:Concept ; sh:path skos:broader ; sh:class skos:Collection ."
    data, shapes = Mutants(read, SEED).graph(AT_ONCE), Shapes(dataset=graph(f"{kinds} {values}"))
    expected = results(data, shapes, "shacl")
    monkeypatch.setattr(feed, "FEW", 0)
    assert results(data, shapes, "shacl") == expected
    assert {shape[-2] for shape, *_ in expected} == {"S", "N"}


def test_columns_find_what_an_engine_finds(read: list[Dataset]) -> None:
    mutants, fired = Mutants(read, SEED), set[str]()
    while mutants.made < MUTANTS:
        data = mutants.graph(min(AT_ONCE, MUTANTS - mutants.made))
        checked = Checked(data)
        assert columns.can_run(checked)
        expected = results(data, Shapes.packaged(PROFILES, columns.CODES.__contains__), "shacl")
        assert Counter(found[:6] for found in columns.results(checked, lambda _: True)) == expected
        fired |= {shape[len(KG_SHAPES.base) + 1 : -1] for shape, *_ in expected}
    assert fired == set(columns.SHAPES)


def test_columns_leave_evidence_and_directions_to_an_engine() -> None:
    row = Statement("<http://e.org/a>", SKOS.prefLabel, '"a"@en')
    assert columns.can_run(Checked(Dataset([row])))
    assert not columns.can_run(Checked(Dataset([row, row._replace(object='"a"@en--ltr')])))
    assert not columns.can_run(Checked(Dataset([row, row._replace(graph=EVIDENCE)])))


def test_literals_of_every_type() -> None:
    shapes, data = Dataset(), Dataset()
    for name in (*FORMS, "string", "anyURI", "hexBinary", "base64Binary", "dayTimeDuration", "yearMonthDuration"):
        path, kind = f"<http://e.org/p-{name}>", getattr(XSD, name)
        shapes.add(f"<http://e.org/S-{name}>", SH.targetObjectsOf, path)
        shapes.add(f"<http://e.org/S-{name}>", SH.datatype, kind)
        for words in LEXICAL:
            data.add("<http://e.org/a>", path, literal(words, datatype=kind[1:-1]))
    fast, reference = (results(data, Shapes(dataset=shapes), engine) for engine in ("shacl", "pyshacl"))
    assert fast == reference
    rejected = {(str(row[0])[16:-1], lexical(str(row[1]))) for row in fast}
    accepted = {(name, words) for name in FORMS for words in LEXICAL} - rejected
    assert {(name, words) for name, words in accepted if ill_typed(words, XSD.base + name)} == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_year_that_no_engine_can_count(engine: str) -> None:
    shapes = Shapes(dataset=graph(":S sh:targetSubjectsOf :p ; sh:path :p ; sh:datatype xsd:date ; sh:maxCount 1 ."))
    years = [f'"{"9" * 30}-01-01"^^{XSD.date}', f'"-{"9" * 31}-01-01"^^{XSD.date}', f'"2021-01-01"^^{XSD.date}']
    data = graph("".join(f":a :p {year} ." for year in years))
    found = validate(data, shapes, engine)
    assert sorted(row.value or "" for row in found) == ["", *sorted(years[:2])]


def _is_compared_blank(row: Statement) -> bool:
    """Tell whether pySHACL would end with an error: it compares no blank node, where SHACL has a result."""
    return row.object[0] == "_" and any(word in row.predicate for word in COMPARED)


def graph(turtle: str) -> Dataset:
    made = Dataset()
    spaces = {
        "": "http://e.org/",
        "sh": SH.base,
        "xsd": XSD.base,
        "skos": SKOS.base,
        "rdfs": RDFS.base,
        "rdf": RDF.base,
    }
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in spaces.items())
    made.add_stream(pyoxigraph.parse(f"{head}{turtle}".encode(), pyoxigraph.RdfFormat.TURTLE))
    return made
