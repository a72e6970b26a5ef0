"""A baseline knows what was there: only new findings are new, however the lines have moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg
from kg.check import baseline
from kg.errors import SourceError
from kg.report import Finding, Location, Report, Severity
from kg.rule.choice import Choice

PLANTED = Path(__file__).parents[1] / "fixtures/planted/planted.ttl"
QUALITY = Choice(("skos", "glossary", "quality"))


def make(message: str = "m", line: int = 1, file: str = "dir/a.ttl", **terms: str | None) -> Finding:
    place = Location(file, line, 1)
    return Finding("skos.s13", Severity.VIOLATION, message, "r", place, terms.pop("focus", None))._replace(**terms)


def check(path: Path) -> Report:
    return kg.validate(kg.load(path), QUALITY)


def test_a_finding_keeps_its_id_when_lines_and_folders_move() -> None:
    found = make(focus="<urn:x:a>", path="<urn:x:p>", value='"v"')
    for other in (
        found._replace(location=Location("elsewhere/a.ttl", 70, 3, 71, 4)),
        found._replace(location=Location("C:\\x\\a.ttl")),
        found._replace(message="in other words", remedy="otherwise"),
        found._replace(severity=Severity.INFO, also=(Location("b.ttl"),), shape="urn:x:s", component="C"),
    ):
        assert other.id == found.id


@pytest.mark.parametrize(
    "changed",
    [
        {"code": "skos.s14"},
        {"focus": "<urn:x:b>"},
        {"path": "<urn:x:q>"},
        {"value": '"w"'},
        {"location": Location("b.ttl", 1, 1)},
        {"focus": None, "path": "<urn:x:a>"},
    ],
)
def test_another_defect_has_another_id(changed: dict[str, object]) -> None:
    found = make(focus="<urn:x:a>", path="<urn:x:p>", value='"v"')
    assert found._replace(**changed).id != found.id  # type: ignore[arg-type]


def test_without_a_term_the_words_tell_findings_apart_and_numbers_do_not() -> None:
    assert make("accepted on line 3").id == make("accepted on line 17").id
    assert make("one section").id != make("another section").id


def test_labels_of_blank_nodes_make_no_difference() -> None:
    assert make(focus="_:b0", value="_:x").id == make(focus="_:b17", value="_:y").id


def test_equal_findings_are_counted() -> None:
    report = Report([make(focus="<urn:x:a>", line=line) for line in (1, 2, 3)])
    names = [name for name, _ in report.named()]
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]
    [known] = baseline.of(report).values()
    assert known.times == 3


def test_what_is_written_is_read() -> None:
    report = check(PLANTED)
    assert baseline.read(baseline.write(report), "b.json") == baseline.of(report)
    assert json.loads(baseline.write(Report()))["findings"] == []
    assert baseline.read(baseline.write(Report()), "b.json") == {}


def test_a_report_in_json_will_do_for_a_baseline() -> None:
    from kg.write.report import write
    from kg.write.report.shown import Shown

    report = check(PLANTED)
    text = b"".join(write("json", Shown.of(report))).decode()
    assert baseline.read(text, "r.json") == baseline.of(report)


def test_equal_findings_make_equal_bytes_a_line_each() -> None:
    found = list(check(PLANTED))
    text = baseline.write(Report(found))
    assert text == baseline.write(Report(reversed(found)))
    assert text.count('\n  {"id"') == len(baseline.of(Report(found)))


def test_moved_lines_bring_nothing_new(tmp_path: Path) -> None:
    known = baseline.of(check(PLANTED))
    moved = tmp_path / PLANTED.name
    text = PLANTED.read_text("utf-8")
    head, *blocks = text.split("\n\n")
    # Comments on top, and the concepts in another order.
    moved.write_text("# a comment\n\n\n" + head + "\n\n" + "\n\n".join(reversed(blocks)) + "\n", "utf-8")
    report = check(moved)
    names, gone = baseline.split(report, known)
    assert names == {name for name, _ in report.named()}
    assert gone == []
    lines = {finding.location.line for finding in report if finding.location}
    assert lines != {finding.location.line for finding in check(PLANTED) if finding.location}


def test_a_new_defect_is_new_and_a_mended_one_is_gone(tmp_path: Path) -> None:
    known = baseline.of(check(PLANTED))
    changed = tmp_path / PLANTED.name
    text = PLANTED.read_text("utf-8").replace(
        '    skos:altLabel "weft"@en ;', '    skos:altLabel "woof"@en, "filling" ;'
    )
    changed.write_text(text, "utf-8")
    report = check(changed)
    names, gone = baseline.split(report, known)
    new = [finding.code for name, finding in report.named() if name not in names]
    assert new == ["glossary.label-language"]
    assert [item.code for item in gone] == ["skos.s13"]


def test_of_equal_findings_as_many_are_known_as_the_baseline_has() -> None:
    old = baseline.of(Report([make(focus="<urn:x:a>", line=line) for line in (1, 2)]))
    more = Report([make(focus="<urn:x:a>", line=line) for line in (1, 2, 3)])
    names, gone = baseline.split(more, old)
    assert [finding.location and finding.location.line for name, finding in more.named() if name not in names] == [3]
    assert gone == []
    names, [left] = baseline.split(Report([make(focus="<urn:x:a>")]), old)
    assert len(names) == left.times == 1


def test_two_sets_are_compared() -> None:
    one, two, three = (make(focus=f"<urn:x:{name}>") for name in "abc")
    again = two._replace(location=Location("a.ttl", 9))
    difference = baseline.compare(baseline.of(Report([one, two])), baseline.of(Report([two, again, three])))
    assert [(item.id, item.times) for item in difference.new] == [(two.id, 1), (three.id, 1)]
    assert [(item.id, item.times) for item in difference.gone] == [(one.id, 1)]
    assert [(item.id, item.times) for item in difference.still] == [(two.id, 1)]


HEAD = '{"format": "kgexport-baseline", "version": 1, "findings": '


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "neither a baseline nor a report"),
        ('{"format": "sarif"}', "neither a baseline nor a report"),
        (HEAD.replace("1", "2") + "[]}", "another version"),
        (HEAD + "null}", "no id, code or severity"),
        (HEAD + "[1]}", "no id, code or severity"),
        (HEAD + '[{"id": "a", "code": "c", "severity": "bad"}]}', "no id, code or severity"),
        (HEAD + '[{"id": "a", "code": "c", "severity": ["info"]}]}', "no id, code or severity"),
        (HEAD + '[{"id": "a", "code": "c", "severity": "info", "count": 0}]}', "no id, code or severity"),
        (HEAD + '[{"id": 1, "code": "c", "severity": "info"}]}', "no id, code or severity"),
    ],
)
def test_what_is_no_baseline_is_refused(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as refusal:
        baseline.read(text, "b.json")
    assert refusal.value.path == "b.json"
