"""`kg verify`: what a store holds, against its catalogue or against the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.load import BYTES, MEMORY, TIMEOUT, prepared_of
from kg.cli.receipt import alterations
from kg.cli.shared import READING, Command, limited, reading_of, show, visible
from kg.cli.target import checked, checked_version, named, opened, store_options, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.catalogue import Entry, Vocabulary
    from kg.store.session import Store

_EXAMPLES = """\b
Examples:
  kg load --to store/ && kg verify --at store/
"""
#: What to do where the catalogue does not name what is asked for.
_REMEDY = "kg versions lists what kg load has put there; --catalogue names another catalogue"


@click.command("verify", cls=Command, epilog=_EXAMPLES)
@READING
@click.option("--at", "target", required=True, metavar="URL|PATH", help="Store: its URL, or a directory of pyoxigraph.")
@click.option("--vocabulary", metavar="IRI", help="Name of the vocabulary.  [default: its concept scheme]")
@click.option("--version", metavar="TEXT", help="Name of the version.  [default: the current one]")
@click.option("--profile", metavar="NAME", help="The one it was loaded with, where one was told.")
@store_options
def verify(**given: Any) -> None:
    """Verify that a store holds what was loaded, by counts and sums that it computes itself.

    With SOURCE it is compared with that, else with what the catalogue says of it.

    Exit codes: 0 equal, 1 different, 2 wrong use, 3 a source or store failed.
    """
    from kg.pipeline import Job
    from kg.publish.temporary import scratch

    for name, value in (("timeout", TIMEOUT), ("max_memory", MEMORY), ("max_bytes", BYTES)):
        given[name] = given[name] or value
    vocabulary, listed = checked(given["vocabulary"]), str(checked(given["catalogue"]))
    version = checked_version(given["version"])
    job = Job(**reading_of(given), profile=given["profile"] or "")
    with scratch() as folder, target_of(given, writes=False) as found:
        target = opened(found)
        if not job.sources:
            wrong, altered = list(_by_catalogue(target, listed, vocabulary, version)), []
        else:
            path, checks = f"{folder}/graph.nt", False
            prepared, report = limited(job, prepared_of, job, target.dialect.altered, vocabulary, checks, path)
            show(report)
            if prepared is None:
                raise click.exceptions.Exit(1)
            entry = _asked(target, listed, named(vocabulary or "", prepared), version)
            from kg.store.verify import differences

            wrong = [str(one) for one in differences(target, entry.graph, prepared.sums)]
            altered = prepared.altered
            if not wrong:
                click.echo(f"equal: <{entry.graph}>, {entry.triples} statements")
    for line in wrong:
        click.echo(visible(f"different: {line}"))
    for line in alterations(altered):
        click.echo(f"  {line}")
    if wrong:
        raise click.exceptions.Exit(1)


def _entry(known: Vocabulary, version: str | None) -> Entry | None:
    """Return what the catalogue says of a version, the current one where none is named."""
    from kg.store.catalogue import version_graph

    return known.versions.get(version_graph(known.name, version) if version else known.current or "")


def _asked(target: Store, listed: str, vocabulary: str, version: str | None) -> Entry:
    """Return what the catalogue says of a version that was asked for.

    Raises `UnknownName` for one that is not there, `StoreError` where none is current.
    """
    from kg.errors import StoreError, UnknownName
    from kg.store import catalogue

    known = catalogue.read(target, listed, vocabulary)
    entry = _entry(known, version)
    if entry is not None:
        return entry
    if version:
        raise UnknownName("version", version, [entry.version for entry in known.versions.values()])
    raise StoreError(target.name, "read the catalogue", f"it has no current version of {vocabulary}", _REMEDY)


def _by_catalogue(target: Store, listed: str, vocabulary: str | None, version: str | None) -> Iterator[str]:
    """Compare what is there with what was written down when it was loaded; yield what is wrong.

    Raises as `_asked` does for a vocabulary that is named, `StoreError` where there is none.
    """
    from kg.errors import StoreError
    from kg.store import catalogue

    if vocabulary:
        yield from _changed(target, _asked(target, listed, vocabulary, version))
        return
    names = catalogue.vocabularies(target, listed)
    if not names:
        # Whoever asks whether all is there must not hear that nothing is wrong with nothing.
        raise StoreError(target.name, "read the catalogue", "nothing has been loaded there", _REMEDY)
    for name in names:
        entry = _entry(catalogue.read(target, listed, name), version)
        if entry is None:
            yield f"{name} has no {f'version {version}' if version else 'current version'}"
        else:
            yield from _changed(target, entry)


def _changed(target: Store, entry: Entry) -> Iterator[str]:
    """Yield how a version differs from what was loaded; tell that it does not."""
    from kg.store import catalogue
    from kg.store.verify import described

    if entry.state != catalogue.COMPLETE:
        yield f"<{entry.graph}> is not loaded whole"
        return
    held, digest = described(target, entry.graph)
    if digest != entry.digest:
        yield f"<{entry.graph}> holds {held} statements; {entry.triples} were loaded"
    else:
        click.echo(f"equal: <{entry.graph}>, {entry.triples} statements, digest {entry.digest}")
