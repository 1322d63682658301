from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crossorigin.browser.cookie_date import parse_cookie_date

# The date of RFC 6265's own examples, in the forms of RFC 9110 and of servers in the field.
JUNE = datetime(2021, 6, 9, 10, 18, 14, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "value",
    [
        b"Wed, 09 Jun 2021 10:18:14 GMT",
        b"Wednesday, 09-Jun-21 10:18:14 GMT",
        b"Wed Jun  9 10:18:14 2021",
        b"09 Jun 2021 10:18:14",
        b"10:18:14 9 june 2021",
        b"2021 Jun 9 10:18:14",
        b"9/Jun/2021;10:18:14",
        b"Wed, 09 Jun 2021 10:18:14 GMT+0200",
        b"9th Jun 2021 10:18:14pm",
        b"00009 09 Jun 2021 10:18:14",
    ],
)
def test_dates(value: bytes) -> None:
    # "2021" cannot be a day, which has at most two digits; the first token that can be a thing is it.
    assert parse_cookie_date(value) == JUNE


@pytest.mark.parametrize(
    ("year", "means"), [(b"69", 2069), (b"70", 1970), (b"99", 1999), (b"00", 2000), (b"1601", 1601), (b"0021", 2021)]
)
def test_years(year: bytes, means: int) -> None:
    assert parse_cookie_date(b"01 Jan " + year + b" 00:00:00") == datetime(means, 1, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"tomorrow",
        b"09 Jun 2021",
        b"Jun 2021 10:18:14",
        b"09 2021 10:18:14",
        b"09 Jun 10:18:14",
        b"31 Feb 2021 10:18:14",
        b"00 Jun 2021 10:18:14",
        b"09 Jun 2021 24:00:00",
        b"09 Jun 2021 10:60:00",
        b"09 Jun 1600 10:18:14",
        b"09 Jun 12021 10:18:14",
        b"\xff\xfe",
    ],
)
def test_no_dates(value: bytes) -> None:
    assert parse_cookie_date(value) is None
