"""The rules about labels and lists, in the store."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from kg.report import Finding
from kg.store.validation.expressions import constant
from kg.store.validation.hierarchy import Relations, Triple, either, share
from kg.store.validation.place import Part
from kg.store.validation.telling import local, told
from kg.store.validation.ways import Fresh, looped
from kg.terms import Term
from kg.vocab import OWL, RDF, SKOS, SKOSXL

#: A property that leads to a label resource, and the plain one that it entails.
_KINDS = (
    (SKOSXL.prefLabel, SKOS.prefLabel),
    (SKOSXL.altLabel, SKOS.altLabel),
    (SKOSXL.hiddenLabel, SKOS.hiddenLabel),
)


def same_label(relations: Relations) -> Iterator[Finding]:
    """Labels that several concepts of one scheme, or of none, have."""
    found: set[Triple] = set()
    for number, scheme in enumerate(_schemes(relations)):
        make = Fresh()
        active = f"?c {SKOS.prefLabel} ?this . {_active('?c', relations, make)} {scheme.format('?c')}"
        group = "?this ?scheme" if number else "?this"
        having = f"GROUP BY {group} HAVING(COUNT(DISTINCT ?c) > 1)"
        again = f"?c {SKOS.prefLabel} ?this . {_active('?c', relations, make)} {scheme.format('?c')}"
        names = "?c ?this ?scheme" if number else "?c ?this"

        def text(
            part: Part,
            inner: str = active,
            group: str = group,
            having: str = having,
            names: str = names,
            again: str = again,
        ) -> str:
            groups = f"{{ SELECT {group} WHERE {{ {inner}{part.of_nodes()} }} {having} }}"
            return f"SELECT DISTINCT {names} {{from}} WHERE {{ {groups} {again} }}"

        for first in relations.place.shares(f"?c {SKOS.prefLabel} ?this ."):
            for concept, label, *schemes in relations.place.rows(text, first):
                found |= _described(concept, SKOS.prefLabel, label, schemes)
    yield from told(relations, local("glossary.ambiguous-label").find, sorted(found))


def _described(concept: Term | None, kind: Term, label: Term | None, schemes: list[Term | None]) -> set[Triple]:
    if not concept or not label:
        return set()
    found = {(concept, kind, label), (concept, RDF.type, SKOS.Concept)}
    return found | {(concept, SKOS.inScheme, scheme) for scheme in schemes if scheme}


def _schemes(relations: Relations) -> Iterator[str]:
    """Yield the patterns of a concept without a scheme, and of one with a scheme."""
    member = relations.membership
    if not member:
        yield ""
        return
    yield f"FILTER NOT EXISTS {{{{ {{0}} {member} ?any }}}}"
    yield f"{{0}} {member} ?scheme ."


def _active(node: str, relations: Relations, make: Fresh) -> str:
    """Return the pattern of concepts that are not deprecated."""
    typed = relations.typed(node, SKOS.Concept, make)
    if not relations.place.uses(OWL.deprecated):
        return typed
    gone = make("d")
    return f'{typed} FILTER NOT EXISTS {{ {node} {OWL.deprecated} {gone} FILTER(STR({gone}) IN ("true", "1")) }}'


def alias_clash(relations: Relations) -> Iterator[Finding]:
    """Aliases that are, but for letter case, the preferred label of another concept of the glossary."""
    aliases = aliases_of(relations)
    preferred = preferred_of(relations) if aliases else []
    words = {folded(label) for _, _, label in aliases}.intersection(folded(label) for _, _, label in preferred)
    found = with_schemes(relations, [*aliases, *preferred], words)
    yield from told(relations, local("glossary.label-clash").find, found)


def preferred_of(relations: Relations) -> list[Triple]:
    """Return what has a preferred label, with it."""
    return relations.stated(SKOS.prefLabel)


def aliases_of(relations: Relations) -> list[Triple]:
    """Return what has an alternative or hidden label, with it."""
    return [*relations.stated(SKOS.altLabel), *relations.stated(SKOS.hiddenLabel)]


def folded(label: Term) -> str:
    """Return what a label is compared by, as local validation folds it: SPARQL has small letters only."""
    return label.casefold()


def with_schemes(relations: Relations, rows: Iterable[Triple], words: Container[str]) -> list[Triple]:
    """Return the statements whose label is one of some words, and what those it is said of are, and where."""
    found = sorted(row for row in rows if folded(row[2]) in words)
    context = relations.memberships(sorted({one for one, _, _ in found})) if found else ()
    return [*found, *context]


# -- what is entailed ----------------------------------------------------------------


def label_resources(relations: Relations) -> Iterator[Finding]:
    """Find what has a SKOS-XL label whose literal form it does not have as a plain label."""
    place = relations.place
    found: set[Triple] = set()
    subjects: set[Term] = set()
    if not place.uses(SKOSXL.literalForm):
        return
    lacking = [
        f"{{ ?this {either(kinds)} ?x . ?x {SKOSXL.literalForm} ?f . FILTER NOT EXISTS {{ ?this {plain} ?f }} }}"
        for kind, plain in _KINDS
        if (kinds := relations.used(kind))
    ]
    if not lacking:
        return
    known = [name for kind, _ in _KINDS for name in relations.used(kind)]
    rest = f"?this ?kind ?x . ?x {SKOSXL.literalForm} ?f . FILTER(?kind IN ({', '.join(map(constant, known))}))"
    where = " UNION ".join(lacking)
    for first in place.shares(where):
        for one, kind, label, form in place.rows(
            lambda part: f"SELECT DISTINCT ?this ?kind ?x ?f {{from}} WHERE {{ {share(where, part)} {rest} }}", first
        ):
            if one and kind and label and form:
                subjects.add(one)
                found |= {(one, kind, label), (label, SKOSXL.literalForm, form)}
    found.update(place.statements(sorted(subjects), [plain for _, plain in _KINDS]))
    yield from told(relations, local("skos.s55").find, sorted(found))


def unstated_members(relations: Relations) -> Iterator[Finding]:
    """Ordered collections with something in their lists that is no member."""
    place, make = relations.place, Fresh()
    if not place.uses(SKOS.memberList):
        return
    later = looped(RDF.rest, "?h", "?n", make)
    nodes = f"{{ ?this {SKOS.memberList} ?n . }} UNION {{ ?this {SKOS.memberList} ?h . {later} }}"
    where = f"{nodes} ?n {RDF.first} ?m . FILTER NOT EXISTS {{ ?this {SKOS.member} ?m }}"
    rest = f"?this {SKOS.memberList} ?head . {nodes} OPTIONAL {{ ?n {RDF.first} ?f }} OPTIONAL {{ ?n {RDF.rest} ?r }}"
    found: dict[Triple, None] = {}
    names: set[Term] = set()
    for first in place.shares(where):
        for one, head, node, item, following in place.rows(
            lambda part: f"SELECT DISTINCT ?this ?head ?n ?f ?r {{from}} WHERE {{ {share(where, part)} {rest} }}", first
        ):
            if one and head and node:
                names.add(one)
                found[one, SKOS.memberList, head] = None
                found |= {(node, RDF.first, item): None} if item else {}
                found |= {(node, RDF.rest, following): None} if following else {}
    found |= dict.fromkeys(place.statements(sorted(names), [SKOS.member]))
    yield from told(relations, local("skos.s36").find, found)
