"""The committed exports are those that the code writes today."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_exports_are_fresh(root: Path) -> None:
    call = "from kg.cli import kgexport; kgexport()"
    command = [sys.executable, "-c", call, "--check", "exports"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
