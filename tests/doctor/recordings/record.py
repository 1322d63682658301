"""Makes the recordings beside this file anew: `PYTHONPATH=src python -m tests.doctor.recordings.record`, from the root.

No browser exports a HAR file by itself, so each is asked for it where its own network panel makes one: Chromium's
DevTools are opened on a page and asked in turn, Firefox's by Marionette, WebKitGTK's Web Inspector in a Chromium over
its remote inspector. Everything is on this machine.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crossorigin.browser.real.browser import Options
from crossorigin.browser.real.channel import Channel
from crossorigin.browser.real.chromium import switches
from crossorigin.browser.real.display import display
from crossorigin.browser.real.installed import Engine, Installed, find
from crossorigin.browser.real.process import fresh_directory, running, wait_for

from .scenarios import API, HTML, OTHER, PAGE, answer

HERE = Path(__file__).parent
INSPECTOR = "127.0.0.1:8577"
MARIONETTE = 8578


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass

    def respond(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        told = (200, (("Content-Type", "text/html"),)) if path in {"/", "/empty"} else answer(path, self.command)
        if told is None:
            self.close_connection = True
            return
        status, fields = told
        body = HTML.encode() if path == "/" else b"" if status == 204 else b"{}"
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_OPTIONS = respond  # noqa: N815 - the library's names


@contextmanager
def servers() -> Iterator[None]:
    started = [ThreadingHTTPServer(("127.0.0.1", urlsplit(url).port or 0), Handler) for url in (PAGE, API, OTHER)]
    for server in started:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    for server in started:
        server.shutdown()


def installed(engine: Engine) -> Installed:
    found = find(engine)
    if not isinstance(found, Installed):
        raise SystemExit(f"{engine}: {found}")
    return found


@contextmanager
def chromium() -> Iterator[tuple[Channel, str]]:
    """A Chromium that lets the tools of the other browsers in, and the address of its DevTools."""
    with fresh_directory() as directory:
        profile = directory / "profile"
        more = ["--remote-allow-origins=*", "about:blank"]
        with running([installed("chromium").program, *switches(Options(), profile)[:-1], *more], directory):
            file = profile / "DevToolsActivePort"
            assert wait_for(lambda: file.exists() and file.read_text().count("\n") >= 1, 60)
            port, path = file.read_text().splitlines()[:2]
            with Channel(f"ws://127.0.0.1:{port}{path}", lambda *_: None) as channel:
                yield channel, f"127.0.0.1:{port}"


def opened(channel: Channel, url: str) -> tuple[str, Callable[[str], Any]]:
    """A new page: its id, and what evaluates an expression in it."""
    target = channel.call("Target.createTarget", {"url": url})["targetId"]
    session = channel.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]

    def evaluate(expression: str) -> Any:
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        told = channel.call("Runtime.evaluate", asked, session)
        if "exceptionDetails" in told:
            raise RuntimeError(told["exceptionDetails"])
        return told["result"].get("value")

    return target, evaluate


def from_chromium() -> str:
    with chromium() as (channel, address):
        page, evaluate_page = opened(channel, "about:blank")
        tools = f"devtools://devtools/bundled/devtools_app.html?ws={address}/devtools/page/{page}&panel=network"
        _, evaluate = opened(channel, tools)
        assert wait_for(lambda: evaluate("document.readyState") == "complete", 30)
        time.sleep(5)
        evaluate_page(f"location.href = '{PAGE}/'")
        assert wait_for(lambda: evaluate_page("document.title") == "done", 60)
        time.sleep(1)
        return str(
            evaluate(
                """(async () => {
                const {Writer} = await import("./models/har/har.js")
                const {NetworkLog} = await import("./models/logs/logs.js")
                const progress = {createSubProgress: () => progress}
                const requests = [...NetworkLog.NetworkLog.instance().requests()]
                return Writer.Writer.harStringForRequests(requests, {sanitize: false}, progress)
                })()"""
            )
        )


class Marionette:
    """Firefox's own protocol, which reaches its tools: each message is its length, a colon and JSON."""

    def __init__(self, port: int) -> None:
        assert wait_for(lambda: self._connects(port), 120)
        self._number = 0
        self._read()

    def _connects(self, port: int) -> bool:
        try:
            self._socket = socket.create_connection(("127.0.0.1", port))
        except OSError:
            return False
        self._file = self._socket.makefile("rb")
        return True

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._file.read(1)
        return json.loads(self._file.read(int(length[:-1])))

    def call(self, command: str, **parameters: Any) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise RuntimeError(error)
        return result

    def in_browser(self, script: str) -> Any:
        """Run a script with the browser's own rights, and give what it returns."""
        wrapped = f"const done = arguments[arguments.length - 1]; (async () => {{{script}}})().then(done)"
        self.call("Marionette:SetContext", value="chrome")
        told = self.call("WebDriver:ExecuteAsyncScript", script=wrapped, args=[])
        self.call("Marionette:SetContext", value="content")
        return told["value"]


def from_firefox() -> str:
    tools = """
        const {require} = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs")
        const window = Services.wm.getMostRecentWindow("navigator:browser")
        const {gDevTools} = require("devtools/client/framework/devtools")
        window.tools = await gDevTools.showToolboxForTab(window.gBrowser.selectedTab, {toolId: "netmonitor"})
    """
    export = """
        const window = Services.wm.getMostRecentWindow("navigator:browser")
        return JSON.stringify(await window.tools.getHARFromNetMonitor())
    """
    with fresh_directory() as directory:
        settings = {"marionette.port": MARIONETTE, "dom.security.https_first": False, "network.proxy.type": 0}
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items())
        (directory / "user.js").write_text("\n".join(lines))
        flags = [
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--profile",
            str(directory),
            "--no-remote",
        ]
        with running([installed("firefox").program, *flags, "about:blank"], directory):
            marionette = Marionette(MARIONETTE)
            marionette.call("WebDriver:NewSession")
            marionette.in_browser(tools)
            marionette.call("WebDriver:Navigate", url=f"{PAGE}/")
            assert wait_for(lambda: marionette.call("WebDriver:GetTitle")["value"] == "done", 60)
            time.sleep(3)
            log = json.loads(marionette.in_browser(export))
            return json.dumps(log if "log" in log else {"log": log})


def from_webkit() -> str:
    with fresh_directory() as directory, display(directory) as screen, chromium() as (channel, _):
        environment = {
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "WEBKIT_INSPECTOR_HTTP_SERVER": INSPECTOR,
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "DISPLAY": screen,
            **dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(directory)),
        }
        words: list[str | Path] = [installed("webkit").program, "--enable-developer-extras=true", f"{PAGE}/empty"]
        with running(words, directory, environment=environment):
            time.sleep(8)
            _, evaluate = opened(channel, f"http://{INSPECTOR}/Main.html?ws={INSPECTOR}/socket/1/1/WebPage")
            assert wait_for(lambda: bool(evaluate("!!globalThis.WI?.networkManager?.mainFrame?.url")), 30)
            time.sleep(3)
            evaluate(
                """(() => {
                globalThis.resources = []
                WI.Frame.addEventListener(WI.Frame.Event.ResourceWasAdded, e => resources.push(e.data.resource), WI)
                })()"""
            )
            script = json.dumps(f"location.href = '{PAGE}/'")
            evaluate(f"WI.pageTarget.RuntimeAgent.evaluate.invoke({{expression: {script}}}).then(() => 0)")
            title = (
                "WI.pageTarget.RuntimeAgent.evaluate.invoke({expression: 'document.title'}).then(r => r.result.value)"
            )
            assert wait_for(lambda: evaluate(title) == "done", 60)
            time.sleep(1)
            return str(
                evaluate(
                    "WI.HARBuilder.buildArchive([WI.networkManager.mainFrame.mainResource, ...new Set(resources)])"
                    ".then(archive => JSON.stringify(archive))"
                )
            )


RECORDERS = {"chromium": from_chromium, "firefox": from_firefox, "webkit": from_webkit}


def shortened(har: str) -> str:
    """The same with an entry a line, without what is long and tells nothing of CORS."""
    log = json.loads(har)["log"]
    entries = log.pop("entries")
    for entry in entries:
        entry.get("_initiator", {}).pop("stack", None)
        for part in (entry, entry["request"], entry["response"]):
            for name in ("timings", "cookies", "queryString", "cache"):
                part.pop(name, None)
        kept = entry["request"]["headers"]
        entry["request"]["headers"] = [each for each in kept if not each["name"].lower().startswith("sec-ch-")]
    head = json.dumps(log, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f'{{"log": {head}, "entries": [\n{lines}\n]}}}}\n'


def main() -> None:
    for name in sys.argv[1:] or RECORDERS:
        with servers():
            har = RECORDERS[name]()
        (HERE / f"{name}.har").write_text(shortened(har), encoding="utf-8")
        print(f"{name}: {har.count('startedDateTime')} requests")  # noqa: T201 - a script's output


if __name__ == "__main__":
    main()
