"""The cache of single tokens, as Firefox has it."""

from __future__ import annotations

from typing import Any

from crossorigin.fetch import Profile, Request, fetch_request
from crossorigin.fetch.preflight_tokens import TokenCache

from .dialogue import API, page
from .profiles.preflights import Engine, answer


def engine() -> Engine:
    return Engine(Profile(name="tokens", preflight_cache=TokenCache))


def call(method: bytes = b"PUT", *names: bytes, url: str = API, **init: Any) -> Request:
    return fetch_request(url, page(), method=method, headers=[(name, b"1") for name in names], **init)


def test_tokens_of_several_answers() -> None:
    browser = engine()
    assert browser.asks(call(b"PUT", b"X-A"), answer("PUT", "x-a"))
    assert browser.asks(call(b"DELETE", b"X-B"), answer("DELETE", "X-B"))
    assert not browser.asks(call(b"DELETE", b"X-A"), answer())
    assert not browser.asks(call(b"PUT", b"X-A", b"X-B"), answer())
    assert len(browser.agent.preflight_cache) == 4


def test_wildcards_cover_nothing_later() -> None:
    browser = engine()
    assert browser.asks(call(b"PUT", b"X-A"), answer("*", "*"))
    assert browser.asks(call(b"PUT", b"X-A"), answer("*", "*"))


def test_head_has_to_be_listed_where_get_and_post_have_not() -> None:
    browser = engine()
    assert browser.asks(call(b"GET", b"X-A"), answer(names="x-a"))
    assert not browser.asks(call(b"POST", b"X-A"), answer())
    assert browser.asks(call(b"HEAD", b"X-A"), answer("HEAD", "x-a"))
    assert not browser.asks(call(b"HEAD", b"X-A"), answer())


def test_credentials_are_apart() -> None:
    browser = engine()
    assert browser.asks(call(credentials="include"), answer("PUT"))
    assert browser.asks(call(), answer("PUT"))
    assert not browser.asks(call(credentials="include"), answer())
    browser.agent.preflight_cache.clear_entries(call())
    assert len(browser.agent.preflight_cache) == 0


def test_each_token_has_its_own_end() -> None:
    browser = engine()
    assert browser.asks(call(b"PUT", b"X-A"), answer("PUT", "x-a", max_age="10"))
    browser.now = 5
    assert browser.asks(call(b"PUT", b"X-B"), answer("PUT", "x-b", max_age="10"))
    browser.now = 12
    assert not browser.asks(call(b"PUT", b"X-B"), answer())
    assert browser.asks(call(b"PUT", b"X-A"), answer("PUT", "x-a"))


def test_the_least_recently_used_url_goes() -> None:
    cache = TokenCache()
    for number in range(100):
        cache.store(call(url=f"{API}/{number}"), [b"PUT"], [], 60, 0)
    assert cache.covers(call(url=f"{API}/0"), [], 1)
    cache.store(call(url=f"{API}/new"), [b"PUT"], [], 60, 0)
    assert cache.covers(call(url=f"{API}/0"), [], 1)
    assert not cache.covers(call(url=f"{API}/1"), [], 1)
    cache.clear()
    assert len(cache) == 0
