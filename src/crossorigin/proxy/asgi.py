"""The proxy as an ASGI application, for those who already run a server.

    app = ProxyApp(DevelopmentFront(settings))     # hypercorn module:app speaks HTTP/2 with the browser

WebSockets are handed on message by message. Other upgrades are not: ASGI has none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from crossorigin.proxy.engine import Engine
from crossorigin.proxy.exchange import Downstream, Exchange
from crossorigin.proxy.heads import HOP_BY_HOP, Header, RequestHead, ResponseHead
from crossorigin.proxy.plan import Client, Failure, Forward, Front, Plan, Reply, Serve
from crossorigin.proxy.record import Record
from crossorigin.proxy.upstream import UpstreamConnection

__all__ = ["CutError", "ProxyApp"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

_MAX_WAITING: Final = 256 * 1024
"""Bytes of an answer that wait for the server to take them."""
_HANDSHAKE: Final = frozenset(
    {
        b"sec-websocket-accept",
        b"sec-websocket-extensions",
        b"sec-websocket-key",
        b"sec-websocket-protocol",
        b"sec-websocket-version",
    }
)
"""The handshake of the other connection is the library's."""
_NORMAL: Final = 1000
_GOING_AWAY: Final = 1001


class CutError(ConnectionError):
    """An answer broke off. Raised to the server, which is to end the client's connection: half is not to look whole."""


class ProxyApp:
    """A front as an ASGI 3 application: https://asgi.readthedocs.io/en/latest/specs/www.html

    `on_record` is called with each HTTP request that is over.
    """

    def __init__(self, front: Front, *, on_record: Callable[[Record], None] | None = None) -> None:
        self.engine = Engine(front, on_record=on_record)
        self._is_started = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection of the server's."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if not self._is_started:
            # Some servers have no lifespan.
            self._is_started = True
            self.engine.start()
        head, client = _head(scope), _client(scope)
        plan = self.engine.front.plan(head, client)
        if scope["type"] == "websocket":
            await self._websocket(head, plan, receive, send)
        elif isinstance(plan, Serve):
            await plan.application(scope, receive, send)
        else:
            await _Answer(self.engine, head, client, receive, send).run(plan)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._is_started = True
                self.engine.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.engine.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _websocket(self, head: RequestHead, plan: Plan, receive: Receive, send: Send) -> None:
        await receive()
        # A target that an outsider named is reached by an address that was judged, which the library would look up.
        if not isinstance(plan, Forward) or not plan.may_upgrade or plan.target.only_public:
            await send({"type": "websocket.close", "code": _GOING_AWAY})
            return
        target = plan.target
        url = f"{'wss' if target.is_tls else 'ws'}://{target.authority}{plan.path.decode('latin-1')}"
        offered = [
            name.strip() for name in head.fields.get(b"sec-websocket-protocol", b"").decode("latin-1").split(",")
        ]
        fields = [(name, value) for name, value in plan.headers if name.lower() not in _HANDSHAKE | {b"host"}]
        try:
            async with connect(
                url,
                additional_headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields],
                subprotocols=[name for name in offered if name] or None,  # type: ignore[misc]
                user_agent_header=None,
                compression=None,
                max_size=None,
                proxy=None,
                open_timeout=plan.limits.connect + plan.limits.retry,
                ssl=self.engine.dialer.context(target) if target.is_tls else None,
            ) as upstream:
                await send({"type": "websocket.accept", "subprotocol": upstream.subprotocol})
                await _pipe(upstream, receive, send)
        except (OSError, InvalidHandshake, TimeoutError):
            # The client is told no more than that it was refused: it is a browser, which tells its script no more.
            await send({"type": "websocket.close", "code": _GOING_AWAY})


async def _pipe(upstream: ClientConnection, receive: Receive, send: Send) -> None:
    """Messages both ways until one side closes."""

    async def from_client() -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code") or _NORMAL
                await upstream.close(code if code in range(1000, 5000) and code not in {1005, 1006, 1015} else _NORMAL)
                return
            data = message.get("text")
            with suppress(ConnectionClosed):
                await upstream.send(data if data is not None else message.get("bytes") or b"")

    async def from_target() -> None:
        async for data in upstream:
            key = "text" if isinstance(data, str) else "bytes"
            await send({"type": "websocket.send", key: data})
        code = upstream.close_code
        await send({"type": "websocket.close", "code": _NORMAL if code in {None, 1005, 1006} else code})

    tasks = [asyncio.ensure_future(from_client()), asyncio.ensure_future(from_target())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with suppress(ConnectionClosed):
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Answer(Downstream):
    """One HTTP request of the server's: the `Downstream` of an exchange, in terms of `receive` and `send`."""

    def __init__(self, engine: Engine, head: RequestHead, client: Client, receive: Receive, send: Send) -> None:
        self._engine = engine
        self._head = head
        self._client = client
        self._receive = receive
        self._send = send
        self._exchange: Exchange | None = None
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._waiting = 0
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._is_cut = False

    async def run(self, plan: Plan) -> None:
        """From the plan to the last byte of the answer."""
        first = await self._first()
        self._engine.connections.add(self)
        reading = asyncio.ensure_future(self._read(first))
        try:
            self.replan(plan)
            while (message := await self._messages.get()) is not None:
                await self._send(message)
                self._sent(len(message.get("body", b"")))
        finally:
            reading.cancel()
            self._engine.connections.discard(self)
            exchange, self._exchange = self._exchange, None
            if exchange is not None:
                exchange.gone()
        if self._is_cut:
            raise CutError("the answer of the target broke off")

    async def _first(self) -> Message:
        """The first message, which tells whether there is a body: HTTP/2 needs no header for that."""
        message = await self._receive()
        if self._head.length is None:
            self._head.is_chunked = bool(message.get("body")) or message.get("more_body", False)
        return message

    async def _read(self, message: Message) -> None:
        """Hand the body on, and notice when the client leaves."""
        while message["type"] == "http.request":
            await self._may_read.wait()
            if (body := message.get("body")) and self._exchange is not None:
                self._exchange.send(body)
            if not message.get("more_body", False) and self._exchange is not None and self._head.has_body:
                self._exchange.sent([])
            message = await self._receive()
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.gone()
        self._messages.put_nowait(None)

    def _sent(self, size: int) -> None:
        was_full = self._waiting > _MAX_WAITING
        self._waiting -= size
        if was_full and self._waiting <= _MAX_WAITING and self._exchange is not None:
            self._exchange.drained()

    # --- Downstream ---

    def inform(self, head: ResponseHead) -> None:
        """ASGI has no interim responses."""

    def start(self, status: int, reason: bytes, headers: list[Header], length: int | None, *, has_body: bool) -> None:
        """Begin the response."""
        del reason, has_body
        fields = [(name.lower(), value) for name, value in headers]
        if length is not None and status != 204:
            fields.append((b"content-length", b"%d" % length))
        self._messages.put_nowait({"type": "http.response.start", "status": status, "headers": fields})

    def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        self._waiting += len(data)
        self._messages.put_nowait({"type": "http.response.body", "body": data, "more_body": True})
        if self._waiting > _MAX_WAITING and self._exchange is not None:
            self._exchange.full()

    def finish(self, trailers: list[Header]) -> None:
        """The response is complete."""
        del trailers
        self._exchange = None
        self._messages.put_nowait({"type": "http.response.body", "body": b"", "more_body": False})
        self._messages.put_nowait(None)

    def flush(self) -> None:
        """Nothing is held back here."""

    def cut(self) -> None:
        """End the connection in the middle."""
        self._exchange = None
        self._is_cut = True
        self._messages.put_nowait(None)

    def pause_body(self) -> None:
        """Read no more of the request's body for now."""
        self._may_read.clear()

    def resume_body(self) -> None:
        """Read on."""
        self._may_read.set()

    def reply(self, reply: Reply) -> None:
        """Send an answer of our own."""
        self.start(reply.status, b"", list(reply.headers), len(reply.body), has_body=bool(reply.body))
        if reply.body and self._head.method != b"HEAD":
            self.write(reply.body)
        self.finish([])

    def replan(self, plan: Plan) -> None:
        """Begin, or begin anew with another plan for the same request."""
        self._exchange = None
        if isinstance(plan, Forward):
            self._exchange = Exchange(self._engine, self, self._head, self._client, plan)
            self._exchange.begin()
        elif isinstance(plan, Reply):
            self.reply(plan)
        else:
            self.reply(self._engine.front.failed(self._head, self._client, Failure(502, "no such plan"), plan.route))

    def tunnel(self, exchange: Exchange, upstream: UpstreamConnection, head: bytes, data: bytes) -> None:
        """ASGI has no tunnels, and no request that comes by it asks for one."""
        del exchange, head, data
        upstream.abandon()
        self.cut()

    # --- the engine's clock ---

    def tick(self, seconds: int) -> None:
        """So much time has passed."""
        if self._exchange is not None:
            self._exchange.tick(seconds)

    def close(self) -> None:
        """The engine stops."""
        exchange = self._exchange
        if exchange is not None:
            exchange.gone("the proxy stopped")
        self.cut()


def _head(scope: Message) -> RequestHead:
    """The head of what a server hands over; it has taken the connection's fields for itself."""
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    head = RequestHead(
        method=scope.get("method", "GET").encode(),
        target=b"%b?%b" % (path, query) if query else path,
        is_http_1_0=scope.get("http_version") == "1.0",
    )
    for name, value in scope["headers"]:
        head.fields[name] = b"%b, %b" % (head.fields[name], value) if name in head.fields else value
        if name not in HOP_BY_HOP:
            head.headers.append((name, value))
    length = head.fields.get(b"content-length", b"")
    head.length = int(length) if length.isdigit() else None
    if scope["type"] == "websocket":
        head.upgrade = b"websocket"
    return head


def _client(scope: Message) -> Client:
    address, port = scope.get("client") or ("", 0)
    scheme = str(scope["scheme"])
    return Client(address, port or 0, {"ws": "http", "wss": "https"}.get(scheme, scheme))
