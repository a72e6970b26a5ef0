"""What a set of files says of itself: a DCAT 3 and VoID description, and a list of checksums.

The description (W3C Data Catalog Vocabulary 3, sections 6.6 and 6.8; Describing Linked
Datasets with the VoID Vocabulary) names the dataset, with what its source says of title,
licence and rights, and each file as a distribution of it. Files are named by relative
IRIs: they lie beside the description, wherever both are published. Nothing in it hangs
on the clock or the place.

The checksums are lines of a digest, two spaces and a name, which `sha256sum -c` and
`shasum -a 256 -c` read: the one form of a manifest that is checked without this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg import terms
from kg.dataset import Dataset
from kg.formats import Format, WriteOptions
from kg.statement import Statement
from kg.terms import Term, iri, literal
from kg.vocab import DCAT, DCTERMS, FOAF, KG, OWL, PREFIXES, RDF, RDFS, SKOS, SPDX, VOID, XSD
from kg.write import turtle

#: The file of checksums.
SUMS = "SHA256SUMS"
#: What the name of the description ends in.
ENDING = ".dcat.ttl"

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
#: What is copied from the dataset, or from the scheme where there is no dataset.
_COPIED = (
    DCTERMS.title, DCTERMS.description, DCTERMS.language, DCTERMS.license, DCTERMS.rights, DCTERMS.publisher,
    DCTERMS.creator, DCTERMS.contributor, DCTERMS.created, DCTERMS.issued, DCTERMS.modified, DCTERMS.identifier,
    DCTERMS.bibliographicCitation, OWL.versionInfo, FOAF.primaryTopic, FOAF.homepage,
)  # fmt: skip
_AGENTS = (DCTERMS.publisher, DCTERMS.creator, DCTERMS.contributor)
_NAMES = (DCTERMS.title, RDFS.label, SKOS.prefLabel)


class File(NamedTuple):
    """One file of a set: its name and format, its size in bytes and the SHA-256 of its bytes, in hexadecimal."""

    name: str
    format: Format
    size: int
    digest: str


def describe(dataset: Dataset, name: str, files: Sequence[File]) -> Iterator[bytes]:
    """Write the description of a set as Turtle; `dataset` is what the files hold, `name` what they are called after.

    What it needs is in the data graph: a `dcat:Dataset`, best with a scheme as its
    `foaf:primaryTopic`, or a `skos:ConceptScheme`; without either, the name is the title.
    """
    subject, source = _described(dataset)
    made = Dataset(_copied(dataset, subject, source, name))
    for row in (*_counted(dataset, subject, source), *_distributed(dataset, subject, source, files)):
        made.add(*row)
    return turtle.write(made, WriteOptions())


def sums(files: Sequence[tuple[str, str]]) -> bytes:
    """Return the list of checksums of some names and digests.

    >>> sums([("b.ttl", "02"), ("a.ttl", "01")])
    b'01  a.ttl\\n02  b.ttl\\n'
    """
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files)).encode()


def listed(data: bytes) -> list[str]:
    """Return the names in a list of checksums; a line that is none is passed over.

    >>> listed(sums([("a.ttl", "0" * 64)])), listed(b"# mine\\n")
    (['a.ttl'], [])
    """
    lines = data.decode("utf-8", "replace").split("\n")
    found = (re.fullmatch(r"[0-9a-fA-F]{64} [ *]([^/\\]+)", line) for line in lines)
    return [match[1] for match in found if match]


def _described(dataset: Dataset) -> tuple[Term, Term | None]:
    """Return the name of the dataset, and the resource whose statements describe it, if any does."""
    known = dataset.subjects(RDF.type, DCAT.Dataset)
    about = [subject for subject in known if dataset.value(subject, FOAF.primaryTopic)]
    found = next((subject for subject in (*about, *known) if terms.is_iri(subject)), None)
    if found:
        return found, found
    schemes = filter(terms.is_iri, dataset.subjects(RDF.type, SKOS.ConceptScheme))
    return iri("#dataset"), next(schemes, None)


def _copied(dataset: Dataset, subject: Term, source: Term | None, name: str) -> Iterator[Statement]:
    yield Statement(subject, RDF.type, DCAT.Dataset)
    yield Statement(subject, RDF.type, VOID.Dataset)
    for predicate in _COPIED if source else ():
        for value in dataset.objects(source or "", predicate):
            if not terms.is_blank(value):
                yield Statement(subject, predicate, value)
                yield from _agent(dataset, value) if predicate in _AGENTS else ()
    version = dataset.value(source, OWL.versionInfo) if source else None
    if version:
        yield Statement(subject, DCAT.version, version)
    if source and source != subject:
        yield Statement(subject, FOAF.primaryTopic, source)
    if not source or not dataset.objects(source, DCTERMS.title):
        names = (dataset.objects(source, known) for known in _NAMES) if source else ()
        for title in next(filter(None, names), [literal(name)]):
            yield Statement(subject, DCTERMS.title, title)


def _agent(dataset: Dataset, agent: Term) -> Iterator[Statement]:
    if terms.is_iri(agent):
        for predicate in (RDF.type, FOAF.name, FOAF.homepage):
            yield from (Statement(agent, predicate, value) for value in dataset.objects(agent, predicate))


def _counted(dataset: Dataset, subject: Term, source: Term | None) -> Iterator[Statement]:
    """Say what is in the data: counts, vocabularies whose prefix is known, an example to look at."""
    rows = dataset.rows()
    found = rows.terms
    subjects = [found[number] for number in set(rows.subjects)]
    verbs = {found[number] for number in set(rows.predicates)}
    topic = dataset.value(source, FOAF.primaryTopic) or source if source else None
    space = topic[:-1] if topic and topic[-2] in "/#" else "<"
    classes = {row.object for row in dataset.match(None, RDF.type) if terms.is_iri(row.object)}
    for predicate, count in (
        (VOID.triples, len(rows.subjects)),
        (VOID.distinctSubjects, len(subjects)),
        (VOID.distinctObjects, len(set(rows.objects))),
        (VOID.properties, len(verbs)),
        (VOID.classes, len(classes)),
        (VOID.entities, sum(term.startswith(space) for term in subjects)),
    ):
        yield Statement(subject, predicate, literal(str(count), datatype=terms.iri_text(XSD.integer)))
    names = (PREFIXES.compress(terms.iri_text(term)) for term in (verbs | classes))
    for prefix in {name.partition(":")[0] for name in names if name}:
        yield Statement(subject, VOID.vocabulary, iri(PREFIXES.namespaces[prefix]))
    examples = (dataset.subjects(RDF.type, kind) for kind in (KG.Entry, SKOS.Concept))
    for example in next(filter(None, examples), [])[:1]:
        yield Statement(subject, VOID.exampleResource, example)
    if space != "<":
        yield Statement(subject, VOID.uriSpace, literal(space[1:]))


def _distributed(dataset: Dataset, subject: Term, source: Term | None, files: Sequence[File]) -> Iterator[Statement]:
    terms_of_use = [
        (predicate, value)
        for predicate in (DCTERMS.license, DCTERMS.rights)
        for value in (dataset.objects(source, predicate) if source else ())
        if not terms.is_blank(value)
    ]
    for file in files:
        address, one, checksum = iri(file.name), iri(f"#{file.name}"), iri(f"#{file.name}_sha256")
        yield Statement(subject, DCAT.distribution, one)
        if file.format.iri:
            yield Statement(subject, VOID.dataDump, address)
            yield Statement(one, DCTERMS.format, iri(file.format.iri))
        yield Statement(one, RDF.type, DCAT.Distribution)
        yield Statement(one, DCTERMS.title, literal(file.format.title, "en"))
        yield Statement(one, DCAT.downloadURL, address)
        yield Statement(one, DCAT.mediaType, iri(_MEDIA_TYPES + file.format.media_type))
        size = literal(str(file.size), datatype=terms.iri_text(XSD.nonNegativeInteger))
        yield Statement(one, DCAT.byteSize, size)
        yield from (Statement(one, predicate, value) for predicate, value in terms_of_use)
        yield Statement(one, SPDX.checksum, checksum)
        yield Statement(checksum, RDF.type, SPDX.Checksum)
        yield Statement(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        yield Statement(checksum, SPDX.checksumValue, literal(file.digest, datatype=terms.iri_text(XSD.hexBinary)))
