"""What only asyncio has below HTTP: a lookup that is abandoned does not hold the loop on its way out."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from crossorigin.browser.async_backend import dial
from crossorigin.browser.exchange import Exchange
from crossorigin.browser.failures import Phase
from crossorigin.browser.options import TransportOptions

from .conftest import Serve, answering, request
from .test_transport import OK


def test_an_abandoned_lookup_does_not_hold_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])

    async def main() -> None:
        exchange = Exchange(request("http://some.example/"), TransportOptions())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await dial(exchange, None)
        assert exchange.phase is Phase.LOOKUP

    begun = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - begun < 2
    over.set()


def test_a_connection_tells_its_exchange_what_came(serve: Serve) -> None:
    server = serve(answering(OK))

    async def main() -> None:
        exchange = Exchange(request(server.url()), TransportOptions())
        stream = await dial(exchange, None)
        assert exchange.phase is Phase.REQUEST
        await stream.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await stream.read(4) == OK[:4]
        assert (exchange.phase, exchange.received, exchange.first_bytes) == (Phase.HEAD, 4, OK[:4])
        await stream.aclose()

    asyncio.run(main())
