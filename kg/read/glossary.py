"""A glossary from its pages: a directory, or single files, into one Dataset."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from kg import rule
from kg.dataset import Dataset
from kg.errors import UsageError
from kg.iri import MintingPolicy, check_iri, slug
from kg.limits import Limits
from kg.read import config as configs
from kg.read.claim import SUFFIX, Claims, read_claims
from kg.read.config import Config
from kg.read.directory import Directory, Entry
from kg.read.entry import EntryWriter
from kg.read.evidence import Evidence
from kg.read.gate import STDIN, read_text
from kg.read.page import read_page
from kg.read.scheme import SchemeWriter
from kg.report import Location, Report
from kg.text import Source
from kg.vocab import borrowed_properties


class PageFile(NamedTuple):
    """A page to read: where it lies, its path inside the glossary, and its syntax."""

    path: str
    relative: str
    markdown: bool


class Found(NamedTuple):
    """Where the config lies or would lie, its text, what it says, and the pages."""

    where: str
    text: Source | None
    config: Config
    files: list[PageFile]


def read_glossary(
    sources: Sequence[str],
    report: Report,
    limits: Limits,
    *,
    base: str | None = None,
    evidence: bool = True,
    markdown: bool | None = None,
) -> Dataset:
    """Read pages (files, directories, ``-``) with their claims and `glossary.toml` into one Dataset.

    `base` overrides that of `glossary.toml`; `markdown` the syntax told by the file
    names. Pages are taken in the order of their paths inside the glossary, so the
    order of `sources` does not matter. What is wrong with the content goes to the report.

    Raises `SourceError` for a source that cannot be read, `UsageError` for a bad base.
    """
    if base is not None and (problem := check_iri(base)):
        raise UsageError(f"--base {base}: {problem}")
    where, text, config, files = _find(sources, report, limits, markdown)
    policy = _policy(config, base, where, report)
    dataset = Dataset()
    if text:
        dataset.texts[where] = text
    properties = _properties()
    entries = []
    for file in files:
        entry = _read_entry(file, dataset, policy, properties, report, limits)
        if entry:
            entries.append(entry)
    entries = _without_clashes(entries, report)
    proof = Evidence(dataset, policy) if evidence else None
    writer = EntryWriter(dataset, report, Directory(entries, policy, config.link_base), config.language, proof)
    for entry in entries:
        writer.write(entry)
    if entries:
        SchemeWriter(dataset, policy, config, where).write()
    if proof:
        proof.finish()
    return dataset


def _find(sources: Sequence[str], report: Report, limits: Limits, markdown: bool | None) -> Found:
    """Find the config of sources and their pages, sorted by their paths inside the glossary."""
    homes = [source if os.path.isdir(source) else os.path.dirname(source) for source in sources if source != STDIN]
    home = min(homes, key=lambda path: (len(path), path), default="")
    path = os.path.join(home, configs.FILE)
    text = read_text(path, limits, report) if home in homes and os.path.isfile(path) else None
    config = configs.read_config(text, report)
    files = []
    for source in dict.fromkeys(sources):
        if os.path.isdir(source):
            inside = configs.pages_in(source, config)
            if not inside:
                report.add(rule.finding("glossary.no-pages", Location(source)))
            files += [_page_file(os.path.join(source, name), home, markdown) for name in inside]
        else:
            files.append(_page_file(source, home, markdown))
    if len(files) > limits.max_files:
        raise limits.over("max_files", home or ".")
    # What a file that is not there would have said is told of the directory it would lie in.
    where = path if text else home or "."
    return Found(where, text, config, sorted(set(files), key=lambda file: file.relative))


def _page_file(path: str, home: str, markdown: bool | None) -> PageFile:
    relative = path if path == STDIN else os.path.relpath(path, home or ".").replace(os.sep, "/")
    told = configs.PAGES.get(os.path.splitext(path.lower())[1], False)
    return PageFile(path, relative, told if markdown is None else markdown)


def _policy(config: Config, base: str | None, where: str, report: Report) -> MintingPolicy:
    chosen = base or config.base
    if chosen:
        return MintingPolicy(chosen)
    report.add(rule.finding("glossary.base-missing", Location(where)))
    return MintingPolicy.undecided(config.title)


def _properties() -> frozenset[str]:
    from kg.hierarchy import hierarchy

    return borrowed_properties() | hierarchy().properties()


def _read_entry(
    file: PageFile,
    dataset: Dataset,
    policy: MintingPolicy,
    properties: frozenset[str],
    report: Report,
    limits: Limits,
) -> Entry | None:
    source = read_text(file.path, limits, report)
    if source is None:
        return None
    if file.path == STDIN and not file.markdown:
        # Nothing names the syntax of standard input; its first line tells Markdown well enough.
        file = file._replace(markdown=source.text.startswith(("---\n", "---\r", "# ")))
    dataset.texts[file.path] = source
    page = read_page(source, report, markdown=file.markdown)
    claims: Claims | None = None
    beside = os.path.splitext(file.path)[0] + SUFFIX
    if file.path != STDIN and os.path.isfile(beside):
        text = read_text(beside, limits, report)
        if text:
            dataset.texts[beside] = text
            claims = read_claims(text, policy, properties, report)
    if page is None:
        return None
    given = claims.entry if claims else None
    for value in page.field("id"):
        given = given or slug(value.words)
    if given is None:
        stem = os.path.splitext(os.path.basename(file.relative))[0]
        given = slug(page.label) if file.path == STDIN else slug(stem)
        given = given or "unnamed"
        place = Location(file.path, 1, 1)
        report.add(rule.finding("glossary.id-from-name", place, slug=given, path=file.path))
    return Entry(given, file.relative, page, claims)


def _without_clashes(entries: list[Entry], report: Report) -> list[Entry]:
    """Report entries that share an id; the first by path keeps it, so that no two are mixed."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        first = kept.setdefault(entry.id, entry)
        if first is not entry:
            title = entry.page.title.span
            place = entry.page.source.locate(title)
            other = first.page.source.locate(first.page.title.span)
            report.add(rule.finding("glossary.id-clash", place, slug=entry.id, also=(other,)))
    return list(kept.values())
