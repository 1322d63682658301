"""The syntax of lighttpd's configuration, as far as conditions and lists of headers go.

https://redmine.lighttpd.net/projects/lighttpd/wiki/Docs_Configuration : `name = value`, `name += value`, lists in
parentheses, conditions on a field, with what they hold in braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crossorigin.stacks.directive import Directive, bounded, opened

__all__ = ["parse"]

_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<field>\$[A-Z_]+\s*\[\s*"[^"\n]{0,200}"\s*\])|"""
    r"""(?P<sign>=>|==|=~|=\^|=\$|!=|!~|\+=|:=|[=+(),{}])|(?P<word>[^\s"$=!+:(),{}\#]+)|(?P<other>.)""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def parse(text: str) -> list[Directive]:
    """Assignments, and conditions with their blocks; a word that is a string begins with its quote and has no other."""
    top: list[Directive] = []
    stack, words, depth = [top], list[_Token](), 0
    before = ""
    for token in bounded(_tokens(text)):
        # A value goes on inside parentheses and around a `+`; a new name begins a new statement.
        if depth == 0 and words and words[-1].text not in {"else", "if"} and _begins(token, before):
            stack[-1].append(_directive(words))
            words = []
        before = token.text if token.kind == "sign" else ""
        if token.kind == "sign" and token.text in "{}" and depth == 0:
            if token.text == "{":
                directive = _directive(words) if words else Directive([], token.line)
                stack[-1].append(directive)
                opened(stack, directive)
            elif len(stack) > 1:
                if words:
                    stack[-1].append(_directive(words))
                stack.pop()
            words = []
            continue
        if token.kind == "sign" and token.text in "()":
            depth = max(0, depth + (1 if token.text == "(" else -1))
        words.append(token)
    if words:
        stack[-1].append(_directive(words))
    return top


def _begins(token: _Token, before: str) -> bool:
    """Whether a statement begins: a name or a field, and no operator before it."""
    return token.kind in {"word", "field"} and before not in {"=", "+", "+=", ":=", "=>", ","}


def _directive(words: list[_Token]) -> Directive:
    return Directive([each.text for each in words], words[0].line)


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "string":
            yield _Token(kind, f'"{match[0][1:-1]}', line)
        elif kind != "skip":
            yield _Token(kind, re.sub(r"\s", "", match[0]) if kind == "field" else match[0], line)
        line += match[0].count("\n")
