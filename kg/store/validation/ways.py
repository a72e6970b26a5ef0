"""Paths as patterns of SPARQL that every store follows alike.

`*` and `?` are taken apart into the step that stays and the steps that go, and `p+` is
written as one step and `p*` after it: Virtuoso leaves out the start of `p+` where it
comes round to it again, and stores differ on `p*` from a node that is not in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from kg.store.validation.form import Chain, Choice, Inverse, Link, Path, Repeat

#: A path of more alternatives than this is left to the store as it is.
_MOST = 32


class Fresh:
    """Names for variables, each given once."""

    def __init__(self, before: str = "") -> None:
        self._count, self._before = 0, before

    def __call__(self, name: str = "v") -> str:
        """Return a name that was not given before."""
        self._count += 1
        return f"?{self._before}{name}{self._count}"


class Hop(NamedTuple):
    """A step by a path without repetition."""

    path: Path


class Loop(NamedTuple):
    """One or more steps."""

    path: Path


Way = tuple[Hop | Loop, ...]


def ways(path: Path) -> tuple[Way, ...]:
    """Return the alternatives of a path; one without a step stays at its start.

    >>> ways(Repeat(Link("<urn:p>"), 0, many=True))
    ((), (Loop(path=Link(predicate='<urn:p>', also=(), back=())),))
    """
    if isinstance(path, Link):
        return ((Hop(path),),)
    if isinstance(path, Inverse):
        turned = (tuple(type(step)(_turned(step.path)) for step in reversed(way)) for way in ways(path.part))
        return tuple(turned)
    if isinstance(path, Chain):
        found = [tuple(step for way in row for step in way) for row in product(*map(ways, path.parts))]
        return tuple(dict.fromkeys(found)) if len(found) <= _MOST else ((Hop(path),),)
    if isinstance(path, Choice):
        if _is_plain(path):
            return ((Hop(path),),)
        return tuple(dict.fromkeys(way for option in path.options for way in ways(option)))
    if not path.many:
        return tuple(dict.fromkeys(((), *ways(path.part))))
    return ((), (Loop(path.part),)) if path.least == 0 else ((Loop(path.part),),)


def _turned(path: Path) -> Path:
    return path.part if isinstance(path, Inverse) else Inverse(path)


def _is_plain(path: Path) -> bool:
    """Tell whether a path may stand as it is: no repetition, and nothing that follows only for what is described."""
    if isinstance(path, Link):
        return not path.back
    if isinstance(path, Inverse):
        return _is_plain(path.part)
    if isinstance(path, Repeat):
        return False
    return all(map(_is_plain, path.parts if isinstance(path, Chain) else path.options))


def spelt(path: Path) -> str:
    """Return a path in SPARQL's syntax.

    >>> spelt(Inverse(Chain((Link("<urn:p>"), Repeat(Link("<urn:q>"), 0, many=True)))))
    '^(<urn:p>/<urn:q>*)'
    """
    if isinstance(path, Link):
        options = [path.predicate, *path.also, *(f"^{name}" for name in path.back)]
        return options[0] if len(options) == 1 else f"({'|'.join(options)})"
    if isinstance(path, Inverse):
        return f"^{spelt(path.part)}"
    if isinstance(path, Chain):
        return f"({'/'.join(map(spelt, path.parts))})"
    if isinstance(path, Choice):
        return f"({'|'.join(map(spelt, path.options))})"
    inner = spelt(path.part)
    atom = f"({inner})" if inner[0] == "^" or inner[-1] in "*+?" else inner
    return atom + (("*", "+")[path.least] if path.many else "?")


def pattern(way: Way, start: str, end: str, fresh: Fresh) -> str:
    """Return the pattern of an alternative that has steps."""
    nodes = [start, *(fresh("m") for _ in way[1:]), end]
    steps = zip(way, nodes, nodes[1:], strict=False)
    return " ".join(_step(step, one, other, fresh) for step, one, other in steps)


def _step(step: Hop | Loop, one: str, other: str, fresh: Fresh) -> str:
    if isinstance(step, Loop):
        return looped(spelt(step.path), one, other, fresh)
    path = step.path
    if isinstance(path, Inverse) and isinstance(path.part, Link):
        return linked(path.part, other, one, fresh)
    return linked(path, one, other, fresh) if isinstance(path, Link) else f"{one} {spelt(path)} {other} ."


def looped(words: str, one: str, other: str, fresh: Fresh) -> str:
    """Return the pattern of one or more steps by a path in SPARQL's syntax."""
    between = fresh("m")
    atom = f"({words})" if words[0] == "^" or words[-1] in "*+?" else words
    first = f"{one} {words} {between} ."
    if "^" in words or "|" in words:
        # Virtuoso finds nothing where it is free to join such a step with those that follow.
        first = f"{{ SELECT DISTINCT {one} {between} WHERE {{ {first} }} }}" if one[0] == "?" else first
    return f"{first} {between} {atom}* {other} ."


def linked(link: Link, subject: str, object_: str, fresh: Fresh) -> str:
    """Return the pattern of statements with a property, those that follow for what is described included."""
    plain = f"{subject} {spelt(link._replace(back=()))} {object_} ."
    if not link.back:
        return plain
    back = f"{object_} {spelt(Link(link.back[0], link.back[1:]))} {subject} . {subject} a {fresh('t')} ."
    return f"{{ {plain} }} UNION {{ {back} }}"


def joined(path: Path, start: str, end: str, fresh: Fresh) -> str:
    """Return the pattern of a whole path; a node that stays is one of the data."""

    def options() -> Iterator[str]:
        for way in ways(path):
            if way:
                yield pattern(way, start, end, fresh)
            else:
                out, into = (f"{fresh('x')} {fresh('x')}" for _ in range(2))
                yield f"{{ {start} {out} }} UNION {{ {into} {start} }} BIND({start} AS {end})"

    found = list(options())
    return found[0] if len(found) == 1 else " UNION ".join(f"{{ {option} }}" for option in found)


def some(path: Path, start: str, holds: Callable[[str], str], fresh: Fresh) -> list[str]:
    """Return conditions of which one holds when a value at the end of a path fulfils one."""
    found = []
    for way in ways(path):
        if not way:
            found.append(holds(start))
            continue
        end = fresh()
        condition = holds(end)
        if condition != "false":
            test = "" if condition == "true" else f" FILTER({condition})"
            found.append(f"EXISTS {{ {pattern(way, start, end, fresh)}{test} }}")
    return found
