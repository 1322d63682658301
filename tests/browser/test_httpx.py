"""httpx under CORS: what a client sees, what goes through another transport, and what a blocked call raises."""

from __future__ import annotations

import asyncio
import gzip

import httpx
import pytest

from crossorigin.browser import CORSError, NotMountedError, Response
from crossorigin.browser.httpx import AsyncCORSTransport, CORSBlockedError, CORSTransport

from .applications import ALLOW, API, CREDENTIALS, ORIGIN, PAGE, wsgi

GRANTS = (ALLOW, CREDENTIALS, ("access-control-allow-methods", "PUT"), ("access-control-allow-headers", "content-type"))


class Server:
    """Answers as told and remembers the requests, as a transport of httpx."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.mock = httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def client(*answers: httpx.Response) -> tuple[httpx.Client, Server]:
    server = Server(*answers)
    return httpx.Client(transport=CORSTransport(origin=ORIGIN, transport=server.mock)), server


def test_a_call_as_script_makes_it() -> None:
    ours, server = client(httpx.Response(200, headers=[*GRANTS, ("X-A", "1"), ("Set-Cookie", "a=1")], text="hello"))
    with ours:
        response = ours.put(f"{API}/users?a=1", json={"name": "é"})
    preflight, actual = server.requests
    assert (preflight.method, preflight.headers["access-control-request-method"]) == ("OPTIONS", "PUT")
    assert preflight.headers["access-control-request-headers"] == "content-type"
    assert (actual.method, str(actual.url), actual.headers["origin"]) == ("PUT", f"{API}/users?a=1", ORIGIN)
    assert actual.headers["host"] == "api.example.com"
    assert actual.headers["content-length"] == str(len(actual.content))
    assert actual.headers["user-agent"].startswith("Mozilla/5.0")
    assert (response.status_code, response.text) == (200, "hello")
    assert set(response.headers) == {"content-type"}
    whole = response.extensions["crossorigin"]
    assert isinstance(whole, Response)
    assert whole.preflighted
    assert whole.received_headers["x-a"] == "1"


def test_a_blocked_call() -> None:
    ours, server = client(httpx.Response(200))
    with pytest.raises(CORSBlockedError) as raised:
        ours.get(API)
    assert isinstance(raised.value, httpx.TransportError)
    assert isinstance(raised.value.error, CORSError)
    assert raised.value.__cause__ is raised.value.error
    assert raised.value.error.code.value == "B301"
    assert str(raised.value.request.url) == API
    assert str(raised.value).startswith("Access to fetch at 'https://api.example.com/' from origin")
    assert len(server.requests) == 1


def test_codings_are_taken_off() -> None:
    headers = [ALLOW, ("Content-Encoding", "gzip"), ("Access-Control-Expose-Headers", "content-encoding, etag")]
    packed = httpx.Response(200, headers=headers, stream=httpx.ByteStream(gzip.compress(b"hello")))
    response = client(packed)[0].get(API)
    assert response.text == "hello"
    assert "content-encoding" not in response.headers


def test_redirects_are_the_browsers() -> None:
    there = httpx.Response(302, headers=[ALLOW, ("Location", "/there")])
    ours, server = client(there, httpx.Response(200, headers=[ALLOW]))
    assert ours.get(API).extensions["crossorigin"].redirected
    assert [request.url.path for request in server.requests] == ["/", "/there"]


def test_cookies_are_the_browsers() -> None:
    server = Server(httpx.Response(200, headers=[ALLOW, CREDENTIALS, ("Set-Cookie", "a=1; Secure; SameSite=None")]))
    transport = CORSTransport(origin=ORIGIN, transport=server.mock, credentials="include")
    with httpx.Client(transport=transport, cookies={"forged": "1"}) as ours:
        ours.get(API)
        ours.get(API)
        assert "a" not in ours.cookies
    assert [request.headers.get("cookie") for request in server.requests] == [None, "a=1"]
    assert transport.browser.cookies.get(API, "a") == "1"


def test_applications() -> None:
    transport = CORSTransport(origin=ORIGIN, apps={API: wsgi(ALLOW)}, engine="webkit")
    with httpx.Client(transport=transport) as ours:
        assert ours.get(API).json() == {}
        with pytest.raises(NotMountedError):
            ours.get("https://other.example/")
    assert (transport.page.url, transport.page.engine) == (PAGE.removesuffix("dashboard"), "webkit")


def test_applications_and_a_transport() -> None:
    server = Server(httpx.Response(200, headers=[ALLOW], text="far"))
    transport = CORSTransport(origin=ORIGIN, apps={API: wsgi(ALLOW, content=b"near")}, transport=server.mock)
    with httpx.Client(transport=transport) as ours:
        assert [ours.get(url).text for url in (API, "https://other.example/")] == ["near", "far"]


def test_what_the_inner_transport_raises_passes_through() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(httpx.ConnectError, match="refused"):
        httpx.Client(transport=CORSTransport(origin=ORIGIN, transport=httpx.MockTransport(fail))).get(API)


def test_what_script_cannot_ask() -> None:
    ours, _ = client(httpx.Response(200))
    with pytest.raises(TypeError):
        ours.request("TRACE", API)


def test_the_network_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(httpx.Response(200, headers=[ALLOW]))
    monkeypatch.setattr(httpx, "HTTPTransport", lambda: server.mock)
    monkeypatch.setattr(httpx, "AsyncHTTPTransport", lambda: server.mock)
    assert httpx.Client(transport=CORSTransport(origin=ORIGIN)).get(API).status_code == 200

    async def call() -> int:
        async with httpx.AsyncClient(transport=AsyncCORSTransport(origin=ORIGIN)) as ours:
            return (await ours.get(API)).status_code

    assert asyncio.run(call()) == 200


def test_async() -> None:
    async def calls() -> None:
        server = Server(httpx.Response(200, headers=[*GRANTS], text="far"))
        transport = AsyncCORSTransport(origin=ORIGIN, apps={API: wsgi(ALLOW, content=b"near")}, transport=server.mock)
        async with httpx.AsyncClient(transport=transport) as ours:
            assert (await ours.get(API)).text == "near"
            assert (await ours.put("https://other.example/", json={})).text == "far"
            with pytest.raises(CORSBlockedError):
                await ours.delete(API)
        assert [request.method for request in server.requests] == ["OPTIONS", "PUT"]

    asyncio.run(calls())
