"""What `kg load` says: a receipt, what it would do, the commands of a bulk loader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kg.cli.shared import visible

if TYPE_CHECKING:
    from kg.store.load import Order, Receipt
    from kg.store.prepare import Alteration, Prepared
    from kg.store.session import Store
    from kg.store.stream import Coming

_SHOWN = 20


def print_receipt(receipt: Receipt, *, as_json: bool) -> None:
    """Print what a load came to."""
    if as_json:
        _print_json(receipt._asdict())
        return
    click.echo(visible(f"{receipt.state}: version {receipt.version} of {receipt.vocabulary}"))
    click.echo(visible(f"  in {receipt.store} ({receipt.dialect}), graph <{receipt.graph}>"))
    click.echo(f"  {receipt.triples} statements verified, {receipt.sent} sent; digest {receipt.digest}")
    if receipt.fixed:
        click.echo(f"  <{receipt.fixed}> is equal to it, verified")
    for line in alterations(receipt.altered):
        click.echo(f"  {line}")


def print_foretold(
    target: Store | None, path: str, prepared: Prepared | Coming, order: Order, bulk: Bulk | None, *, as_json: bool
) -> None:
    """Print what a load would do, into a store or, where the target is none, into a file of N-Quads.

    Raises as the load does for what it would refuse before it sends anything.
    """
    if target is None:
        from kg.store.file import merged

        receipt, _ = merged(path, prepared, order)
        lines = [f"would write {path}: version {receipt.version} of {receipt.vocabulary}, {receipt.state}"]
    else:
        from kg.store.load import foretold

        lines = list(foretold(target, prepared, order))
        receipt = _expected(target, prepared, order)
    if as_json:
        _print_json({"dry_run": True, **receipt._asdict(), **(bulk._asdict() if bulk else {})})
        return
    if bulk:
        lines.append(f"would write {bulk.file}, and print the commands of the store's own bulk loader")
    for line in lines:
        click.echo(visible(line))


def _expected(target: Store, prepared: Prepared | Coming, order: Order) -> Receipt:
    """Return the receipt of a load to come, with all statements sent that may have to be."""
    from kg.store import sums
    from kg.store.catalogue import COMPLETE
    from kg.store.load import Receipt, found

    known, version, graph, entry = found(target, prepared, order)
    complete = entry is not None and entry.state == COMPLETE
    state = "loaded" if not complete else "there already" if known.current == graph else "made current"
    return Receipt(
        target.name, target.dialect.name, order.vocabulary, graph, version, sums.total(prepared.sums),
        sums.digest_of(prepared.sums), 0 if complete else prepared.lines, state, prepared.altered, order.fixed,
    )  # fmt: skip


class Bulk(NamedTuple):
    """What a bulk loader is given: the file, and the commands."""

    file: str
    commands: list[str]


def print_bulk(bulk: Bulk, *, as_json: bool) -> None:
    """Print the commands of a bulk loader."""
    if as_json:
        _print_json(bulk._asdict())
        return
    for line in bulk.commands:
        click.echo(line)


def _print_json(fields: dict[str, Any]) -> None:
    import json

    altered = {"altered": [alteration._asdict() for alteration in fields["altered"]]} if "altered" in fields else {}
    click.echo(json.dumps({**fields, **altered}, ensure_ascii=False, indent=2))


def alterations(altered: Sequence[Alteration]) -> Iterator[str]:
    """Yield what a store alters, in lines."""
    for alteration in altered[:_SHOWN]:
        words = "merged into" if alteration.what == "merged" else "kept as"
        written, kept = visible(alteration.written), visible(alteration.kept)
        yield f"{alteration.what} {written} is {words} {kept} ({alteration.uses})"
    if len(altered) > _SHOWN:
        yield f"and {len(altered) - _SHOWN} more alterations (--json lists all)"
