"""An event loop in a thread of its own, for servers on loopback that a plain socket talks to."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

import pytest
import uvicorn
from tests.cli.conftest import call as command_line

from .framework_cases import APP, EVIL

Value = TypeVar("Value")


class Loop:
    """Runs coroutines in another thread. `close` stops it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[object, object, Value]) -> Value:
        """Wait for what a coroutine returns."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def close(self) -> None:
        """Let what is under way end, and stop."""

        async def rest() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.get_running_loop().shutdown_default_executor()

        self.run(rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


def crossorigin_check(url: str, origin: str, *more: str) -> int:
    """The exit status of `crossorigin check`: 0 where script can read the response, 1 where it is blocked."""
    # By the standard: to WebKit a page over https may not call http on this machine, whatever the policy says.
    return command_line("check", url, "--origin", origin, "--browser", "standard", "--json", *more).status


@contextmanager
def served(app: Any) -> Iterator[int]:
    """The port of an ASGI application under uvicorn, in a thread."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, ws="none", lifespan="off", log_level="critical", loop="asyncio"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(500):
        if server.started:
            break
        time.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(10)


CHECKED = (
    ("/hello", APP, 0),
    ("/hello", EVIL, 1),
    ("/items", "https://admin.example.com", 0, "-X", "DELETE"),
    ("/items", APP, 1, "-X", "DELETE"),
    ("/missing", APP, 0),
    ("/crash", APP, 0),
)
"""Path and page of a `Contract`'s application, the exit status, and further arguments."""


def check_from_the_command_line(port: int) -> None:
    """What the command line says of a `Contract`'s application on this port."""
    for path, asking, status, *more in CHECKED:
        assert crossorigin_check(f"http://127.0.0.1:{port}{path}", asking, *map(str, more)) == status, path


class Served:
    """What the application of a `Contract` answers under a real server, asked by the command line."""

    application: ClassVar[Callable[[], Any]]

    @pytest.mark.filterwarnings("ignore:the application, or some")
    def test_crossorigin_check_says_the_same(self) -> None:
        with served(type(self).application()) as port:
            check_from_the_command_line(port)
