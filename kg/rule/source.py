"""Rules for bytes, RDF and JSON-LD as they are read."""

from __future__ import annotations

from collections.abc import Mapping

from kg.rule.model import INFO, VIOLATION, WARNING, Rule

RULES: Mapping[str, Rule] = {
    # -- text: bytes that should be text
    "text.not-utf-8": Rule(VIOLATION, "not UTF-8: {detail}", "save the file as UTF-8"),
    "text.utf-16": Rule(VIOLATION, "UTF-16, not UTF-8", "save the file as UTF-8"),
    "text.nul": Rule(VIOLATION, "a NUL character: this is no text", "remove the character, or exclude the file"),
    "text.bidi": Rule(
        WARNING,
        "an invisible character that changes the reading order: {detail}",
        "remove it unless it is meant: it can make text read other than it is stored",
    ),
    "text.trailing-blank": Rule(
        INFO, "blanks at the end of the line; lines that end so: {count}", "remove them; kg validate --fix does"
    ),
    # -- rdf.xml: what --lenient repairs in RDF/XML
    "rdf.xml-reference": Rule(
        WARNING, "{written} is no entity that the document declares; read as {mended}", "write the character itself"
    ),
    "rdf.xml-character": Rule(
        WARNING, "XML forbids the character {written}; read as U+FFFD", "remove it where the document is made"
    ),
    "rdf.xml-iri": Rule(WARNING, "no IRI: {written!r}; read as {mended}", "write the IRI as it is read, or mend it"),
    "rdf.xml-language": Rule(
        WARNING, "no language tag: {written!r}; read as {mended}", "write a tag of BCP 47, such as en or zh-Hant"
    ),
    # -- rdf.turtle: what --lenient repairs in Turtle, TriG, N-Triples and N-Quads
    "rdf.turtle-language": Rule(
        WARNING, "no language tag: {written!r}; read as {mended}", "write a tag of BCP 47, such as en or zh-Hant"
    ),
    "rdf.turtle-iri": Rule(WARNING, "no IRI: {written!r}; read as {mended}", "write the IRI as it is read, or mend it"),
    "rdf.turtle-escape": Rule(WARNING, "no escape: {written}; read as {mended}", "write a backslash as two"),
    "rdf.turtle-sign": Rule(WARNING, "{written}; read as {mended}", "mend the sign"),
    "rdf.turtle-statement": Rule(
        WARNING,
        "left out, as it cannot be read (statements lost: {count}): {reason}",
        "mend the place named; nothing was guessed",
    ),
    "rdf.turtle-more": Rule(WARNING, "{count} more of {kind} are not listed", "mend those that are, and look again"),
    # -- rdf: what a file of RDF is, before its statements are looked at
    "rdf.format-differs": Rule(
        WARNING, "the name says {named}, and it is {found}; read as what it is", "rename the file"
    ),
    "rdf.sparql": Rule(
        VIOLATION, "a SPARQL request, no data: it is not read", "take it out of the sources, or ask it with kg query"
    ),
    "rdf.beside-pages": Rule(
        WARNING, "{pages} pages and {files} RDF files here are read as one", "name those meant, or add a glossary.toml"
    ),
    "rdf.member-left-out": Rule(
        INFO, "{count} members of the archive are not named like RDF and are not read", "nothing, or unpack them"
    ),
    "rdf.prefix-relative": Rule(
        WARNING, "the unused prefix {prefix}: stands for a relative IRI", "write it in full, or remove the prefix"
    ),
    "rdf.prefix-rebound": Rule(
        WARNING, "the well-known prefix {prefix}: stands for {namespace} here", "mend it, or choose another prefix"
    ),
    "rdf.control-character": Rule(
        WARNING, "{value} holds the control character {detail}", "remove it: XML cannot hold it, and terminals obey it"
    ),
    "rdf.ill-typed": Rule(WARNING, "{value} is no {detail}", "mend the value, or its datatype"),
    "rdf.list-broken": Rule(
        WARNING, "a list {problem}", "give each part of it one rdf:first and one rdf:rest, up to rdf:nil"
    ),
    "text.tag-case": Rule(
        INFO,
        "the language tag {written} is written {better} in BCP 47; tags so written: {count}",
        "write it so; kg validate --fix does",
    ),
    "rdf.repeated": Rule(
        INFO, "said before in this file: {written}; statements said again: {count}", "remove it; kg validate --fix does"
    ),
    "rdf.unrepaired": Rule(
        WARNING, "the repair of {rule} was not made: {reason}", "mend it by hand; its finding says where"
    ),
    "rdf.byte-order-mark": Rule(INFO, "a byte order mark, which other readers refuse", "save the file without it"),
    # -- jsonld: what JSON-LD gives no meaning
    "jsonld.left-out": Rule(
        WARNING,
        "{what} means nothing in JSON-LD here, so what it says is left out; {count} in the document",
        "define the name in the context, or write an absolute IRI",
    ),
}
