"""`kg convert`: from one syntax to another, as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import Command, contexts_of, limits_of, pour_into, show, utf8_stdout

if TYPE_CHECKING:
    from kg.convert import Order
    from kg.report import Report

#: Long enough for a hundred million statements; the cap on memory is the one that protects.
_TIMEOUT = 3600.0

_EXAMPLES = """\b
Examples:
  kg convert exports/ai.nq --to trig
  kg convert exports/ai.ttl -o ai.nt.gz
"""


@click.command("convert", cls=Command, epilog=_EXAMPLES)
@click.argument("source", metavar="SOURCE")
@click.option("--output", "-o", type=click.Path(), metavar="PATH", help="File to write; packed if it ends in .gz.")
@click.option("--from", "source_format", metavar="FORMAT", help="Format of the source, in place of its name's.")
@click.option("--to", "target_format", metavar="FORMAT", help="Format to write.  [default: from -o]")
@click.option("--base", metavar="IRI", help="Base of relative IRIs.")
@click.option("--context", "contexts", multiple=True, metavar="URL=FILE",
              help="File of a JSON-LD context that the source names; may be given several times.")  # fmt: skip
@click.option("--timeout", type=float, metavar="SECONDS", default=_TIMEOUT, show_default="3600",
              help="Longest time for the job.")  # fmt: skip
@click.option("--max-memory", metavar="SIZE", help="Most memory for the job.  [default: 2GiB]")
@click.option("--max-bytes", metavar="SIZE", help="Most bytes of a JSON-LD or RDF/XML source.  [default: 64MiB]")
@click.option("--max-depth", type=int, metavar="N", help="Deepest nesting of such a source.  [default: 128]")
@click.option("--verbose", "-v", is_flag=True, help="Show findings that are information, too.")
def convert(**given: Any) -> None:
    """Convert RDF from one syntax to another, statement by statement.

    SOURCE is a file, packed with gzip or not, or - for standard input. Nothing is
    checked, sorted or added. Any size takes little memory; only sources in JSON-LD and
    RDF/XML are held whole. JSON-LD comes out expanded.

    Exit codes: 0 done, 2 wrong use, 3 a source or target failed.
    """
    from kg.convert import Order, target

    verbose, output = given.pop("verbose"), given.pop("output")
    limits, contexts = limits_of(given), contexts_of(given)
    name, packed = target(output, given["target_format"])
    order = Order(given["source"], name, given["source_format"], given["base"], packed, contexts, limits)
    show(_to_file(order, output) if output else _to_stdout(order), quiet_info=not verbose)


def _to_file(order: Order, output: str) -> Report:
    from kg.publish import StagedFile
    from kg.worker import run

    with StagedFile(output) as staged:
        return run(write_file, order, staged.path, output, limits=order.limits, name=order.source)


def _to_stdout(order: Order) -> Report:
    """Write to standard output once all is known to be well."""
    import shutil
    import tempfile

    from kg.worker import run

    with tempfile.NamedTemporaryFile(prefix="kg-") as spool:
        report = run(write_file, order, spool.name, spool.name, limits=order.limits, name=order.source)
        shutil.copyfileobj(spool, utf8_stdout())
    return report


def write_file(order: Order, path: str, shown: str) -> Report:
    """Convert into a file that somebody else puts in place; `shown` is its name for messages."""
    from kg.convert import convert as run
    from kg.report import Report

    report = Report()
    pour_into(path, run(order, report), shown)
    return report
