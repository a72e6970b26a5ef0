"""Each repair agrees with its rule: after it, the rule is silent and no other finds anything, in every syntax."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from repairing import HEAD, checked, read, repaired

from kg import formats
from kg.formats import WriteOptions
from kg.repair import repairs
from kg.repair.mend import EDITORS
from kg.repair.wishes import REPAIRS
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


def test_what_an_editor_decides_is_only_proposed(mend: Callable[..., object]) -> None:
    for code in ("glossary.cycle", "skos.s13", "skos.s14", "skos.s27", "quality.redundant-broader"):
        done = mend(text(code), proposed=False, select=(code,))
        assert done.plan.files == () or all(repair.code != code for repair in done.plan.files[0].done)
        assert [(proposal.code, proposal.ready) for proposal in done.plan.proposals] == [(code, True)]
        assert code in done.left
