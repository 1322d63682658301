from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web import safelisted_header, safelists
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import (
    CORS_SAFELISTED_RESPONSE_HEADER_NAMES,
    PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES,
    REQUEST_BODY_HEADER_NAMES,
    cors_unsafe_request_header_names,
    cors_unsafe_request_headers,
    is_cors_non_wildcard_request_header_name,
    is_cors_safelisted_response_header_name,
    is_no_cors_safelisted_request_header,
    is_no_cors_safelisted_request_header_name,
    is_privileged_no_cors_request_header_name,
)


def test_the_names_of_the_other_module_are_here_too() -> None:
    assert set(safelisted_header.__all__) <= set(safelists.__all__)


class TestCorsUnsafeRequestHeaderNames:
    """Judged one by one, never combined; above 1024 bytes together, the safelisted ones are unsafe as well."""

    def test_none(self) -> None:
        fields = HeaderList.of(("Accept", "*/*"), ("Content-Type", "text/plain"))
        assert cors_unsafe_request_header_names(fields) == []
        assert cors_unsafe_request_headers(fields) == []
        assert cors_unsafe_request_header_names(HeaderList()) == []

    def test_a_sorted_lowercase_set(self) -> None:
        fields = HeaderList.of(("X-B", "1"), ("Accept", "*/*"), ("Authorization", "a"), ("x-b", "2"), ("X-A", ""))
        assert cors_unsafe_request_header_names(fields) == [b"authorization", b"x-a", b"x-b"]
        assert [unsafe.name for unsafe in cors_unsafe_request_headers(fields)] == [
            b"X-B",
            b"Authorization",
            b"x-b",
            b"X-A",
        ]

    def test_not_combined(self) -> None:
        # Combined, the first would have more than 128 bytes, and the second would not parse.
        fields = HeaderList.of(("Accept", "a" * 100), ("Accept", "b" * 100))
        assert cors_unsafe_request_header_names(fields) == []
        fields = HeaderList.of(("Content-Type", "text/plain"), ("Content-Type", "text/plain"))
        assert cors_unsafe_request_header_names(fields) == []

    def test_1024_bytes_together(self) -> None:
        fields = HeaderList([(b"Accept", b"a" * 128)] * 8)
        assert cors_unsafe_request_header_names(fields) == []
        assert cors_unsafe_request_header_names(fields.append(b"Accept-Language", b"")) == []

    def test_1025_bytes_together(self) -> None:
        fields = HeaderList([*[(b"Accept", b"a" * 128)] * 8, (b"Accept-Language", b"d"), (b"X-One", b"1")])
        assert cors_unsafe_request_header_names(fields) == [b"accept", b"accept-language", b"x-one"]
        unsafe = cors_unsafe_request_headers(fields)
        assert [why.rule for why in unsafe] == ["total-length"] * 9 + ["name"]
        assert unsafe[0].total == 1025
        assert unsafe[8].sentence == (
            "Accept-Language is not CORS-safelisted: the safelisted values have 1025 bytes together, "
            "and 1024 is the most, so none of them is."
        )

    def test_unsafe_values_do_not_count(self) -> None:
        fields = HeaderList([*[(b"Accept", b"a" * 128)] * 8, (b"X-One", b"a" * 9000), (b"Accept", b"(")])
        assert cors_unsafe_request_header_names(fields) == [b"accept", b"x-one"]
        assert [why.rule for why in cors_unsafe_request_headers(fields)] == ["name", "byte"]

    @given(st.lists(st.tuples(st.sampled_from([b"Accept", b"Range", b"X"]) | st.binary(), st.binary(max_size=200))))
    def test_both_lists_hold_the_same_names(self, pairs: list[tuple[bytes, bytes]]) -> None:
        fields = HeaderList(pairs)
        names = cors_unsafe_request_header_names(fields)
        assert names == sorted({why.name.lower() for why in cors_unsafe_request_headers(fields)})


def test_cors_non_wildcard_request_header_name() -> None:
    assert is_cors_non_wildcard_request_header_name(b"Authorization")
    assert is_cors_non_wildcard_request_header_name(b"AUTHORIZATION")
    assert not is_cors_non_wildcard_request_header_name(b"Proxy-Authorization")
    assert not is_cors_non_wildcard_request_header_name(b"Cookie")


def test_privileged_no_cors_request_header_name() -> None:
    assert {b"range"} == PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES
    assert is_privileged_no_cors_request_header_name(b"RANGE")
    assert not is_privileged_no_cors_request_header_name(b"If-Range")


def test_request_body_header_names() -> None:
    assert {b"content-encoding", b"content-language", b"content-location", b"content-type"} == REQUEST_BODY_HEADER_NAMES


@pytest.mark.parametrize("name", [b"Accept", b"ACCEPT-LANGUAGE", b"content-language", b"Content-Type"])
def test_no_cors_safelisted_request_header_names(name: bytes) -> None:
    assert is_no_cors_safelisted_request_header_name(name)


@pytest.mark.parametrize("name", [b"Range", b"X-One", b"Authorization", b""])
def test_not_no_cors_safelisted_request_header_names(name: bytes) -> None:
    assert not is_no_cors_safelisted_request_header_name(name)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (b"Accept", b"*/*", True),
        (b"Accept", b"(", False),
        (b"Content-Type", b"text/plain", True),
        (b"Content-Type", b"application/json", False),
        # CORS-safelisted, but not without CORS.
        (b"Range", b"bytes=0-", False),
    ],
)
def test_no_cors_safelisted_request_header(name: bytes, value: bytes, expected: bool) -> None:
    assert is_no_cors_safelisted_request_header(name, value) is expected


RESPONSE = ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"]


def test_seven_response_headers_are_always_readable() -> None:
    assert {name.lower().encode() for name in RESPONSE} == CORS_SAFELISTED_RESPONSE_HEADER_NAMES
    for name in RESPONSE:
        assert is_cors_safelisted_response_header_name(name.encode())
        assert is_cors_safelisted_response_header_name(name.upper().encode(), [])


@pytest.mark.parametrize(
    ("name", "exposed", "expected"),
    [
        (b"X-One", [], False),
        (b"X-One", [b"x-ONE"], True),
        (b"x-one", [b"X-Two", b"X-One"], True),
        (b"X-One", [b"*"], False),
        (b"Set-Cookie", [b"Set-Cookie"], False),
        (b"set-cookie2", [b"Set-Cookie2"], False),
        (b"ETag", [b"x-one"], False),
    ],
)
def test_exposed_response_headers(name: bytes, exposed: list[bytes], expected: bool) -> None:
    assert is_cors_safelisted_response_header_name(name, exposed) is expected
