"""A request's list of URLs, and what follows from it: the taint, the serialized origin, the partition key."""

from __future__ import annotations

import pytest

from crossorigin.fetch import Body, Client, Request, fetch_request
from crossorigin.fetch.request import (
    byte_serialize_request_origin,
    clone_request,
    network_partition_key,
    redirect_taint,
    serialize_request_origin,
)
from crossorigin.web.origins import OpaqueOrigin, parse_origin

from .dialogue import API, ORIGIN, OWN, SIBLING, THIRD, page, sandboxed, url

WWW = "https://www.page.example/"
PORT = "https://page.example:8443/"
HTTP = "http://page.example/"


def visited(*hops: str, client: Client | None = None) -> Request:
    client = client or page()
    return Request(url_list=tuple(map(url, hops)), client=client, origin=client.origin)


# "same-origin", as long as each redirect stays where it was or was sent by the page's own origin; otherwise by how far
# both the page and the next URL are from the one that redirected.
TAINTS = [
    ([OWN], "same-origin"),
    ([API], "same-origin"),
    ([OWN, OWN, OWN], "same-origin"),
    ([OWN, API], "same-origin"),
    ([OWN, SIBLING], "same-origin"),
    ([API, API], "same-origin"),
    ([OWN, API, API], "same-origin"),
    ([API, THIRD], "cross-site"),
    ([API, OWN], "cross-site"),
    ([API, SIBLING], "cross-site"),
    ([OWN, API, OWN], "cross-site"),
    ([OWN, API, THIRD], "cross-site"),
    ([SIBLING, OWN], "same-site"),
    ([SIBLING, WWW], "same-site"),
    ([SIBLING, API], "same-site"),
    ([PORT, OWN], "same-site"),
    ([PORT, API], "same-site"),
    ([HTTP, OWN], "cross-site"),
    ([HTTP, HTTP], "same-origin"),
    (["https://api.other:8/", API], "same-site"),
    (["https://a.api.other/", "https://b.api.other/"], "same-site"),
    ([SIBLING, OWN, API], "same-site"),
    ([SIBLING, OWN, API, THIRD], "cross-site"),
    ([API, THIRD, OWN, OWN], "cross-site"),
    (["https://a.github.io/", "https://b.github.io/"], "cross-site"),
    (["https://1.2.3.4/", "https://1.2.3.4:8/"], "same-site"),
    (["https://1.2.3.4/", "https://1.2.3.5/"], "cross-site"),
]


class TestTaint:
    """Redirect-taint: a third party between the page and the server."""

    @pytest.mark.parametrize(("hops", "taint"), TAINTS, ids=[" ".join(hops) for hops, _ in TAINTS])
    def test_taint(self, hops: list[str], taint: str) -> None:
        request = visited(*hops)
        assert redirect_taint(request) == taint
        expected = ORIGIN if taint == "same-origin" else "null"
        assert serialize_request_origin(request) == expected
        assert byte_serialize_request_origin(request) == expected.encode()

    def test_an_opaque_origin_is_same_site_with_nothing(self) -> None:
        assert redirect_taint(visited(OWN, API, client=sandboxed())) == "cross-site"
        assert redirect_taint(visited(OWN, OWN, client=sandboxed())) == "same-origin"
        assert serialize_request_origin(visited(OWN, client=sandboxed())) == "null"

    def test_two_urls_of_opaque_origin(self) -> None:
        assert redirect_taint(visited("data:,a", "data:,a")) == "cross-site"


class TestPartition:
    """The network partition key: the site of the page at the top."""

    @pytest.mark.parametrize(
        ("client", "site"),
        [
            (page(), "https://page.example"),
            (page("https://sub.page.example:8443/"), "https://page.example"),
            (page("http://localhost:8000/"), "http://localhost"),
            (page("https://127.0.0.1:8/"), "https://127.0.0.1"),
            (page(top_level_origin=parse_origin("https://www.portal.test:8")), "https://portal.test"),
        ],
    )
    def test_site(self, client: Client, site: str) -> None:
        key = network_partition_key(visited(API, client=client))
        assert (key[0].serialize(), key[1]) == (site, None)

    def test_an_opaque_origin_is_its_own(self) -> None:
        origin = OpaqueOrigin()
        assert network_partition_key(visited(API, client=page(origin=origin)))[0] is origin


class TestRecord:
    def test_a_clone_changes_alone(self) -> None:
        request = fetch_request(API, page(), method=b"POST", body="x")
        clone = clone_request(request)
        assert clone == request
        clone.method, clone.url_list = b"GET", (*clone.url_list, url(OWN))
        assert (request.method, str(request.current_url)) == (b"POST", API)
        assert clone.current_url == url(OWN)

    @pytest.mark.parametrize("destination", ["document", "embed", "frame", "iframe", "object"])
    def test_navigation_requests(self, destination: str) -> None:
        request = visited(OWN)
        assert not request.is_navigation_request
        request.destination = destination
        assert request.is_navigation_request

    @pytest.mark.parametrize("destination", ["", "image", "script", "report", "serviceworker", "worker", "xslt"])
    def test_other_requests(self, destination: str) -> None:
        request = visited(OWN)
        request.destination = destination
        assert not request.is_navigation_request

    def test_defaults_are_the_standards(self) -> None:
        request = visited(OWN)
        assert (request.method, request.mode, request.credentials_mode) == (b"GET", "no-cors", "same-origin")
        assert (request.cache_mode, request.redirect_mode, request.referrer) == ("default", "follow", "client")
        assert (request.redirect_count, request.response_tainting, request.unsafe_request) == (0, "basic", False)
        assert (request.body, request.headers, request.referrer_policy) == (None, (), "")

    def test_a_body_has_a_source_unless_it_is_a_stream(self) -> None:
        assert not Body(b"x").stream
        assert Body(b"x") == Body(b"x", stream=False)
