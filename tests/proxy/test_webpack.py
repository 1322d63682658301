"""webpack's development server behind the proxy, with real Chromium in front: modules are replaced over the tunnel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.proxy.backends import in_thread, sockets, speaker
from tests.proxy.devservers import WATCH_SOCKETS, find_webpack, started, write_page
from tests.proxy.pages import Page, tabs
from tests.stacks.servers import free_ports

from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.route import Route
from crossorigin.proxy.server import ProxyServer
from crossorigin.proxy.target import parse_target

pytestmark = pytest.mark.xdist_group("browser-chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[], Page]]:
    with tabs() as started:
        yield started


@dataclass(frozen=True)
class Stage:
    """A page through the proxy, and the file to edit."""

    page: Page
    url: str
    message: Path


@pytest.fixture
def stage(chromium: Callable[[], Page], tmp_path: Path) -> Iterator[Stage]:
    """The page with a backend at /api, and one with WebSockets at /live."""
    message = write_page(tmp_path / "app", "webpack")
    (port,) = free_ports(1)
    command = [*find_webpack(), str(tmp_path / "app"), str(port)]
    with (
        started(command, tmp_path, port, tmp_path / "log"),
        in_thread(speaker) as backend,
        in_thread(sockets) as live,
    ):
        routes = [
            Route("/api", parse_target(backend.url)),
            Route("/live", parse_target(f"ws://127.0.0.1:{live}")),
        ]
        front = DevelopmentFront(routes, Route("/", parse_target(f"http://localhost:{port}")))
        with ProxyServer(front, port=0).in_thread() as server:
            page = chromium()
            page.before(WATCH_SOCKETS)
            page.open(server.url)
            page.until("document.getElementById('message')?.textContent == 'before'")
            page.until("sockets.length && sockets[0].said.length")
            yield Stage(page, server.url, message)
            page.close()


def test_an_edit_replaces_the_module_and_the_page_stays(stage: Stage) -> None:
    page = stage.page
    page.evaluate("window.survivor = 42")
    stage.message.write_text('export const message = "after";\n', encoding="utf-8")
    page.until("document.getElementById('message').textContent == 'after'")
    assert page.evaluate("window.survivor") == 42
    (socket,) = page.evaluate("sockets")
    assert socket["url"] == stage.url.replace("http:", "ws:") + "/ws"


def test_its_socket_and_one_of_a_backend_live_side_by_side(stage: Stage) -> None:
    """create-react-app#7396, angular-cli#26151: each of the two was taken for the other."""
    page = stage.page
    echo = """new Promise((answer) => {
      const socket = new WebSocket(`ws://${location.host}/live`);
      socket.onopen = () => socket.send("to the backend");
      socket.onmessage = ({ data }) => { socket.close(); answer(data); };
    })"""
    assert page.evaluate(echo) == "to the backend"
    stage.message.write_text('export const message = "after";\n', encoding="utf-8")
    page.until("document.getElementById('message').textContent == 'after'")
    page.until("document.getElementById('answer').textContent == 'hello of the API'")
