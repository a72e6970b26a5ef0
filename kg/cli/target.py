"""What the commands about stores have in common: their options, and the store they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import AUTH_FILE

if TYPE_CHECKING:
    from kg.store.prepare import Prepared
    from kg.store.protocol import Auth
    from kg.store.session import Store
    from kg.store.stream import Coming

#: `kg.store.catalogue.GRAPH`, which would take time to import for the help.
_CATALOGUE = "urn:kgexport:catalogue"

#: Endings of files that are targets; any other path is a directory of pyoxigraph.
FILES = (".nq", ".nquads")


def store_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command about a store has."""
    for option in (
        click.option("--catalogue", metavar="IRI", default=_CATALOGUE, show_default=True,
                     help="Graph of the catalogue."),
        click.option("--request-timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", default=60.0,
                     show_default=True, help="Longest time for one request; changes of whole graphs may take more."),
        AUTH_FILE,
        click.option("--update-url", metavar="URL", help="Endpoint of updates, where the dialect does not tell it."),
        click.option("--dialect", metavar="NAME", help="Kind of the store, where it does not tell it itself."),
    ):  # fmt: skip
        function = option(function)
    return function


def checked(iri: str | None) -> str | None:
    """Return an IRI that may stand in a query.

    Raises `UsageError` for what is none.
    """
    from kg.errors import UsageError
    from kg.iri import check_iri

    if iri is not None and (wrong := check_iri(iri)):
        raise UsageError(f"{iri!r} is no IRI: {wrong}")
    return iri


def checked_version(version: str | None) -> str | None:
    """Return the name of a version, which becomes a part of an IRI.

    Raises `UsageError` for bytes that are no text.
    """
    from kg.errors import UsageError

    if version is not None and any("\ud800" <= sign <= "\udfff" for sign in version):
        raise UsageError(f"--version {version!r} is no text in UTF-8; give another")
    return version


@contextmanager
def target_of(given: dict[str, Any], *, writes: bool) -> Iterator[Store | None]:
    """Open the store that a command is about; None for a file of N-Quads.

    Raises `StoreError` for a path where nothing is, unless the command is a load.
    """
    import os

    from kg.errors import StoreError
    from kg.store import auth
    from kg.store.session import connect

    url, loads = given["target"], "dry_run" in given
    if "://" not in url and not loads and not os.path.exists(url):
        raise StoreError(url, "open", "nothing is there", "check the path; kg load makes a store")
    if "://" not in url and url.endswith(FILES):
        yield None
        return

    def found() -> Auth | None:
        return auth.found(url, given["auth_file"])

    if "://" in url and (warning := auth.unprotected(url, found(), given["update_url"])):
        click.echo(f"warning: {warning}", err=True)
    told = {"update_url": given["update_url"], "makes": loads, "writes": writes}
    store = connect(url, given["dialect"], found, given["request_timeout"], **told)
    try:
        yield store
    finally:
        store.close()


def opened(target: Store | None) -> Store:
    """Return a store, where a command needs one.

    Raises `UsageError` for a file.
    """
    from kg.errors import UsageError

    if target is None:
        raise UsageError("a file of N-Quads is no store for this; kg load verifies it, given what was loaded before")
    return target


def named(vocabulary: str, prepared: Prepared | Coming) -> str:
    """Return the name of the vocabulary: what was told, else its one concept scheme.

    Raises `UsageError` where there is none.
    """
    from kg.errors import UsageError

    if not (vocabulary or prepared.scheme):
        raise UsageError("the sources do not hold just one concept scheme that could name them; use --vocabulary IRI")
    return vocabulary or str(checked(prepared.scheme))
