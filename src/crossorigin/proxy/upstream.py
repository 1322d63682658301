"""One connection to a target: requests go out as they are given, responses are read by llhttp."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

from crossorigin.proxy.chunks import Chunks
from crossorigin.proxy.heads import Header, MalformedError, ResponseHead, read_response

if TYPE_CHECKING:
    from crossorigin.proxy.tunnel import Tunnel

__all__ = ["MAX_HEAD", "ResponseReader", "UpstreamConnection"]

MAX_HEAD: Final = 64 * 1024
"""Bytes of a response's head."""
_MAX_SALVAGED: Final = 1024 * 1024

_END: Final = b"\r\n\r\n"


class ResponseReader:
    """What a connection tells of a response; the exchange is one."""

    def informed(self, head: ResponseHead) -> None:
        """An interim response, 1xx, came."""
        raise NotImplementedError

    def answered(self, head: ResponseHead, *, has_body: bool) -> None:
        """The head of the response came."""
        raise NotImplementedError

    def upgraded(self, head: ResponseHead, data: bytes) -> None:
        """The target speaks another protocol from here on; `data` are its first bytes."""
        raise NotImplementedError

    def received(self, data: bytes) -> None:
        """A piece of the body came."""
        raise NotImplementedError

    def ended(self, trailers: list[Header]) -> None:
        """The response is complete."""
        raise NotImplementedError

    def flushed(self) -> None:
        """All that was received so far has been told: nothing is to be held back any longer."""
        raise NotImplementedError

    def lost(self, why: str) -> None:
        """The connection is gone, or what came is no HTTP, before the response was complete."""
        raise NotImplementedError

    def pause(self) -> None:
        """The target takes no more for now."""
        raise NotImplementedError

    def resume(self) -> None:
        """It does again."""
        raise NotImplementedError


class UpstreamConnection(asyncio.Protocol):
    """A connection, with at most one request under way."""

    __slots__ = (
        "_buffer", "_chunks", "_is_head_method", "_left", "_persistent", "_reader", "_scanned", "_until_close",
        "idle_since", "is_open", "is_paused", "served", "transport", "tunnel",
    )  # fmt: skip

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.is_open = False
        self.is_paused = False
        self.idle_since = 0.0
        self.served = 0
        self.tunnel: Tunnel | None = None
        self._reader: ResponseReader | None = None
        self._buffer = b""
        self._scanned = 0
        self._is_head_method = False
        self._persistent = True
        # What is left of the body: a number of bytes, chunks, or all until the connection ends.
        self._left = -1
        self._chunks: Chunks | None = None
        self._until_close = False

    # --- for the exchange ---

    def begin(self, reader: ResponseReader, head: bytes, *, is_head_method: bool) -> None:
        """Send a request's head, and tell `reader` of the response."""
        self._reader = reader
        self._is_head_method = is_head_method
        self.served += 1
        self.transport.write(head)

    def abandon(self) -> None:
        """Nobody waits for the response any more: the target is to know, at once."""
        self._reader = None
        self.abort()

    def close(self) -> None:
        """Close after what is still to be sent."""
        self.is_open = False
        self.transport.close()

    def abort(self) -> None:
        """Close without sending any more."""
        self.is_open = False
        self.transport.abort()

    @property
    def is_reusable(self) -> bool:
        """Whether another request may be sent, after a response that was complete."""
        return self.is_open and self._persistent and self._reader is None and not self._buffer

    # --- asyncio's calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self.transport = cast("asyncio.Transport", transport)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if self.tunnel is not None:
            self.tunnel.from_target(data)
            return
        reader = self._reader
        if reader is None:
            # Nobody asked: whatever it is, the next response would be read from it.
            self.abort()
            return
        try:
            self._read(data)
        except MalformedError as error:
            self._reader = None
            self.abort()
            reader.lost(str(error))
            return
        reader.flushed()

    def eof_received(self) -> None:
        """Called by the loop; the transport is closed after it."""
        self.is_open = False

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the loop."""
        self.is_open = False
        if self.tunnel is not None:
            self.tunnel.target_lost()
            return
        if self._reader is not None and error is not None:
            self._salvage()
        reader, self._reader = self._reader, None
        if reader is None:
            return
        if self._until_close and error is None:
            self._until_close = False
            reader.ended([])
            return
        reader.lost("it closed the connection" if error is None else f"the connection broke ({error})")

    def pause_writing(self) -> None:
        """Called by the loop."""
        self.is_paused = True
        if self.tunnel is not None:
            self.tunnel.target_full()
        elif self._reader is not None:
            self._reader.pause()

    def resume_writing(self) -> None:
        """Called by the loop."""
        self.is_paused = False
        if self.tunnel is not None:
            self.tunnel.target_drained()
        elif self._reader is not None:
            self._reader.resume()

    # --- reading ---

    def _read(self, data: bytes) -> None:
        """Everything that is in `data`; raises MalformedError."""
        while data:
            if self._left > 0:
                data = self._counted(data)
            elif self._chunks is not None:
                data = self._chunked(self._chunks, data)
            elif self._until_close:
                if self._reader is not None:
                    self._reader.received(data)
                return
            else:
                data = self._head(data)
                if self.tunnel is not None:
                    return

    def _head(self, data: bytes) -> bytes:
        """The next head, if it is there; what follows it."""
        if self._buffer:
            data = self._buffer + data
        end = data.find(_END, self._scanned)
        if end < 0:
            if len(data) > MAX_HEAD:
                raise MalformedError(f"The head of the answer is longer than {MAX_HEAD} bytes.")
            self._buffer, self._scanned = data, max(0, len(data) - 3)
            return b""
        end += 4
        self._buffer, self._scanned = b"", 0
        if end > MAX_HEAD:
            raise MalformedError(f"The head of the answer is longer than {MAX_HEAD} bytes.")
        head, rest = read_response(data[:end]), data[end:]
        reader = self._reader
        if reader is None:
            return rest
        if head.status == 101:
            reader.upgraded(head, rest)
            return b""
        if head.status < 200:
            reader.informed(head)
            return rest
        return self._begin_body(reader, head, rest)

    def _begin_body(self, reader: ResponseReader, head: ResponseHead, rest: bytes) -> bytes:
        """https://www.rfc-editor.org/rfc/rfc9112.html#section-6.3; what is left of `rest`."""
        self._persistent = head.is_persistent
        if self._is_head_method or head.status in {204, 304} or head.length == 0:
            reader.answered(head, has_body=False)
            return self._complete([], rest)
        if head.is_chunked:
            self._chunks = Chunks()
        elif head.length is not None:
            self._left = head.length
        else:
            self._until_close = True
            self._persistent = False
        reader.answered(head, has_body=True)
        return rest

    def _counted(self, data: bytes) -> bytes:
        size = len(data)
        if size <= self._left:
            piece, rest = data, b""
        else:
            piece, rest = data[: self._left], data[self._left :]
        self._left -= len(piece)
        if self._reader is not None:
            self._reader.received(piece)
        return rest if self._left else self._complete([], rest)

    def _chunked(self, chunks: Chunks, data: bytes) -> bytes:
        for piece in chunks.feed(data):
            if self._reader is not None:
                self._reader.received(piece)
        if chunks.is_complete:
            self._chunks = None
            self._complete(chunks.trailers, b"more" if chunks.has_more else b"")
        return b""

    def _complete(self, trailers: list[Header], rest: bytes) -> bytes:
        """The response is complete. Bytes behind it belong to no request: whoever is asked next would take them for his
        answer, so the connection is not used again."""
        reader, self._reader = self._reader, None
        self._left = -1
        if rest:
            self._persistent = False
        if reader is not None:
            reader.ended(trailers)
        if rest:
            self.abort()
        return b""

    def _salvage(self) -> None:
        """Read what had been received when writing failed.

        A server that answers an upload with 413 and closes makes the next write fail; the loop then ends the
        connection without reading the answer, which is in the socket (node-http-proxy: "early 413 becomes a reset").
        """
        sock = self.transport.get_extra_info("socket")
        if sock is None or self.transport.get_extra_info("ssl_object") is not None:
            return
        with suppress(OSError, ValueError), socket.socket(fileno=os.dup(sock.fileno())) as copy:
            copy.settimeout(0)
            for _ in range(_MAX_SALVAGED // 65536):
                data = copy.recv(65536)
                if not data or self._reader is None:
                    break
                self.data_received(data)
