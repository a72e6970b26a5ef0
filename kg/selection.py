"""Selections: one concept, one branch, some languages, no candidates."""

from __future__ import annotations

from collections.abc import Callable, Collection

from kg import terms
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.iri import check_iri
from kg.statement import DATA, Statement
from kg.support import evidence_of_others
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCAT, DCTERMS, FOAF, OWL, RDF, SKOS


def _keep(dataset: Dataset, wanted: Callable[[Statement], bool]) -> Dataset:
    """Return the statements of the data graph that are wanted, the evidence for them, and other graphs whole."""
    kept = Dataset()
    kept.texts.update(dataset.texts)
    kept.report.extend(dataset.report)
    rows = [found for found in dataset.match() if wanted(found)]
    gone = evidence_of_others(dataset, rows)
    rows += [found for found in dataset if found.graph != DATA and found.subject not in gone]
    for found in rows:
        for origin in dataset.origins(found) or (None,):
            kept.add(*found, origin=origin)
    return kept


def without_candidates(dataset: Dataset) -> Dataset:
    """Leave out the candidate terms and every statement that names one."""
    candidates = set(dataset.subjects(ADMS.status, ADMS_STATUS.UnderDevelopment))
    schemes = {found.object for term in candidates for found in dataset.match(term, SKOS.inScheme)}
    settled = {found.object for found in dataset.match(None, SKOS.inScheme) if found.subject not in candidates}
    gone = candidates | (schemes - settled)
    thinned = _keep(dataset, lambda found: not _belongs(found.subject, gone) and not _belongs(found.object, gone))
    emptied = {found.subject for found in dataset.match(None, SKOS.member)}
    emptied -= {found.subject for found in thinned.match(None, SKOS.member)}
    return _keep(thinned, lambda found: found.subject not in emptied and found.object not in emptied)


def languages(dataset: Dataset, tags: Collection[str]) -> Dataset:
    """Leave out texts in other languages; `en` also takes `en-GB`; texts without a tag stay."""
    wanted = tuple(tag.lower() for tag in tags)

    def is_wanted(found: Statement) -> bool:
        tag = terms.language(found.object) if terms.is_literal(found.object) else None
        return tag is None or tag.lower().startswith(tuple(f"{w}-" for w in wanted)) or tag.lower() in wanted

    return _keep(dataset, is_wanted)


def find_concept(dataset: Dataset, name: str) -> Term:
    """Return the concept with an IRI or an id.

    Raises `UnknownName` when the glossary has no such concept.
    """
    concepts = dataset.subjects(RDF.type, SKOS.Concept)
    if check_iri(name) is None and terms.iri(name) in concepts:
        return terms.iri(name)
    ids = {terms.iri_text(term).rstrip("/").replace("#", "/").replace(":", "/").rpartition("/")[2]: term
           for term in reversed(concepts)}  # fmt: skip
    if name not in ids:
        raise UnknownName("concept", name, ids)
    return ids[name]


def concept(dataset: Dataset, name: str) -> Dataset:
    """Keep one concept, what belongs to it, and the header.

    Raises `UnknownName` when the glossary has no such concept.
    """
    return _with_header(dataset, {find_concept(dataset, name)})


def branch(dataset: Dataset, name: str) -> Dataset:
    """Keep a concept and all below it, and the header.

    Raises `UnknownName` when the glossary has no such concept.
    """
    from kg.profile import FULL, apply

    full = apply(dataset, FULL)
    below = {find_concept(dataset, name)}
    todo = list(below)
    while todo:
        for found in full.match(todo.pop(), SKOS.narrower):
            if found.object not in below:
                below.add(found.object)
                todo.append(found.object)
    return _with_header(dataset, below)


def _with_header(dataset: Dataset, wanted: set[Term]) -> Dataset:
    """Keep resources, what they own (fragments of their IRIs), and what their schemes say of themselves."""
    schemes = {found.object for term in wanted for found in dataset.match(term, SKOS.inScheme)}
    headers = schemes | {found.object for found in dataset.match(None, FOAF.primaryTopic)}
    headers |= {term for kind in (DCAT.Dataset, OWL.Ontology) for term in dataset.subjects(RDF.type, kind)}
    headers |= {found.object for term in headers for found in dataset.match(term, DCTERMS.publisher)}
    concepts = set(dataset.subjects(RDF.type, SKOS.Concept))

    def is_wanted(found: Statement) -> bool:
        if _belongs(found.subject, wanted):
            return True
        return found.subject in headers and (found.object not in concepts or found.object in wanted)

    return _keep(dataset, is_wanted)


def _belongs(term: Term, resources: Collection[Term]) -> bool:
    """Tell whether a term is one of the resources or a fragment of one: labels and questions have such IRIs."""
    if term in resources:
        return True
    root, hash_, _ = term.partition("#")
    return bool(hash_) and term[0] == "<" and f"{root}>" in resources
