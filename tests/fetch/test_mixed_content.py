"""Mixed content: what a secure page may not fetch over an insecure connection, and what is upgraded instead."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, Client, Request, UserAgent, fetch_request, potential_cors_request
from crossorigin.fetch.mixed_content import blocked_as_mixed_content, prohibits_mixed_content, upgrade_mixed_content
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX, WEBKIT
from crossorigin.web.origins import parse_origin

from .dialogue import (
    ANY_ORIGIN,
    API,
    OWN,
    answer,
    ask,
    blocked,
    filtered,
    page,
    readable,
    redirect,
    said,
    sandboxed,
    talk,
    url,
)

SECURE = parse_origin("https://top.example")
INSECURE = parse_origin("http://top.example")


@pytest.mark.parametrize(
    ("client", "prohibits"),
    [
        (page(), True),
        (page("http://page.example/"), False),
        (page("http://localhost/"), True),
        (page("http://127.0.0.1:8000/"), True),
        (sandboxed(), False),
        # A frame is held to what the page around it promises.
        (page("http://page.example/", top_level_origin=SECURE), True),
        (page("http://page.example/", top_level_origin=INSECURE), False),
        (page(top_level_origin=INSECURE), True),
        (sandboxed(top_level_origin=SECURE), True),
        (sandboxed(top_level_origin=INSECURE), False),
    ],
)
def test_which_pages(client: Client, prohibits: bool) -> None:
    assert prohibits_mixed_content(client) is prohibits
    assert blocked_as_mixed_content(fetch_request("http://api.other/", client), url("http://api.other/")) is prohibits


class TestBlocked:
    """Should fetching request be blocked as mixed content?"""

    @pytest.mark.parametrize(
        ("target", "allowed"),
        [
            ("http://api.other/", False),
            ("http://page.example/", False),
            ("http://192.168.0.1/", False),
            ("http://[fe80::1]/", False),
            ("http://localhost.example/", False),
            ("http://127.0.0.1.example/", False),
            ("http://localhost/", True),
            ("http://localhost.:8000/", True),
            ("http://app.localhost/", True),
            ("http://127.0.0.1/", True),
            ("http://127.9.9.9/", True),
            ("http://[::1]:8000/", True),
            ("https://api.other/", True),
        ],
    )
    @pytest.mark.parametrize("mode", ["cors", "no-cors"])
    def test_target(self, target: str, allowed: bool, mode: str) -> None:
        request = fetch_request(target, page(), mode=mode)  # type: ignore[arg-type]
        if allowed:
            assert talk(request, answer(200, ANY_ORIGIN)).error is None
        else:
            assert blocked(talk(request)) == BlockCode.MIXED_CONTENT

    @pytest.mark.parametrize("target", ["http://localhost:8000/", "http://app.localhost/", "http://127.0.0.1/"])
    def test_loopback_is_trusted_but_by_webkit(self, target: str) -> None:
        request = fetch_request(target, page())
        for profile in (CHROMIUM, FIREFOX):
            assert not blocked_as_mixed_content(request, url(target), profile)
        assert blocked_as_mixed_content(request, url(target), WEBKIT)
        assert not blocked_as_mixed_content(fetch_request(target, page("http://page.example/")), url(target), WEBKIT)

    def test_it_comes_before_everything_about_origins(self) -> None:
        request = fetch_request("http://api.other/", page(), mode="same-origin")
        assert blocked(talk(request)) == BlockCode.MIXED_CONTENT

    def test_an_insecure_page_may(self) -> None:
        readable(talk(fetch_request("http://api.other/", page("http://page.example/")), answer(200, ANY_ORIGIN)))

    def test_a_redirect(self) -> None:
        request = fetch_request(API, page())
        assert blocked(talk(request, redirect("http://api.other/", ANY_ORIGIN))) == BlockCode.MIXED_CONTENT

    def test_where_the_user_allows_it(self) -> None:
        agent = UserAgent(allows_mixed_content=True)
        readable(talk(fetch_request("http://api.other/", page()), answer(200, ANY_ORIGIN), agent=agent))

    def test_the_page_itself_may_be_insecure(self) -> None:
        client = page()
        request = Request(
            url_list=(url("http://api.other/"),),
            client=client,
            origin=client.origin,
            mode="navigate",
            destination="document",
        )
        readable(talk(request, answer(200)))
        request.destination = "iframe"
        assert blocked(talk(request)) == BlockCode.MIXED_CONTENT


class TestUpgraded:
    """An image, a sound or a film of a secure page is fetched over https instead."""

    @pytest.mark.parametrize(
        ("target", "upgraded"),
        [
            ("http://api.other/a?b#c", "https://api.other/a?b#c"),
            ("http://api.other:80/", "https://api.other/"),
            ("http://api.other:8080/", "https://api.other:8080/"),
            ("http://user:secret@api.other/", "https://user:secret@api.other/"),
            ("http://192.168.0.1/", None),
            ("http://[fe80::1]/", None),
            ("http://localhost/", None),
            ("https://api.other/", None),
            ("data:,x", None),
            ("ftp://api.other/", None),
        ],
    )
    @pytest.mark.parametrize("destination", ["image", "audio", "video"])
    def test_which_urls(self, target: str, upgraded: str | None, destination: str) -> None:
        request = potential_cors_request(target, page(), destination, None)
        assert upgrade_mixed_content(request) == (None if upgraded is None else url(upgraded))

    @pytest.mark.parametrize("destination", ["", "script", "style", "font", "track", "document", "iframe", "object"])
    def test_nothing_else(self, destination: str) -> None:
        assert upgrade_mixed_content(potential_cors_request("http://api.other/", page(), destination, None)) is None

    def test_an_image_set_is_blocked(self) -> None:
        request = potential_cors_request("http://api.other/", page(), "image", None)
        request.initiator = "imageset"
        assert blocked(talk(request)) == BlockCode.MIXED_CONTENT
        request.destination = "video"
        assert talk(request, ask("GET https://api.other/"), answer(200)).error is None

    def test_an_insecure_page_upgrades_nothing(self) -> None:
        request = potential_cors_request("http://api.other/", page("http://page.example/"), "image", None)
        talk(request, ask("GET http://api.other/"), answer(200))

    def test_as_it_goes(self) -> None:
        request = potential_cors_request("http://api.other/", page(), "image", None)
        result = talk(request, ask("GET https://api.other/"), answer(200))
        assert "upgraded: https://api.other/" in said(result)
        assert filtered(result).internal.url == url("https://api.other/")
        result = talk(potential_cors_request("http://192.168.0.1/", page(), "image", None))
        assert blocked(result) == BlockCode.MIXED_CONTENT

    def test_after_a_redirect_too(self) -> None:
        # A declared deviation: the text looks at the first URL only, and would block this one.
        request = potential_cors_request(API, page(), "image", None)
        talk(request, redirect("http://api.other/2"), ask("GET https://api.other/2"), answer(200))

    def test_an_upgrade_can_lead_home(self) -> None:
        request = potential_cors_request("http://page.example/data", page(), "image", None)
        assert filtered(talk(request, ask(f"GET {OWN}"), answer(200))).type == "basic"
