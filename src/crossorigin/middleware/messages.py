"""What ASGI passes about: https://asgi.readthedocs.io/en/latest/specs/www.html, and the answers that are our own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from crossorigin.policy import RequestFacts
from crossorigin.policy.preflight import Header, Headers

__all__ = ["ASGIApp", "Message", "Receive", "Scope", "Send", "deny_websocket", "facts_of", "framed", "reply"]

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_NO_BODY: Final = (b"content-length", b"0")
_POLICY_VIOLATION: Final = 1008
"""https://www.rfc-editor.org/rfc/rfc6455.html#section-7.4.1; before the handshake is accepted servers send a 403."""


def framed(status: int, headers: Headers) -> list[Header]:
    """The headers of an answer without a body: a 204 has no length, for everything else it is told.

    https://www.rfc-editor.org/rfc/rfc9110.html#section-8.6
    """
    return list(headers) if status == 204 else [*headers, _NO_BODY]


def facts_of(scope: Scope) -> RequestFacts:
    """The facts of an HTTP request or a WebSocket handshake.

    Behind a proxy that ends TLS a server sees `http` and `ws` where the browser spoke https and wss, so these two are
    no evidence, and both are tried. `https` and `wss` are: a page of plain http is another origin.
    """
    scheme = scope.get("scheme", "http")
    return RequestFacts.from_headers(
        scope.get("method", "GET").encode("latin-1"),
        scope["headers"],
        scheme=None if scheme in {"http", "ws"} else scheme.encode("latin-1"),
    )


async def reply(send: Send, status: int, headers: Headers) -> None:
    """Answer without the application, without a body."""
    fields = list(headers) if status == 204 else framed(status, headers)
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": b""})


async def deny_websocket(scope: Scope, receive: Receive, send: Send) -> None:
    """Turn a handshake down with a 403, before it is accepted."""
    if (await receive())["type"] != "websocket.connect":
        return
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": ""})
        return
    await send({"type": "websocket.http.response.start", "status": 403, "headers": [_NO_BODY]})
    await send({"type": "websocket.http.response.body", "body": b""})
