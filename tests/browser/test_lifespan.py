from __future__ import annotations

import asyncio
from typing import Any

import pytest

from crossorigin.browser.application_errors import LifespanError
from crossorigin.browser.lifespan import Lifespan

from .applications import ASGI, says


def lives(app: ASGI, *, times: int = 1) -> Lifespan:
    async def main() -> Lifespan:
        lifespan = Lifespan(app, "the app", 0.2)
        for _ in range(times):
            await lifespan.start()
            assert lifespan.is_up
        await lifespan.stop()
        assert not lifespan.is_up
        return lifespan

    return asyncio.run(main())


class App:
    """An application with a lifespan, which says these words."""

    def __init__(self, started: Any = "lifespan.startup.complete", stopped: Any = "lifespan.shutdown.complete") -> None:
        self.heard: list[str] = []
        self.words = {"lifespan.startup": started, "lifespan.shutdown": stopped}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "lifespan"
        scope["state"]["db"] = 1
        for _ in range(2):
            message = await receive()
            self.heard.append(message["type"])
            word = self.words[message["type"]]
            if word is None:
                await asyncio.Event().wait()
            await send(word if isinstance(word, dict) else {"type": word})


def test_once() -> None:
    app = App()
    assert lives(app, times=3).state == {"db": 1}
    assert app.heard == ["lifespan.startup", "lifespan.shutdown"]


def test_several_at_once() -> None:
    app = App()

    async def main() -> None:
        lifespan = Lifespan(app, "the app", 0.2)
        await asyncio.gather(lifespan.start(), lifespan.start(), lifespan.start())
        await lifespan.stop()
        await lifespan.stop()

    asyncio.run(main())
    assert app.heard == ["lifespan.startup", "lifespan.shutdown"]


async def _ends(scope: Any, receive: Any, send: Any) -> None:
    await receive()


@pytest.mark.parametrize("app", [says(), _ends], ids=["raises", "returns"])
def test_an_application_without_one(app: ASGI) -> None:
    lives(app)


@pytest.mark.parametrize(
    ("app", "said"),
    [
        (App({"type": "lifespan.startup.failed", "message": "no database"}), "failed in its startup: no database"),
        (App({"type": "lifespan.startup.failed"}), "it does not say why"),
        (App("lifespan.shutdown.complete"), "answered lifespan.startup with 'lifespan.shutdown.complete'"),
        (App(None), "did not end its startup within 0.2 s"),
        (App(stopped={"type": "lifespan.shutdown.failed", "message": "stuck"}), "failed in its shutdown: stuck"),
        (App(stopped=None), "did not end its shutdown within 0.2 s"),
    ],
)
def test_failures(app: App, said: str) -> None:
    with pytest.raises(LifespanError, match=said):
        lives(app)
