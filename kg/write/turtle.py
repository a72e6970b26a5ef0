"""Turtle for people and diffs (W3C RDF 1.1 Turtle): prefixes, reading order, a value a line.

Lexical forms, language tags and IRIs are written exactly; a short form (`12`, `true`)
is used only where it stands for the same literal to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg import terms
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.iri import Prefixes
from kg.statement import DATA
from kg.terms import Term
from kg.vocab import EVIDENCE, RDF, XSD
from kg.write import order

#: Short forms, where every parser keeps the lexical form: rdflib reads a bare `01` as `1`.
_SHORT = {terms.iri_text(XSD.integer): r"0|-?[1-9][0-9]*", terms.iri_text(XSD.boolean): r"true|false"}


def write(dataset: Dataset, options: WriteOptions) -> Iterator[bytes]:
    """Write the data as Turtle, and the evidence behind it where it is asked for."""
    writer = _Writer(order.prefixes(dataset))
    blocks = [writer.block(item) for item in order.resources(dataset, DATA)]
    if options.evidence:
        blocks += [writer.block(item) for item in order.resources(dataset, EVIDENCE)]
    # The prefixes come first and are known last: those that no block uses are left out.
    yield "".join(f"@prefix {name}: <{base}> .\n" for name, base in writer.used()).encode()
    for block in blocks:
        yield f"\n{block}".encode()


class _Writer:
    def __init__(self, prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self.names: dict[Term, str] = {}

    def used(self) -> list[tuple[str, str]]:
        names = {name.partition(":")[0] for name in self.names.values() if name[0] not in '<_"'}
        return sorted((name, base) for name, base in self.prefixes.namespaces.items() if name in names)

    def block(self, resource: order.Resource) -> str:
        subject, properties = resource
        lines = []
        for predicate, values in properties:
            written = [self.term(value) for value in values]
            name = "a" if predicate == RDF.type else self.term(predicate)
            joined = ", ".join(written) if predicate == RDF.type else ",\n        ".join(written)
            lines.append(f"{name} {joined}")
        return f"{self.term(subject)} " + " ;\n    ".join(lines) + " .\n"

    def term(self, term: Term) -> str:
        if terms.is_literal(term):
            return self.literal(term)
        name = self.names.get(term)
        if name is None:
            name = (self.prefixes.compress(terms.iri_text(term)) if terms.is_iri(term) else None) or term
            self.names[term] = name
        return name

    def literal(self, term: Term) -> str:
        end = term.rindex('"') + 1
        body, rest = term[:end], term[end:]
        if "\\n" in body:
            body = _long(terms.lexical(term))
        if not rest or rest[0] == "@":
            return body + rest
        datatype = rest[3:-1]
        if datatype in _SHORT and re.fullmatch(_SHORT[datatype], body[1:-1]):
            return body[1:-1]
        return f"{body}^^{self.term(Term(rest[2:]))}"


def _long(text: str) -> str:
    """Return a text of several lines in the long form; only line feeds stand as they are."""
    lines = (terms.literal(line)[1:-1] for line in text.split("\n"))
    return '"""' + "\n".join(lines) + '"""'
