from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.forbidden import (
    FORBIDDEN_REQUEST_HEADER_NAMES,
    is_forbidden_request_header,
    is_forbidden_response_header_name,
)

# The standard's list, in its own spelling.
NAMES = [
    "Accept-Charset",
    "Accept-Encoding",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Connection",
    "Content-Length",
    "Cookie",
    "Cookie2",
    "Date",
    "DNT",
    "Expect",
    "Host",
    "Keep-Alive",
    "Origin",
    "Referer",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
]


def test_the_list_is_the_standards() -> None:
    assert len(NAMES) == 21
    assert {name.lower().encode() for name in NAMES} == FORBIDDEN_REQUEST_HEADER_NAMES


@pytest.mark.parametrize("name", [*NAMES, "Proxy-", "Proxy-Authorization", "Sec-", "Sec-Fetch-Mode", "sec-x"])
def test_forbidden_in_any_case(name: str) -> None:
    for spelling in (name, name.lower(), name.upper()):
        assert is_forbidden_request_header(spelling.encode(), b"")


@pytest.mark.parametrize(
    "name",
    [
        "Accept",
        "Authorization",
        "Content-Type",
        "Cookie3",
        "Sec",
        "Proxy",
        "X-Sec-A",
        "Access-Control-Request-Private-Network",
    ],
)
def test_free(name: str) -> None:
    assert not is_forbidden_request_header(name.encode(), b"TRACE")


@pytest.mark.parametrize("name", [b"X-HTTP-Method", b"x-http-method-override", b"X-METHOD-OVERRIDE"])
@pytest.mark.parametrize(
    ("value", "forbidden"),
    [
        (b"TRACE", True),
        (b"trace", True),
        (b"GET,track ", True),
        (b" CONNECT ", True),
        (b",,connect", True),
        (b"GET", False),
        (b"", False),
        (b"TRACEroute", False),
        (b'"GET,TRACE"', False),
        (b'"TRACE"', False),
        (b"GET TRACE", False),
    ],
)
def test_method_overrides(name: bytes, value: bytes, forbidden: bool) -> None:
    assert is_forbidden_request_header(name, value) is forbidden


@given(st.binary(), st.binary())
def test_never_an_exception(name: bytes, value: bytes) -> None:
    assert is_forbidden_request_header(name, value) in {True, False}
    assert is_forbidden_request_header(b"X-Method-Override", value) in {True, False}


@pytest.mark.parametrize("name", [b"Set-Cookie", b"set-cookie2", b"SET-COOKIE"])
def test_forbidden_response_header_names(name: bytes) -> None:
    assert is_forbidden_response_header_name(name)


@pytest.mark.parametrize("name", [b"Cookie", b"Set-Cookie3", b"Content-Type", b""])
def test_other_response_header_names(name: bytes) -> None:
    assert not is_forbidden_response_header_name(name)
