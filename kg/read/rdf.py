"""RDF in, of every syntax: guarded, repaired where that is asked for, parsed; each source known.

A text goes through the guard of its format, which refuses what must not reach a
parser, and through the parser into a Dataset. Where the parser refuses it and that is
asked for, it is repaired and parsed again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from kg import rule
from kg.dataset import Dataset
from kg.errors import KgError, LimitError, SourceError, UsageError
from kg.formats import Format
from kg.interop import Quad
from kg.iri import check_iri
from kg.limits import Limits
from kg.read import sniff, sources
from kg.read.gate import read_bytes
from kg.read.sources import Text
from kg.read.turtle_guard import Guarded
from kg.report import Location, Report
from kg.statement import Origin
from kg.text import Source, Span
from kg.vocab import PREFIXES

#: Stands in where no base is given: what is resolved against it is seen in the terms that come out.
NO_BASE = "kg-no-base://0.invalid/"

#: Prefixes that mean one namespace everywhere.
_WELL_KNOWN = frozenset(["rdf", "rdfs", "owl", "xsd", "skos", "skosxl", "dcterms", "dcat", "foaf", "prov"])
_PIECE = 1 << 16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_LENIENT = ", or read it with --lenient, which tells each repair"
#: What the parser says, and what to do about it.
_REMEDIES = (
    (r"No scheme found|relative IRI", "pass the base of relative IRIs with --base"),
    (r"UTF-8", "save the file as UTF-8"),
    (r"IRI|language|subtag|tag|escape|Unexpected character", f"mend it{_LENIENT}"),
    (r"prefix .* has not been declared", "declare the prefix"),
)
_REMEDY = "mend the line, or name the format with --from"
_PLACE = r"Parser error at line \d+ (?:between )?columns? (\d+)(?: and (?:line \d+ column )?\d+)?: "


class Reading(NamedTuple):
    """How RDF is read: what a job says about it."""

    limits: Limits = Limits()
    base: str | None = None
    lenient: bool = False
    contexts: Mapping[str, str] = {}

    @classmethod
    def of(cls, limits: Limits, base: str | None, *, lenient: bool, contexts: Collection[tuple[str, str]]) -> Reading:
        """Make one of what a job says; `contexts` are pairs of URL and file.

        Raises `UsageError` for a base that is no absolute IRI, and `SourceError` for a
        context file that cannot be read.
        """
        if base is not None and (problem := check_iri(base)):
            raise UsageError(f"--base {base}: {problem}")
        documents = {}
        for url, path in contexts:
            try:
                documents[url] = read_bytes(path, limits).decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise SourceError(path, "not UTF-8; save the file as UTF-8") from error
        return cls(limits, base, lenient, documents)


def read_rdf(paths: Sequence[str], told: Format | None, reading: Reading) -> Dataset:
    """Read RDF files into one Dataset; named graphs keep their names, each statement knows its file.

    `told` is the format of all; without it each tells its own. Blank nodes of two texts
    are never the same. What is wrong with the content, and each repair, is in the
    `report` of the Dataset. Nothing is fetched.

    Raises `SourceError`, with the line, for text that is not of its syntax, and for a
    relative IRI without a base; `LimitError` over a cap.
    """
    whole, report = Dataset(), Report()
    labels: set[str] = set()
    count = 0
    for path in paths:
        for text in sources.texts(path, reading.limits, report):
            count += 1
            if count > reading.limits.max_files:
                raise reading.limits.over("max_files", path)
            format_ = told or _format_of(text, report)
            if format_ is None:
                continue
            part = _Text(text, format_, reading).read()
            renamed = _kept_apart(part, labels, count)
            if len(whole) or renamed:
                whole.merge(part, renamed)
            else:
                report.extend(whole.report)
                whole = part
    whole.report.extend(report)
    return whole


def _format_of(text: Text, report: Report) -> Format | None:
    """Return the format of a text by its name and content; tell where the two disagree."""
    head = text.head()
    told = sniff.tell(text.name, head)
    if told.content == sniff.SPARQL:
        report.add(rule.finding("rdf.sparql", sniff.place(text.path, head, told.content)))
        return None
    if told.format is None:
        raise SourceError(text.path, "neither its name nor its content tells its format; name it with --from")
    if told.named is not None and told.differs:
        place = sniff.place(text.path, head, told.content)
        report.add(rule.finding("rdf.format-differs", place, named=told.named.title, found=told.format.title))
    return told.format


def _kept_apart(part: Dataset, labels: set[str], number: int) -> dict[str, str]:
    """Return new labels for the blank nodes of a text whose labels another text has used; `labels` gets all of them."""
    own = {term for term in part.terms() if term[0] == "_"}
    renamed: dict[str, str] = {}
    for label in sorted(own & labels):
        new = f"{label}.{number}"
        while new in own or new in labels:
            new += "x"
        renamed[label] = new
        labels.add(new)
    labels |= own
    for find in part.finders.values():
        if isinstance(find, Finder):
            find.labels = {new: old for old, new in renamed.items()}
    return renamed


class _Text:
    """One text on its way into a Dataset."""

    def __init__(self, text: Text, format_: Format, reading: Reading) -> None:
        self.text, self.format, self.reading = text, format_, reading
        self.path, self.limits = text.path, reading.limits
        self.base = reading.base or NO_BASE

    def read(self) -> Dataset:
        """Read the text, strictly; where that fails and repair is asked for, repaired."""
        dataset = Dataset()
        try:
            count = self._fill(dataset)
        except LimitError:
            raise
        except SourceError:
            if not (self.reading.lenient and self.format.lenient):
                raise
            dataset = Dataset()
            count = self._fill(dataset, self.prepared(dataset.report))
        if self.format.locate:
            repeated = count - len(dataset)
            dataset.finders[self.path] = Finder(self.path, self.format, self.reading, repeated=repeated)
        return dataset

    def prepared(self, report: Report) -> bytes:
        """Return the bytes that the parser gets: guarded, and repaired where that is asked for."""
        data = self._guarded()
        if self.reading.lenient and (repair := self.format.function("lenient")):
            data = repair(data, self.path, report)
        return data

    def _guarded(self) -> bytes:
        data = self.text.data(self.limits)
        guard = self.format.function("guard")
        guarded: bytes = (
            guard(data, self.path, self.limits, self.reading.contexts) if guard else data.removeprefix(_BOM)
        )
        return guarded

    def _fill(self, dataset: Dataset, repaired: bytes | None = None) -> int:
        """Fill a Dataset, which may hold part of the text when an error is raised.

        Return how many statements were read, those said again included.
        """
        origin, report = Origin(self.path), dataset.report
        head = self.text.head()
        if head.startswith(_UTF16) and not self.format.guard:
            raise SourceError(self.path, "UTF-16, not UTF-8; save the file as UTF-8", 1)
        if head.startswith(_BOM):
            report.add(rule.finding("rdf.byte-order-mark", Location(self.path, 1, 1)))
        with self._errors_told():
            if parse := self.format.function("parse"):
                data = self._guarded() if repaired is None else repaired
                count = dataset.fill(parse(data, self.path, self.limits, self.base, report), origin)
                has_nul, has_quoted = b"\0" in data, b"<<" in data
            else:
                import pyoxigraph

                syntax = pyoxigraph.RdfFormat.from_media_type(self.format.media_type)
                file = self.text.open() if repaired is None else io.BytesIO(repaired)
                with Guarded(file, self.path, self.limits) as guarded:
                    stream = pyoxigraph.parse(io.BufferedReader(guarded, _PIECE), syntax, base_iri=self.base)
                    count = dataset.add_stream(stream, origin, named=self.format.graphs)
                    has_nul, has_quoted = guarded.has_nul, guarded.has_quoted
                self._check_prefixes(stream.prefixes, report)
        if has_nul:
            # Turtle and its kin let it stand in a literal, and the W3C suites have it there: it is read, and told.
            source = self._source()
            at = source.text.find("\0")
            report.add(rule.finding("text.nul", source.locate(Span(at, at + 1)) if at >= 0 else Location(self.path)))
        self._check_terms(dataset, has_quoted=has_quoted)
        return count

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        """Turn what a parser raises into an error that says what is wrong with the text, and where."""
        try:
            yield
        except (KgError, RecursionError):
            raise
        except MemoryError as error:
            # The parser says so of a term, too, that is longer than it bears.
            if "buffer" not in str(error):
                raise
            raise SourceError(self.path, "a term of more than 16 MiB; no longer one is read") from error
        except Exception as error:  # a parser may raise what it likes: the text is what is wrong
            raise refusal(error, self.path, self.format, lenient=self.reading.lenient) from error

    def _bytes(self) -> bytes:
        """Return the bytes of this text, to find the line of what is wrong."""
        return self.text.data(self.limits)

    def _source(self) -> Source:
        """Return the text, to find the place of what is wrong."""
        return Source(self.path, self._bytes().decode("utf-8-sig", "replace"))

    def _line_of(self, pattern: bytes) -> int | None:
        return _line_of(self._bytes(), pattern)

    def _check_prefixes(self, prefixes: Mapping[str, str], report: Report) -> None:
        """Tell prefixes of relative IRIs, and known ones that stand for something else."""
        for name in sorted(prefixes):
            namespace, known = prefixes[name], PREFIXES.namespaces.get(name)
            code = "rdf.prefix-relative" if NO_BASE in namespace else "rdf.prefix-rebound"
            if NO_BASE in namespace or (known not in (None, namespace) and name in _WELL_KNOWN):
                report.add(rule.finding(code, self._declared(name), prefix=name, namespace=namespace))

    def _declared(self, prefix: str) -> Location:
        """Return where a prefix is declared, the last time: that declaration is in force."""
        from kg.syntax.turtle_tokens import items

        source = self._source()
        found = [item for item in items(source.text) if item.lastgroup == "namespace" and item["prefix"] == prefix]
        if not found:
            return Location(self.path)
        return source.locate(Span(found[-1].start("prefix"), found[-1].end("namespace")))

    def _check_terms(self, dataset: Dataset, *, has_quoted: bool) -> None:
        """Refuse a relative IRI that no base was given for, and what only RDF 1.2 has."""
        if self.reading.base is None and any(NO_BASE in term for term in dataset.terms()):
            used = [row for row in dataset if any(NO_BASE in term for term in row)]
            raise SourceError(self.path, self._relative(used[0]), self._first_line(used[:1000]))
        if has_quoted and any(term[:2] == "<<" for term in dataset.terms()):
            line = self._line_of(rb"<<")
            raise SourceError(self.path, "a triple term of RDF 1.2, which is not read here; remove it", line)

    def _relative(self, row: Sequence[str]) -> str:
        term = next(term for term in row if NO_BASE in term)
        shown = term[term.index(NO_BASE) + len(NO_BASE) :].partition(">")[0]
        return f"the relative IRI <{shown}> is used, and nothing says what it is relative to; pass --base"

    def _first_line(self, used: list[Any]) -> int | None:
        if not self.format.locate:
            return None
        found = Finder(self.path, self.format, self.reading).find(self._bytes(), [tuple(row) for row in used])
        return min((place.line for place in found.values() if place.line), default=None)


def refusal(error: Exception, path: str, format_: Format, *, lenient: bool = False) -> SourceError:
    """Return the error that says what a parser found wrong with a text, where, and what to do about it."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    words = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    if not isinstance(error, (SyntaxError, ValueError)):
        words = f"{type(error).__name__}: {words}"
    column = re.match(_PLACE, words)
    words = words[column.end() :] if column else words
    lines = (remedy for pattern, remedy in _REMEDIES if re.search(pattern, words))
    remedy = next(lines, _REMEDY)
    if lenient:
        remedy = remedy.replace(_LENIENT, "")
    place = f" (column {column[1]})" if column else ""
    return SourceError(path, f"not {format_.title}: {words[:300]}{place}; {remedy}", line)


def _line_of(data: bytes, pattern: bytes) -> int | None:
    found = re.search(pattern, data)
    return data.count(b"\n", 0, found.start()) + 1 if found else None


class Finder:
    """Finds statements in the text they were read from, which it reads again when it is asked."""

    __slots__ = ("format", "labels", "path", "reading", "repeated")

    def __init__(self, path: str, format_: Format, reading: Reading, repeated: int = 0) -> None:
        self.path, self.format, self.reading = path, format_, reading
        #: how many statements stand in the text that stand there before
        self.repeated = repeated
        #: the labels of blank nodes in the text, by those they have in the Dataset
        self.labels: Mapping[str, str] = {}

    def __call__(self, statements: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Location]:
        """Return the places of statements, all in one pass; one that cannot be found has none."""
        text = sources.text(self.path, self.reading.limits)
        if text is None:
            return {}
        there: dict[Quad, tuple[str, ...]] = {}
        for quad in statements:
            subject, predicate, object_, graph = (self.labels.get(term, term) for term in quad)
            there[subject, predicate, object_, graph] = quad
        data = text.data(self.reading.limits)
        return {there[quad]: place for quad, place in self.find(data, list(there)).items()}

    def read(self, data: bytes) -> Dataset:
        """Read bytes as the text was read: to see what a changed text would say. Raises what `read_rdf` raises."""
        return _Text(Text(self.path, self.path, data), self.format, self.reading).read()

    @property
    def base(self) -> str:
        """What relative IRIs are resolved against."""
        return self.reading.base or NO_BASE

    def find(self, data: bytes, statements: list[Quad]) -> dict[Quad, Location]:
        """Return the places of statements in a text: as it stands, then as it was prepared for the parser."""
        found: dict[Quad, Location] = {}
        wanted = statements
        for version in self._versions(data):
            found |= self._found(version, wanted)
            wanted = [quad for quad in statements if quad not in found]
            if not wanted:
                break
        return found

    def _versions(self, data: bytes) -> Iterator[bytes]:
        yield data
        text = _Text(Text(self.path, self.path, data), self.format, self.reading)
        prepared = text.prepared(Report())
        if prepared is not data:
            yield prepared

    def _found(self, data: bytes, wanted: list[Quad]) -> dict[Quad, Location]:
        locate = self.format.function("locate")
        try:
            spans: dict[Quad, Span] = locate(data, wanted, self.reading.base or NO_BASE) if locate else {}
            source = Source(self.path, data.decode("utf-8-sig"))
        except (ValueError, LimitError):
            # Only the prepared text can be read by it; that comes next.
            return {}
        return dict(zip(spans, source.locate_all(spans.values()), strict=True))
