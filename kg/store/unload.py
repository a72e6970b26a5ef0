"""Versions out of a store again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from kg.errors import UnknownName, UsageError
from kg.store import catalogue
from kg.store.catalogue import Entry
from kg.store.load import clear
from kg.store.session import Store


def unload(store: Store, listed: str, vocabulary: str, version: str | None) -> Iterator[str]:
    """Remove a version, or everything of a vocabulary, and yield the graphs that are gone.

    A version that goes is first marked so in the catalogue, in one update that spares the current
    one: nobody is led to a graph that goes. Fixed graphs go with everything.

    Raises `UnknownName` for a version or a vocabulary that is not there, `UsageError` for the current version.
    """
    known, run = catalogue.read(store, listed, vocabulary), secrets.token_hex(8)
    if version is not None:
        graph = catalogue.version_graph(vocabulary, version)
        if graph not in known.versions:
            raise UnknownName("version", version, [held.version for held in known.versions.values()])
        yield _removed(store, listed, known.versions[graph], run)
        return
    if not (known.versions or known.fixed or known.current):
        raise UnknownName("vocabulary", vocabulary, catalogue.vocabularies(store, listed))
    catalogue.forget_current(store, listed, vocabulary)
    for graph in known.fixed:
        clear(store, graph)
        yield graph
    for held in known.versions.values():
        yield _removed(store, listed, held, run)
    catalogue.forget_vocabulary(store, listed, vocabulary)


def _removed(store: Store, listed: str, version: Entry, run: str) -> str:
    held = catalogue.claim(store, listed, version, run)
    if held is None:
        raise UsageError(f"version {version.version} is the current one; make another current first, or remove --all")
    catalogue.empty(store, listed, held)
    catalogue.forget(store, listed, held)
    return held.graph
