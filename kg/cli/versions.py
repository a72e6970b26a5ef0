"""`kg versions` and `kg unload`: what a store holds, and away with it."""

from __future__ import annotations

from typing import Any

import click

from kg.cli.shared import Command
from kg.cli.target import checked, checked_version, opened, store_options, target_of

_EXAMPLES = """\b
Examples:
  kg load --to store/ && kg versions --at store/
"""
_UNLOAD = """\b
Examples:
  kg load --to store/ && kg unload --at store/ --vocabulary https://w3id.org/kgexport/ai/ --all
"""


@click.command("versions", cls=Command, epilog=_EXAMPLES)
@click.option("--at", "target", required=True, metavar="URL|PATH", help="Store, directory or file of N-Quads.")
@click.option("--vocabulary", metavar="IRI", help="Name of one vocabulary.  [default: all]")
@store_options
def versions(**given: Any) -> None:
    """List the versions of each vocabulary in a store; a star marks the current one.

    Exit codes: 0 done, 2 wrong use, 3 the store failed.
    """
    from kg.cli.shared import visible
    from kg.store import catalogue

    vocabulary, listed = checked(given["vocabulary"]), str(checked(given["catalogue"]))
    with target_of(given, writes=False) as target:
        if target is None:
            from kg.store.file import known

            store: Any = known(given["target"], listed)
        else:
            store = target
        for name in [vocabulary] if vocabulary else catalogue.vocabularies(store, listed):
            found = catalogue.read(store, listed, name)
            click.echo(visible(name))
            for entry in found.versions.values():
                mark = "*" if entry.graph == found.current else " "
                click.echo(visible(f"  {mark} {entry.version}  {entry.state}  {entry.triples}  <{entry.graph}>"))
            for graph in found.fixed:
                click.echo(visible(f"    fixed graph <{graph}>"))


@click.command("unload", cls=Command, epilog=_UNLOAD)
@click.option("--at", "target", required=True, metavar="URL|PATH", help="Store: its URL, or a directory of pyoxigraph.")
@click.option("--vocabulary", required=True, metavar="IRI", help="Name of the vocabulary.")
@click.option("--version", metavar="TEXT", help="Version to remove.  [needed unless --all]")
@click.option("--all", "everything", is_flag=True, help="Remove all versions, the current one and fixed graphs too.")
@store_options
def unload(**given: Any) -> None:
    """Remove a version from a store; the current one goes only with all.

    Exit codes: 0 done, 2 wrong use, 3 the store failed.
    """
    from kg.errors import UsageError
    from kg.store.unload import unload as run

    vocabulary, listed = str(checked(given["vocabulary"])), str(checked(given["catalogue"]))
    if (given["version"] is None) != given["everything"]:
        raise UsageError("name a --version, or remove --all")
    version = checked_version(given["version"])
    with target_of(given, writes=True) as target:
        for graph in run(opened(target), listed, vocabulary, version):
            click.echo(f"removed <{graph}>")
