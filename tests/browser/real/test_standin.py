"""The stand-in's answers, and a visit by a browser that is a thread; tests/cli/test_real.py has the real ones."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crossorigin.browser.real import standin as module
from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.call import Call, Outcome
from crossorigin.browser.real.installed import Engine, Installed
from crossorigin.browser.real.stage import Stage
from crossorigin.browser.real.standin import Setting, StandIn, visit
from crossorigin.web.url import URL, parse_url

CALL = Call(url="http://api.test/")
NOBODY = Path("/nobody")


def url(text: str) -> URL:
    parsed = parse_url(text)
    assert parsed is not None
    return parsed


class TestAnswers:
    """At the page's origin."""

    def kinds(self, page: str, *asked: tuple[str, str]) -> list[str | None]:
        standin = StandIn(url(page), Stage())
        replies = [standin.answer(method, path, b"[]") for method, path in asked]
        return [None if reply is None else reply.content_type for reply in replies]

    def test_the_page_is_where_its_url_says(self) -> None:
        html, work = "text/html; charset=utf-8", "application/json"
        asked = (("GET", "/cart?a=b"), ("GET", "/todo"), ("GET", "/cart"), ("GET", "/page"), ("POST", "/cart?a=b"))
        assert self.kinds("https://app.test/cart?a=b#top", *asked) == [html, work, None, None, None]

    def test_a_page_whose_path_the_stage_asks_for(self) -> None:
        assert self.kinds("https://app.test/todo", ("GET", "/todo"), ("GET", "/todo")) == [
            "text/html; charset=utf-8",
            "application/json",
        ]

    def test_a_page_may_be_loaded_again(self) -> None:
        assert None not in self.kinds("https://app.test/", ("GET", "/"), ("GET", "/"))


class Puppet:
    """A browser that is a script."""

    def __init__(self, engine: Engine, options: Options, script: Callable[[Puppet, str], None]) -> None:
        self.engine: Engine = engine
        self.version = "Puppet 1"
        self.options = options
        self._script = script
        self._said: list[ConsoleMessage] = []

    def open(self, url: str) -> None:
        self._script(self, url)

    def console(self) -> list[ConsoleMessage]:
        said, self._said = self._said, []
        return said

    def ensure_alive(self) -> None:
        """It is."""

    def say(self, *texts: str) -> None:
        self._said += map(ConsoleMessage, texts)

    def load(self, url: str, body: bytes | None = None) -> bytes:
        assert self.options.proxy is not None
        through = urllib.request.ProxyHandler({"http": self.options.proxy})
        with urllib.request.build_opener(through).open(urllib.request.Request(url, body), timeout=10) as reply:
            read: bytes = reply.read()
            return read


def play(browser: Puppet, page: str) -> None:
    """What page.js does, in a few lines."""
    browser.load(page)
    browser.say("of the page")
    (task,) = json.loads(browser.load(f"{page}todo"))["tasks"]
    browser.say(f"crossorigin: call 0 of {task['name']}", "the reason")
    records = [{"blocked": True, "error": f"TypeError in {task['frame']}"}]
    browser.load(f"{page}done", json.dumps([{"name": task["name"], "records": records}]).encode())
    browser.say(f"crossorigin: end of {task['name']}", "late", "crossorigin: end of batch 1")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Options]]:
    """Replaces the browsers by puppets with a script; gives the options that they are started with."""
    options: list[Options] = []

    def use(script: Callable[[Puppet, str], None] = play) -> list[Options]:
        @contextmanager
        def start(installed: Installed, how: Options) -> Iterator[Puppet]:
            options.append(how)
            yield Puppet(installed.engine, how, script)

        monkeypatch.setattr(module, "start", start)
        return options

    return use


def seen(engine: Engine = "chromium", page: str = "http://app.test/", **more: Any) -> Any:
    return visit(Installed(engine, NOBODY, "1"), CALL, Setting(page=url(page), reachable=frozenset(), **more))


class TestVisits:
    """From the start to the last line of the console."""

    def test_a_visit(self, started: Callable[..., list[Options]]) -> None:
        options = started()
        came = seen(frame="sandboxed")
        assert came.version == "Puppet 1"
        assert (came.outcome, came.error) == (Outcome(blocked=True), "TypeError in sandboxed")
        assert [message.text for message in came.console] == ["the reason", "late"]
        assert came.requests == came.tunnels == came.troubles == came.refused == ()
        assert options == [Options(proxy=options[0].proxy)]

    def test_what_it_wanted_for_itself(self, started: Callable[..., list[Options]]) -> None:
        def curious(browser: Puppet, page: str) -> None:
            for _ in range(2):
                with pytest.raises(OSError, match="403"):
                    browser.load("http://update.test/")
            play(browser, page)

        started(curious)
        assert seen().refused == ("http://update.test/",)

    @pytest.mark.parametrize(
        ("engine", "insecure", "any_certificate", "by_key"),
        [
            ("chromium", False, False, True),
            ("firefox", False, True, False),
            ("webkit", False, True, False),
            ("chromium", True, True, True),
        ],
    )
    def test_trust(
        self,
        started: Callable[..., list[Options]],
        engine: Engine,
        insecure: bool,
        any_certificate: bool,
        by_key: bool,
    ) -> None:
        class SeenEnoughError(Exception):
            """The end of this test."""

        def leave(browser: Puppet, page: str) -> None:
            raise SeenEnoughError

        options = started(leave)
        with pytest.raises(SeenEnoughError):
            seen(engine, "https://app.test/", insecure=insecure)
        assert options[0].accept_any_certificate is any_certificate
        assert (options[0].trusted_key is not None) is by_key

    def test_a_page_that_does_not_begin(
        self, started: Callable[..., list[Options]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_PAGE_SECONDS", 0.05)
        started(lambda browser, page: browser.say("Uncaught"))
        with pytest.raises(BrowserError) as raised:
            seen("webkit")
        assert str(raised.value) == (
            "webkit, opening the page: the page did not begin within 0.05 seconds; its console says: Uncaught"
        )

    def test_a_call_that_does_not_end(
        self, started: Callable[..., list[Options]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_CALL_SECONDS", 0.05)
        started(lambda browser, page: browser.load(f"{page}todo") and None)
        with pytest.raises(BrowserError, match=r"^chromium, making the call: no end within 0\.05 seconds$"):
            seen()
