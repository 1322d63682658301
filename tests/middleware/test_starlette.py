"""Starlette: the shared cases in process, policies of routes, mounts and nested applications, S1, S11 and S12."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware as StarlettesOwn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette.websockets import WebSocket

from crossorigin.middleware.asgi import CORSMiddleware as AnyASGI
from crossorigin.middleware.notices import CORSWarning
from crossorigin.middleware.starlette import CORSMiddleware, cors, install
from crossorigin.policy import Policy, PolicyError

from .framework_cases import APP, BODY, EVIL, origin, preflight
from .in_process import OTHER, Contract, Recorder, call, connect
from .lifespan import started

pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)
EDITORS = Policy(allow_origins=[OTHER], allow_methods=["DELETE", "PUT"])
METHODS = ["GET", "POST", "DELETE", "OPTIONS", "PURGE"]


def build(policy: Policy, recorder: Recorder) -> Any:
    async def everything(request: Request) -> Response:
        response = Response(BODY)
        response.raw_headers += [(name.encode(), value.encode("latin-1")) for name, value in recorder.called()]
        return response

    app = Starlette(routes=[Route("/", everything, methods=METHODS)])
    install(app, policy)
    return app


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


@cors(EDITORS)
async def private(request: Request) -> Response:
    return PlainTextResponse("private")


@cors(None)
async def closed(request: Request) -> Response:
    return PlainTextResponse("closed")


async def crash(request: Request) -> Response:
    raise ValueError("on purpose")


async def own(request: Request) -> Response:
    return PlainTextResponse("mine", headers={"Access-Control-Allow-Origin": "*", "Vary": "Accept"})


async def stream(request: Request) -> Response:
    async def events() -> AsyncIterator[bytes]:
        for number in range(3):
            yield b"data: %d\n\n" % number

    return StreamingResponse(events(), media_type="text/event-stream")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()


class Articles(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return PlainTextResponse("read")

    @cors(EDITORS)
    async def put(self, request: Request) -> Response:
        return PlainTextResponse("written")


def routes() -> list[Any]:
    return [
        Route("/hello", hello),
        Route("/items", hello, methods=["GET"]),
        cors(EDITORS)(Route("/items", own, methods=["DELETE"])),
        Route("/private", private),
        Route("/closed", closed),
        Route("/crash", crash),
        Route("/own", own),
        Route("/stream", stream),
        Route("/articles", Articles),
        Route("/slash/", private),
        WebSocketRoute("/socket", socket),
        cors(EDITORS)(WebSocketRoute("/editors", socket)),
        cors(EDITORS)(Mount("/mount", routes=[Route("/in", hello), cors(allow_origins=[APP])(Route("/deep", hello))])),
        Mount("/router", app=cors(EDITORS)(Router([Route("/in", hello)]))),
        Mount("/app", app=cors(EDITORS)(Starlette(routes=[Route("/in", hello), Route("/crash", crash)]))),
        cors(EDITORS)(Host("admin.example.org", Router([Route("/hosted", hello)]))),
    ]


def application() -> Any:
    app = Starlette(routes=routes())
    app.add_middleware(CORSMiddleware, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])
    return app


class TestContract(Contract):
    build = build
    application = application
    framework = {"content-length", "content-type"}  # noqa: RUF012 - as the class above has it


class TestRoutes:
    """The most specific mark on the way that Starlette's router takes."""

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("GET", "/mount/in", OTHER),
            ("GET", "/mount/deep", APP),
            ("GET", "/mount/missing", OTHER),
            ("GET", "/router/in", OTHER),
            ("GET", "/app/in", OTHER),
            ("GET", "/articles", APP),
            ("PUT", "/articles", OTHER),
            ("HEAD", "/articles", APP),
            ("GET", "/slash/", OTHER),
            ("GET", "/slash", OTHER),
            ("GET", "/missing/", APP),
        ],
    )
    def test_way(self, method: str, path: str, allowed: str) -> None:
        app = application()
        denied = OTHER if allowed == APP else APP
        assert call(app, method, path, origin(allowed)).origin == allowed
        assert call(app, method, path, origin(denied)).origin is None
        assert call(app, "OPTIONS", path, preflight(allowed, method)).status == 204
        assert call(app, "OPTIONS", path, preflight(denied, method)).status == 403

    def test_a_method_that_no_route_has_belongs_to_the_first_that_has_the_path(self) -> None:
        answer = call(application(), "PATCH", "/items", origin(APP))
        assert (answer.status, answer.origin) == (405, APP)

    def test_a_host(self) -> None:
        asked = [(b"host", b"admin.example.org"), *origin(OTHER)]
        assert call(application(), "GET", "/hosted", asked).origin == OTHER

    def test_websockets(self) -> None:
        app = application()
        assert (connect(app, "/editors", OTHER), connect(app, "/editors", APP)) == (101, 403)

    def test_below_a_root_path(self) -> None:
        root = Starlette(routes=[Mount("/v1", app=application())])
        assert call(root, "GET", "/v1/private", origin(OTHER)).origin == OTHER
        assert call(root, "GET", "/v1/hello", origin(APP)).origin == APP

    def test_without_a_policy_only_what_is_marked_grants(self) -> None:
        app = Starlette(routes=routes(), middleware=[Middleware(CORSMiddleware)])
        assert call(app, "GET", "/hello", origin(APP)).cors == []
        assert call(app, "GET", "/private", origin(OTHER)).origin == OTHER


class TestNested:
    """S12: what is mounted with a CORS middleware of its own answers for itself."""

    def nested(self, how: str) -> Any:
        inner = Starlette(routes=[Route("/in", hello), Route("/crash", crash)])
        mounted: Any = inner
        if how == "added":
            inner.add_middleware(CORSMiddleware, EDITORS)
        elif how == "starlette's own":
            inner.add_middleware(StarlettesOwn, allow_origins=[OTHER], allow_methods=["PUT"])
        elif how == "around":
            mounted = AnyASGI(inner, EDITORS)
        mount = Mount("/inner", app=mounted)
        if how == "of the mount":
            mount = Mount("/inner", app=inner, middleware=[Middleware(CORSMiddleware, EDITORS)])
        app = Starlette(routes=[Route("/hello", hello)])
        app.add_middleware(CORSMiddleware, allow_origins=[APP])
        app.router.routes.append(mount)
        return app

    @pytest.mark.parametrize("how", ["added", "starlette's own", "around", "of the mount"])
    def test_it_answers_itself(self, how: str) -> None:
        app = self.nested(how)
        assert call(app, "GET", "/hello", origin(APP)).origin == APP
        assert call(app, "OPTIONS", "/inner/in", preflight(OTHER, "PUT")).origin == OTHER
        answer = call(app, "GET", "/inner/in", origin(OTHER))
        assert (answer.origin, answer.get("vary")) == (OTHER, "Origin")
        assert call(app, "GET", "/inner/in", origin(APP)).origin is None
        if how != "starlette's own":
            assert call(app, "GET", "/inner/crash", origin(OTHER)).origin == OTHER

    def test_what_is_mounted_later_counts_too(self) -> None:
        app = self.nested("added")
        late = Starlette(routes=[Route("/in", hello)], middleware=[Middleware(CORSMiddleware, allow_origins=[EVIL])])
        assert call(app, "GET", "/hello", origin(APP)).origin == APP
        app.mount("/late", late)
        assert call(app, "OPTIONS", "/late/in", preflight(EVIL, "GET")).status == 204

    def test_a_part_leaves_exceptions_to_those_outside(self) -> None:
        part = Mount(
            "/part", routes=[Route("/crash", crash)], middleware=[Middleware(CORSMiddleware, allow_origins=[APP])]
        )
        app = Starlette(routes=[part])
        assert call(app, "GET", "/part/crash", origin(APP)).status == 500
        assert call(app, "GET", "/part/missing", origin(APP)).status == 404


class Refusing:
    """Authentication in the simplest form: nobody comes in."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await PlainTextResponse("no", 401)(scope, receive, send)


class TestPlace:
    """It ends up around everything, wherever it was put."""

    def test_s12_authentication_added_later_gets_to_see_no_preflight(self) -> None:
        app = Starlette(routes=routes())
        app.add_middleware(CORSMiddleware, allow_origins=[APP], allow_methods=["PUT"])
        app.add_middleware(Refusing)
        started(app)
        assert call(app, "OPTIONS", "/hello", preflight(APP, "PUT")).status == 204
        answer = call(app, "GET", "/hello", origin(APP))
        assert (answer.status, answer.origin) == (401, APP)

    @pytest.mark.parametrize("is_started", [True, False])
    @pytest.mark.parametrize("debug", [True, False])
    def test_s1_a_crash_is_answered_as_starlette_would_and_script_can_read_it(
        self, is_started: bool, debug: bool
    ) -> None:
        app = application()
        app.debug = debug
        if is_started:
            started(app)
        for _ in range(2):
            answer = call(app, "GET", "/crash", origin(APP))
            assert (answer.status, answer.origin, answer.get("vary")) == (500, APP, "Origin")
            assert (b"on purpose" in answer.body) is debug

    def test_a_handler_of_ones_own_is_called_once_for_each_crash(self) -> None:
        calls: list[str] = []

        async def handler(request: Request, error: Exception) -> Response:
            calls.append(request.url.path)
            return PlainTextResponse("sorry", 500)

        app = Starlette(routes=routes(), exception_handlers={Exception: handler})
        install(app, allow_origins=[APP])
        started(app)
        answer = call(app, "GET", "/crash", origin(APP))
        assert (answer.body, answer.origin, calls) == (b"sorry", APP, ["/crash"])

    def test_before_the_start_too(self) -> None:
        async def handler(request: Request, error: Exception) -> Response:
            return PlainTextResponse("sorry", 500)

        app = Starlette(routes=routes(), exception_handlers={500: handler})
        install(app, allow_origins=[APP])
        answer = call(app, "GET", "/crash", origin(APP))
        assert (answer.body, answer.origin) == (b"sorry", APP)

    def test_around_a_finished_application(self) -> None:
        app = CORSMiddleware(Starlette(routes=routes()), allow_origins=[APP])
        assert call(app, "GET", "/crash", origin(APP)).origin == APP
        assert call(app, "GET", "/private", origin(OTHER)).origin == OTHER

    def test_in_the_list_of_middleware(self) -> None:
        app = Starlette(routes=routes(), middleware=[Middleware(CORSMiddleware, allow_origins=[APP])])
        assert call(app, "GET", "/hello", origin(APP)).origin == APP

    def test_two_are_warned_of(self) -> None:
        app = Starlette(routes=routes())
        app.add_middleware(StarlettesOwn, allow_origins=["*"])
        app.add_middleware(CORSMiddleware, allow_origins=[APP])
        with pytest.warns(CORSWarning, match=r"second CORS middleware inside .*starlette\.middleware\.cors"):
            answer = call(app, "GET", "/hello", origin(APP))
        assert answer.origin == APP

    def test_install_refuses_a_second_one_and_says_at_once_what_is_wrong(self) -> None:
        app = Starlette(middleware=[Middleware(StarlettesOwn)])
        with pytest.raises(RuntimeError, match="has a CORS middleware already"):
            install(app, allow_origins=[APP])
        with pytest.raises(PolicyError, match="P601"):
            install(Starlette(), allow_origins="*")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="every origin"):
            install(Starlette(), allow_origins=["*"], origin_lookup=lambda _origin: True)

    def test_a_policy_that_is_not_sound_lets_no_server_start(self) -> None:
        app = Starlette()
        app.add_middleware(CORSMiddleware, allow_origins="https://app.example.com")  # type: ignore[arg-type]
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "lifespan.startup"}

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(app({"type": "lifespan", "state": {}}, receive, send))
        (message,) = sent
        assert message["type"] == "lifespan.startup.failed"
        assert 'Write: allow_origins = ["https://app.example.com"]' in message["message"]
        with pytest.raises(PolicyError, match="P601"):
            asyncio.run(app({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send))

    def test_where_it_is_made_at_once_it_fails_at_once(self) -> None:
        with pytest.raises(PolicyError, match="P601"):
            CORSMiddleware(Starlette(), allow_origins="https://app.example.com")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="not list"):
            Mount("/", routes=[], middleware=[Middleware(CORSMiddleware, ["https://app.example.com"])])  # type: ignore[arg-type]
