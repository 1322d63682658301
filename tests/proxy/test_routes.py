"""Which route a path belongs to, and the words for why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.route import RouteError
from crossorigin.proxy.routes import Routes, has_dot_segments

from .front_messages import route

ROUTES = Routes([route("/api"), route("/api/v1/ws"), route("/a%20b"), route("^/v[0-9]+/"), route("^/api/raw$")])

FOUND = [
    ("the prefix itself", "/api", "/api"),
    ("below it", "/api/x", "/api"),
    ("its slash", "/api/", "/api"),
    # vitejs/vite#2169, Flowise PR 3456, apache/flink PR 28601: other names that begin alike.
    ("#2169: another name", "/apikey", None),
    ("#2169: a source module", "/api.ts", None),
    ("#2169: an upper-case name", "/API", None),
    # The first in order would take it away from the longer one.
    ("the longest wins, whatever the order", "/api/v1/ws", "/api/v1/ws"),
    ("the longest wins below it", "/api/v1/ws/x", "/api/v1/ws"),
    ("a sibling of the longer", "/api/v1/wsx", "/api"),
    ("as sent", "/a%20b/x", "/a%20b"),
    ("another spelling is another path", "/%61pi/x", None),
    ("a regex", "/v2/x", "^/v[0-9]+/"),
    ("a regex from the start only", "/x/v2/", None),
    ("a regex before a prefix", "/api/raw", "^/api/raw$"),
    ("an empty segment in front", "//api/x", None),
    ("the root", "/", None),
]


@pytest.mark.parametrize(("path", "pattern"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_find(path: str, pattern: str | None) -> None:
    found = ROUTES.find(path.encode())
    assert (found and found.pattern) == pattern


def test_the_first_regex_wins() -> None:
    routes = Routes([route("^/a"), route("^/a/b")])
    found = routes.find(b"/a/b")
    assert found is not None
    assert found.pattern == "^/a"


def test_the_root_takes_what_is_left() -> None:
    found = Routes([route("/"), route("/api")]).find(b"/x")
    assert found is not None
    assert found.pattern == "/"


@pytest.mark.parametrize("twice", [("/api", "/api"), ("/api", "/api/"), ("^/a", "^/a")])
def test_the_same_route_twice(twice: tuple[str, str]) -> None:
    with pytest.raises(RouteError, match="are the same: remove one"):
        Routes(map(route, twice))


class TestDotSegments:
    """A path cannot leave the route that it matched, however the target decodes it."""

    @pytest.mark.parametrize(
        "path",
        [
            "/api/../secret",
            "/api/..",
            "/./x",
            "/api/%2e%2e/secret",
            "/api/.%2E/secret",
            "/api/%2e/x",
            "/api/..%2fsecret",
            "/api/..%5csecret",
            "/api/%2e%2e%2Fsecret",
            "/api/x%2f../secret",
            "/api\\..\\secret",
            "/api/..;/secret",
            "/api/..%3bx/secret",
        ],
    )
    def test_refused(self, path: str) -> None:
        assert has_dot_segments(path.encode())

    @pytest.mark.parametrize(
        "path", ["/", "/a..b", "/...", "/.well-known/x", "/a/.hidden", "/x%20y", "/a%2fb", "/x.js", "/%252e%252e/x"]
    )
    def test_taken(self, path: str) -> None:
        assert not has_dot_segments(path.encode())

    @given(st.lists(st.sampled_from(["a", ".", "..", "%2e", "%2E.", "", "b.c"]), max_size=5))
    def test_by_segments(self, segments: list[str]) -> None:
        decoded = [segment.lower().replace("%2e", ".") for segment in segments]
        assert has_dot_segments("/".join(["", *segments]).encode()) == any(each in {".", ".."} for each in decoded)


class TestExplain:
    """angular-cli#26717, #26970, #21751: misses were silent."""

    def test_a_miss(self) -> None:
        assert Routes([route("/api"), route("/other"), route("/APIKEY"), route("^/v")]).explain("/apikey?x=1") == (
            "No route has /apikey.\n"
            "  /api: ends within the segment apikey, and a prefix ends where a segment does\n"
            "  /other: the path does not begin with it\n"
            "  /APIKEY: differs in upper and lower case\n"
            "  ^/v: does not match from the path's start"
        )

    def test_a_hit(self) -> None:
        assert Routes([route("/api"), route("/api/v1"), route("^/x")]).explain("/api/v1/x") == (
            "/api/v1/x belongs to /api/v1, which goes to http://localhost:8080.\n"
            "  /api: matches, but a longer prefix does too\n"
            "  /api/v1: matches\n"
            "  ^/x: does not match from the path's start"
        )

    def test_a_regex_in_front(self) -> None:
        assert Routes([route("/api"), route("^/a"), route("^/ap")]).explain("/api") == (
            "/api belongs to ^/a, which goes to http://localhost:8080.\n"
            "  /api: matches, but regular expressions come first\n"
            "  ^/a: matches\n"
            "  ^/ap: matches, and comes later"
        )

    def test_dot_segments(self) -> None:
        assert "has dot segments, and is refused" in ROUTES.explain("/api/../x")

    def test_no_routes(self) -> None:
        assert Routes([]).explain("/x") == "No route has /x.\n  There are no routes."

    def test_it_is_bounded(self) -> None:
        explained = Routes([route(f"/r{number}") for number in range(60)]).explain("/" + "x" * 100_000)
        assert len(explained) < 5_000
        assert explained.endswith("… and 10 more")

    def test_bytes_that_are_no_text(self) -> None:
        assert ROUTES.explain("/\udcff").startswith("No route has /\\xff.")
