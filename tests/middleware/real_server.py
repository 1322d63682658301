"""A real server on loopback with a real application, in a process of its own, ended by its own pid."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.processes import end

__all__ = ["code_blocks", "serving"]

_SECONDS = 30
"""Until a server answers at all, on a busy machine."""


def code_blocks(page: str) -> list[str]:
    """The Python code of a page of `docs/`, block by block."""
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    return [block.partition("```")[0] for block in text.split("```python\n")[1:]]


@contextmanager
def serving(server: Sequence[str], directory: Path) -> Iterator[str]:
    """Start `python -m server`, and give its origin when it has answered once.

    `{fd}` stands for the listening socket. A server that takes none gets a `{port}`, which stays reserved for those
    who, as it does, bind with SO_REUSEPORT: nobody else can come first.
    """
    log = directory / "server.log"
    takes_port = any("{port}" in part for part in server)
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT if takes_port else socket.SO_REUSEADDR, 1)
        ours.bind(("127.0.0.1", 0))
        if not takes_port:
            ours.listen(128)
        port = ours.getsockname()[1]
        process = _start([part.format(fd=ours.fileno(), port=port) for part in server], directory, log, ours)
        if not takes_port:
            # Nobody should be left listening when the server is gone.
            ours.close()
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(process)


def _start(words: list[str], directory: Path, log: Path, given: socket.socket) -> subprocess.Popen[bytes]:
    # Whatever answers to its name in the environment would change what is tested.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[given.fileno()],
            env=environment,
        )


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            connection.request("GET", "/absent")
            connection.getresponse().read()
        except ConnectionRefusedError as error:
            if process.poll() is None and time.monotonic() < end:
                time.sleep(0.02)
                continue
            _fail(error, log)
        except (OSError, http.client.HTTPException) as error:
            _fail(error, log)
        finally:
            connection.close()
        return


def _fail(error: Exception, log: Path) -> None:
    pytest.fail(f"the server did not start ({error!r}):\n{log.read_text(errors='replace')[-4000:]}")
