"""The table of formats and features in the docs is the one that the code holds."""

from __future__ import annotations

from pathlib import Path

from kg import formats

PAGE = Path(__file__).resolve().parents[2] / "docs/formats-table.md"
START, END = "<!-- features: written by tests/docs/test_format_features.py -->\n", "<!-- end -->\n"


def table() -> str:
    """Write the table: a row a feature, a column a format that holds RDF."""
    shown = [item for item in formats.BUILT_IN if item.iri]
    lines = [["", *(item.title for item in shown)], ["---"] * (len(shown) + 1)]
    lines += [[feature.title, *(item.holds(feature.name) for item in shown)] for feature in formats.FEATURES]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def test_the_table_is_that_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert text.partition(START)[2].partition(END)[0] == table(), f"the table has to be:\n{table()}"
