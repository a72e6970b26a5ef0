"""The editor of JSON-LD: members of objects and arrays that go, come or change.

What comes is written as the document writes its like: under the name that it uses for the
property, in the form of a value that stands there already; else in the expanded form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kg import terms
from kg.interop import Quad
from kg.repair.change import ADD, AGAIN, BLANKS, NAMESPACE, REPLACE, TAGS, Change, Refused
from kg.repair.patch import Edit, joined
from kg.syntax import json_spelling
from kg.syntax.json_spelling import Document, Spot
from kg.terms import Term
from kg.text import Span

_SPELLING = {TAGS: json_spelling.tags, BLANKS: json_spelling.blanks, NAMESPACE: json_spelling.namespace}
#: The members that hold a value's term, and all that such a value has.
_TERM = frozenset(["@id", "@value", "id", "value"])
_LONE = frozenset(["@id", "@value", "@language", "@type", "id", "value", "language"])


def edits(text: str, changes: Sequence[Change], base: str, format_name: str) -> list[Edit]:
    """Return the edits that make changes in a document, in order.

    Raises `Refused` with the wishes that cannot be met here, and why.
    """
    del format_name
    made = [
        Edit(*better, frozenset([change.wish]))
        for change in changes
        for better in (_SPELLING[change.kind](text) if change.kind in _SPELLING else ())
    ]
    stated = [change for change in changes if change.kind not in _SPELLING]
    try:
        if stated:
            try:
                made += _Editor(Document(text, base)).edits(stated)
            except ValueError as error:
                words = "the text names a context that is not at hand"
                raise Refused(dict.fromkeys((change.wish for change in stated), words)) from error
        return joined(made)
    except _Clash as clash:
        raise Refused(clash.wishes) from clash
    except ValueError as clash:
        (wishes,) = clash.args
        raise Refused({max(wishes): "another repair changes the same words; run it again"}) from clash


class _Clash(Exception):
    def __init__(self, wishes: dict[int, str]) -> None:
        super().__init__(wishes)
        self.wishes = wishes


class _Editor:
    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.text
        self.spots: dict[Quad, list[Spot]] = {}
        #: the object that describes each subject, and how each thing is named there
        self.nodes: dict[str, dict[str, Any]] = {}
        self.named: dict[str, str] = {}
        #: how a property is written: its name in the document, and a value under it
        self.models: dict[str, tuple[str, Any, str]] = {}
        self.refused: dict[int, str] = {}
        #: members that go, by the object or array around them
        self.gone: dict[int, tuple[Any, dict[Any, frozenset[int]]]] = {}
        self.prefixes = _prefixes(document.content)
        self.news: dict[int, tuple[dict[str, Any], dict[str, list[tuple[Quad, int]]]]] = {}
        for quad, at in document.stated:
            if at is not None and (spot := document.spots.get(at)) is not None:
                self.spots.setdefault(quad, []).append(spot)
                self._learn(quad, spot)

    def _learn(self, quad: Quad, spot: Spot) -> None:
        """Take note of where a subject is described, and how a property is written."""
        outer = self._property(spot)
        if outer is None:
            return
        node, name = outer
        own = node.get("@id", node.get("id"))
        if isinstance(own, str) and quad[0][0] == "<":
            self.named.setdefault(quad[0], own)
            if name not in ("@type", "type") or quad[0] not in self.nodes:
                self.nodes.setdefault(quad[0], node)
        value = spot.around[spot.key]
        if isinstance(value, str) and quad[2][0] == "<" and name[0] != "@":
            self.named.setdefault(quad[2], value)
        kind = "map" if isinstance(spot.around, dict) and spot.around is not node else "plain"
        if quad[1] not in self.models:
            self.models[quad[1]] = name, value, kind

    def _property(self, spot: Spot) -> tuple[dict[str, Any], str] | None:
        """Return the object that has a property, and the property's name there, by the spot of one of its values."""
        around, key = spot
        while isinstance(around, list) or (isinstance(around, dict) and self._is_map(around)):
            outer = self.document.around.get(id(around))
            if outer is None:
                return None
            around, key = outer
        return around, key

    def _is_map(self, around: dict[str, Any]) -> bool:
        """Tell whether an object is a map of languages: names that are no keywords, texts alone."""
        outer = self.document.around.get(id(around))
        if outer is None or isinstance(outer.around, list) or not around:
            return False
        flat = [item for value in around.values() for item in (value if isinstance(value, list) else [value])]
        return (
            all(isinstance(item, str) for item in flat)
            and not any(key[:1] == "@" for key in around)
            and ("id" not in around and "type" not in around)
        )

    # -- what is wanted ----------------------------------------------------------

    def edits(self, changes: Sequence[Change]) -> list[Edit]:
        made: list[Edit] = []
        for change in changes:
            if change.kind == ADD and change.new:
                self._come(change.new, change.wish)
                continue
            spots = self.spots.get(change.old, []) if change.old else []
            if not spots and change.kind != AGAIN:
                self.refused[change.wish] = "the statement is not found in the text as it is written there"
            elif change.kind == REPLACE and (replaced := self._replace(change, spots)):
                made.append(replaced)
            else:
                for spot in spots[1:] if change.kind == AGAIN else spots:
                    self._go(spot, change.wish)
                if change.new:
                    self._come(change.new, change.wish)
        made += [edit for around, keys in list(self.gone.values()) for edit in self._removed(around, keys)]
        made += [edit for node, news in self.news.values() for edit in self._inserted(node, news)]
        if self.refused:
            raise _Clash(self.refused)
        return made

    def _go(self, spot: Spot, wish: int) -> None:
        while isinstance(spot.around, dict) and spot.key in _TERM and spot.around.keys() <= _LONE:
            outer = self.document.around.get(id(spot.around))
            if outer is None:
                break
            spot = outer
        value = spot.around[spot.key]
        if isinstance(value, list) or (isinstance(value, dict) and not value.keys() <= _LONE):
            self.refused[wish] = "what would go holds more"
            return
        keys = self.gone.setdefault(id(spot.around), (spot.around, {}))[1]
        keys[spot.key] = keys.get(spot.key, frozenset()) | {wish}
        outer = self.document.around.get(id(spot.around))
        # An array or a map of which nothing is left goes as a whole.
        inside = isinstance(spot.around, list) or self._is_map(spot.around)
        if len(keys) == len(spot.around) and inside and outer is not None:
            del self.gone[id(spot.around)]
            known = self.gone.setdefault(id(outer.around), (outer.around, {}))[1]
            known[outer.key] = frozenset().union(*keys.values())

    def _replace(self, change: Change, spots: Sequence[Spot]) -> Edit | None:
        """Write another text in the place of one."""
        old, new = change.old, change.new
        if not old or not new or old[:2] != new[:2] or len(spots) != 1 or new[2][0] != '"':
            return None
        spot = spots[0]
        if isinstance(spot.around[spot.key], dict):
            spot = Spot(spot.around[spot.key], "@value" if "@value" in spot.around[spot.key] else "value")
        if not isinstance(spot.around, (dict, list)) or (isinstance(spot.around, dict) and spot.key not in spot.around):
            return None
        if not isinstance(spot.around[spot.key], str):
            return None
        span = self.document.places[id(spot.around)][spot.key]
        return Edit(*span, _json(terms.lexical(Term(new[2]))), frozenset([change.wish]))

    def _come(self, quad: Quad, wish: int) -> None:
        node = self.nodes.get(quad[0])
        if node is None or quad[3]:
            self.refused[wish] = "the text has no object of this subject to put it in"
            return
        name = self.models[quad[1]][0] if quad[1] in self.models else self._name(quad[1][1:-1])
        self.news.setdefault(id(node), (node, {}))[1].setdefault(name, []).append((quad, wish))

    def _name(self, iri: str) -> str:
        """Return the name of a property that the document does not use, with a prefix where one fits."""
        for name, space in self.prefixes.items():
            if iri.startswith(space) and len(iri) > len(space):
                return f"{name}:{iri.removeprefix(space)}"
        return iri

    # -- the edits ---------------------------------------------------------------

    def _members(self, around: Any) -> list[tuple[Any, Span]]:
        """Return the members of an object or array with their ranges, names included, in order."""
        places = self.document.places[id(around)]
        if isinstance(around, list):
            return [(key, places[key]) for key in range(len(around))]
        return [(key, Span(places["key", key].start, places[key].end)) for key in around]

    def _removed(self, around: Any, keys: dict[Any, frozenset[int]]) -> Iterator[Edit]:
        members = self._members(around)
        for number, (key, span) in enumerate(members):
            if key not in keys:
                continue
            before = next((at for other, at in reversed(members[:number]) if other not in keys), None)
            if any(other not in keys for other, _ in members[number + 1 :]):
                yield Edit(span.start, members[number + 1][1].start, "", keys[key])
            else:
                yield Edit(before.end if before else span.start, span.end, "", keys[key])

    def _inserted(self, node: dict[str, Any], news: dict[str, list[tuple[Quad, int]]]) -> Iterator[Edit]:
        members, gone = self._members(node), self.gone.get(id(node), (node, {}))[1]
        fresh: list[str] = []
        wishes: frozenset[int] = frozenset()
        for name, quads in news.items():
            made = [self._value(name, quad) for quad, _ in quads]
            numbers = frozenset(wish for _, wish in quads)
            if name in node and name not in gone:
                yield from self._more(node, name, quads, made, numbers)
            else:
                fresh.append(f"{_json(name)}: {made[0] if len(made) == 1 else '[' + ', '.join(made) + ']'}")
                wishes |= numbers
        last = next((span for key, span in reversed(members) if key not in gone), None)
        if fresh and last is None:
            self.refused.update(dict.fromkeys(wishes, "the object of the subject would be empty"))
        elif fresh and last is not None:
            joint = "," + self._before(last.start)
            yield Edit(last.end, last.end, "".join(joint + one for one in fresh), wishes)

    def _more(
        self,
        node: dict[str, Any],
        name: str,
        quads: Sequence[tuple[Quad, int]],
        made: Sequence[str],
        wishes: frozenset[int],
    ) -> Iterator[Edit]:
        """Give a property that is there more values."""
        value, span = node[name], self.document.places[id(node)][name]
        if isinstance(value, dict) and self._is_map(value):
            yield from self._into_map(value, quads, wishes)
            return
        if not isinstance(value, list):
            yield Edit(span.start, span.start, "[", wishes)
            yield Edit(span.end, span.end, "".join(f", {one}" for one in made) + "]", wishes)
            return
        gone = self.gone.get(id(value), (value, {}))[1]
        stay = [at for key, at in self._members(value) if key not in gone]
        if stay:
            joint = "," + self._before(stay[-1].start)
            yield Edit(stay[-1].end, stay[-1].end, "".join(joint + one for one in made), wishes)
        else:
            yield Edit(span.start + 1, span.start + 1, ", ".join(made), wishes)

    def _into_map(
        self, value: dict[str, Any], quads: Sequence[tuple[Quad, int]], wishes: frozenset[int]
    ) -> Iterator[Edit]:
        places = self.document.places[id(value)]
        last = self._members(value)[-1][1]
        for quad, wish in quads:
            tag, text = terms.language(quad[2]) if quad[2][0] == '"' else None, ""
            if tag is None:
                self.refused[wish] = "the map of languages holds no text without one"
                continue
            text = _json(terms.lexical(Term(quad[2])))
            key = next((key for key in value if key.lower() == tag.lower()), None)
            if key is None:
                joint = "," + self._before(last.start)
                yield Edit(last.end, last.end, f"{joint}{_json(tag)}: {text}", wishes)
            elif isinstance(value[key], list) and value[key]:
                inner = self._members(value[key])[-1][1]
                yield Edit(inner.end, inner.end, f",{self._before(inner.start)}{text}", wishes)
            else:
                yield Edit(places[key].start, places[key].start, "[", wishes)
                yield Edit(places[key].end, places[key].end, f", {text}]", wishes)

    def _value(self, name: str, quad: Quad) -> str:
        """Return a value in the form of its like in the document, else in the expanded form."""
        term = quad[2]
        known, model, kind = self.models.get(quad[1], (name, None, "plain"))
        if term[0] != '"':
            own = self.named.get(term, term[1:-1])
            return _json(own) if isinstance(model, str) and known == name else f'{{"@id": {_json(own)}}}'
        text, tag = _json(terms.lexical(Term(term))), terms.language(Term(term))
        if kind == "map" and tag and name == known:
            return f"{{{_json(tag)}: {text}}}"
        if tag:
            return f'{{"@value": {text}, "@language": {_json(tag)}}}'
        if term[-1] == ">":
            return f'{{"@value": {text}, "@type": {_json(terms.datatype(Term(term)))}}}'
        return f'{{"@value": {text}}}'

    def _before(self, at: int) -> str:
        """Return what stands before a member: the end of a line and its blanks, or one blank."""
        start = max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1
        if start and not self.text[start:at].strip(" \t"):
            begins = start - 2 if self.text[max(0, start - 2) : start] == "\r\n" else start - 1
            return self.text[begins:at]
        return " "


def _prefixes(content: Any) -> dict[str, str]:
    """Return what the context in a document declares like prefixes."""
    context = content.get("@context") if isinstance(content, dict) else None
    return {
        name: space
        for part in (context if isinstance(context, list) else [context])
        for name, space in (part.items() if isinstance(part, dict) else ())
        if isinstance(space, str) and space[-1:] in ("#", "/", ":") and name[:1] != "@"
    }


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
