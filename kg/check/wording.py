"""How a finding speaks: labels in place of IRIs, places in place of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg import terms
from kg.dataset import Dataset
from kg.report import Location
from kg.vocab import DCTERMS, EVIDENCE, FOAF, PREFIXES, RDF, RDFS, SKOS, SKOSXL

#: The properties that name a resource, the best first.
NAMING = (SKOS.prefLabel, SKOSXL.literalForm, RDFS.label, DCTERMS.title, FOAF.name)
_LONGEST = 80
_MOST = 6


class Wording:
    """Names terms of one Dataset and finds their places."""

    __slots__ = ("_names", "dataset")

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._names: dict[str, str] = {}

    def name(self, term: str) -> str:
        """Return a term in words: its label in quotation marks, else its shortest IRI; a literal's text."""
        found = self._names.get(term)
        if found is None:
            found = self._names[term] = self._name(term)
        return found

    def _name(self, term: str) -> str:
        if terms.is_literal(term):
            return quoted(terms.lexical(term))
        label = self.label(term)
        if label is not None:
            return quoted(terms.lexical(label))
        if terms.is_blank(term):
            return "a blank node"
        stated = [self.dataset.value(term, part, EVIDENCE) for part in (RDF.subject, RDF.predicate, RDF.object)]
        if stated[0] and all(stated) and term not in stated:
            return f"the claim that {self.statement([part for part in stated if part])}"
        return PREFIXES.compress(terms.iri_text(term)) or term

    def label(self, term: str) -> str | None:
        """Return the label that names a resource: by the best property, in English if there is one."""
        for predicate in NAMING:
            literals = [label for label in self.dataset.objects(term, predicate, None) if terms.is_literal(label)]
            if literals:
                return min(literals, key=english_first)
        return None

    def statement(self, parts: Sequence[str]) -> str:
        """Return subject, predicate and object in words."""
        return " ".join(self.name(part) for part in parts[:3])

    def names(self, found: Sequence[str], joint: str = ", ") -> str:
        """Return several terms in words; of a long row, only the first are named."""
        words = [self.name(term) for term in found[:_MOST]]
        left = len(found) - len(words)
        return joint.join(words) + (f" and {left} more" if left else "")

    def place(self, *statements: tuple[str, ...]) -> tuple[Location | None, tuple[Location, ...]]:
        """Return where statements stand: the first place that is known, and the others."""
        found = [place for statement in statements for place in self.dataset.locations(statement)]
        places = list(dict.fromkeys(found))[:_MOST]
        return (places[0] if places else None), tuple(places[1:])

    def stated(self, subject: str, predicate: str, value: str | None) -> list[tuple[str, ...]]:
        """Return the statements with a subject, a property and a value (None: any), in any graph."""
        return [*self.dataset.match(subject, predicate, value, None)]

    def naming(self, term: str) -> list[tuple[str, ...]]:
        """Return a statement with a term as its subject, else one with it as its object, in any graph."""
        found = next(self.dataset.match(term, graph=None), None)
        found = found or next(self.dataset.match(object=term, graph=None), None)
        return [found] if found else []

    def between(self, one: str, other: str) -> list[tuple[str, ...]]:
        """Return what the data state between two terms, in either direction."""
        back = self.dataset.match(other, None, one) if other[0] != '"' else ()
        return [*self.dataset.match(one, None, other), *back]

    def statements(self, subject: str, predicates: Iterable[str], object_: str) -> list[tuple[str, ...]]:
        """Return the statements between two terms with one of the predicates, in either direction."""
        names = list(dict.fromkeys(predicates))
        both = [(subject, name, object_) for name in names] + [(object_, name, subject) for name in names]
        return [statement for statement in dict.fromkeys(both) if statement in self.dataset]


def quoted(text: str) -> str:
    """Return a text in quotation marks on one line, shortened when it is long.

    >>> quoted("a\\nb")
    '“a b”'
    """
    words = " ".join(text.split())
    return f"“{words[: _LONGEST - 1]}…”" if len(words) > _LONGEST else f"“{words}”"


def english_first(label: str) -> tuple[bool, bool, str]:
    """Return the key by which the best of several labels comes first: English, then no language, then by text."""
    tag = terms.language(label)
    return tag != "en", tag is not None, label
