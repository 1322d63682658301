"""HTTP/1.1 at the proxy's two ends: requests as a browser sends them, and where a server's response ends.

h11 reads, for the framing; what is passed on are the bytes themselves, in the order and the casing in which they came.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import h11

from crossorigin.browser.real.stage import StageReply

__all__ = [
    "LONGEST_HEAD",
    "BadRequestError",
    "ProxyRequest",
    "ResponseEnd",
    "read_requests",
    "reply_bytes",
    "request_bytes",
]

LONGEST_HEAD: Final = 256 * 1024
"""Bytes of a request's or a response's head: what the browsers themselves allow a server (Chromium, 256 KiB)."""
_CHUNK: Final = 65536
_OF_THE_PROXY: Final = frozenset({b"proxy-connection", b"proxy-authorization"})


class BadRequestError(Exception):
    """A request that cannot be read, and the status to refuse it with."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status} {HTTPStatus(status).phrase}")
        self.status = status


@dataclass(frozen=True, slots=True)
class ProxyRequest:
    """A request as it came: header names in their casing, `target` as it stands in the first line."""

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def read_requests(sock: socket.socket, longest_body: int) -> Iterator[ProxyRequest]:
    """One request after the other, until the peer has no more. Raises BadRequestError and OSError."""
    rest = b""
    while True:
        # A connection of h11 goes through states that only its own answers move; ours are raw, so each request has one.
        reader = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)
        reader.receive_data(rest) if rest else None
        head = _next(reader, sock)
        if not isinstance(head, h11.Request):
            return
        body = bytearray()
        while isinstance(piece := _next(reader, sock), h11.Data):
            body += piece.data
            if len(body) > longest_body:
                raise BadRequestError(413)
        rest = reader.trailing_data[0]
        if not isinstance(piece, h11.EndOfMessage):
            return
        raw = tuple((bytes(name), bytes(value)) for name, value in head.headers.raw_items())
        yield ProxyRequest(head.method.decode("latin-1"), head.target.decode("latin-1"), raw, bytes(body))


def _next(reader: h11.Connection, sock: socket.socket) -> object:
    """The next event; ConnectionClosed also where the peer leaves in the middle."""
    while True:
        try:
            event = reader.next_event()
        except h11.RemoteProtocolError as error:
            if reader.their_state is h11.ERROR and error.args and "closed connection" in str(error.args[0]):
                return h11.ConnectionClosed()
            raise BadRequestError(error.error_status_hint) from error
        if event is not h11.NEED_DATA:
            return event
        reader.receive_data(sock.recv(_CHUNK))


def request_bytes(request: ProxyRequest, target: str) -> bytes:
    """The request as the browser would have sent it without a proxy, to `target` of its server."""
    lines = [f"{request.method} {target} HTTP/1.1".encode("latin-1")]
    lines += [name + b": " + value for name, value in request.headers if name.lower() not in _OF_THE_PROXY]
    if not any(name.lower() == b"connection" for name, _ in request.headers):
        lines.append(b"Connection: keep-alive")
    return b"\r\n".join([*lines, b"", b""]) + _framed(request)


def _framed(request: ProxyRequest) -> bytes:
    """The body, in chunks where its head says so: h11 has taken them apart."""
    is_chunked = any(name.lower() == b"transfer-encoding" for name, _ in request.headers)
    if not is_chunked:
        return request.body
    piece = b"%x\r\n%s\r\n" % (len(request.body), request.body) if request.body else b""
    return piece + b"0\r\n\r\n"


def reply_bytes(reply: StageReply) -> bytes:
    """A response of our own."""
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", "Cache-Control: no-store"]
    if reply.content_type:
        lines.append(f"Content-Type: {reply.content_type}")
    if reply.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(reply.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body


class ResponseEnd:
    """Finds the end of the response to one request in the bytes of a server.

    A server whose bytes h11 refuses is no reason to keep them from the browser: it is to judge them itself. Then
    nobody knows where the response ends but the server, when it closes the connection.
    """

    def __init__(self, method: str) -> None:
        self._reader: h11.Connection | None = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        # Only the method matters: a response to HEAD has no body.
        self._reader.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
        self._reader.send(h11.EndOfMessage())
        self.found = False
        self.may_go_on = False
        """Whether the connection may carry another exchange after it."""

    def pass_on(self, data: bytes) -> bytes:
        """What of `data` belongs to the response."""
        if self._reader is None:
            return data
        try:
            self._reader.receive_data(data)
            while not self.found and (event := self._reader.next_event()) is not h11.NEED_DATA:
                self.found = isinstance(event, h11.EndOfMessage)
                if event is h11.PAUSED:
                    # Another protocol from here on, which no script can ask for.
                    self._reader = None
                    return data
        except h11.RemoteProtocolError:
            self._reader = None
            return data
        if not self.found:
            return data
        self.may_go_on = self._reader.their_state is h11.DONE
        beyond = len(self._reader.trailing_data[0])
        return data[: len(data) - beyond]
