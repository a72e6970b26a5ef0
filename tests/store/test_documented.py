"""The servers of docs/stores.md, started and filled as the page says, on ports and with names of this run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import free_port, missing, oxigraph_binary

ROOT = Path(__file__).parents[2]
BIN = Path(os.environ.get("KG_BIN") or Path(sys.executable).parent)


def commands(program: str) -> list[str]:
    """Return the commands of the block that starts a server, without those that install it."""
    page = (ROOT / "docs/stores.md").read_text("utf-8")
    blocks = re.findall(r"```console no-run[^\n]*\n(.*?)```", page, re.DOTALL)
    (block,) = (block for block in blocks if program in block)
    steps = [step.replace("\n> ", "\n").strip() for step in block.removeprefix("$ ").split("\n$ ")]
    assert steps[0].startswith(("pip install ", "apt-get install "))
    return steps[1:]


@pytest.fixture
def folder(tmp_path):
    for version in (1, 2):
        lines = [f'<urn:c:{number}> <urn:p:p> "{number}"@en .\n' for number in range(3_000 * version)]
        (tmp_path / f"big-{version}.nt").write_text("".join(lines))
    yield tmp_path
    for file in tmp_path.rglob("*.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGKILL)


@pytest.mark.parametrize("program", ["oxigraph", "virtuoso-t"])
def test_the_commands_of_the_page_run(program, folder) -> None:
    path = f"{BIN}{os.pathsep}{Path(oxigraph_binary() or '/none').parent}{os.pathsep}{os.environ['PATH']}"
    if subprocess.run(["which", program], env={"PATH": path}, stdout=subprocess.DEVNULL, check=False).returncode:
        missing(program)
    ports = {port: str(free_port()) for port in ("7878", "8890", "1111")}
    shown = []
    for command in commands(program):
        ready = re.sub(r"\b(?:7878|8890|1111)\b", lambda found: ports[found[0]], command).replace("170000", "20000")
        done = subprocess.run(
            ["bash", "-c", ready.replace("130000", "15000")],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        shown.append(done.stdout)
    text = "".join(shown)
    assert text.count("loaded: version") == 3 and text.count("equal: ") == 2 and "DALL-E" in text
    (pid,) = folder.rglob("*.pid")
    end = time.monotonic() + 30
    while Path(f"/proc/{pid.read_text().strip()}").exists() and time.monotonic() < end:
        time.sleep(0.1)
