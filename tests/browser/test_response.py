from __future__ import annotations

import gzip
import json

import pytest

from crossorigin.browser import BodyError, Browser

from .applications import ALLOW, API, PAGE, answers, says, start
from .applications import body as piece


def test_what_script_sees_and_what_is_true() -> None:
    app = answers(
        ALLOW, ("etag", '"1"'), ("set-cookie", "a=b"), ("content-type", "application/json"), content=b'{"a":1}'
    )
    with Browser({API: app}) as browser:
        response = browser.page(PAGE).fetch(f"{API}/x#y")
    assert (response.type, response.status, response.ok, response.url) == ("cors", 200, True, f"{API}/x")
    assert dict(response.headers) == {"content-type": "application/json"}
    assert response.received_headers["ETag"] == '"1"'
    assert response.received_headers.get_all("set-cookie") == ["a=b"]
    assert response.sent_headers["origin"] == "https://app.example.com"
    assert response.json() == {"a": 1}
    assert response.body == b'{"a":1}'
    assert response.exchange is response.exchanges[-1]
    assert not response.preflighted
    assert not response.redirected
    assert response.status_text == ""
    assert response.steps
    assert repr(response) == f"<Response cors 200 {API}/x>"


def test_exposed_headers() -> None:
    with Browser({API: answers(ALLOW, ("etag", '"1"'), ("access-control-expose-headers", "ETag"))}) as browser:
        assert browser.page(PAGE).fetch(API).headers["etag"] == '"1"'


def test_opaque() -> None:
    with Browser({API: answers(content=b"secret")}) as browser:
        response = browser.page(PAGE).fetch(API, mode="no-cors")
    assert (response.type, response.status, response.ok, response.url) == ("opaque", 0, False, "")
    assert (response.body, response.content, response.text()) == (None, b"", "")
    assert len(response.headers) == 0
    assert response.exchange.response is not None
    assert response.exchange.response.body == b"secret"


def test_redirected() -> None:
    app = says(start(302, ALLOW, ("location", "/next")), piece())
    with Browser({API: app}) as browser:
        response = browser.page(API).fetch("/x", redirect="manual")
        assert (response.type, response.status) == ("opaqueredirect", 0)
        assert response.exchange.response is not None
        assert response.exchange.response.status == 302


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfbom", "bom"),
        ("é☃".encode(), "é☃"),
        (b"\xff", "\ufffd"),
        (b"", ""),
    ],
)
def test_text(content: bytes, text: str) -> None:
    with Browser({API: answers(("content-type", "text/plain; charset=latin-1"), content=content)}) as browser:
        assert browser.page(API).fetch("/").text() == text


def test_no_json() -> None:
    with Browser({API: answers(content=b"<html>")}) as browser, pytest.raises(json.JSONDecodeError):
        browser.page(API).fetch("/").json()


def test_in_pieces() -> None:
    with Browser({API: answers(content=b"abcdefg")}) as browser:
        response = browser.page(API).fetch("/")
    assert list(response.iter_bytes(3)) == [b"abc", b"def", b"g"]
    assert list(response.iter_bytes()) == [b"abcdefg"]
    with pytest.raises(ValueError, match="1 or more"):
        response.iter_bytes(0)


def test_codings() -> None:
    app = answers(("content-encoding", "gzip"), content=gzip.compress(b"text"))
    with Browser({API: app, "https://b.test": answers(("content-encoding", "gzip"), content=b"text")}) as browser:
        response = browser.page(API).fetch("/")
        assert response.text() == "text"
        assert response.headers["content-encoding"] == "gzip"
        broken = browser.page("https://b.test").fetch("/")
        with pytest.raises(BodyError, match="not gzip"):
            broken.text()


def test_without_an_exchange() -> None:
    with Browser() as browser:
        response = browser.page(PAGE).fetch("data:text/plain,hello")
        assert response.text() == "hello"
        with pytest.raises(LookupError, match="without any exchange"):
            _ = response.exchange


def test_head_has_no_body() -> None:
    with Browser({API: answers(content=b"abc")}) as browser:
        response = browser.page(API).fetch("/", method="HEAD")
        assert response.body is None
        assert response.content == b""
