"""`kg load`: a vocabulary into a SPARQL store, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.receipt import Bulk, print_bulk, print_foretold, print_receipt
from kg.cli.shared import READING, Command, limited, reading_of, show
from kg.cli.target import checked, checked_version, named, store_options, target_of

if TYPE_CHECKING:
    from kg.pipeline import Job
    from kg.report import Report
    from kg.store.load import Order, Receipt
    from kg.store.prepare import Prepared
    from kg.store.session import Store
    from kg.store.stream import Coming

#: Reading takes seconds for a million statements; these are for many of them.
TIMEOUT, MEMORY, BYTES = 3600.0, "8GiB", "4GiB"

_EXAMPLES = """\b
Examples:
  kg load --to store/ --dry-run
  kg load exports/ai.ttl --to store/ --version 1
  kg load exports/ai.ttl --to ai.nq --version 1
"""


@click.command("load", cls=Command, epilog=_EXAMPLES)
@READING
@click.option("--to", "target", required=True, metavar="URL|PATH",
              help="Store: its URL, a directory of pyoxigraph, or a file of N-Quads.")  # fmt: skip
@click.option("--vocabulary", metavar="IRI", help="Name of the vocabulary.  [default: its concept scheme]")
@click.option("--version", metavar="TEXT", help="Name of the version.  [default: what it says, else its digest]")
@click.option("--fixed-graph", metavar="IRI", help="Graph to keep equal to the current version, in one request.")
@click.option("--allow-visible-update", is_flag=True, help="Let readers of the fixed graph see it while it changes.")
@click.option("--take-over", is_flag=True, help="Replace what a fixed graph holds that is not ours.")
@click.option("--diff", is_flag=True, help="Send only what the current version lacks.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, alterations of literals too; change nothing.")
@click.option("--bulk", metavar="DIR", help="Write a file for the store's own bulk loader, and tell its commands.")
@click.option("--adopt", is_flag=True, help="Take a graph that a bulk loader has filled, after verifying it.")
@click.option("--piece", type=click.IntRange(min=1), metavar="N", help="Statements in one request.")
@click.option("--profile", metavar="NAME", help="asserted, full or skos.  [default: full for pages, else as it stands]")
@click.option("--validate/--no-validate", default=None, help="Check first.  [default: pages only]")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@store_options
def load(**given: Any) -> None:
    """Load a vocabulary into a store as a new version, verify it there, and make it current.

    A version is one named graph that never changes. Readers follow the catalogue, or a
    fixed graph. Name and password are in KG_STORE_USER and KG_STORE_PASSWORD.

    Exit codes: 0 done, 1 findings, 2 wrong use, 3 a source or store failed; then readers
    see what they saw before.
    """  # fmt: skip
    from kg.pipeline import Job
    from kg.publish.temporary import scratch

    for name, value in (("timeout", TIMEOUT), ("max_memory", MEMORY), ("max_bytes", BYTES)):
        given[name] = given[name] or value
    job = Job(**reading_of(given), profile=given["profile"] or "")
    order, as_json = order_of(given), given["as_json"]
    with scratch() as folder, target_of(given, writes=not (given["dry_run"] or given["bulk"])) as target:
        kind, path = target.dialect.altered if target else "unknown", f"{folder}/graph.nt"
        if _streams(job, order, given):
            found = _streamed(job, order, target, kind, given["target"], path)
            if found is not None:
                show(found[1])
                print_receipt(found[0], as_json=as_json)
                return
        prepared, report = limited(job, prepared_of, job, kind, given["vocabulary"], given["validate"], path)
        show(report)
        if prepared is None:
            raise click.exceptions.Exit(1)
        order = order._replace(vocabulary=named(order.vocabulary, prepared))
        bulk = _for_bulk(target, prepared, order, given) if given["bulk"] else None
        if given["dry_run"]:
            print_foretold(target, given["target"], prepared, order, bulk, as_json=as_json)
        elif bulk:
            _write_copy(prepared.path, bulk.file)
            print_bulk(bulk, as_json=as_json)
        else:
            print_receipt(_loaded(target, given["target"], prepared, order), as_json=as_json)


def _streams(job: Job, order: Order, given: dict[str, Any]) -> bool:
    """Tell whether the sources may go to the store while they are read: one file, of which nothing else is asked."""
    import os

    simple = len(job.sources) == 1 and os.path.isfile(job.sources[0]) and bool(order.vocabulary and order.version)
    asked = job.profile or job.lenient or any(given[name] for name in ("validate", "dry_run", "bulk", "diff", "adopt"))
    return simple and not asked


def _streamed(
    job: Job, order: Order, target: Store | None, kind: str, to: str, path: str
) -> tuple[Receipt, Report] | None:
    """Load a file while it is read; None where that cannot be done.

    Raises `LimitError` for a file over the cap.
    """
    import os

    from kg import formats
    from kg.store.stream import Coming, OtherWay, digest_of, written
    from kg.worker import run

    source = job.sources[0]
    if os.path.getsize(source) > job.limits.max_bytes:
        raise job.limits.over("max_bytes", source)
    told = formats.for_name(job.source_format) if job.source_format else None
    words = (source, told, job.base, kind, path, job.limits.max_bytes)
    coming = Coming(path, lambda: run(written, *words, limits=job.limits, name=source))
    try:
        coming.digest = digest_of(source, told, job.base)
        return _loaded(target, to, coming, order), coming.wait()[1]
    except OtherWay:
        # The other way tells pages, archives and faults apart.
        return None
    finally:
        coming.end()


def order_of(given: dict[str, Any]) -> Order:
    """Return what is to be loaded where.

    Raises `UsageError` for a name that is no IRI, or for a version that is no text.
    """
    from kg.store.load import Order

    for name in ("vocabulary", "fixed_graph", "catalogue"):
        checked(given.get(name))
    return Order(
        given["vocabulary"] or "",
        checked_version(given["version"]),
        given["fixed_graph"],
        given["allow_visible_update"],
        given["take_over"],
        given["diff"],
        given["piece"],
        given["adopt"],
        given["catalogue"],
    )


def prepared_of(
    job: Job, kind: str, base: str | None, validate: bool | None, path: str
) -> tuple[Prepared | None, Report]:
    """Read the sources of a job and make their data ready for a kind of store, in a file."""
    from kg import pipeline, profile
    from kg.report import Report
    from kg.rule import finding
    from kg.store.prepare import prepare

    dataset = pipeline.read(job, evidence=False)
    pages = bool(dataset.texts)
    checks = pages if validate is None else validate
    report = pipeline.check(dataset) if checks else Report(dataset.report)
    if not report.conforms(job.fail_on):
        return None, report
    chosen = job.profile or (profile.FULL if pages else "")
    shown = profile.apply(dataset, chosen) if chosen else dataset
    prepared = prepare(shown, kind, base, path)
    for graph, count in prepared.left_out.items():
        report.add(finding("export.graph-left-out", format="A version graph", graph=graph, count=count))
    return prepared, report


def _loaded(target: Store | None, path: str, prepared: Prepared | Coming, order: Order) -> Receipt:
    """Load what is prepared into a store, or into a file of N-Quads where the target is none."""
    import sys

    from kg.store.load import load as run
    from kg.store.load import progress

    if target is None:
        from kg.cli.nquads import into_file

        return into_file(path, prepared, order)
    if not sys.stderr.isatty():
        return run(target, prepared, order)
    receipt = run(target, prepared, order, progress(lambda line: click.echo(f"\r\x1b[K{line}", err=True, nl=False)))
    click.echo("\r\x1b[K", err=True, nl=False)
    return receipt


def _for_bulk(target: Store | None, prepared: Prepared | Coming, order: Order, given: dict[str, Any]) -> Bulk:
    """Return the path of the file for a bulk loader, and its commands.

    Raises `UsageError` for a store without one.
    """
    import os

    from kg.store.bulk import commands, file_name
    from kg.store.dialect import GENERIC

    path = os.path.join(given["bulk"], file_name(prepared))
    return Bulk(path, commands(prepared, order, target.dialect if target else GENERIC, path, given["target"]))


def _write_copy(source: str, path: str) -> None:
    import os
    import shutil

    from kg.publish import StagedFile

    os.makedirs(os.path.dirname(path), exist_ok=True)
    with StagedFile(path) as staged:
        shutil.copyfile(source, staged.path)
