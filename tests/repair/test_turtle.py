"""What a repair does to the text around it: comments, indentation, punctuation, prefixes, line ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.repair.change import ADD, AGAIN, REMOVE, Change, Refused
from kg.repair.patch import applied
from kg.repair.turtle import edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from repairing import Repaired

HEAD = "@prefix ex: <http://e.org/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
BLOCK = """\
ex:a a skos:Concept ; # type
    skos:prefLabel "a"@en ; # main
    skos:altLabel "x"@en , # first
                  "y"@en , # second
                  "z"@en ; # third
    skos:broader ex:b . # end
"""


def term(text: str) -> str:
    prefix, colon, local = text.partition(":")
    spaces = {"ex": "http://e.org/", "skos": "http://www.w3.org/2004/02/skos/core#"}
    return f"<{spaces[prefix]}{local}>" if colon and prefix in spaces else text


def changed(body: str, *changes: str, head: str = HEAD, format_name: str = "turtle") -> str:
    """Make changes: `- s p o` takes a statement out, `+ s p o` puts one in, `= s p o` leaves its first place."""
    kinds = {"-": REMOVE, "+": ADD, "=": AGAIN}
    wanted = []
    for number, change in enumerate(changes):
        kind, subject, predicate, object_ = change.split(" ", 3)
        quad = term(subject), term(predicate), term(object_), ""
        wanted.append(Change(number, kinds[kind], None if kind == "+" else quad, quad if kind == "+" else None))
    text = head + body
    return applied(text, edits(text, wanted, "http://base.org/", format_name)).removeprefix(head)


def lines(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("body", "change", "old", "new"),
    [
        (BLOCK, '- ex:a skos:altLabel "x"@en', '    skos:altLabel "x"@en , # first\n', "    skos:altLabel # first\n"),
        (BLOCK, '- ex:a skos:altLabel "y"@en', '"y"@en , # second', "# second"),
        (BLOCK, '- ex:a skos:altLabel "z"@en',
         ', # second\n                  "z"@en ;', "; # second\n                 "),
        (BLOCK, "- ex:a skos:broader ex:b", "; # third\n    skos:broader ex:b . # end", ". # third\n    # end"),
        (BLOCK, '- ex:a skos:prefLabel "a"@en', '    skos:prefLabel "a"@en ; # main', "    # main"),
        ("ex:a ex:p 1 , 2 , 3 .", '- ex:a ex:p "1"^^<http://www.w3.org/2001/XMLSchema#integer>', "1 , 2", "2"),
        ("ex:a ex:p ex:b,ex:c,ex:d.", "- ex:a ex:p ex:c", "ex:c,", ""),
        ("ex:a ex:p ex:b,ex:c,ex:d.", "- ex:a ex:p ex:d", ",ex:d", ""),
        ("ex:a ex:p ex:b ; ex:q ex:c .\n", "- ex:a ex:p ex:b", "ex:p ex:b ; ", ""),
        ("ex:a\n  ; ex:p ex:b\n".replace("  ; ex:p", "  ex:p") + "  ; ex:q ex:c\n  ; ex:r ex:d\n  .\n",
         "- ex:a ex:q ex:c", "  ; ex:q ex:c\n", ""),
        ("ex:a\n  ex:p ex:b ;\n  ex:q ex:c ;\n.\n", "- ex:a ex:q ex:c", "  ex:q ex:c ;\n", ""),
        ("ex:a\n  ex:p ex:b ;\n  ex:q ex:c\n.\n", "- ex:a ex:q ex:c", "ex:b ;\n  ex:q ex:c\n", "ex:b\n"),
        ("ex:a ex:p ex:b . # gone\nex:c ex:p ex:b .\n", "- ex:a ex:p ex:b", "ex:a ex:p ex:b . # gone", "# gone"),
        ("ex:a ex:p ex:b .\nex:a ex:p ex:b .\n", "= ex:a ex:p ex:b", "\nex:a ex:p ex:b .\n", None),
        ("ex:a ex:p [ ex:q 1 , 1 ] .", "- ex:b ex:p ex:b", "", None),
    ],
)  # fmt: skip
def test_a_statement_goes_with_its_signs_and_leaves_the_comments(
    body: str, change: str, old: str, new: str | None
) -> None:
    if change.startswith("- ex:b"):
        with pytest.raises(Refused, match="not found"):
            changed(body, change)
    elif new is None:
        assert changed(body, change) == "ex:a ex:p ex:b .\n"
    else:
        assert changed(body, change) == lines(body, old, new)


@pytest.mark.parametrize(
    ("body", "change", "old", "new"),
    [
        (BLOCK, "+ ex:a skos:related ex:c", "ex:b . # end", "ex:b ; # end\n    skos:related ex:c ."),
        (BLOCK, "+ ex:a skos:broader ex:c", "skos:broader ex:b", "skos:broader ex:c , ex:b"),
        (BLOCK, '+ ex:a skos:altLabel "w"@en', '"z"@en ;', '"w"@en ,\n                  "z"@en ;'),
        ("ex:a ex:p ex:b .\n", "+ ex:a ex:q ex:c", "ex:b .", "ex:b ; ex:q ex:c ."),
        ("ex:a ex:p ex:b .\n", "+ ex:a ex:p ex:c", "ex:b .", "ex:b , ex:c ."),
        ("ex:a ex:p ex:b.\n", "+ ex:a ex:p ex:c", "ex:b.", "ex:b, ex:c."),
        ("ex:a\n\tex:p ex:b ;\n.\n", "+ ex:a ex:q ex:c", "ex:b ;\n", "ex:b ;\n\tex:q ex:c ;\n"),
        ("ex:a\n\tex:p ex:b # why\n.\n", "+ ex:a ex:q ex:c", "ex:b # why\n", "ex:b ; # why\n\tex:q ex:c\n"),
        ("ex:a a ex:C\n   ; ex:p ex:b\n   .\n", "+ ex:a ex:q ex:c", "ex:b\n", "ex:b\n   ; ex:q ex:c\n"),
        ("ex:a ex:p ex:b . ex:c ex:p ex:b .", "+ ex:a ex:q ex:c", "ex:b . ex:c", "ex:b ; ex:q ex:c . ex:c"),
        ("ex:a ex:p 1 .\nex:a ex:q 2 .\nex:a ex:r 3 . # three\n", "+ ex:a ex:q ex:c",
         "ex:a ex:q 2 .\n", "ex:a ex:q 2 .\nex:a ex:q ex:c .\n"),
        ("ex:a ex:p ex:b .\n", "+ ex:a <http://other.org/q> <http://other.org/c>",
         "ex:b .", "ex:b ; <http://other.org/q> <http://other.org/c> ."),
        ("ex:a ex:p ex:b .\r\n\r\nex:c a ex:C ;\r\n    ex:p ex:b .\r\n", "+ ex:c ex:q ex:c",
         "    ex:p ex:b .", "    ex:p ex:b ;\r\n    ex:q ex:c ."),
    ],
)  # fmt: skip
def test_a_statement_comes_in_the_style_around_it(body: str, change: str, old: str, new: str) -> None:
    assert changed(body, change) == lines(body, old, new)


def test_lines_of_n_quads_come_and_go_whole() -> None:
    body = '<http://e.org/a> <http://e.org/p> "x" . # one\n<http://e.org/a> <http://e.org/p> "y" <http://e.org/g> .\n'
    new = changed(body, '- ex:a ex:p "x"', '+ ex:a ex:p "z"', head="", format_name="nquads")
    assert new == '<http://e.org/a> <http://e.org/p> "z" .\n# one\n' + body.split("\n", 1)[1]


def test_a_graph_block_keeps_its_brace() -> None:
    body = "{ ex:a ex:p ex:b ; ex:q ex:c }\nex:g { ex:a ex:q ex:c }\n"
    assert changed(body, "- ex:a ex:q ex:c", format_name="trig") == "{ ex:a ex:p ex:b }\nex:g { ex:a ex:q ex:c }\n"
    assert changed(body, "+ ex:a ex:r ex:d", format_name="trig") == body.replace(
        "ex:c }\nex:g", "ex:c ; ex:r ex:d }\nex:g"
    )


def test_what_holds_more_is_left() -> None:
    with pytest.raises(Refused, match="no block of this subject"):
        changed("ex:a ex:p ex:b .\n", "+ ex:z ex:q ex:c")
    with pytest.raises(Refused, match="not found"):
        changed("ex:a ex:p ( 1 ) .\n", "- ex:a ex:p ( 1 )")


def test_what_is_spelt_amiss_is_mended_outside_texts_only(mend: Callable[..., Repaired]) -> None:
    text = HEAD + 'ex:a ex:p """a \n b@EN"""@EN , "x"@zh-hant , \'"y"@DE\' ; \n  ex:p "x"@ZH-Hant .\t\r\n# @EN  \n'
    done = mend(text, select=("text", "rdf.repeated"))
    assert done.found == ["rdf.repeated", "text.tag-case", "text.trailing-blank"]
    assert done.text == HEAD + 'ex:a ex:p """a \n b@EN"""@en , "x"@zh-Hant , \'"y"@DE\' .\n# @EN\n'
    assert done.left == []
    assert done.said == done.says


def test_the_mark_and_the_line_ends_of_a_file_stay(mend: Callable[..., Repaired]) -> None:
    body = HEAD + 'ex:a a skos:Concept ;\n    skos:prefLabel "a"@EN .\n'
    done = mend(b"\xef\xbb\xbf" + body.replace("\n", "\r\n").encode(), select=("text",))
    assert done.after == b"\xef\xbb\xbf" + body.replace("@EN", "@en").replace("\n", "\r\n").encode()


def test_the_namespace_of_skos_is_http(mend: Callable[..., Repaired]) -> None:
    body = "@prefix skos: <https://www.w3.org/2004/02/skos/core#> . # copied\n<urn:a> a skos:Concept ;\n"
    body += (
        ' skos:note "<https://www.w3.org/2004/02/skos/core#>", "x" ; a <https://www.w3.org/2004/02/skos/core#Thing> .\n'
    )
    done = mend(body, select=("rdf", "quality.skos-namespace"))
    assert done.text == (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . # copied\n<urn:a> a skos:Concept ;\n"
        ' skos:note "<https://www.w3.org/2004/02/skos/core#>", "x" ; a <http://www.w3.org/2004/02/skos/core#Thing> .\n'
    )
    assert "rdf.prefix-rebound" not in done.left


def test_a_relation_between_two_files_is_stated_where_its_subject_is(tmp_path: object) -> None:
    from repairing import checked, read

    from kg.repair import repairs

    one, other = tmp_path / "one.ttl", tmp_path / "other.ttl"
    one.write_text(HEAD + "ex:a a skos:Concept ; skos:broader ex:b .\n")
    other.write_text(HEAD + "ex:b a skos:Concept .\n")
    data = read(one, other)
    plan = repairs(checked(data, ("quality.one-sided",)), data)
    assert [(file.path, file.after.decode()) for file in plan.files] == [
        (str(other), HEAD + "ex:b a skos:Concept ; skos:narrower ex:a .\n")
    ]


def test_a_packed_file_is_left_and_said(tmp_path: object) -> None:
    import gzip

    from repairing import checked, read

    from kg.repair import repairs

    path = tmp_path / "a.ttl.gz"
    path.write_bytes(gzip.compress((HEAD + 'ex:a skos:prefLabel "a"@EN .').encode()))
    data = read(path)
    plan = repairs(checked(data, ("text",)), data)
    assert plan.files == ()
    assert [found.code for found in plan.findings] == ["rdf.unrepaired"]
    assert "packed" in plan.proposals[0].reason
