"""On which line of a TOML or JSON text a value stands. The standard library's parsers do not say.

The text has been parsed before, so this need not judge it, only walk along it: a value's path is the keys and indexes
that lead to it, `("policy", "allow_origins", 1)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import loads
from typing import Final, TypeAlias

__all__ = ["Path", "Places", "json_places", "line_of", "toml_places"]

Path: TypeAlias = tuple[str | int, ...]
Places: TypeAlias = dict[Path, int]
"""From a path to its line, the first line being 1."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_INLINE_BLANK: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""+'
    r"|'''.*?'''+"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    flags=re.DOTALL,
)
_SCALAR: Final = re.compile(r"[^,\]}#\n]+")


def toml_places(text: str) -> Places:
    """The line of every key and of every item of a list in a TOML text."""
    walk = _Walk(text, "=")
    table: Path = ()
    counts: dict[Path, int] = {}
    while walk.skip():
        if text.startswith("[[", walk.at):
            walk.at += 2
            name = walk.key("]")
            index = counts[name] = counts.get(name, -1) + 1
            table = (*name, index)
            walk.at += 2
            walk.note(table)
        elif text[walk.at] == "[":
            walk.at += 1
            table = walk.key("]")
            walk.at += 1
            walk.note(table)
        else:
            walk.pair(table)
    return walk.places


def json_places(text: str) -> Places:
    """The same of a JSON text."""
    walk = _Walk(text, ":")
    if walk.skip():
        walk.value(())
    return walk.places


def line_of(places: Mapping[Path, int], path: Path) -> int | None:
    """The line of a value, or of the nearest thing around it that has one."""
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return None


class _Walk:
    """A position in the text, and what was noted on the way."""

    def __init__(self, text: str, between: str) -> None:
        self.text = text
        self.between = between
        self.at = 0
        self.places: Places = {}
        self._line = 1
        self._counted = 0

    def note(self, path: Path) -> None:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = max(self._counted, self.at)
        self.places.setdefault(path, self._line)

    def skip(self) -> bool:
        """Over blanks and comments; whether anything is left."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.at < len(self.text)

    def key(self, end: str) -> Path:
        """A key with dots, up to `end`."""
        parts: list[str] = []
        while self.skip() and self.text[self.at] != end:
            found = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            if found is None:
                self.at += 1
                continue
            parts.append(_unquoted(found[0]))
            self.at = found.end()
        return tuple(parts)

    def pair(self, table: Path) -> None:
        self.skip()
        start = self.at
        path = (*table, *self.key(self.between))
        end, self.at = self.at, start
        for length in range(len(table) + 1, len(path) + 1):
            self.note(path[:length])
        self.at = end + 1
        if self.skip():
            self.value(path)

    def value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening in "[{":
            self._members(path, "]" if opening == "[" else "}")
            return
        found = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
        self.at = found.end() if found else self.at + 1

    def _members(self, path: Path, closing: str) -> None:
        self.at += 1
        index = 0
        while self.skip() and self.text[self.at] != closing:
            before = self.at
            if self.text[self.at] == ",":
                self.at += 1
                continue
            if closing == "}":
                self.pair(path)
            else:
                self.note((*path, index))
                self.value((*path, index))
                index += 1
            self.at = max(self.at, before + 1)
        self.at += 1


def _unquoted(text: str) -> str:
    """A key without its quotes. The escapes of TOML that JSON has not are not undone: nobody writes them in a key."""
    if text[0] == '"' and "\\" in text:
        try:
            return str(loads(text))
        except ValueError:
            return text[1:-1]
    return text[1:-1] if text[0] in "\"'" else text
