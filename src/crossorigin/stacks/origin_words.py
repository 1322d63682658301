r"""The origins and patterns that a regular expression stands for, where it stands for them exactly.

An expression of letters, choices and `?` is a list in other words: `https?://(?:www\.)?example\.com` is four origins.
Beside those, the expressions that this project writes itself for `*.` and `:*` are known. Everything else (a `.*`, a
class, a bare dot) lets in more than the eye sees, and is no list: there is None for it.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.patterns import PatternSyntaxError, parse_pattern
from crossorigin.stacks.matching import origin_regex

__all__ = ["alternatives", "origins_of", "words_of"]

_MAX_LENGTH: Final = 20_000
"""Characters of an expression: a hundred of our own for any port."""
_MAX_WORDS: Final = 1000
_MAX_DEPTH: Final = 20

_SUBDOMAIN: Final = origin_regex(parse_pattern("https://*.a"))[len("^https://") : -len("a$")]
_PORTS: Final = {
    scheme: origin_regex(parse_pattern(f"{scheme}://a:*"))[len(f"^{scheme}://a") : -1]
    for scheme in ("http", "https", "chrome-extension")
}
_ANY_SUBDOMAIN: Final = "\ue000"
_ANY_PORT: Final = {scheme: chr(0xE001 + at) for at, scheme in enumerate(_PORTS)}
"""Letters that no expression of an origin has, for what is put into it whole."""


class _NotAListError(Exception):
    """The expression stands for more than a list."""


def origins_of(expression: str, *, whole: bool = False) -> list[str] | None:
    """The origins and patterns; `whole` where the ends of the expression are held by what tries it.

    Words that no browser sends as an Origin, such as one with a slash at the end, are passed over; None if all are.
    """
    if not expression.isascii():
        return None
    text = expression.replace(_SUBDOMAIN, _ANY_SUBDOMAIN)
    for scheme, letter in _ANY_PORT.items():
        text = text.replace(_PORTS[scheme], letter)
    words = words_of(text, whole=whole)
    found = [origin for origin in map(_origin, words or ()) if origin is not None]
    return found or None


def words_of(expression: str, *, whole: bool = False) -> list[str] | None:
    """The texts that an expression matches, if they are a list; see `origins_of`."""
    body = _held(expression, whole=whole)
    if body is None or len(expression) > _MAX_LENGTH:
        return None
    reader = _Reader(body)
    try:
        words = reader.choice(0)
    except _NotAListError:
        return None
    return list(dict.fromkeys(words)) if reader.at == len(body) else None


def alternatives(expression: str) -> list[str]:
    """The parts of an expression between the `|` that stand in no group; an expression without one is its only part."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(expression):
        letter = expression[at]
        depth += (letter in "([") - (letter in ")]")
        if letter == "|" and depth == 0:
            parts.append(expression[start:at])
            start = at + 1
        at += 2 if letter == "\\" else 1
    return [*parts, expression[start:]]


def _held(expression: str, *, whole: bool) -> str | None:
    """What stands between `^` and `$`; None where an end is open, or `|` gives each choice one of them alone."""
    body = expression
    for start in ("^", "\\A"):
        body = body.removeprefix(start)
    begun = len(body) < len(expression)
    for end in ("$", "\\z", "\\Z"):
        if body.endswith(end) and not body.endswith(f"\\{end}"):
            body = body.removesuffix(end)
            break
    else:
        return body if whole and (not begun or len(alternatives(body)) == 1) else None
    if not begun and not whole:
        return None
    parts = alternatives(body)
    if len(parts) == 1:
        return body
    # `^a$|^b$` is a list as well: each part holds its own ends.
    inner = [_held(part, whole=whole) for part in alternatives(expression)]
    return None if None in inner else "|".join(f"(?:{each})" for each in inner)


def _origin(word: str) -> str | None:
    """A word as an origin or pattern; None for what no browser sends."""
    scheme = word.partition("://")[0]
    ports = [letter for letter in _ANY_PORT.values() if letter in word]
    if ports and ports != [_ANY_PORT.get(scheme, _ANY_PORT["chrome-extension"])]:
        return None
    text = word.replace(_ANY_SUBDOMAIN, "*.")
    for letter in ports:
        text = text.replace(letter, ":*")
    try:
        return text if text == "null" else str(parse_pattern(text))
    except PatternSyntaxError:
        return None


class _Reader:
    """An expression while its words are listed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def choice(self, depth: int) -> list[str]:
        """Until the end of a group, or of all."""
        if depth > _MAX_DEPTH:
            raise _NotAListError
        found = self._sequence(depth)
        while self._next == "|":
            self.at += 1
            found += self._sequence(depth)
        return found

    @property
    def _next(self) -> str:
        return self._text[self.at : self.at + 1]

    def _sequence(self, depth: int) -> list[str]:
        words = [""]
        while self._next and self._next not in "|)":
            parts = self._part(depth)
            if self._next == "?":
                self.at += 1
                parts = [*parts, ""]
            if self._next in set("*+?{"):
                raise _NotAListError
            words = [word + part for word in words for part in parts]
            if len(words) > _MAX_WORDS:
                raise _NotAListError
        return words

    def _part(self, depth: int) -> list[str]:
        """A letter, or a group."""
        letter = self._next
        self.at += 1
        if letter == "(":
            if self._next == "?":
                if self._text[self.at : self.at + 2] != "?:":
                    raise _NotAListError
                self.at += 2
            found = self.choice(depth + 1)
            if self._next != ")":
                raise _NotAListError
            self.at += 1
            return found
        if letter == "\\":
            letter = self._next
            self.at += 1
            # `\d` is a class; and what was an asterisk must not become a pattern's.
            if not letter or letter.isalnum() or letter == "*":
                raise _NotAListError
        elif letter in ".[]^$*+?{}":
            raise _NotAListError
        return [letter]
