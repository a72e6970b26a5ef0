"""The catalogue: a graph of the store that says which versions are there and which is current.

A version is one named graph that never changes. What consumers follow is
``?vocabulary dcat:hasCurrentVersion ?graph``, switched in one update. All values are
plain strings, which no store alters.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from kg import terms
from kg.errors import StoreError
from kg.store.session import Store, values

GRAPH = "urn:kgexport:catalogue"
_DCAT, _OWN = "http://www.w3.org/ns/dcat#", "https://w3id.org/kgexport/store#"
CURRENT, VERSION_OF, VERSION = f"{_DCAT}hasCurrentVersion", f"{_DCAT}isVersionOf", f"{_DCAT}version"
TRIPLES, FIXED = "http://rdfs.org/ns/void#triples", f"{_OWN}fixedGraph"
STATE, DIGEST, SENT, PROGRESS = (f"{_OWN}{name}" for name in ("state", "digest", "sent", "progress"))
LOADING, COMPLETE = "loading", "complete"


class Entry(NamedTuple):
    """What the catalogue says of one version: `sent` is the digest of the lines on their way, `progress` how far."""

    graph: str
    version: str = ""
    state: str = ""
    digest: str = ""
    triples: int = 0
    sent: str = ""
    progress: int = 0


class Vocabulary(NamedTuple):
    """What the catalogue says of one vocabulary."""

    name: str
    current: str | None
    versions: dict[str, Entry]
    fixed: tuple[str, ...] = ()


def version_graph(vocabulary: str, version: str) -> str:
    """Return the IRI of the graph of a version.

    >>> version_graph("https://e.org/ai/", "1.2 beta")
    'https://e.org/ai/version/1.2%20beta'
    """
    return f"{vocabulary.rstrip('/#')}/version/{quote(version, safe='')}"


def read(store: Store, catalogue: str, vocabulary: str) -> Vocabulary:
    """Return what the catalogue says of a vocabulary.

    Raises `StoreError` for a catalogue that says two versions were current, or has a number that is none.
    """
    heads = store.rows(f"SELECT ?p ?o {{ GRAPH <{catalogue}> {{ <{vocabulary}> ?p ?o }} }}", "read the catalogue", 2)
    current = sorted(terms.iri_text(o) for p, o in heads if p == f"<{CURRENT}>" and o)
    if len(current) > 1:
        reason = f"its catalogue names {len(current)} current versions of {vocabulary}"
        raise StoreError(store.name, "read the catalogue", reason, "remove all but one of them")
    fixed = tuple(sorted(terms.iri_text(o) for p, o in heads if p == f"<{FIXED}>" and o))
    rows = store.rows(
        f"SELECT ?g ?p ?o {{ GRAPH <{catalogue}> {{ ?g <{VERSION_OF}> <{vocabulary}> . ?g ?p ?o }} }}",
        "read the catalogue",
        3,
    )
    told: dict[str, dict[str, str]] = {}
    for graph, predicate, value in rows:
        if graph and predicate and value:
            text = terms.lexical(value) if terms.is_literal(value) else value
            told.setdefault(terms.iri_text(graph), {})[terms.iri_text(predicate)] = text
    try:
        entries = {graph: _entry(graph, said) for graph, said in sorted(told.items())}
    except ValueError as error:
        reason = f"its catalogue has no number where one should be ({error})"
        raise StoreError(store.name, "read the catalogue", reason, "mend that statement of the catalogue") from None
    return Vocabulary(vocabulary, current[0] if current else None, entries, fixed)


def _entry(graph: str, said: dict[str, str]) -> Entry:
    return Entry(
        graph,
        said.get(VERSION, ""),
        said.get(STATE, ""),
        said.get(DIGEST, ""),
        int(said.get(TRIPLES) or 0),
        said.get(SENT, ""),
        int(said.get(PROGRESS) or 0),
    )


def vocabularies(store: Store, catalogue: str) -> list[str]:
    """Return the vocabularies that the catalogue knows."""
    text = f"SELECT DISTINCT ?v {{ GRAPH <{catalogue}> {{ ?g <{VERSION_OF}> ?v }} }}"
    rows = store.rows(text, "read the catalogue", 1)
    return sorted(terms.iri_text(row[0]) for row in rows if row[0])


def begin(store: Store, catalogue: str, vocabulary: str, entry: Entry) -> None:
    """Write down that a version is being loaded, in place of what was said of it."""
    forget(store, catalogue, entry.graph)
    said = values({
        VERSION: entry.version,
        STATE: LOADING,
        DIGEST: entry.digest,
        TRIPLES: str(entry.triples),
        SENT: entry.sent,
        PROGRESS: "0",
    })  # fmt: skip
    text = f"INSERT DATA {{ GRAPH <{catalogue}> {{ <{entry.graph}> <{VERSION_OF}> <{vocabulary}> ; {said} }} }}"
    store.update(text, "write the catalogue")


def advance(store: Store, catalogue: str, graph: str, progress: int) -> None:
    """Write down how many pieces have arrived."""
    store.update(_replaced(catalogue, graph, PROGRESS, str(progress)), "write the catalogue")


def _replaced(catalogue: str, graph: str, name: str, value: str) -> str:
    return (
        f"DELETE {{ GRAPH <{catalogue}> {{ <{graph}> <{name}> ?old }} }} "
        f"INSERT {{ GRAPH <{catalogue}> {{ <{graph}> {values({name: value})} }} }} "
        f"WHERE {{ GRAPH <{catalogue}> {{ <{graph}> <{name}> ?old }} }}"
    )


def switch(store: Store, catalogue: str, vocabulary: str, entry: Entry) -> None:
    """Make a version complete and the current one, in one update, with its size and digest."""
    graph = entry.graph
    said = values({STATE: COMPLETE, DIGEST: entry.digest, TRIPLES: str(entry.triples)})
    # Every variable is bound in every row: Virtuoso leaves out rows that lack one, with no word of it.
    store.update(
        f"DELETE {{ GRAPH <{catalogue}> {{ ?a ?p ?before }} }} "  # noqa: S608 - no SQL, and all IRIs are checked
        f"INSERT {{ GRAPH <{catalogue}> {{ <{vocabulary}> <{CURRENT}> <{graph}> . "
        f"<{graph}> {said} }} }} "
        f"WHERE {{ GRAPH <{catalogue}> {{ ?a ?p ?before }} "
        f"VALUES (?a ?p) {{ (<{graph}> <{STATE}>) (<{graph}> <{DIGEST}>) (<{graph}> <{TRIPLES}>) "
        f"(<{vocabulary}> <{CURRENT}>) }} }}",
        "make it current",
    )


def note_fixed(store: Store, catalogue: str, vocabulary: str, fixed: str) -> None:
    """Write down that a graph is kept like the current version."""
    text = f"INSERT DATA {{ GRAPH <{catalogue}> {{ <{vocabulary}> <{FIXED}> <{fixed}> }} }}"
    store.update(text, "write the catalogue")


def forget(store: Store, catalogue: str, name: str) -> None:
    """Remove what is said of a version, or of a vocabulary whose versions are gone."""
    store.update(f"DELETE WHERE {{ GRAPH <{catalogue}> {{ <{name}> ?p ?o }} }}", "write the catalogue")


def forget_current(store: Store, catalogue: str, vocabulary: str) -> None:
    """Remove what leads readers to a version."""
    text = f"DELETE WHERE {{ GRAPH <{catalogue}> {{ <{vocabulary}> <{CURRENT}> ?o }} }}"
    store.update(text, "write the catalogue")
