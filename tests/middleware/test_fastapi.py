"""FastAPI: the shared cases in process, policies of path operations and routers, and the one line of the README."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import nullcontext, suppress
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response, WebSocket
from fastapi.responses import StreamingResponse

from crossorigin.middleware.fastapi import CORSMiddleware, cors, cors_dependency, install
from crossorigin.policy import Policy

from .framework_cases import APP, BODY, EVIL, origin, preflight
from .in_process import OTHER, Contract, Recorder, call, connect
from .lifespan import started

pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)
EDITORS = Policy(allow_origins=[OTHER], allow_methods=["DELETE", "PUT"])


def build(policy: Policy, recorder: Recorder) -> Any:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, policy=policy)

    @app.api_route("/", methods=["GET", "POST", "DELETE", "OPTIONS", "PURGE"])
    def everything() -> Response:
        response = Response(BODY)
        response.raw_headers += [(name.encode(), value.encode("latin-1")) for name, value in recorder.called()]
        return response

    return app


def application() -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])

    @app.get("/hello")
    @app.get("/items")
    def hello() -> str:
        return "hello"

    @app.delete("/items", dependencies=[cors_dependency(EDITORS)])
    def remove() -> str:
        return "removed"

    @app.get("/private")
    @cors(EDITORS)
    async def private() -> str:
        return "private"

    @app.get("/closed")
    @cors(None)
    async def closed() -> str:
        return "closed"

    @app.get("/crash")
    async def crash() -> str:
        raise ValueError("on purpose")

    @app.get("/own")
    def own(response: Response) -> str:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Vary"] = "Accept"
        return "mine"

    @app.get("/stream")
    def stream() -> StreamingResponse:
        async def events() -> AsyncIterator[bytes]:
            for number in range(3):
                yield b"data: %d\n\n" % number

        return StreamingResponse(events(), media_type="text/event-stream")

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()

    editors = APIRouter(prefix="/editors", dependencies=[cors_dependency(EDITORS)])
    inner = APIRouter(prefix="/inner")
    marked = cors(EDITORS)(APIRouter(prefix="/marked"))
    for router in (editors, inner, marked):
        router.add_api_route("/read", hello, methods=["GET"])
    inner.add_api_route("/own", hello, methods=["GET"], dependencies=[cors_dependency(allow_origins=[APP])])
    inner.add_api_websocket_route("/socket", socket)
    editors.include_router(inner)
    app.include_router(editors)
    app.include_router(marked)
    app.include_router(inner, prefix="/included", dependencies=[cors_dependency(EDITORS)])
    app.include_router(inner, prefix="/plain")
    return app


class TestContract(Contract):
    build = build
    application = application
    framework = {"content-length", "content-type"}  # noqa: RUF012 - as the class above has it


class TestRoutes:
    """The closest to the path operation."""

    @pytest.mark.parametrize(
        ("path", "allowed"),
        [
            ("/editors/read", OTHER),
            ("/editors/inner/read", OTHER),
            ("/editors/inner/own", APP),
            ("/marked/read", OTHER),
            ("/included/inner/read", OTHER),
            ("/included/inner/own", APP),
            ("/plain/inner/read", APP),
        ],
    )
    def test_routers(self, path: str, allowed: str) -> None:
        app = application()
        denied = OTHER if allowed == APP else APP
        assert call(app, "GET", path, origin(allowed)).origin == allowed
        assert call(app, "GET", path, origin(denied)).origin is None
        assert call(app, "OPTIONS", path, preflight(allowed, "GET")).status == 204
        assert call(app, "OPTIONS", path, preflight(denied, "GET")).status == 403

    def test_websockets_of_routers(self) -> None:
        app = application()
        assert (connect(app, "/editors/inner/socket", OTHER), connect(app, "/editors/inner/socket", APP)) == (101, 403)
        assert (connect(app, "/plain/inner/socket", OTHER), connect(app, "/plain/inner/socket", APP)) == (403, 101)

    def test_an_application_below(self) -> None:
        app, below = application(), application()
        app.mount("/below", below)
        assert call(app, "GET", "/below/private", origin(OTHER)).origin == OTHER
        assert call(app, "OPTIONS", "/below/items", preflight(OTHER, "DELETE")).status == 204
        assert call(app, "GET", "/below/crash", origin(APP)).origin == APP

    def test_the_mark_is_no_parameter(self) -> None:
        paths = application().openapi()["paths"]
        assert "parameters" not in paths["/items"]["delete"]


async def session() -> AsyncIterator[None]:
    yield


def crossing() -> FastAPI:
    app = FastAPI()
    app.add_middleware(CORSMiddleware, allow_origins=[APP], allow_credentials=True, allow_headers=["authorization"])

    @app.get("/users/{number}")
    def user(number: int, _session: Annotated[None, Depends(session)]) -> dict[str, int]:
        if number == 0:
            raise HTTPException(404, headers={"Vary": "Accept"})
        return {"number": 1 // (number - 1)}

    return app


class HoldingBack:
    """As a server does, which logs what it gets."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        with suppress(ZeroDivisionError):
            await self.app(scope, receive, send)


class TestOneLine:
    """`app.add_middleware(CORSMiddleware, allow_origins=[...])` does the right thing."""

    @pytest.mark.parametrize(
        ("path", "status"), [("/users/2", 200), ("/users/0", 404), ("/users/x", 422), ("/users/1", 500), ("/", 404)]
    )
    @pytest.mark.parametrize("is_started", [True, False])
    def test_every_answer_can_be_read(self, path: str, status: int, is_started: bool) -> None:
        app = started(crossing()) if is_started else crossing()
        with pytest.raises(ZeroDivisionError) if status == 500 else nullcontext():
            call(app, "GET", path, origin(APP))
        answer = call(HoldingBack(app), "GET", path, origin(APP))
        assert (answer.status, answer.origin, answer.get("access-control-allow-credentials")) == (status, APP, "true")
        assert answer.get("vary") == ("Accept, Origin" if path == "/users/0" else "Origin")

    def test_strangers(self) -> None:
        answer = call(started(crossing()), "GET", "/users/2", origin(EVIL))
        assert (answer.status, answer.cors) == (200, [("vary", "Origin")])

    def test_install_is_the_same_line(self) -> None:
        app = FastAPI()
        install(app, allow_origins=[APP])
        assert call(app, "GET", "/openapi.json", origin(APP)).origin == APP
