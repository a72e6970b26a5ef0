"""Size budgets of `kg/`, and no import cycle even through imports inside functions."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULE_LINES = 400
FUNCTION_LINES = 60
FUNCTION_LINES_P95 = 40

#: Names that say nothing, so that anything ends up behind them.
BANNED = {"common", "data", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


@pytest.fixture(scope="module")
def modules(root: Path) -> dict[str, str]:
    found = {str(path.relative_to(root)): path.read_text("utf-8") for path in sorted((root / "kg").rglob("*.py"))}
    assert found
    return found


def functions(modules: dict[str, str]) -> Iterator[tuple[int, str]]:
    for path, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield node.end_lineno - node.lineno + 1, f"{path}:{node.lineno} {node.name}"


def test_no_module_is_longer_than_its_budget(modules: dict[str, str]) -> None:
    lengths = {path: text.count("\n") for path, text in modules.items()}
    assert {path: lines for path, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_longer_than_its_budget(modules: dict[str, str]) -> None:
    assert [found for found in functions(modules) if found[0] > FUNCTION_LINES] == []


def test_nineteen_functions_of_twenty_are_short(modules: dict[str, str]) -> None:
    lengths = sorted(functions(modules))
    assert lengths[int(len(lengths) * 0.95)][0] <= FUNCTION_LINES_P95


def test_names_of_modules_say_what_is_in_them(modules: dict[str, str]) -> None:
    names = {part for path in modules for part in path.removesuffix(".py").split("/")}
    assert names & BANNED == set()
    assert [name for name in names if re.search(r"_v?\d+$", name)] == [], "a version is no name"
