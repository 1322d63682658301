"""The dates of cookies, in whatever form servers write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

__all__ = ["parse_cookie_date"]

# delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
_DELIMITER: Final = re.compile(rb"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
# time = time-field ":" time-field ":" time-field ( non-digit *OCTET )? and time-field = 1*2DIGIT
_TIME: Final = re.compile(rb"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
# day-of-month = 1*2DIGIT ( non-digit *OCTET )?
_DAY: Final = re.compile(rb"([0-9]{1,2})(?![0-9])")
# year = 2*4DIGIT ( non-digit *OCTET )?
_YEAR: Final = re.compile(rb"([0-9]{2,4})(?![0-9])")
_MONTHS: Final = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")

_FIRST_YEAR: Final = 1601
_LATEST_OF_THE_CENTURY: Final = 69


def parse_cookie_date(value: bytes) -> float | None:
    """RFC 6265bis, "Dates": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.1.1

    Seconds since 1970, which may be negative; None is failure.
    """
    time: tuple[int, int, int] | None = None
    day = month = year = None
    # 1-2. The first token of each form counts, whatever the order.
    for token in _DELIMITER.split(value):
        if time is None and (match := _TIME.match(token)):
            time = int(match[1]), int(match[2]), int(match[3])
        elif day is None and (match := _DAY.match(token)):
            day = int(match[1])
        elif month is None and token[:3].lower() in _MONTHS:
            month = 1 + _MONTHS.index(token[:3].lower())
        elif year is None and (match := _YEAR.match(token)):
            year = int(match[1])
    # 5, the first part: all four are needed.
    if time is None or day is None or month is None or year is None:
        return None
    # 3-4. Years of two digits.
    if year <= _LATEST_OF_THE_CENTURY:
        year += 2000
    elif year <= 99:
        year += 1900
    # 5-6. Before 1601, or no moment at all, is failure.
    if year < _FIRST_YEAR:
        return None
    try:
        return datetime(year, month, day, *time, tzinfo=UTC).timestamp()
    except ValueError:
        return None
