"""RDF/XML as statements: the grammar of the W3C Recommendation (section 7) over expat.

pyoxigraph's own parser refuses comments and CDATA sections inside a literal, keeps
CR LF and line ends in attributes, passes characters that XML forbids and names no
line (0.5.13), so this is what reads RDF/XML here. It takes any number of pieces and
holds no more than the open elements; nothing is fetched, nothing is recursive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.iri import canonical_tag, check_iri, check_tag
from kg.syntax.rdfxml_frame import COLLECTION, DOCUMENT, EMPTY, LIST_OF_NODES, NODE_ELEMENT, PROPERTY, Frame
from kg.syntax.rdfxml_names import (
    ABOUT,
    BASE,
    DATATYPE,
    DESCRIPTION,
    ID,
    LANG,
    LI,
    NCNAME,
    NO_ATTRIBUTE,
    NO_NODE,
    NO_PROPERTY,
    NODE,
    PARSE,
    RDF,
    RESOURCE,
    ROOT,
    SEPARATOR,
    SYNTAX,
    TYPE,
    UNQUALIFIED,
    VERSIONS,
    XML,
    Check,
    Names,
)
from kg.syntax.resolve import resolve
from kg.syntax.xml_literal import Canonical
from kg.syntax.xml_parser import TooDeep, XmlProblem, step
from kg.terms import LANG_STRING, XSD_STRING, literal

Triple = tuple[str, str, str]

_A = f"<{TYPE}>"
_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_ESCAPED = re.compile('["\\\\\0-\x1f\x7f\ufffe\uffff]').search


class Walker:
    """Reads one document; `statements` grows with what was found.

    Raises `XmlProblem` for what is not well-formed XML, for what the grammar of RDF/XML
    does not allow, and for IRIs and language tags that are none; `TooDeep` for more than
    `depth` open elements.
    """

    def __init__(
        self, base: str | None = None, depth: int | None = None, iri: Check = check_iri, tag: Check = check_tag
    ) -> None:
        from xml.parsers import expat

        self._expat = expat
        self.parser = parser = expat.ParserCreate("utf-8", SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.namespace_prefixes = True
        # An entity that no one declared is said by name, whatever the document type is.
        parser.SkippedEntityHandler = self._skipped
        parser.StartDoctypeDeclHandler = self._doctype
        self._grammar()
        self.statements: list[Triple] = []
        self.depth = depth
        self._wrong_iri, self._wrong_tag = iri, tag
        self._names = Names(iri)
        #: says that the places of elements are wanted
        self.placing = False
        self._iris: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._tags: set[str] = {""}
        self._ids: set[str] = set()
        self._made = 0
        self._newer = False
        self._stack = [Frame(DOCUMENT, base, "")]
        self._xml = Canonical()

    def _grammar(self) -> None:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self._characters
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = None

    def feed(self, data: bytes, *, last: bool) -> None:
        """Read one piece of the document; `last` says that no other follows."""
        try:
            self.parser.Parse(data, last)
        except self._expat.ExpatError as error:
            reason = self._expat.ErrorString(error.code)
            raise XmlProblem(f"XML: {reason}", error.lineno, self.parser.ErrorByteIndex) from error

    def problem(self, detail: str) -> XmlProblem:
        """Return the problem at the place where the parser stands."""
        return XmlProblem(detail, self.parser.CurrentLineNumber, self.parser.CurrentByteIndex)

    def emit(self, subject: str, predicate: str, object_: str) -> None:
        """Take one statement."""
        self.statements.append((subject, predicate, object_))

    # -- expat's events --------------------------------------------------------

    def start(self, name: str, given: dict[str, str]) -> None:
        """Open an element."""
        parent = self._stack[-1]
        base, lang = parent.base, parent.lang
        attributes = given
        if given:
            attributes = self._attributes(given)
            if BASE in attributes:
                base = resolve(base, attributes.pop(BASE)).partition("#")[0]
            if LANG in attributes:
                lang = attributes.pop(LANG)
                if lang not in self._tags and (wrong := self._wrong_tag(lang)):
                    raise self.problem(f"{lang!r} is no language tag: {wrong}")
                self._tags.add(lang)
        if self.depth is not None and len(self._stack) > self.depth:
            raise TooDeep("nested too deep", self.parser.CurrentLineNumber, self.parser.CurrentByteIndex)
        element = self._names[name] or self._nameless(name)
        frame = Frame(NODE_ELEMENT, base, lang)
        if self.placing:
            frame.at = self.parser.CurrentByteIndex
        if parent.kind == NODE_ELEMENT:
            self._property(frame, parent, element, attributes)
        elif parent.kind == DOCUMENT and element == ROOT:
            frame.kind = LIST_OF_NODES
            self._newer = not VERSIONS.isdisjoint(attributes)
            self._properties(frame, {key: v for key, v in attributes.items() if key not in VERSIONS}, SYNTAX)
        else:
            self._node(frame, parent, element, attributes)
        self._stack.append(frame)

    def end(self, _name: str) -> None:
        """Close an element."""
        frame = self._stack.pop()
        if frame.kind == PROPERTY:
            if not frame.object:
                frame.object = self._literal("".join(frame.text or ()), frame.lang, frame.datatype)
                self._stated(frame)
            elif "".join(frame.text or ()).strip(" \t\r\n"):
                raise self.problem("text beside an element: a property holds one of both")
        elif frame.kind == COLLECTION:
            self.emit(frame.subject, _REST, _NIL) if frame.object else self._stated(frame, _NIL)

    def _characters(self, text: str) -> None:
        frame = self._stack[-1]
        if frame.text is not None:
            frame.text.append(text)
        elif text.strip(" \t\r\n"):
            raise self.problem(f"text where no text may stand: {text.strip()[:40]!r}")

    def _skipped(self, name: str, _parameter: bool) -> None:
        raise self.problem(f"the entity &{name}; is not declared")

    def _doctype(self, _name: str, system: str | None, public: str | None, _internal: bool) -> None:
        if system or public:
            raise self.problem("an outside document type, which nothing here fetches")

    # -- names, terms ----------------------------------------------------------

    def _nameless(self, name: str) -> str:
        shown = name.split(SEPARATOR)
        if len(shown) == 1:
            raise self.problem(f"the element {name} has no namespace")
        raise self.problem(f"the namespace of {shown[1]} makes no IRI of it: {shown[0]!r}")

    def _attributes(self, given: dict[str, str]) -> dict[str, str]:
        names = self._names
        found = {names[key]: value for key, value in given.items()}
        if "" not in found:
            if len(found) < len(given):
                raise self.problem("two attributes that are one property")
            return found
        del found[""]
        for key, value in given.items():
            if names[key]:
                continue
            if SEPARATOR in key:
                self._nameless(key)
            elif UNQUALIFIED.get(key, key) not in found and key in UNQUALIFIED:
                found[UNQUALIFIED[key]] = value
            elif key[:3].lower() != "xml":
                raise self.problem(f"the attribute {key} has no namespace")
        return found

    def iri(self, text: str, base: str | None) -> str:
        """Return the term of an IRI reference."""
        term = self._iris.get(text)
        if term is None:
            whole = resolve(base, text)
            if wrong := self._wrong_iri(whole):
                hint = "; the base it needs is not known (--base)" if base is None and ":" not in whole else ""
                raise self.problem(f"{text!r} is no IRI: {wrong}{hint}")
            term = f"<{whole}>"
            if whole == text:
                self._iris[text] = term
        return term

    def _literal(self, text: str, lang: str, datatype: str = "") -> str:
        if _ESCAPED(text):
            return literal(text, None if datatype else lang, datatype)
        if datatype:
            return f'"{text}"' if datatype == XSD_STRING else f'"{text}"^^<{datatype}>'
        return f'"{text}"@{canonical_tag(lang)}' if lang else f'"{text}"'

    def fresh(self) -> str:
        """Return a new blank node: a number, as no rdf:nodeID is."""
        self._made += 1
        return f"_:{self._made}"

    def _blank(self, name: str) -> str:
        label = self._labels.get(name)
        if label is None:
            if not re.fullmatch(NCNAME, name):
                raise self.problem(f"rdf:nodeID {name!r} is no XML name")
            # N-Triples takes fewer names than XML does.
            label = self._labels[name] = (
                f"_:{name}" if re.fullmatch(r"[A-Za-z_][\w\-]*", name, re.ASCII) else self.fresh()
            )
        return label

    def _identity(self, name: str, base: str | None) -> str:
        if not re.fullmatch(NCNAME, name):
            raise self.problem(f"rdf:ID {name!r} is no XML name")
        term = self.iri(f"#{name}", base)
        if term in self._ids:
            raise self.problem(f"rdf:ID {name!r} stands twice")
        self._ids.add(term)
        return term

    def _stated(self, frame: Frame, object_: str = "") -> None:
        """Emit the statement of a property, and its reification where rdf:ID asks for it."""
        triple = frame.subject, frame.predicate, object_ or frame.object
        self.emit(*triple)
        if frame.reified:
            self.emit(frame.reified, _A, f"<{RDF}Statement>")
            for place, term in zip(("subject", "predicate", "object"), triple, strict=True):
                self.emit(frame.reified, f"<{RDF}{place}>", term)

    # -- the grammar -----------------------------------------------------------

    def _node(self, frame: Frame, parent: Frame, element: str, attributes: dict[str, str]) -> None:
        """Open a node element (section 7.2.11)."""
        if element in NO_NODE:
            raise self.problem(f"rdf:{element.removeprefix(RDF)} may not name a node")
        if parent.kind == EMPTY or (parent.kind == PROPERTY and parent.object):
            raise self.problem("a second value: a property element holds one")
        identities = [key for key in (ABOUT, ID, NODE) if key in attributes]
        if len(identities) > 1:
            raise self.problem("a node has one of rdf:about, rdf:ID and rdf:nodeID")
        frame.subject = self._subject(identities[0], attributes, frame.base) if identities else self.fresh()
        self._link(parent, frame.subject)
        if element != DESCRIPTION:
            self.emit(frame.subject, _A, f"<{element}>")
        if attributes:
            self._properties(frame, attributes, {RESOURCE, PARSE, DATATYPE})

    def _subject(self, key: str, attributes: dict[str, str], base: str | None) -> str:
        if key == ABOUT:
            return self.iri(attributes[key], base)
        return self._blank(attributes[key]) if key == NODE else self._identity(attributes[key], base)

    def _link(self, parent: Frame, node: str) -> None:
        """Make a node the value of the property it stands in."""
        if parent.kind == PROPERTY:
            parent.object = node
            self._stated(parent)
        elif parent.kind == COLLECTION:
            cell = self.fresh()
            if parent.object:
                self.emit(parent.subject, _REST, cell)
            else:
                self._stated(parent, cell)
                parent.object = cell
            parent.subject = cell
            self.emit(cell, _FIRST, node)

    def _properties(self, frame: Frame, attributes: dict[str, str], refused: Iterable[str]) -> None:
        """Emit what property attributes say (section 7.2.11 and 7.2.21)."""
        for key, value in attributes.items():
            if key in NO_ATTRIBUTE or key in refused:
                raise self.problem(f"rdf:{key.removeprefix(RDF)} may not stand here")
            if key in SYNTAX or key.startswith(XML):
                continue
            if frame.kind == LIST_OF_NODES:
                raise self.problem(f"the root has no properties: {key}")
            self.emit(frame.subject, f"<{key}>", self.iri(value, frame.base) if key == TYPE else
                      self._literal(value, frame.lang))  # fmt: skip

    def _property(self, frame: Frame, parent: Frame, element: str, attributes: dict[str, str]) -> None:
        """Open a property element (sections 7.2.14 to 7.2.21)."""
        if element in NO_PROPERTY:
            raise self.problem(f"rdf:{element.removeprefix(RDF)} may not name a property")
        if element == LI:
            parent.count += 1
            element = f"{RDF}_{parent.count}"
        frame.kind, frame.subject, frame.predicate = PROPERTY, parent.subject, f"<{element}>"
        # Most properties are of one of these two kinds; the rest of the grammar is slower.
        if not attributes:
            frame.text = []
        elif len(attributes) == 1 and RESOURCE in attributes:
            frame.kind, frame.object = EMPTY, self.iri(attributes[RESOURCE], frame.base)
            self._stated(frame)
        else:
            self._attributed(frame, attributes)

    def _attributed(self, frame: Frame, attributes: dict[str, str]) -> None:
        """Open a property element by what its attributes say that it is."""
        if ID in attributes:
            frame.reified = self._identity(attributes[ID], frame.base)
        rest = {key for key in attributes if not key.startswith(XML)} - {ID}
        if PARSE in rest:
            if len(rest) > 1:
                raise self.problem("beside rdf:parseType only rdf:ID may stand")
            self._parse_type(frame, attributes[PARSE])
        elif rest <= {DATATYPE}:
            frame.text = []
            if rest:
                frame.datatype = self.iri(attributes[DATATYPE], frame.base)[1:-1]
                if frame.datatype == LANG_STRING:
                    raise self.problem("rdf:langString is told by xml:lang, not by rdf:datatype")
        else:
            self._empty(frame, attributes)

    def _parse_type(self, frame: Frame, kind: str) -> None:
        if kind == "Resource":
            frame.object = self.fresh()
            self._stated(frame)
            frame.kind, frame.subject, frame.reified = NODE_ELEMENT, frame.object, ""
        elif kind == "Collection":
            frame.kind = COLLECTION
        elif kind == "Triple" and self._newer:
            raise self.problem("a triple term of RDF 1.2, which nothing here holds")
        else:
            # Section 7.2.20: any other value stands for Literal.
            self._xml = Canonical()
            self.parser.StartElementHandler = self._xml.start
            self.parser.EndElementHandler = self._xml_end
            self.parser.CharacterDataHandler = self._xml.characters
            self.parser.CommentHandler = self._xml.comment
            self.parser.ProcessingInstructionHandler = self._xml.instruction

    def _xml_end(self, name: str) -> None:
        if self._xml.end(name):
            return
        self._stack[-1].datatype, self._stack[-1].text = RDF + "XMLLiteral", [self._xml.text()]
        self._grammar()
        self.end(name)

    def _empty(self, frame: Frame, attributes: dict[str, str]) -> None:
        """Open a property element whose value stands in its attributes (section 7.2.21)."""
        if RESOURCE in attributes and NODE in attributes:
            raise self.problem("a property has one of rdf:resource and rdf:nodeID")
        if RESOURCE in attributes:
            frame.object = self.iri(attributes[RESOURCE], frame.base)
        else:
            frame.object = self._blank(attributes[NODE]) if NODE in attributes else self.fresh()
        self._stated(frame)
        frame.kind, frame.subject = EMPTY, frame.object
        self._properties(frame, attributes, {ABOUT, PARSE, DATATYPE})


def triples(
    pieces: Iterable[bytes],
    base: str | None = None,
    depth: int | None = None,
    iri: Check = check_iri,
    tag: Check = check_tag,
) -> Iterator[list[Triple]]:
    """Yield the statements of an RDF/XML document in batches, in its order.

    The pieces are UTF-8, whatever the document declares; `iri` and `tag` say what is wrong
    with an IRI or a language tag. Raises what `Walker` raises.

    >>> rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
    >>> list(triples([f'<e:C {rdf} rdf:about="http://e/c" e:p="v"/>'.encode()]))[0][1]
    ('<http://e/c>', '<http://e/p>', '"v"')
    """
    walker = Walker(base, depth, iri, tag)
    for piece in pieces:
        size = step(len(piece))
        for at in range(0, len(piece), size):
            walker.feed(piece[at : at + size], last=False)
            if walker.statements:
                batch, walker.statements = walker.statements, []
                yield batch
    walker.feed(b"", last=True)
