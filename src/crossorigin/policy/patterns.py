"""Origin patterns: what a policy says about who may ask. One parser, which says why a text is none, and where.

    pattern   = scheme "://" host [ ":" ( port / "*" ) ]
    host      = [ "*." ] domain / IPv4 / "[" IPv6 "]"

`*.` stands for one or more labels, never for none: `https://*.example.com` is not `https://example.com`. `:*` stands
for any port and for none. All else is exact, written as browsers send it (https://fetch.spec.whatwg.org/#origin-header).
A pattern is not a regular expression and not a glob: guessing which of the three is meant has allowed
`https://x.example.com.evil.com` more than once (django-cors-headers and flask-cors, unanchored).

Laxer than the standard's grammar in one way, because browsers are: a host may have `_`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from crossorigin.policy.problems import ProblemCode

__all__ = ["ANY_PORT", "MAX_HOST", "MAX_SCHEME", "OriginPattern", "PatternSyntaxError", "parse_pattern"]

ANY_PORT: Final = "*"
MAX_HOST: Final = 253
"""All that DNS can name: https://www.rfc-editor.org/rfc/rfc1035.html#section-2.3.4"""
MAX_SCHEME: Final = 64
"""No scheme is near this; a bound is needed because the longest pattern bounds what is read of a request."""

_LABEL: Final = "abcdefghijklmnopqrstuvwxyz0123456789-_"
_NOT_IN_A_LABEL: Final = str.maketrans("", "", _LABEL)
_DEFAULT_PORT: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class OriginPattern:
    """A set of origins. Made by `parse_pattern`, so that what exists is valid; `serialize` gives the same text back."""

    scheme: str
    host: str
    port: int | Literal["*"] | None = None
    any_subdomain: bool = False

    def serialize(self) -> str:
        """As it is written in a policy."""
        wildcard = "*." if self.any_subdomain else ""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{wildcard}{self.host}{port}"

    def __str__(self) -> str:
        return self.serialize()

    @property
    def is_exact(self) -> bool:
        """Whether it stands for one origin only."""
        return not self.any_subdomain and self.port != ANY_PORT

    def covers(self, other: OriginPattern) -> bool:
        """Whether every origin of `other` is one of ours."""
        if self.scheme != other.scheme or self.port not in {ANY_PORT, other.port}:
            return False
        if self.any_subdomain:
            return other.host.endswith(f".{self.host}") or (other.any_subdomain and other.host == self.host)
        return self.host == other.host and not other.any_subdomain


class PatternSyntaxError(ValueError):
    """A text is no pattern: `code` and `sentence` say why, `position` where, `fix` what to write instead.

    `fix` is one or more patterns as strings in double quotes, with commas between them; or advice where no pattern
    can be guessed.
    """

    def __init__(self, text: str, code: ProblemCode, position: int, sentence: str) -> None:
        super().__init__(f"{text[:80]!r}: {sentence}")
        self.text = text
        self.code = code
        self.position = position
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[PatternSyntaxError], tuple[str, ProblemCode, int, str]]:
        return PatternSyntaxError, (self.text, self.code, self.position, self.sentence)

    @property
    def fix(self) -> str:
        """What to write instead."""
        from crossorigin.policy.repair import repair  # noqa: PLC0415 - only a mistake pays for it

        return repair(self.text, self.code)


def parse_pattern(text: str) -> OriginPattern:
    """The pattern that `text` is; raises `PatternSyntaxError` for everything else.

    https://fetch.spec.whatwg.org/#serialized-origin, and the two wildcards.
    """
    return _plain(text) or _strict(text)


def _plain(text: str) -> OriginPattern | None:
    """The patterns that nearly everybody writes, without a walk along the text; None for the strict reading.

    Ten thousand origins are read in a tenth of the time, and the grammar's regular expressions are not even loaded.
    """
    scheme, _, authority = text.partition("://")
    if scheme not in _DEFAULT_PORT:
        return None
    host, colon, port = authority.partition(":")
    any_subdomain = host.startswith("*.")
    if any_subdomain:
        host = host[2:]
    labels = host.split(".")
    for label in labels:
        if not label or label[0] == "-" or label[-1] == "-" or len(label) > 63 or label.translate(_NOT_IN_A_LABEL):
            return None
    # A last label that begins with a digit may be a number, and then the host an IPv4 address.
    if labels[-1][0].isdigit() or len(host) > MAX_HOST - 2:
        return None
    if not colon:
        return OriginPattern(scheme, host, None, any_subdomain)
    if port == ANY_PORT:
        return OriginPattern(scheme, host, ANY_PORT, any_subdomain)
    if not (port.isascii() and port.isdigit()) or len(port) > 5 or port[0] == "0":
        return None
    number = int(port)
    if number > 65535 or number == _DEFAULT_PORT[scheme]:
        return None
    return OriginPattern(scheme, host, number, any_subdomain)


def _strict(text: str) -> OriginPattern:
    from crossorigin.policy import pattern_syntax  # noqa: PLC0415 - a plain policy is read without it

    return pattern_syntax.read(text)
