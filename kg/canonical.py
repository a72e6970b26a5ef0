"""Identity of a set of statements: canonical labels of blank nodes, digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.interop import Quad, quads_of


def nquad(quad: Iterable[str]) -> str:
    """Return a quad of terms as a line of N-Quads, without the line end.

    >>> nquad(("<urn:s>", "<urn:p>", '"x"', ""))
    '<urn:s> <urn:p> "x" .'
    """
    subject, predicate, object_, graph = quad
    return f"{subject} {predicate} {object_} {graph} ." if graph else f"{subject} {predicate} {object_} ."


def relabelled(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads with their blank nodes named as RDFC-1.0 names them.

    The algorithm (W3C RDF Dataset Canonicalization, section 4) can take very long
    on graphs made to hurt; untrusted sources are read in a limited process.
    """
    import pyoxigraph

    lines = "".join(f"{nquad(quad)}\n" for quad in quads).encode()
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(lines, pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    for batch in quads_of(dataset, named=True):
        yield from batch


def digest(quads: Iterable[Quad]) -> str:
    """Return the SHA-256 of the sorted N-Quads, language tags case-folded, in hexadecimal."""
    from hashlib import sha256

    lines = sorted(nquad(_case_folded(quad)) for quad in quads)
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _case_folded(quad: Quad) -> Quad:
    subject, predicate, term, graph = quad
    if term[0] != '"' or term[-1] in '">':
        return quad
    at = term.rindex('"')
    return subject, predicate, term[:at] + term[at:].lower(), graph
