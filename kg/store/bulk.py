"""For the large: the exact commands of a store's own bulk loader, and the one that verifies what it did."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Mapping

from kg.errors import UsageError
from kg.store import catalogue, sums
from kg.store.dialect import Dialect
from kg.store.load import Order, named_version
from kg.store.prepare import Prepared
from kg.store.protocol import shown_url
from kg.store.stream import Coming

#: What stands between a command and its note.
_NOTE = "   # "
#: How a word begins that is SQL.
_SQL = "exec="


def file_name(prepared: Prepared | Coming) -> str:
    """Return the name of the file that is loaded: the same for the same content."""
    return f"{sums.digest_of(prepared.sums)[:16]}.nt"


def commands(prepared: Prepared | Coming, order: Order, dialect: Dialect, file: str, url: str) -> list[str]:
    """Return the commands that load a file into the graph of the version, then verify it.

    Raises `UsageError` for a dialect without a bulk loader, and for names that no command can be printed with.
    """
    if not dialect.bulk:
        raise UsageError(f"no bulk loader is known for {dialect.title}; load without --bulk")
    path, to, version = os.path.abspath(file), shown_url(url), named_version(prepared, order)
    for text in (path, to, version):
        if not text.isprintable():
            raise UsageError(f"--bulk prints commands, and {text!r} holds a sign that cannot be shown in one")
    folder, name = os.path.split(path)
    graph = catalogue.version_graph(order.vocabulary, version)
    known = {"file": path, "folder": folder, "pattern": name, "graph": graph}
    named = ["--vocabulary", order.vocabulary, "--version", version]
    if order.catalogue != catalogue.GRAPH:
        named += ["--catalogue", order.catalogue]
    made = [_command(template, known) for template in dialect.bulk]
    return [*made, shlex.join(["kg", "load", path, "--to", to, *named, "--adopt"])]


def _command(template: str, known: Mapping[str, str]) -> str:
    """Fill a command in word by word, and quote each word then: no shell and no SQL reads a name as anything else."""
    command, mark, note = template.partition(_NOTE)
    words = [_filled(word, known, _in_sql if word.startswith(_SQL) else str) for word in shlex.split(command)]
    return shlex.join(words) + mark + _filled(note, known, shlex.quote)


def _filled(text: str, known: Mapping[str, str], quoted: Callable[[str], str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: quoted(known[found[1]]), text)


def _in_sql(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")
