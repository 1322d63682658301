"""The CORS front: heads in, plans out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossorigin.fetch import Client as Page
from crossorigin.fetch import HTTPRequest, HTTPResponse, Response, UserAgent, fetch, fetch_request
from crossorigin.middleware.asgi import CORSMiddleware
from crossorigin.policy import Policy
from crossorigin.proxy.cors import CorsFront, CorsFrontError
from crossorigin.proxy.heads import Header, RequestHead
from crossorigin.proxy.plan import Client, Failure, Forward, Reply
from crossorigin.proxy.rates import Rates
from crossorigin.proxy.target import Target, parse_target
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import parse_origin

from .cors_heads import ALLOWED, CLIENT, forwarded, pairs, replied, request, response

API = parse_target("https://api.example.com/v1")
POLICY = Policy(allow_origins=[ALLOWED])
WITH_COOKIES = Policy(allow_origins=[ALLOWED], allow_credentials=True)
CORS = {"access-control-allow-origin": ALLOWED, "vary": "Origin"}
BROWSER = (
    "User-Agent: Mozilla/5.0",
    "Accept: */*",
    "Authorization: Bearer secret",
    "X-Api-Key: 7",
    "Cookie: session=1",
    f"Referer: {ALLOWED}/page",
    "X-Forwarded-For: 192.168.1.7",
    "Forwarded: for=192.168.1.7",
    "Via: 1.1 office",
    "Sec-Fetch-Site: same-site",
    "Sec-Fetch-Mode: cors",
    "Connection: keep-alive",
)


def front(policy: Policy = POLICY, target: Target = API, **options: Any) -> CorsFront:
    return CorsFront({"": target}, policy, **options)


class TestPaths:
    @pytest.mark.parametrize(
        ("target", "path", "asked"),
        [
            ("https://api.example.com", "/", "/"),
            ("https://api.example.com", "/a/b?c=%2F", "/a/b?c=%2F"),
            ("https://api.example.com/v1/", "/a", "/v1/a"),
            ("https://api.example.com/v1", "/?q", "/v1/?q"),
            ("https://api.example.com", "/.well-known/x", "/.well-known/x"),
            ("https://api.example.com", "/a..b/...?x=../..", "/a..b/...?x=../.."),
        ],
    )
    def test_of_one_target(self, target: str, path: str, asked: str) -> None:
        plan = forwarded(front(target=parse_target(target)).plan(request(f"GET {path}"), CLIENT))
        assert (plan.path.decode(), plan.route) == (asked, "/")

    @pytest.mark.parametrize(
        ("path", "host", "asked"),
        [
            ("/maps/tiles?z=3", "maps.example.com", "/tiles?z=3"),
            ("/maps", "maps.example.com", "/"),
            ("/maps?z=3", "maps.example.com", "/?z=3"),
            ("/maps/", "maps.example.com", "/"),
            ("/users/7", "api.example.com", "/v1/7"),
            ("/users", "api.example.com", "/v1"),
        ],
    )
    def test_of_several(self, path: str, host: str, asked: str) -> None:
        several = CorsFront({"maps": parse_target("https://maps.example.com"), "users": API}, POLICY)
        plan = forwarded(several.plan(request(f"GET {path}"), CLIENT))
        assert (plan.target.host, plan.path.decode()) == (host, asked)
        assert plan.route == "/" + path[1:].partition("/")[0].partition("?")[0]

    @pytest.mark.parametrize("path", ["/", "/mapsx/1", "/MAPS/1", "//maps/1"])
    def test_of_no_target(self, path: str) -> None:
        reply = replied(CorsFront({"maps": API}, POLICY).plan(request(f"GET {path}"), CLIENT), 404)
        assert reply.body == b"There is no target of this name; the paths begin with /maps/\n"
        assert pairs(reply.headers)["access-control-allow-origin"] == ALLOWED

    @pytest.mark.parametrize("path", ["/../x", "/a/..", "/a/./b", "/%2e%2e/x", "/a/.%2E/b", "/a%2f..%2fb", "/a/..\\b"])
    def test_of_dots(self, path: str) -> None:
        replied(front().plan(request(f"GET {path}"), CLIENT), 400)


class TestRequestHeaders:
    def test_nothing_of_who_asks_and_from_where(self) -> None:
        plan = forwarded(front().plan(request("GET /", *BROWSER), CLIENT))
        assert pairs(plan.headers) == {
            "host": "api.example.com",
            "user-agent": "Mozilla/5.0",
            "accept": "*/*",
            "authorization": "Bearer secret",
            "x-api-key": "7",
        }

    def test_origin_of_the_target(self) -> None:
        headers = pairs(forwarded(front(origin_header="target").plan(request("GET /", *BROWSER), CLIENT)).headers)
        assert headers["origin"] == "https://api.example.com"
        assert "referer" not in headers
        plan = forwarded(front(origin_header="target").plan(request("GET /", origin=None), CLIENT))
        assert "origin" not in pairs(plan.headers)

    def test_origin_kept(self) -> None:
        headers = pairs(forwarded(front(origin_header="keep").plan(request("GET /", *BROWSER), CLIENT)).headers)
        assert headers["origin"] == ALLOWED
        assert headers["sec-fetch-site"] == "same-site"
        assert "referer" not in headers
        assert "x-forwarded-for" not in headers

    def test_cookies_go_out_with_credentials(self) -> None:
        headers = pairs(forwarded(front(WITH_COOKIES).plan(request("GET /", *BROWSER), CLIENT)).headers)
        assert headers["cookie"] == "session=1"

    def test_a_port_is_in_host(self) -> None:
        plan = forwarded(front(target=parse_target("http://[::1]:8080")).plan(request("GET /"), CLIENT))
        assert pairs(plan.headers)["host"] == "[::1]:8080"


class TestResponseHeaders:
    def answered(self, policy: Policy, *fields: str, line: str = "GET /", **options: Any) -> list[Header]:
        plan = forwarded(front(policy, **options).plan(request(line, "Sec-Fetch-Mode: cors"), CLIENT))
        return plan.respond(response(200, *fields))

    def test_the_targets_own_cors_headers_are_replaced(self) -> None:
        headers = self.answered(
            POLICY,
            "Content-Type: text/plain",
            "Access-Control-Allow-Origin: *",
            "access-control-allow-origin: https://www.example.com",
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Expose-Headers: x-secret",
            "Access-Control-Allow-Private-Network: true",
        )
        assert pairs(headers) == {"content-type": "text/plain", **CORS}

    @pytest.mark.parametrize(
        ("vary", "merged"),
        [("Accept-Encoding", "Accept-Encoding, Origin"), ("origin", "origin"), ("*", "*"), ("", "Origin")],
    )
    def test_vary(self, vary: str, merged: str) -> None:
        assert pairs(self.answered(POLICY, f"Vary: {vary}"))["vary"] == merged

    def test_any_origin_varies_by_nothing(self) -> None:
        assert pairs(self.answered(Policy(allow_origins=["*"]), "X: 1")) == {
            "x": "1",
            "access-control-allow-origin": "*",
        }

    def test_what_is_about_our_host_stays_away(self) -> None:
        headers = self.answered(
            POLICY,
            "Set-Cookie: a=1",
            "Strict-Transport-Security: max-age=1",
            'Clear-Site-Data: "*"',
            'Alt-Svc: h3=":443"',
        )
        assert pairs(headers) == CORS

    def test_cookies_come_back_with_credentials(self) -> None:
        headers = self.answered(
            WITH_COOKIES, "Set-Cookie: a=1; Domain=example.com; Path=/v1/users; Secure", "Set-Cookie: b=2"
        )
        assert headers[:2] == [(b"Set-Cookie", b"a=1; Path=/users"), (b"Set-Cookie", b"b=2")]
        assert pairs(headers[2:]) == {**CORS, "access-control-allow-credentials": "true"}


LOCATIONS = {
    # Location of the target, and what the page gets; None for the same.
    "the target's own": ("https://api.example.com/v1/users/7", "http://localhost:3001/api/users/7"),
    "with its port": ("https://api.example.com:443/v1/a?b#c", "http://localhost:3001/api/a?b#c"),
    "without its scheme": ("//api.example.com/v1/a", "http://localhost:3001/api/a"),
    "its root": ("https://api.example.com/v1", "http://localhost:3001/api"),
    "only a path": ("/v1/users/7", "/api/users/7"),
    "a path that would be a host": ("/v1//evil.example", "/api//evil.example"),
    "relative": ("users/7", None),
    "a query": ("?page=2", None),
    "above what is in front": ("https://api.example.com/login", None),
    "beside what is in front": ("https://api.example.com/v10/login", None),
    "another host": ("https://login.example.com/v1/", None),
    "another scheme": ("http://api.example.com/v1/", None),
    "another port": ("https://api.example.com:8443/v1/", None),
    "no URL": ("https://[/", None),
    "not http": ("mailto:a@example.com", None),
}


@pytest.mark.parametrize("status", [201, 301, 302, 303, 307, 308])
@pytest.mark.parametrize(("location", "ours"), LOCATIONS.values(), ids=LOCATIONS.keys())
def test_location(location: str, ours: str | None, status: int) -> None:
    plan = forwarded(CorsFront({"api": API}, POLICY).plan(request("GET /api/x"), CLIENT))
    assert pairs(plan.respond(response(status, f"Location: {location}")))["location"] == (ours or location)


@pytest.mark.parametrize(
    ("location", "ours"),
    [("/v1//evil.example/", "/.//evil.example/"), ("https://api.example.com/v1//a", "http://localhost:3001//a")],
)
def test_location_never_becomes_another_host(location: str, ours: str) -> None:
    plan = forwarded(front().plan(request("GET /x"), CLIENT))
    assert pairs(plan.respond(response(302, f"Location: {location}")))["location"] == ours


def test_location_under_https() -> None:
    plan = forwarded(front().plan(request("GET /x"), Client("127.0.0.1", 1, "https")))
    headers = pairs(plan.respond(response(302, "Location: https://api.example.com/v1/y")))
    assert headers["location"] == "https://localhost:3001/y"


class TestUpgrades:
    UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13")

    def test_of_an_allowed_origin(self) -> None:
        plan = forwarded(front().plan(request("GET /socket", *self.UPGRADE), CLIENT))
        assert plan.may_upgrade
        assert pairs(plan.headers)["sec-websocket-key"] == "x"

    def test_of_another_protocol(self) -> None:
        # With h2c one would speak to the target past everything that is judged here.
        plan = forwarded(front().plan(request("GET /", "Connection: Upgrade", "Upgrade: h2c"), CLIENT))
        assert not plan.may_upgrade

    def test_of_another(self) -> None:
        replied(front().plan(request("GET /socket", *self.UPGRADE, origin="https://evil.example"), CLIENT), 403)


class TestOwnAnswers:
    def test_a_preflight_never_reaches_the_target(self) -> None:
        head = request("OPTIONS /x", "Access-Control-Request-Method: DELETE")
        assert replied(front().plan(head, CLIENT), 403).body == b""
        policy = Policy(allow_origins=[ALLOWED], allow_methods=["DELETE"])
        reply = replied(front(policy).plan(head, CLIENT), 204)
        assert pairs(reply.headers)["access-control-allow-methods"] == "DELETE"

    def test_a_failure_can_be_read_by_the_page(self) -> None:
        failure = Failure(502, "connection refused", "https://api.example.com", ("192.0.2.1:443",), "Is it up?")
        reply = front().failed(request("GET /"), CLIENT, failure, "/")
        assert reply.status == 502
        assert reply.body.decode() == (
            "https://api.example.com gave no answer: connection refused (tried 192.0.2.1:443). Is it up?\n"
        )
        assert CORS.items() <= pairs(reply.headers).items()

    def test_what_is_no_request(self) -> None:
        reply = front().rejected(400, "The request is not HTTP.")
        assert (reply.status, reply.body) == (400, b"The request is not HTTP.\n")
        assert pairs(reply.headers)["vary"] == "Origin"

    def test_too_often(self) -> None:
        limited = front(rates=Rates(per_minute=60, burst=1), clock=lambda: 0.0)
        forwarded(limited.plan(request("GET /"), CLIENT))
        # Another client, and the same target.
        reply = replied(limited.plan(request("GET /"), Client("127.0.0.9", 1)), 429)
        assert pairs(reply.headers)["retry-after"] == "1"
        assert CORS.items() <= pairs(reply.headers).items()


REFUSED: dict[str, tuple[dict[str, Target], Policy, str]] = {
    "no target": ({}, POLICY, "needs a target"),
    "a name with a slash": ({"a/b": API}, POLICY, "cannot be the name"),
    "a name of dots": ({"..": API}, POLICY, "cannot be the name"),
    "one without a name and others": ({"": API, "a": API}, POLICY, "takes every path"),
    "credentials for several": ({"a": API, "b": API}, WITH_COOKIES, "one target only"),
    "credentials for a pattern": (
        {"": API},
        Policy(allow_origins=["https://*.example.com"], allow_credentials=True),
        r"each origin is named exactly, and https://\*\.example\.com",
    ),
    "credentials for every port": (
        {"": API},
        Policy(allow_origins=["http://localhost:*"], allow_credentials=True),
        "each origin is named exactly",
    ),
}


@pytest.mark.parametrize(("targets", "policy", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_settings_that_cannot_be(targets: dict[str, Target], policy: Policy, sentence: str) -> None:
    with pytest.raises(CorsFrontError, match=sentence):
        CorsFront(targets, policy)


def test_an_origin_header_that_is_none() -> None:
    with pytest.raises(CorsFrontError, match="remove"):
        front(origin_header="drop")


def by_middleware(policy: Policy, head: RequestHead, fields: list[Header]) -> tuple[int, list[Header]]:
    """Status and headers, of an application that answers 200 with these headers."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.lower(), value) for name, value in head.headers]
    scope = {"type": "http", "method": head.method.decode(), "headers": headers, "scheme": "https", "path": "/"}

    async def call() -> None:
        await CORSMiddleware(app, policy)(scope, receive, send)

    asyncio.run(call())
    return sent[0]["status"], sent[0]["headers"]


def by_front(policy: Policy, head: RequestHead, fields: list[Header]) -> tuple[int, list[Header]]:
    plan = front(policy).plan(head, CLIENT)
    if isinstance(plan, Reply):
        return plan.status, list(plan.headers)
    assert isinstance(plan, Forward)
    return 200, plan.respond(response(200, *[f"{name.decode()}: {value.decode()}" for name, value in fields]))


def cors_of(headers: list[Header]) -> list[Header]:
    ruled = [(name.lower(), value) for name, value in headers if name.lower().startswith(b"access-control-")]
    vary = {each.strip().lower() for name, value in headers if name.lower() == b"vary" for each in value.split(b",")}
    return [*sorted(ruled), *((b"vary", each) for each in sorted(vary))]


POLICIES = st.builds(
    Policy,
    allow_origins=st.sampled_from([["*"], [ALLOWED], [ALLOWED, "https://*.example.com"], ["http://localhost:*"]]),
    allow_methods=st.sampled_from([[], ["PUT"], ["PUT", "DELETE"], ["*"]]),
    allow_headers=st.sampled_from([[], ["content-type"], ["x-a", "x-b"], ["*", "authorization"]]),
    expose_headers=st.sampled_from([[], ["etag"]]),
    max_age=st.sampled_from([None, 0, 600]),
    preflight_status=st.sampled_from([200, 204]),
    debug=st.booleans(),
)
ORIGINS = st.sampled_from(
    [None, ALLOWED, "https://a.example.com", "http://localhost:9", "null", "https://evil.example", "http://localhost:3"]
)
ASKED = st.sampled_from([None, "GET", "PUT", "DELETE", "put"])
ASKED_HEADERS = st.lists(st.sampled_from(["content-type", "x-a,x-b", "X-A, x-b", "authorization", ""]), max_size=2)
OWN = st.lists(
    st.sampled_from(
        [
            (b"Vary", b"Accept"),
            (b"vary", b"origin"),
            (b"Access-Control-Allow-Origin", b"*"),
            (b"access-control-max-age", b"9"),
            (b"ETag", b"1"),
        ]
    ),
    max_size=3,
)


@pytest.mark.filterwarnings("ignore::crossorigin.middleware.notices.CORSWarning")
@settings(max_examples=100, deadline=None)
@given(POLICIES, ORIGINS, st.sampled_from(["GET", "OPTIONS", "POST"]), ASKED, ASKED_HEADERS, OWN)
def test_the_same_cors_headers_as_the_middleware(
    policy: Policy, origin: str | None, method: str, asked: str | None, names: list[str], own: list[Header]
) -> None:
    """Two doors, one answer: an API behind the front and one with the middleware are alike to a browser."""
    fields = [f"Access-Control-Request-Headers: {each}" for each in names]
    if asked is not None:
        fields.append(f"Access-Control-Request-Method: {asked}")
    head = request(f"{method} /", *fields, origin=origin)
    status, headers = by_front(policy, head, own)
    expected_status, expected = by_middleware(policy, head, own)
    # What the middleware hands to the application, whose answer no page may read, the front does not even send.
    refused = origin is not None and policy.compiled.actual(origin.encode()) == () and expected_status == 200
    if refused and status == 403:
        assert cors_of(headers) == [(b"vary", b"origin")]
        return
    assert status == expected_status
    assert cors_of(headers) == cors_of(expected)


def over_the_wire(policy: Policy, wire: HTTPRequest) -> HTTPResponse:
    """The front's answer to what a browser sends; that the target itself allows everybody is for nothing."""
    fields = [
        f"{name.decode()}: {value.decode('latin-1')}" for name, value in wire.headers if name.lower() != b"origin"
    ]
    origin = wire.headers.get(b"origin")
    head = request(f"{wire.method.decode()} /", *fields, origin=None if origin is None else origin.decode())
    own = [(b"Access-Control-Allow-Origin", b"*"), (b"Access-Control-Expose-Headers", b"*")]
    status, headers = by_front(policy, head, own)
    return HTTPResponse(status, HeaderList(headers), b"", b"x")


@settings(max_examples=100, deadline=None)
@given(
    POLICIES,
    st.sampled_from([ALLOWED, "https://a.example.com", "http://localhost:9", "https://evil.example"]),
    st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    st.lists(st.sampled_from(["x-a", "x-b", "authorization", "accept"]), max_size=2, unique=True),
)
def test_a_browser_agrees(policy: Policy, origin: str, method: str, names: list[str]) -> None:
    """Script can read exactly what the policy says it can, whatever the target's own headers are."""
    called = fetch_request(
        "https://localhost:3001/",
        Page(parse_origin(origin)),
        method=method.encode(),
        headers=[(name.encode(), b"a") for name in names],
        credentials="omit",
    )
    engine = fetch(called, UserAgent())
    try:
        wire = next(engine)
        while True:
            wire = engine.send(over_the_wire(policy, wire))
    except StopIteration as finished:
        readable = isinstance(finished.value.response, Response)
    assert readable is policy.explain(origin, method, [f"{name}: a" for name in names]).allowed
