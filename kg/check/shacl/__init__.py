"""SHACL: engines behind one narrow adapter, the packaged shapes and a user's own shapes as findings.

What others call:

`check(dataset, profiles, engine="shacl", shapes=None, wording=None, keep=None) -> Iterator[Finding]`
    `dataset` is what the profile `full` made, for the packaged shapes of `profiles`; with
    `keep`, those run whose codes it keeps.
    `shapes` is a Dataset of the user's shapes, all files in one, as `kg.read.rdf.read_rdf`
    reads them (every syntax, guarded, each statement with its file); they are applied to the data
    graph of what `wording` speaks of (what was read, not expanded), or of `dataset` without it. `engine` is
    a key of `ENGINES`.
`validate(data, shapes, engine="shacl") -> list[Result]`
    The adapter alone: a Dataset against `Shapes`, results as values.

A finding of a user's shape has the code `shapes.NAME`, where NAME is the local name of the
nearest shape that has one; what is wrong with the shapes themselves has a code `shacl.…`
when they can be run, and is a `SourceError` with file and line when they cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kg import rule
from kg.check.shacl.engine import ENGINES, Result, validate
from kg.check.shacl.findings import packaged
from kg.check.shacl.shapes import Shapes
from kg.check.wording import Wording
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.report import Finding

__all__ = ["ENGINES", "PROFILES", "Result", "Shapes", "check", "validate"]

#: The profiles that have shapes, in the order they are applied.
PROFILES = ("skos", "glossary", "publication")


def check(
    dataset: Dataset,
    profiles: Iterable[str] = PROFILES,
    engine: str = "shacl",
    shapes: Dataset | None = None,
    wording: Wording | None = None,
    keep: Callable[[str], bool] | None = None,
) -> Iterator[Finding]:
    """Yield what the packaged shapes of some profiles find, and what a user's own shapes do.

    `dataset` should be one that the profile `full` has expanded: shapes do not infer. The
    packaged shapes see its data graph with the evidence graph beside it; with `keep`, those
    run whose codes it keeps. `wording` speaks of what was read, of which `dataset` was made: it
    names terms and places. `shapes` holds the user's shapes; they see the data graph of
    what was read.

    Raises `UnknownName` for a profile or an engine that does not exist, and `SourceError`,
    with file and line, for shapes of the user that cannot be run.
    """
    wanted = list(dict.fromkeys(profiles))
    for profile in wanted:
        if profile not in rule.PROFILES:
            raise UnknownName("profile", profile, rule.PROFILES)
    shaped = [profile for profile in PROFILES if profile in wanted]
    if shaped:
        yield from packaged(dataset, shaped, engine, wording, keep)
    if shapes is not None:
        from kg.check.shacl import own

        yield from own.check(wording or Wording(dataset), shapes, engine)
