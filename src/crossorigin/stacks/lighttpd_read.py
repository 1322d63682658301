"""The CORS part of a configuration of lighttpd, read back: `setenv.add-response-header`, and conditions by Origin.

lighttpd cannot copy an Origin into a header: whoever does more than compare has a script for mod_magnet, and scripts
are not run. All else that has to do with CORS is handed back, with its line.
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.migrate import Migration
from crossorigin.policy.migration import Finding
from crossorigin.stacks.asked import ANYTHING
from crossorigin.stacks.directive import Directive, walk
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import (
    ALWAYS,
    NEVER_KNOWN,
    Echo,
    Place,
    Said,
    When,
    is_cors,
    keep,
    unread,
)
from crossorigin.stacks.lighttpd_syntax import parse
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["read"]

_HEADERS: Final = frozenset({"setenv.add-response-header", "setenv.set-response-header"})
_FIELD: Final = re.compile(r'\$([A-Z_]+)\["([^"]*)"\]')
_PLACES: Final = frozenset({"url", "host", "socket", "querystring"})
_CORS: Final = re.compile(r"access-control-(?:allow|expose|max)", re.IGNORECASE)


def read(text: str) -> Migration:
    """The policies that the lists of headers come to; see the module for what is left unread."""
    top = parse(text)
    reader = _Reader(top)
    reader.level(Directive([], 1, top))
    return migration(reader.found, reader.findings)


class _Reader:
    """One configuration while it is read."""

    def __init__(self, top: list[Directive]) -> None:
        self.findings: list[Finding] = []
        self.found: list[Place] = []
        self._texts = {
            each.name: each.words[2][1:]
            for each in walk(top)
            if each.name.startswith("var.") and len(each.words) == 3 and each.words[2].startswith('"')
        }

    def level(self, level: Directive) -> None:
        """Read what holds in one place."""
        place = Place(level.words[-1].lstrip('"') if level.words else "", level.line)
        self._read(level.block, place, ALWAYS)
        if place.said:
            keep(self.found, place)
        else:
            self.findings += place.findings

    def _read(self, directives: list[Directive], place: Place, when: When) -> None:
        for each in directives:
            if each.name in _HEADERS:
                self._headers(each, place, when)
            elif each.is_block:
                self._condition(each, place, when)
            elif each.name.startswith("magnet.") and "cors" in each.text.lower():
                sentence = "A script decides, and scripts are not run. Write what it allows into the policy."
                place.findings.append(unread(each.line, _written(each), sentence))
            elif each.name.startswith("include") and "cors" in each.text.lower():
                place.findings.append(unread(each.line, _written(each), "The file is not read: give its text as well."))
            elif _CORS.search(each.text):
                place.findings.append(unread(each.line, _written(each)))

    def _condition(self, directive: Directive, place: Place, when: When) -> None:
        words = [word for word in directive.words if word not in {"else", "if"}]
        field = _FIELD.fullmatch(words[0]) if len(words) == 3 else None
        if field is not None and field[1] == "HTTP" and field[2].lower() in _PLACES:
            self.level(directive)
            return
        own = NEVER_KNOWN
        # What is not the one value may be the other: an `else` before an equation adds nothing.
        if field is not None and (len(words) == len(directive.words) or words[1] == "=="):
            own = when.joined(_when(field, words[1], words[2][1:], directive.line))
        if own.known:
            self._read(directive.block, place, own)
        elif any(_CORS.search(each.text) for each in walk(directive.block)):
            place.findings.append(unread(directive.line, _written(directive)))

    def _headers(self, directive: Directive, place: Place, when: When) -> None:
        """A list of names and values."""
        words = directive.words
        for at, word in enumerate(words):
            if word != "=>" or not words[at - 1].startswith('"') or not is_cors(words[at - 1][1:]):
                continue
            name, value = words[at - 1][1:].lower(), self._value(words[at + 1 : at + 3])
            text = f"{directive.name} {name} {value or ''}"
            if value is None:
                place.findings.append(unread(directive.line, text))
            elif value:
                place.say(Said(name, value, directive.line, text, when))

    def _value(self, words: list[str]) -> str | None:
        """A string, or a variable that is one; None for what is put together of several."""
        if not words or words[1:] == ["+"]:
            return None
        return words[0][1:] if words[0].startswith('"') else self._texts.get(words[0])


def _written(directive: Directive) -> str:
    """As it stands in the file, or nearly so."""
    return " ".join(f'{word}"' if word.startswith('"') else word for word in directive.words)


def _when(field: re.Match[str], sign: str, value: str, line: int) -> When:
    """What a condition on a field comes to."""
    name = field[2].lower()
    if field[1] == "HTTP" and name == "request-method":
        return When(is_preflight=True) if sign == "==" and value == "OPTIONS" else NEVER_KNOWN
    if field[1] != "REQUEST_HEADER":
        return NEVER_KNOWN
    if name in {Echo.METHOD.value, Echo.HEADERS.value}:
        is_there = (sign == "!=" and not value) or (sign == "=~" and value in ANYTHING)
        return When(is_preflight=True) if is_there else NEVER_KNOWN
    if name == Echo.ORIGIN.value and sign == "==":
        return When(only=(OriginTest(value, line),))
    if name == Echo.ORIGIN.value and sign == "=~":
        return When(only=(OriginTest(value, line, How.SEARCH),))
    return NEVER_KNOWN
