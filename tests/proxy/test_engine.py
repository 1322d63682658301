"""What connections share, and one clock for all of them."""

from __future__ import annotations

import asyncio

from tests.proxy.net import PlainFront, answering, backend, connect, proxy

from crossorigin.proxy.engine import Engine


def test_time_passes_for_all_connections() -> None:
    class Ticked:
        seconds = 0

        def tick(self, seconds: int) -> None:
            self.seconds += seconds

        def close(self) -> None:
            self.closed = True

    async def main() -> None:
        engine = Engine(PlainFront("http://a"))
        one = Ticked()
        engine.connections.add(one)
        engine.start()
        while one.seconds < 2:
            await asyncio.sleep(0.05)
        engine.stop()
        assert one.closed
        seconds = one.seconds
        await asyncio.sleep(1.2)
        assert one.seconds == seconds

    asyncio.run(asyncio.wait_for(main(), 20))


def test_connections_are_known_while_they_last() -> None:
    with backend(answering(b"HTTP/1.1 204 No\r\n\r\n")) as behind, proxy(behind.url) as server:
        peers = [connect(server) for _ in range(3)]
        for peer in peers:
            peer.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            peer.head()
        assert len(server.engine.connections) == 3
        assert len(server.engine.pool) >= 1
        for peer in peers:
            peer.close()
