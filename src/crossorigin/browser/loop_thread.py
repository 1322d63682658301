"""One event loop in one thread, for a browser without `await` whose applications need a loop that goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as OutOfTimeError
from typing import Any, TypeVar

__all__ = ["BlockedLoopError", "LoopThread"]

T = TypeVar("T")

_PATIENCE = 5.0
"""Seconds that the loop has to end in; a task that blocks it is left behind with its daemon thread."""


class BlockedLoopError(Exception):
    """The event loop gives no answer in time: whatever runs on it does not let go."""


class LoopThread:
    """Runs coroutines one at a time from other threads; it begins with the first one."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """The coroutine's result; raises what it raises, and BlockedLoopError when no answer comes in time.

        An interrupt (KeyboardInterrupt) cancels the coroutine.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._started())
        try:
            return future.result(timeout)
        except OutOfTimeError:
            if future.done():
                raise
            future.cancel()
            raise BlockedLoopError("the event loop gives no answer: something blocks it") from None
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Cancel what is left, and end loop and thread."""
        loop, thread = self._loop, self._thread
        self._loop = self._thread = None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name="crossorigin browser", daemon=True)
            self._thread.start()
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks, timeout=_PATIENCE / 2))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        asyncio.set_event_loop(None)
        loop.close()
