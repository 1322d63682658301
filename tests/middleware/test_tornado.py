"""Tornado: the shared cases over loopback, policies of handlers and methods, errors and WebSockets."""

from __future__ import annotations

import asyncio
import http.client
import logging
import socket
import threading
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import pytest
from tornado import httpserver, netutil, web, websocket

from crossorigin.middleware.tornado import Application, WebSocketMixin, cors
from crossorigin.policy import LivePolicy, Policy, PolicyError
from crossorigin.policy.observe import Counters

from .framework_cases import APP, BODY, EVIL, HANDSHAKE, Answer, ask, origin, preflight
from .in_process import OTHER, Contract, Recorder, page
from .loopback import Loop, check_from_the_command_line

# Applications that set a header themselves are warned of it; here they do so on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)


class Servers:
    """A server for each application that is asked something."""

    def __init__(self) -> None:
        self.loop = Loop()
        self._running: list[httpserver.HTTPServer] = []
        self._ports: dict[int, int] = {}
        self._apps: list[web.Application] = []

    def port(self, app: web.Application) -> int:
        async def start() -> int:
            (listening,) = netutil.bind_sockets(0, "127.0.0.1")
            # The case's scheme comes as from a proxy that Tornado was told to trust.
            server = httpserver.HTTPServer(app, max_header_size=1 << 22, xheaders=True)
            server.add_sockets([listening])
            self._running.append(server)
            return int(listening.getsockname()[1])

        if id(app) not in self._ports:
            self._ports[id(app)] = self.loop.run(start())
            self._apps.append(app)
        return self._ports[id(app)]

    def close(self) -> None:
        async def stop() -> None:
            for server in self._running:
                server.stop()
                await server.close_all_connections()

        self.loop.run(stop())
        self.loop.close()


@pytest.fixture(scope="module", autouse=True)
def servers() -> Iterator[Servers]:
    for name in ("tornado.application", "tornado.access", "tornado.general"):
        logging.getLogger(name).disabled = True
    TestTornado.servers = servers = Servers()
    yield servers
    servers.close()
    for name in ("tornado.application", "tornado.access", "tornado.general"):
        logging.getLogger(name).disabled = False


def build(policy: Policy, recorder: Recorder) -> web.Application:
    class Everything(web.RequestHandler):
        SUPPORTED_METHODS = (*web.RequestHandler.SUPPORTED_METHODS, "PURGE")

        def answer(self) -> None:
            for name, value in recorder.called():
                if name == "content-type":
                    self.set_header(name, value)
                else:
                    self.add_header(name, value)
            self.finish(BODY)

        get = post = delete = options = purge = answer

    return Application([("/", Everything)], cors=policy)


class Hello(web.RequestHandler):
    def get(self) -> None:
        self.write("hello")


class Items(Hello):
    @cors(Policy(allow_origins=[OTHER], allow_methods=["DELETE"]))
    def delete(self) -> None:
        self.write("removed")


@cors(allow_origins=[OTHER])
class Private(Hello):
    pass


@cors(None)
class Closed(Hello):
    pass


class Secret(Hello):
    def prepare(self) -> None:
        raise web.HTTPError(401)


class Crash(web.RequestHandler):
    def get(self) -> None:
        raise ValueError("on purpose")


class Own(web.RequestHandler):
    def get(self) -> None:
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Vary", "Accept")


class Stream(web.RequestHandler):
    async def get(self) -> None:
        for number in range(3):
            self.write(b"data: %d\n\n" % number)
            await self.flush()


class Socket(WebSocketMixin):
    pass


class Strict(websocket.WebSocketHandler):
    pass


def application() -> web.Application:
    handlers: list[Any] = [
        ("/hello", Hello),
        ("/items", Items),
        ("/private", Private),
        ("/closed", Closed),
        ("/secret", Secret),
        ("/crash", Crash),
        ("/own", Own),
        ("/stream", Stream),
        ("/socket", Socket),
        ("/strict", Strict),
    ]
    policy = Policy(allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])
    return Application(handlers, cors=policy)


class TestTornado(Contract):
    servers: ClassVar[Servers]
    build = build
    application = application
    own: ClassVar[set[str]] = {"content-length", "date", "server", "connection"}
    framework: ClassVar[set[str]] = {"content-length", "content-type", "date", "etag", "server", "connection"}

    def call(self, app: Any, method: str, path: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
        return ask(self.servers.port(app), method, path, [*headers, (b"X-Scheme", b"https")])

    def connect(self, app: Any, path: str, page: str | None) -> int:
        headers = [*HANDSHAKE, *([] if page is None else [(b"Origin", page.encode())]), (b"X-Scheme", b"https")]
        return ask(self.servers.port(app), "GET", path, headers).status


@pytest.fixture(scope="module")
def port(servers: Servers) -> int:
    return servers.port(application())


def test_a_preflight_reaches_no_prepare(port: int) -> None:
    assert ask(port, "OPTIONS", "/secret", preflight(APP, "GET")).status == 204
    answer = ask(port, "GET", "/secret", origin(APP))
    assert (answer.status, answer.origin) == (401, APP)


def test_tornados_own_check_of_websockets_still_stands_without_the_mixin(port: int) -> None:
    for page_, status in ((APP, 403), ("http://api.example.com", 101)):
        assert ask(port, "GET", "/strict", [*HANDSHAKE, *origin(page_)]).status == status


def test_a_websocket_gets_no_headers(port: int) -> None:
    assert ask(port, "GET", "/socket", [*HANDSHAKE, *origin(APP)]).cors == []


def test_refusals_need_no_xsrf_cookie(servers: Servers) -> None:
    policy = Policy(allow_origins=[APP], refuse_disallowed_origins=True)
    counters = Counters()
    app = Application([("/", Hello)], cors=LivePolicy(policy), cors_observer=counters, xsrf_cookies=True)
    answer = ask(servers.port(app), "POST", "/", [*origin(EVIL), (b"Content-Length", b"0")])
    assert (answer.status, answer.cors, answer.body) == (403, [("vary", "Origin")], b"")
    assert counters.snapshot()["actual:origin"] == 1


def test_compression_keeps_its_vary(servers: Servers) -> None:
    app = Application([("/", Hello)], cors={"allow_origins": [APP]}, compress_response=True)
    assert ask(servers.port(app), "GET", "/", origin(APP)).get("vary") == "Accept-Encoding, Origin"


def test_only_marked_handlers_without_a_policy_of_the_application(servers: Servers) -> None:
    app = Application([("/hello", Hello), ("/private", Private), ("/strict", Strict), ("/socket", Socket)])
    port = servers.port(app)
    assert ask(port, "GET", "/hello", origin(OTHER)).cors == []
    assert ask(port, "GET", "/private", origin(OTHER)).origin == OTHER
    assert ask(port, "GET", "/socket", [*HANDSHAKE, *origin(OTHER)]).status == 403


class Upload(web.RequestHandler):
    def post(self) -> None:
        self.write(self.request.body)


@web.stream_request_body
class Streamed(web.RequestHandler):
    def prepare(self) -> None:
        self.length = 0

    def data_received(self, chunk: bytes) -> None:
        self.length += len(chunk)

    def post(self) -> None:
        self.write(str(self.length))


class Guests(Hello):
    @cors(allow_origins=[OTHER], allow_methods=["PUT"], origin_lookup=lambda origin: origin == "https://guest.test")
    def put(self) -> None:
        self.write("put")


class TestOriginLookup:
    """It is waited for before a handler is made, and asked for nothing else."""

    TENANT = "https://tenant.test"

    @pytest.fixture
    def asked(self) -> list[str]:
        return []

    @pytest.fixture
    def counters(self) -> Counters:
        return Counters()

    @pytest.fixture
    def port(self, servers: Servers, asked: list[str], counters: Counters) -> int:
        async def is_tenant(origin: str) -> bool:
            asked.append(origin)
            await asyncio.sleep(0)
            return origin == self.TENANT

        handlers: list[Any] = [("/upload", Upload), ("/streamed", Streamed), ("/guests", Guests), ("/socket", Socket)]
        policy = Policy(allow_origins=[APP], allow_methods=["PUT"], refuse_disallowed_origins=True)
        app = Application(handlers, cors=policy, cors_origin_lookup=is_tenant, cors_observer=counters)
        return servers.port(app)

    @pytest.mark.parametrize(("path", "body"), [("/upload", b"a body"), ("/streamed", b"6")])
    def test_the_request_goes_on_whole(self, port: int, path: str, body: bytes) -> None:
        for page_ in (self.TENANT, APP):
            assert send(port, path, page_, b"a body") == (200, page_, body)
        assert send(port, path, EVIL, b"a body") == (403, None, b"")

    def test_a_preflight(self, port: int) -> None:
        answer = ask(port, "OPTIONS", "/upload", preflight(self.TENANT, "PUT"))
        assert (answer.status, answer.origin) == (204, self.TENANT)
        assert ask(port, "OPTIONS", "/upload", preflight(self.TENANT, "DELETE")).status == 403
        assert ask(port, "OPTIONS", "/upload", preflight(EVIL, "PUT")).status == 403

    def test_that_of_the_mark_counts(self, port: int) -> None:
        for page_, status in (("https://guest.test", 204), (OTHER, 204), (self.TENANT, 403)):
            assert ask(port, "OPTIONS", "/guests", preflight(page_, "PUT")).status == status

    def test_a_websocket(self, port: int) -> None:
        for page_, status in ((self.TENANT, 101), (EVIL, 403)):
            assert ask(port, "GET", "/socket", [*HANDSHAKE, *origin(page_)]).status == status

    def test_it_is_asked_and_told_once(self, port: int, asked: list[str], counters: Counters) -> None:
        ask(port, "GET", "/upload", origin("https://new.test"))
        ask(port, "GET", "/upload", origin("https://new.test"))
        ask(port, "GET", "/upload", origin(APP))
        ask(port, "GET", "/upload")
        assert asked == ["https://new.test"]
        assert {name: count for name, count in counters.snapshot().items() if count} == {
            "actual:origin": 2, "actual:allowed": 1, "not-cors:allowed": 1,
        }  # fmt: skip

    def test_a_client_that_goes_away_meanwhile(self, servers: Servers) -> None:
        waiting, go = threading.Event(), threading.Event()

        def slow(_origin: str) -> bool:
            waiting.set()
            return go.wait(20)

        port = servers.port(Application([("/", Upload)], cors={"allow_origins": [APP]}, cors_origin_lookup=slow))
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nOrigin: https://b.test\r\n\r\n")
            assert waiting.wait(20)
        go.set()
        assert send(port, "/", self.TENANT, b"next") == (200, self.TENANT, b"next")

    def test_wrong_use(self) -> None:
        with pytest.raises(TypeError, match="needs a policy"):
            Application([], cors_origin_lookup=lambda origin: True)
        with pytest.raises(ValueError, match="allows every origin"):
            Application([], cors={"allow_origins": ["*"]}, cors_origin_lookup=lambda origin: True)


def send(port: int, path: str, page_: str, body: bytes) -> tuple[int, str | None, bytes]:
    """Status, allowed origin and body of the answer to a POST, whose body comes after its headers."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nOrigin: {page_}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode())
        connection.sendall(body)
        response = http.client.HTTPResponse(connection, method="POST")
        response.begin()
        return response.status, response.getheader("Access-Control-Allow-Origin"), response.read()


def test_wrong_use() -> None:
    with pytest.raises(PolicyError):
        Application([], cors={"allow_origins": ["*"], "allow_credentials": True})
    with pytest.raises(TypeError, match="cors is a Policy"):
        Application([], cors=["*"])
    with pytest.raises(ValueError, match="enforce"):
        Application([], cors_websocket_origins="no")


def test_crossorigin_check_says_the_same(port: int) -> None:
    check_from_the_command_line(port)


def test_the_page_of_the_documentation(servers: Servers) -> None:
    port = servers.port(page("tornado.md")["app"])
    assert ask(port, "OPTIONS", "/articles", preflight(APP, "GET")).status == 204
    assert ask(port, "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert ask(port, "OPTIONS", "/articles", preflight(APP, "PUT")).status == 403
    assert ask(port, "GET", "/chat", [*HANDSHAKE, *origin(APP)]).status == 101
