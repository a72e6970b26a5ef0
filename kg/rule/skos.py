"""The conditions of the SKOS Reference, by their numbers there, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kg.rule.model import INFO, VIOLATION, Rule

_rule = partial(Rule, profile="skos")

_RULES: Mapping[str, Rule] = {
    "skos.s4": _rule(
        VIOLATION, "{subject} is used as a concept scheme and is none", "link to the scheme, or mend the type"
    ),
    "skos.s6": _rule(
        VIOLATION, "{subject} is used as a top concept and is no concept", "link to a concept, or mend the type"
    ),
    "skos.s9": _rule(VIOLATION, "{subject} is both a concept scheme and a concept", "keep one of the two types"),
    "skos.s12": _rule(
        VIOLATION, "the label {value} of {subject} is not plain text", "write it as text with a language"
    ),
    "skos.s13": _rule(
        VIOLATION, "{value} is a label of {subject} in two ways", "keep it as preferred, alternative or hidden label"
    ),
    "skos.s14": _rule(
        VIOLATION, "{subject} has several preferred labels in one language", "keep one, and make the others alternative"
    ),
    "skos.s19": _rule(
        VIOLATION, "{subject} stands in a semantic relation and is no concept", "link concepts only, or mend the type"
    ),
    "skos.s27": _rule(
        VIOLATION,
        "{lower} is related to {upper}, which also stands above it{way}",
        "remove one of the two links",
    ),
    "skos.s31": _rule(VIOLATION, "{subject} has members and is no collection", "mend its type, or link in another way"),
    "skos.s32": _rule(
        VIOLATION, "{subject} has the member {value}, which is a scheme or text", "make concepts or collections members"
    ),
    "skos.s33": _rule(
        VIOLATION,
        "{subject} has a list of members and is no ordered collection",
        "mend its type, or link in another way",
    ),
    "skos.s34": _rule(VIOLATION, "the list of members of {subject} is no list: {value}", "write it as a list: ( … )"),
    "skos.s35": _rule(VIOLATION, "{subject} has several lists of members", "join them to one list"),
    "skos.s36": _rule(
        INFO,
        "{subject} lists what it does not state as members ({count}): {members}",
        "nothing, or state skos:member for consumers that do not read lists",
    ),
    "skos.s37": _rule(
        VIOLATION, "{subject} is a collection, and also a concept or a concept scheme", "keep one of the types"
    ),
    "skos.s46": _rule(
        VIOLATION,
        "{subject} and {value} match exactly, and also as broader, narrower or related",
        "keep the one mapping that is true",
    ),
    "skos.s48": _rule(
        VIOLATION, "{subject} is a label, and also a concept, a scheme or a collection", "keep one of the types"
    ),
    "skos.s50": _rule(
        VIOLATION, "{subject} has a literal form and is no label", "give a label resource the literal form"
    ),
    "skos.s51": _rule(
        VIOLATION, "the form {value} of the label {subject} is not plain text", "write it as text with a language"
    ),
    "skos.s52": _rule(
        VIOLATION,
        "the label {subject} does not have exactly one literal form",
        "give each label one skosxl:literalForm",
    ),
    "skos.s54": _rule(
        VIOLATION, "{subject} is used as a SKOS-XL label and is none", "use skos:prefLabel and its like for plain text"
    ),
    "skos.s55": _rule(
        INFO, "{subject} does not state the preferred label {value} of its label resource", "state it as skos:prefLabel"
    ),
    "skos.s56": _rule(
        INFO,
        "{subject} does not state the alternative label {value} of its label resource",
        "state it as skos:altLabel",
    ),
    "skos.s57": _rule(
        INFO, "{subject} does not state the hidden label {value} of its label resource", "state it as skos:hiddenLabel"
    ),
    "skos.s58": _rule(
        VIOLATION, "the label {value} belongs to {subject} in two ways", "keep it as preferred, alternative or hidden"
    ),
    "skos.s60": _rule(
        VIOLATION, "{subject} has a label relation and is no label", "relate label resources, or use another property"
    ),
    "skos.s61": _rule(VIOLATION, "{subject} stands in a label relation and is no label", "relate label resources only"),
}

RULES: Mapping[str, Rule] = {
    code: rule._replace(source=f"SKOS Reference, {code[5:].upper()}") for code, rule in _RULES.items()
}
