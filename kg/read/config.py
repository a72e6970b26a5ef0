"""`glossary.toml`: what a glossary says of itself, and which files are its pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from typing import Any, NamedTuple

from kg import rule
from kg.iri import check_iri, check_tag, slug
from kg.report import Location, Report, Severity
from kg.rule.choice import Choice, is_known
from kg.text import Source, Span, trim

FILE = "glossary.toml"

#: Endings of pages, and whether they are Markdown.
PAGES: Mapping[str, bool] = {".txt": False, ".md": True, ".markdown": True}

#: Files that usually lie beside pages and are none.
NOT_PAGES = ("readme", "license", "licence", "copying", "notice", "changelog", "contributing", "contributors",
             "code_of_conduct", "security")  # fmt: skip


class Config(NamedTuple):
    """What `glossary.toml` says; every field has a value that works without one."""

    title: str = ""
    description: str = ""
    base: str = ""
    language: str = "en"
    version: str = ""
    created: str = ""
    modified: str = ""
    publisher: str = ""
    license: str = ""
    rights: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    link_base: str = ""
    people: Mapping[str, str] = {}
    choice: Choice = Choice()


_TABLES: Mapping[str, Mapping[str, type]] = {
    "glossary": dict.fromkeys(
        (
            "title",
            "description",
            "base",
            "language",
            "version",
            "created",
            "modified",
            "publisher",
            "license",
            "rights",
        ),
        str,
    ),
    "pages": {"include": list, "exclude": list, "link_base": str},
}
_WANTED: Mapping[type, str] = {str: "a text in quotation marks", list: "a list of texts", dict: "a table"}


def read_config(source: Source | None, report: Report) -> Config:
    """Read `glossary.toml`; what is wrong with it goes to the report, and the rest still counts."""
    if source is None:
        return Config()
    import tomllib

    try:
        data = tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        detail, _, place = str(error).partition(" (at ")
        numbers = [int(word.strip(",)")) for word in place.split() if word.strip(",)").isdigit()]
        line, column = (*numbers, None, None)[:2] if numbers else (1, None)
        where = Location(source.path, line, column)
        report.add(rule.finding("glossary.config-unreadable", where, detail=detail))
        return Config()
    fields = dict(_fields(data, source, report))
    return Config(**fields)


def _fields(data: Mapping[str, Any], source: Source, report: Report) -> Iterator[tuple[str, Any]]:
    for table, content in data.items():
        if table == "people":
            yield "people", dict(_people(content, source, report))
            continue
        if table == "validate" and isinstance(content, dict):
            yield "choice", _choice(content, source, report)
            continue
        known = _TABLES.get(table, {})
        if not isinstance(content, dict) or not known:
            report.add(rule.finding("glossary.config-unknown-key", _place(source, table), key=table))
            continue
        for key, value in content.items():
            if key not in known:
                report.add(rule.finding("glossary.config-unknown-key", _place(source, key), key=f"{table}.{key}"))
            elif not isinstance(value, known[key]) or (
                isinstance(value, list) and not all(isinstance(item, str) for item in value)
            ):
                _report(report, source, key, f"is not {_WANTED[known[key]]}", wanted=_WANTED[known[key]])
            elif problem := _problem(key, value):
                _report(report, source, key, problem, wanted="a value of the form that docs/pages.md shows")
            else:
                yield key, tuple(value) if isinstance(value, list) else value


def _people(content: Any, source: Source, report: Report) -> Iterator[tuple[str, str]]:
    people = content.items() if isinstance(content, dict) else [("people", None)]
    for name, words in people:
        if isinstance(words, str) and name == slug(name):
            yield name, words
        else:
            _report(report, source, name, "is no id with a name", wanted='id = "Name", such as ann-smith = "Ann Smith"')


def _choice(content: Mapping[str, Any], source: Source, report: Report) -> Choice:
    """Read `[validate]`: the same words as the options of `kg validate`."""
    lists: dict[str, tuple[str, ...]] = {}
    severities: dict[str, Severity] = {}
    for key, value in content.items():
        if key == "severity" and isinstance(value, dict):
            severities.update(_severities(value, source, report))
        elif key == "severity":
            _report(report, source, key, f"is not {_WANTED[dict]}", wanted=_WANTED[dict])
        elif key not in ("profiles", "select", "ignore"):
            report.add(rule.finding("glossary.config-unknown-key", _place(source, key), key=f"validate.{key}"))
        elif not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            _report(report, source, key, f"is not {_WANTED[list]}", wanted=_WANTED[list])
        else:
            lists[key] = tuple(_names(key, value, source, report))
    return Choice(lists.get("profiles", ()), lists.get("select", ()), lists.get("ignore", ()), severities)


def _names(key: str, names: list[str], source: Source, report: Report) -> Iterator[str]:
    """Yield the profiles or the patterns of rules that are there, and report the others."""
    wanted = f"profiles: {', '.join(rule.PROFILES)}" if key == "profiles" else "codes of docs/findings.md"
    for name in names:
        if name in rule.PROFILES if key == "profiles" else is_known(name):
            yield name
        else:
            _report(report, source, key, f"names {name!r}, which is not there", wanted=wanted)


def _severities(content: Mapping[str, Any], source: Source, report: Report) -> Iterator[tuple[str, Severity]]:
    words = [severity.value for severity in Severity]
    for code, word in content.items():
        if word not in words:
            _report(report, source, code, f"is {word!r}", wanted=", ".join(words[:-1]) + f" or {words[-1]}")
        elif not is_known(code):
            _report(report, source, code, "covers no rule", wanted="a code of docs/findings.md")
        else:
            yield code, Severity(word)


def _problem(key: str, value: Any) -> str | None:
    if key == "base" and value:
        return check_iri(value) or (None if value[-1] in "/#:" else "does not end in /, # or :")
    if key == "license" and value:
        return check_iri(value)
    if key == "language":
        return check_tag(value)
    return None


def key_span(source: Source, key: str) -> Span:
    """Return the range of the line that names a key or a table; tomllib gives no places of its own."""
    for line in source.lines():
        if source.slice(line).strip().strip("[]").split("=")[0].strip().strip('"') == key:
            return line
    return Span(0, 0)


def _place(source: Source, key: str) -> Location:
    span = key_span(source, key)
    return source.locate(trim(source.text, span)) if span.end else Location(source.path)


def _report(report: Report, source: Source, key: str, problem: str, *, wanted: str) -> None:
    report.add(rule.finding("glossary.config-value", _place(source, key), key=key, problem=problem, wanted=wanted))


def pages_in(directory: str, config: Config) -> list[str]:
    """Return the pages of a directory, relative and sorted: what the config includes, less what it excludes.

    Without an include list, every `.txt` and `.md` is a page, hidden files and those
    that are usually no pages (`README`, `LICENSE` …) apart. Links out of the directory
    are not followed.
    """
    found = []
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), directory).replace(os.sep, "/")
            if _is_page(path, name, config) and not any(fnmatch(path, pattern) for pattern in config.exclude):
                found.append(path)
    return sorted(found)


def _is_page(path: str, name: str, config: Config) -> bool:
    if config.include:
        return any(fnmatch(path, pattern) for pattern in config.include)
    stem, ending = os.path.splitext(name.lower())
    return ending in PAGES and not stem.startswith((".", "_")) and stem not in NOT_PAGES
