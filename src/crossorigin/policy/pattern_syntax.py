"""The strict reading of an origin pattern, from left to right, which stops at the first fault.

The exact part is read by `crossorigin.web.origin_syntax`: each wildcard is put back by two characters that keep every
position where it was, `*.` by `x.` and `:*` by `:1`.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.patterns import ANY_PORT, MAX_HOST, MAX_SCHEME, OriginPattern, PatternSyntaxError
from crossorigin.policy.problems import ProblemCode
from crossorigin.web.origin_grammar import MAX_ORIGIN_LENGTH
from crossorigin.web.origin_syntax import OriginFault, OriginSyntaxError, split_origin

__all__ = ["is_regex", "read"]

_CODES: Final = {
    OriginFault.BAD_HOST: ProblemCode.BAD_HOST,
    OriginFault.BAD_IPV4: ProblemCode.BAD_IP,
    OriginFault.BAD_IPV6: ProblemCode.BAD_IP,
    OriginFault.BAD_PORT: ProblemCode.BAD_PORT,
    OriginFault.BAD_SCHEME: ProblemCode.BAD_SCHEME,
    OriginFault.DEFAULT_PORT: ProblemCode.DEFAULT_PORT,
    OriginFault.EMPTY: ProblemCode.EMPTY_ORIGIN,
    OriginFault.FRAGMENT: ProblemCode.PATH,
    OriginFault.MISSING_SCHEME: ProblemCode.MISSING_SCHEME,
    OriginFault.PATH: ProblemCode.PATH,
    OriginFault.QUERY: ProblemCode.PATH,
    OriginFault.SEVERAL_ORIGINS: ProblemCode.SEVERAL_ORIGINS,
    OriginFault.TOO_LONG: ProblemCode.TOO_LONG,
    OriginFault.TRAILING_SLASH: ProblemCode.TRAILING_SLASH,
    OriginFault.UNICODE_HOST: ProblemCode.UNICODE_HOST,
    OriginFault.UPPER_CASE: ProblemCode.UPPER_CASE,
    OriginFault.USERINFO: ProblemCode.USERINFO,
    OriginFault.WHITESPACE: ProblemCode.WHITESPACE,
    OriginFault.WILDCARD: ProblemCode.WILDCARD_PLACE,
}
_NEVER_MATCHES: Final = "Origins are compared byte for byte, so this one would never match."
_WHY: Final = {
    ProblemCode.TRAILING_SLASH: f"Browsers send an origin without a slash at its end. {_NEVER_MATCHES}",
    ProblemCode.PATH: f"An origin ends with its host or its port; pages are not told apart by path. {_NEVER_MATCHES}",
    ProblemCode.UPPER_CASE: f"Browsers send scheme and host in lower case. {_NEVER_MATCHES}",
    ProblemCode.DEFAULT_PORT: f"Browsers leave out the port that the scheme has anyway. {_NEVER_MATCHES}",
    ProblemCode.UNICODE_HOST: f"Browsers send a host in ASCII, each part by itself in Punycode. {_NEVER_MATCHES}",
    ProblemCode.USERINFO: f"Browsers send no user name and no password in an origin. {_NEVER_MATCHES}",
    ProblemCode.WHITESPACE: f"An origin has no blanks, neither inside nor around it. {_NEVER_MATCHES}",
    ProblemCode.SEVERAL_ORIGINS: f"Each origin is a string of its own in the list. {_NEVER_MATCHES}",
    ProblemCode.MISSING_SCHEME: (
        "Browsers send the scheme, the host and a port that is not the default; write all of them."
    ),
}
_HINTS: Final = ("^", "$", "\\", "(", ")", "{", "}", "/.*", "/.+", "]+", "]*", "s?:")
"""No origin has any of these; in a text that has one, it is a regular expression that somebody had in mind."""


def read(text: str) -> OriginPattern:
    """The pattern that `text` is; raises `PatternSyntaxError` for everything else."""
    if not text.strip():
        raise PatternSyntaxError(text, ProblemCode.EMPTY_ORIGIN, 0, "An empty string allows nothing.")
    if text.lower().startswith("file:"):
        sentence = "A page that was opened from a file sends 'Origin: null'; 'file' is the one scheme that never comes."
        raise PatternSyntaxError(text, ProblemCode.FILE_SCHEME, 0, sentence)
    if (hint := is_regex(text)) is not None:
        sentence = (
            f"{text[hint]!r} at position {hint} makes this a regular expression, and origins are not matched by those: "
            "one dot without a backslash, or one anchor forgotten, allows somebody else's domain."
        )
        raise PatternSyntaxError(text, ProblemCode.REGEX, hint, sentence)
    exact, any_subdomain, any_port = _without_wildcards(text)
    try:
        scheme, host, port = split_origin(exact)
    except OriginSyntaxError as error:
        raise _fault(text, error) from None
    _check(text, scheme, host)
    host = text[len(scheme) + 3 :][: len(host)]
    return OriginPattern(scheme, host[2:] if any_subdomain else host, ANY_PORT if any_port else port, any_subdomain)


def is_regex(text: str) -> int | None:
    """The position of what makes a text look like a regular expression; None where nothing does."""
    if text.startswith((".*", ".+")):
        return 0
    positions = [at + (hint[0] == "/") for hint in _HINTS if (at := text.find(hint)) != -1]
    return min(positions, default=None)


def _without_wildcards(text: str) -> tuple[str, bool, bool]:
    """An exact text of the same length, and which wildcards were in it."""
    start = text.find("://") + 3
    if start == 2:
        return text, False, False
    head, authority = text[:start], text[start:]
    any_subdomain = authority.startswith("*.")
    any_port = authority.endswith(":*")
    if any_subdomain:
        authority = f"x{authority[1:]}"
    if any_port:
        authority = f"{authority[:-1]}1"
    # Browsers send a host with `_` as it is, which the grammar of the standard forgets.
    return head + authority.replace("_", "x"), any_subdomain, any_port


def _check(text: str, scheme: str, host: str) -> None:
    """What the exact reading leaves open."""
    start = len(scheme) + 3
    if len(scheme) > MAX_SCHEME:
        sentence = f"The scheme has {len(scheme)} characters; {MAX_SCHEME} are the most."
        raise PatternSyntaxError(text, ProblemCode.TOO_LONG, MAX_SCHEME, sentence)
    position = start
    for label in host.split("."):
        if len(label) > 63 and host[0] != "[":
            sentence = f"One part of the host has {len(label)} characters; DNS knows none of more than 63."
            raise PatternSyntaxError(text, ProblemCode.TOO_LONG, position + 63, sentence)
        position += len(label) + 1
    if len(host) > MAX_HOST:
        sentence = f"The host has {len(host)} characters; DNS knows none of more than {MAX_HOST}."
        raise PatternSyntaxError(text, ProblemCode.TOO_LONG, start + MAX_HOST, sentence)


def _fault(text: str, error: OriginSyntaxError) -> PatternSyntaxError:
    code, position = _CODES[error.reason], error.position
    sentence = _WHY.get(code) or f"{error.sentence[0].upper()}{error.sentence[1:]}."
    if code is ProblemCode.BAD_IP and text[text.find("://") + 3 :].startswith("*."):
        code, position = ProblemCode.WILDCARD_PLACE, text.index("*")
        sentence = "`*.` stands before a domain name; an IP address has nothing below it."
    elif code is ProblemCode.WILDCARD_PLACE:
        sentence = (
            f"The `*` at position {position} means nothing there. It can be the whole of the first part of the host, "
            "as in `https://*.example.com`, and the whole of the port, as in `http://localhost:*`."
        )
    elif code is ProblemCode.TOO_LONG:
        sentence = f"It has {len(text)} characters, and no origin has more than {MAX_ORIGIN_LENGTH}."
    return PatternSyntaxError(text, code, position, sentence)
