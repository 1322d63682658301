"""Quart: the shared cases in process, policies of views and blueprints, and what quart-cors got wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from quart import Blueprint, Quart, Response, abort, request, websocket
from quart.views import MethodView

from crossorigin.middleware.quart import cors, setup
from crossorigin.policy import Policy

from .framework_cases import APP, BODY, EVIL, origin, preflight
from .in_process import OTHER, Contract, Recorder, call, connect, page
from .loopback import Served

# Applications that set a header themselves are warned of it; here they do so on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)


def quart() -> Quart:
    app = Quart(__name__)
    app.logger.setLevel(logging.CRITICAL + 1)
    return app


def build(policy: Policy, recorder: Recorder) -> Any:
    app = quart()
    methods = ["GET", "POST", "DELETE", "OPTIONS", "PURGE"]

    @app.route("/", methods=methods, provide_automatic_options=False)
    async def everything() -> Response:
        response = Response(BODY)
        for name, value in recorder.called():
            response.headers.set(name, value) if name == "content-type" else response.headers.add(name, value)
        return response

    setup(app, policy)
    return app


class Articles(MethodView):
    async def get(self) -> str:
        return "read"

    @cors(allow_origins=[OTHER], allow_methods=["PUT"])
    async def put(self) -> str:
        return "written"


def application() -> Any:  # noqa: C901 - a list of views
    app = quart()

    @app.before_request
    async def auth() -> None:
        if request.path == "/secret":
            abort(401)

    @app.get("/hello")
    @app.get("/items")
    @app.get("/secret")
    async def hello() -> str:
        return "hello"

    @app.delete("/items")
    @cors(Policy(allow_origins=[OTHER], allow_methods=["DELETE"]))
    async def remove() -> str:
        return "removed"

    @app.get("/closed")
    @cors(None)
    async def closed() -> str:
        return "closed"

    @app.get("/crash")
    async def crash() -> str:
        raise ValueError("on purpose")

    @app.get("/own")
    async def own() -> Response:
        return Response("mine", headers={"Access-Control-Allow-Origin": "*", "Vary": "Accept"})

    @app.get("/stream")
    async def stream() -> Response:
        async def events() -> AsyncIterator[bytes]:
            for number in range(3):
                yield b"data: %d\n\n" % number

        return Response(events(), content_type="text/event-stream")

    @app.websocket("/socket")
    async def socket() -> None:
        await websocket.accept()

    @app.websocket("/admin-socket")
    @cors(allow_origins=[OTHER])
    async def admin_socket() -> None:
        await websocket.accept()

    private = cors(allow_origins=[OTHER])(Blueprint("private", __name__))
    inner = Blueprint("inner", __name__)
    nested = cors(allow_origins=[APP])(Blueprint("nested", __name__))
    for blueprint, path in ((private, "/private"), (inner, "/inner"), (nested, "/nested")):
        blueprint.add_url_rule(path, view_func=hello)
    private.register_blueprint(inner)
    private.register_blueprint(nested)
    app.register_blueprint(private)
    app.add_url_rule("/articles", view_func=Articles.as_view("articles"))
    setup(app, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])
    return app


class TestASGI(Contract, Served):
    build = build
    application = application


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/inner", OTHER), ("GET", "/nested", APP), ("GET", "/articles", APP), ("PUT", "/articles", OTHER)],
)
def test_blueprints_and_classes_of_views(method: str, path: str, allowed: str) -> None:
    app = application()
    denied = OTHER if allowed == APP else APP
    assert call(app, method, path, origin(allowed)).origin == allowed
    assert call(app, "OPTIONS", path, preflight(allowed, method)).status == 204
    assert call(app, "OPTIONS", path, preflight(denied, method)).status == 403


def test_a_websocket_with_a_policy_of_its_own() -> None:
    assert connect(application(), "/admin-socket", OTHER) == 101
    assert connect(application(), "/admin-socket", APP) == 403


def test_a_preflight_needs_no_password() -> None:
    assert call(application(), "OPTIONS", "/secret", preflight(APP, "GET")).status == 204
    answer = call(application(), "GET", "/secret", origin(APP))
    assert (answer.status, answer.origin) == (401, APP)


class TestWhatQuartCorsGotWrong:
    """server.md, "Others": each is answered otherwise here."""

    def test_star_with_credentials_is_refused_when_it_is_set_up(self) -> None:
        app = quart()
        with pytest.raises(ValueError, match="credentials"):
            setup(app, allow_origins=["*"], allow_credentials=True)

    def test_nothing_exposed_is_no_header(self) -> None:
        assert call(application(), "GET", "/hello", origin(APP)).get("access-control-expose-headers") is None


def test_head_is_under_the_policy_of_the_get_that_answers_it() -> None:
    class Private(MethodView):
        @cors(allow_origins=[OTHER])
        async def get(self) -> str:
            return "read"

    app = quart()
    app.add_url_rule("/private", view_func=Private.as_view("private"))
    setup(app, allow_origins=[APP])
    assert call(cast("Any", app), "HEAD", "/private", origin(OTHER)).origin == OTHER
    assert call(cast("Any", app), "HEAD", "/private", origin(APP)).cors == [("vary", "Origin")]


def test_a_second_setup_is_refused() -> None:
    with pytest.raises(RuntimeError, match="already"):
        setup(application(), allow_origins=[APP])


def test_the_page_of_the_documentation() -> None:
    names = page("quart.md")
    assert call(names["app"], "OPTIONS", "/articles", preflight(APP, "GET")).status == 204
    assert call(names["app"], "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert call(names["app"], "OPTIONS", "/articles", preflight(APP, "PUT")).status == 403
    assert call(names["app"], "GET", "/articles", origin(EVIL)).origin is None
