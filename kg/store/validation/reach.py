"""What cannot be reached, what is not there, what has no licence: rules in the store that say what was selected."""

from __future__ import annotations

from collections.abc import Iterator

from kg import terms
from kg.check.glossary import LINKS, OWN
from kg.check.graph import family
from kg.check.wording import Wording
from kg.hierarchy import hierarchy
from kg.report import Finding
from kg.rule import finding
from kg.store.validation.expressions import constant
from kg.store.validation.hierarchy import Relations, Triple, either
from kg.store.validation.telling import local, names_of, told
from kg.store.validation.ways import Fresh
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCAT, DCTERMS, FOAF, RDF, SKOS, VANN


def _rows(relations: Relations, where: str, names: str, rest: str = "") -> list[tuple[Term, ...]]:
    return list(relations.place.selected(where, names, rest))


# -- tops --------------------------------------------------------------------------


def out_of_reach(relations: Relations) -> Iterator[Finding]:
    """Concepts of a scheme that no way leads to from a top concept or a collection."""
    names = (SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept, SKOS.member)
    found = [row for name in names for row in relations.stated(name)]
    found += [(scheme, RDF.type, SKOS.ConceptScheme) for scheme in sorted(relations.schemes)]
    yield from told(relations, local("glossary.top-missing").find, [*found, *relations.types, *relations.steps])


def _wording(relations: Relations, found: set[Term]) -> Wording:
    return Wording(names_of(relations.place, found))


# -- links -------------------------------------------------------------------------


def dangling(relations: Relations) -> Iterator[Finding]:
    """Links to something of the glossary's own that is not described."""
    used = [name for name in dict.fromkeys((*family(SKOS.semanticRelation), *LINKS)) if relations.place.uses(name)]
    bases = _bases(relations)
    inside = " || ".join(f"STRSTARTS(STR(?this), {constant(terms.literal(base))})" for base in bases)
    known = hierarchy()
    ranged = relations.used(*(name for name in sorted(known.properties()) if known.range(name)))
    linking = ", ".join(map(constant, family(SKOS.semanticRelation)))
    lacking = [f"FILTER NOT EXISTS {{ ?this ?said ?of FILTER(?said NOT IN ({linking})) }}"]
    lacking += [f"FILTER NOT EXISTS {{ ?from {name} ?this }}" for name in ranged]
    other = f"FILTER NOT EXISTS {{ {relations.concept()} }}"
    first: dict[Term, tuple[int, Term]] = {}
    for number, name in enumerate(used):
        if name in OWN or inside:
            own = "" if name in OWN else f" && ({inside})"
            where = f"?any {name} ?this . FILTER(isIRI(?this){own}) {other}"
            for target, one in _rows(relations, where, "?this ?one", " ".join([*lacking, f"?one {name} ?this ."])):
                first[target] = min(first.get(target, (number, one)), (number, one))
    words = _wording(relations, {one for _, one in first.values()})
    for target, (number, one) in sorted(first.items()):
        made = finding("glossary.link-dangling", None, target, target=target, subject=words.name(one))
        yield made._replace(path=used[number])


def _bases(relations: Relations) -> tuple[str, ...]:
    """Return the beginnings of the IRIs that are the glossary's own."""
    scheme = relations.typed("?this", SKOS.ConceptScheme, Fresh())
    found = {terms.iri_text(row[0]) for row in _rows(relations, scheme, "?this") if row[0][-2:-1] in tuple("/#:")}
    if relations.place.uses(VANN.preferredNamespaceUri):
        for _, space in _rows(relations, scheme, "?this ?space", f"?this {VANN.preferredNamespaceUri} ?space"):
            found.add(terms.lexical(space) if space[0] == '"' else terms.iri_text(space))
    return tuple(sorted(found))


# -- the licence -------------------------------------------------------------------


def unlicensed(relations: Relations) -> Iterator[Finding]:
    """Datasets without a licence, and schemes that no dataset is about without one."""
    found: set[Triple] = set()
    for kind in (DCAT.Dataset, SKOS.ConceptScheme):
        bare = f"{relations.typed('?this', kind, Fresh())} FILTER NOT EXISTS {{ ?this {DCTERMS.license} ?licence }}"
        if kind == SKOS.ConceptScheme:
            bare += f" FILTER NOT EXISTS {{ ?any {FOAF.primaryTopic} ?this }}"
        for (one,) in _rows(relations, bare, "?this"):
            found.add((one, RDF.type, kind))
            if kind == SKOS.ConceptScheme and one[0] == "<":
                found.update(_member(relations, one))
    yield from told(relations, local("publication.license-missing").find, sorted(found))


def _member(relations: Relations, scheme: Term) -> Iterator[Triple]:
    """Yield what shows whether a scheme holds candidates only: one member that is none, or any."""
    inside = either(relations.used(SKOS.inScheme))
    if not inside:
        return
    for candidates in (False, True):
        status = f"?c {ADMS.status} {ADMS_STATUS.UnderDevelopment}"
        test = f"?c {inside} {constant(scheme)} . FILTER {'' if candidates else 'NOT '}EXISTS {{ {status} }}"
        for (one,) in relations.place.ask("?c", test, "LIMIT 1"):
            if one:
                yield one, SKOS.inScheme, scheme
                if candidates:
                    yield one, ADMS.status, ADMS_STATUS.UnderDevelopment
            return
