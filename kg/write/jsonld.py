"""JSON-LD for people and programs (W3C JSON-LD 1.1), in reading order, one node at a time.

Three forms. *Compact* uses the words of a context: ours, or the user's. *Expanded*
uses none. *Framed* is compact with what belongs to a resource inside it: each
resource holds, at its first mention, what has its IRI with a fragment (its labels, its
questions), which is the frame ``{"@embed": "@once"}`` bound to one resource. All
three say the same statements; chains of rdf:first and rdf:rest stay plain nodes, so
that a shared or damaged list is what it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from json.encoder import encode_basestring as quoted

from kg.dataset import Dataset
from kg.errors import UnknownName, Unwritable
from kg.formats import WriteOptions
from kg.statement import DATA
from kg.syntax.jsonld_names import Active, Options
from kg.terms import Term
from kg.vocab import EVIDENCE
from kg.write.compaction import Compaction
from kg.write.nodes import Nodes, layout, tokens
from kg.write.words import words_of

COMPACT, EXPANDED, FRAMED = FORMS = ("compact", "expanded", "framed")

_PIECE = 1 << 16
_GRAPH = quoted("@graph")


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as JSON-LD, other graphs as named graphs inside it; `options.jsonld_form` says how.

    Raises `UnknownName` for another form, `UsageError` for a context that cannot be
    read or by which an IRI of the data would become another, `Unwritable` for what only
    RDF 1.2 has.
    """
    if options.jsonld_form not in FORMS:
        raise UnknownName("form of JSON-LD", options.jsonld_form, FORMS)
    if new := sorted(filter(_only_rdf_12, dataset.terms())):
        reason = "a triple term needs RDF 1.2" if new[0][0] == "<" else "a base direction needs RDF 1.2"
        raise Unwritable("JSON-LD", new[0], reason, len(new))
    named = dataset.labelled()
    graphs = [name for name in named.graphs() if name not in (DATA, EVIDENCE) or (name and options.evidence)]
    if options.jsonld_form == EXPANDED:
        nodes = Nodes(Compaction(Active(Options())), expanded=True)
        return _gathered(_around("[", _parts(nodes, named, graphs, 2), "\n]\n"))
    words = words_of(named, options)
    nodes = Nodes(words.compaction, framed=options.jsonld_form == FRAMED)
    # The context comes first and is known last: it holds the words that were used.
    body = list(_gathered(_parts(nodes, named, graphs, 4)))
    start = f'{{\n  "@context": {layout(tokens(words.head()), 2)},\n  "@graph": ['
    return iter([start.encode(), *body, b"\n  ]\n}\n"])


def _only_rdf_12(term: str) -> bool:
    return term[:2] == "<<" or (term[0] == '"' and term.endswith(("--ltr", "--rtl")))


def _around(start: str, parts: Iterator[str], end: str) -> Iterator[str]:
    yield start
    yield from parts
    yield end


def _parts(nodes: Nodes, dataset: Dataset, graphs: list[Term], indent: int) -> Iterator[str]:
    """Yield the nodes of the data, then each other graph as a node that holds its own."""
    line, comma = f"\n{' ' * indent}", ""
    for text in nodes.texts(dataset, DATA, indent):
        yield f"{comma}{line}{text}"
        comma = ","
    for graph in graphs:
        yield f"{comma}{line}{{{line}  {nodes.words.id}: {nodes.words.name(graph)},{line}  {_GRAPH}: ["
        comma = ""
        for text in nodes.texts(dataset, graph, indent + 4):
            yield f"{comma}{line}    {text}"
            comma = ","
        yield f"{line}  ]{line}}}"


def _gathered(pieces: Iterator[str]) -> Iterator[bytes]:
    """Yield pieces of a size that is worth a write."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
