r"""The syntax of a Caddyfile: a directive a line, blocks in braces that end a line, snippets that are imported.

https://caddyserver.com/docs/caddyfile/concepts : a word may stand in double quotes, in which a backslash escapes a
quote only, or in backticks; a line that ends in a backslash goes on in the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.directive import Directive, bounded, opened

__all__ = ["imported", "parse", "snippets"]

_TOKEN: Final = re.compile(
    r"""(?P<skip>[^\S\n]+|\\\n)|(?P<comment>\#[^\n]*)|(?P<end>\n)|"""
    r""""(?P<quoted>(?:[^"\\]|\\.)*)"|`(?P<raw>[^`]*)`|(?P<word>\S+)""",
    re.DOTALL,
)
_ARGUMENT: Final = re.compile(r"\{args(?:\.([0-9]{1,3})|\[([0-9]{1,3})\])\}")
_MOST: Final = 20_000
"""Directives that snippets are copied into: one can import another twice."""
_MAX_DEPTH: Final = 20


def parse(text: str) -> list[Directive]:
    """The directives at the top: sites, snippets, and what stands in none."""
    top: list[Directive] = []
    stack = [top]
    for number, words, opens in bounded(_lines(text)):
        if words == ["}"] and not opens:
            if len(stack) > 1:
                stack.pop()
        else:
            directive = Directive(words, number)
            stack[-1].append(directive)
            if opens:
                opened(stack, directive)
    return top


def _lines(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """The words of each line with its number, and whether it ends with a brace of its own."""
    words: list[str] = []
    start, line, opens = 1, 1, False
    for match in bounded(_TOKEN.finditer(f"{text}\n")):
        kind = match.lastgroup
        if kind == "end":
            if words or opens:
                yield start, words, opens
            words, opens = [], False
        elif kind in {"quoted", "raw", "word"}:
            start = start if words or opens else line
            if opens:
                words.append("{")  # it did not end the line
            opens = kind == "word" and match[0] == "{"
            if not opens:
                words.append(match[kind].replace('\\"', '"') if kind == "quoted" else match[kind])
        line += match[0].count("\n")


def snippets(top: list[Directive]) -> dict[str, Directive]:
    """The snippets of a file by name: blocks whose name stands in parentheses."""
    return {each.name[1:-1]: each for each in top if each.is_block and each.name[:1] == "(" and each.name[-1:] == ")"}


def imported(directives: list[Directive], known: dict[str, Directive]) -> list[Directive]:
    """The directives with the snippets that they import in their place. Raises MigrationError for too many."""
    return _Importer(known).of(directives, (), 0)


class _Importer:
    def __init__(self, known: dict[str, Directive]) -> None:
        self._known = known
        self._left = _MOST

    def of(self, directives: list[Directive], arguments: tuple[str, ...], depth: int) -> list[Directive]:
        """Copies, in which the arguments stand in their places."""
        found: list[Directive] = []
        for each in directives:
            if depth:
                self._left -= 1
            if self._left < 0 or depth > _MAX_DEPTH:
                raise MigrationError("its snippets import each other without an end")
            words = [_filled(word, arguments) for word in each.words] if arguments else each.words
            snippet = self._known.get(words[1]) if each.name == "import" and len(words) > 1 else None
            if snippet is None:
                inner = self.of(each.block, arguments, depth + (1 if depth else 0)) if each.block else []
                found.append(Directive(words, each.line, inner, each.is_block))
            else:
                found += self.of(snippet.block, tuple(words[2:]), depth + 1)
        return found


def _filled(word: str, arguments: tuple[str, ...]) -> str:
    def put(match: re.Match[str]) -> str:
        number = int(match[1] or match[2])
        return arguments[number] if number < len(arguments) else match[0]

    return _ARGUMENT.sub(put, word)
