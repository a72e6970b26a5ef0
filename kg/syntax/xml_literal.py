"""XML literals in their canonical form: Exclusive XML Canonicalization 1.0, with comments."""

from __future__ import annotations

_XML = "http://www.w3.org/XML/1998/namespace"
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


class Canonical:
    """Collects expat's events of a fragment as canonical text; names come as ``uri␁local␁prefix``."""

    __slots__ = ("_open", "_pieces", "_rendered")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open: list[str] = []
        #: the namespaces that the open elements declare in the text, by prefix
        self._rendered: list[dict[str, str]] = [{"": "", "xml": _XML}]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element: what it uses of namespaces is declared on it."""
        uri, shown, prefix = _parts(name)
        used = {prefix: uri}
        written = []
        for key, value in attributes.items():
            space, attribute, its_prefix = _parts(key)
            if its_prefix:
                used[its_prefix] = space
            written.append((space, attribute.rpartition(":")[2], f' {attribute}="{value.translate(_VALUE)}"'))
        scope = self._rendered[-1]
        new = {key: value for key, value in used.items() if scope.get(key) != value}
        self._pieces.append(f"<{shown}")
        for key in sorted(new):
            declared = f"xmlns:{key}" if key else "xmlns"
            self._pieces.append(f' {declared}="{new[key].translate(_VALUE)}"')
        self._pieces += [piece for _, _, piece in sorted(written)]
        self._pieces.append(">")
        self._open.append(shown)
        self._rendered.append({**scope, **new} if new else scope)

    def end(self, _name: str) -> bool:
        """Close an element and tell whether it was one of the fragment's."""
        if not self._open:
            return False
        self._rendered.pop()
        self._pieces.append(f"</{self._open.pop()}>")
        return True

    def characters(self, text: str) -> None:
        """Take text."""
        self._pieces.append(text.translate(_TEXT))

    def comment(self, text: str) -> None:
        """Take a comment."""
        self._pieces.append(f"<!--{text}-->")

    def instruction(self, target: str, data: str) -> None:
        """Take a processing instruction."""
        self._pieces.append(f"<?{target} {data}?>" if data else f"<?{target}?>")

    def text(self) -> str:
        """Return the canonical text."""
        return "".join(self._pieces)


def _parts(name: str) -> tuple[str, str, str]:
    """Return namespace, qualified name and prefix."""
    parts = name.split("\x01")
    if len(parts) == 3:
        return parts[0], f"{parts[2]}:{parts[1]}", parts[2]
    return (parts[0], parts[1], "") if len(parts) == 2 else ("", name, "")
