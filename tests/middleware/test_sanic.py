"""Sanic: the shared cases over loopback, policies of handlers and blueprints, errors, and what sanic-ext got wrong."""

from __future__ import annotations

import itertools
import logging
import socket
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import pytest
import sanic.log
from sanic import Blueprint, HTTPResponse, Request, Sanic, Websocket
from sanic.exceptions import Unauthorized
from sanic.http import Http
from sanic.response import BaseHTTPResponse, text
from sanic.views import HTTPMethodView

from crossorigin.middleware.sanic import cors, setup
from crossorigin.policy import Policy, PolicyError
from crossorigin.policy.observe import Counters

from .framework_cases import APP, BODY, EVIL, HANDSHAKE, Answer, ask, origin, preflight
from .in_process import OTHER, Contract, Recorder, page
from .loopback import Loop, check_from_the_command_line

pytestmark = [
    # Applications that set a header themselves are warned of it; here they do so on purpose.
    pytest.mark.filterwarnings(
        "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
    ),
    # Sanic imports what websockets has deprecated.
    pytest.mark.filterwarnings("ignore:websockets:DeprecationWarning"),
]
_NUMBERS = itertools.count()


def new() -> Sanic[Any, Any]:
    app = Sanic(f"test-{next(_NUMBERS)}", configure_logging=False)
    app.config.REQUEST_MAX_HEADER_SIZE = 1 << 22
    app.config.REQUEST_BUFFER_SIZE = 1 << 22
    # The case's scheme comes as from a proxy that Sanic was told to trust.
    app.config.PROXIES_COUNT = 1
    # What sanic-ext adds by itself where it is installed.
    app.config.CORS = False
    app.config.TOUCHUP = False
    app.config.ACCESS_LOG = False
    return app


class Servers:
    """A server for each application that is asked something."""

    def __init__(self) -> None:
        self.loop = Loop()
        self._running: list[Any] = []
        self._ports: dict[str, int] = {}

    def port(self, app: Sanic[Any, Any]) -> int:
        async def start() -> int:
            listening = socket.create_server(("127.0.0.1", 0))
            server: Any = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
            assert server is not None
            await server.startup()
            await server.start_serving()
            self._running.append(server)
            return int(listening.getsockname()[1])

        if app.name not in self._ports:
            self._ports[app.name] = self.loop.run(start())
        return self._ports[app.name]

    def close(self) -> None:
        async def stop() -> None:
            for server in self._running:
                server.close()

        self.loop.run(stop())
        self.loop.close()
        Sanic._app_registry.clear()


@pytest.fixture(scope="module", autouse=True)
def servers() -> Iterator[Servers]:
    logs: list[logging.Logger] = [sanic.log.logger, sanic.log.error_logger]
    for log in logs:
        log.disabled = True
    TestSanic.servers = servers = Servers()
    ceiling, Http.HEADER_CEILING = Http.HEADER_CEILING, 1 << 22
    yield servers
    Http.HEADER_CEILING = ceiling
    servers.close()
    for log in logs:
        log.disabled = False


def build(policy: Policy, recorder: Recorder) -> Sanic[Any, Any]:
    app = new()

    async def everything(request: Request[Any, Any]) -> HTTPResponse:
        response = HTTPResponse(BODY, content_type="text/plain")
        for name, value in recorder.called():
            if name == "content-type":
                response.content_type = value
            else:
                response.headers.add(name, value)
        return response

    app.add_route(everything, "/", methods=["GET", "POST", "DELETE", "OPTIONS"])
    setup(app, policy)
    return app


class Articles(HTTPMethodView):
    async def get(self, request: Request[Any, Any]) -> HTTPResponse:
        return text("read")

    @cors(allow_origins=[OTHER], allow_methods=["PUT"])
    async def put(self, request: Request[Any, Any]) -> HTTPResponse:
        return text("written")


async def hello(request: Request[Any, Any]) -> HTTPResponse:
    return text("hello")


@cors(Policy(allow_origins=[OTHER], allow_methods=["DELETE"]))
async def remove(request: Request[Any, Any]) -> HTTPResponse:
    return text("removed")


@cors(allow_origins=[OTHER])
async def private(request: Request[Any, Any]) -> HTTPResponse:
    return text("private")


@cors(None)
async def closed(request: Request[Any, Any]) -> HTTPResponse:
    return text("closed")


async def crash(request: Request[Any, Any]) -> HTTPResponse:
    raise ValueError("on purpose")


async def own(request: Request[Any, Any]) -> HTTPResponse:
    return text("mine", headers={"Access-Control-Allow-Origin": "*", "Vary": "Accept"})


async def stream(request: Request[Any, Any]) -> None:
    response = await request.respond(content_type="text/event-stream")
    assert response is not None
    for number in range(3):
        await response.send(b"data: %d\n\n" % number)
    await response.eof()


async def chat(request: Request[Any, Any], socket: Websocket) -> None:
    await socket.close()


@cors(allow_origins=[OTHER])
async def admin_chat(request: Request[Any, Any], socket: Websocket) -> None:
    await socket.close()


async def auth(request: Request[Any, Any]) -> None:
    if request.path == "/secret":
        raise Unauthorized("no")


def application() -> Sanic[Any, Any]:
    app = new()
    app.register_middleware(auth, "request")
    for path, handler in {
        "/hello": hello,
        "/items": hello,
        "/secret": hello,
        "/private": private,
        "/closed": closed,
        "/crash": crash,
        "/own": own,
        "/stream": stream,
    }.items():
        app.add_route(handler, path, name=path[1:])
    app.add_route(remove, "/items", methods=["DELETE"])
    app.add_route(Articles.as_view(), "/articles")
    app.add_websocket_route(chat, "/socket")
    app.add_websocket_route(admin_chat, "/admin-socket")
    blueprint = cors(allow_origins=[OTHER])(Blueprint("inner", url_prefix="/inner"))
    blueprint.add_route(hello, "/x")
    app.blueprint(blueprint)
    setup(app, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])
    return app


class TestSanic(Contract):
    servers: ClassVar[Servers]
    build = build
    application = application
    own: ClassVar[set[str]] = {"content-length", "content-type", "connection", "alt-svc"}
    framework: ClassVar[set[str]] = {*own, "allow"}
    # Sanic reads no request with a method that is not one of HTTP's seven.
    refused_by_framework: ClassVar[dict[str, int]] = {"exact origin, any method reaches the application": 405}

    def call(self, app: Any, method: str, path: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
        more = [(b"X-Forwarded-For", b"192.0.2.1"), (b"X-Forwarded-Proto", b"https")]
        return ask(self.servers.port(app), method, path, [*headers, *more])

    def connect(self, app: Any, path: str, page: str | None) -> int:
        headers = [*HANDSHAKE, *([] if page is None else [(b"Origin", page.encode())])]
        more = [(b"X-Forwarded-For", b"192.0.2.1"), (b"X-Forwarded-Proto", b"https")]
        return ask(self.servers.port(app), "GET", path, [*headers, *more]).status


@pytest.fixture(scope="module")
def port(servers: Servers) -> int:
    return servers.port(application())


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/inner/x", OTHER), ("GET", "/articles", APP), ("PUT", "/articles", OTHER)],
)
def test_blueprints_and_classes_of_views(port: int, method: str, path: str, allowed: str) -> None:
    denied = OTHER if allowed == APP else APP
    assert ask(port, method, path, origin(allowed)).origin == allowed
    assert ask(port, "OPTIONS", path, preflight(allowed, method)).status == 204
    assert ask(port, "OPTIONS", path, preflight(denied, method)).status == 403


def test_a_websocket_with_a_policy_of_its_own(port: int) -> None:
    assert ask(port, "GET", "/admin-socket", [*HANDSHAKE, *origin(OTHER)]).status == 101
    assert ask(port, "GET", "/admin-socket", [*HANDSHAKE, *origin(APP)]).status == 403


def test_a_preflight_needs_no_password(port: int) -> None:
    assert ask(port, "OPTIONS", "/secret", preflight(APP, "GET")).status == 204
    answer = ask(port, "GET", "/secret", origin(APP))
    assert (answer.status, answer.origin) == (401, APP)


class TestWhatSanicExtGotWrong:
    """server.md, "Others": each is answered otherwise here."""

    def test_vary_is_added_to_and_there_when_denied(self, port: int) -> None:
        for page_ in (APP, EVIL):
            assert ask(port, "GET", "/own", origin(page_)).get("vary") == "Accept, Origin"

    def test_a_star_is_any_origin(self, servers: Servers) -> None:
        app = new()
        app.add_route(hello, "/")
        counters = Counters()
        setup(app, allow_origins=["*"], observer=counters)
        assert ask(servers.port(app), "GET", "/", origin(EVIL)).origin == "*"
        assert counters.snapshot()["actual:allowed"] == 1

    def test_a_regex_is_refused(self) -> None:
        with pytest.raises(PolicyError):
            setup(new(), allow_origins=["https://.*\\.example\\.com"])


def test_response_middleware_that_raises_keeps_the_headers_back(servers: Servers) -> None:
    """Sanic logs it, runs no other and sends the response as it is: the page says so."""
    app = new()
    app.add_route(hello, "/")

    async def broken(request: Request[Any, Any], response: BaseHTTPResponse) -> None:
        raise ValueError("on purpose")

    app.register_middleware(broken, "response")
    setup(app, allow_origins=[APP])
    answer = ask(servers.port(app), "GET", "/", origin(APP))
    assert (answer.status, answer.body, answer.cors) == (200, b"hello", [])


def test_wrong_use() -> None:
    app = new()
    setup(app, allow_origins=[APP])
    with pytest.raises(RuntimeError, match="already"):
        setup(app, allow_origins=[APP])


def test_crossorigin_check_says_the_same(port: int) -> None:
    check_from_the_command_line(port)


def test_the_page_of_the_documentation(servers: Servers) -> None:
    port = servers.port(page("sanic.md")["app"])
    assert ask(port, "OPTIONS", "/articles", preflight(APP, "GET")).status == 204
    assert ask(port, "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert ask(port, "OPTIONS", "/articles", preflight(APP, "PUT")).status == 403
