"""Real servers on loopback: nginx, FastAPI under uvicorn, Express under node; each ended by its own pid.

Each is started once, and serves two origins, `here` and `elsewhere`. The listening sockets are bound here and inherited
by the server, so no port is ever guessed, and a connection waits in the backlog until the server takes it.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

_HOME = Path(__file__).parent
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
_SECONDS = 60
"""Until a server answers at all; node on a busy machine is what needs the most of it."""


@dataclass(frozen=True)
class RealServer:
    """A running server: the two origins that it serves, and all that it says."""

    here: str
    elsewhere: str
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture(scope="session")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    program = _find("nginx", "nginx-light")
    directory = tmp_path_factory.mktemp("nginx")
    files = directory / "files"
    (files / "directory").mkdir(parents=True)
    for page in (files / "page.txt", files / "directory" / "index.html"):
        page.write_text("read me\n")
    with _two_sockets() as sockets:
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
        with _running(command, sockets, directory / "log", handed_over) as server:
            yield server


@pytest.fixture(scope="session")
def fastapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    command = [sys.executable, "-P", str(_HOME / "fastapi" / "serve.py")]
    with _two_sockets() as sockets:
        command += (str(each.fileno()) for each in sockets)
        with _running(command, sockets, tmp_path_factory.mktemp("fastapi") / "log", {}) as server:
            yield server


@pytest.fixture(scope="session")
def express(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    command = [_find("node", "nodejs"), str(_HOME / "node" / "serve.js")]
    if not (_HOME / "node" / "node_modules" / "express").is_dir():
        pytest.skip("Express is not installed (`make test` installs it with npm)")
    with _two_sockets() as sockets:
        command += (str(each.fileno()) for each in sockets)
        with _running(command, sockets, tmp_path_factory.mktemp("express") / "log", {}) as server:
            yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the server said beside a failure of a test that asked it."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, RealServer):
                report.sections.append((f"{name}: the end of {value.log}", _tail(value.log)))
    return report


def _find(program: str, package: str) -> str:
    found = shutil.which(program, path=_PATH)
    if found is None:
        pytest.skip(f"{program} is not installed (Debian package {package}; `make test` as root installs it)")
    return found


@contextmanager
def _two_sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    with ExitStack() as stack:
        here, elsewhere = (stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2))
        yield here, elsewhere


def _origin(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def _running(
    command: Sequence[str], sockets: tuple[socket.socket, socket.socket], log: Path, environment: dict[str, str]
) -> Iterator[RealServer]:
    """Start the server, wait for its first answer, and end it."""
    here, elsewhere = (_origin(each) for each in sockets)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[each.fileno() for each in sockets],
            env={**os.environ, **environment, "ELSEWHERE": elsewhere},
        )
    # From here on the server alone holds them: when it dies, a connection is refused instead of hanging.
    for each in sockets:
        each.close()
    server = RealServer(here, elsewhere, process, log)
    try:
        for origin in (here, elsewhere):
            _first_answer(origin, server)
        yield server
        assert process.poll() is None, f"the server ended during the tests:\n{_tail(log)}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(origin: str, server: RealServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=_SECONDS)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        server.process.kill()
        server.process.wait()
        pytest.fail(f"the server did not start ({error!r}):\n{_tail(server.log)}")
    finally:
        connection.close()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-40:])
