"""What the pages list is what the code has: tables, signatures, links, the examples of every `--help`."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

import kg
from kg import formats
from kg.cli.main import kg as group
from kg.cli.main import kgexport
from kg.hierarchy import hierarchy
from kg.read.claim import COLUMNS, STATUSES
from kg.read.config import Config
from kg.read.section import FRONT_MATTER, RULES
from kg.vocab import ISO_THES, KG, PREFIXES, RDF, RDFS, SKOS, borrowed_properties

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("KG_BIN") or Path(sys.executable).parent)
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def table(page: str, header: str) -> list[tuple[str, ...]]:
    """Return the rows of the table with a header row, cells without marks of code."""
    lines = (ROOT / page).read_text("utf-8").splitlines()
    start = lines.index(header) + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append(tuple(cell.strip().replace("`", "") for cell in line[1:-1].split("|")))
    return rows


def words(cell: str) -> list[str]:
    """Return the parts of a cell that are joined by commas."""
    return [part.strip() for part in cell.split(",") if part.strip()]


def named(terms: set[str] | frozenset[str]) -> set[str]:
    return {PREFIXES.compress(term[1:-1]) or term for term in terms}


# -- tables --------------------------------------------------------------------


def test_the_readme_lists_the_formats_that_are_written() -> None:
    listed = table("README.md", "| `--format` | file name | media type |")
    assert listed == [
        (item.name, ", ".join(f".{ending}" for ending in item.extensions), item.media_type)
        for item in formats.written()
    ]


def test_the_page_of_formats_lists_all_of_them() -> None:
    listed = table("docs/formats.md", "| name | | media type | file names | graphs | read | written |")
    assert listed == [
        (
            item.name,
            item.title,
            item.media_type,
            ", ".join(f".{ending}" for ending in item.extensions),
            "several" if item.graphs else "one",
            "yes" if item.rdf or item.pages else "no",
            "yes" if item.writer else "no",
        )
        for item in formats.BUILT_IN
    ]


def test_the_sections_are_those_of_the_table_of_rules() -> None:
    listed = table("docs/pages.md", "| section | headings | its text is | it becomes |")
    assert [
        (name, tuple(words(headings)), kind, becomes.split()[0].strip(",")) for name, headings, kind, becomes in listed
    ] == [(rule.name, rule.headings, rule.kind, rule.property) for rule in RULES]


def test_the_front_matter_keys_are_all_listed() -> None:
    listed = table("docs/pages.md", "| key | it says |")
    assert sorted(key for keys, _ in listed for key in words(keys)) == sorted(FRONT_MATTER)


def test_every_key_of_the_configuration_is_listed() -> None:
    listed = table("docs/pages.md", "| key | without it | what it says |")
    keys = {key.partition(".")[2] or key for key, _, _ in listed}
    choice = {"profiles", "select", "ignore", "severity"}
    assert keys == {*(set(Config._fields) - {"choice"}), *choice}
    assert {key: default for key, default, _ in listed if default == "en"} == {"glossary.language": Config().language}


def test_the_cells_of_a_claim_are_all_described() -> None:
    assert [name for name, *_ in table("docs/claims.md", "| cell | what it holds | may be empty |")] == list(COLUMNS)
    assert [name for name, _ in table("docs/claims.md", "| status | what it does |")] == list(STATUSES)


def test_the_properties_of_a_claim_are_all_listed() -> None:
    ours = table("docs/claims.md", "| property of `kg:` | below | leads to |")
    tree = hierarchy()
    readers = table("docs/claims.md", "| written by the readers | of |")
    listed = [name for name, _, _ in ours] + [name for names, _ in readers for name in words(names)]
    assert sorted(f"kg:{name}" for name in listed) == sorted(named(tree.properties()))
    for name, below, range_ in ours:
        term = getattr(KG, name)
        assert words(below) == sorted(named(set(tree.parents(term)))), name
        found = tree.range(term)
        assert range_ == (PREFIXES.compress(found[1:-1]) if found else "text"), name
    others = table("docs/claims.md", "| prefix | properties |")
    assert {f"{prefix}:{name}" for prefix, names in others for name in words(names)} == named(borrowed_properties())


def test_the_links_hang_where_the_model_says() -> None:
    tree = hierarchy()
    for above, names in table("docs/model.md", "| below | properties |"):
        term = f"<{PREFIXES.expand(above)}>"
        ours = {found for found in tree.subs(term) if found in KG}
        if term == SKOS.semanticRelation:
            ours -= {found for known in (SKOS.related, SKOS.broader, SKOS.narrower) for found in tree.subs(known)}
        elif term == SKOS.note:
            ours -= set(tree.subs(SKOS.scopeNote))
        assert set(words(names)) == named(ours), above


def test_the_floors_are_those_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    listed = table("docs/architecture.md", "| floor | modules |")
    assert [number for number, _ in listed] == [str(number) for number in range(len(layers) - 1, -1, -1)]
    assert [words(modules) for _, modules in listed] == [
        [name.strip("() ") for name in re.split("[|:]", layer)] for layer in layers
    ]


def test_every_module_has_its_line() -> None:
    listed = [name for name, _ in table("docs/architecture.md", "| module | what it does |")]
    there = {
        str(path.relative_to(ROOT / "kg").with_suffix("")).replace(os.sep, ".").removesuffix(".__init__")
        for path in (ROOT / "kg").rglob("*.py")
    }
    assert sorted(listed) == sorted(there - {"__init__"})


# -- signatures ----------------------------------------------------------------


def signature(name: str) -> str:
    """Write the call of a public name as the page shows it: without types, with what comes back."""
    given = inspect.signature(getattr(kg, name))
    bare = given.replace(
        parameters=[part.replace(annotation=inspect.Parameter.empty) for part in given.parameters.values()],
        return_annotation=inspect.Signature.empty,
    )
    back = "" if inspect.isclass(getattr(kg, name)) else f" -> {given.return_annotation}"
    return f"kg.{name}{bare}{back}"


@pytest.mark.parametrize(
    "name",
    [name for name in kg.__all__ if inspect.isfunction(getattr(kg, name)) or hasattr(getattr(kg, name), "_fields")],
)
def test_the_signature_is_the_one_shown(name: str) -> None:
    assert f"`{signature(name)}`" in (ROOT / "docs/api.md").read_text("utf-8")


# -- links ---------------------------------------------------------------------


class Link(NamedTuple):
    """A link of a page: where it leads, and the heading there."""

    page: Path
    target: str
    anchor: str


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def links() -> list[Link]:
    found = []
    for page in PAGES:
        text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", text):
            if not re.match("[a-z]+:", target):
                found.append(Link(page, target, anchor))
    return found


def test_links_lead_somewhere() -> None:
    assert len(links()) > 20
    for page, target, anchor in links():
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(there), f"{page.name}: {target}#{anchor}"


# -- examples of the help texts -------------------------------------------------


def examples() -> list[str]:
    commands = [kgexport, *(group.get_command(None, name) for name in group.list_commands(None))]  # type: ignore[arg-type]
    lines = [line.strip() for command in commands if command for line in str(command.epilog).splitlines()]
    return sorted({line for line in lines if line.startswith(("kg ", "kgexport "))})


@pytest.mark.parametrize("example", examples())
def test_the_examples_of_help_run(example: str, tmp_path: Path) -> None:
    for name in ("term.txt", "c#.md"):
        (tmp_path / name).write_text(
            "# Term\nA term is a word with one meaning.\n" if name[-1] == "d" else "Term\nIt.\n"
        )
    (tmp_path / "exports").symlink_to(ROOT / "exports")
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", example], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_completion_is_quick_and_knows_the_words() -> None:
    program = (
        "import sys\nfrom kg.cli import kgexport\n"
        "try: kgexport(prog_name='kgexport')\nexcept SystemExit: pass\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    environment = {
        **os.environ,
        "_KGEXPORT_COMPLETE": "bash_complete",
        "COMP_WORDS": "kgexport --pro",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "plain,--profile\n"
    assert {"pyoxigraph", "shacl", "kg.dataset", "kg.formats"} & set(done.stderr.split()) == set()


def test_the_vocabularies_of_the_tables_are_known() -> None:
    """The rows above are compared as prefixed names, so their prefixes have to be ours."""
    for space, prefix in ((RDF, "rdf"), (RDFS, "rdfs"), (SKOS, "skos"), (ISO_THES, "iso-thes"), (KG, "kg")):
        assert PREFIXES.namespaces[prefix] == space.base
