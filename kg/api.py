"""What a program calls: load, validate, export."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from kg import pipeline
from kg.dataset import Dataset
from kg.errors import UnknownName
from kg.limits import Limits
from kg.pipeline import Job
from kg.profile import FULL, apply
from kg.report import Finding, Fix, Report, Severity
from kg.rule.choice import Choice


def load(
    *sources: str | os.PathLike[str],
    base: str | None = None,
    format: str | None = None,
    lenient: bool = False,
    contexts: Mapping[str, str | os.PathLike[str]] | None = None,
    limits: Limits | None = None,
) -> Dataset:
    """Load glossaries: pages, RDF files, archives and directories of them; without a source, the shipped one.

    What is wrong with the content is in the `report` of the Dataset, not raised. `base`
    is the base of the IRIs that are made and of relative IRIs, `format` the format of the
    sources where neither name nor content tells. `lenient` repairs RDF that is refused
    otherwise; `contexts` are files of JSON-LD contexts by the URLs that documents name.
    It runs in this process with the caps of `limits`.

    Raises `SourceError` for a source that cannot be read, `LimitError` for one that goes
    over a cap, `UsageError` for a wrong call.
    """
    job = Job(
        tuple(os.fspath(source) for source in sources),
        base=base,
        source_format=format,
        lenient=lenient,
        contexts=tuple((url, os.fspath(path)) for url, path in (contexts or {}).items()),
        limits=limits or Limits(),
    )
    return pipeline.read(job)


def validate(dataset: Dataset, choice: Choice | Collection[str] | None = None) -> Report:
    """Check a Dataset and return everything that was found, reading included.

    `choice` names profiles (`skos`, `glossary`, `quality`, `publication`), or is a
    `kg.Choice` of rules and severities. What it leaves open is taken from the table
    `[validate]` of `glossary.toml`; without that, `skos` and `glossary` are checked.

    Raises `UnknownName` for a profile or a rule that does not exist.
    """
    return pipeline.check(dataset, choice)


def report_as(
    report: Report,
    name: str,
    *,
    fail_on: Severity | str = "violation",
    verbose: bool = False,
    suggest: Dataset | None = None,
) -> str:
    """Return a report in one of the forms of `kg validate --report`.

    `name` is `text`, `json`, `sarif`, `github`, `junit`, `shacl`, `markdown` or `html`. What reaches
    `fail_on` fails; forms for people leave out information unless `verbose` is true, and show lines of
    the sources. With `suggest`, the Dataset that was checked, `json` and `sarif` say of each finding
    what would mend it.

    Raises `UnknownName` for a form or a severity that does not exist.

    >>> from kg.report import Finding
    >>> report_as(Report([Finding("page.empty", Severity.VIOLATION, "the page is empty", "write")]), "github")
    '::error title=page.empty::the page is empty – write\\n'
    """
    from kg.write.report import REPORTS, write
    from kg.write.report.excerpt import Excerpts
    from kg.write.report.shown import Entry, Shown

    if isinstance(fail_on, str):
        if fail_on not in (known := [severity.value for severity in Severity]):
            raise UnknownName("severity", fail_on, known)
        fail_on = Severity(fail_on)
    fixes: Mapping[Finding, Fix] = {}
    if suggest is not None and name in REPORTS and REPORTS[name].fixes:
        from kg.repair import suggested

        fixes = suggested(report, suggest).fixes
    entries = [Entry(id_, finding, fix=fixes.get(finding)) for id_, finding in report.named()]
    return b"".join(write(name, Shown(entries, fail_on, info=verbose, excerpts=Excerpts()))).decode()


def expand(dataset: Dataset, profile: str = FULL) -> Dataset:
    """Return a Dataset with what follows from it, as an export profile shows it: for queries and programs.

    Raises `UnknownName` for a profile that does not exist.
    """
    return apply(dataset, profile)


def export(
    dataset: Dataset,
    format: str,
    *,
    profile: str = FULL,
    evidence: bool = False,
    candidates: bool = True,
    concept: str | None = None,
    branch: str | None = None,
    languages: Collection[str] = (),
    context_url: str | None = None,
    jsonld_form: str = "compact",
    jsonld_context: str | None = None,
) -> str:
    """Return a Dataset as text in a format, without checking it.

    JSON-LD is `compact`, `expanded` or `framed`, and its context is ours or the text in `jsonld_context`.

    Raises `UnknownName` for a format, profile or concept that does not exist, `UsageError`
    for a context that cannot be used, `Unwritable` for a term that the format cannot hold.
    """
    job = Job(
        profile=profile,
        evidence=pipeline.REIFIED if evidence else pipeline.NO_EVIDENCE,
        candidates=candidates,
        concept=concept,
        branch=branch,
        languages=tuple(languages),
        context_url=context_url,
        jsonld_form=jsonld_form,
        jsonld_context=jsonld_context,
    )
    return b"".join(pipeline.export_dataset(dataset, format, job)).decode()


def page(dataset: Dataset, entry: str) -> bytes:
    """Return the page an entry was read from, byte for byte as it was.

    Raises `UnknownName` when the Dataset holds no page of an entry with that id.
    """
    from kg.read.evidence import page_bytes, page_versions

    versions = page_versions(dataset)
    if entry not in versions:
        raise UnknownName("page", entry, versions)
    return page_bytes(dataset, versions[entry])
