"""`kg query`: SPARQL on files and on the shipped glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.shared import READING, Command, limited, reading_of, show, utf8_stdout, visible

if TYPE_CHECKING:
    from kg.pipeline import Job
    from kg.query import Result

_EXAMPLES = """\b
Examples:
  kg query --name cq05
  kg query -q 'SELECT ?label { ?c skos:topConceptOf ?s ; skos:prefLabel ?label }'
  kg query --list
"""


@click.command("query", cls=Command, epilog=_EXAMPLES)
@READING
@click.option("--query", "-q", "text", metavar="SPARQL", help="The query; the usual prefixes are known.")
@click.option("--file", "path", type=click.Path(), metavar="FILE", help="File that holds the query.")
@click.option("--name", metavar="NAME", help="A stored query.")
@click.option("--list", "listed", is_flag=True, help="List the stored queries and exit.")
@click.option("--bind", "bindings", multiple=True, metavar="VAR=TERM", help="Put an N-Triples term for a variable.")
@click.option(
    "--output",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json"]),
    default="table",
    show_default=True,
    help="How the answer is written.",
)
def query(**given: Any) -> None:
    """Ask glossaries in SPARQL; the data are the default graph, the evidence is a named one.

    The glossary is queried in the profile full, so that typed links answer as SKOS links.

    Exit codes: 0 done, 2 wrong use (the query cannot be read, too), 3 a source failed.
    """  # fmt: skip
    if given["listed"]:
        for name, question in stored():
            click.echo(f"{name}  {question}")
        return
    from kg.pipeline import Job

    job = Job(**reading_of(given))
    text = _text(given["text"], given["path"], given["name"])
    result: Result = limited(job, answer, job, text, _bindings(given["bindings"]))
    show(result.report, quiet_info=False)
    utf8_stdout().write(_FORMS[given["form"]](result).encode())


def answer(job: Job, text: str, bindings: dict[str, Any]) -> Result:
    """Read the sources of a job and run a query on them."""
    from kg.pipeline import read
    from kg.profile import FULL, apply

    return apply(read(job), FULL).query(text, bindings)


def stored() -> list[tuple[str, str]]:
    """Return the stored queries: name and question, the first line of each."""
    import os

    from kg.vocab import queries

    found = []
    for file in sorted(os.listdir(queries())):
        with open(os.path.join(queries(), file), encoding="utf-8") as lines:
            found.append((os.path.splitext(file)[0], lines.readline().lstrip("# ").strip()))
    return found


def _text(text: str | None, path: str | None, name: str | None) -> str:
    import os

    from kg.errors import SourceError, UnknownName
    from kg.vocab import PREFIXES, queries

    if [text, path, name].count(None) != 2:
        raise click.UsageError("give the query with one of --query, --file or --name")
    if name is not None:
        known = [known for known, _ in stored()]
        if name not in known:
            raise UnknownName("stored query", name, known)
        path = os.path.join(queries(), f"{name}.rq")
    if path is not None:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(path, str(error)) from error
    # On one line with the query, so that the lines of an error are those of the query.
    prefixes = "".join(f"PREFIX {known}: <{base}> " for known, base in PREFIXES.namespaces.items())
    return prefixes + str(text)


def _bindings(given: tuple[str, ...]) -> dict[str, Any]:
    made = {}
    for item in given:
        variable, equals, term = item.partition("=")
        if not equals or not term or term[0] not in '<"':
            raise click.UsageError(f'--bind {item}: write VAR=TERM, with TERM as <IRI> or "text"@en')
        made[variable.lstrip("?$")] = term
    return made


def _table(result: Result) -> str:
    if result.truth is not None:
        return f"{'yes' if result.truth else 'no'}\n"
    rows = [list(result.columns), *([visible(value or "") for value in row] for row in result.values())]
    widths = [max(len(row[place]) for row in rows) for place in range(len(result.columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + f"\n({len(result)} row{'' if len(result) == 1 else 's'})\n"


def _csv(result: Result) -> str:
    import csv
    import io

    if result.truth is not None:
        return f"{str(result.truth).lower()}\r\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(result.columns)
    writer.writerows([_inert(value or "") for value in row] for row in result.values())
    return out.getvalue()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before what begins like one."""
    number = cell[1:].replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not number else cell


def _tsv(result: Result) -> str:
    if result.truth is not None:
        return f"{str(result.truth).lower()}\n"
    lines = ["\t".join(f"?{name}" for name in result.columns)]
    lines += ["\t".join(term or "" for term in row) for row in result]
    return "\n".join(lines) + "\n"


def _json(result: Result) -> str:
    import json

    from kg import terms

    def value(term: Any) -> dict[str, str]:
        if terms.is_literal(term):
            made = {"type": "literal", "value": terms.lexical(term)}
            if tag := terms.language(term):
                return {**made, "xml:lang": tag}
            kind = terms.datatype(term)
            return made if kind == terms.XSD_STRING else {**made, "datatype": kind}
        if terms.is_iri(term):
            return {"type": "uri", "value": terms.iri_text(term)}
        return {"type": "bnode", "value": term[2:]}

    if result.truth is not None:
        return json.dumps({"head": {}, "boolean": result.truth}) + "\n"
    rows = [
        {name: value(term) for name, term in zip(result.columns, row, strict=True) if term is not None}
        for row in result
    ]
    document = {"head": {"vars": list(result.columns)}, "results": {"bindings": rows}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


_FORMS = {"table": _table, "csv": _csv, "tsv": _tsv, "json": _json}
