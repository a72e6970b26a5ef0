"""Quotes against pages, claims against data, and how much of a page is covered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from kg import profile, terms
from kg.check import evidence
from kg.check.evidence import Coverage, coverage
from kg.dataset import Dataset
from kg.iri import MintingPolicy
from kg.limits import Limits
from kg.read.evidence import PAGE, Evidence
from kg.read.glossary import read_glossary
from kg.read.page import read_page
from kg.report import Report, Severity
from kg.statement import Origin
from kg.text import Source, Span
from kg.vocab import EVIDENCE, KG, OA, PROV, RDF, RDFS, SKOS, shipped_glossary

if TYPE_CHECKING:
    from pathlib import Path

    from kg.terms import Term

BASE = "http://e.org/"
WARP = terms.iri(BASE + "term/warp")
THREAD = terms.iri(BASE + "term/thread")
TEXT = """Warp
A warp is a group of threads. It runs on one core.

Why it matters
It hides latency. Work is cheap.

FAQ
How big is a warp?
It has 32 threads. More would not fit.
"""


class Glossary:
    """A page with as many claims as a test wants."""

    def __init__(self, text: str = TEXT) -> None:
        self.source = Source("warp.txt", text)
        self.data = Dataset()
        self.data.texts["warp.txt"] = self.source
        self.evidence = Evidence(self.data, MintingPolicy(BASE))
        page = read_page(self.source, Report(), markdown=False)
        assert page is not None
        self.version = self.evidence.add_page(page, "warp", terms.iri(BASE + "page/warp"))
        self.data.add(WARP, RDF.type, SKOS.Concept)

    def claim(self, predicate: str, object_: str, quote: str, *, stated: bool = True) -> Term:
        [span] = self.source.find(quote)
        origin = Origin("warp.txt", *span)
        if stated:
            self.data.add(WARP, predicate, object_, origin=origin)
        claim = self.evidence.add_claim((WARP, terms.Term(predicate), terms.Term(object_)), PAGE, origin)
        self.evidence.add(claim, PROV.wasDerivedFrom, self.evidence.span(self.version, self.source, span), origin)
        return claim

    def coverage(self) -> Coverage:
        return coverage(self.data, self.version)

    def codes(self) -> list[str]:
        return sorted(found.code for found in evidence.check(self.data))


# -- coverage ----------------------------------------------------------------------------


def test_headings_and_questions_are_no_sentences() -> None:
    sentences = [
        "A warp is a group of threads.", "It runs on one core.", "It hides latency.", "Work is cheap.",
        "It has 32 threads.", "More would not fit.",
    ]  # fmt: skip
    assert Glossary().coverage() == Coverage(6, 0, sum(map(len, sentences)), 0)


def test_a_typed_claim_covers_the_sentence_its_quote_stands_in() -> None:
    page = Glossary()
    page.claim(KG.characteristic, '"of threads"@en', "a group of threads")
    page.claim(KG.benefit, '"latency"@en', "latency. Work")
    assert page.coverage()[1:] == (3, page.coverage().characters, len("a group of threads") + len("latency.Work"))


def test_overlapping_quotes_count_once() -> None:
    page = Glossary()
    page.claim(KG.characteristic, '"a"@en', "group of threads")
    page.claim(KG.benefit, '"b"@en', "a group of threads.")
    assert page.coverage().quoted == len("a group of threads.")
    assert page.coverage().covered == 1


def test_a_passage_kept_whole_covers_nothing() -> None:
    page = Glossary()
    page.claim(KG.whyItMatters, '"It hides latency. Work is cheap."@en', "It hides latency. Work is cheap.")
    assert page.coverage()[1::2] == (0, 0)
    page.claim(SKOS.definition, '"A warp is a group of threads."@en', "A warp is a group of threads.")
    assert page.coverage()[1::2] == (1, len("A warp is a group of threads."))


def test_words_kept_or_named_are_quoted_and_not_covered() -> None:
    page = Glossary()
    page.claim(KG.statement, '"It runs on one core."@en', "It runs on one core.")
    page.claim(SKOS.prefLabel, '"warp"@en', "A warp")
    assert page.coverage()[1::2] == (0, len("It runs on one core.") + len("A warp"))


def test_quotes_of_another_version_do_not_count() -> None:
    page = Glossary()
    other = terms.iri(BASE + "page/other")
    span = page.evidence.span(other, page.source, Span(5, 34))
    claim = page.evidence.add_claim((WARP, KG.benefit, terms.Term('"x"@en')), PAGE, Origin("warp.txt"))
    page.evidence.add(claim, PROV.wasDerivedFrom, span)
    assert page.coverage()[1::2] == (0, 0)


def test_wrapped_lines_and_questions_among_other_words_are_prose() -> None:
    wrapped = (
        "A warp is a group of threads that run together on one\ncore. Why together? Because they share one counter."
    )
    asked = "How many threads does a warp have on the\nmachines of today?"
    page = Glossary(f"Warp\n{wrapped}\n\nWhy it matters\n{asked}\nIt has 32 of them.\n")
    assert page.coverage()[0] == 3 + 1


def test_coverage_of_a_page_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        coverage(Dataset(), WARP)


def test_the_shipped_page_is_covered() -> None:
    data = read_glossary([shipped_glossary()], Report(), Limits())
    [version] = data.subjects(RDF.type, KG.PageVersion, EVIDENCE)
    found = coverage(data, version)
    assert found.sentences == 24
    assert found.covered >= 23
    assert found.quoted >= 0.88 * found.characters


def test_the_measure_agrees_with_the_worked_example(shared: Path) -> None:
    text = (shared / "seed/foundation-model.txt").read_text("utf-8")
    page = Glossary(text)
    rows: dict[str, dict[str, str]] = {}
    example = (shared / "model/worked-example.ttl").read_bytes()
    for triple in pyoxigraph.parse(example, pyoxigraph.RdfFormat.TURTLE):
        rows.setdefault(str(triple.subject), {})[str(triple.predicate)] = str(triple.object)
    claims = [row for row in rows.values() if row.get(RDF.type) == RDF.Statement]
    assert len(claims) == 79
    for row in claims:
        predicate = re.sub(r".*[#/]", KG.base, row[RDF.predicate][:-1])
        place = re.search(r"#char=(\d+),(\d+)", row[PROV.wasDerivedFrom])
        assert place is not None
        claim = page.evidence.add_claim((WARP, terms.iri(predicate), terms.Term(row[RDF.object])), PAGE, Origin("page"))
        span = Span(int(place[1]), int(place[2]))
        page.evidence.add(claim, PROV.wasDerivedFrom, page.evidence.span(page.version, page.source, span))
    found = page.coverage()
    assert (found.sentences, found.covered) == (24, 23)
    assert round(100 * found.quoted / found.characters, 1) == 88.4


# -- findings ----------------------------------------------------------------------------


def test_without_claims_nothing_is_asked() -> None:
    page = Glossary()
    page.data.add(WARP, SKOS.definition, '"A warp."@en')
    assert page.codes() == []


def test_a_claimed_statement_needs_nothing_more() -> None:
    page = Glossary()
    page.claim(KG.adaptedBy, THREAD, "a group of threads")
    assert page.codes() == []


def test_what_follows_from_a_claimed_statement_needs_no_claim() -> None:
    page = Glossary()
    page.data.add(THREAD, RDF.type, SKOS.Concept)
    page.claim(KG.exampleModel, THREAD, "a group of threads")
    page.claim(KG.adaptedBy, THREAD, "threads. It")
    page.claim(KG.shiftFrom, THREAD, "It runs on one core.")
    whole = profile.apply(page.data, "full")
    assert len(list(whole.match())) > len(list(page.data.match())) + 5
    assert list(evidence.check(whole)) == []


def test_a_statement_without_a_claim_is_reported_where_it_stands() -> None:
    page = Glossary()
    page.claim(KG.characteristic, '"of threads"@en', "a group of threads")
    page.data.add(WARP, KG.benefit, '"cheap"@en', origin=Origin("warp.txt", TEXT.index("latency"), 0))
    page.data.add(WARP, RDFS.seeAlso, "<http://o.org/>")
    [found] = evidence.check(page.data)
    assert (found.code, found.severity, found.focus) == ("evidence.missing", Severity.WARNING, WARP)
    assert found.location is not None
    assert found.location.line == 5
    assert found.location.column == len("It hides ") + 1
    assert found.message == f"nothing shows what this rests on: {WARP} kg:benefit “cheap”"


def test_only_concepts_labels_and_questions_are_asked_for_claims() -> None:
    page = Glossary()
    page.claim(KG.characteristic, '"of threads"@en', "a group of threads")
    page.data.add("<http://o.org/book>", SKOS.note, '"A note."@en')
    assert page.codes() == []


def test_a_claim_that_is_not_stated_is_reported() -> None:
    page = Glossary()
    claim = page.claim(KG.characteristic, '"of threads"@en', "a group of threads", stated=False)
    [found] = evidence.check(page.data)
    assert (found.code, found.focus) == ("evidence.unstated", claim)
    assert found.message == f"the claim that {WARP} kg:characteristic “of threads” is not stated in the data"
    assert found.location is not None
    assert found.location.path == "warp.txt"


@pytest.mark.parametrize(
    ("text", "codes"),
    [(TEXT, []), (TEXT.replace("Warp", "A warp", 1), ["evidence.not-in-page"]), (TEXT[:20], ["evidence.not-in-page"])],
)
def test_a_quote_that_is_not_in_its_page_is_reported(text: str, codes: list[str]) -> None:
    page = Glossary()
    page.claim(KG.characteristic, '"of threads"@en', "group of threads")
    changed = Dataset()
    for statement in page.data:
        isnt_text = statement.predicate != KG.text
        changed.add(*statement[:2], statement.object if isnt_text else terms.literal(text), statement.graph)
    spans = changed.subjects(RDF.type, OA.SpecificResource, EVIDENCE)
    found = [one for one in evidence.check(changed) if one.focus in spans]
    wrong = [one for one in found if "group of threads" in one.message]
    assert sorted({one.code for one in wrong}) == codes


def test_offsets_count_characters_of_the_text_as_it_stands() -> None:
    page = Glossary("Warp\r\nA “warp” 🧵 is a group of threads.\r\n")
    page.claim(KG.characteristic, '"of threads"@en', "group of threads")
    assert page.codes() == []
