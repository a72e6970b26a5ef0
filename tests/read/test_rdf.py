"""RDF in: formats told, archives, relative IRIs, blank nodes of several files, places, and errors with a remedy."""

from __future__ import annotations

import gzip
import io
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kg.errors import KgError, LimitError, SourceError, UsageError
from kg.limits import Limits
from kg.pipeline import Job, check, read
from kg.read import archive, sniff
from kg.report import Finding
from kg.text import Source

PREFIXES = "@prefix ex: <http://e.org/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
TURTLE = PREFIXES + 'ex:a a skos:Concept ; skos:prefLabel "x"@en .\n'
TRIPLE = b"<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n"
RDF_XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">
<rdf:Description rdf:about="http://e.org/a"><e:p rdf:resource="http://e.org/b"/></rdf:Description></rdf:RDF>"""
JSON_LD = b'{"@id": "http://e.org/a", "http://e.org/p": {"@id": "http://e.org/b"}}'
#: The same statement in every syntax, under the ending of each.
ONE = {
    "ttl": b"@prefix ex: <http://e.org/> . ex:a ex:p ex:b .",
    "nt": TRIPLE,
    "nq": TRIPLE,
    "trig": b"{ <http://e.org/a> <http://e.org/p> <http://e.org/b> }",
    "rdf": RDF_XML,
    "jsonld": JSON_LD,
}


def written(folder: Path, name: str, data: bytes | str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return str(path)


def codes(*sources: str, **given: object) -> list[str]:
    return read(Job(sources, **given)).report.codes()  # type: ignore[arg-type]


def shown_at(finding: Finding) -> str:
    """Return the text that a finding points to."""
    place = finding.location
    assert place and place.line and place.column and place.end_line and place.end_column
    source = Source(place.path, Path(place.path).read_bytes().decode("utf-8-sig"))
    return source.text[source.offset(place.line, place.column) : source.offset(place.end_line, place.end_column)]


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# -- which format ----------------------------------------------------------------------


@pytest.mark.parametrize("ending", ONE)
@pytest.mark.parametrize("packed", [False, True])
def test_the_ending_tells_the_format(tmp_path: Path, ending: str, packed: bool) -> None:
    data = gzip.compress(ONE[ending]) if packed else ONE[ending]
    dataset = read(Job((written(tmp_path, f"a.{ending}{'.gz' * packed}", data),)))
    assert [found.nquad for found in dataset] == [TRIPLE.decode().strip()]
    assert list(dataset.report) == []


@pytest.mark.parametrize("ending", ONE)
@pytest.mark.parametrize("name", ["plain", "dump.data"])
def test_without_one_the_content_does(tmp_path: Path, ending: str, name: str) -> None:
    assert len(read(Job((written(tmp_path, name, ONE[ending]),)))) == 1


@pytest.mark.parametrize(
    ("name", "data", "found", "word"),
    [("a.owl", ONE["ttl"], "Turtle", "@prefix"), ("a.ttl", RDF_XML, "RDF/XML", "<rdf:RDF"),
     ("a.nt", b"\xef\xbb\xbf# all\r\n" + ONE["ttl"], "Turtle", "@prefix"), ("a.rdf", JSON_LD, "JSON-LD", '{"@id":'),
     ("a.jsonld", TRIPLE, "Turtle", "<http://e.org/a>")],
)  # fmt: skip
def test_where_they_disagree_the_content_counts_and_it_is_told(
    tmp_path: Path, name: str, data: bytes, found: str, word: str
) -> None:
    dataset = read(Job((written(tmp_path, name, data),)))
    assert len(dataset) == 1
    finding = next(one for one in dataset.report if one.code != "rdf.byte-order-mark")
    assert (finding.code, shown_at(finding)) == ("rdf.format-differs", word)
    assert f"it is {found}" in finding.message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_prefix_stands_where_it_is_declared_not_where_it_is_named(tmp_path: Path, end: str) -> None:
    lines = (
        "# prefix skos: is explained here, and 𝔸 is beyond the first plane",
        '<urn:a> <urn:p> "prefix skos: no" . PREFIX skos: <urn:first>',
        "\t@prefix # why",
        "  skos:   <urn:other#> .",
        "skos:a skos:b skos:c .",
    )
    path = written(tmp_path, "a.ttl", end.join(lines).encode())
    [finding] = read(Job((path,))).report
    assert (finding.code, shown_at(finding)) == ("rdf.prefix-rebound", "skos:   <urn:other#>")


def test_a_nul_has_its_column(tmp_path: Path) -> None:
    [finding] = read(Job((written(tmp_path, "a.ttl", b'<urn:a> <urn:p>\r\n  "\xf0\x9d\x94\xb8\0" .'),))).report
    assert (finding.code, str(finding.location)) == ("text.nul", f"{tmp_path / 'a.ttl'}:2:5")


def test_a_declared_format_is_not_guessed_at(tmp_path: Path) -> None:
    path = written(tmp_path, "a.owl", ONE["ttl"])
    assert codes(path, source_format="turtle") == []
    with pytest.raises(SourceError, match=r"a\.owl:1: not RDF/XML"):
        read(Job((path,), source_format="rdfxml"))


@pytest.mark.parametrize(
    "text",
    ["SELECT * { ?s ?p ?o }", "PREFIX e: <http://e/>\n# all\nselect distinct ?s where {}",
     "CONSTRUCT WHERE { ?s ?p ?o }",
     "BASE <http://e/> INSERT DATA { <a> <b> <c> }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://e/>", "CLEAR ALL"],
)  # fmt: skip
def test_sparql_under_the_name_of_data_is_told_and_the_rest_is_read(tmp_path: Path, text: str) -> None:
    good = written(tmp_path, "good.ttl", TURTLE)
    dataset = read(Job((written(tmp_path, "labels.ttl", text), good)))
    assert (dataset.report.codes(), len(dataset)) == (["rdf.sparql"], 2)
    [finding] = dataset.report
    assert shown_at(finding) in text
    assert shown_at(finding).upper() in {"SELECT", "CONSTRUCT", "INSERT", "DELETE", "LOAD", "CLEAR"}


@pytest.mark.parametrize(
    "text",
    ["Select\nA choice.", "Ask\nTo ask is to say a question.", "Load balancing\nIt spreads work.", "# Title\n\nText.",
     "Note: a word is a word.", "[a book](b.md) is one", "<b>Term</b> text",
     '{"title": "no linked data"}', "{{ page }}",
     "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "\x00\x01", ""],
)  # fmt: skip
def test_what_people_write_is_not_taken_for_rdf(text: str) -> None:
    assert sniff.by_content(text.encode()) is None


@pytest.mark.parametrize(
    "data", [b"#" * 99_999, b"<" * 99_999, b"@prefix " + b"a" * 99_999, b"prefix a: " * 9_999, b"[" * 99_999]
)
def test_looking_at_the_content_is_quick_whatever_it_is(data: bytes) -> None:
    assert sniff.by_content(data) is None


def test_a_name_that_tells_nothing_of_a_content_that_tells_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"a\.xyz: no file-name extension is called 'xyz'.*name its format with --from"
    ):
        read(Job((written(tmp_path, "a.xyz", "words"),)))


def test_rdf_comes_through_standard_input(tmp_path: Path) -> None:
    code = "from kg.cli import kgexport; kgexport()"
    command = [sys.executable, "-c", code, "-", "-f", "ntriples", "--no-validate"]
    for data in (*ONE.values(), gzip.compress(TRIPLE), zipped(("a.ttl", TRIPLE))):
        done = subprocess.run(command, input=data, capture_output=True, check=False, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, TRIPLE, b""), data


# -- directories -----------------------------------------------------------------------


def test_a_directory_of_rdf_is_merged_and_each_statement_knows_its_file(tmp_path: Path) -> None:
    one = written(tmp_path, "d/one.ttl", TURTLE)
    two = written(tmp_path, "d/sub/two.nt.gz", gzip.compress(TRIPLE))
    for name, data in (("package.json", "{}"), ("_draft.ttl", "no"), (".hidden.ttl", "no"), ("README.md", "# Of it")):
        written(tmp_path, f"d/{name}", data)
    dataset = read(Job((str(tmp_path / "d"),)))
    assert len(dataset) == 3
    assert {origin.path for found in dataset for origin in dataset.origins(found)} == {one, two}
    assert list(dataset.report) == []


def test_pages_and_rdf_in_one_directory_are_both_read_and_that_is_told(tmp_path: Path) -> None:
    written(tmp_path, "d/term.txt", "Term\nA term is a word.\n")
    written(tmp_path, "d/more.ttl", TURTLE)
    dataset = read(Job((str(tmp_path / "d"),), base="http://e.org/g/"))
    assert "rdf.beside-pages" in dataset.report.codes()
    assert [str(name) for name in dataset.subjects(None, '"x"@en')] == ["<http://e.org/a>"]
    written(tmp_path, "d/glossary.toml", '[glossary]\nbase = "http://e.org/g/"\n')
    assert read(Job((str(tmp_path / "d"),))).subjects(None, '"x"@en') == []


def test_more_files_than_the_cap_are_refused(tmp_path: Path) -> None:
    for number in range(4):
        written(tmp_path, f"d/{number}.nt", TRIPLE)
    with pytest.raises(LimitError, match="more than 3 files"):
        read(Job((str(tmp_path / "d"),), limits=Limits(max_files=3)))


# -- archives --------------------------------------------------------------------------


def test_the_members_of_a_zip_archive_are_sources_of_their_own(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.zip", zipped(("d/a.ttl", TURTLE.encode()), ("b.rdf", RDF_XML), ("README.txt", b"hello"))
    )
    dataset = read(Job((path,)))
    assert {origin.path for found in dataset for origin in dataset.origins(found)} == {
        f"{path}!d/a.ttl",
        f"{path}!b.rdf",
    }
    assert dataset.report.codes() == ["rdf.member-left-out"]


def symlink() -> bytes:
    info = zipfile.ZipInfo("a.ttl")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(info, "/etc/passwd")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped(("../a.ttl", TRIPLE)), "leads out of the archive"),
        (zipped(("d/../../a.ttl", TRIPLE)), "leads out of the archive"),
        (zipped(("/a.ttl", TRIPLE)), "absolute path"),
        (zipped(("C:a.ttl", TRIPLE)), "absolute path"),
        (zipped(("d\\a.ttl", TRIPLE)), "backslash"),
        (zipped(("a\n.ttl", TRIPLE)), "control characters"),
        (zipped(("a.ttl", TRIPLE), ("A.TTL", TRIPLE)), "stands there twice"),
        (symlink(), "is a link"),
        (zipped(("a.ttl", b" " * 4_000_000)), "more than 100 times its size"),
        (zipped(("a.ttl", zipped(("b.ttl", TRIPLE)))), "a.zip!a.ttl: holds an archive in an archive"),
        (zipped(("a.ttl", os.urandom(999)))[:-30], "not zip, or damaged"),
        (zipped(("a.txt", b"words")), "no RDF in this archive"),
        (b"", "its name says it is an archive"),
    ],
)
def test_a_bad_zip_archive_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(Job((written(tmp_path, "a.zip", data),)))
    assert said in str(caught.value)
    assert "a.zip" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(TRIPLE)[:-9], "cut off"),
        (gzip.compress(TRIPLE * 99)[:40], "cut off"),
        (gzip.compress(TRIPLE)[:10] + b"\xff" * 20, "damaged"),
        (gzip.compress(TRIPLE) + b"words", "damaged"),
        (gzip.compress(b"#" + b" " * 9_000_000), "more than 100 times its size"),
        (gzip.compress(gzip.compress(TRIPLE)), "an archive in an archive"),
    ],
)
def test_a_bad_gzip_file_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read(Job((written(tmp_path, "a.nt.gz", data),)))


def test_gzip_of_several_parts_is_read_whole() -> None:
    data = gzip.compress(b"a") + gzip.compress(b"b" * 300_000) + b"\0\0"
    assert archive.gunzip(data, "a.gz", Limits()) == b"a" + b"b" * 300_000


def test_what_is_unpacked_counts_against_the_cap(tmp_path: Path) -> None:
    text = b"".join(b"<http://e.org/%d> <http://e.org/p> <http://e.org/b> .\n" % number for number in range(1000))
    half = text[: text.index(b"<http://e.org/400>")]
    limits = Limits(max_bytes=40_000)
    for data, name in (
        (gzip.compress(text), "a.nt.gz"),
        (zipped(("a.nt", half), ("b.nt", half)), "a.zip"),
    ):
        with pytest.raises(LimitError, match="is larger than 40000 bytes"):
            read(Job((written(tmp_path, name, data),), limits=limits))


# -- relative IRIs ---------------------------------------------------------------------


def test_an_unused_relative_prefix_is_told_and_a_used_one_needs_a_base(tmp_path: Path) -> None:
    text = f"{PREFIXES}@prefix doap: <usefulinc.com/ns/doap#> .\nex:a ex:p ex:b .\n"
    path = written(tmp_path, "a.ttl", text)
    dataset = read(Job((path,)))
    assert [shown_at(found) for found in dataset.report] == ["doap: <usefulinc.com/ns/doap#>"]
    assert dataset.report.codes() == ["rdf.prefix-relative"]
    used = written(tmp_path, "b.ttl", f"{text}\nex:a ex:p doap:name .\n")
    with pytest.raises(SourceError, match=r"b\.ttl:6: the relative IRI <usefulinc.com/ns/doap#name> is used.*--base"):
        read(Job((used,)))
    dataset = read(Job((used,), base="http://e.org/x/"))
    assert "<http://e.org/x/usefulinc.com/ns/doap#name>" in {found.object for found in dataset}
    assert list(dataset.report) == []


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.ttl", b"\n<a> <http://e.org/p> 1 .", 2),
        ("a.trig", b"\n<g> { <http://e.org/a> <http://e.org/p> 1 }", 2),
        ("a.rdf", RDF_XML.replace(b"http://e.org/b", b"b"), 2),
        ("a.jsonld", JSON_LD.replace(b'"http://e.org/b"', b'\n"b"'), 2),
    ],
)
def test_a_relative_iri_needs_a_base_in_every_syntax(tmp_path: Path, name: str, data: bytes, line: int) -> None:
    path = written(tmp_path, name, data)
    with pytest.raises(SourceError, match="--base") as caught:
        read(Job((path,)))
    assert caught.value.line == line
    assert len(read(Job((path,), base="http://e.org/"))) == 1


def test_a_base_that_is_none_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--base words"):
        read(Job((written(tmp_path, "a.ttl", TURTLE),), base="words"))


# -- several files ---------------------------------------------------------------------


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    text = "_:x <http://e.org/p> {} . _:x <http://e.org/q> _:y ."
    paths = [written(tmp_path, f"{number}.ttl", text.format(number)) for number in range(3)]
    dataset = read(Job(tuple(paths)))
    assert len({found.subject for found in dataset}) == 3
    assert len(dataset) == 6
    assert dataset == read(Job(tuple(reversed(paths))))
    # A label that was taken for renaming by one file may be the own label of a later one.
    more = written(
        tmp_path, "more.ttl", "_:x.2 <http://e.org/p> 1 . _:x <http://e.org/p> 2 . _:x.4 <http://e.org/p> 3 ."
    )
    whole = read(Job((*paths, more)))
    assert len({found.subject for found in whole}) == 6


def test_named_graphs_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "a.trig", "<http://e.org/g> { <http://e.org/a> <http://e.org/p> 1 }")
    other = written(tmp_path, "b.nq", TRIPLE.replace(b" .", b" <http://e.org/g> ."))
    assert read(Job((path, other))).graphs() == ["<http://e.org/g>"]


# -- places ----------------------------------------------------------------------------

TWO_LABELS = (
    PREFIXES
    + "ex:s a skos:ConceptScheme .\nex:a a skos:Concept ; skos:inScheme ex:s ;\n"
    + '  skos:prefLabel "x"@en ,\n    "y"@en .\n'
)


@pytest.mark.parametrize("name", ["a.ttl", "a.ttl.gz", "a.zip"])
def test_a_finding_about_a_statement_has_its_line_and_column(tmp_path: Path, name: str) -> None:
    data = {"a.ttl": TWO_LABELS.encode(), "a.ttl.gz": gzip.compress(TWO_LABELS.encode()),
            "a.zip": zipped(("m.ttl", TWO_LABELS.encode()))}[name]  # fmt: skip
    path = written(tmp_path, name, data)
    shown = path + "!m.ttl" * (name == "a.zip")
    (found,) = (finding for finding in check(read(Job((path,)))) if finding.code == "skos.s14")
    assert [str(place) for place in (found.location, *found.also)] == [f"{shown}:5:18", f"{shown}:6:5"]


def test_a_finding_about_what_follows_from_a_statement_has_the_place_of_that(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a.ttl", f"{PREFIXES}ex:a a skos:Concept .\n\nex:b a skos:Concept ;\n  skos:narrower ex:b .\n"
    )
    places = [found.location for found in check(read(Job((path,)))) if found.code == "glossary.cycle"]
    assert [place and place.line for place in places] == [6]


def test_blank_nodes_that_were_renamed_are_found_under_their_labels(tmp_path: Path) -> None:
    text = f'{PREFIXES}_:x a skos:Concept ;\n skos:prefLabel "{{0}}"@en , "z{{0}}"@en .\n'
    paths = [written(tmp_path, f"{number}.ttl", text.format(number)) for number in range(2)]
    report = check(read(Job(tuple(paths))), ["skos"])
    assert {str(found.location) for found in report if found.code == "skos.s14"} == {f"{path}:4:17" for path in paths}


def test_nothing_is_read_again_when_there_is_nothing_to_say(tmp_path: Path) -> None:
    path = written(tmp_path, "a.ttl", ONE["ttl"])
    dataset = read(Job((path,)))
    Path(path).unlink()
    assert list(check(dataset, ["skos"])) == []


def test_a_file_that_is_gone_still_gives_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, "a.ttl", TWO_LABELS)
    dataset = read(Job((path,)))
    Path(path).unlink()
    assert {str(found.location) for found in check(dataset, ["skos"])} == {path}


# -- errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.ttl", b"<http://e.org/a> <http://e.org/p>\n 'x'@en-a-b .", "a.ttl:2: not Turtle: "),
        ("a.ttl", b"<http://e.org/a> <http://e.org/p>\n <http://e.org/a b> .", "--lenient"),
        ("a.ttl", b"\nex:a ex:b ex:c .", "a.ttl:2: not Turtle: The prefix ex: has not been declared"),
        ("a.ttl", TURTLE.encode("utf-16"), "a.ttl:1: UTF-16, not UTF-8; save the file as UTF-8"),
        ("a.ttl", b"<http://e.org/a> <http://e.org/p>\n '\xe9' .", "save the file as UTF-8"),
        ("a.ttl", b"<http://e.org/a> <http://e.org/p> <<( <urn:a> <urn:b> <urn:c> )>> .",
         "a.ttl:1: a triple term of RDF 1.2"),
        ("a.ttl", b"<urn:a> <urn:b> " + b"[ <urn:b> " * 200 + b"1" + b"]" * 200 + b".",
         "a.ttl:1: is nested deeper than 128"),
        ("a.nt", TRIPLE + b"words\n", "a.nt:2: not N-Triples: "),
        ("a.jsonld", b'{"@context": "http://127.0.0.1:9/c", "@id": "urn:a"}', "--context http://127.0.0.1:9/c=FILE"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_what_to_do(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(KgError) as caught:
        read(Job((written(tmp_path, name, data),)))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_whatever_a_parser_raises_is_one_of_our_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyoxigraph

    def broken(*_: object, **__: object) -> object:
        raise ArithmeticError("no such luck")

    monkeypatch.setattr(pyoxigraph, "parse", broken)
    with pytest.raises(SourceError, match=r"a\.ttl: not Turtle: ArithmeticError: no such luck"):
        read(Job((written(tmp_path, "a.ttl", TURTLE),)))


def test_a_byte_order_mark_is_taken_off_and_told(tmp_path: Path) -> None:
    dataset = read(Job((written(tmp_path, "a.ttl", b"\xef\xbb\xbf" + TURTLE.encode()),)))
    assert (len(dataset), dataset.report.codes()) == (2, ["rdf.byte-order-mark"])


def test_a_context_of_the_users_is_used(tmp_path: Path) -> None:
    context = written(tmp_path, "c.json", '{"@context": {"p": "http://e.org/p"}}')
    path = written(tmp_path, "a.jsonld", '{"@context": "http://e.org/c?v=1", "@id": "http://e.org/a", "p": "x"}')
    code = "from kg.cli import kgexport; kgexport()"
    arguments = [path, "--context", f"http://e.org/c?v=1={context}", "-f", "ntriples", "--no-validate"]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, '<http://e.org/a> <http://e.org/p> "x" .\n'), done.stderr
    wrong = subprocess.run([sys.executable, "-c", code, path, "--context", "c.json"], capture_output=True, check=False)
    assert (wrong.returncode, b"--context c.json: write the URL" in wrong.stderr) == (2, True)


# -- real data -------------------------------------------------------------------------


def test_four_serialisations_of_one_vocabulary_give_one_digest(shared: Path) -> None:
    folder = shared / "data/voc-physh"
    digests = {
        read(Job((str(folder / f"physh.{ending}"),))).digest() for ending in ("ttl", "nt.gz", "json.gz", "rdf.gz")
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("source", "count", "found"),
    [
        ("voc-voc4cat", 7741, []),
        ("voc-airo/airo.owl", 559, ["rdf.format-differs"]),
        ("broken-skosify/examples/dctype.out.rdf", 148, ["rdf.format-differs"]),
        ("voc-envthes/EnvThes.ttl", 60861, ["rdf.prefix-relative"]),
        ("voc-ics-chart/queries", 1788, ["rdf.prefix-rebound", "rdf.sparql", "rdf.sparql"]),
    ],
)
def test_published_vocabularies(shared: Path, source: str, count: int, found: list[str]) -> None:
    dataset = read(Job((str(shared / "data" / source),)))
    assert (len(dataset), dataset.report.codes()) == (count, found)


def test_a_vocabulary_with_malformed_tags_names_the_line(shared: Path) -> None:
    with pytest.raises(SourceError, match=r"chart\.ttl:27: not Turtle: .*--lenient"):
        read(Job((str(shared / "data/voc-ics-chart/chart.ttl"),)))
