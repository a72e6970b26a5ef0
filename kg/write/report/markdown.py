"""A report in Markdown: for a comment on a change, or the summary of a build. Nothing in it but ours is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.write.report.excerpt import visible
from kg.write.report.shown import Entry, Shown, by_file, counts, help_of, line_and_column

_MARKS = re.compile(r"([\\`*_{}\[\]#|~^$=])")
#: What code hosts make of plain text: somebody is notified, an issue is linked, an address becomes a link.
_LIVE = re.compile(r"@|(?<=[\w/])@|#(?=\d)|(?<=:)//|\bwww(?=\.)|\bGH(?=-\d)", re.IGNORECASE)
_BREAK = "<!-- -->"


def write(shown: Shown) -> Iterator[str]:
    """Yield the report; what a baseline knows is counted, not shown."""
    new = shown.new()
    yield "# Validation report\n\n"
    yield f"**{shown.summary()}**{'' if shown.conforms else ': the check failed'}\n"
    if shown.compared:
        known, gone = len(shown.entries) - len(new), sum(item.times for item in shown.gone)
        yield f"\nOf the baseline, {known} are still there and not shown, {gone} are gone.\n"
    if new:
        yield "\n| findings | code |\n|---:|---|\n"
        for code, number in counts(new).items():
            yield f"| {number} | {_code(code)} |\n"
    for path, entries in by_file(new):
        yield f"\n## {escaped(path) if path else 'The glossary as a whole'}\n\n"
        for entry in entries:
            yield _item(entry)


def _item(entry: Entry) -> str:
    finding = entry.finding
    where = line_and_column(finding.location) if finding.location else ""
    also = "".join(f"; also {escaped(str(place))}" for place in finding.also)
    head = f"**{finding.severity.value}** {_code(finding.code)}" + (f", {where}" if where else "")
    return f"- {head}: {escaped(finding.message)}{also}  \n  Fix: {escaped(finding.remedy)}\n"


def _code(code: str) -> str:
    address = help_of(code)
    target = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "/:#?&=%.-") else _percent(sign) for sign in address
    )
    return f"[{escaped(code)}]({target})" if target else escaped(code)


def _percent(sign: str) -> str:
    """Encode a character that would end an address, or be markup in it."""
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "backslashreplace"))


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line: no markup, no HTML, no link, nobody notified.

    >>> print(escaped("*a* <b> @c"))
    \*a\* &lt;b&gt; @<!-- -->c
    """
    pieces = []
    at = 0
    spelt = visible(text)
    for found in _LIVE.finditer(spelt):
        pieces += [_plain(spelt[at : found.start()]), _plain(found[0]), _BREAK]
        at = found.end()
    return "".join([*pieces, _plain(spelt[at:])])


def _plain(text: str) -> str:
    inert = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", inert)
