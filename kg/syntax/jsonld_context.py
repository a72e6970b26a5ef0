"""JSON-LD contexts: what each name of a document stands for (JSON-LD 1.1 API, sections 4 and 5.2).

The algorithms are those of the specification, step by step, so that a reader can
hold the two side by side; an error has the code that the specification gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.syntax.jsonld_names import KEYWORDS, MISSING, Active, Definition, JsonLdError, absolute, like_keyword
from kg.syntax.jsonld_terms import checked, container_of, direction_of, reverse_container
from kg.syntax.resolve import resolve

_DEFINITION_KEYS = frozenset(
    [
        "@id",
        "@reverse",
        "@container",
        "@context",
        "@direction",
        "@index",
        "@language",
        "@nest",
        "@prefix",
        "@protected",
        "@type",
    ]
)
_CONTEXT_KEYS = frozenset(
    ["@base", "@direction", "@import", "@language", "@propagate", "@protected", "@version", "@vocab"]
)
#: A chain of remote contexts that is longer goes round in a circle, or is meant to hurt.
_LONGEST_CHAIN = 16


def expand_name(active: Active, value: str, *, vocab: bool = False, document: bool = False) -> str | None:
    """Expand a name to an IRI, a keyword or a blank node (section 5.2.2); None stands for nothing."""
    if active.seen is None:
        return _Frame(active, None, None).expand(value, vocab=vocab, document=document)
    key = value, vocab, document
    if key not in active.seen:
        active.seen[key] = _Frame(active, None, None).expand(value, vocab=vocab, document=document)
    return active.seen[key]


def process(
    active: Active,
    local: Any,
    base: str | None,
    *,
    chain: tuple[str, ...] = (),
    override: bool = False,
    propagate: bool = True,
    validate: bool = True,
) -> Active:
    """Return what a local context makes of an active one (section 4.1.2).

    Raises `JsonLdError` when it is no context, or names one that is not in the options.
    """
    made = active.clone()
    if isinstance(local, dict) and "@propagate" in local:
        propagate = local["@propagate"]
    if not propagate and made.previous is None:
        made.previous = active
    for context in local if isinstance(local, list) else [local]:
        if context is None:
            made = _emptied(made, override=override, propagate=propagate)
        elif isinstance(context, str):
            made = _remote(made, context, base, chain, validate=validate)
        elif isinstance(context, dict):
            made.seen = None
            frame = _Frame(made, _with_import(made, context, base), base, chain, override=override)
            frame.apply(validate=validate)
        else:
            raise JsonLdError("invalid local context", context)
    made.seen = {}
    return made


def _emptied(active: Active, *, override: bool, propagate: bool) -> Active:
    if not override and any(term.protected for term in active.terms.values()):
        raise JsonLdError("invalid context nullification")
    made = Active(active.options)
    if not propagate:
        made.previous = active
    return made


def _remote(active: Active, reference: str, base: str | None, chain: tuple[str, ...], *, validate: bool) -> Active:
    url = resolve(base, reference)
    if url in chain and active.options.old:
        raise JsonLdError("recursive context inclusion", url)
    if not validate and url in chain:
        return active
    if len(chain) >= _LONGEST_CHAIN:
        raise JsonLdError("context overflow", url)
    return process(active, _loaded(active, url, reference), url, chain=(*chain, url), validate=validate)


def _loaded(active: Active, url: str, reference: str) -> Any:
    contexts = active.options.contexts
    document = contexts.get(url, contexts.get(reference, MISSING))
    if document is MISSING:
        raise JsonLdError("loading remote context failed", url)
    if not isinstance(document, dict) or "@context" not in document:
        raise JsonLdError("invalid remote context", url)
    return document["@context"]


def _with_import(active: Active, context: dict[str, Any], base: str | None) -> dict[str, Any]:
    if "@import" not in context:
        return context
    if active.options.old:
        raise JsonLdError("invalid context entry", "@import")
    reference = context["@import"]
    if not isinstance(reference, str):
        raise JsonLdError("invalid @import value", reference)
    imported = _loaded(active, resolve(base, reference), reference)
    if not isinstance(imported, dict):
        raise JsonLdError("invalid remote context", reference)
    if "@import" in imported:
        raise JsonLdError("invalid context entry", "@import")
    return {**imported, **context}


class _Frame:
    """One local context while it is applied; `defined` says which of its terms are done."""

    def __init__(
        self,
        active: Active,
        local: Mapping[str, Any] | None,
        base: str | None,
        chain: tuple[str, ...] = (),
        *,
        override: bool = False,
    ) -> None:
        self.active, self.local, self.base, self.chain, self.override = active, local or {}, base, chain, override
        self.old = active.options.old
        self.defined: dict[str, bool] = {}
        self.validate = True

    def apply(self, *, validate: bool) -> None:
        """Apply the local context (section 4.1.2, steps 5.5 to 5.13)."""
        active, local = self.active, self.local
        self.validate = validate
        if "@version" in local:
            self._version(local["@version"])
        if "@base" in local and not self.chain:
            active.base = self._base(local["@base"])
        if "@vocab" in local:
            active.vocab = self._vocab(local["@vocab"])
        if "@language" in local:
            active.language = checked(local["@language"], str, "invalid default language")
        if "@direction" in local:
            self._new("invalid context entry", "@direction")
            active.direction = direction_of(local["@direction"])
        if "@propagate" in local:
            self._new("invalid context entry", "@propagate")
            checked(local["@propagate"], bool, "invalid @propagate value", null=False)
        checked(local.get("@protected", False), bool, "invalid @protected value", null=False)
        for name in local:
            if name not in _CONTEXT_KEYS:
                self.define(name)

    def _version(self, version: Any) -> None:
        if version is None or isinstance(version, str | bool | dict | list) or float(version) != 1.1:
            raise JsonLdError("invalid @version value", version)
        self._new("processing mode conflict", version)

    def _new(self, code: str, detail: object) -> None:
        """Refuse what JSON-LD 1.0 does not have."""
        if self.old:
            raise JsonLdError(code, detail)

    def _base(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or (not absolute(value) and self.active.base is None):
            raise JsonLdError("invalid base IRI", value)
        return value if absolute(value) else resolve(self.active.base, value)

    def _vocab(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or (self.old and ":" not in value):
            raise JsonLdError("invalid vocab mapping", value)
        return expand_name(self.active, value, vocab=True, document=True)

    def expand(self, value: str, *, vocab: bool = False, document: bool = False) -> str | None:
        """Expand a name (section 5.2.2), defining the terms of the local context it needs."""
        if value in KEYWORDS:
            return value
        if value[:1] == "@" and like_keyword(value):
            return None
        terms = self.active.terms
        self.need(value)
        found = terms.get(value)
        if found is not None and (vocab or found.iri in KEYWORDS):
            return found.iri
        prefix, colon, suffix = value.partition(":")
        if colon and prefix:
            if prefix == "_" or suffix.startswith("//"):
                return value
            self.need(prefix)
            found = terms.get(prefix)
            if found is not None and found.iri is not None and found.prefix:
                return found.iri + suffix
            if absolute(value):
                return value
        if vocab and self.active.vocab is not None:
            return self.active.vocab + value
        return resolve(self.active.base, value) if document else value

    def need(self, name: str) -> None:
        """Define a term of the local context now, if it is not defined yet."""
        if name in self.local and not self.defined.get(name):
            self.define(name)

    def define(self, name: str) -> None:
        """Create a term definition (section 4.2.2)."""
        if name in self.defined:
            if self.defined[name]:
                return
            raise JsonLdError("cyclic IRI mapping", name)
        self.defined[name] = False
        value = self.local[name]
        if not self._may_be_defined(name, value):
            return
        previous = self.active.terms.pop(name, None)
        simple = isinstance(value, str)
        given = value if isinstance(value, dict) else {"@id": value}
        if not (value is None or simple or isinstance(value, dict)):
            raise JsonLdError("invalid term definition", name)
        made = self._made(name, given, simple=simple)
        if made is None:
            return
        if not self.override and previous is not None and previous.protected:
            if made._replace(protected=True) != previous:
                raise JsonLdError("protected term redefinition", name)
            made = previous
        self.active.terms[name] = made
        self.defined[name] = True

    def _may_be_defined(self, name: str, value: Any) -> bool:
        """Tell whether a name is one to define, or one to pass over; refuse what is neither."""
        if not name:
            raise JsonLdError("invalid term definition", "the empty term")
        if name not in KEYWORDS:
            return not like_keyword(name)
        fits = isinstance(value, dict) and value and value.keys() <= {"@container", "@protected"}
        if name != "@type" or self.old or not fits or value.get("@container", "@set") != "@set":
            raise JsonLdError("keyword redefinition", name)
        return True

    def _made(self, name: str, given: dict[str, Any], *, simple: bool) -> Definition | None:
        """Return the definition, or None for one that is passed over."""
        if "@protected" in given:
            self._new("invalid term definition", "@protected")
            checked(given["@protected"], bool, "invalid @protected value", null=False)
        protected = given.get("@protected", self.local.get("@protected", False))
        kind = self._type(given["@type"]) if "@type" in given else None
        if "@reverse" in given:
            iri = self._reverse(given)
            if iri is None:
                return None
            container = reverse_container(given)
            return Definition(iri, protected=protected, reverse=True, type=kind, container=container)
        found = self._iri(name, given, simple=simple)
        if found is None:
            return None
        iri, prefix = found
        container = container_of(given["@container"], old=self.old) if "@container" in given else ()
        if "@type" in container:
            kind = kind or "@id"
            if kind not in ("@id", "@vocab"):
                raise JsonLdError("invalid type mapping", name)
        made = Definition(iri, prefix, protected, type=kind, container=container)
        return self._detailed(name, given, made)

    def _type(self, value: Any) -> str:
        if not isinstance(value, str):
            raise JsonLdError("invalid type mapping", value)
        kind = self.expand(value, vocab=True)
        if kind in ("@json", "@none"):
            self._new("invalid type mapping", kind)
        elif kind is None or (kind not in ("@id", "@vocab") and not absolute(kind)):
            raise JsonLdError("invalid type mapping", value)
        return kind

    def _reverse(self, given: dict[str, Any]) -> str | None:
        if "@id" in given or "@nest" in given:
            raise JsonLdError("invalid reverse property", given["@reverse"])
        value = given["@reverse"]
        if not isinstance(value, str):
            raise JsonLdError("invalid IRI mapping", value)
        if like_keyword(value):
            return None
        iri = self.expand(value, vocab=True)
        if iri is None or ":" not in iri:
            raise JsonLdError("invalid IRI mapping", value)
        return iri

    def _iri(self, name: str, given: dict[str, Any], *, simple: bool) -> tuple[str | None, bool] | None:
        """Return the IRI mapping of a term and whether it is a prefix; None passes the term over."""
        value = given.get("@id", name)
        if value != name:
            if value is None:
                return None, False
            return self._mapped(name, value, simple=simple)
        if ":" in name[1:]:
            prefix, _, suffix = name.partition(":")
            self.need(prefix)
            known = self.active.terms.get(prefix)
            return (known.iri + suffix if known is not None and known.iri is not None else name), False
        if "/" in name:
            iri = expand_name(self.active, name, vocab=True)
            if iri is None or not absolute(iri):
                raise JsonLdError("invalid IRI mapping", name)
            return iri, False
        if name == "@type":
            return "@type", False
        if self.active.vocab is None:
            raise JsonLdError("invalid IRI mapping", name)
        return self.active.vocab + name, False

    def _mapped(self, name: str, value: Any, *, simple: bool) -> tuple[str | None, bool] | None:
        if not isinstance(value, str):
            raise JsonLdError("invalid IRI mapping", value)
        if value not in KEYWORDS and like_keyword(value):
            return None
        iri = self.expand(value, vocab=True)
        if iri is None or (iri not in KEYWORDS and ":" not in iri):
            raise JsonLdError("invalid IRI mapping", value)
        if iri == "@context":
            raise JsonLdError("invalid keyword alias", name)
        if ":" in name[1:-1] or "/" in name:
            self.defined[name] = True
            if not self.old and self.expand(name, vocab=True) != iri:
                raise JsonLdError("invalid IRI mapping", name)
        ends = simple and (iri[-1] in ":/?#[]@" or iri.startswith("_:"))
        return iri, ":" not in name and "/" not in name and (ends or self.old)

    def _detailed(self, name: str, given: dict[str, Any], made: Definition) -> Definition:
        """Add to a definition what the other entries say (section 4.2.2, steps 20 to 26)."""
        if not given.keys() <= _DEFINITION_KEYS:
            raise JsonLdError("invalid term definition", name)
        if "@index" in given:
            made = made._replace(index_key=self._index(given["@index"], made))
        if "@context" in given:
            self._new("invalid term definition", "@context")
            self._check_scoped(name, given["@context"])
            made = made._replace(context=given["@context"], base=self.base)
        if "@language" in given and "@type" not in given:
            made = made._replace(language=checked(given["@language"], str, "invalid language mapping"))
        if "@direction" in given and "@type" not in given:
            made = made._replace(direction=direction_of(given["@direction"]))
        if "@nest" in given:
            made = made._replace(nest=self._nest(given["@nest"]))
        if "@prefix" in given:
            made = made._replace(prefix=self._prefix(name, given["@prefix"], made))
        return made

    def _nest(self, value: Any) -> str:
        self._new("invalid term definition", "@nest")
        nest: str = checked(value, str, "invalid @nest value", null=False)
        if nest in KEYWORDS and nest != "@nest":
            raise JsonLdError("invalid @nest value", nest)
        return nest

    def _prefix(self, name: str, value: Any, made: Definition) -> bool:
        if self.old or ":" in name or "/" in name or (value is True and made.iri in KEYWORDS):
            raise JsonLdError("invalid term definition", name)
        prefix: bool = checked(value, bool, "invalid @prefix value", null=False)
        return prefix

    def _index(self, value: Any, made: Definition) -> str:
        if self.old or "@index" not in made.container or not isinstance(value, str):
            raise JsonLdError("invalid term definition", value)
        iri = self.expand(value, vocab=True)
        if iri is None or not absolute(iri):
            raise JsonLdError("invalid term definition", value)
        return value

    def _check_scoped(self, name: str, context: Any) -> None:
        if not self.validate and isinstance(context, str) and resolve(self.base, context) in self.chain:
            return
        try:
            process(self.active, context, self.base, chain=self.chain, override=True, validate=False)
        except JsonLdError as error:
            if error.code == "loading remote context failed":
                raise
            raise JsonLdError("invalid scoped context", f"{name}: {error}") from error
