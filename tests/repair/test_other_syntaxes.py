"""Repairs in RDF/XML, JSON-LD and claims files: the text around them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from repairing import checked, read

from kg import vocab
from kg.repair import repairs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repairing import Repaired

RULES = ("text", "rdf", "skos", "glossary.scheme-missing", "glossary.cycle", "quality.label-space", "quality.one-sided")
XML = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY e "http://e.org/"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"  
         xmlns:skos="http://www.w3.org/2004/02/skos/core#">
  <!-- the scheme; xml:lang="EN" -->
  <skos:ConceptScheme rdf:about="http://e.org/s"/>
  <skos:Concept rdf:about="&e;a">
    <skos:inScheme rdf:resource="http://e.org/s"/>\t
    <skos:prefLabel xml:lang='EN-gb'> colour &amp; tone </skos:prefLabel> <!-- British -->
    <skos:prefLabel xml:lang="en-GB">hue</skos:prefLabel>
    <skos:altLabel xml:lang="en">color</skos:altLabel>
    <skos:hiddenLabel xml:lang="en">color</skos:hiddenLabel>
    <skos:note xml:lang="en"><![CDATA[ <a> xml:lang="EN" ]]> 
</skos:note>
    <skos:note rdf:parseType="Literal"><b xml:lang="EN"> 
 </b></skos:note>
  </skos:Concept>
  <skos:Concept rdf:about="http://e.org/b" skos:notation="1"><skos:broader rdf:resource="&e;a"/><skos:broader rdf:resource="&e;a"/></skos:Concept>
</rdf:RDF>
"""  # noqa: E501, W291
MENDED_XML = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY e "http://e.org/"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:skos="http://www.w3.org/2004/02/skos/core#">
  <!-- the scheme; xml:lang="EN" -->
  <skos:ConceptScheme rdf:about="http://e.org/s"/>
  <skos:Concept rdf:about="&e;a">
    <skos:inScheme rdf:resource="http://e.org/s"/>
    <skos:prefLabel xml:lang='en-GB'>colour &amp; tone</skos:prefLabel> <!-- British -->
    <skos:altLabel xml:lang="en-GB">hue</skos:altLabel>
    <skos:altLabel xml:lang="en">color</skos:altLabel>
    <skos:note xml:lang="en"><![CDATA[ <a> xml:lang="EN" ]]> 
</skos:note>
    <skos:note rdf:parseType="Literal"><b xml:lang="EN"> 
 </b></skos:note>
    <skos:narrower rdf:resource="http://e.org/b"/>
  </skos:Concept>
  <skos:Concept rdf:about="http://e.org/b" skos:notation="1"><skos:broader rdf:resource="&e;a"/><skos:inScheme rdf:resource="http://e.org/s"/></skos:Concept>
</rdf:RDF>
"""  # noqa: W291


def test_rdfxml_keeps_its_comments_entities_and_lines(mend: Callable[..., Repaired]) -> None:
    done = mend(XML, "a.rdf", select=RULES)
    assert done.text == MENDED_XML
    assert done.plan.proposals == ()
    assert set(done.left) == set()
    assert mend(done.text, "b.rdf", select=RULES).plan.files == ()


def test_an_empty_element_is_opened_and_a_nested_one_is_left(mend: Callable[..., Repaired]) -> None:
    head = XML[: XML.index("  <!--")].replace("  \n", "\n")
    body = """  <skos:Concept rdf:about="http://e.org/a"/>
  <skos:Concept rdf:about="http://e.org/b">
    <skos:broader><skos:Concept rdf:about="http://e.org/c"><skos:broader rdf:resource="http://e.org/a"/></skos:Concept></skos:broader>
    <skos:broader rdf:resource="http://e.org/b"/>
  </skos:Concept>
</rdf:RDF>
"""
    done = mend(head + body, "a.rdf", select=("quality.one-sided", "glossary.cycle"))
    assert done.text.removeprefix(head) == body.replace(
        '"http://e.org/a"/>\n',
        '"http://e.org/a">\n    <skos:narrower rdf:resource="http://e.org/c"/>\n  </skos:Concept>\n',
        1,
    ).replace('    <skos:broader rdf:resource="http://e.org/b"/>\n', "").replace(
        "</skos:Concept></skos:broader>", '<skos:narrower rdf:resource="http://e.org/b"/></skos:Concept></skos:broader>'
    )
    assert done.left == []


JSON = """{
  "@context": {
    "@language": "EN",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "pref": {"@id": "skos:prefLabel", "@container": "@language"},
    "up": {"@id": "skos:broader", "@type": "@id"},
    "in": {"@id": "skos:inScheme", "@type": "@id"}
  },  
  "@graph": [
    {"@id": "http://e.org/s", "@type": "skos:ConceptScheme"},
    {
      "@id": "http://e.org/a",
      "@type": "skos:Concept",
      "in": "http://e.org/s",
      "pref": {"EN-gb": ["colour ", "hue"], "de": "Farbe"},
      "skos:altLabel": [ "color", "tint" ],
      "skos:hiddenLabel": "color"
    },
    { "@id": "http://e.org/b", "@type": "skos:Concept", "up": ["http://e.org/a", "http://e.org/a"] }
  ]
}
"""  # noqa: W291
MENDED_JSON = """{
  "@context": {
    "@language": "en",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "pref": {"@id": "skos:prefLabel", "@container": "@language"},
    "up": {"@id": "skos:broader", "@type": "@id"},
    "in": {"@id": "skos:inScheme", "@type": "@id"}
  },
  "@graph": [
    {"@id": "http://e.org/s", "@type": "skos:ConceptScheme"},
    {
      "@id": "http://e.org/a",
      "@type": "skos:Concept",
      "in": "http://e.org/s",
      "pref": {"en-GB": ["colour"], "de": "Farbe"},
      "skos:altLabel": [ "color", "tint", {"@value": "hue", "@language": "en-GB"} ],
      "skos:narrower": {"@id": "http://e.org/b"}
    },
    { "@id": "http://e.org/b", "@type": "skos:Concept", "up": ["http://e.org/a"], "in": "http://e.org/s" }
  ]
}
"""


def test_jsonld_keeps_its_layout_and_names(mend: Callable[..., Repaired]) -> None:
    done = mend(JSON, "a.jsonld", select=RULES)
    assert done.text == MENDED_JSON
    assert done.plan.proposals == ()
    assert done.left == []
    assert mend(done.text, "b.jsonld", select=RULES).plan.files == ()


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    source = vocab.shipped_glossary()
    from shutil import copytree

    return copytree(source, tmp_path / "ai")


def test_claims_lose_repeats_blanks_and_odd_tags(glossary: Path) -> None:
    path = glossary / "foundation-model.claims.tsv"
    good = path.read_bytes()
    rows = good.decode().split("\n")
    rows[3] = rows[3].replace('"@en', '"@EN') + "  "
    rows.insert(6, rows[4])
    path.write_text("\n".join(rows), "utf-8")
    data = read(glossary)
    report = checked(data)
    assert [code for code in report.codes() if code.split(".")[0] in ("claims", "text")] == [
        "claims.repeated", "text.tag-case", "text.trailing-blank",
    ]  # fmt: skip
    (file,) = repairs(report, data).files
    assert file.path == str(path)
    assert file.after == good


def test_what_pages_say_is_left_to_their_authors(glossary: Path) -> None:
    (glossary / "foundation-model.claims.tsv").unlink()
    other = glossary / "other.txt"
    other.write_text("Foundation Model\n\nA second page with the same title.   \n")
    data = read(glossary)
    before = {path: path.read_bytes() for path in glossary.iterdir()}
    plan = repairs(checked(data), data, proposed=True)
    assert plan.files == ()
    assert {path: path.read_bytes() for path in glossary.iterdir()} == before
