"""Sec-Fetch-*: what the browser itself says of a request."""

from __future__ import annotations

import pytest

from crossorigin.fetch import Request, fetch_request, potential_cors_request
from crossorigin.fetch.fetch_metadata import fetch_metadata_headers
from crossorigin.fetch.request import Mode

from .dialogue import (
    ANY_ORIGIN,
    API,
    ORIGIN,
    OWN,
    SIBLING,
    answer,
    header,
    page,
    redirect,
    sandboxed,
    talk,
    url,
)


class TestSite:
    """web-platform-tests, fetch/metadata: one hop that is cross-site is enough, and there is no way back."""

    @pytest.mark.parametrize(
        ("hops", "site"),
        [
            ([OWN], "same-origin"),
            ([SIBLING], "same-site"),
            ([API], "cross-site"),
            (["https://page.example:8443/"], "same-site"),
            ([OWN, OWN], "same-origin"),
            ([OWN, SIBLING], "same-site"),
            ([OWN, API], "cross-site"),
            ([SIBLING, OWN], "same-site"),
            ([SIBLING, SIBLING], "same-site"),
            ([SIBLING, API], "cross-site"),
            ([API, OWN], "cross-site"),
            ([API, SIBLING], "cross-site"),
            ([API, API], "cross-site"),
            ([OWN, API, OWN], "cross-site"),
            ([OWN, SIBLING, OWN], "same-site"),
        ],
    )
    def test_along_redirects(self, hops: list[str], site: str) -> None:
        lines = [redirect(hop, ANY_ORIGIN) for hop in hops[1:]]
        result = talk(fetch_request(hops[0], page()), *lines, answer(200, ANY_ORIGIN))
        assert header(result, "Sec-Fetch-Site") == site

    def test_each_hop_has_its_own(self) -> None:
        lines = [redirect(SIBLING, ANY_ORIGIN), redirect(API, ANY_ORIGIN), answer(200, ANY_ORIGIN)]
        result = talk(fetch_request(OWN, page()), *lines)
        assert [header(result, "Sec-Fetch-Site", index) for index in range(3)] == [
            "same-origin",
            "same-site",
            "cross-site",
        ]

    def test_http_and_https_are_two_sites(self) -> None:
        result = talk(fetch_request(OWN, page("http://page.example/")), answer(200, ANY_ORIGIN))
        assert header(result, "Sec-Fetch-Site") == "cross-site"

    def test_an_opaque_origin_is_cross_site_everywhere(self) -> None:
        assert header(talk(fetch_request(OWN, sandboxed()), answer(200, ANY_ORIGIN)), "Sec-Fetch-Site") == "cross-site"


@pytest.mark.parametrize(
    ("destination", "crossorigin", "expected"),
    [
        ("image", None, ("image", "no-cors")),
        ("image", "anonymous", ("image", "cors")),
        ("script", "use-credentials", ("script", "cors")),
        ("style", None, ("style", "no-cors")),
        ("", None, ("empty", "no-cors")),
    ],
)
def test_destination_and_mode(destination: str, crossorigin: str | None, expected: tuple[str, str]) -> None:
    request = potential_cors_request(OWN, page(), destination, crossorigin)  # type: ignore[arg-type]
    fields = dict(fetch_metadata_headers(request))
    assert fields == {
        b"Sec-Fetch-Dest": expected[0].encode(),
        b"Sec-Fetch-Mode": expected[1].encode(),
        b"Sec-Fetch-Site": b"same-origin",
    }


@pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin", "navigate", "websocket"])
def test_every_mode(mode: Mode) -> None:
    client = page()
    request = Request(url_list=(url(OWN),), client=client, origin=client.origin, mode=mode)
    assert (b"Sec-Fetch-Mode", mode.encode()) in fetch_metadata_headers(request)


class TestTrustworthy:
    """Step 1: only to potentially trustworthy URLs; the current one decides, a declared deviation."""

    @pytest.mark.parametrize(
        ("target", "present"),
        [
            ("http://api.other/", False),
            ("http://localhost/", True),
            ("http://127.0.0.1:8000/", True),
            ("http://[::1]/", True),
            ("https://api.other/", True),
            ("http://192.168.0.1/", False),
        ],
    )
    def test_target(self, target: str, present: bool) -> None:
        result = talk(fetch_request(target, page("http://page.example/")), answer(200, ANY_ORIGIN))
        for name in ("Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"):
            assert (header(result, name) is not None) is present

    def test_a_redirect_up_and_down(self) -> None:
        client = page("http://page.example/")
        up = talk(fetch_request("http://api.other/", client), redirect(API, ANY_ORIGIN), answer(200, ANY_ORIGIN))
        assert [header(up, "Sec-Fetch-Site", index) for index in range(2)] == [None, "cross-site"]
        down = talk(fetch_request(API, client), redirect("http://api.other/", ANY_ORIGIN), answer(200, ANY_ORIGIN))
        assert [header(down, "Sec-Fetch-Site", index) for index in range(2)] == ["cross-site", None]


@pytest.mark.parametrize(
    ("destination", "activated", "sent"),
    [
        ("document", True, True),
        ("iframe", True, True),
        ("frame", True, True),
        ("embed", True, True),
        ("object", True, True),
        ("document", False, False),
        ("image", True, False),
        ("", True, False),
    ],
)
def test_user(destination: str, activated: bool, sent: bool) -> None:
    client = page()
    request = Request(
        url_list=(url(OWN),),
        client=client,
        origin=client.origin,
        destination=destination,
        mode="navigate",
        user_activation=activated,
    )
    assert ((b"Sec-Fetch-User", b"?1") in fetch_metadata_headers(request)) is sent
    assert client.origin.serialize() == ORIGIN
