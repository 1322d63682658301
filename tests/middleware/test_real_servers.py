"""The examples of the pages on real servers: `crossorigin check` says what the policy says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from .framework_cases import APP, EVIL
from .real_server import code_blocks, serving

JSON_BODY = ["-X", "POST", "-H", "Content-Type: application/json", "-d", "{}"]
PUT = ["-X", "PUT"]

SOCKET = """
from fastapi import WebSocket


@app.websocket("/socket")
async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()
"""


class Call(NamedTuple):
    """A call of a page, whether script can read its answer, and the statuses that the server gave."""

    path: str
    origin: str
    arguments: list[str]
    allowed: bool
    statuses: list[int]


FASTAPI = [
    Call("/users/2", APP, [], True, [200]),
    Call("/users/2", EVIL, [], False, [200]),
    Call("/users/2", APP, JSON_BODY, True, [204, 405]),
    Call("/users/2", EVIL, JSON_BODY, False, [403]),
    Call("/users/2", APP, PUT, False, [403]),
    Call("/missing", APP, [], True, [404]),
    Call("/users/0", APP, [], True, [500]),
]
WSGI = [
    Call("/", APP, [], True, [200]),
    Call("/", EVIL, [], False, [200]),
    Call("/", APP, PUT, True, [204, 200]),
    Call("/", APP, JSON_BODY, False, [403]),
    Call("/missing", APP, [], True, [404]),
    Call("/crash", APP, [], True, [500]),
]
SERVERS = {
    "uvicorn": (["uvicorn", "--fd", "{fd}", "example:app"], "fastapi.md", SOCKET, FASTAPI),
    "hypercorn": (["hypercorn", "--bind", "fd://{fd}", "example:app"], "fastapi.md", SOCKET, FASTAPI),
    "gunicorn": (
        ["gunicorn", "--bind", "fd://{fd}", "--no-control-socket", "example:app"], "middleware-wsgi.md", "", WSGI,
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    command, page, more, _ = SERVERS[request.param]
    directory = tmp_path_factory.mktemp(request.param)
    (directory / "example.py").write_text(code_blocks(page)[0] + more, encoding="utf-8")
    with serving(command, directory) as here:
        yield request.param, here


def begin(here: str, call: Call) -> subprocess.Popen[bytes]:
    """Start `crossorigin check`."""
    command = [sys.executable, "-m", "crossorigin", "check", here + call.path, "--origin", call.origin, "--json"]
    return subprocess.Popen([*command, *call.arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.xdist_group("middleware-servers")
def test_check_says_what_the_policy_says(server: tuple[str, str]) -> None:
    name, here = server
    calls = SERVERS[name][3]
    # Two at a time: most of the time of each is the start of Python.
    wrong = []
    for pair in zip(calls[::2], [*calls[1::2], None], strict=False):
        for call, process in [(call, begin(here, call)) for call in pair if call is not None]:
            output, errors = process.communicate(timeout=60)
            report = json.loads(output or b"{}")
            statuses = [exchange["status"] for exchange in report.get("exchanges", ())]
            if (process.returncode, statuses) != (not call.allowed, call.statuses):
                wrong.append((call, process.returncode, statuses, errors))
    assert wrong == []


@pytest.mark.xdist_group("middleware-servers")
@pytest.mark.parametrize("allowed", [True, False])
def test_handshakes(server: tuple[str, str], allowed: bool) -> None:
    name, here = server
    if name == "gunicorn":
        return  # WSGI has no WebSockets
    url = here.replace("http:", "ws:") + "/socket"
    if allowed:
        for page in (Origin(APP), Origin(here), None):
            with connect(url, origin=page, open_timeout=20) as socket:
                assert socket.recv(timeout=20) == "hello"
        return
    with pytest.raises(InvalidStatus) as raised:
        connect(url, origin=Origin(EVIL), open_timeout=20)
    assert raised.value.response.status_code == 403


def test_every_server_is_installed() -> None:
    for name in SERVERS:
        assert (Path(sys.executable).parent / name).exists(), name
