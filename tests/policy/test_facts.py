"""What is a preflight, and what comes from the server's own pages."""

from __future__ import annotations

import pytest

from crossorigin.policy import RequestFacts
from crossorigin.policy.facts import is_same_origin, same_origin

SAME = [
    # origin, scheme, host, sec-fetch-site, expected
    (b"https://a.com", b"https", b"a.com", None, True),
    (b"https://a.com", b"HTTPS", b"A.com", None, True),
    (b"https://a.com", b"https", b"a.com:443", None, True),
    (b"http://a.com", b"http", b"a.com:80", None, True),
    (b"https://a.com:8443", b"https", b"a.com:8443", None, True),
    (b"https://a.com", b"wss", b"a.com", None, True),
    (b"http://a.com", b"ws", b"a.com", None, True),
    (b"https://a.com", b"http", b"a.com", None, False),
    (b"https://a.com", b"https", b"a.com:8443", None, False),
    (b"https://a.com:80", b"https", b"a.com:80", None, True),
    (b"https://a.com", b"https", b"b.com", None, False),
    (b"https://a.com", b"https", None, None, False),
    (b"https://a.com", None, b"a.com", None, True),
    (b"http://a.com", None, b"a.com", None, True),
    (b"ftp://a.com", None, b"a.com", None, False),
    (b"http://[::1]:8000", b"http", b"[::1]:8000", None, True),
    (b"null", b"https", b"a.com", None, False),
    (b"null", b"https", b"a.com", b"same-origin", True),
    (b"https://a.com", b"https", b"a.com", b"same-site", False),
    (b"https://a.com", b"https", b"a.com", b"cross-site", False),
    (b"https://a.com", b"https", b"a.com", b"none", False),
    (b"https://" + b"a" * 400, b"https", b"a" * 400, None, False),
]


@pytest.mark.parametrize(("origin", "scheme", "host", "site", "expected"), SAME)
def test_same_origin(
    origin: bytes, scheme: bytes | None, host: bytes | None, site: bytes | None, expected: bool
) -> None:
    assert same_origin(origin, scheme=scheme, host=host, sec_fetch_site=site) is expected
    facts = RequestFacts(method=b"POST", origin=origin, scheme=scheme, host=host, sec_fetch_site=site)
    assert is_same_origin(facts) is expected


def test_without_origin_nothing_is_same_origin() -> None:
    assert not is_same_origin(RequestFacts(method=b"GET", scheme=b"https", host=b"a.com"))


@pytest.mark.parametrize(
    ("method", "origin", "asked", "expected"),
    [
        (b"OPTIONS", b"https://a.com", b"PUT", True),
        (b"OPTIONS", b"https://a.com", b"", True),
        (b"OPTIONS", b"https://a.com", None, False),
        (b"OPTIONS", None, b"PUT", False),
        (b"GET", b"https://a.com", b"PUT", False),
        (b"options", b"https://a.com", b"PUT", False),
    ],
)
def test_preflight(method: bytes, origin: bytes | None, asked: bytes | None, expected: bool) -> None:
    assert RequestFacts(method=method, origin=origin, request_method=asked).is_preflight is expected


def test_from_headers() -> None:
    headers = [
        (b"Host", b"a.com"),
        (b"ORIGIN", b"https://b.com"),
        (b"origin", b"https://c.com"),
        (b"Access-Control-Request-Method", b"PUT"),
        (b"Access-Control-Request-Headers", b"x-a"),
        (b"access-control-request-headers", b"x-b"),
        (b"Sec-Fetch-Site", b"cross-site"),
        (b"Cookie", b"a=b"),
    ]
    assert RequestFacts.from_headers(b"OPTIONS", headers, scheme=b"https") == RequestFacts(
        method=b"OPTIONS",
        origin=b"https://b.com, https://c.com",
        origin_lines=2,
        request_method=b"PUT",
        request_headers=(b"x-a", b"x-b"),
        scheme=b"https",
        host=b"a.com",
        sec_fetch_site=b"cross-site",
    )
    assert RequestFacts.from_headers(b"GET", []) == RequestFacts(method=b"GET")
