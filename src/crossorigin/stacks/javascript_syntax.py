"""Literals in JavaScript and TypeScript: what a value is, where it is written out, and nothing that has to be run.

JSON5 would be nearly enough, if people did not put an expression in slashes or a function among the values: here such a
value is itself, or an `Unread`, and all others are read. A name stands for what it was given, if that was once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crossorigin.stacks.javascript_names import declared_functions, given_names
from crossorigin.stacks.javascript_tokens import REGEX, partners, tokens

__all__ = ["Entry", "Function", "Regex", "Source", "Unread"]

_CONSTANTS: Final = {"true": True, "false": False, "null": None, "undefined": None}
_MAX_DEPTH: Final = 30
_MAX_SIZE: Final = 20_000
"""Values that are looked at, in all: a name that stands for a list can stand in a list that another name stands for."""


@dataclass(frozen=True, slots=True)
class Regex:
    """An expression between slashes."""

    text: str
    flags: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that is only known when the program runs, as it stands in the file, and which of its words it is."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Function:
    """The names that a function has for its arguments, and the words of its body."""

    parameters: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of an object, and the line of its key."""

    value: Any
    line: int


class Source:
    """A file of JavaScript."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._ends = partners(self._tokens)
        self._left = _MAX_SIZE
        self._functions = declared_functions(self._tokens, self._ends)
        self._given = given_names(self._tokens, self._ends)

    def __len__(self) -> int:
        return len(self._tokens)

    def text(self, at: int) -> str:
        """The token at a place; empty beyond the last."""
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""

    def line(self, at: int) -> int:
        """The line of a token."""
        return self._tokens[at].line

    def string(self, at: int) -> str | None:
        """The token at a place, if it is a string that is written out."""
        if not 0 <= at < len(self._tokens) or self._tokens[at].kind != "string":
            return None
        body = self._tokens[at].text[1:-1]
        return None if "\\" in body or "${" in body else body

    def written(self, start: int, end: int) -> str:
        """The text from one token to the one before another."""
        end = min(end, len(self._tokens))
        return self._text[self._tokens[start].start : self._tokens[max(start, end - 1)].end] if start < end else ""

    def words(self, start: int, end: int) -> str:
        """The tokens from one to the one before another, with a blank between."""
        return " ".join(map(self.text, range(start, min(end, len(self._tokens)))))

    def arguments(self, opening: int) -> list[tuple[int, int]]:
        """From where to where the arguments of a call reach, whose parenthesis opens at a place."""
        return list(self._items(opening))

    def value(self, start: int, end: int, depth: int = 0) -> Any:
        """What stands there: text, number, truth, None, list, dict of `Entry`, `Regex`, or `Unread`."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0 or start >= end:
            return self._unread(start, end)
        while end - start > 2 and self.text(end - 2) in {"as", "satisfies"}:  # TypeScript
            end -= 2
        if end - start == 1:
            return self._single(start, depth)
        if self._ends.get(start) == end - 1 and self.text(start) in {"[", "{"}:
            return self._list(start, depth) if self.text(start) == "[" else self._object(start, depth)
        return self._unread(start, end)

    def entry(self, start: int, end: int, key: str) -> tuple[int, int] | None:
        """Where the value of a key stands in an object that is written out; None where there is none."""
        if self._ends.get(start) != end - 1 or self.text(start) != "{":
            return None
        for first, last in self._items(start):
            if self.text(first) == key and self.text(first + 1) == ":":
                return first + 2, last
        return None

    def named(self, name: str) -> Any:
        """What a name stands for; None where that is not written out."""
        place = self._given.get(name)
        return None if place is None else self.value(*place)

    def function_parts(self, value: Unread) -> Function | None:
        """The function that a value is, or whose name it is; None for anything else, and for one without braces."""
        start, end = value.start, value.end
        if end - start == 1:
            place = self._functions.get(self.text(start), self._given.get(self.text(start)))
            if place is None:
                return None
            start, end = place
        while self.text(start) in {"async", "function"} or (self._tokens[start].kind == "name" and start + 1 < end):
            if self.text(start + 1) == "=>":
                return None
            start += 1
        closing = self._ends.get(start, end)
        if self.text(start) != "(" or closing >= end:
            return None
        at = closing + 1
        while at < end and self.text(at) != "{":  # `=>`, or the type of the result
            at += 1
        if self._ends.get(at) != end - 1:
            return None
        parameters = tuple(self.text(item[0]) for item in self._items(start))
        return Function(parameters, at + 1, end - 1)

    def _unread(self, start: int, end: int) -> Unread:
        return Unread(self.written(start, end), start, end)

    def _single(self, at: int, depth: int) -> Any:
        token = self._tokens[at]
        if token.kind == "string":
            found = self.string(at)
            return self._unread(at, at + 1) if found is None else found
        if token.kind == "number" and re.fullmatch("[0-9][0-9_]{0,17}", token.text):
            return int(token.text.replace("_", ""))
        if token.kind == "regex":
            body = REGEX.fullmatch(token.text)
            return Regex(body[1].replace("\\/", "/"), body[2]) if body else self._unread(at, at + 1)
        if token.text in _CONSTANTS:
            return _CONSTANTS[token.text]
        place = self._given.get(token.text)
        return self._unread(at, at + 1) if place is None else self.value(*place, depth + 1)

    def _list(self, opening: int, depth: int) -> Any:
        found: list[Any] = []
        for start, end in self._items(opening):
            if self.text(start) != "...":
                found.append(self.value(start, end, depth + 1))
                continue
            inner = self.value(start + 1, end, depth + 1)
            if not isinstance(inner, list):
                found.append(self._unread(start, end))
                continue
            self._left -= len(inner)
            found += inner if self._left > 0 else []
        return found

    def _object(self, opening: int, depth: int) -> Any:
        found: dict[str, Entry] = {}
        for start, end in self._items(opening):
            line = self.line(start)
            if self.text(start) == "...":
                inner = self.value(start + 1, end, depth + 1)
                self._left -= len(inner) if isinstance(inner, dict) else 1
                if isinstance(inner, dict):
                    found |= inner
                else:  # it may say otherwise than all that stands before it
                    spread = Entry(self._unread(start, end), line)
                    found = {"...": spread, **dict.fromkeys(found, spread)}
                continue
            key = self.string(start) or self.text(start)
            if self.text(start + 1) == ":" and start + 1 < end:
                found[key] = Entry(self.value(start + 2, end, depth + 1), line)
            elif end - start == 1:
                found[key] = Entry(self._single(start, depth + 1), line)
            else:  # a method
                name = self.text(start + 1) if key in {"async", "get"} else key
                found[name] = Entry(self._unread(start, end), line)
        return found

    def _items(self, opening: int) -> Iterator[tuple[int, int]]:
        """What the commas in a bracket part."""
        closing = self._ends.get(opening, opening + 1)
        start = at = opening + 1
        while at < closing:
            if self.text(at) == ",":
                yield start, at
                start = at + 1
            at = self._ends.get(at, at) + 1
        if start < closing:
            yield start, closing
