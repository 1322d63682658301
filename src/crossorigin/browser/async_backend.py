"""The network below the HTTP library, in asyncio: the twin of `backend`, with the deadline kept by the transport."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import httpcore2

from crossorigin.browser.exchange import Exchange
from crossorigin.browser.failures import Phase
from crossorigin.browser.lookup import known_addresses, look_up

__all__ = ["AsyncStream", "dial"]


class AsyncStream(httpcore2.AsyncNetworkStream):
    """A connection that tells the exchange that has it what came; the transport cancels it at the deadline."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, exchange: Exchange) -> None:
        self._stream = stream
        self.exchange = exchange

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.exchange.reading()
        data = await self._stream.read(max_bytes, timeout)
        self.exchange.saw(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


async def dial(exchange: Exchange, tls: ssl.SSLContext | None) -> AsyncStream:
    """A new connection for `exchange`, over TLS if there is a context; raises OSError and the library's errors."""
    addresses = known_addresses(exchange.host, exchange.port, exchange.options.resolve)
    stream = await _connect(exchange, addresses or await asyncio.wrap_future(look_up(exchange.host, exchange.port)))
    if tls is not None:
        exchange.phase = Phase.TLS
        try:
            stream = await stream.start_tls(tls, exchange.tls_name)
        except BaseException:
            await stream.aclose()
            raise
    exchange.phase = Phase.REQUEST
    return AsyncStream(stream, exchange)


async def _connect(exchange: Exchange, addresses: tuple[str, ...]) -> httpcore2.AsyncNetworkStream:
    backend = httpcore2.AnyIOBackend()
    failed: Exception = OSError("the name has no address")
    for address, seconds in exchange.attempts(addresses):
        try:
            return await backend.connect_tcp(address, exchange.dialled_port, seconds)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            failed = error
    raise failed
