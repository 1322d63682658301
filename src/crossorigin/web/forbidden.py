"""Forbidden headers: those that script may not set on a request, nor read from a response."""

from __future__ import annotations

from typing import Final

from crossorigin.web.headers import get_decode_and_split
from crossorigin.web.infra import isomorphic_encode
from crossorigin.web.methods import is_forbidden_method

__all__ = [
    "FORBIDDEN_REQUEST_HEADER_NAMES",
    "FORBIDDEN_RESPONSE_HEADER_NAMES",
    "is_forbidden_request_header",
    "is_forbidden_response_header_name",
]

FORBIDDEN_REQUEST_HEADER_NAMES: Final = frozenset(
    {
        b"accept-charset",
        b"accept-encoding",
        b"access-control-request-headers",
        b"access-control-request-method",
        b"connection",
        b"content-length",
        b"cookie",
        b"cookie2",
        b"date",
        b"dnt",
        b"expect",
        b"host",
        b"keep-alive",
        b"origin",
        b"referer",
        b"set-cookie",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"via",
    }
)
"""Lower case; the prefixes `proxy-` and `sec-` and the three method overrides come on top."""

FORBIDDEN_RESPONSE_HEADER_NAMES: Final = frozenset({b"set-cookie", b"set-cookie2"})
"""Lower case."""

_FORBIDDEN_PREFIXES: Final = (b"proxy-", b"sec-")
_METHOD_OVERRIDES: Final = frozenset({b"x-http-method", b"x-http-method-override", b"x-method-override"})


def is_forbidden_request_header(name: bytes, value: bytes) -> bool:
    """Fetch, "forbidden request-header": https://fetch.spec.whatwg.org/#forbidden-header-name"""
    lower = name.lower()
    # 1-2. The names that the user agent keeps for itself, and two prefixes.
    if lower in FORBIDDEN_REQUEST_HEADER_NAMES or lower.startswith(_FORBIDDEN_PREFIXES):
        return True
    # 3. A method override that smuggles in a forbidden method.
    if lower in _METHOD_OVERRIDES:
        return any(is_forbidden_method(isomorphic_encode(method)) for method in get_decode_and_split(value))
    # 4. All others are free.
    return False


def is_forbidden_response_header_name(name: bytes) -> bool:
    """Fetch, "forbidden response-header name": https://fetch.spec.whatwg.org/#forbidden-response-header-name"""
    return name.lower() in FORBIDDEN_RESPONSE_HEADER_NAMES
