"""An entry: what a page and its reviewed claims state, as statements of the Dataset."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from kg import rule, terms
from kg.dataset import Dataset
from kg.iri import check_iri, slug, unique
from kg.read import evidence as proof
from kg.read import section as sections
from kg.read.claim import ACCEPTED, Claim, Claims, anchor
from kg.read.config import PAGES
from kg.read.directory import Directory, Entry
from kg.read.evidence import Evidence
from kg.read.page import Page, Passage, Section, items
from kg.report import Report
from kg.statement import Origin
from kg.syntax.inline import urls
from kg.terms import Term
from kg.text import Source, Span
from kg.vocab import DCTERMS, KG, PREFIXES, PROV, RDF, RDFS, SKOS, SKOSXL, XSD

_POSITION = terms.iri_text(XSD.nonNegativeInteger)


class EntryWriter:
    """Writes the statements of entries into one Dataset, with evidence where it is wanted."""

    def __init__(
        self, dataset: Dataset, report: Report, directory: Directory, language: str, evidence: Evidence | None
    ) -> None:
        self.dataset, self.report, self.directory = dataset, report, directory
        self.language, self.evidence = language, evidence
        self.policy = directory.policy
        #: how the IRI of every concept of this glossary begins
        self.own = f"<{self.policy.mint('term', '')}"

    def write(self, entry: Entry) -> None:
        """State all that the page and its accepted claims say."""
        page = entry.page
        source = page.source
        self.entry, self.source = entry, source
        self.concept = self.directory.concept(entry.id)
        self.version: Term | None = None
        resource = terms.iri(self.policy.mint("page", entry.id))
        if self.evidence:
            self.version = self.evidence.add_page(page, entry.id, resource)
        title = Origin(source.path, *page.title.span)
        for kind in (SKOS.Concept, KG.Entry):
            self.dataset.add(self.concept, RDF.type, kind, origin=title)
        self.dataset.add(self.concept, DCTERMS.source, resource, origin=title)
        self.dataset.add(resource, RDF.type, KG.Page, origin=title)
        self.dataset.add(resource, DCTERMS.title, self.text(page.title.words), origin=title)
        self.labels(entry)
        if page.definition:
            self.state(SKOS.definition, self.text(page.definition.words), page.definition.span)
        for section in page.sections:
            _WRITERS[section.rule.kind if section.rule else section.name](self, section)
        self.front_matter(page)
        self.mentions(page)
        if entry.claims:
            self.claims(entry.claims)

    # -- what the page's structure says ----------------------------------------

    def text(self, words: str) -> Term:
        """Make a literal in the language of the glossary."""
        return terms.literal(words, self.language)

    def state(self, predicate: Term, object_: Term, span: Span, subject: Term | None = None) -> None:
        """Make a statement about the concept that rests on a span of the page."""
        subject = subject or self.concept
        origin = Origin(self.source.path, *span)
        self.dataset.add(subject, predicate, object_, origin=origin)
        if self.evidence and self.version:
            claim = self.evidence.add_claim((subject, predicate, object_), proof.PAGE, origin)
            place = self.evidence.span(self.version, self.source, span)
            self.evidence.add(claim, PROV.wasDerivedFrom, place, origin)

    def labels(self, entry: Entry) -> None:
        """State the preferred label, unless a claim gives another, and the aliases of the front matter."""
        claimed = [claim for claim in entry.claims.rows if claim.status == ACCEPTED] if entry.claims else []
        if not any(
            claim.subject == self.concept
            and claim.predicate == SKOS.prefLabel
            and terms.language(claim.object) == self.language
            for claim in claimed
        ):
            self.state(SKOS.prefLabel, self.text(entry.page.label), entry.page.title.span)
        for alias in entry.page.field("aliases"):
            self.alias(alias)

    def alias(self, alias: Passage) -> None:
        """State another name of the term; one that repeats its label breaks S13, which the check tells."""
        self.state(SKOS.altLabel, self.text(alias.words), alias.span)

    def body(self, section: Section) -> None:
        """Leave the body to the claims: nothing typed is asserted that nobody has reviewed."""

    def notes(self, section: Section) -> None:
        """Keep the text of a section that is not known, a passage each."""
        for passage in section.passages:
            if passage.words:
                self.state(SKOS.note, self.text(passage.words), passage.span)

    def prose(self, section: Section) -> None:
        """State the text of a section as one note, its paragraphs apart."""
        words = "\n\n".join(passage.words for passage in section.passages if passage.words)
        if words and section.span and section.rule:
            self.state(_property(section), self.text(words), section.span)

    def examples(self, section: Section) -> None:
        """State each passage as an example."""
        for passage in section.passages:
            if passage.words:
                self.state(_property(section), self.text(passage.words), passage.span)

    def terms(self, section: Section) -> None:
        """State each term of a list: another name, or a related term."""
        for passage in items(section.passages):
            if _property(section) == SKOS.altLabel:
                self.alias(passage)
            else:
                self.related(passage)

    def related(self, passage: Passage) -> None:
        """State a related term: an entry where one has that label, else a candidate."""
        known = self.directory.by_label(passage.words) or self.linked(passage)
        if known == self.entry.id:
            return
        concept = self.directory.concept(known or slug(passage.words) or "unnamed")
        if known is None:
            place = self.source.locate(passage.span)
            self.report.add(rule.finding("page.related-unresolved", place, concept, label=passage.words))
            self.dataset.add(concept, RDF.type, SKOS.Concept, origin=Origin(self.source.path, *passage.span))
            self.state(SKOS.prefLabel, self.text(passage.words), passage.span, concept)
        self.state(SKOS.related, concept, passage.span)

    def linked(self, passage: Passage) -> str | None:
        """Return the id of the entry that the first link of a passage leads to."""
        for link in self.entry.page.links:
            if passage.span.holds(link.whole):
                return self.directory.by_link(link.target, self.entry.path)
        return None

    def links(self, section: Section) -> None:
        """State where a list of links leads: outside, to another entry, or to a term without one."""
        for passage in section.passages:
            targets = self.targets(passage)
            for target in targets:
                known = self.directory.by_link(target, self.entry.path)
                if not self.directory.is_internal(target):
                    if check_iri(target) is None:
                        self.state(RDFS.seeAlso, terms.iri(target), passage.span)
                elif known:
                    self.state(SKOS.related, self.directory.concept(known), passage.span)
            if not targets:
                self.linked_name(passage)

    def linked_name(self, passage: Passage) -> None:
        """State where a bare name of a list of links leads: the file of a page, or a term."""
        known = self.directory.by_link(passage.words, self.entry.path)
        if known:
            self.state(SKOS.related, self.directory.concept(known), passage.span)
        elif posixpath.splitext(passage.words)[1].lower() in PAGES:
            place = self.source.locate(passage.span)
            self.report.add(rule.finding("page.link-unresolved", place, self.concept, target=passage.words))
        else:
            self.related(passage)

    def targets(self, passage: Passage) -> list[str]:
        """Return where a passage links to: Markdown links and bare addresses, each once."""
        found = [link.target for link in self.entry.page.links if passage.span.holds(link.whole)]
        found += [self.source.slice(span) for span in urls(self.source.text, passage.span)]
        return list(dict.fromkeys(found))

    def citations(self, section: Section) -> None:
        """State each passage as a citation, and the addresses in it as sources."""
        for passage in section.passages:
            if passage.words:
                self.state(_property(section), self.text(passage.words), passage.span)
            for target in self.targets(passage):
                if check_iri(target) is None:
                    self.state(DCTERMS.source, terms.iri(target), passage.span)

    def questions(self, section: Section) -> None:
        """State the questions of the FAQ with their answers, in order."""
        self.notes(section)
        taken: list[str] = []
        for number, item in enumerate(section.questions, 1):
            name = unique(slug(item.question.words) or "question", taken)
            taken.append(name)
            question = terms.iri(f"{terms.iri_text(self.concept)}#faq-{name}")
            origin = Origin(self.source.path, *item.question.span)
            self.dataset.add(question, RDF.type, KG.Question, origin=origin)
            self.dataset.add(question, KG.position, terms.literal(str(number), datatype=_POSITION), origin=origin)
            self.state(KG.question, question, item.question.span)
            self.state(KG.questionText, self.text(item.question.words), item.question.span, question)
            if item.answer:
                words = "\n\n".join(passage.words for passage in item.answer)
                whole = Span(item.answer[0].span.start, item.answer[-1].span.end)
                self.state(KG.answerText, self.text(words), whole, question)

    def front_matter(self, page: Page) -> None:
        """State what the front matter says under the name of a section."""
        for entry in page.front_matter:
            known = sections.BY_NAME.get(entry.field)
            if known and known.name != "aliases":
                _WRITERS[known.kind](self, Section(known.name, known, None, entry.values))

    def mentions(self, page: Page) -> None:
        """State which terms the page links to, once each; links that lead nowhere are reported."""
        for link in page.links:
            if not self.directory.is_internal(link.target) or link.picture:
                continue
            known = self.directory.by_link(link.target, self.entry.path)
            if known is None:
                place = self.source.locate(link.whole)
                self.report.add(rule.finding("page.link-unresolved", place, self.concept, target=link.target))
            elif known != self.entry.id:
                self.state(KG.mentions, self.directory.concept(known), link.words)

    # -- what the reviewed claims say ------------------------------------------

    def claims(self, claims: Claims) -> None:
        """State the accepted claims of a file."""
        for claim in claims.rows:
            if claim.status == ACCEPTED:
                self.claim(claim, claims.source)

    def claim(self, claim: Claim, claims: Source) -> None:
        """State an accepted claim, unless its quote is lost."""
        span = anchor(claim, claims, self.source, self.report) if claim.quote else None
        if claim.quote and span is None:
            return
        row = Origin(claims.path, *claim.cell(claims, "object"))
        self.dataset.add(*claim.statement, origin=row)
        if claim.subject.startswith(self.own):
            self.term_of(claim, Origin(claims.path, *claim.cell(claims, "subject")))
        if self.evidence is None or self.version is None:
            return
        made = self.evidence.add_claim(claim.statement, proof.PAGE if span else proof.CURATED, row)
        if span:
            self.evidence.add(made, PROV.wasDerivedFrom, self.evidence.span(self.version, self.source, span), row)
        if claim.source:
            self.evidence.add(made, DCTERMS.source, claim.source, row)
        if claim.by:
            who = terms.iri(self.policy.mint("agent", claim.by))
            self.evidence.add(made, PROV.wasAttributedTo, who, row)

    def term_of(self, claim: Claim, row: Origin) -> None:
        """State what a claim takes for granted: that its subject is a concept, or the label of one."""
        concept, hash_, fragment = terms.iri_text(claim.subject).partition("#")
        if not hash_:
            self.dataset.add(claim.subject, RDF.type, SKOS.Concept, origin=row)
        elif fragment.startswith("label-"):
            self.dataset.add(claim.subject, RDF.type, SKOSXL.Label, origin=row)
            self.dataset.add(terms.iri(concept), SKOSXL.prefLabel, claim.subject, origin=row)


def _property(section: Section) -> Term:
    if section.rule is None:
        raise ValueError(f"the section {section.name} has no rule")
    return terms.iri(PREFIXES.expand(section.rule.property) or "")


#: Which method writes a section, by what its text is made of.
_WRITERS: Mapping[str, Callable[[EntryWriter, Section], None]] = {
    sections.BODY: EntryWriter.body,
    sections.UNKNOWN: EntryWriter.notes,
    sections.PROSE: EntryWriter.prose,
    sections.TERMS: EntryWriter.terms,
    sections.LINKS: EntryWriter.links,
    sections.NOTES: EntryWriter.examples,
    sections.CITATIONS: EntryWriter.citations,
    sections.QUESTIONS: EntryWriter.questions,
}
