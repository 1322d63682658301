"""Access-Control-Max-Age: what counts as a number of seconds, by the standard and by engines."""

from __future__ import annotations

import pytest

from crossorigin.fetch.max_age import max_age, max_age_of_integer, seconds_of
from crossorigin.fetch.profiles import FIREFOX
from crossorigin.web.headers import HeaderList

BIG = 2**31

#  value(s), the standard, Chromium and WebKit, Firefox (None: not remembered); caps are applied afterwards
TABLE: list[tuple[list[str], int, int, int | None]] = [
    ([], 5, 5, 5),
    (["0"], 0, 0, None),
    (["1"], 1, 1, 1),
    (["600"], 600, 600, 600),
    (["007"], 7, 7, 7),
    (["86401"], 86401, 86401, 86401),
    (["-1"], 5, 0, None),
    (["-0"], 5, 0, None),
    (["+5"], 5, 5, None),
    (["+600"], 5, 600, None),
    (["abc"], 5, 5, None),
    (["1.5"], 5, 5, None),
    (["10s"], 5, 5, None),
    ([""], 5, 5, 5),
    (["10, 20"], 5, 5, None),
    (["10", "20"], 5, 5, None),
    (["9223372036854775807"], BIG, 2**63 - 1, BIG),
    (["9223372036854775808"], BIG, 5, BIG),
    (["9" * 5000], BIG, 5, BIG),
]


@pytest.mark.parametrize(("values", "standard", "integer", "firefox"), TABLE, ids=[str(row[0])[:30] for row in TABLE])
def test_seconds(values: list[str], standard: int, integer: int, firefox: int | None) -> None:
    headers = HeaderList.of(*(("Access-Control-Max-Age", value) for value in values))
    assert max_age(headers) == standard
    assert max_age_of_integer(headers) == integer
    assert FIREFOX.max_age(headers) == firefox


def test_seconds_of_digits() -> None:
    assert seconds_of(b"0" * 9000 + b"12") == 12
    assert seconds_of(b"9" * 9000) == BIG
