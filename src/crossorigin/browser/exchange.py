"""One exchange while it happens: what is sent, how far it got, what came back. Both transports keep it here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ssl import SSLObject
from typing import Final

import httpcore2

from crossorigin.browser.failures import ExchangeError, Phase, explain
from crossorigin.browser.options import TransportOptions
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList, is_header_name, is_header_value
from crossorigin.web.origins import DEFAULT_PORTS

__all__ = ["Exchange"]

_FIRST_BYTES: Final = 60
"""Bytes kept of the start of an answer, to be shown when it is not HTTP: enough to know an SSH or SMTP banner by."""


@dataclass(slots=True, eq=False)
class Exchange:
    """The state of one request on its way to one response, or to the reason why there is none.

    Raises ValueError for a request that no HTTP connection can carry as the engine's contract has it: a scheme other
    than http and https, or a body without Content-Length.
    """

    request: HTTPRequest
    options: TransportOptions
    started: float = field(default_factory=time.monotonic)
    """When the exchange began, in seconds of `time.monotonic`."""
    phase: Phase = Phase.LOOKUP
    addresses: tuple[str, ...] = ()
    """Addresses dialled so far, the latest last."""
    http2: bool = False
    reused: bool = False
    """Whether the connection carried another exchange before."""
    received: int = 0
    """Bytes that came over the connection, below HTTP and above TLS."""
    first_bytes: bytes = b""
    ended: bool = False
    """Whether the peer closed its side of the connection."""
    head: HTTPResponse | None = None
    body: bytearray = field(default_factory=bytearray)
    unprocessed: bool = False
    """Whether it failed in a way that tells that the server never worked on the request."""

    def __post_init__(self) -> None:
        if not self.request.url.is_http_family:
            raise ValueError(f"{self.request.url.href!r} is neither http:// nor https://, so no connection carries it")
        # HTTP/2 would drop such a body in silence, and HTTP/1.1 would refuse it: the engine's contract is to say it.
        if self.request.body and not self.request.headers.contains(b"content-length"):
            raise ValueError(f"the request to {self.request.url.href!r} has a body but no Content-Length header")

    # Where it goes.

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return self.request.url.scheme

    @property
    def host(self) -> str:
        """The host to dial, an IPv6 address without brackets."""
        return self._url_host.removeprefix("[").removesuffix("]")

    @property
    def _url_host(self) -> str:
        # Only URLs without a host have None, and `__post_init__` let none of them in.
        return self.request.url.host or ""

    @property
    def port(self) -> int:
        """The port to dial, the scheme's default when the URL names none."""
        port = self.request.url.port
        return DEFAULT_PORTS[self.scheme] if port is None else port

    @property
    def dialled_port(self) -> int:
        """The port that is dialled, another than `port` where the options lead elsewhere."""
        led = next((entry for entry in self.options.resolve if entry.applies_to(self.host, self.port)), None)
        return self.port if led is None else led.dialled_port

    @property
    def uses_tls(self) -> bool:
        """Whether the connection is over TLS."""
        return self.scheme == "https" and not any(
            entry.plain for entry in self.options.resolve if entry.applies_to(self.host, self.port)
        )

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a connection must have in common with the exchange to carry it."""
        return self.scheme, self.host, self.port

    @property
    def peer(self) -> str:
        """The other side as people are told of it: `host:port`, and the addresses that the name led to."""
        name = f"{self._url_host}:{self.port}"
        others = [address for address in self.addresses if address != self.host]
        return f"{name} ({', '.join(others)})" if others else name

    @property
    def tls_name(self) -> str:
        """The name that the certificate must carry; a dot at the end is for DNS only, browsers leave it out here."""
        return self.host.removesuffix(".")

    def attempts(self, addresses: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        """Each address with the seconds to spend on it: a share of what is left, so that none starves the rest."""
        self.phase = Phase.CONNECT
        for index, address in enumerate(addresses):
            self.addresses = (*self.addresses, address)
            yield address, self.remaining() / (len(addresses) - index)

    def opened(self, ssl_object: SSLObject | None) -> None:
        """Note a new connection, and the HTTP version that TLS agreed on."""
        self.http2 = ssl_object is not None and ssl_object.selected_alpn_protocol() == "h2"

    def reuse(self, before: Exchange) -> None:
        """Go over the connection that the exchange `before` had."""
        self.phase, self.reused = Phase.REQUEST, True
        self.http2, self.addresses = before.http2, before.addresses[-1:]

    # What goes out.

    def wire_request(self) -> httpcore2.Request:
        """The request as the library takes it: the engine's headers behind Host, and nothing else."""
        port = self.request.url.port
        host = self._url_host if port is None else f"{self._url_host}:{port}"
        return httpcore2.Request(
            self.request.method,
            self.library_url(),
            headers=[(b"Host", host.encode("ascii")), *self.request.headers],
            content=self.request.body,
        )

    def library_url(self) -> httpcore2.URL:
        """The URL in the library's terms."""
        query = self.request.url.query
        target = self.request.url.path + ("" if query is None else f"?{query}")
        return httpcore2.URL(scheme=self.scheme, host=self.host, port=self.port, target=target)

    # What comes in.

    def reading(self) -> None:
        """Note that the peer is being listened to."""
        if self.phase is Phase.REQUEST:
            self.phase = Phase.HEAD

    def saw(self, data: bytes) -> None:
        """Note bytes off the connection; raises ExchangeError at the first that cannot begin an answer in HTTP.

        Waiting for a complete line would turn an SSH server, which greets and then waits for us, into a timeout.
        """
        self.received += len(data)
        self.ended = not data
        if len(self.first_bytes) < _FIRST_BYTES:
            self.first_bytes += data[: _FIRST_BYTES - len(self.first_bytes)]
        if not self._begins_like_http():
            raise ExchangeError(TransportFailureKind.NOT_HTTP, self._not_http())

    def _begins_like_http(self) -> bool:
        if not self.http2:
            return b"HTTP/".startswith(self.first_bytes[:5])
        # A server opens a connection with a SETTINGS frame: three bytes of length, then the type 4. h2 looks at a frame
        # only when it has all of it, and text makes a length of megabytes.
        # https://www.rfc-editor.org/rfc/rfc9113#section-3.4
        return self.reused or self.first_bytes[3:4] in (b"", b"\x04")

    def _not_http(self) -> str:
        version = "HTTP/2, as it had agreed to in TLS" if self.http2 else "HTTP"
        # 0x15 is a TLS alert, 0x16 a handshake message: https://www.rfc-editor.org/rfc/rfc8446#section-5.1
        tls = self.first_bytes[:1] in (b"\x15", b"\x16") and self.scheme == "http"
        hint = ", which is TLS, so the port may serve https://" if tls else ""
        return f"{self.peer} did not answer in {version}: what it sent begins with {self.first_bytes!r}{hint}."

    def start(self, response: httpcore2.Response) -> None:
        """Take the head of the final response; raises ExchangeError for a status that HTTP does not have."""
        # 101 (Switching Protocols) is final for who asked for it.
        if response.status not in range(200, 1000) and not (response.status == 101 and self._asks_to_switch):
            detail = f"{self.peer} answered with the status {response.status}, which is no final status of HTTP."
            raise ExchangeError(TransportFailureKind.NOT_HTTP, detail)
        self.head = HTTPResponse(
            status=response.status,
            headers=HeaderList([self._header(name, value) for name, value in response.headers]),
            status_message=bytes(response.extensions.get("reason_phrase", b"")),
            http_version=response.extensions["http_version"].decode("ascii"),
        )
        self.phase = Phase.BODY

    @property
    def _asks_to_switch(self) -> bool:
        return self.request.headers.contains(b"Upgrade")

    def _header(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        # The library checks the lines of HTTP/1.1, and nothing of HTTP/2, which has bytes for what a line cannot hold.
        # What RFC 9113 calls malformed fails here, as in browsers, but for the spaces around a value, which they strip.
        # https://www.rfc-editor.org/rfc/rfc9113#section-8.2.1
        value = value.strip(b"\t ")
        if is_header_name(name) and is_header_value(value) and not (self.http2 and name != name.lower()):
            return name, value
        detail = f"{self.peer} sent a response with an illegal header: {(name + b': ' + value)[:_FIRST_BYTES]!r}."
        raise ExchangeError(TransportFailureKind.NOT_HTTP, detail)

    def add(self, chunk: bytes) -> None:
        """Take a piece of the body; raises ExchangeError when there is more than the options allow."""
        self.body += chunk
        if len(self.body) > self.options.max_body:
            del self.body[self.options.max_body :]
            detail = f"{self.peer} sent a body longer than the limit of {self.options.max_body} bytes."
            raise ExchangeError(TransportFailureKind.TOO_LARGE, detail)

    @property
    def announced_length(self) -> int | None:
        """The length of the body in bytes that the response head announced, if it did."""
        values = (
            value for name, value in (self.head.headers if self.head else ()) if name.lower() == b"content-length"
        )
        value = next(values, b"")
        return int(value) if value.isdigit() else None

    # Time.

    @property
    def elapsed(self) -> float:
        """Seconds since the exchange began."""
        return time.monotonic() - self.started

    def remaining(self) -> float:
        """Seconds left, more than 0; raises TimeoutError when there are none."""
        remaining = self.options.timeout - self.elapsed
        if remaining <= 0:
            raise TimeoutError
        return remaining

    # How it ends.

    def response(self) -> HTTPResponse:
        """The response as far as it was read; only after `start`."""
        if self.head is None:
            raise RuntimeError("there is no response before its head")
        return replace(self.head, body=bytes(self.body))

    def failure(self, error: BaseException) -> TransportFailure:
        """What `error` means for people, with the part of the response that came before it."""
        kind, detail = explain(error, self)
        lost = kind is TransportFailureKind.RESET and not self.received
        self.unprocessed = lost or isinstance(error, httpcore2.ConnectionNotAvailable)
        return TransportFailure(kind, detail, self.response() if self.head else None)

    def restart(self) -> None:
        """Begin again on another connection, on the same clock."""
        self.phase, self.addresses, self.unprocessed = Phase.LOOKUP, (), False
        self.http2, self.reused = False, False
        self.received, self.first_bytes, self.ended = 0, b"", False
        self.head, self.body = None, bytearray()
