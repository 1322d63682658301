"""Firefox's profile, its events, and a start that fails; tests/browsers has the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.browser.real import firefox as module
from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.channel import Json
from crossorigin.browser.real.firefox import preferences, start_firefox, user_js
from crossorigin.browser.real.installed import Installed


class TestPreferences:
    """The profile."""

    def test_what_is_not_on_this_machine_goes_nowhere(self) -> None:
        settings = preferences(Options())
        assert (settings["network.proxy.http"], settings["network.proxy.http_port"]) == ("127.0.0.1", 9)
        assert settings["network.proxy.allow_hijacking_localhost"] is False
        assert "network.cookie.cookieBehavior" not in settings

    def test_a_proxy_takes_loopback_too(self) -> None:
        settings = preferences(Options(proxy="http://127.0.0.1:8000"))
        for scheme in ("http", "ssl"):
            assert settings[f"network.proxy.{scheme}"] == "127.0.0.1"
            assert settings[f"network.proxy.{scheme}_port"] == 8000
        assert settings["network.proxy.allow_hijacking_localhost"] is True

    def test_cookies(self) -> None:
        assert preferences(Options(third_party_cookies=True))["network.cookie.cookieBehavior"] == 0

    def test_the_file(self) -> None:
        settings: dict[str, str | int | bool] = {"a.b": True, "c": 1, "d": 'say "so"'}
        lines = ['user_pref("a.b", true);', 'user_pref("c", 1);', 'user_pref("d", "say \\"so\\"");', ""]
        assert user_js(settings).split("\n") == lines


def test_a_start_that_fails_says_what_the_program_said(tmp_path: Path) -> None:
    program = tmp_path / "firefox"
    program.write_text("#!/bin/sh\necho no libraries; exit 1\n")
    program.chmod(0o755)
    with (
        pytest.raises(BrowserError, match=r"^firefox, starting: it ended: no libraries$"),
        start_firefox(Installed("firefox", program, "1"), Options()),
    ):
        pass


def test_an_entry_of_the_log() -> None:
    entry: Json = {"text": "blocked", "level": "error", "type": "javascript", "stackTrace": None}
    assert module._entry(entry) == ConsoleMessage("blocked", "error", "javascript", "")
    entry = {
        "text": None,
        "level": "info",
        "type": "console",
        "stackTrace": {"callFrames": [{"url": "http://a.test/"}]},
    }
    assert module._entry(entry) == ConsoleMessage("", "info", "console", "http://a.test/")
