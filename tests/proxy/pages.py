"""A page in real Chromium that a test asks: what script answers, what the page has become, what the console said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from crossorigin.browser.real.browser import Options
from crossorigin.browser.real.chromium import Chromium, start_chromium
from crossorigin.browser.real.installed import Missing, find

__all__ = ["Page", "tabs"]

_SECONDS: Final = 60


class Page:
    """A tab of a Chromium."""

    def __init__(self, browser: Chromium) -> None:
        self.browser = browser
        self._is_closed = False

    def open(self, url: str) -> None:
        """Leave what is open, and load a page."""
        self.browser.open(url)

    def close(self) -> None:
        """Close the tab. A page that is only left may be kept as it is, its streams as well, to be gone back to."""
        if not self._is_closed:
            self._is_closed = True
            self._call("Page.close", {})

    def before(self, script: str) -> None:
        """Run script in each page before its own."""
        self._call("Page.enable", {})
        self._call("Page.addScriptToEvaluateOnNewDocument", {"source": script})

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, of a promise what it is fulfilled with; fails with what script throws."""
        parameters = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self._call("Runtime.evaluate", parameters)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            pytest.fail(f"{expression}: {details.get('exception', {}).get('description', details['text'])}")
        return answer["result"].get("value")

    def until(self, expression: str) -> Any:
        """The first value of an expression that script takes for true."""
        end = time.monotonic() + _SECONDS
        while not (value := self.evaluate(expression)):
            if time.monotonic() > end:
                said = "\n".join(message.text for message in self.browser.console())
                pytest.fail(f"not true within {_SECONDS} s: {expression}; the console:\n{said}")
            time.sleep(0.02)
        return value

    def _call(self, method: str, parameters: dict[str, Any]) -> Any:
        # Only tests read a page: `Browser` has nothing for it.
        return self.browser._call(f"{method} of a test", method, parameters)


@contextmanager
def tabs(options: Options | None = None) -> Iterator[Callable[[], Page]]:
    """A fresh Chromium, as what opens tabs in it; skips the test where there is none."""
    found = find("chromium")
    if isinstance(found, Missing):
        pytest.skip(f"{found.engine}: {found.sentence} (`make test` as root installs it)")
    with start_chromium(found, options or Options()) as browser:
        yield lambda: Page(Chromium(found, browser._process, browser._channel, browser._console))
