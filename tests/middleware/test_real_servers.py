"""The examples of the pages on real servers: `crossorigin check` says what the policy says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import call as command_line
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from .framework_cases import APP, EVIL
from .real_server import code_blocks, serving
from .real_sites import SITES, Call, Site

Running = tuple[Site, str]


def each(names: Iterable[str]) -> list[Any]:
    """Parameters; what runs in several processes starts each server in one of them."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]


@pytest.fixture(scope="module", params=each(SITES))
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    site = SITES[request.param]
    directory = tmp_path_factory.mktemp("site")
    for name, text in site.files.items():
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    with serving(site.command, directory) as here:
        yield site, here


def words(here: str, call: Call) -> list[str]:
    # By the standard: to WebKit a page over https may not call http on this machine, whatever the policy says.
    return ["check", here + call.path, "--origin", call.origin, "--browser", "standard", "--json", *call.arguments]


def expected(call: Call) -> tuple[int, list[int], list[str], bool]:
    """Exit status, statuses, the Access-Control-Allow-Origin of the last answer, and whether that varies by origin."""
    granted = call.grant or (call.origin if call.allowed else None)
    return not call.allowed, call.statuses, [granted] if granted else [], granted != "*"


def got(status: int, out: str) -> tuple[int, list[int], list[str], bool]:
    exchanges = json.loads(out)["exchanges"]
    fields = [(name.lower(), value) for name, value in exchanges[-1]["response_headers"]]
    varies = [item.strip() for name, value in fields if name == "vary" for item in value.split(",")]
    granted = [value for name, value in fields if name == "access-control-allow-origin"]
    return status, [exchange["status"] for exchange in exchanges], granted, "Origin" in varies


def test_check_says_what_the_policy_says(running: Running) -> None:
    site, here = running
    wrong = []
    for call in site.calls:
        ended = command_line(*words(here, call))
        answer = got(ended.status, ended.out)
        if answer != expected(call):
            wrong.append((call, answer, ended.err))
    assert wrong == []


def test_the_command_line_as_a_program_says_the_same(running: Running) -> None:
    site, here = running
    call = next(call for call in site.calls if call.statuses == [403])
    command = [sys.executable, "-m", "crossorigin", *words(here, call)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert got(done.returncode, done.stdout.decode()) == expected(call)


@pytest.mark.parametrize("page", [APP, "its own", None, EVIL, "null"])
def test_handshakes(running: Running, page: str | None) -> None:
    site, here = running
    if site.socket is None:
        return
    url = here.replace("http:", "ws:") + site.socket
    asking = None if page is None else Origin(here if page == "its own" else page)
    if page in {EVIL, "null"}:
        with pytest.raises(InvalidStatus) as raised:
            connect(url, origin=asking, open_timeout=20)
        assert raised.value.response.status_code == site.refusal
        return
    with connect(url, origin=asking, open_timeout=20) as socket:
        socket.send("hello")
        assert socket.recv(timeout=20) == "hello"


def test_every_server_is_installed() -> None:
    for name in ("gunicorn", "granian", "hypercorn", "uvicorn"):
        assert any(site.command[0] == name for site in SITES.values())
        assert (Path(sys.executable).parent / name).exists(), name


def test_every_page_about_middleware_is_on_a_server() -> None:
    pages = {page.name for page in (Path(__file__).parents[2] / "docs").glob("*.md")}
    about = {page for page in pages if any("from crossorigin.middleware." in block for block in code_blocks(page)[:1])}
    assert about | {"django.md"} == {site.page for site in SITES.values()}
