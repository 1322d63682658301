"""What is wrong with an origin that somebody wrote, and where: the strict reading of a serialized origin.

Walks from left to right and stops at the first fault, so that the position is the one to underline. What is left when
nothing is wrong is an origin that a browser can send, and whose serialization is the same text again.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from crossorigin.web.origin_grammar import IPV4, IPV6, MAX_ORIGIN_LENGTH

__all__ = ["DEFAULT_PORTS", "OriginFault", "OriginSyntaxError", "split_origin"]

DEFAULT_PORTS: Final[dict[str, int]] = {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}
"""URL, "special scheme" and its default port: https://url.spec.whatwg.org/#special-scheme (`file` has none)"""

# Each finds the first character that is wrong, or that ends something, at its place.
_NOT_IN_SCHEME: Final = re.compile(r"^[^a-z]|[^a-z0-9+.-]")
_NOT_IN_HOST: Final = re.compile(r"[^a-z0-9.-]")
_NOT_IN_HEX: Final = re.compile(r"[^0-9a-f]")
_UPPER_HEX: Final = re.compile(r"[A-F]")
_SEPARATOR: Final = re.compile(r"[\t\n\v\f\r ,;|]")
_NO_SEPARATOR: Final = re.compile(r"[^\t\n\v\f\r ,;|]|$")
_AFTER_AUTHORITY: Final = re.compile(r"[/?#\\]")
# serialized-port = 1*5DIGIT, and here without leading zeros
_PORT: Final = re.compile(r":(?:0|[1-9][0-9]{0,4})")


class OriginFault(StrEnum):
    """Why a text is not an origin: a closed set, which other floors may switch on."""

    BAD_HOST = "bad-host"
    BAD_IPV4 = "bad-ipv4"
    BAD_IPV6 = "bad-ipv6"
    BAD_PORT = "bad-port"
    BAD_SCHEME = "bad-scheme"
    DEFAULT_PORT = "default-port"
    EMPTY = "empty"
    FRAGMENT = "fragment"
    MISSING_SCHEME = "missing-scheme"
    PATH = "path"
    QUERY = "query"
    SEVERAL_ORIGINS = "several-origins"
    TOO_LONG = "too-long"
    TRAILING_SLASH = "trailing-slash"
    UNICODE_HOST = "unicode-host"
    UPPER_CASE = "upper-case"
    USERINFO = "userinfo"
    WHITESPACE = "whitespace"
    WILDCARD = "wildcard"


class OriginSyntaxError(ValueError):
    """A text is not a serialized origin: `reason` says why, `position` where; the message is one sentence."""

    def __init__(self, text: str, position: int, reason: OriginFault, sentence: str) -> None:
        shown = text if len(text) <= 80 else f"{text[:77]}..."
        super().__init__(f"{shown!r} is not an origin: {sentence}")
        self.text = text
        self.position = position
        self.reason = reason
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[OriginSyntaxError], tuple[str, int, OriginFault, str]]:
        return OriginSyntaxError, (self.text, self.position, self.reason, self.sentence)


def split_origin(text: str) -> tuple[str, str, int | None]:
    """The scheme, host and port of a serialized origin; raises `OriginSyntaxError` for everything else.

    https://fetch.spec.whatwg.org/#serialized-origin
    """
    _check_whole(text)
    scheme, _, rest = text.partition("://")
    _check_scheme(text, scheme)
    start = len(scheme) + 3
    tail = _AFTER_AUTHORITY.search(rest)
    authority = rest[: tail.start()] if tail else rest
    if "@" in authority:
        raise OriginSyntaxError(text, start, OriginFault.USERINFO, "it has a user name or password; leave them out")
    host, port = _split_authority(text, start, authority)
    number = _check_port(text, start + len(host), scheme, port)
    if tail:
        raise _tail(text, start + tail.start())
    return scheme, host, number


def _check_whole(text: str) -> None:
    if not text:
        raise OriginSyntaxError(text, 0, OriginFault.EMPTY, "it is empty")
    if len(text) > MAX_ORIGIN_LENGTH:
        sentence = f"it has {len(text)} characters, and no origin has more than {MAX_ORIGIN_LENGTH}"
        raise OriginSyntaxError(text, MAX_ORIGIN_LENGTH, OriginFault.TOO_LONG, sentence)
    authority = text.find("://")
    if separator := _SEPARATOR.search(text):
        # What stands after the authority is a path, and is said to be one.
        after = _AFTER_AUTHORITY.search(text, authority + 3) if authority != -1 else None
        if after is None or separator.start() < after.start():
            _check_separator(text, separator.start())
    if authority == -1:
        if "*" in text:
            raise _wildcard(text, text.index("*"))
        if text.lower() == "null":
            raise OriginSyntaxError(text, 0, OriginFault.UPPER_CASE, "'null' is written in lower case")
        raise OriginSyntaxError(
            text, 0, OriginFault.MISSING_SCHEME, "it has no scheme; write it out, as in 'https://example.com'"
        )


def _check_separator(text: str, at: int) -> None:
    found = _NO_SEPARATOR.search(text, at)
    second = found.start() if found else len(text)
    if at and ("://" in text[second:] or text[second:].startswith("null")):
        sentence = f"it is several, the second from position {second}; there can only be one"
        raise OriginSyntaxError(text, second, OriginFault.SEVERAL_ORIGINS, sentence)
    if text[at].isspace():
        raise OriginSyntaxError(text, at, OriginFault.WHITESPACE, f"it has whitespace at position {at}")


def _check_scheme(text: str, scheme: str) -> None:
    if wrong := _NOT_IN_SCHEME.search(scheme):
        position, character = wrong.start(), wrong[0]
        if character.isascii() and character.isupper():
            raise _upper_case(text, position)
        if character == "*":
            raise _wildcard(text, position)
        sentence = f"a scheme cannot have {character!r} at position {position}"
        raise OriginSyntaxError(text, position, OriginFault.BAD_SCHEME, sentence)
    if not scheme:
        raise OriginSyntaxError(text, 0, OriginFault.MISSING_SCHEME, "there is no scheme before '://'")


def _split_authority(text: str, start: int, authority: str) -> tuple[str, str]:
    """The host, checked, and what follows it: nothing, or a colon and a port that is not checked yet."""
    if authority.startswith("["):
        close = authority.find("]")
        if close == -1:
            raise OriginSyntaxError(text, start, OriginFault.BAD_IPV6, "the bracket of its IPv6 address is not closed")
        _check_ipv6(text, start + 1, authority[1:close])
        return authority[: close + 1], authority[close + 1 :]
    if authority.count(":") > 1:
        raise OriginSyntaxError(text, start, OriginFault.BAD_IPV6, "an IPv6 address stands in brackets, as in '[::1]'")
    host, colon, port = authority.partition(":")
    _check_domain(text, start, host)
    return host, colon + port


def _check_ipv6(text: str, start: int, address: str) -> None:
    if upper := _UPPER_HEX.search(address):
        raise _upper_case(text, start + upper.start())
    if IPV6.fullmatch(address) is None or _compress(address) != address:
        sentence = f"'[{address}]' is not how a browser writes an IPv6 address: lower case, shortened, no zone"
        raise OriginSyntaxError(text, start, OriginFault.BAD_IPV6, sentence)


def _compress(address: str) -> str:
    """URL, "IPv6 serializer", of an address in its grammar: https://url.spec.whatwg.org/#concept-ipv6-serializer"""
    head, elided, tail = address.partition("::")
    left, right = [piece for piece in head.split(":") if piece], [piece for piece in tail.split(":") if piece]
    pieces = [*left, *["0"] * (8 - len(left) - len(right)), *right] if elided else left
    # 2. The first of the longest runs of two zeros or more is elided.
    run = next((size for size in range(8, 1, -1) if any(pieces[at : at + size] == ["0"] * size for at in range(8))), 0)
    if not run:
        return ":".join(pieces)
    at = next(at for at in range(8) if pieces[at : at + run] == ["0"] * run)
    return f"{':'.join(pieces[:at])}::{':'.join(pieces[at + run :])}"


def _check_domain(text: str, start: int, host: str) -> None:
    if not host:
        raise OriginSyntaxError(text, start, OriginFault.BAD_HOST, f"it has no host at position {start}")
    if wrong := _NOT_IN_HOST.search(host):
        raise _bad_host_character(text, start + wrong.start(), wrong[0])
    position = start
    for label in host.split("."):
        if not label:
            sentence = f"its host has an empty part at position {position}: a dot too many"
            raise OriginSyntaxError(text, position, OriginFault.BAD_HOST, sentence)
        if label[0] == "-" or label[-1] == "-":
            sentence = f"the part {label!r} of its host begins or ends with a hyphen"
            raise OriginSyntaxError(text, position, OriginFault.BAD_HOST, sentence)
        position += len(label) + 1
    # URL, "ends in a number checker": such a host is an IPv4 address or nothing, and a browser writes four decimals.
    last = host.rpartition(".")[2]
    numeric = last.isdigit() or (last.startswith("0x") and not _NOT_IN_HEX.search(last, 2))
    if numeric and IPV4.fullmatch(host) is None:
        sentence = f"{host!r} ends in a number but is not an IPv4 address as a browser writes it"
        raise OriginSyntaxError(text, start, OriginFault.BAD_IPV4, sentence)


def _bad_host_character(text: str, position: int, character: str) -> OriginSyntaxError:
    if not character.isascii():
        sentence = (
            f"its host has {character!r} at position {position}; write it in ASCII, as in 'xn--bcher-kva.example'"
        )
        return OriginSyntaxError(text, position, OriginFault.UNICODE_HOST, sentence)
    if character.isupper():
        return _upper_case(text, position)
    if character == "*":
        return _wildcard(text, position)
    sentence = f"a host cannot have {character!r} at position {position}"
    return OriginSyntaxError(text, position, OriginFault.BAD_HOST, sentence)


def _check_port(text: str, start: int, scheme: str, port: str) -> int | None:
    if not port:
        return None
    digits = port[1:]
    if "*" in digits:
        raise _wildcard(text, text.index("*", start))
    if not _PORT.fullmatch(port) or int(digits) > 65535:
        sentence = f"{port!r} is not a port: a colon and a number up to 65535, without leading zeros"
        raise OriginSyntaxError(text, start, OriginFault.BAD_PORT, sentence)
    if int(digits) == DEFAULT_PORTS.get(scheme):
        sentence = f"{digits} is the default port of {scheme}, which browsers leave out; leave it out"
        raise OriginSyntaxError(text, start, OriginFault.DEFAULT_PORT, sentence)
    return int(digits)


def _tail(text: str, at: int) -> OriginSyntaxError:
    if text[at:] == "/":
        return OriginSyntaxError(text, at, OriginFault.TRAILING_SLASH, "it ends with a slash; leave the slash out")
    reason = {"?": OriginFault.QUERY, "#": OriginFault.FRAGMENT}.get(text[at], OriginFault.PATH)
    return OriginSyntaxError(text, at, reason, f"it has a {reason} from position {at}; end it before that")


def _upper_case(text: str, position: int) -> OriginSyntaxError:
    sentence = f"it has the upper-case {text[position]!r} at position {position}; browsers send lower case"
    return OriginSyntaxError(text, position, OriginFault.UPPER_CASE, sentence)


def _wildcard(text: str, position: int) -> OriginSyntaxError:
    sentence = f"it has a '*' at position {position}; an origin is exact"
    return OriginSyntaxError(text, position, OriginFault.WILDCARD, sentence)
