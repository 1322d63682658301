from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser.call import PageState, page_client
from crossorigin.browser.cookie_context import context_of, site_for_cookies
from crossorigin.browser.element_calls import submit_form
from crossorigin.browser.script_calls import fetch

from .applications import API


def page(**words: Any) -> PageState:
    return PageState(page_client(words.pop("url", "https://app.example.com/"), **words), "standard", 100)


@pytest.mark.parametrize(
    ("words", "target", "same_site", "third_party", "top"),
    [
        ({}, API, True, False, "https://example.com"),
        ({}, "https://other.test/", False, True, "https://example.com"),
        # Schemes count: http and https are two sites.
        ({"url": "http://app.example.com/"}, API, False, True, "http://example.com"),
        # Co-tenants of a public suffix are strangers.
        ({"url": "https://a.github.io/"}, "https://b.github.io/", False, True, "https://a.github.io"),
        ({"url": "http://localhost:3000/"}, "http://localhost:8000/", True, False, "http://localhost"),
        ({"url": "http://127.0.0.1:3000/"}, "http://127.0.0.2/", False, True, "http://127.0.0.1"),
        # A frame in a stranger's page is a third party, even to its own site.
        ({"top": "https://news.test/"}, API, False, True, "https://news.test"),
        ({"top": "https://www.example.com/"}, API, True, False, "https://example.com"),
        # A sandboxed page counts with its URL, as the address bar shows it.
        ({"sandboxed": True}, API, True, False, "https://example.com"),
        ({"sandboxed": True, "top": "https://news.test/"}, API, False, True, "https://news.test"),
    ],
)
def test_a_fetch(words: dict[str, Any], target: str, same_site: bool, third_party: bool, top: str) -> None:
    context = context_of(fetch(page(**words), target, credentials="include").request)
    assert (context.is_same_site, context.is_third_party, context.top_level_site) == (same_site, third_party, top)
    assert not context.is_top_level_navigation
    assert context.is_safe


@pytest.mark.parametrize(("method", "safe"), [("GET", True), ("POST", False)])
def test_a_navigation(method: str, safe: bool) -> None:
    context = context_of(submit_form(page(), "https://other.test/", method).request)
    assert context.is_top_level_navigation
    assert context.is_safe is safe
    assert not context.is_same_site
    # What is navigated to becomes the page at the top, and is nobody's third party.
    assert not context.is_third_party
    assert context.top_level_site == "https://other.test"


def test_no_site_for_a_frame_of_strangers() -> None:
    assert site_for_cookies(page(top="https://news.test/").client) is None
