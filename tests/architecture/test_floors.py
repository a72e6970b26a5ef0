"""Imports go down only: the contracts of pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_imports_go_down_only(root: Path) -> None:
    call = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", call, "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
