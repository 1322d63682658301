"""Chromium and Chrome, by the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.channel import Channel, ChannelError, Json
from crossorigin.browser.real.installed import Engine, Installed
from crossorigin.browser.real.process import Process, fresh_directory, running, wait_for

__all__ = ["Chromium", "start_chromium"]

_START_SECONDS: Final = 120
_SWITCHES: Final = (
    "--headless=new",
    "--remote-debugging-port=0",
    # Nothing that is not asked for: no component, no synchronisation, no look at the network, no first-run page.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    # And an http page stays one: without this Chromium tries the same host over https first.
    (
        "--disable-features=OptimizationHints,MediaRouter,Translate,"
        "HttpsUpgrades,HttpsFirstBalancedMode,HttpsFirstBalancedModeAutoEnable"
    ),
    "--metrics-recording-only",
    "--disable-quic",
    # Nothing that a machine without a screen, a sound card or a key ring lacks.
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--password-store=basic",
    "--use-mock-keychain",
)


def switches(options: Options, profile: Path) -> list[str]:
    """The command line of a Chromium with these options."""
    chosen = [*_SWITCHES, f"--user-data-dir={profile}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium does not start as root with its sandbox. Only pages of this machine are loaded.
        chosen.append("--no-sandbox")
    if options.accept_any_certificate:
        chosen.append("--ignore-certificate-errors")
    if options.trusted_key is not None:
        chosen.append(f"--ignore-certificate-errors-spki-list={options.trusted_key}")
    if options.proxy is not None:
        # `<-loopback>` takes the names of this machine off the list of those that go without a proxy.
        chosen += [f"--proxy-server={options.proxy}", "--proxy-bypass-list=<-loopback>"]
    return [*chosen, "about:blank"]


def preferences(options: Options) -> Json:
    """The profile's Preferences file: a fresh profile blocks third-party cookies."""
    if options.third_party_cookies:
        return {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    return {}


@contextmanager
def start_chromium(installed: Installed, options: Options) -> Iterator[Chromium]:
    """A Chromium with a fresh profile and one empty page; it ends with the block."""
    with fresh_directory() as directory:
        profile = directory / "profile"
        (profile / "Default").mkdir(parents=True)
        (profile / "Default" / "Preferences").write_text(json.dumps(preferences(options)))
        with running([installed.program, *switches(options, profile)], directory) as process:
            address = _address(profile, process)
            console = _Console()
            try:
                with Channel(address, console.take) as channel:
                    yield Chromium(installed, process, channel, console)
            except ChannelError as error:
                raise BrowserError("chromium", "starting", str(error)) from error


def _address(profile: Path, process: Process) -> str:
    """The WebSocket's address, from the file that Chromium writes when it listens."""
    file = profile / "DevToolsActivePort"

    def written() -> bool:
        return process.has_ended() or (file.exists() and file.read_text().count("\n") >= 1)

    if not wait_for(written, _START_SECONDS):
        raise BrowserError("chromium", "starting", f"it did not listen within {_START_SECONDS} seconds")
    if process.has_ended():
        raise BrowserError("chromium", "starting", f"it ended: {process.last_words()}")
    port, path = file.read_text().splitlines()[:2]
    return f"ws://127.0.0.1:{port}{path}"


class _Console:
    """Collects what pages and frames say.

    A frame of another origin may have a process, and so a console, of its own. It is attached to when it is there, and
    on a busy machine it has then spoken already: what was said before is told again, first all of script's lines, then
    all of the browser's. So the lines of a new frame are held back until both are told, and put in order by their time.
    """

    def __init__(self) -> None:
        self._messages: list[ConsoleMessage] = []
        self._lock = threading.Lock()
        self._held: dict[str, list[tuple[float, ConsoleMessage]]] = {}
        self._until: dict[int, str] = {}
        """The command whose reply says that a session has told all, and the session."""

    def take(self, channel: Channel, event: Json) -> None:
        """An event, or the reply to a command that nobody waits for."""
        session = event.get("sessionId", "")
        parameters = event.get("params", {})
        match event.get("method"):
            case "Log.entryAdded":
                self._add(session, parameters["entry"]["timestamp"], _entry(parameters["entry"]))
            case "Runtime.consoleAPICalled":
                self._add(session, parameters["timestamp"], _said(parameters))
            case "Runtime.exceptionThrown":
                self._add(session, parameters["timestamp"], _thrown(parameters["exceptionDetails"]))
            case "Target.attachedToTarget":
                self._listen(channel, parameters["sessionId"])
            case "Target.detachedFromTarget":
                self._release(parameters["sessionId"])
            case None:
                self._release(self._until.pop(event["id"], ""))

    def drain(self) -> list[ConsoleMessage]:
        """What was collected since the last time."""
        with self._lock:
            drained, self._messages = self._messages, []
        return drained

    def _add(self, session: str, time: float, message: ConsoleMessage) -> None:
        held = self._held.get(session)
        if held is not None:
            held.append((time, message))
            return
        with self._lock:
            self._messages.append(message)

    def _listen(self, channel: Channel, session: str) -> None:
        self._held[session] = []
        auto_attach = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        channel.send("Runtime.enable", {}, session)
        self._until[channel.send("Log.enable", {}, session)] = session
        channel.send("Target.setAutoAttach", auto_attach, session)
        channel.send("Runtime.runIfWaitingForDebugger", {}, session)

    def _release(self, session: str) -> None:
        held = sorted(self._held.pop(session, ()), key=lambda each: each[0])
        with self._lock:
            self._messages += (message for _, message in held)


def _entry(entry: Json) -> ConsoleMessage:
    return ConsoleMessage(entry["text"], entry["level"], entry["source"], entry.get("url", ""))


def _said(call: Json) -> ConsoleMessage:
    """`console.log` and its like."""
    values = (str(each.get("value", each.get("description", ""))) for each in call["args"])
    frames = call.get("stackTrace", {}).get("callFrames", [])
    return ConsoleMessage(" ".join(values), call["type"], "console-api", frames[0]["url"] if frames else "")


def _thrown(details: Json) -> ConsoleMessage:
    """What no script caught; the other engines have it in their console as well."""
    text = details.get("exception", {}).get("description", "")
    return ConsoleMessage(f"{details['text']} {text}".rstrip(), "error", "exception", details.get("url", ""))


class Chromium:
    """One page of a running Chromium."""

    engine: Engine = "chromium"

    def __init__(self, installed: Installed, process: Process, channel: Channel, console: _Console) -> None:
        self.version = installed.version
        self._process = process
        self._channel = channel
        self._console = console
        target = channel.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        # The event that comes before the reply turns the console on.
        self._session: str = channel.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]

    def open(self, url: str) -> None:
        """See `Browser`."""
        error = self._call(f"opening {url}", "Page.navigate", {"url": url}).get("errorText")
        if error:
            raise BrowserError("chromium", f"opening {url}", error)

    def console(self) -> list[ConsoleMessage]:
        """See `Browser`. What the page said before this call is in; a frame with its own process may lag."""
        # A page says what it says in order: its answer comes after all that it said before.
        self._call("reading the console", "Runtime.evaluate", {"expression": "0"})
        return self._console.drain()

    def ensure_alive(self) -> None:
        """See `Browser`."""
        if self._process.has_ended():
            raise BrowserError("chromium", "running", f"it ended: {self._process.last_words()}")

    def _call(self, doing: str, method: str, parameters: Json) -> Json:
        self.ensure_alive()
        try:
            return self._channel.call(method, parameters, self._session)
        except ChannelError as error:
            raise BrowserError("chromium", doing, str(error)) from error
