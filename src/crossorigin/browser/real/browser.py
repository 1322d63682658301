"""A running browser, whichever it is: what one may ask of it, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from crossorigin.browser.real.installed import Engine

__all__ = ["TRUSTS_ONE_KEY", "Browser", "BrowserError", "ConsoleMessage", "Options"]

TRUSTS_ONE_KEY: Final[frozenset[Engine]] = frozenset({"chromium"})
"""Who can be told to trust one key. The others accept any certificate, or only those of authorities they know."""


class BrowserError(Exception):
    """A browser that is missing, does not start, ends, or does not answer in time: which one, and at what."""

    def __init__(self, engine: Engine, doing: str, why: str) -> None:
        super().__init__(f"{engine}, {doing}: {why}")
        self.engine = engine
        self.doing = doing
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a browser is set up.

    `proxy` is "http://127.0.0.1:PORT": everything goes through it, also what is on this machine.
    `trusted_key` is one key whose certificate is taken whoever signed it, as `certificate.StandInCertificate` has it;
    only Chromium can do that, see `TRUSTS_ONE_KEY`.
    `third_party_cookies` is False for the engine's own rules of the day.
    """

    accept_any_certificate: bool = False
    third_party_cookies: bool = False
    proxy: str | None = None
    trusted_key: str | None = None


@dataclass(frozen=True, slots=True)
class ConsoleMessage:
    """One line of a page's console.

    `level` and `source` are the protocol's own words ("error", "network"); `url` is what the protocol says that it is
    about, "" when it says nothing: in Chromium the page or the failed URL, in WebKit the script's place.
    """

    text: str
    level: str = ""
    source: str = ""
    url: str = ""


class Browser(Protocol):
    """One tab of one browser. Whoever started it ends it."""

    engine: Engine
    version: str
    """As the program says it itself: "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)"."""

    def open(self, url: str) -> None:
        """Leave what is open and load `url`. Raises BrowserError when nothing answers there."""

    def console(self) -> list[ConsoleMessage]:
        """What the page and its frames have said since it was last asked, in the order of its coming."""

    def ensure_alive(self) -> None:
        """Raises BrowserError when the program has ended."""
