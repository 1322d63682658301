"""Scheme fetch: what each URL scheme means to a browser."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, Request, fetch_request

from .dialogue import API, ORIGIN, answer, blocked, filtered, page, readable, talk, url


def navigate(target: str) -> Request:
    client = page()
    return Request(
        url_list=(url(target),), client=client, origin=client.origin, mode="navigate", destination="document"
    )


@pytest.mark.parametrize("target", ["about:blank", "about:blank?q", "about:blank#f"])
def test_about_blank(target: str) -> None:
    response = readable(talk(navigate(target)))
    assert response.headers == ((b"Content-Type", b"text/html;charset=utf-8"),)
    assert (response.status, response.status_message, response.body) == (200, b"OK", b"")
    opaque = filtered(talk(fetch_request(target, page(), mode="no-cors")))
    assert (opaque.type, opaque.body) == ("opaque", None)


@pytest.mark.parametrize(
    "target",
    [
        "about:config",
        "about:srcdoc",
        "about:BLANK",
        "blob:https://page.example/0-0",
        "file:///etc/passwd",
        "ftp://a/",
        "mailto:a@b",
        "javascript:1",
        "custom:x",
    ],
)
def test_nothing_to_fetch(target: str) -> None:
    assert blocked(talk(navigate(target))) == BlockCode.SCHEME_NOT_FETCHED


def test_a_blob_of_the_own_origin_is_not_there() -> None:
    # Same origin as the page, and yet there is no store behind it here.
    for mode in ("cors", "no-cors", "same-origin"):
        request = fetch_request(f"blob:{ORIGIN}/0-0", page(), mode=mode)
        assert blocked(talk(request)) == BlockCode.SCHEME_NOT_FETCHED


@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_a_websocket_fails_closed(scheme: str) -> None:
    client = page("http://page.example/")
    request = Request(url_list=(url(f"{scheme}://api.other/"),), client=client, origin=client.origin, mode="websocket")
    assert blocked(talk(request)) == BlockCode.UNWRITTEN_STEP


def test_http() -> None:
    assert readable(talk(navigate(API), answer(200))).url == API


def test_the_sentence_is_short() -> None:
    error = talk(navigate("custom:" + "x" * 10_000)).error
    assert error is not None
    assert len(error.step.sentence) < 300
