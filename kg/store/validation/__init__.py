"""Validation in the store: SHACL Core and the rules over the whole graph, as sets, where the data lie.

What others call:

`check(place, choice, shapes=None) -> Report`
    The findings of the rules of a choice, and of a user's own shapes, as `kg.pipeline.check` makes them.
`validate(place, shapes, sources=None) -> list[Result]`
    The results of shapes alone, as `kg.check.shacl.validate` gives them.
`Place(store, graphs)`
    Some graphs of a store of `kg.store.session`, or of an endpoint: `Questions(client, url)`.
`left_out(choice)`
    The codes that are asked for and do not run in a store.
`unrun(choice) -> Report`
    The finding that names these.

Of the store nothing is assumed but SPARQL 1.1 Query. Shapes are read into values (`form`), and
those become queries (`ways`, `conditions`, `shacl`), in which each term is spelt so that it is
nothing but a term. What a store's own alterations make different is named in docs/validate-in-store.md.
"""

from __future__ import annotations

from kg.store.validation.findings import check, left_out, unrun
from kg.store.validation.place import Place, Questions
from kg.store.validation.shacl import validate

__all__ = ["Place", "Questions", "check", "left_out", "unrun", "validate"]
