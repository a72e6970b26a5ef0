"""A fixture that mends a text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from repairing import Repaired, repaired

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def mend(tmp_path: Path) -> Callable[..., Repaired]:
    """Give what writes a text into a file and repairs it there."""

    def run(text: str | bytes, name: str = "a.ttl", **how: object) -> Repaired:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return repaired(path, **how)

    return run
