"""From findings to a plan: which source gets which patches, and what is only proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.dataset import Dataset
from kg.interop import Quad
from kg.read.rdf import Finder
from kg.repair.change import AGAIN, Change, Refused
from kg.repair.claims import ClaimsFile
from kg.repair.facts import Wish
from kg.repair.mend import Mending
from kg.repair.patch import Done, Edit, Mended, Patch, Plan, Proposal
from kg.repair.wishes import wishes
from kg.report import Finding, Report
from kg.rule import finding
from kg.text import Span
from kg.vocab import RDF


def repairs(report: Iterable[Finding], dataset: Dataset, *, proposed: bool = False) -> Plan:
    """Return what would mend the findings of a report in the sources of the Dataset they are about.

    `dataset` is what was read, before anything was derived. Safe repairs are in the files of
    the plan; those that an editor decides are proposals, or with `proposed` in the files too. Each
    file's new text has been read again and says what the repairs declare, nothing else. A repair
    that concerns several files is in all of them or in none.
    """
    planner = Planner(dataset)
    for wish in wishes(dataset, report, proposed=proposed):
        if not wish.steps:
            planner.propose(wish, wish.reason, ready=False)
        elif not wish.safe and not proposed:
            planner.propose(wish, wish.reason, ready=True)
        else:
            planner.take(wish)
    return planner.plan()


class Planner:
    """Takes wishes and makes the plan that meets as many of them as can be.

    `opened` has the files read so far, and of those that cannot be patched the refusal.
    """

    def __init__(self, dataset: Dataset, opened: dict[str, Mending | Refused] | None = None) -> None:
        self.dataset = dataset
        self.opened = {} if opened is None else opened
        self.taken: list[Wish] = []
        self.changes: dict[str, list[Change]] = {}
        self.proposals: list[Proposal] = []
        self.findings = Report()
        #: what each statement that goes becomes, and what comes
        self.gone: dict[Quad, Quad | None] = {}
        self.come: set[Quad] = set()

    def propose(self, wish: Wish, reason: str, *, ready: bool) -> None:
        """Leave a wish to a person."""
        self.proposals.append(Proposal(wish.code, wish.location, reason, ready))

    def take(self, wish: Wish) -> None:
        """Give the steps of a wish to the files they concern; leave it to a person where one concerns none."""
        stated = [(old, new) for _, old, new in wish.steps if old or new]
        if stated and all(self._done(*step) for step in stated):
            return  # another repair does the same
        if any(old in self.gone and self.gone[old] != new for _, old, new in wish.steps if old) or any(
            new in self.gone or old in self.come for _, old, new in wish.steps
        ):
            self.propose(
                wish, f"{wish.reason}: another repair changes the same statement, so run it again", ready=False
            )
            return
        found: list[tuple[str, Change]] = []
        for kind, old, new in wish.steps:
            paths = [wish.path] if wish.path else self._paths(old, new)
            if not paths or any(self._source(path) is None for path in paths):
                self.propose(wish, f"{wish.reason}: it stands in no file of RDF that can be patched", ready=False)
                return
            found += [(path, change) for path in paths for change in self._changes(kind, path, old, new)]
        for _, old, new in wish.steps:
            if old:
                self.gone[old] = new
            if new:
                self.come.add(new)
        self.taken.append(wish)
        for path, change in found:
            self.changes.setdefault(path, []).append(change)

    def _done(self, old: Quad | None, new: Quad | None) -> bool:
        return (old is None or (old in self.gone and self.gone[old] == new)) and (new is None or new in self.come)

    def _changes(self, kind: str, path: str, old: Quad | None, new: Quad | None) -> Iterator[Change]:
        source, wish = self._source(path), len(self.taken)
        labels = source.labels if isinstance(source, Finder) else {}
        if kind == AGAIN and isinstance(source, Finder):
            from kg.read.spelling import repeated

            for quad in dict.fromkeys(quad for quad, _ in repeated(source)):
                yield Change(wish, kind, quad)
        else:
            yield Change(wish, kind, _as_written(old, labels), _as_written(new, labels))

    def _source(self, path: str) -> Finder | ClaimsFile | None:
        """Return what reads a source again, where it can be patched."""
        finder = self.dataset.finders.get(path)
        if isinstance(finder, Finder):
            return finder
        return ClaimsFile(path) if path in self.dataset.texts and ClaimsFile.known(path) else None

    def _paths(self, old: Quad | None, new: Quad | None) -> list[str]:
        """Return the files a step concerns: all that hold what goes, or the one that describes the subject."""
        if old is not None:
            return list(dict.fromkeys(origin.path for origin in self.dataset.origins(old)))
        if new is None:
            return []
        described = [
            *self.dataset.match(new[0], RDF.type, None, new[3]),
            *self.dataset.match(new[0], None, None, new[3]),
        ]
        for statement in described:
            for origin in self.dataset.origins(statement):
                return [origin.path]
        return []

    # -- the files ---------------------------------------------------------------

    def plan(self) -> Plan:
        """Mend the files until no repair is half made."""
        refused: dict[int, str] = {}
        solved: dict[str, list[Edit]] = {}
        stale = dict.fromkeys(sorted(self.changes))
        while stale:
            path = next(iter(stale))
            del stale[path]
            changes = [change for change in self.changes[path] if change.wish not in refused]
            try:
                solved[path], new = self.mending(path).solve(changes)
            except Refused as problem:
                (words,) = problem.wishes.values()
                new = dict.fromkeys((change.wish for change in changes), f"{path}: {words}")
            refused |= new
            # What is not made here is not made elsewhere.
            stale |= {
                other: None
                for other, others in sorted(self.changes.items())
                if other != path and any(change.wish in new for change in others)
            }
        for number, words in sorted(refused.items()):
            wish = self.taken[number]
            self.propose(wish, f"{wish.reason}: {words}", ready=False)
            self.findings.add(finding("rdf.unrepaired", wish.location, rule=wish.code, reason=words))
        files = (self._mended(self.mending(path), edits) for path, edits in sorted(solved.items()) if edits)
        return Plan(tuple(files), tuple(self.proposals), tuple(self.findings))

    def size(self) -> int:
        """Return how many characters the files have that are changed by the wishes taken so far."""
        files = (self.opened.get(path) for path in self.changes)
        return sum(len(file.source.text) for file in files if isinstance(file, Mending))

    def mending(self, path: str) -> Mending:
        """Return a file with its text, which is read once.

        Raises `Refused` for one that cannot be patched.
        """
        if path not in self.opened:
            source = self._source(path)
            try:
                self.opened[path] = Mending(source) if source else Refused({-1: "it cannot be patched"})
            except Refused as refusal:
                self.opened[path] = refusal
        found = self.opened[path]
        if isinstance(found, Refused):
            raise found
        return found

    def _mended(self, mending: Mending, edits: Sequence[Edit]) -> Mended:
        patches, done = [], dict[int, Done]()
        for edit in edits:
            span = Span(edit.start, edit.end)
            first, *_ = made = [self.taken[number] for number in sorted(edit.wishes)]
            reason = "; ".join(dict.fromkeys(wish.reason for wish in made))
            safe = all(wish.safe for wish in made)
            patches.append(Patch(mending.path, span, edit.text, first.code, reason, safe))
            for number in sorted(edit.wishes):
                wish = self.taken[number]
                done.setdefault(number, Done(wish.code, mending.source.locate(span), wish.reason, wish.safe))
        after = mending.after(edits)
        return Mended(mending.path, mending.digest, mending.before, after, tuple(patches), tuple(done.values()))


def _as_written(quad: Quad | None, labels: Mapping[str, str]) -> Quad | None:
    """Return a statement with the labels that its blank nodes have in the text."""
    if quad is None or not labels:
        return quad
    subject, predicate, object_, graph = (labels.get(term, term) for term in quad)
    return subject, predicate, object_, graph
