"""Which JSON-LD documents pyoxigraph reads whole: those whose every name and IRI means something."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from kg.read.rdfxml import iri_problem, tag_problem
from kg.syntax.jsonld_context import expand_name, process
from kg.syntax.jsonld_names import KEYWORDS, Active, JsonLdError, Options, absolute

_PATH = r"[A-Za-z0-9/._~:@!$&'()*+,;=\-]*"
#: IRIs, prefixed names and labels whose form needs no closer look.
_SAFE = re.compile(
    rf"_:[A-Za-z0-9][A-Za-z0-9_\-]*|[A-Za-z][A-Za-z0-9+.\-]*:(?://[A-Za-z0-9.\-]+(?=[/?#]|\Z)|(?!//))"
    rf"{_PATH}(?:\?{_PATH})?(?:#{_PATH})?"
)
_CONTEXT_KEYS = frozenset(["@vocab", "@language", "@version"])
_TERM_KEYS = frozenset(["@id", "@type", "@container", "@language"])
_KEYWORDS = frozenset(["@id", "@type", "@value", "@language", "@graph", "@list", "@set", "@context"])
#: A term that ends so is a prefix only when it is defined by a text; pyoxigraph takes it for one always.
_ENDS = frozenset(":/?#[]@")
_CONTAINERS = (None, "@set", "@list", "@language")


class NotPlain(Exception):  # a finding about a document, not an error
    """A document that our own expansion has to read."""


def plain(text: str, places: list[tuple[int, int, Any]], documents: Mapping[str, Any]) -> str:
    """Return the text of a plain document, its context in place.

    `places` are start, end and value of each @context entry, `documents` the remote contexts.

    Raises `NotPlain` for any other document.
    """
    import json

    if len(places) > 1 or ("\\u0040" in text and re.search(r'"\\u0040context"', text)):
        raise NotPlain
    start, end, value = places[0] if places else (0, 0, [])
    context = _whole(value, documents)
    # The context is not data: it is cut out before the data are looked at.
    rest = f"{text[:start]}null{text[end:]}" if places else text
    checker = _Checker(context)
    root = json.loads(rest, object_pairs_hook=checker.object, parse_int=str, parse_float=str)
    if places and (checker.contexts != checker.last or isinstance(root, list)):
        raise NotPlain
    for item in root if isinstance(root, list) else [root]:
        if item is not _NODE:
            raise NotPlain
    if value is context or not places:
        return text
    return f"{text[:start]}{json.dumps(context, ensure_ascii=False, default=float)}{text[end:]}"


def _whole(value: Any, documents: Mapping[str, Any]) -> Any:
    """Return a context with the remote ones in place; all of it must be plain."""
    found: list[dict[str, Any]] = []
    for part in value if isinstance(value, list) else [value]:
        document = documents.get(part) if isinstance(part, str) else {"@context": part}
        inner = document.get("@context") if isinstance(document, dict) else None
        if not isinstance(inner, dict) or not _is_plain(inner):
            raise NotPlain
        found.append(inner)
    return value if isinstance(value, dict) or all(isinstance(part, dict) for part in value) else found


def _is_plain(context: Mapping[str, Any]) -> bool:
    for name, value in context.items():
        if name[:1] == "@":
            if name not in _CONTEXT_KEYS or (name == "@vocab" and not (isinstance(value, str) and absolute(value))):
                return False
            continue
        term = value if isinstance(value, dict) else {"@id": value}
        iri, container = term.get("@id", name), term.get("@container")
        if not isinstance(iri, str) or ":" in name or "/" in name or not term.keys() <= _TERM_KEYS:
            return False
        if (iri[:1] == "@" and iri not in _KEYWORDS) or isinstance(container, list) or container not in _CONTAINERS:
            return False
        if term.get("@type") in ("@json", "@none") or {"@type", "@language"} <= term.keys():
            return False
        if isinstance(value, dict) and iri[-1:] in _ENDS:
            return False
    return True


#: What an object comes to: a node, a value or list, or one whose names are tags of languages.
_NODE, _VALUE, _TAGGED = object(), object(), object()

_VALUES = frozenset(["@value", "@list", "@set"])

Check = Callable[[Any], None]


class _Shape(NamedTuple):
    """What objects with the same names have in common: what they are, and the checks by the number of the name."""

    kind: object
    checks: list[tuple[int, Check]]


class _Checker:
    """One pass over the objects of a document, the inner ones first; nothing of them is kept."""

    def __init__(self, context: Any) -> None:
        try:
            self.active = process(Active(Options()), context, None)
        except JsonLdError as error:
            raise NotPlain from error
        self.checks: dict[str, Check | None] = {}
        self.shapes: dict[tuple[str, ...], _Shape | None] = {}
        self.objects = self.contexts = self.last = 0
        self.name = lru_cache(maxsize=1 << 16)(self._name)
        self.kind = lru_cache(maxsize=1 << 16)(self._kind)

    def object(self, pairs: list[tuple[str, Any]]) -> object:
        """Check one object: its names, and the values of those that stand for IRIs."""
        names = tuple([name for name, _ in pairs])
        self.objects += 1
        if "@context" in names:
            # Only the outermost object, which is finished last, may have one.
            self.contexts += 1
            self.last = self.contexts if self.contexts == 1 else 0
        try:
            checks = self.shapes[names]
        except KeyError:
            checks = self.shapes[names] = self.shape(names)
        if checks is None:
            for _, value in pairs:
                _texts(value)
            return _TAGGED
        for number, check in checks.checks:
            check(pairs[number][1])
        return checks.kind

    def shape(self, names: tuple[str, ...]) -> _Shape | None:
        """Return the checks of an object with these names; None for names that are tags."""
        found = [self.check(name) for name in names]
        if names and all(check is None for check in found):
            return None
        if any(check is None for check in found):
            raise NotPlain
        kind = _NODE if _VALUES.isdisjoint(expand_name(self.active, name, vocab=True) for name in names) else _VALUE
        return _Shape(kind, [(number, check) for number, check in enumerate(found) if check is not None])

    def check(self, name: str) -> Check | None:
        """Return the check for the values under a name; None for a name that can only be a tag."""
        iri = expand_name(self.active, name, vocab=True)
        if iri in KEYWORDS:
            found = _BY_KEYWORD.get(iri or "")
            if found is None:
                raise NotPlain
            return partial(found, self)
        if iri is None or ":" not in iri:
            if iri is not None and tag_problem(name) is None:
                return None
            raise NotPlain
        if iri_problem(iri):
            raise NotPlain
        definition = self.active.definition(name)
        if definition.container == ("@language",):
            return self.languages
        return self.ids if definition.type == "@id" else self.types if definition.type == "@vocab" else self.values

    def values(self, value: Any) -> None:
        """Check what stands under a property."""
        if type(value) is list:
            for item in value:
                self.values(item)
        elif value is _TAGGED:
            raise NotPlain

    def ids(self, value: Any) -> None:
        """Check IRIs that a document gives as such."""
        if type(value) is str:
            if not _SAFE.fullmatch(value) and not self.name(value):
                raise NotPlain
        elif type(value) is list:
            for item in value:
                self.ids(item)
        elif value is _TAGGED:
            raise NotPlain

    def types(self, value: Any) -> None:
        """Check IRIs that may be terms."""
        if type(value) is str:
            if not self.kind(value):
                raise NotPlain
        elif type(value) is list:
            for item in value:
                self.types(item)
        elif value is _TAGGED:
            raise NotPlain

    def languages(self, value: Any) -> None:
        """Check a map of texts by language; what is none is read as any other value."""
        if value is not _TAGGED:
            raise NotPlain

    def tag(self, value: Any) -> None:
        """Check the tag of a language."""
        if type(value) is not str or tag_problem(value):
            raise NotPlain

    def nodes(self, value: Any) -> None:
        """Check what must be nodes."""
        for item in value if type(value) is list else [value]:
            if item is not _NODE:
                raise NotPlain

    def _name(self, value: str) -> bool:
        iri = expand_name(self.active, value)
        return iri is not None and iri_problem(iri) is None

    def _kind(self, value: str) -> bool:
        iri = expand_name(self.active, value, vocab=True)
        return iri is not None and (_SAFE.fullmatch(iri) is not None or iri_problem(iri) is None)


def _texts(value: Any) -> None:
    """Check the texts of one language."""
    for item in value if type(value) is list else [value]:
        if type(item) is not str and item is not None:
            raise NotPlain


_BY_KEYWORD: dict[str, Callable[[_Checker, Any], None]] = {
    "@id": _Checker.ids,
    "@type": _Checker.types,
    "@value": _Checker.values,
    "@language": _Checker.tag,
    "@graph": _Checker.nodes,
    "@list": _Checker.values,
    "@set": _Checker.values,
    "@context": _Checker.values,
}
