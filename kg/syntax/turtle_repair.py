"""What is repaired in the Turtle family that no strict parser takes, each repair said with its place.

A term is mended where something stands for it without guessing (`kg.syntax.mend`); a
triple that cannot be read is left out and said, and so is a statement that is not of
the grammar. Why each is read as it is: docs/decisions/0011-lenient-turtle.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg import rule
from kg.errors import SourceError
from kg.report import Location, Report
from kg.syntax.turtle_faults import Edit, Edits, Fault, Terms
from kg.syntax.turtle_tokens import GAP, HEAD, TOKEN, tokens
from kg.syntax.turtle_walk import AFTER, OBJECT, PREDICATE, Machine, Problem, Triple
from kg.text import DecodingProblem, Source, Span

_REQUESTS = frozenset(["SELECT", "CONSTRUCT", "ASK", "DESCRIBE", "INSERT", "DELETE", "WITH", "LOAD", "CLEAR"])
#: What may begin a statement, or a directive.
_BEGINS = frozenset(["iri", "name", "blank", "directive"])
_DIRECTIVE = re.compile("@?[A-Za-z]*")
_GAP = re.compile(GAP)
_LINE_END = re.compile(r"\r\n?|\n")
#: More findings than these of one code are counted, not listed.
_LISTED = 1000


def repaired(data: bytes, path: str, report: Report) -> bytes:
    """Return a text with the faults repaired that real files have; each repair is a finding.

    Mended are language tags, characters that no IRI may hold, escapes, and dots and
    commas that lack or are too many. What cannot be mended is left out: the triples with
    an undeclared prefix or a hopeless IRI, and whole statements that are not of the
    grammar; the findings count them. Lines keep their numbers. A sound text comes
    back as it is.

    Raises `SourceError` for bytes that are no text, for a SPARQL request, and for a text
    of which no statement can be read.

    >>> repaired(b'<urn:a> <urn:b> "x"@en_US , <urn:c d> .', "a.ttl", Report())
    b'<urn:a> <urn:b> "x"@en-US , <urn:c%20d> .'
    """
    try:
        source = Source.decode(path, data)
    except DecodingProblem as problem:
        words = rule.finding(problem.code, detail=problem.detail)
        raise SourceError(path, f"{words.message}; {words.remedy}", problem.line) from problem
    repair = _Repair(source)
    repair.whole()
    repair.tell(report)
    if not repair.edits and not source.byte_order_mark:
        return data
    return repair.edits.applied(source.text, 0, len(source.text)).encode()


class _Repair:
    """Goes through one text, statement by statement."""

    def __init__(self, source: Source) -> None:
        self.source, self.text = source, source.text
        self.terms = Terms()
        self.edits = Edits()
        self.faults: list[Fault] = []
        self.in_block = False
        self.read = 0

    def tell(self, report: Report) -> None:
        """Report every fault, the first of each kind with their places, and refuse a text that is none."""
        cut = next((fault for fault in self.faults if fault.code == "rdf.turtle-statement"), None)
        if cut is not None and not self.read:
            line, column = self.source.position(cut.span.start)
            reason = f"no statement can be read: {cut.data['reason']} (column {column})"
            raise SourceError(self.source.path, f"{reason}; mend the line, or name the format with --from", line)
        listed, more = dict[str, int](), dict[str, int]()
        for fault in self.faults:
            if listed.get(fault.code, 0) < _LISTED:
                listed[fault.code] = listed.get(fault.code, 0) + 1
                report.add(rule.finding(fault.code, self.source.locate(fault.span), **fault.data))
            else:
                more[fault.code] = more.get(fault.code, 0) + fault.lost
        for code, count in sorted(more.items()):
            report.add(rule.finding("rdf.turtle-more", Location(self.source.path), kind=code, count=count))

    def whole(self) -> None:
        """Repair the text from its start to its end."""
        at, end = 0, len(self.text)
        while at < end:
            item = HEAD.match(self.text, at)
            kind = item.lastgroup if item else None
            if item is None or kind is None:
                at = self._statement(at)
            elif kind in {"open", "close"}:
                at = self._brace(item, kind)
            else:
                self._directive(item, kind)
                at = item.end()
        if self.in_block:
            edits, faults = Edits(), list[Fault]()
            self._close_block(end, edits, faults)
            self._take(edits, faults)

    # -- directives and braces --------------------------------------------------

    def _directive(self, item: re.Match[str], kind: str) -> None:
        edits, faults = Edits(), list[Fault]()
        start, end = _after_gap(self.text, item.start()), item.end()
        if self.in_block:
            self._close_block(start, edits, faults)
        written = _DIRECTIVE.match(self.text, start)[0]  # type: ignore[index]  # it is one
        if written[:1] == "@" and written != written.lower():
            edits.add(Edit(start, start + len(written), written.lower()))
            faults.append(_sign(Span(start, start + len(written)), written, written.lower()))
        wanted = written[:1] == "@"
        if wanted is not (self.text[end - 1] == "."):
            dot = Edit(end, end, " .") if wanted else Edit(end - 1, end, " ")
            edits.add(dot)
            with_or_without = (
                (f"{written} without a dot", "one with it") if wanted else (f"{written} with a dot", "none")
            )
            faults.append(_sign(Span(dot.start, dot.end), *with_or_without))
        if kind != "version":
            self.terms.look(item[kind], item.start(kind), edits, faults)
            if (hopeless := self.terms.hopeless(item[kind])) is not None:
                self._cut(Span(start, end), Span(start, end), hopeless, 0)
                return
            if kind == "base":
                self.terms.rebase(item["base"])
            else:
                self.terms.declare(item["prefix"], item["namespace"])
        self._take(edits, faults)

    def _brace(self, item: re.Match[str], kind: str) -> int:
        edits, faults = Edits(), list[Fault]()
        start, span = _after_gap(self.text, item.start()), Span(*item.span("graph"))
        if kind == "close" and not self.in_block:
            edits.add(Edit(item.end() - 1, item.end(), " "))
            faults.append(_sign(Span(item.end() - 1, item.end()), "a } too many", "none"))
        elif kind == "open":
            if self.in_block and not self._at_margin(start):
                return self._lost_block(Span(start, start), start, "a graph in a graph")
            if self.in_block:
                self._close_block(start, edits, faults)
                self._take(edits, faults)
                edits, faults = Edits(), []
            if reason := self._label(item["graph"], self.text[start : span.start], span.start, edits, faults):
                return self._lost_block(span, start, reason)
        self._take(edits, faults)
        self.in_block = kind == "open"
        return item.end()

    def _close_block(self, at: int, edits: Edits, faults: list[Fault]) -> None:
        # The text may end in a comment.
        edits.add(Edit(at, at, "\n}" if at == len(self.text) else "} "))
        faults.append(_sign(Span(at, at), "a graph without its }", "one with it"))
        self.in_block = False

    def _label(self, label: str, before: str, at: int, edits: Edits, faults: list[Fault]) -> str | None:
        """Mend the name of a graph, or say why it cannot be read."""
        found = TOKEN.fullmatch(label)
        if not label or label[0] == "[":
            return "GRAPH without a name" if before and not label else None
        if found is None or found.lastgroup not in {"iri", "name", "blank"}:
            return f"{label} is no name of a graph"
        self.terms.look(label, at, edits, faults)
        return self.terms.hopeless(label)

    def _lost_block(self, label: Span, start: int, reason: str) -> int:
        """Leave out a graph whose name cannot be read: its statements belong to no other."""
        count, end, depth, before = 0, len(self.text), 0, ""
        for found in tokens(self.text, label.end):
            sign = found["sign"] or "a term"
            # Each sign between or behind statements stands for one, and so does the brace behind a last one.
            count += sign in {".", ";", ","} or (sign == "}" and before == "a term")
            depth += {"{": 1, "}": -1}.get(sign, 0)
            if sign == "}" and depth == 0:
                end = found.end()
                break
            before = sign
        self._cut(Span(start, end), label, reason, max(count, 1))
        return end

    # -- statements -------------------------------------------------------------

    def _statement(self, at: int) -> int:
        """Repair the statement that starts at or after a place, and return where it ends."""
        machine, edits, faults = Machine(self.terms), Edits(), list[Fault]()
        start = end = -1
        for found in tokens(self.text, at):
            kind = found.lastgroup or "bad"
            span = Span(*found.span(kind))
            if start < 0:
                start = end = span.start
                self._refuse_request(found, kind)
            if machine.complete and found["sign"] == "}" and self.in_block:
                return self._good(machine.triples, Span(start, end), edits, faults)
            # After a semicolon a predicate may stand there, but no directive.
            if (
                machine.complete
                and (machine.state != PREDICATE or kind == "directive")
                and self._begins(found, kind, span)
            ):
                break
            try:
                if self._surplus_comma(machine, found, end, edits, faults):
                    machine.state = AFTER
                done = machine.feed(found)
            except Problem as problem:
                return self._lost(problem.span, start, problem.reason, len(machine.triples) + 1)
            end = span.end
            self.terms.inspect(found, kind, edits, faults)
            if done:
                return self._good(machine.triples, Span(start, end), edits, faults)
        if start < 0:
            return len(self.text)
        if not machine.complete:
            reason = f"{machine.waits} is awaited, and the text ends"
            return self._lost(Span(end, end), start, reason, len(machine.triples))
        faults.append(_sign(Span(end, end), "a statement without a dot", "one with it"))
        return self._good(machine.triples, Span(start, end), edits, faults, dot=" .")

    def _refuse_request(self, found: re.Match[str], kind: str) -> None:
        if kind == "word" and found["word"].upper() in _REQUESTS:
            line, _ = self.source.position(found.start("word"))
            words = rule.finding("rdf.sparql")
            raise SourceError(self.source.path, f"{words.message}; {words.remedy}", line)

    def _begins(self, found: re.Match[str], kind: str, span: Span) -> bool:
        """Tell whether a token looks like the begin of a statement: it stands first in its line, not indented."""
        directive = kind == "directive" or (kind == "word" and found["word"].lower() in {"prefix", "base"})
        return (directive or kind in _BEGINS) and self._at_margin(span.start)

    def _at_margin(self, at: int) -> bool:
        return at == 0 or self.text[at - 1] in "\r\n"

    def _surplus_comma(
        self, machine: Machine, found: re.Match[str], end: int, edits: Edits, faults: list[Fault]
    ) -> bool:
        """Take a comma away that no object follows."""
        if machine.state != OBJECT or found["sign"] not in {".", ";", "]"} or self.text[end - 1] != ",":
            return False
        edits.add(Edit(end - 1, end, " "))
        faults.append(_sign(Span(end - 1, end), "a comma with nothing after it", "none"))
        return True

    def _good(self, triples: list[Triple], span: Span, edits: Edits, faults: list[Fault], dot: str = "") -> int:
        """Take a statement over with its repairs, save for the triples that have an unreadable term."""
        bad = self.terms.taken()
        if bad:
            self._parted(triples, bad, span, edits, faults)
            return span.end
        if dot:
            edits.add(Edit(span.end, span.end, dot))
        self.read += len(triples)
        self._take(edits, faults)
        return span.end

    def _parted(
        self, triples: list[Triple], bad: list[tuple[Span, str]], span: Span, edits: Edits, faults: list[Fault]
    ) -> None:
        """Write a statement anew without the triples that have a bad term; each bad place counts its losses once."""
        subject = Span(span.start, next((triple.verb.start for triple in triples if not triple.depth), span.end))
        kept, lost, ranges, count = list[str](), dict[tuple[Span, str], int](), [subject], 0
        for triple in triples:
            count += 1  # what stands in brackets goes with the object that the brackets are
            if triple.depth:
                continue
            value = triple.span if triple.graph is None else Span(triple.span.start, span.end)
            wrong = next(
                (each for each in bad if any(part.holds(each[0]) for part in (subject, triple.verb, value))), None
            )
            if wrong:
                lost[wrong] = lost.get(wrong, 0) + count
            else:
                kept.append(" ".join(edits.applied(self.text, *part) for part in (triple.verb, value)))
                ranges += [triple.verb, value]
                self.read += count
            count = 0
        if count:  # the subject alone, in brackets
            lost[bad[0]] = lost.get(bad[0], 0) + count
        text = f"{edits.applied(self.text, *subject)}{' ; '.join(kept)} ." if kept else " "
        lines = len(_LINE_END.findall(self.text, *span)) - len(_LINE_END.findall(text))
        whole = Edits()
        whole.add(Edit(*span, text + "\n" * lines))
        said = [fault for fault in faults if kept and any(part.holds(fault.span) for part in ranges)]
        self._take(whole, [*said, *(_lost(place, reason, number) for (place, reason), number in lost.items())])

    # -- what cannot be read ----------------------------------------------------

    def _lost(self, problem: Span, start: int, reason: str, count: int) -> int:
        """Leave out a statement up to the next dot, or to where another seems to begin, and return that place."""
        self.terms.taken()
        at = end = problem.start
        while at < len(self.text):
            found = next(tokens(self.text, at), None)
            if found is None:
                end = len(self.text)
                break
            kind = found.lastgroup or "bad"
            span = Span(*found.span(kind))
            if span.start > problem.start and self._begins(found, kind, span):
                break
            if found["sign"] == "}" and self.in_block:
                break
            at = end = span.end
            if found["sign"] == ".":
                break
            count += found["sign"] in {";", ","} if found["sign"] else 0
            if found["bad"] in {'"', "'"}:
                # A text that does not end: where it was meant to end nobody knows, so the line is lost.
                line = _LINE_END.search(self.text, at)
                end = line.start() if line else len(self.text)
                count += self.text[at:end].rstrip().endswith((";", ","))
                at = end
        end = max(end, min(start + 1, len(self.text)))
        self._cut(Span(start, end), problem, reason, max(count, 1))
        return end

    def _cut(self, span: Span, problem: Span, reason: str, count: int) -> None:
        edits = Edits()
        edits.add(Edit(*span, " " + "\n" * len(_LINE_END.findall(self.text, *span))))
        self._take(edits, [_lost(problem, reason, count)])

    def _take(self, edits: Edits, faults: Iterable[Fault]) -> None:
        self.edits.extend(edits)
        self.faults.extend(faults)


def _sign(span: Span, written: str, mended: str) -> Fault:
    return Fault("rdf.turtle-sign", span, {"written": written, "mended": mended})


def _lost(span: Span, reason: str, count: int) -> Fault:
    return Fault("rdf.turtle-statement", span, {"reason": reason, "count": count}, count)


def _after_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at
