"""Requests of the engine over the real network, in threads. The asyncio twin is `async_transport`.

It is a module of its own so that the command line does not pay for importing asyncio.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from ssl import SSLContext
from typing import Self, TypeAlias

import httpcore2

from crossorigin.browser.backend import SyncStream, dial
from crossorigin.browser.exchange import Exchange
from crossorigin.browser.options import TransportOptions
from crossorigin.browser.pool import KEEP_ALIVE, Channel, IdleChannels
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

__all__ = ["SyncTransport"]

_Channel: TypeAlias = Channel[httpcore2.ConnectionInterface, SyncStream]


class SyncTransport:
    """Sends the engine's requests and keeps connections alive between them; a context manager that closes them.

    Threads may share one. It follows no redirect, keeps no cookie, asks no proxy and decodes nothing. It sends again
    in one case, as browsers do, whatever the method: when a kept connection turns out to be dead before a byte of an
    answer came over it.

    Header lines of a response come back as sent, but for three things that h11 does while it reads HTTP/1.1: a line
    folded over several becomes one, Content-Length lines that agree become one, and Transfer-Encoding is in lower case.
    """

    def __init__(self, options: TransportOptions | None = None) -> None:
        self._options = options or TransportOptions()
        self._idle: IdleChannels[httpcore2.ConnectionInterface, SyncStream] = IdleChannels()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are idle now, and others as soon as they are."""
        self._idle.close()
        self._close_dropped()

    def send(self, request: HTTPRequest) -> HTTPResponse | TransportFailure:
        """The final response to `request`, or why there is none; at the latest when the options' time is up.

        Raises ValueError for a request that breaks the engine's contract (see `Exchange`) and for certificates that
        cannot be read (see `TransportOptions.tls`). KeyboardInterrupt passes through, with the connection closed.
        """
        exchange = Exchange(request, self._options)
        tls = self._tls if exchange.uses_tls else None
        if kept := self._take(exchange):
            answer = self._converse(kept, exchange)
            if not exchange.unprocessed:
                return answer
            exchange.restart()
        try:
            channel = self._open(exchange, tls)
        except Exception as error:  # noqa: BLE001 - whatever a server makes the library raise is an outcome
            return exchange.failure(error)
        return self._converse(channel, exchange)

    @cached_property
    def _tls(self) -> SSLContext:
        # Reading the system's certificates takes longer than a plain http:// exchange with a server on this machine.
        return self._options.tls()

    def _take(self, exchange: Exchange) -> _Channel | None:
        channel = None if exchange.request.new_connection else self._idle.take(exchange.origin)
        if channel is not None:
            exchange.reuse(channel.stream.exchange)
            channel.stream.exchange = exchange
        return channel

    def _open(self, exchange: Exchange, tls: SSLContext | None) -> _Channel:
        stream = dial(exchange, tls)
        exchange.opened(stream.get_extra_info("ssl_object"))
        kind = httpcore2.HTTP2Connection if exchange.http2 else httpcore2.HTTP11Connection
        connection = kind(exchange.library_url().origin, stream, keepalive_expiry=KEEP_ALIVE)
        return Channel(exchange.origin, connection, stream)

    def _converse(self, channel: _Channel, exchange: Exchange) -> HTTPResponse | TransportFailure:
        clean = False
        try:
            response = channel.connection.handle_request(exchange.wire_request())
            exchange.start(response)
            for chunk in response.iter_stream():
                exchange.add(chunk)
            response.close()
            clean = channel.is_clean()
            return exchange.response()
        except Exception as error:  # noqa: BLE001 - whatever a server makes the library raise is an outcome
            return exchange.failure(error)
        finally:
            self._idle.keep(channel) if clean else self._idle.drop(channel)
            self._close_dropped()

    def _close_dropped(self) -> None:
        for channel in self._idle.dropped():
            with suppress(OSError):
                channel.stream.close()
