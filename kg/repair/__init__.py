"""Repairs: what a finding names, mended as a text patch of the source that a person edits.

A rule's repair says which statements go and which come (`kg.repair.wishes`); the editor
of a syntax says where in the text (`kg.repair.turtle` and its like). Every patched text is read
again and compared before it is handed on (`kg.repair.mend`). Nothing here writes a file.
"""

from __future__ import annotations

from kg.repair.patch import Done, Mended, Patch, Plan, Proposal, diff
from kg.repair.plan import repairs
from kg.repair.suggest import Suggested, suggested

__all__ = ["Done", "Mended", "Patch", "Plan", "Proposal", "Suggested", "diff", "repairs", "suggested"]
