"""Falcon: the shared cases in process, policies on resources and responders, and what its own middleware got wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, ClassVar

import falcon
import falcon.asgi
import pytest
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.falcon import cors, wrap
from crossorigin.middleware.messages import ASGIApp
from crossorigin.policy import Policy

from .environ_client import call as call_wsgi
from .framework_cases import APP, BODY, EVIL, Answer, app_headers, check, each_case, origin, preflight
from .in_process import OTHER, Contract, Recorder, call, page
from .loopback import Served

# Applications that set a header themselves are warned of it; here they do so on purpose.
pytestmark = pytest.mark.filterwarnings(
    "ignore:the application, or something inside:crossorigin.middleware.notices.CORSWarning"
)
Request = falcon.asgi.Request
Response = falcon.asgi.Response


def build(policy: Policy, recorder: Recorder) -> ASGIApp:
    class Everything:
        async def answer(self, request: Any, response: Any) -> None:
            for name, value in recorder.called():
                response.append_header(name, value)
            response.data = BODY

        on_get = on_post = on_delete = on_options = answer

    app = falcon.asgi.App()
    app.add_route("/", Everything())
    app.add_sink(Everything().answer)  # type: ignore[arg-type]
    return wrap(app, policy)


class Hello:
    async def on_get(self, request: Request, response: Response) -> None:
        response.text = "hello"


class Items(Hello):
    @cors(Policy(allow_origins=[OTHER], allow_methods=["DELETE"]))
    async def on_delete(self, request: Request, response: Response) -> None:
        response.text = "removed"


@cors(allow_origins=[OTHER])
class Private(Hello):
    pass


class Crash:
    async def on_get(self, request: Request, response: Response) -> None:
        raise ValueError("on purpose")


class Own:
    async def on_get(self, request: Request, response: Response) -> None:
        response.set_header("Access-Control-Allow-Origin", "*")
        response.set_header("Vary", "Accept")


class Stream:
    async def on_get(self, request: Request, response: Response) -> None:
        async def events() -> AsyncIterator[bytes]:
            for number in range(3):
                yield b"data: %d\n\n" % number

        response.stream = events()


class Socket:
    async def on_websocket(self, request: Request, socket: falcon.asgi.WebSocket) -> None:
        await socket.accept()


class Auth:
    async def process_request(self, request: Request, response: Response) -> None:
        assert request.method != "OPTIONS" or request.path in {"/closed", "/missing"}


def application() -> ASGIApp:
    app = falcon.asgi.App(middleware=[Auth()])
    app.add_route("/hello", Hello())
    app.add_route("/items", Items())
    app.add_route("/items/{name}", Items())
    app.add_route("/private", Private())
    app.add_route("/closed", cors(None)(Hello()))
    app.add_route("/crash", Crash())
    app.add_route("/own", Own())
    app.add_route("/stream", Stream())
    app.add_route("/socket", Socket())
    return wrap(app, allow_origins=[APP], allow_methods=["PUT", "DELETE"], allow_headers=["x-token"])


class TestASGI(Contract, Served):
    build = build
    application = application
    joins = True
    # Methods that Falcon was not told of in the environment.
    refused_by_framework: ClassVar[dict[str, int]] = {"exact origin, any method reaches the application": 400}


class Plain:
    """The same for WSGI."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def on_get(self, request: Any, response: Any, **_: Any) -> None:
        for name, value in self._recorder.called():
            response.append_header(name, value)
        response.data = BODY

    on_post = on_options = on_get
    on_delete = cors(
        Policy(allow_origins=[OTHER], allow_methods=["DELETE"]), origin_lookup=lambda page: page == "https://guest.test"
    )(lambda self, request, response: None)


class Unmarked(Plain):
    on_delete = Plain.on_get


def ask(app: Any, method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Answer:
    """One request to a WSGI application, with its lines joined as servers do."""
    reply = call_wsgi(app, method, path, [(name.decode(), value.decode("latin-1")) for name, value in headers])
    return Answer(reply.status, [(name.lower(), value) for name, value in reply.headers], reply.body)


class TestWSGI:
    @each_case
    def test_case(self, case: DecisionCase) -> None:
        app, recorder = falcon.App(), Recorder()
        app.add_route("/", Unmarked(recorder))
        recorder.headers = app_headers(case)
        answer = ask(wrap(app, case.policy), case.facts.method.decode(), "/", case.request_headers)
        if case.facts.method == b"PURGE":
            # A method that Falcon was not told of in the environment.
            assert (answer.status, answer.origin, answer.get("vary")) == (400, APP, "Accept, Origin")
            return
        if case.name in {"preflight, 16 lines", "preflight, 17 lines"}:
            # A WSGI server joins the lines: what is too many there is one line here.
            assert answer.status in {204, 403}
            return
        check(case, answer, recorder.calls, {"content-length"}, {"content-length", "content-type"}, joins=True)

    def test_routes_and_errors(self) -> None:
        app, recorder = falcon.App(), Recorder()
        app.add_route("/items", Plain(recorder))
        wrapped = wrap(app, allow_origins=[APP], origin_lookup=lambda page: page == "https://tenant.test")
        assert ask(wrapped, "OPTIONS", "/items", preflight(OTHER, "DELETE")).status == 204
        assert ask(wrapped, "OPTIONS", "/items", preflight(APP, "DELETE")).status == 403
        assert ask(wrapped, "OPTIONS", "/items", preflight("https://guest.test", "DELETE")).status == 204
        assert ask(wrapped, "DELETE", "/items", origin("https://guest.test")).origin == "https://guest.test"
        assert ask(wrapped, "DELETE", "/items", origin("https://tenant.test")).origin is None
        assert ask(wrapped, "GET", "/items", origin("https://tenant.test")).origin == "https://tenant.test"
        for method, path, status in (("GET", "/missing", 404), ("PUT", "/items", 405)):
            answer = ask(wrapped, method, path, origin(APP))
            assert (answer.status, answer.origin) == (status, APP)

    def test_a_500_carries_the_headers(self) -> None:
        class Broken:
            def on_get(self, request: Any, response: Any) -> None:
                raise ValueError("on purpose")

        app = falcon.App()
        app.add_route("/", Broken())
        answer = ask(wrap(app, allow_origins=[APP]), "GET", "/", origin(APP))
        assert (answer.status, answer.origin) == (500, APP)

    def test_a_lookup_that_must_be_awaited_is_refused(self) -> None:
        async def is_tenant(origin: str) -> bool:
            return True

        with pytest.raises(TypeError, match="await"):
            wrap(falcon.App(), allow_origins=[APP], origin_lookup=is_tenant)


class TestWhatFalconsOwnGotWrong:
    """server.md, "Others": each is answered otherwise here."""

    def test_no_header_is_granted_that_the_policy_does_not_allow(self) -> None:
        assert call(application(), "OPTIONS", "/hello", preflight(APP, "GET", "x-any")).status == 403

    def test_max_age_and_methods_are_the_policys(self) -> None:
        answer = call(application(), "OPTIONS", "/hello", preflight(APP, "PUT"))
        assert answer.get("access-control-max-age") is None
        assert answer.get("access-control-allow-methods") == "PUT"


def test_a_template_and_an_empty_place() -> None:
    assert call(application(), "OPTIONS", "/items/1", preflight(OTHER, "DELETE")).status == 204
    assert call(application(), "OPTIONS", "/items/1/2", preflight(OTHER, "DELETE")).status == 403


def test_a_trailing_slash_as_falcon_was_told() -> None:
    app = falcon.asgi.App()
    app.req_options.strip_url_path_trailing_slash = True
    app.add_route("/items", Items())
    wrapped = wrap(app)
    assert call(wrapped, "DELETE", "/items/", origin(OTHER)).origin == OTHER
    assert call(wrapped, "GET", "/items/", origin(OTHER)).cors == []


def test_the_page_of_the_documentation() -> None:
    names = page("falcon.md")
    assert call(names["app"], "OPTIONS", "/articles", preflight(APP, "GET")).status == 204
    assert call(names["app"], "OPTIONS", "/articles", preflight(OTHER, "PUT")).status == 204
    assert call(names["app"], "OPTIONS", "/articles", preflight(APP, "PUT")).status == 403
    assert call(names["app"], "GET", "/articles", origin(EVIL)).origin is None
