"""The table of dialects: what each store wants, as values.

`verified` says that the tests run against the real store; the others follow their
documentation, replayed by transcripts. `{root}` is the URL of the store without the
ending of an endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from kg.errors import UnknownName
from kg.store.address import with_path, with_query


class Dialect(NamedTuple):
    """What one store wants; see docs/stores.md for the meaning of each column.

    `signs` are patterns that tell it by the headers of an answer, by the URL. `piece` is
    how many triples one request of a load holds, `insert` how many `INSERT DATA` may.
    `atomic` says that a reader never sees half an update; `union` that the default graph
    is all graphs; `altered` names what happens to literals (`kg.store.altered`).
    """

    name: str
    title: str
    query: str
    update: str
    #: the Graph Store Protocol, to which ``?graph=IRI`` is added; empty where there is none
    graph: str
    verified: bool = False
    signs: tuple[tuple[str, str], ...] = ()
    address: str = ""
    endings: tuple[str, ...] = ()
    piece: int = 100_000
    insert: int = 1_000
    graph_media_type: str = "application/n-triples"
    graph_parameter: str = "graph"
    graph_options: str = ""
    #: how an update travels: its own media type, or a form
    update_form: bool = False
    atomic: bool = False
    union: bool = False
    copies: bool = True
    altered: str = "unknown"
    #: wraps a text in the store so that its digest is that of its UTF-8
    digested: str = "{}"
    #: what is hashed of an object that should be an IRI, and cannot be hashed where it is none
    iri_text: str = 'IF(isIRI(?o),CONCAT("< ",STR(?o)),"")'
    #: how many queries of a verification run at once, and how many triples one may look at; 0: one predicate each
    parallel: int = 1
    verify_rows: int = 400_000
    rows: int | None = None
    #: words of the page that tells in HTML of an update that was done; without any, such a page is none
    updated: str = ""
    #: commands of a shell, each with a note or without; how they are filled in says `kg.store.bulk`
    bulk: tuple[str, ...] = ()


BUILT_IN: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            "oxigraph", "Oxigraph", "{root}/query", "{root}/update", "{root}/store",
            verified=True, signs=(("server", r"oxigraph"),), endings=("/query", "/update", "/store"),
            # Each mention of a variable looks its term up again: this one mentions it once.
            iri_text='CONCAT("< ",STR(DATATYPE(STRDT("",?o))))',
            piece=100_000, graph_options="no_transaction", atomic=True, altered="oxigraph", parallel=2,
            verify_rows=700_000, insert=10_000,
            bulk=("oxigraph load --location DB --file {file} --graph {graph}   # with the server stopped",),
        ),
        Dialect(
            "virtuoso", "OpenLink Virtuoso", "{root}/sparql-auth", "{root}/sparql-auth",
            "{root}/sparql-graph-crud-auth",
            verified=True, signs=(("server", r"virtuoso"),),
            endings=("/sparql", "/sparql-auth", "/sparql-graph-crud-auth", "/sparql-graph-crud"),
            piece=20_000, graph_media_type="text/turtle", graph_parameter="graph-uri", union=True,
            altered="virtuoso", digested='REPLACE({},"~~","~~")', verify_rows=0, rows=10_000,
            bulk=(
                # isql reads $ as the beginning of a macro, even within quotes.
                (
                    "isql-vt HOST:1111 dba PASSWORD MACRO_SUBSTITUTION=OFF "
                    "\"exec=ld_dir('{folder}', '{pattern}', '{graph}');\""
                ),
                'isql-vt HOST:1111 dba PASSWORD "exec=rdf_loader_run(); checkpoint;"',
                'isql-vt HOST:1111 dba PASSWORD "exec=SELECT ll_file, ll_state, ll_error FROM DB.DBA.load_list;"',
            ),
        ),
        Dialect(
            "fuseki", "Apache Jena Fuseki", "{root}/query", "{root}/update", "{root}/data",
            signs=(("server", r"fuseki"), ("fuseki-request-id", r".")),
            endings=("/query", "/sparql", "/update", "/data"), insert=10_000,
            bulk=("tdb2.tdbloader --loc DB --graph={graph} {file}   # with the server stopped",),
        ),
        Dialect(
            "graphdb", "GraphDB", "{root}", "{root}/statements", "{root}/rdf-graphs/service",
            signs=(("server", r"graphdb"),), address=r":7200/repositories/",
            endings=("/statements", "/rdf-graphs/service"), union=True, insert=10_000,
        ),
        Dialect(
            "rdf4j", "Eclipse RDF4J", "{root}", "{root}/statements", "{root}/rdf-graphs/service",
            address=r"/rdf4j-server/repositories/", endings=("/statements", "/rdf-graphs/service"), union=True,
            insert=10_000,
        ),
        Dialect(
            "stardog", "Stardog", "{root}/query", "{root}/update", "{root}",
            signs=(("server", r"stardog"), ("sd-response-encoding", r".")), address=r":5820/",
            endings=("/query", "/update"), insert=10_000,
            bulk=("stardog data add --named-graph {graph} DATABASE {file}",),
        ),
        Dialect(
            "neptune", "Amazon Neptune", "{root}/sparql", "{root}/sparql", "{root}/sparql/gsp/",
            address=r"\.neptune\.amazonaws\.com", endings=("/sparql", "/sparql/gsp"), update_form=True, union=True,
            insert=10_000,
            bulk=(
                "aws s3 cp {file} s3://BUCKET/",
                "curl -X POST -H 'Content-Type: application/json' HOST:8182/loader -d @load.json   # names {graph}",
            ),
        ),
        Dialect(
            "blazegraph", "Blazegraph", "{root}", "{root}", "",
            signs=(("server", r"blazegraph"),), address=r"/(?:blazegraph|bigdata)/|/namespace/[^/]+/sparql",
            update_form=True, union=True, updated="COMMIT",
        ),
        Dialect(
            "qlever", "QLever", "{root}", "{root}", "{root}",
            signs=(("server", r"qlever"),), union=True, copies=False,
            bulk=("qlever index   # with {file} in MULTI_INPUT_JSON of the Qleverfile, graph {graph}",),
        ),
        Dialect("generic", "SPARQL 1.1", "{root}", "{root}", ""),
    )
}  # fmt: skip

GENERIC = BUILT_IN["generic"]


class Endpoints(NamedTuple):
    """The URLs of one store."""

    query: str
    update: str
    graph: str


def named(name: str) -> Dialect:
    """Return the dialect of a name.

    Raises `UnknownName` where there is none.
    """
    if name not in BUILT_IN:
        raise UnknownName("dialect", name, BUILT_IN)
    return BUILT_IN[name]


def detect(url: str, headers: Mapping[str, str]) -> Dialect:
    """Tell the dialect by the headers of an answer, else by the URL; `generic` where neither tells.

    >>> detect("http://localhost:7878", {"server": "Oxigraph/0.5.13"}).name
    'oxigraph'
    >>> detect("http://localhost:7200/repositories/ai", {}).name
    'graphdb'
    """
    for dialect in BUILT_IN.values():
        if any(re.search(pattern, headers.get(header, ""), re.IGNORECASE) for header, pattern in dialect.signs):
            return dialect
    for dialect in BUILT_IN.values():
        if dialect.address and re.search(dialect.address, url, re.IGNORECASE):
            return dialect
    return GENERIC


def endpoints(dialect: Dialect, url: str) -> Endpoints:
    """Return the URLs of a store whose root, or one of whose endpoints, is given; each with the query of that URL.

    >>> endpoints(BUILT_IN["oxigraph"], "http://localhost:7878/query").update
    'http://localhost:7878/update'
    """
    given = urlsplit(url).path.rstrip("/")
    ending = next((one for one in sorted(dialect.endings, key=len, reverse=True) if given.endswith(one)), "")
    root = given.removesuffix(ending).rstrip("/")

    def made(template: str) -> str:
        path = template.replace("{root}", root)
        # The URL that was given stays as it is: a server may want the slash at its end.
        return url if path == given else with_path(url, path)

    return Endpoints(made(dialect.query), made(dialect.update), made(dialect.graph) if dialect.graph else "")


def graph_url(dialect: Dialect, endpoint: str, graph: str, options: str = "") -> str:
    """Return the URL of a named graph in the Graph Store Protocol (SPARQL 1.1 GSP, section 4.2)."""
    rest = f"&{options}" if options else ""
    return with_query(endpoint, f"{dialect.graph_parameter}={quote(graph, safe='')}{rest}")
