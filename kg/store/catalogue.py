"""The catalogue: a graph of the store that says which versions are there and which is current.

A version is one named graph that never changes. What consumers follow is
``?vocabulary dcat:hasCurrentVersion ?graph``, switched in one update. All values are
plain strings, which no store alters.

Each load is a *run* with a name of its own. What it changes of a version it changes in
updates that ask, in the store, whether the version is still its own: of two loads at
once one wins, and the other takes nothing away from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, NoReturn
from urllib.parse import quote

from kg import terms
from kg.errors import StoreError
from kg.query import Row
from kg.store.session import Store, numbers, values
from kg.terms import Term

GRAPH = "urn:kgexport:catalogue"
_DCAT, _OWN = "http://www.w3.org/ns/dcat#", "https://w3id.org/kgexport/store#"
CURRENT, VERSION_OF, VERSION = f"{_DCAT}hasCurrentVersion", f"{_DCAT}isVersionOf", f"{_DCAT}version"
TRIPLES, FIXED = "http://rdfs.org/ns/void#triples", f"{_OWN}fixedGraph"
STATE, DIGEST, SENT, PROGRESS, RUN = (f"{_OWN}{name}" for name in ("state", "digest", "sent", "progress", "run"))
LOADING, COMPLETE, REMOVING = "loading", "complete", "removing"
_READ, _WRITE = "read the catalogue", "write the catalogue"


class Entry(NamedTuple):
    """What the catalogue says of one version.

    `sent` is the digest of the lines on their way, `progress` how far, `run` the name of the load they are sent by.
    """

    graph: str
    version: str = ""
    state: str = ""
    digest: str = ""
    triples: int = 0
    sent: str = ""
    progress: int = 0
    run: str = ""


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


def head(store: Store, catalogue: str, vocabulary: str) -> Vocabulary:
    """Return what the catalogue says of a vocabulary itself, without its versions.

    Raises `StoreError` for a catalogue that says two versions were current.
    """
    rows = store.rows(f"SELECT ?p ?o {{ GRAPH <{catalogue}> {{ <{vocabulary}> ?p ?o }} }}", _READ, 2)
    current = sorted(terms.iri_text(o) for p, o in rows if p == f"<{CURRENT}>" and o)
    if len(current) > 1:
        reason = f"its catalogue names {len(current)} current versions of {vocabulary}"
        raise StoreError(store.name, _READ, reason, "remove all but one of them")
    fixed = tuple(sorted(terms.iri_text(o) for p, o in rows if p == f"<{FIXED}>" and o))
    return Vocabulary(vocabulary, current[0] if current else None, {}, fixed)


def read(store: Store, catalogue: str, vocabulary: str) -> Vocabulary:
    """Return what the catalogue says of a vocabulary and of all its versions.

    Raises `StoreError` for a catalogue that contradicts itself, and for an answer that is not whole.
    """
    pattern = f"{{ GRAPH <{catalogue}> {{ ?g <{VERSION_OF}> <{vocabulary}> . ?g ?p ?o }} }}"
    told: dict[str, list[Row]] = {}
    for graph, *said in _counted(store, "?g ?p ?o", pattern):
        told.setdefault(terms.iri_text(graph or Term("<>")), []).append(tuple(said))
    versions = {graph: _entry(store, graph, rows) for graph, rows in sorted(told.items())}
    return head(store, catalogue, vocabulary)._replace(versions=versions)


def entry(store: Store, catalogue: str, graph: str) -> Entry | None:
    """Return what the catalogue says of one version.

    Raises `StoreError` for a catalogue that contradicts itself, and for an answer that is not whole.
    """
    rows = store.rows(f"SELECT ?p ?o {{ GRAPH <{catalogue}> {{ <{graph}> ?p ?o }} }}", _READ, 2)
    return _entry(store, graph, rows) if rows else None


def _counted(store: Store, names: str, pattern: str) -> list[Row]:
    """Return distinct rows of which the store says the number, too: some cut answers off with no word of it."""
    rows = store.rows(f"SELECT DISTINCT {names} {pattern}", _READ, len(names.split()))
    counting = f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT {names} {pattern} }} }}"
    [count] = numbers(store, store.rows(counting, _READ, 1)[0], _READ)
    if count != len(rows):
        reason = f"it gives {len(rows)} of {count} rows"
        raise StoreError(store.name, _READ, reason, "raise its cap on rows, or unload old versions")
    return rows


def _entry(store: Store, graph: str, rows: Iterable[Row]) -> Entry:
    said: dict[str, str] = {}
    for predicate, value in rows:
        if predicate and value:
            text = terms.lexical(value) if terms.is_literal(value) else value
            if said.setdefault(terms.iri_text(predicate), text) != text:
                _contradicts(store, graph, f"says {predicate} twice")
    for name in (VERSION_OF, VERSION, STATE, DIGEST, TRIPLES, SENT, PROGRESS, RUN):
        if name not in said:
            _contradicts(store, graph, f"lacks <{name}>")
    try:
        triples, progress = int(said[TRIPLES]), int(said[PROGRESS])
    except ValueError as error:
        _contradicts(store, graph, f"has no number where one should be ({error})")
    return Entry(graph, said[VERSION], said[STATE], said[DIGEST], triples, said[SENT], progress, said[RUN])


def _contradicts(store: Store, graph: str, what: str) -> NoReturn:
    reason = f"its catalogue {what}, of <{graph}>, or the answer is not whole"
    raise StoreError(store.name, _READ, reason, "try again; else mend what the catalogue says of that graph")


def vocabularies(store: Store, catalogue: str) -> list[str]:
    """Return the vocabularies that the catalogue knows."""
    rows = _counted(store, "?v", f"{{ GRAPH <{catalogue}> {{ ?g <{VERSION_OF}> ?v }} }}")
    return sorted(terms.iri_text(row[0]) for row in rows if row[0])


# -- what a run changes ------------------------------------------------------------


def begin(store: Store, catalogue: str, vocabulary: str, wanted: Entry, before: Entry | None = None) -> None:
    """Write down that a run loads a version, in place of what another run wrote of it before.

    Raises `StoreError` where it is not the first to do so.
    """
    graph = wanted.graph
    said = values({
        VERSION: wanted.version,
        STATE: LOADING,
        DIGEST: wanted.digest,
        TRIPLES: str(wanted.triples),
        SENT: wanted.sent,
        PROGRESS: str(wanted.progress),
        RUN: wanted.run,
    })  # fmt: skip
    insert = f"INSERT {{ GRAPH <{catalogue}> {{ <{graph}> <{VERSION_OF}> <{vocabulary}> ; {said} }} }}"
    if before is None:
        held = f"{{ SELECT (COUNT(*) AS ?held) WHERE {{ GRAPH <{catalogue}> {{ <{graph}> ?p ?o }} }} }}"
        store.update(f"{insert} WHERE {{ {held} FILTER(?held = 0) }}", _WRITE)
    else:
        own = _own(catalogue, before)
        store.update(f"DELETE {{ GRAPH <{catalogue}> {{ <{graph}> ?p ?o }} }} {insert} WHERE {{ {own} }}", _WRITE)
    check_own(store, catalogue, wanted)


def check_own(store: Store, catalogue: str, wanted: Entry) -> None:
    """Ask whether a version is still in the hands of a run.

    Raises `StoreError` where it is not.
    """
    held = entry(store, catalogue, wanted.graph)
    if held is None:
        reason = "the catalogue does not hold what was written there"
        raise StoreError(store.name, _WRITE, reason, "check the right to write, and --update-url; nothing has changed")
    if held.run != wanted.run:
        reason = f"another load of version {wanted.version} has begun meanwhile, or it is being removed"
        raise StoreError(store.name, _WRITE, reason, "let that end, then give the same command again")


def _own(catalogue: str, held: Entry) -> str:
    """Return the pattern of all that is said of a version, nothing where another run has it."""
    return f"GRAPH <{catalogue}> {{ <{held.graph}> {values({RUN: held.run})} . <{held.graph}> ?p ?o }}"


def advance(store: Store, catalogue: str, held: Entry, progress: int) -> None:
    """Write down how many pieces have arrived.

    Raises `StoreError` where another run has taken the version over.
    """
    graph = held.graph
    store.update(
        f"DELETE {{ GRAPH <{catalogue}> {{ <{graph}> <{PROGRESS}> ?old }} }} "
        f"INSERT {{ GRAPH <{catalogue}> {{ <{graph}> {values({PROGRESS: str(progress)})} }} }} "
        f"WHERE {{ GRAPH <{catalogue}> {{ <{graph}> {values({RUN: held.run})} . <{graph}> <{PROGRESS}> ?old }} }}",
        _WRITE,
    )
    check_own(store, catalogue, held)


def empty(store: Store, catalogue: str, held: Entry) -> None:
    """Remove the statements of a version that is in the hands of a run; of one that is not, none."""
    run = f"GRAPH <{catalogue}> {{ <{held.graph}> {values({RUN: held.run})} }}"
    text = f"DELETE {{ GRAPH <{held.graph}> {{ ?s ?p ?o }} }} WHERE {{ {run} GRAPH <{held.graph}> {{ ?s ?p ?o }} }}"
    store.update(text, "remove")


def switch(store: Store, catalogue: str, vocabulary: str, done: Entry) -> None:
    """Make a version complete and the current one, in one update, with its size and digest, and look whether it is.

    Raises `StoreError` where it is not.
    """
    graph = done.graph
    said = values({STATE: COMPLETE, DIGEST: done.digest, TRIPLES: str(done.triples)})
    before = head(store, catalogue, vocabulary).current
    # Every variable is bound in every row: Virtuoso leaves out rows that lack one, with no word of it.
    store.update(
        f"DELETE {{ GRAPH <{catalogue}> {{ ?a ?p ?before }} }} "  # noqa: S608 - no SQL, and all IRIs are checked
        f"INSERT {{ GRAPH <{catalogue}> {{ <{vocabulary}> <{CURRENT}> <{graph}> . "
        f"<{graph}> {said} }} }} "
        f"WHERE {{ GRAPH <{catalogue}> {{ <{graph}> {values({RUN: done.run})} . ?a ?p ?before }} "
        f"VALUES (?a ?p) {{ (<{graph}> <{STATE}>) (<{graph}> <{DIGEST}>) (<{graph}> <{TRIPLES}>) "
        f"(<{vocabulary}> <{CURRENT}>) }} }}",
        "make it current",
    )
    held, current = entry(store, catalogue, graph), head(store, catalogue, vocabulary).current
    # Who was quicker with another version may have it current by now.
    there = held is not None and (held.run, held.state, held.digest) == (done.run, COMPLETE, done.digest)
    if not there or (current != graph and current in (before, None)):
        reason = f"the catalogue does not say that {graph} is current"
        raise StoreError(store.name, "make it current", reason, "another load may have been quicker; try again")


def claim(store: Store, catalogue: str, held: Entry, run: str) -> Entry | None:
    """Take a version that is not current into the hands of a run that removes it; None where it is current."""
    graph = held.graph
    store.update(
        f"DELETE {{ GRAPH <{catalogue}> {{ <{graph}> <{STATE}> ?state . <{graph}> <{RUN}> ?run }} }} "
        f"INSERT {{ GRAPH <{catalogue}> {{ <{graph}> {values({STATE: REMOVING, RUN: run})} }} }} "
        f"WHERE {{ GRAPH <{catalogue}> {{ <{graph}> <{STATE}> ?state ; <{RUN}> ?run }} "
        f"FILTER NOT EXISTS {{ GRAPH <{catalogue}> {{ ?vocabulary <{CURRENT}> <{graph}> }} }} }}",
        _WRITE,
    )
    found = entry(store, catalogue, graph)
    return found if found and found.run == run else None


def forget(store: Store, catalogue: str, held: Entry) -> None:
    """Remove what is said of a version that is in the hands of a run."""
    store.update(
        f"DELETE {{ GRAPH <{catalogue}> {{ <{held.graph}> ?p ?o }} }} WHERE {{ {_own(catalogue, held)} }}", _WRITE
    )


# -- what is said of a vocabulary --------------------------------------------------


def note_fixed(store: Store, catalogue: str, vocabulary: str, fixed: str) -> None:
    """Write down that a graph is kept like the current version of a vocabulary, and of no other."""
    others = f"GRAPH <{catalogue}> {{ ?other <{FIXED}> <{fixed}> }}"
    store.update(f"DELETE {{ {others} }} WHERE {{ {others} FILTER(?other != <{vocabulary}>) }}", _WRITE)
    store.update(f"INSERT DATA {{ GRAPH <{catalogue}> {{ <{vocabulary}> <{FIXED}> <{fixed}> }} }}", _WRITE)


def owners(store: Store, catalogue: str, graph: str) -> set[str]:
    """Return the vocabularies that a graph belongs to, as a version or as a fixed graph."""
    kinds = f"{{ <{graph}> <{VERSION_OF}> ?v }} UNION {{ ?v <{FIXED}> <{graph}> }}"
    rows = store.rows(f"SELECT DISTINCT ?v {{ GRAPH <{catalogue}> {{ {kinds} }} }}", _READ, 1)
    return {terms.iri_text(row[0]) for row in rows if row[0]}


def forget_vocabulary(store: Store, catalogue: str, vocabulary: str) -> None:
    """Remove what is said of a vocabulary whose versions are gone."""
    store.update(f"DELETE WHERE {{ GRAPH <{catalogue}> {{ <{vocabulary}> ?p ?o }} }}", _WRITE)


def forget_current(store: Store, catalogue: str, vocabulary: str) -> None:
    """Remove what leads readers to a version."""
    store.update(f"DELETE WHERE {{ GRAPH <{catalogue}> {{ <{vocabulary}> <{CURRENT}> ?o }} }}", _WRITE)
