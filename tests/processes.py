"""Programs that tests start: found, given their listening sockets, waited for, and ended by their own pid."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

__all__ = ["end", "find", "listening", "running", "tail"]

_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
"""Servers stand where only root looks, and what a package of Python brought stands beside Python."""
_SECONDS = 60
"""Until a server answers at all; node on a busy machine is what needs the most of it."""


def find(program: str, package: str) -> str:
    """The path of a program; skips the test that needs it, and says which package is missing."""
    found = shutil.which(program, path=_PATH)
    if found is None:
        pytest.skip(f"{program} is not installed ({package}; `make test` as root installs it)")
    return found


@contextmanager
def listening(count: int) -> Iterator[list[socket.socket]]:
    """Sockets on free ports of 127.0.0.1 where connections wait already."""
    with ExitStack() as stack:
        yield [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]


@contextmanager
def running(
    command: Sequence[str],
    sockets: Sequence[socket.socket],
    log: Path,
    environment: Mapping[str, str],
    directory: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server that inherits the sockets, wait for its first answer on each, and end it."""
    ports = [each.getsockname()[1] for each in sockets]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[each.fileno() for each in sockets],
            env={**os.environ, **environment},
            cwd=directory,
        )
    # From here on the server alone holds them: when it dies, a connection is refused instead of hanging.
    for each in sockets:
        each.close()
    try:
        for port in ports:
            _first_answer(port, process, log)
        yield process
        assert process.poll() is None, f"the server ended during the tests:\n{tail(log)}"
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End one process, kindly at first."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path) -> str:
    """The last that a server said."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-40:])


def _first_answer(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        process.kill()
        process.wait()
        pytest.fail(f"the server did not start ({error!r}):\n{tail(log)}")
    finally:
        connection.close()
