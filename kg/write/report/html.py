"""A report as one HTML page: no script, nothing from elsewhere, readable in light and in dark, and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from kg.report import Severity
from kg.write.report.excerpt import Excerpt, visible
from kg.write.report.shown import Entry, Shown, anchor, by_file, counts, help_of, line_and_column, summary

_STYLE = """\
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --page: #fff; --card: #f6f8fa; --line: #d0d7de;
  --link: #0550ae; --violation: #a40e26; --warning: #7d4e00; --info: #0550ae; --mark: #ffe0b2; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --page: #0d1117; --card: #161b22;
  --line: #3d444d; --link: #79c0ff; --violation: #ff9492; --warning: #e3b341; --info: #79c0ff; --mark: #5a3a00; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: 600; padding-bottom: .25rem; }
th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
ol { list-style: none; padding: 0; margin: 0; }
li { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--kind);
  border-radius: .35rem; margin: .6rem 0; padding: .6rem .9rem; }
li p { margin: .2rem 0; }
.violation { --kind: var(--violation); } .warning { --kind: var(--warning); } .info { --kind: var(--info); }
.kind { color: var(--kind); font-weight: 700; }
.soft { color: var(--soft); }
.verdict { font-size: 1.1rem; font-weight: 600; }
pre { margin: .5rem 0; padding: .4rem .6rem; white-space: pre-wrap; background: var(--page); border-radius: .25rem;
  border: 1px solid var(--line); font: .875rem/1.45 ui-monospace, monospace; }
mark { background: var(--mark); color: inherit; border-bottom: 2px solid var(--kind); }
summary { cursor: pointer; font-weight: 600; margin-top: 2rem; }
@media print { li { break-inside: avoid; } }
"""
#: Nothing may be fetched and nothing may run, whatever stands in the page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write(shown: Shown) -> Iterator[str]:
    """Yield the page."""
    new = shown.new()
    title = "Validation report"
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}: {text(summary(new))}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
    )
    yield f"<header>\n<h1>{title}</h1>\n<p class=verdict>{_verdict(shown)}</p>\n"
    yield from _compared(shown)
    yield "</header>\n"
    if new:
        yield from _codes(new)
    yield "<main>\n"
    number = 0
    for severe, group in _grouped(new):
        if not severe:
            yield f"<details>\n<summary>Information ({len(group)})</summary>\n"
        for path, entries in by_file(group):
            number += 1
            yield from _file(path, entries, number, shown)
        if not severe:
            yield "</details>\n"
    yield "</main>\n</body>\n</html>\n"


def _grouped(entries: Sequence[Entry]) -> Iterator[tuple[bool, list[Entry]]]:
    """Yield what has to be acted on, then what is information."""
    ordered = sorted(entries, key=lambda entry: entry.finding.severity is Severity.INFO)
    for info, group in groupby(ordered, lambda entry: entry.finding.severity is Severity.INFO):
        yield not info, list(group)


def _verdict(shown: Shown) -> str:
    words = shown.summary()
    words = words[0].upper() + words[1:]
    if shown.conforms:
        return f"{words}. The check passed."
    return f"{words}. The check failed: there are findings of the severity {shown.fail_on.value} or worse."


def _compared(shown: Shown) -> Iterator[str]:
    if shown.compared:
        known, gone = sum(entry.known for entry in shown.entries), sum(item.times for item in shown.gone)
        yield f"<p class=soft>Of the baseline, {known} are still there and not shown, {gone} are gone.</p>\n"


def _codes(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the table of codes, each with a link to what explains it."""
    yield "<table>\n<caption>Findings by code</caption>\n<thead><tr><th scope=col>Findings</th>"
    yield "<th scope=col>Code</th></tr></thead>\n<tbody>\n"
    for code, number in counts(entries).items():
        yield f"<tr><td class=number>{number}</td><td>{_code(code)}</td></tr>\n"
    yield "</tbody>\n</table>\n"


def _file(path: str, entries: Sequence[Entry], number: int, shown: Shown) -> Iterator[str]:
    name = text(path) if path else "The glossary as a whole"
    yield f'<section aria-labelledby="file-{number}">\n<h2 id="file-{number}">{name}</h2>\n<ol>\n'
    for entry in entries:
        yield from _finding(entry, shown)
    yield "</ol>\n</section>\n"


def _finding(entry: Entry, shown: Shown) -> Iterator[str]:
    finding = entry.finding
    kind = finding.severity.value
    where = line_and_column(finding.location) if finding.location else ""
    place = f" <span class=soft>{where}</span>" if where else ""
    yield f'<li class="{kind}" id="f-{anchor(entry.name)}">\n'
    yield f"<p><span class=kind>{kind}</span> {_code(finding.code)}{place}</p>\n"
    yield f"<p>{text(finding.message)}</p>\n"
    found = shown.excerpts.of(finding.location) if shown.excerpts else None
    if found:
        yield _lines(found)
    for other in finding.also:
        yield f"<p class=soft>also {text(str(other))}</p>\n"
    yield f"<p><strong>Fix:</strong> {text(finding.remedy)}</p>\n</li>\n"


def _lines(found: Excerpt) -> str:
    marked = f"<mark>{escape(found.marked)}</mark>" if found.marked else ""
    more = f"\n<span class=soft>… to line {found.more}</span>" if found.more else ""
    line = f"{escape(found.before)}{marked}{escape(found.after)}"
    return f"<pre><code><span class=soft>{found.line} |</span> {line}{more}</code></pre>\n"


def _code(code: str) -> str:
    address = help_of(code)
    shown = f"<code>{text(code)}</code>"
    return f'<a href="{text(address)}">{shown}</a>' if address else shown


def text(content: str) -> str:
    """Return a text as it stands in HTML, in attributes too."""
    return escape(visible(content), quote=True)
