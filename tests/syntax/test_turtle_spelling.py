"""Tags that are not in their case: found in any layout, at their place, and nowhere else."""

from __future__ import annotations

import pytest

from kg.syntax.turtle_spelling import tags

LINE = "<urn:a> <urn:b> {} ."
TEXTS = {
    LINE.format('"x"@EN'): [("EN", "en")],
    LINE.format('"x"@en-gb') + "\n" + LINE.format('"y"@EN'): [("en-gb", "en-GB"), ("EN", "en")],
    "<urn:a>\n  <urn:b>\n  'x'@EN ; <urn:c> \"y\"@De .\n" + LINE.format('"x"@EN'): [
        ("EN", "en"), ("De", "de"), ("EN", "en"),
    ],
    LINE.format(r'"say \"@EN"@en'): [],
    LINE.format('"\'@EN"@DE'): [("DE", "de")],
    '# "x"@EN\n' + LINE.format('"x"@en'): [],
    '<urn:a> <urn:b> """\n' + LINE.format("'x'@EN") + '\n""" .': [],
    "<urn:g> {\n" + LINE.format('"x"@EN') + "\n}": [("EN", "en")],
    LINE.format('"x"@EN') + "\r" + LINE.format('"x"@EN'): [("EN", "en"), ("EN", "en")],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_tags_are_found_where_they_stand(text: str) -> None:
    found = list(tags(text))
    assert [(text[start:end], better) for start, end, better in found] == TEXTS[text]
    assert all(text[start - 1] == "@" for start, _, _ in found)
    assert found == sorted(found)
