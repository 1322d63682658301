"""A page of ours at somebody else's origin, in a real browser, and one call that its script makes.

The page's URL is somebody's, its content is the stage's: the proxy that the browser is started with answers for that
origin. So the browser itself makes the origin, the referrer, the preflights and the verdict; nothing of them is faked.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final

from crossorigin.browser.options import Resolve
from crossorigin.browser.real.browser import (
    TRUSTS_ONE_KEY,
    Browser,
    BrowserError,
    ConsoleMessage,
    Options,
)
from crossorigin.browser.real.call import Call, Outcome
from crossorigin.browser.real.certificate import make_certificate
from crossorigin.browser.real.installed import Installed
from crossorigin.browser.real.launch import start
from crossorigin.browser.real.proxy import Address, Limits, PassedRequest, Proxy, Site, address_of
from crossorigin.browser.real.stage import Frame, Stage, StageReply, Task
from crossorigin.web.url import URL

__all__ = ["Setting", "StandIn", "Visit", "visit"]

_NAME: Final = "crossorigin-check"
_BEGIN: Final = f"crossorigin: call 0 of {_NAME}"
_ENDS: Final = frozenset({f"crossorigin: end of {_NAME}", "crossorigin: end of batch 1"})
"""The first comes after all that the call's frame said, the second after one more exchange over the network."""
_MARK: Final = "crossorigin: "
_PAGE_SECONDS: Final = 60
"""From opening the page to its asking for work: the first page of a fresh profile is slow, the more so when busy."""
_CALL_SECONDS: Final = 40
"""page.js gives a call up after 20; the rest is for its frame to be made and for the console to be told."""
_PAUSE: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where the call is made and what it may reach.

    `page` is an http or https URL. In `frame` "sandboxed" the call is made in a frame of the page, whose origin is
    null. `reachable` are the servers that the call may reach; the page's own origin is none of them. `insecure`: any
    certificate is accepted.
    """

    page: URL
    reachable: frozenset[Address]
    frame: Frame = "page"
    insecure: bool = False
    resolve: tuple[Resolve, ...] = ()
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of a call in a real browser.

    `error` is the text of `Played.errors`. `requests` went through the proxy in the open, `tunnels` is where it
    connected to without seeing more, `troubles` are servers that it could not reach, one sentence each. `refused` is
    what else the browser asked for, mostly for itself.
    """

    version: str
    outcome: Outcome
    error: str
    console: tuple[ConsoleMessage, ...]
    requests: tuple[PassedRequest, ...] = ()
    tunnels: tuple[Address, ...] = ()
    troubles: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class StandIn:
    """What is answered at the page's origin: the stage's document at the page's URL, and what it asks for in turn."""

    def __init__(self, page: URL, stage: Stage) -> None:
        self._page = _target(page)
        self._stage = stage
        self._is_open = False

    def answer(self, method: str, path: str, body: bytes) -> StageReply | None:
        """As `Site.answer` has it."""
        # A page's own path may be one that the stage asks for: what is asked first is the page.
        if method == "GET" and path == self._page and (not self._is_open or path not in _OF_THE_STAGE):
            self._is_open = True
            return self._stage.answer("GET", "/page", b"")
        return self._stage.answer(method, path, body) if path in _OF_THE_STAGE else None


_OF_THE_STAGE: Final = frozenset({"/todo", "/done", "/settle", "/favicon.ico"})


def _target(url: URL) -> str:
    return url.path if url.query is None else f"{url.path}?{url.query}"


def visit(installed: Installed, call: Call, setting: Setting) -> Visit:
    """Start the browser, open the page, make the call. Raises BrowserError when the browser does not play along."""
    # Firefox writes the reason of a block in another process, and it comes after the block; elsewhere it comes before.
    stage = Stage(lanes=1, settle=installed.engine == "firefox")
    stage.put([Task(_NAME, (call,), setting.frame)])
    address = address_of(setting.page.href)
    site = Site(setting.page.scheme, address, StandIn(setting.page, stage).answer)
    options = Options(accept_any_certificate=setting.insecure)
    if setting.page.scheme == "https":
        certificate = make_certificate(address[0])
        site = replace(site, tls=certificate.context)
        trusts = installed.engine in TRUSTS_ONE_KEY
        options = Options(
            accept_any_certificate=setting.insecure or not trusts,
            trusted_key=certificate.key_hash if trusts else None,
        )
    with ExitStack() as stack:
        proxy = stack.enter_context(
            Proxy(site, setting.reachable, resolve=setting.resolve, limits=setting.limits),
        )
        browser = stack.enter_context(start(installed, replace(options, proxy=proxy.url)))
        browser.open(setting.page.serialize(exclude_fragment=True))
        outcome, error, console = _play(browser, stage)
        return Visit(
            browser.version,
            outcome,
            error,
            console,
            tuple(proxy.requests),
            tuple(dict.fromkeys(proxy.tunnels)),
            tuple(dict.fromkeys(proxy.troubles)),
            tuple(dict.fromkeys(proxy.refused)),
        )


def _play(browser: Browser, stage: Stage) -> tuple[Outcome, str, tuple[ConsoleMessage, ...]]:
    """Wait until the page has taken the call, made it, and said all that it had to say."""
    said: list[ConsoleMessage] = []
    played = None
    ends = set(_ENDS)
    until = time.monotonic() + _PAGE_SECONDS
    was_taken = False
    while played is None or ends:
        for each in stage.take(_PAUSE):
            played = each
        new = browser.console()
        said += new
        ends -= {message.text for message in new}
        if not was_taken and stage.batches():
            was_taken, until = True, time.monotonic() + _CALL_SECONDS
        if time.monotonic() > until:
            raise _stuck(browser, was_taken=was_taken, said=said)
        browser.ensure_alive()
    return played.outcomes[0], played.errors[0], _of_the_call(said)


def _stuck(browser: Browser, *, was_taken: bool, said: list[ConsoleMessage]) -> BrowserError:
    if was_taken:
        return BrowserError(browser.engine, "making the call", f"no end within {_CALL_SECONDS} seconds")
    words = "; ".join(message.text for message in said[-3:])
    why = f"the page did not begin within {_PAGE_SECONDS} seconds"
    return BrowserError(browser.engine, "opening the page", f"{why}; its console says: {words}" if words else why)


def _of_the_call(said: list[ConsoleMessage]) -> tuple[ConsoleMessage, ...]:
    """What was said from the beginning of the call on, without our own marks."""
    start = next((index for index, message in enumerate(said) if message.text == _BEGIN), 0)
    return tuple(message for message in said[start:] if not message.text.startswith(_MARK))
