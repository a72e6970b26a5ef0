"""Everything that README.md and docs/ show is run, a page as one terminal in an empty directory.

A block of `console` holds commands (`$ `, continued by `> `) and, where it shows any,
their output; `…` stands for any text in a line and, alone on a line, for any lines.
A command has to succeed unless the next one is `echo $?`. Blocks of `python` hold a
session (`>>>`); those of a page run as one session after its commands. A block that
cannot run says why: `console no-run: reason`. Blocks of `sh` are the README's two set-up
commands alone: .ci/run takes them from there and runs them in a fresh clone.

`KG_BIN` names the directory of another installation to run, such as that of the wheel.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BIN = Path(os.environ.get("KG_BIN") or Path(sys.executable).parent)
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "KG_BIN"}},
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    "LC_ALL": "C.UTF-8",
    "COLUMNS": "100",
    "NO_COLOR": "1",
}


class Block(NamedTuple):
    """A fenced block: its first line's number in the page, language, the rest of the info string, lines."""

    number: int
    language: str
    note: str
    lines: list[str]


class Step(NamedTuple):
    """A command and the lines shown under it."""

    number: int
    command: str
    shown: list[str]


def blocks(page: str) -> list[Block]:
    found: list[Block] = []
    fence = None
    for number, line in enumerate(page.splitlines(), 1):
        if fence is None and (opening := re.match(r"( *)(`{3,})(\S*) *(.*)", line)):
            indent, fence = opening[1], opening[2]
            found.append(Block(number + 1, opening[3], opening[4], []))
        elif fence is not None and line.strip() == fence:
            fence = None
        elif fence is not None:
            found[-1].lines.append(line.removeprefix(indent))
    assert fence is None, "a block is not closed"
    return found


def steps(block: Block) -> list[Step]:
    found: list[Step] = []
    for number, line in enumerate(block.lines, block.number):
        if line.startswith("$ "):
            found.append(Step(number, line[2:], []))
        elif (line == ">" or line.startswith("> ")) and not found[-1].shown:
            found[-1] = found[-1]._replace(command=f"{found[-1].command}\n{line[2:]}")
        else:
            assert found, f"line {number}: a block of commands starts with '$ '"
            found[-1].shown.append(line)
    return found


def matches(shown: list[str], output: str) -> bool:
    parts = [
        "(?:.*\n)*" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) + " *\n" for line in shown
    ]
    return re.fullmatch("".join(parts), output if output.endswith("\n") or not output else output + "\n") is not None


def terminal(found: list[Step], directory: Path) -> None:
    """Run the commands one after the other."""
    code = 0
    for place, step in enumerate(found, 1):
        if step.command == "echo $?":
            output = f"{code}\n"
        else:
            done = subprocess.run(
                ["bash", "-c", step.command],
                cwd=directory,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=300,
                check=False,
            )
            code, output = done.returncode, done.stdout
            asked = [following.command for following in found[place : place + 1]] == ["echo $?"]
            assert asked or code == 0, f"line {step.number}: {step.command}\nexit code {code}\n{output}"
        shown = "\n".join(step.shown)
        assert not step.shown or matches(step.shown, output), (
            f"line {step.number}: {step.command}\n--- shown\n{shown}\n--- printed\n{output}"
        )


def session(found: list[Block], directory: Path) -> None:
    """Run the blocks as one Python session."""
    for block in found:
        assert block.lines[0].startswith(">>> "), f"line {block.number}: show Python as a session, with '>>> '"
    (directory / "session.txt").write_text("\n\n".join("\n".join(block.lines) for block in found) + "\n", "utf-8")
    done = subprocess.run(
        [BIN / "python", "-m", "doctest", "-o", "ELLIPSIS", "session.txt"],
        cwd=directory,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def runs(block: Block) -> bool:
    """Tell whether a block is to be run."""
    assert not block.note or re.fullmatch(r"no-run: \S.{9,}", block.note), (
        f"line {block.number}: {block.note!r} is no reason"
    )
    return not block.note


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_what_the_page_shows_is_so(page: Path, tmp_path: Path) -> None:
    found = blocks(page.read_text("utf-8"))
    terminal(
        [step for block in found if block.language == "console" and runs(block) for step in steps(block)], tmp_path
    )
    if sessions := [block for block in found if block.language == "python" and runs(block)]:
        session(sessions, tmp_path)


@pytest.mark.parametrize("page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES])
def test_no_command_escapes_the_run(page: Path) -> None:
    found = blocks(page.read_text("utf-8"))
    assert [block.number for block in found if block.language in {"bash", "shell", "pycon", "shell-session"}] == []
    assert [
        block.number for block in found if block.lines and block.language != "console" and block.lines[0][:2] == "$ "
    ] == []
    if page.name != "README.md":
        assert [block.number for block in found if block.language == "sh"] == []


def test_the_readme_sets_up_with_two_commands() -> None:
    setup = [block.lines for block in blocks((ROOT / "README.md").read_text("utf-8")) if block.language == "sh"]
    assert [len(lines) for lines in setup] == [1, 1]


PAGE = """
- In a list:
  ```console
  $ printf 'one
  >
  > %s
  > two' \\
  > "$LC_ALL"
  one
  …
  t…o
  ```
"""


def test_commands_and_their_output_are_found(tmp_path: Path) -> None:
    [block] = blocks(PAGE)
    [step] = steps(block)
    assert step == (4, "printf 'one\n\n%s\ntwo' \\\n\"$LC_ALL\"", ["one", "…", "t…o"])
    terminal([step], tmp_path)


@pytest.mark.parametrize(
    "found",
    [
        [Step(1, "false", [])],
        [Step(1, "echo one", ["two"])],
        [Step(1, "printf 'one\\ntwo\\n'", ["one"])],
        [Step(1, "true", ["one"])],
        [Step(1, "(exit 3)", []), Step(2, "echo $?", ["0"])],
        [Step(1, "cat", ["a line of the terminal"])],
    ],
)
def test_a_page_that_is_wrong_is_found(found: list[Step], tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="line"):
        terminal(found, tmp_path)


def test_an_exit_code_can_be_shown(tmp_path: Path) -> None:
    terminal([Step(1, "(exit 3)", []), Step(2, "echo $?", ["3"])], tmp_path)


def test_a_wrong_session_is_found(tmp_path: Path) -> None:
    session([Block(1, "python", "", [">>> x = 1"]), Block(5, "python", "", [">>> x", "1"])], tmp_path)
    with pytest.raises(AssertionError, match="Expected"):
        session([Block(1, "python", "", [">>> 1 + 1", "3"])], tmp_path)


def test_a_block_is_skipped_for_a_reason_only() -> None:
    assert not runs(Block(1, "console", "no-run: needs a SPARQL server", []))
    with pytest.raises(AssertionError, match="no reason"):
        runs(Block(1, "console", "no-run:", []))
