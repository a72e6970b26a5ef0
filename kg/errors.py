"""What can be wrong with a *call*.

Wrong content is never an exception: it is a `kg.report.Finding`. These errors
are raised when the caller asked for something that cannot be done, and each
message says what to do about it::

    KgError
    ├── UsageError        the call itself is wrong               (exit code 2)
    │   ├── UnknownName   a format, profile, concept … that does not exist
    │   ├── TooMuch       more than a format can show
    │   └── QueryError    a SPARQL query that cannot be read
    ├── SourceError       a source cannot be read                (exit code 3)
    │   └── LimitError    a source or a job went over a cap
    ├── Unwritable        a format cannot hold a term            (exit code 3)
    ├── TargetError       a target cannot be written             (exit code 3)
    └── StoreError        a SPARQL store refused or failed       (exit code 3)
"""

from __future__ import annotations

from collections.abc import Iterable


class KgError(Exception):
    """Base of all errors of this package; `exit_code` is what the commands return."""

    exit_code = 3


class UsageError(KgError):
    """The call is wrong; nothing was read or written."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that is not in its table.

    >>> print(UnknownName("format", "turtel", ["turtle", "jsonld"]))
    no format is called 'turtel'; did you mean 'turtle'? (there are: jsonld, turtle)
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(kind, name, tuple(known))
        self.kind, self.name, self.known = kind, name, sorted(known)

    def __str__(self) -> str:
        import difflib

        near = difflib.get_close_matches(self.name, self.known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        shown = self.known if len(self.known) <= 20 else [*self.known[:20], "…"]
        return f"no {self.kind} is called {self.name!r}{hint} (there are: {', '.join(shown)})"


class TooMuch(UsageError):
    """More than a format can show; the message says what to choose."""


class QueryError(UsageError):
    """A SPARQL query that cannot be parsed or is not allowed here."""


class SourceError(KgError):
    """A source that cannot be read: `path` and, where known, the line."""

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        super().__init__(path, reason, line)
        self.path, self.reason, self.line = path, reason, line

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"


class LimitError(SourceError):
    """A source or a job that went over a cap; the message names the option that raises it."""


class TargetError(KgError):
    """A target that cannot be written; what stood there before is untouched."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class StoreError(KgError):
    """A store that refused or failed: which one, at which step, why, and what to do about it.

    >>> print(StoreError("http://localhost:7878", "load", "it cannot be reached", "start it"))
    http://localhost:7878: load: it cannot be reached; start it
    """

    def __init__(self, store: str, step: str, reason: str, remedy: str = "") -> None:
        super().__init__(store, step, reason, remedy)
        self.store, self.step, self.reason, self.remedy = store, step, reason, remedy

    def __str__(self) -> str:
        return f"{self.store}: {self.step}: {self.reason}{'; ' * bool(self.remedy)}{self.remedy}"


class Unwritable(KgError):
    """A term that a format cannot hold; nothing was written.

    >>> print(Unwritable("RDF/XML", "<http://e.org/1>", "it does not end in an XML name", 2))
    RDF/XML cannot hold <http://e.org/1>: it does not end in an XML name (and 1 more term); choose another format
    """

    def __init__(self, format: str, term: str, reason: str, terms: int = 1) -> None:
        super().__init__(format, term, reason, terms)
        self.format, self.term, self.reason, self.terms = format, term, reason, terms

    def __str__(self) -> str:
        others = self.terms - 1
        more = f" (and {others} more term{'s' * (others > 1)})" if others else ""
        return f"{self.format} cannot hold {self.term}: {self.reason}{more}; choose another format"
