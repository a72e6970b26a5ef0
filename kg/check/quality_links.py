"""The quality of terms and of links to the Web: names that SKOS does not have, IRIs nobody can look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg import terms
from kg.check import measure
from kg.check.graph import Checked, GraphRule, family
from kg.report import Finding
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, SKOSXL

# ruff: noqa: SIM905 - words are read more easily than a list of strings

#: All that the namespaces define (SKOS Reference, section 2 and appendix B.1).
_SKOS_TERMS = frozenset(
    "Collection Concept ConceptScheme OrderedCollection altLabel broadMatch broader broaderTransitive changeNote "
    "closeMatch definition editorialNote exactMatch example hasTopConcept hiddenLabel historyNote inScheme "
    "mappingRelation member memberList narrowMatch narrower narrowerTransitive notation note prefLabel related "
    "relatedMatch scopeNote semanticRelation topConceptOf".split()
)
_XL_TERMS = frozenset("Label altLabel hiddenLabel labelRelation literalForm prefLabel".split())
_SPACES: Mapping[str, tuple[str, frozenset[str]]] = {
    SKOS.base: ("SKOS", _SKOS_TERMS),
    SKOSXL.base: ("SKOS-XL", _XL_TERMS),
}
#: What earlier drafts had (SKOS Reference, appendix D), with what says it now.
_DROPPED: Mapping[str, str] = {
    "CollectableProperty": "",
    "altSymbol": "foaf:depiction",
    "broaderGeneric": "iso-thes:broaderGeneric",
    "broaderInstantive": "iso-thes:broaderInstantial",
    "broaderPartitive": "iso-thes:broaderPartitive",
    "externalID": "skos:notation",
    "isPrimarySubjectOf": "",
    "isSubjectOf": "",
    "narrowerGeneric": "iso-thes:narrowerGeneric",
    "narrowerInstantive": "iso-thes:narrowerInstantial",
    "narrowerPartitive": "iso-thes:narrowerPartitive",
    "prefSymbol": "foaf:depiction",
    "primarySubject": "dcterms:subject",
    "privateNote": "skos:editorialNote",
    "publicNote": "skos:note",
    "relatedHasPart": "skos:related",
    "relatedPartOf": "skos:related",
    "subject": "dcterms:subject",
    "subjectIndicator": "foaf:isPrimaryTopicOf",
    "symbol": "foaf:depiction",
}
#: How the namespaces are miswritten: the beginning that is found, and the namespace that is meant.
_MISTAKEN = (
    ("<https://www.w3.org/2004/02/skos/core#", SKOS.base),
    ("<http://www.w3.org/2004/02/skos/core/", SKOS.base),
    ("<https://www.w3.org/2004/02/skos/core/", SKOS.base),
    ("<http://w3.org/2004/02/skos/core#", SKOS.base),
    ("<https://w3.org/2004/02/skos/core#", SKOS.base),
    ("<http://www.w3.org/2008/05/skos#", SKOS.base),
    ("<https://www.w3.org/2008/05/skos#", SKOS.base),
    ("<https://www.w3.org/2008/05/skos-xl#", SKOSXL.base),
    ("<http://w3.org/2008/05/skos-xl#", SKOSXL.base),
)
_WRONG = tuple(dict(_MISTAKEN))
_STARTS = tuple("<" + space for space in _SPACES)
#: How all that is looked at begins.
NEAR = tuple(f"<{scheme}://{host}/200" for scheme in ("http", "https") for host in ("www.w3.org", "w3.org"))
_SCHEMA = ("http://schema.org/", "https://schema.org/")
#: What links a concept to something that other people describe.
OUTWARD = (
    *(OWL.sameAs, RDFS.seeAlso, RDFS.isDefinedBy, FOAF.page, FOAF.isPrimaryTopicOf),
    *(DCTERMS.source, DCTERMS.references, DCTERMS.relation),
    *(Term(f"<{space}sameAs>") for space in _SCHEMA),
)
SUCCESSORS = (DCTERMS.isReplacedBy, *(Term(f"<{space}supersededBy>") for space in _SCHEMA))
#: What leads to resources; `skos.s4`, `skos.s6`, `skos.s19`, `skos.s32` and `skos.s54` look at the links of SKOS.
LEADING = (
    *(RDF.type, RDFS.subClassOf, RDFS.seeAlso, OWL.sameAs, SKOS.memberList, SKOS.mappingRelation),
    *(DCTERMS.isReplacedBy, DCTERMS.replaces, FOAF.primaryTopic, ADMS.status),
)


def skos_terms(checked: Checked) -> Iterator[Finding]:
    """Namespaces of SKOS are written as they are, and what is named as a term of them is one.

    Where a well-known prefix stands for a mistaken namespace, `rdf.prefix-rebound` tells.
    """
    told = [found.message for found in checked.dataset.report if found.code == "rdf.prefix-rebound"]
    mistaken = tuple(start for start in _WRONG if not any(start[1:] in message for message in told))
    strange = {number: name for number, term in enumerate(checked.terms) if (name := strange_name(term, mistaken))}
    for name, rows in sorted(_used(checked, strange).items()):
        yield strange_term(checked, name, len(rows), sorted(rows)[:6])


def strange_term(checked: Checked, name: str, number: int, first: Sequence[tuple[Term, Term, Term]] = ()) -> Finding:
    """Tell of a term, or of the beginning of terms, that so many statements hold."""
    count, wanted = f"{number:,}", dict(_MISTAKEN).get(name)
    if wanted:
        data = {"found": f"{name}>", "wanted": f"<{wanted}>", "name": _SPACES[wanted][0]}
        code, value = "quality.skos-namespace", f"{name}>"
        return measure.told(checked, code, first, None, None, value, count=count, **data)
    words = {"term": checked.wording.name(name), "hint": _hint(Term(name)), "count": count}
    return measure.told(checked, "quality.skos-term", first, None, None, name, **words)


def strange_name(term: Term, mistaken: tuple[str, ...] = _WRONG) -> str | None:
    """Return under which name a term is told: a mistaken namespace, or a term that SKOS does not have; else None."""
    if not term.startswith(NEAR):
        return None
    if term.startswith(mistaken):
        return next(start for start in mistaken if term.startswith(start))
    return term if term.startswith(_STARTS) and not _is_defined(term) else None


def _is_defined(term: Term) -> bool:
    return not _local(term) or _local(term) in _SPACES[_space(term)][1]


def _space(term: Term) -> str:
    return term[1 : term.index("#") + 1]


def _local(term: Term) -> str:
    return term[term.index("#") + 1 : -1]


def _hint(term: Term) -> str:
    local, space = _local(term), _space(term)
    if space == SKOS.base and local in _DROPPED:
        now = _DROPPED[local]
        return f", which dropped it; {now} says it now" if now else ", which dropped it"
    from difflib import get_close_matches

    near = get_close_matches(local, sorted(_SPACES[space][1]), 1, 0.75)
    near = near or [known for known in sorted(_SPACES[space][1]) if known.casefold() == local.casefold()]
    return f"; is {near[0]} meant?" if near else ""


def _used(checked: Checked, strange: Mapping[int, str]) -> dict[str, list[tuple[Term, Term, Term]]]:
    """Return the statements that hold one of some terms, by what each is told under."""
    used: dict[str, list[tuple[Term, Term, Term]]] = {}
    if strange:
        names = checked.terms
        for row in zip(*checked.rows[1:], strict=True):
            for name in {strange[number] for number in row if number in strange}:
                used.setdefault(name, []).append((names[row[0]], names[row[1]], names[row[2]]))
    return used


# -- IRIs and what they lead to ----------------------------------------------------


def unreadable_iris(checked: Checked) -> Iterator[Finding]:
    """Each concept, scheme or collection has an IRI of http or https.

    The urn: IRIs of a glossary that has not chosen its base are told by `glossary.base-missing`.
    """
    found: dict[str, list[int]] = {}
    names = checked.terms
    own = checked.concepts | checked.schemes | checked.collections
    for number in own:
        term = names[number]
        if term[0] == "<" and not term.startswith(("<http://", "<https://", "<urn:glossary:")):
            found.setdefault(term[1:].partition(":")[0].lower() + ":", []).append(number)
    for scheme, members in sorted(found.items()):
        yield from measure.concepts(checked, "quality.http-iri", members, len(own), scheme=scheme)


def without_out_links(checked: Checked) -> Iterator[Finding]:
    """Each concept links to something on a host that none of the concepts is on, or something there links to it."""
    names, linked, concepts = checked.terms, set[int](), checked.concepts
    own = tuple({_host(names[concept]) for concept in concepts} - {""})

    def outside(numbers: Iterable[int]) -> set[int]:
        others = set(numbers) - concepts
        return {one for one in others if names[one].startswith("<http") and not names[one].startswith(own)}

    for predicate in dict.fromkeys((*family(SKOS.semanticRelation), *OUTWARD)):
        pairs = checked.pairs(predicate)
        if there := outside(pairs.objects):
            linked.update(one for one, other in pairs if other in there)
        if there := outside(pairs.subjects):
            linked.update(other for one, other in pairs if one in there)
    yield from measure.concepts(checked, "quality.out-link", concepts - linked, len(concepts))


def _host(term: str) -> str:
    """Return the beginning of an IRI with its host.

    >>> _host("<http://e.org/a#b>")
    '<http://e.org/'
    """
    end = term.find("/", 9)
    return term[: end + 1] if term.startswith("<http") and end > 0 else ""


def labels_for_iris(checked: Checked) -> Iterator[Finding]:
    """Each statement that leads to a resource has its IRI, not its name: a text links to nothing."""
    names = checked.terms
    found = [
        (names[one], predicate, names[other])
        for predicate in LEADING
        for one, other in _with_texts(checked, predicate)
        if names[other][0] == '"' and not names[other].endswith("#anyURI>")
    ]
    if not found:
        return
    named = _by_label(checked, {terms.lexical(value) for _, _, value in found})
    for subject, predicate, value in sorted(found):
        meant = named.get(terms.lexical(value).casefold())
        words = {"property": measure.short(predicate), "subject": checked.wording.name(subject)}
        words |= {"value": checked.wording.name(value), "hint": f"; {meant} has that label" if meant else ""}
        row = subject, predicate, value
        yield measure.told(checked, "quality.label-for-iri", [row], *row, **words)


def _with_texts(checked: Checked, predicate: Term) -> Iterable[tuple[int, int]]:
    """Return the statements with a property when one of them has a text; most have none, and few distinct objects."""
    pairs, names = checked.pairs(predicate), checked.terms
    return pairs if any(names[number][0] == '"' for number in set(pairs.objects)) else ()


def _by_label(checked: Checked, words: Iterable[str]) -> dict[str, Term]:
    """Return the first resource with each of some words as a preferred label."""
    wanted, names, found = {word.casefold() for word in words}, checked.terms, dict[str, Term]()
    known = {label: word for label, text in checked.folded_labels.items() if (word := _word(text)) in wanted}
    for one, label in checked.pairs(SKOS.prefLabel) if known else ():
        if label in known:
            found[known[label]] = min(found.get(known[label], names[one]), names[one])
    return found


def _word(text: str) -> str:
    return text[1 : text.rindex('"')] if text[:1] == '"' else ""


def unreplaced(checked: Checked) -> Iterator[Finding]:
    """Each deprecated concept names what replaces it, or a change note says why nothing does."""
    gone = checked.retired | {
        one for one, status in checked.pairs(ADMS.status) if checked.terms[status] == ADMS_STATUS.Deprecated
    }
    gone &= checked.concepts
    whole = len(gone)
    for predicate in (*SUCCESSORS, SKOS.changeNote, SKOS.historyNote):
        gone = gone.difference(checked.pairs(predicate).subjects)
    gone = gone.difference(checked.pairs(DCTERMS.replaces).objects)
    yield from measure.concepts(checked, "quality.deprecated", gone, whole)


#: The rules, in the order they run.
GRAPH_RULES = (
    GraphRule(("quality.skos-namespace", "quality.skos-term"), skos_terms),
    GraphRule(("quality.http-iri",), unreadable_iris),
    GraphRule(("quality.out-link",), without_out_links),
    GraphRule(("quality.label-for-iri",), labels_for_iris),
    GraphRule(("quality.deprecated",), unreplaced),
)
