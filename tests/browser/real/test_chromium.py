"""Chromium's command line and profile, its events, and a start that fails; tests/browsers has the real one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crossorigin.browser.real import chromium as module
from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.channel import Channel, Json
from crossorigin.browser.real.chromium import preferences, start_chromium, switches
from crossorigin.browser.real.installed import Installed

PROFILE = Path("/profile")


class TestSwitches:
    """The command line."""

    def test_nothing_is_loosened_unasked(self) -> None:
        chosen = switches(Options(), PROFILE)
        assert "--user-data-dir=/profile" in chosen
        assert not {each.partition("=")[0] for each in chosen} & {"--ignore-certificate-errors", "--proxy-server"}
        assert preferences(Options()) == {}

    @pytest.mark.parametrize(("uid", "without"), [(0, True), (1000, False)])
    def test_the_sandbox_is_given_up_by_root_alone(
        self, uid: int, without: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: uid)
        assert ("--no-sandbox" in switches(Options(), PROFILE)) is without

    def test_a_proxy_takes_loopback_too(self) -> None:
        chosen = switches(Options(proxy="http://127.0.0.1:8000"), PROFILE)
        assert {"--proxy-server=http://127.0.0.1:8000", "--proxy-bypass-list=<-loopback>"} <= set(chosen)

    def test_one_key_is_trusted_and_no_other(self) -> None:
        chosen = switches(Options(trusted_key="abc="), PROFILE)
        assert "--ignore-certificate-errors-spki-list=abc=" in chosen
        assert "--ignore-certificate-errors" not in chosen

    def test_certificates_and_cookies(self) -> None:
        options = Options(accept_any_certificate=True, third_party_cookies=True)
        assert "--ignore-certificate-errors" in switches(options, PROFILE)
        assert preferences(options)["profile"]["block_third_party_cookies"] is False


def test_a_start_that_fails_says_what_the_program_said(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho no libraries; exit 1\n")
    program.chmod(0o755)
    with (
        pytest.raises(BrowserError, match=r"^chromium, starting: it ended: no libraries$"),
        start_chromium(Installed("chromium", program, "1"), Options()),
    ):
        pass


def test_a_start_that_hangs_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(module, "_START_SECONDS", 0.05)
    with (
        pytest.raises(BrowserError, match=r"^chromium, starting: it did not listen within 0\.05 seconds$"),
        start_chromium(Installed("chromium", program, "1"), Options()),
    ):
        pass


class TestEvents:
    """What becomes a line of the console."""

    def test_an_entry_of_the_log(self) -> None:
        entry = {"text": "blocked", "level": "error", "source": "network", "url": "http://a.test/"}
        assert module._entry(entry) == ConsoleMessage("blocked", "error", "network", "http://a.test/")
        del entry["url"]
        assert module._entry(entry).url == ""

    def test_what_script_says(self) -> None:
        arguments = [{"value": "one"}, {"value": 2}, {"type": "object", "description": "Object"}, {"type": "undefined"}]
        stack = {"callFrames": [{"url": "http://a.test/page"}]}
        said = module._said({"type": "log", "args": arguments, "stackTrace": stack})
        assert said == ConsoleMessage("one 2 Object ", "log", "console-api", "http://a.test/page")
        assert module._said({"type": "log", "args": []}) == ConsoleMessage("", "log", "console-api", "")

    def test_what_nobody_caught(self) -> None:
        details = {"text": "Uncaught", "exception": {"description": "Error: no"}, "url": "http://a.test/"}
        assert module._thrown(details) == ConsoleMessage("Uncaught Error: no", "error", "exception", "http://a.test/")


class TestConsole:
    """The order of what pages and frames say."""

    def test_a_new_frame_is_held_back_until_it_has_told_all(self) -> None:
        console = module._Console()
        line = Line()
        console.take(line, {"method": "Target.attachedToTarget", "params": {"sessionId": "frame"}})
        methods = ["Runtime.enable", "Log.enable", "Target.setAutoAttach", "Runtime.runIfWaitingForDebugger"]
        assert line.sent == methods
        console.take(line, said("frame", 1, "first"))
        console.take(line, said("frame", 3, "third"))
        console.take(line, said("page", 9, "of the page"))
        console.take(line, {"id": 1, "result": {}})
        entry = {"text": "second", "level": "error", "source": "network", "timestamp": 2}
        console.take(line, {"method": "Log.entryAdded", "sessionId": "frame", "params": {"entry": entry}})
        assert [each.text for each in console.drain()] == ["of the page"]
        console.take(line, {"id": 2, "result": {}})
        console.take(line, said("frame", 0, "whenever it comes"))
        assert [each.text for each in console.drain()] == ["first", "second", "third", "whenever it comes"]
        assert console.drain() == []

    def test_a_frame_that_goes_is_heard(self) -> None:
        console = module._Console()
        console.take(Line(), {"method": "Target.attachedToTarget", "params": {"sessionId": "frame"}})
        console.take(Line(), said("frame", 1, "last words"))
        console.take(Line(), {"method": "Target.detachedFromTarget", "params": {"sessionId": "frame"}})
        assert [each.text for each in console.drain()] == ["last words"]


class Line(Channel):
    """A channel to nobody, which counts its commands."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, method: str, parameters: Json, session: str | None = None) -> int:
        self.sent.append(method)
        return len(self.sent)


def said(session: str, time: float, text: str) -> Json:
    parameters = {"type": "log", "args": [{"value": text}], "timestamp": time}
    return {"method": "Runtime.consoleAPICalled", "sessionId": session, "params": parameters}
