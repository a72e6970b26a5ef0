"""What a glossary needs before it is published, as far as every export asks for it: the licence.

The shapes in `shapes/publication.ttl` ask for the rest, and for the licence too, when a release is checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.check.graph import Checked, GraphRule
from kg.report import Finding
from kg.rule import finding
from kg.terms import Term
from kg.vocab import ADMS, ADMS_STATUS, DCAT, DCTERMS, FOAF, RDF, SKOS


def unlicensed(checked: Checked) -> Iterator[Finding]:
    """Each dataset has a licence, and so has each scheme that no dataset is about."""
    licensed, topics = checked.pairs(DCTERMS.license).subjects, checked.pairs(FOAF.primaryTopic).objects
    bare = checked.instances(DCAT.Dataset).difference(licensed)
    schemes = checked.schemes.difference(licensed, topics)
    bare |= {scheme for scheme in schemes if not _holds_candidates(checked, scheme)}
    for number in checked.by_text(bare):
        subject = checked.terms[number]
        place = checked.wording.place(
            *(found for kind in (DCAT.Dataset, SKOS.ConceptScheme) for found in _typed(checked, subject, kind))
        )[0]
        made = finding("publication.license-missing", place, subject, subject=checked.name(number))
        yield made._replace(path=DCTERMS.license)


def _typed(checked: Checked, subject: Term, kind: Term) -> Iterator[tuple[str, str, str]]:
    statement = subject, RDF.type, kind
    if statement in checked.dataset:
        yield statement


def _holds_candidates(checked: Checked, scheme: int) -> bool:
    """Tell whether all that is in a scheme is a candidate: it is not published."""
    candidates = {
        one for one, status in checked.pairs(ADMS.status) if checked.terms[status] == ADMS_STATUS.UnderDevelopment
    }
    if not candidates:
        return False
    members = [one for one, other in checked.links(SKOS.inScheme) if other == scheme]
    return bool(members) and candidates.issuperset(members)


#: The rules, in the order they run.
GRAPH_RULES = (GraphRule(("publication.license-missing",), unlicensed),)
