"""What the names of a program in JavaScript stand for, where that is sure: given once, and never changed.

A name that is given a value twice, changed in place, taken apart from something else or hidden by an argument stands
for nothing here: which of them is meant where it is used is a question of scopes, and those are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.stacks.javascript_tokens import Token

__all__ = ["declared_functions", "given_names"]

_DECLARES: Final = frozenset({"const", "let", "var"})
_CHANGES: Final = frozenset({"push", "unshift", "splice", "pop", "shift", "length", "fill", "sort", "reverse"})
_ASSIGN_WITH: Final = frozenset({"+", "??", "||", "&&"})
_BEGINS: Final = frozenset({"}", ")", "]", ";", "{", "!", "~", "@", "#"})
"""Signs that no value goes on with in the next line."""
_GOES_ON: Final = frozenset({"in", "instanceof", "as", "satisfies"})
_FAR: Final = 50
"""Words from where something begins to where it ends, brackets as one."""


def given_names(tokens: list[Token], ends: dict[int, int]) -> dict[str, tuple[int, int]]:
    """Where the value is of each name that gets one once, and is not changed; `ends` is where brackets close."""
    return _Names(tokens, ends).given()


def declared_functions(tokens: list[Token], ends: dict[int, int]) -> dict[str, tuple[int, int]]:
    """The functions with a name, each from its parameters to behind its body; those of one name are left out."""
    found: dict[str, tuple[int, int]] = {}
    twice: set[str] = set()
    for name, place in _Names(tokens, ends).functions():
        twice |= {name} & set(found)
        found[name] = place
    return {name: place for name, place in found.items() if name not in twice}


class _Names:
    """The names of one program."""

    def __init__(self, tokens: list[Token], ends: dict[int, int]) -> None:
        self._tokens = tokens
        self._ends = ends

    def given(self) -> dict[str, tuple[int, int]]:
        """See `given_names`."""
        found: dict[str, tuple[int, int]] = {}
        spoilt = set(self._hidden())
        for at in range(len(self._tokens) - 1):
            if self._tokens[at].kind != "name":
                continue
            name = self._text(at)
            if self._text(at - 1) in _DECLARES:
                equals = self._equals(at + 1)
                if name in found or equals is None:
                    spoilt.add(name)
                else:
                    found[name] = equals + 1, self._end(equals + 1)
            elif self._text(at - 1) != "." and (self._is_changed(at + 1) or self._is_handed(at - 1)):
                spoilt.add(name)
        return {name: place for name, place in found.items() if name not in spoilt}

    def functions(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """See `declared_functions`."""
        for at in range(len(self._tokens)):
            closing = self._ends.get(at + 2)
            if self._text(at) != "function" or closing is None or self._text(at + 2) != "(":
                continue
            for body in range(closing + 1, closing + _FAR):
                if self._text(body) == "{" and body in self._ends:
                    yield self._text(at + 1), (at + 2, self._ends[body] + 1)
                    break

    def _text(self, at: int) -> str:
        return self._tokens[at].text if 0 <= at < len(self._tokens) else ""

    def _hidden(self) -> Iterator[str]:
        """The names that functions have for their arguments, and those that are taken apart from something else."""
        for at in range(len(self._tokens)):
            if self._text(at + 1) == "=>":
                yield self._text(at)
            closing = self._ends.get(at)
            if closing is None:
                continue
            before = {self._text(at - 1), self._text(at - 2)}
            is_function = self._text(at) == "(" and ("function" in before or self._text(closing + 1) in {"=>", ":"})
            is_apart = self._text(at) in {"{", "["} and self._text(at - 1) in _DECLARES
            if is_apart or (is_function and closing - at < _FAR):
                yield from map(self._text, range(at + 1, closing))

    def _is_changed(self, at: int) -> bool:
        """Whether what comes behind a name changes what it stands for."""
        for _ in range(_FAR):
            if self._text(at) == ".":
                if self._text(at + 1) in _CHANGES:
                    return True
                at += 2
            elif self._text(at) == "[" and at in self._ends:
                at = self._ends[at] + 1
            else:
                break
        return self._text(at) == "=" or (self._text(at) in _ASSIGN_WITH and self._text(at + 1) == "=")

    def _is_handed(self, before: int) -> bool:
        """Whether what stands before a name changes it: `Object.assign(name`, `delete name`."""
        return self._text(before) == "delete" or (self._text(before) == "(" and self._text(before - 1) == "assign")

    def _equals(self, at: int) -> int | None:
        """The sign of a declaration, behind a type, if there is one; none in `for (const name of …`."""
        for place in range(at, min(at + _FAR, len(self._tokens))):
            if self._text(place) == "=":
                return place
            if self._text(place) in {";", ",", ")", "of", "in"} or self._text(place) in _DECLARES:
                return None
        return None

    def _end(self, start: int) -> int:
        """Where a value ends: at a `;` or a comma, or where the next line cannot go on with it."""
        at = self._ends.get(start, start) + 1
        for _ in range(_FAR):
            if at >= len(self._tokens) or self._text(at) in {";", ",", "}", ")"}:
                break
            if self._tokens[at].line > self._tokens[at - 1].line and not self._goes_on(self._tokens[at]):
                break
            at = self._ends.get(at, at) + 1
        return at

    @staticmethod
    def _goes_on(token: Token) -> bool:
        """Whether a line that begins so goes on with a value, by JavaScript's rule for semicolons that are left out."""
        if token.kind == "sign":
            return token.text not in _BEGINS
        return token.kind == "regex" or token.text.startswith("`") or token.text in _GOES_ON
