"""WebKitGTK's MiniBrowser: it is given a URL when it starts, and writes its console to its standard error.

Its WebDriver tells nothing of the console, and neither does a private window: hence a program for each page opened.
All of them share one profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options
from crossorigin.browser.real.display import display
from crossorigin.browser.real.installed import Engine, Installed
from crossorigin.browser.real.process import Process, fresh_directory, running

__all__ = ["WebKit", "start_webkit"]

_ENVIRONMENT: Final = {
    # WebKit's own sandbox needs name spaces that root in a container lacks. Only pages of this machine are loaded.
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    "GDK_BACKEND": "x11",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
    "NO_AT_BRIDGE": "1",
}
_HOMES: Final = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")

# "[URL:line:column: ]CONSOLE [SOURCE ]LEVEL text": ConsoleClient::printConsoleMessage of JavaScriptCore.
_LINE: Final = re.compile(
    r"(?:(?P<url>\S+?)(?::\d+){0,2}: )?"
    r"CONSOLE (?:(?P<source>[A-Z-]+) )??(?P<level>LOG|DEBUG|INFO|WARN|ERROR) (?P<text>.*)"
)


def switches(options: Options) -> list[str]:
    """The command line of a MiniBrowser with these options, without the URL."""
    chosen = ["--enable-write-console-messages-to-stdout=true"]
    if options.third_party_cookies:
        chosen.append("--cookies-policy=always")
    if options.accept_any_certificate:
        chosen.append("--ignore-tls-errors")
    if options.proxy is not None:
        chosen.append(f"--proxy={options.proxy}")
    return chosen


@contextmanager
def start_webkit(installed: Installed, options: Options) -> Iterator[WebKit]:
    """A display and a fresh profile; the program starts with the first page, and ends with the block."""
    with ExitStack() as stack:
        directory = stack.enter_context(fresh_directory())
        try:
            where = stack.enter_context(display(directory))
        except OSError as error:
            raise BrowserError("webkit", "starting", str(error)) from error
        environment = {**_ENVIRONMENT, "DISPLAY": where, **dict.fromkeys(_HOMES, str(directory))}
        browser = WebKit(installed, options, directory, environment)
        stack.callback(browser.close)
        yield browser


class WebKit:
    """One window of MiniBrowser after the other."""

    engine: Engine = "webkit"

    def __init__(self, installed: Installed, options: Options, directory: Path, environment: dict[str, str]) -> None:
        self.version = installed.version
        self._command: list[str | Path] = [installed.program, *switches(options)]
        self._directory = directory
        self._environment = environment
        self._window = ExitStack()
        self._process: Process | None = None
        self._messages: list[ConsoleMessage] = []

    def open(self, url: str) -> None:
        """See `Browser`. A URL that nothing answers is not noticed here: MiniBrowser shows a page that says so."""
        self.close()
        self._process = self._window.enter_context(
            running([*self._command, url], self._directory, environment=self._environment)
        )

    def console(self) -> list[ConsoleMessage]:
        """See `Browser`. What was said long ago is in; the last line may be still on its way."""
        self._collect()
        drained, self._messages = self._messages, []
        return drained

    def ensure_alive(self) -> None:
        """See `Browser`."""
        if self._process is not None and self._process.has_ended():
            raise BrowserError("webkit", "running", f"it ended: {self._process.last_words()}")

    def close(self) -> None:
        """End the program; what it said is kept."""
        self._window.close()
        self._collect()
        self._process = None

    def _collect(self) -> None:
        if self._process is not None:
            self._messages += parsed(self._process.new_lines())


def parsed(lines: list[str]) -> list[ConsoleMessage]:
    """The messages in the program's output; of a message of several lines, the first."""
    return [
        ConsoleMessage(match["text"], match["level"], match["source"] or "", match["url"] or "")
        for match in map(_LINE.fullmatch, lines)
        if match
    ]
