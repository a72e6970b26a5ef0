"""Reports: what a check found, in a form for people or for a program.

A report is a value in a table, which names the function that writes it; the names of
the table are those of `kg validate --report`. Each writer takes `Shown` and yields
text; equal findings give equal bytes. docs/reports.md describes each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kg.errors import UnknownName
from kg.write.report.shown import Shown


class Kind(NamedTuple):
    """One kind of report; `info` tells whether it holds findings that are information without being asked.

    What holds `fixes` shows with each finding what would mend it, where that is asked for.
    """

    title: str
    extension: str
    writer: str
    info: bool
    fixes: bool = False


REPORTS: Mapping[str, Kind] = {
    "text": Kind("text for people", "txt", "kg.write.report.text:write", info=False),
    "json": Kind("JSON", "json", "kg.write.report.json:write", info=True, fixes=True),
    "sarif": Kind("SARIF 2.1.0", "sarif", "kg.write.report.sarif:write", info=True, fixes=True),
    "github": Kind("annotations of GitHub Actions", "txt", "kg.write.report.github:write", info=False),
    "junit": Kind("JUnit XML", "xml", "kg.write.report.junit:write", info=True),
    "shacl": Kind("SHACL validation report, Turtle", "ttl", "kg.write.report.shacl:write", info=True),
    "markdown": Kind("Markdown", "md", "kg.write.report.markdown:write", info=False),
    "html": Kind("HTML page", "html", "kg.write.report.html:write", info=True),
}


def write(name: str, shown: Shown) -> Iterator[bytes]:
    """Yield a report in one of the forms of `REPORTS`, in UTF-8.

    Raises `UnknownName` for a name that is not there.
    """
    from importlib import import_module

    kind = REPORTS.get(name)
    if kind is None:
        raise UnknownName("report", name, REPORTS)
    if not kind.info:
        shown = shown.without_info()
    module, _, function = kind.writer.partition(":")
    writer: Callable[[Shown], Iterator[str]] = getattr(import_module(module), function)
    for piece in writer(shown):
        yield piece.encode("utf-8", "backslashreplace")
