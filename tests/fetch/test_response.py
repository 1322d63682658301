"""Responses: what the filters leave, and where a redirect leads."""

from __future__ import annotations

import pytest

from crossorigin.fetch import HTTPResponse, InternalResponse, NetworkError, Response, fetch_request
from crossorigin.fetch.response import (
    ResponseType,
    basic_filtered_headers,
    cors_filtered_headers,
    location_url,
)
from crossorigin.web.extract import FAILURE
from crossorigin.web.headers import HeaderList

from .dialogue import API, OWN, answer, page, readable, redirect, talk, url

FIELDS = HeaderList.of(
    ("Content-Type", "a"), ("set-cookie", "b"), ("X-One", "c"), ("SET-COOKIE2", "d"), ("x-one", "e"), ("*", "f")
)


class TestFilters:
    def test_basic(self) -> None:
        expected = HeaderList.of(("Content-Type", "a"), ("X-One", "c"), ("x-one", "e"), ("*", "f"))
        assert basic_filtered_headers(FIELDS) == expected

    @pytest.mark.parametrize(
        ("exposed", "expected"),
        [
            ([], ["a"]),
            ([b"X-ONE"], ["a", "c", "e"]),
            ([b"set-cookie", b"Set-Cookie2"], ["a"]),
            ([b"*"], ["a", "f"]),
        ],
    )
    def test_cors(self, exposed: list[bytes], expected: list[str]) -> None:
        assert [value.decode() for _, value in cors_filtered_headers(FIELDS, exposed)] == expected


def internal(status: int, *locations: bytes, at: str = API) -> InternalResponse:
    fields = HeaderList([(b"Location", location) for location in locations])
    return InternalResponse((url(OWN), url(at)), status, fields, b"")


class TestLocation:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_status(self, status: int) -> None:
        assert location_url(internal(status, b"/x"), None) == url("https://api.other/x")

    @pytest.mark.parametrize("status", [100, 200, 300, 304, 305, 306, 309, 400])
    def test_any_other(self, status: int) -> None:
        assert location_url(internal(status, b"/x"), None) is None

    def test_none_and_several(self) -> None:
        assert location_url(internal(302), None) is None
        assert location_url(internal(302, b"/x", b"/x"), None) is FAILURE
        assert location_url(internal(302, b"https://["), None) is FAILURE

    @pytest.mark.parametrize(
        ("location", "fragment", "expected"),
        [
            (b"/x", None, None),
            (b"/x", "f", "f"),
            (b"/x", "", ""),
            (b"/x#g", "f", "g"),
            (b"/x#", "f", ""),
            (b"data:,x", "f", "f"),
        ],
    )
    def test_fragment(self, location: bytes, fragment: str | None, expected: str | None) -> None:
        target = location_url(internal(302, location), fragment)
        assert target is not None
        assert target is not FAILURE
        assert target.fragment == expected

    def test_bytes_are_percent_encoded_as_they_stand(self) -> None:
        assert location_url(internal(302, bytes([*b"/", *range(0x80, 0x100)])), None) == url(
            "https://api.other/" + "".join(f"%{byte:02X}" for byte in range(0x80, 0x100))
        )


class TestRecord:
    @pytest.mark.parametrize(
        ("type_", "expected"), [("basic", True), ("cors", True), ("opaque", False), ("opaqueredirect", False)]
    )
    def test_readable(self, type_: ResponseType, expected: bool) -> None:
        whole = internal(200)
        response = Response(type_, whole.url_list, 200, b"OK", HeaderList(), None, whole)
        assert response.is_readable is expected
        assert (response.url, response.redirected, response.ok) == (API, True, True)

    def test_the_url_has_no_fragment(self) -> None:
        assert readable(talk(fetch_request(f"{OWN}?q#f", page()), answer(200))).url == f"{OWN}?q"
        assert readable(talk(fetch_request(OWN, page()), redirect("/2#f"), answer(200))).url == "https://page.example/2"

    def test_the_status_message_is_shown(self) -> None:
        given = HTTPResponse(200, HeaderList(), b"", b"Fine \xe9")
        assert readable(talk(fetch_request(OWN, page()), given)).status_message == b"Fine \xe9"

    def test_a_result_has_an_error_or_none(self) -> None:
        assert talk(fetch_request(OWN, page()), answer(200)).error is None
        result = talk(fetch_request(API, page()), answer(200))
        assert isinstance(result.response, NetworkError)
        assert result.error is result.response
