"""A browser for tests without `await`, and its pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import ExitStack
from typing import Concatenate, ParamSpec, Self, TypeVar

from crossorigin.browser import element_calls, script_calls
from crossorigin.browser.asgi_app import ASGIMount
from crossorigin.browser.asgi_websocket import is_handshake
from crossorigin.browser.call import Call, PageState
from crossorigin.browser.core import BrowserCore, sized, stream_so_far
from crossorigin.browser.drive import run
from crossorigin.browser.loop_thread import BlockedLoopError, LoopThread
from crossorigin.browser.transport import SyncTransport
from crossorigin.browser.watching import tell
from crossorigin.fetch.main_fetch import fetch
from crossorigin.fetch.request import Client
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

__all__ = ["Browser", "Page"]

P = ParamSpec("P")
T = TypeVar("T")
Enough = Callable[[bytes], bool] | None

_GRACE = 5.0
"""Seconds beyond the application's own time limit after which its event loop counts as blocked."""


def _blocking(describe: Callable[Concatenate[PageState, P], Call[T]]) -> Callable[Concatenate[Page, P], T]:
    """A method of `Page` that performs the call which `describe` describes, with its words and its documentation."""

    @functools.wraps(describe)
    def method(page: Page, /, *args: P.args, **kwargs: P.kwargs) -> T:
        __tracebackhide__ = True  # pytest then points at the test's own line
        return page.browser.perform(describe(page, *args, **kwargs))

    return method


class Page(PageState):
    """A page that is open in a `Browser`, and does what its script and markup do."""

    def __init__(self, browser: Browser, client: Client) -> None:
        super().__init__(client, browser.engine, browser.max_body)
        self.browser = browser

    fetch = _blocking(script_calls.fetch)
    xhr = _blocking(script_calls.xhr)
    event_source = _blocking(script_calls.event_source)
    websocket = _blocking(script_calls.websocket)
    send_beacon = _blocking(script_calls.send_beacon)
    load_script = _blocking(element_calls.load_script)
    load_image = _blocking(element_calls.load_image)
    load_style = _blocking(element_calls.load_style)
    load_font = _blocking(element_calls.load_font)
    submit_form = _blocking(element_calls.submit_form)


class Browser(BrowserCore[Page]):
    """A browser with applications instead of an internet. The words are those of `BrowserCore`.

        with Browser(apps={"https://api.example.com": app}) as browser:
            page = browser.page("https://app.example.com/dashboard")
            user = page.fetch("https://api.example.com/users/42", credentials="include").json()

    WSGI applications run in the thread that calls, ASGI ones on one event loop in a thread of its own. Their lifespan
    begins with the `with`, or else with their first request, and ends with `close`.
    """

    _transport: SyncTransport | None = None
    _loop: LoopThread | None = None

    def _open(self, client: Client) -> Page:
        return Page(self, client)

    def perform(self, call: Call[T]) -> T:
        """Perform a call of a page: what `Page` does for each of its methods."""
        __tracebackhide__ = True
        result = run(fetch(call.request, self.agent), _Sender(self, call.enough))
        tell(result, self.engine)
        return call.finish(result)

    def send(self, request: HTTPRequest, enough: Enough = None) -> HTTPResponse | TransportFailure:
        """One exchange, with an application or over the network; raises NotMountedError where neither may be."""
        mount = self.mount_for(request.url)
        if mount is None:
            return stream_so_far(self._over_the_network(request), enough)
        if not isinstance(mount, ASGIMount):
            return mount.send(request, enough)
        try:
            return self._thread().run(mount.send(request, enough), self.network_options.timeout + _GRACE)
        except BlockedLoopError:
            return TransportFailure(TransportFailureKind.TIMEOUT, f"{mount.who} blocks its event loop.")

    def _thread(self) -> LoopThread:
        if self._loop is None:
            self._loop = LoopThread()
        return self._loop

    def _over_the_network(self, request: HTTPRequest) -> HTTPResponse | TransportFailure:
        if is_handshake(request):
            with SyncTransport(self.handshake_options) as transport:
                return transport.send(request)
        if self._transport is None:
            self._transport = SyncTransport(self.network_options)
        return self._transport.send(sized(request))

    def __enter__(self) -> Self:
        """Start the ASGI applications; raises LifespanError, with those that were started stopped again."""
        try:
            for mount in self.mounts.asgi():
                self._thread().run(mount.start())
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the applications and close the connections; raises LifespanError of an application that cannot stop."""
        loop, self._loop = self._loop, None
        transport, self._transport = self._transport, None
        with ExitStack() as ending:
            if transport is not None:
                ending.callback(transport.close)
            if loop is not None:
                ending.callback(loop.close)
                for mount in self.mounts.asgi():
                    ending.callback(_stop, loop, mount)


def _stop(loop: LoopThread, mount: ASGIMount) -> None:
    loop.run(mount.stop())


class _Sender:
    """The network of one call, whose response may end when it is enough."""

    __slots__ = ("_browser", "_enough")

    def __init__(self, browser: Browser, enough: Enough) -> None:
        self._browser = browser
        self._enough = enough

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        return self._browser.send(request, self._enough)
