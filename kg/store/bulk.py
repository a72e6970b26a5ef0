"""For the large: the exact commands of a store's own bulk loader, and the one that verifies what it did."""

from __future__ import annotations

import os
import shlex

from kg.errors import UsageError
from kg.store import catalogue, sums
from kg.store.dialect import Dialect
from kg.store.load import Order, named_version
from kg.store.prepare import Prepared
from kg.store.stream import Coming


def file_name(prepared: Prepared | Coming) -> str:
    """Return the name of the file that is loaded: the same for the same content."""
    return f"{sums.digest(prepared.sums)[:16]}.nt"


def commands(prepared: Prepared | Coming, order: Order, dialect: Dialect, file: str, url: str) -> list[str]:
    """Return the commands that load a file into the graph of the version, then verify it.

    Raises `UsageError` for a dialect without a bulk loader.
    """
    if not dialect.bulk:
        raise UsageError(f"no bulk loader is known for {dialect.title}; load without --bulk")
    version = named_version(prepared, order)
    graph = catalogue.version_graph(order.vocabulary, version)
    folder, name = os.path.split(os.path.abspath(file))
    known = {"{file}": shlex.quote(os.path.join(folder, name)), "{folder}": folder, "{pattern}": name, "{graph}": graph}
    made = []
    for command in dialect.bulk:
        for mark, text in known.items():
            command = command.replace(mark, text)  # noqa: PLW2901 - it is filled in
        made.append(command)
    named = ("--vocabulary", order.vocabulary, "--version", version)
    return [*made, shlex.join(["kg", "load", os.path.join(folder, name), "--to", url, *named, "--adopt"])]
