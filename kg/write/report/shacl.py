"""A SHACL validation report in Turtle (W3C SHACL, section 3.6), for tools that read no other.

A result has an IRI made of the finding's id, so that no blank node is minted but for a
path that has no other form. What SHACL has no word for is said with those of DCMI: the
place (`dcterms:source`) and the id (`dcterms:identifier`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg import terms
from kg.report import Finding, Severity
from kg.vocab import DCTERMS, KG_SHAPES, RDFS, SH
from kg.write.report.shown import Entry, Shown, help_of, path_of

REPORT = "<urn:kgexport:report>"
_FINDING = "<urn:kgexport:finding:{}>"
#: The component of a result that no SHACL constraint gave: a rule of ours over the whole graph or a text.
RULE = KG_SHAPES.RuleConstraintComponent
_SEVERITIES = {
    Severity.VIOLATION: "sh:Violation",
    Severity.WARNING: "sh:Warning",
    Severity.INFO: "sh:Info",
}
_PREFIXES = {"dcterms": DCTERMS.base, "kgsh": KG_SHAPES.base, "rdfs": RDFS.base, "sh": SH.base}
_TOKEN = re.compile(r"\s*(<[^<>\s]*>|[()^/|*+?])")
_REPEATS = {"*": "sh:zeroOrMorePath", "+": "sh:oneOrMorePath", "?": "sh:zeroOrOnePath"}
_DEEPEST = 40


def write(shown: Shown) -> Iterator[str]:
    """Yield the report; it conforms only when there is no result at all (section 3.6.1.1)."""
    for prefix, space in _PREFIXES.items():
        yield f"@prefix {prefix}: <{space}> .\n"
    yield "\n"
    results = [_FINDING.format(entry.name) for entry in shown.entries]
    yield f"{REPORT}\n    a sh:ValidationReport ;\n    sh:conforms {'false' if results else 'true'}"
    if results:
        yield " ;\n    sh:result " + " ,\n        ".join(results)
    yield " .\n"
    if any(entry.finding.component is None for entry in shown.entries):
        yield (
            "\nkgsh:RuleConstraintComponent\n    a sh:ConstraintComponent ;\n"
            '    rdfs:label "rule of kgexport"@en ;\n'
            '    rdfs:comment "What no component of SHACL checks: a rule over a whole graph, a page or a file."@en .\n'
        )
    for entry in shown.entries:
        yield _result(entry)


def _result(entry: Entry) -> str:
    finding = entry.finding
    lines = [
        ("a", "sh:ValidationResult"),
        ("sh:focusNode", _focus(finding)),
        ("sh:resultPath", path(finding.path) if finding.path else None),
        ("sh:value", finding.value),
        ("sh:resultSeverity", _SEVERITIES[finding.severity]),
        ("sh:sourceConstraintComponent", _component(finding.component)),
        ("sh:sourceShape", _shape(finding)),
        ("sh:resultMessage", _text(f"{finding.message}; {finding.remedy}", "en")),
        ("dcterms:identifier", terms.literal(entry.name)),
        ("dcterms:source", _joined([finding.location, *finding.also]) if finding.location else None),
        ("rdfs:seeAlso", _address(help_of(finding.code))),
    ]
    told = " ;\n".join(f"    {name} {value}" for name, value in lines if value)
    return f"\n{_FINDING.format(entry.name)}\n{told} .\n"


def _focus(finding: Finding) -> str:
    """Return the focus node, of which SHACL wants one: for what is wrong with a text, the path of the file."""
    return finding.focus or _text(path_of(finding) or "the glossary as a whole")


def _joined(places: Sequence[object]) -> str:
    return " , ".join(_text(str(place)) for place in places)


def _text(text: str, language: str | None = None) -> str:
    # The name of a file may hold bytes that are no text.
    return terms.literal(text.encode("utf-8", "backslashreplace").decode(), language)


def _component(name: str | None) -> str:
    if name is None:
        return "kgsh:RuleConstraintComponent"
    local = name.removeprefix("<").removesuffix(">").removeprefix(SH.base)
    return f"sh:{local}" if local.isalnum() else _address(local) or str(RULE)


def _shape(finding: Finding) -> str | None:
    if not finding.shape or finding.shape[:2] == "_:":
        return finding.shape
    return _address(finding.shape.strip("<>"))


def _address(text: str) -> str | None:
    return f"<{text}>" if text and not re.search(r'[\x00-\x20<>"{}|^`\\]', text) else None


# -- paths ----------------------------------------------------------------------


def path(written: str) -> str | None:
    """Return a path of SPARQL's syntax in that of SHACL (section 2.3.1); None for what cannot be read.

    >>> path("(^<urn:a>/<urn:b>*)")
    '( [ sh:inversePath <urn:a> ] [ sh:zeroOrMorePath <urn:b> ] )'
    """
    found = _TOKEN.findall(written)
    if "".join(found) != "".join(written.split()):
        return None
    reader = _Path(found)
    try:
        whole = reader.alternatives(0)
    except ValueError:
        return None
    return whole if not reader.left else None


class _Path:
    """Reads a path: alternatives of sequences of steps."""

    def __init__(self, found: Sequence[str]) -> None:
        self.left = list(reversed(found))

    def _take(self, *signs: str) -> bool:
        if self.left and self.left[-1] in signs:
            self.left.pop()
            return True
        return False

    def alternatives(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise ValueError("too deep")
        found = [self.sequence(depth)]
        while self._take("|"):
            found.append(self.sequence(depth))
        return found[0] if len(found) == 1 else f"[ sh:alternativePath ( {' '.join(found)} ) ]"

    def sequence(self, depth: int) -> str:
        found = [self.step(depth)]
        while self._take("/"):
            found.append(self.step(depth))
        return found[0] if len(found) == 1 else f"( {' '.join(found)} )"

    def step(self, depth: int) -> str:
        if depth > _DEEPEST:
            raise ValueError("too deep")
        if self._take("^"):
            return f"[ sh:inversePath {self.step(depth + 1)} ]"
        if self._take("("):
            found = self.alternatives(depth + 1)
            if not self._take(")"):
                raise ValueError("not closed")
        elif self.left and self.left[-1][0] == "<":
            found = self.left.pop()
        else:
            raise ValueError("no step")
        while self.left and (repeat := _REPEATS.get(self.left[-1])):
            self.left.pop()
            found = f"[ {repeat} {found} ]"
        return found
