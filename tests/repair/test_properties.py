"""Random faulty Turtle, with comments and layouts nobody would choose: what is repaired is sound, kept and final."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from repairing import HEAD, checked, read, repaired

from kg import formats
from kg.formats import WriteOptions
from kg.repair import repairs, suggested
from kg.repair.patch import Edit, applied
from kg.repair.wishes import REPAIRS
from kg.report import Finding
from kg.syntax.turtle_tokens import HEAD as DIRECTIVE
from kg.syntax.turtle_tokens import TOKEN
from kg.text import Source

CONCEPTS = [":a", ":b", ":c", ":d"]
CODES = tuple(sorted(REPAIRS))
LABELS = ['"x"@en', '"x "@EN', '"x "@en', '"x"@EN', "'y'@en", '"y  z"@en', '"""z\n """@de', '"z"@de', '"plain"']
GAPS = [" ", "  ", "\t", "\n", "\n    ", " \n  ", " # why\n", "  # a, b ; c .\n    ", "\r\n\t"]

relation = st.tuples(
    st.sampled_from(CONCEPTS),
    st.sampled_from(["skos:broader", "skos:narrower", "skos:related", "<http://www.w3.org/2004/02/skos/core#broader>"]),
    st.sampled_from(CONCEPTS),
)
label = st.tuples(
    st.sampled_from(CONCEPTS),
    st.sampled_from(["skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "rdfs:label"]),
    st.sampled_from(LABELS),
)
note = st.tuples(
    st.sampled_from(CONCEPTS), st.just("skos:note"), st.sampled_from(['[ rdf:value "n"@en, "n"@en ]', "( 1 2 )", "1.5"])
)
place = st.tuples(st.sampled_from(CONCEPTS), st.sampled_from(["skos:inScheme", "skos:topConceptOf"]), st.just(":s"))
typed = [(concept, "a", "skos:Concept") for concept in CONCEPTS]
scheme = [(":s", "a", "skos:ConceptScheme")]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Make Turtle of statements in any order, joined to blocks or not, with anything between the tokens."""
    facts = draw(
        st.permutations([*scheme, *typed, *draw(st.lists(st.one_of(relation, label, note, place), max_size=14))])
    )
    gap = st.sampled_from(GAPS)
    pieces = []
    last: tuple[str, str] | None = None
    for subject, verb, object_ in facts:
        if last and last[0] == subject and last[1] == verb and draw(st.booleans()):
            tokens = [",", object_]
        elif last and last[0] == subject and draw(st.integers(0, 3)):
            tokens = [";"] * draw(st.integers(1, 2)) + [verb, object_]
        else:
            tokens = ([draw(st.sampled_from(["", ";"])), "."] if last else []) + [subject, verb, object_]
        pieces += [piece for token in tokens for piece in (draw(gap), token)]
        last = subject, verb
    return HEAD + "".join(pieces) + draw(gap) + "." + draw(st.sampled_from(["", "\n", " ", "  # end", "\n\n"]))


def comments(text: str) -> list[str]:
    """Return what stands in comments, in order."""
    found, at, top = [], 0, True
    while token := (DIRECTIVE.match(text, at) if top else None) or TOKEN.match(text, at):
        directive = token.re is DIRECTIVE
        found += commented(text[at : token.end() if directive else token.start(token.lastgroup)], directive=directive)
        top, at = directive or token[0].endswith("."), token.end()
    return found + commented(text[at:], directive=False)


def commented(gap: str, *, directive: bool) -> list[str]:
    lines = gap.replace("\r\n", "\n").split("\n")
    return [line.partition("#")[2].rstrip() for line in lines if "#" in line and not directive]


@settings(max_examples=150, deadline=None)
@given(text=texts(), proposed=st.booleans(), mark=st.booleans())
def test_what_is_repaired_is_sound_kept_and_final(text: str, proposed: bool, mark: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ttl"
        path.write_bytes(b"\xef\xbb\xbf" * mark + text.encode())
        done = repaired(path, proposed=proposed, select=CODES)
        assert [str(one) for one in done.plan.findings] == [], "the editor writes what the repair declares"
        assert done.after.startswith(b"\xef\xbb\xbf") == mark
        assert comments(done.text) == comments(text)
        assert "\r" not in done.text or "\r" in text
        assert "\r" not in done.text.replace("\r\n", ""), "no line end is torn in two"
        for _ in range(4):
            if not repaired(path, proposed=proposed, select=CODES).plan.files:
                break
        data = read(path)
        report = checked(data, CODES)
        assert repairs(report, data, proposed=proposed).files == (), "a second run changes nothing"
        # Nothing that can be mended is left but what was said to be left to a person.
        left = {proposal.code for proposal in repairs(report, data, proposed=proposed).proposals}
        assert {code for code in report.codes() if code in REPAIRS} <= left


def what(found: Finding) -> tuple[str | None, ...]:
    return found.code, found.focus, found.path, found.value


@settings(max_examples=80, deadline=None)
@given(text=texts(), mark=st.booleans())
def test_each_finding_is_mended_by_what_is_suggested_for_it_alone(text: str, mark: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ttl"
        before = b"\xef\xbb\xbf" * mark + text.encode()
        path.write_bytes(before)
        data = read(path)
        report = checked(data, CODES)
        fixes, left = suggested(report, data)
        assert left == 0
        always = {"text.tag-case", "text.trailing-blank"}
        assert {found.code for found in report} & always <= {found.code for found in fixes}
        source = Source(str(path), text)
        for found, fix in fixes.items():
            edits = []
            for place, new in fix.replacements:
                assert place.line and place.column and place.end_line and place.end_column
                start, end = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
                edits.append(Edit(start, end, new, frozenset()))
            path.write_bytes(before[: 3 * mark] + applied(text, edits).encode())
            again = read(path)
            assert what(found) not in set(map(what, checked(again, CODES))), found
            assert comments(applied(text, edits)) == comments(text)


@settings(max_examples=60, deadline=None)
@given(text=texts(), name=st.sampled_from(["rdfxml", "jsonld", "trig", "nquads"]), proposed=st.booleans())
def test_so_it_is_in_what_we_write_ourselves(text: str, name: str, proposed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, format_ = Path(folder) / "a.ttl", formats.for_name(name)
        source.write_bytes(text.encode())
        path = Path(folder) / f"b.{format_.extensions[0]}"
        path.write_bytes(b"".join(format_.write(read(source), WriteOptions())))
        for _ in range(5):
            done = repaired(path, proposed=proposed, select=CODES)
            assert [str(one) for one in done.plan.findings] == []
            if not done.plan.files:
                break
        left = {proposal.code for proposal in done.plan.proposals}
        assert {code for code in done.left if code in REPAIRS} <= left
