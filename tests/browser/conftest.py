"""Servers on loopback that say exactly what a test tells them to, and the two transports behind one door."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest
import trustme

from crossorigin.browser.async_transport import AsyncTransport
from crossorigin.browser.options import TransportOptions
from crossorigin.browser.transport import SyncTransport
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url

Answer = HTTPResponse | TransportFailure
Talk = "Callable[[Peer], None]"


def request(
    url: str,
    *headers: tuple[str, str],
    method: bytes = b"GET",
    body: bytes | None = None,
    new_connection: bool = False,
) -> HTTPRequest:
    """A request as the engine would yield it."""
    parsed = parse_url(url)
    assert parsed is not None
    return HTTPRequest(method, parsed, HeaderList.of(*headers), body, "actual", False, new_connection)


class Peer:
    """One connection as the server's script sees it."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self.sock = sock
        self.server = server

    def head(self) -> bytes:
        """Read a request head, and note it; empty at the end of the connection."""
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            byte = self.sock.recv(1)
            if not byte:
                return b""
            data += byte
        self.server.heard.append(data)
        return data

    def say(self, *pieces: bytes, every: float = 0.0) -> None:
        """Send the pieces, with a pause of so many seconds after each."""
        for piece in pieces:
            self.sock.sendall(piece)
            if self.server.closing.wait(every):
                return

    def hang(self) -> None:
        """Do nothing until the test is over."""
        self.server.closing.wait(10)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()


@dataclass
class Server:
    """A listening socket whose every connection gets a thread that follows the script."""

    talk: Callable[[Peer], None]
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    closed_by_client: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self.listener = socket.create_server((self.host, 0), family=family)
        self.port: int = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def url(self, path: str = "/", *, scheme: str | None = None, host: str | None = None) -> str:
        name = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme or ('https' if self.tls else 'http')}://{name}:{self.port}{path}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                self.connections += 1
                self.threads.append(threading.Thread(target=self._serve, args=(sock,), daemon=True))
                self.threads[-1].start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(10)
        # A client that goes away in the middle is what many tests are about.
        with sock, contextlib.suppress(OSError):
            if self.tls is None:
                self.talk(Peer(sock, self))
                return
            with self.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False) as wrapped:
                try:
                    wrapped.do_handshake()
                except ssl.SSLError as error:
                    # To the end: closing with bytes unread is a reset, and that overtakes the alert that was sent.
                    # To plain HTTP, OpenSSL sends no alert.
                    while error.reason != "HTTP_REQUEST" and socket.socket.recv(wrapped, 65536):
                        pass
                    return
                self.talk(Peer(wrapped, self))

    def stop(self) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(5)
            assert not thread.is_alive()


class Serve(Protocol):
    """Starts a server that follows `talk` on each connection; it is stopped after the test."""

    def __call__(
        self, talk: Callable[[Peer], None], *, host: str = ..., tls: ssl.SSLContext | None = ...
    ) -> Server: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(talk: Callable[[Peer], None], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Server:
        servers.append(Server(talk, host, tls))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def answering(*pieces: bytes) -> Callable[[Peer], None]:
    """A script that sends the same bytes after every request head on a connection."""

    def talk(peer: Peer) -> None:
        while peer.head():
            peer.say(*pieces)
        peer.server.closed_by_client.set()

    return talk


def once(*pieces: bytes, then: Callable[[Peer], None] | None = None) -> Callable[[Peer], None]:
    """A script that sends the bytes after the first request head, and closes, unless there is something else to do."""

    def talk(peer: Peer) -> None:
        peer.head()
        peer.say(*pieces)
        if then is not None:
            then(peer)

    return talk


class Door(Protocol):
    """Sends requests one after the other through one transport with the given options."""

    name: str
    seconds: float

    def __call__(self, *requests: HTTPRequest, **options: Any) -> list[Answer]: ...


class _SyncDoor:
    name = "sync"
    seconds = 0.0

    def __call__(self, *requests: HTTPRequest, **options: Any) -> list[Answer]:
        begun = time.monotonic()
        with SyncTransport(TransportOptions(**options)) as transport:
            answers = [transport.send(each) for each in requests]
        self.seconds = time.monotonic() - begun
        return answers


class _AsyncDoor:
    name = "async"
    seconds = 0.0

    def __call__(self, *requests: HTTPRequest, **options: Any) -> list[Answer]:
        async def main() -> list[Answer]:
            async with AsyncTransport(TransportOptions(**options)) as transport:
                return [await transport.send(each) for each in requests]

        begun = time.monotonic()
        answers = asyncio.run(main())
        self.seconds = time.monotonic() - begun
        return answers


@pytest.fixture(params=[_SyncDoor, _AsyncDoor], ids=["sync", "async"])
def door(request: pytest.FixtureRequest) -> Door:
    """Both transports, so that one table of cases holds for either."""
    made: Door = request.param()
    return made


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests, and what it signs."""

    ca: trustme.CA

    def client(self) -> ssl.SSLContext:
        """A client's context that trusts it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.ca.configure_trust(context)
        return context

    def server(self, *names: str, expired: bool = False, alpn: tuple[str, ...] = ("http/1.1",)) -> ssl.SSLContext:
        """A server's context with a certificate for the names."""
        now = dt.datetime.now(dt.UTC)
        end = now - dt.timedelta(days=1) if expired else now + dt.timedelta(days=1)
        certificate = self.ca.issue_cert(*names, not_before=now - dt.timedelta(days=2), not_after=end)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        context.set_alpn_protocols(list(alpn))
        return context


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority(trustme.CA())
