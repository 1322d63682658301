"""What only asyncio has: cancellation, and exchanges side by side."""

from __future__ import annotations

import asyncio

import pytest

from crossorigin.browser.async_transport import AsyncTransport
from crossorigin.browser.options import TransportOptions
from crossorigin.fetch.wire import TransportFailureKind

from .conftest import Peer, Serve, answering, request
from .test_transport import OK, failure, response


def test_cancellation_passes_and_closes_the_connection(serve: Serve) -> None:
    def talk(peer: Peer) -> None:
        peer.head()
        assert peer.sock.recv(1) == b""
        peer.server.closed_by_client.set()

    server = serve(talk)

    async def main() -> None:
        async with AsyncTransport(TransportOptions(timeout=5)) as transport:
            task = asyncio.create_task(transport.send(request(server.url())))
            while not server.heard:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # Before the transport itself is closed.
            assert await asyncio.to_thread(server.closed_by_client.wait, 5)

    asyncio.run(main())


def test_one_that_hangs_does_not_hurt_the_others(serve: Serve) -> None:
    def talk(peer: Peer) -> None:
        while head := peer.head():
            if b"/hang" in head:
                peer.hang()
            peer.say(OK)

    server = serve(talk)

    async def main() -> None:
        async with AsyncTransport(TransportOptions(timeout=0.3)) as transport:
            paths = ["/a", "/hang", "/b", "/c"]
            answers = await asyncio.gather(*[transport.send(request(server.url(path))) for path in paths])
            assert [response(answers[index]).status for index in (0, 2, 3)] == [200] * 3
            failure(answers[1], TransportFailureKind.TIMEOUT)

    asyncio.run(main())


def test_a_closed_transport_keeps_nothing(serve: Serve) -> None:
    server = serve(answering(OK))

    async def main() -> None:
        transport = AsyncTransport()
        await transport.aclose()
        assert response(await transport.send(request(server.url()))).status == 200
        assert await asyncio.to_thread(server.closed_by_client.wait, 5)

    asyncio.run(main())
