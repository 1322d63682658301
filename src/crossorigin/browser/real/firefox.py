"""Firefox, by WebDriver BiDi, which it speaks itself: https://w3c.github.io/webdriver-bidi/"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.channel import Channel, ChannelError, Json
from crossorigin.browser.real.installed import Engine, Installed
from crossorigin.browser.real.process import Process, fresh_directory, running, wait_for

__all__ = ["Firefox", "start_firefox"]

_START_SECONDS: Final = 120
_QUIET: Final[dict[str, str | int | bool]] = {
    # Nothing that is not asked for leaves the machine.
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.http.speculative-parallel-limit": 0,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    # BiDi alone, not the older protocol beside it.
    "remote.active-protocols": 1,
    # A response 401 of a call opens a dialog that stops the page, and nobody is there to close it: 0 means never.
    "network.auth.subresource-http-auth-allow": 0,
    # An http page stays one: it is not tried over https first.
    "dom.security.https_first": False,
    "dom.security.https_first_schemeless": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
}
_NOBODY: Final = "http://127.0.0.1:9"
"""The discard port: whatever Firefox wants from the network in spite of all that ends here."""
_ACCEPT_ALL_COOKIES: Final = 0


def preferences(options: Options) -> dict[str, str | int | bool]:
    """The profile's settings with these options."""
    proxy = urlsplit(options.proxy or _NOBODY)
    host, port = proxy.hostname or "", proxy.port or 80
    settings: dict[str, str | int | bool] = {
        **_QUIET,
        "network.proxy.type": 1,
        "network.proxy.http": host,
        "network.proxy.http_port": port,
        "network.proxy.ssl": host,
        "network.proxy.ssl_port": port,
        # Whether names of this machine go through the proxy as well.
        "network.proxy.allow_hijacking_localhost": options.proxy is not None,
        "network.proxy.no_proxies_on": "",
    }
    if options.third_party_cookies:
        settings["network.cookie.cookieBehavior"] = _ACCEPT_ALL_COOKIES
    return settings


def user_js(settings: Mapping[str, str | int | bool]) -> str:
    """The profile's file of settings."""
    return "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())


@contextmanager
def start_firefox(installed: Installed, options: Options) -> Iterator[Firefox]:
    """A Firefox with a fresh profile and one empty page; it ends with the block."""
    with fresh_directory() as directory:
        profile = directory / "profile"
        profile.mkdir()
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences(options).items()
        )
        (profile / "user.js").write_text("".join(lines))
        command: list[str | Path] = [installed.program, "--headless", "--no-remote", "--profile", profile]
        command += ["--remote-debugging-port", "0", "about:blank"]
        # Reports of crashes are another process, which would outlive the browser.
        with running(command, directory, environment={"MOZ_CRASHREPORTER_DISABLE": "1"}) as process:
            address = _address(profile, process)
            console = _Console()
            try:
                with Channel(address, console.take) as channel:
                    yield Firefox(installed, process, channel, console, options)
            except ChannelError as error:
                raise BrowserError("firefox", "starting", str(error)) from error


def _address(profile: Path, process: Process) -> str:
    """The WebSocket's address, from the file that Firefox writes when it listens."""
    file = profile / "WebDriverBiDiServer.json"

    def written() -> bool:
        return process.has_ended() or (file.exists() and file.read_text().rstrip().endswith("}"))

    if not wait_for(written, _START_SECONDS):
        raise BrowserError("firefox", "starting", f"it did not listen within {_START_SECONDS} seconds")
    if process.has_ended():
        raise BrowserError("firefox", "starting", f"it ended: {process.last_words()}")
    place = json.loads(file.read_text())
    return f"ws://{place['ws_host']}:{place['ws_port']}/session"


class _Console:
    """Collects what pages and frames say."""

    def __init__(self) -> None:
        self._messages: list[ConsoleMessage] = []
        self._lock = threading.Lock()

    def take(self, _: Channel, event: Json) -> None:
        if event.get("method") == "log.entryAdded":
            with self._lock:
                self._messages.append(_entry(event["params"]))

    def drain(self) -> list[ConsoleMessage]:
        with self._lock:
            drained, self._messages = self._messages, []
        return drained


def _entry(entry: Json) -> ConsoleMessage:
    frames = (entry.get("stackTrace") or {}).get("callFrames", [])
    return ConsoleMessage(entry["text"] or "", entry["level"], entry["type"], frames[0]["url"] if frames else "")


class Firefox:
    """One page of a running Firefox."""

    engine: Engine = "firefox"

    def __init__(
        self, installed: Installed, process: Process, channel: Channel, console: _Console, options: Options
    ) -> None:
        self.version = installed.version
        self._process = process
        self._channel = channel
        self._console = console
        wanted = {"acceptInsecureCerts": options.accept_any_certificate}
        channel.call("session.new", {"capabilities": {"alwaysMatch": wanted}})
        channel.call("session.subscribe", {"events": ["log.entryAdded"]})
        tree = channel.call("browsingContext.getTree", {})
        self._context: str = tree["contexts"][0]["context"]

    def open(self, url: str) -> None:
        """See `Browser`."""
        parameters = {"context": self._context, "url": url, "wait": "complete"}
        self._call(f"opening {url}", "browsingContext.navigate", parameters)

    def console(self) -> list[ConsoleMessage]:
        """See `Browser`. What the page said before this call is in; the reasons of blocks may lag behind."""
        # A page says what it says in order: its answer comes after all that it said before.
        here = {"expression": "0", "target": {"context": self._context}, "awaitPromise": False}
        self._call("reading the console", "script.evaluate", here)
        return self._console.drain()

    def ensure_alive(self) -> None:
        """See `Browser`."""
        if self._process.has_ended():
            raise BrowserError("firefox", "running", f"it ended: {self._process.last_words()}")

    def _call(self, doing: str, method: str, parameters: Json) -> Json:
        self.ensure_alive()
        try:
            return self._channel.call(method, parameters)
        except ChannelError as error:
            raise BrowserError("firefox", doing, str(error)) from error
