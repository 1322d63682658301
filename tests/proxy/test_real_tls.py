"""https for the browser: Vite's modules over wss through the command, and over HTTP/2 what Chromium does there only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.proxy.backends import SECONDS, Speaker, in_thread, speaker
from tests.proxy.command import running
from tests.proxy.devservers import WATCH_SOCKETS, find_vite, started, write_page
from tests.proxy.pages import Page, tabs
from tests.stacks.servers import free_ports

from crossorigin.browser.real.browser import Options
from crossorigin.proxy.certificate import local_certificate

pytestmark = pytest.mark.xdist_group("browser-chromium")


APP: Final = """
from crossorigin.proxy.asgi import ProxyApp
from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.route import Route
from crossorigin.proxy.target import parse_target

app = ProxyApp(DevelopmentFront([], Route("/", parse_target("{target}"))))
"""
"""A module for a server of ASGI."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[], Page]]:
    # Its own list of authorities is the machine's, and stays as it is.
    with tabs(Options(accept_any_certificate=True)) as started:
        yield started


def test_vite_replaces_modules_over_wss(
    chromium: Callable[[], Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    message = write_page(tmp_path / "app", "vite")
    (port,) = free_ports(1)
    vite = [*find_vite(), "app", "--port", str(port), "--strictPort"]
    with (
        started(vite, tmp_path, port, tmp_path / "log"),
        in_thread(speaker) as backend,
        running(tmp_path, "--tls", "--route", f"/api={backend.url}", "--app", f"http://localhost:{port}") as proxy,
    ):
        assert proxy.url.startswith("https://localhost:")
        page = chromium()
        page.before(WATCH_SOCKETS)
        page.open(proxy.url)
        page.until("document.getElementById('answer')?.textContent == 'hello of the API'")
        page.until("sockets.length && sockets[0].said.length")
        page.evaluate("window.survivor = 42")
        message.write_text('export const message = "after";\n', encoding="utf-8")
        page.until("document.getElementById('message').textContent == 'after'")
        assert page.evaluate("window.survivor") == 42
        (socket,) = page.evaluate("sockets")
        assert socket["url"].startswith(proxy.url.replace("https:", "wss:"))
        page.close()


class TestHttp2:
    """The proxy as an application under hypercorn."""

    @pytest.fixture
    def backend(self) -> Iterator[Speaker]:
        with in_thread(speaker) as started:
            yield started

    @pytest.fixture
    def page(self, chromium: Callable[[], Page], backend: Speaker, tmp_path: Path) -> Iterator[Page]:
        (tmp_path / "app.py").write_text(APP.format(target=backend.url), encoding="utf-8")
        certificate, key, _ = local_certificate(tmp_path / "data", [])
        (port,) = free_ports(1)
        options = ["--bind", f"127.0.0.1:{port}", "--certfile", str(certificate), "--keyfile", str(key)]
        hypercorn = [sys.executable, "-m", "hypercorn", "--graceful-timeout", "0", *options, "app:app"]
        with started(hypercorn, tmp_path, port, tmp_path / "log"):
            page = chromium()
            page.open(f"https://localhost:{port}/")
            assert page.until("performance.getEntriesByType('navigation')[0]?.nextHopProtocol") == "h2"
            yield page
            page.close()

    def test_what_script_sends_piece_by_piece_arrives_so(self, page: Page, backend: Speaker) -> None:
        page.evaluate(
            """(() => {
              const body = new ReadableStream({ start(controller) { window.controller = controller; } });
              window.answer = fetch("/heard", { method: "POST", duplex: "half", body })
                .then((response) => response.text());
            })()"""
        )
        for size in (5, 7, 11):
            page.evaluate(f"controller.enqueue(new Uint8Array({size}))")
            assert backend.news.get(timeout=SECONDS) == f"heard {size}"
        page.evaluate("controller.close()")
        assert page.evaluate("answer") == "23"

    def test_each_event_arrives_before_the_next_is_said(self, page: Page, backend: Speaker) -> None:
        page.evaluate(
            """(() => {
              window.seen = [];
              new EventSource("/events").onmessage = ({ data }) => seen.push(data);
            })()"""
        )
        assert backend.news.get(timeout=SECONDS) == "open"
        for number in (1, 2, 3):
            backend.say(b"data: %d\n\n" % number)
            page.until(f"seen.length == {number}")
        page.close()
        assert backend.news.get(timeout=SECONDS) == "left"
