from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, WebSocket

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.asgi_app import ASGIMount
from crossorigin.fetch.wire import HTTPResponse

from .applications import ask, says, start


def test_a_framework_with_its_lifespan() -> None:
    said: list[str] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        said.append("up")
        yield {"db": "open"}
        said.append("down")

    app = FastAPI(lifespan=lifespan)

    @app.get("/db")
    async def db(request: Request) -> str:
        return str(request.state.db)

    @app.websocket("/ws")
    async def ws(socket: WebSocket) -> None:
        await socket.accept()

    async def main() -> None:
        mount = ASGIMount(app, "https://api.example.com", AppOptions())
        answer = await mount.send(ask("https://api.example.com/db"))
        assert isinstance(answer, HTTPResponse)
        assert answer.body == b'"open"'
        shaken = await mount.send(ask("https://api.example.com/ws", ("Upgrade", "websocket")))
        assert isinstance(shaken, HTTPResponse)
        assert shaken.status == 101
        assert mount.is_up
        await mount.stop()
        await mount.stop()

    asyncio.run(main())
    assert said == ["up", "down"]


def test_it_says_who_it_is() -> None:
    assert ASGIMount(says(start()), "https://a.test", AppOptions()).who == "the ASGI application at https://a.test"
