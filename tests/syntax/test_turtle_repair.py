"""What a lenient reading repairs in the Turtle family, what it leaves out, and what it must not touch."""

from __future__ import annotations

import random
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from time import process_time

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))
from strategies import quads, statements

from kg import formats
from kg.dataset import Dataset
from kg.errors import SourceError
from kg.formats import WriteOptions
from kg.report import Report
from kg.statement import Statement
from kg.syntax import mend
from kg.syntax.turtle_repair import repaired

TURTLE, TRIG = pyoxigraph.RdfFormat.TURTLE, pyoxigraph.RdfFormat.TRIG
HEAD = "@prefix : <http://e.org/> .\n"


def parsed(text: bytes, syntax: pyoxigraph.RdfFormat = TRIG) -> list[str]:
    return [str(quad) for quad in pyoxigraph.parse(text, syntax, base_iri="http://b/")]


def repair(text: str) -> tuple[list[str], list[str]]:
    """Return the statements of a repaired text as a strict parser reads them, and the findings."""
    report = Report()
    made = parsed(repaired(text.encode(), "a.trig", report))
    return made, [str(finding) for finding in report]


@pytest.mark.parametrize(
    ("body", "value", "finding"),
    [
        (":a :p 'x'@es-a .", '"x"@es-x-a', "a.trig:2:10: warning rdf.turtle-language: no language tag: 'es-a'; read"),
        (":a :p 'x'@en_US .", '"x"@en-us', "no language tag: 'en_US'; read as en-US"),
        (":a :p 'x'@abcdefghijk .", '"x"@x-abcdefgh-ijk', "read as x-abcdefgh-ijk"),
        (":a :p 'x'@ .", '"x"@und', "no language tag: ''; read as und"),
        (":a :p <http://e.org/a b> .", "<http://e.org/a%20b>", "a.trig:2:7: warning rdf.turtle-iri"),
        (":a :p <http://e.org/x\\u003E\\u0020> .", "<http://e.org/x%3E%20>", "read as http://e.org/x%3E%20"),
        (":a :p <http://e.org/%zz> .", "<http://e.org/%25zz>", "rdf.turtle-iri"),
        (":a :p 'c:\\dir' .", '"c:\\\\dir"', "a.trig:2:10: warning rdf.turtle-escape: no escape: \\d; read as \\\\d"),
        (":a :p 'a\\uD800' .", '"a\\\\uD800"', "rdf.turtle-escape"),
        (":a :p '\\uD83D\\uDE00' .", '"\U0001f600"', "read as \\U0001F600"),
        (":a :p 1 , .", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', "a comma with nothing after it"),
        (":a :p :b", "<http://e.org/b>", "a statement without a dot; read as one with it"),
        ("GRAPH :g { :a :p :b", "<http://e.org/b> <http://e.org/g>", "a graph without its }"),
        ("@PREFIX x: <urn:x:>\n:a :p x:b .", "<urn:x:b>", "@PREFIX without a dot; read as one with it"),
        ("PREFIX x: <urn:x:> .\n:a :p x:b .", "<urn:x:b>", "PREFIX with a dot; read as none"),
    ],
)  # fmt: skip
def test_a_fault_is_mended_and_said_with_its_place(body: str, value: str, finding: str) -> None:
    made, findings = repair(HEAD + body)
    assert made == [f"<http://e.org/a> <http://e.org/p> {value}"]
    assert any(finding in said for said in findings)


@pytest.mark.parametrize(
    ("body", "kept", "place", "lost"),
    [
        (":a :p no:x , :b ; :q 'q' .", 2, "2:7", 1),
        (":a no:p :x , :y ; :q 'q' .", 1, "2:4", 2),
        ("no:a :p :x ; :q :y . :b :p :c .", 1, "2:1", 2),
        (":a :p [ :q no:x ; :r 1 ] , :b .", 1, "2:12", 3),
        (":a :p 'x'^^no:t , 'y' .", 1, "2:12", 1),
        (":a :p <http://h:port/> , :b .", 1, "2:7", 1),
        (":a :p 'never closed ;\n :q :r .\n:b :p :c .", 1, "2:7", 2),
        (":a 'x' :b . :b :p :c .", 1, "2:4", 1),
        (":a :p :b .\n:b :p << :a :p :b >> .", 1, "3:7", 1),
        ("no:g { :a :p 1 , 2 . :b :p 1 } :b :p :c .", 1, "2:1", 3),
    ],
)
def test_what_cannot_be_mended_is_left_out_and_counted(body: str, kept: int, place: str, lost: int) -> None:
    made, findings = repair(HEAD + body)
    assert len(made) == kept
    assert len(findings) == 1
    assert findings[0].startswith(f"a.trig:{place}: warning rdf.turtle-statement: left out")
    assert f"(statements lost: {lost})" in findings[0]


def test_two_tags_of_one_text_stay_two() -> None:
    made, _ = repair(HEAD + ":a :p 'x'@es , 'x'@es-a , 'x'@es-b , 'x'@es_a_b .")
    assert len(set(made)) == 4


def test_a_predicate_at_the_margin_is_no_new_statement() -> None:
    text = (HEAD + ":a :p 1 ;\n:q 2 ;\n<urn:r> 3 .\n:b :p 4 .").encode()
    report = Report()
    assert repaired(text, "a.ttl", report) == text
    assert not len(report)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"PREFIX : <urn:x>\nSELECT * WHERE { ?s ?p ?o }", "a.ttl:2: a SPARQL request"),
        (b"<?xml version='1.0'?><rdf:RDF/>", "a.ttl:1: no statement can be read"),
        (b"Dear reader,\nthis is prose.", "a.ttl:1: no statement can be read"),
        (b"<urn:a> <urn:b> 'caf\xe9' .", "a.ttl:1: not UTF-8"),
        (b"\xff\xfe<\0u\0", "a.ttl:1: UTF-16"),
        (b"<urn:a> <urn:b> 'a\0b' .", "a.ttl:1: a NUL"),
    ],
)
def test_what_is_no_turtle_is_refused_with_its_line(text: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        repaired(text, "a.ttl", Report())
    assert str(caught.value).startswith(message)


def test_findings_without_end_are_counted() -> None:
    report = Report()
    repaired((HEAD + ":a :p " + " , ".join(f"'{n}'@e_" for n in range(1500)) + " .").encode(), "a.ttl", report)
    counts = Counter(report.codes())
    assert counts == {"rdf.turtle-language": 1000, "rdf.turtle-more": 1}
    assert any("500 more of rdf.turtle-language" in str(finding) for finding in report)


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
@settings(max_examples=50, deadline=None)
@given(rows=st.lists(quads, max_size=8))
def test_sound_text_is_left_as_it_is(name: str, rows: list[Statement]) -> None:
    text = b"".join(formats.for_name(name).write(Dataset(rows), WriteOptions()))
    report = Report()
    assert repaired(text, "a", report) is text
    assert not len(report)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(statements, min_size=1, max_size=8), bad=st.lists(st.integers(0, 7), max_size=4))
def test_statements_in_are_statements_out_and_reported(rows: list[Statement], bad: list[int]) -> None:
    unique = list(dict.fromkeys(rows))
    spoilt = {number for number in bad if number < len(unique)}
    lines = [f"{row.nquad[:-2]} , no:x ." if number in spoilt else row.nquad for number, row in enumerate(unique)]
    report = Report()
    made = parsed(repaired("\n".join(lines).encode(), "a.ttl", report), TURTLE)
    assert len(made) == len(unique)
    assert len(report) == len(spoilt)
    assert {finding.location.line - 1 for finding in report if finding.location} == spoilt  # type: ignore[operator]


SOUND = """@prefix ex: <http://e.org/> .
@prefix : <http://d.org/#> .
PREFIX sk: <http://sk/>
@base <http://b/x/> .
ex:a a sk:Concept ; sk:label "one"@en , "two"@de-AT , 'th\\u00e9'@fr ; ex:n 1 , 2.5 , 1e3 , true .
<rel> ex:list ( 1 "two" [ ex:p :x ; ] ) , () .
[ ex:p "x" ; ex:q [ ] ] .
# comment . "
_:b1 ex:see <http://x/y> , _:b2.c ; ; .
:s :p \"\"\"long
"text" 'x'
\"\"\"^^ex:t ; :q ex:a%20b , ex:a\\,b .
GRAPH ex:g { :a :b :c . [] :d "e" } { :f :g :h }
:last a :End .
"""
PIECES = [
    *'<>"{}[]();,\\#\n\ré`=?*',
    *('"""', "@en_US", "@x", "\\u12", "\\ud800", " . ", ". ", "\n:", "und:x", "<a b>", "<http://h:x/>", "@prefix"),
    *("PREFIX", "<<", "^^", "GRAPH ", "a ", "true", "-1.", "_:", "%zz"),
]


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(), faults=st.integers(1, 6))
def test_whatever_is_spoilt_a_strict_parser_reads_the_rest(seed: int, faults: int) -> None:
    chance = random.Random(seed)
    text = SOUND
    for _ in range(faults):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice([*PIECES, ""]) + text[at + chance.choice([0, 0, 1, 2, 5, 20]) :]
    report = Report()
    try:
        made = repaired(text.encode(), "a.trig", report)
    except SourceError:
        return
    parsed(made)
    if made != text.encode():
        assert len(report)
        if "<<" not in text:
            with pytest.raises(SyntaxError):
                parsed(text.encode())


@given(tag=st.text(st.sampled_from("abAB19-_xé"), max_size=14))
def test_a_mended_tag_is_one(tag: str) -> None:
    made = mend.tag(tag)
    assert pyoxigraph.Literal("x", language=made)
    try:
        pyoxigraph.Literal("x", language=tag)
    except ValueError:
        assert made != tag
    else:
        assert made == tag


@given(
    rest=st.text(st.sampled_from('az:/?#[]@%4 "<>{}|\\^`é\u200b\ufeff\ue000\ufff0\U000e0001\U0001fffe\x7f'), max_size=6)
)
def test_a_mended_iri_is_one(rest: str) -> None:
    made = mend.iri(f"http://e.org/{rest}")
    assert pyoxigraph.NamedNode(made)
    assert mend.iri(made) == made


# -- real files ---------------------------------------------------------------


def test_the_chart_has_201_bad_tags(shared: Path) -> None:
    data = (shared / "data" / "voc-ics-chart" / "chart.ttl").read_bytes()
    report = Report()
    made = parsed(repaired(data, "chart.ttl", report), TURTLE)
    assert len(set(made)) == 12998
    assert Counter(report.codes()) == {"rdf.turtle-language": 201}
    assert data.count(b"@es-a") == 201


def test_a_missing_prefix_costs_what_uses_it(shared: Path) -> None:
    report = Report()
    data = (shared / "data" / "voc-ics-chart" / "supermodel" / "models" / "gts.ttl").read_bytes()
    assert len(parsed(repaired(data, "gts.ttl", report), TURTLE)) == 754
    (finding,) = report
    assert str(finding).startswith("gts.ttl:54:1: warning rdf.turtle-statement: left out")
    assert "(statements lost: 1): the prefix : is not declared" in str(finding)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("voc-airo/high-risk-shacl/shapes.ttl", 6),
        ("voc-ics-chart/queries/get-labels-timescale-longform-en.ttl", 4),
        ("voc-ics-chart/queries/get-labels-stratigraphic-shortform-en.ttl", 4),
        ("broken-vocexcel/tests/data/eg-invalid2.ttl", 2),
    ],
)
def test_files_of_which_nothing_can_be_read_are_refused(shared: Path, name: str, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        repaired((shared / "data" / name).read_bytes(), name, Report())
    assert (caught.value.path, caught.value.line) == (name, line)


HOSTILE = {
    "ttl-bad-iris.ttl": {"rdf.turtle-iri": 5},
    "ttl-bad-lang.ttl": {"rdf.turtle-language": 1},
    "ttl-lang-case.ttl": {"rdf.turtle-language": 1},
    "ttl-percent.ttl": {"rdf.turtle-iri": 2},
    "ttl-surrogate-escape.ttl": {"rdf.turtle-escape": 1},
    "ttl-truncated.ttl": {"rdf.turtle-statement": 1},
}
REFUSED = {f"ttl-{name}.ttl" for name in ("iri-escape-gt", "latin1", "nul", "overlong", "surrogate-raw", "utf16")}


def test_hostile_turtle_is_repaired_with_findings_refused_or_left_alone(shared: Path) -> None:
    for path in sorted((shared / "hostile").glob("ttl-*.ttl")):
        report = Report()
        if path.name in REFUSED:
            with pytest.raises(SourceError):
                repaired(path.read_bytes(), path.name, report)
            continue
        data = path.read_bytes()
        made = repaired(data, path.name, report)
        assert Counter(report.codes()) == HOSTILE.get(path.name, {}), path.name
        assert (made != data) is (path.name in HOSTILE or path.name == "ttl-bom.ttl")
        parsed(made, TURTLE)


def seconds(text: bytes) -> float:
    start = process_time()
    with suppress(SourceError):
        repaired(text, "a.ttl", Report())
    return process_time() - start


@pytest.mark.parametrize("piece", [*".\"'<[(\\{}", ":a\n", ":a :b 'x\n", "@prefix ", "_:", "'''", "a. "])
def test_time_grows_with_the_length_whatever_the_text(piece: str) -> None:
    short, long = (min(seconds((HEAD + piece * times).encode()) for _ in range(2)) for times in (2000, 20000))
    assert long < 40 * max(short, 0.004)  # ten times the text; a quadratic search would take a hundred times as long


def test_a_graph_that_ends_in_a_comment_is_closed_behind_it() -> None:
    made, _ = repair(HEAD + "GRAPH :g { :a :p :b . # the end")
    assert len(made) == 1
