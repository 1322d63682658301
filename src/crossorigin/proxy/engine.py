"""What the connections of a proxy share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from crossorigin.proxy.dial import Dialer
from crossorigin.proxy.plan import Front
from crossorigin.proxy.pool import Pool
from crossorigin.proxy.record import Record

__all__ = ["Connection", "Engine"]

_TICK: Final = 1
"""Seconds. One clock for all that waits: a timer for each request would cost more than the rest of its care."""


class Connection(Protocol):
    """What the engine asks of a connection."""

    def tick(self, seconds: int) -> None:
        """So much time has passed."""

    def close(self) -> None:
        """End it."""


class Engine:
    """A front, the connections to its targets, and those of its clients.

    `on_record` is called with each request that is over; `max_head` are the bytes that its head may have.
    """

    def __init__(
        self, front: Front, *, on_record: Callable[[Record], None] | None = None, max_head: int = 64 * 1024
    ) -> None:
        self.front = front
        self.on_record = on_record
        self.max_head = max_head
        self.pool = Pool()
        self.dialer = Dialer()
        self.connections: set[Connection] = set()
        self._ticker: asyncio.TimerHandle | None = None
        self.time: Callable[[], float] = lambda: 0.0

    def start(self) -> None:
        """Begin to watch the time, on the running loop."""
        loop = asyncio.get_running_loop()
        self.time = loop.time
        self._ticker = loop.call_later(_TICK, self._tick)

    def stop(self) -> None:
        """End every connection."""
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None
        for connection in list(self.connections):
            connection.close()
        self.pool.clear()

    def _tick(self) -> None:
        self.pool.expire(self.time())
        for connection in list(self.connections):
            connection.tick(_TICK)
        self._ticker = asyncio.get_running_loop().call_later(_TICK, self._tick)
