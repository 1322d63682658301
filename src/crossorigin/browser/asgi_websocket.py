"""The opening handshake of a WebSocket with an ASGI application, which the page closes as soon as it is open.

https://asgi.readthedocs.io/en/latest/specs/www.html#websocket
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Any, Final

from crossorigin.browser.asgi_call import ASGICall
from crossorigin.browser.asgi_scope import asgi_scope
from crossorigin.browser.lifespan import ASGIApp
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList

__all__ = ["ASGIHandshake", "accept_value", "is_handshake"]

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_GOING_AWAY: Final = 1001


def accept_value(key: bytes) -> bytes:
    """RFC 6455, the value of Sec-WebSocket-Accept: https://www.rfc-editor.org/rfc/rfc6455.html#section-1.3"""
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def is_handshake(request: HTTPRequest) -> bool:
    """Whether a request opens a WebSocket."""
    return (request.headers.get(b"Upgrade") or b"").lower() == b"websocket"


class ASGIHandshake(ASGICall):
    """A call whose response is the handshake's: 101 when the application accepts, 403 when it closes, or its own."""

    _connected = False
    _accepted = False

    async def run(self, app: ASGIApp, state: dict[str, Any]) -> HTTPResponse | TransportFailure:
        """The answer to the handshake."""
        return self.outcome(await self.drive(app, asgi_scope(self._request, state, websocket=True)))

    async def receive(self) -> dict[str, Any]:
        """The connection, and as soon as it is answered its end."""
        if not self._connected:
            self._connected = True
            return {"type": "websocket.connect"}
        if not self._gone:
            self._is_gone = self._is_gone or asyncio.Event()
            await self._is_gone.wait()
        await asyncio.sleep(0)
        return {"type": "websocket.disconnect", "code": _GOING_AWAY, "reason": ""}

    def take(self, message: Any) -> None:
        """What one message means for the handshake; what is said over the open connection, nobody hears."""
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "websocket.accept" and not self._accepted:
            self._accept(message)
        elif kind == "websocket.close" and not self.response.is_started:
            self.response.start(403, [(b"Content-Length", b"0")], b"Forbidden")
            self.response.finish()
        elif kind == "websocket.http.response.start":
            self.response.start(message.get("status"), message.get("headers") or ())
        elif kind == "websocket.http.response.body":
            self.response.add(message.get("body", b""))
            if not message.get("more_body", False):
                self.response.finish()
        elif kind not in {"websocket.send", "websocket.close"} or not self._accepted:
            raise self.response.invalid(f"sent the message {str(kind)[:100]!r}, which is none that answers a handshake")

    def _accept(self, message: Any) -> None:
        subprotocol = message.get("subprotocol")
        fields = [
            (b"Upgrade", b"websocket"),
            (b"Connection", b"Upgrade"),
            (b"Sec-WebSocket-Accept", accept_value(self._request.headers.get(b"Sec-WebSocket-Key") or b"")),
            *([(b"Sec-WebSocket-Protocol", str(subprotocol).encode("latin-1", "replace"))] if subprotocol else []),
        ]
        # Through the same checks as any response's; the status of its own would be no final one.
        self.response.start(200, [*fields, *(message.get("headers") or ())])
        self.response.finish()
        self._accepted = True
        self.hurry()

    def outcome(self, error: BaseException | None) -> HTTPResponse | TransportFailure:
        """What became of the handshake."""
        answer = super().outcome(error)
        if self._accepted and isinstance(answer, HTTPResponse):
            return HTTPResponse(101, HeaderList(answer.headers), b"", b"Switching Protocols")
        return answer
