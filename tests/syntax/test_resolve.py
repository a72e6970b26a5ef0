"""References against a base: the examples of RFC 3986, sections 5.4.1 and 5.4.2."""

from __future__ import annotations

import pytest

from kg.syntax.resolve import resolve

NORMAL = """g:h g:h|g http://a/b/c/g|./g http://a/b/c/g|g/ http://a/b/c/g/|/g http://a/g|//g http://g|?y http://a/b/c/d;p?y
g?y http://a/b/c/g?y|#s http://a/b/c/d;p?q#s|g#s http://a/b/c/g#s|g?y#s http://a/b/c/g?y#s|;x http://a/b/c/;x
g;x http://a/b/c/g;x|g;x?y#s http://a/b/c/g;x?y#s|. http://a/b/c/|./ http://a/b/c/|.. http://a/b/|../ http://a/b/
../g http://a/b/g|../.. http://a/|../../ http://a/|../../g http://a/g|../../../g http://a/g|../../../../g http://a/g
/./g http://a/g|/../g http://a/g|g. http://a/b/c/g.|.g http://a/b/c/.g|g.. http://a/b/c/g..|..g http://a/b/c/..g
./../g http://a/b/g|./g/. http://a/b/c/g/|g/./h http://a/b/c/g/h|g/../h http://a/b/c/h|g;x=1/./y http://a/b/c/g;x=1/y
g;x=1/../y http://a/b/c/y|g?y/./x http://a/b/c/g?y/./x|g?y/../x http://a/b/c/g?y/../x|g#s/./x http://a/b/c/g#s/./x
g#s/../x http://a/b/c/g#s/../x|http:g http:g""".replace("\n", "|").split("|")


@pytest.mark.parametrize("example", NORMAL)
def test_the_examples_of_the_rfc(example: str) -> None:
    reference, whole = example.split(" ")
    assert resolve("http://a/b/c/d;p?q", reference) == whole


@pytest.mark.parametrize(
    ("base", "reference", "whole"),
    [
        ("http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"),
        ("http://a", "g", "http://a/g"),
        ("http://a", "", "http://a"),
        ("http://a?q", "#s", "http://a?q#s"),
        ("http://a/b#c", "#d", "http://a/b#d"),
        ("urn:a:b", "#s", "urn:a:b#s"),
        ("file:///a/b", "c", "file:///a/c"),
        ("http://a//b/c", "../d", "http://a//d"),
        (None, "g", "g"),
    ],
)
def test_bases_that_are_short_or_odd(base: str | None, reference: str, whole: str) -> None:
    assert resolve(base, reference) == whole
