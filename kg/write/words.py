"""The context a JSON-LD document is written with: ours, as much of it as is used, or the user's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg import vocab
from kg.dataset import Dataset
from kg.errors import UsageError
from kg.formats import WriteOptions
from kg.iri import Prefixes
from kg.syntax.jsonld_context import process
from kg.syntax.jsonld_names import Active, JsonLdError, Options
from kg.write import order
from kg.write.compaction import Compaction


class Words:
    """A context as it is written, and what it makes of names."""

    def __init__(self, content: Any, shown: Any, known: Mapping[str, Any] | None = None) -> None:
        try:
            active = process(Active(Options(contexts=known or {})), content, None)
        except JsonLdError as error:
            raise UsageError(f"the context cannot be used: {error}") from error
        self.compaction = Compaction(active)
        self.shown = shown

    def head(self) -> Any:
        """Return what stands under @context."""
        return self.shown


class _Ours(Words):
    """Our context; `head` is the part of it that the document uses, in the order of the context."""

    def __init__(self, dataset: Dataset) -> None:
        ours: Mapping[str, Any] = json.loads(vocab.context())["@context"]
        taken = {name: value for name, value in ours.items() if isinstance(value, str) and value[:1] != "@"}
        own = {name: base for name, base in order.own_prefixes(dataset).items() if name not in ours}
        # A prefix that is the scheme of an IRI in the data would make that IRI expand to another.
        # The IRI of a term is its end: the whole of it, or the datatype of a literal.
        others = (term for term in dataset.terms() if term[-1] == ">" and term[:5] != "<http")
        schemes = {"http", "https", *(term[term.rindex("<") + 1 :].partition(":")[0] for term in others)}
        self.prefixes = {name: base for name, base in {**taken, **own}.items() if name not in schemes}
        names = Prefixes({name: base for name, base in taken.items() if name in schemes})
        # Of the terms, most stand for what the data never say: they are left out.
        iris, number_of = Prefixes(taken), dataset.number
        self.terms = {
            name: _spelt(value, names) if names.namespaces else value
            for name, value in ours.items()
            if name not in taken and (isinstance(value, str) or number_of(f"<{iris.expand(value['@id'])}>") is not None)
        }
        super().__init__({**self.prefixes, **self.terms}, None)

    def head(self) -> dict[str, Any]:
        """Return the terms that were used, with the prefixes that they and the data need."""
        used = self.compaction.used
        terms = {
            name: value for name, value in self.terms.items()
            if name[:1] == "@" or name in used or (isinstance(value, str) and value[:1] == "@")
        }  # fmt: skip
        needed = set(used)
        for value in terms.values():
            needed.update(part.partition(":")[0] for part in (value.values() if isinstance(value, dict) else [value]))
        return {
            **{name: value for name, value in terms.items() if name[:1] == "@"},
            **{name: base for name, base in sorted(self.prefixes.items()) if name in needed},
            **{name: value for name, value in terms.items() if name[:1] != "@"},
        }


def _spelt(value: Any, names: Prefixes) -> Any:
    """Return a definition with the names of some prefixes written as IRIs."""
    if isinstance(value, dict):
        return {key: _spelt(part, names) for key, part in value.items()}
    return (names.expand(value) or value) if isinstance(value, str) else value


def words_of(dataset: Dataset, options: WriteOptions) -> Words:
    """Return the context that the options ask for.

    Raises `UsageError` for one that cannot be used.
    """
    if options.context is not None:
        from kg.syntax.jsonld import packaged_contexts

        content = _content(options.context)
        return Words(content, options.context_url or content, packaged_contexts())
    if options.context_url is not None:
        return Words(json.loads(vocab.context())["@context"], options.context_url)
    return _Ours(dataset)


def _content(text: str) -> Any:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UsageError(f"the context is not JSON: {error}") from error
    if not isinstance(document, dict) or "@context" not in document:
        raise UsageError("the context is a JSON object without @context")
    return document["@context"]
