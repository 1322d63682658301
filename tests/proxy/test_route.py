"""Patterns, and the paths that targets are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.route import Prefixes, RouteError

from .front_messages import route

UPSTREAM = [
    ("the prefix stays", route("/api"), "/api/x?y=1", "/api/x?y=1"),
    ("stripped", route("/api", strip_prefix=True), "/api/x", "/x"),
    ("stripped, and nothing is left", route("/api", strip_prefix=True), "/api", "/"),
    ("stripped, and a query is left", route("/api", strip_prefix=True), "/api?x=/api", "/?x=/api"),
    ("stripped, and a slash is left", route("/api", strip_prefix=True), "/api/", "/"),
    ("a slash at the pattern's end is none", route("/api/", strip_prefix=True), "/api/x", "/x"),
    ("the target's path in front", route("/api", "http://h/v1"), "/api/x", "/v1/api/x"),
    ("the target's path in place", route("/api", "http://h/v1/", strip_prefix=True), "/api/x", "/v1/x"),
    ("the target's path alone", route("/api", "http://h/v1", strip_prefix=True), "/api", "/v1"),
    ("replaced", route("/api", replace_prefix="/v2"), "/api/x", "/v2/x"),
    ("replaced behind the target's path", route("/api", "http://h/r", replace_prefix="/v2/"), "/api", "/r/v2"),
    ("replaced by nothing", route("/api", replace_prefix="/"), "/api/x", "/x"),
    ("everything", route("/"), "/x?y", "/x?y"),
    ("everything, in a folder", route("/", replace_prefix="/v2"), "/x", "/v2/x"),
    ("percent-encoding is kept", route("/a%20b", strip_prefix=True), "/a%20b/%2Fx", "/%2Fx"),
    ("a regex stays", route("^/v[0-9]+/", "http://h/r"), "/v1/x", "/r/v1/x"),
    ("a regex is stripped", route("^/v[0-9]+", strip_prefix=True), "/v12/x?y", "/x?y"),
    ("a regex with its slash", route("^/v[0-9]+/", strip_prefix=True), "/v12/x", "/x"),
    ("a group", route(r"^/api/(v\d)", replace_prefix=r"/\1/rest"), "/api/v1/x", "/v1/rest/x"),
    ("a named group", route(r"^/(?P<tenant>\w+)/api", replace_prefix=r"/t-\g<tenant>"), "/acme/api/x", "/t-acme/x"),
    ("a regex sees no query", route("^/x$", strip_prefix=True), "/x?^/x", "/?^/x"),
]


@pytest.mark.parametrize(("way", "path", "upstream"), [case[1:] for case in UPSTREAM], ids=[c[0] for c in UPSTREAM])
def test_the_upstream_path(way: object, path: str, upstream: str) -> None:
    assert way.upstream_path(path.encode()).decode() == upstream  # type: ignore[attr-defined]


WRONG = [
    ("no slash", "api", {}, "begins with no slash: write '/api'"),
    ("empty", "", {}, "begins with no slash"),
    # angular-cli#26443: `/api/*` meant less after a change of tool.
    ("a glob", "/api/*", {}, "there are no wildcards: '/api' takes everything below it"),
    ("a query", "/api?x", {}, "is no path"),
    ("a fragment", "/api#x", {}, "is no path"),
    ("a blank", "/a b", {}, "is no path"),
    ("a backslash", "/a\\b", {}, "is no path"),
    ("not in ASCII", "/ä", {}, "as browsers send it, '/%C3%A4'"),
    ("no regex", "^/(", {}, "is no regular expression: missing \\)"),
    ("no such group", "^/api", {"replace_prefix": r"/\1"}, "is no regular expression: invalid group reference"),
    ("two ways at once", "/a", {"strip_prefix": True, "replace_prefix": "/b"}, "choose one of the two"),
    ("a relative replacement", "/a", {"replace_prefix": "b"}, "write '/b'"),
    ("a replacement with a query", "/a", {"replace_prefix": "/b?c"}, "is no path"),
    ("a replacement with a line's end", "/a", {"replace_prefix": "/b\r\nX: y"}, "is no path"),
]


@pytest.mark.parametrize(
    ("pattern", "settings", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_what_is_no_route(pattern: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RouteError, match=sentence):
        route(pattern, **settings)


def test_equal_routes_are_equal() -> None:
    assert route("/api") == route("/api")
    assert route("/api") != route("/api", strip_prefix=True)
    assert route("/api").is_regex is False
    assert route("^/api").is_regex is True


RESTORED = [
    (Prefixes(b"/api", b""), "/login", "/api/login"),
    (Prefixes(b"/api", b""), "/", "/api/"),
    (Prefixes(b"/api", b"/v1"), "/v1", "/api"),
    (Prefixes(b"/api", b"/v1"), "/v1?x", "/api?x"),
    (Prefixes(b"/api", b"/v1"), "/v1#x", "/api#x"),
    (Prefixes(b"/api", b"/v1"), "/v10/x", None),
    (Prefixes(b"/api", b"/v1"), "/login", None),
    (Prefixes(b"", b"/v1"), "/v1", "/"),
    (Prefixes(b"", b""), "/x", "/x"),
    (Prefixes(b"/api", b"/api"), "/api/x", "/api/x"),
    (Prefixes(b"/a", b"", is_reversible=False), "/x", None),
]


@pytest.mark.parametrize(("prefixes", "path", "ours"), RESTORED)
def test_the_way_back(prefixes: Prefixes, path: str, ours: str | None) -> None:
    assert prefixes.restore(path.encode()) == (None if ours is None else ours.encode())


def test_a_regex_that_ends_within_a_segment_has_no_way_back() -> None:
    way = route("^/api-", strip_prefix=True)
    assert way.upstream_path(b"/api-x/y") == b"/x/y"
    assert way.prefixes(b"/api-x/y").restore(b"/x/y") is None


class TestThereAndBack:
    """What is sent below the target's prefix is restored to what was asked."""

    @given(
        st.sampled_from(["", "/api", "/a/b"]),
        st.sampled_from(["", "/v1", "/api"]),
        st.text("abc/%?=", max_size=12),
    )
    def test_round_trip(self, own: str, upstream: str, rest: str) -> None:
        prefixes = Prefixes(own.encode(), upstream.encode())
        asked = (own + "/" + rest).encode()
        assert prefixes.restore(prefixes.forward(asked)) == asked
