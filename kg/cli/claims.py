"""`kg claims`: start the reviewed-claims file of a page, which stores the id of its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.shared import Command, limited, show

if TYPE_CHECKING:
    from kg.report import Report

_EXAMPLES = """\b
Examples:
  kg claims term.txt
  kg claims --id c-sharp c#.md
"""


@click.command("claims", cls=Command, epilog=_EXAMPLES)
@click.argument("page", type=click.Path())
@click.option("--id", "entry", metavar="ID", help="Id of the entry, in place of one made from the file name.")
def claims(page: str, entry: str | None) -> None:
    """Write the claims file of PAGE, beside it: the id of its entry, and the columns to fill.

    The id is stored there, not in the page, so that a new title or file name never
    changes an IRI that others link to. An existing claims file is not touched.

    Exit codes: 0 done, 1 findings, 2 wrong use, 3 the page or the target failed.
    """
    import os

    from kg.errors import UsageError
    from kg.iri import slug
    from kg.pipeline import Job
    from kg.publish import atomic_write
    from kg.read.claim import SUFFIX

    target = os.path.splitext(page)[0] + SUFFIX
    if os.path.exists(target):
        raise UsageError(f"{target} is there already; edit it")
    if entry is not None and slug(entry) != entry:
        raise UsageError(
            f"--id {entry}: an id is small letters and digits with hyphens, such as {slug(entry) or 'a-b'}"
        )
    report, text = limited(Job((page,)), started, page, entry)
    show(report)
    if not text:
        raise click.exceptions.Exit(1)
    atomic_write(target, [text.encode()])
    click.echo(f"wrote {target}", err=True)


def started(page: str, entry: str | None) -> tuple[Report, str]:
    """Return the findings of a page and the text of its new claims file; no text without a title."""
    import os

    from kg.iri import slug
    from kg.limits import Limits
    from kg.read.claim import COLUMNS
    from kg.read.config import PAGES
    from kg.read.gate import read_text
    from kg.read.page import read_page
    from kg.report import Report

    report = Report()
    stem, ending = os.path.splitext(os.path.basename(page))
    source = read_text(page, Limits(), report)
    found = read_page(source, report, markdown=PAGES.get(ending.lower(), False)) if source else None
    if found is None:
        return report, ""
    name = entry or slug(stem) or slug(found.label) or "unnamed"
    lines = [
        f"# Reviewed claims of {os.path.basename(page)}: a row is one claim, with the words of the page it rests on.",
        f"# entry: {name}",
        "\t".join(COLUMNS),
    ]
    return report, "\n".join(lines) + "\n"
