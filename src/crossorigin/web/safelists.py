"""Safelists: the request headers that need no preflight, and the response headers that script may always read.

Why one header is or is not safelisted is in `crossorigin.web.safelisted_header`; its names are here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from crossorigin.web.forbidden import is_forbidden_response_header_name
from crossorigin.web.headers import HeaderList, sorted_lowercase_set
from crossorigin.web.safelisted_header import (
    MAX_SAFELISTED_SIZE,
    MAX_SAFELISTED_VALUE,
    UnsafeRequestHeader,
    UnsafeRule,
    is_cors_safelisted_request_header,
    is_cors_unsafe_request_header_byte,
    why_not_cors_safelisted,
)

__all__ = [
    "CORS_SAFELISTED_RESPONSE_HEADER_NAMES",
    "MAX_SAFELISTED_SIZE",
    "MAX_SAFELISTED_VALUE",
    "NO_CORS_SAFELISTED_REQUEST_HEADER_NAMES",
    "PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES",
    "REQUEST_BODY_HEADER_NAMES",
    "STANDARD_SAFELIST",
    "RequestSafelist",
    "UnsafeRequestHeader",
    "UnsafeRule",
    "cors_unsafe_request_header_names",
    "cors_unsafe_request_headers",
    "is_cors_non_wildcard_request_header_name",
    "is_cors_safelisted_request_header",
    "is_cors_safelisted_response_header_name",
    "is_cors_unsafe_request_header_byte",
    "is_no_cors_safelisted_request_header",
    "is_no_cors_safelisted_request_header_name",
    "is_privileged_no_cors_request_header_name",
    "why_not_cors_safelisted",
]

CORS_SAFELISTED_RESPONSE_HEADER_NAMES: Final = frozenset(
    {
        b"cache-control",
        b"content-language",
        b"content-length",
        b"content-type",
        b"expires",
        b"last-modified",
        b"pragma",
    }
)
"""Lower case: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name"""

NO_CORS_SAFELISTED_REQUEST_HEADER_NAMES: Final = frozenset(
    {b"accept", b"accept-language", b"content-language", b"content-type"}
)
"""Lower case: https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name"""

PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES: Final = frozenset({b"range"})
"""Lower case: https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name"""

REQUEST_BODY_HEADER_NAMES: Final = frozenset(
    {b"content-encoding", b"content-language", b"content-location", b"content-type"}
)
"""Lower case: https://fetch.spec.whatwg.org/#request-body-header-name"""


@dataclass(frozen=True, slots=True)
class RequestSafelist:
    """The CORS-safelisted request-headers, and how an engine's own differ from the standard's.

    - `also(name, value)`, the name in lower case, is asked of a header that is not safelisted by the standard's rules;
    - `unsafe_byte(name, value)` is the position of a byte that the standard lets pass and the engine does not, or None;
    - `max_size` is the most bytes that the safelisted values may have together, None for no such rule;
    - `is_combined`: repeated headers are judged as the one that they make, and not each by itself.
    """

    also: Callable[[bytes, bytes], bool] = field(default=lambda _name, _value: False)
    unsafe_byte: Callable[[bytes, bytes], int | None] = field(default=lambda _name, _value: None)
    max_size: int | None = MAX_SAFELISTED_SIZE
    is_combined: bool = False

    def why_not(self, name: bytes, value: bytes) -> UnsafeRequestHeader | None:
        """Why one header needs a preflight, None if it does not."""
        reason = why_not_cors_safelisted(name, value)
        if reason is not None:
            return None if self.also(name.lower(), value) else reason
        position = self.unsafe_byte(name.lower(), value)
        return None if position is None else UnsafeRequestHeader(name, value, "byte", position)


STANDARD_SAFELIST: Final = RequestSafelist()


def cors_unsafe_request_headers(
    headers: HeaderList, safelist: RequestSafelist = STANDARD_SAFELIST
) -> list[UnsafeRequestHeader]:
    """Each header that makes a preflight necessary, in order, with its reason.

    The first five steps of "CORS-unsafe request-header names":
    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    if safelist.is_combined:
        headers = _combined(headers)
    # 1-4. Judge each header alone, never combined, and add up the sizes of the safelisted values.
    reasons = [safelist.why_not(name, value) for name, value in headers]
    size = sum(len(value) for (_, value), reason in zip(headers, reasons, strict=True) if reason is None)
    # 5. Together above 1024 bytes, the safelisted ones are unsafe as well.
    if safelist.max_size is not None and size > safelist.max_size:
        return [
            reason or UnsafeRequestHeader(name, value, "total-length", total=size)
            for (name, value), reason in zip(headers, reasons, strict=True)
        ]
    return [reason for reason in reasons if reason is not None]


def _combined(headers: HeaderList) -> HeaderList:
    """Each name once, where it stood first and as it was written there."""
    combined: dict[bytes, tuple[bytes, bytes]] = {}
    for name, value in headers:
        first = combined.get(name.lower())
        combined[name.lower()] = (name, value) if first is None else (first[0], first[1] + b", " + value)
    return HeaderList(combined.values())


def cors_unsafe_request_header_names(headers: HeaderList, safelist: RequestSafelist = STANDARD_SAFELIST) -> list[bytes]:
    """Fetch, "CORS-unsafe request-header names": https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names"""
    # 1-5. The unsafe headers. 6. Their names as a sorted-lowercase set.
    return sorted_lowercase_set(unsafe.name for unsafe in cors_unsafe_request_headers(headers, safelist))


def is_cors_non_wildcard_request_header_name(name: bytes) -> bool:
    """Fetch, "CORS non-wildcard request-header name": `Authorization`, which `*` does not cover.

    https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    """
    return name.lower() == b"authorization"


def is_privileged_no_cors_request_header_name(name: bytes) -> bool:
    """Fetch, "privileged no-CORS request-header name".

    https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name
    """
    return name.lower() in PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES


def is_no_cors_safelisted_request_header_name(name: bytes) -> bool:
    """Fetch, "no-CORS-safelisted request-header name".

    https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
    """
    return name.lower() in NO_CORS_SAFELISTED_REQUEST_HEADER_NAMES


def is_no_cors_safelisted_request_header(name: bytes, value: bytes) -> bool:
    """Fetch, "no-CORS-safelisted request-header": https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header"""
    # 1. Its name is one of four. 2. And it is CORS-safelisted.
    return is_no_cors_safelisted_request_header_name(name) and is_cors_safelisted_request_header(name, value)


def is_cors_safelisted_response_header_name(name: bytes, exposed: Iterable[bytes] = ()) -> bool:
    """Fetch, "CORS-safelisted response-header name": one of seven, or exposed and not forbidden.

    https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
    """
    lower = name.lower()
    if lower in CORS_SAFELISTED_RESPONSE_HEADER_NAMES:
        return True
    return not is_forbidden_response_header_name(lower) and any(item.lower() == lower for item in exposed)
