"""The cache of whole answers, as Chromium and WebKit have it."""

from __future__ import annotations

from functools import partial
from typing import Any

from crossorigin.fetch import HTTPResponse, Profile, Request, fetch_request
from crossorigin.fetch.preflight_results import ResultCache
from crossorigin.web.headers import HeaderList

from .dialogue import API, page, sandboxed
from .profiles.preflights import Engine, answer


def engine(**settings: Any) -> Engine:
    return Engine(Profile(name="results", preflight_cache=partial(ResultCache, **settings)))


def call(method: bytes = b"PUT", *names: bytes, url: str = API, **init: Any) -> Request:
    return fetch_request(url, page(), method=method, headers=[(name, b"1") for name in names], **init)


class TestOneAnswer:
    """The last answer alone counts."""

    def test_the_same_again(self) -> None:
        browser = engine()
        assert browser.asks(call(), answer("PUT"))
        assert not browser.asks(call(), answer("PUT"))
        assert len(browser.agent.preflight_cache) == 1

    def test_another_method_replaces_it(self) -> None:
        browser = engine()
        assert browser.asks(call(b"PUT"), answer("PUT"))
        assert browser.asks(call(b"DELETE"), answer("DELETE"))
        # In the standard both would be remembered.
        assert browser.asks(call(b"PUT"), answer("PUT"))

    def test_an_answer_that_does_not_suffice_is_removed(self) -> None:
        browser = engine()
        assert browser.asks(call(), answer("PUT"))
        assert browser.fetch(call(b"PUT", b"X-A"), answer("PUT"))[1] is not None
        assert len(browser.agent.preflight_cache) == 0

    def test_safelisted_methods_need_not_be_listed(self) -> None:
        browser = engine()
        assert browser.asks(call(b"HEAD", b"X-A"), answer(names="x-a"))
        assert not browser.asks(call(b"POST", b"X-A"), answer(names="x-a"))

    def test_it_ends(self) -> None:
        browser = engine()
        assert browser.asks(call(), answer("PUT", max_age="10"))
        browser.now = 9.9
        assert not browser.asks(call(), answer("PUT"))
        browser.now = 10
        assert browser.asks(call(), answer("PUT"))

    def test_zero_seconds_are_none(self) -> None:
        browser = engine()
        assert browser.asks(call(), answer("PUT", max_age="0"))
        assert browser.asks(call(), answer("PUT", max_age="0"))

    def test_another_url_and_another_page(self) -> None:
        browser = engine()
        assert browser.asks(call(), answer("PUT"))
        assert browser.asks(call(url=API + "?page=2"), answer("PUT"))
        assert browser.asks(call(url=API + "#fragment"), answer("PUT"))

    def test_null_origins(self) -> None:
        frame = sandboxed()
        request = fetch_request(API, frame, method=b"PUT")
        granted = HTTPResponse(
            204, HeaderList.of(("Access-Control-Allow-Origin", "null"), ("Access-Control-Allow-Methods", "PUT"))
        )
        for keeps, again in ((False, True), (True, False)):
            browser = engine(keeps_opaque_origins=keeps)
            assert browser.asks(request, granted, granted)
            assert browser.asks(request, granted, granted) is again

    def test_authorization_under_a_remembered_wildcard(self) -> None:
        for covers, again in ((True, False), (False, True)):
            browser = engine(wildcard_covers_authorization=covers)
            assert browser.asks(call(b"GET", b"X-A"), answer(names="*"))
            request = fetch_request(API, page(), headers=[(b"Authorization", b"x")])
            assert browser.asks(request, answer(names="authorization")) is again

    def test_clearing(self) -> None:
        browser = engine()
        browser.asks(call(), answer("PUT"))
        browser.agent.preflight_cache.clear_entries(call())
        assert len(browser.agent.preflight_cache) == 0
        browser.asks(call(), answer("PUT"))
        browser.agent.preflight_cache.clear()
        assert browser.asks(call(), answer("PUT"))


class TestCredentials:
    """An answer to a credentialed request serves all, the other only its like; and `*` is a matter of its own."""

    def test_with_serves_without(self) -> None:
        browser = engine()
        assert browser.asks(call(credentials="include"), answer("PUT"))
        assert not browser.asks(call(), answer("PUT"))

    def test_without_does_not_serve_with(self) -> None:
        browser = engine()
        assert browser.asks(call(), answer("PUT"))
        assert browser.asks(call(credentials="include"), answer("PUT"))

    def test_wildcard_of_the_answered_request(self) -> None:
        browser = engine()
        assert browser.asks(call(credentials="include"), answer("PUT, *"))
        assert browser.asks(call(b"DELETE"), answer("*"))

    def test_wildcard_of_the_asking_request(self) -> None:
        browser = engine(wildcard_by_asker=True)
        assert browser.asks(call(credentials="include"), answer("PUT, *"))
        assert not browser.asks(call(b"DELETE"), answer("*"))
        assert browser.asks(call(b"DELETE", credentials="include"), answer("DELETE"))


class TestBounds:
    """What an outsider can make long is bounded."""

    def test_long_urls_are_not_kept(self) -> None:
        browser = engine(url_limit=1024)
        kept = API + "?" + "x" * (1023 - len(API) - 1)
        assert browser.asks(call(url=kept), answer("PUT"))
        assert not browser.asks(call(url=kept), answer("PUT"))
        assert browser.asks(call(url=kept + "x"), answer("PUT"))
        assert browser.asks(call(url=kept + "x"), answer("PUT"))

    def test_the_oldest_goes(self) -> None:
        cache = ResultCache()
        for number in range(1025):
            cache.store(call(url=f"{API}/{number}"), [b"PUT"], [], 60, 0)
        assert len(cache) == 1024
        assert not cache.covers(call(url=f"{API}/0"), [], 1)
        assert cache.covers(call(url=f"{API}/1"), [], 1)
