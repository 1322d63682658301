"""The examples with a page and an API: how each is copied, started and ended, on ports that are free."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.processes import end, tail
from tests.stacks.applications import NODE_MODULES
from tests.stacks.servers import find, free_ports

__all__ = ["EXAMPLES", "FRONTENDS", "Frontend", "Walk", "page_of"]

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
_SECONDS: Final = 60


@dataclass(frozen=True)
class Walk:
    """A copy of an example, and the ports that it has instead of its own: the page's, the API's, a backend's."""

    directory: Path
    page: int
    api: int
    backend: int


@dataclass(frozen=True)
class Frontend:
    """An example: whose API it is, the file that a fix is pasted into, and what is started, as its README says."""

    stack: str
    file: str
    start: Callable[[Walk], list[tuple[list[str], int]]]
    """Commands, each with the port that says that it is there."""

    def copied(self, name: str, to: Path) -> Walk:
        """The example in a directory of its own; skips the test where its server is not installed."""
        find(self.stack)
        shutil.copytree(EXAMPLES / name, to, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        if self.stack == "express":
            (to / "node_modules").symlink_to(NODE_MODULES)
        return Walk(to, *free_ports(3))

    @contextmanager
    def serving(self, walk: Walk) -> Iterator[None]:
        """The API as its file is at the moment."""
        with ExitStack() as stack:
            for command, port in self.start(walk):
                stack.enter_context(running(command, walk.directory, port))
            yield


def _express(walk: Walk) -> list[tuple[list[str], int]]:
    return [([find("express"), "server.mjs"], walk.api)]


def _fastapi(walk: Walk) -> list[tuple[list[str], int]]:
    return [([sys.executable, "app.py"], walk.api)]


def _nginx(walk: Walk) -> list[tuple[list[str], int]]:
    """nginx takes nothing of the environment: a file beside the one that is pasted into has the test's ports."""
    text = (walk.directory / "nginx.conf").read_text(encoding="utf-8")
    for own, here in (
        ("listen 8080;", f"listen {walk.api};"),
        ("127.0.0.1:8000", f"127.0.0.1:{walk.backend}"),
        ("/tmp/example-nginx", f"{walk.directory}/nginx"),
    ):
        assert own in text
        text = text.replace(own, here)
    (walk.directory / "here.conf").write_text(text, encoding="utf-8")
    return [
        ([sys.executable, "backend.py"], walk.backend),
        ([find("nginx"), "-p", ".", "-c", "here.conf", "-e", "stderr"], walk.api),
    ]


FRONTENDS: Final = {
    "frontend-express": Frontend("express", "server.mjs", _express),
    "frontend-fastapi": Frontend("fastapi", "app.py", _fastapi),
    "frontend-nginx": Frontend("nginx", "nginx.conf", _nginx),
}


@contextmanager
def page_of(walk: Walk) -> Iterator[str]:
    """The page's server, and the URL of the page with the API where it is now."""
    command = [sys.executable, "-m", "http.server", str(walk.page), "--directory", "page"]
    with running(command, walk.directory, walk.page):
        yield f"http://localhost:{walk.page}/?api=http://localhost:{walk.api}"


@contextmanager
def running(command: list[str], directory: Path, port: int) -> Iterator[None]:
    """A program that listens at the port; told by its environment, too."""
    log = directory / f"log-{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=os.environ | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + _SECONDS
        while not _listens(port):
            assert process.poll() is None, f"{command} ended:\n{tail(log)}"
            assert time.monotonic() < deadline, f"{command} does not listen at {port}:\n{tail(log)}"
            time.sleep(0.02)
        yield
    finally:
        end(process)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), 1).close()
    except OSError:
        return False
    return True
