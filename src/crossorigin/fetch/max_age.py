"""For how long a preflight's answer may be remembered: `Access-Control-Max-Age`, by the standard and by engines."""

from __future__ import annotations

import re
from typing import Final

from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.headers import HeaderList

__all__ = ["DEFAULT_MAX_AGE", "MAX_AGE", "max_age", "max_age_of_integer", "seconds_of"]

MAX_AGE: Final = b"Access-Control-Max-Age"
DEFAULT_MAX_AGE: Final = 5
"""Seconds, where nothing is said that can be read; the standard and the three engines agree on it."""

_DELTA_SECONDS_LIMIT: Final = 2**31
"""RFC 9111, section 1.2.2: what an overflowing delta-seconds counts as."""

_INTEGER: Final = re.compile(rb"([+-]?)0*([0-9]{1,19})")
_LARGEST: Final = 2**63 - 1


def max_age(headers: HeaderList) -> int:
    """Steps 7.8 and 7.9 of https://fetch.spec.whatwg.org/#cors-preflight-fetch-0, in seconds."""
    # Absent, repeated or no number of seconds: 5.
    extracted = extract_header_list_values(MAX_AGE, headers)
    if extracted is None or extracted is FAILURE:
        return DEFAULT_MAX_AGE
    return seconds_of(extracted[0])


def seconds_of(digits: bytes) -> int:
    """What a run of digits says, which can be longer than Python makes a number of."""
    digits = digits.lstrip(b"0") or b"0"
    return min(int(digits), _DELTA_SECONDS_LIMIT) if len(digits) <= 10 else _DELTA_SECONDS_LIMIT


def max_age_of_integer(headers: HeaderList) -> int:
    """As Chromium and WebKit read it: any 64-bit integer counts, with a `+` too, and a negative one is over at once."""
    integer = _INTEGER.fullmatch(headers.get(MAX_AGE) or b"")
    if integer is None or int(integer[2]) > _LARGEST:
        return DEFAULT_MAX_AGE
    return 0 if integer[1] == b"-" else int(integer[2])
