"""The words of a program in JavaScript or TypeScript: strings, numbers, names, signs, expressions in slashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crossorigin.stacks.directive import bounded

__all__ = ["REGEX", "Token", "partners", "tokens"]

_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|"""
    r"""(?P<number>(?:0[xX][0-9a-fA-F]+|[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][0-9]+)?)n?)|(?P<name>[A-Za-z_$@][\w$]*)|"""
    r"""(?P<sign>=>|\.\.\.|\?\.|&&|\|\||\?\?|===?|!==?|[^\s])""",
    re.DOTALL,
)
REGEX: Final = re.compile(r"/((?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n]){0,200}\]){1,500})/([a-z]{0,8})")
_BEFORE_A_VALUE: Final = frozenset(
    ["(", ",", "=", ":", "[", "!", "&", "|", "?", "{", "}", ";", "=>", "&&", "||", "??", "return"]
)
_CLOSE: Final = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word: `kind` is string, number, name, sign or regex; `start` and `end` are where it stands in the text."""

    kind: str
    text: str
    line: int
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a program without its comments; raises MigrationError where there are too many."""
    return list(bounded(_words(text)))


def _words(text: str) -> Iterator[Token]:
    at, line, before = 0, 1, ""
    while at < len(text):
        regex = REGEX.match(text, at) if text[at] == "/" and (not before or before in _BEFORE_A_VALUE) else None
        match = regex if regex is not None and text[at + 1 : at + 2] not in {"/", "*"} else _TOKEN.match(text, at)
        if match is None:  # cannot be: a sign is anything
            return
        kind = "regex" if match.re is REGEX else match.lastgroup or "sign"
        if kind != "skip":
            before = match[0]
            yield Token(kind, match[0], line, at, match.end())
        line += match[0].count("\n")
        at = match.end()


def partners(words: list[Token]) -> dict[int, int]:
    """Where each bracket is closed, by where it opens."""
    found: dict[int, int] = {}
    open_ones: list[int] = []
    for at, token in enumerate(words):
        if token.kind != "sign":
            continue
        if token.text in _CLOSE:
            open_ones.append(at)
        elif open_ones and token.text == _CLOSE[words[open_ones[-1]].text]:
            found[open_ones.pop()] = at
    return found
