"""The edges to other RDF libraries: pyoxigraph's parser stream, rdflib both ways.

Nothing here knows the Dataset: quads go by as tuples of four terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg import terms
from kg.terms import Term

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

Quad = tuple[str, str, str, str]

#: What fits into the caches of a processor, with all that is made of it.
_BATCH = 256


def quads_of(stream: Iterable[Any], *, named: bool = False) -> Iterator[list[Quad]]:
    """Yield the quads of a pyoxigraph parser's stream in batches.

    The terms are taken as the text that pyoxigraph's own N-Triples or N-Quads writer
    makes of them, thousands of quads in one call. `named` says that the stream may
    hold named graphs. Errors of the parser pass through.
    """
    import pyoxigraph

    syntax = pyoxigraph.RdfFormat.N_QUADS if named else pyoxigraph.RdfFormat.N_TRIPLES
    split = _split_quad if named else _split_triple
    stream = iter(stream)
    while batch := pyoxigraph.serialize(islice(stream, _BATCH), format=syntax):
        # The last line end is cut off, so that no empty line is left over.
        yield [split(line) for line in batch[:-3].decode().split(" .\n")]


def packaged_quads(turtle: str) -> Iterator[list[Quad]]:
    """Yield the triples of Turtle that ships with the package, as quads in batches."""
    import pyoxigraph

    return quads_of(pyoxigraph.parse(turtle.encode(), pyoxigraph.RdfFormat.TURTLE))


def stored_forms(found: Iterable[Term]) -> dict[Term, str]:
    """Return the form that a store of pyoxigraph gives each typed literal among some terms.

    A store of nothing but these literals shows what it makes of each.

    >>> stored_forms([Term('"01"^^<http://www.w3.org/2001/XMLSchema#integer>'), Term("<urn:a>")])
    {'"01"^^<http://www.w3.org/2001/XMLSchema#integer>': '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    """
    import pyoxigraph

    typed = [term for term in found if term[0] == '"' and term[-1] == ">"]
    store = pyoxigraph.Store()
    lines = "".join(f"<urn:s> <urn:{number}> {term} .\n" for number, term in enumerate(typed))
    store.bulk_load(lines.encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    forms = {int(quad.predicate.value[4:]): str(quad.object) for quad in store}
    return {term: forms[number] for number, term in enumerate(typed)}


def _split_triple(line: str) -> Quad:
    subject, predicate, object_ = line.split(" ", 2)
    return subject, predicate, object_, ""


def _split_quad(line: str) -> Quad:
    subject, predicate, rest = line.split(" ", 2)
    # Only a literal and a triple can hold spaces, and none stands after the last mark of each.
    at = rest.find(" ", max(rest.rfind('"'), rest.rfind(")>>")) + 1)
    return (subject, predicate, rest, "") if at < 0 else (subject, predicate, rest[:at], rest[at + 1 :])


def to_rdflib(statements: Iterable[tuple[Term, Term, Term, Term]]) -> rdflib.Dataset:
    """Make an rdflib Dataset of quads; an empty graph name is the default graph.

    rdflib rewrites literals when it is allowed to, so each is made with
    ``normalize=False``: lexical forms and tags arrive as they are.
    """
    import rdflib

    dataset = rdflib.Dataset()
    made: dict[str, Any] = {}

    def node(term: Term) -> Any:
        if term not in made:
            made[term] = _rdflib_node(term)
        return made[term]

    for subject, predicate, object_, graph in statements:
        target = dataset.graph(node(graph)) if graph else dataset.default_graph
        target.add((node(subject), node(predicate), node(object_)))
    return dataset


def _rdflib_node(term: Term) -> Any:
    import rdflib

    if terms.is_iri(term):
        return rdflib.URIRef(terms.iri_text(term))
    if terms.is_blank(term):
        return rdflib.BNode(term[2:])
    tag, datatype = terms.language(term), terms.datatype(term)
    if tag is not None:
        return rdflib.Literal(terms.lexical(term), lang=tag)
    kind = None if datatype == terms.XSD_STRING else rdflib.URIRef(datatype)
    return rdflib.Literal(terms.lexical(term), datatype=kind, normalize=False)


def to_networkx(statements: Iterable[tuple[Term, Term, Term, Term]]) -> nx.MultiDiGraph:
    """Make a directed graph of the links between resources that are subjects themselves."""
    import networkx as nx

    from kg.vocab import SKOS

    rows = list(statements)
    described = {subject for subject, _, _, _ in rows}
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((_key(subject), {"label": _key(subject)}) for subject in sorted(described))
    for subject, predicate, object_, _ in sorted(rows):
        if predicate == SKOS.prefLabel:
            graph.nodes[_key(subject)]["label"] = terms.lexical(object_)
        elif object_ in described:
            graph.add_edge(_key(subject), _key(object_), key=_key(predicate))
    return graph


def _key(term: Term) -> str:
    return terms.iri_text(term) if terms.is_iri(term) else term


def from_rdflib(graph: rdflib.Graph) -> Iterator[Quad]:
    """Yield the statements of an rdflib Graph or Dataset as quads of terms.

    Raises `ValueError` for what RDF cannot hold, such as a literal as a subject.
    """
    import rdflib

    if not isinstance(graph, rdflib.Dataset):
        for triple in graph:
            yield (*_plain(triple), "")
        return
    for subject, predicate, object_, name in graph.quads((None, None, None, None)):
        unnamed = name is None or name == rdflib.graph.DATASET_DEFAULT_GRAPH_ID
        yield (*_plain((subject, predicate, object_)), "" if unnamed else _plain_term(name))


def _plain(triple: Iterable[Any]) -> tuple[str, str, str]:
    import rdflib

    subject, predicate, object_ = triple
    if isinstance(subject, rdflib.Literal) or not isinstance(predicate, rdflib.URIRef):
        raise ValueError(f"not RDF: {subject!r} {predicate!r} {object_!r}")
    return _plain_term(subject), _plain_term(predicate), _plain_term(object_)


def _plain_term(node: Any) -> Term:
    import rdflib

    if isinstance(node, rdflib.Literal):
        datatype = None if node.datatype is None else str(node.datatype)
        return terms.literal(str(node), node.language, datatype)
    return terms.iri(str(node)) if isinstance(node, rdflib.URIRef) else Term(f"_:{node}")
