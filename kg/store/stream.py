"""Large RDF on its way into a store: written down, summed up and sent at the same time.

It serves one source of ground statements in the default graph, in a syntax that is read as
a stream. Everything else takes the way of `kg.store.prepare`, over a Dataset.
"""

from __future__ import annotations

import os
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from kg import terms
from kg.errors import KgError
from kg.formats import Format
from kg.iri import canonical_tag
from kg.limits import Limits
from kg.read.stream import Text
from kg.report import Report
from kg.store import altered, sums
from kg.store.prepare import Alteration, Prepared
from kg.store.sums import Part, Sums
from kg.terms import Term

#: A language tag that may not be in its BCP 47 case: of several parts, or with a large letter.
_TAG = re.compile(rb'"@([a-zA-Z]*(?:[A-Z]|-)[a-zA-Z0-9-]*) \.\n')
_READ = 1 << 20
_OPEN, _CLOSE, _QUOTE = b'<>"'
#: Before a text without a tag or a type.
_STRING = b"^http://www.w3.org/2001/XMLSchema#string "
#: How long to wait, in seconds, for more of what is being written.
_PAUSE = 0.02
#: Beside what is written: nobody waits for it any more.
_STOP = "-stop"


class OtherWay(KgError):
    """A source that cannot be loaded as a stream."""


def written(
    source: str, told: Format | None, base: str | None, kind: str, path: str, most: int = Limits().max_bytes
) -> tuple[Prepared, Report]:
    """Write a source to `path` and sum up what a store of a kind will hold of it, statements that occur twice once.

    Raises `OtherWay` for what is no stream of ground statements, cannot be read as one, or
    comes to more than so many bytes; and where nobody waits for it any more.
    """
    from hashlib import sha256

    hashed, count, size, found, report = sha256(), 0, 0, _Sums(kind), Report()
    seen = set[int]()
    try:
        with Text(source, told, report) as text, open(path, "wb", buffering=0) as file:
            if text.format.guard or text.format.pages or text.format.graphs:
                raise OtherWay
            for block in text.lines() if text.format.name == "ntriples" else text.blocks(base):
                # A literal that holds such a sign sends its source the other way too, which is but slower.
                if block.startswith(b"_:") or b"\n_:" in block or b" _:" in block or b" <<" in block:
                    raise OtherWay
                ready = _TAG.sub(_recased, block)
                size += len(ready)
                # Written like this it may be larger than it was: whether it is over the cap, the other way tells.
                if size > most or os.path.exists(path + _STOP):
                    raise OtherWay
                lines = ready.split(b"\n")[:-1]
                hashed.update(ready)
                file.write(ready)
                count += len(lines)
                found.add(_fresh(lines, seen))
    except KgError:
        raise OtherWay from None
    told_ = found.tags() + found.with_altered()
    return Prepared(path, hashed.hexdigest(), count, found.sums(), told_, None, None, {}), report


def _recased(found: re.Match[bytes]) -> bytes:
    return b'"@' + canonical_tag(found[1].decode()).encode() + b" .\n"


def _fresh(lines: list[bytes], seen: set[int]) -> Iterable[bytes]:
    """Leave out lines that were there before."""
    marks = list(map(hash, lines))
    new = set(marks)
    if len(new) < len(lines) or not seen.isdisjoint(new):
        fresh = {mark: line for mark, line in zip(marks, lines, strict=True) if mark not in seen}
        seen.update(fresh)
        return fresh.values()
    seen |= new
    return lines


class _Sums:
    """Sums of each predicate; literals that a store of a kind may alter wait until it is known what becomes of them."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        #: of each kind of object and each predicate: statements, sum
        self._parts: dict[str, dict[bytes, list[int]]] = {kind: defaultdict(lambda: [0, 0]) for kind in sums.KINDS}
        self._typed: list[tuple[bytes, bytes, str]] = []
        self._tags: Counter[bytes] = Counter()
        #: of each datatype, whether its literals wait
        self._waits: dict[bytes, bool] = {}

    def add(self, lines: Iterable[bytes]) -> None:
        """Add statements, as lines of N-Triples without their end."""
        iris, literal, piece = self._parts[sums.IRI], self._literal, sums.piece
        before, first = b"", 0
        pieces: dict[bytes, int] = {}
        for line in lines:
            subject, predicate, object_ = line.split(b" ", 2)
            if subject != before:
                before, first = subject, piece(subject[1:-1])
            if object_[0] == _OPEN:
                second = pieces.get(object_)
                if second is None:
                    second = pieces[object_] = piece(b"< " + object_[1:-3])
                part = iris[predicate]
            else:
                kind, text = literal(object_)
                if not kind:
                    self._typed.append((subject, predicate, text.decode()))
                    continue
                second, part = piece(text), self._parts[kind][predicate]
            part[0] += 1
            part[1] += first * second

    def _literal(self, object_: bytes) -> tuple[str, bytes]:
        """Return the kind of a literal and what is hashed of it, as `sums.text_of` tells it of a term.

        Of one that has to wait, no kind and the literal.
        """
        last = object_[-3]
        if last == _QUOTE:
            kind, text, mark = sums.TYPED, object_[1:-3], _STRING
        elif last == _CLOSE:
            text, _, datatype = object_[1:-3].rpartition(b'"^^<')
            if datatype not in self._waits:
                self._waits[datatype] = altered.may_alter(self._kind, datatype.decode())
            if self._waits[datatype]:
                return "", object_[:-2]
            kind, mark = sums.TYPED, b"^" + datatype + b" "
        else:
            text, _, tag = object_[1:-2].rpartition(b'"@')
            if not tag.islower():
                self._tags[tag] += 1
            kind, mark = sums.TAGGED, b"@" + tag.lower() + b" "
        if b"\\" in text:
            text = terms.lexical(Term(f'"{text.decode()}"')).encode()
        return kind, mark + text

    def with_altered(self) -> list[Alteration]:
        """Add the literals that wait, as the store keeps them; return what it alters and merges."""
        found = {object_ for _, _, object_ in self._typed}
        kept = altered.foretold(self._kind, sorted(map(Term, found)))
        pieces = {
            term: sums.piece(sums.text_of(kept[Term(term)].term if term in kept else term).encode()) for term in found
        }
        uses, merged = Counter[str](), Counter[tuple[str, str]]()
        first: dict[tuple[bytes, bytes, object], str] = {}
        for subject, predicate, object_ in self._typed:
            form = kept.get(Term(object_))
            if form is not None:
                before = first.setdefault((subject, predicate, form.value), object_)
                if before != object_:
                    merged[object_, kept[Term(before)].term] += 1
                    continue
                uses[object_] += 1
            part = self._parts[sums.TYPED][predicate]
            part[0] += 1
            part[1] += sums.piece(subject[1:-1]) * pieces[object_]
        told = [Alteration("merged", one, into, count) for (one, into), count in sorted(merged.items())]
        changed = sorted((one, kept[Term(one)].term, count) for one, count in uses.items())
        return told + [Alteration("literal", one, form, count) for one, form, count in changed if one != form]

    def tags(self) -> list[Alteration]:
        """Return the tags that stores write in small letters."""
        found = sorted((tag.decode(), count) for tag, count in self._tags.items())
        return [Alteration("tag", tag, tag.lower(), count) for tag, count in found]

    def sums(self) -> Sums:
        """Return the sums."""
        found: Sums = {}
        for kind, parts in self._parts.items():
            for predicate, (rows, total) in parts.items():
                name = predicate.decode()
                before = found.get(name, Part(0, 0, kind))
                both = kind if before.kind == kind else sums.MIXED
                found[name] = Part(before.rows + rows, before.sum + total, both)
        return found


def digest_of(source: str, told: Format | None, base: str | None) -> str:
    """Return a digest of a source and of how it is read, without reading it as RDF.

    Raises `OtherWay` for a source that cannot be opened.
    """
    from hashlib import file_digest

    try:
        with open(source, "rb") as file:
            hashed = file_digest(file, "sha256")
    except OSError:
        raise OtherWay from None
    hashed.update(f"\n{told.name if told else ''}\n{base or ''}".encode())
    return hashed.hexdigest()


class Coming:
    """A graph on its way: what is written down of it can be sent, its sums come with its end.

    `job` writes it to `path`, as `written` does; `digest` tells its source.
    """

    def __init__(self, path: str, job: Callable[[], tuple[Prepared, Report]], digest: str = "") -> None:
        self.path, self.digest = path, digest
        self.scheme: str | None = None
        self.version: str | None = None
        self._told: tuple[Prepared, Report] | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(job,))
        self._thread.start()

    def _run(self, job: Callable[[], tuple[Prepared, Report]]) -> None:
        try:
            self._told = job()
        except BaseException as error:  # noqa: BLE001 - raised where the answer is wanted
            self._error = error

    def end(self) -> None:
        """Have the job stop, where it is not over, and wait until it has."""
        if self._thread.is_alive():
            with suppress(OSError), open(self.path + _STOP, "wb"):
                pass
        self._thread.join()

    def wait(self) -> tuple[Prepared, Report]:
        """Return the prepared graph when it is there, and what was found while it was read.

        Raises what the job raised.
        """
        self._thread.join()
        if self._told is None:
            raise self._error or OtherWay
        return self._told

    def pieces(self, size: int, skip: int) -> Iterator[list[bytes]]:
        """Yield the lines in pieces of so many, as they are written, without the first `skip` pieces.

        Raises what the job raised.
        """
        rest, lines, place = b"", list[bytes](), 0
        for block in self._blocks():
            # An end of a line of another kind stands in N-Triples as an escape.
            lines += (rest + block).splitlines(keepends=True)
            rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
            while len(lines) >= size:
                place += 1
                if place > skip:
                    yield lines[:size]
                del lines[:size]
        if lines and place >= skip:
            yield lines

    def _blocks(self) -> Iterator[bytes]:
        while not os.path.exists(self.path) and self._thread.is_alive():
            self._thread.join(_PAUSE)
        if not os.path.exists(self.path):
            self.wait()
        with open(self.path, "rb") as file:
            while True:
                ended = not self._thread.is_alive()
                if block := file.read(_READ):
                    yield block
                elif ended:
                    break
                else:
                    self._thread.join(_PAUSE)
        self.wait()

    @property
    def lines(self) -> int:
        """Return how many lines there are; 0 as long as that is not known."""
        return 0 if self._thread.is_alive() else self.wait()[0].lines

    @property
    def sums(self) -> Sums:
        """Return the sums."""
        return self.wait()[0].sums

    @property
    def altered(self) -> list[Alteration]:
        """Return what the store will alter."""
        return self.wait()[0].altered
