"""The front as a whole: a head in, a plan out. What people complained about has its issue in the name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.development import APP, DevelopmentFront, is_hmr
from crossorigin.proxy.heads import RequestHead, ResponseHead
from crossorigin.proxy.hosts import Callers
from crossorigin.proxy.plan import Failure, Forward, Front, Limits, Plan, Reply, Serve
from crossorigin.proxy.settings import DevelopmentSettings

from .front_messages import CLIENT, asked, responded, route, values

API = route("/api")
ROOMS = route("/api/rooms", "http://localhost:8081", limits=Limits(response=5.0))
VITE = route("/", "http://localhost:5173")
UPGRADE = ("Connection: Upgrade", "Upgrade: websocket")


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Stands for a directory of files."""


def front(*routes: Any, app: Any = VITE, **settings: Any) -> DevelopmentFront:
    return DevelopmentFront(routes or (API, ROOMS), app, **settings)


def plan(target: str, *lines: str, method: str = "GET", host: str = "localhost:3000", on: Any = None) -> Plan:
    return (on or front()).plan(asked(target, *lines, method=method, host=host), CLIENT)


def forward(*args: Any, **settings: Any) -> Forward:
    made = plan(*args, **settings)
    assert isinstance(made, Forward), made
    return made


def refused(*args: Any, **settings: Any) -> Reply:
    made = plan(*args, **settings)
    assert isinstance(made, Reply), made
    return made


def test_it_is_a_front() -> None:
    made: Front = front()
    assert made.rejected(431, "The head is too long.").status == 431
    assert made.rejected(400, "No.").body == b"400 Bad Request: No.\n"


WHERE = [
    ("a route", "/api/x", "/api", "http://localhost:8080"),
    ("the longer route, named later", "/api/rooms/1", "/api/rooms", "http://localhost:8081"),
    ("vite#2169: a module", "/api.ts", APP, "http://localhost:5173"),
    ("vite#2169: another name", "/apikey", APP, "http://localhost:5173"),
    ("the application", "/src/main.ts?t=1", APP, "http://localhost:5173"),
    ("a query alone", "/api?x", "/api", "http://localhost:8080"),
]


@pytest.mark.parametrize(("target", "name", "origin"), [case[1:] for case in WHERE], ids=[case[0] for case in WHERE])
def test_where_requests_go(target: str, name: str, origin: str) -> None:
    made = forward(target)
    assert (made.route, made.target.origin, made.path.decode()) == (name, origin, target)
    assert (made.method, made.may_upgrade, made.follow) == (b"GET", False, None)


def test_a_route_has_its_limits() -> None:
    assert forward("/api/rooms").limits.response == 5.0
    # vercel/next.js#36251: long replies were cut after 30 s, by a limit for the whole.
    assert forward("/api").limits.total is None
    assert forward("/api").limits.idle is None


def test_the_application_hears_its_own_name() -> None:
    """Vite and webpack check the Host too (GHSA-vg6x-rcgg-rjx6)."""
    assert values(forward("/").headers, "host") == ["localhost:5173"]
    kept = front(app=route("/", "http://localhost:5173", host_header="original"))
    assert values(forward("/", on=kept).headers, "host") == ["localhost:3000"]


def test_a_directory() -> None:
    made = plan("/orders/7", "Accept: text/html", on=front(app=application))
    assert isinstance(made, Serve)
    assert (made.application, made.path, made.route) == (application, b"/orders/7", APP)
    assert values(made.headers, "accept") == ["text/html"]
    assert forward("/api", on=front(app=application)).route == "/api"


class TestMisses:
    """angular-cli#26717, #26970, #21751: nobody said that nothing matched, nor why."""

    def test_no_application(self) -> None:
        made = refused("/apikey", "Accept: application/json", on=front(app=None))
        assert made.status == 404
        body = json.loads(made.body)
        assert body["error"] == "No route takes this path, and no application was named (--app)."
        assert "/api: ends within the segment apikey" in body["routes"]

    def test_explain(self) -> None:
        assert front().explain("/apikey").endswith("\nIt goes to the application.")
        assert front().explain("/api/x").startswith("/api/x belongs to /api, which goes to http://localhost:8080.")
        assert front(app=None).explain("/x").startswith("No route has /x.")


class TestHost:
    """DNS rebinding, before anything else."""

    @pytest.mark.parametrize("target", ["/", "/api", "/@vite/client"])
    @pytest.mark.parametrize("lines", [(), UPGRADE])
    def test_refused(self, target: str, lines: tuple[str, ...]) -> None:
        made = refused(target, *lines, host="evil.example:3000")
        assert made.status == 403
        assert b"--allow-host evil.example allows it" in made.body

    def test_listed(self) -> None:
        on = front(callers=Callers(["app.example.test"]))
        assert forward("/api", host="app.example.test", on=on).route == "/api"


class TestPaths:
    """A path cannot step out of its route."""

    @pytest.mark.parametrize("target", ["/api/../secret", "/api/%2e%2e/secret", "/x/..;/y", "/api/..%2fy?z"])
    @pytest.mark.parametrize("lines", [(), UPGRADE])
    def test_dot_segments(self, target: str, lines: tuple[str, ...]) -> None:
        assert refused(target, *lines).status == 400

    def test_a_query_may_have_dots(self) -> None:
        assert forward("/api?file=../x").path == b"/api?file=../x"


class TestCrossSite:
    """Pages of other sites send no forms through the proxy to a backend that knows the developer."""

    LINES = ("Sec-Fetch-Site: cross-site", "Origin: https://evil.example")

    @pytest.mark.parametrize("target", ["/api", "/submit"])
    def test_refused(self, target: str) -> None:
        made = refused(target, *self.LINES, method="POST")
        assert made.status == 403
        assert b"--allow-origin https://evil.example allows it" in made.body

    def test_reading_is_left_to_the_backend(self) -> None:
        assert forward("/api", *self.LINES).route == "/api"

    def test_a_preflight_goes_to_the_backend_untouched(self) -> None:
        lines = ("Origin: https://evil.example", "Access-Control-Request-Method: PUT")
        made = forward("/api", *lines, method="OPTIONS")
        assert values(made.headers, "origin") == ["https://evil.example"]
        assert values(made.headers, "access-control-request-method") == ["PUT"]

    def test_our_own_page(self) -> None:
        made = forward("/api", "Sec-Fetch-Site: same-origin", "Origin: http://localhost:3000", method="POST")
        assert made.method == b"POST"


OURS = "Origin: http://localhost:3000"
UPGRADES = [
    # angular-cli#26151, create-react-app#7396: two who listened to `upgrade`, and both answered.
    ("a route", front(), "/api/ws", (), "/api", True),
    ("cra#7396: no route: the application", front(), "/socket", (), APP, True),
    ("Vite's, though a route covers it", front(route("/")), "/", ("Sec-WebSocket-Protocol: vite-hmr",), APP, True),
    ("Vite's ping", front(route("/")), "/", ("Sec-WebSocket-Protocol: x, vite-ping",), APP, True),
    ("next.js#64128: Next's", front(route("/")), "/_next/webpack-hmr?id=1", (), APP, True),
    ("Next's below a base path", front(route("/")), "/docs/_next/webpack-hmr", (), APP, True),
    ("webpack's (CVE-2026-9595)", front(route("/")), "/ws", (), APP, True),
    ("webpack's, with a route of that name", front(route("/ws")), "/ws", (), "/ws", True),
    ("below webpack's", front(route("/")), "/ws/x", (), "/", True),
    ("another protocol", front(route("/")), "/", ("Sec-WebSocket-Protocol: graphql-ws",), "/", True),
    ("a route without WebSockets", front(route("/api", websocket=False)), "/api", (), "/api", False),
    ("a directory has no such reloading", front(route("/"), app=application), "/ws", (), "/", True),
]


@pytest.mark.parametrize(
    ("on", "target", "lines", "name", "may_upgrade"),
    [case[1:] for case in UPGRADES],
    ids=[case[0] for case in UPGRADES],
)
def test_upgrades(on: DevelopmentFront, target: str, lines: tuple[str, ...], name: str, may_upgrade: bool) -> None:
    made = forward(target, *UPGRADE, OURS, *lines, on=on)
    assert (made.route, made.may_upgrade) == (name, may_upgrade)


class TestUpgrades:
    def test_no_first_get_is_needed(self) -> None:
        """chimurai/http-proxy-middleware#112, webpack-dev-server#620."""
        assert forward("/api/ws", *UPGRADE, on=front()).may_upgrade

    def test_any_protocol(self) -> None:
        assert forward("/api", "Connection: upgrade", "Upgrade: tcp").may_upgrade

    @pytest.mark.parametrize("name", ["h2c", "H2C, websocket"])
    @pytest.mark.parametrize("target", ["/api", "/x", "/ws", "/_next/webpack-hmr"])
    def test_no_tunnel_of_http2(self, name: str, target: str) -> None:
        lines = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {name}", "HTTP2-Settings: AAM")
        made = forward(target, *lines)
        assert not made.may_upgrade
        assert values(made.headers, "http2-settings") == []

    def test_http2_is_not_offered_to_a_directory(self) -> None:
        assert isinstance(plan("/x", "Connection: Upgrade", "Upgrade: h2c", on=front(app=application)), Serve)

    @pytest.mark.parametrize("target", ["/", "/api/ws", "/ws", "/_next/webpack-hmr"])
    def test_a_page_of_another_site(self, target: str) -> None:
        made = refused(target, *UPGRADE, "Origin: https://evil.example", "Sec-WebSocket-Protocol: vite-hmr")
        assert made.status == 403
        assert b"--allow-origin https://evil.example allows it" in made.body

    def test_an_unsafe_method_is_not_let_in_by_an_upgrade(self) -> None:
        lines = (*UPGRADE, "Sec-Fetch-Site: cross-site")
        assert refused("/api", *lines, method="POST").status == 403

    @pytest.mark.parametrize(
        ("app", "why"), [(application, b"a directory of files has no WebSocket"), (None, b"no application was named")]
    )
    def test_nobody_to_take_it(self, app: Any, why: bytes) -> None:
        made = refused("/socket", *UPGRADE, on=front(app=app))
        assert made.status == 404
        assert why in made.body

    def test_is_hmr_by_its_words(self) -> None:
        assert not is_hmr(asked("/x"), b"/x", has_ws_route=False)
        assert is_hmr(asked("/rsbuild-hmr"), b"/rsbuild-hmr", has_ws_route=False)


def test_a_redirect_to_the_application_stays_here() -> None:
    made = forward("/api/login", method="GET")
    headers = made.respond(responded(302, "Location: http://localhost:5173/welcome"))
    assert values(headers, "location") == ["/welcome"]
    app = forward("/login").respond(responded(302, "Location: http://localhost:8080/api/oauth"))
    assert values(app, "location") == ["/api/oauth"]


def test_the_page_for_a_backend_that_is_down() -> None:
    """chimurai/http-proxy-middleware#496: the page names the target, and not the host that was called."""
    failure = Failure(502, "connection refused", "http://localhost:8080", ("127.0.0.1:8080",))
    made = front().failed(asked("/api", "Accept: application/json"), CLIENT, failure, "/api")
    body = json.loads(made.body)
    assert (made.status, body["target"], body["route"]) == (502, "http://localhost:8080", "/api")
    assert "localhost:3000" not in made.body.decode()


class Notes:
    """A learner that writes down what it saw."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes | int]] = []

    def request(self, route: str, head: RequestHead) -> None:
        self.seen.append((route, head.target))

    def response(self, route: str, head: ResponseHead) -> None:
        self.seen.append((route, head.status))


def test_a_learner_sees_the_routes_alone() -> None:
    notes = Notes()
    on = front(learner=notes)
    forward("/x", on=on).respond(responded(200))
    forward("/api/x", on=on).respond(responded(201))
    forward("/api/rooms", *UPGRADE, on=on)
    refused("/api", host="evil.example", on=on)
    assert notes.seen == [("/api", b"/api/x"), ("/api", 201), ("/api/rooms", b"/api/rooms")]


def test_of_settings(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x", encoding="utf-8")
    settings = DevelopmentSettings(
        (API,), tmp_path, allow_hosts=("a.example",), allow_origins=("https://b.example",), forwarded="none"
    )
    on = DevelopmentFront.of(settings)
    assert isinstance(plan("/", host="a.example", on=on), Serve)
    made = forward("/api", "Sec-Fetch-Site: cross-site", "Origin: https://b.example", method="POST", on=on)
    assert values(made.headers, "x-forwarded-for") == []
    assert forward("/", on=DevelopmentFront.of(DevelopmentSettings(app=VITE))).route == APP


class TestAnything:
    """Whatever comes, there is a plan, and nothing that is refused is forwarded."""

    @given(st.text("/.%2eapi?\\;*~", max_size=20), st.sampled_from(["localhost", "evil.example", "[::1]:3000"]))
    def test_a_plan(self, rest: str, host: str) -> None:
        try:
            head = asked("/" + rest, host=host)
        except ValueError:
            return
        made = front().plan(head, CLIENT)
        if host == "evil.example":
            assert isinstance(made, Reply)
            assert made.status == 403
        if isinstance(made, Forward):
            assert made.path == head.target
