"""RDF in, through pyoxigraph: the lexical forms and IRIs as written, the source known."""

from __future__ import annotations

from collections.abc import Sequence

from kg.dataset import Dataset
from kg.errors import SourceError
from kg.formats import Format
from kg.limits import Limits
from kg.read.gate import read_bytes
from kg.statement import Origin


def read_rdf(paths: Sequence[str], format_: Format, limits: Limits, *, base: str | None = None) -> Dataset:
    """Read RDF files of one syntax into one Dataset; named graphs keep their names.

    Nothing is fetched: a JSON-LD context must be inside the document. `base` is what
    relative IRIs are resolved against.

    Raises `SourceError`, with the line, for text that is not of the syntax.
    """
    import pyoxigraph

    syntax = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    whole = Dataset()
    for path in paths:
        data = read_bytes(path, limits)
        part = Dataset()
        try:
            # Labels of blank nodes say nothing outside their file, so no two files may share one.
            rename = len(paths) > 1
            stream = pyoxigraph.parse(data, syntax, base_iri=base, rename_blank_nodes=rename)
            part.add_stream(stream, Origin(path), named=format_.graphs)
        except SyntaxError as error:
            raise SourceError(path, f"not {format_.title}: {error.msg}", error.lineno) from error
        except ValueError as error:
            raise SourceError(path, f"not {format_.title}: {error}") from error
        whole.merge(part)
    return whole
