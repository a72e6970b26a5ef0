"""A user's own shapes: what their findings are called, say and point at, and which shapes are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kg
from kg import pipeline
from kg.check import shacl
from kg.check.place import located
from kg.check.shacl.parameters import ADVANCED, NAMES
from kg.dataset import Dataset
from kg.errors import SourceError
from kg.read.rdf import Reading, read_rdf
from kg.report import Finding, Report, Severity
from kg.vocab import PREFIXES, SH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Shapes = Callable[..., Dataset]

HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.namespaces.items())
LINES = HEAD.count("\n") + 1
DATA = ':a skos:prefLabel "warp"@en ; skos:note "1" ; skos:broader :b . :b skos:prefLabel "group"@en .'
TARGET = ":S a sh:NodeShape ; sh:targetSubjectsOf skos:note"


@pytest.fixture
def shapes(tmp_path: Path) -> Shapes:
    """Give a reader of shapes; each text is a file, whose second line is the first of the text."""

    def read(*texts: str, ending: str = ".ttl") -> Dataset:
        paths = []
        for number, text in enumerate(texts):
            path = tmp_path / f"own-{number}{ending}"
            path.write_text(f"{HEAD}@prefix : <http://o.org/s#> . @base <http://o.org/> .\n{text}\n")
            paths.append(str(path))
        return read_rdf(paths, None, Reading())

    return read


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    path = tmp_path / "data.ttl"
    path.write_text(f"{HEAD}@prefix : <http://e.org/> .\n{DATA}\n")
    return read_rdf([str(path)], None, Reading())


def found(data: Dataset, own: Dataset, engine: str = "shacl") -> list[Finding]:
    return list(located(Report(shacl.check(data, (), engine, own)), data))


# -- what is said ------------------------------------------------------------------------


@pytest.mark.parametrize("engine", shacl.ENGINES)
def test_a_finding_has_the_name_and_the_words_of_its_shape(data: Dataset, shapes: Shapes, engine: str) -> None:
    own = shapes(
        f"{TARGET} ; sh:property :Definition .\n"
        ':Definition sh:path skos:definition ; sh:minCount 1 ; sh:message "Sag es."@de, "Define\\n it."@en .'
    )
    [one] = found(data, own, engine)
    assert (one.code, one.severity, one.message) == ("shapes.Definition", Severity.VIOLATION, "Define it.")
    place = f"own-0.ttl:{LINES + 2}"
    assert one.remedy == f"“warp” has too few values of skos:definition: at least 1; the shape Definition ({place})"
    assert one.location and (one.location.line, one.focus) == (LINES + 1, "<http://e.org/a>")
    assert (one.path, one.component) == (
        "<http://www.w3.org/2004/02/skos/core#definition>",
        "MinCountConstraintComponent",
    )
    assert one.shape == "http://o.org/s#Definition"


@pytest.mark.parametrize("engine", shacl.ENGINES)
def test_a_shape_without_words_gets_ours_and_one_without_a_name_that_of_the_shape_around_it(
    data: Dataset, shapes: Shapes, engine: str
) -> None:
    [one] = found(data, shapes(f"{TARGET} ;\n sh:property [ sh:path skos:broader ;\n sh:maxCount 0 ] ."), engine)
    assert (one.code, one.message) == ("shapes.S", "“warp” has too many values of skos:broader: at most 0")
    assert one.remedy == f"see the shape S (own-0.ttl:{LINES + 2})"
    assert one.location and one.location.line == LINES + 1
    [one] = found(data, shapes("[] sh:targetSubjectsOf skos:note ; sh:pattern '^x' ."), engine)
    assert one.code == "shapes.unnamed"
    assert one.message == "“warp” does not match ^x"


SENTENCES = {
    "sh:path skos:note ; sh:datatype xsd:date": "“1” is not of the datatype xsd:date",
    "sh:path skos:note ; sh:nodeKind sh:IRI": "“1” is not of the kind sh:IRI",
    "sh:path skos:note ; sh:minInclusive 3": "“1” is less than 3",
    "sh:path skos:note ; sh:maxLength 0": "“1” is longer than 0 characters",
    "sh:path skos:note ; sh:minLength 2": "“1” is shorter than 2 characters",
    'sh:path skos:prefLabel ; sh:languageIn ("de" "fr")': "“warp” is in none of the languages de, fr",
    "sh:path skos:note ; sh:equals skos:prefLabel": "“1” is not on both sides: skos:note and skos:prefLabel "
    "should have the same values",
    "sh:path skos:note ; sh:disjoint skos:note": "“1” is also a value of skos:note",
    "sh:path skos:note ; sh:lessThan skos:note": "“1” is not less than each value of skos:note",
    'sh:path skos:note ; sh:hasValue "2"': "“warp” lacks the value 2 of skos:note",
    'sh:path skos:note ; sh:in ("2" "3")': "“1” is none of 2, 3",
    "sh:path skos:broader ; sh:class skos:Concept": "“group” is no skos:Concept",
    "sh:path skos:broader ; sh:node :N . :N sh:pattern 'x'": "“group” does not conform to N",
    "sh:path skos:broader ; sh:not [ sh:nodeKind sh:IRI ]": "“group” is what it should not be: an unnamed shape",
    "sh:path skos:broader ; sh:or ( :N [ sh:in () ] ) . :N sh:in ()": "“group” conforms to none of N, an unnamed shape",
    "sh:path skos:broader ; sh:xone ( :N :N ) . :N sh:in ()": "“group” does not conform to exactly one of N",
    "sh:path skos:broader ; sh:qualifiedValueShape [ sh:in () ] ; sh:qualifiedMinCount 1": "“warp” has too few values "
    "of skos:broader that conform: at least 1",
    "sh:path [ sh:inversePath skos:narrower ] ; sh:minCount 1": "“warp” has too few values of ^skos:narrower: "
    "at least 1",
    "sh:path ( [ sh:zeroOrMorePath skos:broader ] [ sh:alternativePath ( skos:note skos:definition ) ] ) ; "
    "sh:maxCount 0": "“warp” has too many values of (skos:broader*/(skos:note|skos:definition)): at most 0",
}


@pytest.mark.parametrize("shape", SENTENCES)
def test_our_words_for_each_component(data: Dataset, shapes: Shapes, shape: str) -> None:
    told = found(data, shapes(f":S sh:targetSubjectsOf skos:note ; {shape} ."))
    assert SENTENCES[shape] in [one.message for one in told]


def test_of_a_closed_shape_the_property_is_named(data: Dataset, shapes: Shapes) -> None:
    own = shapes(f"{TARGET} ; sh:closed true ; sh:property [ sh:path skos:note ] , [ sh:path skos:broader ] .")
    [one] = found(data, own)
    assert one.message == "“warp” has skos:prefLabel, which its shape does not allow"


@pytest.mark.parametrize("engine", shacl.ENGINES)
def test_a_constraint_in_sparql_says_what_it_found(data: Dataset, shapes: Shapes, engine: str) -> None:
    select = "SELECT $this ?value WHERE { $this <http://www.w3.org/2004/02/skos/core#broader> ?value }"
    own = shapes(
        f'{TARGET} ; sh:sparql [ a sh:SPARQLConstraint ; sh:message "below {{?value}}" ; sh:select "{select}" ] .'
    )
    [one] = found(data, own, engine)
    assert one.message.startswith("below ")
    assert (one.code, one.value) == ("shapes.S", "<http://e.org/b>")


@pytest.mark.parametrize("engine", sorted(shacl.ENGINES))
def test_several_texts_in_one_language_stand_where_they_are(shapes: Shapes, tmp_path: Path, engine: str) -> None:
    path = tmp_path / "notes.ttl"
    notes = ('"a"@en', '"x"', '"b"@de', '"y"', '"c"@de')
    path.write_text("".join(f"<urn:a> <http://www.w3.org/2004/02/skos/core#note> {note} .\n" for note in notes))
    own = shapes(":S a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property [ sh:path skos:note ; sh:uniqueLang true ] .")
    data = kg.load(path)
    [one] = found(data, own, engine)
    assert [at.line for at in (one.location, *one.also) if at] == [3, 5]


def test_a_property_shape_without_a_severity_has_that_of_the_shape_around_it(data: Dataset, shapes: Shapes) -> None:
    def grade(around: str, own: str = "") -> list[Severity]:
        text = f"{TARGET} ; sh:property :P ; sh:severity {around} . :P sh:path skos:definition ; sh:minCount 1{own} ."
        return [one.severity for one in found(data, shapes(text))]

    assert grade("sh:Warning") == [Severity.WARNING]
    assert grade("sh:Info") == [Severity.INFO]
    assert grade("sh:Warning", " ; sh:severity sh:Violation") == [Severity.VIOLATION]
    assert grade("sh:Warning . :T sh:property :P ; sh:severity sh:Info") == [Severity.VIOLATION]
    assert grade(":Bad") == [Severity.VIOLATION]


def test_two_shapes_of_one_name_have_two_codes(data: Dataset, shapes: Shapes) -> None:
    one, other = (f"<http://{host}/S> sh:targetSubjectsOf skos:note ; sh:in () ." for host in ("o.org", "p.org"))
    assert [found.code for found in found(data, shapes(one, other))] == [
        "shapes.http://o.org/S",
        "shapes.http://p.org/S",
    ]


@pytest.mark.parametrize("ending", [".rdf", ".jsonld", ".nt"])
def test_shapes_are_read_in_every_syntax(data: Dataset, shapes: Shapes, tmp_path: Path, ending: str) -> None:
    turtle = shapes(f"{TARGET} ; sh:property [ sh:path skos:note ; sh:maxCount 0 ] .")
    [expected] = found(data, turtle)
    path = tmp_path / f"own{ending}"
    format_ = {".rdf": "rdfxml", ".jsonld": "jsonld", ".nt": "ntriples"}[ending]
    path.write_text(kg.export(turtle, format_, profile="asserted"))
    [one] = found(data, read_rdf([str(path)], None, Reading()))
    assert (one.code, one.message, one.focus) == (expected.code, expected.message, expected.focus)
    assert "own" + ending in one.remedy


def test_own_shapes_see_what_was_read_and_ours_what_follows_from_it(shapes: Shapes, data: Dataset) -> None:
    own = shapes(":S sh:targetSubjectsOf skos:narrower ; sh:in () .")
    report = pipeline.check(data, ["skos"], shapes=own)
    assert not [one for one in report if one.code.startswith("shapes.")]


# -- what is refused ----------------------------------------------------------------------

FETCHED = "SERVICE <http://x/> { ?a ?b ?c }"
DECLARED = "sh:prefixes [ sh:declare [ sh:prefix"
REFUSED = {
    "sh:js [ sh:jsFunctionName 'f' ]": "sh:js is not supported",
    "sh:sparql [ sh:select 'SELECT $this { SERVICE <http://x/> { ?a ?b ?c } }' ]": "SERVICE in a SPARQL constraint",
    "sh:sparql [ sh:select 'SELECT $this from<http://x/> { ?a ?b ?c }' ]": "FROM in a SPARQL constraint",
    rf"sh:sparql [ sh:select 'SELECT $this {{ \\u0053{FETCHED[1:]} }}' ]": "SERVICE in a SPARQL constraint",
    f"sh:sparql [ {DECLARED} 'a' ; sh:namespace 'http://x/> SELECT * {{ {FETCHED} }} #' ] ] ]": (
        "sh:namespace is to be the text of an IRI, and not"
    ),
    f"sh:sparql [ {DECLARED} 'a: <http://x/> SELECT * {{ {FETCHED} }} #' ] ] ]": (
        "sh:prefix is to be a prefix of SPARQL, and not"
    ),
    "sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l": "the list of sh:in runs in a circle",
    "sh:in _:l . _:l rdf:first 1": "sh:in has no list, or one that is broken",
    "sh:in _:l . _:l rdf:first 1, 2 ; rdf:rest ()": "sh:in has no list, or one that is broken",
    "sh:or :T": "sh:or has no list",
    "sh:property [ sh:path _:p ] . _:p sh:inversePath _:p": "the path of sh:path runs in a circle",
    "sh:property [ sh:path 'p' ]": 'a path is an IRI or a blank node, and not "p"',
    "sh:property [ sh:path [] ]": "sh:path leads to no path",
    "sh:property [ sh:path ( skos:note ) ]": "a list of two or more",
    "sh:property [ sh:path skos:note, skos:broader ]": "has more than one sh:path",
    "sh:property :P . :P sh:minCount 1": "the property shape <http://o.org/s#P> has no sh:path",
    "sh:property [ sh:path skos:note ; sh:minCount 'one' ]": "sh:minCount is to be a number of the type xsd:integer, "
    'and not "one"',
    "sh:property [ sh:path skos:note ; sh:minCount 1, 2 ]": "has sh:minCount more than once",
    "sh:datatype 'date'": "sh:datatype is to be an IRI",
    "sh:nodeKind sh:Iri": "sh:nodeKind is to be sh:IRI, sh:Literal",
    "sh:pattern '('": "is no regular expression",
    "sh:closed 'yes'": "sh:closed is to be true or false",
    "sh:node :S": "the shape <http://o.org/s#S> is a part of itself",
    "sh:property [ sh:path skos:note ; sh:or ( [ sh:node :S ] ) ]": "the shape <http://o.org/s#S> is a part of itself",
}


@pytest.mark.parametrize("shape", REFUSED)
def test_shapes_that_cannot_be_run_are_refused_with_their_place(data: Dataset, shapes: Shapes, shape: str) -> None:
    own = shapes(f"# a comment\n{TARGET} ;\n {shape} .")
    with pytest.raises(SourceError) as refusal:
        found(data, own)
    assert refusal.value.path.endswith("own-0.ttl")
    assert refusal.value.line == LINES + 3
    assert REFUSED[shape] in refusal.value.reason


def test_words_that_are_no_keywords_are_let_pass(data: Dataset, shapes: Shapes) -> None:
    select = "SELECT $this { $this ?from ?o . # FROM here\n ?o <http://x/SERVICE> 'SERVICE' . ?o :from ?service }"
    own = shapes(
        f'{TARGET} ; sh:sparql [ sh:prefixes <http://o.org/s> ; sh:select """{select}""" ] .\n'
        '<http://o.org/s> sh:declare [ sh:prefix "" ; sh:namespace "http://o.org/s#"^^xsd:anyURI ] .'
    )
    assert found(data, own) == []


def test_a_path_that_doubles_with_each_level_is_refused(data: Dataset, shapes: Shapes) -> None:
    levels = " ".join(f"_:n{level} sh:alternativePath ( _:n{level + 1} _:n{level + 1} ) ." for level in range(28))
    own = f"{TARGET} ; sh:property [ sh:path _:n0 ; sh:minCount 1 ] . {levels} _:n28 sh:inversePath :p ."
    with pytest.raises(SourceError, match="more than 1,000 parts when it is written out"):
        found(data, shapes(own))


def test_several_faults_are_counted(data: Dataset, shapes: Shapes) -> None:
    with pytest.raises(SourceError, match=r"sh:datatype is to be an IRI.* \(and 1 more such faults\)"):
        found(data, shapes(f"{TARGET} ; sh:datatype 1 ;\n sh:class 'x' ."))


def test_the_engine_has_the_last_word(data: Dataset, shapes: Shapes) -> None:
    own = shapes(f"{TARGET} ; sh:sparql [ sh:select 'SELECT $this WHERE {{' ] .")
    for engine in shacl.ENGINES:
        with pytest.raises(SourceError, match="refuses the shapes"):
            found(data, own, engine)


# -- what is told ---------------------------------------------------------------------------

TOLD = {
    "sh:maxCount 2 . <http://o.org/> owl:imports <http://o.org/more>": (
        "shacl.import-ignored",
        "owl:imports <http://o.org/more>: nothing is fetched",
    ),
    "sh:rule [ a sh:TripleRule ]": ("shacl.not-run", "sh:rule is of SHACL's Advanced Features, and is not run"),
    "sh:target [ a sh:SPARQLTarget ]": ("shacl.not-run", "sh:target is of SHACL's Advanced Features, and is not run"),
    "sh:mincount 2": ("shacl.term-unknown", "sh:mincount is no term of SHACL (sh:minCount?): it checks nothing"),
    "sh:node :Nowhere": ("shacl.shape-missing", "<http://o.org/s#Nowhere> is named as a shape and says nothing"),
}


@pytest.mark.parametrize("shape", TOLD)
def test_what_is_not_run_is_told(data: Dataset, shapes: Shapes, shape: str) -> None:
    code, message = TOLD[shape]
    [one] = found(data, shapes(f"{TARGET} ;\n {shape} ."))
    assert (one.code, one.severity) == (code, Severity.WARNING)
    assert one.message.startswith(message)
    assert one.location and one.location.line == LINES + 2


def test_shapes_that_check_nothing_are_a_violation(data: Dataset, shapes: Shapes) -> None:
    [one] = found(data, shapes(":S a sh:NodeShape ; sh:nodeKind sh:IRI ."))
    assert (one.code, one.severity) == ("shacl.nothing-checked", Severity.VIOLATION)
    assert found(data, shapes(":C a sh:NodeShape, rdfs:Class ; sh:nodeKind sh:IRI .")) == []


def test_no_term_is_known_twice() -> None:
    assert not {term[len(SH.base) + 1 : -1] for term in ADVANCED} & NAMES
