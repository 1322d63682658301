"""The proxy that a browser is started with, so that a page of ours is at somebody else's origin.

For the page's origin the proxy answers itself: http in the open, https behind CONNECT with a certificate made for the
run. What goes to the servers that the question is about is passed on byte for byte, http in the open, where the
requests can be seen, https as a tunnel, where they cannot. All else, such as what browsers want for themselves, is
refused without a word. It listens on loopback, in threads, for as long as it is a context.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as LookUpTimeout
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self, TypeVar

from crossorigin.browser.lookup import known_addresses, look_up
from crossorigin.browser.options import Resolve
from crossorigin.browser.real.proxy_http import (
    BadRequestError,
    ProxyRequest,
    ResponseEnd,
    read_requests,
    reply_bytes,
    request_bytes,
)
from crossorigin.browser.real.stage import StageReply
from crossorigin.web.origins import DEFAULT_PORTS
from crossorigin.web.url import parse_url

__all__ = ["Address", "Limits", "PassedRequest", "Proxy", "Site", "address_of"]

_Note = TypeVar("_Note")
Address = tuple[str, int]
"""A host, serialized and without brackets, and a port."""

_CONNECTIONS: Final = 64
"""At once; Chromium opens 32 to a proxy, the others fewer. One more is closed as soon as it is there."""
_CHUNK: Final = 65536
_REFUSED: Final = StageReply(403, "", b"")
_END_SECONDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`timeout`: seconds to reach a server, and for which it may be silent. `idle`: for which a browser may be.

    `longest_response`: bytes of one response, or of one tunnel; `longest_request`: of a request's body.
    """

    timeout: float = 30.0
    idle: float = 120.0
    longest_response: int = 64 * 1024 * 1024
    longest_request: int = 64 * 1024 * 1024


_DEFAULTS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Site:
    """The origin for which the proxy answers itself: by `answer(method, path, body)`, 404 for None.

    `tls` is there exactly when `scheme` is https.
    """

    scheme: str
    address: Address
    answer: Callable[[str, str, bytes], StageReply | None]
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class PassedRequest:
    """A request that went through in the open; header fields as they came, texts are latin-1."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """The value of a header field, several joined with ", "; None where it is absent."""
        values = [value for each, value in self.headers if each.lower() == name]
        return ", ".join(values) if values else None


class Proxy:
    """See the module. `reachable` are the servers that may be reached; `requests` and the rest is what was seen."""

    def __init__(
        self,
        site: Site,
        reachable: frozenset[Address],
        *,
        resolve: tuple[Resolve, ...] = (),
        limits: Limits = _DEFAULTS,
    ) -> None:
        self._site = site
        self._reachable = reachable
        self._resolve = resolve
        self._limits = limits
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._is_closed = False
        self.requests: list[PassedRequest] = []
        """What went through in the open, in its order."""
        self.tunnels: list[Address] = []
        """What was connected and then out of sight."""
        self.refused: list[str] = []
        """The targets that nobody may reach here."""
        self.troubles: list[str] = []
        """Servers that could not be reached, or were cut off, one sentence each."""

    @property
    def url(self) -> str:
        """For `Options.proxy`."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=_CONNECTIONS)
        self._acceptor = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._is_closed = True
            sockets, threads = list(self._sockets), list(self._threads)
        for each in (self._listener, *sockets):
            # It wakes whoever waits for it; it may be closed by now, or by the other side.
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._acceptor, *threads):
            thread.join(_END_SECONDS)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with self._lock:
                    if self._is_closed or len(self._threads) >= _CONNECTIONS:
                        client.close()
                        continue
                    thread = threading.Thread(target=self._serve, args=(client,), name="proxy", daemon=True)
                    self._threads.add(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(self._limits.idle)
        try:
            with suppress(OSError), client, _Known(self, client):
                self._converse(client)
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())

    # What a browser asks.

    def _converse(self, client: socket.socket) -> None:
        try:
            for request in read_requests(client, self._limits.longest_request):
                if not self._handle(client, request):
                    return
        except BadRequestError as error:
            client.sendall(reply_bytes(StageReply(error.status, "", b"")))

    def _handle(self, client: socket.socket, request: ProxyRequest) -> bool:
        """Whether the connection may carry another request."""
        if request.method == "CONNECT":
            self._connect(client, request.target)
            return False
        url = parse_url(request.target)
        if url is None or url.scheme != "http":
            raise BadRequestError(400)
        address = address_of(request.target)
        path = _path(request.target)
        if self._site.scheme == "http" and address == self._site.address:
            self._answer(client, request, path)
            return True
        if address not in self._reachable:
            return self._refuse(client, request.target)
        return self._forward(client, request, address, path)

    def _refuse(self, client: socket.socket, target: str) -> bool:
        self._note(self.refused, target)
        client.sendall(reply_bytes(_REFUSED))
        return True

    def _answer(self, client: socket.socket, request: ProxyRequest, path: str) -> None:
        reply = self._site.answer(request.method, path, request.body)
        client.sendall(reply_bytes(reply or StageReply(404, "", b"")))

    # https: behind CONNECT.

    def _connect(self, client: socket.socket, target: str) -> None:
        if parse_url(f"https://{target}/") is None:
            raise BadRequestError(400)
        address = address_of(f"https://{target}/")
        if self._site.tls is not None and address == self._site.address:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            self._perform(client, self._site.tls)
        elif address not in self._reachable:
            self._refuse(client, target)
        elif (server := self._dial(address)) is None:
            client.sendall(reply_bytes(StageReply(502, "", b"")))
        else:
            with server, _Known(self, server):
                self._note(self.tunnels, address)
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                self._tunnel(client, server, address)

    def _perform(self, client: socket.socket, tls: ssl.SSLContext) -> None:
        """The page's site, behind TLS. A browser that does not trust the certificate just leaves."""
        with tls.wrap_socket(client, server_side=True) as secure, _Known(self, secure):
            try:
                for request in read_requests(secure, self._limits.longest_request):
                    self._answer(secure, request, request.target)
            except BadRequestError as error:
                secure.sendall(reply_bytes(StageReply(error.status, "", b"")))

    def _tunnel(self, client: socket.socket, server: socket.socket, address: Address) -> None:
        """Bytes in both directions, until either side closes, is silent for too long, or the server said too much."""
        left = self._limits.longest_response
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, (client, server))
            selector.register(server, selectors.EVENT_READ, (server, client))
            while ready := selector.select(self._limits.idle):
                for key, _ in ready:
                    source, other = key.data
                    data = source.recv(_CHUNK)
                    if not data:
                        return
                    left -= len(data) if source is server else 0
                    if left < 0:
                        self._trouble(address, f"{_too_much(self._limits)}, and it was cut off")
                        return
                    other.sendall(data)

    # http: in the open.

    def _forward(self, client: socket.socket, request: ProxyRequest, address: Address, path: str) -> bool:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers)
        # Noted before it is sent: once script has its answer, everything that led to it is in.
        self._note(self.requests, PassedRequest(request.method, request.target, headers))
        server = self._dial(address)
        if server is None:
            # No answer of ours: script would take a 502 for the server's, and blame its headers.
            return False
        with server, _Known(self, server):
            end = ResponseEnd(request.method)
            for data in self._heard(server, request_bytes(request, path), address):
                # A browser that has blocked the call may leave here; that is no trouble of the server's.
                client.sendall(end.pass_on(data))
                if end.found:
                    return end.may_go_on
            return False

    def _heard(self, server: socket.socket, request: bytes, address: Address) -> Iterator[bytes]:
        """What a server says to a request, as it comes, until it ends, is silent for too long, or says too much."""
        left = self._limits.longest_response
        while True:
            try:
                server.sendall(request)
                data = server.recv(_CHUNK)
            except OSError as error:
                self._trouble(address, f"{error}, and it was cut off")
                return
            request = b""
            left -= len(data)
            if left < 0:
                self._trouble(address, f"{_too_much(self._limits)}, and it was cut off")
                return
            if not data:
                return
            yield data

    def _dial(self, address: Address) -> socket.socket | None:
        """A connection to the first address of a name that takes it; None, and a word about it, where there is none."""
        host, port = address
        until = time.monotonic() + self._limits.timeout
        why: Exception = OSError("the name leads nowhere")
        try:
            found = known_addresses(host, port, self._resolve) or look_up(host, port).result(self._limits.timeout)
        except (OSError, LookUpTimeout) as error:
            found, why = (), error
        for number, each in enumerate(found):
            share = (until - time.monotonic()) / (len(found) - number)
            if share <= 0:
                break
            try:
                server = socket.create_connection((each, port), timeout=share)
            except OSError as error:
                why = error
            else:
                server.settimeout(self._limits.timeout)
                return server
        self._trouble(address, f"it could not be reached: {str(why) or type(why).__name__}")
        return None

    def _trouble(self, address: Address, what: str) -> None:
        host, port = address
        self._note(self.troubles, f"{f'[{host}]' if ':' in host else host}:{port}: {what}")

    def _note(self, notes: list[_Note], note: _Note) -> None:
        with self._lock:
            notes.append(note)


class _Known:
    """Lets the proxy close a socket from outside while a thread waits for it."""

    def __init__(self, proxy: Proxy, sock: socket.socket) -> None:
        self._proxy = proxy
        self._sock = sock

    def __enter__(self) -> None:
        with self._proxy._lock:
            self._proxy._sockets.add(self._sock)
            if self._proxy._is_closed:
                raise ConnectionAbortedError("the proxy has closed")

    def __exit__(self, *_: object) -> None:
        with self._proxy._lock:
            self._proxy._sockets.discard(self._sock)


def address_of(url: str) -> Address:
    """Where a connection for an http or https URL goes. Raises ValueError for another URL."""
    parsed = parse_url(url)
    if parsed is None or not parsed.is_http_family or not parsed.host:
        raise ValueError(f"{url!r} is no http or https URL")
    port = parsed.port if parsed.port is not None else DEFAULT_PORTS[parsed.scheme]
    return parsed.host.removeprefix("[").removesuffix("]"), port


def _too_much(limits: Limits) -> str:
    return f"more than {limits.longest_response} bytes came"


def _path(target: str) -> str:
    """The path and query of an absolute-form target, as they stand there."""
    _, _, rest = target.partition("://")
    slash, query = rest.find("/"), rest.find("?")
    if slash == -1 or -1 < query < slash:
        return f"/{rest[query:]}" if query != -1 else "/"
    return rest[slash:]
