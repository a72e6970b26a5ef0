"""The reviewed claims of a page: a tab-separated file that a person edits and diffs.

One row is one claim; `docs/claims.md` describes the cells. Each row keeps its
range, so that a finding points at the line to edit.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from kg import rule, terms
from kg.iri import MintingPolicy, check_iri, check_tag
from kg.report import Location, Report
from kg.terms import Term
from kg.text import Source, Span, sentences, trim
from kg.vocab import PREFIXES

COLUMNS = ("status", "subject", "predicate", "object", "quote", "context", "source", "by", "note")
ACCEPTED, PROPOSED, REJECTED = STATUSES = ("accepted", "proposed", "rejected")
SUFFIX = ".claims.tsv"

#: Kinds of resource that a glossary mints, besides its concepts.
MINTED = ("agent", "publication", "page")

_SLUG = r"[^\W_]+(?:-[^\W_]+)*"
_LITERAL = r'"((?:[^"\\]|\\.)*)"(?:@(.+)|\^\^(.+))?'
_NEAR = 0.6
#: A row without its first five cells, up to the quote, says nothing.
_NEEDED = 5


class Claim(NamedTuple):
    """One row: the statement in terms, the words it rests on, and who decided."""

    status: str
    subject: Term
    predicate: Term
    object: Term
    quote: str
    context: str
    source: Term | None
    by: str
    row: Span

    @property
    def statement(self) -> tuple[Term, Term, Term]:
        """Return subject, predicate and object."""
        return self.subject, self.predicate, self.object

    def cell(self, source: Source, name: str) -> Span:
        """Return where a cell of the row stands in its file."""
        return cell_span(source, self.row, name)


def cell_span(source: Source, row: Span, name: str) -> Span:
    """Return where a cell of a row stands, without the white space around it; one that is cut off ends the row."""
    text, start = source.text, row.start
    for _ in range(COLUMNS.index(name)):
        start = text.find("\t", start, row.end) + 1
        if not start:
            return Span(row.end, row.end)
    end = text.find("\t", start, row.end)
    cell = trim(text, Span(start, row.end if end < 0 else end))
    return cell if cell.start < cell.end else Span(start, start)


class Claims(NamedTuple):
    """A claims file: the id of its entry and its rows."""

    source: Source
    entry: str | None
    rows: tuple[Claim, ...]


def read_claims(source: Source, policy: MintingPolicy, properties: frozenset[str], report: Report) -> Claims:
    """Read a claims file; rows that cannot be read are reported and left out.

    `properties` are the predicates a claim may use.
    """
    reader = _Reader(source, policy, properties, report)
    entry, rows = None, []
    header_seen = False
    for line in source.lines():
        text = source.slice(line)
        if text.startswith("#"):
            key, _, value = text[1:].partition(":")
            if key.strip() == "entry" and re.fullmatch(_SLUG, value.strip()):
                entry = value.strip()
        elif not text.strip():
            continue
        elif not header_seen:
            header_seen = True
            if tuple(text.split("\t")) != COLUMNS:
                reader.report("claims.columns", line, detail="the first row does not name the columns")
        elif claim := reader.row(line, text):
            rows.append(claim)
    if entry is None:
        report.add(rule.finding("claims.entry-missing", Location(source.path, 1, 1)))
    _contradictions(source, rows, report)
    return Claims(source, entry, tuple(rows))


class _Reader:
    def __init__(self, source: Source, policy: MintingPolicy, properties: frozenset[str], report: Report) -> None:
        self.source, self.policy, self.properties, self._report = source, policy, properties, report
        # The same few subjects and properties stand on most rows.
        self._resources: dict[str, Term] = {}

    def report(self, code: str, span: Span, at: str | None = None, **data: Any) -> None:
        """Report what is wrong with a row, or with the cell at which it is wrong."""
        span = cell_span(self.source, span, at) if at else span
        self._report.add(rule.finding(code, self.source.locate(span), columns=" ".join(COLUMNS), **data))

    def row(self, line: Span, text: str) -> Claim | None:
        cells = [cell.strip() for cell in text.split("\t")]
        if len(cells) >= _NEEDED:
            # Editors that strip trailing blanks take the last cells with them when they are empty.
            cells += [""] * (len(COLUMNS) - len(cells))
        if len(cells) != len(COLUMNS):
            self.report("claims.columns", line, detail=f"{len(cells)} cells instead of {len(COLUMNS)}")
            return None
        status, subject, predicate, object_, quote, context, source, by, _ = cells
        if status not in STATUSES:
            self.report("claims.status-unknown", line, "status", status=status)
            return None
        if by and not re.fullmatch(_SLUG, by):
            problem = "it is no id; [people] in glossary.toml names ids"
            self.report("claims.token", line, "by", cell=by, problem=problem)
            return None
        at, statement, origin = "subject", list[Term](), None
        try:
            statement.append(self.resource(subject))
            at = "predicate"
            statement.append(self.predicate(predicate))
            at = "object"
            statement.append(self.term(object_))
            at = "source"
            origin = self.resource(source) if source else None
        except _Unreadable as unreadable:
            self.report(unreadable.code, line, at, **unreadable.data)
            return None
        if status == ACCEPTED and not quote and origin is None:
            self.report("claims.unsupported", line, "quote")
            return None
        if status == ACCEPTED and not by:
            self.report("claims.reviewer-missing", line, "by")
        return Claim(status, statement[0], statement[1], statement[2], quote, context, origin, by, line)

    def predicate(self, cell: str) -> Term:
        term = self._resources.get(cell) or terms.iri(PREFIXES.expand(cell) or cell)
        if term not in self.properties:
            raise _Unreadable("claims.predicate-unknown", predicate=cell, hint=self.near(cell))
        self._resources[cell] = term
        return term

    def near(self, cell: str) -> str:
        import difflib

        names = sorted(PREFIXES.compress(terms.iri_text(term)) or term for term in self.properties)
        found = difflib.get_close_matches(cell, names, n=1)
        return f"; did you mean {found[0]}?" if found else ""

    def term(self, cell: str) -> Term:
        return self.literal(cell) if cell.startswith('"') else self.resource(cell)

    def literal(self, cell: str) -> Term:
        match = re.fullmatch(_LITERAL, cell, re.DOTALL)
        if match is None:
            raise _Unreadable("claims.token", cell=cell, problem="the literal is not closed, or text follows it")
        body, tag, datatype = match.groups()
        problem = check_tag(tag) if tag else None
        if problem:
            raise _Unreadable("claims.token", cell=cell, problem=problem)
        kind = terms.iri_text(self.resource(datatype)) if datatype else None
        try:
            return terms.literal(terms.unescape(body), tag, kind)
        except ValueError as error:
            raise _Unreadable("claims.token", cell=cell, problem=str(error)) from error

    def resource(self, cell: str) -> Term:
        """Make the IRI of a cell: an id, `agent:id`, `label:id@tag`, `scheme:`, a prefixed name or `<IRI>`."""
        known = self._resources.get(cell)
        if known is None:
            known = self._resources[cell] = self._resource(cell)
        return known

    def _resource(self, cell: str) -> Term:
        if cell.startswith("<") and cell.endswith(">"):
            problem = check_iri(cell[1:-1])
            if problem:
                raise _Unreadable("claims.token", cell=cell, problem=problem)
            return terms.iri(cell[1:-1])
        kind, colon, name = cell.partition(":")
        if not colon and re.fullmatch(_SLUG, cell):
            return terms.iri(self.policy.mint("term", cell))
        if colon and kind in MINTED and re.fullmatch(_SLUG, name):
            return terms.iri(self.policy.mint(kind, name))
        if kind == "scheme" and colon and not name:
            return terms.iri(self.policy.base)
        concept, _, tag = name.partition("@")
        if kind == "label" and re.fullmatch(_SLUG, concept) and check_tag(tag) is None:
            return label_iri(terms.iri(self.policy.mint("term", concept)), tag)
        expanded = PREFIXES.expand(cell)
        if expanded is None:
            raise _Unreadable("claims.token", cell=cell or "an empty cell", problem="it has no form that is known")
        if problem := check_iri(expanded):
            raise _Unreadable("claims.token", cell=cell, problem=problem)
        return terms.iri(expanded)


class _Unreadable(ValueError):
    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code, data)
        self.code, self.data = code, data


def label_iri(concept: Term, tag: str) -> Term:
    """Return the IRI of a concept's preferred SKOS-XL label in a language."""
    return terms.iri(f"{terms.iri_text(concept)}#label-{tag.lower()}")


def _contradictions(source: Source, rows: list[Claim], report: Report) -> None:
    accepted = {claim.statement: claim for claim in rows if claim.status == ACCEPTED}
    for claim in rows:
        other = accepted.get(claim.statement)
        if claim.status == REJECTED and other:
            line = source.position(other.row.start)[0]
            report.add(rule.finding("claims.contradicted", source.locate(claim.cell(source, "status")), other=line))
    waiting = [claim for claim in rows if claim.status == PROPOSED]
    if waiting:
        first = source.locate(waiting[0].cell(source, "status"))
        report.add(rule.finding("claims.proposed", first, count=len(waiting)))


def anchor(claim: Claim, claims: Source, page: Source, report: Report) -> Span | None:
    """Find the words of a claim in its page, wherever an edit has moved them.

    Reports, and returns None for, a quote that is lost or stands more than once
    without a context that settles which is meant.
    """
    found = page.find(claim.quote)
    if len(found) > 1 and claim.context:
        contexts = page.find(claim.context)
        if len(contexts) == 1:
            found = [span for span in found if contexts[0].holds(span)]
    if len(found) == 1:
        return found[0]
    place = claims.locate(claim.cell(claims, "quote"))
    if found:
        report.add(rule.finding("claims.quote-ambiguous", place, claim.subject, count=len(found), quote=claim.quote))
    else:
        near = _nearest(claim.quote, page)
        report.add(
            rule.finding(
                "claims.quote-lost",
                place,
                claim.subject,
                quote=claim.quote,
                near=f"; the nearest sentence is “{page.slice(near)}”" if near else "",
                also=(page.locate(near),) if near else (),
            )
        )
    return None


def _nearest(quote: str, page: Source) -> Span | None:
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(b=quote, autojunk=False)

    def likeness(span: Span) -> float:
        matcher.set_seq1(page.slice(span)[: 4 * len(quote)])
        return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(quote))

    best = max(sentences(page.text, Span(0, len(page.text))), key=likeness, default=None)
    return best if best and likeness(best) >= _NEAR else None
