"""The commands: `kgexport` (the main job) and `kg` (all of them).

Only click is imported until a command runs, so that help and completion are quick.
"""

from __future__ import annotations

import atexit
import gc

from kg.cli.main import kg, kgexport

__all__ = ["kg", "kgexport"]

# A command is short: looking for cyclic garbage while it starts, and once more when the
# process ends anyway, costs a fifteenth of the main job.
gc.set_threshold(100_000, 20, 20)
atexit.register(gc.freeze)
