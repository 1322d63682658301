"""What of a request would need leave, by what browsers really send."""

from __future__ import annotations

import pytest

from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.script_needs import cookie_names, is_script_call, managed_scheme, unsafe_names

from .cors_heads import request

FETCH = (
    "User-Agent: Mozilla/5.0",
    "Accept: */*",
    "Accept-Language: en-US,en;q=0.9",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Sec-Fetch-Site: same-origin",
    "Sec-Fetch-Mode: cors",
    "Sec-Fetch-Dest: empty",
    "Referer: http://localhost:3001/",
    "Priority: u=1, i",
    "Sec-CH-UA-Mobile: ?0",
    "DNT: 1",
)
OLD = "User-Agent: Mozilla/5.0"


def asked(line: str, *fields: str) -> RequestHead:
    return request(line, *fields, origin=None)


SCRIPT = {
    "fetch()": asked("GET /", *FETCH),
    "fetch() with mode same-origin": asked("GET /", "Sec-Fetch-Mode: same-origin", "Sec-Fetch-Dest: empty"),
    "XMLHttpRequest of an old browser with jQuery": asked("GET /", OLD, "X-Requested-With: XMLHttpRequest"),
    "axios in an old browser": asked("GET /", OLD, "Accept: application/json, text/plain, */*"),
    "a method that no form has": asked("DELETE /", OLD),
    "JSON posted by an old browser": asked("POST /", OLD, "Content-Type: application/json", "Content-Length: 2"),
    "EventSource of an old browser": asked("GET /", OLD, "Accept: text/event-stream"),
}
NOT_SCRIPT = {
    "a page that is opened": asked("GET /", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"),
    "a form": asked("POST /", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Content-Length: 0"),
    "an image": asked("GET /", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"),
    "an image with crossorigin": asked("GET /", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: image"),
    "a module": asked("GET /", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: script"),
    "sendBeacon()": asked("POST /", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: empty", "Content-Length: 0"),
    "a WebSocket": asked("GET /", "Sec-Fetch-Mode: websocket", "Sec-Fetch-Dest: empty"),
    "a preflight": asked("OPTIONS /", "Sec-Fetch-Mode: cors", "Access-Control-Request-Method: PUT"),
    "curl": asked("DELETE /", "User-Agent: curl/8.0", "Accept: application/json"),
    "a program without a name": asked("DELETE /"),
    "an image of an old browser": asked("GET /", OLD, "Accept: image/webp,*/*"),
    "a form of an old browser": asked("POST /", OLD, "Accept: text/html,*/*", "Content-Type: text/plain"),
}


@pytest.mark.parametrize("head", SCRIPT.values(), ids=SCRIPT.keys())
def test_script(head: RequestHead) -> None:
    assert is_script_call(head)


@pytest.mark.parametrize("head", NOT_SCRIPT.values(), ids=NOT_SCRIPT.keys())
def test_not_script(head: RequestHead) -> None:
    assert not is_script_call(head)


UNSAFE: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "nothing of script": ((), []),
    "JSON": (("Content-Type: application/json",), ["content-type"]),
    "a form": (("Content-Type: application/x-www-form-urlencoded; charset=utf-8",), []),
    "parts of a form": (("Content-Type: multipart/form-data; boundary=x",), []),
    "a token": (("Authorization: Bearer x",), ["authorization"]),
    "Basic, written by script or not": (("Authorization: Basic x",), ["authorization"]),
    "Digest, which only browsers speak": (('Authorization: Digest username="a"',), []),
    "Negotiate": (("Authorization: Negotiate x",), []),
    "names of the application's own": (
        ("X-B: 1", "x-a: 2", "X-Requested-With: XMLHttpRequest"),
        ["x-a", "x-b", "x-requested-with"],
    ),
    "a language that is none": (("Content-Language: {de}",), ["content-language"]),
    "a range": (("Range: bytes=0-99",), []),
    "ranges": (("Range: bytes=0-99,200-299",), ["range"]),
    "a revalidation": (('If-None-Match: "a"', "If-Modified-Since: x", "Cache-Control: max-age=0"), []),
    "a reload past the cache": (("Cache-Control: no-cache", "Pragma: no-cache"), []),
    "no-cache by script": (("Cache-Control: no-cache",), ["cache-control"]),
    "another Cache-Control": (("Cache-Control: no-store", "Pragma: no-cache"), ["cache-control", "pragma"]),
    "of the browser": (
        ("Upgrade-Insecure-Requests: 1", "Save-Data: on", "DPR: 2", "Last-Event-ID: 7", "Sec-GPC: 1", "Cookie: a=1"),
        [],
    ),
    "of a proxy in front": (("X-Forwarded-For: 127.0.0.1", "Via: 1.1 x", "Forwarded: for=x"), []),
    "tracing": (("traceparent: 00-0-0-00",), ["traceparent"]),
    "a method override": (("X-HTTP-Method-Override: PATCH",), ["x-http-method-override"]),
    "a long value": (("Content-Type: text/plain; a=" + "b" * 300,), ["content-type"]),
}


@pytest.mark.parametrize(("fields", "names"), UNSAFE.values(), ids=UNSAFE.keys())
def test_unsafe_names(fields: tuple[str, ...], names: list[str]) -> None:
    assert unsafe_names(asked("GET /", *FETCH, *fields)) == names


def test_event_source_of_chromium_sets_cache_control() -> None:
    head = asked("GET /", "Accept: text/event-stream", "Cache-Control: no-cache")
    assert unsafe_names(head) == []


@pytest.mark.parametrize(
    ("value", "scheme"),
    [("Basic x", b"basic"), ("NTLM x", b"ntlm"), ("negotiate x", b"negotiate"), ("Bearer x", None), ("x", None)],
)
def test_managed_scheme(value: str, scheme: bytes | None) -> None:
    assert managed_scheme(asked("GET /", f"Authorization: {value}")) == scheme
    assert managed_scheme(asked("GET /")) is None


def test_cookie_names() -> None:
    assert cookie_names(b"a=1; b=2;c; d==") == ["a", "b", "c", "d"]
    assert len(cookie_names(b"; ".join(b"c%d=1" % number for number in range(1000)))) == 64
