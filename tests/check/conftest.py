"""What the tests of the checks share: small graphs written in Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from kg.dataset import Dataset
from kg.statement import Origin
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.namespaces.items())


def parsed(text: str, base: str = "http://e.org/term/", origin: Origin | None = None) -> Dataset:
    """Read TriG; `:a` is a term of a glossary, and every prefix that the project knows is declared."""
    data = Dataset()
    turtle = f"{HEAD}@prefix : <{base}> .\n@base <{base}> .\n{text}"
    stream = pyoxigraph.parse(turtle.encode(), pyoxigraph.RdfFormat.TRIG)
    data.add_stream(stream, origin or Origin("graph.trig"), named=True)
    return data


@pytest.fixture(scope="session")
def read() -> Callable[..., Dataset]:
    """Give the reader of small graphs."""
    return parsed
