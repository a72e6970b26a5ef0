"""The commands: `kgexport` (the main job) and `kg` (all of them).

Only click is imported until a command runs, so that help and completion are quick.
"""

from __future__ import annotations

from kg.cli.main import kg, kgexport

__all__ = ["kg", "kgexport"]
