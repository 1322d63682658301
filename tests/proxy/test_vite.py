"""Vite's development server behind the proxy, with real Chromium in front: modules are replaced over the tunnel."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import pytest
from tests.proxy.backends import in_thread, speaker
from tests.proxy.devservers import WATCH_SOCKETS, find_vite, started, write_page
from tests.proxy.pages import Page, tabs
from tests.stacks.servers import free_ports

from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.record import Record
from crossorigin.proxy.route import Route
from crossorigin.proxy.server import ProxyServer
from crossorigin.proxy.target import parse_target

pytestmark = pytest.mark.xdist_group("browser-chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[], Page]]:
    with tabs() as started:
        yield started


@dataclass
class Vite:
    """A Vite that can be killed and started again where it was."""

    directory: Path
    port: int
    message: Path
    running: ExitStack

    def start(self) -> None:
        """Start it."""
        command = [*find_vite(), "app", "--port", str(self.port), "--strictPort"]
        self.process = self.running.enter_context(started(command, self.directory, self.port, self.directory / "log"))

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def vite(tmp_path: Path) -> Iterator[Vite]:
    with ExitStack() as running:
        made = Vite(tmp_path, free_ports(1)[0], write_page(tmp_path / "app", "vite"), running)
        made.start()
        yield made


@pytest.fixture
def records() -> list[Record]:
    return []


@pytest.fixture
def proxy(vite: Vite, records: list[Record]) -> Iterator[str]:
    """The URL of a development proxy with Vite as the application and a backend at /api."""
    with in_thread(speaker) as backend:
        routes = [Route("/api", parse_target(backend.url))]
        front = DevelopmentFront(routes, Route("/", parse_target(f"http://localhost:{vite.port}")))
        with ProxyServer(front, port=0, on_record=records.append).in_thread() as server:
            yield server.url


@pytest.fixture
def page(chromium: Callable[[], Page], proxy: str) -> Iterator[Page]:
    """The page through the proxy, complete: it shows its message, has its answer, and its socket is open."""
    tab = chromium()
    tab.before(WATCH_SOCKETS)
    tab.open(proxy)
    tab.until("document.getElementById('message')?.textContent == 'before'")
    tab.until("sockets.length && sockets[0].said.length")
    yield tab
    tab.close()


def test_an_edit_replaces_the_module_and_the_page_stays(page: Page, proxy: str, vite: Vite) -> None:
    page.evaluate("window.survivor = 42")
    vite.message.write_text('export const message = "after";\n', encoding="utf-8")
    page.until("document.getElementById('message').textContent == 'after'")
    assert page.evaluate("window.survivor") == 42
    # Vite's client falls back to Vite's own port when a proxy has no tunnel: there was nothing to fall back from.
    (socket,) = page.evaluate("sockets")
    assert socket["url"].startswith(proxy.replace("http:", "ws:") + "/?token=")
    assert any('"js-update"' in said for said in socket["said"])


def test_an_edit_of_the_page_itself_reloads_it(page: Page, vite: Vite) -> None:
    page.evaluate("window.survivor = 42")
    index = vite.message.with_name("index.html")
    index.write_text(index.read_text(encoding="utf-8").replace("A page", "Another"), encoding="utf-8")
    page.until("document.title == 'Another'")
    assert page.evaluate("typeof window.survivor") == "undefined"


def test_a_route_takes_its_paths_and_no_module_of_a_like_name(page: Page, records: list[Record]) -> None:
    """vitejs/vite#2169: the module /api.js is Vite's, whatever is routed at /api."""
    page.until("document.getElementById('answer').textContent == 'hello of the API'")
    taken = {record.path: record.route for record in records}
    assert taken["/api.js"] == "app"
    assert taken["/api/hello"] == "/api"


def test_a_vite_that_dies_takes_nothing_along_and_is_found_again(page: Page, proxy: str, vite: Vite) -> None:
    """vitejs/vite#2974, #7445: a broken socket ended the server that stood in front."""
    page.evaluate("window.survivor = 42")
    vite.kill()
    with pytest.raises(HTTPError, match="502") as refused:
        urllib.request.urlopen(f"{proxy}/main.js", timeout=60)
    assert str(vite.port) in refused.value.read().decode()
    assert urllib.request.urlopen(f"{proxy}/api/hello", timeout=60).read() == b"hello of the API"
    vite.message.write_text('export const message = "back again";\n', encoding="utf-8")
    vite.start()
    # Vite's client asks over and over, through the proxy, and reloads the page when it is answered.
    page.until("document.getElementById('message')?.textContent == 'back again'")
    assert page.evaluate("typeof window.survivor") == "undefined"
