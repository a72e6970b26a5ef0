"""Turtle and TriG: how it looks, and what is nested."""

from __future__ import annotations

import pyoxigraph
import pytest

from kg import formats
from kg.dataset import Dataset
from kg.formats import WriteOptions
from kg.write.nest import nesting

HEAD = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix e: <http://e.org/> .\n"


def written(text: str, name: str = "turtle") -> str:
    dataset = Dataset()
    dataset.add_stream(pyoxigraph.parse(HEAD + text, pyoxigraph.RdfFormat.TRIG), named=True)
    return b"".join(formats.for_name(name).write(dataset, WriteOptions())).decode()


def body(text: str, name: str = "turtle") -> str:
    """The text written, prefixes left out, `http://e.org/` shortened."""
    made = written(text, name).replace("http://e.org/", "")
    return "\n".join(line for line in made.split("\n") if not line.startswith("@prefix")).strip()


def test_classes_share_a_line_and_other_values_have_their_own() -> None:
    assert body('e:b skos:prefLabel "b"@en, "a"@de ; a skos:Concept, e:C . e:a e:p 1 .') == (
        "<b> a <C>, skos:Concept ;\n"
        '    skos:prefLabel "a"@de,\n'
        '        "b"@en .\n\n'
        "<a> <p> 1 ."
    )  # fmt: skip


def test_lines_of_a_text_stay_lines_and_a_backslash_before_n_is_no_line() -> None:
    assert body(r'e:a e:p "one\ntwo \"x\"", "C:\\new" .') == '<a> <p> "C:\\\\new",\n        """one\ntwo \\"x\\"""" .'


def test_a_node_that_one_statement_names_stands_inside_it() -> None:
    assert body('e:a e:p [ e:q "x" ; e:r [ ] ] .') == '<a> <p> [ <q> "x" ; <r> [] ] .'
    assert body("[ e:p 1 ] .") == "[] <p> 1 ."


def test_a_long_node_takes_lines() -> None:
    words = "word " * 20
    assert body(f'e:a e:p [ e:q "{words}" ; e:r [ e:s "{words}", "x" ] ] , 1 .') == (
        "<a> <p> 1,\n"
        "        [\n"
        f'            <q> "{words}" ;\n'
        "            <r> [\n"
        f'                    <s> "{words}",\n'
        '                        "x"\n'
        "                ]\n"
        "        ] ."
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ('e:a e:p ( 1 "x" ( ) ( e:b ) ) .', '<a> <p> ( 1 "x" () ( <b> ) ) .'),
        ("e:a e:p () .", "<a> <p> () ."),
        ("( 1 2 ) e:p 3 .", "[] <p> 3 ;\n    rdf:first 1 ;\n    rdf:rest ( 2 ) ."),
    ],
)
def test_a_list_is_written_as_one(given: str, wanted: str) -> None:
    assert body(given) == wanted


def test_a_long_list_takes_lines() -> None:
    words = " ".join(f'"{number:040}"' for number in range(3))
    lines = words.replace(" ", "\n            ")
    assert body(f"e:a e:p ( {words} ) .") == f"<a> <p> (\n            {lines}\n        ) ."


@pytest.mark.parametrize(
    "given",
    [
        "e:a e:p _:x . e:b e:p _:x .",  # two statements name it
        "_:x e:p _:x .",  # it names itself
        "_:x e:p _:y . _:y e:p _:x .",  # a circle
        "e:a e:p _:x . e:g { e:b e:p _:x }",  # another graph has it
        "e:a e:p _:x . _:x { e:b e:p 1 }",  # it names a graph
    ],
)
def test_what_cannot_be_nested_keeps_a_label(given: str) -> None:
    assert "_:c14n0" in body(given, "trig")


@pytest.mark.parametrize(
    "given",
    [
        "_:l <{0}first> 1 ; <{0}rest> <{0}nil> ; e:q 2 .",  # something hangs on a cell
        "_:l <{0}first> 1, 2 ; <{0}rest> <{0}nil> .",  # two elements
        "_:l <{0}first> 1 ; <{0}rest> <{0}nil>, _:m .",  # two rests
        "_:l <{0}first> 1 ; <{0}rest> e:b .",  # no end
        "_:l <{0}first> 1 .",
    ],
)
def test_what_is_no_list_is_not_written_as_one(given: str) -> None:
    made = body("e:a e:p _:l . " + given.format("http://www.w3.org/1999/02/22-rdf-syntax-ns#"))
    assert made.startswith("<a> <p> [ ")
    assert "rdf:first 1" in made


def test_nests_of_any_depth_and_lists_of_any_length_are_written() -> None:
    many = 20_000
    dataset = Dataset()
    for number in range(many):
        dataset.add(f"_:n{number}" if number else "<urn:s>", "<urn:p>", f"_:n{number + 1}")
    found = nesting(dataset.rows(), set())
    assert len(found.inside) == many - many // 9, "each ninth has a label, and what is in it starts anew"
    long = written(f"e:a e:p ( {' '.join(map(str, range(many)))} ) .")
    assert long.count("\n") == many + 3
    assert "rdf:" not in long


def test_trig_puts_named_graphs_into_braces_and_leaves_the_evidence_out() -> None:
    given = 'e:a e:p 1 . e:g { e:b e:p "x", "y" . e:c a e:D } <https://w3id.org/kgexport/ns#evidence> { e:d e:p 2 }'
    assert body(given, "trig") == (
        "<a> <p> 1 .\n\n<g> {\n"
        '    <b> <p> "x",\n            "y" .\n\n'
        "    <c> a <D> .\n}"
    )  # fmt: skip


def test_many_graphs_take_time_in_proportion() -> None:
    dataset = Dataset()
    for number in range(5000):
        dataset.add("<urn:s>", "<urn:p>", f"_:b{number}", f"<urn:g{number}>")
    assert b"".join(formats.for_name("trig").write(dataset, WriteOptions())).count(b"[]") == 5000


def test_only_prefixes_in_use_are_declared() -> None:
    made = written('e:a skos:prefLabel "x" ; a e:C ; e:p "1"^^<http://www.w3.org/2001/XMLSchema#date>, ( 1 ) .')
    assert [line.split()[1] for line in made.split("\n") if line.startswith("@prefix")] == ["skos:", "xsd:"]
