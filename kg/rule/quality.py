"""The qSKOS catalogue and its like: what SKOS allows and readers stumble over.

What a rule of another profile already says has no second code here: the profile asks
for that rule by `INCLUDED`, and the rules here leave its findings out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from kg.rule.model import INFO, WARNING, Rule

#: Christian Mader, Bernhard Haslhofer, Antoine Isaac: Finding Quality Issues in SKOS Vocabularies (TPDL 2012).
_2012 = "Mader, Haslhofer and Isaac 2012, "
#: Osma Suominen, Christian Mader: Assessing and Improving the Quality of SKOS Vocabularies (J. Data Semantics 3, 2014).
_2014 = "Suominen and Mader 2014, "
#: The tool of both papers, where its code has what they do not.
_QSKOS = "qSKOS 2, "

_rule = partial(Rule, profile="quality")

RULES: Mapping[str, Rule] = {
    # -- labels and documentation
    "quality.note-language": _rule(
        INFO, "no language is named: {which}", "add the language tag, as in @en", source=_2012 + "Omitted Language Tags"
    ),
    "quality.language-tag": _rule(
        WARNING,
        "{tag} is no registered language tag ({problem}); texts: {count}",
        "write the tag of BCP 47 that is meant",
        source=_2012 + "Invalid Language Tags; BCP 47, section 2.2",
    ),
    "quality.language-coverage": _rule(
        INFO,
        "the language {tag} is {which}",
        "add the texts, or leave the language out",
        source=_2012 + "Incomplete Language Coverage",
    ),
    "quality.common-language": _rule(
        INFO,
        "no language is on all concepts; {tag} comes closest, and is {which}",
        "choose one language in which every concept is labelled",
        source=_2014 + "No Common Language",
    ),
    "quality.label-empty": _rule(
        WARNING,
        "an empty {property} of {subject}",
        "write the label, or remove the statement",
        source=_QSKOS + "Empty Labels",
    ),
    "quality.label-space": _rule(
        WARNING,
        "the {property} {value} of {subject} has {problem}",
        "remove the white space: to a program this is another label",
        source="ISO 25964-1, clause 6",
    ),
    "quality.label-unprintable": _rule(
        WARNING,
        "the {property} {value} of {subject} holds the invisible character {character}",
        "remove the character",
        source=_QSKOS + "Unprintable Characters in Labels",
    ),
    "quality.label-overlap": _rule(
        INFO,
        "{count} concepts have {label} as an alternative or hidden label: {concepts}",
        "keep the label where it is meant, or qualify it",
        source=_2012 + "Label Conflicts; " + _2014 + "Overlapping Labels",
    ),
    "quality.near-duplicate": _rule(
        INFO,
        "labels that differ in form only: {labels}",
        "merge the concepts, or make the labels tell them apart",
        source="ISO 25964-1, clause 6; PoolParty, similar labels",
    ),
    "quality.undocumented": _rule(
        INFO,
        "no definition and no note of any kind: {which}",
        "define the concept, or say in a scope note how it is used",
        source=_2012 + "Undocumented Concepts",
    ),
    "quality.notation-shared": _rule(
        WARNING,
        "{count} concepts of one scheme have the notation {notation}: {concepts}",
        "give each concept a notation of its own",
        source=_QSKOS + "Ambiguous Notation References; SKOS Reference, section 6.5.3",
    ),
    "quality.notation-several": _rule(
        INFO,
        "{subject} has {count} notations of one kind: {notations}",
        "keep one, or give each notation the datatype of its system",
        source=_QSKOS + "Ambiguous Notation References; SKOS Reference, section 6.5.2",
    ),
    # -- structure
    "quality.cluster": _rule(
        INFO,
        "{scheme} falls into {count} clusters without a link between them: {clusters}",
        "link the clusters, or leave them: several trees may be meant",
        source=_2012 + "Disconnected Concept Clusters",
    ),
    "quality.orphan": _rule(
        INFO, "no link to another concept: {which}", "relate the concept to others", source=_2012 + "Orphan Concepts"
    ),
    "quality.valueless-association": _rule(
        INFO,
        "{subject} and {value} are related, and siblings below {parent}",
        "remove the association, or say by a property of its own what it means",
        source=_2012 + "Valueless Associative Relations; ISO 25964-1, clause 10.3",
    ),
    "quality.top-with-broader": _rule(
        WARNING,
        "the top concept {subject} of {scheme} has the broader concept {value} there",
        "remove one of the two statements",
        source=_2012 + "Top Concepts Having Broader Concepts; SKOS Reference, section 4.6.3",
    ),
    "quality.one-sided": _rule(
        INFO,
        "not said from the other side, by {inverse}: {which}",
        "add the inverse: kg validate --fix does, and every export writes it",
        source=_2014 + "Unidirectionally Related Concepts",
    ),
    "quality.redundant-broader": _rule(
        INFO,
        "{subject} stands directly below {value}, and also by way of {way}",
        "remove the direct link, unless it says more",
        source=_QSKOS + "Hierarchical Redundancy",
    ),
    "quality.solely-transitive": _rule(
        WARNING,
        "{subject} and {value} are linked by {property} and by no chain of skos:broader",
        "state skos:broader or skos:narrower: the transitive properties are for what follows",
        source=_2012 + "Solely Transitively Related Concepts; SKOS Reference, section 8.1",
    ),
    "quality.reflexive": _rule(
        WARNING, "{subject} is linked to itself by {property}", "remove the link", source=_QSKOS + "Reflexive Relations"
    ),
    "quality.several-schemes": _rule(
        INFO,
        "in several concept schemes: {which}",
        "keep one, unless it is shared on purpose",
        source="SKOS Reference, section 4.1",
    ),
    "quality.across-schemes": _rule(
        INFO,
        "links concepts of two schemes as if they were of one: {which}",
        "use the mapping property, such as skos:broadMatch for skos:broader",
        source="SKOS Reference, section 10.1",
    ),
    "quality.top-missing": _rule(
        INFO,
        "the scheme {scheme} has collections, but no top concept",
        "say which concepts are on top",
        source=_2012 + "Omitted Top Concepts",
    ),
    "quality.mapping-inside": _rule(
        WARNING,
        "{subject} and {value} are of one scheme and linked by {property}, which is for two",
        "use the plain property, such as skos:related; merge the concepts if they are the same",
        source=_QSKOS + "Mapping Relations Misuse; SKOS Reference, section 10.1",
    ),
    # -- terms and links
    "quality.skos-term": _rule(
        WARNING,
        "{term} is no term of SKOS{hint}; used: {count}",
        "write the term that is meant",
        source=_2012 + "Undefined SKOS Resources; SKOS Reference, appendix D",
    ),
    "quality.skos-namespace": _rule(
        WARNING,
        "{found} is not the namespace of {name}, so no tool sees what it says; used: {count}",
        "write {wanted}",
        source=_2012 + "Undefined SKOS Resources; SKOS Reference, section 2",
    ),
    "quality.http-iri": _rule(
        INFO,
        "IRIs that nobody can look up, as they begin with {scheme}: {which}",
        "choose IRIs of http or https",
        source=_2014 + "HTTP URI Scheme Violation",
    ),
    "quality.out-link": _rule(
        INFO,
        "no link to another vocabulary: {which}",
        "map the concept to one, for instance by skos:closeMatch",
        source=_2012 + "Missing Out-Links",
    ),
    "quality.label-for-iri": _rule(
        WARNING,
        "{property} of {subject} is the text {value}, where an IRI belongs{hint}",
        "write the IRI of what is meant",
        source="Linked Data Platform Best Practices; SKOS Reference, appendix B",
    ),
    "quality.deprecated": _rule(
        INFO,
        "deprecated, and nothing replaces it: {which}",
        "name the successor by dcterms:isReplacedBy, or say in a change note that there is none",
        source="ISO 25964-1, clause 13",
    ),
    # -- asked of the Web, and only with --online
    "quality.link-dead": _rule(
        WARNING,
        "{target} cannot be looked up: {problem}",
        "mend the link, or remove it",
        source=_2012 + "Broken Links",
    ),
    "quality.link-unasked": _rule(
        INFO,
        "{count} more linked documents were not asked for; {most} are the most at a time",
        "ask again for a part of the vocabulary",
    ),
    "quality.in-link": _rule(
        INFO,
        "no other dataset is known to link to it: {which}",
        "make the vocabulary known where it is used",
        source=_2012 + "Missing In-Links",
    ),
}
