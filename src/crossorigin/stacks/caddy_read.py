"""The CORS part of a Caddyfile, read back: what `header` says, and for which origins, by the matchers around it.

Read are matchers by method, by Origin and by the headers of preflights; a path makes a place of its own. Other matchers
and placeholders are not understood, and handed back with their line, and so are other adapters' files and JSON.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from typing import Final

from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.policy.migration import Finding
from crossorigin.stacks.asked import ANYTHING, asked_headers, asked_methods
from crossorigin.stacks.caddy_syntax import imported, parse, snippets
from crossorigin.stacks.directive import Directive, walk
from crossorigin.stacks.header_policy import migration
from crossorigin.stacks.header_rules import (
    ALWAYS,
    ANY_ORIGIN,
    MOST,
    NEVER_KNOWN,
    TOO_MUCH,
    Echo,
    Place,
    Said,
    When,
    is_cors,
    keep,
    unread,
)
from crossorigin.stacks.matching import escape_regex
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["read"]

_ECHOES: Final = {each.value: each for each in Echo}
_MOST_ROWS: Final = 100_000
"""Of matchers, each counted as often as a directive names it."""
_COPIED: Final = re.compile(r"\{(?:http\.request\.)?header\.([A-Za-z-]+)\}")
_GROUPS: Final = frozenset({"handle", "route", "handle_path", "reverse_proxy", "php_fastcgi"})
_CORS: Final = re.compile(r"access-control-allow|access-control-expose|access-control-max|^@?cors$", re.IGNORECASE)


def read(text: str) -> Migration:
    """The policies that the headers of each site and path come to; see the module for what is left unread."""
    top = parse(text)
    known = snippets(top)
    reader = _Reader()
    sites = [each for each in top if each.is_block and each not in known.values()]
    bare = [each for each in top if not each.is_block]
    for site in [*sites, *([Directive([], 1, bare, is_block=True)] if bare else [])]:
        reader.site(Directive(site.words, site.line, imported(site.block, known)))
    return migration(reader.found, reader.findings)


@dataclass(frozen=True, slots=True)
class _Matched:
    """What a matcher comes to; `path` is the place that it makes."""

    when: When = ALWAYS
    path: str = ""


class _Reader:
    """One Caddyfile while it is read."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.found: list[Place] = []
        self._matchers: dict[str, Directive] = {}
        self._place = Place()
        self._left = _MOST_ROWS

    def site(self, site: Directive) -> None:
        """Read a site: what stands in it, and in it by path."""
        self._matchers = {each.name: each for each in walk(site.block) if each.name.startswith("@")}
        place = self._place = Place(site.name, site.line)
        inner = deque(self._read(site.block, place, ALWAYS))
        self._finish(place, None)
        while inner:
            directive, path, around, when = inner.popleft()
            place = self._place = Place(path, directive.line)
            inner += self._read([directive], place, when)
            self._finish(place, around)

    def _finish(self, place: Place, around: Place | None) -> None:
        if place.said:
            keep(self.found, place)
        else:
            self.findings += place.findings
        if around is not None:
            own = {each.name for each in place.said}
            place.say(*(each for each in around.said if each.name not in own))
            place.methods = place.methods or around.methods
            place.headers = place.headers if place.headers is not None else around.headers
            place.preflight_status = place.preflight_status or around.preflight_status

    def _read(self, directives: list[Directive], place: Place, when: When) -> list[tuple[Directive, str, Place, When]]:
        """Take in what is said here; what is said by path is given back, without the path."""
        later: list[tuple[Directive, str, Place, When]] = []
        for each in directives:
            name, arguments = each.name, each.arguments
            if name.startswith("@"):
                continue
            matched, rest = self._matched(arguments) if name in _GROUPS | {"header", "respond"} else (_Matched(), [])
            if matched.path:
                later.append(
                    (Directive([name, *rest], each.line, each.block, each.is_block), matched.path, place, when)
                )
                continue
            own = when.joined(matched.when)
            if name == "header":
                self._headers(each, rest, place, own)
            elif name == "header_down":
                self._header(each, arguments, place, own)
            elif name == "respond":
                self._respond(rest, place, own)
            elif name in _GROUPS:
                later += self._group(each, place, own)
            elif name == "import" and "cors" in each.text.lower():
                place.findings.append(unread(each.line, each.text, "It is not read: give its text as well."))
            elif any(_CORS.search(word) for inner in walk([each]) for word in inner.words):
                place.findings.append(unread(each.line, each.text))
        return later

    def _group(self, directive: Directive, place: Place, when: When) -> list[tuple[Directive, str, Place, When]]:
        if when.known:
            return self._read(directive.block, place, when)
        if any(is_cors(word.lstrip("+->?")) for each in walk(directive.block) for word in each.words):
            place.findings.append(unread(directive.line, directive.text))
        return []

    @staticmethod
    def _respond(arguments: list[str], place: Place, when: When) -> None:
        for word in arguments:
            if when.known and when.is_preflight and re.fullmatch("2[0-9][0-9]", word):
                place.preflight_status = place.preflight_status or int(word)

    def _headers(self, directive: Directive, arguments: list[str], place: Place, when: When) -> None:
        if not directive.is_block:
            self._header(directive, arguments, place, when)
        for each in directive.block:
            self._header(each, each.words, place, when)

    @staticmethod
    def _header(directive: Directive, words: list[str], place: Place, when: When) -> None:
        """A field, which may begin with a sign, and its value."""
        sign, name = (words[0][0], words[0].lstrip("+->?").lower()) if words and words[0] else ("", "")
        if not is_cors(name) or sign == "-":
            return
        value: str | Echo | None = None
        if len(words) == 2:
            copied = _COPIED.fullmatch(words[1])
            value = _ECHOES.get(copied[1].lower()) if copied else None if "{" in words[1] else words[1]
        if value is None or not when.known:
            why = "What it sends, or when, depends on more than a policy knows of a request; it is left out."
            place.findings.append(unread(directive.line, directive.text, why))
        elif value != "":
            place.say(Said(name, value, directive.line, directive.text, when))

    def _matched(self, arguments: list[str]) -> tuple[_Matched, list[str]]:
        """The matcher that a directive begins with, and what comes behind it."""
        first = arguments[0] if arguments else ""
        if first.startswith("/"):
            return _Matched(path=first), arguments[1:]
        if first == "*":
            return _Matched(), arguments[1:]
        if not first.startswith("@"):
            return _Matched(), arguments
        definition = self._matchers.get(first)
        if definition is None:
            return _Matched(NEVER_KNOWN), arguments[1:]
        rows = definition.block or [Directive(definition.arguments, definition.line)]
        return self._all_of(rows), arguments[1:]

    def _all_of(self, rows: list[Directive], *, negative: bool = False) -> _Matched:
        """What several matchers come to, all of which have to match; several for one field, one of them."""
        self._left -= len(rows)
        if self._left < 0 or len(rows) > MOST:
            raise MigrationError(TOO_MUCH)
        found = _Matched()
        origins: list[OriginTest] = []
        for each in rows:
            matched = self._one(each, negative=negative)
            if each.name in {"header", "header_regexp"} and matched.when.only:
                origins += matched.when.only
                continue
            found = _Matched(found.when.joined(matched.when), found.path or matched.path)
        if origins:
            tests = tuple(dict.fromkeys(origins))
            found = replace(found, when=found.when.joined(When(only=tests)))
        return found

    def _one(self, matcher: Directive, *, negative: bool) -> _Matched:
        """One matcher, https://caddyserver.com/docs/caddyfile/matchers#standard-matchers ."""
        name, arguments = matcher.name, matcher.arguments
        if name == "not":
            return self._all_of(matcher.block or [Directive(arguments, matcher.line)], negative=not negative)
        if name == "method" and arguments == ["OPTIONS"] and not negative:
            return _Matched(When(is_preflight=True))
        if name == "path" and arguments and not negative:
            return _Matched(path=" ".join(arguments))
        if name == "header" and arguments:
            return _Matched(_by_header(arguments[0].lower(), "".join(arguments[1:2]), matcher.line, negative=negative))
        if name == "header_regexp" and len(arguments) > 1:
            field, expression = arguments[-2].lower(), arguments[-1]
            return _Matched(self._by_regex(field, expression, matcher.line, negative=negative))
        return _Matched(NEVER_KNOWN)

    def _by_regex(self, field: str, expression: str, line: int, *, negative: bool) -> When:
        if field == Echo.ORIGIN.value and not negative:
            is_any = expression in ANYTHING
            return When(only=(ANY_ORIGIN if is_any else OriginTest(expression, line, How.SEARCH),))
        # The sites' own look at what is asked for, also as a double no.
        if field == Echo.METHOD.value and not negative:
            self._place.methods = asked_methods(expression)
        elif field == Echo.HEADERS.value and not negative:
            self._place.headers = asked_headers(expression)
        else:
            return NEVER_KNOWN
        return When(is_preflight=True)


def _by_header(field: str, value: str, line: int, *, negative: bool) -> When:
    if field in {Echo.METHOD.value, Echo.HEADERS.value} and value == "*":
        return ALWAYS if negative else When(is_preflight=True)
    if field != Echo.ORIGIN.value or negative or not value:
        return NEVER_KNOWN
    if value == "*":
        return When(only=(ANY_ORIGIN,))
    # A `*` is a wildcard at both ends only: https://caddyserver.com/docs/caddyfile/matchers#header
    if value.startswith("*") or value.endswith("*"):
        body = escape_regex(value.removeprefix("*").removesuffix("*"))
        start, end = "" if value.startswith("*") else "^", "" if value.endswith("*") else "$"
        return When(only=(OriginTest(f"{start}{body}{end}", line, How.SEARCH),))
    return When(only=(OriginTest(value, line),))
