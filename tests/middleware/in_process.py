"""ASGI applications called without a server, and what every framework's routes are held to."""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.messages import ASGIApp
from crossorigin.policy import Policy

from .framework_cases import (
    APP,
    CASES,
    EVIL,
    HANDSHAKE,
    VARY_PREFLIGHT,
    Answer,
    Fields,
    app_headers,
    check,
    origin,
    preflight,
)

OTHER = "https://admin.example.com"


def call(
    app: ASGIApp, method: str, path: str, headers: Iterable[tuple[bytes, bytes]] = (), scheme: str = "https"
) -> Answer:
    """One HTTP request to an ASGI application, with an exception that it raises kept back."""
    return asyncio.run(_call(app, method, path, headers, scheme))


async def _call(app: ASGIApp, method: str, path: str, headers: Iterable[tuple[bytes, bytes]], scheme: str) -> Answer:
    sent: list[Any] = []
    requests = [{"type": "http.request", "body": b"", "more_body": False}]
    answered = asyncio.Event()

    async def receive() -> Any:
        if requests:
            return requests.pop()
        # A client that goes when it has its answer; some applications wait for that.
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    try:
        await app(_scope("http", method, path, headers, scheme), receive, send)
    except ValueError as error:
        assert str(error) == "on purpose"  # noqa: PT017 - the application's own, for the server to log
    start = [each for each in sent if each["type"] == "http.response.start"]
    assert len(start) == 1
    body = b"".join(each.get("body", b"") for each in sent if each["type"] == "http.response.body")
    fields = [(bytes(name).lower().decode(), bytes(value).decode("latin-1")) for name, value in start[0]["headers"]]
    return Answer(start[0]["status"], fields, body)


def connect(app: ASGIApp, path: str, origin: str | None, scheme: str = "wss") -> int:
    """The status that a WebSocket handshake gets: 101 for one that is accepted."""
    return asyncio.run(_connect(app, path, origin, scheme))


async def _connect(app: ASGIApp, path: str, origin: str | None, scheme: str) -> int:
    sent: list[Any] = []
    arriving: list[Any] = [{"type": "websocket.disconnect", "code": 1000}, {"type": "websocket.connect"}]

    async def receive() -> Any:
        if arriving:
            return arriving.pop()
        await asyncio.sleep(30)
        return None

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [*HANDSHAKE, *([] if origin is None else [(b"Origin", origin.encode())])]
    await app(_scope("websocket", None, path, headers, scheme), receive, send)
    return {"websocket.accept": 101, "websocket.close": 403}.get(sent[0]["type"]) or int(sent[0]["status"])


def _scope(
    kind: str, method: str | None, path: str, headers: Iterable[tuple[bytes, bytes]], scheme: str
) -> dict[str, Any]:
    lines = [(name.lower(), value) for name, value in headers]
    if not any(name == b"host" for name, _ in lines):
        lines.insert(0, (b"host", b"api.example.com"))
    scope: dict[str, Any] = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": lines,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
        "extensions": {},
    }
    if method is not None:
        scope["method"] = method
    else:
        scope["subprotocols"] = []
    return scope


class Recorder:
    """What the application of the shared cases sends, and how often it was called."""

    def __init__(self) -> None:
        self.calls = 0
        self.headers: Fields = []

    def called(self) -> Fields:
        """Count, and give the headers to send."""
        self.calls += 1
        return self.headers


class Contract:
    """Every framework's application, built by `build` and `application`, answers alike.

    `application` has the policy of APP with PUT, DELETE and x-token, and: /hello; /items with DELETE for OTHER;
    /private for OTHER; /closed for nobody; /crash; /own with headers of its own; /stream of three events; /socket.
    """

    build: ClassVar[Callable[[Policy, Recorder], Any]]
    application: ClassVar[Callable[[], Any]]
    own: ClassVar[set[str]] = {"content-length"}
    framework: ClassVar[set[str]] = {"content-length", "content-type"}
    refused_by_framework: ClassVar[dict[str, int]] = {}
    """Cases that the framework answers by itself, and how; the headers have to be there all the same."""
    joins: ClassVar[bool] = False

    def get(self, method: str, path: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
        return self.call(type(self).application(), method, path, headers)

    def call(self, app: Any, method: str, path: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> Answer:
        """One request, as over TLS."""
        return call(app, method, path, headers)

    def connect(self, app: Any, path: str, page: str | None) -> int:
        """The status of a WebSocket handshake."""
        return connect(app, path, page)

    @pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
    def test_case(self, case: DecisionCase) -> None:
        recorder = Recorder()
        app = type(self).build(case.policy, recorder)
        recorder.headers = app_headers(case)
        answer = self.call(app, case.facts.method.decode(), "/", case.request_headers)
        if case.name in self.refused_by_framework:
            assert answer.status == self.refused_by_framework[case.name]
            assert answer.origin == APP
            assert "Origin" in (answer.get("vary") or "").split(", ")
            return
        check(case, answer, recorder.calls, self.own, self.framework, joins=self.joins)

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [("GET", "/hello", APP), ("GET", "/items", APP), ("DELETE", "/items", OTHER), ("GET", "/private", OTHER)],
    )
    def test_the_most_specific_policy_decides_for_request_and_preflight(
        self, method: str, path: str, allowed: str
    ) -> None:
        denied = OTHER if allowed == APP else APP
        assert self.get(method, path, origin(allowed)).origin == allowed
        assert self.get(method, path, origin(denied)).origin is None
        answer = self.get("OPTIONS", path, preflight(allowed, method))
        assert (answer.status, answer.origin, answer.body) == (204, allowed, b"")
        answer = self.get("OPTIONS", path, preflight(denied, method))
        assert (answer.status, answer.cors) == (403, [("vary", VARY_PREFLIGHT)])

    def test_a_route_without_any_policy_is_left_alone(self) -> None:
        assert self.get("GET", "/closed", origin(APP)).cors == []
        assert self.get("OPTIONS", "/closed", preflight(APP, "GET")).origin is None

    @pytest.mark.parametrize(
        ("method", "path", "status"), [("GET", "/missing", 404), ("POST", "/hello", 405), ("GET", "/crash", 500)]
    )
    def test_errors_carry_the_headers(self, method: str, path: str, status: int) -> None:
        answer = self.get(method, path, origin(APP))
        assert (answer.status, answer.origin) == (status, APP)
        assert "Origin" in (answer.get("vary") or "").split(", ")
        assert self.get(method, path, origin(EVIL)).origin is None

    @pytest.mark.parametrize("path", ["/missing", "/hello", "/crash"])
    def test_a_preflight_needs_no_route(self, path: str) -> None:
        assert self.get("OPTIONS", path, preflight(APP, "PUT", "x-token")).status == 204

    def test_streams_pass_as_they_are(self) -> None:
        answer = self.get("GET", "/stream", origin(APP))
        assert (answer.origin, answer.body) == (APP, b"data: 0\n\ndata: 1\n\ndata: 2\n\n")

    def test_headers_of_the_application_are_replaced_and_vary_is_added_to(self) -> None:
        answer = self.get("GET", "/own", origin(APP))
        assert (answer.status, answer.origin, answer.get("vary")) == (200, APP, "Accept, Origin")
        assert self.get("GET", "/own", origin(EVIL)).origin is None

    def test_vary_is_there_with_and_without_origin(self) -> None:
        for headers in ([], origin(APP), origin(EVIL)):
            assert self.get("GET", "/hello", headers).get("vary") == "Origin"

    @pytest.mark.parametrize(
        ("page", "status"),
        [(APP, 101), ("https://api.example.com", 101), (None, 101), (EVIL, 403), ("null", 403)],
    )
    def test_a_websocket_of_another_page_is_denied_before_it_is_accepted(self, page: str | None, status: int) -> None:
        assert self.connect(type(self).application(), "/socket", page) == status

    def test_a_plain_options_is_the_applications(self) -> None:
        answer = self.get("OPTIONS", "/missing", origin(APP))
        assert (answer.status, answer.get("access-control-allow-methods")) == (404, None)

    def test_star_with_credentials_is_refused_when_it_is_set_up(self) -> None:
        with pytest.raises(ValueError, match="credentials"):
            type(self).build(Policy(allow_origins=["*"], allow_credentials=True), Recorder())


def page(name: str) -> dict[str, Any]:
    """The names that the first example of a page of the documentation defines."""
    text = (Path(__file__).parents[2] / "docs" / name).read_text(encoding="utf-8")
    module = types.ModuleType(f"page_{name.partition('.')[0]}")
    # Frameworks look type hints up by the module's name.
    sys.modules[module.__name__] = module
    exec(text.split("```python\n")[1].split("```")[0], module.__dict__)
    return module.__dict__
