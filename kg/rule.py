"""The rules: every finding's code, severity, message and remedy, as values in one table.

A message is a template filled by `finding`; `docs/findings.md` has a heading for
each code, and the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.errors import UnknownName
from kg.report import Finding, Location, Severity

VIOLATION, WARNING, INFO = Severity.VIOLATION, Severity.WARNING, Severity.INFO


class Rule(NamedTuple):
    """One rule: what it says, how bad that is, and what to do about it."""

    severity: Severity
    message: str
    remedy: str


RULES: Mapping[str, Rule] = {
    # -- text: bytes that should be text
    "text.not-utf-8": Rule(VIOLATION, "not UTF-8: {detail}", "save the file as UTF-8"),
    "text.utf-16": Rule(VIOLATION, "UTF-16, not UTF-8", "save the file as UTF-8"),
    "text.nul": Rule(VIOLATION, "a NUL character: this is no text", "remove the character, or exclude the file"),
    "text.bidi": Rule(
        WARNING,
        "an invisible character that changes the reading order: {detail}",
        "remove it unless it is meant: it can make text read other than it is stored",
    ),
    # -- rdf.xml: what --lenient repairs in RDF/XML
    "rdf.xml-reference": Rule(
        WARNING, "{written} is no entity that the document declares; read as {mended}", "write the character itself"
    ),
    "rdf.xml-character": Rule(
        WARNING, "XML forbids the character {written}; read as U+FFFD", "remove it where the document is made"
    ),
    "rdf.xml-iri": Rule(WARNING, "no IRI: {written!r}; read as {mended}", "write the IRI as it is read, or mend it"),
    "rdf.xml-language": Rule(
        WARNING, "no language tag: {written!r}; read as {mended}", "write a tag of BCP 47, such as en or zh-Hant"
    ),
    # -- rdf.turtle: what --lenient repairs in Turtle, TriG, N-Triples and N-Quads
    "rdf.turtle-language": Rule(
        WARNING, "no language tag: {written!r}; read as {mended}", "write a tag of BCP 47, such as en or zh-Hant"
    ),
    "rdf.turtle-iri": Rule(WARNING, "no IRI: {written!r}; read as {mended}", "write the IRI as it is read, or mend it"),
    "rdf.turtle-escape": Rule(WARNING, "no escape: {written}; read as {mended}", "write a backslash as two"),
    "rdf.turtle-sign": Rule(WARNING, "{written}; read as {mended}", "mend the sign"),
    "rdf.turtle-statement": Rule(
        WARNING,
        "left out, as it cannot be read (statements lost: {count}): {reason}",
        "mend the place named; nothing was guessed",
    ),
    "rdf.turtle-more": Rule(WARNING, "{count} more of {kind} are not listed", "mend those that are, and look again"),
    # -- rdf: what a file of RDF is, before its statements are looked at
    "rdf.format-differs": Rule(
        WARNING, "the name says {named}, and it is {found}; read as what it is", "rename the file"
    ),
    "rdf.sparql": Rule(
        VIOLATION, "a SPARQL request, no data: it is not read", "take it out of the sources, or ask it with kg query"
    ),
    "rdf.beside-pages": Rule(
        WARNING, "{pages} pages and {files} RDF files here are read as one", "name those meant, or add a glossary.toml"
    ),
    "rdf.member-left-out": Rule(
        INFO, "{count} members of the archive are not named like RDF and are not read", "nothing, or unpack them"
    ),
    "rdf.prefix-relative": Rule(
        WARNING, "the unused prefix {prefix}: stands for a relative IRI", "write it in full, or remove the prefix"
    ),
    "rdf.prefix-rebound": Rule(
        WARNING, "the well-known prefix {prefix}: stands for {namespace} here", "mend it, or choose another prefix"
    ),
    "rdf.control-character": Rule(
        WARNING, "{value} holds the control character {detail}", "remove it: XML cannot hold it, and terminals obey it"
    ),
    "rdf.ill-typed": Rule(WARNING, "{value} is no {detail}", "mend the value, or its datatype"),
    "rdf.list-broken": Rule(
        WARNING, "a list {problem}", "give each part of it one rdf:first and one rdf:rest, up to rdf:nil"
    ),
    "rdf.byte-order-mark": Rule(INFO, "a byte order mark, which other readers refuse", "save the file without it"),
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
    "glossary.label-clash": Rule(
        VIOLATION,
        "the alias {label} is the label of another entry, {other}",
        "remove the alias, or qualify one of the two labels",
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
    "claims.contradicted": Rule(
        VIOLATION, "the statement is accepted on line {other} and rejected here", "keep one of the two"
    ),
    # -- query and export: what a consumer alters or a format cannot hold
    "query.literal-altered": Rule(
        INFO, "the SPARQL store reads {written} as {form}{more}", "compare texts with str(), or mind it in the answer"
    ),
    # -- jsonld: what JSON-LD gives no meaning
    "jsonld.left-out": Rule(
        WARNING,
        "{what} means nothing in JSON-LD here, so what it says is left out; {count} in the document",
        "define the name in the context, or write an absolute IRI",
    ),
    # -- export: what is written
    "export.missing": Rule(VIOLATION, "the file is missing", "write it: kgexport --format all -o DIR"),
    "export.stale": Rule(
        VIOLATION, "the file is not what would be written now", "write it anew: kgexport --format all -o DIR"
    ),
    "export.surplus": Rule(
        WARNING, "the set that stood here had this file; it is no longer written", "remove it, or move it elsewhere"
    ),
    "export.format-left-out": Rule(
        WARNING, "no {format} in the set: {reason}", "nothing, if the other files do; else remove what it names"
    ),
    "export.graph-left-out": Rule(
        WARNING,
        "{format} holds one graph; the graph {graph} is left out (statements: {count})",
        "choose a format that holds several: jsonld or nquads",
    ),
    # -- checks of the graph (SHACL shapes and graph rules); the codes are the names of the shapes
    # The conditions of the SKOS Reference, by their numbers there.
    "skos.s4": Rule(
        VIOLATION, "{subject} is used as a concept scheme and is none", "link to the scheme, or mend the type"
    ),
    "skos.s6": Rule(
        VIOLATION, "{subject} is used as a top concept and is no concept", "link to a concept, or mend the type"
    ),
    "skos.s9": Rule(VIOLATION, "{subject} is both a concept scheme and a concept", "keep one of the two types"),
    "skos.s12": Rule(VIOLATION, "the label {value} of {subject} is not plain text", "write it as text with a language"),
    "skos.s13": Rule(
        VIOLATION, "{value} is a label of {subject} in two ways", "keep it as preferred, alternative or hidden label"
    ),
    "skos.s14": Rule(
        VIOLATION, "{subject} has several preferred labels in one language", "keep one, and make the others alternative"
    ),
    "skos.s19": Rule(
        VIOLATION, "{subject} stands in a semantic relation and is no concept", "link concepts only, or mend the type"
    ),
    "skos.s27": Rule(
        VIOLATION,
        "{lower} is related to {upper}, which also stands above it{way}",
        "remove one of the two links",
    ),
    "skos.s31": Rule(VIOLATION, "{subject} has members and is no collection", "mend its type, or link in another way"),
    "skos.s32": Rule(
        VIOLATION, "{subject} has the member {value}, which is a scheme or text", "make concepts or collections members"
    ),
    "skos.s35": Rule(VIOLATION, "{subject} has several lists of members", "join them to one list"),
    "skos.s37": Rule(
        VIOLATION, "{subject} is a collection, and also a concept or a concept scheme", "keep one of the types"
    ),
    "skos.s46": Rule(
        VIOLATION,
        "{subject} and {value} match exactly, and also as broader, narrower or related",
        "keep the one mapping that is true",
    ),
    "skos.s48": Rule(
        VIOLATION, "{subject} is a label, and also a concept, a scheme or a collection", "keep one of the types"
    ),
    "skos.s51": Rule(
        VIOLATION, "the form {value} of the label {subject} is not plain text", "write it as text with a language"
    ),
    "skos.s52": Rule(
        VIOLATION,
        "the label {subject} does not have exactly one literal form",
        "give each label one skosxl:literalForm",
    ),
    "skos.s54": Rule(
        VIOLATION, "the text {subject} is used as a SKOS-XL label", "use skos:prefLabel and its like for plain text"
    ),
    "skos.s58": Rule(
        VIOLATION, "the label {value} belongs to {subject} in two ways", "keep it as preferred, alternative or hidden"
    ),
    # What this project asks of a glossary beyond that.
    "glossary.label-missing": Rule(
        VIOLATION, "{subject} has no preferred label", "give it a skos:prefLabel, in the glossary's language"
    ),
    "glossary.label-language": Rule(WARNING, "the label {value} names no language", "add its language tag, as in @en"),
    "glossary.scheme-missing": Rule(VIOLATION, "{subject} is in no concept scheme", "give it a skos:inScheme"),
    "glossary.definition-missing": Rule(
        VIOLATION, "the entry {subject} has no definition", "define the term in the first paragraph of its page"
    ),
    "glossary.page-missing": Rule(
        VIOLATION, "the entry {subject} does not name its page", "give it a dcterms:source that is a kg:Page"
    ),
    "glossary.concept-undefined": Rule(
        WARNING, "{subject} is in the scheme and has no definition", "define it by a claim, or leave it a candidate"
    ),
    "glossary.status": Rule(
        VIOLATION,
        "{subject} does not have one status of the ADMS list",
        "use one of Completed, Deprecated, UnderDevelopment, Withdrawn of http://purl.org/adms/status/",
    ),
    "glossary.candidate-published": Rule(
        VIOLATION, "{subject} is a candidate and in the published scheme", "remove the status, or the skos:inScheme"
    ),
    "glossary.range": Rule(
        VIOLATION,
        "{property} of {subject} leads to {value}, which is not described as a kind of “{kind}”",
        "give {value} that type by a claim (rdf:type), or use another property",
    ),
    "glossary.origin-subject": Rule(
        VIOLATION, "{subject} has an origin and is no label", "say it of the label: label:id@language in a claims file"
    ),
    "glossary.origin-agent": Rule(
        VIOLATION, "who coined {subject} has no name", "give the agent a foaf:name, or write its id as the claim has it"
    ),
    "glossary.origin-work": Rule(
        VIOLATION, "the work in which {subject} first appeared has no title", "give the work a dcterms:title"
    ),
    "glossary.origin-year": Rule(
        VIOLATION, "the first appearance of {subject} is not one year", 'write one year: "2021"^^xsd:gYear'
    ),
    "glossary.cycle": Rule(VIOLATION, "the hierarchy runs in a circle: {circle}", "remove the link that is wrong"),
    "glossary.ambiguous-label": Rule(
        WARNING,
        "{count} concepts of one scheme have the preferred label {label}: {concepts}",
        "qualify the labels, as in “text (modality)”",
    ),
    "glossary.label-form": Rule(
        VIOLATION,
        "the label resource of {subject} says {value}, and no {property} of it does",
        "make the two the same",
    ),
    "glossary.top-missing": Rule(
        WARNING, "the scheme {scheme} has no top concept and no collection", "say which concepts are on top"
    ),
    "glossary.unreachable": Rule(
        WARNING,
        "{concept} cannot be reached from a top concept or a collection",
        "give it a broader concept or a kind, or make it a top concept",
    ),
    "glossary.link-dangling": Rule(
        WARNING, "{subject} links to {target}, which nothing describes", "mend the id, or describe what it means"
    ),
    # Evidence.
    "evidence.statement": Rule(
        VIOLATION,
        "{subject} does not have exactly one subject, predicate and object",
        "write the evidence anew from the pages",
    ),
    "evidence.basis": Rule(
        VIOLATION, "{subject} does not say whether it rests on a page or is curated", "write the evidence anew"
    ),
    "evidence.quote-missing": Rule(VIOLATION, "{subject} rests on a page and has no quote", "quote the page"),
    "evidence.source-missing": Rule(
        VIOLATION, "{subject} is curated and names no source", "fill the cell 'source' of the claim"
    ),
    "evidence.selector": Rule(
        VIOLATION, "the quote {subject} lacks its page, its words or its range", "write the evidence anew"
    ),
    "evidence.not-in-page": Rule(
        VIOLATION,
        "the quote {quote} does not stand at {start} to {end} of its page",
        "write the evidence anew from the pages",
    ),
    "evidence.unstated": Rule(
        VIOLATION, "{claim} is not stated in the data", "load data and evidence of one version together"
    ),
    "evidence.missing": Rule(
        WARNING, "nothing shows what this rests on: {statement}", "add a claim with a quote, or with its source"
    ),
    # What a scheme and a dataset need before they are published.
    "publication.title-missing": Rule(VIOLATION, "{subject} has no title", "set title in glossary.toml"),
    "publication.topic-missing": Rule(
        VIOLATION, "the dataset {subject} does not name its scheme", "link it by foaf:primaryTopic"
    ),
    "publication.description-missing": Rule(
        WARNING, "the dataset {subject} has no description", "set description in glossary.toml"
    ),
    "publication.license-missing": Rule(
        WARNING,
        "the dataset {subject} has no licence, so nobody may reuse it",
        "ask the owner of the texts, then set license in glossary.toml",
    ),
    "publication.license-form": Rule(
        VIOLATION, "the licence {value} is no IRI", "name the licence by its address, and put words into rights"
    ),
    "publication.publisher-missing": Rule(
        WARNING, "the dataset {subject} has no publisher", "set publisher in glossary.toml"
    ),
    "publication.publisher-name": Rule(WARNING, "the publisher of {subject} has no name", "give it a foaf:name"),
    "publication.version-missing": Rule(
        WARNING, "the dataset {subject} does not have one version", "set version in glossary.toml"
    ),
    "publication.language-missing": Rule(
        WARNING, "the dataset {subject} names no language", "set language in glossary.toml"
    ),
    "publication.date-form": Rule(
        VIOLATION, "{property} of {subject} is no date: {value}", "write it as year-month-day: 2026-11-23"
    ),
}


def finding(
    code: str,
    location: Location | None = None,
    focus: str | None = None,
    *,
    severity: Severity | None = None,
    also: tuple[Location, ...] = (),
    **data: object,
) -> Finding:
    """Make the finding of a rule; `data` fills its message and remedy.

    Raises `UnknownName` when no rule has the code, `KeyError` when `data` lacks a field.
    """
    rule = RULES.get(code)
    if rule is None:
        raise UnknownName("rule", code, RULES)
    return Finding(
        code,
        severity or rule.severity,
        rule.message.format_map(data),
        rule.remedy.format_map(data),
        location,
        focus,
        also,
    )
