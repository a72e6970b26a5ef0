"""The formats, as values in one table: everything that asks for a format asks here.

Functions are named by import strings and loaded when first used. Third
parties add a `Format` under the entry-point group ``kg.formats``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from kg.dataset import Dataset

GROUP = "kg.formats"


class WriteOptions(NamedTuple):
    """What a writer may be told; each takes what concerns it."""

    evidence: bool = False
    context_url: str | None = None
    concept: str | None = None
    #: compact, expanded or framed
    jsonld_form: str = "compact"
    #: the text of a JSON-LD context document in place of ours
    context: str | None = None


class Feature(NamedTuple):
    """Something that RDF can say and not every format can hold."""

    name: str
    title: str


#: What formats differ in; whatever is not here, every RDF format holds to the letter.
FEATURES = (
    Feature("graphs", "several named graphs"),
    Feature("controls", "control characters, U+FFFE and U+FFFF in texts"),
    Feature("predicates", "predicates that end in no XML name: `http://example.org/1`"),
    Feature("reserved", "predicates of RDF/XML's own syntax: `rdf:li`, `rdf:about` and their like"),
    Feature("triples", "RDF 1.2: terms that are triples"),
    Feature("directions", "RDF 1.2: texts with a base direction"),
)


class Format(NamedTuple):
    """One format: its names in the world, what it can hold, and who reads and writes it.

    What is `rdf` is read by pyoxigraph or by `parse`, what is `pages` by the page reader;
    the others are only written. `writer` is an import string ``module:function`` or empty.
    The `archive` is the one file of a set that holds everything, evidence included.

    Without `graphs`, named graphs are left out, and told (`export.graph-left-out`). `refuses`
    names the `FEATURES` that the writer refuses before its first byte, naming the term.

    An RDF syntax names three more functions, each of which may be missing:
    `guard(data, path, limits, contexts) -> bytes` refuses what must not reach a parser
    (raising `SourceError` with the line) and returns the bytes to parse;
    `lenient(data, path, report) -> bytes` repairs what a strict parser refuses, each repair
    a finding with its place; `locate(data, statements, base) -> dict[Quad, Span]` finds
    statements in the decoded text, in one pass for all of them.

    `parse(data, path, limits, base) -> Iterator[list[Quad]]` stands in for pyoxigraph where
    pyoxigraph misreads the syntax: it takes the guarded bytes, yields batches of quads and
    raises `SourceError` with the line.
    """

    name: str
    title: str
    media_type: str
    extensions: tuple[str, ...]
    iri: str = ""
    writer: str = ""
    rdf: bool = False
    graphs: bool = False
    pages: bool = False
    archive: bool = False
    guard: str = ""
    lenient: str = ""
    locate: str = ""
    parse: str = ""
    refuses: tuple[str, ...] = ()

    def holds(self, feature: str) -> str:
        """Say what happens to a feature of `FEATURES`: `held`, `left out` (and told) or `refused`.

        >>> for_name("turtle").holds("graphs"), for_name("rdfxml").holds("controls")
        ('left out', 'refused')
        """
        if feature == "graphs" and not self.graphs:
            return "left out"
        return "refused" if feature in self.refuses else "held"

    def function(self, part: str) -> Callable[..., Any] | None:
        """Return one of the functions that a format may name (`guard`, `lenient`, `locate`, `parse`), or None."""
        name: str = getattr(self, part)
        return _imported(name) if name else None

    def write(self, dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
        """Yield the bytes of a Dataset in this format.

        Raises `UsageError` for a format that is only read.
        """
        if not self.writer:
            raise UsageError(f"{self.name} is read, not written")
        function: Callable[[Dataset, WriteOptions], Iterator[bytes]] = _imported(self.writer)
        return function(dataset, options)


_W3C = "http://www.w3.org/ns/formats/"

_TURTLE: dict[str, Any] = {
    "rdf": True,
    "lenient": "kg.syntax.turtle_repair:repaired",
    "locate": "kg.syntax.turtle:locate",
}
_JSON: dict[str, Any] = {
    "rdf": True,
    "guard": "kg.read.json_guard:guard",
    "locate": "kg.syntax.jsonld:locate",
    "parse": "kg.read.jsonld:parse",
}
_XML: dict[str, Any] = {
    "rdf": True,
    "guard": "kg.read.xml_guard:guard",
    "lenient": "kg.read.xml_repair:repaired",
    "locate": "kg.syntax.xml:locate",
    "parse": "kg.read.rdfxml:parse",
}

BUILT_IN: tuple[Format, ...] = (
    Format("turtle", "Turtle", "text/turtle", ("ttl",), _W3C + "Turtle", "kg.write.turtle:write", **_TURTLE),
    Format("jsonld", "JSON-LD", "application/ld+json", ("jsonld", "json"), _W3C + "JSON-LD",
           "kg.write.jsonld:write", graphs=True, refuses=("triples", "directions"), **_JSON),
    Format("rdfxml", "RDF/XML", "application/rdf+xml", ("rdf", "owl", "xml"), _W3C + "RDF_XML",
           "kg.write.rdfxml:write", refuses=tuple(item.name for item in FEATURES[1:]), **_XML),
    Format("ntriples", "N-Triples", "application/n-triples", ("nt",), _W3C + "N-Triples",
           "kg.write.lines:write_ntriples", **_TURTLE),
    Format("nquads", "N-Quads", "application/n-quads", ("nq",), _W3C + "N-Quads",
           "kg.write.lines:write_nquads", graphs=True, archive=True, **_TURTLE),
    Format("trig", "TriG", "application/trig", ("trig",), _W3C + "TriG", "kg.write.trig:write", graphs=True,
           **_TURTLE),
    Format("dot", "Graphviz DOT", "text/vnd.graphviz", ("dot", "gv"), writer="kg.write.drawing.picture:write_dot"),
    Format("svg", "SVG drawing", "image/svg+xml", ("svg",), writer="kg.write.drawing.picture:write_svg"),
    Format("page", "glossary page, plain text", "text/plain", ("txt",), pages=True),
    Format("markdown", "glossary page, Markdown", "text/markdown", ("md", "markdown"), pages=True),
)  # fmt: skip


@cache
def formats() -> dict[str, Format]:
    """Return every format by name: the built-in ones, then those of installed plug-ins.

    Raises `UsageError` when a plug-in takes a name that is taken.
    """
    from importlib.metadata import entry_points

    known = {item.name: item for item in BUILT_IN}
    for point in entry_points(group=GROUP):
        item: Format = point.load()
        if item.name in known:
            raise UsageError(f"the plug-in {point.value} brings a format {item.name!r}, which is there already")
        known[item.name] = item
    return known


def for_name(name: str) -> Format:
    """Return the format of a name; the plug-ins are looked up only when it is not built in.

    Raises `UnknownName` when there is none.
    """
    for item in BUILT_IN:
        if item.name == name:
            return item
    if name not in formats():
        raise UnknownName("format", name, formats())
    return formats()[name]


def for_media_type(media_type: str) -> Format:
    """Return the format of a media type; parameters such as a charset are passed over.

    Raises `UnknownName` when there is none.

    >>> for_media_type("text/turtle; charset=utf-8").name
    'turtle'
    """
    wanted = media_type.partition(";")[0].strip().lower()
    return _first((item for item in formats().values() if item.media_type == wanted), "media type", media_type)


def for_path(path: str) -> Format:
    """Return the format told by a file name's extension.

    Raises `UnknownName` when it tells none.

    >>> for_path("exports/ai.nq").name
    'nquads'
    """
    ending = os.path.splitext(path)[1][1:].lower()
    found = (item for item in BUILT_IN if ending in item.extensions)
    more = (item for item in formats().values() if ending in item.extensions)
    return next(found, None) or _first(more, "file-name extension", ending)


def written() -> list[Format]:
    """Return the formats that can be written."""
    return [item for item in formats().values() if item.writer]


def for_writing(name: str) -> Format:
    """Return the format of a name that is to be written.

    Raises `UnknownName` when none is called so or it is only read.
    """
    for item in BUILT_IN:
        if item.name == name and item.writer:
            return item
    known = {item.name: item for item in written()}
    if name not in known:
        raise UnknownName("format to write", name, known)
    return known[name]


def _first(found: Iterable[Format], kind: str, name: str) -> Format:
    for item in found:
        return item
    known = [item.media_type if kind == "media type" else ending for item in formats().values()
             for ending in item.extensions]  # fmt: skip
    raise UnknownName(kind, name, set(known))


def _imported(name: str) -> Any:
    from importlib import import_module

    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
