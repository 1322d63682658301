"""Requests to ASGI applications, in one event loop for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any, TypeVar

from bench._cases import Case, fields

__all__ = ["ASGIApp", "answer", "request", "run", "start", "timed"]

ASGIApp = Callable[[Any, Any, Any], Coroutine[Any, Any, None]]
Message = MutableMapping[str, Any]
Value = TypeVar("Value")

_LOOP = asyncio.new_event_loop()


def run(coroutine: Coroutine[Any, Any, Value]) -> Value:
    """What a coroutine returns."""
    return _LOOP.run_until_complete(coroutine)


def request(case: Case) -> dict[str, Any]:
    """A new scope."""
    return {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": "GET" if case.method is None else "OPTIONS", "scheme": "https",
        "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "", "state": {}, "extensions": {},
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000),
        "headers": [(name.encode(), value.encode()) for name, value in fields(case).items()],
    }  # fmt: skip


def timed(app: ASGIApp, requests: list[dict[str, Any]]) -> float:
    """Nanoseconds of this thread's processor for each request."""

    async def batch() -> int:
        begin = time.thread_time_ns()
        for each in requests:
            await app(each, _receive, _send)
        return time.thread_time_ns() - begin

    return run(batch()) / len(requests)


def answer(app: ASGIApp, scope: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of one answer."""
    got: list[tuple[str, str]] = []

    async def send(message: Message) -> None:
        got.extend((bytes(name).decode(), bytes(value).decode()) for name, value in message.get("headers", ()))

    run(app(scope, _receive, send))
    return got


class _Started(BaseException):
    """Leaves the lifespan of an application that has started."""


def start(app: ASGIApp) -> None:
    """Start an application as a server does."""

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        if message["type"] != "lifespan.startup.complete":
            raise RuntimeError(str(message))
        raise _Started

    with contextlib.suppress(_Started):
        run(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))


async def _receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(_message: Message) -> None:
    pass
