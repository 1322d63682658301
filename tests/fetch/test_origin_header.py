"""The Origin header: when it is sent, and when it says only null."""

from __future__ import annotations

import pytest

from crossorigin.fetch import fetch_request
from crossorigin.fetch.origin_header import origin_header_value
from crossorigin.fetch.request import Mode, ReferrerPolicy, Request

from .dialogue import ANY_ORIGIN, API, ORIGIN, OWN, answer, header, page, sandboxed, talk, url

POLICIES: list[ReferrerPolicy] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
]
LEAVE = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "*"))
INSECURE = "http://localhost/"
"""Trustworthy, so that it is no mixed content, and not https."""


@pytest.mark.parametrize("policy", POLICIES)
class TestCORS:
    """Step 3, and step 4 in mode cors: whoever opts in to CORS says where it comes from, whatever the policy."""

    @pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST", b"PUT"])
    def test_another_origin(self, policy: ReferrerPolicy, method: bytes) -> None:
        request = fetch_request(API, page(), method=method, referrer_policy=policy)
        result = talk(request, *([LEAVE] if method == b"PUT" else []), answer(200, ANY_ORIGIN))
        assert [header(result, "Origin", index) for index in range(len(result.exchanges))] == [ORIGIN] * len(
            result.exchanges
        )

    @pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"patch"])
    def test_the_own_origin(self, policy: ReferrerPolicy, method: bytes) -> None:
        result = talk(fetch_request(OWN, page(), method=method, referrer_policy=policy), answer(200))
        assert header(result, "Origin") == (None if method in {b"GET", b"HEAD"} else ORIGIN)


# Referrer policy, and the Origin of a POST outside mode cors: to the own origin, to another, and from https to http.
OUTSIDE = [
    ("no-referrer", "null", "null", "null"),
    ("no-referrer-when-downgrade", ORIGIN, ORIGIN, "null"),
    ("same-origin", ORIGIN, "null", "null"),
    ("origin", ORIGIN, ORIGIN, ORIGIN),
    ("strict-origin", ORIGIN, ORIGIN, "null"),
    ("origin-when-cross-origin", ORIGIN, ORIGIN, ORIGIN),
    ("strict-origin-when-cross-origin", ORIGIN, ORIGIN, "null"),
    ("unsafe-url", ORIGIN, ORIGIN, ORIGIN),
    ("", ORIGIN, ORIGIN, "null"),
]


class TestOtherModes:
    """Step 4.1: outside mode cors the referrer policy decides how much a method other than GET and HEAD shows."""

    @pytest.mark.parametrize(
        ("policy", "target", "expected"),
        [
            (row[0], target, expected)
            for row in OUTSIDE
            for target, expected in zip((OWN, API, INSECURE), row[1:], strict=True)
        ],
    )
    def test_post(self, policy: ReferrerPolicy, target: str, expected: str) -> None:
        request = fetch_request(target, page(), method=b"POST", mode="no-cors", referrer_policy=policy)
        assert header(talk(request, answer(200)), "Origin") == expected

    @pytest.mark.parametrize(("policy", "expected"), [(row[0], row[1]) for row in OUTSIDE])
    def test_mode_same_origin(self, policy: ReferrerPolicy, expected: str) -> None:
        request = fetch_request(OWN, page(), method=b"PUT", mode="same-origin", referrer_policy=policy)
        assert header(talk(request, answer(200)), "Origin") == expected

    @pytest.mark.parametrize("policy", POLICIES)
    @pytest.mark.parametrize("method", [b"GET", b"HEAD"])
    @pytest.mark.parametrize("target", [OWN, API, INSECURE])
    def test_get_and_head_say_nothing(self, policy: ReferrerPolicy, method: bytes, target: str) -> None:
        request = fetch_request(target, page(), method=method, mode="no-cors", referrer_policy=policy)
        assert header(talk(request, answer(200)), "Origin") is None

    @pytest.mark.parametrize(
        "policy", ["no-referrer-when-downgrade", "strict-origin", "strict-origin-when-cross-origin"]
    )
    def test_an_insecure_page_has_nothing_to_lose(self, policy: ReferrerPolicy) -> None:
        client = page("http://page.example/")
        request = fetch_request("http://api.other/", client, method=b"POST", mode="no-cors", referrer_policy=policy)
        assert header(talk(request, answer(200)), "Origin") == "http://page.example"

    def test_a_page_without_policy_has_the_default_one(self) -> None:
        request = fetch_request(INSECURE, page(referrer_policy=""), method=b"POST", mode="no-cors")
        assert header(talk(request, answer(200)), "Origin") == "null"


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_an_opaque_origin_is_null(policy: ReferrerPolicy, mode: Mode) -> None:
    request = fetch_request(API, sandboxed(), method=b"POST", mode=mode, referrer_policy=policy)
    assert header(talk(request, answer(200, ANY_ORIGIN)), "Origin") == "null"


@pytest.mark.parametrize("mode", ["websocket", "navigate"])
@pytest.mark.parametrize("method", [b"GET", b"POST"])
def test_modes_of_the_browser(mode: Mode, method: bytes) -> None:
    client = page()
    request = Request(url_list=(url(API),), client=client, origin=client.origin, mode=mode, method=method)
    request.referrer_policy = "origin"
    silent = mode == "navigate" and method == b"GET"
    assert origin_header_value(request) == (None if silent else ORIGIN.encode())


def test_after_redirects_it_is_null_even_outside_cors() -> None:
    client = page()
    urls = (url(API), url("https://third.test/"))
    request = Request(url_list=urls, client=client, origin=client.origin, method=b"POST", referrer_policy="unsafe-url")
    assert origin_header_value(request) == b"null"


@pytest.mark.parametrize(
    ("urls", "standard", "hidden"),
    [
        ((OWN,), ORIGIN, ORIGIN),
        ((OWN, f"{OWN}?again"), ORIGIN, ORIGIN),
        # Measured in Chromium 156: the page's own origin redirects to another, which is no taint in the standard.
        ((OWN, API), ORIGIN, "null"),
        ((OWN, API, f"{API}?again"), ORIGIN, "null"),
        ((API, f"{API}?again"), ORIGIN, ORIGIN),
        ((API, "https://third.test/"), "null", "null"),
    ],
)
def test_an_engine_can_hide_it_from_whoever_a_redirect_leads_to(
    urls: tuple[str, ...], standard: str, hidden: str
) -> None:
    client = page()
    request = Request(url_list=tuple(map(url, urls)), client=client, origin=client.origin, method=b"POST")
    request.mode, request.referrer_policy = "no-cors", "unsafe-url"
    assert origin_header_value(request) == standard.encode()
    assert origin_header_value(request, redirects_hide_it=True) == hidden.encode()
    request.mode = "same-origin"
    assert origin_header_value(request, redirects_hide_it=True) == standard.encode()
