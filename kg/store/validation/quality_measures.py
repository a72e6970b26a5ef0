"""What is a measure of the whole vocabulary, in the store: how many concepts fall short, and which come first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest

from kg import terms
from kg.check import measure
from kg.check.graph import Checked, family
from kg.check.quality_languages import is_rare, partly
from kg.check.quality_links import OUTWARD, SUCCESSORS
from kg.iri import canonical_tag
from kg.query import Row
from kg.report import Finding
from kg.store.validation.expressions import constant
from kg.store.validation.hierarchy import Relations, either
from kg.store.validation.place import Part, named
from kg.store.validation.telling import told
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCTERMS, KG, OWL, RDF, SKOS


def _measured(
    relations: Relations, code: str, rest: str, *, where: str = "", whole: int | None = None, **data: str
) -> Iterator[Finding]:
    """Tell of the concepts that fulfil a condition, each of a few or all at once."""
    place, where = relations.place, where or relations.concept()
    count = place.count(where, "?this", rest)
    found = place.first(measure.LISTED if count <= measure.LISTED else measure.SHOWN, where, "?this", rest)
    number = (relations.concepts if whole is None else whole) if found else 0

    def tells(checked: Checked) -> Iterator[Finding]:
        yield from measure.concepts(checked, code, checked.concepts, number, count, **data)

    yield from told(relations, tells, ((one, RDF.type, SKOS.Concept) for (one,) in found))


def _without(*patterns: str) -> str:
    return " ".join(f"FILTER NOT EXISTS {{ {pattern} }}" for pattern in patterns if pattern)


def _but(*patterns: str) -> str:
    """Leave out, as sets, what patterns bind: where most have to be looked at, that is quicker than to ask of each."""
    return " ".join(f"MINUS {{ SELECT DISTINCT ?this WHERE {{ {pattern} }} }}" for pattern in patterns)


def undocumented(relations: Relations) -> Iterator[Finding]:
    """Concepts without a note of any kind."""
    where, notes = relations.concept(), relations.links(SKOS.note)
    if relations.wanted("glossary.concept-undefined"):
        entry = relations.typed("?this", KG.Entry, Fresh("entry"))
        candidate = f"?this {ADMS.status} {ADMS_STATUS.UnderDevelopment} ."
        where = f"{{ {entry} {where} }} UNION {{ {candidate} {where} }}"
    yield from _measured(relations, "quality.undocumented", _without(notes and f"?this {notes} ?note"), where=where)


def orphans(relations: Relations) -> Iterator[Finding]:
    """Concepts that stand in no relation to another; what is out of reach is told as that."""
    linking = relations.links(SKOS.semanticRelation)
    alone = linking and _but(
        f"?this {linking} ?other FILTER(!sameTerm(?this, ?other))",
        f"?another {linking} ?this FILTER(!sameTerm(?this, ?another))",
    )
    arranged = sorted(relations.arranged)
    if arranged:
        listed = ", ".join(map(constant, arranged))
        # What stands in an arranged scheme, neither on top nor in a collection, is out of reach.
        inside = f"?this {SKOS.inScheme} ?arranged FILTER(?arranged IN ({listed}))"
        entrance = f"?this {relations.entrance} ?entered"
        kept = f"FILTER(!EXISTS {{ {inside} }} || EXISTS {{ {entrance} }})"
        alone = f"{alone} {kept}"
    yield from _measured(relations, "quality.orphan", alone)


def several_schemes(relations: Relations) -> Iterator[Finding]:
    """Concepts in several schemes."""
    member = relations.membership
    if member:
        both = f"?this {member} ?one . ?this {member} ?other . FILTER(!sameTerm(?one, ?other))"
        yield from _measured(relations, "quality.several-schemes", both)


def unreadable_iris(relations: Relations) -> Iterator[Finding]:
    """Concepts, schemes and collections whose IRI nobody can look up."""
    kinds = [name for kind in (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection) for name in family(kind)]
    own = f"?this a ?kind . FILTER(?kind IN ({', '.join(map(constant, dict.fromkeys(kinds)))}))"
    tests = " && ".join(f'!STRSTARTS(STR(?this), "{start}")' for start in ("http://", "https://", "urn:glossary:"))
    odd = f'FILTER(isIRI(?this) && {tests}) BIND(LCASE(STRBEFORE(STR(?this), ":")) AS ?scheme)'
    whole = 0
    for name in sorted({terms.lexical(scheme) for _, scheme in relations.place.selected(own, "?this ?scheme", odd)}):
        whole = whole or relations.place.count(own)
        rest = f"{odd} FILTER(?scheme = {constant(terms.literal(name))})"
        yield from _measured(relations, "quality.http-iri", rest, where=own, whole=whole, scheme=f"{name}:")


def without_out_links(relations: Relations) -> Iterator[Finding]:
    """Concepts that nothing links with something on another host."""
    place = relations.place
    # The scheme and the host of an IRI end at the first slash after its eighth character.
    start = 'CONCAT(SUBSTR(STR(?this), 1, 8), STRBEFORE(SUBSTR(STR(?this), 9), "/"), "/")'
    host = f'{relations.concept()} FILTER(isIRI(?this) && STRSTARTS(STR(?this), "http"))'
    host += f' FILTER(CONTAINS(SUBSTR(STR(?this), 9), "/")) BIND({start} AS ?host)'

    def hosts(part: Part) -> str:
        return f"SELECT DISTINCT ?host {{from}} WHERE {{ {host}{part.of_nodes()} }}"

    own = sorted({terms.lexical(row[0]) for row in place.rows(hosts) if row[0]})
    used = relations.used_only(*dict.fromkeys((*family(SKOS.semanticRelation), *OUTWARD)))

    def outside(name: str) -> str:
        tests = [f"!STRSTARTS(STR({name}), {constant(terms.literal(start))})" for start in own]
        return " && ".join([f"isIRI({name})", f'STRSTARTS(STR({name}), "http")', *tests])

    linked = [
        f"?this {either(used)} ?other FILTER({outside('?other')})",
        f"?another {either(used)} ?this FILTER({outside('?another')})",
    ]
    yield from _measured(relations, "quality.out-link", _but(*linked) if used else "")


def unreplaced(relations: Relations) -> Iterator[Finding]:
    """Concepts that are deprecated, and nothing says what replaces them, or why nothing does."""
    gone = [f'?this {OWL.deprecated} ?gone FILTER(STR(?gone) IN ("true", "1"))'] * relations.place.uses(OWL.deprecated)
    gone += [f"?this {ADMS.status} {ADMS_STATUS.Deprecated} ."] * relations.place.uses(ADMS.status)
    if not gone:
        return
    where = " UNION ".join(f"{{ {relations.concept()} {one} }}" for one in gone)
    said = either(relations.used_only(*SUCCESSORS, SKOS.changeNote, SKOS.historyNote))
    replacing = relations.used_only(DCTERMS.replaces)
    rest = _without(said and f"?this {said} ?said", f"?new {DCTERMS.replaces} ?this" if replacing else "")
    yield from _measured(relations, "quality.deprecated", rest, where=where, whole=relations.place.count(where))


# -- languages ---------------------------------------------------------------------


def coverage(relations: Relations) -> Iterator[Finding]:
    """Languages that some concepts lack, and the one that comes closest to being common to all."""
    having, whole = _spoken(relations), relations.concepts
    closest = max(sorted(having), key=having.__getitem__, default="")
    codes: dict[str, str] = {}
    for tag in sorted(having):
        if tag == closest and len(having) > 1 and having[tag] < whole:
            codes[tag] = "quality.common-language"
        elif 1 < having[tag] < whole:
            codes[tag] = "quality.language-coverage"
    examples = _examples(relations, {tag: having[tag] for tag in codes})

    def tells(checked: Checked) -> Iterator[Finding]:
        for tag, code in codes.items():
            yield partly(checked, code, tag, examples[tag], having[tag], whole)

    yield from told(relations, tells, ((one, RDF.type, SKOS.Concept) for tag in codes for one in examples[tag]))


#: The texts of a resource that name their language, and its tag.
_TEXTS = '?this ?p ?text . FILTER(isLiteral(?text) && LANG(?text) != "") BIND(LCASE(LANG(?text)) AS ?tag)'


def _spoken(relations: Relations) -> Mapping[str, int]:
    """Return how many concepts have a text in each language, by tag."""
    place, found = relations.place, Counter[str]()
    where = relations.concept()

    def text(part: Part) -> str:
        spoken = f"{part.of(where)} {_TEXTS}"
        return f"SELECT ?tag (COUNT(DISTINCT ?this) AS ?n) {{from}} WHERE {{ {spoken} }} GROUP BY ?tag"

    for first in place.shares(where):
        for tag, count in place.rows(text, first):
            if tag and count:
                found[canonical_tag(terms.lexical(tag))] += int(terms.lexical(count))
    return found


def _examples(relations: Relations, having: Mapping[str, int]) -> dict[str, list[Term]]:
    """Return the first concepts that have each of some languages, or lack it where these are fewer.

    Mostly they are among the first concepts of all, which are looked at once for all languages. Where they are
    not, the speakers of all such languages travel, and only what few lack is looked for language by language.
    """
    if not having:
        return {}
    found, first = dict[str, list[Term]](), relations.beginning
    speakers = _speakers(relations, first)
    for tag in having:
        spoken = speakers.get(tag, set())
        rare = is_rare(having[tag], relations.concepts)
        found[tag] = [one for one in first if (one in spoken) is rare][: measure.SHOWN]
        if len(found[tag]) == min(measure.SHOWN, having[tag] if rare else relations.concepts - having[tag]):
            continue
        found[tag] = []
        if not rare:
            speaks = _without(f"{_TEXTS} FILTER(?tag = {constant(terms.literal(tag.lower()))})")
            lacking = relations.place.first(measure.SHOWN, relations.concept(), "?this", speaks)
            found[tag] = [one for (one,) in lacking]
    if left := [tag for tag in having if not found[tag]]:
        speakers = _all_speakers(relations, left)
        found |= {tag: nsmallest(measure.SHOWN, speakers[tag]) for tag in left}
    return found


def _speakers(relations: Relations, concepts: Iterable[Term]) -> Mapping[str, set[Term]]:
    """Return which of some concepts have each language."""
    found = defaultdict[str, set[Term]](set)
    for names in named(concepts):

        def text(part: Part, names: str = names) -> str:
            spoken = f"VALUES ?this {{ {names} }} {_TEXTS}{part.of_nodes()}"
            return f"SELECT DISTINCT ?this ?tag {{from}} WHERE {{ {spoken} }}"

        _add_speakers(found, relations.place.rows(text))
    return found


def _all_speakers(relations: Relations, tags: Iterable[str]) -> Mapping[str, set[Term]]:
    """Return the concepts that have each of some languages."""
    found, where = defaultdict[str, set[Term]](set), relations.concept()
    wanted = ", ".join(constant(terms.literal(tag.lower())) for tag in tags)

    def text(part: Part) -> str:
        spoken = f"{part.of(where)} {_TEXTS} FILTER(?tag IN ({wanted}))"
        return f"SELECT DISTINCT ?this ?tag {{from}} WHERE {{ {spoken} }}"

    for first in relations.place.shares(where):
        _add_speakers(found, relations.place.rows(text, first))
    return found


def _add_speakers(found: dict[str, set[Term]], rows: Iterable[Row]) -> None:
    for one, tag in rows:
        if one and tag:
            found[canonical_tag(terms.lexical(tag))].add(one)
