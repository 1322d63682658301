from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.ranges import parse_single_range


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"bytes=0-", (0, None)),
        (b"bytes=0-0", (0, 0)),
        (b"bytes=1-2", (1, 2)),
        (b"bytes=007-0010", (7, 10)),
        (b"bytes=-500", (None, 500)),
        (b"bytes=2-1", None),
        (b"bytes=-", None),
        (b"bytes=", None),
        (b"bytes", None),
        (b"", None),
        (b"BYTES=0-", None),
        (b"bytes 0-", None),
        (b"bytes=1-2,4-5", None),
        (b"bytes=1-2 ", None),
        (b"bytes=+1-2", None),
        (b"bytes=1_0-20", None),
        (b"bytes=0x1-2", None),
        (b"bytes=\xb2-3", None),
        (b"xbytes=0-", None),
        (b"lines=0-", None),
    ],
)
def test_without_whitespace_and_with(value: bytes, expected: tuple[int | None, int | None] | None) -> None:
    assert parse_single_range(value, allow_whitespace=False) == expected
    if value != b"bytes=1-2 ":
        assert parse_single_range(value, allow_whitespace=True) == expected


@pytest.mark.parametrize(
    "value", [b"bytes =1-2", b"bytes= 1-2", b"bytes=1 -2", b"bytes=1- 2", b"bytes \t= \t1\t -\t 2"]
)
def test_whitespace_is_allowed_in_four_places(value: bytes) -> None:
    assert parse_single_range(value, allow_whitespace=False) is None
    assert parse_single_range(value, allow_whitespace=True) == (1, 2)


@pytest.mark.parametrize("value", [b"bytes=1-2 ", b" bytes=1-2", b"by tes=1-2", b"bytes=1 1-2", b"bytes=\n1-2"])
def test_and_nowhere_else(value: bytes) -> None:
    assert parse_single_range(value, allow_whitespace=True) is None


@pytest.mark.parametrize("digits", [641, 4300, 4301, 100_000])
def test_gigantic_numbers_are_failure_and_never_an_exception(digits: int) -> None:
    number = b"9" * digits
    for value in (b"bytes=%b-" % number, b"bytes=-%b" % number, b"bytes=0-%b" % number):
        assert parse_single_range(value, allow_whitespace=False) is None


def test_the_largest_number() -> None:
    assert parse_single_range(b"bytes=%b-" % (b"9" * 640), allow_whitespace=False) == (10**640 - 1, None)


@given(st.binary(), st.booleans())
def test_never_an_exception(value: bytes, allow_whitespace: bool) -> None:
    parse_single_range(value, allow_whitespace=allow_whitespace)
    parse_single_range(b"bytes=" + value, allow_whitespace=allow_whitespace)


@given(st.integers(0, 10**20), st.integers(0, 10**20))
def test_every_range_reads_back(start: int, end: int) -> None:
    expected = (start, end) if start <= end else None
    assert parse_single_range(b"bytes=%d-%d" % (start, end), allow_whitespace=False) == expected
