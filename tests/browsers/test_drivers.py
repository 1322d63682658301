"""The drivers with the real browsers: pages, consoles, proxies and ends. The theatre's tests have the rest."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crossorigin.browser.real.browser import Browser, BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.installed import ENGINES, Installed, Missing, find
from crossorigin.browser.real.launch import start
from crossorigin.browser.real.process import wait_for

from .conftest import by_engine

PAGE = b"""<!doctype html><meta charset="utf-8"><body><script>
console.log("said by the page", 1);
const frame = document.createElement("iframe");
frame.sandbox = "allow-scripts";
frame.srcdoc = "<script>console.warn('said by the frame')<" + "/script>";
document.body.append(frame);
</script>"""


class Listening(ThreadingHTTPServer):
    """Keeps what was asked."""

    def __init__(self, *how: Any) -> None:
        super().__init__(*how)
        self.asked: list[str] = []


class Site(BaseHTTPRequestHandler):
    """Answers every path of every host, also as a proxy."""

    server: Listening

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what went wrong."""


@pytest.fixture
def site() -> Iterator[tuple[int, list[str]]]:
    with Listening(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, server.asked
        server.shutdown()


@pytest.fixture(params=[pytest.param(each, marks=by_engine(each), id=each) for each in ENGINES])
def installed(request: pytest.FixtureRequest) -> Installed:
    found = find(request.param)
    if isinstance(found, Missing):
        pytest.skip(f"{found.engine}: {found.sentence} (`make test` as root installs it)")
    return found


def heard(browser: Browser, *texts: str) -> list[ConsoleMessage]:
    """The messages, once all of `texts` are among them."""
    messages: list[ConsoleMessage] = []

    def complete() -> bool:
        messages.extend(browser.console())
        return {each.text for each in messages} >= set(texts)

    assert wait_for(complete, 60), messages
    return messages


def test_a_page_and_its_frame_are_heard(installed: Installed, site: tuple[int, list[str]]) -> None:
    port, _ = site
    with start(installed) as browser:
        assert browser.engine == installed.engine
        assert browser.version == installed.version
        assert browser.version.strip() != ""
        browser.open(f"http://127.0.0.1:{port}/first")
        by_text = {each.text: each for each in heard(browser, "said by the page 1", "said by the frame")}
        assert by_text["said by the frame"].level.lower() in {"warn", "warning"}
        assert by_text["said by the page 1"].level.lower() in {"log", "info"}
        assert browser.console() == []
        browser.open(f"http://127.0.0.1:{port}/second")
        heard(browser, "said by the page 1", "said by the frame")
        browser.ensure_alive()


def test_everything_goes_through_a_proxy(installed: Installed, site: tuple[int, list[str]]) -> None:
    port, asked = site
    with start(installed, Options(proxy=f"http://127.0.0.1:{port}")) as browser:
        # On this machine and elsewhere; who listens at these, if anybody, is not asked.
        for url in ("http://127.0.0.1:18999/", "http://app.a.localhost:18999/", "http://app.example.com/"):
            browser.open(url)
            heard(browser, "said by the page 1")
            assert url in asked


def test_an_end_is_an_error_and_no_hang(installed: Installed, site: tuple[int, list[str]]) -> None:
    port, _ = site
    with start(installed) as browser:
        browser.open(f"http://127.0.0.1:{port}/")
        heard(browser, "said by the page 1")
        os.killpg(browser._process.pid, signal.SIGKILL)  # type: ignore[attr-defined]

        def noticed() -> bool:
            try:
                browser.ensure_alive()
            except BrowserError:
                return True
            return False

        assert wait_for(noticed, 60)
        with pytest.raises(BrowserError, match=f"^{installed.engine}, .*it ended"):
            browser.ensure_alive()


def test_nothing_is_left(installed: Installed, site: tuple[int, list[str]]) -> None:
    port, _ = site
    groups: list[int] = []

    def interrupted() -> None:
        with start(installed) as browser:
            browser.open(f"http://127.0.0.1:{port}/")
            heard(browser, "said by the page 1")
            groups.append(browser._process.pid)  # type: ignore[attr-defined]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    [group] = groups
    assert wait_for(lambda: not alive(group), 60)


def alive(group: int) -> bool:
    """Whether a process of the group is there that is no zombie; those are init's."""
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = each.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of_group) == group and state != "Z":
            return True
    return False
