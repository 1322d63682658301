"""One door to all engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from crossorigin.browser.real.browser import Browser, BrowserError, Options
from crossorigin.browser.real.chromium import start_chromium
from crossorigin.browser.real.firefox import start_firefox
from crossorigin.browser.real.installed import Engine, Installed, Missing, find
from crossorigin.browser.real.webkit import start_webkit

__all__ = ["start"]

_DEFAULTS: Final = Options()
_STARTERS: Final[dict[Engine, Callable[[Installed, Options], AbstractContextManager[Browser]]]] = {
    "chromium": start_chromium,
    "firefox": start_firefox,
    "webkit": start_webkit,
}


@contextmanager
def start(engine: Engine | Installed, options: Options = _DEFAULTS) -> Iterator[Browser]:
    """The browser of `engine` with a fresh profile. Raises BrowserError when it is missing or does not start.

    with start("firefox") as browser:
        browser.open("http://127.0.0.1:8000/")
        print(browser.version, browser.console())
    """
    installed = engine if isinstance(engine, Installed) else find(engine)
    if isinstance(installed, Missing):
        raise BrowserError(installed.engine, "starting", installed.sentence)
    with _STARTERS[installed.engine](installed, options) as browser:
        yield browser
