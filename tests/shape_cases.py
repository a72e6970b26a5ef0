"""What each packaged shape passes, and what it reports: small graphs, for every test of shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.hierarchy import hierarchy
from kg.vocab import KG, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIM = "rdf:subject :a ; rdf:predicate skos:broader ; rdf:object :b"
FROM_PAGE = 'kg:basis "page" ; prov:wasDerivedFrom :span'
SPAN = ":span a oa:SpecificResource ; oa:hasSource :page ; oa:hasSelector :selector ."
SELECTOR = ':selector oa:exact "words" ; oa:start 3 ; oa:end 8 .'
ENTRY = 'a skos:Concept, kg:Entry ; skos:prefLabel "a"@en ; skos:inScheme :scheme'
LABEL = 'a skosxl:Label ; skosxl:literalForm "a"@en'
CANDIDATE = "adms:status adms-status:UnderDevelopment ."
SCHEME = "a skos:ConceptScheme"
DATASET = "a dcat:Dataset ; foaf:primaryTopic :scheme"

#: What each shape passes, and what it reports.
CASES: dict[str, tuple[str, str]] = {
    "skos.s4": (":a skos:inScheme :s . :s a skos:ConceptScheme .", ":a skos:inScheme :s . :s a skos:Concept ."),
    "skos.s6": (":s skos:hasTopConcept :a .", ":a skos:topConceptOf :s . :a a skos:Collection ."),
    "skos.s9": (":s a skos:ConceptScheme . :a a skos:Concept .", ":s a skos:ConceptScheme, skos:Concept ."),
    "skos.s12": (':a skos:prefLabel "a"@en, "b" .', ":a skos:prefLabel :b ."),
    "skos.s12:alt": (':a skos:altLabel "a"@en, "b" .', ":a skos:altLabel 7 ."),
    "skos.s12:hidden": (':a skos:hiddenLabel "a"@en, "b" .', ':a skos:hiddenLabel "<b>a</b>"^^rdf:HTML .'),
    "skos.s13": (
        ':a skos:prefLabel "a"@en ; skos:altLabel "a"@de, "A"@en .',
        ':a skos:prefLabel "a"@en-GB ; skos:altLabel "a"@EN-gb .',
    ),
    "skos.s13:alt": (
        ':a skos:altLabel "a"@en ; skos:hiddenLabel "aa"@en . :b skos:hiddenLabel "a"@en .',
        ':a skos:altLabel "a"@en ; skos:hiddenLabel "a"@en .',
    ),
    "skos.s14": (':a skos:prefLabel "a"@en, "a"@de, "a" .', ':a skos:prefLabel "a"@en-GB, "b"@EN-gb .'),
    "skos.s14:untagged": (':a skos:prefLabel "a", "a"@en .', ':a skos:prefLabel "a", "b" .'),
    "skos.s19": (":a skos:broader :b . :b a skos:Concept .", ":a skos:related :c . :c a skos:Collection ."),
    "skos.s19:text": (":a skos:broader :b .", ':a skos:broader "b"@en .'),
    "skos.s27": (
        ":a skos:related :b ; skos:broader :c . :b skos:broader :c .",
        ":a skos:related :b ; skos:broader :c . :b skos:narrower :c .",
    ),
    "skos.s27:below": (
        ":a skos:related :b ; skos:narrower :c . :b skos:narrower :c .",
        ":a skos:relatedMatch :b ; skos:narrowMatch :c . :b skos:broadMatch :c .",
    ),
    "skos.s31": (":c skos:member :a . :c a skos:Collection .", ":c skos:member :a . :c a skos:Concept ."),
    "skos.s32": (":c skos:member :a, :b . :b a skos:Collection .", ":c skos:member :s . :s a skos:ConceptScheme ."),
    "skos.s32:list": (
        ":c skos:memberList (:a :b) . :b a skos:Collection .",
        ":c skos:memberList (:a :s) . :s a skos:ConceptScheme .",
    ),
    "skos.s33": (
        ":c skos:memberList (:a) . :c a skos:OrderedCollection .",
        ":c skos:memberList (:a) . :c a skos:Concept .",
    ),
    "skos.s34": (":c skos:memberList (:a) . :d skos:memberList () .", ":c skos:memberList :a ."),
    "skos.s35": (":c skos:memberList (:a :b) .", ":c skos:memberList (:a), (:b) ."),
    "skos.s37": (":c a skos:Collection .", ":c a skos:OrderedCollection, skos:Concept ."),
    "skos.s46": (":a skos:exactMatch :b ; skos:broadMatch :c .", ":a skos:exactMatch :b ; skos:narrowMatch :b ."),
    "skos.s48": (f":l {LABEL} .", f":l {LABEL} . :l a skos:Concept ."),
    "skos.s50": (f":l {LABEL} .", ':l a skos:Concept ; skosxl:literalForm "a"@en .'),
    "skos.s51": (f":l {LABEL} .", ":l a skosxl:Label ; skosxl:literalForm :a ."),
    "skos.s52": (f":l {LABEL} .", f':l {LABEL}, "b"@en .'),
    "skos.s54": (f":a skosxl:prefLabel :l . :l {LABEL} .", ':a skosxl:altLabel "a"@en .'),
    "skos.s58": (
        ":a skosxl:prefLabel :l ; skosxl:altLabel :m .",
        ":a skosxl:prefLabel :l ; skosxl:hiddenLabel :l .",
    ),
    "skos.s58:alt": (
        ":a skosxl:hiddenLabel :l ; skosxl:altLabel :m .",
        ":a skosxl:altLabel :l ; skosxl:hiddenLabel :l .",
    ),
    "skos.s60": (
        f":l skosxl:labelRelation :m . :l {LABEL} .",
        ":l skosxl:labelRelation :m . :l a skos:Collection .",
    ),
    "skos.s61": (f":l skosxl:labelRelation :m . :m {LABEL} .", ":l skosxl:labelRelation :m . :m a skos:Concept ."),
    "glossary.label-missing": (
        ':a a skos:Concept ; skos:prefLabel "a"@en .',
        ':a a skos:Concept ; rdfs:label "a"@en .',
    ),
    "glossary.label-language": (':a skos:prefLabel "a"@en .', ':a skos:prefLabel "a" .'),
    "glossary.label-language:alt": (':a skos:altLabel "a"@en .', ':a skos:altLabel "a" .'),
    "glossary.label-language:hidden": (':a skos:hiddenLabel "a"@en .', ':a skos:hiddenLabel "a" .'),
    "glossary.scheme-missing": (":a a skos:Concept ; skos:inScheme :s .", ":a a skos:Concept ."),
    "glossary.definition-missing": (f':a {ENTRY} ; skos:definition "A."@en, "B."@en .', f":a {ENTRY} ."),
    "glossary.page-missing": (
        f":a {ENTRY} ; dcterms:source :p, <http://o.org/book> . :p a kg:Page .",
        f":a {ENTRY} ; dcterms:source <http://o.org/book> .",
    ),
    "glossary.concept-undefined": (
        ':a a skos:Concept, kg:Entry . :b a skos:Concept ; skos:definition "B."@en . :c a skos:Concept ; ' + CANDIDATE,
        ":a a skos:Concept ; adms:status adms-status:Completed .",
    ),
    "glossary.status": (":a adms:status adms-status:Deprecated .", ':a adms:status "draft" .'),
    "glossary.candidate-published": (
        f":d foaf:primaryTopic :s . :a skos:inScheme :s . :b skos:inScheme :candidates ; {CANDIDATE}",
        f":d foaf:primaryTopic :s . :b skos:inScheme :s ; {CANDIDATE}",
    ),
    "glossary.origin-subject": (f":l {LABEL} ; kg:coinedBy :x .", ':a a skos:Concept ; kg:firstAppeared "2021" .'),
    "glossary.origin-agent": (':l kg:coinedBy :x . :x foaf:name "X" .', ':l kg:coinedBy :x . :x foaf:nick "X" .'),
    "glossary.origin-work": (':l kg:firstAppearedIn :w . :w dcterms:title "W"@en .', ":l kg:firstAppearedIn :w ."),
    "glossary.origin-year": (
        ':l kg:firstAppeared "2021"^^xsd:gYear .',
        ':l kg:firstAppeared "2021"^^xsd:gYear, "2022"^^xsd:gYear .',
    ),
    "evidence.statement:subject": (f":k a kg:Claim ; {CLAIM} .", ":k a kg:Claim ; rdf:predicate :p ; rdf:object :b ."),
    "evidence.statement:predicate": (f":k a kg:Claim ; {CLAIM} .", f":k a kg:Claim ; {CLAIM} ; rdf:predicate :p ."),
    "evidence.statement:object": (f":k a kg:Claim ; {CLAIM} .", ":k a kg:Claim ; rdf:subject :a ."),
    "evidence.basis": (f":k a kg:Claim ; {FROM_PAGE} .", ':k a kg:Claim ; kg:basis "rumour" .'),
    "evidence.quote-missing": (
        f':k a kg:Claim ; {FROM_PAGE} . {SPAN} :m a kg:Claim ; kg:basis "curated" .',
        ':k a kg:Claim ; kg:basis "page" .',
    ),
    "evidence.source-missing": (
        ':k a kg:Claim ; kg:basis "page" . :m a kg:Claim ; kg:basis "curated" ; dcterms:source :w .',
        ':k a kg:Claim ; kg:basis "curated" .',
    ),
    "evidence.selector": (SPAN + SELECTOR, ":span a oa:SpecificResource ; oa:hasSelector :selector ." + SELECTOR),
    "evidence.selector:exact": (SPAN + SELECTOR, SPAN + ":selector oa:start 3 ; oa:end 8 ."),
    "evidence.selector:start": (SPAN + SELECTOR, SPAN + ':selector oa:exact "words" ; oa:end 8 .'),
    "evidence.selector:end": (SPAN + SELECTOR, SPAN + SELECTOR + ":selector oa:end 9 ."),
    "publication.title-missing": (
        ':s a skos:ConceptScheme ; dcterms:title "S"@en .',
        ':s a skos:ConceptScheme ; dcterms:alternative "S"@en .',
    ),
    "publication.topic-missing": (f":d {DATASET} . :scheme a skos:ConceptScheme .", f":d {DATASET} ."),
    "publication.description-missing": (f':d {DATASET} ; dcterms:description "D."@en .', f":d {DATASET} ."),
    "publication.license-missing": (f":d {DATASET} ; dcterms:license <http://o.org/l> .", f":d {DATASET} ."),
    "publication.license-form": (f":d {DATASET} ; dcterms:license <http://o.org/l> .", ':d dcterms:license "MIT" .'),
    "publication.publisher-missing": (f":d {DATASET} ; dcterms:publisher :x .", f":d {DATASET} ."),
    "publication.publisher-name": (
        ':d dcterms:publisher :x . :x foaf:name "X" .',
        ":d dcterms:publisher :x .",
    ),
    "publication.version-missing": (
        f':d {DATASET} ; owl:versionInfo "1" .',
        f':d {DATASET} ; owl:versionInfo "1", "2" .',
    ),
    "publication.language-missing": (f':d {DATASET} ; dcterms:language "en" .', f":d {DATASET} ."),
    "publication.description-missing:scheme": (f':s {SCHEME} ; dcterms:description "D."@en .', f":s {SCHEME} ."),
    "publication.license-missing:scheme": (f":s {SCHEME} ; dcterms:license <http://o.org/l> .", f":s {SCHEME} ."),
    "publication.publisher-missing:scheme": (f":s {SCHEME} ; dcterms:publisher :x .", f":s {SCHEME} ."),
    "publication.version-missing:scheme": (f':s {SCHEME} ; owl:versionInfo "1" .', f":s {SCHEME} ."),
    "publication.language-missing:scheme": (f':s {SCHEME} ; dcterms:language "en" .', f":s {SCHEME} ."),
    "publication.date-missing": (f':d {DATASET} ; dcterms:created "2026-11-23"^^xsd:date .', f":d {DATASET} ."),
    "publication.date-missing:scheme": (f':s {SCHEME} ; dcterms:created "2026-11-23"^^xsd:date .', f":s {SCHEME} ."),
    "publication.date-form": (
        f':d {DATASET} ; dcterms:created "2026-11-23"^^xsd:date, "2026"^^xsd:gYear .',
        f':d {DATASET} ; dcterms:created "23.11.2026" .',
    ),
    "publication.date-form:modified": (
        f':d {DATASET} ; dcterms:modified "2026-11-23T12:00:00Z"^^xsd:dateTime .',
        f':d {DATASET} ; dcterms:modified "2026-13-45"^^xsd:date .',
    ),
    "publication.date-form:issued": (
        f':d {DATASET} ; dcterms:issued "2026-11"^^xsd:gYearMonth .',
        f":d {DATASET} ; dcterms:issued 2026 .",
    ),
}


def ranges() -> Iterator[tuple[str, str]]:
    """Yield each property of ours that leads from a concept to a concept or a question, and to what."""
    known = hierarchy()
    for predicate in sorted(known.properties()):
        kind = known.range(predicate)
        if kind and (kind == SKOS.Concept or kind in KG):
            yield predicate, kind


for _predicate, _kind in ranges():
    CASES[f"glossary.range:{_predicate[len(KG.base) + 1 : -1]}"] = (
        f":a {_predicate} :b . :b a {_kind} .",
        f":a {_predicate} :b . :b a {SKOS.Collection} .",
    )
