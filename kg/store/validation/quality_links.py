"""The quality of texts, terms and single links, in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg import terms
from kg.check import measure
from kg.check.graph import Checked, family
from kg.check.quality_languages import is_wrong_tag
from kg.check.quality_links import LEADING, NEAR, strange_name, strange_term
from kg.check.quality_relations import TWO_SIDED
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.store.validation.expressions import constant, no
from kg.store.validation.hierarchy import Relations, Triple
from kg.store.validation.labels import preferred_of
from kg.store.validation.place import Part
from kg.store.validation.telling import local, told
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import RDF, SKOS, XSD

_ALL, _ROW = "?this ?p ?value .", "?this ?p ?value"


def statements(
    relations: Relations, code: str, found: Iterable[Triple], whole: int, noun: str, count: int, **data: str
) -> Iterator[Finding]:
    """Tell of so many statements, each of a few or all at once; of many, only the first need be there."""

    def tells(checked: Checked) -> Iterator[Finding]:
        number = {term: at for at, term in enumerate(checked.terms)}
        rows = ((number[s], p, number[o]) for s, p, o, _ in checked.dataset.match())
        yield from measure.statements(checked, code, rows, whole, noun, count, **data)

    yield from told(relations, tells, found)


def _chosen(names: Iterable[str], variable: str = "?p") -> str:
    return f"FILTER({variable} IN ({', '.join(map(constant, names))}))"


def _rows(relations: Relations, where: str, rest: str = "") -> Iterator[Triple]:
    """Yield the statements that a pattern selects; what is dear to tell of them is left to the rest of it."""
    rows = relations.place.selected(where, _ROW, f"{where} {rest}")
    return ((one, predicate, value) for one, predicate, value in rows)


# -- texts -------------------------------------------------------------------------


def tags(relations: Relations) -> Iterator[Finding]:
    """Language tags that begin with no language."""
    place = relations.place
    tagged = f'{_ALL} FILTER(isLiteral(?value) && LANG(?value) != "") BIND(LCASE(LANG(?value)) AS ?tag)'

    def text(part: Part) -> str:
        return f"SELECT DISTINCT ?tag {{from}} WHERE {{ {tagged}{part.of_nodes()} }}"

    known = {terms.lexical(row[0]) for first in place.shares(_ALL) for row in place.rows(text, first) if row[0]}
    wrong = sorted(filter(is_wrong_tag, known))
    if wrong:
        found = _rows(relations, f"{tagged} FILTER(?tag IN ({', '.join(map(terms.literal, wrong))}))")
        yield from told(relations, local("quality.language-tag").find, found)


def untagged_notes(relations: Relations) -> Iterator[Finding]:
    """Texts of notes that do not name their language."""
    notes = relations.used(SKOS.note)
    if not notes:
        return
    texts = f"{_ALL} {_chosen(notes)} FILTER(isLiteral(?value))"
    found = list(_rows(relations, f'{texts} FILTER(LANG(?value) = "" && DATATYPE(?value) = {XSD.string})'))
    whole = relations.place.count(texts, "?this ?p ?value", texts) if found else 0
    yield from statements(relations, "quality.note-language", found, whole, "notes", len(found))


def labels_for_iris(relations: Relations) -> Iterator[Finding]:
    """Statements that should lead to a resource, and have its name."""
    leading = relations.used_only(*LEADING)
    if not leading:
        return
    # Virtuoso knows no datatype of what names its language.
    texts = f'FILTER(isLiteral(?value) && (LANG(?value) != "" || DATATYPE(?value) != {XSD.anyURI}))'
    found = list(_rows(relations, f"{_ALL} {_chosen(leading)} {texts}"))
    if not found:
        return
    words = {terms.lexical(text).casefold() for _, _, text in found}
    named = [row for row in preferred_of(relations) if row[2][0] == '"' and terms.lexical(row[2]).casefold() in words]
    yield from told(relations, local("quality.label-for-iri").find, [*found, *named])


def skos_terms(relations: Relations) -> Iterator[Finding]:
    """Terms in the namespaces of SKOS that it does not have, and namespaces that are miswritten."""
    place = relations.place
    near = " || ".join(f'STRSTARTS(STR(?this), "{start[1:]}")' for start in NEAR)
    found = set[Term]()
    for pattern in ("?this ?p ?o .", "?s ?this ?o .", "?s ?p ?this . FILTER(isIRI(?this))"):

        def text(part: Part, pattern: str = pattern) -> str:
            # Groups, so that a term is looked at once, however many statements name it.
            groups = f"SELECT ?this WHERE {{ {pattern}{part.of_nodes()} }} GROUP BY ?this"
            return f"SELECT ?this {{from}} WHERE {{ {{ {groups} HAVING(isIRI(?this) && ({near})) }} }}"

        found.update(row[0] for row in place.rows(text) if row[0])
    for name in sorted({name for term in found if (name := strange_name(term))}):
        whole_term = name[-1] == ">"
        begins = f"= {constant(name)}" if whole_term else ""
        holds = [
            f"{one} {begins}" if begins else f"(isIRI({one}) && STRSTARTS(STR({one}), {terms.literal(name[1:])}))"
            for one in ("?s", "?p", "?o")
        ]
        [(count,)] = place.ask("(COUNT(*) AS ?n)", f"?s ?p ?o FILTER({' || '.join(holds)})")
        number = int(terms.lexical(count)) if count else 0

        def tells(checked: Checked, name: str = name, number: int = number) -> Iterator[Finding]:
            yield strange_term(checked, name, number)

        # The term is named by its label where it has one, as any other.
        yield from told(relations, tells, [(Term(name if whole_term else f"{name}>"), RDF.type, RDF.Property)])


# -- links -------------------------------------------------------------------------


def one_sided(relations: Relations) -> Iterator[Finding]:
    """Links that are said from one side only."""
    place, described = relations.place, [*family(SKOS.Concept), *family(SKOS.ConceptScheme)]
    for predicate in TWO_SIDED:
        inverse = hierarchy().inverse(predicate)
        if inverse is None or not place.uses(predicate):
            continue
        link = f"?this {predicate} ?value ."
        there = f"FILTER(!sameTerm(?this, ?value)) FILTER EXISTS {{ ?value a ?kind {_chosen(described, '?kind')} }}"
        back = relations.links(inverse)
        rest = f"{link} {there} {f'FILTER NOT EXISTS {{ ?value {back} ?this }}' if back else ''}"
        count = place.count(link, "?this ?value", rest)
        most = measure.LISTED if count <= measure.LISTED else measure.SHOWN
        found = [(one, predicate, other) for one, other in place.first(most, link, "?this ?value", rest)]
        whole = place.count(link, "?this ?value", link) if found else 0
        noun, said = f"statements of {measure.short(predicate)}", measure.short(inverse)
        yield from statements(relations, "quality.one-sided", found, whole, noun, count, inverse=said)


def reflexive(relations: Relations) -> Iterator[Finding]:
    """Resources that are related or mapped to themselves."""
    upward = {*family(SKOS.broaderTransitive), *family(SKOS.narrowerTransitive)}
    used = [name for name in relations.used(SKOS.semanticRelation) if name not in upward]
    if used:
        found = _rows(relations, f"{_ALL} {_chosen(used)} FILTER(sameTerm(?this, ?value))")
        yield from told(relations, local("quality.reflexive").find, found)


def mapped_inside(relations: Relations) -> Iterator[Finding]:
    """Concepts of one scheme, or of none, that a mapping links."""
    used, member = relations.used(SKOS.mappingRelation), relations.membership
    if not used:
        return
    kind = Fresh("other")
    inside = f"{relations.concept()} {relations.typed('?value', SKOS.Concept, kind)} FILTER(!sameTerm(?this, ?value))"
    if member:
        common = f"EXISTS {{ ?this {member} ?common . ?value {member} ?common }}"
        alone = " && ".join(no(f"EXISTS {{ {one} {member} {one}Scheme }}") for one in ("?this", "?value"))
        inside += f" FILTER({common} || ({alone}))"
    found = list(_rows(relations, f"{_ALL} {_chosen(used)}", inside))
    ends = sorted({end for one, _, other in found for end in (one, other)})
    yield from told(relations, local("quality.mapping-inside").find, [*found, *relations.memberships(ends)])


def across_schemes(relations: Relations) -> Iterator[Finding]:
    """Concepts of two schemes that are linked, and not by a mapping."""
    apart, member = relations.schemes, relations.membership
    mappings = family(SKOS.mappingRelation)
    used = [name for name in relations.used(SKOS.semanticRelation) if name not in mappings]
    if len(apart) < 2 or not member or not used:
        return
    one, other, both = (
        f"EXISTS {{ {pattern} {_chosen(sorted(apart), variable)} }}"
        for pattern, variable in (
            (f"?this {member} ?one", "?one"),
            (f"?value {member} ?other", "?other"),
            (f"?this {member} ?common . ?value {member} ?common", "?common"),
        )
    )
    links = f"{_ALL} {_chosen(used)}"
    pairs: dict[frozenset[Term], Triple] = {}
    order = {name: place for place, name in enumerate(family(SKOS.semanticRelation))}
    rows = _rows(relations, links, f"FILTER({no(both)} && {one} && {other})")
    for row in sorted(rows, key=lambda row: (row[0], order[row[1]])):
        # Said from both sides it is one slip.
        pairs.setdefault(frozenset((row[0], row[2])), row)
    whole = relations.place.count(links, "?this ?p ?value", links) if pairs else 0
    yield from statements(relations, "quality.across-schemes", pairs.values(), whole, "links", len(pairs))
