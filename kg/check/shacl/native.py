"""The engine `shacl` (PyPI), in Rust: the default."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from kg import terms
from kg.check.shacl.engine import Result
from kg.check.shacl.feed import Feed
from kg.check.shacl.shapes import Shapes
from kg.errors import SourceError
from kg.vocab import RDF, SH

# The engine numbers blank nodes as it meets them, those of the shapes first, and writes the number
# into their label. A shape of our own, which nothing but two statements of ours can violate, tells
# where the numbers begin.
_PROBE = "<urn:kgexport:probe>"
_PROBE_SHAPE = (
    f"_:kgprobe {RDF.type} {SH.NodeShape} .\n"
    f"_:kgprobe {SH.targetSubjectsOf} {_PROBE} .\n_:kgprobe {SH.nodeKind} {SH.Literal} .\n"
)
_PROBE_DATA = f"_:a {_PROBE} _:b .\n_:c {_PROBE} _:a .\n"
_DATA, _SHAPES = "_:0_b", "_:1_b"
_PROBE_LABEL = f"{_SHAPES}0"


def run(feed: Feed, shapes: Shapes) -> list[Result]:
    """Validate and return the results.

    Raises `SourceError` for shapes that the engine refuses.
    """
    compiled = _compiled(shapes.text, shapes.name)
    try:
        found = _asked(compiled, feed.text(), shapes.name).results
    except _Panic:
        # It counts years in 64 bits, and ends where there are more.
        feed.tame()
        found = _asked(compiled, feed.text(), shapes.name).results
    named = _Names(feed, shapes)
    # Data that hold the term of the probe make that shape speak, too.
    return [_result(one, named, shapes) for one in found if one.source_shape != _PROBE_LABEL]


@lru_cache(maxsize=4)
def _compiled(text: str, name: str) -> Any:
    import shacl

    try:
        return shacl.Shapes.from_text(_PROBE_SHAPE + text)
    except ValueError as error:
        raise _refusal(error, name) from error


@lru_cache(maxsize=4)
def _offset(text: str, name: str) -> int:
    """Return the number of the first blank node of any data."""
    found = _asked(_compiled(text, name), _PROBE_DATA, name).results
    labels = [result.focus_node for result in found if result.source_shape == _PROBE_LABEL]
    numbers = sorted(int(label[len(_DATA) :]) for label in labels if label.startswith(_DATA))
    if len(numbers) != 2 or numbers[1] - numbers[0] != 2:
        raise RuntimeError("this release of the engine shacl labels blank nodes in a way that is not known here")
    return numbers[0]


def _asked(compiled: Any, text: str, name: str) -> Any:
    try:
        return compiled.validate_text(text, format="ntriples")
    except ValueError as error:
        raise _refusal(error, name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _Panic(name, f"the SHACL engine broke down ({error}); try --engine pyshacl") from error


def _refusal(error: ValueError, name: str) -> SourceError:
    return SourceError(name, f"the SHACL engine refuses the shapes: {' '.join(str(error).split())[:300]}")


class _Panic(SourceError):
    """A fault of the engine that its own code met with."""


class _Names:
    """Terms of results by the names they have in the data and in the shapes."""

    def __init__(self, feed: Feed, shapes: Shapes) -> None:
        self._feed, self._shapes = feed, shapes

    def __call__(self, term: str) -> str:
        if term.startswith(_DATA):
            first = _offset(self._shapes.text, self._shapes.name)
            return self._feed.blanks[int(term[len(_DATA) :]) - first]
        if term.startswith(_SHAPES):
            number = int(term[len(_SHAPES) :]) - 1
            return self._shapes.blanks[number] if number < len(self._shapes.blanks) else term
        return self._feed.tamed.get(term) or terms.recase(term)


def _result(found: Any, named: _Names, shapes: Shapes) -> Result:
    shape, path, value = named(found.source_shape), found.path, found.value
    if path and not (path[0] == "<" and path.count("<") == 1 and path[-1] == ">"):
        path = shapes.path(shape)
    return Result(
        shape,
        named(found.focus_node),
        path,
        None if value is None else named(value),
        found.component_iri.removeprefix(SH.base),
        f"<{found.severity_iri}>",
        tuple(found.messages),
    )
