"""JSON-LD expansion (JSON-LD 1.1 API, section 5.1): a document without its contexts.

What is expanded knows where in the text it stands, when the tokenizer's ranges are
at hand, so that a statement can be found again; and what stands for nothing by the
rules of JSON-LD is counted, not dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kg.syntax.json import Places
from kg.syntax.jsonld_context import expand_name, process
from kg.syntax.jsonld_names import KEYWORDS, MISSING, Active, Definition, JsonLdError, Options
from kg.syntax.jsonld_values import Expanded, all_of, checked_value, is_node, text_of, value_of
from kg.text import Span


class Expander:
    """The expansion of one document.

    `left_out(name, span)` is told each name that stands for nothing, `visit(span)` each
    entry when its turn comes: an error is where the last visit was.
    """

    def __init__(
        self,
        options: Options,
        places: Places | None = None,
        left_out: Callable[[str, Span | None], None] | None = None,
        visit: Callable[[Span | None], None] | None = None,
    ) -> None:
        self.options = options
        self.places = places
        self.left_out = left_out or (lambda _name, _span: None)
        self.visit = visit or (lambda _span: None)
        self._processed: dict[tuple[object, ...], tuple[Active, Any, Active]] = {}

    def document(self, content: Any) -> list[Any]:
        """Expand a whole document.

        Raises `JsonLdError` when it is not JSON-LD.
        """
        active = Active(self.options)
        if self.options.expand_context is not MISSING:
            context = self.options.expand_context
            if isinstance(context, dict) and "@context" in context:
                context = context["@context"]
            active = process(active, context, self.options.base)
        found = self.element(active, None, content, None)
        if isinstance(found, dict) and found.keys() == {"@graph"}:
            found = found["@graph"]
        return all_of(found)

    def element(self, active: Active, name: str | None, content: Any, at: Span | None, *, mapped: bool = False) -> Any:
        """Expand one element that stands under a property (section 5.1.2)."""
        if content is None:
            return None
        if isinstance(content, list):
            return self._list(active, name, content, mapped=mapped)
        definition = active.definition(name)
        if not isinstance(content, dict):
            if name is None or name == "@graph":
                self.left_out(str(content), at)
                return None
            if definition.context is not MISSING:
                active = self.scoped(active, definition)
            return value_of(active, name, content, at)
        return self._object(active, name, definition, content, at, mapped=mapped)

    def _list(self, active: Active, name: str | None, content: list[Any], *, mapped: bool) -> list[Any]:
        listed = "@list" in active.definition(name).container
        found: list[Any] = []
        for number, item in enumerate(content):
            at = self.place(content, number)
            made = self.element(active, name, item, at, mapped=mapped)
            if isinstance(made, list):
                if listed:
                    self.no_nesting()
                    found.append(Expanded({"@list": made}, at))
                else:
                    found.extend(made)
            elif made is not None:
                if listed and "@list" in made:
                    self.no_nesting()
                found.append(made)
        return found

    def no_nesting(self) -> None:
        """Refuse a list inside a list, which JSON-LD 1.0 does not have."""
        if self.options.old:
            raise JsonLdError("list of lists")

    def _object(
        self, active: Active, name: str | None, definition: Definition, content: dict[str, Any], at: Span | None,
        *, mapped: bool,
    ) -> Any:  # fmt: skip
        if active.previous is not None and not mapped:
            names = [expand_name(active, key, vocab=True) for key in content]
            if "@value" not in names and names != ["@id"]:
                active = active.previous
        if definition.context is not MISSING:
            active = self.scoped(active, definition)
        if "@context" in content:
            self.visit(self.place(content, "@context"))
            active = self.processed(active, content["@context"], self.options.base)
        typed, active, kind = self._typed(active, content)
        node = _Node(self, active, typed, name, kind, Expanded({}, at))
        node.fill(content)
        return node.finished()

    def _typed(self, active: Active, content: dict[str, Any]) -> tuple[Active, Active, str | None]:
        """Apply the contexts scoped to types; return both contexts and the last type (steps 10 to 12)."""
        typed, kind = active, None
        keys = [key for key in sorted(content) if expand_name(active, key, vocab=True) == "@type"]
        for key in keys:
            values = [value for value in all_of(content[key]) if isinstance(value, str)]
            for value in sorted(values):
                found = typed.terms.get(value)
                if found is not None and found.context is not MISSING:
                    active = self.processed(active, found.context, found.base, propagate=False)
        if keys:
            last = all_of(content[keys[0]])[-1:]
            kind = expand_name(active, last[0], vocab=True) if last and isinstance(last[0], str) else None
        return typed, active, kind

    def scoped(self, active: Active, definition: Definition) -> Active:
        """Apply the context that a definition carries for what stands under its term."""
        return self.processed(active, definition.context, definition.base, override=True)

    def processed(
        self, active: Active, local: Any, base: str | None, *, override: bool = False, propagate: bool = True
    ) -> Active:
        """Process a context once: documents name the same one on every node."""
        key = (id(active), id(local), base, override, propagate)
        known = self._processed.get(key)
        if known is None:
            made = process(active, local, base, override=override, propagate=propagate)
            # Both are kept, so that no other object gets their ids.
            known = self._processed[key] = (active, local, made)
        return known[2]

    def place(self, container: Any, key: Any) -> Span | None:
        """Return the range of the value under a key or number."""
        if self.places is None:
            return None
        found = self.places.get(id(container))
        return None if found is None else found[key]

    def key_place(self, container: Any, key: str) -> Span | None:
        """Return the range of a key."""
        return None if self.places is None else self.places[id(container)].get(("key", key))


class _Node:
    """One object while it is expanded (section 5.1.2, steps 13 to 19)."""

    def __init__(
        self, expander: Expander, active: Active, typed: Active, name: str | None, kind: str | None, made: Expanded
    ) -> None:
        self.expander, self.active, self.typed, self.name, self.kind, self.made = (
            expander, active, typed, name, kind, made,
        )  # fmt: skip
        self.old = active.options.old

    def fill(self, content: dict[str, Any]) -> None:
        """Expand the entries of an object, then those of what is nested in it."""
        nests: list[str] = []
        for key, value in content.items():
            if key == "@context":
                continue
            iri = expand_name(self.active, key, vocab=True)
            at = self.expander.place(content, key)
            self.expander.visit(at)
            if iri in KEYWORDS:
                if iri == "@nest":
                    nests.append(key)
                else:
                    self.keyword(iri, value, at)
            elif iri is None or ":" not in iri:
                self.expander.left_out(key, self.expander.key_place(content, key))
            else:
                self.property(key, iri, value, at)
        for key in nests:
            self._nested(key, content[key])

    def _nested(self, key: str, content: Any) -> None:
        outer, definition = self.active, self.active.definition(key)
        if definition.context is not MISSING:
            self.active = self.expander.scoped(self.active, definition)
        for nested in all_of(content):
            if not isinstance(nested, dict) or any(
                expand_name(self.active, name, vocab=True) == "@value" for name in nested
            ):
                raise JsonLdError("invalid @nest value", key)
            self.fill(nested)
        self.active = outer

    def keyword(self, keyword: str, value: Any, at: Span | None) -> None:
        """Expand an entry whose name is a keyword (step 13.4)."""
        if self.name == "@reverse":
            raise JsonLdError("invalid reverse property map", keyword)
        if keyword in self.made and keyword not in ("@included", "@type"):
            raise JsonLdError("colliding keywords", keyword)
        expand = getattr(self, f"_at_{keyword[1:]}", None)
        if expand is not None:
            expand(value, at)

    def _at_id(self, value: Any, at: Span | None) -> None:
        if not isinstance(value, str):
            raise JsonLdError("invalid @id value", value)
        self.made["@id"] = expand_name(self.active, value, document=True)
        self.made.at = at or self.made.at

    def _at_type(self, value: Any, at: Span | None) -> None:
        values = all_of(value)
        place = self.expander.place
        self.made.kinds += [place(value, number) for number in range(len(value))] if isinstance(value, list) else [at]
        if not all(isinstance(item, str) for item in values):
            raise JsonLdError("invalid type value", value)
        found = [expand_name(self.typed, item, vocab=True, document=True) for item in values]
        if "@type" in self.made:
            found = [*all_of(self.made["@type"]), *found]
        self.made["@type"] = found if isinstance(value, list) or len(found) != 1 else found[0]

    def _at_graph(self, value: Any, at: Span | None) -> None:
        self.made["@graph"] = all_of(self.expander.element(self.active, "@graph", value, at))

    def _at_included(self, value: Any, at: Span | None) -> None:
        if self.old:
            return
        found = all_of(self.expander.element(self.active, None, value, at))
        if not found or not all(map(is_node, found)):
            raise JsonLdError("invalid @included value", value)
        self.made["@included"] = [*self.made.get("@included", ()), *found]

    def _at_value(self, value: Any, at: Span | None) -> None:
        if self.kind == "@json":
            if self.old:
                raise JsonLdError("invalid value object value", value)
        elif isinstance(value, dict | list):
            raise JsonLdError("invalid value object value", value)
        self.made["@value"] = value
        self.made.at = at or self.made.at

    def _at_language(self, value: Any, _at: Span | None) -> None:
        self.made["@language"] = text_of(value, "invalid language-tagged string")

    def _at_direction(self, value: Any, _at: Span | None) -> None:
        if self.old:
            return
        if value not in ("ltr", "rtl"):
            raise JsonLdError("invalid base direction", value)
        self.made["@direction"] = value

    def _at_index(self, value: Any, _at: Span | None) -> None:
        self.made["@index"] = text_of(value, "invalid @index value")

    def _at_list(self, value: Any, at: Span | None) -> None:
        if self.name is None or self.name == "@graph":
            self.expander.left_out("@list", at)
            return
        found = all_of(self.expander.element(self.active, self.name, value, at))
        if any("@list" in item for item in found):
            self.expander.no_nesting()
        self.made["@list"] = found

    def _at_set(self, value: Any, at: Span | None) -> None:
        self.made["@set"] = self.expander.element(self.active, self.name, value, at)

    def _at_reverse(self, value: Any, at: Span | None) -> None:
        if not isinstance(value, dict):
            raise JsonLdError("invalid @reverse value", value)
        found = self.expander.element(self.active, "@reverse", value, at) or {}
        for name, items in found.get("@reverse", {}).items():
            self.add(name, items)
        for name, items in found.items():
            if name != "@reverse":
                self.add_reverse(name, items)

    def property(self, key: str, iri: str, value: Any, at: Span | None) -> None:
        """Expand an entry whose name is a property (steps 13.5 to 13.14)."""
        definition = self.active.definition(key)
        container = definition.container
        found: Any
        if definition.type == "@json":
            found = Expanded({"@value": value, "@type": "@json"}, at)
        elif "@language" in container and isinstance(value, dict):
            found = list(self._languages(definition, value))
        elif isinstance(value, dict) and not {"@index", "@type", "@id"}.isdisjoint(container):
            found = list(self._indexed(key, definition, value))
        else:
            found = self.expander.element(self.active, key, value, at)
        if found is None:
            return
        if "@list" in container and not (isinstance(found, dict) and "@list" in found):
            found = Expanded({"@list": all_of(found)}, at)
        if "@graph" in container and "@id" not in container and "@index" not in container:
            found = [Expanded({"@graph": all_of(item)}, getattr(item, "at", at)) for item in all_of(found)]
        if definition.reverse:
            self.add_reverse(iri, all_of(found))
        else:
            self.add(iri, all_of(found))

    def add(self, iri: str, items: Iterable[Any]) -> None:
        """Add values under a property."""
        self.made.setdefault(iri, []).extend(items)

    def add_reverse(self, iri: str, items: Iterable[Any]) -> None:
        """Add nodes whose value this one is."""
        reverse = self.made.setdefault("@reverse", {})
        for item in items:
            if "@value" in item or "@list" in item:
                raise JsonLdError("invalid reverse property value", iri)
            reverse.setdefault(iri, []).append(item)

    def _languages(self, definition: Definition, content: dict[str, Any]) -> Iterator[Expanded]:
        direction = self.active.direction if definition.direction is MISSING else definition.direction
        for language in sorted(content):
            values = content[language]
            many = isinstance(values, list)
            for number, text in enumerate(all_of(values)):
                if text is None:
                    continue
                text_of(text, "invalid language map value")
                at = self.expander.place(values, number) if many else self.expander.place(content, language)
                made = Expanded({"@value": text}, at)
                if language != "@none" and expand_name(self.active, language, vocab=True) != "@none":
                    made["@language"] = language
                if direction is not None:
                    made["@direction"] = direction
                yield made

    def _indexed(self, key: str, definition: Definition, content: dict[str, Any]) -> Iterator[Any]:
        """Expand an index, id or type map (step 13.8)."""
        expander, active, container = self.expander, self.active, definition.container
        index_key = definition.index_key or "@index"
        for index in sorted(content):
            inner = active
            if "@id" in container or "@type" in container:
                inner = active.previous or active
            found = inner.terms.get(index)
            if "@type" in container and found is not None and found.context is not MISSING:
                inner = expander.processed(inner, found.context, found.base, propagate=False)
            elif "@id" not in container and "@type" not in container:
                inner = active
            value = content[index]
            at = expander.place(content, index)
            items = all_of(expander.element(inner, key, value, at, mapped=True))
            label = expand_name(active, index, vocab=True)
            for item in items:
                made = item
                if "@graph" in container and "@graph" not in item:
                    made = Expanded({"@graph": all_of(item)}, item.at)
                self._label(made, container, index_key, index, label, expander.key_place(content, index))
                yield made

    def _label(
        self, item: Any, container: tuple[str, ...], index_key: str, index: str, label: str | None, at: Span | None
    ) -> None:
        """Write the key of a map into an item of it (steps 13.8.3.7.2 to 13.8.3.7.5)."""
        if "@index" in container and index_key != "@index" and label != "@none":
            value = value_of(self.active, index_key, index, at)
            name = expand_name(self.active, index_key, vocab=True) or index_key
            if "@value" in item:
                raise JsonLdError("invalid value object", index_key)
            item[name] = [value, *item.get(name, ())]
        elif "@index" in container and "@index" not in item and label != "@none":
            item["@index"] = index
        elif "@id" in container and "@id" not in item and label != "@none":
            item["@id"] = expand_name(self.active, index, document=True)
        elif "@type" in container and label != "@none":
            item["@type"] = [label, *all_of(item.get("@type", []))]
            item.kinds.insert(0, at)

    def finished(self) -> Any:
        """Check what was made and return it, or None when it says nothing (steps 15 to 19)."""
        made: Any = self.made
        if "@value" in made:
            made = checked_value(made)
        elif "@set" in made or "@list" in made:
            if not made.keys() <= {"@set", "@list", "@index"} or len(made.keys() - {"@index"}) > 1:
                raise JsonLdError("invalid set or list object")
            if "@set" in made:
                made = made["@set"]
        elif "@type" in made:
            made["@type"] = all_of(made["@type"])
        if not isinstance(made, dict):
            return made
        if made.keys() == {"@language"}:
            return None
        if (self.name is None or self.name == "@graph") and (
            not made or "@value" in made or "@list" in made or made.keys() == {"@id"}
        ):
            return None
        return made
