"""Versions out of a store again."""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import UnknownName, UsageError
from kg.store import catalogue
from kg.store.load import clear
from kg.store.session import Store


def unload(store: Store, listed: str, vocabulary: str, version: str | None) -> Iterator[str]:
    """Remove a version, or everything of a vocabulary, and yield the graphs that are gone.

    The catalogue forgets first, so that nobody is led to a graph that goes. Fixed graphs go
    with everything.

    Raises `UnknownName` for a version that is not there, `UsageError` for the current one.
    """
    known = catalogue.read(store, listed, vocabulary)
    if version is None:
        catalogue.forget_current(store, listed, vocabulary)
        for graph in (*known.fixed, *known.versions):
            clear(store, graph)
            catalogue.forget(store, listed, graph)
            yield graph
        catalogue.forget(store, listed, vocabulary)
        return
    graph = catalogue.version_graph(vocabulary, version)
    if graph not in known.versions:
        raise UnknownName("version", version, [entry.version for entry in known.versions.values()])
    if graph == known.current:
        raise UsageError(f"version {version} is the current one; make another current first, or remove --all")
    clear(store, graph)
    catalogue.forget(store, listed, graph)
    yield graph
