"""Each repair agrees with its rule: after it, the rule is silent and no other finds anything, in every syntax."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from repairing import HEAD, Repaired, checked, read, repaired

from kg import formats
from kg.formats import WriteOptions
from kg.repair import repairs
from kg.repair.editorial import circles, redundant
from kg.repair.facts import Facts
from kg.repair.mend import EDITORS
from kg.repair.wishes import REPAIRS
from kg.report import Finding, Severity
from kg.rule import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent.parent / "cases"
CODES = sorted(code for code in REPAIRS if RULES[code].profile)


def text(code: str) -> str:
    return HEAD + "\n".join((CASES / f"{name}.ttl").read_text("utf-8") for name in ("base", f"{code}.fail"))


def test_every_repair_is_of_a_rule() -> None:
    assert set(REPAIRS) <= set(RULES)


@pytest.mark.parametrize("code", CODES)
def test_the_case_of_a_rule_is_mended_and_nothing_else_is_found(code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(text(code), "utf-8")
    done = repaired(path)
    assert code in done.found
    assert done.left == []
    assert done.plan.proposals == ()


@pytest.mark.parametrize("name", sorted({*EDITORS} - {"claims"}))
@pytest.mark.parametrize("code", CODES)
def test_so_it_is_in_every_syntax(code: str, name: str, tmp_path: Path) -> None:
    format_ = formats.for_name(name)
    path, source = tmp_path / f"b.{format_.extensions[0]}", tmp_path / "a.ttl"
    source.write_text(text(code), "utf-8")
    path.write_bytes(b"".join(format_.write(read(source), WriteOptions())))
    done = repaired(path)
    assert code in done.found
    assert done.left == []
    plan = repairs(checked(data := read(path)), data, proposed=True)
    assert (plan.files, plan.proposals) == ((), ())


def test_white_space_that_does_not_break_stays(mend: Callable[..., Repaired]) -> None:
    body = ':a a skos:Concept ; skos:prefLabel " 10\u00a0km  of road "@en, "\u3000基礎\u3000モデル\u3000"@ja .\n'
    done = mend(HEAD + body, select=("quality.label-space",))
    assert done.text.removeprefix(HEAD) == (
        ':a a skos:Concept ; skos:prefLabel "10\u00a0km of road"@en, "基礎\u3000モデル"@ja .\n'
    )
    assert done.left == []


def test_only_plain_text_is_a_preferred_label_that_counts(mend: Callable[..., Repaired]) -> None:
    body = ':a a skos:Concept ; skos:prefLabel "x", 1, 2, <urn:y>, "a"@en, "b"@en .\n'
    done = mend(HEAD + body, select=("skos.s14",))
    assert [repair.reason for repair in done.plan.files[0].done] == [
        "“a” stays the preferred label, “b” becomes an alternative one"
    ]


def test_a_link_into_any_circle_waits_until_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + ":a skos:broader :b . :b skos:broader :a, :c . :c skos:broader :b . :d skos:broader :c .\n")
    facts = Facts(read(path))
    names = [f"<http://e.org/term/{name}>" for name in "abcd"]
    assert set(facts.knots) == set(names[:3]), "c is in a circle, though not in the shortest through a"
    told = Finding("quality.redundant-broader", Severity.INFO, "", "", focus=names[3], value=names[2])
    [wish] = redundant(facts, [told])
    assert (wish.steps, "open that first" in wish.reason) == ((), True)


def test_circles_of_other_findings_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + ":a skos:broader :b . :b skos:broader :a . :c skos:broader :d . :d skos:broader :c .\n")
    facts = Facts(read(path))
    told = [Finding("glossary.cycle", Severity.VIOLATION, "", "", focus=f"<http://e.org/term/{name}>") for name in "ac"]
    assert [len(list(circles(facts, found))) for found in (told[:1], told[1:], told)] == [1, 1, 2]


def test_many_circles_take_no_longer_each(tmp_path: Path) -> None:
    number = 2000
    rows = (f":a{one} skos:broader :b{one}, :up . :b{one} skos:broader :a{one} .\n" for one in range(number))
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + "".join(rows))
    data = read(path)
    plan = repairs(checked(data, ("glossary.cycle",)), data, proposed=True)
    assert [len(file.done) for file in plan.files] == [number]


def test_what_an_editor_decides_is_only_proposed(mend: Callable[..., object]) -> None:
    for code in ("glossary.cycle", "skos.s13", "skos.s14", "skos.s27", "quality.redundant-broader"):
        done = mend(text(code), proposed=False, select=(code,))
        assert done.plan.files == () or all(repair.code != code for repair in done.plan.files[0].done)
        assert [(proposal.code, proposal.ready) for proposal in done.plan.proposals] == [(code, True)]
        assert code in done.left
