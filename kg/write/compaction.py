"""Names and values in the words of a JSON-LD context, and never in words that say something else.

A value goes under a term only where the term's definition says exactly what the
value is. Anything else is written in full under a name that expands to the
property. Every name is expanded again by the context before it is used; where no
name gives the IRI back, the context is refused and the IRI is named.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from kg import terms
from kg.errors import UsageError
from kg.iri import Prefixes
from kg.syntax.jsonld_context import expand_name
from kg.syntax.jsonld_names import KEYWORDS, MISSING, NOTHING, Active, Definition
from kg.terms import Term

#: What stands after the last quotation mark of a literal, or this for an IRI or a blank node.
LINK = "<>"
_LOCAL = r"[A-Za-z][A-Za-z0-9_.\-]*"


class Plan(NamedTuple):
    """How the values of a property are written that have one kind.

    `key` is a token of JSON, as `tag` and the tokens of `rest` are. A `tag` puts the
    text into a map by language; `rest` is what stands beside it when it is written in full,
    None when it is not; `many` says that it stands in an array even alone.
    """

    key: str
    many: bool = False
    tag: str | None = None
    rest: dict[str, str] | None = None


class Compaction:
    """The words of one active context."""

    def __init__(self, active: Active) -> None:
        if active.previous is not None:
            raise UsageError("the context says @propagate: false, so it holds for no node inside; leave that out")
        self.active = active
        #: the terms and the prefixes that were used so far
        self.used: set[str] = set()
        self.names: dict[str, str] = {}
        self.classes: dict[str, str] = {}
        self.prefixes = Prefixes({name: iri for name, (iri, prefix, *_) in active.terms.items() if prefix and iri})
        self.by_iri: dict[str, list[tuple[str, Definition]]] = {}
        for name, definition in active.terms.items():
            if definition.iri is not None and not definition.reverse and definition.context is MISSING:
                self.by_iri.setdefault(definition.iri, []).append((name, definition))
        # With a term that looks like a prefixed name every name has to be tried.
        self.odd = any(":" in name or "/" in name for name in active.terms)
        self.id, self.type = quoted(self.alias("@id")), quoted(self.alias("@type"))

    def alias(self, keyword: str) -> str:
        """Return the name the context gives a keyword."""
        return next((name for name, _ in self.by_iri.get(keyword, ())), keyword)

    def name(self, term: Term) -> str:
        """Return an IRI or a blank node as the token of a reference."""
        known = self.names.get(term)
        if known is None:
            known = self.names[term] = quoted(term if term[0] == "_" else self._reference(term[1:-1]))
        return known

    def _reference(self, iri: str) -> str:
        short = self.prefixes.compress(iri)
        if short is not None and self._gives(short, iri):
            self.used.add(short.partition(":")[0])
            return short
        if self._gives(iri, iri):
            return iri
        raise _refused(iri)

    def _gives(self, name: str, iri: str) -> bool:
        """Tell whether a reference expands to an IRI."""
        prefix, _, local = name.partition(":")
        known = self.active.terms.get(prefix)
        if name in self.active.terms or (known is not None and name == iri and local[:2] != "//"):
            # By the specification a term is none here, and not every term is a prefix. Not all parsers know that.
            return False
        if not self.odd:
            # The quick answer: what starts with no prefix, or with // after it, stays as it is.
            if known is None or not known.prefix or local[:2] == "//":
                return name == iri
            return known.iri is not None and known.iri + local == iri
        return expand_name(self.active, name, document=True) == iri

    def class_name(self, term: Term) -> str:
        """Return the token of a class."""
        known = self.classes.get(term)
        if known is None:
            known = self.classes[term] = quoted(term) if term[0] == "_" else self._class(terms.iri_text(term))
        return known

    def _class(self, iri: str) -> str:
        for name, definition in self.by_iri.get(iri, ()):
            if definition.type is None and not definition.container and self._means(name, iri):
                self.used.add(name)
                return quoted(name)
        return quoted(self._word(iri))

    def _means(self, name: str, iri: str) -> bool:
        """Tell whether a word, which may be a term, expands to an IRI and brings no context of its own."""
        definition = self.active.terms.get(name, NOTHING)
        if definition.context is not MISSING or expand_name(self.active, name, vocab=True, document=True) != iri:
            return False
        return name in self.active.terms or ":" not in name or self._gives(name, iri)

    def _word(self, iri: str) -> str:
        """Return a name for a class or datatype that is no term."""
        for name in self._words(iri):
            if self._means(name, iri):
                return self._used(name, iri)
        raise _refused(iri)

    def _used(self, name: str, iri: str) -> str:
        if name != iri and ":" in name:
            self.used.add(name.partition(":")[0])
        return name

    def _words(self, iri: str) -> list[str]:
        short, vocab = self.prefixes.compress(iri), self.active.vocab
        words = [] if short is None else [short]
        if vocab and iri.startswith(vocab) and re.fullmatch(_LOCAL, iri[len(vocab) :]):
            words.insert(0, iri[len(vocab) :])
        return [*words, iri]

    def datatype(self, iri: str) -> str:
        """Return the token of a datatype."""
        return quoted(self._word(iri))

    def plan(self, predicate: Term, kind: str) -> Plan:
        """Return how values of one kind are written under a property.

        The kind is what stands after the last quotation mark of a literal, or `LINK`.
        """
        iri = terms.iri_text(predicate)
        tag = kind[1:] if kind[:1] == "@" else None
        datatype = kind[3:-1] if kind[:1] == "^" else terms.XSD_STRING
        known = self.by_iri.get(iri, ())
        for name, definition in known:
            made = self._under(name, definition, kind, tag, datatype)
            if made is not None:
                self.used.add(name)
                return made
        rest = self._rest(kind, tag, datatype)
        for name, definition in known:
            if definition.type is None and definition.container in ((), ("@set",)):
                self.used.add(name)
                return Plan(quoted(name), many=bool(definition.container), rest=rest)
        key = self._key(iri)
        bare = not kind and key not in self.active.terms and not self.active.language and not self.active.direction
        return Plan(quoted(key), rest=None if bare else rest)

    def _key(self, iri: str) -> str:
        """Return a name for a property whose values are written in full."""
        for name in self._words(iri):
            definition = self.active.terms.get(name, NOTHING)
            plain = definition.container in ((), ("@set",)) and not definition.reverse and definition.type != "@json"
            if plain and self._means(name, iri):
                return self._used(name, iri)
        raise _refused(iri)

    def _rest(self, kind: str, tag: str | None, datatype: str) -> dict[str, str]:
        if kind == LINK:
            return {}
        if tag is not None:
            return {quoted("@language"): quoted(tag)}
        return {} if datatype == terms.XSD_STRING else {quoted("@type"): self.datatype(datatype)}

    def _under(self, name: str, definition: Definition, kind: str, tag: str | None, datatype: str) -> Plan | None:
        """Return the plan for a term, or None when it does not say exactly what the values are."""
        container, coerced = set(definition.container), definition.type
        many = "@set" in container
        if container - {"@set", "@language"} or name in KEYWORDS:
            return None
        if kind == LINK:
            return Plan(quoted(name), many) if coerced == "@id" and not container - {"@set"} else None
        language = self.active.language if definition.language is MISSING else definition.language
        direction = self.active.direction if definition.direction is MISSING else definition.direction
        if "@language" in container:
            if tag is None or direction or expand_name(self.active, tag, vocab=True) == "@none":
                return None
            return Plan(quoted(name), tag=quoted(tag))
        if coerced in (None, "@none"):
            same = language is None if tag is None else (language or "").lower() == tag.lower()
            return Plan(quoted(name), many) if same and not direction and datatype == terms.XSD_STRING else None
        return Plan(quoted(name), many) if tag is None and coerced == datatype else None


def _refused(iri: str) -> UsageError:
    return UsageError(
        f"by this context no name expands to <{iri}>: a term or prefix of it stands in the way; "
        "rename that term, or write with another context"
    )
