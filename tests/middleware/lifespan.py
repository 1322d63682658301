"""An ASGI application as a server starts it: the lifespan comes before the first request."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

__all__ = ["started"]

App = TypeVar("App")


def started(app: App) -> App:
    """The same application, started and stopped once."""
    arriving = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]
    sent: list[str] = []

    async def receive() -> Any:
        return arriving.pop()

    async def send(message: Any) -> None:
        sent.append(message["type"])

    called: Any = app
    asyncio.run(called({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    return app
