"""Evidence against pages and data: are the quotes there, are the claims stated, what rests on nothing.

Offsets count Unicode characters of the page's text, as `kg.text` has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg import terms
from kg.check.wording import Wording, quoted
from kg.dataset import Dataset
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.rule import finding
from kg.statement import Statement
from kg.terms import Term
from kg.text import Span, sentences, trim
from kg.vocab import DCTERMS, EVIDENCE, KG, OA, PROV, RDF, RDFS, SKOS, SKOSXL

#: Claims with these predicates keep or name something; they do not say in terms what a sentence says.
_UNTYPED = (KG.statement, SKOS.note, RDF.type, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, RDFS.label)
#: What is said in words or links of a concept, a label or a question, besides semantic relations and notes.
_CONTENT = (
    *(SKOS.altLabel, SKOS.hiddenLabel),
    *(KG.coinedBy, KG.firstAppeared, KG.firstAppearedIn),
    *(KG.question, KG.questionText, KG.answerText),
)
_SUBJECTS = (SKOS.Concept, SKOSXL.Label, KG.Question)


class Coverage(NamedTuple):
    """How much of a page its claims cover.

    `sentences` are those of the page's sections, headings and questions left out, and
    `covered` those in which the quote of a typed claim stands; `characters` is their
    length together, and `quoted` how many of these characters stand in a quote.
    """

    sentences: int
    covered: int
    characters: int
    quoted: int


class _Quote(NamedTuple):
    """A quote as the evidence has it; `exact` is None where its words are not given."""

    span: Span
    exact: str | None


class _Evidence:
    """The evidence graph by predicate and subject, read in one pass: it is several times the data."""

    def __init__(self, dataset: Dataset) -> None:
        self._objects: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, object_, graph in dataset:
            if graph == EVIDENCE:
                self._objects.setdefault(predicate, {}).setdefault(subject, []).append(object_)

    def objects(self, subject: str, predicate: str) -> list[Term]:
        return sorted(self._objects.get(predicate, {}).get(subject, ()))

    def value(self, subject: str, predicate: str) -> Term | None:
        return min(self._objects.get(predicate, {}).get(subject, ()), default=None)

    def subjects(self, predicate: str, object_: str) -> list[str]:
        return sorted(subject for subject, objects in self._objects.get(predicate, {}).items() if object_ in objects)

    def text(self, version: str) -> str | None:
        text = self.value(version, KG.text)
        return None if text is None else terms.lexical(text)

    def quotes(self, source: str) -> Iterator[_Quote]:
        for selector in self.objects(source, OA.hasSelector):
            start, end = _number(self.value(selector, OA.start)), _number(self.value(selector, OA.end))
            exact = self.value(selector, OA.exact)
            if start is not None and end is not None:
                yield _Quote(Span(start, end), None if exact is None else terms.lexical(exact))

    def spans(self, resource: str, version: str) -> Iterator[Span]:
        """Yield the ranges of a version that a claim or a section is derived from."""
        for source in self.objects(resource, PROV.wasDerivedFrom):
            if version in self.objects(source, OA.hasSource):
                for quote in self.quotes(source):
                    yield quote.span


def _number(term: Term | None) -> int | None:
    text = terms.lexical(term) if term and terms.is_literal(term) else ""
    return int(text) if text.isascii() and text.isdigit() else None


# -- coverage ----------------------------------------------------------------------


def coverage(dataset: Dataset, version: str) -> Coverage:
    """Count how much of a version of a page is covered by claims, from the evidence graph alone.

    A claim that keeps a passage of several sentences word for word says nothing of any
    one of them: it counts for nothing here. Nor do claims that only keep a sentence as
    text or name its words count for `covered`.

    Raises `KeyError` when the evidence does not hold the text of that version.
    """
    evidence = _Evidence(dataset)
    text = evidence.text(version)
    if text is None:
        raise KeyError(version)
    found = _sentences(evidence, version, text)
    typed: list[Span] = []
    marked = bytearray(len(text))
    for claim in evidence.subjects(RDF.type, KG.Claim):
        words = _words(evidence.value(claim, RDF.object))
        for span in evidence.spans(claim, version):
            if words == text[span.start : span.end].split() and not any(one.holds(span) for one in found):
                continue
            marked[span.start : span.end] = b"\1" * (span.end - span.start)
            if evidence.value(claim, RDF.predicate) not in _UNTYPED:
                typed.append(span)
    covered = sum(any(span.start < one.end and one.start < span.end for span in typed) for one in found)
    characters = sum(end - start for start, end in found)
    return Coverage(len(found), covered, characters, sum(sum(marked[start:end]) for start, end in found))


def _words(term: Term | None) -> list[str] | None:
    return terms.lexical(term).split() if term and terms.is_literal(term) else None


def _sentences(evidence: _Evidence, version: str, text: str) -> list[Span]:
    """Return the sentences of the sections, without headings and the questions of an FAQ."""
    found: set[Span] = set()
    for section in evidence.subjects(DCTERMS.isPartOf, version):
        for span in evidence.spans(section, version):
            for block in _prose(text, span):
                found.update(sentences(text, block))
    return sorted(found)


def _prose(text: str, span: Span) -> Iterator[Span]:
    """Yield the runs of lines that make prose: neither headings nor a question that stands alone."""
    for run in _runs(text, span):
        found = sentences(text, run)
        if len(found) > 1 or not text[run.start : run.end].rstrip("*_ ").endswith("?"):
            yield run


def _runs(text: str, span: Span) -> Iterator[Span]:
    """Yield the runs of lines between empty lines, headings and lines that end a sentence."""
    start: int | None = None
    at = span.start
    for line in text[span.start : span.end].splitlines(keepends=True):
        words = line.strip()
        if start is not None and (not words or words.startswith("#")):
            yield trim(text, Span(start, at))
            start = None
        elif start is None and words and not words.startswith("#"):
            start = at
        at += len(line)
        if start is not None and words.rstrip("\"'”’»)]*_").endswith((".", "!", "?")):
            yield trim(text, Span(start, at))
            start = None
    if start is not None:
        yield trim(text, Span(start, at))


# -- findings ----------------------------------------------------------------------


def check(dataset: Dataset) -> Iterator[Finding]:
    """Yield what is wrong between evidence, pages and data; nothing when there is no claim.

    The data may be asserted or expanded: a statement that follows from a claimed one needs
    no claim of its own.
    """
    evidence = _Evidence(dataset)
    claims = list(_claims(evidence))
    if claims:
        wording = Wording(dataset)
        yield from _misquoted(evidence, wording)
        yield from _unstated(dataset, wording, claims)
        yield from _without_claim(dataset, wording, claims)


def _claims(evidence: _Evidence) -> Iterator[tuple[str, Statement]]:
    """Yield each complete claim with what it states."""
    for claim in evidence.subjects(RDF.type, KG.Claim):
        subject, predicate, object_ = (evidence.value(claim, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        if subject and predicate and object_:
            yield claim, Statement(subject, predicate, object_)


def _misquoted(evidence: _Evidence, wording: Wording) -> Iterator[Finding]:
    """Compare the words of each quote with its page at its range."""
    texts: dict[str, str | None] = {}
    for source in evidence.subjects(RDF.type, OA.SpecificResource):
        for page in evidence.objects(source, OA.hasSource):
            if page not in texts:
                texts[page] = evidence.text(page)
            text = texts[page]
            for quote in evidence.quotes(source):
                start, end = quote.span
                if text is not None and quote.exact is not None and text[start:end] != quote.exact:
                    place = wording.place((source, OA.hasSource, page, EVIDENCE))[0]
                    words = quoted(quote.exact)
                    yield finding("evidence.not-in-page", place, source, quote=words, start=start, end=end)


def _unstated(dataset: Dataset, wording: Wording, claims: list[tuple[str, Statement]]) -> Iterator[Finding]:
    """Look each claim up in the data."""
    for claim, statement in claims:
        if statement not in dataset:
            place = wording.place((claim, RDF.subject, statement.subject, EVIDENCE))[0]
            yield finding("evidence.unstated", place, claim, claim=wording.name(claim))


def _without_claim(dataset: Dataset, wording: Wording, claims: list[tuple[str, Statement]]) -> Iterator[Finding]:
    """Look for what is said of concepts, labels and questions and neither has a claim nor follows from one that has."""
    known = hierarchy()
    implied = {predicate: _implied(predicate) for predicate in {statement.predicate for _, statement in claims}}
    claimed = {
        ((subject, predicate, object_) if same else (object_, predicate, subject))
        for _, (subject, stated, object_, _) in claims
        for predicate, same in implied[stated]
    }
    content = dict.fromkeys((*known.subs(SKOS.semanticRelation), SKOS.note, *known.subs(SKOS.note), *_CONTENT))
    subjects = {found.subject for kind in _SUBJECTS for found in dataset.match(None, RDF.type, kind)}
    for predicate in content:
        for found in dataset.match(None, predicate):
            if found[:3] not in claimed and found.subject in subjects:
                place = wording.place(found)[0]
                yield finding("evidence.missing", place, found.subject, statement=wording.statement(found))


def _implied(predicate: Term) -> set[tuple[Term, bool]]:
    """Return a predicate and all that follow from it, each with whether the direction stays."""
    known = hierarchy()
    found = {(predicate, True)}
    waiting = [(predicate, True)]
    while waiting:
        current, same = waiting.pop()
        steps = {(above, same) for above in known.parents(current)}
        inverse = known.inverse(current)
        if inverse:
            steps.add((inverse, not same))
        waiting += steps - found
        found |= steps
    return found
