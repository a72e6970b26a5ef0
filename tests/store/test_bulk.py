"""Commands for bulk loaders: whatever a name holds, a shell and SQL read it as a name."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import pytest

from kg.dataset import Dataset
from kg.errors import UsageError
from kg.statement import Statement
from kg.store.bulk import commands
from kg.store.dialect import BUILT_IN
from kg.store.load import Order
from kg.store.prepare import prepare

HOSTILE = "https://e.org/k';touch$IFS'made';$(touch$IFS'made');'"
ORDER = Order(HOSTILE, "1")
LOADERS = sorted(name for name, dialect in BUILT_IN.items() if dialect.bulk)


@pytest.fixture
def prepared(tmp_path):
    return prepare(Dataset([Statement("<urn:s:s>", "<urn:p:p>", '"x"')]), "unknown", None, str(tmp_path / "p.nt"))


@pytest.fixture
def shell(tmp_path):
    """Give a shell where every program does nothing, but for the one that the names would call."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("oxigraph", "isql-vt", "tdb2.tdbloader", "stardog", "aws", "curl", "qlever", "kg"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    (programs / "touch").symlink_to(shutil.which("touch"))

    def run(line):
        return subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env={"PATH": str(programs)}, capture_output=True, check=False
        )

    return run


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize("folder", ["plain", "it's $(touch made) {graph}", "; touch made #"])
def test_no_name_is_executed(tmp_path, prepared, shell, name, folder):
    printed = commands(prepared, ORDER, BUILT_IN[name], str(tmp_path / folder / "f.nt"), "http://ann:s3cret@e.org/")
    assert "s3cret" not in "".join(printed)
    for line in printed:
        done = shell(line)
        assert (done.returncode, done.stderr) == (0, b"") and not (tmp_path / "made").exists()
    last = shlex.split(printed[-1])
    assert last[2] == str(tmp_path / folder / "f.nt") and last[last.index("--vocabulary") + 1] == ORDER.vocabulary


def test_sql_reads_names_as_texts(prepared):
    [first, *_] = commands(prepared, ORDER, BUILT_IN["virtuoso"], "/data/it's \\/f.nt", "http://e.org/")
    sql = shlex.split(first)[-1].removeprefix("exec=")
    found = re.fullmatch(r"ld_dir\('((?:[^']|'')*)', '((?:[^']|'')*)', '((?:[^']|'')*)'\);", sql)
    assert [text.replace("''", "'") for text in found.groups()] == [
        "/data/it's \\\\", "f.nt", f"{ORDER.vocabulary}/version/1",
    ]  # fmt: skip


@pytest.mark.parametrize(("folder", "version"), [("a\nb", "1"), ("a", "1\x1b[31m"), ("\udcff", "1")])
def test_a_name_that_cannot_be_printed_is_refused(prepared, folder, version):
    with pytest.raises(UsageError, match="cannot be shown"):
        commands(prepared, Order("https://e.org/k", version), BUILT_IN["qlever"], f"/{folder}/f.nt", "http://e.org/")


def test_the_last_command_names_another_catalogue(prepared):
    order = Order("https://e.org/k", "1", catalogue="urn:c:c")
    assert "--catalogue urn:c:c --adopt" in commands(prepared, order, BUILT_IN["fuseki"], "/f.nt", "http://e.org/")[-1]


def test_no_loader_that_overwrites_a_repository_is_told(prepared):
    with pytest.raises(UsageError, match="no bulk loader is known for GraphDB"):
        commands(prepared, ORDER, BUILT_IN["graphdb"], "/f.nt", "http://e.org/")
    assert not [line for dialect in BUILT_IN.values() for line in dialect.bulk if " -f " in line]
    named = [" ".join(BUILT_IN[name].bulk) for name in LOADERS]
    assert all("{graph}" in line for line in named)
