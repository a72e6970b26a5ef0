"""`kg load`: a vocabulary into a SPARQL store, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import AUTH_FILE, READING, Command, limited, reading_of, show

if TYPE_CHECKING:
    from kg.pipeline import Job
    from kg.report import Report
    from kg.store.load import Order, Receipt
    from kg.store.prepare import Prepared
    from kg.store.protocol import Auth
    from kg.store.session import Store
    from kg.store.stream import Coming

#: `kg.store.catalogue.GRAPH`, which would take time to import for the help.
_CATALOGUE = "urn:kgexport:catalogue"
#: Reading takes seconds for a million statements; these are for many of them.
TIMEOUT, MEMORY, BYTES = 3600.0, "8GiB", "4GiB"

#: Endings of files that are targets; any other path is a directory of pyoxigraph.
FILES = (".nq", ".nquads")

_EXAMPLES = """\b
Examples:
  kg load --to store/ --dry-run
  kg load exports/ai.ttl --to store/ --version 1
  kg load exports/ai.ttl --to ai.nq --version 1
"""


def store_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command about a store has."""
    for option in (
        click.option("--catalogue", metavar="IRI", default=_CATALOGUE, show_default=True,
                     help="Graph of the catalogue."),
        click.option("--request-timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", default=60.0,
                     show_default=True, help="Longest time for one request; changes of whole graphs may take more."),
        AUTH_FILE,
        click.option("--update-url", metavar="URL", help="Endpoint of updates, where the dialect does not tell it."),
        click.option("--dialect", metavar="NAME", help="Kind of the store, where it does not tell it itself."),
    ):  # fmt: skip
        function = option(function)
    return function


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
    with scratch() as folder, target_of(given) as target:
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
        if given["bulk"]:
            _for_bulk(target, prepared, order, given)
        elif given["dry_run"]:
            _foretell(target, prepared, order, given["target"])
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
    """Load a file while it is read; None where that cannot be done."""
    from kg import formats
    from kg.store.stream import Coming, OtherWay, digest_of, written
    from kg.worker import run

    source = job.sources[0]
    told = formats.for_name(job.source_format) if job.source_format else None
    coming = Coming(path, lambda: run(written, source, told, job.base, kind, path, limits=job.limits, name=source))
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

    Raises `UsageError` for a name that is no IRI.
    """
    from kg.store.load import Order

    for name in ("vocabulary", "fixed_graph", "catalogue"):
        checked(given.get(name))
    return Order(
        given["vocabulary"] or "",
        given["version"],
        given["fixed_graph"],
        given["allow_visible_update"],
        given["take_over"],
        given["diff"],
        given["piece"],
        given["adopt"],
        given["catalogue"],
    )


def checked(iri: str | None) -> str | None:
    """Return an IRI that may stand in a query.

    Raises `UsageError` for what is none.
    """
    from kg.errors import UsageError
    from kg.iri import check_iri

    if iri is not None and (wrong := check_iri(iri)):
        raise UsageError(f"{iri!r} is no IRI: {wrong}")
    return iri


@contextmanager
def target_of(given: dict[str, Any]) -> Iterator[Store | None]:
    """Open the store that a command is about; None for a file of N-Quads.

    Raises `StoreError` for a path where nothing is, unless the command is a load.
    """
    import os

    from kg.errors import StoreError
    from kg.store import auth
    from kg.store.session import connect

    url, loads = given["target"], "dry_run" in given
    if "://" not in url and not loads and not os.path.exists(url):
        raise StoreError(url, "open", "nothing is there", "check the path; kg load makes a store")
    if "://" not in url and url.endswith(FILES):
        yield None
        return

    def found() -> Auth | None:
        return auth.found(url, given["auth_file"])

    if "://" in url and (warning := auth.unprotected(url, found())):
        click.echo(f"warning: {warning}", err=True)
    makes = loads and not given["dry_run"]
    store = connect(url, given["dialect"], found, given["request_timeout"], update_url=given["update_url"], makes=makes)
    try:
        yield store
    finally:
        store.close()


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


def opened(target: Store | None) -> Store:
    """Return a store, where a command needs one.

    Raises `UsageError` for a file.
    """
    from kg.errors import UsageError

    if target is None:
        raise UsageError("a file of N-Quads is no store for this: it was verified when it was written, and stays whole")
    return target


def named(vocabulary: str, prepared: Prepared | Coming) -> str:
    """Return the name of the vocabulary: what was told, else its one concept scheme."""
    from kg.errors import UsageError

    if not (vocabulary or prepared.scheme):
        raise UsageError("the sources do not hold just one concept scheme that could name them; use --vocabulary IRI")
    return vocabulary or str(checked(prepared.scheme))


def _loaded(target: Store | None, path: str, prepared: Prepared | Coming, order: Order) -> Receipt:
    """Load what is prepared into a store, or into a file of N-Quads where the target is none."""
    import sys

    from kg.store.load import load as run
    from kg.store.load import progress

    if target is None:
        return _into_file(path, prepared, order)
    if not sys.stderr.isatty():
        return run(target, prepared, order)
    receipt = run(target, prepared, order, progress(lambda line: click.echo(f"\r\x1b[K{line}", err=True, nl=False)))
    click.echo("\r\x1b[K", err=True, nl=False)
    return receipt


def _into_file(path: str, prepared: Prepared | Coming, order: Order) -> Receipt:
    """Write a new file of N-Quads, verify it, and put it in place of the old one."""
    from kg.cli.shared import pour_into
    from kg.errors import TargetError
    from kg.publish import StagedFile
    from kg.store.file import differences, merged

    receipt, chunks = merged(path, prepared, order)
    if chunks is not None:
        with StagedFile(path) as staged:
            pour_into(staged.path, chunks, path)
            if differences(staged.path, receipt.graph, prepared.sums):
                raise TargetError(path, "what was written is not what is on the disk; nothing has changed")
    return receipt


def _for_bulk(target: Store | None, prepared: Prepared | Coming, order: Order, given: dict[str, Any]) -> None:
    """Write the file for a bulk loader and print its commands."""
    import os
    import shutil

    from kg.publish import StagedFile
    from kg.store.bulk import commands, file_name
    from kg.store.dialect import GENERIC

    path = os.path.join(given["bulk"], file_name(prepared))
    lines = commands(prepared, order, target.dialect if target else GENERIC, path, given["target"])
    os.makedirs(given["bulk"], exist_ok=True)
    with StagedFile(path) as staged:
        shutil.copyfile(prepared.path, staged.path)
    for line in lines:
        click.echo(line)


def _foretell(target: Store | None, prepared: Prepared | Coming, order: Order, path: str) -> None:
    from kg.cli.shared import visible
    from kg.store.load import foretold

    if target is None:
        from kg.store.file import merged

        receipt, _ = merged(path, prepared, order)
        words = f"would write {path}: version {receipt.version} of {receipt.vocabulary}, {receipt.state}"
        click.echo(visible(words))
        return
    for line in foretold(target, prepared, order):
        click.echo(visible(line))


def print_receipt(receipt: Receipt, *, as_json: bool) -> None:
    """Print what a load came to."""
    if as_json:
        import json

        fields = receipt._asdict()
        fields["altered"] = [alteration._asdict() for alteration in receipt.altered]
        click.echo(json.dumps(fields, ensure_ascii=False, indent=2))
        return
    from kg.cli.shared import visible

    click.echo(visible(f"{receipt.state}: version {receipt.version} of {receipt.vocabulary}"))
    click.echo(f"  in {receipt.store} ({receipt.dialect}), graph <{receipt.graph}>")
    click.echo(f"  {receipt.triples} statements verified, {receipt.sent} sent; digest {receipt.digest}")
    if receipt.fixed:
        click.echo(f"  <{receipt.fixed}> is equal to it, verified")
    for line in alterations(receipt.altered):
        click.echo(f"  {line}")


def alterations(altered: Any, most: int = 20) -> Iterator[str]:
    """Yield what a store alters, in lines."""
    from kg.cli.shared import visible

    for alteration in altered[:most]:
        words = "merged into" if alteration.what == "merged" else "kept as"
        written, kept = visible(alteration.written), visible(alteration.kept)
        yield f"{alteration.what} {written} is {words} {kept} ({alteration.uses})"
    if len(altered) > most:
        yield f"and {len(altered) - most} more alterations (--json lists all)"
