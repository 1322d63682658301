"""What can be wrong with a policy: a closed table of `P…` codes, and problems that say where and what to write instead.

A code is never reused. The first digit says what it is about: 1 origins, 2 methods, 3 header names, 4 credentials,
5 numbers, 6 the shape of what was written. Each has a page in `docs/codes/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["PROBLEMS", "PolicyError", "Problem", "ProblemCode", "ProblemKind", "quoted", "shown"]

_WIDTH: Final = 80
_SHOWN: Final = 72
"""Characters of a value in a report: with the indent of two and quotes, a line of 80."""


class ProblemCode(StrEnum):
    """Which rule of a policy was broken."""

    NO_ORIGINS = "P101"
    EMPTY_ORIGIN = "P102"
    MISSING_SCHEME = "P103"
    TRAILING_SLASH = "P104"
    PATH = "P105"
    UPPER_CASE = "P106"
    DEFAULT_PORT = "P107"
    BAD_PORT = "P108"
    UNICODE_HOST = "P109"
    BAD_HOST = "P110"
    BAD_IP = "P111"
    BAD_SCHEME = "P112"
    FILE_SCHEME = "P113"
    USERINFO = "P114"
    WHITESPACE = "P115"
    SEVERAL_ORIGINS = "P116"
    TOO_LONG = "P117"
    REGEX = "P118"
    WILDCARD_PLACE = "P119"
    WILDCARD_AMONG_OTHERS = "P120"
    PUBLIC_SUFFIX = "P121"
    NULL_ORIGIN = "P122"

    BAD_METHOD = "P201"
    FORBIDDEN_METHOD = "P202"
    METHOD_CASE = "P203"

    BAD_HEADER_NAME = "P301"
    FORBIDDEN_REQUEST_HEADER = "P302"
    RESPONSE_HEADER_ALLOWED = "P303"
    AUTHORIZATION_NOT_COVERED = "P304"
    FORBIDDEN_RESPONSE_HEADER = "P305"

    ANY_ORIGIN_WITH_CREDENTIALS = "P401"
    ANY_METHOD_WITH_CREDENTIALS = "P402"
    ANY_HEADER_WITH_CREDENTIALS = "P403"
    ANY_EXPOSED_WITH_CREDENTIALS = "P404"
    INSECURE_ORIGIN_WITH_CREDENTIALS = "P405"
    NULL_WITH_CREDENTIALS = "P406"

    MAX_AGE_NEGATIVE = "P501"
    MAX_AGE_TOO_LONG = "P502"
    PREFLIGHT_STATUS = "P503"

    STRING_FOR_LIST = "P601"
    WRONG_TYPE = "P602"
    UNKNOWN_FIELD = "P603"
    POLICY_AND_POLICIES = "P604"
    ENVIRONMENT_LIST = "P605"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What a code stands for; `title` is one plain line."""

    code: ProblemCode
    title: str


_TITLES: Final = (
    (ProblemCode.NO_ORIGINS, "The policy allows no origin"),
    (ProblemCode.EMPTY_ORIGIN, "An origin is empty"),
    (ProblemCode.MISSING_SCHEME, "The origin has no scheme"),
    (ProblemCode.TRAILING_SLASH, "The origin ends with a slash"),
    (ProblemCode.PATH, "The origin has a path, a query or a fragment"),
    (ProblemCode.UPPER_CASE, "The origin has upper-case letters"),
    (ProblemCode.DEFAULT_PORT, "The origin spells out the default port"),
    (ProblemCode.BAD_PORT, "The port is not a port"),
    (ProblemCode.UNICODE_HOST, "The host is not in ASCII"),
    (ProblemCode.BAD_HOST, "The host is not a host name"),
    (ProblemCode.BAD_IP, "The IP address is not written as browsers write it"),
    (ProblemCode.BAD_SCHEME, "The scheme is not a scheme"),
    (ProblemCode.FILE_SCHEME, "A page from a file has no origin to allow"),
    (ProblemCode.USERINFO, "The origin holds a user name or password"),
    (ProblemCode.WHITESPACE, "There is a blank in the origin"),
    (ProblemCode.SEVERAL_ORIGINS, "Several origins stand in one string"),
    (ProblemCode.TOO_LONG, "The origin is longer than an origin can be"),
    (ProblemCode.REGEX, "A regular expression stands where an origin belongs"),
    (ProblemCode.WILDCARD_PLACE, "The `*` stands where it has no meaning"),
    (ProblemCode.WILDCARD_AMONG_OTHERS, "`*` stands beside other values"),
    (ProblemCode.PUBLIC_SUFFIX, "The wildcard covers domains of many owners"),
    (ProblemCode.NULL_ORIGIN, "The origin `null` is anybody's"),
    (ProblemCode.BAD_METHOD, "This is not a method"),
    (ProblemCode.FORBIDDEN_METHOD, "No browser sends this method"),
    (ProblemCode.METHOD_CASE, "The method is in the wrong case"),
    (ProblemCode.BAD_HEADER_NAME, "This is not a header name"),
    (ProblemCode.FORBIDDEN_REQUEST_HEADER, "Script cannot set this request header"),
    (ProblemCode.RESPONSE_HEADER_ALLOWED, "This header belongs to responses"),
    (ProblemCode.AUTHORIZATION_NOT_COVERED, "`*` does not cover Authorization"),
    (ProblemCode.FORBIDDEN_RESPONSE_HEADER, "Script can never read this response header"),
    (ProblemCode.ANY_ORIGIN_WITH_CREDENTIALS, "Any origin, with credentials"),
    (ProblemCode.ANY_METHOD_WITH_CREDENTIALS, "With credentials, `*` is not any method"),
    (ProblemCode.ANY_HEADER_WITH_CREDENTIALS, "With credentials, `*` is not any header"),
    (ProblemCode.ANY_EXPOSED_WITH_CREDENTIALS, "With credentials, `*` exposes nothing"),
    (ProblemCode.INSECURE_ORIGIN_WITH_CREDENTIALS, "Credentials for an origin without encryption"),
    (ProblemCode.NULL_WITH_CREDENTIALS, "The origin `null`, with credentials"),
    (ProblemCode.MAX_AGE_NEGATIVE, "The max-age is negative"),
    (ProblemCode.MAX_AGE_TOO_LONG, "No browser keeps a preflight for so long"),
    (ProblemCode.PREFLIGHT_STATUS, "A preflight answered like this fails"),
    (ProblemCode.STRING_FOR_LIST, "A string stands where a list belongs"),
    (ProblemCode.WRONG_TYPE, "A value has the wrong type"),
    (ProblemCode.UNKNOWN_FIELD, "There is no such setting"),
    (ProblemCode.POLICY_AND_POLICIES, "One policy and several at once"),
    (ProblemCode.ENVIRONMENT_LIST, "A list in the environment is separated by blanks"),
)

PROBLEMS: Final[dict[ProblemCode, ProblemKind]] = {row[0]: ProblemKind(*row) for row in _TITLES}
"""Every code with its title, in order."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a policy.

    `value` is what was written, None where nothing was; `position` the index of its first wrong character, None where
    the whole value is meant; `index` the place of the value in its list. `fix` is what to write instead: in double
    quotes the replacement of one value (a comma between two), with ` = ` the whole setting, otherwise advice. `place`
    is a file and line, a variable of the environment, or empty for a call.
    """

    code: ProblemCode
    field: str
    value: str | int | float | None
    position: int | None
    sentence: str
    fix: str
    index: int | None = None
    place: str = ""

    @property
    def title(self) -> str:
        """The title of the code, one plain line."""
        return PROBLEMS[self.code].title

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        lines = [_fill(f"{where}{self.code} {self.field}: {self.title}", "")]
        if self.value is not None:
            text, caret = _cut(self.value, self.position) if isinstance(self.value, str) else (shown(self.value), None)
            lines.append(f"  {text}")
            if caret is not None:
                lines.append(f"  {' ' * caret}^")
        return "\n".join([*lines, _fill(self.sentence, "  "), _fill(f"Write: {self.fix}", "  ")])


class PolicyError(ValueError):
    """A policy that cannot be: `problems` has everything that is wrong with it, the message lists them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = "the policy has a problem" if count == 1 else f"the policy has {count} problems"
        return "\n\n".join([f"{head}:", *map(str, self.problems)])

    def __reduce__(self) -> tuple[type[PolicyError], tuple[tuple[Problem, ...]]]:
        return PolicyError, (self.problems,)


def _fill(text: str, indent: str) -> str:
    from textwrap import fill  # noqa: PLC0415 - only a problem pays for it

    return fill(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def quoted(text: str) -> str:
    """A text as Python, TOML and JSON all write it."""
    from json import dumps  # noqa: PLC0415 - only a problem pays for it

    return dumps(text, ensure_ascii=True)


def shown(value: object, limit: int = 400) -> str:
    """A value that somebody wrote, as one line without control characters, at most `limit` characters long."""
    text = quoted(value) if isinstance(value, str) else ascii(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def _cut(value: str, position: int | None) -> tuple[str, int | None]:
    """A window of the quoted value with the position in sight, and the column of the position in it."""
    text = quoted(value)
    if position is None:
        return (text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."), None
    column = len(quoted(value[:position])) - 1
    if len(text) <= _SHOWN:
        return text, column
    start = max(0, min(column - _SHOWN // 2, len(text) - _SHOWN + 6))
    head = "..." if start else ""
    window = text[start : start + _SHOWN - 6]
    tail = "..." if start + len(window) < len(text) else ""
    return f"{head}{window}{tail}", column - start + len(head)
