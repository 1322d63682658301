"""Real servers on loopback: nginx, FastAPI under uvicorn, Express under node; each ended by its own pid.

Each is started once, and serves two origins, `here` and `elsewhere`. The listening sockets are bound here and inherited
by the server, so no port is ever guessed, and a connection waits in the backlog until the server takes it.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.processes import find, listening, running, tail

_HOME = Path(__file__).parent


@dataclass(frozen=True)
class RealServer:
    """A running server: the two origins that it serves, and all that it says."""

    here: str
    elsewhere: str
    log: Path


@pytest.fixture(scope="session")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    program = find("nginx", "Debian package nginx-light")
    directory = tmp_path_factory.mktemp("nginx")
    files = directory / "files"
    (files / "directory").mkdir(parents=True)
    for page in (files / "page.txt", files / "directory" / "index.html"):
        page.write_text("read me\n")
    with listening(2) as sockets:
        here, elsewhere = (_origin(each) for each in sockets)
        filled = (_HOME / "nginx" / "nginx.conf").read_text()
        values = {
            "DIR": directory,
            "HERE": urlsplit(here).port,
            "ELSEWHERE": urlsplit(elsewhere).port,
            # Root's nginx would go over to `nobody`, who may not read here.
            "USER": "user root root;" if os.geteuid() == 0 else "",
        }
        for mark, value in values.items():
            filled = filled.replace(f"@{mark}@", str(value))
        configuration = directory / "nginx.conf"
        configuration.write_text(filled)
        command = [program, "-e", "stderr", "-p", str(directory), "-c", str(configuration)]
        # How nginx hands its listening sockets to its successor when its program file is replaced.
        handed_over = {"NGINX": "".join(f"{each.fileno()};" for each in sockets)}
        with _serving(command, sockets, directory / "log", handed_over) as server:
            yield server


@pytest.fixture(scope="session")
def fastapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    command = [sys.executable, "-P", str(_HOME / "fastapi" / "serve.py")]
    with listening(2) as sockets:
        command += (str(each.fileno()) for each in sockets)
        with _serving(command, sockets, tmp_path_factory.mktemp("fastapi") / "log", {}) as server:
            yield server


@pytest.fixture(scope="session")
def express(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    command = [find("node", "Debian package nodejs"), str(_HOME / "node" / "serve.js")]
    if not (_HOME / "node" / "node_modules" / "express").is_dir():
        pytest.skip("Express is not installed (`make test` installs it with npm)")
    with listening(2) as sockets:
        command += (str(each.fileno()) for each in sockets)
        with _serving(command, sockets, tmp_path_factory.mktemp("express") / "log", {}) as server:
            yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the server said beside a failure of a test that asked it."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, RealServer):
                report.sections.append((f"{name}: the end of {value.log}", tail(value.log)))
    return report


def _origin(bound: socket.socket) -> str:
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def _serving(
    command: Sequence[str], sockets: Sequence[socket.socket], log: Path, environment: dict[str, str]
) -> Iterator[RealServer]:
    """Start the server, wait for its first answer, and end it."""
    here, elsewhere = map(_origin, sockets)
    with running(command, sockets, log, {**environment, "ELSEWHERE": elsewhere}):
        yield RealServer(here, elsewhere, log)
