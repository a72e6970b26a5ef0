"""Evidence: which words of which page a statement rests on, as statements of their own.

The form is that of the Web Annotation model (W3C, section 4.2): a claim is an
`rdf:Statement` whose IRI is a hash of what it states; it is derived from a span
of one version of the page, and the span carries the quote and its position.
Offsets count Unicode characters of the decoded text, CRLF as two.
"""

from __future__ import annotations

from kg import terms
from kg.dataset import Dataset
from kg.iri import MintingPolicy
from kg.read.page import Page
from kg.statement import Origin
from kg.terms import Term
from kg.text import Source, Span
from kg.vocab import DCTERMS, EVIDENCE, KG, OA, PROV, RDF, XSD

_CONTEXT = 32
_NUMBER = terms.iri_text(XSD.nonNegativeInteger)
_BOOLEAN = terms.iri_text(XSD.boolean)

PAGE, CURATED = "page", "curated"


class Evidence:
    """Writes evidence into the evidence graph of one Dataset."""

    def __init__(self, dataset: Dataset, policy: MintingPolicy) -> None:
        self.dataset, self.policy = dataset, policy
        self._spans: set[Term] = set()
        self._bases: dict[Term, tuple[str, Origin]] = {}

    def add(self, subject: Term, predicate: Term, object_: Term, origin: Origin | None = None) -> None:
        """State one thing in the evidence graph."""
        self.dataset.add(subject, predicate, object_, EVIDENCE, origin)

    def add_page(self, page: Page, entry: str, resource: Term) -> Term:
        """State the page whole, with its sections, and return the IRI of this version of it."""
        source = page.source
        origin = Origin(source.path)
        version = terms.iri(self.policy.mint("page", entry, f"sha256-{source.digest[:16]}"))
        whole = [
            (RDF.type, KG.PageVersion),
            (DCTERMS.isVersionOf, resource),
            (KG.text, terms.literal(source.text)),
            (KG.encoding, terms.literal("utf-8")),
            (KG.byteOrderMark, terms.literal(str(source.byte_order_mark).lower(), datatype=_BOOLEAN)),
            (KG.newline, terms.literal(source.newline)),
            (KG.sha256, terms.literal(source.digest)),
        ]
        for predicate, value in whole:
            self.add(version, predicate, value, origin)
        for number, section in enumerate(page.sections, 1):
            self._add_section(version, source, number, section.name, section.heading and section.heading.words,
                              section.span)  # fmt: skip
        return version

    def _add_section(
        self, version: Term, source: Source, number: int, name: str, heading: str | None, span: Span | None
    ) -> None:
        section = terms.iri(f"{terms.iri_text(version)}#section-{number}")
        self.add(section, RDF.type, KG.Section)
        self.add(section, DCTERMS.isPartOf, version)
        self.add(section, KG.sectionName, terms.literal(name))
        self.add(section, KG.position, terms.literal(str(number), datatype=_NUMBER))
        if heading:
            self.add(section, KG.heading, terms.literal(heading))
        self.add(section, KG.emptySection, terms.literal(str(span is None).lower(), datatype=_BOOLEAN))
        if span:
            self.add(section, PROV.wasDerivedFrom, self.span(version, source, span))

    def span(self, version: Term, source: Source, span: Span) -> Term:
        """State a span of a page and return its IRI, a fragment after RFC 5147."""
        made = terms.iri(f"{terms.iri_text(version)}#char={span.start},{span.end}")
        if made in self._spans:
            return made
        self._spans.add(made)
        selector = terms.iri(f"{terms.iri_text(made)};selector")
        text = source.text
        for subject, predicate, value in [
            (made, RDF.type, OA.SpecificResource),
            (made, OA.hasSource, version),
            (made, OA.hasSelector, selector),
            (selector, RDF.type, OA.TextQuoteSelector),
            (selector, RDF.type, OA.TextPositionSelector),
            (selector, OA.exact, terms.literal(source.slice(span))),
            (selector, OA.prefix, terms.literal(text[max(0, span.start - _CONTEXT) : span.start])),
            (selector, OA.suffix, terms.literal(text[span.end : span.end + _CONTEXT])),
            (selector, OA.start, terms.literal(str(span.start), datatype=_NUMBER)),
            (selector, OA.end, terms.literal(str(span.end), datatype=_NUMBER)),
        ]:
            self.add(subject, predicate, value, Origin(source.path, *span))
        return made

    def add_claim(self, statement: tuple[Term, Term, Term], basis: str, origin: Origin) -> Term:
        """State that a statement is claimed, and return the claim's IRI."""
        from hashlib import sha256

        digest = sha256(" ".join(statement).encode()).hexdigest()[:20]
        claim = terms.iri(self.policy.mint("claim", digest))
        for predicate, value in zip((RDF.subject, RDF.predicate, RDF.object), statement, strict=True):
            self.add(claim, predicate, value, origin)
        self.add(claim, RDF.type, KG.Claim, origin)
        self.add(claim, RDF.type, RDF.Statement, origin)
        # A statement that the page makes is the page's, whatever else supports it.
        if basis == PAGE or claim not in self._bases:
            self._bases[claim] = basis, origin
        return claim

    def finish(self) -> None:
        """State what each claim rests on; call it when all claims are known."""
        for claim, (basis, origin) in self._bases.items():
            self.add(claim, KG.basis, terms.literal(basis), origin)


def page_versions(dataset: Dataset) -> dict[str, Term]:
    """Return the version of each page that the evidence holds, by the id of its entry."""
    found = {}
    for row in dataset.match(None, DCTERMS.isVersionOf, None, EVIDENCE):
        entry = terms.iri_text(row.object).replace(":", "/").rstrip("/").rpartition("/")[2]
        found[entry] = row.subject
    return found


def page_bytes(dataset: Dataset, version: str) -> bytes:
    """Return the bytes of a page from its version in the evidence graph, exactly as they were.

    Raises `KeyError` when the Dataset does not hold the page's text.
    """
    text = dataset.value(version, KG.text, EVIDENCE)
    if text is None:
        raise KeyError(version)
    mark = dataset.value(version, KG.byteOrderMark, EVIDENCE)
    marked = mark is not None and terms.lexical(mark) == "true"
    return Source("", terms.lexical(text), byte_order_mark=marked).encode()
