"""Plain conversion: the same statements in the order they came, in any syntax, of any size."""

from __future__ import annotations

import gzip
import itertools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from strategies import quads, statements

from kg.cli import kg
from kg.convert import Order, convert, target
from kg.dataset import Dataset
from kg.errors import SourceError, UnknownName, Unwritable, UsageError
from kg.formats import for_name
from kg.report import Report
from kg.statement import Statement

NAMED = ["nquads", "trig", "jsonld"]
PLAIN = ["ntriples", "turtle"]
NESTED = b"""@prefix e: <http://example.org/> .
@prefix : <http://example.org/own#> .
e:a e:p [ e:q _:x ; e:r ( 1 [ e:s "two" ] ) ], _:y, :c .
[ e:p [], _:g0, _:g1x ] .
( "EN"@EN-gb 2.0 ) a :List .
<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> () .
"""


def converted(path: Path, name: str, report: Report | None = None, told: str | None = None) -> bytes:
    return b"".join(convert(Order(str(path), name, told), Report() if report is None else report))


def read(data: bytes, name: str) -> Dataset:
    dataset = Dataset()
    syntax = pyoxigraph.RdfFormat.from_media_type(for_name(name).media_type)
    dataset.add_stream(pyoxigraph.parse(data, syntax), named=True)
    return dataset


@pytest.mark.parametrize("name", [*NAMED, *PLAIN])
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_target_reads_back_the_same(name: str, tmp_path: Path, data: st.DataObject) -> None:
    rows: list[Statement] = data.draw(st.lists(quads if name in NAMED else statements, max_size=12))
    path = tmp_path / "source.nq"
    path.write_bytes(Dataset(rows).to_nquads())
    assert read(converted(path, name), name) == Dataset(rows)


@pytest.mark.parametrize(("name", "again"), [*itertools.product(["turtle", *NAMED], repeat=2)])
def test_nodes_without_a_label_stay_who_they_are(tmp_path: Path, name: str, again: str) -> None:
    path, second = tmp_path / "source.ttl", tmp_path / "second"
    path.write_bytes(NESTED)
    wanted = read(NESTED, "turtle")
    once = converted(path, name)
    assert read(once, name) == wanted
    assert once == converted(path, name), "the labels are the same each time"
    second.write_bytes(once)
    assert read(converted(second, again, told=name), again) == wanted


def test_the_order_and_the_prefixes_of_the_source_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "source.ttl"
    path.write_text(
        "@prefix z: <http://z.org/> .\nz:b z:p 2, 1 .\nz:a z:q z:c .\n"
        "@prefix z: <http://other.org/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\nz:a a skos:Concept ."
    )
    made = converted(path, "turtle").decode()
    assert made.count("@prefix z:") == 1
    assert read(made.encode(), "turtle") == read(path.read_bytes(), "turtle")
    lines = converted(path, "ntriples").decode().split("\n")
    assert [line.split()[2][1] for line in lines[:2]] == ["2", "1"]


def test_prefixes_that_come_late_are_declared_where_they_are_needed(tmp_path: Path) -> None:
    many = "".join(f"<http://e.org/s> <http://e.org/p> {number} .\n" for number in range(5000))
    path = tmp_path / "late.ttl"
    path.write_text(many + "@prefix z: <http://z.org/> .\n" + many.replace("e.org/p", "z.org/p"))
    made = converted(path, "turtle")
    assert 0 < made.index(b"@prefix z:") < len(made) - 1000
    assert len(read(made, "turtle")) == 10_000


def test_many_nodes_without_a_label_keep_apart(tmp_path: Path) -> None:
    path = tmp_path / "many.ttl"
    path.write_text("".join(f"<urn:s{n}> <urn:p> [ <urn:q> [ <urn:r> {n} ] ] .\n" for n in range(5000)))
    made = read(converted(path, "nquads"), "nquads")
    assert len(made) == 15_000
    assert len({row.object for row in made if row.object[0] == "_"}) == 10_000


def test_a_label_that_looks_like_the_parsers_own_is_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "labels.ttl"
    label = "_:" + "a" * 32
    path.write_text(
        f"<urn:a> <urn:p> {label}, [] .\n"
        + "".join(f"<urn:s{n}> <urn:p> [] .\n" for n in range(9))
        + f"{label} <urn:q> 1 .\n"
    )
    assert read(converted(path, "ntriples"), "ntriples") == read(path.read_bytes(), "turtle")


def test_graphs_that_the_target_cannot_hold_are_told(tmp_path: Path) -> None:
    path = tmp_path / "graphs.nq"
    path.write_text(
        "".join(f"<urn:s> <urn:p> <urn:o> <urn:g{n}> .\n" for n in range(150))
        + "<urn:s> <urn:p> 'x' .\n".replace("'", '"')
    )
    report = Report()
    assert converted(path, "turtle", report) == b'\n<urn:s> <urn:p> "x" .\n'
    told = [finding for finding in report if finding.code == "export.graph-left-out"]
    assert len(told) == 101
    assert "statements: 50" in told[-1].message


@pytest.mark.parametrize("name", ["jsonld", "rdfxml"])
def test_what_must_be_held_is_converted_too(tmp_path: Path, name: str) -> None:
    path, held = tmp_path / "source.ttl", tmp_path / "held"
    path.write_text('<http://e.org/a> <http://e.org/p> "x"@en, [ <http://e.org/q> 1 ] .')
    held.write_bytes(converted(path, name))
    for target_name in [*NAMED, *PLAIN, "rdfxml"]:
        back = converted(held, target_name, told=name)
        assert read(back, target_name) == read(path.read_bytes(), "turtle")


def test_namespaces_that_come_late_are_declared_where_they_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "late.nt"
    path.write_text(
        "".join(
            f"<http://e.org/s{n // 3}> <http://e.org/{'abcdefg'[n // 150]}/p{n % 5}> _:b{n % 40}.x .\n"
            f"<http://e.org/s{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.org/{n // 99}#C> .\n"
            for n in range(1000)
        )
    )
    made = converted(path, "rdfxml")
    assert read(made, "rdfxml") == read(path.read_bytes(), "ntriples")
    head, _, body = made.partition(b">\n\n")
    assert b"http://e.org/a/" in head and b"http://e.org/g/" not in head and b"http://e.org/g/" in body
    assert b"http://e.org/a/" not in body


def test_what_xml_cannot_hold_ends_a_conversion_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "unheld.nt"
    path.write_text("<urn:s> <http://e.org/1> <urn:o> .\n")
    with pytest.raises(Unwritable, match=r"<http://e\.org/1>"):
        converted(path, "rdfxml")
    path.write_text("")
    assert len(read(converted(path, "rdfxml"), "rdfxml")) == 0


def test_rdf_1_2_passes_where_it_can(tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    path.write_text("<urn:s> <urn:p> [] ~ <urn:r> {| <urn:q> 'x' |} .\n<urn:t> <urn:p> <<( _:b <urn:p> '\\n_:b ' )>> .")
    wanted = set(map(str, pyoxigraph.parse(converted(path, "ntriples"), pyoxigraph.RdfFormat.N_TRIPLES)))
    assert len(wanted) == 4
    for name, syntax in (("nquads", pyoxigraph.RdfFormat.N_QUADS), ("trig", pyoxigraph.RdfFormat.TRIG)):
        assert set(map(str, pyoxigraph.parse(converted(path, name), syntax))) == wanted
    with pytest.raises(Unwritable, match=r"RDF 1\.2"):
        converted(path, "jsonld")


def packed(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield "a.ttl.gz", gzip.compress(data)
    yield "two-parts.ttl.gz", gzip.compress(data[:30]) + gzip.compress(data[30:]) + b"\0\0\0"
    yield "unnamed", gzip.compress(data)
    yield "mark.ttl", b"\xef\xbb\xbf" + data


@pytest.mark.parametrize(
    ("name", "data"), list(packed(NESTED)), ids=lambda given: given if isinstance(given, str) else ""
)
def test_packed_sources_are_unpacked(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert read(converted(path, "trig"), "trig") == read(NESTED, "turtle")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("cut.nt.gz", gzip.compress(b"<urn:s> <urn:p> <urn:o> .\n" * 999)[:-20], "cut off"),
        ("torn.nt.gz", gzip.compress(b"<urn:s> <urn:p> <urn:o> .\n")[:10] + b"\x07" * 20, "damaged"),
        ("bomb.nt.gz", gzip.compress(b"\n" * 40_000_000), "more than 100 times"),
        ("nested.gz", gzip.compress(gzip.compress(b"x")), "archive"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 40, "archive"),
        ("a.ttl", b"<urn:s> <urn:p> <urn:o> .\n\n<urn:s> .", r"a\.ttl:3"),
        ("a.ttl", b"SELECT * { ?s ?p ?o }", "SPARQL"),
        ("a.unknown", b"hello", "name its format with --from"),
        ("a.ttl", b"<s> <p> <o> .", "--base"),
    ],
)
def test_bad_sources_are_refused_with_their_name(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=says) as told:
        converted(path, "nquads")
    assert str(path) in str(told.value)


def test_targets_are_told_by_name_or_ending() -> None:
    assert target("a.trig.gz", None) == ("trig", True)
    assert target("a.xyz", "turtle") == ("turtle", False)
    for path, told in (("a.xyz", None), (None, "turtel")):
        with pytest.raises(UnknownName):
            target(path, told)
    for path, told in ((None, None), ("a.svg", None)):
        with pytest.raises(UsageError):
            target(path, told)


def test_the_command_writes_whole_files_or_none(tmp_path: Path) -> None:
    good, bad, out = tmp_path / "good.ttl", tmp_path / "bad.ttl", tmp_path / "out.nq.gz"
    good.write_bytes(NESTED)
    bad.write_bytes(NESTED + b"<urn:s> .")
    run = CliRunner().invoke
    done = run(kg, ["convert", str(good), "-o", str(out)])
    assert (done.exit_code, done.output) == (0, "")
    assert read(gzip.decompress(out.read_bytes()), "nquads") == read(NESTED, "turtle")
    before = out.read_bytes()
    assert before[4:8] == b"\0\0\0\0", "no time is in it"
    failed = run(kg, ["convert", str(bad), "-o", str(out)])
    assert failed.exit_code == 3
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.ttl", "good.ttl", "out.nq.gz"]
    assert run(kg, ["convert", str(good)]).exit_code == 2
    assert run(kg, ["convert", "-", "--to", "turtle"]).exit_code == 2


def test_the_command_writes_to_standard_output() -> None:
    source = Path(__file__).parent.parent / "exports" / "ai.nq"
    done = CliRunner().invoke(kg, ["convert", str(source), "--to", "trig"])
    assert done.exit_code == 0
    assert read(done.stdout_bytes, "trig") == read(source.read_bytes(), "nquads")


def test_standard_input_is_read_whole_where_it_must_be_held() -> None:
    for name in ("rdfxml", "nquads"):
        words = ["convert", "-", "--from", "turtle", "--to", name]
        done = subprocess.run(
            [sys.executable, "-c", "from kg.cli import kg; kg()", *words], input=NESTED, capture_output=True, check=True
        )
        assert read(done.stdout, name) == read(NESTED, "turtle")
