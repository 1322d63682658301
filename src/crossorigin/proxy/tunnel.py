"""A WebSocket, or whatever else a client and a target have agreed to speak: bytes both ways, and nothing of HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

__all__ = ["Tunnel"]


class Tunnel:
    """Two transports. What one cannot take yet, the other is not asked for; when one ends, so does the other.

    `on_end` is called once, with the bytes that went to the target and to the client.
    """

    __slots__ = ("_client", "_on_end", "_target", "from_client_bytes", "from_target_bytes")

    def __init__(
        self, client: asyncio.Transport, target: asyncio.Transport, on_end: Callable[[int, int], None]
    ) -> None:
        self._client = client
        self._target = target
        self._on_end: Callable[[int, int], None] | None = on_end
        self.from_client_bytes = 0
        self.from_target_bytes = 0

    def from_client(self, data: bytes) -> None:
        """The client sent something."""
        self.from_client_bytes += len(data)
        self._target.write(data)

    def from_target(self, data: bytes) -> None:
        """The target sent something."""
        self.from_target_bytes += len(data)
        self._client.write(data)

    def client_full(self) -> None:
        """The client takes no more for now."""
        self._target.pause_reading()

    def client_drained(self) -> None:
        """It does again."""
        if not self._target.is_closing():
            self._target.resume_reading()

    def target_full(self) -> None:
        """The target takes no more for now."""
        self._client.pause_reading()

    def target_drained(self) -> None:
        """It does again."""
        if not self._client.is_closing():
            self._client.resume_reading()

    def client_lost(self) -> None:
        """The client has gone: the target is to know at once."""
        self._target.close()
        self._ended()

    def target_lost(self) -> None:
        """The target has gone; the client gets what is still under way to it."""
        self._client.close()
        self._ended()

    def _ended(self) -> None:
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            on_end(self.from_client_bytes, self.from_target_bytes)
