"""aiohttp: the shared cases over loopback, policies on routes, errors, WebSockets, and what aiohttp-cors got wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.aiohttp import cors, setup
from crossorigin.policy import LivePolicy, Policy, PolicyError
from crossorigin.policy.observe import Counters

from .framework_cases import (
    APP,
    BODY,
    EVIL,
    HANDSHAKE,
    VARY_PREFLIGHT,
    app_headers,
    ask,
    check,
    each_case,
    needs_tls,
    origin,
    preflight,
)
from .in_process import page
from .loopback import Loop, check_from_the_command_line

OTHER = "https://admin.example.com"
# Applications that set a header themselves are warned of it; here they do so on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)
OWN = {"content-length", "content-type", "date", "server", "connection"}
Serve = Callable[[web.Application], int]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    loop = Loop()
    runners: list[web.AppRunner] = []

    def start(app: web.Application) -> int:
        async def run() -> int:
            runner = web.AppRunner(app, max_line_size=1 << 21, max_field_size=1 << 21)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            runners.append(runner)
            return int(runner.addresses[0][1])

        return loop.run(run())

    logging.getLogger("aiohttp.server").disabled = True
    yield start
    logging.getLogger("aiohttp.server").disabled = False
    for runner in runners:
        loop.run(runner.cleanup())
    loop.close()


class Recorder:
    """The application of the shared cases."""

    def __init__(self) -> None:
        self.calls = 0
        self.headers: list[tuple[str, str]] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.calls += 1
        response = web.Response(body=BODY)
        for name, value in self.headers:
            if name == "content-type":
                response.headers[name] = value
            else:
                response.headers.add(name, value)
        return response


@pytest.fixture(scope="module")
def case_servers(serve: Serve) -> Callable[[DecisionCase], tuple[int, Recorder]]:
    built: dict[Policy, tuple[int, Recorder]] = {}

    def get(case: DecisionCase) -> tuple[int, Recorder]:
        if case.policy not in built:
            app, recorder = web.Application(), Recorder()
            app.router.add_route("*", "/", recorder.handle)
            setup(app, case.policy)
            built[case.policy] = serve(app), recorder
        return built[case.policy]

    return get


@each_case
def test_case(
    case: DecisionCase,
    case_servers: Callable[[DecisionCase], tuple[int, Recorder]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if needs_tls(case):
        # What a browser sees as https; aiohttp has it from the connection.
        monkeypatch.setattr(web.Request, "scheme", "https")
    port, recorder = case_servers(case)
    recorder.calls, recorder.headers = 0, app_headers(case)
    answer = ask(port, case.facts.method.decode(), "/", case.request_headers)
    check(case, answer, recorder.calls, OWN, OWN)


class Articles(web.View):
    async def get(self) -> web.Response:
        return web.Response(text="read")

    @cors(allow_origins=[OTHER], allow_methods=["PUT"])
    async def put(self) -> web.Response:
        return web.Response(text="written")


@cors(allow_origins=[OTHER])
class Private(web.View):
    async def get(self) -> web.Response:
        return web.Response(text="private")


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


@cors(Policy(allow_origins=[OTHER], allow_methods=["DELETE"]))
async def remove(request: web.Request) -> web.Response:
    return web.Response(text="removed")


@cors(None)
async def closed(request: web.Request) -> web.Response:
    return web.Response(text="closed")


async def crash(request: web.Request) -> web.Response:
    raise ValueError("on purpose")


async def conflict(request: web.Request) -> web.Response:
    raise web.HTTPConflict(headers={"Vary": "Accept"})


async def own_header(request: web.Request) -> web.Response:
    return web.Response(headers={"Access-Control-Allow-Origin": "*"}, text="mine")


async def stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for number in range(3):
        await response.write(b"data: %d\n\n" % number)
        await asyncio.sleep(0)
    await response.write_eof()
    return response


async def socket(request: web.Request) -> web.WebSocketResponse:
    response = web.WebSocketResponse()
    await response.prepare(request)
    await response.close()
    return response


@web.middleware
async def auth(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == "/secret":
        raise web.HTTPUnauthorized
    return await handler(request)


def application() -> web.Application:
    app = web.Application(middlewares=[auth])
    setup(app, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])
    app.router.add_get("/hello", hello)
    app.router.add_get("/items", hello)
    app.router.add_delete("/items", remove)
    app.router.add_view("/articles", Articles)
    app.router.add_view("/private", Private)
    app.router.add_get("/closed", closed)
    app.router.add_get("/crash", crash)
    app.router.add_get("/conflict", conflict)
    app.router.add_get("/own", own_header)
    app.router.add_get("/stream", stream)
    app.router.add_get("/socket", socket)
    app.router.add_get("/secret", hello)
    cors(allow_origins=[OTHER])(app.router.add_get("/route", hello))
    cors(allow_origins=[OTHER])(app.router.add_resource("/resource")).add_route("GET", hello)
    inner = web.Application()
    setup(inner, allow_origins=[OTHER], allow_methods=["PUT"])
    inner.router.add_get("/x", hello)
    app.add_subapp("/inner", inner)
    plain = web.Application()
    plain.router.add_get("/x", hello)
    app.add_subapp("/plain", plain)
    return app


@pytest.fixture(scope="module")
def port(serve: Serve) -> int:
    return serve(application())


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/hello", APP),
        ("GET", "/items", APP),
        ("DELETE", "/items", OTHER),
        ("GET", "/articles", APP),
        ("PUT", "/articles", OTHER),
        ("GET", "/private", OTHER),
        ("GET", "/route", OTHER),
        ("GET", "/resource", OTHER),
        ("GET", "/inner/x", OTHER),
        ("GET", "/inner/missing", OTHER),
        ("GET", "/plain/x", APP),
        ("GET", "/plain/missing", APP),
    ],
)
def test_the_most_specific_policy_decides_for_request_and_preflight(
    port: int, method: str, path: str, allowed: str
) -> None:
    denied = OTHER if allowed == APP else APP
    assert ask(port, method, path, origin(allowed)).origin == allowed
    assert ask(port, method, path, origin(denied)).origin is None
    answer = ask(port, "OPTIONS", path, preflight(allowed, method))
    assert (answer.status, answer.origin, answer.body) == (204, allowed, b"")
    answer = ask(port, "OPTIONS", path, preflight(denied, method))
    assert (answer.status, answer.cors) == (403, [("vary", VARY_PREFLIGHT)])


def test_a_route_without_any_policy_is_left_alone(port: int) -> None:
    assert ask(port, "GET", "/closed", origin(APP)).cors == []
    assert ask(port, "OPTIONS", "/closed", preflight(APP, "GET")).status == 405


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/missing", 404),
        ("POST", "/hello", 405),
        ("GET", "/crash", 500),
        ("GET", "/conflict", 409),
        ("GET", "/secret", 401),
    ],
)
def test_errors_carry_the_headers(port: int, method: str, path: str, status: int) -> None:
    answer = ask(port, method, path, origin(APP))
    assert (answer.status, answer.origin) == (status, APP)
    assert answer.get("vary") == ("Accept, Origin" if path == "/conflict" else "Origin")
    assert ask(port, method, path, origin(EVIL)).origin is None


@pytest.mark.parametrize("path", ["/missing", "/hello", "/secret"])
def test_a_preflight_needs_no_route_and_no_password(port: int, path: str) -> None:
    assert ask(port, "OPTIONS", path, preflight(APP, "PUT", "x-token")).status == 204


def test_streams_pass_as_they_are(port: int) -> None:
    answer = ask(port, "GET", "/stream", origin(APP))
    assert (answer.origin, answer.body) == (APP, b"data: 0\n\ndata: 1\n\ndata: 2\n\n")


def test_a_websocket_of_another_page_is_denied_before_it_is_accepted(port: int) -> None:
    assert ask(port, "GET", "/socket", [*HANDSHAKE, (b"Origin", EVIL.encode())]).status == 403
    answer = ask(port, "GET", "/socket", [*HANDSHAKE, (b"Origin", APP.encode())])
    assert (answer.status, answer.cors) == (101, [])
    assert ask(port, "GET", "/socket", [*HANDSHAKE, (b"Origin", b"http://api.example.com")]).status == 101
    assert ask(port, "GET", "/socket", HANDSHAKE).status == 101


def test_websockets_can_be_left_alone(serve: Serve) -> None:
    app = web.Application()
    setup(app, allow_origins=[APP], websocket_origins="ignore")
    app.router.add_get("/socket", socket)
    assert ask(serve(app), "GET", "/socket", [*HANDSHAKE, (b"Origin", EVIL.encode())]).status == 101


class TestWhatAiohttpCorsGotWrong:
    """server.md, "Others": each is answered otherwise here."""

    def test_a_handler_that_sets_the_header_itself_drops_no_connection(self, port: int) -> None:
        answer = ask(port, "GET", "/own", origin(APP))
        assert (answer.status, answer.origin, answer.body) == (200, APP, b"mine")

    def test_vary_is_there_with_and_without_origin(self, port: int) -> None:
        for headers in ([], origin(APP), origin(EVIL)):
            assert ask(port, "GET", "/hello", headers).get("vary") == "Origin"

    def test_a_plain_options_is_the_applications(self, port: int) -> None:
        assert ask(port, "OPTIONS", "/hello", origin(APP)).status == 405

    def test_any_method_on_a_route_is_no_error(self, serve: Serve) -> None:
        app = web.Application()
        setup(app, allow_origins=[APP], allow_methods=["PURGE"])
        app.router.add_route("*", "/", hello)
        assert ask(serve(app), "OPTIONS", "/", preflight(APP, "PURGE")).get("access-control-allow-methods") == "PURGE"

    def test_star_with_credentials_is_refused_when_it_is_set_up(self) -> None:
        with pytest.raises(PolicyError):
            setup(web.Application(), allow_origins=["*"], allow_credentials=True)


def test_a_policy_can_be_replaced_and_watched(serve: Serve) -> None:
    live, counters = LivePolicy(Policy(allow_origins=[APP])), Counters()
    app = web.Application()
    setup(app, live, observer=counters)
    app.router.add_get("/", hello)
    port = serve(app)
    assert ask(port, "GET", "/", origin(OTHER)).origin is None
    live.replace(Policy(allow_origins=[OTHER]))
    assert ask(port, "GET", "/", origin(OTHER)).origin == OTHER
    counts = counters.snapshot()
    assert (counts["actual:origin"], counts["actual:allowed"]) == (1, 1)


def test_a_lookup_allows_what_the_policy_does_not_list(serve: Serve) -> None:
    async def is_tenant(origin: str) -> bool:
        return origin == "https://tenant.test"

    app = web.Application()
    setup(app, allow_origins=[APP], allow_credentials=True, origin_lookup=is_tenant)
    app.router.add_get("/", hello)
    port = serve(app)
    assert ask(port, "GET", "/", origin("https://tenant.test")).origin == "https://tenant.test"
    assert ask(port, "OPTIONS", "/", preflight("https://tenant.test", "GET")).status == 204
    assert ask(port, "GET", "/", origin(EVIL)).origin is None


def test_only_marked_routes_without_a_policy_of_the_application(serve: Serve) -> None:
    app = web.Application()
    setup(app)
    app.router.add_get("/hello", hello)
    app.router.add_delete("/items", remove)
    port = serve(app)
    assert ask(port, "GET", "/hello", origin(OTHER)).cors == []
    assert ask(port, "OPTIONS", "/items", preflight(OTHER, "DELETE")).status == 204


def test_wrong_use() -> None:
    app = web.Application()
    setup(app, allow_origins=[APP])
    with pytest.raises(RuntimeError, match="already"):
        setup(app, allow_origins=[APP])
    with pytest.raises(ValueError, match="enforce"):
        setup(web.Application(), allow_origins=[APP], websocket_origins="no")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="origin_lookup needs a policy"):
        setup(web.Application(), origin_lookup=lambda origin: True)


def test_crossorigin_check_says_the_same(port: int) -> None:
    check_from_the_command_line(port)


def test_the_page_of_the_documentation(serve: Serve) -> None:
    names = page("aiohttp.md")
    port = serve(names["app"])
    assert ask(port, "OPTIONS", "/articles", preflight(APP, "GET")).status == 204
    assert ask(port, "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert ask(port, "OPTIONS", "/articles", preflight(APP, "PUT")).status == 403
