"""How the terms of a Dataset are spelt in Turtle and TriG, each once, and which prefixes that takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg import terms
from kg.iri import Prefixes
from kg.terms import Term
from kg.vocab import RDF, XSD

#: Short forms, where every parser keeps the lexical form: rdflib reads a bare `01` as `1`.
_SHORT = {XSD.integer: re.compile(r"0|-?[1-9][0-9]*"), XSD.boolean: re.compile(r"true|false")}


class Spelling:
    """The spelling of each term by its number, once `spell` has seen the number."""

    def __init__(self, prefixes: Prefixes, known: Sequence[Term]) -> None:
        self.terms = known
        self.forms: list[str] = list(known)
        self._prefixes = prefixes
        self._spelt: set[int] = set()
        self._names: dict[str, str] = {}
        self._used: set[str] = set()

    def used(self) -> dict[str, str]:
        """Return the prefixes that were used so far, with their namespaces."""
        return {name: self._prefixes.namespaces[name] for name in sorted(self._used)}

    def header(self) -> str:
        """Return the declarations of the prefixes that were used so far."""
        return "".join(f"@prefix {name}: <{base}> .\n" for name, base in self.used().items())

    def spell(self, numbers: set[int]) -> None:
        """Spell terms that stand as subjects and objects."""
        forms = self.forms
        for number in numbers - self._spelt:
            term = forms[number]
            if term[0] == "<" or term[-1] == ">" or "\\n" in term:
                forms[number] = self.spelt(term)
        self._spelt |= numbers

    def names(self, numbers: Iterable[int]) -> list[str]:
        """Return the spelling of predicates."""
        return [self.name(self.terms[number], verb=True) for number in numbers]

    def name(self, term: str, *, verb: bool = False) -> str:
        """Return the spelling of a predicate, a datatype or the name of a graph."""
        if verb and term == RDF.type:
            return "a"
        known = self._names.get(term)
        if known is None:
            known = self._names[term] = self._iri(term) if term[0] == "<" else term
        return known

    def spelt(self, term: str) -> str:
        """Return the spelling of any term that is no predicate."""
        if term[0] == "<":
            return "()" if term == RDF.nil else self._iri(term)
        return self._literal(term) if term[-1] == ">" or "\\n" in term else term

    def _iri(self, term: str) -> str:
        if term[1] == "<":
            return self._triple(term)
        name = self._prefixes.compress(term[1:-1])
        if name is None:
            return term
        self._used.add(name[: name.index(":")])
        return name

    def _triple(self, term: str) -> str:
        """Spell a term that is a triple (RDF 1.2 Turtle, section 2.10); literals and triples in it stay as they are."""
        subject, predicate, object_ = term[4:-4].split(" ", 2)
        spelt = object_ if object_[0] == '"' or object_[:2] == "<<" else self.name(object_)
        return f"<<( {self.name(subject)} {self.name(predicate, verb=True)} {spelt} )>>"

    def _literal(self, term: str) -> str:
        end = term.rindex('"') + 1
        body, rest = term[:end], term[end:]
        if "\\n" in body:
            body = _long(terms.lexical(term), body)
        if not rest or rest[0] == "@":
            return body + rest
        short = _SHORT.get(Term(rest[2:]))
        return body[1:-1] if short and short.fullmatch(body[1:-1]) else f"{body}^^{self.name(rest[2:])}"


def _long(text: str, short: str) -> str:
    """Return a text of several lines in the long form; only line feeds stand as they are."""
    lines = [terms.literal(line)[1:-1] for line in text.split("\n")]
    return '"""' + "\n".join(lines) + '"""' if len(lines) > 1 else short
