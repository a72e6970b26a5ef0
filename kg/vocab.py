"""Namespaces, and the ontology, shapes and context that ship with the package."""

from __future__ import annotations

import os
from collections.abc import Callable

from kg.errors import UnknownName
from kg.iri import Prefixes
from kg.terms import Term

_HERE = os.path.dirname(os.path.abspath(__file__))


class Namespace:
    """A namespace whose attributes are its terms.

    >>> SKOS.prefLabel
    '<http://www.w3.org/2004/02/skos/core#prefLabel>'
    """

    __slots__ = ("__dict__", "base")

    def __init__(self, base: str) -> None:
        self.base = base

    def __getattr__(self, name: str) -> Term:
        if name.startswith("__"):
            raise AttributeError(name)
        term = Term(f"<{self.base}{name}>")
        self.__dict__[name] = term
        return term

    def __contains__(self, term: str) -> bool:
        return term.startswith("<" + self.base)


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")
ISO_THES = Namespace("http://purl.org/iso25964/skos-thes#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
PROV = Namespace("http://www.w3.org/ns/prov#")
OA = Namespace("http://www.w3.org/ns/oa#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
ADMS_STATUS = Namespace("http://purl.org/adms/status/")
VANN = Namespace("http://purl.org/vocab/vann/")
VOID = Namespace("http://rdfs.org/ns/void#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SH = Namespace("http://www.w3.org/ns/shacl#")
KG = Namespace("https://w3id.org/kgexport/ns#")
KG_SHAPES = Namespace("https://w3id.org/kgexport/shapes#")

PREFIXES = Prefixes(
    {
        "adms": ADMS.base,
        "adms-status": ADMS_STATUS.base,
        "dcat": DCAT.base,
        "dcterms": DCTERMS.base,
        "foaf": FOAF.base,
        "iso-thes": ISO_THES.base,
        "kg": KG.base,
        "oa": OA.base,
        "owl": OWL.base,
        "prov": PROV.base,
        "rdf": RDF.base,
        "rdfs": RDFS.base,
        "sh": SH.base,
        "skos": SKOS.base,
        "skosxl": SKOSXL.base,
        "spdx": SPDX.base,
        "vann": VANN.base,
        "void": VOID.base,
        "xsd": XSD.base,
    }
)

#: Where the page's text, its sections and the claims lie; the data are the default graph.
EVIDENCE = KG.evidence

#: The glossary that ships with the package.
SHIPPED = "ai"


def packaged(kind: str) -> str:
    """Return the directory of a packaged kind (`ontology`, `shapes`).

    In an installed wheel it lies inside the package, in a checkout beside it.
    """
    inside = os.path.join(_HERE, kind)
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(_HERE), kind)


def shipped_glossary() -> str:
    """Return the directory of the shipped glossary."""
    return os.path.join(packaged("ontology"), SHIPPED)


def _packaged_file(kind: str, name: str, suffix: str) -> str:
    directory = packaged(kind)
    path = os.path.join(directory, name + suffix)
    if os.path.dirname(os.path.abspath(path)) != directory or not os.path.isfile(path):
        known = [file[: -len(suffix)] for file in os.listdir(directory) if file.endswith(suffix)]
        raise UnknownName(f"packaged {kind} file", name, known)
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def ontology(name: str = "glossary") -> str:
    """Return a packaged ontology as Turtle.

    Raises `UnknownName` when there is none of that name.
    """
    return _packaged_file("ontology", name, ".ttl")


def shapes(name: str, keep: Callable[[str], bool] | None = None) -> str:
    """Return a packaged shapes graph as Turtle: `skos`, `glossary` or `publication`.

    With `keep`, shapes whose code (their local name up to a colon) it denies are left out.

    Raises `UnknownName` when there is none of that name.
    """
    text = _packaged_file("shapes", name, ".ttl")
    if keep is None:
        return text
    # A shape is a block of lines; parts of shapes have names with a capital letter, and stay.
    return "\n\n".join(block for block in text.split("\n\n") if _is_kept(block, keep))


def _is_kept(block: str, keep: Callable[[str], bool]) -> bool:
    code = next((line[10:].split(" ", 1)[0] for line in block.split("\n") if line.startswith("kg-shapes:")), "")
    return not code[:1].islower() or keep(code.partition(":")[0])


def queries() -> str:
    """Return the directory of the stored queries."""
    return os.path.join(packaged("ontology"), "queries")


#: The JSON-LD contexts that ship with the package: the URL each is published under, and its file.
CONTEXTS = {"https://w3id.org/kgexport/context.jsonld": "context"}


def context() -> str:
    """Return the packaged JSON-LD context document."""
    return _packaged_file("ontology", "context", ".jsonld")


def packaged_context(url: str) -> str:
    """Return the JSON-LD context document that is published under a URL.

    Raises `UnknownName` when none of the package is.
    """
    if url not in CONTEXTS:
        raise UnknownName("packaged context", url, CONTEXTS)
    return _packaged_file("ontology", CONTEXTS[url], ".jsonld")


#: The properties of other vocabularies that a claim may use, by prefix; ours are in the ontology.
BORROWED = {
    "rdf": "type",
    "rdfs": "seeAlso comment",
    "skos": "prefLabel altLabel hiddenLabel notation note changeNote definition editorialNote example historyNote "
    "scopeNote semanticRelation broader narrower related broaderTransitive narrowerTransitive inScheme topConceptOf "
    "hasTopConcept member exactMatch closeMatch broadMatch narrowMatch relatedMatch",
    "skosxl": "prefLabel altLabel hiddenLabel literalForm labelRelation",
    "iso-thes": "broaderGeneric broaderInstantial broaderPartitive narrowerGeneric narrowerInstantial "
    "narrowerPartitive",
    "dcterms": "bibliographicCitation contributor created creator date description identifier isReplacedBy issued "
    "language license modified publisher references replaces rights source subject title",
    "foaf": "homepage name nick page",
    "owl": "deprecated sameAs versionInfo",
    "prov": "wasAttributedTo wasDerivedFrom",
    "adms": "status",
}


def borrowed_properties() -> frozenset[str]:
    """Return the terms of `BORROWED`."""
    spaces = PREFIXES.namespaces
    return frozenset(f"<{spaces[prefix]}{name}>" for prefix, names in BORROWED.items() for name in names.split())
