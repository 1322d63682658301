from __future__ import annotations

from crossorigin.web.statuses import is_null_body_status, is_ok_status, is_range_status, is_redirect_status

ALL = range(-1, 1000)


def test_ok() -> None:
    assert [status for status in ALL if is_ok_status(status)] == list(range(200, 300))


def test_null_body() -> None:
    assert [status for status in ALL if is_null_body_status(status)] == [101, 103, 204, 205, 304]


def test_redirect() -> None:
    # 300, 304, 305 and 306 are none.
    assert [status for status in ALL if is_redirect_status(status)] == [301, 302, 303, 307, 308]


def test_range() -> None:
    assert [status for status in ALL if is_range_status(status)] == [206, 416]
