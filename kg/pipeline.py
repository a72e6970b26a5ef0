"""From sources to results: read → check → write, as steps that can be taken one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from kg import formats, profile, selection, terms
from kg.dataset import Dataset
from kg.errors import UsageError
from kg.formats import Format, WriteOptions
from kg.iri import slug
from kg.limits import Limits
from kg.report import Report, Severity
from kg.rule import finding
from kg.statement import DATA
from kg.vocab import EVIDENCE, FOAF, RDF, SKOS, shipped_glossary

#: The shapes that every check runs, and all there are.
CHECKED = ("skos", "glossary")
PROFILES = (*CHECKED, "publication")

NO_EVIDENCE, REIFIED = EVIDENCE_FORMS = ("none", "reified")


class Job(NamedTuple):
    """Everything an export is told; it travels to a worker process as it is."""

    sources: tuple[str, ...] = ()
    base: str | None = None
    source_format: str | None = None
    profile: str = profile.FULL
    evidence: str = NO_EVIDENCE
    candidates: bool = True
    concept: str | None = None
    branch: str | None = None
    languages: tuple[str, ...] = ()
    validate: bool = True
    fail_on: Severity = Severity.VIOLATION
    context_url: str | None = None
    limits: Limits = Limits()


class Written(NamedTuple):
    """What an export came to: what was found, and whether anything was written."""

    report: Report
    done: bool


def read(job: Job, *, evidence: bool = True) -> Dataset:
    """Read the sources of a job; without any, the shipped glossary.

    Pages, directories and RDF may be mixed. What is wrong with their content is in
    the `report` of the Dataset.

    Raises `SourceError` for a source that cannot be read, `UsageError` for a wrong call.
    """
    from kg.read.glossary import read_glossary

    groups: dict[Format | None, list[str]] = {}
    for source in job.sources or (shipped_glossary(),):
        groups.setdefault(_format_of(source, job.source_format), []).append(source)
    whole = Dataset()
    for format_, sources in groups.items():
        if format_ is None or format_.pages:
            markdown = None if format_ is None or job.source_format is None else format_.name == "markdown"
            report = Report()
            part = read_glossary(sources, report, job.limits, base=job.base, evidence=evidence, markdown=markdown)
            part.report.extend(report)
        else:
            from kg.read.rdf import read_rdf

            part = read_rdf(sources, format_, job.limits, base=job.base)
        whole = part if len(groups) == 1 else _merged(whole, part)
    return whole


def _merged(whole: Dataset, part: Dataset) -> Dataset:
    whole.merge(part)
    return whole


def _format_of(source: str, told: str | None) -> Format | None:
    """Return the format of a source; None means pages, whose syntax their names tell."""
    if told is not None:
        found = formats.for_name(told)
        if not (found.reader or found.pages):
            raise UsageError(f"{told} is written, not read")
        return found
    if source == "-" or os.path.isdir(source) or not os.path.splitext(source)[1]:
        return None
    found = formats.for_path(source)
    if not (found.reader or found.pages):
        raise UsageError(f"{source}: {found.name} is written, not read; name its format with --from")
    return None if found.pages else found


def check(dataset: Dataset, profiles: Collection[str] = CHECKED) -> Report:
    """Check a Dataset against shapes and graph rules and return all that was found, reading included.

    `profiles` are names of packaged shapes. Rules look at the profile `full`, so that a
    typed link counts as the SKOS link it implies.

    Raises `UnknownName` for a profile that does not exist.
    """
    return _check(dataset, profile.apply(dataset, profile.FULL), profiles)


def _check(dataset: Dataset, full: Dataset, profiles: Collection[str]) -> Report:
    from kg.check import shacl, skos

    report = Report(dataset.report)
    report.extend(shacl.check(full, profiles))
    report.extend(skos.check(full, profiles))
    if EVIDENCE in full.graphs():
        from kg.check import evidence

        report.extend(evidence.check(full))
    return report


def select(dataset: Dataset, job: Job) -> Dataset:
    """Return the part of a Dataset that a job asks for.

    Raises `UnknownName` for a concept that is not there.
    """
    if not job.candidates:
        dataset = selection.without_candidates(dataset)
    if job.languages:
        dataset = selection.languages(dataset, job.languages)
    if job.branch:
        dataset = selection.branch(dataset, job.branch)
    return dataset


def export(job: Job, names: Sequence[str], write: Callable[[str, Iterator[bytes]], None]) -> Written:
    """Read, check and write; `write` gets the name of each format with its bytes.

    Nothing is written when a finding reaches the job's threshold.

    Raises `KgError` for a wrong call and for what cannot be read or written.
    """
    chosen = [formats.for_writing(name) for name in names]
    reified = job.evidence == REIFIED
    shown, report = _prepared(job, evidence=reified)
    if shown is None:
        return Written(report, done=False)
    for format_ in chosen:
        write(format_.name, _bytes(shown, format_, job, report, evidence=reified))
    return Written(report, done=True)


def export_set(job: Job, write: Callable[[str, Iterator[bytes]], None]) -> Written:
    """Export in every format; `write` gets the file name of each, called after the glossary.

    The archive format holds the evidence whatever the job says. Otherwise as `export`.
    """
    shown, report = _prepared(job, evidence=True)
    if shown is None:
        return Written(report, done=False)
    name = name_of(shown)
    for format_ in formats.written():
        reified = format_.archive or job.evidence == REIFIED
        write(f"{name}.{format_.extensions[0]}", _bytes(shown, format_, job, report, evidence=reified))
    return Written(report, done=True)


def export_dataset(dataset: Dataset, name: str, job: Job) -> Iterator[bytes]:
    """Yield a Dataset in one format as a job shows it, unchecked.

    Raises `UnknownName` for a format, profile or concept that does not exist.
    """
    format_ = formats.for_writing(name)
    shown = select(profile.apply(dataset, job.profile), job)
    return _bytes(shown, format_, job, Report(), evidence=job.evidence == REIFIED)


def name_of(dataset: Dataset) -> str:
    """Return a name for the files of a glossary: the last part of its scheme's IRI.

    >>> name_of(Dataset())
    'glossary'
    """
    schemes = [found.object for found in dataset.match(None, FOAF.primaryTopic)]
    schemes += dataset.subjects(RDF.type, SKOS.ConceptScheme)
    words = terms.iri_text(schemes[0]).replace(":", "/").strip("/").rpartition("/")[2] if schemes else ""
    return slug(words) or "glossary"


def _prepared(job: Job, *, evidence: bool) -> tuple[Dataset | None, Report]:
    """Read and check, and return what the job shows; None when the findings forbid it."""
    dataset = read(job, evidence=evidence)
    full = profile.apply(dataset, profile.FULL)
    report = _check(dataset, full, CHECKED) if job.validate else Report(dataset.report)
    if not report.conforms(job.fail_on):
        return None, report
    return select(full if job.profile == profile.FULL else profile.apply(dataset, job.profile), job), report


def _bytes(shown: Dataset, format_: Format, job: Job, report: Report, *, evidence: bool) -> Iterator[bytes]:
    # A drawing shows a concept with its neighbours, so it needs them all.
    part = selection.concept(shown, job.concept) if job.concept and not _draws(format_) else shown
    report.extend(_left_out(part, format_))
    return format_.write(part, WriteOptions(evidence, job.context_url, job.concept))


def _draws(format_: Format) -> bool:
    """Tell whether a format is a drawing."""
    return not format_.iri and not format_.pages


def _left_out(dataset: Dataset, format_: Format) -> Report:
    report = Report()
    if not format_.graphs and not _draws(format_):
        for graph in dataset.graphs():
            if graph not in (DATA, EVIDENCE):
                count = len(dataset.graph(graph))
                report.add(finding("export.graph-left-out", format=format_.title, graph=graph, count=count))
    return report
