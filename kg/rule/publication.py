"""What a scheme and a dataset need before they are published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kg.rule.model import VIOLATION, WARNING, Rule

_rule = partial(Rule, profile="publication")

RULES: Mapping[str, Rule] = {
    "publication.title-missing": _rule(
        VIOLATION, "{subject} has no title", "set title in glossary.toml, or state dcterms:title"
    ),
    "publication.topic-missing": _rule(
        VIOLATION, "the dataset {subject} does not name its scheme", "link it by foaf:primaryTopic"
    ),
    "publication.description-missing": _rule(
        VIOLATION, "{subject} has no description", "set description in glossary.toml, or state dcterms:description"
    ),
    "publication.license-missing": _rule(
        VIOLATION,
        "{subject} has no licence, so nobody may reuse it",
        "ask the owner of the texts, then set license in glossary.toml, or state dcterms:license",
    ),
    "publication.license-form": _rule(
        VIOLATION, "the licence {value} is no IRI", "name the licence by its address, and put words into rights"
    ),
    "publication.publisher-missing": _rule(
        VIOLATION, "{subject} has no publisher", "set publisher in glossary.toml, or state dcterms:publisher"
    ),
    "publication.publisher-name": _rule(WARNING, "the publisher {subject} has no name", "give it a foaf:name"),
    "publication.version-missing": _rule(
        VIOLATION, "{subject} does not have one version", "set version in glossary.toml, or state owl:versionInfo"
    ),
    "publication.language-missing": _rule(
        VIOLATION, "{subject} names no language", "set language in glossary.toml, or state dcterms:language"
    ),
    "publication.date-missing": _rule(
        VIOLATION, "{subject} does not say when it was made or last changed", "set created or modified in glossary.toml"
    ),
    "publication.date-form": _rule(
        VIOLATION, "{property} of {subject} is no date: {value}", "write it as year-month-day: 2026-11-23"
    ),
}
