"""Bad input: a finding or an error that names file, line and remedy; never a traceback, never an output touched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = "Term\nA term is a word with one meaning.\n"
CONFIG = '[glossary]\ntitle = "G"\nbase = "https://example.org/g/"\nlicense = "https://example.org/licence"\n'
HEADER = "status\tsubject\tpredicate\tobject\tquote\tcontext\tsource\tby\tnote\n"
OLD = b"what was there before"


def run(*arguments: str | Path, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    code = f"from kg.cli import kg, kgexport; {'kgexport' if arguments[0] == 'export' else 'kg'}()"
    words = arguments[1:] if arguments[0] == "export" else arguments
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], cwd=cwd, input=stdin, capture_output=True, check=False
    )


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    """Make a directory with one good page and an old output file."""
    (tmp_path / "glossary.toml").write_text(CONFIG)
    (tmp_path / "term.txt").write_text(GOOD)
    (tmp_path / "out.ttl").write_bytes(OLD)
    return tmp_path


def refused(folder: Path, said: str, code: int, *sources: str) -> None:
    """Export into the old file: the exit code, the words, and the old file must be right."""
    result = run("export", *sources, "-o", "out.ttl", cwd=folder)
    told = result.stderr.decode()
    assert "Traceback" not in told
    assert (result.returncode, said in told) == (code, True), told
    assert (folder / "out.ttl").read_bytes() == OLD
    assert sorted(name for name in os.listdir(folder) if name.startswith(".kg-tmp")) == []


def test_a_good_glossary_goes_through(glossary: Path) -> None:
    result = run("export", ".", "-o", "out.ttl", cwd=glossary)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert (
        b"https://example.org/g/term/term" in (glossary / "out.ttl").read_bytes()
        or b"term:term" in (glossary / "out.ttl").read_bytes()
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "term.txt:1:1: violation page.empty"),
        (b" \r\n\t\n", "term.txt:1:1: violation page.empty"),
        (b"Term\nA caf\xe9.\n", "term.txt:2: violation text.not-utf-8: not UTF-8: byte 0xe9"),
        ("Term\nA b.\n".encode("utf-16"), "term.txt:1: violation text.utf-16"),
        (b"Term\nA \x00 b.\n", "term.txt:2: violation text.nul"),
        (b"FAQ\nIs it?\nYes.\n", "term.txt:1:1: violation page.title-missing"),
        (b"Term\n", "term.txt:1:1: violation glossary.definition-missing"),
        (b"Term\n" + b"word " * 2_000_000, "term.txt:2:1: violation page.line-too-long"),
    ],
)
def test_a_bad_page(glossary: Path, data: bytes, said: str) -> None:
    (glossary / "term.txt").write_bytes(data)
    refused(glossary, said, 1, ".")


def test_a_page_with_bidi_controls_is_told(glossary: Path) -> None:
    (glossary / "term.txt").write_text("Term\nA \u202egnidaer\u202c of it.\n")
    result = run("export", ".", "-f", "turtle", "--fail-on", "warning", cwd=glossary)
    assert b"term.txt:2:3: warning text.bidi" in result.stderr
    assert result.returncode == 1


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_newline_styles_and_a_byte_order_mark_change_nothing_but_the_page(
    glossary: Path, newline: str, mark: bytes
) -> None:
    data = mark + GOOD.replace("\n", newline).encode()
    (glossary / "term.txt").write_bytes(data)
    result = run("export", ".", "-f", "nquads", cwd=glossary)
    assert result.returncode == 0
    (glossary / "term.txt").write_text(GOOD)
    assert result.stdout == run("export", ".", "-f", "nquads", cwd=glossary).stdout


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (("missing.txt",), "missing.txt: there is no such file; check the path"),
        ((os.devnull,), f"{os.devnull}: it is no regular file"),
        (("data.xyz",), "no file-name extension is called 'xyz'"),
        (("drawing.svg",), "svg is written, not read"),
    ],
)
def test_a_source_that_cannot_be_read(glossary: Path, sources: tuple[str, ...], said: str) -> None:
    refused(glossary, said, 2 if "." in sources[0][-4:] and "txt" not in sources[0] else 3, *sources)


def test_a_directory_without_pages(glossary: Path) -> None:
    (glossary / "empty").mkdir()
    (glossary / "empty" / "README.md").write_text("# Not a page\n")
    refused(glossary, "empty: violation glossary.no-pages", 1, "empty")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('[glossary]\ntitle = "G\n', "glossary.toml:2:11: violation glossary.config-unreadable"),
        ("[glossary]\ntitle = 3\n", "glossary.toml:2:1: violation glossary.config-value: glossary.toml: title is not"),
        ('[glossary]\nbase = "no iri"\n', "glossary.toml:2:1: violation glossary.config-value: glossary.toml: base it"),
        (b'[glossary]\ntitle = "\xff"\n', "glossary.toml:2: violation text.not-utf-8"),
        ('[pages]\ninclude = "a.txt"\n', "glossary.toml:2:1: violation glossary.config-value"),
    ],
)
def test_a_bad_config(glossary: Path, config: str | bytes, said: str) -> None:
    (glossary / "glossary.toml").write_bytes(config if isinstance(config, bytes) else config.encode())
    refused(glossary, said, 1, ".")


def test_without_a_config_the_iris_are_urns_and_a_warning_says_so(glossary: Path) -> None:
    (glossary / "glossary.toml").unlink()
    (glossary / "out.ttl").unlink()  # without a config, RDF beside pages is read, too
    result = run("export", ".", "-f", "ntriples", cwd=glossary)
    assert result.returncode == 0
    assert b"warning glossary.base-missing" in result.stderr
    assert b"<urn:glossary:unnamed:term:term>" in result.stdout


def test_an_unknown_key_of_the_config_is_told(glossary: Path) -> None:
    (glossary / "glossary.toml").write_text(CONFIG + 'licence = "x"\n')
    result = run("export", ".", "-f", "turtle", cwd=glossary)
    assert b"glossary.toml:5:1: warning glossary.config-unknown-key" in result.stderr


def test_two_entries_with_one_id(glossary: Path) -> None:
    (glossary / "sub").mkdir()
    (glossary / "sub" / "term.txt").write_text(GOOD)
    refused(glossary, "term.txt:1:1: violation glossary.id-clash: two entries have the id term (also", 1, ".")


def test_an_alias_that_is_another_entrys_label(glossary: Path) -> None:
    (glossary / "word.txt").write_text("Word\nA word is made of letters.\nAliases\nTerm\n")
    refused(glossary, "word.txt:4:1: violation glossary.label-clash", 1, ".")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('accepted\tterm\tskos:note\t"x"@en\tno such words\t\t\tme\t\n', "3:32: violation claims.quote-lost"),
        ('accepted\tterm\tskos:note\t"x"@en\te\t\t\tme\t\n', "3:32: violation claims.quote-ambiguous"),
        ("accepted\tterm\tkg:conern\tterm\tone\t\t\tme\t\n", "kg:conern is not known; did you mean kg:concern"),
        ('accepted\tterm\tskos:note\t"x\n', "3:1: violation claims.columns: 4 cells instead of 9"),
        ('accepted\tterm\tskos:note\t"x\t\t\t\tme\t\n', '3:25: violation claims.token: "x cannot be read'),
        ('accepted\tterm\tskos:note\t"x"@en_US\tone\t\t\tme\t\n', "3:25: violation claims.token"),
        ("accepted\tterm\tskos:broader\t<no iri>\tone\t\t\tme\t\n", "3:28: violation claims.token"),
        ('acepted\tterm\tskos:note\t"x"@en\tone\t\t\tme\t\n', "3:1: violation claims.status-unknown"),
        ('accepted\tterm\tskos:note\t"x"@en\t\t\t\tme\t\n', "3:32: violation claims.unsupported"),
        ('accepted\tterm\tskos:note\t"x"@en\tone\t\t\tme\t\nrejected\tterm\tskos:note\t"x"@en\t\t\t\tme\t\n',
         "4:1: violation claims.contradicted: the statement is accepted on line 3"),
    ],
)  # fmt: skip
def test_a_bad_claim(glossary: Path, rows: str, said: str) -> None:
    (glossary / "term.claims.tsv").write_text(f"# entry: term\n{HEADER}{rows}")
    refused(glossary, said, 1, ".")


def test_a_claims_file_without_an_entry(glossary: Path) -> None:
    (glossary / "term.claims.tsv").write_text(HEADER)
    refused(glossary, "term.claims.tsv:1:1: violation claims.entry-missing", 1, ".")


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="root may write everywhere")
def test_an_output_path_without_permission(glossary: Path) -> None:
    (glossary / "locked").mkdir(mode=0o555)
    result = run("export", ".", "-o", "locked/out.ttl", cwd=glossary)
    assert (result.returncode, b"no permission" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    ("output", "said"), [("missing/out.ttl", b"no such folder"), ("sub.ttl", b"it is a folder, not a file")]
)
def test_an_output_path_that_cannot_be_written(glossary: Path, output: str, said: bytes) -> None:
    (glossary / "sub.ttl").mkdir()
    result = run("export", ".", "-o", output, cwd=glossary)
    assert (result.returncode, said in result.stderr) == (3, True), result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk(glossary: Path) -> None:
    result = run("export", ".", "-f", "turtle", "-o", "/dev/full", cwd=glossary)
    assert (result.returncode, b"the disk is full" in result.stderr) == (3, True), result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "-f", "turtel"], b"did you mean 'turtle'?"),
        (["export", "-f", "all"], b"name a directory with -o"),
        (["export", "--concept", "foundation-modle", "-f", "turtle"], b"did you mean 'foundation-model'?"),
        (["export", "--base", "no iri", "x.txt"], b"--base no iri"),
        (["export", "--max-memory", "lots", "x.txt"], b"'lots' is not a size"),
        (["query", "-q", "SELECT"], b"the query cannot be read"),
        (["query"], b"--query, --file or --name"),
        (["query", "--name", "cq99"], b"no stored query is called 'cq99'"),
        (["query", "-q", "ASK {}", "--bind", "x"], b"write VAR=TERM"),
        (["claims", "--id", "C#", "x.txt"], b"such as c-sharp"),
        (["validate", "--profile", "none"], b"Invalid value"),
    ],
)
def test_a_wrong_call(tmp_path: Path, words: list[str], said: bytes) -> None:
    result = run(*words, cwd=tmp_path)
    assert (result.returncode, said in result.stderr) == (2, True), result.stderr
    assert result.stdout == b""


def test_standard_input_is_a_page_or_what_it_is_said_to_be(glossary: Path) -> None:
    for data, extra in ((GOOD.encode(), []), (b"# Term\n\nA b.\n", []), (b"<urn:a> <urn:b> 1 .", ["--from", "turtle"])):
        result = run("export", "-", "-f", "ntriples", *extra, cwd=glossary, stdin=data)
        assert (result.returncode, result.stdout != b"") == (0, True), result.stderr


def test_a_broken_pipe_ends_quietly() -> None:
    code = "from kg.cli import kgexport; kgexport()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "-f", "nquads", "--evidence", "reified"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_text_of_the_content_cannot_steer_the_terminal(glossary: Path) -> None:
    (glossary / "term.txt").write_text("Term\nA b.\nSteer \x1b[31m\nText of it.\n")
    result = run("export", ".", "-v", "-f", "turtle", cwd=glossary)
    assert b"\\u001b[31m" in result.stderr
    assert b"\x1b" not in result.stderr
