"""Several policies around one ASGI application, with a router of our own."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from crossorigin.middleware.routed import RoutedCORS, asked_method
from crossorigin.middleware.rules import Rule, Rules
from crossorigin.policy import PolicyError

from .framework_cases import APP, EVIL, origin, preflight
from .in_process import OTHER, call, connect

RULES = {
    ("PUT", "/"): Rule(None, {"allow_origins": [OTHER], "allow_methods": ["PUT"]}),
    ("GET", "/closed"): Rule(None, {}),
    ("", "/socket"): Rule(None, {"allow_origins": [OTHER]}),
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
    elif scope["type"] == "http":
        if scope["path"] == "/crash":
            raise ValueError("on purpose")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"body"})
    else:
        scope["seen"] = True


def around(**options: Any) -> RoutedCORS:
    return RoutedCORS(app, lambda scope, method: RULES.get((method, scope["path"])), Rules(None, cast("Any", options)))


def test_the_rule_of_the_route_or_the_policy_around() -> None:
    wrapped = around(allow_origins=[APP])
    assert call(wrapped, "GET", "/", origin(APP)).origin == APP
    assert call(wrapped, "PUT", "/", origin(OTHER)).origin == OTHER
    assert call(wrapped, "OPTIONS", "/", preflight(OTHER, "PUT")).status == 204
    assert call(wrapped, "OPTIONS", "/", preflight(APP, "PUT")).status == 403
    assert call(wrapped, "GET", "/closed", origin(APP)).cors == []


def test_an_exception_is_a_500_with_the_headers() -> None:
    answer = call(around(allow_origins=[APP]), "GET", "/crash", origin(APP))
    assert (answer.status, answer.origin) == (500, APP)


def test_without_a_policy_only_rules_grant() -> None:
    assert call(around(), "GET", "/", origin(APP)).cors == []
    assert call(around(), "PUT", "/", origin(OTHER)).origin == OTHER


def test_websockets_have_rules_too() -> None:
    wrapped = around(allow_origins=[APP])
    assert [connect(wrapped, "/socket", page) for page in (OTHER, APP, EVIL)] == [101, 403, 403]
    assert [connect(wrapped, "/other", page) for page in (OTHER, APP, EVIL)] == [403, 101, 403]
    assert connect(around(allow_origins=[APP], websocket_origins="ignore"), "/other", EVIL) == 101


def test_a_lifespan_passes() -> None:
    scope: dict[str, Any] = {"type": "lifespan"}
    asyncio.run(around(allow_origins=[APP])(scope, None, None))  # type: ignore[arg-type]
    assert scope["seen"]


def test_unsound_settings_are_refused() -> None:
    with pytest.raises(PolicyError):
        around(allow_origins=["*"], allow_credentials=True)


@pytest.mark.parametrize(
    ("method", "headers", "asked"),
    [
        ("GET", preflight(APP, "PUT"), "GET"),
        ("OPTIONS", preflight(APP, "PUT"), "PUT"),
        ("OPTIONS", origin(APP), "OPTIONS"),
        ("OPTIONS", [(b"access-control-request-method", b"PUT")], "OPTIONS"),
    ],
)
def test_the_method_by_which_a_route_is_found(method: str, headers: list[tuple[bytes, bytes]], asked: str) -> None:
    lines = [(name.lower(), value) for name, value in headers]
    assert asked_method({"type": "http", "method": method, "headers": lines}) == asked
    assert asked_method({"type": "websocket", "headers": lines}) == ""
