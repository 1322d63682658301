from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser import Browser
from crossorigin.browser.clock import Clock
from crossorigin.browser.core import sized, stream_so_far
from crossorigin.fetch.wire import HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList

from .applications import ALLOW, API, PAGE, answers, ask, url, wsgi

CACHED = (ALLOW, ("access-control-allow-methods", "PUT"), ("access-control-max-age", "600"))


def test_the_engine() -> None:
    assert Browser().engine == "chromium"
    assert Browser(engine="standard").engine == "standard"
    assert repr(Browser({API: wsgi()}, engine="firefox")) == f"<Browser firefox, applications at {API}>"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"engine": "chrome"}, "it is one of standard, chromium, firefox, webkit"),
        ({"third_party_cookies": "no"}, "it is one of allow, partition, block"),
        ({"timeout": 0}, "not a time limit"),
        ({"max_body": -1}, "not a size"),
        ({"resolve": {"a": "b"}}, "from host:port to address:port"),
        ({"apps": {"a": wsgi()}}, "is not an origin"),
    ],
)
def test_words_that_are_none(words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Browser(**words)


def test_third_party_cookies() -> None:
    for engine, expected in (("chromium", "allow"), ("firefox", "partition"), ("webkit", "block")):
        assert Browser(engine=engine).cookies._jar.rules.third_party == expected
    assert Browser(engine="webkit", third_party_cookies="allow").cookies._jar.rules.third_party == "allow"


def test_the_clock_is_that_of_the_preflight_cache_too() -> None:
    with Browser({API: answers(*CACHED)}, clock=lambda: 1000.0) as browser:
        assert browser.page(PAGE).fetch(API, method="PUT").preflighted
        # Over calls and pages of one origin.
        assert not browser.page(PAGE).fetch(API, method="PUT").preflighted
        browser.clock.advance(599)
        assert not browser.page(PAGE).fetch(API, method="PUT").preflighted
        browser.clock.advance(1)
        assert browser.page(PAGE).fetch(API, method="PUT").preflighted
        browser.clear_preflight_cache()
        assert browser.page(PAGE).fetch(API, method="PUT").preflighted


def test_one_clock_for_two() -> None:
    clock = Clock(lambda: 5.0)
    assert Browser(clock=clock).clock is Browser(clock=clock).clock


def test_a_place_for_one_origin_opens_the_network_for_it_alone() -> None:
    browser = Browser(resolve={"api.example.com:443": "127.0.0.1:8000"})
    assert browser.mount_for(url("https://api.example.com/x")) is None
    for other in ("http://api.example.com/", "https://www.example.com/", "https://api.example.com:8443/"):
        with pytest.raises(LookupError, match="nothing answers for"):
            browser.mount_for(url(other))
    assert Browser(network=True).mount_for(url("https://www.example.com/")) is None
    assert not browser.handshake_options.http2


def test_sized() -> None:
    assert sized(ask()) == ask()
    assert sized(ask(method=b"POST", body=b"")) == ask(method=b"POST", body=b"")
    assert sized(ask(method=b"POST", body=b"ab")).headers == ((b"Content-Length", b"2"),)
    told = ask(API, ("Content-Length", "2"), method=b"POST", body=b"ab")
    assert sized(told) is told


def test_what_came_of_a_stream() -> None:
    head = HTTPResponse(200, HeaderList(), b"data: 1\n\n")
    late = TransportFailure(TransportFailureKind.TIMEOUT, "late", head)
    assert stream_so_far(late, lambda body: b"1" in body) is head
    assert stream_so_far(late, lambda body: b"2" in body) is late
    assert stream_so_far(late, None) is late
    reset = TransportFailure(TransportFailureKind.RESET, "reset", head)
    assert stream_so_far(reset, lambda _: True) is reset
    assert stream_so_far(head, lambda _: False) is head
