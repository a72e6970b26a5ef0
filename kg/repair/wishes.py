"""The table of repairs: for the code of a rule, which statements go and which come.

A repair sees the statements as they were read, and the findings of its rule. What it
cannot decide it says in words. What changes the text of a file alone (tags, blanks,
a namespace, statements said twice) names the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.dataset import Dataset
from kg.repair import editorial, safe
from kg.repair.change import AGAIN, BLANKS, REMOVE, REPLACE, TAGS
from kg.repair.facts import Facts, Repair, Wish
from kg.report import Finding

#: The repairs by the code of their rule, in the order they are made.
REPAIRS: Mapping[str, Repair] = {
    "text.tag-case": safe.whole_text(TAGS, "language tags in the case of BCP 47"),
    "text.trailing-blank": safe.whole_text(BLANKS, "no blanks at the ends of lines"),
    "rdf.repeated": safe.whole_text(AGAIN, "each statement said once"),
    "claims.repeated": safe.whole_text(AGAIN, "each row once"),
    "rdf.prefix-rebound": safe.namespaces,
    "quality.skos-namespace": safe.namespaces,
    "glossary.scheme-missing": safe.scheme,
    "glossary.top-missing": safe.tops,
    "quality.top-missing": safe.tops,
    "skos.s55": safe.plain_labels,
    "skos.s56": safe.plain_labels,
    "skos.s57": safe.plain_labels,
    "quality.label-space": safe.spaces,
    "skos.s13": editorial.two_ways,
    "skos.s14": editorial.several_preferred,
    "glossary.cycle": editorial.circles,
    "quality.redundant-broader": editorial.redundant,
    "skos.s27": editorial.related_above,
    "quality.one-sided": safe.inverses,
}


def wishes(dataset: Dataset, findings: Iterable[Finding], *, proposed: bool) -> Iterator[Wish]:
    """Yield what would mend findings, in the order of the table; findings without a repair give none.

    `proposed` says that repairs which are not safe are made as well, so that later ones count on them.
    """
    by_code: dict[str, list[Finding]] = {}
    for found in findings:
        by_code.setdefault(found.code, []).append(found)
    facts = Facts(dataset)
    for code, repair in REPAIRS.items():
        if code in by_code:
            for wish in repair(facts, by_code[code]):
                yield wish
                if wish.safe or proposed:
                    facts.gone.update(old for kind, old, _ in wish.steps if old and kind in (REMOVE, REPLACE))
                    facts.come.update(new for _, _, new in wish.steps if new)
