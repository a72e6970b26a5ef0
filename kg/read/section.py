"""The sections a glossary page can have: one named rule each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: What a section's text is made of.
PROSE, TERMS, LINKS, QUESTIONS, NOTES, CITATIONS = "prose", "terms", "links", "questions", "notes", "citations"

#: The unnamed section before the first heading, and the name of one that is not known.
BODY, UNKNOWN = "body", "unknown"


class SectionRule(NamedTuple):
    """A section by its headings: what its text is made of, and the property it becomes.

    `property` is a prefixed name; the readers of each kind are in `kg.read.entry`.
    """

    name: str
    kind: str
    property: str
    headings: tuple[str, ...]


RULES: tuple[SectionRule, ...] = (
    SectionRule("why-it-matters", PROSE, "kg:whyItMatters", ("why it matters", "importance", "significance")),
    SectionRule("first-appeared", PROSE, "skos:historyNote", ("first appeared", "first appearance", "origin")),
    SectionRule("related-terms", TERMS, "skos:related", ("related terms", "related", "related concepts")),
    SectionRule("faq", QUESTIONS, "kg:question", ("faq", "faqs", "frequently asked questions", "questions")),
    SectionRule("aliases", TERMS, "skos:altLabel", ("also known as", "aliases", "alias", "synonyms", "other names")),
    SectionRule("examples", NOTES, "skos:example", ("examples", "example")),
    SectionRule("see-also", LINKS, "rdfs:seeAlso", ("see also", "further reading", "external links")),
    SectionRule(
        "sources", CITATIONS, "dcterms:bibliographicCitation", ("sources", "source", "references", "citations")
    ),
    SectionRule("scope", PROSE, "skos:scopeNote", ("scope", "scope note", "usage")),
)

_BY_HEADING: Mapping[str, SectionRule] = {heading: rule for rule in RULES for heading in rule.headings}

#: Front-matter keys and what they say: the section rule of that name, or a field of the page.
FRONT_MATTER: Mapping[str, str] = {
    "title": "title",
    "term": "title",
    "id": "id",
    "slug": "id",
    "definition": "definition",
    "aliases": "aliases",
    "alias": "aliases",
    "abbreviation": "aliases",
    "synonyms": "aliases",
    "related": "related-terms",
    "examples": "examples",
    "sources": "sources",
}

BY_NAME: Mapping[str, SectionRule] = {rule.name: rule for rule in RULES}


def rule_for(heading: str) -> SectionRule | None:
    """Return the rule of a heading, in any case and with or without a final colon.

    >>> rule_for("Why It Matters:").name
    'why-it-matters'
    """
    return _BY_HEADING.get(" ".join(heading.casefold().rstrip(":").split()))
