"""Requests of the engine over the real network, in asyncio: the twin of `transport`."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from functools import cached_property
from ssl import SSLContext
from typing import Self, TypeAlias

import httpcore2

from crossorigin.browser.async_backend import AsyncStream, dial
from crossorigin.browser.exchange import Exchange
from crossorigin.browser.options import TransportOptions
from crossorigin.browser.pool import KEEP_ALIVE, Channel, IdleChannels
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["AsyncTransport"]

_Channel: TypeAlias = Channel[httpcore2.AsyncConnectionInterface, AsyncStream]


class AsyncTransport:
    """Does what `SyncTransport` does, awaited; tasks of one event loop may share one."""

    def __init__(self, options: TransportOptions | None = None) -> None:
        self._options = options or TransportOptions()
        self._idle: IdleChannels[httpcore2.AsyncConnectionInterface, AsyncStream] = IdleChannels()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections that are idle now, and others as soon as they are."""
        self._idle.close()
        await self._close_dropped()

    async def send(self, request: HTTPRequest) -> HTTPResponse | TransportFailure:
        """The final response to `request`, or why there is none; at the latest when the options' time is up.

        Raises ValueError for a request that breaks the engine's contract (see `Exchange`) and for certificates that
        cannot be read (see `TransportOptions.tls`). Cancellation passes through, with the connection closed.
        """
        exchange = Exchange(request, self._options)
        tls = self._tls if exchange.uses_tls else None
        try:
            async with asyncio.timeout(exchange.remaining()):
                return await self._send(exchange, tls)
        except TimeoutError as error:
            return exchange.failure(error)

    @cached_property
    def _tls(self) -> SSLContext:
        # Reading the system's certificates takes longer than a plain http:// exchange with a server on this machine.
        return self._options.tls()

    async def _send(self, exchange: Exchange, tls: SSLContext | None) -> HTTPResponse | TransportFailure:
        if kept := self._take(exchange):
            answer = await self._converse(kept, exchange)
            if not exchange.unprocessed:
                return answer
            exchange.restart()
        try:
            channel = await self._open(exchange, tls)
        except Exception as error:  # noqa: BLE001 - whatever a server makes the library raise is an outcome
            return exchange.failure(error)
        return await self._converse(channel, exchange)

    def _take(self, exchange: Exchange) -> _Channel | None:
        channel = None if exchange.request.new_connection else self._idle.take(exchange.origin)
        if channel is not None:
            exchange.reuse(channel.stream.exchange)
            channel.stream.exchange = exchange
        return channel

    async def _open(self, exchange: Exchange, tls: SSLContext | None) -> _Channel:
        stream = await dial(exchange, tls)
        exchange.opened(stream.get_extra_info("ssl_object"))
        kind = httpcore2.AsyncHTTP2Connection if exchange.http2 else httpcore2.AsyncHTTP11Connection
        connection = kind(exchange.library_url().origin, stream, keepalive_expiry=KEEP_ALIVE)
        return Channel(exchange.origin, connection, stream)

    async def _converse(self, channel: _Channel, exchange: Exchange) -> HTTPResponse | TransportFailure:
        clean = False
        try:
            response = await channel.connection.handle_async_request(exchange.wire_request())
            exchange.start(response)
            async with aclosing(response.aiter_stream()) as chunks:
                async for chunk in chunks:
                    exchange.add(chunk)
            await response.aclose()
            clean = channel.is_clean()
            return exchange.response()
        except Exception as error:  # noqa: BLE001 - whatever a server makes the library raise is an outcome
            return exchange.failure(error)
        finally:
            self._idle.keep(channel) if clean else self._idle.drop(channel)
            await self._close_dropped()

    async def _close_dropped(self) -> None:
        for channel in self._idle.dropped():
            with suppress(OSError):
                await channel.stream.aclose()
