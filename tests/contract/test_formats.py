"""Every format keeps the promises of the table, whoever brought it."""

from __future__ import annotations

import pytest

import kg
from kg import formats
from kg.errors import UnknownName, UsageError
from kg.formats import Format, WriteOptions

ALL = sorted(formats.formats())


def test_no_two_formats_share_an_extension_or_a_name() -> None:
    endings = [ending for item in formats.formats().values() for ending in item.extensions]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize("name", ALL)
def test_a_format_is_found_by_each_of_its_names(name: str) -> None:
    item = formats.for_name(name)
    assert formats.for_media_type(item.media_type.upper() + "; charset=utf-8") is item
    assert [formats.for_path(f"x.{ending}") for ending in item.extensions] == [item] * len(item.extensions)


@pytest.mark.parametrize("item", formats.written(), ids=lambda item: item.name)
def test_a_writer_is_deterministic_ends_with_a_line_end_and_takes_an_empty_dataset(item: Format) -> None:
    options = WriteOptions()
    for dataset in (kg.load(), kg.Dataset()):
        once = b"".join(item.write(dataset, options))
        assert once == b"".join(item.write(dataset, options))
        assert once == b"" or once.endswith(b"\n")
        once.decode()


@pytest.mark.parametrize("item", [item for item in formats.written() if item.iri], ids=lambda item: item.name)
def test_the_evidence_is_written_only_when_asked_for(item: Format) -> None:
    dataset = kg.load()
    assert b"/ai/claim/" not in b"".join(item.write(dataset, WriteOptions()))
    with_evidence = b"".join(item.write(dataset, WriteOptions(evidence=True)))
    assert b"/ai/claim/" in with_evidence or b"claim:" in with_evidence


def test_what_is_only_read_is_not_written() -> None:
    with pytest.raises(UsageError, match="read, not written"):
        next(iter(formats.for_name("markdown").write(kg.Dataset(), WriteOptions())))


@pytest.mark.parametrize(
    ("ask", "name"),
    [(formats.for_name, "turtel"), (formats.for_media_type, "text/none"), (formats.for_path, "data.unknown")],
)
def test_an_unknown_name_is_told_with_those_there_are(ask: object, name: str) -> None:
    with pytest.raises(UnknownName, match="there are"):
        ask(name)  # type: ignore[operator]
