"""Chromium: each deviation beside what the standard does with the same exchange."""

from __future__ import annotations

from typing import Any

import pytest
from tests.fetch.dialogue import API, page

from crossorigin.fetch import (
    CHROMIUM,
    STANDARD,
    WEBKIT,
    BlockCode,
    HTTPResponse,
    NetworkError,
    UserAgent,
    fetch,
    fetch_request,
    xhr_request,
)
from crossorigin.fetch.request import RedirectMode
from crossorigin.web.headers import HeaderList

from .preflights import Engine, answer


def test_wildcard_covers_authorization() -> None:
    request = fetch_request(API, page(), headers=[(b"Authorization", b"Bearer x")])
    assert Engine(STANDARD).fetch(request, answer(names="*"))[1] == BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD
    assert Engine(CHROMIUM).fetch(request, answer(names="*"))[1] is None
    credentialed = fetch_request(API, page(), headers=[(b"Authorization", b"x")], credentials="include")
    assert Engine(CHROMIUM).fetch(credentialed, answer(names="*"))[1] == BlockCode.PREFLIGHT_HEADER_WILDCARD


def test_a_redirect_is_seen_before_the_missing_origin() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    stranger = answer(status=302, Location="/login")
    stranger = type(stranger)(302, stranger.headers.delete(b"Access-Control-Allow-Origin"))
    assert Engine(STANDARD).fetch(put, stranger)[1] == BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
    assert Engine(CHROMIUM).fetch(put, stranger)[1] == BlockCode.PREFLIGHT_REDIRECT


@pytest.mark.parametrize("location", [None, ""])
def test_a_preflight_redirected_nowhere_is_an_answer_like_any_other(location: str | None) -> None:
    put = fetch_request(API, page(), method=b"PUT")
    fields = [] if location is None else [("Location", location)]
    stranger = HTTPResponse(302, HeaderList.of(*fields))
    assert Engine(CHROMIUM).fetch(put, stranger)[1] == BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING


@pytest.mark.parametrize("mode", ["follow", "manual", "error"])
def test_the_location_of_a_preflights_answer_is_read_in_every_redirect_mode(mode: RedirectMode) -> None:
    put = fetch_request(API, page(), method=b"PUT", redirect=mode)
    stranger = HTTPResponse(302, HeaderList.of(("Location", "https://[")))
    assert Engine(CHROMIUM).fetch(put, stranger)[1] == BlockCode.PREFLIGHT_REDIRECT


def test_two_hours_at_most() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    browser = Engine(CHROMIUM)
    assert browser.asks(put, answer("PUT", max_age="86400"))
    browser.now = 7199
    assert not browser.asks(put, answer("PUT"))
    browser.now = 7200
    assert browser.asks(put, answer("PUT"))


def test_upload_listeners_do_not_list_the_method() -> None:
    put = xhr_request(API, page(), method=b"PUT", upload_listeners=True)
    assert Engine(STANDARD).fetch(put, answer())[1] is None
    assert Engine(CHROMIUM).fetch(put, answer())[1] == BlockCode.PREFLIGHT_METHOD
    post = xhr_request(API, page(), method=b"POST", body=b"x", upload_listeners=True)
    assert Engine(CHROMIUM).fetch(post, answer()) == (1, None)


def test_upload_listeners_need_something_to_upload() -> None:
    post = xhr_request(API, page(), method=b"POST", upload_listeners=True)
    assert Engine(STANDARD).asks(post, answer())
    assert not Engine(CHROMIUM).asks(post, answer())


def test_headers_that_stand_there_twice_are_one() -> None:
    request = fetch_request(API, page(), headers=[(b"Accept", b"a" * 65), (b"Accept", b"b" * 65)])
    assert not Engine(STANDARD).asks(request, answer(names="accept"))
    assert Engine(CHROMIUM).asks(request, answer(names="accept"))


def test_conditional_requests_ask_every_time() -> None:
    request = fetch_request(API, page(), headers=[(b"If-None-Match", b'"x"')])
    browser = Engine(CHROMIUM)
    assert browser.asks(request, answer(names="if-none-match"))
    assert browser.asks(request, answer(names="if-none-match"))


def test_user_agent_is_dropped() -> None:
    request = fetch_request(API, page(), headers=[(b"User-Agent", b"x")])
    assert Engine(STANDARD).asks(request, answer(names="user-agent"))
    assert not Engine(CHROMIUM).asks(request, answer(names="user-agent"))


def redirected(location: str, **init: Any) -> BlockCode | None:
    """How a fetch of the page's own origin ends in Chromium that is redirected there, and everything allowed."""
    request = fetch_request("https://page.example/data", page(), **init)
    away = HTTPResponse(302, HeaderList.of(*(("Location", each) for each in location.split("|"))))
    engine = fetch(request, UserAgent(CHROMIUM))
    sent, first = next(engine), True
    while True:
        reply = away if first else HTTPResponse(200, HeaderList.of(("Access-Control-Allow-Origin", "*")))
        try:
            sent, first = engine.send(reply), False
        except StopIteration as stop:
            assert sent.url.scheme == "https"
            response = stop.value.response
            return response.code if isinstance(response, NetworkError) else None


def test_locations() -> None:
    assert redirected("https://page.example/a|https://page.example/a") is None
    assert redirected("https://page.example/a|https://page.example/b") == BlockCode.LOCATION_UNPARSABLE
    assert redirected("") is None
    assert redirected("https://user@page.example/a") == BlockCode.LOCATION_CREDENTIALS
    assert redirected("https://user@page.example/a", mode="same-origin") == BlockCode.LOCATION_CREDENTIALS
    # Measured in 156: net::URLRequest looks at it before anybody asks who would follow.
    assert redirected("https://page.example:99999/", redirect="manual") == BlockCode.LOCATION_UNPARSABLE
    assert redirected("https://page.example/a", redirect="manual") is None


def test_a_failure_does_not_clear_the_cache() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    refused = type(answer())(200, answer().headers.delete(b"Access-Control-Allow-Origin"))
    for profile, again in ((STANDARD, True), (CHROMIUM, False)):
        browser = Engine(profile)
        assert browser.fetch(put, answer("PUT"), refused) == (1, BlockCode.ALLOW_ORIGIN_MISSING)
        assert browser.asks(put, answer("PUT")) is again


@pytest.mark.parametrize(
    ("name", "value", "asks"),
    [
        ("DPR", "2", False),
        ("DPR", "1.5", False),
        ("dpr", "2.", True),
        ("DPR", "x", True),
        ("Device-Memory", "0.25", False),
        ("Width", "300", False),
        ("Width", "300.5", True),
        ("Viewport-Width", "1", False),
        ("Viewport-Width", "1" * 129, True),
        ("Save-Data", "on", False),
        ("Save-Data", "ON", False),
        ("Save-Data", "off", True),
        ("X-Other", "1", True),
    ],
)
def test_client_hints(name: str, value: str, asks: bool) -> None:
    request = fetch_request(API, page(), headers=[(name.encode(), value.encode())])
    assert Engine(CHROMIUM).asks(request, answer(names=name)) is asks
    assert Engine(STANDARD).asks(request, answer(names=name))


def test_a_redirect_to_nowhere_is_none_in_redirect_mode_error() -> None:
    # Measured in Chromium 156 and WebKitGTK 2.50.6: without a Location, or with an empty one, the answer is read.
    request = fetch_request(API, page(), redirect="error")
    for fields, code in (
        ((), None),
        ((("Location", ""),), None),
        ((("Location", "/a"),), BlockCode.REDIRECT_MODE_ERROR),
    ):
        away = HTTPResponse(307, HeaderList.of(("Access-Control-Allow-Origin", "*"), *fields))
        assert Engine(STANDARD).fetch(request, answer(), away)[1] is BlockCode.REDIRECT_MODE_ERROR
        for profile in (CHROMIUM, WEBKIT):
            assert Engine(profile).fetch(request, answer(), away)[1] is code
