"""Litestar: the shared cases in process, policies in `opt`, and what its own middleware got wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Controller, HttpMethod, Litestar, Response, Router, delete, get, route, websocket
from litestar.config.cors import CORSConfig
from litestar.connection import WebSocket
from litestar.datastructures import ResponseHeader
from litestar.response import Stream
from litestar.testing import TestClient

from crossorigin.middleware.litestar import setup
from crossorigin.middleware.messages import ASGIApp
from crossorigin.policy import Policy

from .framework_cases import APP, BODY, EVIL, origin, preflight
from .in_process import OTHER, Contract, Recorder, call, page
from .loopback import Served

# Applications that set a header themselves are warned of it; here they do so on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)
EDITORS = Policy(allow_origins=[OTHER], allow_methods=["DELETE", "PUT"])


def build(policy: Policy, recorder: Recorder) -> Any:
    async def everything(scope: Any, receive: Any, send: Any) -> None:
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in recorder.called()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})

    from litestar import asgi

    return setup(Litestar([asgi("/", copy_scope=True)(everything)], openapi_config=None), policy)


@get("/hello", sync_to_thread=False)
def hello() -> str:
    return "hello"


@get("/items", sync_to_thread=False)
def items() -> str:
    return "items"


@delete("/items", opt={"cors": EDITORS})
async def remove() -> None:
    return None


class Private(Controller):
    path = "/private"
    opt = {"cors": EDITORS}  # noqa: RUF012 - as Litestar declares it

    @get()
    async def read(self) -> str:
        return "private"

    @get("/closer", opt={"cors": Policy(allow_origins=[APP])})
    async def closer(self) -> str:
        return "closer"


@get("/routed")
async def routed() -> str:
    return "routed"


@get("/closed", opt={"cors": None})
async def closed() -> str:
    return "closed"


@get("/crash")
async def crash() -> None:
    raise ValueError("on purpose")


@get(
    "/own",
    response_headers=[
        ResponseHeader(name="Access-Control-Allow-Origin", value="*"),
        ResponseHeader(name="Vary", value="Accept"),
    ],
)
async def own() -> str:
    return "mine"


@get("/stream")
async def stream() -> Stream:
    async def events() -> AsyncIterator[bytes]:
        for number in range(3):
            yield b"data: %d\n\n" % number

    return Stream(events())


@websocket("/socket")
async def socket(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()


@route("/any", http_method=[HttpMethod.GET, HttpMethod.POST])
async def several() -> Response[str]:
    return Response("any")


def application() -> Any:
    handlers: list[Any] = [hello, items, remove, Private, closed, crash, own, stream, socket, several]
    app = Litestar([*handlers, Router("/router", route_handlers=[routed], opt={"cors": EDITORS})], openapi_config=None)
    return setup(app, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])


class TestASGI(Contract, Served):
    build = build
    application = application


@pytest.mark.parametrize(("path", "allowed"), [("/router/routed", OTHER), ("/private/closer", APP), ("//hello", APP)])
def test_opt_of_the_closest_layer_counts(path: str, allowed: str) -> None:
    app = application()
    assert call(app, "GET", path, origin(allowed)).origin == allowed
    assert call(app, "OPTIONS", path, preflight(allowed, "GET")).status == 204


class TestWhatLitestarsOwnGotWrong:
    """server.md, "Others": each is answered otherwise here."""

    def test_methods_and_headers_are_for_preflights_only(self) -> None:
        for each in (APP, EVIL):
            answer = call(application(), "GET", "/hello", origin(each))
            assert answer.get("access-control-allow-methods") is None
            assert answer.get("access-control-allow-headers") is None

    def test_a_cookie_changes_nothing(self) -> None:
        app = setup(Litestar([hello], openapi_config=None), allow_origins=[APP], allow_credentials=True)
        plain: ASGIApp = app  # type: ignore[assignment]
        for more in ((), (("Cookie", "a=b"),)):
            answer = call(plain, "GET", "/hello", origin(APP, *more))
            assert (answer.origin, answer.get("access-control-allow-credentials")) == (APP, "true")

    def test_options_without_a_requested_method_is_not_swallowed(self) -> None:
        assert call(application(), "OPTIONS", "/missing", origin(APP)).status == 404
        assert call(application(), "OPTIONS", "/hello", origin(APP)).get("allow") is not None


def test_it_is_still_a_litestar_application() -> None:
    with TestClient(application()) as client:
        answer = client.get("/hello", headers={"Origin": APP})
        assert (answer.text, answer.headers["access-control-allow-origin"]) == ("hello", APP)


def test_handlers_that_are_registered_later_count() -> None:
    app = setup(Litestar([], openapi_config=None), allow_origins=[APP])
    app.register(remove)
    assert call(app, "OPTIONS", "/items", preflight(OTHER, "DELETE")).status == 204  # type: ignore[arg-type]


def test_wrong_use() -> None:
    with pytest.raises(RuntimeError, match="already"):
        setup(application(), allow_origins=[APP])
    with pytest.raises(RuntimeError, match="cors_config"):
        setup(Litestar([], cors_config=CORSConfig()), allow_origins=[APP])
    with pytest.raises(TypeError, match="a policy is a Policy"):
        setup(Litestar([hello], opt={"cors": "*"}), allow_origins=[APP])


def test_the_page_of_the_documentation() -> None:
    names = page("litestar.md")
    assert call(names["app"], "OPTIONS", "/articles", preflight(APP, "GET")).status == 204
    assert call(names["app"], "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert call(names["app"], "OPTIONS", "/articles", preflight(APP, "PUT")).status == 403
    assert call(names["app"], "GET", "/articles", origin(EVIL)).origin is None
