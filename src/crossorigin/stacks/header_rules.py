"""What the configuration of a server says in headers: this one, with this value, for these origins.

Every server has a language of its own for the same few sentences. A reader of one writes them down as `Said`, each with
its line, in a `Place` (a server, a location, a call); `crossorigin.stacks.header_policy` makes the policies of them,
for all servers alike. A condition is a `When`; what is not understood is `NEVER_KNOWN`, and never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from crossorigin.policy.migrate import MigrationError
from crossorigin.policy.migration import Finding
from crossorigin.policy.problems import shown
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = [
    "ALWAYS",
    "ANY_ORIGIN",
    "MOST",
    "NEVER_KNOWN",
    "TOO_MUCH",
    "UNKNOWN",
    "Echo",
    "Outcome",
    "Place",
    "Said",
    "When",
    "also_in",
    "any_of",
    "is_cors",
    "keep",
    "printable",
    "unread",
]

MOST: Final = 1000
"""Headers of one place, tests of one condition, and places."""
TOO_MUCH: Final = "it says more about CORS than can be read; give the part that matters"
_WIDTH: Final = 72
_MOST_LINES: Final = 6


class Echo(Enum):
    """A value that is copied from the request: which header of it."""

    ORIGIN = "origin"
    METHOD = "access-control-request-method"
    HEADERS = "access-control-request-headers"


ANY_ORIGIN: Final = OriginTest(".", 1, How.SEARCH)
"""Passed wherever there is an Origin."""


@dataclass(frozen=True, slots=True)
class When:
    """What a condition comes to.

    `only` are the tests of which an Origin has to pass one, None for everybody; `is_preflight` is whether it holds for
    preflights alone; with `known` false it is not understood.
    """

    known: bool = True
    only: tuple[OriginTest, ...] | None = None
    is_preflight: bool = False

    def joined(self, other: When) -> When:
        """Where both have to hold; unknown where two lists of tests would have to."""
        tests = [each.only for each in (self, other) if each.only is not None]
        narrow = list(dict.fromkeys(each for each in tests if each != (ANY_ORIGIN,)))
        if len(narrow) > 1 or not (self.known and other.known):
            return NEVER_KNOWN
        only = narrow[0] if narrow else tests[0] if tests else None
        return When(only=only, is_preflight=self.is_preflight or other.is_preflight)


ALWAYS: Final = When()
NEVER_KNOWN: Final = When(known=False)


def any_of(choices: list[When]) -> When:
    """Where one of several has to hold; unknown where there are none, or one is not understood."""
    if not choices or not all(each.known for each in choices):
        return NEVER_KNOWN
    tests = None
    if all(each.only is not None for each in choices):
        tests = tuple(dict.fromkeys(test for each in choices for test in each.only or ()))
        if len(tests) > MOST:
            raise MigrationError(TOO_MUCH)
    return When(only=tests, is_preflight=all(each.is_preflight for each in choices))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a value can be, and when; None for a value that is not understood."""

    value: str | Echo | None
    when: When = ALWAYS

    def joined(self, when: When) -> Outcome:
        """The same under one more condition; unknown where it is not understood."""
        both = self.when.joined(when)
        return Outcome(self.value, both) if both.known else UNKNOWN


UNKNOWN: Final = Outcome(None)


@dataclass(frozen=True, slots=True)
class Said:
    """A response header, its name in lower case, with its value and when; `text` is the directive as it stands."""

    name: str
    value: str | Echo
    line: int
    text: str
    when: When = ALWAYS


@dataclass(slots=True)
class Place:
    """What has one set of headers: a server, a location, a call.

    `methods` and `headers` are what a preflight may ask for, where the configuration looks at that. `is_policy` is
    whether it is one even if nothing of its origins was understood.
    """

    name: str = ""
    line: int = 1
    said: list[Said] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    methods: list[str] | None = None
    headers: list[str] | None = None
    preflight_status: int | None = None
    is_policy: bool = False

    def say(self, *said: Said) -> None:
        """More headers; raises MigrationError where they are more than people write."""
        self.said += said
        if len(self.said) > MOST:
            raise MigrationError(TOO_MUCH)


def keep(places: list[Place], place: Place) -> None:
    """Add a place; raises MigrationError where there are more than people write."""
    places.append(place)
    if len(places) > MOST:
        raise MigrationError(TOO_MUCH)


def is_cors(name: str) -> bool:
    """Whether a header has to do with CORS."""
    return name.lower().startswith("access-control-")


def printable(text: str) -> str:
    """A piece of somebody's file as it can stand in a comment: one line of ASCII, and not a long one."""
    line = " ".join(text[: 2 * _WIDTH].split())
    short = line if len(line) <= _WIDTH else f"{line[: _WIDTH - 3]}..."
    return shown(short, 8 * _WIDTH)[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def unread(line: int, text: str, why: str = "It is not understood, and left out.") -> Finding:
    """A line that has to do with CORS and is not taken over."""
    return Finding(printable(text), line, f"not read: {why}")


def also_in(lines: Iterable[int]) -> str:
    """What is said of more than one line at once: the first few of them; nothing for one."""
    found = list(dict.fromkeys(lines))
    more = " and more" if len(found) > _MOST_LINES else ""
    return f" (lines {', '.join(map(str, found[:_MOST_LINES]))}{more})" if len(found) > 1 else ""
