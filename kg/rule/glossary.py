"""What this project asks of a glossary beyond SKOS."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kg.rule.model import VIOLATION, WARNING, Rule

_rule = partial(Rule, profile="glossary")

RULES: Mapping[str, Rule] = {
    "glossary.label-clash": _rule(
        VIOLATION,
        "the alias {label} is the label of another entry, {other}",
        "remove the alias, or qualify one of the two labels",
    ),
    # What this project asks of a glossary beyond that.
    "glossary.label-missing": _rule(
        VIOLATION, "{subject} has no preferred label", "give it a skos:prefLabel, in the glossary's language"
    ),
    "glossary.label-language": _rule(WARNING, "the label {value} names no language", "add its language tag, as in @en"),
    "glossary.scheme-missing": _rule(VIOLATION, "{subject} is in no concept scheme", "give it a skos:inScheme"),
    "glossary.definition-missing": _rule(
        VIOLATION, "the entry {subject} has no definition", "define the term in the first paragraph of its page"
    ),
    "glossary.page-missing": _rule(
        VIOLATION, "the entry {subject} does not name its page", "give it a dcterms:source that is a kg:Page"
    ),
    "glossary.concept-undefined": _rule(
        WARNING, "{subject} has no definition and is no candidate", "define it by a claim, or leave it a candidate"
    ),
    "glossary.status": _rule(
        VIOLATION,
        "{subject} does not have one status of the ADMS list",
        "use one of Completed, Deprecated, UnderDevelopment, Withdrawn of http://purl.org/adms/status/",
    ),
    "glossary.candidate-published": _rule(
        VIOLATION, "{subject} is a candidate and in the published scheme", "remove the status, or the skos:inScheme"
    ),
    "glossary.range": _rule(
        VIOLATION,
        "{property} of {subject} leads to {value}, which is not described as a kind of “{kind}”",
        "give {value} that type by a claim (rdf:type), or use another property",
    ),
    "glossary.origin-subject": _rule(
        VIOLATION, "{subject} has an origin and is no label", "say it of the label: label:id@language in a claims file"
    ),
    "glossary.origin-agent": _rule(
        VIOLATION, "who coined {subject} has no name", "give the agent a foaf:name, or write its id as the claim has it"
    ),
    "glossary.origin-work": _rule(
        VIOLATION, "the work in which {subject} first appeared has no title", "give the work a dcterms:title"
    ),
    "glossary.origin-year": _rule(
        VIOLATION, "the first appearance of {subject} is not one year", 'write one year: "2021"^^xsd:gYear'
    ),
    "glossary.cycle": _rule(VIOLATION, "the hierarchy runs in a circle: {circle}", "remove the link that is wrong"),
    "glossary.ambiguous-label": _rule(
        WARNING,
        "{count} concepts of one scheme have the preferred label {label}: {concepts}",
        "qualify the labels, as in “text (modality)”",
    ),
    "glossary.top-missing": _rule(
        WARNING, "the scheme {scheme} has no top concept and no collection", "say which concepts are on top"
    ),
    "glossary.unreachable": _rule(
        WARNING,
        "{concept} cannot be reached from a top concept or a collection",
        "give it a broader concept or a kind, or make it a top concept",
    ),
    "glossary.link-dangling": _rule(
        WARNING, "{subject} links to {target}, which nothing describes", "mend the id, or describe what it means"
    ),
}
