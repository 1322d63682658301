"""The network below the HTTP library, in threads: dialling, TLS, and a stream that keeps to the exchange's deadline."""

from __future__ import annotations

import ssl
from typing import Any

import httpcore2

from crossorigin.browser.exchange import Exchange
from crossorigin.browser.failures import Phase
from crossorigin.browser.lookup import known_addresses, look_up

__all__ = ["SyncStream", "dial"]


class SyncStream(httpcore2.NetworkStream):
    """A connection on which every read and write ends by the deadline of the exchange that has it.

    The library's own time limits are per read: a server that drips one byte a second never meets them. They are not
    used, so the `timeout` that the library passes is None always. Raises TimeoutError, and the library's errors.
    """

    def __init__(self, stream: httpcore2.NetworkStream, exchange: Exchange) -> None:
        self._stream = stream
        self.exchange = exchange

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see the class
        self.exchange.reading()
        data = self._stream.read(max_bytes, self.exchange.remaining())
        self.exchange.saw(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see the class
        # The library gives each `send` the whole limit again, so a peer that takes a little at a time holds it forever.
        sock, rest = self._stream.get_extra_info("socket"), memoryview(buffer)
        while rest:
            sock.settimeout(self.exchange.remaining())
            try:
                rest = rest[sock.send(rest) :]
            except TimeoutError:
                raise
            except OSError as error:
                # The class that tells the library to look for a response all the same: a server may answer 413 and go.
                raise httpcore2.WriteError(error) from error

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def dial(exchange: Exchange, tls: ssl.SSLContext | None) -> SyncStream:
    """A new connection for `exchange`, over TLS if there is a context; raises OSError and the library's errors."""
    addresses = known_addresses(exchange.host, exchange.port, exchange.options.resolve)
    stream = _connect(exchange, addresses or look_up(exchange.host, exchange.port).result(exchange.remaining()))
    if tls is not None:
        exchange.phase = Phase.TLS
        try:
            stream = stream.start_tls(tls, exchange.tls_name, exchange.remaining())
        except BaseException:
            stream.close()
            raise
    exchange.phase = Phase.REQUEST
    return SyncStream(stream, exchange)


def _connect(exchange: Exchange, addresses: tuple[str, ...]) -> httpcore2.NetworkStream:
    backend = httpcore2.SyncBackend()
    failed: Exception = OSError("the name has no address")
    for address, seconds in exchange.attempts(addresses):
        try:
            return backend.connect_tcp(address, exchange.dialled_port, seconds, socket_options=[])
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            failed = error
    raise failed
