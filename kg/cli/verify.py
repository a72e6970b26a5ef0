"""`kg verify`: what a store holds, against its catalogue or against the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.load import (
    BYTES,
    MEMORY,
    TIMEOUT,
    alterations,
    checked,
    named,
    opened,
    prepared_of,
    store_options,
    target_of,
)
from kg.cli.shared import READING, Command, limited, reading_of, show

if TYPE_CHECKING:
    from kg.store.catalogue import Entry
    from kg.store.session import Store

_EXAMPLES = """\b
Examples:
  kg verify --at store/ --graph https://w3id.org/kgexport/ai/
"""


@click.command("verify", cls=Command, epilog=_EXAMPLES)
@READING
@click.option("--at", "target", required=True, metavar="URL|PATH", help="Store: its URL, or a directory of pyoxigraph.")
@click.option("--graph", "vocabulary", metavar="IRI", help="Name of the vocabulary.  [default: its concept scheme]")
@click.option("--version", metavar="TEXT", help="Name of the version.  [default: the current one]")
@click.option("--profile", metavar="NAME", help="The one it was loaded with, where one was told.")
@store_options
def verify(**given: Any) -> None:
    """Verify that a store holds what was loaded, by counts and sums that it computes itself.

    With SOURCE it is compared with that, else with what the catalogue says of it.

    Exit codes: 0 equal, 1 different, 2 wrong use, 3 a source or store failed.
    """
    import tempfile

    from kg.pipeline import Job

    for name, value in (("timeout", TIMEOUT), ("max_memory", MEMORY), ("max_bytes", BYTES)):
        given[name] = given[name] or value
    vocabulary, listed = checked(given["vocabulary"]), str(checked(given["catalogue"]))
    job = Job(**reading_of(given), profile=given["profile"] or "")
    with tempfile.TemporaryDirectory(prefix="kg-") as scratch, target_of(given) as found:
        target = opened(found)
        if not job.sources:
            wrong, altered = _by_catalogue(target, listed, vocabulary, given["version"]), []
        else:
            kind = target.dialect.altered
            checks = False
            prepared, report = limited(job, prepared_of, job, kind, vocabulary, checks, f"{scratch}/graph.nt")
            show(report)
            if prepared is None:
                raise click.exceptions.Exit(1)
            entry = _entry(target, listed, named(vocabulary or "", prepared), given["version"])
            from kg.store.verify import differences

            wrong = [str(one) for one in differences(target, entry.graph, prepared.sums)]
            altered = prepared.altered
            if not wrong:
                click.echo(f"equal: <{entry.graph}>, {entry.triples} statements")
    for line in wrong:
        click.echo(f"different: {line}")
    for line in alterations(altered):
        click.echo(f"  {line}")
    if wrong:
        raise click.exceptions.Exit(1)


def _entry(target: Store, listed: str, vocabulary: str, version: str | None) -> Entry:
    """Return what the catalogue says of a version.

    Raises `UnknownName` for one that is not there.
    """
    from kg.errors import UnknownName
    from kg.store import catalogue

    known = catalogue.read(target, listed, vocabulary)
    wanted = catalogue.version_graph(vocabulary, version) if version else known.current
    if wanted is None or wanted not in known.versions:
        names = [entry.version for entry in known.versions.values()]
        raise UnknownName("version", version or "current", names)
    return known.versions[wanted]


def _by_catalogue(target: Store, listed: str, vocabulary: str | None, version: str | None) -> list[str]:
    """Compare what is there with what was written down when it was loaded."""
    from kg.store import catalogue, sums
    from kg.store.verify import described

    wrong = []
    for name in [vocabulary] if vocabulary else catalogue.vocabularies(target, listed):
        entry = _entry(target, listed, name, version)
        found = described(target, entry.graph)
        if entry.state != catalogue.COMPLETE:
            wrong.append(f"<{entry.graph}> is not loaded whole")
        elif sums.digest(found) != entry.digest:
            wrong.append(f"<{entry.graph}> holds {sums.total(found)} statements; {entry.triples} were loaded")
        else:
            click.echo(f"equal: <{entry.graph}>, {entry.triples} statements, digest {entry.digest}")
    return wrong
