"""Answers of queries: a table to read, CSV, TSV, JSON and XML as SPARQL 1.1 defines them, and graphs as Turtle.

Rows go by once, so an answer of any size takes little memory. Terms are written as they
are; only CSV, by its definition, tells an IRI from a text no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from kg import terms
from kg.errors import KgError, Unwritable, UsageError
from kg.query import Answer, Row, plain
from kg.terms import Term
from kg.text import visible

_ROWS = 1024
_RESULTS = "http://www.w3.org/2005/sparql-results#"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})


def write(answer: Answer, form: str) -> Iterator[bytes]:
    """Write an answer in one of `FORMS`.

    Raises `UsageError` for rows in a form that holds graphs only, `Unwritable` for a term
    that the form cannot hold.
    """
    for piece in FORMS[form](answer):
        yield piece.encode()


def _table(answer: Answer) -> Iterator[str]:
    if answer.truth is not None:
        yield f"{'yes' if answer.truth else 'no'}\n"
        return
    columns = list(answer.columns)
    widths: list[int] = []
    count = 0
    for batch in chain(_batches(answer), [[]]):
        rows = [[visible(plain(term) if term else "") for term in row] for row in batch]
        count += len(rows)
        if not widths:
            # The widths are those of the first rows: an answer may be longer than the memory.
            widths = [max(len(row[place]) for row in (columns, *rows)) for place in range(len(columns))]
            rows[:0] = [columns, ["-" * width for width in widths]]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
    yield f"({count} row{'' if count == 1 else 's'})\n"


def _csv(answer: Answer) -> Iterator[str]:
    import csv
    import io

    if answer.truth is not None:
        yield f"{str(answer.truth).lower()}\r\n"
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(answer.columns)
    for batch in _batches(answer):
        writer.writerows([_inert(plain(term)) if term else "" for term in row] for row in batch)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before what begins like one."""
    number = cell[1:].replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not number else cell


def _tsv(answer: Answer) -> Iterator[str]:
    if answer.truth is not None:
        yield f"{str(answer.truth).lower()}\n"
        return
    yield "\t".join(f"?{name}" for name in answer.columns) + "\n"
    for batch in _batches(answer):
        yield "".join(["\t".join(term or "" for term in row) + "\n" for row in batch])


def _json(answer: Answer) -> Iterator[str]:
    import json

    if answer.truth is not None:
        yield json.dumps({"head": {}, "boolean": answer.truth}) + "\n"
        return
    columns = answer.columns
    yield f'{{"head": {{"vars": {json.dumps(columns, ensure_ascii=False)}}}, "results": {{"bindings": ['
    between = "\n"
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for row in answer:
        values = {name: _value(term) for name, term in zip(columns, row, strict=True) if term is not None}
        yield f"{between}{encode(values)}"
        between = ",\n"
    yield "\n]}}\n"


def _value(term: Term) -> dict[str, str]:
    if terms.is_literal(term):
        made = {"type": "literal", "value": terms.lexical(term)}
        if tag := terms.language(term):
            return {**made, "xml:lang": tag}
        kind = terms.datatype(term)
        return made if kind == terms.XSD_STRING else {**made, "datatype": kind}
    return {"type": "uri", "value": plain(term)} if terms.is_iri(term) else {"type": "bnode", "value": term[2:]}


def _xml(answer: Answer) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="{_RESULTS}">\n<head>'
    names = [name.translate(_XML) for name in answer.columns]
    yield "".join(f'<variable name="{name}"/>' for name in names) + "</head>\n"
    if answer.truth is not None:
        yield f"<boolean>{str(answer.truth).lower()}</boolean>\n</sparql>\n"
        return
    heads = [f'<binding name="{name}">' for name in names]
    yield "<results>\n"
    for row in answer:
        cells = [f"{head}{_element(term)}</binding>" for head, term in zip(heads, row, strict=True) if term]
        yield f"<result>{''.join(cells)}</result>\n"
    yield "</results>\n</sparql>\n"


def _element(term: Term) -> str:
    text = plain(term)
    if _NO_XML.search(text):
        raise Unwritable("SPARQL results in XML", visible(term), "it holds a sign that XML has not")
    written = text.translate(_XML)
    if terms.is_literal(term):
        if tag := terms.language(term):
            return f'<literal xml:lang="{tag.translate(_XML)}">{written}</literal>'
        kind = terms.datatype(term)
        of_kind = "" if kind == terms.XSD_STRING else f' datatype="{kind.translate(_XML)}"'
        return f"<literal{of_kind}>{written}</literal>"
    return f"<uri>{written}</uri>" if terms.is_iri(term) else f"<bnode>{written[2:]}</bnode>"


def _turtle(answer: Answer) -> Iterator[str]:
    return _graph(answer, "turtle")


def _ntriples(answer: Answer) -> Iterator[str]:
    return _graph(answer, "ntriples")


def _graph(answer: Answer, name: str) -> Iterator[str]:
    from kg.write import stream

    if not answer.graph:
        raise UsageError(f"{name} holds graphs: ask with CONSTRUCT or DESCRIBE, or choose another --output")
    quads = ([(*map(str, row), "") for row in batch] for batch in _batches(answer))
    writer: Callable[..., Iterator[bytes]] = {"turtle": stream.trig, "ntriples": stream.ntriples}[name]
    yield from (piece.decode() for piece in writer(quads))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == _ROWS:
                yield batch
                batch = []
    except KgError:
        # What came before it is part of the answer.
        if batch:
            yield batch
        raise
    if batch:
        yield batch


#: The forms an answer is written in.
FORMS: Mapping[str, Callable[[Answer], Iterator[str]]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "xml": _xml,
    "turtle": _turtle,
    "ntriples": _ntriples,
}
#: Those that hold graphs and nothing else.
GRAPHS = ("turtle", "ntriples")
