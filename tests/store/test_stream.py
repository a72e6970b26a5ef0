"""Large files that go to the store while they are read: the same as over a Dataset, or not at all."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg import formats, terms
from kg.cli.load import load
from kg.dataset import Dataset
from kg.read.ntriples import blocks
from kg.report import Report
from kg.statement import Statement
from kg.store import altered, sums
from kg.store.prepare import prepare
from kg.store.stream import Coming, OtherWay, _Sums, digest_of, written
from kg.terms import literal

KG = Path(sys.executable).parent / "kg"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NAMES = (
    *("boolean", "integer", "decimal", "float", "double", "long", "int", "short", "byte", "nonNegativeInteger"),
    *("positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
    *("unsignedByte", "dateTime", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "duration"),
    *("hexBinary", "base64Binary", "anyURI", "QName", "normalizedString", "token", "language", "string"),
)
TERMS = [
    *("<urn:a:b>", "<http://e.org/é>", "<http://e.org/a%20b#c>", "<http://www.w3.org/2001/XMLSchema#string>"),
    *(
        literal(text, tag)
        for text in ("", "a b", 'say "x" \\ \n\t\u0001', "é𝄞", "_:b", "<< ")
        for tag in (None, "en", "de-AT")
    ),
    *(literal(text, None, _XSD + kind) for text in ("01", "1", "1.10") for kind in ("integer", "decimal", "date")),
    *(literal(text, None, "urn:d:d") for text in ("01", "1")),
    literal("POINT(1 2)", None, "http://www.opengis.net/ont/geosparql#wktLiteral"),
]
STATEMENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from(TERMS)), max_size=40)


def lines(found):
    return [f"<urn:s:{s}> <urn:p:{p}> {o} .\n" for s, p, o in found]


@given(found=STATEMENTS, kind=st.sampled_from(["oxigraph", "virtuoso", "unknown"]))
def test_a_stream_comes_to_the_same_as_a_dataset(tmp_path_factory, found, kind):
    folder = tmp_path_factory.mktemp("stream")
    (folder / "v.nt").write_text("".join(lines(found)))
    dataset = Dataset(Statement(*line[:-3].split(" ", 2)) for line in lines(found))
    other = prepare(dataset, kind, "urn:b:b", str(folder / "o.nt"))
    try:
        ready, _ = written(str(folder / "v.nt"), None, None, kind, str(folder / "w.nt"))
    except OtherWay:
        assert any(sign in line for line in lines(found) for sign in (" _:", " <<", '"_:', '"<< ')) or not found
        return
    assert ready.sums == other.sums and sums.digest_of(ready.sums) == sums.digest_of(other.sums)
    assert sorted(ready.altered) == sorted(other.altered)
    assert set((folder / "w.nt").read_text().splitlines()) == set((folder / "o.nt").read_text().splitlines())


@given(found=STATEMENTS)
def test_lines_are_taken_as_they_stand_only_where_the_parser_would_write_them_so(tmp_path_factory, found):
    file = tmp_path_factory.mktemp("lines") / "v.nt"
    file.write_text("".join(lines(found)))
    syntax = pyoxigraph.RdfFormat.N_TRIPLES
    with file.open("rb") as opened:
        taken = b"".join(blocks(opened))
    assert (
        taken.lower()
        == (pyoxigraph.serialize(pyoxigraph.parse(file.read_bytes(), syntax), format=syntax) or b"").lower()
    )


@pytest.mark.parametrize(
    "text",
    [
        "<urn:s:s> <urn:p:p> _:b .\n",
        '<urn:s:s> <urn:p:p> "x"\n',
        "<urn:s:s> <urn:p:p> <a b> .\n",
        '<urn:s:s> <urn:p:p> "x"^^<relative> .\n',
        '{"@context": "http://e.org/"}',
    ],
)
def test_what_is_no_stream_of_ground_statements_takes_the_other_way(tmp_path, text):
    source = tmp_path / "v.nt"
    source.write_text('<urn:s:s> <urn:p:p> "first" .\n' * (text[0] == "<") + text)
    with pytest.raises(OtherWay):
        written(str(source), None, None, "oxigraph", str(tmp_path / "w.nt"))


_PLAIN = b'<urn:s:s> <urn:p:p> "x" .\n'
NASTY = [
    *(
        b"<urn:s:s> <urn:p:p> <%s> .\n" % iri
        for iri in (
            *(
                b"http://a:b/x",
                b"a://:$",
                b"http://a@b/",
                b"http://a:1:2/",
                b"http://[::1]/",
                b"http://a%zz",
                b"http://$",
            ),
            *(
                b"http://",
                b"http://:80",
                b"http://a:99999",
                b"a:///x",
                b"a:",
                b"a:/",
                b"a:/.//x",
                b"a:b//c",
                b"a:?//#//",
            ),
            *(b"//a", b"1:a", b"a:%4", b"a:##", b"a:[", b"A:b", b"a+b-c.d:e", b"a:b#c?d/e:f"),
        )
    ),
    *(
        b'<urn:s:s> <urn:p:p> "x"@%s .\n' % tag
        for tag in (
            *(b"en-a", b"a", b"en-123-us", b"en-a-b", b"x-a", b"i-klingon", b"en-x", b"en-US-US", b"en-Latn-Latn"),
            *(b"en", b"de-AT", b"zh-Hant-TW", b"es-419", b"sl-rozaj-1994", b"abcdefgh", b"abcdefghi", b"de-1996"),
        )
    ),
    *(
        b'<urn:s:s> <urn:p:p> "%s" .\n' % text
        for text in (
            b"\xff",
            b"\xc3",
            b"\xed\xa0\x80",
            b"\xf5\x80\x80\x80",
            b"\xc0\x80",
            b"\xef\xbf\xbe",
            b"\xef\xbf\xbf",
        )
    ),
    b'<urn:s:s> <urn:p:p> "x"^^<http://a:b/x> .\n',
    b'<http://a:b/x> <urn:p:p> "x" .\n',
    b'<urn:s:s> <a://:$> "x" .\n',
]


def parsed(text):
    syntax = pyoxigraph.RdfFormat.N_TRIPLES
    return pyoxigraph.serialize(pyoxigraph.parse(text, syntax), format=syntax)


@pytest.mark.parametrize("line", NASTY)
def test_what_the_parser_refuses_is_refused(line):
    try:
        wanted = parsed(line)
    except (SyntaxError, ValueError):
        with pytest.raises((SyntaxError, ValueError)):
            list(blocks(io.BytesIO(_PLAIN + line)))
    else:
        assert b"".join(blocks(io.BytesIO(_PLAIN + line))).lower() == (_PLAIN + wanted).lower()


@given(
    iri=st.text("ab1:/?#@%$.[]-", max_size=10),
    tag=st.text("ab1Z-", min_size=1, max_size=12),
    text=st.binary(max_size=4).filter(lambda text: not set(text) & set(b'"\\\n')),
)
def test_what_is_taken_as_it_stands_is_what_the_parser_makes_of_it(iri, tag, text):
    for line in (
        f"<urn:s:s> <urn:p:p> <a:{iri}> .\n".encode(),
        f"<urn:s:s> <urn:p:p> <http://{iri}> .\n".encode(),
        f'<urn:s:s> <urn:p:p> "x"@en-{tag} .\n'.encode(),
        f'<urn:s:s> <urn:p:p> "x"@{tag} .\n'.encode(),
        b'<urn:s:s> <urn:p:p> "%s" .\n' % text,
    ):
        try:
            wanted = parsed(line)
        except (SyntaxError, ValueError):
            with pytest.raises((SyntaxError, ValueError)):
                list(blocks(io.BytesIO(line)))
        else:
            assert b"".join(blocks(io.BytesIO(line))).lower() == wanted.lower()


def test_what_is_no_text_is_told_before_it_is_written(tmp_path):
    source, path = tmp_path / "v.nt", tmp_path / "w.nt"
    source.write_bytes(_PLAIN + b'<urn:s:s> <urn:p:p> "\xff" .\n')
    with pytest.raises(OtherWay):
        written(str(source), None, None, "oxigraph", str(path))
    assert b"\xff" not in path.read_bytes()


def test_a_stream_keeps_the_cap_on_bytes(tmp_path):
    source = tmp_path / "v.nt"
    source.write_bytes(_PLAIN * 100)
    with pytest.raises(OtherWay):
        written(str(source), None, None, "oxigraph", str(tmp_path / "w.nt"), len(_PLAIN) * 100 - 1)
    assert written(str(source), None, None, "oxigraph", str(tmp_path / "w.nt"), len(_PLAIN) * 100)[0].lines == 100


@pytest.mark.parametrize("packed", [False, True])
def test_a_load_keeps_the_cap_on_bytes(tmp_path, packed):
    source, to = tmp_path / "v.nt", tmp_path / "f.nq"
    text = "".join(f'<urn:s:{number}> <urn:p:p> "x" .\n' for number in range(2000)).encode()
    source.write_bytes(gzip.compress(text) if packed else text)
    words = [
        KG,
        "load",
        source,
        "--to",
        to,
        "--vocabulary",
        "https://e.org/k",
        "--version",
        "1",
        "--max-bytes",
        "20KiB",
    ]
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "is larger than 20 KiB (--max-bytes raises the cap)" in done.stderr
    assert not to.exists()


def test_a_file_over_the_cap_is_told_before_anything_is_sent(tmp_path, fake):
    source = tmp_path / "v.nt"
    source.write_bytes(_PLAIN * 100)
    words = [source, "--to", fake.url, "--dialect", "generic", "--vocabulary", "https://e.org/k", "--version", "1"]
    done = CliRunner().invoke(load, [*map(str, words), "--max-bytes", "1KiB"])
    assert done.exit_code == 3 and "is larger than 1 KiB" in done.output and not fake.asked


def test_a_job_that_nobody_waits_for_stops(tmp_path):
    source, path = tmp_path / "v.nt", str(tmp_path / "w.nt")
    source.write_bytes(_PLAIN * 100_000)
    begun, go_on = threading.Event(), threading.Event()

    def job():
        begun.set()
        assert go_on.wait(10)
        return written(str(source), None, None, "unknown", path)

    coming = Coming(path, job)
    assert begun.wait(10)
    ending = threading.Thread(target=coming.end)
    ending.start()
    while not os.path.exists(f"{path}-stop"):
        time.sleep(0.001)
    go_on.set()
    ending.join()
    with pytest.raises(OtherWay):
        coming.wait()
    assert os.path.getsize(path) == 0


@pytest.mark.parametrize("kind", ["oxigraph", "virtuoso", "unknown"])
def test_no_literal_is_altered_but_those_that_wait(kind):
    texts = ("01", "1.10", "true", "1", "2020-01-01T00:00:00.10Z", "P1Y", "--01", "10:00:00.50", "a", "", "POINT(1 2)")
    named = [*_NAMES, "yearMonthDuration", "dayTimeDuration", "dateTimeStamp", "precisionDecimal"]
    kinds = [*(_XSD + name for name in named), "urn:d:d", "http://www.opengis.net/ont/geosparql#wktLiteral"]
    kinds += ["http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML", "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"]
    found = [literal(text, None, datatype) for text in texts for datatype in kinds if datatype != _XSD + "string"]
    assert all(altered.may_alter(kind, terms.datatype(term)) for term in altered.foretold(kind, found))
    assert not altered.may_alter(kind, "urn:d:d")


def test_of_a_literal_that_no_store_alters_only_a_number_is_kept():
    kept = _Sums("oxigraph")
    kept.add([b'<urn:s:%d> <urn:p:p> "%d"^^<urn:d:d> .' % (number, number) for number in range(1000)])
    assert not kept._typed  # noqa: SLF001 - what is kept
    assert sums.total(kept.sums()) == 1000
    kept.add([f'<urn:s:s> <urn:p:p> "1"^^<{_XSD}integer> .'.encode()])
    assert len(kept._typed) == 1  # noqa: SLF001 - what is kept


def test_pieces_come_while_the_file_is_written(tmp_path):
    path, first, rest = tmp_path / "w.nt", threading.Event(), threading.Event()
    made = prepare(Dataset([Statement("<urn:s:s>", "<urn:p:p>", "<urn:o:o>")]), "unknown", None, str(tmp_path / "p.nt"))

    def job():
        with path.open("wb", buffering=0) as file:
            file.write(b"1\n2\n3")
            first.set()
            assert rest.wait(10)
            file.write(b"\n4\n5\n")
        return made, Report()

    coming = Coming(str(path), job)
    assert first.wait(10)
    pieces = coming.pieces(2, 0)
    assert next(pieces) == [b"1\n", b"2\n"]
    rest.set()
    assert list(pieces) == [[b"3\n", b"4\n"], [b"5\n"]]
    assert list(coming.pieces(2, 1)) == [[b"3\n", b"4\n"], [b"5\n"]] and list(coming.pieces(2, 2)) == [[b"5\n"]]
    assert coming.wait()[0] is made


def test_the_digest_tells_sources_and_ways_to_read_them_apart(tmp_path):
    one, other = tmp_path / "1.nt", tmp_path / "2.nt"
    one.write_text("x")
    other.write_text("y")
    turtle = formats.for_name("turtle")
    found = [digest_of(str(one), None, None), digest_of(str(other), None, None), digest_of(str(one), turtle, None)]
    assert len({*found, digest_of(str(one), None, "urn:b:b")}) == 4


def test_a_source_that_turns_out_faulty_leaves_nothing_behind(store, tmp_path):
    """The first pieces are in the store when the fault is read."""
    source = tmp_path / "v.nt"
    source.write_text("".join(f'<urn:s:{number}> <urn:p:p> "x" .\n' for number in range(50_000)) + "oops\n")
    vocabulary = "https://e.org/faulty"
    environ = {**os.environ, **store.environ}
    words = [KG, "load", source, "--to", store.url, "--vocabulary", vocabulary, "--version", "1", "--piece", "2000"]
    done = subprocess.run([*map(str, words)], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 3 and "v.nt" in done.stderr and "Traceback" not in done.stderr
    listed = [str(KG), "versions", "--at", store.url, "--vocabulary", vocabulary]
    assert subprocess.run(listed, env=environ, capture_output=True, text=True, check=True).stdout.strip() == vocabulary


def test_a_file_with_blank_nodes_is_loaded_the_other_way(store, tmp_path):
    source = tmp_path / "v.nt"
    source.write_text(
        "".join(f'<urn:s:{number}> <urn:p:p> "x" .\n' for number in range(5_000)) + "_:b <urn:p:p> _:b .\n"
    )
    words = [KG, "load", source, "--to", store.url, "--vocabulary", "https://e.org/blank", "--version", "1", "--json"]
    environ = {**os.environ, **store.environ}
    done = subprocess.run(
        [*map(str, words), "--piece", "1000"], env=environ, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["triples"] == 5_001
