from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser.app_response import AppOptions, AppResponse, server_error
from crossorigin.browser.application_errors import InvalidResponseError
from crossorigin.fetch.wire import HTTPResponse, TransportFailureKind
from crossorigin.web.headers import HeaderList


def response(method: bytes = b"GET", max_body: int = 100) -> AppResponse:
    return AppResponse("the app", method, max_body)


def test_a_response() -> None:
    made = response()
    made.start(201, [(b"A", b" b\t"), [b"a", b"c"]], b"Created")
    made.add(b"one")
    made.add(bytearray(b" two"))
    made.add(memoryview(b""))
    made.finish()
    assert made.response() == HTTPResponse(201, HeaderList.of(("A", "b"), ("a", "c")), b"one two", b"Created")
    assert made.is_complete


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        ("200", [], "sent the status '200'"),
        (True, [], "sent the status True"),
        (None, [], "sent the status None"),
        (99, [], "sent the status 99"),
        (101, [], "a final status is a whole number from 200 to 999"),
        (1000, [], "sent the status 1000"),
        (200, 7, "headers that are not pairs: 7"),
        (200, [7], "headers that are not pairs"),
        (200, [(b"a",)], "not a pair of bytes"),
        (200, [("a", "b")], r"not a pair of bytes: \('a', 'b'\)"),
        (200, [(b"a", 1)], "not a pair of bytes"),
        (200, [(b"a b", b"c")], "the name b'a b'"),
        (200, [(b"", b"c")], "the name b''"),
        (200, [(b"a", b"b\r\nSet-Cookie: c=d")], "inject headers"),
        (200, [(b"a", b"b\0")], "NUL"),
        (200, [(b"content-length", b"x")], "Content-Length that is not one number: b'x'"),
        (200, [(b"content-length", b"-1")], "Content-Length that is not one number"),
        (200, [(b"content-length", b"1"), (b"content-length", b"2")], "Content-Length that is not one number"),
        (200, [(b"content-length", b"9" * 400)], "Content-Length that is not one number"),
        (200, [(b"a", b"b" * 200_000)], "bytes of headers"),
    ],
)
def test_no_head(status: Any, headers: Any, said: str) -> None:
    made = response()
    with pytest.raises(InvalidResponseError, match=said) as caught:
        made.start(status, headers)
    assert str(caught.value).startswith("the app sent")
    assert len(str(caught.value)) < 400
    assert not made.is_started


def test_the_order() -> None:
    made = response()
    with pytest.raises(InvalidResponseError, match="before status and headers"):
        made.add(b"a")
    with pytest.raises(InvalidResponseError, match="without status and headers"):
        made.finish()
    made.start(200, [])
    with pytest.raises(InvalidResponseError, match="second response"):
        made.start(200, [])
    with pytest.raises(InvalidResponseError, match="not bytes: 'text'"):
        made.add("text")
    made.finish()
    with pytest.raises(InvalidResponseError, match="after the end"):
        made.add(b"a")


def test_content_length_is_held() -> None:
    made = response()
    made.start(200, [(b"Content-Length", b"3"), (b"content-length", b"3")])
    made.add(b"ab")
    with pytest.raises(InvalidResponseError, match="2 bytes of body, fewer than its Content-Length: 3"):
        made.finish()
    made.add(b"c")
    with pytest.raises(InvalidResponseError, match="4 bytes of body, more than its Content-Length: 3"):
        made.add(b"d")


@pytest.mark.parametrize(("method", "status"), [(b"HEAD", 200), (b"GET", 204), (b"GET", 304)])
def test_no_body_where_http_has_none(method: bytes, status: int) -> None:
    made = response(method)
    made.start(status, [(b"content-length", b"10")])
    made.add(b"dropped")
    made.finish()
    assert made.response().body == b""


def test_too_large() -> None:
    made = response(max_body=3)
    made.start(200, [])
    made.add(b"abc")
    before = made.is_too_large
    made.add(b"d")
    assert not before
    assert made.is_too_large
    assert made.response().body == b"abc"


def test_a_failure_keeps_what_came() -> None:
    made = response()
    assert made.failure(TransportFailureKind.TIMEOUT, "late").partial is None
    made.start(200, [])
    made.add(b"a")
    assert made.failure(TransportFailureKind.TIMEOUT, "late").partial == made.response()


def test_what_a_server_answers_for_a_broken_application() -> None:
    assert server_error().status == 500
    assert not server_error().headers.contains(b"Access-Control-Allow-Origin")
    assert AppOptions().raises
