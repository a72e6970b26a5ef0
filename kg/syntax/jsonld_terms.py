"""What stands in a term definition, checked (JSON-LD 1.1 API, section 4.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.syntax.jsonld_names import JsonLdError

_CONTAINERS = frozenset(["@graph", "@id", "@index", "@language", "@list", "@set", "@type"])


def checked(value: Any, kind: type, code: str, *, null: bool = True) -> Any:
    """Return a value that must be of a type, or null; raises `JsonLdError` with the code when it is not."""
    if not isinstance(value, kind) and not (null and value is None):
        raise JsonLdError(code, value)
    return value


def direction_of(value: Any) -> str | None:
    """Return a base direction; raises `JsonLdError` for what is none."""
    if value not in ("ltr", "rtl", None):
        raise JsonLdError("invalid base direction", value)
    return value  # type: ignore[no-any-return]


def reverse_container(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the container of a reverse property; raises `JsonLdError` for one it may not have."""
    value = given.get("@container")
    if value not in (None, "@set", "@index"):
        raise JsonLdError("invalid reverse property", value)
    return () if value is None else (value,)


def container_of(value: Any, *, old: bool) -> tuple[str, ...]:
    """Return a container mapping, sorted; raises `JsonLdError` for what is none (step 19)."""
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) and name in _CONTAINERS for name in names) or not names:
        raise JsonLdError("invalid container mapping", value)
    found = set(names)
    if old and (isinstance(value, list) or found & {"@graph", "@id", "@type"}):
        raise JsonLdError("invalid container mapping", value)
    rest = found - {"@set"}
    graph = "@graph" in rest and len(rest - {"@graph"}) <= 1 and rest <= {"@graph", "@id", "@index"}
    if (len(rest) > 1 and not graph) or ("@list" in found and len(found) > 1) or len(found) < len(names):
        raise JsonLdError("invalid container mapping", value)
    return tuple(sorted(found))
