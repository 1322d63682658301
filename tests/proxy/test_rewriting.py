"""The fields that a target gets, and those that the browser gets back."""

from __future__ import annotations

from crossorigin.proxy.forwarded import Forwarded
from crossorigin.proxy.heads import Header
from crossorigin.proxy.location import Locations
from crossorigin.proxy.rewriting import Rewriting

from .front_messages import CLIENT, TLS_CLIENT, asked, responded, route, values

FORWARDED: list[Header] = [
    (b"X-Forwarded-For", b"127.0.0.1"),
    (b"X-Forwarded-Proto", b"http"),
    (b"X-Forwarded-Host", b"localhost:3000"),
    (b"X-Forwarded-Port", b"3000"),
]


def rewriting(pattern: str = "/api", target: str = "http://localhost:8080", **settings: object) -> Rewriting:
    way = route(pattern, target, **settings)
    return Rewriting(way, Forwarded(), Locations([way]))


def test_a_request_is_passed_on() -> None:
    head = asked("/api", "Accept-Encoding: gzip, br", "Expect: 100-continue", "Range: bytes=0-", "Cookie: a=b")
    before = list(head.headers)
    assert rewriting().request(head, CLIENT) == [
        (b"Host", b"localhost:8080"),
        (b"Accept-Encoding", b"gzip, br"),
        (b"Expect", b"100-continue"),
        (b"Range", b"bytes=0-"),
        (b"Cookie", b"a=b"),
        *FORWARDED,
    ]
    assert head.headers == before


def test_hop_by_hop_fields_stay_behind() -> None:
    """sagemathinc/http-proxy-3#28."""
    head = asked(
        "/api", "Connection: keep-alive, X-Hop", "X-Hop: 1", "TE: trailers", "Proxy-Authorization: x", "Via: y"
    )
    assert rewriting().request(head, CLIENT) == [(b"Host", b"localhost:8080"), (b"Via", b"y"), *FORWARDED]


def test_host_and_origin_are_two_things() -> None:
    """vitejs/vite#16557, http-party/node-http-proxy PR 1130: `changeOrigin` changes the Host, and never the Origin."""
    head = asked("/api", "Origin: http://localhost:3000")
    made = rewriting().request(head, CLIENT)
    assert (values(made, "host"), values(made, "origin")) == (["localhost:8080"], ["http://localhost:3000"])
    made = rewriting(host_header="original").request(head, CLIENT)
    assert (values(made, "host"), values(made, "origin")) == (["localhost:3000"], ["http://localhost:3000"])
    made = rewriting(origin_header="target").request(head, CLIENT)
    assert (values(made, "host"), values(made, "origin")) == (["localhost:8080"], ["http://localhost:8080"])
    assert values(rewriting(origin_header="target").request(asked("/api"), CLIENT), "origin") == []


def test_the_host_wherever_it_stands() -> None:
    head = asked("/api", "X-First: 1")
    head.headers.reverse()
    head.headers[1] = (b"hOST", b"localhost:3000")
    assert rewriting().request(head, CLIENT)[:2] == [(b"X-First", b"1"), (b"Host", b"localhost:8080")]


def test_a_client_without_a_host() -> None:
    head = asked("/api", "X: 1", host=None)
    for settings in ({}, {"host_header": "original"}):
        assert rewriting(**settings).request(head, CLIENT)[0] == (b"Host", b"localhost:8080")


def test_request_headers_set_and_removed() -> None:
    way = rewriting(
        set_request_headers=((b"X-Api-Key", b"k"), (b"X-Forwarded-Proto", b"https")),
        remove_request_headers=frozenset({b"cookie", b"x-forwarded-port"}),
    )
    head = asked("/api", "cookie: a=b", "Cookie: c=d", "x-api-key: theirs", "X-Forwarded-For: 10.0.0.1", "Accept: a")
    assert way.request(head, CLIENT) == [
        (b"Host", b"localhost:8080"),
        (b"Accept", b"a"),
        FORWARDED[0],
        FORWARDED[2],
        (b"X-Api-Key", b"k"),
        (b"X-Forwarded-Proto", b"https"),
    ]


def test_a_response_is_passed_on() -> None:
    """apache/incubator-kie-issues#2209: what is not decoded cannot be broken. CRA#1633: nothing is compressed here."""
    head = responded(200, "Content-Type: text/event-stream", "Content-Encoding: br", "ETag: x", "Vary: a", "vary: b")
    assert rewriting().response(head, b"/api", "http") == [
        (b"Content-Type", b"text/event-stream"),
        (b"Content-Encoding", b"br"),
        (b"ETag", b"x"),
        (b"Vary", b"a"),
        (b"vary", b"b"),
    ]


def test_redirects_and_cookies_come_home() -> None:
    way = rewriting(strip_prefix=True)
    head = responded(
        303,
        "location: http://localhost:8080/login",
        "Refresh: 3; url=/login",
        "Content-Location: /items/7",
        "Set-Cookie: a=b; Secure; Domain=x.example",
        "set-cookie: c=d; Path=/auth",
    )
    assert way.response(head, b"/api/x", "http") == [
        (b"location", b"/api/login"),
        (b"Refresh", b"3; url=/api/login"),
        (b"Content-Location", b"/api/items/7"),
        (b"Set-Cookie", b"a=b"),
        (b"set-cookie", b"c=d; Path=/api/auth"),
    ]
    assert values(way.response(head, b"/api/x", "https"), "set-cookie")[0] == "a=b; Secure"


def test_a_location_that_is_none() -> None:
    head = responded(200, "Location: http://localhost:8080/login")
    assert values(rewriting().response(head, b"/api", "http"), "location") == ["http://localhost:8080/login"]


def test_redirects_and_cookies_as_they_are() -> None:
    lines = ["Location: http://localhost:8080/x", "Set-Cookie: a=b; Secure"]
    way = rewriting(rewrite_redirects=False, rewrite_cookies=False)
    assert way.response(responded(302, *lines), b"/api", "http") == [
        (b"Location", b"http://localhost:8080/x"),
        (b"Set-Cookie", b"a=b; Secure"),
    ]


def test_response_headers_set_and_removed() -> None:
    way = rewriting(
        set_response_headers=((b"Cache-Control", b"no-store"),),
        remove_response_headers=frozenset({b"server", b"location"}),
    )
    head = responded(302, "Server: x", "cache-control: public", "Location: /y", "Date: z")
    assert way.response(head, b"/api", "http") == [(b"Date", b"z"), (b"Cache-Control", b"no-store")]


def test_over_tls_the_target_hears_of_it() -> None:
    assert values(rewriting().request(asked("/api"), TLS_CLIENT), "x-forwarded-proto") == ["https"]
