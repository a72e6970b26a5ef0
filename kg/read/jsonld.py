"""JSON-LD in: the statements of a guarded document, and what of it becomes none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from kg import rule
from kg.errors import SourceError
from kg.interop import Quad, quads_of
from kg.limits import Limits
from kg.read.json_guard import Guarded, refusal
from kg.read.rdfxml import iri_problem, tag_problem
from kg.report import Location, Report
from kg.syntax.json import read
from kg.syntax.jsonld import packaged_contexts, quads
from kg.syntax.jsonld_names import JsonLdError, Options
from kg.text import Source, Span

_BATCH = 2048


def parse(
    data: bytes,
    path: str,
    limits: Limits,  # noqa: ARG001  # the guard kept to them
    base: str | None = None,
    report: Report | None = None,
    options: Options | None = None,
) -> Iterator[list[Quad]]:
    """Yield the statements of a document that `kg.read.json_guard` let through, in batches.

    JSON-LD leaves out what its context gives no meaning: names without an IRI, IRIs that
    are none, base directions. Each is a finding with its first place and its count.
    `options` are for the options of the specification that no command has.

    Raises `SourceError`, with the line, for what is no JSON-LD.
    """
    if report is not None and isinstance(data, Guarded) and data.marked:
        report.add(rule.finding("rdf.byte-order-mark", Location(path, 1, 1)))
    if isinstance(data, Guarded) and data.plain and options is None:
        yield from _plainly(data, path, base)
        return
    contexts = data.contexts if isinstance(data, Guarded) else packaged_contexts()
    wanted = (options or Options())._replace(
        base=base, contexts=contexts, iri_problem=iri_problem, tag_problem=lru_cache(256)(tag_problem)
    )
    found = _Reading(Source(path, data.decode()), wanted).statements(report)
    while batch := list(islice(found, _BATCH)):
        yield batch


def _plainly(data: bytes, path: str, base: str | None) -> Iterator[list[Quad]]:
    import pyoxigraph

    try:
        yield from quads_of(pyoxigraph.parse(data, pyoxigraph.RdfFormat.JSON_LD, base_iri=base), named=True)
    except SyntaxError as error:
        raise SourceError(path, f"not JSON-LD: {error.msg}", error.lineno) from error
    except ValueError as error:
        raise SourceError(path, f"not JSON-LD: {error}") from error


class _Reading:
    def __init__(self, source: Source, options: Options) -> None:
        self.source, self.options = source, options
        self.left: dict[str, tuple[int, Span | None]] = {}
        self.last: Span | None = None

    def statements(self, report: Report | None) -> Iterator[Quad]:
        content, places = read(self.source.text)
        try:
            for quad, _ in quads(content, self.options, places, self.tell, self.visit):
                yield quad
        except JsonLdError as error:
            reason = refusal(error.detail) if error.code == "loading remote context failed" else str(error)
            raise SourceError(self.source.path, f"not JSON-LD: {_line(reason)}", self.line()) from error
        if report is not None:
            for name, (count, span) in self.left.items():
                place = None if span is None else self.source.locate(span)
                report.add(rule.finding("jsonld.left-out", place, what=name, count=count))

    def tell(self, name: str, span: Span | None) -> None:
        count, first = self.left.get(name, (0, span))
        self.left[name] = count + 1, first

    def visit(self, span: Span | None) -> None:
        self.last = span or self.last

    def line(self) -> int | None:
        return None if self.last is None else self.source.position(self.last.start)[0]


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
