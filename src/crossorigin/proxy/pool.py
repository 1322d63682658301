"""Connections to targets that wait for their next request.

A new connection for each request is what the proxies of the common development servers make by default: it is most of
their time, and it runs out of ports (openchamber#2915: 200 requests, 200 ports).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crossorigin.proxy.target import Target
    from crossorigin.proxy.upstream import UpstreamConnection

__all__ = ["MAX_IDLE", "MAX_IDLE_TIME", "Pool"]

MAX_IDLE: Final = 128
"""Idle connections for one target; another one is closed."""
MAX_IDLE_TIME: Final = 4.0
"""Seconds. Node and uvicorn close an idle connection after 5, and a request that crosses that would be lost."""
_MAX_IDLE_TIME_UNSAFE: Final = 1.0
"""Seconds, for a request that must not be sent twice: if the connection proves dead it cannot be tried again."""


class Pool:
    """The idle connections by target, the last used first."""

    def __init__(self) -> None:
        self._idle: dict[Target, deque[UpstreamConnection]] = {}

    def take(self, target: Target, now: float, *, is_repeatable: bool) -> UpstreamConnection | None:
        """An idle connection, or None; `now` is the loop's time. `is_repeatable`: the request may be sent twice."""
        idle = self._idle.get(target)
        oldest = now - (MAX_IDLE_TIME if is_repeatable else _MAX_IDLE_TIME_UNSAFE)
        while idle:
            connection = idle[-1]
            if connection.is_open:
                if connection.idle_since < oldest:
                    return None
                idle.pop()
                return connection
            idle.pop()
        return None

    def give(self, target: Target, connection: UpstreamConnection, now: float) -> None:
        """Keep a connection that has done its work, or close it."""
        idle = self._idle.get(target)
        if idle is None:
            idle = self._idle[target] = deque()
        if len(idle) >= MAX_IDLE:
            connection.close()
            return
        connection.idle_since = now
        idle.append(connection)

    def clear(self) -> None:
        """End all of them at once."""
        for idle in self._idle.values():
            for connection in idle:
                connection.abort()
        self._idle.clear()

    def expire(self, now: float) -> None:
        """Close what has been idle for too long."""
        for target, idle in list(self._idle.items()):
            while idle and (idle[0].idle_since < now - MAX_IDLE_TIME or not idle[0].is_open):
                idle.popleft().close()
            if not idle:
                del self._idle[target]

    def __len__(self) -> int:
        """How many connections are idle."""
        return sum(map(len, self._idle.values()))
