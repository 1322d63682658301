"""MiniBrowser's command line and its output; tests/browsers has the real one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.installed import Installed
from crossorigin.browser.real.process import wait_for
from crossorigin.browser.real.webkit import WebKit, parsed, start_webkit, switches


def test_switches() -> None:
    assert switches(Options()) == ["--enable-write-console-messages-to-stdout=true"]
    options = Options(accept_any_certificate=True, third_party_cookies=True, proxy="http://127.0.0.1:8000")
    assert switches(options)[1:] == ["--cookies-policy=always", "--ignore-tls-errors", "--proxy=http://127.0.0.1:8000"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "http://127.0.0.1:43119/page:1:20: CONSOLE LOG said 1",
            ConsoleMessage("said 1", "LOG", "", "http://127.0.0.1:43119/page"),
        ),
        (
            "CONSOLE SECURITY ERROR Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200",
            ConsoleMessage(
                "Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200", "ERROR", "SECURITY"
            ),
        ),
        (
            "CONSOLE JS ERROR Fetch API cannot load http://a.test/ due to access control checks.",
            ConsoleMessage("Fetch API cannot load http://a.test/ due to access control checks.", "ERROR", "JS"),
        ),
        (
            "http://a.test/:3:1: CONSOLE JS ERROR TypeError: no",
            ConsoleMessage("TypeError: no", "ERROR", "JS", "http://a.test/"),
        ),
    ],
)
def test_a_line(line: str, message: ConsoleMessage) -> None:
    assert parsed([line]) == [message]


def test_what_is_no_message() -> None:
    noise = ["", "(MiniBrowser:1): Gtk-WARNING **: cannot open display: ", "the second line of a message"]
    assert parsed(noise) == []


def test_a_program_that_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":5")
    program = tmp_path / "MiniBrowser"
    program.write_text('#!/bin/sh\necho "CONSOLE LOG $DISPLAY $2"\nexit 1\n')
    program.chmod(0o755)
    with start_webkit(Installed("webkit", program, "1"), Options()) as browser:
        browser.ensure_alive()
        browser.open("http://a.test/")
        assert wait_for(lambda: has_ended(browser), 60)
        with pytest.raises(BrowserError, match=r"^webkit, running: it ended: CONSOLE LOG"):
            browser.ensure_alive()
        # What one window said is kept when the next one opens.
        browser.open("http://b.test/")
        assert ConsoleMessage(":5 http://a.test/", "LOG") in browser.console()


def has_ended(browser: WebKit) -> bool:
    with suppress(BrowserError):
        browser.ensure_alive()
        return False
    return True


def test_no_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(BrowserError, match=r"^webkit, starting: no Xvfb here"),
        start_webkit(Installed("webkit", tmp_path / "MiniBrowser", "1"), Options()),
    ):
        pass
