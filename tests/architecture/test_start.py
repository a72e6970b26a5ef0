"""What the commands import: `--help` click alone, the main job no library that it does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Parts of the standard library that cost milliseconds and that no help text needs.
HEAVY = {"asyncio", "csv", "decimal", "email", "http", "json", "logging", "multiprocessing", "pathlib", "sqlite3"} | {
    "tomllib",
    "urllib.request",
    "xml",
}

PROBE = """
import sys
{call}
sys.stderr.write("\\n" + "\\n".join(sys.modules))
"""
COMMAND = """
from kg.cli import {command}
try:
    {command}({arguments!r})
except SystemExit as stop:
    assert not stop.code, stop.code
"""


def imported(call: str) -> set[str]:
    """Give the modules that a new interpreter holds after the call."""
    command = [sys.executable, "-c", PROBE.format(call=call)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines())


def third_parties(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("command", ["kgexport", "kg"])
def test_help_imports_click_only(command: str) -> None:
    click = imported("import click")
    helped = imported(COMMAND.format(command=command, arguments=["--help"]))
    assert third_parties(helped) - third_parties(click) == {"kg"}
    assert (helped - click) & HEAVY == set()


def test_the_main_job_imports_no_library_that_it_does_not_need() -> None:
    modules = imported(COMMAND.format(command="kgexport", arguments=["--format", "jsonld"]))
    assert third_parties(modules) & {"networkx", "pyshacl", "rdflib", "ruamel"} == set()
