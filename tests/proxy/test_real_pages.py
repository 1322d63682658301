"""What pages in real Chromium get of the development proxy: redirects, cookies, both loopback addresses; and what pages
of other sites do not get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Queue
from typing import Final

import pytest
from tests.proxy.backends import SECONDS, Speaker, in_thread, sockets, speaker
from tests.proxy.pages import Page, tabs
from websockets.sync.client import connect

from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.record import Record
from crossorigin.proxy.route import Route
from crossorigin.proxy.server import ProxyServer
from crossorigin.proxy.target import parse_target

pytestmark = pytest.mark.xdist_group("browser-chromium")

_COOKIE: Final = 3900
"""Characters of a cookie: Chromium takes none of more than 4096, with its name."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[], Page]]:
    with tabs() as started:
        yield started


@pytest.fixture
def backend() -> Iterator[Speaker]:
    with in_thread(speaker) as started:
        yield started


@pytest.fixture
def records() -> Queue[Record]:
    return Queue()


@pytest.fixture
def server(backend: Speaker, records: Queue[Record]) -> Iterator[ProxyServer]:
    """A proxy with the backend as its application and, without the prefix, at /v1; with WebSockets at /socket."""
    with in_thread(sockets) as port:
        routes = [
            Route("/socket", parse_target(f"ws://127.0.0.1:{port}")),
            Route("/v1", parse_target(backend.url), strip_prefix=True),
        ]
        front = DevelopmentFront(routes, Route("/", parse_target(backend.url)))
        with ProxyServer(front, port=0, on_record=records.put).in_thread() as running:
            yield running


@pytest.fixture
def page(chromium: Callable[[], Page], server: ProxyServer) -> Iterator[Page]:
    tab = chromium()
    tab.open(server.url)
    yield tab
    tab.close()


def fetched(path: str, value: str) -> str:
    """Script: what `value` is of the `response` for a path."""
    return f"fetch({path!r}).then(async (response) => {value})"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_stays_with_the_proxy(page: Page, server: ProxyServer, status: int) -> None:
    """node-http-proxy PR 1125, #914, #318; chimurai#138: to its own origin, and below its own root."""
    assert page.evaluate(fetched(f"/v1/moved/{status}", "response.url")) == f"{server.url}/v1/seen"
    assert page.evaluate(fetched(f"/moved/{status}", "response.url")) == f"{server.url}/seen"


def test_a_cookie_of_the_backends_domain_comes_back(page: Page) -> None:
    """chimurai#137, #169, #477; node-http-proxy#1165: its domain and its Secure are those of another place."""
    page.evaluate(fetched("/v1/cookie", "response.text()"))
    said = dict(page.evaluate(fetched("/v1/seen", "response.json()")))
    assert said["cookie"] == "session=1"
    # It is for the backend's /seen, which is /v1/seen here, and nowhere else.
    assert "cookie" not in dict(page.evaluate(fetched("/seen", "response.json()")))


def test_cookies_of_many_projects_arrive_and_too_many_are_named(page: Page) -> None:
    """vitejs/vite#9324: localhost has the cookies of everything that ever ran there."""

    def kept(count: int, age: int) -> str:
        return (
            f'for (let i = 0; i < {count}; i++) document.cookie = `c${{i}}=${{"x".repeat({_COOKIE})}}; max-age={age}`'
        )

    try:
        page.evaluate(kept(12, 600))
        said = dict(page.evaluate(fetched("/seen", "response.json()")))
        assert len(said["cookie"]) > 12 * _COOKIE
        page.evaluate(kept(20, 600))
        status, text = page.evaluate(fetched("/seen", "[response.status, await response.text()]"))
        assert status == 431
        assert "biggest cookies" in text
        assert f"({_COOKIE + len('c10=')} bytes)" in text
    finally:
        page.evaluate(kept(20, 0))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_the_page_is_there_under_every_name_of_this_machine(page: Page, server: ProxyServer, host: str) -> None:
    """vitejs/vite#23312, chimurai#705."""
    page.open(f"http://{host}:{server.port}/")
    assert page.evaluate(fetched("/api/hello", "response.text()")) == "hello of the API"


def test_a_socket_is_the_first_that_comes(server: ProxyServer) -> None:
    """chimurai#112, webpack-dev-server#620: sockets that worked after a first GET only."""
    with connect(server.url.replace("http:", "ws:") + "/socket", open_timeout=SECONDS) as socket:
        socket.send("first")
        assert socket.recv(SECONDS) == "first"


class TestForeignPage:
    """A page of another site, which is open while somebody develops: 127.0.0.1 is not of the site of localhost."""

    @pytest.fixture
    def foreign(self, page: Page, backend: Speaker) -> Page:
        page.open(backend.url)
        return page

    def test_it_cannot_send_what_changes_things(
        self, foreign: Page, server: ProxyServer, records: Queue[Record]
    ) -> None:
        sent = f'fetch("{server.url}/upload", {{ method: "POST", mode: "no-cors", body: "x" }})'
        assert foreign.evaluate(f"{sent}.then((response) => response.type)") == "opaque"
        assert first(records, "/upload") == (403, "")

    def test_it_cannot_open_a_socket(self, foreign: Page, server: ProxyServer, records: Queue[Record]) -> None:
        opened = f"""new Promise((end) => {{
          const socket = new WebSocket("{server.url.replace("http:", "ws:")}/socket");
          socket.onopen = () => end("open");
          socket.onclose = ({{ code }}) => end(code);
        }})"""
        assert foreign.evaluate(opened) == 1006
        assert first(records, "/socket") == (403, "")

    def test_it_cannot_read(self, foreign: Page, server: ProxyServer) -> None:
        read = f'fetch("{server.url}/seen").then(() => "read", (error) => error.name)'
        assert foreign.evaluate(read) == "TypeError"


def first(records: Queue[Record], path: str) -> tuple[int, str]:
    """Status and target of the first request for a path."""
    found = next(each for each in iter(lambda: records.get(timeout=SECONDS), None) if each.path == path)
    return found.status, found.target
