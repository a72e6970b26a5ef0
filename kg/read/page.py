"""A glossary page: title, definition, sections, questions, each with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg import rule
from kg.read import section as sections
from kg.read.section import SectionRule
from kg.report import Location, Report
from kg.syntax import blocks as syntax
from kg.syntax.blocks import CODE, COMMENT, HEADING, PARAGRAPH, Block
from kg.syntax.inline import Link, links, plain
from kg.text import Source, Span

_HEADING_WORDS = 8
_HEADING_CHARACTERS = 60
_TITLE_FRAMES = (
    "what is an ",
    "what is a ",
    "what is the ",
    "what is ",
    "what are the ",
    "what are ",
    "what does it mean to be ",
)


class Passage(NamedTuple):
    """A piece of the page and the plain words of it."""

    span: Span
    words: str


class Question(NamedTuple):
    """A question of the FAQ and the paragraphs that answer it."""

    question: Passage
    answer: tuple[Passage, ...]


class Section(NamedTuple):
    """One section: `rule` is None for the body and for a section that is not known."""

    name: str
    rule: SectionRule | None
    heading: Passage | None
    passages: tuple[Passage, ...]
    questions: tuple[Question, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether the section has no text."""
        return not self.passages and not self.questions

    @property
    def span(self) -> Span | None:
        """Return the range from the first passage to the last, or None for an empty section."""
        spans = [passage.span for passage in self.passages]
        spans += [piece.span for item in self.questions for piece in (item.question, *item.answer)]
        return Span(min(spans).start, max(span.end for span in spans)) if spans else None


class FrontMatter(NamedTuple):
    """A known front-matter key with its texts."""

    field: str
    values: tuple[Passage, ...]


class Page(NamedTuple):
    """One page as it was read; `label` is the title without the frame of a question."""

    source: Source
    title: Passage
    label: str
    definition: Passage | None
    sections: tuple[Section, ...]
    front_matter: tuple[FrontMatter, ...]
    links: tuple[Link, ...]

    def field(self, name: str) -> tuple[Passage, ...]:
        """Return the texts of a front-matter field."""
        return tuple(value for entry in self.front_matter if entry.field == name for value in entry.values)


def read_page(source: Source, report: Report, *, markdown: bool) -> Page | None:
    """Read one page; what is wrong with it goes to the report.

    Returns None, with a violation reported, for an empty page and for one without a title.
    """
    if not source.text.strip():
        report.add(rule.finding("page.empty", Location(source.path, 1, 1)))
        return None
    return _Reader(source, report, markdown=markdown).read()


class _Reader:
    def __init__(self, source: Source, report: Report, *, markdown: bool) -> None:
        self.source, self.report, self.markdown = source, report, markdown

    def read(self) -> Page | None:
        front, start = self.front_matter()
        blocks = syntax.markdown_blocks(self.source, start) if self.markdown else syntax.text_blocks(self.source)
        blocks = [block for block in blocks if block.kind != COMMENT]
        title, blocks = self.title(front, blocks)
        if title is None:
            self.report.add(rule.finding("page.title-missing", Location(self.source.path, 1, 1)))
            return None
        found = self.sections(blocks)
        given = next((entry.values[0] for entry in front if entry.field == "definition" and entry.values), None)
        inline = self.links(blocks) if self.markdown else ()
        definition = given or self.definition(found)
        return Page(self.source, title, label_of(title.words), definition, found, tuple(front), inline)

    # -- front matter and title ------------------------------------------------

    def front_matter(self) -> tuple[list[FrontMatter], int]:
        frame = syntax.front_matter(self.source) if self.markdown else None
        if frame is None:
            return [], 0
        from kg.syntax.yaml import YamlProblem, read_mapping

        known = []
        span, after = frame
        try:
            entries = read_mapping(self.source, span)
        except YamlProblem as problem:
            place = self.source.locate(Span(problem.offset, problem.offset))
            self.report.add(rule.finding("page.front-matter", place, detail=problem.detail))
            return [], after
        for entry in entries:
            field = sections.FRONT_MATTER.get(entry.key.text.casefold())
            if field is None or entry.nested:
                place = self.source.locate(entry.key.span)
                self.report.add(rule.finding("page.front-matter-key", place, key=entry.key.text))
            else:
                values = (Passage(value.span, " ".join(value.text.split())) for value in entry.values)
                known.append(FrontMatter(field, tuple(value for value in values if value.words)))
        return known, after

    def title(self, front: Sequence[FrontMatter], blocks: list[Block]) -> tuple[Passage | None, list[Block]]:
        first = blocks[0] if blocks else None
        given = next((entry.values[0] for entry in front if entry.field == "title" and entry.values), None)
        if given:
            # The title on top may be repeated as the first heading of the page.
            repeated = first and first.kind == HEADING and self.words(first.span).casefold() == given.words.casefold()
            return given, blocks[1:] if repeated else blocks
        kind = HEADING if self.markdown else PARAGRAPH
        if first is None or first.kind != kind or sections.rule_for(self.words(first.span)):
            return None, blocks
        return Passage(first.span, self.words(first.span)), blocks[1:]

    # -- sections --------------------------------------------------------------

    def sections(self, blocks: Sequence[Block]) -> tuple[Section, ...]:
        groups: list[tuple[Block | None, list[Block]]] = [(None, [])]
        for number, block in enumerate(blocks):
            if self.starts_section(block, blocks[number + 1 : number + 2], groups[-1][0], first=number == 0):
                groups.append((block, []))
            else:
                groups[-1][1].append(block)
        return tuple(self.section(heading, group) for heading, group in groups if heading or group)

    def starts_section(self, block: Block, following: Sequence[Block], current: Block | None, *, first: bool) -> bool:
        current_rule = sections.rule_for(self.words(current.span)) if current else None
        in_faq = current_rule is not None and current_rule.kind == sections.QUESTIONS
        if block.kind == HEADING:
            return not (in_faq and current is not None and block.level > current.level)
        if self.markdown or block.kind != PARAGRAPH:
            return False
        words = self.words(block.span)
        if sections.rule_for(words) or first:
            # The line behind the title is the definition, however short it is, unless a section begins there.
            return sections.rule_for(words) is not None
        short = len(words) <= _HEADING_CHARACTERS and len(words.split()) <= _HEADING_WORDS
        if not short or words[-1] in ".?!,;:" or not words[0].isupper():
            return False
        # In a list of terms a short line is a term, unless a sentence follows it.
        listed = current_rule is not None and current_rule.kind not in (sections.PROSE, sections.QUESTIONS)
        return not listed or any(len(self.words(after.span)) > _HEADING_CHARACTERS for after in following)

    def section(self, heading: Block | None, blocks: Sequence[Block]) -> Section:
        passages = tuple(Passage(block.span, self.words(block.span, block.kind)) for block in blocks)
        if heading is None:
            return Section(sections.BODY, None, None, passages)
        title = Passage(heading.span, self.words(heading.span))
        known = sections.rule_for(title.words)
        place = self.source.locate(heading.span)
        if known is None:
            self.report.add(rule.finding("page.section-unknown", place, name=title.words))
        if not passages:
            self.report.add(rule.finding("page.section-empty", place, name=title.words))
        if known and known.kind == sections.QUESTIONS:
            lead, questions = self.questions(blocks, passages)
            return Section(known.name, known, title, lead, questions)
        return Section(known.name if known else sections.UNKNOWN, known, title, passages)

    def questions(
        self, blocks: Sequence[Block], passages: Sequence[Passage]
    ) -> tuple[tuple[Passage, ...], tuple[Question, ...]]:
        lead: list[Passage] = []
        found: list[tuple[Passage, list[Passage]]] = []
        headed = any(block.kind == HEADING for block in blocks)
        for block, passage in zip(blocks, passages, strict=True):
            if block.kind == HEADING or (not headed and _is_question(passage.words)):
                found.append((passage, []))
            elif found:
                found[-1][1].append(passage)
            else:
                lead.append(passage)
        for question, answer in found:
            if not answer:
                place = self.source.locate(question.span)
                self.report.add(rule.finding("page.faq-without-answer", place, question=question.words))
        if lead:
            self.report.add(rule.finding("page.faq-without-question", self.source.locate(lead[0].span)))
        return tuple(lead), tuple(Question(question, tuple(answer)) for question, answer in found)

    def definition(self, found: Sequence[Section]) -> Passage | None:
        """Return the first passage of the body that is prose; it must come before any heading."""
        body = next((section for section in found if section.name == sections.BODY), None)
        for passage in body.passages if body else ():
            if passage.words and not self.source.text.startswith(("```", "~~~", "<"), passage.span.start):
                return passage
        return None

    # -- words -----------------------------------------------------------------

    def words(self, span: Span, kind: str = PARAGRAPH) -> str:
        text = self.source.slice(span)
        if kind == CODE:
            return text
        return plain(self.source.text, span) if self.markdown else " ".join(text.split())

    def links(self, blocks: Sequence[Block]) -> tuple[Link, ...]:
        text = self.source.text
        return tuple(link for block in blocks if block.kind != CODE for link in links(text, block.span))


def _is_question(words: str) -> bool:
    """Tell whether a line is one question and nothing else."""
    return words.rstrip("*_ ").endswith("?") and not any(mark in words[:-1] for mark in (". ", "? ", "! "))


def label_of(title: str) -> str:
    """Return the term of a title: the frame of a question falls away, nothing else is changed.

    >>> label_of("What is a CUDA Core?"), label_of("Warp")
    ('CUDA Core', 'Warp')
    """
    if title.endswith("?"):
        lower = title.casefold()
        for frame in _TITLE_FRAMES:
            if lower.startswith(frame) and len(title) > len(frame) + 1:
                return title[len(frame) : -1].strip()
    return title


def items(passages: Sequence[Passage]) -> list[Passage]:
    """Return the terms of a list: an item each, a line with commas or semicolons split at them."""
    found = []
    for passage in passages:
        if any(mark in passage.words for mark in ",;") and "(" not in passage.words:
            parts = passage.words.replace(";", ",").split(",")
            found += [Passage(passage.span, part.strip(" .")) for part in parts if part.strip()]
        elif passage.words:
            found.append(Passage(passage.span, passage.words.rstrip(".")))
    return found
