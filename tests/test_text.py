"""Decoded text: places there and back, and quotes found wherever lines are broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import DecodingProblem, Source, Span

_TEXTS = st.text(st.sampled_from("ab é\r\n\t \u2028\x85\U0001f600"), max_size=40)


@given(text=_TEXTS)
def test_every_offset_has_a_line_and_column_and_back(text: str) -> None:
    source = Source("x", text)
    for offset in range(len(text) + 1):
        assert source.offset(*source.position(offset)) == offset


@given(text=_TEXTS)
def test_lines_end_where_editors_end_them_and_no_character_is_lost(text: str) -> None:
    source = Source("x", text)
    lines = [source.slice(span) for span in source.lines()]
    assert lines == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@given(text=_TEXTS, mark=st.booleans())
def test_bytes_come_back(text: str, mark: bool) -> None:
    data = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    source = Source.decode("x", data)
    assert (source.encode(), source.byte_order_mark) == (data, mark)


@given(text=_TEXTS, start=st.integers(0, 40), length=st.integers(1, 20))
def test_a_quote_is_found_where_it_was_taken_from(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    words = quote.strip()
    if not words:
        return
    at = start + len(quote) - len(quote.lstrip())
    assert Span(at, at + len(words)) in Source("x", text).find(quote)


@pytest.mark.parametrize(
    ("text", "quote", "spans"),
    [
        ("a b  a\nb", "a b", [(0, 3), (5, 8)]),
        ("aaa", "aa", [(0, 2), (1, 3)]),
        ("a b", "", []),
        ("a b", "b a", []),
        ("x a\r\n\tb y", "  a b ", [(2, 7)]),
    ],
)
def test_quotes(text: str, quote: str, spans: list[tuple[int, int]]) -> None:
    assert Source("x", text).find(quote) == [Span(*span) for span in spans]


def test_a_quote_is_looked_for_within_a_passage() -> None:
    source = Source("x", "one two one two")
    assert source.find("one two", Span(4, 15)) == [Span(8, 15)]
    assert source.find("two", Span(0, 8)) == [Span(4, 7)]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [(b"a\nb\xff", "text.not-utf-8", 2), (b"\xff\xfea\0", "text.utf-16", 1), (b"a\n\n\0", "text.nul", 3),
     (b"\xef\xbb\xbfa\n\xc3", "text.not-utf-8", 2)],
)  # fmt: skip
def test_what_is_no_text_is_told_with_its_line(data: bytes, code: str, line: int) -> None:
    with pytest.raises(DecodingProblem) as caught:
        Source.decode("x", data)
    assert (caught.value.code, caught.value.line) == (code, line)


@pytest.mark.parametrize(
    ("text", "name"), [("a\nb", "LF"), ("a\r\nb", "CRLF"), ("a\rb", "CR"), ("a\r\nb\n", "mixed"), ("a", "none")]
)
def test_the_newline_style_is_named(text: str, name: str) -> None:
    assert Source("x", text).newline == name
