"""What SKOS-XL labels entail: plain labels (S55 to S57), and with them the conditions S13 and S14."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from kg import terms
from kg.check.graph import Checked
from kg.report import Finding
from kg.rule import finding
from kg.terms import Term
from kg.vocab import SKOS, SKOSXL

#: Of each kind of label: the property that leads to a resource, the one that it entails, and the condition.
_KINDS = (
    (SKOSXL.prefLabel, SKOS.prefLabel, "skos.s55"),
    (SKOSXL.altLabel, SKOS.altLabel, "skos.s56"),
    (SKOSXL.hiddenLabel, SKOS.hiddenLabel, "skos.s57"),
)
_Quad = tuple[str, str, str]


class _Labels(NamedTuple):
    """The labels of one resource by plain property: those stated, and those entailed with what they follow from."""

    plain: dict[Term, set[Term]]
    entailed: dict[Term, dict[Term, tuple[_Quad, ...]]]

    def all(self, kind: Term) -> set[Term]:
        return self.plain.get(kind, set()) | self.entailed.get(kind, {}).keys()

    def proof(self, subject: str, kind: Term, label: Term) -> tuple[_Quad, ...]:
        stated: tuple[_Quad, ...] = ((subject, kind, label),) if label in self.plain.get(kind, ()) else ()
        return stated or self.entailed.get(kind, {}).get(label, ())


def label_resources(checked: Checked) -> Iterator[Finding]:
    """S13 and S14 where a label follows from a SKOS-XL label, and S55 to S57: the label that follows and is not said.

    Clashes between stated labels are found by the shapes. A label that would clash is told as the clash.
    """
    found = _collected(checked)
    for subject in sorted(found):
        labels = found[subject]
        clashing = set[tuple[Term, Term]]()
        for one, other in combinations([kind for _, kind, _ in _KINDS], 2):
            for label in sorted(labels.all(one) & labels.all(other)):
                clashing |= {(one, label), (other, label)}
                if sum(label in stated for stated in labels.plain.values()) < 2:
                    proof = (*labels.proof(subject, one, label), *labels.proof(subject, other, label))
                    yield _clash(checked, "skos.s13", subject, one, label, proof)
        for group in _languages(labels.all(SKOS.prefLabel)):
            clashing |= {(SKOS.prefLabel, label) for label in group}
            if len(labels.plain.get(SKOS.prefLabel, set()).intersection(group)) < 2:
                places = tuple(quad for label in group for quad in labels.proof(subject, SKOS.prefLabel, label))
                yield _clash(checked, "skos.s14", subject, SKOS.prefLabel, None, places)
        yield from _unsaid(checked, subject, labels, clashing)


def _collected(checked: Checked) -> dict[Term, _Labels]:
    """Collect the labels of each resource that has a SKOS-XL label with a literal form."""
    names, found = checked.terms, dict[Term, _Labels]()
    links = [(kind, plain, one, label) for kind, plain, _ in _KINDS for one, label in checked.links(kind)]
    if not links:
        return found
    forms = checked.objects(SKOSXL.literalForm)
    for kind, plain, one, label in links:
        for form in forms.get(label, ()):
            if names[form][0] == '"':
                labels = found.setdefault(names[one], _Labels({}, {}))
                proof = (names[label], SKOSXL.literalForm, names[form]), (names[one], kind, names[label])
                labels.entailed.setdefault(plain, {}).setdefault(names[form], proof)
    for _, plain, _ in _KINDS:
        for one, form in checked.pairs(plain):
            if names[one] in found:
                found[names[one]].plain.setdefault(plain, set()).add(names[form])
    return found


def _languages(labels: set[Term]) -> Iterator[list[Term]]:
    """Yield the labels of each language that has several, no language being one."""
    groups: dict[str, list[Term]] = {}
    for label in sorted(labels):
        if label[0] == '"':
            groups.setdefault((terms.language(label) or "").lower(), []).append(label)
    yield from (group for group in groups.values() if len(group) > 1)


def _clash(
    checked: Checked, code: str, subject: Term, kind: Term, label: Term | None, proof: tuple[_Quad, ...]
) -> Finding:
    wording = checked.wording
    location, also = wording.place(*proof)
    value = wording.name(label) if label else ""
    made = finding(code, location, subject, also=also, subject=wording.name(subject), value=value)
    return made._replace(path=kind, value=label)


def _unsaid(checked: Checked, subject: Term, labels: _Labels, clashing: set[tuple[Term, Term]]) -> Iterator[Finding]:
    wording = checked.wording
    for _, plain, code in _KINDS:
        for label, proof in sorted(labels.entailed.get(plain, {}).items()):
            if label not in labels.plain.get(plain, ()) and (plain, label) not in clashing:
                location, also = wording.place(*proof)
                yield finding(
                    code,
                    location,
                    subject,
                    also=also,
                    subject=wording.name(subject),
                    property=wording.name(plain),
                    value=wording.name(label),
                )._replace(path=plain, value=label)
