"""Which of the sources of a job are pages and which are RDF, and the texts of the latter one by one."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from kg import formats, rule
from kg.errors import SourceError, UnknownName, UsageError
from kg.limits import Limits
from kg.read import archive, sniff
from kg.read import config as configs
from kg.read.config import Config
from kg.read.gate import STDIN, open_file, read_bytes
from kg.report import Location, Report

#: Endings that RDF shares with much else: in a directory, such a file is RDF only when it looks like it.
_SHARED = frozenset(["json", "xml"])
_ZIP = ".zip"


class Sources(NamedTuple):
    """The sources of a job by kind, each in the order given."""

    pages: list[str]
    rdf: list[str]


def told_apart(sources: Iterable[str], told: str | None, limits: Limits, report: Report) -> Sources:
    """Tell pages from RDF: by the declared format, by the name's ending, then by the content.

    A directory with a `glossary.toml` is pages. Any other is what it holds: the RDF files
    in it, its pages, or both, which a finding tells.

    Raises `UsageError` for a format that is only written, or a name and content that tell
    none, and `SourceError` for what cannot be read.
    """
    found = Sources([], [])
    for source in dict.fromkeys(sources):
        if source != STDIN and os.path.isdir(source):
            _directory(source, told, found, report, limits)
        elif _is_page(source, told, limits):
            found.pages.append(source)
        else:
            found.rdf.append(source)
    if len(found.rdf) > limits.max_files:
        raise limits.over("max_files", found.rdf[0])
    return found


def _is_page(source: str, told: str | None, limits: Limits) -> bool:
    if told is not None:
        return formats.for_name(told).pages
    ending = os.path.splitext(source)[1].lower()
    if source != STDIN and ending:
        if ending == _ZIP or sniff.named_format(source) is not None:
            return False
        try:
            named = formats.for_path(source)
        except UnknownName as error:
            # A name that says nothing leaves it to the content, where there is any.
            if os.path.isfile(source) and _holds_rdf(source, limits):
                return False
            raise UsageError(f"{source}: {error}; name its format with --from") from error
        if named.pages:
            return True
        raise UsageError(f"{source}: {named.name} is written, not read; name its format with --from")
    return not _holds_rdf(source, limits)


def _holds_rdf(source: str, limits: Limits) -> bool:
    head = read_bytes(source, limits)[: sniff.HEAD]
    return archive.is_packed(head) or sniff.by_content(head) is not None


def _directory(source: str, told: str | None, found: Sources, report: Report, limits: Limits) -> None:
    if told is not None and formats.for_name(told).pages:
        found.pages.append(source)
        return
    if os.path.isfile(os.path.join(source, configs.FILE)) and told is None:
        found.pages.append(source)
        return
    files = rdf_in(source, limits)
    pages = configs.pages_in(source, Config()) if told is None else []
    if pages and files:
        report.add(rule.finding("rdf.beside-pages", Location(source), pages=len(pages), files=len(files)))
    if told is not None and not files:
        raise SourceError(source, "no RDF file in this directory; check the path")
    found.rdf.extend(files)
    if pages or not files:
        found.pages.append(source)


def rdf_in(directory: str, limits: Limits) -> list[str]:
    """Return the RDF files below a directory, gzipped ones too, in the order of their paths.

    Hidden files and those that start with an underscore are passed over, and links to
    directories are not followed.
    """
    found = []
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in files:
            path = os.path.join(folder, name)
            if not name.startswith((".", "_")) and sniff.named_format(name) and _looks_like_rdf(path, limits):
                found.append(path)
    return sorted(found)


def _looks_like_rdf(path: str, limits: Limits) -> bool:
    if os.path.splitext(path)[1][1:].lower() not in _SHARED:
        return True
    with open_file(path) as file:
        return sniff.by_content(file.read(min(sniff.HEAD, limits.max_bytes))) is not None


class Text(NamedTuple):
    """One text of a source: the path it is shown by, the name that may tell its format, and its bytes.

    Of a plain file there are none: it is opened where it is read.
    """

    path: str
    name: str
    held: bytes | None = None

    def open(self) -> BinaryIO:
        """Open the text for reading.

        Raises `SourceError` when its file can no longer be read.
        """
        return open_file(self.path) if self.held is None else io.BytesIO(self.held)

    def data(self, limits: Limits) -> bytes:
        """Return the bytes; raises what `read_bytes` raises."""
        return read_bytes(self.path, limits) if self.held is None else self.held

    def head(self) -> bytes:
        """Return the first bytes, as many as tell the format."""
        with self.open() as file:
            return file.read(sniff.HEAD)


def texts(path: str, limits: Limits, report: Report | None = None) -> Iterator[Text]:
    """Yield the texts of a source: itself, unpacked where it is gzipped, or each RDF member of a zip archive.

    Raises what `read_bytes` and `kg.read.archive` raise, and `SourceError` for an archive
    without RDF.
    """
    text = Text(path, path, read_bytes(path, limits) if path == STDIN else None)
    head = text.head()
    if not archive.is_packed(head):
        if path.lower().endswith((".gz", _ZIP)):
            raise SourceError(path, "its name says it is an archive, and it is none; rename it, or fetch it again")
        yield text
        return
    data = text.data(limits)
    if head.startswith(archive.GZIP):
        yield Text(path, path, archive.gunzip(data, path, limits))
        return
    read = left = 0
    for name, unpack in archive.members(data, path, limits):
        if sniff.named_format(name) is None:
            left += 1
            continue
        read += 1
        yield Text(f"{path}{archive.MEMBER}{name}", name, unpack())
    if not read:
        raise SourceError(path, "no RDF in this archive: no member's name ends like an RDF file's")
    if left and report is not None:
        report.add(rule.finding("rdf.member-left-out", Location(path), count=left))


def text(path: str, limits: Limits) -> Text | None:
    """Return one text again by the path it was shown by; None when it is no longer there."""
    source = path if os.path.exists(path) or path == STDIN else path.rpartition(archive.MEMBER)[0]
    if source != STDIN and not os.path.isfile(source):
        return None
    return next((found for found in texts(source, limits) if found.path == path), None)
