"""IRIs, slugs and tags, against an independent judge."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.iri import MintingPolicy, Prefixes, canonical_tag, check_iri, slug, unique

_IRI_SIGNS = "ab:/#?[]@%20é基 <>{}\xa0\ufffd\ufff0\ufdd3\x85\U000e0001\U0001fffe\U0001f600.-_~!$&'()*+,;=^`|\\\""


@settings(max_examples=500)
@given(
    head=st.sampled_from(["http://", "urn:", "x:", "http:", ""]), tail=st.text(st.sampled_from(_IRI_SIGNS), max_size=8)
)
def test_an_iri_that_passes_is_one_for_the_parser_too(head: str, tail: str) -> None:
    try:
        pyoxigraph.NamedNode(head + tail)
        good = True
    except ValueError:
        good = False
    # An IPv6 address is left to the parser: a glossary's IRIs have names.
    if "[" not in tail:
        assert (check_iri(head + tail) is None) == good


@pytest.mark.parametrize(
    ("label", "made"),
    [
        ("C++", "c-plus-plus"), ("C#", "c-sharp"), ("C", "c"), (".NET", "dot-net"), ("AT&T", "at-and-t"),
        ("Straße", "strasse"), ("naïve Bayes", "naive-bayes"), ("GPT-3.5 Turbo", "gpt-3-5-turbo"),
        ("基础模型", "基础模型"), ("  a  b ", "a-b"), ("!!!", ""), ("x" * 300, "x" * 100), ("α-β", "α-β"),
    ],
)  # fmt: skip
def test_slugs(label: str, made: str) -> None:
    assert slug(label) == made
    assert slug(made) == made, "a slug is its own slug"


@given(label=st.text(max_size=60))
def test_a_slug_makes_an_iri(label: str) -> None:
    made = slug(label)
    assert len(made.encode()) <= 100
    assert check_iri(MintingPolicy("https://example.org/").mint("term", made)) is None


@pytest.mark.parametrize(
    ("tag", "written"),
    [("EN", "en"), ("en-gb", "en-GB"), ("ZH-HANT-tw", "zh-Hant-TW"), ("sl-it-NEDIS", "sl-IT-nedis"),
     ("en-X-US", "en-x-us"), ("de-1996", "de-1996"), ("x-WHINE", "x-whine")],
)  # fmt: skip
def test_tags_get_the_case_of_bcp_47(tag: str, written: str) -> None:
    assert canonical_tag(tag) == canonical_tag(canonical_tag(tag)) == written


def test_a_free_number_makes_a_name_unique() -> None:
    assert [unique("a", []), unique("a", ["a"]), unique("a", ["a", "a-2"])] == ["a", "a-2", "a-3"]


@pytest.mark.parametrize("local", ["a.", "a(b)", "", "a/b", "é", "%41", "-a", ".a"])
def test_only_safe_local_names_are_compressed(local: str) -> None:
    assert Prefixes({"e": "http://e.org/"}).compress(f"http://e.org/{local}") is None
