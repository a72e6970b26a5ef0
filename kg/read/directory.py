"""The directory of a glossary: its entries, found by label, by alias, and by the path that a link names."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from kg import terms
from kg.iri import MintingPolicy, check_iri
from kg.read.claim import Claims
from kg.read.page import Page, Passage, items
from kg.terms import Term


class Entry(NamedTuple):
    """One page with its claims and the id it is known by; `path` is relative to the glossary."""

    id: str
    path: str
    page: Page
    claims: Claims | None


class Directory:
    """Looks terms up: by label or alias, and by the path that links name."""

    def __init__(self, entries: list[Entry], policy: MintingPolicy, link_base: str) -> None:
        self.policy = policy
        self.link_base = link_base.strip("/")
        self.labels: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        for entry in entries:
            self.paths[posixpath.splitext(entry.path)[0]] = entry.id
        for entry in entries:
            for words in (entry.page.title.words, entry.page.label):
                self.labels.setdefault(words.casefold(), entry.id)
        for entry in entries:
            for alias in aliases(entry.page):
                self.labels.setdefault(alias.words.casefold(), entry.id)

    def concept(self, entry_id: str) -> Term:
        """Return the IRI of a concept."""
        return terms.iri(self.policy.mint("term", entry_id))

    def by_label(self, label: str) -> str | None:
        """Return the id of the entry with a label or alias."""
        return self.labels.get(label.casefold())

    def by_link(self, target: str, path: str) -> str | None:
        """Return the id of the page a link leads to; `path` is that of the linking page.

        A link is read relative to its page, then from the glossary's root, then with
        its leading folders taken off one by one, as sites put a glossary under a path.
        """
        target = posixpath.splitext(target.partition("#")[0].partition("?")[0])[0].rstrip("/")
        if not target:
            return None
        relative = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if not target.startswith("/") and relative in self.paths:
            return self.paths[relative]
        parts = target.strip("/").split("/")
        for first in range(len(parts)):
            found = self.paths.get("/".join(parts[first:]))
            if found is not None:
                return found
        return None

    def is_internal(self, target: str) -> bool:
        """Tell whether a link means a page of this glossary."""
        if target.startswith("#") or check_iri(target) is None or "://" in target:
            return False
        return target.strip("/").startswith(self.link_base) if target.startswith("/") else True


def aliases(page: Page) -> list[Passage]:
    """Return the other names of a page's term, from its front matter and its section."""
    found = list(page.field("aliases"))
    for section in page.sections:
        if section.rule and section.rule.name == "aliases":
            found += items(section.passages)
    return found
