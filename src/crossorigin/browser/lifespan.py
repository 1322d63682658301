"""The lifespan of an ASGI application: started once, before its first request, and ended with the browser.

https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from crossorigin.browser.application_errors import LifespanError

__all__ = ["ASGIApp", "Lifespan"]

Message = MutableMapping[str, Any]
ASGIApp = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]

_PATIENCE = 1.0
"""Seconds that an application is given to end after it was cancelled."""


class Lifespan:
    """One application's startup and shutdown; an application that knows of neither goes without."""

    def __init__(self, app: ASGIApp, who: str, timeout: float) -> None:
        self.state: dict[str, Any] = {}
        self.is_up = False
        self._app = app
        self._who = who
        self._timeout = timeout
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._orders: asyncio.Queue[Message] = asyncio.Queue()
        self._replies: asyncio.Queue[Message | None] = asyncio.Queue()

    async def start(self) -> None:
        """Run the startup, once; raises LifespanError when the application says that it failed."""
        async with self._lock:
            if self.is_up:
                return
            self._task = asyncio.create_task(self._live())
            reply = await self._ask("startup")
            if reply is None:
                # It ended or raised without a word: by the specification it does not support the protocol.
                self._task = None
            self.is_up = True

    async def stop(self) -> None:
        """Run the shutdown, if there was a startup; raises LifespanError when the application says that it failed."""
        async with self._lock:
            task, self._task, self.is_up = self._task, None, False
            if task is None:
                return
            try:
                if not task.done():
                    await self._ask("shutdown", task)
            finally:
                if not task.done():
                    await asyncio.wait({task}, timeout=_PATIENCE)
                task.cancel()

    async def _live(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await self._app(scope, self._orders.get, self._replies.put)
        except Exception:  # noqa: BLE001 - "the server must continue", and what it said before it raised counts
            return
        finally:
            self._replies.put_nowait(None)

    async def _ask(self, what: str, task: asyncio.Task[None] | None = None) -> Message | None:
        """Send an order, and wait for the word that it is done; None when the application ended without one."""
        task = task or self._task
        self._orders.put_nowait({"type": f"lifespan.{what}"})
        try:
            reply = await asyncio.wait_for(self._replies.get(), self._timeout)
        except TimeoutError:
            if task is not None:
                task.cancel()
            raise LifespanError(f"{self._who} did not end its {what} within {self._timeout:g} s") from None
        if reply is None or reply.get("type") == f"lifespan.{what}.complete":
            return reply
        if reply.get("type") == f"lifespan.{what}.failed":
            said = str(reply.get("message") or "it does not say why").strip()
            raise LifespanError(f"{self._who} failed in its {what}: {said}")
        raise LifespanError(f"{self._who} answered lifespan.{what} with {str(reply.get('type'))!r}")
