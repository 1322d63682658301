"""A real server on loopback with a real application, in a process of its own, ended by its own pid."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["code_blocks", "serving"]

_SECONDS = 30
"""Until a server answers at all, on a busy machine."""


def code_blocks(page: str) -> list[str]:
    """The Python code of a page of `docs/`, block by block."""
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    return [block.partition("```")[0] for block in text.split("```python\n")[1:]]


@contextmanager
def serving(server: Sequence[str], directory: Path) -> Iterator[str]:
    """Start `python -m server`, `{fd}` in it the listening socket, and give its origin when it has answered once."""
    log = directory / "server.log"
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("wb") as output:
        port = listening.getsockname()[1]
        # Whatever answers to its name in the environment would change what is tested.
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        process = subprocess.Popen(
            [sys.executable, "-m", *(part.format(fd=listening.fileno()) for part in server)],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listening.fileno()],
            env=environment,
        )
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            connection.request("GET", "/absent")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            pytest.fail(f"the server did not start ({error!r}):\n{log.read_text(errors='replace')[-4000:]}")
        finally:
            connection.close()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
