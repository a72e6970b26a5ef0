"""Rules for the directory of a glossary, its pages and their claims files."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rule.model import INFO, VIOLATION, WARNING, Rule

RULES: Mapping[str, Rule] = {
    # -- glossary: the directory and its glossary.toml
    "glossary.no-pages": Rule(
        VIOLATION, "no page in this directory", "name a page, or list the pages in glossary.toml under [pages] include"
    ),
    "glossary.config-unreadable": Rule(VIOLATION, "glossary.toml cannot be read: {detail}", "mend the line named"),
    "glossary.config-value": Rule(VIOLATION, "glossary.toml: {key} {problem}", "write {wanted}"),
    "glossary.config-unknown-key": Rule(
        WARNING, "glossary.toml: nothing reads the key {key}", "mend the spelling or remove the line"
    ),
    "glossary.base-missing": Rule(
        WARNING,
        "no base IRI: the concepts get urn: IRIs that nobody can look up",
        'set base = "https://…/" in glossary.toml, or pass --base',
    ),
    "glossary.id-clash": Rule(
        VIOLATION,
        "two entries have the id {slug}",
        "give one of them another id: a line '# entry: …' in its claims file",
    ),
    "glossary.id-from-name": Rule(
        INFO,
        "the id {slug} was made from the file name, and would change with it",
        "keep it: 'kg claims {path}' writes a claims file that stores the id",
    ),
    # -- page: structure of one page
    "page.empty": Rule(VIOLATION, "the page is empty", "write the term on the first line, or exclude the file"),
    "page.title-missing": Rule(
        VIOLATION, "the page has no title", "write the term on the first line, as a heading or as 'title' on top"
    ),
    "page.front-matter": Rule(VIOLATION, "the front matter cannot be read: {detail}", "mend the line named"),
    "page.front-matter-key": Rule(
        INFO, "the front-matter key {key} is kept as text only", "rename it to a known key if it should mean more"
    ),
    "page.section-unknown": Rule(
        INFO, "the section “{name}” is not known; its text is kept as a note", "nothing, or use a known section name"
    ),
    "page.section-empty": Rule(INFO, "the section “{name}” is empty", "fill it, or leave it: nothing is guessed"),
    "page.faq-without-answer": Rule(WARNING, "the question “{question}” has no answer", "answer it or remove it"),
    "page.faq-without-question": Rule(
        WARNING, "text of the FAQ before its first question is kept as a note", "put a line that ends with ? above it"
    ),
    "page.link-unresolved": Rule(
        WARNING, "the link to {target} leads to no page of this glossary", "mend the link, or add the page"
    ),
    "page.related-unresolved": Rule(
        INFO, "the related term “{label}” has no entry yet; it is a candidate", "write a page for it, or leave it"
    ),
    "page.line-too-long": Rule(
        VIOLATION, "a line of {length} characters", "break the line; 1,000,000 characters are the most"
    ),
    # -- claims: the reviewed-claims file
    "claims.columns": Rule(VIOLATION, "{detail}", "write the nine cells {columns}, separated by tabs"),
    "claims.status-unknown": Rule(
        VIOLATION, "the status “{status}” is not known", "write accepted, proposed or rejected"
    ),
    "claims.predicate-unknown": Rule(
        VIOLATION, "the predicate {predicate} is not known{hint}", "use a property of the vocabulary: docs/claims.md"
    ),
    "claims.token": Rule(VIOLATION, "{cell} cannot be read: {problem}", "see the forms of a term in docs/claims.md"),
    "claims.quote-lost": Rule(
        VIOLATION,
        "the quote is no longer in the page: “{quote}”{near}",
        "quote the page's present words, or set the status to rejected",
    ),
    "claims.quote-ambiguous": Rule(
        VIOLATION,
        "the quote stands {count} times in the page: “{quote}”",
        "give in the context cell a longer passage that holds it and stands once",
    ),
    "claims.unsupported": Rule(
        VIOLATION,
        "an accepted claim without a quote and without a source",
        "quote the page, or name in the source cell where the statement comes from",
    ),
    "claims.reviewer-missing": Rule(WARNING, "nobody is named who accepted the claim", "fill the cell 'by'"),
    "claims.entry-missing": Rule(
        VIOLATION, "the file does not say which entry it belongs to", "add a line '# entry: id' at its top"
    ),
    "claims.page-missing": Rule(WARNING, "there is no page {page} beside this claims file", "rename or remove it"),
    "claims.proposed": Rule(INFO, "{count} proposed claims wait for review", "set each to accepted or rejected"),
    "claims.repeated": Rule(
        INFO, "the same row again; rows that stand twice: {count}", "remove it; kg validate --fix does"
    ),
    "claims.contradicted": Rule(
        VIOLATION, "the statement is accepted on line {other} and rejected here", "keep one of the two"
    ),
}
