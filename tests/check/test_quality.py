"""The quality rules beyond their cases: definitions at their edges, measures told at once, nothing told twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from kg import pipeline
from kg.check import measure, online, rules
from kg.check.graph import Checked
from kg.check.quality_relations import missing_inverses
from kg.dataset import Dataset
from kg.errors import UsageError
from kg.report import Location
from kg.rule import INCLUDED, PROFILES, RULES
from kg.rule.choice import Choice
from kg.statement import Origin
from kg.text import Source
from kg.vocab import SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.report import Finding

    Reader = Callable[..., Dataset]

SCHEME = ":s a skos:ConceptScheme ; skos:hasTopConcept :a . :a skos:topConceptOf :s . "
A = ':a a skos:Concept ; skos:inScheme :s ; skos:prefLabel "a"@en . '
B = ':b a skos:Concept ; skos:inScheme :s ; skos:prefLabel "b"@en . '
C = ':c a skos:Concept ; skos:inScheme :s ; skos:prefLabel "c"@en . '
ABC = SCHEME + A + B + C

#: Rule, name of the case, graph, how many findings of the rule it has.
CASES = [
    ("quality.near-duplicate", "resources for labels", ABC + ":a skos:prefLabel :x-y . :b skos:prefLabel :xy .", 0),
    ("quality.note-language", "a number is no text", ABC + ":a skos:note 7 .", 0),
    ("quality.note-language", "a note as a resource", ABC + ":a skos:note :n .", 0),
    ("quality.note-language", "any note", ABC + ':a skos:scopeNote "x" . :b skos:changeNote "y" .', 2),
    ("quality.language-tag", "three letters", ABC + ':a skos:altLabel "x"@gsw, "y"@en-GB, "z"@zh-Hant .', 0),
    ("quality.language-tag", "withdrawn", ABC + ':a skos:altLabel "x"@iw . :b skos:altLabel "y"@iw .', 1),
    ("quality.language-tag", "two letters too many", ABC + ':a skos:altLabel "x"@english .', 1),
    ("quality.language-coverage", "one concept alone", ABC + ':a skos:altLabel "x"@de .', 0),
    ("quality.language-coverage", "two of three", ABC + ':a skos:altLabel "x"@de . :b skos:note "y"@de .', 1),
    (
        "quality.language-coverage",
        "all",
        ABC + ":a skos:altLabel 'x'@de . :b skos:note 'y'@de . :c skos:note 'z'@de .",
        0,
    ),
    ("quality.common-language", "one language, not on all", SCHEME + A + ":b a skos:Concept .", 0),
    ("quality.common-language", "two, neither on all", SCHEME + A + ':b a skos:Concept ; skos:prefLabel "b"@de .', 1),
    ("quality.label-empty", "blank", ABC + ':a skos:altLabel " "@en .', 1),
    ("quality.label-space", "a line end within", ABC + ':a skos:altLabel "x\\ny"@en .', 1),
    ("quality.label-space", "a tab before", ABC + ':a skos:altLabel "\\tx"@en .', 1),
    ("quality.label-space", "a quotation mark within", ABC + ':a skos:altLabel "say \\"x\\" twice"@en .', 0),
    ("quality.label-space", "notes may have lines", ABC + ':a skos:note "x\\n y "@en .', 0),
    ("quality.label-unprintable", "soft hyphen", ABC + ':a skos:altLabel "x\u00ady"@en .', 1),
    (
        "quality.label-unprintable",
        "what joins letters",
        ABC + ':a skos:altLabel "\u0646\u0645\u06cc\u200c\u062e\u0648"@fa .',
        0,
    ),
    ("quality.label-unprintable", "letters outside ASCII", ABC + ':a skos:altLabel "Größe 中文 é"@de .', 0),
    ("quality.label-unprintable", "a space that does not break", ABC + ':a skos:altLabel "5\u00a0km"@en .', 0),
    ("quality.label-overlap", "case", ABC + ':a skos:altLabel "x"@en . :b skos:hiddenLabel "X"@en .', 1),
    ("quality.label-overlap", "language", ABC + ':a skos:altLabel "x"@en . :b skos:hiddenLabel "x"@de .', 0),
    ("quality.label-overlap", "somebody's label", ABC + ':a skos:altLabel "c"@en . :b skos:altLabel "c"@en .', 0),
    (
        "quality.label-overlap",
        "three concepts",
        ABC
        + ':a, :b, :c skos:altLabel "x"@en .'.replace(":a, :b, :c", ":a")
        + ' :b skos:altLabel "x"@en . :c skos:altLabel "x"@en .',
        1,
    ),
    (
        "quality.near-duplicate",
        "hyphen and case",
        SCHEME + A + ':b a skos:Concept ; skos:inScheme :s ; skos:prefLabel "Data-set"@en . '
        ':c a skos:Concept ; skos:inScheme :s ; skos:prefLabel "data set"@en .',
        1,
    ),
    (
        "quality.near-duplicate",
        "diacritics",
        ':b a skos:Concept ; skos:prefLabel "façade"@en . :c a skos:Concept ; skos:prefLabel "facade"@en .',
        1,
    ),
    (
        "quality.near-duplicate",
        "plural",
        ':b a skos:Concept ; skos:prefLabel "berry"@en . :c a skos:Concept ; skos:prefLabel "berries"@en .',
        1,
    ),
    (
        "quality.near-duplicate",
        "plural of English only",
        ':b a skos:Concept ; skos:prefLabel "la"@fr . :c a skos:Concept ; skos:prefLabel "las"@fr .',
        0,
    ),
    (
        "quality.near-duplicate",
        "C++ and C#",
        ':b a skos:Concept ; skos:prefLabel "C++"@en . :c a skos:Concept ; skos:prefLabel "C#"@en .',
        0,
    ),
    (
        "quality.near-duplicate",
        "1.1 and 11",
        ':b a skos:Concept ; skos:prefLabel "v 1.1"@en . :c a skos:Concept ; skos:prefLabel "v 11"@en .',
        0,
    ),
    (
        "quality.near-duplicate",
        "an acronym",
        ':b a skos:Concept ; skos:prefLabel "IT"@en . :c a skos:Concept ; skos:prefLabel "it"@en .',
        0,
    ),
    (
        "quality.near-duplicate",
        "equal",
        ':b a skos:Concept ; skos:prefLabel "x"@en . :c a skos:Concept ; skos:prefLabel "x"@en .',
        0,
    ),
    ("quality.undocumented", "a change note", SCHEME + A + ':a skos:changeNote "x"@en .', 0),
    ("quality.notation-shared", "two datatypes", ABC + ":a skos:notation '1' . :b skos:notation 1 .", 0),
    (
        "quality.notation-shared",
        "two schemes",
        ABC + ":a skos:notation '1' . :t a skos:ConceptScheme . "
        ":d a skos:Concept ; skos:inScheme :t ; skos:notation '1' .",
        0,
    ),
    ("quality.notation-several", "two datatypes", ABC + ":a skos:notation '1', 1 .", 0),
    (
        "quality.cluster",
        "linked by way of others",
        ABC + ":a skos:closeMatch <http://o.org/x> . :b skos:closeMatch <http://o.org/x> .:b skos:narrower :c .",
        0,
    ),
    ("quality.cluster", "two pairs", ABC + B.replace(":b", ":d") + ":a skos:narrower :b . :c skos:related :d .", 1),
    ("quality.orphan", "mapped", ABC + ":a skos:narrower :b . :c skos:exactMatch <http://o.org/x> .", 0),
    (
        "quality.orphan",
        "linked to itself alone",
        ABC + ":t a skos:ConceptScheme . :d a skos:Concept ; skos:inScheme :t ; skos:related :d .",
        2,
    ),
    ("quality.orphan", "out of reach, and told as such", ABC + ":a skos:narrower :b .", 0),
    (
        "quality.valueless-association",
        "cousins",
        ABC + ":b skos:broader :a . :c skos:broader :b . :c skos:related :a .",
        0,
    ),
    (
        "quality.valueless-association",
        "both ways is one",
        ABC + ":b skos:broader :a . :a skos:narrower :c . :b skos:related :c . :c skos:related :b .",
        1,
    ),
    (
        "quality.valueless-association",
        "a property that says why",
        ABC + ":b skos:broader :a . :c skos:broader :a . :b kg:contrastsWith :c .",
        0,
    ),
    ("quality.redundant-broader", "two parents beside each other", ABC + ":c skos:broader :a, :b .", 0),
    (
        "quality.redundant-broader",
        "over two steps",
        ABC + ":b skos:broader :a . :c skos:broader :b . :d skos:broader :c, :a .",
        1,
    ),
    (
        "quality.redundant-broader",
        "a transitive link follows anyhow",
        ABC + ":b skos:broader :a . :c skos:broader :b ; skos:broaderTransitive :a .",
        0,
    ),
    (
        "quality.redundant-broader",
        "in a circle",
        ABC + ":b skos:broader :a . :a skos:broader :b . :c skos:broader :a, :b .",
        0,
    ),
    (
        "quality.solely-transitive",
        "a chain",
        ABC + ":b skos:broader :a . :b skos:narrower :c . :c skos:broaderTransitive :a .",
        0,
    ),
    (
        "quality.solely-transitive",
        "in the other direction",
        ABC + ":b skos:broader :a . :a skos:broaderTransitive :b .",
        1,
    ),
    (
        "quality.solely-transitive",
        "in a circle",
        ABC + ":a skos:broader :b . :b skos:broader :a . :a skos:broaderTransitive :b . :b skos:broaderTransitive :a .",
        0,
    ),
    ("quality.top-with-broader", "a mapping", ABC + ":a skos:broadMatch <http://o.org/x> .", 0),
    (
        "quality.top-with-broader",
        "of another scheme",
        ABC + ":t a skos:ConceptScheme . :d a skos:Concept ; skos:inScheme :t . :a skos:broader :d .",
        0,
    ),
    ("quality.top-with-broader", "told from above", ABC + ":b skos:narrower :a .", 1),
    ("quality.one-sided", "outside", ABC + ":a skos:exactMatch <http://o.org/x> .", 0),
    ("quality.one-sided", "a property below the inverse", ABC + ":a kg:exampleModel :b . :b skos:broader :a .", 0),
    ("quality.one-sided", "itself", ABC + ":a skos:related :a .", 0),
    ("quality.one-sided", "related and mapped", ABC + ":a skos:related :b . :b skos:exactMatch :c .", 2),
    ("quality.reflexive", "above itself is a circle", ABC + ":a skos:broader :a ; skos:broadMatch :a .", 0),
    ("quality.reflexive", "mapped", ABC + ":a skos:exactMatch :a .", 1),
    ("quality.several-schemes", "on top is in", ABC + ":t skos:hasTopConcept :b .", 1),
    (
        "quality.across-schemes",
        "candidates",
        ABC + ":d foaf:primaryTopic :s . :t a skos:ConceptScheme . "
        ":x a skos:Concept ; skos:inScheme :t . :a skos:related :x .",
        0,
    ),
    ("quality.mapping-inside", "in no scheme", ":x a skos:Concept . :y a skos:Concept . :x skos:exactMatch :y .", 1),
    (
        "quality.mapping-inside",
        "in two",
        ABC + ":t a skos:ConceptScheme . :x a skos:Concept ; skos:inScheme :t . :a skos:exactMatch :x .",
        0,
    ),
    ("quality.skos-term", "dropped in 2009", ABC + ":a skos:subject :b . :b skos:subject :c .", 1),
    (
        "quality.skos-term",
        "the namespace itself",
        ABC + ":a rdfs:isDefinedBy <http://www.w3.org/2004/02/skos/core#> .",
        0,
    ),
    ("quality.skos-term", "of SKOS-XL", ABC + ":a skosxl:label :l .", 1),
    (
        "quality.skos-namespace",
        "a file of SKOS",
        ABC + ":a rdfs:seeAlso <https://www.w3.org/2004/02/skos/core.rdf> .",
        0,
    ),
    ("quality.skos-namespace", "as a class", ABC + ":x a <https://www.w3.org/2004/02/skos/core#Concept> .", 1),
    (
        "quality.http-iri",
        "two schemes of IRIs",
        "<urn:a> a skos:Concept . <tag:b> a skos:Concept . <urn:glossary:c> a skos:Concept .",
        2,
    ),
    ("quality.out-link", "a neighbour of its own", ABC + ":a skos:exactMatch :b .", 3),
    (
        "quality.out-link",
        "linked from outside",
        ABC + "<http://o.org/x> skos:exactMatch :a . :b skos:closeMatch <http://o.org/y> .",
        1,
    ),
    ("quality.label-for-iri", "an IRI as a literal", ABC + ':a rdfs:seeAlso "http://o.org/"^^xsd:anyURI .', 0),
    ("quality.deprecated", "a change note says why", ABC + ':a owl:deprecated true ; skos:changeNote "split"@en .', 0),
    ("quality.deprecated", "by its status", ABC + ":a adms:status adms-status:Deprecated .", 1),
]


def found(data: Dataset, *select: str) -> list[Finding]:
    return list(rules.check(data, Choice(select=select)))


@pytest.mark.parametrize(("code", "name", "graph", "number"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_rule(code: str, name: str, graph: str, number: int, read: Reader) -> None:
    messages = [str(one) for one in found(read(graph), code)]
    assert len(messages) == number, (name, messages)


def test_every_rule_has_its_source() -> None:
    table = {code: rule for code, rule in RULES.items() if code.startswith("quality.")}
    assert len(table) == 33
    assert all(
        rule.profile == "quality" and rule.source for code, rule in table.items() if code != "quality.link-unasked"
    )
    assert {code for code in INCLUDED["quality"] if code not in RULES} == set()


def test_every_rule_is_run_by_one_function() -> None:
    codes = [code for rule in rules.graph_rules("quality") for code in rule.codes]
    assert len(codes) == len(set(codes))
    on_request = {"quality.link-dead", "quality.link-unasked", "quality.in-link"}
    assert {*codes} | on_request == {code for code in RULES if code.startswith("quality.")}


# -- few and many ------------------------------------------------------------------


def flat(number: int) -> str:
    concepts = (f':n{at:03} a skos:Concept ; skos:inScheme :s ; skos:prefLabel "n {at}"@en .' for at in range(number))
    return SCHEME + A + " ".join(concepts)


def test_few_are_told_one_by_one_and_many_at_once(read: Reader) -> None:
    few = found(read(flat(measure.LISTED - 1)), "quality.out-link")
    assert len(few) == measure.LISTED
    assert all(one.focus and one.location for one in few)
    [one] = found(read(flat(200)), "quality.out-link")
    assert one.focus is None and one.location is not None and len(one.also) <= 5
    assert one.message == (
        "no link to another vocabulary: 201 of 201 concepts, such as “a”, “n 0”, “n 1”, “n 2”, “n 3”, “n 4”"
    )


def test_many_statements_are_told_with_what_there_is_of_them(read: Reader) -> None:
    links = " ".join(f":n{at:03} skos:broader :a ." for at in range(200))
    [one] = found(read(flat(200) + links + ":a skos:narrower :n000 ."), "quality.one-sided")
    assert one.message.startswith(
        "not said from the other side, by skos:narrower: 199 of 200 statements of skos:broader, "
        "such as “n 1” skos:broader “a”; "
    )
    assert (one.focus, one.path, one.value) == (None, SKOS.broader, None)
    assert len(list(missing_inverses(Checked(read(flat(200) + links))))) == 200


def test_statements_of_several_properties_are_told_without_one(read: Reader) -> None:
    notes = " ".join(f':n{at:03} skos:note "x" .' for at in range(200))
    [one] = found(read(flat(200) + notes), "quality.note-language")
    assert one.path == SKOS.note
    [one] = found(read(flat(200) + notes + ' :a skos:scopeNote "y" .'), "quality.note-language")
    assert one.path is None


def test_what_a_page_says_is_not_one_sided() -> None:
    data = Dataset()
    data.texts["a.txt"] = Source("a.txt", "one\n")
    for term in ("<urn:a>", "<urn:b>"):
        data.add(term, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", SKOS.Concept)
    data.add("<urn:a>", SKOS.related, "<urn:b>", origin=Origin("a.txt", 0, 3))
    assert found(data, "quality.one-sided") == []
    data.add("<urn:b>", SKOS.broader, "<urn:a>", origin=Origin("b.ttl"))
    assert [one.path for one in found(data, "quality.one-sided")] == [SKOS.broader]


# -- nothing twice -----------------------------------------------------------------


def test_a_concept_without_any_note_is_told_once(read: Reader) -> None:
    data = read(SCHEME + A)
    codes = pipeline.check(data, ("quality",)).codes()
    assert codes.count("quality.undocumented") == 1 and "glossary.concept-undefined" not in codes
    codes = pipeline.check(data, ("glossary", "quality")).codes()
    assert codes.count("glossary.concept-undefined") == 1 and "quality.undocumented" not in codes


def test_the_catalogue_asks_for_the_rules_of_others(read: Reader) -> None:
    data = read(ABC + ":a skos:narrower :b . :b skos:narrower :a . :b skos:related :a .")
    assert {"glossary.cycle", "skos.s27"} <= set(pipeline.check(data, ("quality",)).codes())


def test_a_rebound_prefix_is_told_by_the_reader_alone(tmp_path: object) -> None:
    file = f"{tmp_path}/x.ttl"
    with open(file, "w", encoding="utf-8") as stream:
        stream.write("@prefix skos: <https://www.w3.org/2004/02/skos/core#> .\n<http://e.org/a> a skos:Concept .\n")
    codes = pipeline.check(pipeline.read(pipeline.Job((file,))), PROFILES).codes()
    assert codes == ["rdf.prefix-rebound"]


def test_the_order_of_statements_changes_nothing(read: Reader) -> None:
    parts = [
        A, B, C, SCHEME, ":a skos:related :c .", ":b skos:broader :a .", ":c skos:broader :a .",
        ":b skos:closeMatch :c .",
        ':a skos:altLabel "x"@en .', ':b skos:altLabel "x"@en .', ":b skos:related :c .", ":c skos:related :c .",
        ":t a skos:ConceptScheme .",
        ":d a skos:Concept ; skos:inScheme :t ; skos:related :a ; skos:notation '1', '2' .",
        ":a skos:related :d .", ':a skos:prefLabell "y" .', ':a rdfs:seeAlso "b" .',
    ]  # fmt: skip
    ways = (parts, parts[::-1])
    messages = [
        sorted((one.code, one.message, one.focus or "") for one in found(read(" ".join(way)), "quality"))
        for way in ways
    ]
    assert messages[0] == messages[1]
    assert len(messages[0]) > 10


def test_a_literal_in_place_of_an_iri_names_what_may_be_meant(read: Reader) -> None:
    [one] = found(read(ABC + ':c dcterms:isReplacedBy "B"@en .'), "quality.label-for-iri")
    assert one.message == (
        "dcterms:isReplacedBy of “c” is the text “B”, where an IRI belongs; <http://e.org/term/b> has that label"
    )


def test_a_slip_in_a_term_of_skos_names_what_may_be_meant(read: Reader) -> None:
    messages = [
        one.message for one in found(read(ABC + ':a skos:PrefLabel "y"@en ; skos:subject :b .'), "quality.skos-term")
    ]
    assert messages == [
        "skos:PrefLabel is no term of SKOS; is prefLabel meant?; used: 1",
        "skos:subject is no term of SKOS, which dropped it; dcterms:subject says it now; used: 1",
    ]


# -- the Web -----------------------------------------------------------------------

SERVER = """
import http.server, sys
class Answers(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer()
    def do_GET(self):
        self.answer()
    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        body = b'{"results": {"bindings": [{"c": {"value": "http://e.org/term/a"}}]}}' if "VALUES" in query else b"no"
        self.send_response(200); self.end_headers(); self.wfile.write(body)
    def answer(self):
        status = int(self.path.rpartition("/")[2])
        if status == 405 and self.command == "GET":
            status = 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/404")
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *parts):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
QUICK = online.Manners(timeout=5, delay=0)


@pytest.fixture
def server() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def linked(server: str, *statuses: int) -> str:
    return ABC + " ".join(f":a rdfs:seeAlso <{server}/{status}> ." for status in statuses)


def test_links_that_lead_nowhere(server: str, read: Reader) -> None:
    data = read(linked(server, 200, 404, 410, 403, 429, 405, 302, 500))
    told = {
        one.value: one.message
        for one in online.dead_links(data, online.open_anywhere, QUICK)
        if server in str(one.value)
    }
    assert told == {
        f"<{server}/{status}>": f"<{server}/{status}> cannot be looked up: the server answers {answer}"
        for status, answer in ((302, 404), (404, 404), (410, 410), (500, 500))
    }


def test_private_addresses_are_not_asked(server: str, read: Reader) -> None:
    data = read(linked(server, 200))
    [one] = [one for one in online.dead_links(data, manners=QUICK) if server in str(one.value)]
    assert one.message.endswith("127.0.0.1 is not a public address, so it is not asked")
    for url in ("file:///etc/passwd", "http://[::1]/", "http://0/", "http://a b/", "http://[x/", "ftp://e.org/"):
        answer = online.open_public(online.Request("HEAD", url), 1)
        assert answer.status == 0 and answer.problem


def test_a_server_that_is_gone_is_told(read: Reader) -> None:
    closed = "http://127.0.0.1:1"
    [one] = [
        one
        for one in online.dead_links(read(linked(closed, 200)), online.open_anywhere, QUICK)
        if closed in str(one.value)
    ]
    assert "no answer: " in one.message


def test_a_document_is_asked_for_once_and_a_host_in_a_row(read: Reader) -> None:
    asked: list[online.Request] = []

    def opener(request: online.Request, _: float) -> online.Answer:
        asked.append(request)
        return online.Answer(200)

    links = " ".join(f":a rdfs:seeAlso <http://o.org/{at}#{part}> ." for at in range(3) for part in "xy")
    data = read(A + links)
    started = time.monotonic()
    assert list(online.dead_links(data, opener, online.Manners(delay=0.05))) == []
    assert time.monotonic() - started >= 0.1, "between three requests to one host there are two pauses"
    assert sorted(one.url for one in asked if "o.org" in one.url) == [f"http://o.org/{at}" for at in range(3)]
    assert {one.method for one in asked} == {"HEAD"}
    assert not any("skos" in one.url for one in asked), "what classes things is not asked for"
    [rest] = online.dead_links(data, opener, online.Manners(delay=0, most=1))
    assert (rest.code, rest.message[:22]) == ("quality.link-unasked", "3 more linked document")


def test_concepts_that_nobody_links_to(server: str, read: Reader) -> None:
    told = list(online.missing_in_links(read(ABC), server, online.open_anywhere, QUICK))
    assert [one.focus for one in told] == ["<http://e.org/term/b>", "<http://e.org/term/c>"]
    assert all(isinstance(one.location, Location) for one in told)
    with pytest.raises(UsageError, match="does not answer a SPARQL query"):
        list(online.missing_in_links(read(ABC), "http://o.org/", lambda *_: online.Answer(200, b"<html>"), QUICK))
    none = json.dumps({"results": {"bindings": []}}).encode()
    assert (
        len(list(online.missing_in_links(read(ABC), "http://o.org/", lambda *_: online.Answer(200, none), QUICK))) == 3
    )
