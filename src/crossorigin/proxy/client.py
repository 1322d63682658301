"""One connection of a client: requests are read one after the other, and each is answered before the next is looked at.

What is no HTTP is answered with its reason and the connection is closed: a proxy and a server that disagree about where
a message ends are how requests are smuggled.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

from crossorigin.proxy.answers import oversized_head
from crossorigin.proxy.chunks import Chunks, chunk, last_chunk
from crossorigin.proxy.exchange import Exchange
from crossorigin.proxy.heads import Header, MalformedError, RequestHead, ResponseHead, read_request, reason_phrase
from crossorigin.proxy.plan import Client, Forward, Plan, Reply, Serve
from crossorigin.proxy.record import Record
from crossorigin.proxy.served import Served
from crossorigin.proxy.tunnel import Tunnel

if TYPE_CHECKING:
    from crossorigin.proxy.engine import Engine
    from crossorigin.proxy.upstream import UpstreamConnection

__all__ = ["ClientConnection"]

_END: Final = b"\r\n\r\n"
_MAX_WAITING: Final = 64 * 1024
"""Bytes that a client may send ahead of the answer that it waits for."""
_HEAD_TIME: Final = 20
"""Seconds for a head, from its first byte to its last."""
_IDLE_TIME: Final = 75
"""Seconds that an idle connection is kept; nginx keeps it as long."""
_LINGER_TIME: Final = 5
"""Seconds in which the rest of a request is still taken, and thrown away, after its answer has been sent: a client that
finds its connection closed while it sends does not read the answer (caddy#782, vitejs/vite#14611)."""
_RESET: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""SO_LINGER: closing throws away what is unsent, and says so with a reset."""


class ClientConnection(asyncio.Protocol):
    """A connection, with at most one request being answered. It is the `Downstream` of its exchanges."""

    __slots__ = (
        "_body_left", "_buffer", "_chunks", "_client", "_closes", "_current", "_engine", "_has_started", "_head",
        "_is_chunked_answer", "_is_full", "_lingers", "_out", "_quiet", "_scanned", "_tunnel", "transport",
    )  # fmt: skip

    transport: asyncio.Transport

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._client = Client("", 0)
        self._buffer = b""
        self._scanned = 0
        self._quiet = 0
        # The request that is being answered.
        self._head: RequestHead | None = None
        self._current: Exchange | Served | None = None
        self._body_left = 0
        self._chunks: Chunks | None = None
        self._closes = False
        # Its answer.
        self._out = b""
        self._has_started = False
        self._is_chunked_answer = False
        self._is_full = False
        self._lingers = False
        self._tunnel: Tunnel | None = None

    # --- asyncio's calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self.transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        scheme = "http" if transport.get_extra_info("sslcontext") is None else "https"
        self._client = Client(str(peer[0]), int(peer[1]), scheme) if peer else Client("", 0, scheme)
        self._engine.connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if self._tunnel is not None:
            self._tunnel.from_client(data)
            return
        if self._lingers:
            return
        self._quiet = 0
        if self._head is None:
            self._request(data)
        else:
            self._more(data)

    def eof_received(self) -> None:
        """Called by the loop; the transport is closed after it. A browser that leaves says no more than this."""

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the loop."""
        del error
        self._engine.connections.discard(self)
        tunnel, self._tunnel = self._tunnel, None
        current, self._current = self._current, None
        if tunnel is not None:
            tunnel.client_lost()
        elif current is not None:
            current.gone()

    def pause_writing(self) -> None:
        """Called by the loop."""
        self._is_full = True
        if self._tunnel is not None:
            self._tunnel.client_full()
        elif self._current is not None:
            self._current.full()

    def resume_writing(self) -> None:
        """Called by the loop."""
        self._is_full = False
        if self._tunnel is not None:
            self._tunnel.client_drained()
        elif self._current is not None:
            self._current.drained()

    def tick(self, seconds: int) -> None:
        """So much time has passed."""
        self._quiet += seconds
        if self._tunnel is not None:
            return
        if self._lingers:
            if self._quiet > _LINGER_TIME:
                self.transport.abort()
        elif self._current is not None:
            self._current.tick(seconds)
        elif self._head is None and self._quiet > (_HEAD_TIME if self._buffer else _IDLE_TIME):
            self.transport.close()

    def close(self) -> None:
        """End the connection, as the server stops: at once, unless the end of an answer is still on its way."""
        if self._current is None and self._tunnel is None and self.transport.get_write_buffer_size():
            self.transport.close()
        else:
            self.transport.abort()

    # --- the request ---

    def _request(self, data: bytes) -> None:
        """Read a head, if it is there, and begin what is planned for it."""
        if self._buffer:
            data = self._buffer + data
        elif data[:2] == b"\r\n":
            # https://www.rfc-editor.org/rfc/rfc9112.html#section-2.2: an empty line before a request is ignored.
            data = data[2:]
        end = data.find(_END, self._scanned) + 4
        limit = self._engine.max_head
        if end > limit or (end < 4 and len(data) > limit):
            self._reject(431, oversized_head(data, limit))
            return
        if end < 4:
            self._buffer, self._scanned = data, max(0, len(data) - 3)
            return
        self._buffer, self._scanned = b"", 0
        try:
            head = read_request(data[:end])
        except MalformedError as error:
            self._reject(error.status, str(error))
            return
        self._head = head
        self._closes = not head.is_persistent
        if head.is_chunked:
            self._chunks = Chunks()
        else:
            self._body_left = head.length or 0
        self._begin(head, self._engine.front.plan(head, self._client))
        if end < len(data):
            self._more(data[end:])

    def _begin(self, head: RequestHead, plan: Plan) -> None:
        if isinstance(plan, Forward):
            self._current = Exchange(self._engine, self, head, self._client, plan)
            self._current.begin()
        elif isinstance(plan, Serve):
            self._current = Served(self._engine, self, head, self._client, plan)
            self._current.begin()
        else:
            self._record(head, plan)
            self.reply(plan)

    def _more(self, data: bytes) -> None:
        """What follows a head: the request's body, and perhaps what the client sends ahead."""
        try:
            if self._body_left:
                data = self._counted(data)
            elif self._chunks is not None:
                data = self._chunked(self._chunks, data)
        except MalformedError as error:
            self._broken(str(error))
            return
        if not data or self._lingers:
            return
        self._buffer += data
        if self._head is None:
            self._next()
        elif len(self._buffer) > _MAX_WAITING:
            self.transport.pause_reading()

    def _counted(self, data: bytes) -> bytes:
        if len(data) > self._body_left:
            data, rest = data[: self._body_left], data[self._body_left :]
        else:
            rest = b""
        self._body_left -= len(data)
        if self._current is not None:
            self._current.send(data)
        if not self._body_left and self._current is not None:
            self._current.sent([])
        return rest

    def _chunked(self, chunks: Chunks, data: bytes) -> bytes:
        for piece in chunks.feed(data):
            if self._current is not None:
                self._current.send(piece)
        if chunks.is_complete:
            self._chunks = None
            # Where the next request would begin llhttp does not tell, and nobody sends one ahead of this answer.
            self._closes = self._closes or chunks.has_more
            if self._current is not None:
                self._current.sent(chunks.trailers)
        return b""

    def _broken(self, sentence: str) -> None:
        """The body is no HTTP: the target must not take what came of it for a whole request."""
        current, self._current = self._current, None
        if current is not None:
            current.gone("the client's body was no HTTP")
        if self._has_started:
            self.transport.abort()
        else:
            self._reject(400, sentence)

    def _reject(self, status: int, sentence: str) -> None:
        self._head = self._head or RequestHead(is_http_1_0=True)
        self._closes = True
        self._buffer = b""
        reply = self._engine.front.rejected(status, sentence)
        self._record(self._head, reply)
        self.reply(reply)

    # --- the answer: Downstream ---

    def inform(self, head: ResponseHead) -> None:
        """Send an interim response, 1xx: only HTTP/1.1 has it."""
        if self._head is not None and not self._head.is_http_1_0:
            fields = b"".join([b"%b: %b\r\n" % field for field in head.headers])
            self.transport.write(b"HTTP/1.1 %d %b\r\n%b\r\n" % (head.status, head.reason, fields))

    def start(self, status: int, reason: bytes, headers: list[Header], length: int | None, *, has_body: bool) -> None:
        """Begin the response. The head goes out with the first piece of the body."""
        head = self._head
        is_http_1_0 = head is None or head.is_http_1_0
        lines = [b"HTTP/1.1 %d %b" % (status, reason), *map(b": ".join, headers)]
        self._has_started = True
        self._is_chunked_answer = False
        if length is not None and status != 204:
            lines.append(b"Content-Length: %d" % length)
        elif has_body and is_http_1_0:
            self._closes = True
        elif has_body:
            self._is_chunked_answer = True
            lines.append(b"Transfer-Encoding: chunked")
        if self._closes:
            lines.append(b"Connection: close")
        elif is_http_1_0:
            lines.append(b"Connection: keep-alive")
        lines.append(b"\r\n")
        self._out = b"\r\n".join(lines)
        if self._is_full and self._current is not None:
            # The client has not yet taken the answer before this one.
            self._current.full()

    def write(self, data: bytes) -> None:
        """Send a piece of the body."""
        if self._is_chunked_answer:
            data = chunk(data)
        out, self._out = self._out, b""
        self.transport.write(out + data if out else data)

    def finish(self, trailers: list[Header]) -> None:
        """The response is complete: the next request, or the end."""
        self._current = None
        self._has_started = False
        if self._is_chunked_answer:
            self._out += last_chunk(trailers)
        self.flush()
        if self._body_left or self._chunks is not None:
            self._linger()
        elif self._closes:
            self.transport.close()
        else:
            self._head = None
            self._next()

    def flush(self) -> None:
        """Hold nothing back."""
        if self._out:
            out, self._out = self._out, b""
            self.transport.write(out)

    def cut(self) -> None:
        """End the connection in the middle: a reset, so that half an answer is not taken for a whole one."""
        self._current = None
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()

    def pause_body(self) -> None:
        """Read no more for now; a client that leaves is noticed all the same once we read again."""
        if self._body_left or self._chunks is not None:
            self.transport.pause_reading()

    def resume_body(self) -> None:
        """Read on."""
        self.transport.resume_reading()

    def reply(self, reply: Reply) -> None:
        """Send an answer of our own."""
        self._closes = self._closes or bool(self._body_left) or self._chunks is not None
        headers = list(reply.headers)
        length = None if reply.status == 204 else len(reply.body)
        self.start(reply.status, reason_phrase(reply.status), headers, length, has_body=bool(reply.body))
        if reply.body and (self._head is None or self._head.method != b"HEAD"):
            self._out += reply.body
        self.finish([])

    def replan(self, plan: Plan) -> None:
        """Begin anew with another plan for the same request."""
        self._current = None
        if self._head is not None:
            self._begin(self._head, plan)

    def tunnel(self, exchange: Exchange, upstream: UpstreamConnection, head: bytes, data: bytes) -> None:
        """From here on hand bytes both ways."""
        self._current = None
        tunnel = self._tunnel = upstream.tunnel = Tunnel(self.transport, upstream.transport, exchange.tunnelled)
        self.transport.write(head + data)
        waiting, self._buffer = self._buffer, b""
        if waiting:
            tunnel.from_client(waiting)
        self.transport.resume_reading()

    # --- between requests ---

    def _next(self) -> None:
        """What the client has sent ahead."""
        if not self._buffer:
            return
        self.transport.resume_reading()
        # Not from here: a thousand requests in one read would be a thousand calls deep.
        asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        if self._head is None and self._buffer and not self.transport.is_closing():
            self._request(b"")

    def _linger(self) -> None:
        """Take the rest of the request and throw it away, for a while; then close."""
        self._lingers = True
        self._quiet = 0
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.transport.resume_reading()

    def _record(self, head: RequestHead, reply: Reply) -> None:
        if self._engine.on_record is not None:
            record = Record.of(head, self._client, reply.status, sent=len(reply.body), why=reply.why)
            self._engine.on_record(record)
