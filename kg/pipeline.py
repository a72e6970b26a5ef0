"""From sources to results: read → check → write, as steps that can be taken one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kg import formats, profile, selection, terms
from kg.dataset import Dataset
from kg.errors import TooMuch, Unwritable, UsageError
from kg.formats import Format, WriteOptions
from kg.iri import slug
from kg.limits import Limits
from kg.report import Report, Severity
from kg.rule import finding
from kg.rule.choice import DEFAULT, Choice
from kg.statement import DATA
from kg.support import as_reifiers
from kg.vocab import EVIDENCE, FOAF, RDF, SKOS, shipped_glossary

if TYPE_CHECKING:
    from kg.check.online import Manners, Opener

#: The profiles that are checked when nothing is chosen.
CHECKED = DEFAULT
#: What an export asks for besides: a licence that is missing is a warning here, and a violation at release.
_AT_EXPORT = "publication.license-missing"

NO_EVIDENCE, REIFIED, RDF12 = EVIDENCE_FORMS = ("none", "reified", "rdf12")


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
    jsonld_form: str = "compact"
    #: the text of a JSON-LD context document to write with
    jsonld_context: str | None = None
    lenient: bool = False
    contexts: tuple[tuple[str, str], ...] = ()
    limits: Limits = Limits()


class Written(NamedTuple):
    """What an export came to: what was found, and whether anything was written."""

    report: Report
    done: bool


def read(job: Job, *, evidence: bool = True) -> Dataset:
    """Read the sources of a job; without any, the shipped glossary.

    Pages, directories, archives and RDF may be mixed. What is wrong with their content is
    in the `report` of the Dataset.

    Raises `SourceError` for a source that cannot be read, `UsageError` for a wrong call.
    """
    report = Report()
    told = _declared(job.source_format)
    if job.sources:
        from kg.read.sources import told_apart

        pages, rdf = told_apart(job.sources, job.source_format, job.limits, report)
    else:
        pages, rdf = [shipped_glossary()], []
    whole = Dataset()
    if pages:
        from kg.read.glossary import read_glossary

        markdown = told and told.name == "markdown"
        whole = read_glossary(pages, report, job.limits, base=job.base, evidence=evidence, markdown=markdown)
    if rdf:
        from kg.read.rdf import Reading, read_rdf

        reading = Reading.of(job.limits, job.base, lenient=job.lenient, contexts=job.contexts)
        found = read_rdf(rdf, told, reading)
        if pages:
            whole.merge(found)
        else:
            whole = found
    whole.report.extend(report)
    return whole


def _declared(name: str | None) -> Format | None:
    """Return the format of a name that is to be read."""
    found = formats.for_name(name) if name else None
    if found and not (found.rdf or found.pages):
        raise UsageError(f"{name} is written, not read")
    return found


def check(
    dataset: Dataset,
    choice: Choice | Collection[str] | None = None,
    *,
    engine: str = "shacl",
    shapes: Dataset | None = None,
) -> Report:
    """Check a Dataset against shapes and graph rules and return all that was found, reading included.

    `choice` says which rules run and how bad they count, or names profiles; what it leaves
    open is taken from the table `[validate]` of the glossary. `shapes` holds a user's own
    SHACL shapes, which see what was read. Our own rules count a typed link as the SKOS
    link it implies.

    Raises `UnknownName` for a profile, a rule or an engine that does not exist.
    """
    if not isinstance(choice, Choice):
        choice = Choice(tuple(choice or ()))
    choice = choice.checked().over(_told_choice(dataset))
    report = _check(dataset, None, choice, engine, shapes)
    if dataset.texts:
        from kg.read import spelling

        report.extend(choice.applied(Report(spelling.check_claims(dataset))))
    return report


def check_online(
    dataset: Dataset, choice: Choice, opener: Opener, endpoint: str | None = None, manners: Manners | None = None
) -> Report:
    """Return what only the Web can tell: dead links, and with a SPARQL endpoint what nothing there links to.

    These rules run because they are asked for, whatever profiles are; `choice` may ignore and grade them.

    Raises `UsageError` for an endpoint that does not answer.
    """
    from kg.check import online, place

    told = choice.over(_told_choice(dataset))
    asked = Choice((), online.CODES, told.ignore, told.severities)
    manners = manners or online.POLITE
    found = [*online.dead_links(dataset, opener, manners)]
    if endpoint:
        found += online.missing_in_links(dataset, endpoint, opener, manners)
    return place.located(asked.applied(Report(found)), dataset)


def _told_choice(dataset: Dataset) -> Choice:
    """Return what the glossary.toml of a Dataset asks of its checks."""
    for path, source in dataset.texts.items():
        if path.endswith("glossary.toml") and "[validate" in source.text:
            from kg.read.config import read_config

            return read_config(source, Report()).choice
    return Choice()


def _check(
    dataset: Dataset, full: Dataset | None, choice: Choice, engine: str = "shacl", shapes: Dataset | None = None
) -> Report:
    from kg.check import rules
    from kg.check.graph import Checked
    from kg.check.packaged import Packaged

    report, packaged, checked = Report(dataset.report), Packaged(choice), Checked(dataset, choice.wanted)
    report.extend(rules.check(dataset, choice, checked))
    files, proven = packaged.files(), EVIDENCE in dataset.graphs()
    if files or proven:
        full = full or profile.apply(dataset, profile.FULL)
    if files or shapes is not None:
        from kg.check import shacl

        report.extend(shacl.check(full or dataset, files, engine, shapes, checked.wording, packaged.keeps))
    if full and proven:
        from kg.check import evidence

        report.extend(evidence.check(full))
    if not dataset.finders:
        return choice.applied(report)
    # There are files of RDF: terms in them that mislead, and places in them that are to be looked for.
    from kg.check import lexical, place
    from kg.read import spelling

    report.extend(lexical.check(dataset))
    if any(map(choice.wanted, spelling.CODES)):
        report.extend(spelling.check(dataset))
    return place.located(choice.applied(report), dataset)


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
    chosen = [_for_writing(name, job) for name in names]
    evidence = job.evidence != NO_EVIDENCE
    shown, report = _prepared(job, evidence=evidence)
    if shown is None:
        return Written(report, done=False)
    for format_ in chosen:
        write(format_.name, _bytes(shown, format_, job, report, evidence=evidence))
    return Written(report, done=True)


def export_set(job: Job, write: Callable[[str, Iterator[bytes]], None]) -> Written:
    """Export in every format; `write` gets the file name of each, called after the glossary.

    Their description and the list of their checksums come last (`kg.write.description`).
    A format that cannot hold or show what is there is left out, with a finding that names
    the term. The archive format holds the evidence whatever the job says, and formats
    without triples as terms hold it reified. Otherwise as `export`.
    """
    from kg.write import description

    shown, report = _prepared(job, evidence=True)
    if shown is None:
        return Written(report, done=False)
    name, files = name_of(shown), list[description.File]()
    for format_ in formats.written():
        evidence = format_.archive or job.evidence != NO_EVIDENCE
        chunks = _begun(_bytes(shown, format_, job, report, evidence=evidence), format_, report)
        if chunks is not None:
            measured = _Measured(chunks)
            file = f"{name}.{format_.extensions[0]}"
            write(file, iter(measured))
            files.append(description.File(file, format_, measured.size, measured.digest()))
    part = selection.concept(shown, job.concept) if job.concept else shown
    described = _Measured(description.describe(part, name, files))
    write(name + description.ENDING, iter(described))
    digests = [(file.name, file.digest) for file in files]
    sums = description.sums([*digests, (name + description.ENDING, described.digest())])
    write(description.SUMS, iter([sums]))
    return Written(report, done=True)


def _begun(chunks: Iterator[bytes], format_: Format, report: Report) -> Iterator[bytes] | None:
    """Make the first bytes, before which a writer refuses what its format cannot hold; then there are none."""
    try:
        first = next(chunks, b"")
    except (Unwritable, TooMuch) as refusal:
        report.add(finding("export.format-left-out", format=format_.title, reason=str(refusal)))
        return None
    return chain([first], chunks)


class _Measured:
    """Bytes on their way into a file: how many there were, and their digest."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        from hashlib import sha256

        self._chunks, self._hash, self.size = chunks, sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    def digest(self) -> str:
        return self._hash.hexdigest()


def export_dataset(dataset: Dataset, name: str, job: Job) -> Iterator[bytes]:
    """Yield a Dataset in one format as a job shows it, unchecked.

    Raises `UnknownName` for a format, profile or concept that does not exist.
    """
    format_ = _for_writing(name, job)
    shown = select(profile.apply(dataset, job.profile), job)
    return _bytes(shown, format_, job, Report(), evidence=job.evidence != NO_EVIDENCE)


def _for_writing(name: str, job: Job) -> Format:
    format_ = formats.for_writing(name)
    if job.evidence == RDF12 and format_.holds("triples") == "refused":
        raise UsageError(f"{format_.title} cannot hold the evidence in the form of RDF 1.2; use --evidence {REIFIED}")
    return format_


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
    report = _check(dataset, full, _export_choice(dataset)) if job.validate else Report(dataset.report)
    if not report.conforms(job.fail_on):
        return None, report
    return select(full if job.profile == profile.FULL else profile.apply(dataset, job.profile), job), report


def _export_choice(dataset: Dataset) -> Choice:
    """Return what the glossary asks of its checks, and the licence with it."""
    told = _told_choice(dataset)
    return told._replace(
        profiles=told.named,
        select=(*told.select, _AT_EXPORT),
        severities={_AT_EXPORT: Severity.WARNING, **told.severities},
    )


def _bytes(shown: Dataset, format_: Format, job: Job, report: Report, *, evidence: bool) -> Iterator[bytes]:
    # A drawing shows a concept with its neighbours, so it needs them all.
    part = selection.concept(shown, job.concept) if job.concept and not _draws(format_) else shown
    report.extend(left_out(part, format_))
    if job.evidence == RDF12 and format_.holds("triples") == "held" and not _draws(format_):
        part = as_reifiers(part)
    return format_.write(part, _told(job, evidence=evidence))


def _told(job: Job, *, evidence: bool) -> WriteOptions:
    return WriteOptions(evidence, job.context_url, job.concept, job.jsonld_form, job.jsonld_context)


def _draws(format_: Format) -> bool:
    """Tell whether a format is a drawing."""
    return not format_.iri and not format_.pages


def left_out(dataset: Dataset, format_: Format) -> Report:
    """Tell each graph that a format of one graph leaves out; the evidence is none of them, it is asked for or not."""
    report = Report()
    if not format_.graphs and not _draws(format_):
        for graph in dataset.graphs():
            if graph not in (DATA, EVIDENCE):
                count = len(dataset.graph(graph))
                report.add(finding("export.graph-left-out", format=format_.title, graph=graph, count=count))
    return report
