"""The list of tasks: what a person runs, and what .ci/run runs as gates.

Sessions run in the environment that nox itself is in, the README's `.venv`: it holds
everything, and a second one would only cost time. Only `wheel` makes its own, since
an installation without the tools is what it tests.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "none"

ROOT = Path(__file__).resolve().parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
GATE = ["gate"]


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests: all, or those named after `--`."""
    session.run(PYTHON, "-m", "pytest", *session.posargs)


@nox.session(default=False)
def format(session: nox.Session) -> None:  # noqa: A001 - the task's name
    """Rewrite the code in the one form, and mend what can be mended safely."""
    session.run(PYTHON, "-m", "ruff", "check", "--fix-only", ".")
    session.run(PYTHON, "-m", "ruff", "format", ".")


@nox.session(tags=GATE)
def lint(session: nox.Session) -> None:
    """Check form and rules of the code."""
    session.run(PYTHON, "-m", "ruff", "check", ".")
    session.run(PYTHON, "-m", "ruff", "format", "--check", ".")


@nox.session(tags=GATE)
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.run(PYTHON, "-m", "mypy")


@nox.session(tags=GATE)
def floors(session: nox.Session) -> None:
    """Check that imports go down only."""
    session.run(BIN / "lint-imports")


@nox.session(tags=GATE)
def budgets(session: nox.Session) -> None:
    """Check sizes, names and what the commands import at start."""
    session.run(PYTHON, "-m", "pytest", "-q", "tests/architecture/test_budgets.py", "tests/architecture/test_start.py")


@nox.session(tags=GATE)
def exports(session: nox.Session) -> None:
    """Check that the committed exports are what the code writes; with `-- --write` write them."""
    arguments = ["--format", "all", "-o", "exports"] if "--write" in session.posargs else ["--check", "exports"]
    session.run(BIN / "kgexport", *arguments)


@nox.session
def docs(session: nox.Session) -> None:
    """Run every command that README and docs show; the gate for it is `wheel`, which runs them as installed."""
    session.run(PYTHON, "-m", "pytest", "-q", "tests/docs")


@nox.session(tags=GATE)
def wheel(session: nox.Session) -> None:
    """Build, compare sdist and checkout, install without tools, run from another directory."""
    scratch = Path(tempfile.mkdtemp(prefix="kgexport-wheel-"))
    try:
        built = build(session, scratch)
        clean = scratch / "venv"
        session.run(PYTHON, "-m", "venv", clean)
        session.run(clean / "bin/python", "-m", "pip", "install", "-q", built)
        elsewhere = scratch / "elsewhere"
        elsewhere.mkdir()
        with session.chdir(elsewhere):
            session.run(clean / "bin/kgexport", "--help")
            session.run(clean / "bin/kg", "validate")
            session.run(clean / "bin/kgexport", "-o", "ai.jsonld")
            if not filecmp.cmp("ai.jsonld", ROOT / "exports/ai.jsonld", shallow=False):
                session.error("the installed wheel does not write what exports/ai.jsonld holds")
        environment = {"KG_BIN": os.fspath(clean / "bin")}
        session.run(PYTHON, "-m", "pytest", "-q", "tests/docs", env=environment)
    finally:
        shutil.rmtree(scratch)


def build(session: nox.Session, scratch: Path) -> Path:
    """Build the wheel from the checkout and from the sdist; they have to be the same file."""
    command = [PYTHON, "-m", "build", "--no-isolation", "--outdir"]
    session.run(*command, scratch / "checkout", "--wheel", silent=True)
    session.run(*command, scratch / "sdist", silent=True)
    [built] = (scratch / "checkout").glob("*.whl")
    if not filecmp.cmp(built, scratch / "sdist" / built.name, shallow=False):
        session.error("the wheel made of the sdist differs from that of the checkout")
    return built
