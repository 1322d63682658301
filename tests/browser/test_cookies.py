from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser import Browser, RefusedCookieError

from .applications import API, ORIGIN, Heard


def test_set_get_list_clear() -> None:
    with Browser() as browser:
        cookies = browser.cookies
        cookies.set(f"{API}/", "session", "é", http_only=True, same_site="None", max_age=600)
        cookies.set(f"{API}/admin", "admin", "1", path="/admin")
        assert cookies.get(f"{API}/x", "session") == "é"
        assert cookies.get(f"{API}/x", "admin") is None
        assert cookies.get("https://other.test/", "session") is None
        assert [cookie.name for cookie in cookies.list()] == ["session", "admin"]
        assert [cookie.name for cookie in cookies.list(f"{API}/x")] == ["session"]
        assert repr(cookies) == "<Cookies: session of api.example.com, admin of api.example.com>"
        cookies.clear(f"{API}/x")
        assert len(cookies) == 1
        cookies.clear()
        assert repr(cookies) == "<Cookies: none>"


def test_what_is_set_is_sent() -> None:
    app = Heard(("access-control-allow-origin", ORIGIN), ("access-control-allow-credentials", "true"))
    with Browser({API: app}) as browser:
        browser.cookies.set(API, "strict", "1", same_site="Strict")
        browser.cookies.set_line(API, "none=1; SameSite=None; Secure")
        browser.page(ORIGIN).fetch(API, credentials="include")
        assert app.field("cookie") == "strict=1; none=1"
        browser.page(ORIGIN).fetch(API)
        assert app.field("cookie") is None
        browser.page("https://evil.test/").send_beacon(API, "x")
        assert app.field("cookie") == "none=1"


def test_under_another_site() -> None:
    with Browser() as browser:
        browser.cookies.set(API, "a", "1", same_site="None", partitioned=True, under="https://news.test/")
        assert browser.cookies.list()[0].partition == "https://news.test"
        assert browser.cookies.get(API, "a") is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"secure": False, "same_site": "None"}, "SameSite=None without Secure"),
        ({"domain": "com"}, "public suffix"),
        ({"value": "a; Secure"}, "encode them"),
        ({"name": "a=b"}, "encode them"),
        ({"name": "__Host-a", "domain": "api.example.com"}, "__Host-"),
    ],
)
def test_what_no_server_could_set(words: dict[str, Any], said: str) -> None:
    with Browser() as browser, pytest.raises(RefusedCookieError, match=said):
        browser.cookies.set(**{"url": API, "name": "a", "value": "b", **words})


@pytest.mark.parametrize("address", ["api.example.com", "data:,x", "/"])
def test_what_has_no_cookies(address: str) -> None:
    with Browser() as browser, pytest.raises(ValueError, match="not a URL that has cookies"):
        browser.cookies.list(address)


def test_refusals_are_told() -> None:
    app = Heard(("set-cookie", "a=1; SameSite=None"))
    with Browser({API: app}) as browser:
        browser.page(API).fetch("/")
        assert [(refused.line, refused.reason) for refused in browser.cookies.refused] == [
            ("a=1; SameSite=None", "it is SameSite=None without Secure")
        ]
