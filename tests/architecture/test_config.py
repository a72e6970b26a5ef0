"""The checks can fail: each section of pyproject.toml is really read and finds what is planted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    """Give a package with the modules that the floors require, under our own configuration."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    (tmp_path / "noxfile.py").write_text('"""No task."""\n')
    for name in ["__init__", "dataset", "vocab", "terms", "errors", "report", "text", "iri"]:
        write(tmp_path / f"kg/{name}.py", '"""Nothing."""\n')
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(project: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *command], cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (f"{'x' * 110} = 123456789", "E501"),
        ("import os", "F401"),
        ("def f(x: int):\n    return x", "ANN201"),
        ("print(1)", "T201"),
        ("x = 1  # noqa", "PGH004"),
    ],
)
def test_ruff_finds(project: Path, line: str, rule: str) -> None:
    assert run(project, "-m", "ruff", "check")[0] == 0
    write(project / "kg/text.py", f'"""Planted."""\n\n{line}\n')
    code, output = run(project, "-m", "ruff", "check")
    assert (code, rule in output) == (1, True), output


def test_ruff_allows_the_length_that_we_chose(project: Path) -> None:
    write(project / "kg/text.py", f'"""As long as it may be."""\n\n{"x" * 116} = 1\n')
    assert run(project, "-m", "ruff", "check") == (0, "All checks passed!\n")


def test_mypy_is_strict(project: Path) -> None:
    assert run(project, "-m", "mypy")[0] == 0
    write(project / "kg/text.py", "def f(x):\n    return x\n\n\nx = 1  # type: ignore\n")
    code, output = run(project, "-m", "mypy")
    assert code == 1
    assert "[no-untyped-def]" in output
    assert "[unused-ignore]" in output


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("text", "from kg import dataset", "floors"),
        ("text", "def f() -> None:\n    import kg.cli", "floors"),
        ("somewhere", "x = 1", "floors"),
        ("read", "import kg.check", "floors"),
        ("text", "from kg import report", "no cycles"),
        ("dataset", "def f() -> None:\n    import click", "each library"),
        ("pipeline", "import networkx", "each library"),
    ],
)
def test_the_floors_find(project: Path, module: str, line: str, contract: str) -> None:
    write(project / "kg/cli/__init__.py", "import click\n")
    write(project / "kg/check/__init__.py", "")
    write(project / "kg/check/shacl.py", "import shacl\n")
    write(project / "kg/report.py", "def f() -> None:\n    import kg.text\n")
    lint = ["-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    code, output = run(project, *lint)
    assert code == 0, output
    write(project / f"kg/{module}.py", f"{line}\n")
    code, output = run(project, *lint)
    assert code == 1, output
    broken = [line for line in output.splitlines() if line.endswith("BROKEN") or "BROKEN (" in line]
    assert any(line.startswith(contract) for line in broken), output


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("import warnings\ndef test_it(): warnings.warn('old')", "UserWarning"),
        ("import pytest\n@pytest.mark.xfail\ndef test_it(): pass", "XPASS(strict)"),
        ("import pytest\n@pytest.mark.unheard_of\ndef test_it(): pass", "'unheard_of' not found"),
    ],
)
def test_pytest_is_strict(project: Path, test: str, said: str) -> None:
    write(project / "tests/test_planted.py", f"{test}\n")
    code, output = run(project, "-m", "pytest", "-p", "no:randomly")
    assert code != 0
    assert said in output


def test_pytest_runs_the_examples_of_docstrings(project: Path) -> None:
    write(project / "kg/text.py", '"""Wrong.\n\n>>> 1 + 1\n3\n"""\n')
    code, output = run(project, "-m", "pytest", "-p", "no:randomly")
    assert code == 1
    assert "Expected:\n    3" in output
